package rule

import (
	"fmt"

	"github.com/boardgate/boardgate/internal/board"
)

// PullNext says that nothing is in WIP while something waits in NEXT.
var PullNext = declare(&Rule{
	Name:     "pull-next",
	Severity: Notice,
	Own:      true,
	Check: func(p *Pass) {
		wip, next := p.Head.Column(board.WIP), p.Head.Items(board.Next)
		if len(wip) == 0 || len(p.Head.Items(board.WIP)) > 0 || len(next) == 0 {
			return
		}
		waits := "1 item waits"
		if len(next) > 1 {
			waits = fmt.Sprintf("%d items wait", len(next))
		}
		p.Report(Finding{
			Span:    wip[0].Title.Span,
			Message: fmt.Sprintf("WIP is empty and %s in NEXT; first is %s.", waits, quote(next[0].Title.Value)),
			Hint:    "Pull it into WIP when you start it.",
			Column:  board.WIP,
			Key:     "empty",
		})
	},
})
