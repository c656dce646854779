package report

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/fake/runner"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// TestProblemMatcher reads the text format as the runner of GitHub Actions does by
// the problem matcher that docs/ci.md offers: an annotation for each finding that
// decides, and none that a text on the board makes.
func TestProblemMatcher(t *testing.T) {
	matcher, err := os.ReadFile("../../.github/problem-matcher.json")
	if err != nil {
		t.Fatal(err)
	}
	read := func(r *Report, o Options) []runner.Issue {
		issues, err := runner.Issues(matcher, string(Text(r, o)))
		if err != nil {
			t.Fatal(err)
		}
		return issues
	}
	r := sample(t)
	r.Findings[6].Span = source.Span{}
	want := []string{
		`error wip-limit docs/NEXT-7D.md:5:1 "WIP (1)" holds 2 items, its limit is 1.`,
		`error done-reference docs/NEXT-7D.md:14:3 "Pay by card" comes into DONE and cites no pull request.`,
		`warning dod-required docs/NEXT-7D.md:11:3 "Refunds, in part" has no Definition of Done.`,
		`warning item-lost docs/NEXT-7D.md:: "Refund" stood in NEXT and is in no column.`,
		`notice done-merged docs/NEXT-7D.md:: One pull request was not asked: 4.`,
	}
	for _, o := range []Options{{}, {Color: true}} {
		got := each(read(r, o), func(i runner.Issue) string {
			return fmt.Sprintf("%s %s %s:%s:%s %s", i.Severity, i.Code, i.File, i.Line, i.Column, i.Message)
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	for seed := range uint64(300) {
		r := hostileReport(seed)
		want := 0
		for _, f := range partitionOf(r).deciding() {
			if strings.TrimSpace(text.Visible(f.Message)) != "" { // what says nothing annotates nothing
				want++
			}
		}
		if got := len(read(r, Options{})); got != want {
			t.Fatalf("seed %d: %d annotations of %d findings\n%s", seed, got, want, Text(r, Options{}))
		}
	}
}
