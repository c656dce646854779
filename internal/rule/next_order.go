package rule

import (
	"fmt"
	"slices"

	"github.com/boardgate/boardgate/internal/board"
)

// NextOrder reports numbering in NEXT that repeats or has a gap.
var NextOrder = declare(&Rule{
	Name:     "next-order",
	Severity: Warning,
	Check: func(p *Pass) {
		items := numbered(p.Head.Items(board.Next))
		for i := 1; i < len(items); i++ {
			before, it := items[i-1], items[i]
			if want := before.Number + 1; it.Number != want {
				p.Report(Finding{
					Span:    it.Title.Span,
					Message: fmt.Sprintf("%s in NEXT has number %d; behind %d comes %d.", quote(it.Title.Value), it.Number, before.Number, want),
					Hint:    "Number the items of NEXT in their order, through all groups.",
					Item:    it,
				})
				return
			}
		}
	},
})

// numbered returns the items that carry a number; none where every number is 1,
// which Markdown counts up by itself.
func numbered(items []*board.Item) []*board.Item {
	items = slices.DeleteFunc(items, func(it *board.Item) bool { return it.Number == 0 })
	if !slices.ContainsFunc(items, func(it *board.Item) bool { return it.Number != 1 }) {
		return nil
	}
	return items
}
