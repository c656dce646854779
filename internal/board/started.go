package board

import "strings"

// started fills in the day that an item names as its start: a field "Started",
// else a bracket "(Started: 2025-03-01)" in its first line.
func (p *reader) started(it *Item) {
	for _, f := range it.Fields {
		if fold(f.Name) == "started" {
			it.startOn(p.scan.dates(f.Value.Span.Start, f.Value.Span.End))
		}
	}
	line := strings.ToLower(it.Line.Text())
	if i := strings.Index(line, "(started"); i >= 0 {
		inside, _, _ := strings.Cut(line[i:], ")")
		it.startOn(p.scan.dates(it.Line.Start+i, it.Line.Start+i+len(inside)))
	}
}

// startOn sets the start to the first of the days, where none was set before.
func (it *Item) startOn(days []Date) {
	if it.Started.IsZero() && len(days) > 0 {
		it.Started = days[0]
	}
}
