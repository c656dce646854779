package rule_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/rule"
)

// An item that stands in the archive is not lost, whatever the archive looks like.
func TestArchivedIsNotLost(t *testing.T) {
	const boards = "-- base.md --\n## WIP\n- T-12 Print\n\n## NEXT\n- Import the price list\n- Buy shelves\n-- head.md --\n## WIP\n\n## NEXT\n- Buy shelves\n"
	for _, test := range []struct {
		name, archive string
		want          string
	}{
		{"none", "", "head.md:1:4 item-lost error\nhead.md:3:4 item-lost error\n"},
		{"a board", "-- archive.md --\n## DONE\n- T-12 Print on A4 (PR #3)\n- **Import the price list** (PR #4)\n", ""},
		{"a list", "-- archive.md --\n# Finished things\n\n* Import the Price List, PR #4\n* T-12\n", ""},
		{"by date", "-- archive.md --\n## 2025-03-14\n- Import the price list: 40 rows\n## 2025-03-13\n- T-12 Print\n", ""},
		{"longer words", "-- archive.md --\n- Reimport the price lists\n- T-123 Printer\n", "head.md:1:4 item-lost error\nhead.md:3:4 item-lost error\n"},
	} {
		if got := brief(rule.Judge(caseOf(t, boards+test.archive)), "item-lost"); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// What an archive would show that could not be read is not known; where nothing
// is missing nobody needs it.
func TestArchiveThatCouldNotBeRead(t *testing.T) {
	const why, archive = "The archive could not be read: it is too large.", "-- no-archive --\nThe archive could not be read: it is too large.\n"
	j := rule.Judge(caseOf(t, "-- base.md --\n## NEXT\n- Import\n- Export\n-- head.md --\n## NEXT\n"+archive), rule.ItemLost)
	if diff := cmp.Diff([]string{why}, j.Unknown); diff != "" || len(j.Findings) > 0 || j.Verdict(rule.Error) != rule.Unverified {
		t.Errorf("items are missing: %s, %d findings\n%s", j.Verdict(rule.Error), len(j.Findings), diff)
	}
	j = rule.Judge(caseOf(t, "-- base.md --\n## NEXT\n- Import\n-- head.md --\n## NEXT\n- Import\n"+archive), rule.ItemLost)
	if diff := cmp.Diff([]string{why}, j.Remarks); diff != "" || j.Verdict(rule.Error) != rule.Passed {
		t.Errorf("nothing is missing: %s\n%s", j.Verdict(rule.Error), diff)
	}
}

// An item that comes back from the base's archive is not new in DONE, and one
// that stands in DONE and in the archive is not there twice.
func TestBackFromTheArchive(t *testing.T) {
	const boards = "-- base.md --\n## WIP\n\n## DONE\n-- head.md --\n## WIP\n\n## DONE\n- Import the price list (2025-03-01)\n- T-12 Print, on A4 (2025-03-01)\n"
	const archive = "## DONE\n- Import the price list\n- T-12 Print\n"
	c := caseOf(t, boards+"-- archive.md --\n"+archive+"-- archive-base.md --\n"+archive)
	if got := brief(rule.Judge(c)); got != "" {
		t.Errorf("back from the archive: %s", got)
	}
	if got := rule.Arrivals(c); len(got) > 0 {
		t.Errorf("%d items arrive", len(got))
	}
	c = caseOf(t, boards+"-- archive.md --\n"+archive)
	if got := rule.Arrivals(c); len(got) != 2 || got[0].Column.Role != board.Done {
		t.Errorf("archived by this change: %d items arrive, want 2", len(got))
	}
}
