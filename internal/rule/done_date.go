package rule

import (
	"fmt"
	"time"

	"github.com/boardgate/boardgate/internal/board"
)

// DoneDate reports items in DONE without a date, or with one in the future.
var DoneDate = declare(&Rule{
	Name:     "done-date",
	Severity: Warning,
	Check: func(p *Pass) {
		if p.BaseKind == Present && !p.compares() {
			return
		}
		for _, it := range p.Head.Items(board.Done) {
			switch {
			case it.Date.IsZero() && !datedPlace(it):
				p.Report(Finding{
					Span:    it.Title.Span,
					Message: fmt.Sprintf("%s is in DONE without a date.", quote(it.Title.Value)),
					Hint:    fmt.Sprintf("Add the day it was done: (%s)", p.Now.UTC().Format(time.DateOnly)),
					Item:    it,
				})
			case !it.Date.IsZero() && it.Date.Time().After(p.Now.Add(14*time.Hour)):
				p.Report(Finding{
					Span:    it.Date.Span,
					Message: fmt.Sprintf("%s is in DONE with a date in the future, %s.", quote(it.Title.Value), it.Date.Time().Format(time.DateOnly)),
					Hint:    fmt.Sprintf("Write the day it was done: %s", p.Now.UTC().Format(time.DateOnly)),
					Item:    it,
				})
			}
		}
	},
})

// datedPlace says whether the heading an item stands below carries its date.
func datedPlace(it *board.Item) bool { return hasDay(it.Group) || hasDay(it.Column.Title.Value) }

// hasDay says whether a heading names a day in figures, whichever way round.
func hasDay(s string) bool {
	figures, parts := 0, 0
	for _, r := range s {
		switch {
		case '0' <= r && r <= '9':
			figures++
		case figures > 0 && (r == '-' || r == '/' || r == '.'):
			parts++
		case parts < 2:
			figures, parts = 0, 0
		}
	}
	return parts >= 2 && figures >= 6
}
