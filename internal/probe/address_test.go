package probe

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"github.com/boardgate/boardgate/internal/fact"
)

func TestPrivate(t *testing.T) {
	tests := map[string]string{
		"127.0.0.1":              "a loopback address",
		"::1":                    "a loopback address",
		"::ffff:127.0.0.1":       "a loopback address",
		"0.0.0.0":                "no address",
		"0.1.2.3":                "an address of this host",
		"::":                     "no address",
		"::7f00:1":               "an address of this host",
		"10.1.2.3":               "a private address",
		"172.16.0.1":             "a private address",
		"192.168.1.1":            "a private address",
		"::ffff:192.168.1.1":     "a private address",
		"fd00:ec2::254":          "the metadata service of AWS",
		"fd00:ec3::254":          "a private address",
		"fec0::1":                "a site's private address",
		"169.254.169.254":        "a link-local address",
		"::ffff:a9fe:a9fe":       "a link-local address",
		"fe80::1":                "a link-local address",
		"fe80::1%eth0":           "a link-local address",
		"64:ff9b::a9fe:a9fe":     "a link-local address",
		"64:ff9b::8.8.8.8":       "",
		"64:ff9b:1::a00:1":       "a private translation address",
		"2002:7f00:1::":          "a loopback address",
		"2002:c0a8:101::1":       "a private address",
		"2001::1":                "a special address",
		"100.64.0.1":             "a carrier's private address",
		"100.100.100.200":        "the metadata service of Alibaba Cloud",
		"168.63.129.16":          "the metadata service of Azure",
		"192.0.2.1":              "an address for documentation",
		"198.18.0.1":             "an address for benchmarks",
		"224.0.0.1":              "a multicast address",
		"255.255.255.255":        "a reserved address",
		"::ffff:0:7f00:1":        "a reserved address", // IPv4 as RFC 2765 translates it
		"4000::1":                "a reserved address",
		"ff02::1":                "a multicast address",
		"2001:db8::1":            "an address for documentation",
		"8.8.8.8":                "",
		"172.32.0.1":             "",
		"100.128.0.1":            "",
		"2606:4700:4700::1111":   "",
		"::ffff:8.8.8.8":         "",
		"2a00:1450:4001:80e::1a": "",
	}
	for address, wanted := range tests {
		if got := private(netip.MustParseAddr(address)); got != wanted {
			t.Errorf("%s: got %q, want %q", address, got, wanted)
		}
	}
}

// TestForbidden names what is never asked, in every form that leads there, and
// what allow_private is for.
func TestForbidden(t *testing.T) {
	for _, address := range []string{
		"169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0", "febf::1", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fd00:c1::a9fe:a9fe", "fd00:42::42",
		"100.100.100.200", "168.63.129.16", "192.0.0.192",
		"::ffff:169.254.169.254", "::169.254.169.254", "::ffff:0:169.254.169.254", "64:ff9b::169.254.169.254", "64:ff9b::100.100.100.200",
		"64:ff9b:1::169.254.169.254", "64:ff9b:1:a9fe:a9:fe00::", "64:ff9b:1:a9:fe:a9fe::", "64:ff9b:1:0:a9:fea9:fe00:0", "2002:a9fe:a9fe::1", "2002:6464:64c8::",
	} {
		if forbidden(netip.MustParseAddr(address)) == "" || private(netip.MustParseAddr(address)) == "" {
			t.Errorf("%s may be asked", address)
		}
	}
	for _, address := range []string{
		"127.0.0.1", "::1", "10.0.0.5", "172.17.0.1", "192.168.1.1", "100.64.0.1", "fd12:3456::1", "::ffff:10.0.0.5", "64:ff9b::10.0.0.5", "64:ff9b:1::10.0.0.5", "2002:a00:5::1",
		"8.8.8.8", "2606:4700:4700::1111", "0.0.0.0", "::",
	} {
		if why := forbidden(netip.MustParseAddr(address)); why != "" {
			t.Errorf("%s is %s: allow_private should let it be", address, why)
		}
	}
}

func TestOddHosts(t *testing.T) {
	for _, host := range []string{"2130706433", "0177.0.0.1", "0x7f.1", "127.1", "0x7f000001", "1.2.3", "127.0.0.1.", "017700000001", "1.2.3.0x4", "256.1.1.1"} {
		if !odd(host) {
			t.Errorf("%s passes for a name", host)
		}
	}
	for _, host := range []string{"127.0.0.1", "shop.test", "1.shop.test", "shop.x0", "::1", "0xshop"} {
		if odd(host) {
			t.Errorf("%s passes for a number", host)
		}
	}
}

// TestDenied shows addresses refused when they are dialled, whatever they were called.
func TestDenied(t *testing.T) {
	t.Parallel()
	reached := false
	inside := site(t, func(http.ResponseWriter, *http.Request) { reached = true })
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(inside, "http://"))
	w, _ := testWorld()
	dials := 0
	connect := w.Dial
	w.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		dials++
		return connect(ctx, network, address)
	}
	config := "base: http://site.test:" + port + "\nconfirm: { off: true }\ncontrol: off\ncheck: { it: { get: / } }"

	for name, answers := range map[string][]string{
		"loopback": {"127.0.0.1"}, "mapped": {"::ffff:127.0.0.1"},
		"rebinding": {"127.0.0.1", "8.8.8.8"}, // the first look-up answers otherwise than a later one would
	} {
		n := 0
		w.Lookup = func(context.Context, string, string) ([]netip.Addr, error) {
			n++
			return []netip.Addr{netip.MustParseAddr(answers[min(n, len(answers))-1])}, nil
		}
		r := result(t, ask(t, w, config), "it")
		why := private(netip.MustParseAddr(answers[0]))
		shown := netip.MustParseAddr(answers[0]).Unmap().String()
		want(t, r, fact.OutcomeUnknown, "address:denied", shown+" is "+why+" and was not requested; allow_private: true allows it")
		if n != 1 || dials != 0 || reached {
			t.Errorf("%s: %d look-ups, %d dials, reached: %v", name, n, dials, reached)
		}
	}
}

// TestNeverAsked shows that allow_private opens no way to credentials of the machine.
func TestNeverAsked(t *testing.T) {
	t.Parallel()
	w, _ := testWorld()
	w.Dial = func(_ context.Context, _, address string) (net.Conn, error) {
		t.Errorf("dialled %s", address)
		return nil, net.ErrClosed
	}
	for _, address := range []string{"169.254.169.254", "::ffff:a9fe:a9fe", "fd00:ec2::254", "fe80::1", "100.100.100.200", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::"} {
		w.Lookup = func(context.Context, string, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr(address)}, nil
		}
		for _, allow := range []string{"", "allow_private: true\n"} {
			r := result(t, ask(t, w, allow+"base: http://site.test\nconfirm: { off: true }\ncontrol: off\ncheck: { it: { get: / } }"), "it")
			why := private(netip.MustParseAddr(address))
			want(t, r, fact.OutcomeUnknown, "address:denied", netip.MustParseAddr(address).Unmap().String()+" is "+why+" and is never requested")
		}
	}
}

// TestPrivateRedirects shows where a redirect may lead with allow_private: to
// the base's host and the fact's own, by whatever address, and to no other that
// is private.
func TestPrivateRedirects(t *testing.T) {
	t.Parallel()
	const elsewhere = " and was not requested; among private addresses a redirect may lead only to the host and port of base or of the fact"
	names := map[string]string{"base.test": "10.0.0.1", "own.test": "10.0.0.2", "inside.test": "10.0.0.3", "public.test": "8.8.8.8", "link.test": "169.254.169.254"}
	for _, test := range []struct{ get, to, reason string }{
		{"/", "/there", ""},
		{"/", "http://base.test/there", ""},
		{"/", "https://base.test/there", "network"},
		{"/", "http://public.test/there", ""},
		{"http://own.test/", "http://own.test/there", ""},
		{"http://own.test/", "http://base.test/there", ""},
		{"http://public.test/", "http://base.test/there", ""},
		{"/", "http://own.test/there", "10.0.0.2 is a private address" + elsewhere},
		{"/", "http://inside.test/there", "10.0.0.3 is a private address" + elsewhere},
		{"http://public.test/", "http://inside.test/there", "10.0.0.3 is a private address" + elsewhere},
		{"/", "http://10.0.0.3/there", "10.0.0.3 is a private address" + elsewhere},
		{"/", "http://10.0.0.1/there", "10.0.0.1 is a private address" + elsewhere}, // the base's, by another name: it may serve others there
		{"/", "http://base.test:8080/there", "10.0.0.1 is a private address" + elsewhere},
		{"/", "http://[::1]/there", "::1 is a loopback address" + elsewhere},
		{"/", "http://localhost/there", "localhost is this host itself" + elsewhere},
		{"/", "http://link.test/there", "169.254.169.254 is a link-local address and is never requested"},
		{"/", "http://169.254.169.254/there", "169.254.169.254 is a link-local address and is never requested"},
		{"/", "http://[fd00:ec2::254]/there", "fd00:ec2::254 is the metadata service of AWS and is never requested"},
	} {
		asked := 0
		server := site(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/there" {
				asked++
				return
			}
			w.Header().Set("Location", test.to)
			w.WriteHeader(http.StatusFound)
		})
		w, _ := testWorld()
		w.Lookup = func(_ context.Context, _, host string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr(names[host])}, nil
		}
		w.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			if strings.HasSuffix(address, ":443") {
				return nil, syscall.ECONNREFUSED
			}
			return (&net.Dialer{}).DialContext(ctx, network, strings.TrimPrefix(server, "http://"))
		}
		r := result(t, ask(t, w, "allow_private: true\nbase: http://base.test\nconfirm: { off: true }\ncontrol: off\ncheck: { it: { get: '"+test.get+"', redirects: 3, expect: [200, 302] } }"), "it")
		switch {
		case test.reason == "" && (r.Outcome != fact.Pass || asked != 1):
			t.Errorf("%s -> %s: got %s %q, asked %d times", test.get, test.to, r.Outcome, r.Reason, asked)
		case test.reason == "network" && r.Class != "network:refused":
			t.Errorf("%s -> %s: got %s %q", test.get, test.to, r.Class, r.Reason)
		case test.reason != "" && asked > 0, !strings.Contains(r.Reason, strings.TrimPrefix(test.reason, "network")):
			t.Errorf("%s -> %s: got %s %q, asked %d times; want %q", test.get, test.to, r.Outcome, r.Reason, asked, test.reason)
		}
	}
}

// TestDeniedRedirects shows that a redirect opens no way to a private address.
func TestDeniedRedirects(t *testing.T) {
	t.Parallel()
	for to, reason := range map[string]string{
		"http://127.0.0.1:9/":       "127.0.0.1 is a loopback address",
		"http://2130706433/":        "a redirect leads to a number in place of a host",
		"http://[::ffff:10.0.0.1]/": "::ffff:10.0.0.1 is a private address",
		"http://localhost/":         "localhost is this host itself",
		"http://inside.test/":       "10.0.0.9 is a private address",
	} {
		server := site(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Location", to); w.WriteHeader(302) })
		w, _ := testWorld()
		w.Lookup = func(_ context.Context, _, host string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr(map[string]string{"site.test": "8.8.8.8", "inside.test": "10.0.0.9"}[host])}, nil
		}
		w.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			if !strings.HasPrefix(address, "8.8.8.8:") {
				t.Errorf("%s: dialled %s", to, address)
			}
			return (&net.Dialer{}).DialContext(ctx, network, strings.TrimPrefix(server, "http://"))
		}
		r := result(t, ask(t, w, "base: http://site.test\nconfirm: { off: true }\ncontrol: off\ncheck: { it: { get: /, redirects: 3, expect: [200, 302] } }"), "it")
		if r.Outcome == fact.Pass || !strings.Contains(r.Reason, reason) {
			t.Errorf("%s: got %s %q", to, r.Outcome, r.Reason)
		}
	}
}

// TestProxies shows that the environment's proxy is asked only where the configuration says so.
func TestProxies(t *testing.T) {
	t.Parallel()
	for config, wanted := range map[string]int{"": 0, "proxy: none\n": 0, "proxy: environment\n": 1} {
		through := 0
		proxy := site(t, func(w http.ResponseWriter, r *http.Request) { through++ })
		w, _ := testWorld()
		w.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy) }
		p := ask(t, w, config+"base: "+saying(t, "text/plain", "x")+plainly+"check: { it: { get: / } }")
		if p.Outcome() != fact.Pass || through != wanted {
			t.Errorf("%q: got %s, %d requests through the proxy, want %d", config, p.Outcome(), through, wanted)
		}
	}
}

// TestProxiesAreToldNoPrivateName judges what a proxy is asked for, as far as this
// machine knows it, and says where it does not.
func TestProxiesAreToldNoPrivateName(t *testing.T) {
	t.Parallel()
	names := map[string]string{"public.test": "8.8.8.8", "base.test": "10.0.0.1", "inside.test": "10.0.0.3", "link.test": "169.254.169.254", "proxy.test": "10.9.9.9"}
	const openly, privately = "", "allow_private: true\n"
	for _, test := range []struct {
		config, base, to string
		reason, note     string
	}{
		{openly, "http://public.test", "/there", "", ""},
		{openly, "http://unknown.test", "/there", "", unjudgedNote},
		{openly, "http://public.test", "http://unknown.test/there", "", unjudgedNote},
		{openly, "http://unknown.test", "http://public.test/there", "", unjudgedNote},
		{openly, "http://inside.test", "/there", "10.0.0.3 is a private address and was not requested; allow_private: true allows it", ""},
		{openly, "http://public.test", "http://inside.test/there", "10.0.0.3 is a private address and was not requested", ""},
		{openly, "http://public.test", "http://127。0。0。1/there", "127.0.0.1 is a loopback address and was not requested", ""},
		{openly, "http://public.test", "http://ⓛocalhost/there", "localhost is this host itself", ""},
		{openly, "http://public.test", "http://link.test/there", "169.254.169.254 is a link-local address and is never requested", ""},
		{privately, "http://base.test", "/there", "", ""},
		{privately, "http://base.test", "http://inside.test/there", "10.0.0.3 is a private address and was not requested; among", ""},
		{privately, "http://link.test", "/there", "169.254.169.254 is a link-local address and is never requested", ""},
		{privately, "http://base.test", "http://[::ffff:169.254.169.254]/there", "::ffff:169.254.169.254 is a link-local address and is never requested", ""},
		{privately, "http://base.test", "http://169。254。169。254/there", "169.254.169.254 is a link-local address and is never requested", ""},
	} {
		asked := 0
		server := site(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/there" {
				asked++
				return
			}
			w.Header().Set("Location", test.to)
			w.WriteHeader(http.StatusFound)
		})
		w, _ := testWorld()
		w.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse("http://proxy.test:3128") }
		w.Lookup = func(_ context.Context, _, host string) ([]netip.Addr, error) {
			if names[host] == "" {
				return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
			}
			return []netip.Addr{netip.MustParseAddr(names[host])}, nil
		}
		w.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			if address != "10.9.9.9:3128" {
				t.Errorf("dialled %s", address)
			}
			return (&net.Dialer{}).DialContext(ctx, network, strings.TrimPrefix(server, "http://"))
		}
		r := result(t, ask(t, w, test.config+"proxy: environment\nbase: "+test.base+"\nconfirm: { off: true }\ncontrol: off\ncheck: { it: { get: /, redirects: 3, expect: [200, 302] } }"), "it")
		if test.reason == "" && (r.Outcome != fact.Pass || r.Note != test.note || asked != 1) ||
			test.reason != "" && (r.Outcome == fact.Pass || !strings.Contains(r.Reason, test.reason) || asked != 0) {
			t.Errorf("%s -> %s: got %s %q, note %q, asked %d times; want %q, note %q", test.base, test.to, r.Outcome, r.Reason, r.Note, asked, test.reason, test.note)
		}
	}
}

func TestRedirectsFromHTTPSStaySecure(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	w, _ := testWorld()
	w.Roots = ca.pool
	plainSite := saying(t, "text/plain", "x")
	base := secure(t, ca.leaf(t, "site.test", -1, 100, false), nil, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, plainSite, http.StatusFound)
	})
	r := result(t, ask(t, w, faultConfig(t, base, "{ get: /, redirects: 3 }")), "it")
	want(t, r, fact.Fail, "status", "got 302 -> "+plainSite+", want 200; a redirect leads from https to http")
}
