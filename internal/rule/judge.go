package rule

import (
	"cmp"
	"slices"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
)

// Verdict is the outcome of a judgement. The zero Verdict is Unverified.
type Verdict string

// The verdicts.
const (
	Unverified Verdict = ""
	Fail       Verdict = "fail"
	Passed     Verdict = "pass"
)

// String returns the verdict as reports and outputs name it.
func (v Verdict) String() string {
	if v == Unverified {
		return "unverified"
	}
	return string(v)
}

// Judgement is what the rules found, before anyone is told.
type Judgement struct {
	Findings []Finding // sorted by path, place, rule
	Unknown  []string  // what could not be found out and should have been, a sentence each
	Remarks  []string  // what was not looked at, and why, a sentence each
}

// Verdict returns the outcome: fail before unverified before pass. Only
// introduced findings that no waiver covers decide, and of these errors, and
// warnings where failOn is Warning.
func (j Judgement) Verdict(failOn config.Severity) Verdict {
	errors, warnings, _ := Counts(j.Findings)
	switch {
	case errors > 0, failOn == Warning && warnings > 0:
		return Fail
	case len(j.Unknown) > 0:
		return Unverified
	}
	return Passed
}

// Counts reports how many of the findings decide: introduced and not waived, by severity.
func Counts(findings []Finding) (errors, warnings, notices int) {
	for _, f := range findings {
		if !f.Introduced || f.Waived != nil {
			continue
		}
		switch f.Severity {
		case Error:
			errors++
		case Warning:
			warnings++
		default:
			notices++
		}
	}
	return errors, warnings, notices
}

// Wants returns the facts that the rules given will ask for, or every rule where
// none is given; sorted, without doubles.
func Wants(c *Case, only ...*Rule) fact.Wanted {
	if len(only) == 0 {
		only = All()
	}
	var w fact.Wanted
	wants(c, only, &w)
	if again := c.byBaseWords(); again != nil {
		wants(again, either(only), &w)
	}
	return sorted(w)
}

func sorted(w fact.Wanted) fact.Wanted {
	slices.SortFunc(w.Pulls, func(a, b fact.Pull) int {
		return cmp.Or(cmp.Compare(a.Repo, b.Repo), cmp.Compare(a.Number, b.Number))
	})
	slices.Sort(w.Paths)
	w.Pulls, w.Paths = slices.Compact(w.Pulls), slices.Compact(w.Paths)
	return w
}

func wants(c *Case, rules []*Rule, w *fact.Wanted) {
	for _, r := range rules {
		if r.Wants != nil && c.Policy.Severity(r.Name, r.Severity) != Off {
			r.Wants(&Pass{Case: c, Rule: r}, w)
		}
	}
}

// Judge holds the case to the rules given, to every rule where none is.
//
// Where the change edits the words by which the board is read, the head is read
// by those of the base too, and what either reading finds counts: no change hides
// anything from its own judgement by calling it something else. What a reading
// does not know is another matter, for a heading that changes together with the
// map is not a column by the words of the base. So rules about what a board lacks
// judge the head by its own words alone (Own), and an item is lost only where
// neither reading has it (Both).
func Judge(c *Case, only ...*Rule) Judgement {
	if len(only) == 0 {
		only = All()
	}
	j := judge(c, only)
	if again := c.byBaseWords(); again != nil {
		j.keepShared(again, only)
		j.addReread(judge(again, either(only)))
		slices.SortStableFunc(j.Findings, order)
	}
	return j
}

func judge(c *Case, rules []*Rule) Judgement {
	j := run(c, rules, ofChange)
	// What a rule finds in the base only tells which of its findings are old.
	spoke := map[string]bool{}
	for _, f := range j.Findings {
		spoke[f.Rule] = true
	}
	silent := func(r *Rule) bool { return !spoke[r.Name] }
	older := older(c, run(baseCase(c), slices.DeleteFunc(slices.Clone(rules), silent), ofChange).Findings)
	j.applyPolicy(c, func(f Finding) bool { return introduced(c, f, older) })
	return j
}

func ofChange(r *Rule) func(*Pass) { return r.Check }

// Audit checks the board as it stands, when there is no change to judge: all
// that the rules say on a schedule. Every finding counts as introduced.
func Audit(c *Case) Judgement {
	j := run(c, All(), func(r *Rule) func(*Pass) { return r.Standing })
	j.applyPolicy(c, func(Finding) bool { return true })
	return j
}

// applyPolicy gives the findings the severities in force and their waivers, drops
// those that are off, and sorts them.
func (j *Judgement) applyPolicy(c *Case, introduced func(Finding) bool) {
	known := map[coverage]*board.Waiver{}
	for i := range j.Findings {
		f := &j.Findings[i]
		f.Severity = c.Policy.Severity(f.Rule, f.Severity)
		f.Introduced = introduced(*f)
		f.Waived = waiverFor(c, *f, known)
	}
	j.Findings = slices.DeleteFunc(j.Findings, func(f Finding) bool { return f.Severity == Off })
	slices.SortStableFunc(j.Findings, order)
}

// run collects what each rule finds by the check that is asked for, if it has it.
func run(c *Case, rules []*Rule, check func(*Rule) func(*Pass)) Judgement {
	var j Judgement
	if c == nil {
		return j
	}
	names := compare.NewNames()
	var found [][]Finding
	for _, r := range rules {
		check := check(r)
		if check == nil || !readable(c) && !r.Always {
			continue
		}
		p := &Pass{Case: c, Rule: r, names: names}
		check(p)
		found = append(found, p.found)
		j.Unknown = append(j.Unknown, p.unknown...)
		j.Remarks = append(j.Remarks, p.remarks...)
	}
	j.Findings = slices.Concat(found...)
	return j
}

// readable says whether there is a board to hold to rules about its items.
func readable(c *Case) bool { return c.Head != nil && c.Head.Problem == "" }

// baseCase is the base judged by the same rules, limits included; nil where
// there is none.
func baseCase(c *Case) *Case {
	if c.BaseKind != Present || c.Base == nil {
		return nil
	}
	b := *c
	b.Head, b.State, b.BaseKind, b.HeadConfig, b.Redirects = c.Base, c.BaseState, NoBase, nil, nil
	b.Archive, b.NoArchive = c.BaseArchive, ""
	b.later = c
	return &b
}

// findingKey is what a finding is about: an item, else a column.
type findingKey struct {
	rule   string
	item   *board.Item
	column board.Role
	key    string
}

// keyOf returns a finding's key; item is what its item was in the base.
func keyOf(f Finding, item *board.Item) findingKey {
	if item != nil {
		return findingKey{rule: f.Rule, item: item, key: f.Key}
	}
	return findingKey{rule: f.Rule, column: f.Column, key: f.Key}
}

// counts are, by rank, one more than the greatest count of findings that are at
// least so severe; 0 where there is none.
type counts [4]int

// older returns what the base's findings of each key count.
func older(c *Case, base []Finding) map[findingKey]counts {
	out := make(map[findingKey]counts, len(base))
	for _, b := range base {
		at := keyOf(b, b.Item)
		of := out[at]
		for g := range c.Policy.Severity(b.Rule, b.Severity).Rank() + 1 {
			of[g] = max(of[g], b.Count+1)
		}
		out[at] = of
	}
	return out
}

// introduced says whether a finding is this change's: the base has none of the
// same rule about the same item or column that is no better.
func introduced(c *Case, f Finding, older map[findingKey]counts) bool {
	if c.BaseKind == Adoption && f.Item != nil && f.Item.Column.Role == board.Done {
		return false
	}
	was := c.Changes.BaseOf(f.Item)
	if f.Item != nil && was == nil {
		return true
	}
	return older[keyOf(f, was)][f.Severity.Rank()] <= f.Count
}

// order sorts findings by path, place, rule and message.
func order(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(filePath(a), filePath(b)),
		cmp.Compare(a.Span.Start, b.Span.Start),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Span.End, b.Span.End),
		cmp.Compare(a.Message, b.Message),
	)
}

func filePath(f Finding) string {
	if f.Span.IsZero() {
		return ""
	}
	return f.Span.File.Path
}
