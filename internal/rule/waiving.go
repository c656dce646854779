package rule

import (
	"slices"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/board"
)

// coverage is what a waiver is looked for that stands at no item of the head.
type coverage struct {
	rule string
	role board.Role
	lost bool // the finding is about an item of the base
}

// waiverFor returns the waiver that covers a finding, nil where none does. Those
// that were found for what is not an item of the head are known.
func waiverFor(c *Case, f Finding, known map[coverage]*board.Waiver) *board.Waiver {
	if r := Named(f.Rule); r == nil || r.Fixed || c.Head == nil {
		return nil
	}
	counts := func(w *board.Waiver) bool { return slices.Contains(w.Rules, f.Rule) && InForce(c, w, f.Rule) }
	if f.Item != nil && !c.lost(f.Item) {
		return firstWaiver(f.Item.Waivers, counts)
	}
	of := coverage{f.Rule, f.Column, f.Item != nil}
	if of.lost {
		of.role = f.Item.Column.Role
	}
	w, ok := known[of]
	if !ok {
		w = firstWaiver(c.Head.Waivers, func(w *board.Waiver) bool { return covers(c, w, of) && counts(w) })
		known[of] = w
	}
	return w
}

func firstWaiver(waivers []*board.Waiver, is func(*board.Waiver) bool) *board.Waiver {
	if i := slices.IndexFunc(waivers, is); i >= 0 {
		return waivers[i]
	}
	return nil
}

// covers says whether a waiver stands where what is not an item of the head is: in
// its column, and for what is about no item at none.
func covers(c *Case, w *board.Waiver, of coverage) bool {
	if w.Item != nil && !of.lost {
		return false
	}
	at := columnAt(c.Head, w)
	return at == nil || at.Role == of.role
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
	if w.Item == nil {
		return !c.baseWaivers()[textOfWaiver(w)]
	}
	was := c.Changes.BaseOf(w.Item)
	return was == nil || !slices.ContainsFunc(was.Waivers, func(b *board.Waiver) bool { return textOfWaiver(b) == textOfWaiver(w) })
}

// waiverText is what a waiver says.
type waiverText struct {
	rules, reason string
	until         time.Time
}

func textOfWaiver(w *board.Waiver) waiverText {
	return waiverText{strings.Join(w.Rules, ","), w.Reason, w.Until.Time()}
}

// baseWaivers returns what the base's waivers say that stand at no item.
func (c *Case) baseWaivers() map[waiverText]bool {
	if c.stood == nil {
		c.stood = map[waiverText]bool{}
		for _, w := range c.Base.Waivers {
			if w.Item == nil {
				c.stood[textOfWaiver(w)] = true
			}
		}
	}
	return c.stood
}
