package probe

import (
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/config"
)

func TestWindows(t *testing.T) {
	athens, _ := config.Zone("Europe/Athens")
	lordHowe, _ := config.Zone("Australia/Lord_Howe") // its summer is half an hour
	for _, tt := range []struct {
		days        []string
		from, until string
		zone        *time.Location
		open, close string // UTC, the first instant and the first after the last
	}{
		{nil, "02:00", "04:00", time.UTC, "2026-06-10 02:00", "2026-06-10 04:00"},
		{nil, "02:00", "04:00", athens, "2026-06-09 23:00", "2026-06-10 01:00"},
		{nil, "02:00", "04:00", athens, "2026-12-10 00:00", "2026-12-10 02:00"},
		{[]string{"sat"}, "23:00", "01:30", athens, "2026-06-13 20:00", "2026-06-13 22:30"},
		// Clocks go from 03:00 to 04:00.
		{nil, "02:00", "05:00", athens, "2026-03-29 00:00", "2026-03-29 02:00"},
		{nil, "03:30", "05:00", athens, "2026-03-29 01:00", "2026-03-29 02:00"},
		{nil, "02:00", "03:30", athens, "2026-03-29 00:00", "2026-03-29 01:00"},
		{[]string{"sat"}, "23:00", "05:00", athens, "2026-03-28 21:00", "2026-03-29 02:00"},
		// Clocks go from 04:00 back to 03:00.
		{nil, "02:00", "05:00", athens, "2026-10-24 23:00", "2026-10-25 03:00"},
		{nil, "03:30", "05:00", athens, "2026-10-25 00:30", "2026-10-25 03:00"},
		{nil, "02:00", "03:30", athens, "2026-10-24 23:00", "2026-10-25 01:30"},
		{[]string{"sat"}, "23:00", "03:30", athens, "2026-10-24 20:00", "2026-10-25 01:30"},
		{nil, "01:00", "03:00", lordHowe, "2026-04-04 14:00", "2026-04-04 16:30"},
		{nil, "01:00", "03:00", lordHowe, "2026-10-03 14:30", "2026-10-03 16:00"},
	} {
		w := window{days: tt.days, from: ofDay(tt.from), until: ofDay(tt.until), zone: tt.zone}
		open, _ := time.Parse("2006-01-02 15:04", tt.open)
		end, _ := time.Parse("2006-01-02 15:04", tt.close)
		for at, want := range map[time.Time]bool{open.Add(-time.Second): false, open: true, end.Add(-time.Second): true, end: false} {
			if got := w.end(at); got.IsZero() == want || want && !got.Equal(end) {
				t.Errorf("%v %s-%s in %s at %s: ends %s", tt.days, tt.from, tt.until, tt.zone, at.UTC(), got.UTC())
			}
		}
	}
}

// A window that falls into the gap as a whole is never open.
func TestWindowInTheGap(t *testing.T) {
	athens, _ := config.Zone("Europe/Athens")
	w := window{from: 3*time.Hour + 10*time.Minute, until: 3*time.Hour + 50*time.Minute, zone: athens}
	for at := time.Date(2026, 3, 28, 23, 0, 0, 0, time.UTC); at.Day() < 30 && at.Hour() != 10; at = at.Add(5 * time.Minute) {
		if !w.end(at).IsZero() {
			t.Errorf("open at %s", at)
		}
	}
}
