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
		for _, run := range p.ordered() {
			for i := 1; i < len(run); i++ {
				before, it := run[i-1], run[i]
				if want := before.Number + 1; it.Number != want {
					p.Report(Finding{
						Span:    it.Title.Span,
						Message: fmt.Sprintf("%s in NEXT has number %d; after %d comes %d.", quote(it.Title.Value), it.Number, before.Number, want),
						Hint:    "Number the items of NEXT in their order.",
						Item:    it,
					})
					return
				}
			}
		}
	},
})

// ordered returns the items of NEXT that carry order numbers, a run for each
// list that counts for itself: where a group begins again at its first number.
// None where every number is 1, which Markdown counts up by itself.
func (p *Pass) ordered() [][]*board.Item {
	items := slices.DeleteFunc(p.Head.Items(board.Next), func(it *board.Item) bool { return it.Number == 0 })
	if !slices.ContainsFunc(items, func(it *board.Item) bool { return it.Number != 1 }) {
		return nil
	}
	var runs [][]*board.Item
	for i, it := range items {
		if i == 0 || it.Number == 1 && (it.Group != items[i-1].Group || it.Column != items[i-1].Column) {
			runs = append(runs, nil)
		}
		runs[len(runs)-1] = append(runs[len(runs)-1], it)
	}
	return runs
}
