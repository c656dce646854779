package probe

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/source"
)

// today is the day of the fake clock.
var today = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// clock is a clock that runs with the real one and jumps when somebody sleeps.
type clock struct {
	mu     sync.Mutex
	start  time.Time
	jumped time.Duration
	slept  []time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return today.Add(time.Since(c.start) + c.jumped)
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.jumped += d
	c.slept = append(c.slept, d)
	return ctx.Err()
}

// testWorld is a world in which every name is this host, jitter is none and no pause takes time.
func testWorld() (World, *clock) {
	c := &clock{start: time.Now()}
	w := RealWorld("boardgate/test", func(string) (string, bool) { return "", false })
	w.Now, w.Sleep = c.now, c.sleep
	w.Random = func() float64 { return 0.999999999 }
	w.Lookup = func(context.Context, string, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	return w, c
}

// facts reads the section prod-facts as the program's configuration is read.
func facts(t testing.TB, text string) (*config.ProdFacts, []config.Fault) {
	t.Helper()
	indented := "prod-facts:\n  " + strings.ReplaceAll(text, "\n", "\n  ") + "\n"
	r := config.Read(source.NewFile("boardgate.yml", []byte(indented)), nil)
	if r.Policy.ProdFacts == nil {
		return &config.ProdFacts{}, r.Faults
	}
	return r.Policy.ProdFacts, r.Faults
}

// read reads and compiles a configuration that must be sound.
func read(t testing.TB, text string) *Suite {
	t.Helper()
	spec, faults := facts(t, text)
	suite, more := Compile(spec)
	for _, f := range append(faults, more...) {
		t.Errorf("%s (%s)", f, f.Hint)
	}
	if t.Failed() {
		t.FailNow()
	}
	return suite
}

// plain is how the tests ask: loopback allowed, no second pass, one short attempt.
const plainly = `
allow_private: true
confirm: { off: true }
control: off
defaults: { timeout: 2s, retry: { attempts: 1 } }
`

// run reads a configuration and asks production.
func ask(t testing.TB, w World, config string) fact.Production {
	t.Helper()
	suite := read(t, config)
	p, err := suite.Run(context.Background(), w, Options{Deadline: suite.Schedule})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// result returns the result of a fact.
func result(t testing.TB, p fact.Production, name string) fact.Result {
	t.Helper()
	for _, r := range p.Results {
		if r.Probe.Name == name {
			return r
		}
	}
	t.Fatalf("no result for %q in %q", name, p.Line())
	return fact.Result{}
}

// want compares what matters of a result.
func want(t testing.TB, r fact.Result, outcome fact.Outcome, class, reason string) {
	t.Helper()
	got := fmt.Sprintf("%s · %s · %s", r.Outcome, r.Class, r.Reason)
	wanted := fmt.Sprintf("%s · %s · %s", outcome, class, reason)
	if got != wanted {
		t.Errorf("%s:\n got %s\nwant %s", r.Probe.Name, got, wanted)
	}
}

// site serves a handler and returns its address.
func site(t testing.TB, h http.HandlerFunc) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// saying serves one body for all paths.
func saying(t testing.TB, contentType, body string) string {
	return site(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		fmt.Fprint(w, body)
	})
}

// raw serves connections by hand; each is closed when its handler returns.
func raw(t testing.TB, handle func(net.Conn)) string {
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
				handle(conn)
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// after reads a request before it answers.
func after(answer func(net.Conn)) func(net.Conn) {
	return func(conn net.Conn) {
		if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
			r.Body.Close()
			answer(conn)
		}
	}
}

// hang keeps a connection until the other side gives up.
func hang(conn net.Conn) { _, _ = conn.Read(make([]byte, 1<<16)); _, _ = conn.Read(make([]byte, 1)) }

func reset(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }

// nobody returns an address at which nobody listens.
func nobody(t testing.TB) string {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

// authority issues certificates.
type authority struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	pool *x509.CertPool
}

func newAuthority(t testing.TB) *authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	shape := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: today.AddDate(-5, 0, 0), NotAfter: today.AddDate(5, 0, 0),
	}
	a := &authority{key: key, pool: x509.NewCertPool()}
	a.cert = issue(t, shape, shape, key, key)
	a.pool.AddCert(a.cert)
	return a
}

func issue(t testing.TB, shape, parent *x509.Certificate, key, by *ecdsa.PrivateKey) *x509.Certificate {
	der, err := x509.CreateCertificate(rand.Reader, shape, parent, &key.PublicKey, by)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// leaf issues a certificate for site.test from and until days of the clock;
// alone signs it with its own key.
func (a *authority) leaf(t testing.TB, host string, from, until int, alone bool) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	shape := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		NotBefore: today.AddDate(0, 0, from), NotAfter: today.AddDate(0, 0, until).Add(time.Hour),
	}
	parent, by := a.cert, a.key
	if alone {
		parent, by = shape, key
	}
	return tls.Certificate{Certificate: [][]byte{issue(t, shape, parent, key, by).Raw}, PrivateKey: key}
}

// secure serves over TLS and returns the address by the name site.test.
func secure(t testing.TB, cert tls.Certificate, change func(*tls.Config), h http.HandlerFunc) string {
	s := httptest.NewUnstartedServer(h)
	s.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	s.EnableHTTP2 = true
	s.Config.ErrorLog = quiet
	if change != nil {
		change(s.TLS)
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	return "https://site.test:" + port
}
