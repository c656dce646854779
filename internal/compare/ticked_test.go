package compare_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/compare"
)

func TestTicked(t *testing.T) {
	for _, test := range []struct{ name, base, head, want string }{
		{"the box is all that changed", "## NEXT\n- [ ] Import\n", "## NEXT\n- [x] Import\n", "ticked next->next: Import = Import (exact)\n"},
		{"a box that was not there", "## WIP\n- Import\n", "## WIP\n- [x] Import\n", "ticked wip->wip: Import = Import (exact)\n"},
		{"more was edited", "## WIP\n- [ ] Import\n", "## WIP\n- [x] Import\n  - 40 rows\n", "ticked wip->wip: Import = Import (exact)\n"},
		{"ticked before", "## WIP\n- [x] Import\n", "## WIP\n- [x] Import\n", ""},
		{"taken back", "## WIP\n- [x] Import\n", "## WIP\n- [ ] Import\n", ""},
		{"struck out before", "## WIP\n- ~~Import~~\n", "## WIP\n- [x] Import\n", "edited wip->wip: Import = Import (exact)\n"},
		{"in DONE", "## DONE\n- [ ] Import\n", "## DONE\n- [x] Import\n", ""},
		{"moved and ticked", "## NEXT\n- [ ] Import\n## WIP\n", "## NEXT\n## WIP\n- [x] Import\n", "moved next->wip: Import = Import (exact)\n"},
		{
			"in the order of the head", "## WIP\n- [ ] Import\n- Print\n## NEXT\n- [ ] Export\n- Archive\n",
			"## WIP\n- Page\n- [x] Import\n## NEXT\n- [x] Export\n- Sign the door\n",
			"added wip: Page\nticked wip->wip: Import = Import (exact)\nticked next->next: Export = Export (exact)\nadded next: Sign the door\nremoved wip: Print\nremoved next: Archive\n",
		},
		{
			"in a table", "| NEXT | WIP |\n| --- | --- |\n| [ ] Export | [ ] Import |\n",
			"| NEXT | WIP |\n| --- | --- |\n| [x] Export | [x] Import |\n| Sign the door | |\n",
			"ticked next->next: Export = Export (exact)\nadded next: Sign the door\nticked wip->wip: Import = Import (exact)\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := compare.Boards(parse(test.base), parse(test.head))
			if diff := cmp.Diff(test.want, told(compare.Result{Changes: r.Changes})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
