package command

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/dns/dnsmessage"

	"github.com/boardgate/boardgate/internal/probe"
)

// These tests run whole command lines within the process: names and addresses
// are the system's to tell, and the binary has no way to be given others. All
// that is not names is shown of the binary itself, in facts_fault_test.go.

// factRun is what a command line about facts came to.
type factRun struct {
	status  int
	Verdict string
	Facts   []struct {
		Verdict, Got, Reason string
		Attempts             []struct{ Address, Reason string }
	}
}

// said is what decides of the first fact: "fail · 302 -> /b · got …".
func (r factRun) said() string {
	f := r.Facts[0]
	return fmt.Sprintf("%d %s · %s · %s", r.status, f.Verdict, f.Got, f.Reason)
}

// askFacts runs prod-facts with a configuration in a world that is changed.
func askFacts(t *testing.T, config string, change func(*probe.World)) factRun {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "c.yml"), []byte("prod-facts:\n"+config), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	p := &Process{
		Args:  []string{"prod-facts", "--config", "c.yml", "--format", "json"},
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said, Dir: dir,
		Getenv: func(string) string { return "" }, Now: time.Now,
		World: func(userAgent string, env func(string) (string, bool)) probe.World {
			w := probe.RealWorld(userAgent, env)
			change(&w)
			return w
		},
	}
	r := factRun{status: Run(t.Context(), p)}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || len(r.Facts) == 0 {
		t.Fatalf("status %d, %v\n%s%s", r.status, err, out.String(), said.String())
	}
	return r
}

// names is a DNS server on loopback that answers as a table says: with a code,
// with addresses, or, where the name is "slow", not at all.
func names(t *testing.T, table map[string][]string) func(*probe.World) {
	t.Helper()
	server, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	go func() {
		query := make([]byte, 1500)
		for {
			n, from, err := server.ReadFrom(query)
			if err != nil {
				return
			}
			if reply := resolved(query[:n], table); reply != nil {
				_, _ = server.WriteTo(reply, from)
			}
		}
	}()
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp4", server.LocalAddr().String())
	}}
	return func(w *probe.World) { w.Lookup = resolver.LookupNetIP }
}

// resolved answers a query of one question.
func resolved(query []byte, table map[string][]string) []byte {
	var m dnsmessage.Message
	if m.Unpack(query) != nil || len(m.Questions) != 1 {
		return nil
	}
	asked := m.Questions[0]
	answers, known := table[strings.TrimSuffix(asked.Name.String(), ".")]
	m.Header = dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true}
	m.Additionals = nil
	if !known {
		m.RCode = dnsmessage.RCodeNameError
	}
	for _, each := range answers {
		if each == "slow" {
			return nil
		}
		if each == "SERVFAIL" {
			m.RCode = dnsmessage.RCodeServerFailure
			continue
		}
		a := netip.MustParseAddr(each)
		header := dnsmessage.ResourceHeader{Name: asked.Name, Class: dnsmessage.ClassINET, TTL: 60}
		switch {
		case a.Is4() && asked.Type == dnsmessage.TypeA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: a.As4()}})
		case a.Is6() && asked.Type == dnsmessage.TypeAAAA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
		}
	}
	reply, _ := m.Pack()
	return reply
}

// shop is a production on loopback and its port.
func shop(t *testing.T, h http.HandlerFunc) (port string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	_, port, _ = net.SplitHostPort(s.Listener.Addr().String())
	return port
}

func well(http.ResponseWriter, *http.Request) {}

// manner is how these tests ask; a control that answers stands by.
func manner(t *testing.T, rest string) string {
	t.Helper()
	return "  confirm: { off: true }\n  control: http://127.0.0.1:" + shop(t, well) + "\n  allow_private: true\n" + rest
}

// Every fault of a name has its verdict and its sentence.
func TestNamesOfProduction(t *testing.T) {
	port := shop(t, well)
	table := map[string][]string{
		"well.test": {"127.0.0.1"}, "broken.test": {"SERVFAIL"}, "slow.test": {"slow"}, "six.test": {"2001:db8::1"},
	}
	for _, test := range []struct{ name, want string }{
		{"well.test", "0 pass · 200 · "},
		{"nowhere.test", "1 unreachable ·  · the name nowhere.test does not exist"},
		{"six.test", "1 unreachable ·  · the name six.test has no IPv4 address"},
		{"broken.test", "1 unreachable ·  · the name broken.test could not be resolved: server misbehaving"},
		{"slow.test", "1 unreachable ·  · the name was not resolved within 500ms"},
	} {
		t.Run(test.name, func(t *testing.T) {
			config := manner(t, "  base: http://"+test.name+":"+port+"\n  defaults: { timeout: 500ms, retry: { attempts: 1 } }\n  check: { it: { get: / } }\n")
			if got := askFacts(t, config, names(t, table)).said(); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// Of two addresses the one that is dead is seen, and the other one is asked next.
func TestOneOfTwoAddressesIsDead(t *testing.T) {
	port := shop(t, well)
	config := manner(t, "  base: http://two.test:"+port+"\n  defaults: { timeout: 2s, retry: { attempts: 2, backoff: 10ms } }\n  check: { it: { get: / } }\n")
	got := askFacts(t, config, func(w *probe.World) {
		names(t, map[string][]string{"two.test": {"127.0.0.77", "127.0.0.1"}})(w)
		dial := w.Dial
		w.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			if strings.HasPrefix(address, "127.0.0.77:") {
				return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
			}
			return dial(ctx, network, address)
		}
	})
	var asked []string
	for _, a := range got.Facts[0].Attempts {
		asked = append(asked, a.Address+" "+a.Reason)
	}
	if got.said() != "0 flaky · 200 · as expected at attempt 2; before: the connection was refused" {
		t.Errorf("got %s", got.said())
	}
	if diff := cmp.Diff([]string{"127.0.0.77:" + port + " the connection was refused", "127.0.0.1:" + port + " "}, asked); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// outside is a world of names, each with one answer after another, in which
// every public address is a server on loopback. It keeps what was dialled.
type outside struct {
	answers map[string][]string
	server  string // host and port

	mu     sync.Mutex
	turns  map[string]int
	dialed []string
}

func (o *outside) change(w *probe.World) {
	o.turns = map[string]int{}
	w.Lookup = func(_ context.Context, _, host string) ([]netip.Addr, error) {
		o.mu.Lock()
		defer o.mu.Unlock()
		all := o.answers[host]
		if len(all) == 0 {
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		}
		turn := min(o.turns[host], len(all)-1)
		o.turns[host]++
		return []netip.Addr{netip.MustParseAddr(all[turn])}, nil
	}
	w.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		o.mu.Lock()
		o.dialed = append(o.dialed, address)
		o.mu.Unlock()
		return new(net.Dialer).DialContext(ctx, network, o.server)
	}
}

// Whatever a name comes to mean between two look-ups, and wherever a redirect
// leads, no address that is not production's is dialled.
func TestDeniedWhenDialled(t *testing.T) {
	const public = "8.8.8.8"
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				w.Header().Set("Location", to)
				w.WriteHeader(http.StatusFound)
			}
		}
	}
	closing := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	denied := func(address, is string) string {
		return address + " is " + is + " and was not requested; allow_private: true allows it"
	}
	const once, twice, follow = "{ get: / }", "{ get: /, retry: { attempts: 2, backoff: 10ms } }", "{ get: /, redirects: 3 }"
	for _, test := range []struct {
		name    string
		answers []string // of shop.test
		server  http.HandlerFunc
		check   string
		dials   int // of the public address; no other one is dialled
		want    string
	}{
		{"public", []string{public}, well, once, 1, "0 pass · 200 · "},
		{"loopback", []string{"127.0.0.1"}, well, once, 0, "3 unknown ·  · " + denied("127.0.0.1", "a loopback address")},
		{"metadata", []string{"169.254.169.254"}, well, once, 0, "3 unknown ·  · 169.254.169.254 is a link-local address and is never requested"},
		{"IPv6 that holds IPv4", []string{"::ffff:10.0.0.1"}, well, once, 0, "3 unknown ·  · " + denied("10.0.0.1", "a private address")},
		{"6to4", []string{"2002:7f00:1::"}, well, once, 0, "3 unknown ·  · " + denied("2002:7f00:1::", "a loopback address")},
		{"NAT64", []string{"64:ff9b::7f00:1"}, well, once, 0, "3 unknown ·  · " + denied("64:ff9b::7f00:1", "a loopback address")},
		{"a private address, then a public one", []string{"127.0.0.1", public}, well, twice, 0, "3 unknown ·  · " + denied("127.0.0.1", "a loopback address")},
		{"rebinding between two attempts", []string{public, "127.0.0.1"}, closing, twice, 1, "3 unknown ·  · " + denied("127.0.0.1", "a loopback address")},
		{"rebinding between two hops", []string{public, "10.0.0.9"}, redirect("/b"), follow, 1, "3 unknown ·  · " + denied("10.0.0.9", "a private address")},
		{"no rebinding", []string{public}, redirect("/b"), follow, 2, "0 pass · 200 · "},
		{"a redirect to a name", []string{public}, redirect("http://inside.test/"), follow, 1, "3 unknown ·  · " + denied("10.0.0.9", "a private address")},
		{"a redirect to loopback", []string{public}, redirect("http://127.0.0.1:6379/"), follow, 1, "1 fail · 302 -> http://127.0.0.1:6379/ · got 302 -> http://127.0.0.1:6379/, want 200; " + denied("127.0.0.1", "a loopback address")},
		{"a redirect to a number", []string{public}, redirect("http://2130706433/"), follow, 1, "1 fail · 302 -> http://2130706433/ · got 302 -> http://2130706433/, want 200; a redirect leads to a number in place of a host"},
		{"a redirect to metadata in IPv6", []string{public}, redirect("http://[::ffff:a9fe:a9fe]/"), follow, 1, "1 fail · 302 -> http://[::ffff:a9fe:a9fe]/ · got 302 -> http://[::ffff:a9fe:a9fe]/, want 200; ::ffff:a9fe:a9fe is a link-local address and is never requested"},
		{"a redirect to this host", []string{public}, redirect("http://localhost/"), follow, 1, "1 fail · 302 -> http://localhost/ · got 302 -> http://localhost/, want 200; " + denied("localhost", "this host itself")},
		{"a redirect that is not followed", []string{public}, redirect("http://127.0.0.1/"), "{ get: /, expect: 302 -> http://127.0.0.1/ }", 1, "0 pass · 302 -> http://127.0.0.1/ · "},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := httptest.NewUnstartedServer(test.server)
			s.Start()
			t.Cleanup(s.Close)
			o := &outside{answers: map[string][]string{"shop.test": test.answers, "inside.test": {"10.0.0.9"}}, server: s.Listener.Addr().String()}
			got := askFacts(t, "  base: http://shop.test\n  confirm: { off: true }\n  control: off\n  defaults: { timeout: 2s, retry: { attempts: 1 } }\n  check: { it: "+test.check+" }\n", o.change)
			if got.said() != test.want {
				t.Errorf("got  %s\nwant %s", got.said(), test.want)
			}
			if want := slices.Repeat([]string{public + ":80"}, test.dials); !slices.Equal(o.dialed, want) {
				t.Errorf("dialled %q, want %q", o.dialed, want)
			}
		})
	}
}

// The line of progress on a terminal shows no secret that production gives back.
func TestProgressShowsNoSecret(t *testing.T) {
	const secret = "s3cr3t/with+odd=signs"
	port := shop(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "/"+r.Header.Get("X-Key")+"/"+url.QueryEscape(secret))
		w.WriteHeader(http.StatusFound)
	})
	config := manner(t, "  base: http://127.0.0.1:"+port+"\n  check:\n    told: { get: /a, headers: { X-Key: '{{ env BOARDGATE_KEY }}' } }\n    other: { get: /b }\n")
	for _, args := range []string{"prod-facts --config c.yml --allow-work-tree-config", "prod-facts --config c.yml --allow-work-tree-config --wait 8s"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "c.yml"), []byte("prod-facts:\n"+config+"  defaults: { timeout: 500ms, retry: { attempts: 1 } }\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		var out, said bytes.Buffer
		p := &Process{
			Args: strings.Fields(args), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said, Dir: dir, Now: time.Now, Watched: true, Width: 400,
			Getenv: func(name string) string { return map[string]string{"BOARDGATE_KEY": secret}[name] },
		}
		if status := Run(t.Context(), p); status != Failed || !strings.Contains(said.String(), "other=302") {
			t.Errorf("%s: status %d, %q", args, status, said.String())
		}
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
			if strings.Contains(out.String()+said.String(), form) {
				t.Errorf("%s shows %s", args, form)
			}
		}
	}
}
