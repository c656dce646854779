package board

import (
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/source"
)

func TestStamp(t *testing.T) {
	const day, minute = "2006-01-02", "2006-01-02 15:04:05 -0700"
	words := []string{"Updated", "Last Updated", "Zuletzt geändert", "Τελευταία ενημέρωση", "更新日"}
	for _, c := range []struct {
		line, layout, want string // no layout is not a stamp
		raw                string
	}{
		{"**Last Updated**: 2025-12-20 00:30 UTC", minute, "2025-12-20 00:30:00 +0000", "2025-12-20 00:30 UTC"},
		{"**Updated:** 2025-10-03", day, "2025-10-03", "2025-10-03"},
		{"Last updated: 2026-02-06", day, "2026-02-06", "2026-02-06"},
		{"*Last updated: 2026-04-26 after the second milestone.*", day, "2026-04-26", "2026-04-26"},
		{"updated: 2025-10-03T10:00:00Z", minute, "2025-10-03 10:00:00 +0000", "2025-10-03T10:00:00Z"},
		{"updated: '2025-10-03'", day, "2025-10-03", "2025-10-03"},
		{"last_updated: 2025-10-03", day, "2025-10-03", "2025-10-03"},
		{"<!-- Last Updated: 2025-10-03 -->", day, "2025-10-03", "2025-10-03"},
		{"Updated: 2025-12-20 00:30 +02:00", minute, "2025-12-20 00:30:00 +0200", "2025-12-20 00:30 +02:00"},
		{"Updated: 2025-12-20T00:30:15.250-0500", minute, "2025-12-20 00:30:15 -0500", "2025-12-20T00:30:15.250-0500"},
		{"Updated: 2025-12-20 00:30 UTC+2", minute, "2025-12-20 00:30:00 +0200", "2025-12-20 00:30 UTC+2"},
		{"Updated: 2025-12-20 00:30 PST (after pass 12)", minute, "2025-12-20 00:30:00 -0800", "2025-12-20 00:30 PST"},
		{"Updated: 2025-12-20 00:30 - 3 items", minute, "2025-12-20 00:30:00 +0000", "2025-12-20 00:30"},
		{"Updated: 2025-12-20 00:30 by Ana", minute, "2025-12-20 00:30:00 +0000", "2025-12-20 00:30"},
		{"Updated: 2025-12-20 00:30 EET", minute, "2025-12-20 00:30:00 +0200", "2025-12-20 00:30 EET"},
		{"Updated: 2025-12-20 00:30 (UTC)", minute, "2025-12-20 00:30:00 +0000", "2025-12-20 00:30 (UTC"},
		{"Updated: 2025-12-20 00:30", minute, "2025-12-20 00:30:00 +0000", "2025-12-20 00:30"},
		{"Updated: 2025-12-20, 3:05 pm", minute, "2025-12-20 15:05:00 +0000", "2025-12-20, 3:05 pm"},
		{"Updated: 2025-12-20 12:05 AM", minute, "2025-12-20 00:05:00 +0000", "2025-12-20 12:05 AM"},
		{"Updated: 2025-12-20 at 15:05", minute, "2025-12-20 15:05:00 +0000", "2025-12-20 at 15:05"},
		{"Updated: 20 Dec 2025", day, "2025-12-20", "20 Dec 2025"},
		{"Updated: Dec 20, 2025", day, "2025-12-20", "Dec 20, 2025"},
		{"Updated: 20 December 2025", day, "2025-12-20", "20 December 2025"},
		{"Updated: Sat, 20 Dec 2025", day, "2025-12-20", "Sat, 20 Dec 2025"},
		{"Updated: 2025/12/20", day, "2025-12-20", "2025/12/20"},
		{"Updated: 20.12.2025", day, "2025-12-20", "20.12.2025"},
		{"Updated: 12/20/2025", day, "2025-12-20", "12/20/2025"},
		{"Updated: 20/12/2025", day, "2025-12-20", "20/12/2025"},
		{"Updated: 2025-12-20 (Pass 12 closed)", day, "2025-12-20", "2025-12-20"},
		{"Updated: 2025-12-20 - 3 items", day, "2025-12-20", "2025-12-20"},
		{"> Last Updated: 2025-12-20", day, "2025-12-20", "2025-12-20"},
		{"- **Last updated**: 2025-12-20", day, "2025-12-20", "2025-12-20"},
		{"**Last Updated** 2025-12-20", day, "2025-12-20", "2025-12-20"},
		{"| Updated | 2025-12-20 |", day, "2025-12-20", "2025-12-20"},
		{"| **Last Updated** | `2025-12-20` |", day, "2025-12-20", "2025-12-20"},
		{"📅 **Last Updated:** 2025-12-20\r", day, "2025-12-20", "2025-12-20"},
		{"Last Updated (UTC): 2025-12-20 10:00", minute, "2025-12-20 10:00:00 +0000", "2025-12-20 10:00"},
		{"LAST   UPDATED : 2025-12-20", day, "2025-12-20", "2025-12-20"},
		{"Zuletzt gea\u0308ndert: 20.12.2025 14:30 Uhr", minute, "2025-12-20 14:30:00 +0000", "20.12.2025 14:30"},
		{"Τελευταία Ενημέρωση: 2025-12-20", day, "2025-12-20", "2025-12-20"},
		{"更新日：2025年12月20日", day, "2025-12-20", "2025年12月20日"},
		{"Updated: 2024-02-29", day, "2024-02-29", "2024-02-29"},

		{line: "Updated: 2025-13-40"},
		{line: "Updated: 2025-02-29"},
		{line: "Updated: 2025-12-20 25:00"},
		{line: "Updated: 2025-12-20 10:61"},
		{line: "Updated: 2025-12-20 10:30:75 UTC"},
		{line: "Updated: 2025-12-201"},
		{line: "Updated: 2025-12-20-5"},
		{line: "Updated: 01/02/2026"},
		{line: "Updated: 0001-01-01"},
		{line: "Updated: yesterday"},
		{line: "Updated: v2.0.1"},
		{line: "Updated:"},
		{line: "Updated"},
		{line: "Updated 2025-12-20 all documents"},
		{line: "Updated the docs: 2025-12-20"},
		{line: "Updated_by: 2025-12-20"},
		{line: "UpdatedAt: 2025-12-20"},
		{line: "The board was last updated: 2025-12-20"},
		{line: "- See facts (updated 2025-12-20 09:45)"},
		{line: "Last: Updated 2025-12-20"},
		{line: "Lastupdated: 2025-12-20"},
		{line: ""},
		{line: "\xff\xfe"},
	} {
		text := "x\n" + c.line + "\nUpdated: 2001-01-01"
		s, ok := stamp(source.NewFile("b.md", []byte(text)), 2, 2+len(c.line), words)
		if ok != (c.layout != "") {
			t.Errorf("%q: stamp %v %v", c.line, ok, s.Time)
			continue
		}
		if !ok {
			continue
		}
		if got := s.Time.Format(c.layout); got != c.want || s.HasTime != (c.layout == minute) {
			t.Errorf("%q: %s, with time %v, want %s", c.line, got, s.HasTime, c.want)
		}
		if s.Raw != c.raw || s.Span.Text() != c.raw {
			t.Errorf("%q: raw %q at %q, want %q", c.line, s.Raw, s.Span.Text(), c.raw)
		}
	}
}

func TestDates(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Cart totals (2025-12-19) - merged 2025-12-20T00:24:04Z", "2025-12-19 2025-12-20"},
		{"2025-12-19", "2025-12-19"},
		{"**2025-12-19:** done, 2025-12-20.", "2025-12-19 2025-12-20"},
		{"2025-12-19–2025-12-20", "2025-12-19 2025-12-20"},
		{"完了2025-12-19済み", "2025-12-19"},
		{"2024-02-29 2025-02-29 2025-13-01 2025-00-10 2025-01-00", "2024-02-29"},
		{"`2025-12-19` <!-- 2025-12-19 --> docs/2025-12-19.md report-2025-12-19.md https://e.example/2025-12-19", ""},
		{"2025-12-19.md 2025-12-19-notes x2025-12-19 2025-12-19x 12025-12-19 2025-12-191 2025-1-2", ""},
		{"[a](2025-12-19)", ""},
		{"", ""},
	} {
		text := "ab" + c.text
		var got []string
		for _, d := range newScanner(source.NewFile("b.md", []byte(text))).dates(2, len(text)) {
			got = append(got, d.Span.Text())
			if d.Time().Format("2006-01-02") != d.Span.Text() {
				t.Errorf("%q: %v at %q", c.text, d, d.Span.Text())
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q: %q, want %q", c.text, s, c.want)
		}
	}
}
