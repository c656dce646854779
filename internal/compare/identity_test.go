package compare_test

import (
	"testing"

	"github.com/boardgate/boardgate/internal/compare"
)

// A word of one letter is a word.
func TestShortestWord(t *testing.T) {
	for _, title := range []string{"e", "Section e", "É"} {
		b := parse("## WIP\n- " + title + "\n")
		if r := compare.Boards(b, b); len(r.Pairs) != 1 || len(r.Changes) != 0 {
			t.Errorf("%q against itself: %d pairs, %d changes", title, len(r.Pairs), len(r.Changes))
		}
	}
}
