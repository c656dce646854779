package rule

import "github.com/boardgate/boardgate/internal/board"

// NextLimit reports more items in NEXT than its maximum.
var NextLimit = declare(&Rule{
	Name:     "next-limit",
	Severity: Error,
	Check: func(p *Pass) {
		p.overLimit(board.Next, "Keep the first ones; move the others to a backlog column or file.")
	},
})
