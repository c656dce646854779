package command

import (
	"fmt"
	"time"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/rule"
)

// The board as it stands, looked at on a schedule: a board that nobody touches
// is told after stale, a waiver's end this long before it.
const stale, soon = 14 * 24 * time.Hour, 14 * 24 * time.Hour

// asItStands looks at the board itself, where there is no change to judge.
func asItStands(c *rule.Case) []rule.Finding { return append(age(c), endings(c)...) }

// age finds a board whose stamp is old.
func age(c *rule.Case) []rule.Finding {
	stamp, stamped := c.Head.Stamp()
	since := c.Now.Sub(stamp.Time)
	if !stamped || since < stale {
		return nil
	}
	return []rule.Finding{{
		Rule: rule.LastUpdated.Name, Severity: rule.Warning, Span: stamp.Span, Introduced: true,
		Message: fmt.Sprintf("nobody has touched the board for %d days.", int(since.Hours()/24)),
		Hint:    "Bring it up to date, or say in it that nothing is in work.",
	}}
}

// endings finds waivers that are about to end, or have ended.
func endings(c *rule.Case) []rule.Finding {
	var out []rule.Finding
	for _, w := range c.Head.Waivers {
		if w.Bad != "" || w.Until == (board.Date{}) || w.Until.Time().Sub(c.Now) > soon {
			continue
		}
		day := w.Until.Time().Format(time.DateOnly)
		f := rule.Finding{
			Rule: rule.WaiverRule.Name, Severity: rule.Warning, Span: w.Span, Item: w.Item, Key: w.Span.Text(), Introduced: true,
			Message: fmt.Sprintf("the waiver's last day is %s.", day),
			Hint:    "Put right what it covers, or give it another day in a pull request.",
		}
		if rule.Expired(w, c.Now) {
			f.Message = fmt.Sprintf("the waiver's last day, %s, is over.", day)
		}
		out = append(out, f)
	}
	return out
}
