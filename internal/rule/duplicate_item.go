package rule

import (
	"fmt"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/text"
)

// DuplicateItem reports the same item in two columns.
var DuplicateItem = declare(&Rule{
	Name:     "duplicate-item",
	Severity: Warning,
	Check: func(p *Pass) {
		seen := map[string]*board.Item{}
		for _, it := range p.Head.All() {
			key := text.Fold(it.Title.Value)
			if it.Mark == board.Struck {
				continue
			}
			if was := seen[key]; was != nil && was.Column.Role != it.Column.Role {
				p.Report(Finding{
					Span:    it.Title.Span,
					Message: fmt.Sprintf("%s is in %s and in %s.", quote(it.Title.Value), standsIn(was), standsIn(it)),
					Hint:    "Keep it in the column where the work is; give another piece of work another title.",
					Related: []Related{{Span: was.Title.Span, Message: "here too"}},
					Item:    it,
				})
				continue
			}
			seen[key] = it
		}
	},
})
