package config

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/boardgate/boardgate/internal/source"
)

// Reading is a configuration file as it was read.
type Reading struct {
	File *source.File
	// Policy holds what could be read; what is missing or at fault has its
	// default. Where there are Faults it serves to parse that side's board;
	// nothing is to be judged by it.
	Policy Policy
	Faults []Fault // what is wrong with it, by place; empty where it is sound
}

// Fault is one thing wrong in a configuration.
type Fault struct {
	Span    source.Span
	Message string // one sentence with the value in quotes and what was expected
	Hint    string // what to do, or a line to paste; empty where the message says it
	Example bool   // Hint is a line to paste
}

// String returns path:line:column: message.
func (f Fault) String() string { return f.Span.String() + ": " + f.Message }

// RuleInfo is what a configuration needs to know of a rule.
type RuleInfo struct {
	Name    string
	Fixed   bool // cannot be waived
	Derived bool // its severity follows from elsewhere
}

// Read reads a configuration. Where it is not YAML as it is read here, that is
// all its faults; else every key that is wrong is one.
//
// It reads one YAML 1.2 document (https://yaml.org/spec/1.2.2/) of at most
// 64 KiB, nested at most 20 deep, without anchors, aliases, merge keys, tags
// and directives: no value stands in a place other than its own.
func Read(file *source.File, rules []RuleInfo) Reading {
	r := &reader{file: file, policy: Default(), claims: map[string]claim{}}
	r.policy.Source = file.Path
	if root := r.parse(); root != nil {
		r.root(configuration(rules), root)
	}
	r.settle()
	out := Reading{File: file, Policy: r.policy}
	out.Add(r.faults...)
	return out
}

// Add adds faults, each at its place.
func (r *Reading) Add(faults ...Fault) {
	r.Faults = append(r.Faults, faults...)
	slices.SortStableFunc(r.Faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Message, b.Message))
	})
}

// fault adds a fault at a place. Only the first line of the place is kept, as a caret points at one line.
func (r *reader) fault(at source.Span, hint, format string, args ...any) {
	r.faults = append(r.faults, Fault{Span: at.FirstLine(), Message: fmt.Sprintf(format, args...), Hint: hint})
}

// example adds a fault that an example puts right, a line to paste; empty for none.
func (r *reader) example(at source.Span, line, format string, args ...any) {
	r.fault(at, line, format, args...)
	r.faults[len(r.faults)-1].Example = line != ""
}
