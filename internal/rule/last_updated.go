package rule

import (
	"fmt"
	"time"

	"github.com/boardgate/boardgate/internal/board"
)

// ahead is how far a stamp may lie ahead of the clock: local time written as
// UTC was seen up to two hours ahead.
const ahead = 2 * time.Hour

// LastUpdated reports a stamp that did not move with the items, or moved wrongly.
var LastUpdated = declare(&Rule{
	Name:     "last-updated",
	Severity: Warning,
	Own:      true,
	Check: func(p *Pass) {
		if !p.compares() {
			return
		}
		head, ok := p.Head.Stamp()
		base, had := p.Base.Stamp()
		switch {
		case !ok && had:
			p.stampFinding(board.Stamp{Span: p.Head.File.LineSpan(1)}, "gone", fmt.Sprintf("the board's %s line is gone.", quote(base.Span.FirstLine().Text())))
		case !ok:
		case early(head, p.Now) && (!had || !head.Time.Equal(base.Time) || len(p.Changes.Changes) > 0):
			p.stampFinding(head, "ahead", fmt.Sprintf("%s is in the future: it is now %s.", quote(head.Raw), p.Now.UTC().Format("2006-01-02 15:04 UTC")))
		case had && head.Time.Before(base.Time):
			p.stampFinding(head, "backwards", fmt.Sprintf("%s runs backwards: the board said %s before.", quote(head.Raw), quote(base.Raw)))
		case had && head.Time.Equal(base.Time) && len(p.Changes.Changes) > 0 && p.Now.Sub(head.Time) >= 24*time.Hour: // once a day is enough, in any time zone of the writer
			p.stampFinding(head, "still", fmt.Sprintf("items changed but %s was not updated.", quote(head.Raw)))
		}
	},
	Standing: func(p *Pass) {
		stamp, ok := p.Head.Stamp()
		age := p.Now.Sub(stamp.Time)
		if !ok || age < stale {
			return
		}
		p.Report(Finding{
			Span:    stamp.Span,
			Message: fmt.Sprintf("nobody has touched the board for %d days.", int(age.Hours()/24)),
			Hint:    "Bring it up to date, or say in it that nothing is in work.",
			Key:     "stale",
		})
	},
})

// stale is how old a stamp is when a schedule warns of it.
const stale = 14 * 24 * time.Hour

func (p *Pass) stampFinding(s board.Stamp, key, message string) {
	form := "2006-01-02"
	if s.HasTime {
		form = "2006-01-02 15:04 UTC"
	}
	p.Report(Finding{
		Span:    s.Span,
		Message: message,
		Hint:    "Set it to now: " + p.Now.UTC().Format(form),
		Key:     key,
	})
}

// early says whether a stamp lies too far ahead. A day alone may be the next
// one already where clocks are ahead of UTC, by up to 14 hours.
func early(s board.Stamp, now time.Time) bool {
	if s.HasTime {
		return s.Time.After(now.Add(ahead))
	}
	return s.Time.After(now.Add(14 * time.Hour))
}
