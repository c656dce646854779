package report

import (
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/text"
)

// gotCells is how much of an answer or an expectation a table shows.
const gotCells = 48

// production writes what production answered: the line, the table, what is to be
// said of single facts, the phases, and the verdict in the last line.
func (t *terminal) production() {
	p := *t.report.Production
	t.line(t.paint(bold, ProductionLine(p)))
	t.gap()
	t.factTable(p)
	for _, r := range p.Results {
		if hasMore(r) {
			t.gap()
			t.fact(r)
		}
	}
	if lines := picture(p); lines != nil {
		t.gap()
		for _, line := range lines {
			t.line("  ", t.paint(dim, line))
		}
	}
	t.gap()
	if p.Control.State == fact.Unreachable {
		t.prose(magenta, "control: ", p.Control.Reason)
	}
	if line := t.report.Waiting.line(); line != "" {
		t.prose(dim, "waiting: ", line)
	}
	for _, remark := range t.report.Remarks {
		t.prose(bold, "note: ", remark)
	}
	t.line(t.paint(verdictStyle(t.report.Verdict), VerdictLine(t.report)))
}

func outcomeStyle(o fact.Outcome) style {
	switch o {
	case fact.Pass:
		return green
	case fact.Fail, fact.Unreachable:
		return red
	}
	return magenta
}

// factTable writes a line a fact in columns as wide as they need to be.
func (t *terminal) factTable(p fact.Production) {
	rows := [][5]string{{"fact", "verdict", "got", "want", "time"}}
	for _, r := range p.Results {
		rows = append(rows, [5]string{
			text.Visible(r.Probe.Name), r.Outcome.String(),
			clip(text.Visible(orNone(r.Got)), gotCells), clip(text.Visible(r.Probe.Want), gotCells), short(total(r)),
		})
	}
	var widths [5]int
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], cells(cell))
		}
	}
	for n, row := range rows {
		kind := dim
		if n > 0 {
			kind = outcomeStyle(p.Results[n-1].Outcome)
		}
		t.line("  ", pad(row[0], widths[0]), "  ", t.paint(kind, pad(row[1], widths[1])), "  ",
			pad(row[2], widths[2]), "  ", pad(row[3], widths[3]), "  ", row[4])
	}
}

func orNone(got string) string {
	if got == "" {
		return "–"
	}
	return got
}

// fact writes what is to be said of one fact.
func (t *terminal) fact(r fact.Result) {
	t.line(t.paint(outcomeStyle(r.Outcome), r.Outcome.String()), " ", t.paint(bold, text.Visible(r.Probe.Name)), " ",
		whatWasAsked(r.Probe))
	for _, said := range [][2]string{{"  ", r.Reason}, {"  note: ", r.Note}, {"  there: ", r.Excerpt}} {
		if said[1] != "" {
			t.prose("", said[0], said[1])
		}
	}
	for _, hop := range r.Hops {
		t.prose(dim, "  by way of ", hop)
	}
	if from := answeredBy(r); from != "" {
		t.prose(dim, "  asked at ", from)
	}
	for _, line := range attemptLines(r) {
		t.prose("", "  ", line)
	}
}
