// Package probe checks that production answers as configured: one request an attempt, one result
// for each fact, and every output made from that result.
//
// [Compile] makes a [Suite] of the configured facts, and [Suite.Run] checks.
// The clock, randomness, names, addresses and the environment are handed in as
// a [World].
package probe

import (
	"crypto/tls"
	"net/url"
	"slices"
	"time"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/source"
)

// Suite is a configuration found sound: every probe of production and how to make it.
type Suite struct {
	// OnDone tells that a failing fact blocks a change that moves an item into DONE.
	OnDone    bool
	Incident  Incident
	Workflows []fact.Workflow
	// PullRequest, Schedule and Wait bound a whole run by what started it.
	PullRequest, Schedule, Wait time.Duration

	base         *url.URL
	control      *url.URL // nil for none
	allowPrivate bool
	proxy        bool // the environment's proxy is used
	family       string
	parallel     int
	confirmAfter time.Duration // 0 for no confirming pass
	checks       []*check      // in the order of the configuration
	windows      []window
}

// Incident is when the one incident issue opens and closes.
type Incident struct {
	Key        string
	Open       config.Share // bad runs, of the last
	CloseAfter int          // good runs in a row
}

// check is one fact, ready to be checked.
type check struct {
	name     string
	at       source.Span // its name in the configuration
	method   string
	target   template // of an absolute URL
	origin   *url.URL // scheme and host of the target, which no value changes
	needs    []*check
	depth    int  // how many facts stand in the longest chain of needs up to this one
	captured bool // another fact captures from its answer
	headers  []header
	send     template // the body of a POST
	sendAt   source.Span

	expect     statuses
	assertions []assertion
	accept     *transition
	known      *transition

	// secret tells that the request holds a secret, or a value that was
	// answered to one: nothing of the answer but its status is shown.
	secret bool

	timeout, budget, slow time.Duration
	hops                  int // redirects that may be followed
	everyAddress          bool
	limit                 int64
	attempts              int
	backoff, backoffMax   time.Duration
	minTLS                uint16
	warnDays, failDays    int
}

// header is one header of a request.
type header struct {
	name  string
	value template
	at    source.Span
}

// transition is what passes until a day, and why.
type transition struct {
	statuses statuses // of accept
	until    time.Time
	reason   string
}

// day returns the last day of a transition as it was written.
func (t *transition) day() string { return t.until.Format(time.DateOnly) }

// holds tells whether the transition still counts: its last day does.
func (t *transition) holds(now time.Time) bool {
	return t != nil && now.Before(t.until.AddDate(0, 0, 1))
}

// Empty says that there is nothing to check: no probe and no workflow.
func (s *Suite) Empty() bool { return len(s.checks) == 0 && len(s.Workflows) == 0 }

// Base returns the address of production, without a path; empty where the
// configuration names none.
func (s *Suite) Base() string {
	if *s.base == noBase {
		return ""
	}
	return s.base.String()
}

// Controlled tells whether a control is requested where production does not respond.
func (s *Suite) Controlled() bool { return s.control != nil }

// Probes returns what will be requested, in the order of the configuration.
func (s *Suite) Probes() []fact.Probe {
	probes := make([]fact.Probe, len(s.checks))
	for i, c := range s.checks {
		probes[i] = c.probe()
	}
	return probes
}

func (c *check) probe() fact.Probe {
	return fact.Probe{Name: c.name, Method: c.method, URL: c.target.written, Want: c.expect.String()}
}

// find returns the check of a name, nil where there is none.
func (s *Suite) find(name string) *check {
	i := slices.IndexFunc(s.checks, func(c *check) bool { return c.name == name })
	if i < 0 {
		return nil
	}
	return s.checks[i]
}

// Secrets returns the names of the environment variables the facts use, sorted.
// Where facts are named, only theirs and those of the facts they need count.
func (s *Suite) Secrets(only ...string) []string {
	var names []string
	checks, _ := s.selected(only)
	for _, c := range checks {
		names = append(names, c.secrets()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (c *check) secrets() []string {
	var names []string
	for _, h := range c.headers {
		names = append(names, h.value.secrets()...)
	}
	return append(names, c.send.secrets()...)
}

// tlsVersions are the least versions that may be configured.
var tlsVersions = map[string]uint16{"": tls.VersionTLS12, "1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}
