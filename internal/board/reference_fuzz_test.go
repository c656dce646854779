package board

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/source"
)

func FuzzReferences(f *testing.F) {
	for _, s := range []string{
		"PR #12 merged", "PRs #1-#5, #9", "[#2](https://h.example/o/r/pull/2)", "owner/repo#3", "GH-4", "| #1 | #2 |",
		"`a` <!-- #1 --> <b>#2</b>", "close stale PRs (#1, #2)", "注文#12 ＃3", "\\#1 &#2; ##3", "- [x] #9 Title\n- PR\n#3",
		"[[#1]] [#2][x] [a](#3 \"#4\")", "PR 1761 PR-1762", "#9–#5 #1–#500", "(s) PR(s) no. #1", ".1", "\xff_", "WIP (max 3)", "Updated: 2025-12-20 10:00 UTC+2",
		"<!-- boardgate: allow a until 2026-01-31: b -->", "_(none)_",
	} {
		f.Add([]byte(s), 0, len(s))
	}
	f.Fuzz(func(t *testing.T, text []byte, start, end int) {
		file := source.NewFile("b.md", text)
		pulls, mentions := newScanner(file).references(start, end)
		checkSpans(t, file.Span(start, end), pulls)
		checkSpans(t, file.Span(start, end), mentions)
		again, named := newScanner(file).references(start, end)
		if !reflect.DeepEqual(pulls, again) || !reflect.DeepEqual(mentions, named) {
			t.Fatalf("two readings differ: %v %v and %v %v", pulls, mentions, again, named)
		}
		for _, d := range newScanner(file).dates(start, end) {
			if got := d.Time().Format("2006-01-02"); got != d.Span.Text() {
				t.Fatalf("date %s at %q", got, d.Span.Text())
			}
		}
		waivers, _ := directives(file, start, end)
		for _, w := range waivers {
			if w.Bad == "" && (len(w.Rules) == 0 || w.Reason == "") {
				t.Fatalf("a sound waiver lacks rule or reason: %+v", w)
			}
		}
		limitsOf(file, "max", "höchstens").heading(start, end)
		limitsOf(file, "limit").rule(start, end)
		placeholder(string(text), []string{"none", "To be determined"})
		if s, ok := stamp(file, start, end, []string{"Last Updated", "Updated"}); ok && s.Raw != s.Span.Text() {
			t.Fatalf("stamp %q at %q", s.Raw, s.Span.Text())
		}
	})
}

func checkSpans(t *testing.T, region source.Span, refs []Reference) {
	t.Helper()
	seen := map[string]bool{}
	first := 0
	for _, r := range refs {
		text, digits := r.Span.Text(), strconv.Itoa(r.Number)
		if r.Span.Start < region.Start || r.Span.End > region.End {
			t.Fatalf("%d stands outside the region at %v", r.Number, r.Span)
		}
		if r.Number < 1 || !strings.Contains(text, digits) && !inRange(text, r.Number) && !strings.HasSuffix(digits, text) {
			t.Fatalf("%d does not stand in %q", r.Number, text)
		}
		if r.Span.Start < first {
			t.Fatalf("%d at %v is out of order", r.Number, r.Span)
		}
		first = r.Span.Start
		if key := r.Repo + "#" + digits; seen[key] {
			t.Fatalf("%s twice", key)
		} else {
			seen[key] = true
		}
	}
}

// inRange says whether n lies between the first and the last number in a text.
// The last may be abbreviated, so only its own digits are a bound.
func inRange(text string, n int) bool {
	fields := strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if len(fields) < 2 {
		return false
	}
	from, _ := strconv.Atoi(fields[len(fields)-2])
	return n > from
}
