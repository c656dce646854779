package rule

import (
	"fmt"

	"github.com/boardgate/boardgate/internal/board"
)

// WIPSkipped reports items that came into DONE without having been in WIP.
var WIPSkipped = declare(&Rule{
	Name:     "wip-skipped",
	Severity: Warning,
	Check: func(p *Pass) {
		if !p.compares() || len(p.Base.Column(board.WIP)) == 0 {
			return
		}
		for _, it := range p.Arrivals() {
			was := p.Changes.BaseOf(it)
			if was != nil && was.Column.Role != board.Next && was.Column.Role != board.Other {
				continue
			}
			from := "from nowhere"
			if was != nil {
				from = "from " + standsIn(was)
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
