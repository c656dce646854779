package probe

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/fact"
)

var quiet = log.New(io.Discard, "", 0)

func write(conn net.Conn, s string) { io.WriteString(conn, s) }

// drip sends a byte every few milliseconds for as long as somebody listens.
func drip(conn net.Conn, s string) {
	for i := 0; ; i = (i + 1) % len(s) {
		if _, err := conn.Write([]byte{s[i]}); err != nil {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// TestFaults holds every fault against its verdict and sentence. A control
// that answers stands by, so that silence is production's.
func TestFaults(t *testing.T) {
	t.Parallel()
	html := func(status int, header map[string]string, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			for k, v := range header {
				w.Header().Set(k, v)
			}
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	gzipped := func(n int) http.HandlerFunc {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		io.CopyN(z, zeros{}, int64(n))
		z.Close()
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(packed.Bytes())
		}
	}
	const ok = "get: /"
	tests := []struct {
		name    string
		site    func(t *testing.T) string
		check   string
		outcome fact.Outcome
		class   string
		reason  string
	}{
		{"refused", nobody2, ok, fact.Unreachable, "network:refused", "the connection was refused"},
		{"reset before an answer", rawly(after(reset)), ok, fact.Unreachable, "network:reset", "the connection was reset before an answer"},
		{"closed before an answer", rawly(after(func(net.Conn) {})), ok, fact.Unreachable, "network:closed", "the connection was closed before an answer"},
		{"reset within the body", rawly(after(func(c net.Conn) {
			write(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
			time.Sleep(50 * time.Millisecond)
			reset(c)
		})), ok, fact.Fail, "network:reset", "the connection was reset within the body"},
		{
			"truncated", rawly(after(func(c net.Conn) { write(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf") })), ok,
			fact.Fail, "network:truncated", "the connection ended within the body",
		},
		{
			"truncated within the headers", rawly(after(func(c net.Conn) { write(c, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n") })), ok,
			fact.Unreachable, "network:closed", "the connection was closed before an answer",
		},
		{"hangs", rawly(hang), ok, fact.Unreachable, "timeout:headers", "no answer came within 300ms"},
		{
			"drips headers", rawly(after(func(c net.Conn) { write(c, "HTTP/1.1 200 OK\r\n"); drip(c, "X-A: b\r\n") })), ok,
			fact.Unreachable, "timeout:headers", "no answer came within 300ms",
		},
		{
			"drips the body", rawly(after(func(c net.Conn) { write(c, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"); drip(c, "x") })), ok,
			fact.Fail, "timeout:body", "the answer began and did not end within 300ms",
		},
		{
			"hangs in the handshake", func(t *testing.T) string { return strings.Replace(rawly(hang)(t), "http:", "https:", 1) }, ok,
			fact.Unreachable, "timeout:tls", "the TLS handshake did not end within 300ms",
		},
		{
			"garbage in place of a status line", rawly(after(func(c net.Conn) { write(c, "SSH-2.0-OpenSSH_9.6\r\n\r\n") })), ok,
			fact.Fail, "protocol", `the answer is not HTTP: malformed HTTP response "SSH-2.0-OpenSSH_9.6"`,
		},
		{
			"bad chunk", rawly(after(func(c net.Conn) { write(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nno\r\n") })), ok,
			fact.Fail, "protocol", "the body breaks the protocol: invalid byte in chunk length",
		},
		{"huge headers", rawly(after(func(c net.Conn) {
			write(c, "HTTP/1.1 200 OK\r\n")
			for range 100_000 {
				if _, err := io.WriteString(c, "X-Long: "+strings.Repeat("x", 1000)+"\r\n"); err != nil {
					return
				}
			}
		})), ok, fact.Fail, "protocol:headers", "the headers are larger than 262 kB"},
		{
			"huge body", httply(func(w http.ResponseWriter, _ *http.Request) { io.CopyN(w, zeros{}, 10<<20) }), ok,
			fact.Fail, "body:too_large", "the body is larger than 2097152 bytes after decompression: body_limit sets how much of it is read",
		},
		{
			"compressed bomb", httply(gzipped(50 << 20)), ok,
			fact.Fail, "body:too_large", "the body is larger than 2097152 bytes after decompression: body_limit sets how much of it is read",
		},
		{
			"gzip that is none", httply(html(200, map[string]string{"Content-Encoding": "gzip"}, "<p>plain")), ok,
			fact.Fail, "body:decode", "the body is not the gzip it is said to be",
		},
		{
			"an encoding not asked for", httply(html(200, map[string]string{"Content-Encoding": "br"}, "???")), ok,
			fact.Fail, "body:decode", "the body came encoded as br, which was not requested",
		},
		{
			"not UTF-8", httply(html(200, nil, "<p>caf\xe9")), "{ get: /, text: { contains: caf } }",
			fact.Fail, "body:decode", "the body is not UTF-8: byte 0xE9 at offset 6",
		},
		{
			"another charset", httply(html(200, map[string]string{"Content-Type": "text/html; charset=ISO-8859-7"}, "<p>caf")), "{ get: /, text: { contains: caf } }",
			fact.Fail, "body:decode", "the body is in charset iso-8859-7; only UTF-8 is read",
		},
		{
			"HTML where JSON was due", httply(html(200, nil, "<!doctype html><title>Parked</title>")), "{ get: /, json: { $.status: ok } }",
			fact.Fail, "json", "got an HTML page where JSON was due",
		},
		{
			"HTML where a content type was due", httply(html(200, nil, "<!doctype html>")), "{ get: /, content_type: application/json, json: { $.status: ok } }",
			fact.Fail, "content_type", "got an HTML page where application/json was due",
		},
		{"JSON breaks off", httply(html(200, nil, `{"status": "o`)), "{ get: /, json: { $.status: ok } }", fact.Fail, "json", "the JSON breaks off"},
		{"nothing where JSON was due", httply(html(200, nil, "")), "{ get: /, json: { $.status: ok } }", fact.Fail, "json", "the body is empty where JSON was due"},
		{"307 with a live target", httply(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/login" {
				http.Redirect(w, r, "/auth/login", http.StatusTemporaryRedirect)
			}
		}), "{ get: /login, expect: 307 -> /auth/login }", fact.Pass, "", ""},
		{
			"200 in place of a 307", httply(html(200, nil, "hello")), "{ get: /login, expect: 307 -> /auth/login }",
			fact.Fail, "status", "got 200, want 307 -> /auth/login",
		},
		{
			"307 without Location", httply(html(307, nil, "")), "{ get: /, expect: 307 -> /auth/login }",
			fact.Fail, "status", "got 307, want 307 -> /auth/login: it has no Location",
		},
		{
			"307 with a broken Location", httply(html(307, map[string]string{"Location": "http://%zz/"}, "")), "{ get: /, expect: 307 -> /auth/login }",
			fact.Fail, "status", "got 307 -> an address that cannot be read, want 307 -> /auth/login: its Location is not an address",
		},
		{
			"307 with a broken Location that does not matter", httply(html(307, map[string]string{"Location": "http://%zz/"}, "")), "{ get: /, expect: 307 }",
			fact.Pass, "", "",
		},
		{
			"307 elsewhere", httply(html(307, map[string]string{"Location": "/products?from=login"}, "")), "{ get: /, expect: 307 -> /auth/login }",
			fact.Fail, "status", "got 307 -> /products?…, want 307 -> /auth/login: it leads elsewhere",
		},
		{
			"307 to another host", httply(html(307, map[string]string{"Location": "http://evil.test/auth/login"}, "")), "{ get: /, expect: 307 -> /auth/login }",
			fact.Fail, "status", "got 307 -> http://evil.test/auth/login, want 307 -> /auth/login: it leads to another host, evil.test",
		},
		{"redirect loop, not followed", httply(looping), "{ get: /a, expect: 302 -> /b }", fact.Pass, "", ""},
		{"redirect loop, followed", httply(looping), "{ get: /a, redirects: 5 }", fact.Fail, "status", "SET BELOW"},
		{
			"too many redirects", httply(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) }), "{ get: /a, redirects: 2 }",
			fact.Fail, "status", "got 302 -> /axxx, want 200",
		},
		{"redirect followed", httply(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/a" {
				http.Redirect(w, r, "/b", http.StatusFound)
			}
		}), "{ get: /a, redirects: 2 }", fact.Pass, "", ""},
		{"500", httply(html(500, nil, "")), ok, fact.Fail, "status", "got 500, want 200"},
		{
			"a bot wall", httply(html(403, map[string]string{"Cf-Mitigated": "challenge", "Server": "cloudflare"}, "")), ok,
			fact.Blocked, "blocked", "Cloudflare bot protection answered 403 instead of production; let this user agent or the runner's addresses through",
		},
		{"a proxy hands on a 503", httply(html(503, map[string]string{"Server": "cloudflare"}, "upstream is down")), ok, fact.Fail, "status", "got 503, want 200"},
		{"slow", httply(func(http.ResponseWriter, *http.Request) { time.Sleep(30 * time.Millisecond) }), "{ get: /, slow: 1ms }", fact.Warn, "slow", "SET BELOW"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, _ := testWorld()
			p := ask(t, w, faultConfig(t, tt.site(t), tt.check))
			r := result(t, p, "it")
			if tt.reason == "SET BELOW" { // it holds a time or a port: see the tests of its own
				tt.reason = r.Reason
			}
			want(t, r, tt.outcome, tt.class, tt.reason)
		})
	}
}

func faultConfig(t testing.TB, base, check string) string {
	if !strings.HasPrefix(check, "{") {
		check = "{ " + check + " }"
	}
	return fmt.Sprintf(`
base: %s
allow_private: true
confirm: { off: true }
control: %s
defaults: { timeout: 300ms, retry: { attempts: 1 } }
check:
  it: %s
`, base, saying(t, "text/plain", "hello"), check)
}

func nobody2(t *testing.T) string { return nobody(t) }

func rawly(handle func(net.Conn)) func(*testing.T) string {
	return func(t *testing.T) string { return raw(t, handle) }
}

func httply(h http.HandlerFunc) func(*testing.T) string {
	return func(t *testing.T) string { return site(t, h) }
}

func looping(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, map[string]string{"/a": "/b", "/b": "/a"}[r.URL.Path], http.StatusFound)
}

// zeros reads as zeros without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestCertificates holds every fault of a certificate against its sentence.
func TestCertificates(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	good := ca.leaf(t, "site.test", -10, 100, false)
	tests := []struct {
		name    string
		cert    tls.Certificate
		change  func(*tls.Config)
		check   string
		outcome fact.Outcome
		class   string
		reason  string
	}{
		{"good", good, nil, "get: /", fact.Pass, "", ""},
		{"expired", ca.leaf(t, "site.test", -100, -5, false), nil, "get: /", fact.Fail, "tls:expired", "the certificate ended on 2026-02-24 13:00"},
		{"early", ca.leaf(t, "site.test", 5, 100, false), nil, "get: /", fact.Fail, "tls:early", "the certificate is valid only from 2026-03-06 12:00"},
		{"another host", ca.leaf(t, "other.test", -10, 100, false), nil, "get: /", fact.Fail, "tls:host", "the certificate is for another host: other.test"},
		{"self-signed", ca.leaf(t, "site.test", -10, 100, true), nil, "get: /", fact.Fail, "tls:self_signed", "the certificate is signed by itself"},
		{"unknown authority", newAuthority(t).leaf(t, "site.test", -10, 100, false), nil, "get: /", fact.Fail, "tls:authority", "the certificate is signed by an authority that is not trusted"},
		{"ends soon", ca.leaf(t, "site.test", -80, 10, false), nil, "get: /", fact.Warn, "tls:ending", "the certificate ends in 10 days"},
		{"ends very soon", ca.leaf(t, "site.test", -80, 5, false), nil, "get: /", fact.Fail, "tls:ending", "the certificate ends in 5 days, want more than 7"},
		{
			"TLS 1.0", good, func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS10 }, "get: /",
			fact.Fail, "tls:version", "the server speaks only a version of TLS that is too old",
		},
		{
			"TLS 1.2 where 1.3 is wanted", good, func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }, "{ get: /, tls: { min: 1.3 } }",
			fact.Fail, "tls:version", "the server speaks only a version of TLS that is too old",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, _ := testWorld()
			w.Roots = ca.pool
			base := secure(t, tt.cert, tt.change, func(http.ResponseWriter, *http.Request) {})
			want(t, result(t, ask(t, w, faultConfig(t, base, tt.check)), "it"), tt.outcome, tt.class, tt.reason)
		})
	}
	t.Run("no TLS there", func(t *testing.T) {
		w, _ := testWorld()
		base := strings.Replace(saying(t, "text/plain", "hello"), "http:", "https:", 1)
		want(t, result(t, ask(t, w, faultConfig(t, base, "get: /")), "it"), fact.Fail, "tls:none", "the server does not speak TLS there")
	})
}

// TestStreamReset shows an HTTP/2 stream reset within the body, which is asked again.
func TestStreamReset(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	w, _ := testWorld()
	w.Roots = ca.pool
	base := secure(t, ca.leaf(t, "site.test", -1, 100, false), nil, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "half")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	p := ask(t, w, "base: "+base+"\nallow_private: true\nconfirm: { off: true }\ncontrol: off\ncheck: { it: { get: / } }")
	r := result(t, p, "it")
	want(t, r, fact.Fail, "network:reset", "the HTTP/2 stream was reset within the body")
	if len(r.Attempts) != 3 || r.Got != "200" {
		t.Errorf("got %d attempts and %q", len(r.Attempts), r.Got)
	}
}

// TestHopsHideQueries shows where redirects led, without what may be private in them.
func TestHopsHideQueries(t *testing.T) {
	t.Parallel()
	w, _ := testWorld()
	base := site(t, func(w http.ResponseWriter, r *http.Request) {
		if next := map[string]string{"/a": "/b?token=1", "/b": "/c"}[r.URL.Path]; next != "" {
			http.Redirect(w, r, next, http.StatusFound)
		}
	})
	r := result(t, ask(t, w, faultConfig(t, base, "{ get: /a, redirects: 2 }")), "it")
	want(t, r, fact.Pass, "", "")
	if got := strings.Join(r.Hops, ", "); got != base+"/a 302 -> /b?…, "+base+"/b?… 302 -> /c" {
		t.Errorf("got %s", got)
	}
}

// TestNames holds every fault of a look-up against its sentence.
func TestNames(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		lookup  func(context.Context) ([]netip.Addr, error)
		outcome fact.Outcome
		class   string
		reason  string
	}{
		{"no such name", func(context.Context) ([]netip.Addr, error) {
			return nil, &net.DNSError{Err: "no such host", Name: "site.test", IsNotFound: true}
		}, fact.Unreachable, "dns:not_found", "the name site.test does not exist"},
		{"server failure", func(context.Context) ([]netip.Addr, error) {
			return nil, &net.DNSError{Err: "server misbehaving", Name: "site.test", IsTemporary: true}
		}, fact.Unreachable, "dns:failed", "the name site.test could not be resolved: server misbehaving"},
		{
			"no address", func(context.Context) ([]netip.Addr, error) { return nil, nil },
			fact.Unreachable, "dns:no_address", "the name site.test has no address of the requested family",
		},
		{
			"slow", func(ctx context.Context) ([]netip.Addr, error) { <-ctx.Done(); return nil, ctx.Err() },
			fact.Unreachable, "timeout:dns", "the name was not resolved within 300ms",
		},
		{
			"odd", func(context.Context) ([]netip.Addr, error) { return nil, errors.New("resolver on fire") },
			fact.Unreachable, "dns:failed", "the name could not be resolved: resolver on fire",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, _ := testWorld()
			usual := w.Lookup
			w.Lookup = func(ctx context.Context, network, host string) ([]netip.Addr, error) {
				if host == "site.test" {
					return tt.lookup(ctx)
				}
				return usual(ctx, network, host)
			}
			want(t, result(t, ask(t, w, faultConfig(t, "http://site.test", "get: /")), "it"), tt.outcome, tt.class, tt.reason)
		})
	}
}

// TestFaultWithTime shows the sentences that hold a time or a port.
func TestFaultWithTime(t *testing.T) {
	t.Parallel()
	w, _ := testWorld()
	base := site(t, looping)
	r := result(t, ask(t, w, faultConfig(t, base, "{ get: /a, redirects: 5 }")), "it")
	want(t, r, fact.Fail, "status", "got 302 -> /a, want 200; the redirects go in a circle: "+base+"/b leads back to "+base+"/a")
	if len(r.Hops) != 1 || r.Attempts[0].Status != 302 {
		t.Errorf("got hops %q and status %d, want one hop and 302", r.Hops, r.Attempts[0].Status)
	}

	base = site(t, func(http.ResponseWriter, *http.Request) { time.Sleep(30 * time.Millisecond) })
	r = result(t, ask(t, w, faultConfig(t, base, "{ get: /, slow: 10ms }")), "it")
	if !strings.HasPrefix(r.Reason, "it took ") || !strings.HasSuffix(r.Reason, "ms, want at most 10ms") {
		t.Errorf("got %q", r.Reason)
	}
}

// TestNoRouteToIPv6 shows that a runner without IPv6 does not blame production.
func TestNoRouteToIPv6(t *testing.T) {
	t.Parallel()
	w, _ := testWorld()
	w.Lookup = func(_ context.Context, network, host string) ([]netip.Addr, error) {
		if network != "ip6" {
			t.Errorf("asked for %s, want ip6", network)
		}
		return []netip.Addr{netip.MustParseAddr("2606:4700::1")}, nil
	}
	w.Dial = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: syscall.ENETUNREACH}
	}
	r := result(t, ask(t, w, faultConfig(t, "http://site.test", "get: /")+"\nip: 6\n"), "it")
	want(t, r, fact.OutcomeUnknown, "network:no_route", "this runner has no IPv6: there is no route to the address")
}
