package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/fake"
)

// raw serves connections as they come, after their request was read.
func raw(t *testing.T, answer func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					r.Body.Close()
					answer(conn)
				}
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// say writes a text; whoever went away does not hear it.
func say(w io.Writer, text string) { _, _ = io.WriteString(w, text) }

func rawly(answer func(net.Conn)) func(*testing.T) string {
	return func(t *testing.T) string { return raw(t, answer) }
}

func saying(text string) func(*testing.T) string {
	return rawly(func(c net.Conn) { say(c, text) })
}

// page answers every path with one status, header lines and body.
func page(status int, header, body string) func(*testing.T) string {
	return func(t *testing.T) string {
		t.Helper()
		return serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			for line := range strings.Lines(header) {
				name, value, _ := strings.Cut(line, ": ")
				w.Header().Set(name, strings.TrimSpace(value))
			}
			w.WriteHeader(status)
			say(w, body)
		})
	}
}

// turns answers with one status after another, the last one for ever, and a header line.
func turns(header string, statuses ...int) func(*testing.T) string {
	return func(t *testing.T) string {
		t.Helper()
		var asked atomic.Int32
		return serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if name, value, ok := strings.Cut(header, ": "); ok {
				w.Header().Set(name, value)
			}
			w.WriteHeader(statuses[min(int(asked.Add(1)), len(statuses))-1])
		})
	}
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func nobody(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	return s.URL
}

// silence takes connections and does nothing with them.
func silence(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return "https://" + l.Addr().String()
}

// drip sends text again and again, a byte every few milliseconds.
func drip(c net.Conn, text string) {
	for {
		for i := range len(text) {
			if _, err := c.Write([]byte{text[i]}); err != nil {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
}

func bomb() string {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(make([]byte, 8<<20))
	_ = z.Close()
	return packed.String()
}

// answerOf is what a JSON report says of the first fact.
type answerOf struct {
	Verdict, Got, Reason string
}

func firstFact(t *testing.T, out string) answerOf {
	t.Helper()
	var r struct{ Facts []answerOf }
	if err := json.Unmarshal([]byte(out), &r); err != nil || len(r.Facts) == 0 {
		t.Fatalf("%v\n%s", err, out)
	}
	return r.Facts[0]
}

// faultConfig is one fact about a production, with a control that answers.
func faultConfig(base, control, check string) string {
	return fmt.Sprintf(`prod-facts:
  base: %s
  allow_private: true
  confirm: { off: true }
  control: %s
  defaults: { timeout: 500ms, retry: { attempts: 1 } }
  check:
    it: %s
`, base, control, check)
}

// took is how long something took, which no two runs agree on.
var took = regexp.MustCompile(`it took [0-9.]+m?s`)

// Everything that can be wrong with an answer has its verdict, its sentence and
// its exit status.
func TestFaultsOfProduction(t *testing.T) {
	const (
		plain = "{ get: / }"
		data  = "{ get: /, json: { $.status: ok } }"
		login = "{ get: /login, expect: 307 -> /auth/login }"
		goods = `{ get: /, html: { not_contains: ['$RX("'] }, text: { not_contains: demo mode, number: { match: '([0-9]+) goods', min: 1 } } }`
	)
	onwards := func(t *testing.T) string {
		return serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) })
	}
	loop := func(t *testing.T) string {
		return serve(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, map[string]string{"/a": "/b", "/b": "/a"}[r.URL.Path], http.StatusFound)
		})
	}
	for _, test := range []struct {
		name   string
		site   func(*testing.T) string
		check  string
		status int
		want   answerOf
	}{
		{"refused", nobody, plain, 1, answerOf{"unreachable", "", "the connection was refused"}},
		{"reset", rawly(func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) }), plain, 1, answerOf{"unreachable", "", "the connection was reset before an answer"}},
		{"closed", rawly(func(net.Conn) {}), plain, 1, answerOf{"unreachable", "", "the connection was closed before an answer"}},
		{"hangs", rawly(func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }), plain, 1, answerOf{"unreachable", "", "no answer came within 500ms"}},
		{"drips headers", rawly(func(c net.Conn) { say(c, "HTTP/1.1 200 OK\r\n"); drip(c, "X-A: b\r\n") }), plain, 1, answerOf{"unreachable", "", "no answer came within 500ms"}},
		{"drips the body", rawly(func(c net.Conn) { say(c, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"); drip(c, "x") }), plain, 1, answerOf{"fail", "200", "the answer began and did not end within 500ms"}},
		{"truncated", saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), plain, 1, answerOf{"fail", "200", "the connection ended within the body"}},
		{"bad chunk", saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nno\r\n"), plain, 1, answerOf{"fail", "200", "the body breaks the protocol: invalid byte in chunk length"}},
		{"no HTTP", saying("SSH-2.0-OpenSSH_9.6\r\n\r\n"), plain, 1, answerOf{"fail", "", `the answer is not HTTP: malformed HTTP response "SSH-2.0-OpenSSH_9.6"`}},
		{"huge headers", rawly(func(c net.Conn) {
			say(c, "HTTP/1.1 200 OK\r\n"+strings.Repeat("X-Long: "+strings.Repeat("x", 1000)+"\r\n", 1000))
		}), plain, 1, answerOf{"fail", "", "the headers are larger than 262 kB"}},
		{"huge body", page(200, "", strings.Repeat("x", 3<<20)), plain, 1, answerOf{"fail", "200", "the body is larger than 2097152 bytes after decompression: body_limit sets how much of it is read"}},
		{"compressed bomb", page(200, "Content-Encoding: gzip", bomb()), plain, 1, answerOf{"fail", "200", "the body is larger than 2097152 bytes after decompression: body_limit sets how much of it is read"}},
		{"gzip that is none", page(200, "Content-Encoding: gzip", "plain"), plain, 1, answerOf{"fail", "200", "the body is not the gzip it is said to be"}},
		{"not UTF-8", page(200, "", "<p>caf\xe9"), "{ get: /, text: { contains: caf } }", 1, answerOf{"fail", "200", "the body is not UTF-8: byte 0xE9 at offset 6"}},
		{"another charset", page(200, "Content-Type: text/html; charset=ISO-8859-7", "<p>caf"), "{ get: /, text: { contains: caf } }", 1, answerOf{"fail", "200", "the body is in charset iso-8859-7; only UTF-8 is read"}},
		{"HTML where JSON was due", page(200, "", "<!doctype html><title>Parked</title>"), data, 1, answerOf{"fail", "200", "got an HTML page where JSON was due"}},
		{"JSON breaks off", page(200, "", `{"status": "o`), data, 1, answerOf{"fail", "200", "the JSON breaks off"}},
		{"an empty body", page(200, "", ""), data, 1, answerOf{"fail", "200", "the body is empty where JSON was due"}},
		{"degraded", page(200, "", `{"status":"degraded","env":"ok"}`), data, 1, answerOf{"fail", "200", `$.status is "degraded", want "ok"`}},
		{"nothing in the list", page(200, "", `{"data":[],"total":0}`), "{ get: /, json: { $.data: { min_items: 1 } } }", 1, answerOf{"fail", "200", "$.data has 0 items, want at least 1 item"}},
		{"200 in place of 307", page(200, "", "hello"), login, 1, answerOf{"fail", "200", "got 200, want 307 -> /auth/login"}},
		{"307 without Location", page(307, "", ""), login, 1, answerOf{"fail", "307", "got 307, want 307 -> /auth/login: it has no Location"}},
		{"307 with a broken Location", page(307, "Location: http://%zz/", ""), login, 1, answerOf{"fail", "307 -> an address that cannot be read", "got 307 -> an address that cannot be read, want 307 -> /auth/login: its Location is not an address"}},
		{"307 elsewhere", page(307, "Location: /products", ""), login, 1, answerOf{"fail", "307 -> /products", "got 307 -> /products, want 307 -> /auth/login: it leads elsewhere"}},
		{"307 to another host", page(307, "Location: https://other.example/auth/login", ""), login, 1, answerOf{"fail", "307 -> https://other.example/auth/login", "got 307 -> https://other.example/auth/login, want 307 -> /auth/login: it leads to another host, other.example"}},
		{"a loop that is not followed", loop, "{ get: /a, expect: 302 -> /b }", 0, answerOf{"pass", "302 -> /b", ""}},
		{"a loop that is followed", loop, "{ get: /a, redirects: 3 }", 1, answerOf{"fail", "302 -> /a", "got 302 -> /a, want 200; the redirects go in a circle: $SITE/b leads back to $SITE/a"}},
		{"too many redirects", onwards, "{ get: /a, redirects: 2 }", 1, answerOf{"fail", "302 -> /axxx", "got 302 -> /axxx, want 200"}},
		{"redirects followed to the end", onwards, "{ get: /a, redirects: 2, expect: 302 -> /axxx }", 0, answerOf{"pass", "302 -> /axxx", ""}},
		{"a followed 307 without Location", page(307, "", ""), "{ get: /, redirects: 3 }", 1, answerOf{"fail", "307", "got 307, want 200"}},
		{"a followed 307 with a broken Location", page(307, "Location: http://%zz/", ""), "{ get: /, redirects: 3 }", 1, answerOf{"fail", "307 -> an address that cannot be read", "got 307 -> an address that cannot be read, want 200; a redirect leads to what is not an address"}},
		{"a broken Location where the status alone matters", page(307, "Location: http://%zz/", ""), "{ get: /, expect: 307 }", 0, answerOf{"pass", "307 -> an address that cannot be read", ""}},
		{"to another host, as expected", page(307, "Location: https://id.example/login", ""), "{ get: /, expect: 307 -> https://id.example/login }", 0, answerOf{"pass", "307 -> https://id.example/login", ""}},
		{"429 and when to come again", turns("Retry-After: 0", 429, 200), "{ get: /, retry: { attempts: 2, backoff: 10ms } }", 0, answerOf{"flaky", "200", "as expected at attempt 2; before: got 429, want 200"}},
		{"429 and come tomorrow", turns("Retry-After: 86400", 429, 200), "{ get: /, retry: { attempts: 2, backoff: 10ms } }", 1, answerOf{"fail", "429", "got 429, want 200"}},
		{"500, 500, 200", turns("", 500, 500, 200), "{ get: /, retry: { attempts: 3, backoff: 10ms } }", 0, answerOf{"flaky", "200", "as expected at attempt 3; before: got 500, want 200"}},
		{"404, 200", turns("", 404, 200), "{ get: /, retry: { attempts: 3, backoff: 10ms } }", 1, answerOf{"fail", "404", "got 404, want 200"}},
		{"flaky, then dead", turns("", 500, 200, 500), "{ get: /, retry: { attempts: 1 } }", 1, answerOf{"fail", "500", "got 500, want 200"}},
		{"a parking page", page(200, "", "<h1>This domain has ended</h1>"), "{ get: /, content_type: application/json, json: { $.status: ok } }", 1, answerOf{"fail", "200", "got an HTML page where application/json was due"}},
		{"a demo page", page(200, "", "<p>12 goods</p><p>demo mode (offline)"), goods, 1, answerOf{"fail", "200", `the text holds "demo mode", which must not be there`}},
		{"a page of skeletons whose rendering failed", page(200, "", `<title>12 goods</title><div class=skeleton></div><script>$RX("B:1","42")</script>`), goods, 1, answerOf{"fail", "200", `the html holds "$RX(\"", which must not be there`}},
		{"a page of skeletons", page(200, "", `<title>12 goods</title><div class=skeleton></div>`), goods, 1, answerOf{"fail", "200", `no number in the text: nothing matches "([0-9]+) goods"`}},
		{"a good page with skeletons left over", page(200, "", `<div class=skeleton></div><div hidden id="S:0"><p>12<!-- --> goods</p></div><script>$RC("B:0","S:0")</script>`), goods, 0, answerOf{"pass", "200", ""}},
		{"reset within the body", rawly(func(c net.Conn) {
			say(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
			time.Sleep(50 * time.Millisecond)
			_ = c.(*net.TCPConn).SetLinger(0)
		}), plain, 1, answerOf{"fail", "200", "the connection was reset within the body"}},
		{"hangs in the handshake", silence, plain, 1, answerOf{"unreachable", "", "the TLS handshake did not end within 500ms"}},
		{"500", page(500, "", ""), plain, 1, answerOf{"fail", "500", "got 500, want 200"}},
		{"a bot wall", page(403, "Cf-Mitigated: challenge", ""), plain, 3, answerOf{"blocked", "403", "Cloudflare bot protection answered 403 instead of production; let this user agent or the runner's addresses through"}},
		{"too slow", func(t *testing.T) string {
			return serve(t, func(http.ResponseWriter, *http.Request) { time.Sleep(20 * time.Millisecond) })
		}, "{ get: /, slow: 10ms }", 0, answerOf{"warn", "200", "it took a while, want at most 10ms"}},
		{"a known fault", page(500, "", ""), "{ get: /, known: { until: 2999-01-01, reason: the shop moves } }", 0, answerOf{"warn", "500", "got 500, want 200 (known until 2999-01-01: the shop moves)"}},
		{"a fault known for too long", page(500, "", ""), "{ get: /, known: { until: 2020-01-01, reason: the shop moves } }", 1, answerOf{"fail", "500", "got 500, want 200 (known until 2020-01-01, which is over: the shop moves)"}},
		{"a status accepted for a time", page(200, "", ""), "{ get: /, expect: 307 -> /x, accept: { status: 200, until: 2999-01-01, reason: the shop moves } }", 0, answerOf{"pass", "200", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			control, site := page(200, "", "hello")(t), test.site(t)
			got := askBoardgate(t, faultConfig(site, control, test.check), nil, "--format", "json")
			found := firstFact(t, got.stdout)
			found.Reason = took.ReplaceAllString(strings.ReplaceAll(found.Reason, site, "$SITE"), "it took a while")
			if got.status != test.status || found != test.want {
				t.Errorf("status %d, want %d (-want +got)\n%s", got.status, test.status, cmp.Diff(test.want, found))
			}
		})
	}
}

// The control tells a production that is down from a runner without network.
func TestControl(t *testing.T) {
	got := askBoardgate(t, faultConfig(nobody(t), nobody(t), "{ get: / }"), nil, "--format", "json")
	found := firstFact(t, got.stdout)
	if got.status != 3 || found.Verdict != "unknown" || !strings.Contains(found.Reason, "did not answer either") {
		t.Errorf("status %d, %+v", got.status, found)
	}
}

// A 307 whose target is alive is an answer, not a way to go: nobody asks there.
func TestRedirectIsNotFollowed(t *testing.T) {
	p, err := fake.NewProduction()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	got := askBoardgate(t, faultConfig(p.URL, "off", "{ get: /login, expect: 307 -> /auth/login }"), nil)
	if got.status != 0 || !strings.HasPrefix(got.stdout, "it=307 -> /auth/login\n") {
		t.Errorf("status %d\n%s", got.status, got.stdout)
	}
	if asked := p.Asked(); !slices.Equal(asked, []string{"GET /login"}) {
		t.Errorf("asked %q", asked)
	}
}

// issuer issues certificates for 127.0.0.1 and its own file of roots.
type issuer struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	file string
}

func newIssuer(t testing.TB) *issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	shape := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(1, 0, 0),
	}
	i := &issuer{key: key, cert: shape, file: filepath.Join(t.TempDir(), "roots.pem")}
	der := i.issue(t, shape, key)
	if i.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(i.file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644); err != nil {
		t.Fatal(err)
	}
	return i
}

func (i *issuer) issue(t testing.TB, shape *x509.Certificate, key *ecdsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, shape, i.cert, &key.PublicKey, i.key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// site serves with a certificate for an address that holds from and until a day from now.
func (i *issuer) site(t testing.TB, address string, from, until int) string {
	t.Helper()
	return i.serve(t, address, from, until, nil, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		say(w, `{"status":"ok"}`)
	})
}

// serve is site with a server of one's own, its TLS changed.
func (i *issuer) serve(t testing.TB, address string, from, until int, change func(*tls.Config), h http.HandlerFunc) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der := i.issue(t, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: address}, IPAddresses: []net.IP{net.ParseIP(address)},
		NotBefore: time.Now().AddDate(0, 0, from), NotAfter: time.Now().AddDate(0, 0, until).Add(time.Hour),
	}, key)
	s := httptest.NewUnstartedServer(h)
	s.EnableHTTP2 = true
	s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	if change != nil {
		change(s.TLS)
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

func nothing(http.ResponseWriter, *http.Request) {}

// huge answers with half a megabyte of headers.
func huge(w http.ResponseWriter, _ *http.Request) {
	for n := range 500 {
		w.Header().Set(fmt.Sprintf("X-Long-%d", n), strings.Repeat("x", 1000))
	}
}

// selfSigned serves with a certificate that is its own issuer and nobody's.
func selfSigned(t testing.TB) string {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(nothing))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS() // with the certificate that httptest brings
	t.Cleanup(s.Close)
	return s.URL
}

// Certificates are judged always, by the roots of the system.
func TestCertificatesOfProduction(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs SSL_CERT_FILE, which only Go on Linux and its like reads")
	}
	ca := newIssuer(t)
	for _, test := range []struct {
		name   string
		site   string
		status int
		want   answerOf
	}{
		{"good", ca.site(t, "127.0.0.1", -10, 100), 0, answerOf{"pass", "200", ""}},
		{"expired", ca.site(t, "127.0.0.1", -10, -5), 1, answerOf{"fail", "", "the certificate ended on "}},
		{"early", ca.site(t, "127.0.0.1", 5, 100), 1, answerOf{"fail", "", "the certificate is valid only from "}},
		{"for another host", ca.site(t, "192.0.2.1", -10, 100), 1, answerOf{"fail", "", "the certificate is for another host: 192.0.2.1"}},
		{"unknown authority", newIssuer(t).site(t, "127.0.0.1", -10, 100), 1, answerOf{"fail", "", "the certificate is signed by an authority that is not trusted"}},
		{"ends soon", ca.site(t, "127.0.0.1", -10, 10), 0, answerOf{"warn", "200", "the certificate ends in 10 days"}},
		{"ends very soon", ca.site(t, "127.0.0.1", -10, 5), 1, answerOf{"fail", "200", "the certificate ends in 5 days, want more than 7"}},
		{"signed by itself", selfSigned(t), 1, answerOf{"fail", "", "the certificate is signed by itself"}},
		{"TLS 1.0", ca.serve(t, "127.0.0.1", -10, 100, func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS10 }, nothing), 1, answerOf{"fail", "", "the server speaks only a version of TLS that is too old"}},
		{"wants a certificate of ours", ca.serve(t, "127.0.0.1", -10, 100, func(c *tls.Config) { c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12 }, nothing), 1, answerOf{"fail", "", "the server broke off the TLS handshake: handshake failure"}},
		{"a stream of HTTP/2 reset before an answer", ca.serve(t, "127.0.0.1", -10, 100, nil, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), 1, answerOf{"unreachable", "", "the HTTP/2 stream was reset before an answer"}},
		{"a stream of HTTP/2 reset within the body", ca.serve(t, "127.0.0.1", -10, 100, nil, func(w http.ResponseWriter, _ *http.Request) {
			say(w, "half")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}), 1, answerOf{"fail", "200", "the HTTP/2 stream was reset within the body"}},
		{"huge headers over HTTP/2", ca.serve(t, "127.0.0.1", -10, 100, nil, huge), 1, answerOf{"fail", "", "the answer breaks HTTP/2, or its headers are larger than 262 kB"}},
		{"from https to http, followed", ca.serve(t, "127.0.0.1", -10, 100, nil, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://"+r.Host+"/", http.StatusFound)
		}), 1, answerOf{"fail", "302 -> $OTHER/", "got 302 -> $OTHER/, want 200; a redirect leads from https to http"}},
		{"no TLS there", strings.Replace(page(200, "", "hello")(t), "http:", "https:", 1), 1, answerOf{"fail", "", "the server does not speak TLS there"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := askBoardgate(t, faultConfig(test.site, page(200, "", "hello")(t), "{ get: /, redirects: 2, timeout: 10s }"), []string{"SSL_CERT_FILE=" + ca.file, "SSL_CERT_DIR=" + t.TempDir()}, "--format", "json")
			other := strings.NewReplacer(strings.Replace(test.site, "https:", "http:", 1), "$OTHER")
			found := firstFact(t, got.stdout)
			found.Got, found.Reason = other.Replace(found.Got), other.Replace(found.Reason)
			if !strings.HasPrefix(found.Reason, test.want.Reason) {
				t.Errorf("got %q, want %q", found.Reason, test.want.Reason)
			}
			if found.Reason = test.want.Reason; got.status != test.status || found != test.want {
				t.Errorf("status %d, want %d (-want +got)\n%s", got.status, test.status, cmp.Diff(test.want, found))
			}
		})
	}
}
