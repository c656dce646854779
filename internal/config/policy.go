// Package config reads the configuration: the rules in force, and what it leaves to the board.
package config

import (
	"slices"
	"time"

	"github.com/boardgate/boardgate/internal/board"
)

// Severity is how severe a finding is. The zero Severity is "as the rule has it".
type Severity string

// The severities, from none to severe.
const (
	Off     Severity = "off"
	Notice  Severity = "notice"
	Warning Severity = "warning"
	Error   Severity = "error"
)

// Rank orders severities: Off 0, Notice 1, Warning 2, Error 3.
func (s Severity) Rank() int {
	return max(0, slices.Index([]Severity{Off, Notice, Warning, Error}, s))
}

// Policy is a configuration with its defaults filled in.
type Policy struct {
	Source string // "defaults", or the path of the file
	Commit string // the commit the file was read from, empty where it was none

	Board   string // the board's path, empty where it is to be found
	State   string // the state file's path, empty where it is to be found
	Archive string // the path of the file for finished items that left the board, empty where there is none

	Words      board.Words
	StateWords board.Words

	Limits map[board.Role]int  // only what the configuration states
	WIPAge time.Duration       // how long an item may stay in WIP; 0 for any time
	Rules  map[string]Severity // only what the configuration states
	Self   []string            // rules that a change may waive for itself

	ProdFacts *ProdFacts // nil where none are configured
}

// Default returns the policy of an empty configuration.
func Default() Policy {
	words := board.DefaultWords()
	return Policy{
		Source:     "defaults",
		Words:      words,
		StateWords: board.StateWords(words),
		Limits:     map[board.Role]int{},
		Rules:      map[string]Severity{},
		Self:       []string{"done-reference", "dod-required", "dod-measurable", "state-sync", "item-lost"},
	}
}

// Severity returns the severity in force for a finding whose rule gave it found.
// A configured severity takes the place of the rule's own, whatever that was;
// config and waiver keep theirs, which is all that a configuration can state.
func (p Policy) Severity(rule string, found Severity) Severity {
	if s, ok := p.Rules[rule]; ok && !unbending[rule] {
		return s
	}
	return found
}

// Limit returns the limit in force for the columns of a role, and whether
// there is one: the configuration's, else the base board's heading, else its
// Rules, else, where there is no base or it has no such column, the head's own.
func (p Policy) Limit(role board.Role, base, head *board.Board) (board.Limit, bool) {
	if n, ok := p.Limits[role]; ok {
		return board.Limit{Role: role, Max: n}, true
	}
	b := head
	if len(base.Column(role)) > 0 {
		b = base
	}
	return Stated(b, role, b.Column(role))
}

// Stated returns the limit a board itself states for columns of a role, and
// whether it states one: the smallest in their headings, else its Rules'.
func Stated(b *board.Board, role board.Role, columns []*board.Column) (board.Limit, bool) {
	var found *board.Limit
	for _, c := range columns {
		if c.Limit != nil && (found == nil || c.Limit.Max < found.Max) {
			found = c.Limit
		}
	}
	if found != nil {
		return *found, true
	}
	if b != nil {
		for _, l := range b.Rules {
			if l.Role == role {
				return l, true
			}
		}
	}
	return board.Limit{}, false
}
