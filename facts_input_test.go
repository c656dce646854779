package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// ran is what a run of the binary left behind.
type ran struct {
	status int
	stdout string
	stderr string
	output string // of --output report.txt, where it was asked for
}

// longestRun is more than any run of a test may take; each has its own deadlines.
const longestRun = 20 * time.Second

// askBoardgate runs the binary in a folder of its own whose configuration is
// given, with nothing in its environment but what is named. The folder is not a git
// work tree, so secrets are sent because the flag says so.
func askBoardgate(t *testing.T, config string, env []string, args ...string) ran {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "c.yml"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), longestRun)
	defer cancel()
	c := exec.CommandContext(ctx, "boardgate", append([]string{"prod-facts", "--config", "c.yml", "--allow-work-tree-config"}, args...)...)
	c.Dir, c.Env = dir, append([]string{"PATH=" + os.Getenv("PATH"), "SYSTEMROOT=" + os.Getenv("SYSTEMROOT")}, env...)
	var out, err bytes.Buffer
	c.Stdout, c.Stderr = &out, &err
	problem := c.Run()
	if ctx.Err() != nil {
		t.Fatalf("still running after %s", longestRun)
	}
	if exit := (*exec.ExitError)(nil); problem != nil && !errors.As(problem, &exit) {
		t.Fatal(problem)
	}
	report, _ := os.ReadFile(filepath.Join(dir, "report.txt"))
	return ran{c.ProcessState.ExitCode(), out.String(), err.String(), string(report)}
}

// factFindings returns the faults that a JSON report names, as LINE:COLUMN message.
func factFindings(t *testing.T, out string) []string {
	t.Helper()
	var r struct {
		Findings []struct {
			Rule, Path, Message string
			Line, Column        json.Number
		}
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var said []string
	for _, f := range r.Findings {
		said = append(said, f.Line.String()+":"+f.Column.String()+" "+f.Message)
	}
	return said
}

// Every configuration that cannot be meant is status 2, with the place of what is wrong.
func TestBadFacts(t *testing.T) {
	const head = "prod-facts:\n  base: https://shop.example\n  check:\n"
	for _, test := range []struct {
		name, config string
		want         []string
	}{
		{"unknown key of the section", "prod-facts:\n  bse: https://shop.example\n", []string{`2:3 unknown key "bse" (did you mean "base"?)`}},
		{"unknown key of a fact", head + "    a: { get: /, expcet: 200 }\n", []string{`4:18 unknown key "expcet" (did you mean "expect"?)`}},
		{"unknown key of a JSON value", head + "    a: { get: /, json: { $.a: { minimum: 1 } } }\n", []string{`4:33 unknown key "minimum"`}},
		{"duplicate key", head + "    a: { get: /, get: /b }\n", []string{`4:18 duplicate key "get"; it is already set at 4:10`}},
		{"two facts of one name", head + "    a: { get: / }\n    b: { get: / }\n    a: { get: / }\n", []string{`6:5 duplicate key "a"; it is already set at 4:5`}},
		{"missing unit", head + "    a: { get: /, timeout: 10 }\n", []string{`4:27 "prod-facts.check.a.timeout" is "10"; expected a length of time with its unit, from 10ms to 5m`}},
		{"missing unit in a text", head + "    a: { get: /, timeout: '10' }\n", []string{`4:27 "prod-facts.check.a.timeout" is the text "10"; expected a length of time with its unit, from 10ms to 5m`}},
		{"missing unit of a size", head + "    a: { get: /, body_limit: 2000 }\n", []string{`4:30 "prod-facts.check.a.body_limit" is "2000"; expected a number of bytes with its unit, from 1B to 64MiB`}},
		{"empty contains", head + "    a: { get: /, text: { contains: ['', x] } }\n", []string{`4:37 an empty text always matches`}},
		{"empty contains of one word", head + "    a: { get: /, body: { contains: '' } }\n", []string{`4:36 an empty text always matches`}},
		{"negatives only", head + "    a: { get: /, text: { not_contains: oops } }\n", []string{`4:5 "a" only tells what must not be there: it would pass on an empty page`}},
		{"a cycle", head + "    a: { get: /, needs: b }\n    b: { get: /, needs: [a] }\n", []string{`4:25 facts need each other in a circle: a needs b needs a`}},
		{"needs what is not a fact", head + "    a: { get: /, needs: z }\n", []string{`4:25 "a" needs "z", which is not a fact`}},
		{"bad JSONPath", head + "    a: { get: /, json: { '$.a[': 1 } }\n", []string{`4:34 "$.a[" is not a JSONPath (RFC 9535): unexpected eof at position 5`}},
		{"bad pattern", head + "    a: { get: /, body: { match: '(' } }\n", []string{"4:33 \"(\" is not a pattern: missing closing ): `(`"}},
		{"no such status", head + "    a: { get: /, expect: 700 }\n", []string{`4:26 "700" is not a status: want 100 to 599, a range such as 200-299, or 307 -> /login`}},
		{"a status that leads nowhere", head + "    a: { get: /, expect: 200 -> /b }\n", []string{`4:26 200 leads nowhere: only 300 to 399 have a place after "->"`}},
		{"credentials in the base", "prod-facts:\n  base: https://me:secret99@shop.example\n", []string{`2:9 the address holds credentials`}},
		{"credentials in a fact", head + "    a: { get: 'https://me:secret99@shop.example/' }\n", []string{`4:15 the address holds credentials`}},
		{"an unset secret", head + "    a: { get: /, headers: { Authorization: '{{ env BOARDGATE_KEY }}' } }\n", []string{`4:44 the secret BOARDGATE_KEY is not set`}},
		{"a forbidden secret", head + "    a: { get: /, headers: { X-Key: '{{ env GITHUB_TOKEN }}' } }\n", []string{`4:36 "GITHUB_TOKEN" is not a secret a fact may use: only BOARDGATE_… are`}},
		{"a secret for another host", head + "    a: { get: 'https://other.example/', headers: { X-Key: '{{ env BOARDGATE_KEY }}' } }\n", []string{`4:59 a secret goes to the base host only, not to other.example`}},
		{"an impossible budget", head + "    a: { get: /, timeout: 10s, budget: 5s }\n", []string{`4:40 3 attempts of 10s with pauses need 33s, more than the budget of 5s`}},
		{"certificates not verified", head + "    a: { get: /, tls: { verify: false } }\n", []string{`4:33 certificates are always verified`}},
		{"no end of what is accepted", head + "    a: { get: /, accept: { status: 307, reason: moving } }\n", []string{`4:18 the day it ends is missing`}},
		{"no reason for what is known", head + "    a: { get: /, known: { until: 2026-03-01 } }\n", []string{`4:18 a reason is missing`}},
		{"no such port", "prod-facts:\n  base: https://shop.example:99999\n  check: { a: { get: / } }\n", []string{`2:9 "99999" is not a port`}},
		{"port 0 of a fact", head + "    a: { get: 'https://shop.example:0/' }\n", []string{`4:15 "0" is not a port`}},
		{"a private address", "prod-facts:\n  base: http://10.0.0.1\n  check: { a: { get: / } }\n", []string{`2:9 "10.0.0.1" is a private address`}},
		{"no base", "prod-facts:\n  check: { a: { get: / } }\n", []string{`1:1 base is missing: a fact's path needs a host`}},
		{"not YAML", "prod-facts: { base: [\n", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := askBoardgate(t, test.config, nil, "--format", "json")
			if got.status != 2 {
				t.Errorf("status %d, want 2\n%s%s", got.status, got.stdout, got.stderr)
			}
			if strings.Contains(got.stdout+got.stderr, "secret99") {
				t.Errorf("the credentials are shown\n%s%s", got.stdout, got.stderr)
			}
			found := factFindings(t, got.stdout)
			if test.want == nil && len(found) > 0 {
				return
			}
			for i := range found {
				found[i], _, _ = strings.Cut(found[i], "; known here are ")
			}
			if diff := cmp.Diff(test.want, found); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// The text report shows the place with a caret.
func TestBadFactShowsItsPlace(t *testing.T) {
	got := askBoardgate(t, "prod-facts:\n  base: https://shop.example\n  check:\n    login: { get: /login, expect: 700 }\n", nil)
	if !regexp.MustCompile(`(?m)^error config c\.yml:4:35$`).MatchString(got.stdout) || !strings.Contains(got.stdout, "| "+strings.Repeat(" ", 34)+"^~~") {
		t.Errorf("got\n%s", got.stdout)
	}
}

// A wait too short to ask anything is refused, before anybody is asked.
func TestWaitTooShort(t *testing.T) {
	const facts = "prod-facts:\n  base: http://127.0.0.1:9\n  allow_private: true\n  check: { a: { get: / }, b: { get: /b, timeout: 20s } }\n"
	for _, test := range []struct{ config, wait, want string }{
		{facts + "  control: http://127.0.0.1:9/\n", "24s", "boardgate: --wait 24s: one attempt of each fact, and of the control, may take 25s\n"},
		{facts + "  control: off\n", "19s", "boardgate: --wait 19s: one attempt of each fact may take 20s\n"},
	} {
		got := askBoardgate(t, test.config, nil, "--wait", test.wait)
		if got.status != 2 || got.stderr != test.want {
			t.Errorf("status %d, got %q, want %q", got.status, got.stderr, test.want)
		}
	}
}
