package rule

import (
	"maps"
	"slices"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
)

// byBaseWords returns the same change read by the words of the base, nil where
// the change does not edit them or one side is not a board by them.
func (c *Case) byBaseWords() *Case {
	if c.BaseKind != Present || c.Base == nil || c.Head == nil || sameColumns(c.BaseWords, c.HeadWords) && sameLabels(c.BaseWords, c.HeadWords) {
		return nil
	}
	again := *c
	again.again, again.stood = true, nil
	again.Base, again.Head = board.Alike(reread(c.Base, c.BaseWords), reread(c.Head, c.BaseWords))
	if again.Base.Problem != "" || again.Head.Problem != "" {
		return nil
	}
	again.Changes = compare.Boards(again.Base, again.Head)
	again.State, again.BaseState = reread(c.State, board.StateWords(c.BaseWords)), reread(c.BaseState, board.StateWords(c.BaseWords))
	return &again
}

func reread(b *board.Board, words board.Words) *board.Board {
	if b == nil {
		return nil
	}
	return board.Parse(b.File, words)
}

func sameColumns(a, b board.Words) bool {
	return maps.EqualFunc(a.Columns, b.Columns, slices.Equal[[]string])
}

// sameLabels says whether two sets of words differ in those of columns at most.
func sameLabels(a, b board.Words) bool {
	return slices.Equal(a.DoD, b.DoD) && slices.Equal(a.None, b.None) && slices.Equal(a.Updated, b.Updated) && slices.Equal(a.Limit, b.Limit)
}

// either returns the rules that judge either reading.
func either(rules []*Rule) []*Rule {
	return slices.DeleteFunc(slices.Clone(rules), func(r *Rule) bool { return r.Own || r.Both })
}

// keepShared leaves out what the rules find that find what both readings show, where
// the other reading does not show it.
func (j *Judgement) keepShared(again *Case, rules []*Rule) {
	others := run(again, slices.DeleteFunc(slices.Clone(rules), func(r *Rule) bool { return !r.Both }), ofChange).Findings
	j.Findings = slices.DeleteFunc(j.Findings, func(f Finding) bool {
		return Named(f.Rule).Both && !slices.ContainsFunc(others, func(o Finding) bool { return sameFinding(f, o) })
	})
}

// addReread takes in what the same change shows when it is read by the words of the
// base: what is introduced there, and no worse in j.
func (j *Judgement) addReread(again Judgement) {
	for _, f := range again.Findings {
		same := func(own Finding) bool { return sameFinding(own, f) }
		lighter := func(own Finding) bool { // it decides less
			return !own.Introduced || own.Waived != nil && f.Waived == nil || own.Severity.Rank() < f.Severity.Rank()
		}
		if !f.Introduced || slices.ContainsFunc(j.Findings, func(own Finding) bool { return same(own) && !lighter(own) }) {
			continue
		}
		j.Findings = slices.DeleteFunc(j.Findings, same)
		f.lead("read by the columns and words of the base: ")
		j.Findings = append(j.Findings, f)
	}
	j.addUnknown(again)
}

// addUnknown takes in what another judgement could not find out.
func (j *Judgement) addUnknown(other Judgement) {
	for _, u := range other.Unknown {
		if !slices.Contains(j.Unknown, u) {
			j.Unknown = append(j.Unknown, u)
		}
	}
}

// sameFinding says whether two judgements found the same of the same lines of a text.
func sameFinding(a, b Finding) bool {
	if a.Rule != b.Rule || a.Key != b.Key || (a.Item == nil) != (b.Item == nil) {
		return false
	}
	if a.Item != nil {
		return a.Item.Line.Start == b.Item.Line.Start
	}
	return a.Column == b.Column
}
