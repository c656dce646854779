package compare

import (
	"cmp"
	"slices"

	"github.com/boardgate/boardgate/internal/board"
)

// Ticked is what happened to an item whose box was ticked where it stands, in
// NEXT or WIP.
const Ticked Kind = "ticked"

// Ticked says whether an item's box was ticked while the item stays in NEXT or WIP.
func (p Pair) Ticked() bool {
	return p.Head.Mark == board.Checked && p.Base.Mark != board.Checked && p.Base.Mark != board.Struck &&
		open(p.Base) && open(p.Head)
}

// All returns the changes, those of items that were ticked in one column as
// Ticked: also where the box is all that changed.
func (r *Result) All() []Change {
	out := slices.Clone(r.Changes)
	listed := map[*board.Item]int{}
	for i, c := range out {
		listed[c.Head] = i
	}
	more := false
	for _, p := range r.Pairs {
		if !p.Ticked() || p.Base.Column.Role != p.Head.Column.Role {
			continue
		}
		i, ok := listed[p.Head]
		if !ok {
			i, more = len(out), true
			out = append(out, Change{Base: p.Base, Head: p.Head, Match: p.Match})
		}
		out[i].Kind = Ticked
	}
	if more {
		slices.SortStableFunc(out, byHead)
	}
	return out
}

// byHead orders changes by where they stand in the head, those removed last.
func byHead(a, b Change) int {
	switch {
	case a.Head == nil && b.Head == nil:
		return 0
	case a.Head == nil:
		return 1
	case b.Head == nil:
		return -1
	}
	return cmp.Or(
		cmp.Compare(a.Head.Column.Title.Span.Start, b.Head.Column.Title.Span.Start),
		cmp.Compare(a.Head.Title.Span.Start, b.Head.Title.Span.Start),
	)
}
