package probe

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// window is a time of the week in which production may be down.
type window struct {
	name        string
	days        []string      // "mon", "tue"; empty for all
	from, until time.Duration // of the day; until the next day where it is not later
	zone        *time.Location
}

// end returns when a window ends that is open; the zero Time where it is not.
func (w window) end(now time.Time) time.Time {
	today := now.In(w.zone)
	for _, day := range []time.Time{today, today.AddDate(0, 0, -1)} {
		if len(w.days) > 0 && !slices.Contains(w.days, strings.ToLower(day.Weekday().String()[:3])) {
			continue
		}
		until := w.until
		if until <= w.from {
			until += 24 * time.Hour
		}
		if end := w.clock(day, until, true); !now.Before(w.clock(day, w.from, false)) && now.Before(end) {
			return end
		}
	}
	return time.Time{}
}

// clock returns when the clocks of the zone show a time of a day. Where they show it
// twice, as summer ends, it is the first or the last; where they jump over it, it is
// when they jump.
func (w window) clock(day time.Time, of time.Duration, last bool) time.Time {
	shown := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC).Add(of)
	var first, final time.Time
	for _, near := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := shown.Add(near).In(w.zone).Zone()
		at := shown.Add(-time.Duration(offset) * time.Second)
		if _, own := at.In(w.zone).Zone(); own == offset {
			if first.IsZero() || at.Before(first) {
				first = at
			}
			if at.After(final) {
				final = at
			}
		}
	}
	switch {
	case first.IsZero():
		_, offset := shown.Add(-24 * time.Hour).In(w.zone).Zone()
		jump, _ := shown.Add(-time.Duration(offset) * time.Second).In(w.zone).ZoneBounds()
		return jump
	case last:
		return final
	}
	return first
}

// maintenance says which window is open and until when; empty where none is.
func (s *Suite) maintenance(now time.Time) string {
	for _, w := range s.windows {
		if end := w.end(now); !end.IsZero() {
			return fmt.Sprintf("maintenance %s until %s", w.name, end.In(w.zone).Format("15:04 MST"))
		}
	}
	return ""
}
