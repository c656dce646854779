package rule

import (
	"fmt"

	"github.com/boardgate/boardgate/internal/board"
)

// DoneInPlace reports items that this change ticks off and leaves in NEXT or WIP.
var DoneInPlace = declare(&Rule{
	Name:     "done-in-place",
	Severity: Warning,
	Check: func(p *Pass) {
		if !p.compares() || len(p.Head.Column(board.Done)) == 0 {
			return
		}
		for _, pair := range p.Changes.Pairs {
			if !pair.Ticked() {
				continue
			}
			it := pair.Head
			p.Report(Finding{
				Span:    it.Title.Span,
				Message: fmt.Sprintf("%s was ticked off but is still in %s.", quote(it.Title.Value), column(it.Column.Role)),
				Hint:    "Move it to DONE, with the date and the pull request that proves it.",
				Item:    it,
			})
		}
	},
})
