package rule

import (
	"slices"

	"github.com/boardgate/boardgate/internal/fact"
)

// Queue is what stands ahead of a change in a merge queue, which may land with
// the change although it failed. The zero Queue is nothing.
type Queue struct {
	Ahead *Case // the changes ahead: from the branch to this change's base
	Whole *Case // those and this change: from the branch to this change's head
}

// rules judge a queue. The pull requests ahead are still open, and production
// is asked once.
func (q Queue) rules() []*Rule {
	return slices.DeleteFunc(All(), func(r *Rule) bool { return r == DoneMerged || r == ProdFacts })
}

// Wants adds to what a change will ask for what its queue will.
func (q Queue) Wants(w fact.Wanted) fact.Wanted {
	if q.Whole == nil {
		return w
	}
	for _, c := range []*Case{q.Whole, q.Ahead} {
		more := Wants(c, q.rules()...)
		w.Pulls, w.Paths = append(w.Pulls, more.Pulls...), append(w.Paths, more.Paths...)
	}
	return sorted(w)
}

// Add takes into the judgement of a change what is wrong ahead of it and still
// wrong after it. What only all steps together show is not: an item that one
// change starts and the next finishes was in WIP in between.
func (j *Judgement) Add(own *Case, q Queue) {
	if q.Whole == nil {
		return
	}
	whole, ahead := Judge(q.Whole, q.rules()...), Judge(q.Ahead, q.rules()...)
	for _, f := range whole.Findings {
		before, had := q.before(own, f)
		stood := func(a Finding) bool { return a.Introduced && sameFinding(before, a) }
		found := func(o Finding) bool { return o.Introduced && sameFinding(f, o) }
		if had && f.Introduced && slices.ContainsFunc(ahead.Findings, stood) && !slices.ContainsFunc(j.Findings, found) {
			f.lead("with what is ahead in the merge queue: ")
			j.Findings = append(j.Findings, f)
		}
	}
	j.addUnknown(whole)
	slices.SortStableFunc(j.Findings, order)
}

// before returns a finding of the whole as one of what is ahead, which is about
// what its item was before the change; false where the change brings the item.
func (q Queue) before(own *Case, f Finding) (Finding, bool) {
	if f.Item == nil || q.Whole.Head == nil || f.Item.Line.File != q.Whole.Head.File {
		return f, true
	}
	for _, it := range own.Head.All() {
		if it.Line.Start == f.Item.Line.Start {
			f.Item = own.Changes.BaseOf(it)
		}
	}
	return f, f.Item != nil
}
