package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The configurations of the two servers, of which each port is one production.
const (
	nginxConfig = `daemon off;
error_log error.log;
pid nginx.pid;
events {}
http {
	access_log off;
	client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
	default_type text/html;
	server {
		listen 127.0.0.1:{{.Plain}};
		listen 127.0.0.1:{{.TLS}} ssl http2;
		ssl_certificate good.pem; ssl_certificate_key good.pem;
		location = /healthz { default_type application/json; return 200 '{"status":"ok"}'; }
		location = /api/products { default_type application/json; return 200 '{"data":[{"id":1},{"id":2}]}'; }
		location = /login { absolute_redirect off; return 307 /auth/login; }
		location = /old { absolute_redirect off; return 301 /new; }
		location = /new { return 200 '<h1>Our goods</h1>'; }
		location = /limited { add_header Retry-After 1 always; return 429; }
		location = /upstream { proxy_pass http://127.0.0.1:{{.Closed}}; }
		location / { return 503 '<h1>Down for maintenance</h1>'; }
	}
	server {
		listen 127.0.0.1:{{.Expired}} ssl;
		ssl_certificate expired.pem; ssl_certificate_key expired.pem;
		location / { return 200; }
	}
}
`
	haproxyConfig = `defaults
	mode http
	timeout connect 2s
	timeout client 5s
	timeout server 5s
frontend all
	bind 127.0.0.1:{{.Proxy}}
	use_backend gone if { path /gone }
	http-request deny deny_status 403 if { path /forbidden }
	default_backend shop
backend shop
	server shop 127.0.0.1:{{.Plain}}
backend gone
	server gone 127.0.0.1:{{.Closed}}
`
)

type serverPorts struct{ Plain, TLS, Expired, Proxy, Closed int }

// Facts are asked of nginx and of haproxy as they come from Debian, with an authority
// of the test's own.
func TestRealServers(t *testing.T) {
	for _, program := range []string{"nginx", "haproxy"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	dir := t.TempDir()
	ports := serverPorts{freePort(t), freePort(t), freePort(t), freePort(t), freePort(t)}
	authority := newAuthority(t)
	writeCertificate := func(name string, until time.Time) {
		writeFile(t, filepath.Join(dir, name), authority.issue(t, until))
	}
	writeCertificate("good.pem", time.Now().AddDate(0, 3, 0))
	writeCertificate("expired.pem", time.Now().Add(-time.Hour))
	writeFile(t, filepath.Join(dir, "roots.pem"), authority.pem)
	writeFile(t, filepath.Join(dir, "nginx.conf"), serverConfig(t, nginxConfig, ports))
	writeFile(t, filepath.Join(dir, "haproxy.cfg"), serverConfig(t, haproxyConfig, ports))
	startServer(t, ports.Plain, "nginx", "-p", dir, "-c", filepath.Join(dir, "nginx.conf"))
	startServer(t, ports.Proxy, "haproxy", "-db", "-f", filepath.Join(dir, "haproxy.cfg"))

	const five = `
    healthz:  { get: /healthz, json: { $.status: ok } }
    products: { get: /api/products, json: { $.data: { min_items: 2 } } }
    login:    { get: /login, expect: 307 -> /auth/login }
    goods:    { get: /old, redirects: 1, text: { contains: Our goods } }
    limited:  { get: /limited, expect: 429 }`
	for _, test := range []struct {
		name   string
		base   string
		facts  string
		status int
		want   []answerOf
	}{
		{"five facts of nginx", fmt.Sprintf("http://127.0.0.1:%d", ports.Plain), five, 0, []answerOf{
			{"pass", "200", ""}, {"pass", "200", ""}, {"pass", "307 -> /auth/login", ""}, {"pass", "200", ""}, {"pass", "429", ""},
		}},
		{"five facts by HTTP/2", fmt.Sprintf("https://localhost:%d", ports.TLS), five, 0, []answerOf{
			{"pass", "200", ""}, {"pass", "200", ""}, {"pass", "307 -> /auth/login", ""}, {"pass", "200", ""}, {"pass", "429", ""},
		}},
		{"five facts through haproxy", fmt.Sprintf("http://127.0.0.1:%d", ports.Proxy), five, 0, []answerOf{
			{"pass", "200", ""}, {"pass", "200", ""}, {"pass", "307 -> /auth/login", ""}, {"pass", "200", ""}, {"pass", "429", ""},
		}},
		{"a limit that is not expected", fmt.Sprintf("http://127.0.0.1:%d", ports.Plain), "\n    limited: { get: /limited }", 1, []answerOf{
			{"fail", "429", "got 429, want 200"},
		}},
		{"nginx without its upstream", fmt.Sprintf("http://127.0.0.1:%d", ports.Plain), "\n    api: { get: /upstream }", 1, []answerOf{
			{"fail", "502", "got 502, want 200"},
		}},
		{"a maintenance page", fmt.Sprintf("http://127.0.0.1:%d", ports.Plain), "\n    shop: { get: / }", 1, []answerOf{
			{"fail", "503", "got 503, want 200"},
		}},
		{"haproxy without its server", fmt.Sprintf("http://127.0.0.1:%d", ports.Proxy), "\n    api: { get: /gone }\n    admin: { get: /forbidden }", 1, []answerOf{
			{"fail", "503", "got 503, want 200"}, {"fail", "403", "got 403, want 200"},
		}},
		{"a certificate that ended", fmt.Sprintf("https://localhost:%d", ports.Expired), "\n    shop: { get: / }", 1, []answerOf{
			{"fail", "", "the certificate ended"},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			config := "prod-facts:\n  base: " + test.base + "\n  allow_private: true\n  control: off\n  confirm: { off: true }\n  defaults: { retry: { attempts: 1 } }\n  check:" + test.facts + "\n"
			got := askBoardgate(t, config, []string{"SSL_CERT_FILE=" + filepath.Join(dir, "roots.pem")}, "--format", "json")
			var r struct {
				Facts []struct {
					answerOf
					Attempts []struct{ Protocol string }
				}
			}
			if err := json.Unmarshal([]byte(got.stdout), &r); err != nil {
				t.Fatalf("status %d, %v\n%s", got.status, err, got.stderr)
			}
			var answers []answerOf
			for i, f := range r.Facts {
				if i < len(test.want) && test.want[i].Reason != "" && strings.HasPrefix(f.Reason, test.want[i].Reason) {
					f.Reason = test.want[i].Reason // the rest of it is of today
				}
				answers = append(answers, f.answerOf)
			}
			if diff := cmp.Diff(test.want, answers); diff != "" || got.status != test.status {
				t.Errorf("status %d, want %d (-want +got)\n%s%s", got.status, test.status, diff, got.stdout)
			}
			if protocol := r.Facts[0].Attempts[0].Protocol; strings.Contains(test.name, "HTTP/2") && protocol != "HTTP/2.0" {
				t.Errorf("asked by %s", protocol)
			}
		})
	}
}

func serverConfig(t *testing.T, text string, ports serverPorts) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := template.Must(template.New("").Parse(text)).Execute(&b, ports); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// freePort returns a port of loopback on which nothing listens.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// startServer starts a server, waits until it listens on a port, and stops it in the end.
func startServer(t testing.TB, port int, program string, args ...string) {
	t.Helper()
	c := exec.Command(program, args...)
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	t.Cleanup(func() {
		_ = c.Process.Signal(os.Interrupt)
		<-ended
	})
	for range 100 {
		if conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			conn.Close()
			return
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("%s: %v\n%s", program, err, said.String())
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatalf("%s does not listen\n%s", program, said.String())
}

// authority issues certificates for localhost.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	pem         []byte
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "An authority of a test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(1, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return authority{c, key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}
}

// issue returns a certificate that ends at a time, with its key.
func (a authority) issue(t *testing.T, until time.Time) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: until, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, c, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret})...)
}
