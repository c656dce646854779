package config

import (
	"strings"
	"testing"
	"time"
)

// Every zone has the time that the tz database gives it, summer and winter.
func TestZones(t *testing.T) {
	known := 0
	for line := range strings.Lines(zones) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, name := range strings.Fields(line)[1:] {
			zone, ok := Zone(name)
			if !ok {
				t.Fatalf("%s is not known", name)
			}
			want, err := time.LoadLocation(name)
			if err != nil {
				t.Skip("this machine has no tz database")
			}
			known++
			for at := time.Date(2027, 1, 1, 0, 30, 0, 0, time.UTC); at.Year() < 2029; at = at.Add(61 * time.Hour) {
				if got := at.In(zone).Format(time.DateTime); got != at.In(want).Format(time.DateTime) {
					t.Errorf("%s in %s: %s, want %s", at, name, got, at.In(want).Format(time.DateTime))
					break
				}
			}
		}
	}
	if known < 500 {
		t.Errorf("%d zones", known)
	}
	for _, name := range []string{"", "#", "Mars/Base", "M3.5.0/3", "europe/athens", "Asia/Gaza", "the"} {
		if _, ok := Zone(name); ok {
			t.Errorf("%q is a zone", name)
		}
	}
}
