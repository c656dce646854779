package command

import (
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/event"
)

// The interval is the longest pause of a schedule, nights and weekends included.
func TestScheduleInterval(t *testing.T) {
	monday := time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC)
	for schedule, want := range map[string]time.Duration{
		"17 * * * *":         time.Hour,
		"*/5 * * * *":        5 * time.Minute,
		"17 7 * * *":         24 * time.Hour,
		"17 7-19 * * 1-5":    (72 - 12) * time.Hour,
		"*/5 * * * 1-5":      2*24*time.Hour + 5*time.Minute,
		"17 7 1 * *":         30 * 24 * time.Hour, // from April on
		"0 0 30 2 *":         0,
		"every now and then": 0,
		"":                   0,
	} {
		a := &action{p: &Process{Now: func() time.Time { return monday }}, event: event.Event{Schedule: schedule}}
		if got := a.scheduleInterval(); got != want {
			t.Errorf("%q: %s, want %s", schedule, got, want)
		}
	}
}
