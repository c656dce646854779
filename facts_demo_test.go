package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// demoServes starts the production that is built in, as a person would, and
// returns its address.
func demoServes(t *testing.T, args ...string) string {
	t.Helper()
	c := exec.Command("boardgate", append([]string{"demo", "--serve", "127.0.0.1:0"}, args...)...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _, _ = io.Copy(io.Discard, out); _ = c.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	address := regexp.MustCompile(`http://127\.0\.0\.1:[0-9]+`).FindString(line)
	if err != nil || address == "" {
		t.Fatalf("demo --serve says %q, %v", line, err)
	}
	return address
}

// The five facts of testdata/prod-facts.yml hold of the production that is built
// in, and each way to break it is seen by one of them: the line, the status, and
// for the login the sentence.
func TestFactsOfTheProductionBuiltIn(t *testing.T) {
	config, err := os.ReadFile("testdata/prod-facts.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		fault  string
		status int
		line   string
		says   string
	}{
		{"", 0, "healthz=200 products_api=200 products=200 product=200 login=307 -> /auth/login", "pass: 5 facts"},
		{"login", 1, "healthz=200 products_api=200 products=200 product=200 login=200", "got 200, want 307 -> /auth/login"},
		{"healthz", 1, "healthz=200! products_api=200 products=200 product=200 login=307 -> /auth/login", `$.status is "degraded", want "ok"`},
		{"products", 1, "healthz=200 products_api=200! products=200! product=skipped login=307 -> /auth/login", "$.data has 0 items, want at least 1 item"},
		{"page", 1, "healthz=200 products_api=200 products=200! product=200 login=307 -> /auth/login", "the html does not hold"},
		{"flaky", 0, "healthz=200 products_api=200 products=200 product=200 login=307 -> /auth/login", "pass: 5 facts, 5 flaky"},
		{"wall", 3, "healthz=403 products_api=403 products=403 product=skipped login=403", "Cloudflare bot protection"},
	} {
		t.Run("break "+test.fault, func(t *testing.T) {
			t.Parallel()
			var broken []string
			if test.fault != "" {
				broken = []string{"--break", test.fault}
			}
			r := askBoardgate(t, string(config), nil, "--base-url", demoServes(t, broken...))
			line, rest, _ := strings.Cut(r.stdout, "\n")
			if r.status != test.status || line != test.line || !strings.Contains(rest, test.says) {
				t.Errorf("exit status %d\n%s", r.status, r.stdout)
			}
		})
	}
}
