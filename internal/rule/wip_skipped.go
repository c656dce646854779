package rule

import (
	"fmt"

	"github.com/boardgate/boardgate/internal/board"
)

// WIPSkipped says that items came into DONE without having been in WIP. A
// column in between, such as Review, is where work in progress goes.
var WIPSkipped = declare(&Rule{
	Name:     "wip-skipped",
	Severity: Notice,
	Check: func(p *Pass) {
		if !p.compares() || len(p.Base.Column(board.WIP)) == 0 {
			return
		}
		for _, it := range p.Arrivals() {
			was := p.Changes.BaseOf(it)
			if was != nil && was.Column.Role != board.Next {
				continue
			}
			from := "from nowhere"
			if was != nil {
				from = "from NEXT"
			}
			p.Report(Finding{
				Span:    it.Title.Span,
				Message: fmt.Sprintf("%s came into DONE %s, without having been in WIP.", quote(it.Title.Value), from),
				Hint:    "Pull work into WIP when it starts, so that the board shows it.",
				Item:    it,
			})
		}
	},
})
