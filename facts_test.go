package main

import (
	"context"
	"net/http"
	"net/http/httptest"
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
	network := fake.NewNetwork(map[string]string{"control.example": hostOf(os.Getenv("CONTROL")), "shop.example": hostOf(os.Getenv("PRODUCTION"))})
	return func(agent string, env func(string) (string, bool)) probe.World {
		w := probe.RealWorld(agent, env)
		w.Now, w.Random = now, func() float64 { return 0 }
		w.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
		w.Lookup, w.Dial = network.Lookup, network.Dial
		return w
	}
}

func hostOf(address string) string { return strings.TrimPrefix(address, "http://") }
