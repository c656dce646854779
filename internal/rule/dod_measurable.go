package rule

import (
	"fmt"

	"github.com/boardgate/boardgate/internal/board"
)

// DoDMeasurable reports a Definition of Done of which nothing could be observed.
var DoDMeasurable = declare(&Rule{
	Name:     "dod-measurable",
	Severity: Warning,
	Check: func(p *Pass) {
		for _, role := range []board.Role{board.WIP, board.Next} {
			for _, it := range p.Head.Items(role) {
				p.requireMeasure(it)
			}
		}
	},
})

func (p *Pass) requireMeasure(it *board.Item) {
	if it.Mark == board.Struck || it.DoD == nil || len(it.DoD.Criteria) == 0 {
		return
	}
	for _, c := range it.DoD.Criteria {
		if p.Measured(c.Value) == Measurable {
			return
		}
	}
	p.Report(Finding{
		Span:    it.DoD.Label,
		Message: fmt.Sprintf("the Definition of Done of %s has no observable criterion.", quote(it.Title.Value)),
		Hint:    "Name a result: a status code, a passing test, a file that exists, a number to reach.",
		Item:    it,
	})
}
