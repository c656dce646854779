package board

import (
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/source"
)

func TestWaivers(t *testing.T) {
	for _, c := range []struct {
		text               string
		rules, day, reason string
		bad                string // a part of the sentence
	}{
		{text: "<!-- boardgate: allow done-reference until 2026-01-31: audit, no code -->", rules: "done-reference", day: "2026-01-31", reason: "audit, no code"},
		{text: "<!--boardgate:allow item-lost:moved to the roadmap-->", rules: "item-lost", reason: "moved to the roadmap"},
		{text: "<!-- BoardGate: ALLOW Item-Lost, next-order UNTIL 2026-01-31: because -->", rules: "item-lost next-order", day: "2026-01-31", reason: "because"},
		{text: "<!-- boardgate: allow a-rule: why – see: κείμενο -- and more - yes -->", rules: "a-rule", reason: "why – see: κείμενο -- and more - yes"},
		{text: "<!--\n  boardgate: allow a-rule\n  until 2026-01-31:\n  two\n  lines\n-->", rules: "a-rule", day: "2026-01-31", reason: "two lines"},
		{text: "<!-- boardgate: allow `a-rule`: see `x` -->", rules: "a-rule", reason: "see `x`"},
		{text: "<!-- boardgate: allow until-now: fine -->", rules: "until-now", reason: "fine"},
		{text: "<!-- boardgate: allow a-rule until 2024-02-29: leap -->", rules: "a-rule", day: "2024-02-29", reason: "leap"},
		{text: "<!-- boardgate: allow : because -->", reason: "because", bad: "names no rule"},
		{text: "<!-- boardgate: allow until 2026-01-31: because -->", day: "2026-01-31", reason: "because", bad: "names no rule"},
		{text: "<!-- boardgate: allow -->", bad: "names no rule"},
		{text: "<!-- boardgate: allow a-rule -->", rules: "a-rule", bad: "no reason"},
		{text: "<!-- boardgate: allow a-rule: -->", rules: "a-rule", bad: "no reason"},
		{text: "<!-- boardgate: allow a-rule: … -->", rules: "a-rule", reason: "…", bad: "no reason"},
		{text: "<!-- boardgate: allow a-rule until 2026-01-31 audit -->", rules: "a-rule", bad: "is not a date"},
		{text: "<!-- boardgate: allow a-rule until 2026-02-30: why -->", rules: "a-rule", reason: "why", bad: "not a valid date"},
		{text: "<!-- boardgate: allow a-rule until 31 Jan 2026: why -->", rules: "a-rule", reason: "why", bad: "is not a date"},
		{text: "<!-- boardgate: allow a-rule until: why -->", rules: "a-rule", reason: "why", bad: "no date follows"},
		{text: "<!-- boardgate: allow a-rule b-rule: why -->", reason: "why", bad: "commas"},
		{text: "<!-- boardgate: permit a-rule: why -->", bad: `no word "permit"`},
		{text: "<!-- boardgate: -->", bad: "says nothing"},
		{text: "<!-- boardgate allow a-rule: why -->", bad: "colon is missing"},
		{text: "<!-- boardgate: allow a-rule: why", bad: "not closed"},
		{text: "<!-- boardgate: allow a-rule: why\n<!-- note -->", bad: "not closed"},
		{text: "<!-- boardgate: dropped -->", bad: "needs a reason"},
		{text: "<!-- boardgate: dropped \"Cart -->", bad: "needs a reason"},
		{text: "<!-- boardgate: dropped \"Cart\": -->", bad: "needs a reason"},
	} {
		text := "## X\n" + c.text
		got, _ := directives(source.NewFile("b.md", []byte(text)), 5, len(text))
		if len(got) != 1 {
			t.Errorf("%q: %d waivers", c.text, len(got))
			continue
		}
		w := got[0]
		if rules := strings.Join(w.Rules, " "); rules != c.rules {
			t.Errorf("%q: rules %q, want %q", c.text, rules, c.rules)
		}
		if w.Reason != c.reason {
			t.Errorf("%q: reason %q, want %q", c.text, w.Reason, c.reason)
		}
		if day := w.Until.Span.Text(); day != c.day || !w.Until.IsZero() && w.Until.Time().Format("2006-01-02") != c.day {
			t.Errorf("%q: until %q, want %q", c.text, day, c.day)
		}
		if (w.Bad == "") != (c.bad == "") || !strings.Contains(w.Bad, c.bad) {
			t.Errorf("%q: bad %q, want %q", c.text, w.Bad, c.bad)
		}
		if !strings.HasPrefix(c.text, w.Span.Text()) || w.Span.Start != 5 {
			t.Errorf("%q: stands at %q", c.text, w.Span.Text())
		}
	}
}

func TestNoWaivers(t *testing.T) {
	for _, text := range []string{
		"", "<!-- note -->", "<!-- boardgates: allow x: y -->", "<!-- boardgate is nice -->", "boardgate: allow x: y", "`<!-- boardgate: allow x: y -->`",
		"<!-- see boardgate: allow x: y -->", "<!-- boardgate: dropped: not needed -->", "<!-- boardgate: dropped \"A: b\": not needed -->", "<!--", "<!-->",
	} {
		if got, _ := directives(source.NewFile("b.md", []byte(text)), 0, len(text)); len(got) != 0 {
			t.Errorf("%q: %+v", text, *got[0])
		}
	}
}

func TestSeveralWaivers(t *testing.T) {
	text := "- A <!-- boardgate: allow a: x --> <!-- other --> `<!--` <!-- boardgate: dropped: y -->\n<!-- boardgate: allow b: z -->"
	var got []string
	waivers, _ := directives(source.NewFile("b.md", []byte(text)), 0, len(text))
	for _, w := range waivers {
		got = append(got, strings.Join(w.Rules, " ")+"="+w.Reason)
	}
	if s := strings.Join(got, " "); s != "a=x b=z" {
		t.Errorf("waivers %q, want %q", s, "a=x b=z")
	}
}

func TestDroppedMarks(t *testing.T) {
	for _, c := range []struct{ text, title, reason string }{
		{"<!-- boardgate: dropped: no longer wanted -->", "", "no longer wanted"},
		{"<!-- BOARDGATE: Dropped \"Cart totals\": no longer wanted -->", "Cart totals", "no longer wanted"},
		{"<!-- boardgate: dropped “Καλάθι: σύνολα”: δεν χρειάζεται -->", "Καλάθι: σύνολα", "δεν χρειάζεται"},
		{"<!-- boardgate: dropped 'Cart': a -- b -->", "Cart", "a -- b"},
		{"<!-- boardgate: dropped \"The \"big\" cart\": later: maybe -->", "The \"big\" cart", "later: maybe"},
		{"<!-- boardgate: dropped\n \"Cart\n totals\" :\n late -->", "Cart totals", "late"},
	} {
		_, got := directives(source.NewFile("b.md", []byte(c.text)), 0, len(c.text))
		if len(got) != 1 || got[0].Title != c.title || got[0].Reason != c.reason || got[0].Span.Text() != c.text {
			t.Errorf("%q: %+v, want %q %q", c.text, got, c.title, c.reason)
		}
	}
	for _, text := range []string{
		"<!-- boardgate: dropped -->", "<!-- boardgate: dropped: - -->", "<!-- boardgate: dropped \"\": why -->", "<!-- boardgate: dropped Cart: why -->",
		"<!-- boardgate: allow x: y -->", "<!-- boardgate: dropped: why", "`<!-- boardgate: dropped: why -->`", "dropped: why",
	} {
		if _, got := directives(source.NewFile("b.md", []byte(text)), 0, len(text)); len(got) != 0 {
			t.Errorf("%q: %+v", text, got)
		}
	}
}
