// Package compare tells who is who between two boards: which items stayed,
// moved, came and went.
package compare

import (
	"bytes"
	"unicode"

	"github.com/boardgate/boardgate/internal/board"
)

// SameText says whether two texts are the same but for how their lines end: the
// line ends themselves, white space before them, and blank lines at the end.
func SameText(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	for len(a) > 0 || len(b) > 0 {
		var x, y []byte
		x, a, _ = bytes.Cut(a, []byte("\n"))
		y, b, _ = bytes.Cut(b, []byte("\n"))
		if !bytes.Equal(bytes.TrimRightFunc(x, unicode.IsSpace), bytes.TrimRightFunc(y, unicode.IsSpace)) {
			return false
		}
	}
	return true
}

// Kind is what happened to an item.
type Kind string

// The kinds of change. An item that is the same on both sides is not a change.
const (
	Added   Kind = "added"
	Removed Kind = "removed"
	Moved   Kind = "moved"
	Edited  Kind = "edited"
	Ticked  Kind = "ticked" // the box of an item that stays in NEXT or WIP, whatever else was edited
)

// Match is by what two items were taken for one.
type Match string

// The matches, the surest first.
const (
	ID       Match = "id"       // the same id, or one that cites it
	Exact    Match = "exact"    // the same title
	Marked   Match = "marked"   // the author says so: "(was: …)"
	Title    Match = "title"    // the same title without id, bracket and punctuation
	Criteria Match = "criteria" // the same Definition of Done, the same bullets, or the same pull requests
	Fuzzy    Match = "fuzzy"    // titles alike, each the other's nearest
)

// Pair is one item on both sides.
type Pair struct {
	Base, Head *board.Item
	Match      Match
}

// Ticked says whether an item's box was ticked while the item stays in NEXT or WIP.
func (p Pair) Ticked() bool {
	return p.Head.Mark == board.Checked && p.Base.Mark != board.Checked && p.Base.Mark != board.Struck &&
		open(p.Base) && open(p.Head)
}

// Change is what happened to one item. Base is nil for one added, Head for one removed.
type Change struct {
	Kind  Kind
	Base  *board.Item
	Head  *board.Item
	Match Match // empty for added and removed
}

// Loss is an item of the base that no column of the head holds.
type Loss struct {
	Item   *board.Item
	Near   []*board.Item // newcomers of the head that may be it, the nearest first, at most three
	Likely bool          // one of them is close enough to be it, and only another or its place leaves it unclear
	Before *board.Item   // the item of the base's DONE or Dropped that it already was: late tidying
	Marked string        // the reason the author gives in a dropped marker
}

// Result is all that is known of two boards.
type Result struct {
	Pairs   []Pair   // in the order of the head; one item of the head may stand for several of the base that it cites
	Changes []Change // moved, edited and added in the order of the head, then removed in the order of the base
	Losses  []Loss   // removed from NEXT or WIP, in the order of the base

	// Reformatted says that the boards share so little that the format must have
	// changed.
	Reformatted bool

	baseOf map[*board.Item]*Pair
	headOf map[*board.Item]*Pair
}

// BaseOf returns what the head's item was in the base, nil where it is new.
func (r *Result) BaseOf(head *board.Item) *board.Item {
	if p := r.baseOf[head]; p != nil {
		return p.Base
	}
	return nil
}

// HeadOf returns what the base's item is in the head, nil where it is gone.
func (r *Result) HeadOf(base *board.Item) *board.Item {
	if p := r.headOf[base]; p != nil {
		return p.Head
	}
	return nil
}
