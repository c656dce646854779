package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

var update = flag.Bool("update", false, "write what the formats print to testdata/golden")

// golden compares what a format printed with the file kept of it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-kept +printed); `go test ./internal/report -update` accepts:\n%s", name, diff)
	}
}

func TestGolden(t *testing.T) {
	for _, tt := range []struct {
		name, format string
		options      Options
	}{
		{"sample-80.txt", "text", Options{Width: 80}},
		{"sample-120.txt", "text", Options{Width: 120}},
		{"sample-40.txt", "text", Options{Width: 40}},
		{"sample-color.txt", "text", Options{Width: 80, Color: true}},
		{"sample.json", "json", Options{Help: "https://example.com/rules/"}},
		{"sample.github", "github", Options{}},
		{"sample.md", "markdown", Options{Help: "https://example.com/rules/"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			format, ok := FormatNamed(tt.format)
			if !ok {
				t.Fatalf("no format %q", tt.format)
			}
			golden(t, tt.name, format(sample(t), tt.options))
		})
	}
}

func TestFormatNamed(t *testing.T) {
	for _, name := range Formats() {
		if format, ok := FormatNamed(name); !ok || format == nil {
			t.Errorf("Formats lists %q and FormatNamed has none", name)
		}
	}
	if _, ok := FormatNamed("yaml"); ok {
		t.Error(`FormatNamed("yaml") found one`)
	}
}

// TestSameBytes renders two reports that were built apart.
func TestSameBytes(t *testing.T) {
	for _, name := range Formats() {
		format, _ := FormatNamed(name)
		first := format(manyFields(sample(t), "a", "b", "c", "d", "e"), Options{Width: 80})
		for range 20 {
			if again := format(manyFields(sample(t), "e", "c", "a", "d", "b"), Options{Width: 80}); !bytes.Equal(first, again) {
				t.Fatalf("%s: two renderings differ:\n%s", name, cmp.Diff(string(first), string(again)))
			}
		}
	}
}

func manyFields(r *Report, names ...string) *Report {
	for _, name := range names {
		i := r.Case.Head.All()[0]
		i.Fields = append(i.Fields, board.Field{Name: name, Value: board.Text{Value: "of " + name}})
	}
	return r
}

func TestQuote(t *testing.T) {
	long := strings.Repeat("lorem ipsum ", 200)
	for _, tt := range []struct {
		name, raw, place string
		width            int
		line, mark       string
	}{
		{"ascii", "- pay by card", "pay", 80, "- pay by card", "  ^~~"},
		{"whole line", "## WIP", "## WIP", 80, "## WIP", "^~~~~~"},
		{"wide", "- 東京 shop", "shop", 80, "- 東京 shop", "       ^~~~"},
		{"on the wide", "- 東京 shop", "東京", 80, "- 東京 shop", "  ^~~~"},
		{"combining", "- cafe\u0301 bar", "bar", 80, "- cafe\u0301 bar", "       ^~~"},
		{"on the combining", "- cafe\u0301 bar", "cafe\u0301", 80, "- cafe\u0301 bar", "  ^~~~"},
		{"tab", "\t- pay", "pay", 80, "    - pay", "      ^~~"},
		{"tab in the middle", "ab\tpay", "pay", 80, "ab  pay", "    ^~~"},
		{"greek", "- Πληρωμή με κάρτα", "κάρτα", 80, "- Πληρωμή με κάρτα", "             ^~~~~"},
		{"emoji", "- ✅ done", "done", 80, "- ✅ done", "     ^~~~"},
		{"family", "- 👩‍👧 home", "home", 80, "- 👩‍👧 home", "     ^~~~"},
		{"zero width", "a\u200bb", "b", 80, "a⟨U+200B⟩b", "         ^"},
		{"override", "a\u202eb", "b", 80, "a⟨U+202E⟩b", "         ^"},
		{"escape", "a\x1b[2Jb", "b", 80, "a⟨U+001B⟩[2Jb", "            ^"},
		{"not UTF-8", "a\xffb", "b", 80, "a⟨0xFF⟩b", "       ^"},
		{"command", "a ##[error]b", "b", 80, "a ##⟨[⟩error]b", "             ^"},
		{"long, at the start", "NOW " + long, "NOW", 20, "NOW lorem ipsum lor…", "^~~"},
		{"long, in the middle", long + "NOW " + long, "NOW", 20, "…psum NOW lorem ips…", "      ^~~"},
		{"long, at the end", long + "NOW", "NOW", 20, "…sum lorem ipsum NOW", "                 ^~~"},
		{"long place", "- " + long, long, 20, "- lorem ipsum lorem…", "  ^~~~~~~~~~~~~~~~~"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			start := strings.Index(tt.raw, tt.place)
			line, mark := quotedLine(tt.raw, start, start+len(tt.place), tt.width)
			if line != tt.line || mark != tt.mark {
				t.Errorf("quote(%q)\n got %s|\n     %s|\nwant %s|\n     %s|", clip(tt.raw, 60), line, mark, tt.line, tt.mark)
			}
		})
	}
}

// TestQuoteEnds asks for places at and behind the end of a line.
func TestQuoteEnds(t *testing.T) {
	for _, tt := range []struct {
		raw        string
		start, end int
		mark       string
	}{
		{"pay", 3, 3, "   ^"},
		{"pay", 1, 1, " ^"},
		{"", 0, 0, "^"},
		{"pay", 9, 12, "   ^"},
		{"東", 1, 2, "^~"}, // inside a rune
	} {
		if _, mark := quotedLine(tt.raw, tt.start, tt.end, 80); mark != tt.mark {
			t.Errorf("quote(%q, %d, %d) marks %q, want %q", tt.raw, tt.start, tt.end, mark, tt.mark)
		}
	}
}

// TestCaretStandsUnderItsPlace cuts lines of wide and narrow runes at many
// widths and reads back what stands above the caret.
func TestCaretStandsUnderItsPlace(t *testing.T) {
	parts := []string{"東京 ", "cafe\u0301 ", "plain ", "✅ ", "👩‍👧 ", "\t", "ώρα ", "\u200b", "한국 "}
	for width := 12; width < 60; width++ {
		for n := range 40 {
			var raw strings.Builder
			for i := range n {
				raw.WriteString(parts[(i*7+n)%len(parts)])
			}
			start := raw.Len()
			raw.WriteString("NOW")
			for i := range 40 - n {
				raw.WriteString(parts[(i*5+n)%len(parts)])
			}
			line, mark := quotedLine(raw.String(), start, start+3, width)
			before, _, found := strings.Cut(line, "NOW")
			if !found || cells(before) != strings.Index(mark, "^") || cells(line) > width || !strings.HasSuffix(mark, "^~~") {
				t.Fatalf("width %d, %d parts before:\n%s|\n%s|", width, n, line, mark)
			}
		}
	}
}

// TestQuoteOfALongLine quotes from a line far longer than what is laid out.
func TestQuoteOfALongLine(t *testing.T) {
	const words = "ώρα 東京 " // 14 bytes
	long := strings.Repeat(words, 100_000)
	for _, tt := range []struct {
		start      int
		line, mark string
	}{
		{0, "ώρα 東京 ώρα 東京 ώ…", "^~~"},
		{14 * 50_000, "…東京 ώρα 東京 ώρα …", "      ^~~"},
		{14 * 99_999, "… ώρα 東京 ώρα 東京 ", "           ^~~"},
	} {
		line, mark := quotedLine(long, tt.start, tt.start+6, 20)
		if line != tt.line || mark != tt.mark {
			t.Errorf("at %d\n got %s|\n     %s|\nwant %s|\n     %s|", tt.start, line, mark, tt.line, tt.mark)
		}
	}
}

// TestNoWiderThanTheTerminal checks that what may be wrapped or cut is.
func TestNoWiderThanTheTerminal(t *testing.T) {
	for _, width := range []int{60, 80, 120} {
		r := sample(t)
		r.Findings[0].Message = strings.Repeat("東京 reasons ", 60)
		r.Case.Head.All()[0].Title.Value = strings.Repeat("a long title ", 60)
		for line := range strings.Lines(string(Text(r, Options{Width: width}))) {
			if n := cells(strings.TrimSuffix(line, "\n")); n > width && !strings.HasPrefix(line, "  hint:") {
				t.Errorf("width %d: a line of %d cells: %s", width, n, line)
			}
		}
	}
}

// TestLongLists sees that long columns and long changes are cut and counted.
func TestLongLists(t *testing.T) {
	r := sample(t)
	next := r.Case.Head.Columns[1]
	for range 30 {
		next.Items = append(next.Items, next.Items[0])
		r.Case.Changes.Changes = append(r.Case.Changes.Changes, r.Case.Changes.Changes[:2]...)
	}
	out := string(Text(r, Options{}))
	if got := strings.Count(out, "\n                  Refunds, in part"); got > shownItems {
		t.Errorf("%d items of NEXT", got)
	}
	for _, want := range []string{"31 of 3  Refunds", "… and 21 more\n", "… and 24 more\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// TestHints wraps sentences, leaves what is to be pasted as it is, and says a hint once.
func TestHints(t *testing.T) {
	r := sample(t)
	paste := "Put it back, or say what became of it, wherever that may be:\n<!-- boardgate: dropped \"Send a receipt to everybody\": why -->"
	line := "- Pay by card or in cash, whatever the customer likes best, PR #12"
	for i, hint := range []string{paste, "Paste:\n" + line, paste} {
		r.Findings[i*2].Hint = hint
	}
	var got []string
	in := false
	for line := range strings.Lines(string(Text(r, Options{Width: 50}))) {
		line = strings.TrimSuffix(line, "\n")
		if in = strings.HasPrefix(line, "  hint: ") || in && strings.HasPrefix(line, "        "); in {
			got = append(got, line)
		}
	}
	want := []string{
		"  hint: Put it back, or say what became of it,",
		"        wherever that may be:",
		`        <!-- boardgate: dropped "Send a receipt to everybody": why -->`,
		"  hint: Paste:",
		"        - Pay by card or in cash, whatever the customer likes best, PR #12",
		"  hint: as above",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestBoardBroughtWhole does not tell each item of a new board as a change.
func TestBoardBroughtWhole(t *testing.T) {
	r := sample(t)
	r.Case.Base, r.Case.BaseKind = nil, rule.Adoption
	for _, format := range []Format{Text, Markdown} {
		if out := string(format(r, Options{})); strings.Contains(out, "This change\n") || strings.Contains(out, "What moved") {
			t.Errorf("tells what moved:\n%s", out)
		}
	}
}

func TestVerdictLine(t *testing.T) {
	waiver := &board.Waiver{Reason: "so"}
	err := rule.Finding{Severity: rule.Error, Introduced: true}
	warning := rule.Finding{Severity: rule.Warning, Introduced: true}
	notice := rule.Finding{Severity: rule.Notice, Introduced: true}
	older := rule.Finding{Severity: rule.Error}
	waived := rule.Finding{Severity: rule.Error, Introduced: true, Waived: waiver}
	for _, tt := range []struct {
		verdict  rule.Verdict
		findings []rule.Finding
		want     string
	}{
		{rule.Passed, nil, "pass: no findings"},
		{rule.Passed, []rule.Finding{older}, "pass: no findings"},
		{rule.Passed, []rule.Finding{notice}, "pass: 1 notice"},
		{rule.Passed, []rule.Finding{warning, notice, waived}, "pass: 1 warning, 1 waived"},
		{rule.Fail, []rule.Finding{err, err, warning, notice}, "fail: 2 errors, 1 warning"},
		{rule.Unverified, nil, "unverified"},
		{rule.Unverified, []rule.Finding{warning}, "unverified: 1 warning"},
	} {
		if got := VerdictLine(&Report{Verdict: tt.verdict, Findings: tt.findings}); got != tt.want {
			t.Errorf("%v with %d findings: %q, want %q", tt.verdict, len(tt.findings), got, tt.want)
		}
	}
	// One that does not block says so.
	for _, tt := range []struct {
		verdict  rule.Verdict
		findings []rule.Finding
		want     string
	}{
		{rule.Passed, nil, "pass: no findings"},
		{rule.Passed, []rule.Finding{warning}, "pass: 1 warning"},
		{rule.Fail, []rule.Finding{err, err, warning}, "observing: 2 errors, 1 warning"},
		{rule.Fail, nil, "observing: fail"},
		{rule.Unverified, nil, "observing: unverified"},
		{rule.Unverified, []rule.Finding{warning}, "observing: unverified: 1 warning"},
	} {
		if got := VerdictLine(&Report{Verdict: tt.verdict, Findings: tt.findings, Observing: true}); got != tt.want {
			t.Errorf("observing %v: %q, want %q", tt.verdict, got, tt.want)
		}
	}
}

func TestAnchor(t *testing.T) {
	r := sample(t)
	base, head := r.Case.Base, r.Case.Head
	lost := named(base, "Refund")
	for _, tt := range []struct {
		name    string
		finding rule.Finding
		head    *board.Board
		place   string
		lost    string
	}{
		{"in the head", rule.Finding{Span: at(t, head, "Pay by card")}, head, "docs/NEXT-7D.md:14:3", ""},
		{"about nothing", rule.Finding{}, head, "-", ""},
		{"by its column", rule.Finding{Span: lost.Line, Column: board.Next}, head, "docs/NEXT-7D.md:10:1", "- Refund"},
		{"by its item", rule.Finding{Span: lost.Line, Item: lost}, head, "docs/NEXT-7D.md:10:1", "- Refund"},
		{"line 1", rule.Finding{Span: lost.Line}, head, "docs/NEXT-7D.md:1:1", "- Refund"},
		{"column gone", rule.Finding{Span: lost.Line, Column: board.Dropped}, head, "docs/NEXT-7D.md:1:1", "- Refund"},
		{"board gone", rule.Finding{Span: lost.Line}, nil, "-", "- Refund"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := *r
			c := *r.Case
			c.Head = tt.head
			r.Case = &c
			place, line := Anchor(&r, tt.finding)
			if place.String() != tt.place || line != tt.lost {
				t.Errorf("%s, %q; want %s, %q", place, line, tt.place, tt.lost)
			}
		})
	}
}

// TestAnchorOfOneText compares a board with itself: no line of it is gone.
func TestAnchorOfOneText(t *testing.T) {
	r := sample(t)
	r.Case.Base = r.Case.Head
	f := r.Findings[2]
	if place, lost := Anchor(r, f); place != f.Span || lost != "" {
		t.Errorf("%s, %q; want %s and nothing", place, lost, f.Span)
	}
}

// TestTextShowsNothingThatActs renders texts that would act on a terminal or a runner.
func TestTextShowsNothingThatActs(t *testing.T) {
	evil := "x\x1b]0;owned\a \u202e##[stop-commands]z ::set-output name=a::b \u2028 \xff"
	r := sample(t)
	for i := range r.Findings {
		r.Findings[i].Message, r.Findings[i].Hint = strings.Repeat(evil, 4), evil+"\n::error::x\n"+evil
	}
	r.Case.Head.All()[0].Title.Value = evil
	r.Case.Head.Columns[0].Title.Value = evil
	r.Waivers[0].Reason = evil
	r.Remarks = []string{evil}
	r.Reasons = []string{evil}
	r.Findings[1].Waived.Reason = evil
	r.Case.Changes.Changes[0].Head.Title.Value = evil
	evilFile := source.NewFile(evil+".md", []byte(evil+"\n"))
	r.Findings[0].Span = evilFile.Span(0, 4)
	for _, width := range []int{0, 30, 80} {
		out := string(Text(r, Options{Width: width}))
		for line := range strings.Lines(out) {
			line = strings.TrimSuffix(line, "\n")
			if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") {
				t.Errorf("width %d: a runner obeys %q", width, line)
			}
			if i := strings.IndexFunc(line, text.Invisible); i >= 0 || strings.ContainsRune(line, '\ufffd') {
				t.Errorf("width %d: %q holds something invisible at %d", width, line, i)
			}
		}
	}
}

// BenchmarkFormats writes a board of 10,000 items, 100 findings.
func BenchmarkFormats(b *testing.B) {
	var lines strings.Builder
	lines.WriteString("## WIP (1)\n## NEXT (3)\n## DONE\n")
	for range 10_000 {
		lines.WriteString("- Send a receipt to each customer, in their own language #4\n")
	}
	r := sample(b)
	r.Case.Head = sketch("b.md", lines.String())
	for i := range 100 {
		r.Findings = append(r.Findings, r.Findings[i%7])
	}
	for _, name := range Formats() {
		format, _ := FormatNamed(name)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				format(r, Options{Width: 80, Bytes: 65_535})
			}
		})
	}
}
