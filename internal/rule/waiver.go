package rule

import (
	"fmt"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
)

// WaiverRule reports waivers that are no use: wrongly written, without a reason,
// past their day, or of a rule that cannot be waived.
var WaiverRule = declare(&Rule{
	Name:     "waiver",
	Severity: Error,
	Fixed:    true,
	Check: func(p *Pass) {
		if p.Head == nil {
			return
		}
		for _, w := range p.Head.Waivers {
			if wrong := p.wrongWith(w); wrong != "" {
				p.Report(Finding{
					Span:    w.Span,
					Message: wrong,
					Hint:    "Write it as:\n<!-- boardgate: allow done-reference until 2026-12-31: why -->",
					Item:    w.Item,
					Key:     w.Span.Text(),
				})
			}
		}
	},
})

// wrongWith says what is wrong with a waiver, empty where it is sound. One that
// the change adds for a rule it may not waive itself is sound; it counts later.
func (p *Pass) wrongWith(w *board.Waiver) string {
	if w.Bad != "" {
		return fmt.Sprintf("the waiver is no use: %s.", strings.TrimSuffix(w.Bad, "."))
	}
	for _, name := range w.Rules {
		switch r := Named(name); {
		case r == nil:
			return fmt.Sprintf("the waiver names %s, which is no rule.", quote(name))
		case r.Fixed:
			return fmt.Sprintf("the waiver names %s, which cannot be waived.", quote(name))
		}
	}
	if Expired(w, p.Now) {
		return fmt.Sprintf("the waiver's last day, %s, is over.", w.Until.Time().Format("2006-01-02"))
	}
	return ""
}
