// Package rule judges a board by its rules.
//
// A rule is a constant value in a file of its own, with its book beside it:
// wip_limit.go and wip_limit.txtar. Rules are pure: what they may know stands
// in the Pass, the clock included.
package rule

import (
	"slices"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/source"
)

// The severities, by their short names.
const (
	Off     = config.Off
	Notice  = config.Notice
	Warning = config.Warning
	Error   = config.Error
)

// Rule is one thing a board is held to.
type Rule struct {
	Name     string
	Severity config.Severity // of a finding that names none
	Fixed    bool            // cannot be waived: wip-limit, config, waiver, prod-facts
	Derived  bool            // its severity follows from elsewhere, and no configuration sets it: prod-facts
	Always   bool            // judges also where there is no board to read: board-shape, config, prod-facts
	Own      bool            // judges the head by its own words alone; see Judge
	Both     bool            // finds what is so by the words of either side; see Judge
	// Check judges a change; nil where the rule has nothing to say of one.
	Check func(*Pass)
	// Standing checks the board as it stands, on a schedule, when there is no
	// change to judge; nil where time alone breaks nothing.
	Standing func(*Pass)
	// Wants lists the facts the rule will ask for; nil where it asks none.
	Wants func(*Pass, *fact.Wanted)
}

// BaseKind is what there was to compare with. The zero BaseKind is nothing.
type BaseKind string

// The kinds of base.
const (
	NoBase   BaseKind = ""         // none was asked for
	Adoption BaseKind = "adoption" // the base has no board: this change brings it
	Present  BaseKind = "present"
)

// Case is all that a judgement depends on.
type Case struct {
	Head, Base           *board.Board // Head is nil where there is no board
	BaseKind             BaseKind
	State, BaseState     *board.Board   // nil where there is none
	Archive, BaseArchive *board.Board   // where finished items go that leave the board; nil where there is none
	Earlier              []*board.Board // the board as it was committed, the newest version first, back to before the time that a rule wanted; nil where that is not known
	NoArchive            string         // why the head's archive could not be read where it should have been, a sentence; empty where it was
	Policy               config.Policy
	HeadConfig           *config.Reading // the head's own configuration where the change edits it
	Redirects            []Redirect      // files that the head would have elsewhere from now on
	HeadWords, BaseWords board.Words     // each side's own
	Changes              compare.Result
	Facts                fact.Answers
	Enforcement          Enforcement // what the facts of production decide
	Now                  time.Time
	Pull                 int    // this pull request's number, 0 where it is not known
	PullPending          bool   // there is no pull request yet; its number will be known when it is opened
	BoardPath            string // where the board is or was looked for
	BoardNamedBy         string // what names that path where no board is there, such as the configuration's path; empty where it was to be found
	BoardElsewhere       string // a file that has columns, where BoardNamedBy names one that is not there; empty for none
	Deleted              bool   // the base had the board and the head has not

	stood    map[waiverText]bool // what the base's waivers say that stand at no item, nil until asked for
	measures map[string]Measure  // what Measured said of each criterion
	later    *Case               // the case whose base this is, judged to know what is old; nil for none
	again    bool                // this is the case read once more, by the words of the base
}

// Redirect is a file that the head would have at another path from now on while
// it still is at the base's, where it was read.
type Redirect struct {
	Key     string       // of the configuration: board, state or archive
	What    string       // "the board"
	Path    string       // the base's
	To      string       // the head's, empty for none
	Named   bool         // the head's configuration names To; else To would be found
	Unnamed bool         // the base's configuration names Path, and the head's names none
	By      *source.File // what makes it so: the head's configuration, or the file that would be found
}

// Pass is what one rule sees of a Case, and where its findings go.
type Pass struct {
	*Case
	Rule *Rule

	names    *compare.Names
	numbered *bool                          // what numbersItems found, nil where it has not looked
	left     *trace                         // of what left the board, nil until asked for
	lines    map[board.Role]map[string]bool // of the base's columns, nil until asked for
	kept     *trace                         // of the archive, nil until asked for
	reread   int                            // how much of the board was read again for hints
	found    []Finding
	unknown  []string
	remarks  []string
}

// Finding is one thing that is not as a rule has it.
type Finding struct {
	Rule     string
	Severity config.Severity // set by a rule only where it differs from the rule's own
	Span     source.Span     // what it is about; the zero Span is about no place
	Message  string          // one sentence
	Quotes   []Quote         // the values that Message quotes, in their order
	Hint     string          // what would put it right: a line of prose, below it lines to paste; empty for none
	Related  []Related
	Fix      []source.Edit

	// Item, Column and Key say what the finding is about, for the base's
	// counterpart; Count is a limit's count, the lower the better.
	Item   *board.Item
	Column board.Role
	Key    string
	Count  int

	Introduced bool
	Waived     *board.Waiver
}

// Related is a second place of a finding.
type Related struct {
	Span    source.Span
	Message string
}

// Report adds a finding.
func (p *Pass) Report(f Finding) {
	f.Rule = p.Rule.Name
	if f.Severity == "" {
		f.Severity = p.Rule.Severity
	}
	f.Message, f.Quotes = unquoted(f.Message)
	f.Hint, _ = unquoted(f.Hint)
	p.found = append(p.found, f)
}

// CouldNotFindOut says what should have been known and is not; the verdict is
// then unverified at best.
func (p *Pass) CouldNotFindOut(sentence string) {
	sentence, _ = unquoted(sentence)
	p.unknown = append(p.unknown, sentence)
}

// Remark says once what was not looked at, and why.
func (p *Pass) Remark(sentence string) {
	sentence, _ = unquoted(sentence)
	p.remarks = append(p.remarks, sentence)
}

var all []*Rule

// declare adds a rule to those that All returns.
func declare(r *Rule) *Rule {
	all = append(all, r)
	return r
}

// All returns every rule, by name.
func All() []*Rule {
	out := slices.Clone(all)
	slices.SortFunc(out, func(a, b *Rule) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Named returns the rule of a name, nil where there is none.
func Named(name string) *Rule {
	for _, r := range all {
		if r.Name == name {
			return r
		}
	}
	return nil
}

// Infos returns what the configuration must know of the rules.
func Infos() []config.RuleInfo {
	var out []config.RuleInfo
	for _, r := range All() {
		out = append(out, config.RuleInfo{Name: r.Name, Fixed: r.Fixed, Derived: r.Derived})
	}
	return out
}
