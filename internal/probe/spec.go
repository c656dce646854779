// Package probe checks that production answers as configured: one request an attempt, one result
// for each fact, and every output made from that result.
//
// A [Spec] is the configuration as written, [Spec.Compile] makes a [Suite] of
// it, and [Suite.Run] checks. The clock, randomness, names, addresses and the
// environment are handed in as a [World].
package probe

import "github.com/boardgate/boardgate/internal/fact"

// Problem is one thing wrong in a configuration.
type Problem struct {
	// Path leads to the value, below the prod-facts mapping, as goccy/go-yaml
	// writes paths: "$.check.login.json.'$.status'", "$.check.login.needs[0]".
	Path    string
	Key     bool   // the key itself is wrong, not its value
	Message string // one sentence, with the value in quotes and what was expected
	Hint    string // what to write instead; may be empty
}

// Duration is a length of time with its unit: "2.5s", "20s", "5m". Empty is the default.
type Duration string

// Size is a number of bytes with its unit: "2MiB", "500kB". Empty is the default.
type Size string

// List is a list of words; in a configuration a single word may stand for a list of one.
type List []string

// Spec is the prod-facts mapping of a configuration. Every field but Base and
// Check may be left at its zero value for the default.
type Spec struct {
	Base         string         `key:"base"`          // https://example.com, no path beyond "/"
	Block        string         `key:"block"`         // never (default) or on-done
	AllowPrivate bool           `key:"allow_private"` // request private and loopback addresses too
	Proxy        string         `key:"proxy"`         // none (default) or environment
	IP           any            `key:"ip"`            // 4 (default), 6 or "any"
	Parallel     *int           `key:"parallel"`      // requests at a time to one host, 1 to 64, default 6
	Control      string         `key:"control"`       // default https://api.github.com/, or off
	Deadline     DeadlineSpec   `key:"deadline"`
	Confirm      ConfirmSpec    `key:"confirm"`
	Incident     IncidentSpec   `key:"incident"`
	Defaults     Manner         `key:"defaults"`
	Check        []CheckSpec    `key:"check"`
	Workflows    []WorkflowSpec `key:"workflows"`
}

// DeadlineSpec bounds a whole run by what started it.
type DeadlineSpec struct {
	PullRequest Duration `key:"pull_request"` // default 30s
	Schedule    Duration `key:"schedule"`     // default 180s; the command and a push use it too
	Wait        Duration `key:"wait"`         // default 5m
}

// ConfirmSpec is the second pass over what failed in the first.
type ConfirmSpec struct {
	After Duration `key:"after"` // the pause before it, default 20s
	Off   bool     `key:"off"`   // make none
}

// IncidentSpec is when the one incident issue opens and closes.
type IncidentSpec struct {
	Key        string `key:"key"`         // default prod-smoke
	OpenAfter  *int   `key:"open_after"`  // bad runs in a row, 1 to 20, default 2
	CloseAfter *int   `key:"close_after"` // good runs in a row, 1 to 20, default 2
}

// WorkflowSpec is a workflow expected to stay green.
type WorkflowSpec struct {
	Name   string
	File   string   `key:"file"`
	Branch string   `key:"branch"`
	MaxAge Duration `key:"max_age"`
}

// Manner is how a fact is checked. What a check leaves out comes from defaults,
// what those leave out is built in.
type Manner struct {
	Timeout   Duration  `key:"timeout"`    // one attempt, from the look-up to the last byte: 10s
	Budget    Duration  `key:"budget"`     // all attempts of one fact and the pauses; what they need
	Slow      Duration  `key:"slow"`       // longer than this is a warning; none
	Redirects any       `key:"redirects"`  // none, or how many may be followed, at most 10
	BodyLimit Size      `key:"body_limit"` // after decompression: 2MiB, at most 64MiB
	Retry     RetrySpec `key:"retry"`
	TLS       TLSSpec   `key:"tls"`
}

// RetrySpec is when an attempt is made again: after a network fault, a
// timeout, a 429 with Retry-After or a 5xx, and after nothing else.
type RetrySpec struct {
	Attempts *int     `key:"attempts"` // 1 to 10, default 3
	Backoff  Duration `key:"backoff"`  // the first pause is at most this, each next at most double: 1s
	Max      Duration `key:"max"`      // no pause is longer: 8s
	Jitter   string   `key:"jitter"`   // full, the only kind
}

// TLSSpec is what is expected of a certificate beyond being valid.
type TLSSpec struct {
	Verify   *bool `key:"verify"`    // true, the only value
	Min      any   `key:"min"`       // "1.2" (default) or "1.3"
	WarnDays *int  `key:"warn_days"` // default 21
	FailDays *int  `key:"fail_days"` // default 7
}

// CheckSpec is one fact: a request, then what must come back.
type CheckSpec struct {
	Name            string
	Get             string       `key:"get"`  // a path below base, or a whole URL
	Head            string       `key:"head"` // the same, without a body
	Needs           List         `key:"needs"`
	Headers         fact.Mapping `key:"headers"` // sent: name to value
	Expect          any          `key:"expect"`  // 200, 200-299, [200, 204], 307 -> /auth/login; default 200
	ContentType     List         `key:"content_type"`
	ResponseHeaders fact.Mapping `key:"response_headers"` // name to value, or to exists, equals, contains, match
	JSON            fact.Mapping `key:"json"`             // JSONPath to value or bounds
	Body            TextSpec     `key:"body"`             // the body as it came
	HTML            TextSpec     `key:"html"`             // the same, for markup
	Text            TextSpec     `key:"text"`             // the rendered text of the page
	Size            SizeSpec     `key:"size"`
	Accept          AcceptSpec   `key:"accept"`
	Known           KnownSpec    `key:"known"`
	Manner          `key:"-"`
}

// TextSpec is what a text must and must not hold.
type TextSpec struct {
	Contains    List       `key:"contains"`
	NotContains List       `key:"not_contains"`
	Match       List       `key:"match"` // RE2, https://github.com/google/re2/wiki/Syntax
	NotMatch    List       `key:"not_match"`
	Number      NumberSpec `key:"number"`
}

// NumberSpec bounds the numbers that stand in a text.
type NumberSpec struct {
	Match   string `key:"match"`   // RE2 with one group, the number
	Min     any    `key:"min"`     // at least
	Max     any    `key:"max"`     // at most
	Equals  any    `key:"equals"`  // exactly
	Decimal string `key:"decimal"` // "." (default) or ","; the other one groups thousands
}

// SizeSpec bounds the body after decompression.
type SizeSpec struct {
	Min Size `key:"min"`
	Max Size `key:"max"`
}

// AcceptSpec lets another status pass for a time, for a change under way.
type AcceptSpec struct {
	Status any    `key:"status"` // as in expect
	Until  string `key:"until"`  // 2026-03-01, the last day, in UTC
	Reason string `key:"reason"`
}

// KnownSpec turns a failure into a warning for a time.
type KnownSpec struct {
	Until  string `key:"until"` // 2026-03-01, the last day, in UTC
	Reason string `key:"reason"`
}
