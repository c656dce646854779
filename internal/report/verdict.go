package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/text"
)

// VerdictLine returns the verdict with its counts, "fail: 5 errors, 1 warning":
// our own words and numbers, fit for a title. Where the verdict holds up nothing
// it is "observing: 5 errors, 1 warning".
//
// Of production alone it is the verdict with the names of the facts behind it.
func VerdictLine(r *Report) string {
	if r.ProductionOnly() {
		return r.productionVerdictLine()
	}
	counts := strings.Join(tally(r), ", ")
	words := []string{r.Verdict.String(), counts}
	switch {
	case r.Verdict == rule.Passed:
		words[1] = cmp.Or(counts, "no findings")
	case r.Observing && r.Verdict == rule.Fail && counts != "":
		words[0] = "observing"
	case r.Observing:
		words = slices.Insert(words, 0, "observing")
	}
	return strings.TrimSuffix(strings.Join(words, ": "), ": ")
}

// tally counts what decides; notices are named only where nothing more severe is.
func tally(r *Report) []string {
	errors, warnings, notices := rule.Counts(r.Findings)
	var out []string
	if errors > 0 {
		out = append(out, text.Count(errors, "error"))
	}
	if warnings > 0 {
		out = append(out, text.Count(warnings, "warning"))
	}
	if len(out) == 0 && notices > 0 {
		out = append(out, text.Count(notices, "notice"))
	}
	waived := 0
	for _, f := range r.Findings {
		if f.Introduced && f.Waived != nil {
			waived++
		}
	}
	if waived > 0 {
		out = append(out, fmt.Sprintf("%d waived", waived))
	}
	return out
}

// partition are the findings by what becomes of them; each stands in one of the five.
type partition struct {
	errors, warnings, notices []rule.Finding // introduced and not waived
	older                     []rule.Finding // not introduced, waived or not
	waived                    []rule.Finding // introduced and waived
}

func partitionOf(r *Report) partition {
	var s partition
	for _, f := range r.Findings {
		switch {
		case !f.Introduced:
			s.older = append(s.older, f)
		case f.Waived != nil:
			s.waived = append(s.waived, f)
		case f.Severity == rule.Error:
			s.errors = append(s.errors, f)
		case f.Severity == rule.Warning:
			s.warnings = append(s.warnings, f)
		default:
			s.notices = append(s.notices, f)
		}
	}
	return s
}

// deciding returns the introduced, unwaived findings, the most severe first.
func (s partition) deciding() []rule.Finding {
	return slices.Concat(s.errors, s.warnings, s.notices)
}

// fails says whether a severity fails under the report's threshold.
func (r *Report) fails(s config.Severity) bool {
	return s.Rank() >= cmp.Or(r.FailOn, rule.Error).Rank()
}

// column is one column, or all the columns of a role that has rules of its own.
type column struct {
	name   string // "WIP", or for a column without rules its title
	role   board.Role
	items  []*board.Item
	limit  int
	capped bool // whether there is a limit
}

// count returns "1 of 1", or "12" where there is no limit.
func (c column) count() string {
	if c.capped {
		return fmt.Sprintf("%d of %d", len(c.items), c.limit)
	}
	return fmt.Sprint(len(c.items))
}

// roles are those that a one-line summary names, in its order.
var roles = [...]struct {
	role board.Role
	name string
}{{board.WIP, "WIP"}, {board.Next, "NEXT"}, {board.Done, "DONE"}, {board.Dropped, "Dropped"}}

// roleName returns a role as people write it.
func roleName(role board.Role) string {
	for _, n := range roles {
		if n.role == role {
			return n.name
		}
	}
	return string(role)
}

// columns returns the board's columns as they are shown: WIP, NEXT, DONE,
// Dropped, each where the board has it, then the other columns by title.
func columns(b, base *board.Board, p config.Policy) []column {
	var out []column
	for _, n := range roles {
		if len(b.Column(n.role)) == 0 {
			continue
		}
		limit, ok := p.Limit(n.role, base, b)
		out = append(out, column{n.name, n.role, b.Items(n.role), limit.Max, ok})
	}
	for _, c := range b.Column(board.Other) {
		shown := column{name: title(c.Title.Value), role: board.Other, items: c.Items}
		if c.Limit != nil {
			shown.limit, shown.capped = c.Limit.Max, true
		}
		out = append(out, shown)
	}
	return out
}

// SummaryLine returns "0 of 1 in WIP, 3 of 3 in NEXT, 12 in DONE", empty where there
// is not a board. It names no column by its title, so it is our own words alone.
func SummaryLine(r *Report) string {
	if r.Case == nil || r.Case.Head == nil {
		return ""
	}
	var out []string
	for _, c := range columns(r.Case.Head, r.Case.Base, r.Case.Policy) {
		if c.role != board.Other {
			out = append(out, c.count()+" in "+c.name)
		}
	}
	return strings.Join(out, ", ")
}

// columnOf returns the role of an item's column; an item of no column has none.
func columnOf(i *board.Item) board.Role {
	if i == nil || i.Column == nil {
		return ""
	}
	return i.Column.Role
}

// move is a change in the words of a report.
type move struct {
	kind     compare.Kind
	title    string
	was      string // its title before, where that was another
	from, to board.Role
	path     string
	line     int // in the head; of a removed item in the base
	match    compare.Match
	dropped  string // why the author says that it was
}

// moves returns what the change did, empty without a base.
func moves(r *Report) []move {
	if r.Case == nil {
		return nil
	}
	dropped := map[*board.Item]string{}
	for _, l := range r.Case.Changes.Losses {
		dropped[l.Item] = l.Marked
	}
	all := r.Case.Changes.Changes
	out := make([]move, 0, len(all))
	for _, c := range all {
		m := moveOf(c)
		m.dropped = dropped[c.Base]
		out = append(out, m)
	}
	return out
}

// told returns the moves that people are told of: none where there was no board
// before, for then all of it came.
func told(r *Report) []move {
	if r.Case == nil || r.Case.Base == nil {
		return nil
	}
	return moves(r)
}

// claim is what the author of a change says became of an item.
type claim struct {
	title  string // before the change
	now    string // its title now, empty where it was dropped
	reason string // why it was dropped
}

// sentence says it, a title through quoted and the reason through plain.
func (c claim) sentence(quoted, plain func(string) string) string {
	if c.now != "" {
		return quoted(`"`+title(c.title)+`"`) + " is now " + quoted(`"`+title(c.now)+`"`)
	}
	return quoted(`"`+title(c.title)+`"`) + " was dropped: " + plain(title(c.reason))
}

// claims are what no rule can check, so that a reviewer is to read them.
func claims(r *Report) []claim {
	if r.Case == nil {
		return nil
	}
	var out []claim
	for _, l := range r.Case.Changes.Losses {
		if l.Marked != "" {
			out = append(out, claim{title: l.Item.Title.Value, reason: l.Marked})
		}
	}
	for _, p := range r.Case.Changes.Pairs {
		if p.Match == compare.Marked && p.Base.Title.Value != p.Head.Title.Value {
			out = append(out, claim{title: p.Base.Title.Value, now: p.Head.Title.Value})
		}
	}
	return out
}

func moveOf(c compare.Change) move {
	m := move{kind: c.Kind, from: columnOf(c.Base), to: columnOf(c.Head), match: c.Match}
	now := c.Head
	if now == nil {
		now = c.Base
	}
	if now != nil {
		m.title, m.path, m.line = now.Title.Value, now.Line.File.Path, now.Line.From().Line
	}
	if c.Base != nil && c.Base.Title.Value != m.title {
		m.was = c.Base.Title.Value
	}
	return m
}

// boardPath returns where the board is or was looked for.
func (r *Report) boardPath() string {
	switch {
	case r.Case == nil:
		return ""
	case r.Case.Head != nil && r.Case.Head.File != nil:
		return r.Case.Head.File.Path
	}
	return r.Case.BoardPath
}
