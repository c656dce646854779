package policy

import "github.com/boardgate/boardgate/internal/source"

// Reading is a configuration file as it was read.
type Reading struct {
	File   *source.File
	Policy Policy
	Faults []Fault // what is wrong with it; empty where it is sound
}

// Fault is one thing wrong in a configuration.
type Fault struct {
	Span    source.Span
	Message string // one sentence with the value in quotes and what was expected
	Hint    string
}
