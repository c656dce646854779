package rule_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/rule"
)

var leading = regexp.MustCompile(`(#1\d\d)\W+(\w+)`)

// withIDs gives the items of a case the ids that their lines lead with.
func withIDs(c *rule.Case) {
	for _, b := range []*board.Board{c.Head, c.Base} {
		for _, it := range b.All() {
			if m := leading.FindStringSubmatch(it.Line.Text()); m != nil {
				it.ID, it.IDs, it.Title.Value = m[1], m[1:2], m[1]+" "+m[2]
			}
		}
	}
}

// said returns the messages of the rules about citations, and what is unverified.
func said(c *rule.Case) []string {
	j := rule.Judge(c, rule.DoneReference, rule.DoneMerged)
	var out []string
	for _, f := range j.Findings {
		old := ""
		if !f.Introduced {
			old = "old "
		}
		out = append(out, old+string(f.Severity)+": "+f.Message)
	}
	for _, u := range j.Unknown {
		out = append(out, "unverified: "+u)
	}
	return out
}

const numberedBoard = `
-- base.md --
## WIP
- **#116** BTMC

## NEXT
- **#117** Import

## DONE
- **#110** Archive (2025-03-10) - one file (#60)
-- head.md --
## WIP
- **#117** Import

## NEXT

## DONE
- [#116] BTMC (2025-03-14) - all cells (#84)
- **#110** Archive (2025-03-10) - one file, twice (#60)
`

// A board that calls its items "#116" and the like means nothing else by an
// unlabelled number, as long as GitHub does not know better.
func TestBoardThatNumbersItsItems(t *testing.T) {
	const (
		old      = `old error: "#110 Archive" is in DONE and cites no pull request: #60 may be an item of this board, as it is not written ` + "`PR #60`."
		mayBe    = `error: "#116 BTMC" is in DONE and cites no pull request: #84 may be an item of this board, as it is not written ` + "`PR #84`."
		anIssue  = `error: "#116 BTMC" is in DONE and cites no pull request: #84 is an issue.`
		noAnswer = `unverified: #84, cited for "#116 BTMC", could not be looked up: 502`
	)
	for _, test := range []struct {
		name   string
		answer fact.PullAnswer
		want   []string
	}{
		{"nobody was asked", fact.PullAnswer{}, []string{mayBe, old}},
		{"merged", fact.PullAnswer{State: fact.Merged}, []string{old}},
		{"an issue", fact.PullAnswer{State: fact.IsIssue}, []string{anIssue, old}},
		{"no answer", fact.PullAnswer{State: fact.Unknown, Reason: "502"}, []string{old, noAnswer}},
	} {
		c := caseOf(t, numberedBoard)
		withIDs(c)
		c.Facts.Pulls[fact.Pull{Number: 84}] = test.answer
		if diff := cmp.Diff(test.want, said(c)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.name, diff)
		}
		want := fact.Wanted{Pulls: []fact.Pull{{Number: 84}}}
		if diff := cmp.Diff(want, rule.Wants(c, rule.DoneReference)); diff != "" {
			t.Errorf("%s: an item's own number is asked for, or no other (-want +got)\n%s", test.name, diff)
		}
	}
}

// One item that leads with a number does not make it the board's way: there the
// number is a pull request's.
func TestBoardWithOneNumberedItem(t *testing.T) {
	c := caseOf(t, strings.NewReplacer("**#117** ", "", "**#110** ", "").Replace(numberedBoard))
	withIDs(c)
	want := []string{"notice: whether these are merged was not checked: #116, #84."}
	if diff := cmp.Diff(want, said(c)); diff != "" {
		t.Error(diff)
	}
}

// With the facts of done-merged asked, done-reference needs no others; where
// done-merged is off it asks for what it needs itself.
func TestWantsOfDoneReference(t *testing.T) {
	c := caseOf(t, "-- base.md --\n## DONE\n-- head.md --\n## DONE\n- Import (#84)\n- Export, PR #85\n")
	one, both := fact.Wanted{Pulls: []fact.Pull{{Number: 84}}}, fact.Wanted{Pulls: []fact.Pull{{Number: 84}, {Number: 85}}}
	if diff := cmp.Diff(one, rule.Wants(c, rule.DoneReference)); diff != "" {
		t.Errorf("done-reference alone (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(both, rule.Wants(c, rule.DoneReference, rule.DoneMerged)); diff != "" {
		t.Errorf("both (-want +got)\n%s", diff)
	}
}
