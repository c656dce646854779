package rule_test

import (
	"fmt"
	"strings"
	"testing"
)

// numbered returns a board with n items in one column, each of a format with
// one number.
func numbered(column, format string, n int) []byte {
	var b strings.Builder
	b.WriteString("## " + column + "\n")
	for i := range n {
		fmt.Fprintf(&b, format+"\n", i+1)
	}
	for _, c := range []string{"WIP", "NEXT", "DONE"} {
		if c != column {
			b.WriteString("\n## " + c + "\n")
		}
	}
	return []byte(b.String())
}

// TestHostileSizes judges pairs of boards that are hard to tell apart. What takes
// time by the square of their size would not end within minutes here.
func TestHostileSizes(t *testing.T) {
	const n = 5_000
	list, mended := "- Fix the import of list %d", "- Mend the import of list %d today"
	same := "- Fix the import<!-- %d -->"
	dropped := `<!-- boardgate: dropped "Fix the import of list %d": no need -->`
	cases := []struct {
		name          string
		base, head    []byte
		pairs, losses int
	}{
		{"equal titles", numbered("DONE", same, n), numbered("DONE", same, n), n, 0},
		{"equal titles moved", numbered("NEXT", same, n), numbered("WIP", same, n), n, 0},
		{"equal titles taken back", numbered("DONE", same, n), numbered("NEXT", same, n), n, 0},
		{"equal but for ids", numbered("NEXT", "- T-%d — Fix the import", n/5), numbered("NEXT", "- U-%d — Fix the import", n/5), 0, n / 5},
		{"no reference", numbered("DONE", list, n), numbered("DONE", list, n), n, 0},
		{"renamed, one word kept", numbered("NEXT", "- Fix import%d", n), numbered("NEXT", "- Mend import%d", n), 0, n},
		{"renamed, each alike to one", numbered("NEXT", list, n), numbered("NEXT", mended, n), n, 0},
		{"renamed, each alike to all", numbered("NEXT", "- Fix the import<!-- %d -->", 60), numbered("NEXT", "- Mend the import today<!-- %d -->", 60), 0, 60},
		{"all lost", numbered("NEXT", list, n), numbered("NEXT", "- Sell shop %d", 1), 0, n},
		{"dropped by name", numbered("NEXT", list, n), numbered("NEXT", "- Sell shop\n"+dropped, n), 0, n},
		{"columns of one item", []byte(strings.Repeat("### Done\n- a\n", n)), []byte(strings.Repeat("### Done\n- b\n", n)), 0, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := between(c.base, c.head)
			if pairs, losses := len(got.Changes.Pairs), len(got.Changes.Losses); pairs != c.pairs || losses != c.losses {
				t.Errorf("%d pairs and %d losses, want %d and %d", pairs, losses, c.pairs, c.losses)
			}
			if len(told(got)) == 0 {
				t.Error("the report is empty")
			}
		})
	}
}
