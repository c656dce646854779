package command

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/probe"
)

// A GitHub with a certificate of its own is trusted by ca-file, and by it alone.
func TestOwnCertificate(t *testing.T) {
	s, head := greenChange(t)
	server := httptest.NewTLSServer(s.hub)
	defer server.Close()
	env := map[string]string{"GITHUB_API_URL": server.URL + "/api/v3", "GITHUB_GRAPHQL_URL": server.URL + "/api/graphql"}
	j := s.job(head, 1, env)
	j.transport = nil
	if status := j.run(); status != Unverified || !strings.Contains(j.log(), "the input ca-file names further certificates") {
		t.Errorf("exit status %d\n%s", status, j.tail())
	}
	j = s.job(head, 1, env)
	j.transport, j.env["INPUT_CA-FILE"] = nil, "ca.pem"
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(filepath.Join(j.dir, "ca.pem"), certificate, 0o644); err != nil {
		t.Fatal(err)
	}
	if status := j.run(); status != Passed {
		t.Errorf("with ca-file: exit status %d\n%s", status, j.tail())
	}
}

// What ca-file may not be is refused before GitHub is asked, and nothing of it is shown.
func TestOwnCertificateRefused(t *testing.T) {
	s, head := greenChange(t)
	for name, put := range map[string]func(path string) error{
		"larger than 1048576 bytes": func(path string) error { return os.WriteFile(path, make([]byte, mostCA+1), 0o644) },
		"is not a regular file":     func(path string) error { return os.Mkdir(path, 0o755) },
		"no PEM certificate":        func(path string) error { return os.WriteFile(path, []byte("a-word-of-a-file"), 0o644) },
	} {
		j := s.job(head, 1, map[string]string{"INPUT_CA-FILE": "ca.pem"})
		j.transport = nil
		if err := put(filepath.Join(j.dir, "ca.pem")); err != nil {
			t.Fatal(err)
		}
		if status := j.run(); status != Misused || !strings.Contains(j.log(), name) || strings.Contains(j.log(), "a-word-of-a-file") {
			t.Errorf("%s: exit status %d\n%s", name, status, j.log())
		}
	}
	if said := s.hub.Conversation(); len(said) > 0 {
		t.Errorf("GitHub was asked %d times", len(said))
	}
}

// A production with a certificate of its own is trusted by ca-file as well.
func TestOwnCertificateOfProduction(t *testing.T) {
	s := setStage(t, map[string]string{
		jobPath:           jobBoard("2026-03-11", jobWIP, ""),
		change.ConfigPath: "prod-facts:\n  base: https://example.com\n  control: \"off\"\n  confirm: { off: true }\n  check:\n    home: { get: /, expect: 404 }\n",
	})
	s.hub.Grant(map[string]string{"contents": "read", "issues": "write", "actions": "read"})
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	run := func(file string) (int, string) {
		j := s.watch(2)
		j.now = time.Now() // the certificate is of today
		network := fake.NewNetwork(map[string]string{"example.com": strings.TrimPrefix(server.URL, "https://")})
		j.world = func(agent string, env func(string) (string, bool)) probe.World {
			w := probe.RealWorld(agent, env)
			w.Lookup, w.Dial = network.Lookup, network.Dial
			return w
		}
		certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
		if err := os.WriteFile(filepath.Join(j.dir, "ca.pem"), certificate, 0o644); err != nil {
			t.Fatal(err)
		}
		j.env["INPUT_CA-FILE"] = file
		return j.run(), j.log()
	}
	if status, log := run(""); status != Failed || !strings.Contains(log, "home=fail") {
		t.Errorf("without ca-file: exit status %d\n%s", status, log)
	}
	if status, log := run("ca.pem"); status != Passed || !strings.Contains(log, "home=404") {
		t.Errorf("with ca-file: exit status %d\n%s", status, log)
	}
}

// Where the environment names a proxy, everything goes through it.
func TestProxy(t *testing.T) {
	s, head := greenChange(t)
	j := s.job(head, 1, map[string]string{
		"GITHUB_API_URL": "http://ghe.example/api/v3", "GITHUB_GRAPHQL_URL": "http://ghe.example/api/graphql", "http_proxy": s.server.URL,
	})
	j.transport = nil
	if status := j.run(); status != Passed {
		t.Errorf("exit status %d\n%s", status, j.tail())
	}
	if got := len(s.hub.Conversation()); got != 3 {
		t.Errorf("%d requests came through the proxy", got)
	}
}
