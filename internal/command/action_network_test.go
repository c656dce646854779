package command

import (
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
