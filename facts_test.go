package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/probe"
)

// production starts a production for a story, broken in the ways named, and puts
// its address into $PRODUCTION: production [FAULT...]. Where the story is that of
// a job, it is asked as http://shop.example.
func production(ts *testscript.TestScript, neg bool, faults []string) {
	if neg {
		ts.Fatalf("usage: production [FAULT...]")
	}
	p, err := fake.NewProduction()
	ts.Check(err)
	ts.Defer(func() { ts.Check(p.Close()) })
	for _, name := range faults {
		ts.Check(p.Break(name))
	}
	ts.Setenv("PRODUCTION", p.URL)
	control := httptest.NewServer(http.NotFoundHandler())
	ts.Defer(control.Close)
	ts.Setenv("CONTROL", control.URL)
}

// storyWorld is a network in which shop.example is the story's production and
// control.example another host, and in which nothing takes any time: a report has
// the same bytes whenever it is made.
func storyWorld(now func() time.Time) func(string, func(string) (string, bool)) probe.World {
	return func(agent string, env func(string) (string, bool)) probe.World {
		w := probe.RealWorld(agent, env)
		w.Now, w.Random = now, func() float64 { return 0 }
		w.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
		w.Lookup = lookup
		connect := w.Dial
		w.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			host, _, _ := net.SplitHostPort(address)
			return connect(ctx, network, hostOf(os.Getenv(behind[host])))
		}
		return w
	}
}

// behind names the variable whose address answers for an address of the story's network.
var behind = map[string]string{"93.184.216.34": "PRODUCTION", "93.184.216.35": "CONTROL"}

func lookup(_ context.Context, _, host string) ([]netip.Addr, error) {
	there := map[string]string{"shop.example": "93.184.216.34", "control.example": "93.184.216.35"}
	host = strings.ToLower(host)
	if there[host] == "" {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return []netip.Addr{netip.MustParseAddr(there[host])}, nil
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Sprintf("%q is no address", address)
	}
	return u.Host
}
