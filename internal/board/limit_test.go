package board

import (
	"testing"

	"github.com/boardgate/boardgate/internal/source"
)

var limitWordsForTest = []string{"max", "limit", "höchstens", "μέγ", "上限", "no more than"}

func TestHeadingLimit(t *testing.T) {
	for _, c := range []struct {
		text string
		max  int // -1 is none
		span string
	}{
		{"NEXT (max 3)", 3, "max 3"},
		{"WIP (max: 1)", 1, "max: 1"},
		{"Doing (limit: one)", 1, "limit: one"},
		{"Doing (One at a time)", 1, "One at a time"},
		{"NEXT – up to THREE items", 3, "up to THREE"},
		{"NEXT (at most two-three)", 3, "at most two-three"},
		{"WIP (ten)", 10, "ten"},
		{"NEXT (one per person)", -1, ""},
		{"Phase One", -1, ""},
		{"WIP (max eleven)", -1, ""},
		{"WIP (max. 1)", 1, "max. 1"},
		{"WIP (maximum 3)", 3, "maximum 3"},
		{"WIP (1 item only)", 1, "1 item only"},
		{"NEXT (top 3 unblocked)", 3, "top 3 unblocked"},
		{"DONE (last 10)", 10, "last 10"},
		{"DONE (Last 5)", 5, "Last 5"},
		{"Doing (WIP: 3)", 3, "WIP: 3"},
		{"Doing (WIP 3)", 3, "WIP 3"},
		{"Doing (WIP=1)", 1, "WIP=1"},
		{"Doing (WIP <= 2)", 2, "WIP <= 2"},
		{"Doing (WIP ≤ 2)", 2, "WIP ≤ 2"},
		{"Doing (≤ 2)", 2, "≤ 2"},
		{"Doing (<= 2)", 2, "<= 2"},
		{"Doing (< 2)", -1, ""},
		{"Doing (WIP limit: 3)", 3, "WIP limit: 3"},
		{"Doing (WIP limit of 3)", 3, "WIP limit of 3"},
		{"Doing [WIP: 3]", 3, "WIP: 3"},
		{"Doing (5)", 5, "5"},
		{"Doing (0)", 0, "0"},
		{"Doing **(5)**", 5, "5"},
		{"NEXT (ordered, max 3)", 3, "ordered, max 3"},
		{"NEXT 📋 (max 3, ordered, each with DoD)", 3, "max 3, ordered, each with DoD"},
		{"Doing (limit 2)", 2, "limit 2"},
		{"IN PROGRESS → (WIP=1 ONLY)", 1, "WIP=1 ONLY"},
		{"WIP (only 1)", 1, "only 1"},
		{"WIP (1 only)", 1, "1 only"},
		{"WIP (1 at a time)", 1, "1 at a time"},
		{"WIP (2 max)", 2, "2 max"},
		{"WIP (3 items max)", 3, "3 items max"},
		{"NEXT (up to 3)", 3, "up to 3"},
		{"NEXT (no more than 3)", 3, "no more than 3"},
		{"In Arbeit (höchstens 3)", 3, "höchstens 3"},
		{"In Arbeit (HÖCHSTENS 3)", 3, "HÖCHSTENS 3"},
		{"Σε εξέλιξη (μέγ. 3)", 3, "μέγ. 3"},
		{"Σε εξέλιξη (ΜΕΓ. 3)", 3, "ΜΕΓ. 3"},
		{"進行中（上限3件）", 3, "上限3件"},
		{"In Arbeit (höchstens 3)", 3, "höchstens 3"},
		{"WIP (this week) (max 2)", 2, "max 2"},
		{"WIP – max 2", 2, "max 2"},
		{"WIP: limit 2", 2, "limit 2"},
		{"WIP limit 2 (strict)", 2, "limit 2"},

		{"DONE (Pass 45-57)", -1, ""},
		{"DONE (2026-01-14 to 2026-01-15)", -1, ""},
		{"DONE (2026)", -1, ""},
		{"DONE (Days 8-14)", -1, ""},
		{"DONE (Week 5)", -1, ""},
		{"DONE (0 remaining)", -1, ""},
		{"DONE (v1.1.0-alpha.1)", -1, ""},
		{"DONE (MaxScale 1)", -1, ""},
		{"DONE (#12)", -1, ""},
		{"DONE (3 done)", -1, ""},
		{"DONE (3 items)", -1, ""},
		{"DONE (last 7 days)", -1, ""},
		{"DONE (last 2 weeks)", -1, ""},
		{"DONE (last 24h)", -1, ""},
		{"DONE (max 3.5)", -1, ""},
		{"DONE (max 50%)", -1, ""},
		{"DONE (max 2-3)", 3, "max 2-3"},
		{"DONE (max $3)", -1, ""},
		{"DONE (50%)", -1, ""},
		{"DONE (2/3)", -1, ""},
		{"DONE (Q3)", -1, ""},
		{"DONE [3]", 3, "3"},
		{"DONE [x](3)", -1, ""},
		{"DONE (sprint 3)", -1, ""},
		{"DONE (next 3)", -1, ""},
		{"DONE (top)", -1, ""},
		{"DONE (max)", -1, ""},
		{"DONE (max 99999)", -1, ""},
		{"DONE (", -1, ""},
		{"DONE ()", -1, ""},
		{"DONE", -1, ""},
		{"Fix max 3 retries bug", -1, ""},
		{"(after 3)", -1, ""},
		{"NEXT (ordered)", -1, ""},
		{"Release 3", -1, ""},
		{"Last 5", -1, ""},
	} {
		text := "## " + c.text + "\n(max 77)"
		got, span, ok := limitsOf(source.NewFile("b.md", []byte(text)), limitWordsForTest...).heading(3, 3+len(c.text))
		if ok != (c.max >= 0) || ok && (got != c.max || span.Text() != c.span) {
			t.Errorf("%q: limit %d %v at %q, want %d at %q", c.text, got, ok, span.Text(), c.max, c.span)
		}
	}
}

func TestRuleLimit(t *testing.T) {
	for _, c := range []struct {
		text, prefix string
		max          int // -1 is none
	}{
		{"WIP Limit = 1", "WIP", 1},
		{"**WIP Limit** = 1", "WIP", 1},
		{"NEXT limit: 3", "NEXT", 3},
		{"WIP limit 1", "WIP", 1},
		{"WIP limit is 1", "WIP", 1},
		{"WIP limit (1)", "WIP", 1},
		{"Rule: WIP Limit = 1", "WIP", 1},
		{"Rule 2: WIP Limit = 1", "WIP", 1},
		{"In Progress limit: 2", "In Progress", 2},
		{"Max WIP: 2", "WIP", 2},
		{"WIP: max 1", "WIP", 1},
		{"WIP ≤ 2", "WIP", 2},
		{"Limit WIP to 1", "WIP", 1},
		{"WIP Limit: 1 (strict)", "WIP", 1},
		{"WIP Limit: 1 item", "WIP", 1},
		{"NEXT (ordered, max 3)", "NEXT", 3},
		{"#1", "", -1},
		{".1", "", -1},
		{"DoD Required", "", -1},
		{"WIP limit", "", -1},
		{"Limit = 1", "", -1},
		{"WIP limit: 2 days", "", -1},
		{"WIP limit: 1.5", "", -1},
		{"WIP limit: 1-2", "", -1},
		{"WIP limit: 5000", "", -1},
		{"Rule 1", "", -1},
		{"WIP 3", "", -1},
		{"WIP limit 1 and NEXT limit 3", "", -1},
		{"1", "", -1},
		{"", "", -1},
	} {
		prefix, got, span, ok := limitsOf(source.NewFile("b.md", []byte(c.text)), limitWordsForTest...).rule(0, len(c.text))
		if ok != (c.max >= 0) || ok && (got != c.max || prefix != c.prefix || span.IsZero()) {
			t.Errorf("%q: %q %d %v, want %q %d", c.text, prefix, got, ok, c.prefix, c.max)
		}
	}
}
