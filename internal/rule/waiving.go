package rule

import (
	"slices"
	"time"

	"github.com/boardgate/boardgate/internal/board"
)

// waiverFor returns the waiver that covers a finding, nil where none does.
func waiverFor(c *Case, f Finding) *board.Waiver {
	if r := Named(f.Rule); r == nil || r.Fixed || c.Head == nil {
		return nil
	}
	waivers := c.Head.Waivers
	if f.Item != nil && !c.lost(f.Item) {
		waivers = f.Item.Waivers
	}
	for _, w := range waivers {
		if covers(c, w, f) && InForce(c, w, f.Rule) {
			return w
		}
	}
	return nil
}

// covers says whether a waiver stands where a finding is: at its item, or, for
// what no item of the head is, in its column.
func covers(c *Case, w *board.Waiver, f Finding) bool {
	if !slices.Contains(w.Rules, f.Rule) {
		return false
	}
	if f.Item != nil && !c.lost(f.Item) {
		return w.Item == f.Item
	}
	role := f.Column
	if f.Item != nil {
		role = f.Item.Column.Role
	}
	if w.Item != nil && f.Item == nil {
		return false
	}
	at := columnAt(c.Head, w)
	return at == nil || at.Role == role
}

// lost says whether an item is one of the base's that the head has not.
func (c *Case) lost(it *board.Item) bool {
	return it.Block.File != c.Head.File
}

// columnAt returns the column in whose body a waiver stands.
func columnAt(b *board.Board, w *board.Waiver) *board.Column {
	for _, col := range b.Columns {
		if col.Title.Span.Start <= w.Span.Start && w.Span.Start <= col.Body.End {
			return col
		}
	}
	return nil
}

// InForce says whether a waiver counts for a rule: it is soundly written, not
// past its day, and stands in the base or is of a rule a change may waive itself.
func InForce(c *Case, w *board.Waiver, rule string) bool {
	if w.Bad != "" || w.Reason == "" || Expired(w, c.Now) {
		return false
	}
	return slices.Contains(c.Policy.Self, rule) || !Added(c, w)
}

// Expired says whether a waiver's last day is over.
func Expired(w *board.Waiver, now time.Time) bool {
	return !w.Until.IsZero() && !now.Before(w.Until.Time().AddDate(0, 0, 1))
}

// Added says whether the change itself brings a waiver.
func Added(c *Case, w *board.Waiver) bool {
	if c.BaseKind != Present || c.Base == nil {
		return c.BaseKind == Adoption
	}
	return !slices.ContainsFunc(counterparts(c, w), func(b *board.Waiver) bool {
		return slices.Equal(b.Rules, w.Rules) && b.Reason == w.Reason && b.Until.Time().Equal(w.Until.Time())
	})
}

// counterparts returns the base's waivers that stand where one of the head does:
// at the same item, or at none.
func counterparts(c *Case, w *board.Waiver) []*board.Waiver {
	if w.Item == nil {
		return slices.DeleteFunc(slices.Clone(c.Base.Waivers), func(b *board.Waiver) bool { return b.Item != nil })
	}
	if was := c.Changes.BaseOf(w.Item); was != nil {
		return was.Waivers
	}
	return nil
}
