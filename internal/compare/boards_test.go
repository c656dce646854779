package compare_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/source"
)

func parse(text string) *board.Board {
	words := board.DefaultWords()
	words.Home = board.Home{Host: "github.com", Repo: "acme/shop"}
	return board.Parse(source.NewFile("board.md", []byte(text)), words)
}

// told returns what a comparison says, a change or loss a line.
func told(r compare.Result) string {
	var b strings.Builder
	for _, c := range r.Changes {
		switch c.Kind {
		case compare.Added:
			fmt.Fprintf(&b, "added %s: %s\n", c.Head.Column.Role, c.Head.Title.Value)
		case compare.Removed:
			fmt.Fprintf(&b, "removed %s: %s\n", c.Base.Column.Role, c.Base.Title.Value)
		default:
			fmt.Fprintf(&b, "%s %s->%s: %s = %s (%s)\n", c.Kind, c.Base.Column.Role, c.Head.Column.Role, c.Base.Title.Value, c.Head.Title.Value, c.Match)
		}
	}
	for _, l := range r.Losses {
		fmt.Fprintf(&b, "lost: %s", l.Item.Title.Value)
		for _, n := range l.Near {
			fmt.Fprintf(&b, ", perhaps %s", n.Title.Value)
		}
		if l.Before != nil {
			fmt.Fprintf(&b, ", done before as %s", l.Before.Title.Value)
		}
		if l.Marked != "" {
			fmt.Fprintf(&b, ", dropped: %s", l.Marked)
		}
		b.WriteByte('\n')
	}
	if r.Reformatted {
		b.WriteString("reformatted\n")
	}
	return b.String()
}

var comparisons = []struct{ name, base, head, want string }{
	{"the same board", "## NEXT\n- Import\n", "## NEXT\n- Import\n", ""},
	{
		"a move with the same title", "## NEXT\n### 1) Import\n## WIP\n", "## NEXT\n## WIP\n**Import**\n",
		"moved next->wip: Import = Import (exact)\n",
	},
	{
		"a renumbered item is not a change", "## NEXT\n### 2) Import\n- DoD: 40 rows\n", "## NEXT\n### 1) Import\n- DoD: 40 rows\n", "",
	},
	{
		"a bracket dropped, another id", "## NEXT\n- Import of prices (optional)\n## DONE\n", "## NEXT\n## DONE\n- Pass 3 (Import of prices) - PR #4\n",
		"moved next->done: Import of prices (optional) = Pass 3 (Import of prices) (title)\n",
	},
	{
		"the same id for other work is not the same item", "## NEXT\n- **Pass 7**: Draw a logo\n## DONE\n", "## NEXT\n## DONE\n- Pass 7 (Import of prices) - PR #4\n",
		"added done: Pass 7 (Import of prices)\nremoved next: Pass 7: Draw a logo\nlost: Pass 7: Draw a logo\n",
	},
	{
		"the same words under another number are not the same item",
		"## WIP\n- Stage 2 permission audit\n## DONE\n", "## WIP\n## DONE\n- Stage 5 order permission audit - PR #4\n",
		"added done: Stage 5 order permission audit\nremoved wip: Stage 2 permission audit\nlost: Stage 2 permission audit, perhaps Stage 5 order permission audit\n",
	},
	{
		"the same criteria under another title",
		"## NEXT\n- Prices\n  - DoD:\n    - forty rows in the table\n    - newest price on top\n", "## WIP\n- Load the list\n  - DoD:\n    - forty rows in the table\n    - newest price on top\n## NEXT\n",
		"moved next->wip: Prices = Load the list (criteria)\n",
	},
	{
		"criteria that everybody has are not evidence",
		"## NEXT\n- Prices\n  - DoD: all tests pass, docs updated\n- Logo\n  - DoD: all tests pass, docs updated\n",
		"## NEXT\n- Prices\n  - DoD: all tests pass, docs updated\n- Door\n  - DoD: all tests pass, docs updated\n",
		"added next: Door\nremoved next: Logo\nlost: Logo\n",
	},
	{
		"a word more", "## WIP\n- Price list monitoring\n## DONE\n", "## WIP\n## DONE\n- Price list monitoring enforced - PR #4\n",
		"moved wip->done: Price list monitoring = Price list monitoring enforced (fuzzy)\n",
	},
	{
		"the same pull requests, however they are written",
		"## WIP\n- Prices, PRs #71 and #72\n## DONE\n",
		"## WIP\n## DONE\n- Load the list, https://github.com/acme/shop/pull/71, [the rest](https://github.com/Acme/Shop/pull/72/files)\n",
		"moved wip->done: Prices = Load the list (criteria)\n",
	},
	{
		"the same numbers of other repositories",
		"## WIP\n- Prices, PRs #71 and #72\n## DONE\n",
		"## WIP\n## DONE\n- Load the list, https://other.example/acme/shop/pull/71, acme/maps#72\n",
		"added done: Load the list\nremoved wip: Prices\nlost: Prices\n",
	},
	{
		"two candidates alike are not guessed between",
		"## WIP\n- Price list monitoring\n## DONE\n", "## WIP\n## DONE\n- Price list monitoring here - PR #4\n- Price list monitoring there - PR #5\n",
		"added done: Price list monitoring here\nadded done: Price list monitoring there\nremoved wip: Price list monitoring\n" +
			"lost: Price list monitoring, perhaps Price list monitoring here, perhaps Price list monitoring there\n",
	},
	{
		"what is done stays done: a purged line is not a new one",
		"## DONE\n- Audit of price list imports (2025-03-01) - PR #3\n", "## DONE\n- Audit of price list exports (2025-03-14) - PR #9\n",
		"added done: Audit of price list exports\nremoved done: Audit of price list imports\n",
	},
	{
		"a line of DONE that gets its number is one item",
		"## DONE\n- Import (2025-03-14) - 40 rows\n", "## DONE\n- Import (2025-03-14) - 40 rows, PR #4\n",
		"edited done->done: Import = Import (exact)\n",
	},
	{
		"the author says so", "## NEXT\n- Sort the archive\n", "## NEXT\n- Bonfire (was: Sort the archive)\n",
		"edited next->next: Sort the archive = Bonfire (marked)\n",
	},
	{
		"a dropped marker with a reason", "## NEXT\n- Sort the archive\n", "<!-- boardgate: dropped \"Sort the archive\": burnt -->\n## NEXT\n",
		"removed next: Sort the archive\nlost: Sort the archive, dropped: burnt\n",
	},
	{
		"late tidying", "## NEXT\n- Sort the archive\n## DONE\n- Sort the archive room (2025-03-01) - PR #3\n", "## NEXT\n## DONE\n- Sort the archive room (2025-03-01) - PR #3\n",
		"removed next: Sort the archive\nlost: Sort the archive, done before as Sort the archive room\n",
	},
	{
		"a struck item may go", "## NEXT\n- ~~Sort the archive~~\n", "## NEXT\n", "removed next: Sort the archive\n",
	},
	{
		"a lane without a role is a column too", "## NEXT\n- Sort the archive\n", "## NEXT\n## Backlog\n- Sort the archive\n",
		"moved next->other: Sort the archive = Sort the archive (exact)\n",
	},
	{
		"equal titles are told apart by id, then column",
		"## NEXT\n- T-1 Review\n- T-2 Review\n## DONE\n", "## NEXT\n- T-1 Review\n## DONE\n- T-2 Review - PR #4\n",
		"moved next->done: T-2 Review = T-2 Review (id)\n",
	},
	{
		"line endings and trailing spaces are not edits",
		"## WIP\n- **Sort the archive**\n  - DoD:\n    - [ ] all of it\n\n### T-2 Print\n\n**DoD**: one page\n\nLater.\n",
		"## WIP\r\n- **Sort the archive**\r\n  - DoD:  \r\n    - [ ] all of it\r\n\r\n### T-2 Print  \r\n\r\n**DoD**: one page\t\r\n\r\nLater.\r\n", "",
	},
	{
		"nor are those of tables and code, or of the end of the file",
		"## WIP\n\n| Item | DoD |\n| --- | --- |\n| Sort the archive | all of it |\n\n## NEXT\n\n- Print\n\n  ```\n  a\n\n  b\n  ```\n- Bind\n  and cut\n",
		"## WIP\n\n| Item | DoD |  \n| --- | --- |\t\n| Sort the archive | all of it | \n\n## NEXT  \n\n- Print\n  \n  ```  \n  a \n   \n  b\t\n  ```\n- Bind  \n  and cut", "",
	},
	{"titles without letters", "## NEXT\n- ***!!!***\n- ???\n", "## NEXT\n- ***!!!***\n- ???\n", ""},
	{
		"a new format", "## WIP\n- Import\n## NEXT\n- Export\n- Print\n## DONE\n- Logo - PR #1\n", "## In Progress\n### 1) Figures\n## Todo\n### 2) Banner\n",
		"added wip: Figures\nadded next: Banner\nremoved wip: Import\nremoved next: Export\nremoved next: Print\nremoved done: Logo\nlost: Import\nlost: Export\nlost: Print\nreformatted\n",
	},
}

func TestBoards(t *testing.T) {
	for _, c := range comparisons {
		t.Run(c.name, func(t *testing.T) {
			r := compare.Boards(parse(c.base), parse(c.head))
			if diff := cmp.Diff(c.want, told(r)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestSameText(t *testing.T) {
	const text = "## WIP\n\n- Import\n  - DoD: `a  b`\n"
	for other, want := range map[string]bool{
		text: true, strings.ReplaceAll(text, "\n", "\r\n"): true, strings.TrimSpace(text): true, text + "\n \n": true,
		strings.ReplaceAll(text, "\n", " \t\n"): true, strings.Replace(text, "\n\n", "\n   \r\n", 1): true, strings.ReplaceAll(text, "\n", "\u00a0\n"): true,
		"": false, "\n" + text: false, strings.Replace(text, "\n\n", "\n", 1): false, strings.Replace(text, "  -", "    -", 1): false,
		strings.Replace(text, "a  b", "a b", 1): false, text + "- Export\n": false, strings.Replace(text, "Import", "import", 1): false,
	} {
		if got := compare.SameText([]byte(text), []byte(other)); got != want || compare.SameText([]byte(other), []byte(text)) != want {
			t.Errorf("%q and %q are the same: %t, want %t", text, other, got, want)
		}
	}
	if !compare.SameText(nil, []byte("\r\n")) {
		t.Error("blank lines are another text than none")
	}
}

func TestNoBoard(t *testing.T) {
	b := parse("## NEXT\n- Import\n")
	if got := told(compare.Boards(nil, b)); got != "added next: Import\n" {
		t.Errorf("without a base: %q", got)
	}
	if got := told(compare.Boards(b, nil)); got != "removed next: Import\n" {
		t.Errorf("without a head: %q", got)
	}
}

// FuzzBoards holds the comparison to what every caller relies on: each item of
// the base is accounted for exactly once, each of the head is new or stands for
// one of the base or several, and a board compared with itself has no change.
func FuzzBoards(f *testing.F) {
	for _, c := range comparisons {
		f.Add(c.base, c.head)
	}
	f.Fuzz(func(t *testing.T, base, head string) {
		b, h := parse(base), parse(head)
		r := compare.Boards(b, h)
		accounted(t, r, b, h)
		self := compare.Boards(h, parse(head))
		if len(self.Changes) > 0 || len(self.Losses) > 0 || self.Reformatted {
			t.Fatalf("a board against itself:\n%s", told(self))
		}
	})
}

func accounted(t *testing.T, r compare.Result, b, h *board.Board) {
	t.Helper()
	seen, stands := map[*board.Item]int{}, map[*board.Item]bool{}
	for _, p := range r.Pairs {
		seen[p.Base]++
		stands[p.Head] = true
		if r.HeadOf(p.Base) != p.Head || r.HeadOf(r.BaseOf(p.Head)) != p.Head {
			t.Fatalf("the pair of %q is not found from both sides", p.Head.Title.Value)
		}
	}
	for _, c := range r.Changes {
		switch {
		case c.Kind == compare.Removed:
			seen[c.Base]++
		case c.Kind == compare.Added && stands[c.Head]:
			t.Fatalf("%q is added and paired", c.Head.Title.Value)
		case c.Kind == compare.Added:
			stands[c.Head] = true
		}
	}
	for _, it := range b.All() {
		if seen[it] != 1 {
			t.Fatalf("%q is accounted for %d times", it.Title.Value, seen[it])
		}
	}
	for _, it := range h.All() {
		if !stands[it] {
			t.Fatalf("%q is not accounted for", it.Title.Value)
		}
	}
}
