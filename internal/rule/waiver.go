package rule

import (
	"fmt"
	"strings"
	"time"

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
	Standing: func(p *Pass) {
		for _, w := range p.Head.Waivers {
			if w.Bad == "" && !w.Until.IsZero() && w.Until.Time().Sub(p.Now) <= soon {
				p.reportEnding(w)
			}
		}
	},
})

// soon is how long before its last day a schedule warns of a waiver.
const soon = 14 * 24 * time.Hour

// reportEnding warns of a waiver that ends soon, or has ended.
func (p *Pass) reportEnding(w *board.Waiver) {
	day := w.Until.Time().Format(time.DateOnly)
	f := Finding{
		Severity: Warning,
		Span:     w.Span,
		Message:  fmt.Sprintf("the waiver's last day is %s.", day),
		Hint:     "Fix what it covers, or extend it in a pull request.",
		Item:     w.Item,
		Key:      w.Span.Text(),
	}
	if Expired(w, p.Now) {
		f.Message = fmt.Sprintf("the waiver's last day, %s, is over.", day)
	}
	p.Report(f)
}

// wrongWith says what is wrong with a waiver, empty where it is sound. One that
// the change adds for a rule it may not waive itself is sound; it counts later.
func (p *Pass) wrongWith(w *board.Waiver) string {
	if w.Bad != "" {
		return fmt.Sprintf("the waiver has no effect: %s.", strings.TrimSuffix(w.Bad, "."))
	}
	for _, name := range w.Rules {
		switch r := Named(name); {
		case r == nil:
			return fmt.Sprintf("the waiver names %s, which is not a rule.", quote(name))
		case r.Fixed:
			return fmt.Sprintf("the waiver names %s, which cannot be waived.", quote(name))
		}
	}
	if Expired(w, p.Now) {
		return fmt.Sprintf("the waiver's last day, %s, is over.", w.Until.Time().Format(time.DateOnly))
	}
	return ""
}
