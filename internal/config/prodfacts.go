package config

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/boardgate/boardgate/internal/source"
)

// Value is a value of the configuration and where it stands. The zero Value is
// one that is not stated.
type Value[T any] struct {
	V    T
	Span source.Span
}

// Stated says whether the configuration states the value.
func (v Value[T]) Stated() bool { return !v.Span.IsZero() }

// Or returns the value, or another where it is not stated.
func (v Value[T]) Or(other Value[T]) Value[T] {
	if v.Stated() {
		return v
	}
	return other
}

// OrDefault returns what is stated, else the default.
func (v Value[T]) OrDefault(standard T) T {
	if v.Stated() {
		return v.V
	}
	return standard
}

// Share is a number of so many: 2 of 3. A number alone is of as many.
type Share struct{ Count, Of int }

// IncidentKey is what the incident's issue is found by where nothing else is configured.
const IncidentKey = "prod-smoke"

// ProdFacts is the section of what is expected of production.
type ProdFacts struct {
	Span         source.Span // of its key
	Base         Value[string]
	Block        Value[string]
	AllowPrivate Value[bool]
	Proxy        Value[string]
	IP           Value[string]
	Parallel     Value[int]
	Control      Value[string]
	Deadline     Deadline
	Confirm      Confirm
	Incident     Incident
	Defaults     Manner
	Check        []Check
	Workflows    []Workflow
	Maintenance  []Window

	node ast.Node // set once every key of it was read
}

// Deadline bounds a whole run by what started it.
type Deadline struct {
	Span                        source.Span
	PullRequest, Schedule, Wait Value[time.Duration]
}

// Confirm is the second pass over what failed in the first.
type Confirm struct {
	After Value[time.Duration]
	Off   Value[bool]
}

// Incident is when the one incident issue opens and closes.
type Incident struct {
	Key        Value[string]
	OpenAfter  Value[Share]
	CloseAfter Value[int]
}

// Workflow is a workflow expected to stay green.
type Workflow struct {
	Name   Value[string]
	File   Value[string]
	Branch Value[string]
	Event  Value[string]
	MaxAge Value[time.Duration]
}

// Window is a time of the week in which production may be down.
type Window struct {
	Name        Value[string]
	Days        []string      // "mon", "tue"; empty for all
	From, Until Value[string] // as isClock has them
	Zone        Value[string]
}

// Manner is how a fact is checked. What a check leaves out comes from defaults,
// what those leave out is built in.
type Manner struct {
	Timeout, Budget, Slow Value[time.Duration]
	Redirects, Addresses  Value[string]
	BodyLimit             Value[int64]
	Attempts              Value[int]
	Backoff, BackoffMax   Value[time.Duration]
	Jitter                Value[string]
	Verify                Value[bool]
	MinTLS                Value[string]
	WarnDays, FailDays    Value[int]
}

// Check is one fact: a request, then what must come back.
type Check struct {
	Name                  Value[string]
	Get, Head, Post, Send Value[string]
	Needs                 []Value[string]
	Headers               []Header
	Expect                []Value[string]
	ContentType           []Value[string]
	ResponseHeaders, JSON []Expectations
	Body, HTML, Text      Region
	Size                  Size
	Accept, Known         Exception
	Manner                Manner
}

// Header is a header that is sent.
type Header struct{ Name, Value Value[string] }

// Expectations are what is expected of one response header, or of what one JSONPath leads to.
type Expectations struct {
	Name Value[string]
	Each []Expectation // as they are written; a plain value is one of equals
	Span source.Span   // the plain value, else the name
}

// Expectation is one key of Expectations with its value.
type Expectation struct {
	Key   string
	Value any // of match a *regexp.Regexp
	Span  source.Span
}

// Region is what a view of the body must and must not hold.
type Region struct {
	Contains, NotContains []Value[string]
	Match, NotMatch       []Value[*regexp.Regexp]
	Number                Number
}

// Number bounds the numbers that stand in a text.
type Number struct {
	Span             source.Span
	Match            Value[*regexp.Regexp]
	Min, Max, Equals Value[float64]
	Decimal          Value[string]
}

// Size bounds the body after decompression.
type Size struct {
	Span     source.Span
	Min, Max Value[int64]
}

// Exception lets another status pass for a time, or turns a failure into a warning.
type Exception struct {
	Span   source.Span
	Status []Value[string]
	Until  Value[time.Time]
	Reason Value[string]
}

// Same says whether another section states the same, wherever it stands.
func (p *ProdFacts) Same(other *ProdFacts) bool {
	return reflect.DeepEqual(plainOf(p.node), plainOf(other.node))
}

// NameOf returns where the fact or the workflow of a name stands, the section where none is named so.
func (p *ProdFacts) NameOf(name string, workflow bool) source.Span {
	if workflow {
		if i := slices.IndexFunc(p.Workflows, func(w Workflow) bool { return w.Name.V == name }); i >= 0 {
			return p.Workflows[i].Name.Span
		}
		return p.Span
	}
	if i := slices.IndexFunc(p.Check, func(c Check) bool { return c.Name.V == name }); i >= 0 {
		return p.Check[i].Name.Span
	}
	return p.Span
}

// pair is an entry of a mapping as plain data.
type pair struct {
	key   string
	value any
}

// plainOf returns a node as plain data: nil, bool, string, json.Number, []any
// and []pair. A whole number that is not written plainly, 0x10 or 1_000, is the
// text that stands there: readers of YAML do not agree on it.
func plainOf(n ast.Node) any {
	switch n := n.(type) {
	case *ast.MappingNode:
		out := make([]pair, len(n.Values))
		for i, entry := range n.Values {
			out[i] = pair{entryName(entry), plainOf(entry.Value)}
		}
		return out
	case *ast.SequenceNode:
		out := make([]any, len(n.Values))
		for i, one := range n.Values {
			out[i] = plainOf(one)
		}
		return out
	case *ast.NullNode:
		return nil
	case *ast.BoolNode:
		return n.Value
	case *ast.FloatNode:
		if !isDecimal(n.GetToken().Value) {
			return json.Number(strconv.FormatFloat(n.Value, 'g', -1, 64)) // .5, +0.5
		}
	}
	if written := n.GetToken().Value; n.GetToken().Type != token.SingleQuoteType && n.GetToken().Type != token.DoubleQuoteType && isDecimal(written) {
		return json.Number(written)
	}
	if s, ok := content(n); ok {
		return s
	}
	return n.GetToken().Value
}

// isDecimal says whether a text is a number as JSON writes it, without an exponent.
func isDecimal(s string) bool {
	return strings.Trim(s, "-.0123456789") == "" && json.Valid([]byte(s))
}
