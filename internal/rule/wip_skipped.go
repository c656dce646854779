package rule

import (
	"fmt"

	"github.com/boardgate/boardgate/internal/board"
)

// WIPSkipped says that items came into DONE from NEXT without having been in WIP.
// A column in between, such as Review, is where work in progress goes, and an item
// that is new in DONE was started and finished by the same change.
var WIPSkipped = declare(&Rule{
	Name:     "wip-skipped",
	Severity: Notice,
	Check: func(p *Pass) {
		if !p.compares() || len(p.Base.Column(board.WIP)) == 0 {
			return
		}
		for _, it := range p.Arrivals() {
			was := p.Changes.BaseOf(it)
			if was == nil || was.Column.Role != board.Next {
				continue
			}
			p.Report(Finding{
				Span:    it.Title.Span,
				Message: fmt.Sprintf("%s came into DONE from NEXT, without having been in WIP.", quote(it.Title.Value)),
				Hint:    "Pull work into WIP when it starts, so that the board shows it.",
				Item:    it,
			})
		}
	},
})
