package main

import (
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/boardgate/boardgate/internal/fake"
)

// production starts a production for a story, broken in the ways named, and puts
// its address into $PRODUCTION: production [FAULT...].
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
}
