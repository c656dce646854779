package report

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// sketch reads the few forms these tests need: "## WIP (1)" headings, "- title"
// items with "#N" references, and "  - criterion" lines. It is not the parser,
// so that these tests fail for reasons of their own only.
func sketch(path, text string) *board.Board {
	b := &board.Board{File: source.NewFile(path, []byte(text))}
	var column *board.Column
	var item *board.Item
	for n := 1; n <= b.File.Lines(); n++ {
		line, span := string(b.File.Line(n)), b.File.LineSpan(n)
		switch {
		case strings.HasPrefix(line, "## "):
			column = sketchColumn(strings.TrimPrefix(line, "## "), span)
			b.Columns = append(b.Columns, column)
		case strings.HasPrefix(line, "- ") && column != nil:
			item = sketchItem(column, strings.TrimPrefix(line, "- "), span)
			column.Items = append(column.Items, item)
		case strings.HasPrefix(line, "  - ") && item != nil:
			if item.DoD == nil {
				item.DoD = &board.DoD{}
			}
			item.DoD.Criteria = append(item.DoD.Criteria, board.Text{Value: line[4:], Span: b.File.Span(span.Start+4, span.End)})
		case strings.HasPrefix(line, "Updated: "):
			at, err := time.Parse("2006-01-02 15:04", line[9:])
			if err != nil {
				panic(err)
			}
			b.Stamps = append(b.Stamps, board.Stamp{Time: at, HasTime: true, Raw: line[9:], Span: span})
		}
	}
	return b
}

func sketchColumn(heading string, span source.Span) *board.Column {
	roles := map[string]board.Role{"WIP": board.WIP, "NEXT": board.Next, "DONE": board.Done}
	word, _, _ := strings.Cut(heading, " ")
	c := &board.Column{Role: board.Other, Title: board.Text{Value: heading, Span: span}}
	if role, ok := roles[word]; ok {
		c.Role = role
	}
	if _, in, ok := strings.Cut(heading, "("); ok {
		if n, err := strconv.Atoi(strings.TrimSuffix(in, ")")); err == nil {
			c.Limit = &board.Limit{Role: c.Role, Max: n, Span: span}
		}
	}
	return c
}

func sketchItem(c *board.Column, text string, span source.Span) *board.Item {
	i := &board.Item{Column: c, Line: span, Block: span, Title: board.Text{Value: text, Span: span}}
	if head, number, ok := strings.Cut(text, " #"); ok {
		if n, err := strconv.Atoi(number); err == nil {
			i.Title.Value = head
			i.Pulls = []board.Reference{{Number: n, Span: span}}
		}
	}
	return i
}

const sampleBase = `# Board

Updated: 2026-03-01 09:00

## WIP (1)
- Pay by card
  - GET /pay answers 200

## NEXT (3)
- Send a receipt
  - a receipt arrives within 5 minutes
- Refund

## DONE
- Open the shop #4
`

const sampleHead = `# Board

Updated: 2026-03-02 09:00

## WIP (1)
- Send a receipt
  - a receipt arrives within 5 minutes
- Write to 東京 customers

## NEXT (3)
- Refunds, in part

## DONE
- Pay by card
- Open the shop #4
`

// at returns the place of the first occurrence of want in the board's text.
func at(t testing.TB, b *board.Board, want string) source.Span {
	t.Helper()
	i := strings.Index(string(b.File.Text), want)
	if i < 0 {
		t.Fatalf("%s holds no %q", b.File.Path, want)
	}
	return b.File.Span(i, i+len(want))
}

func named(b *board.Board, title string) *board.Item {
	for _, i := range b.All() {
		if i.Title.Value == title {
			return i
		}
	}
	return nil
}

// sample is a report with one of everything.
func sample(t testing.TB) *Report {
	base, head := sketch("docs/NEXT-7D.md", sampleBase), sketch("docs/NEXT-7D.md", sampleHead)
	p := config.Default()
	c := &rule.Case{
		Head: head, Base: base, BaseKind: rule.Present, Policy: p, BoardPath: "docs/NEXT-7D.md",
		Now: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC), Pull: 12,
		Changes: compare.Result{Changes: []compare.Change{
			{Kind: compare.Moved, Base: named(base, "Send a receipt"), Head: named(head, "Send a receipt"), Match: compare.Exact},
			{Kind: compare.Added, Head: named(head, "Write to 東京 customers")},
			{Kind: compare.Edited, Base: named(base, "Refund"), Head: named(head, "Refunds, in part"), Match: compare.Fuzzy},
			{Kind: compare.Moved, Base: named(base, "Pay by card"), Head: named(head, "Pay by card"), Match: compare.Exact},
		}},
	}
	waiver := &board.Waiver{
		Rules: []string{"dod-required"}, Reason: "a note, no code", Span: at(t, head, "Write to 東京 customers"),
		Until: board.Date{Year: 2026, Month: time.April, Day: 1},
	}
	return &Report{
		Tool: "1.2.3", Verdict: rule.Fail, Case: c,
		Findings: []rule.Finding{
			{
				Rule: "wip-limit", Severity: rule.Error, Introduced: true, Column: board.WIP, Count: 2,
				Span: at(t, head, "## WIP (1)"), Message: `"WIP (1)" holds 2 items, its limit is 1.`,
				Hint: "Finish an item before starting the next, or move one back.",
			},
			{
				Rule: "dod-required", Severity: rule.Error, Introduced: true, Waived: waiver,
				Span: at(t, head, "Write to 東京 customers"), Item: named(head, "Write to 東京 customers"),
				Message: `"Write to 東京 customers" has no Definition of Done.`,
			},
			{
				Rule: "done-reference", Severity: rule.Error, Introduced: true, Item: named(head, "Pay by card"),
				Span: at(t, head, "Pay by card"), Message: `"Pay by card" comes into DONE and cites no pull request.`,
				Hint:    "Cite it; paste:\n- Pay by card #12",
				Fix:     []source.Edit{{Span: head.File.Span(at(t, head, "Pay by card").End, at(t, head, "Pay by card").End), New: " #12"}},
				Related: []rule.Related{{Span: at(t, head, "Open the shop"), Message: "as this one does"}},
			},
			{
				Rule: "dod-required", Severity: rule.Warning, Introduced: true, Item: named(head, "Refunds, in part"),
				Span: at(t, head, "Refunds, in part"), Message: `"Refunds, in part" has no Definition of Done.`,
			},
			{
				Rule: "item-lost", Severity: rule.Warning, Introduced: true, Item: named(base, "Refund"), Column: board.Next,
				Span: named(base, "Refund").Line, Message: `"Refund" stood in NEXT and is in no column.`,
			},
			{
				Rule: "done-date", Severity: rule.Warning, Introduced: false, Item: named(head, "Open the shop"),
				Span: at(t, head, "Open the shop #4"), Message: `"Open the shop" has no date.`,
			},
			{
				Rule: "done-merged", Severity: rule.Notice, Introduced: true,
				Message: "One pull request was not asked: 4.",
			},
		},
		Waivers:  []Waived{{Rule: "dod-required", Reason: "a note, no code", Findings: 1}},
		Remarks:  []string{"There is no state file, so state-sync is silent."},
		Receipts: []Receipt{{Sink: "check-run", State: "done", Detail: "4 of 4 annotations"}},
	}
}
