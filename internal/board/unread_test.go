package board_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/source"
)

// TestUnread holds the parser to dropping nothing: what lies in a column and is
// neither an item nor a comment is kept, with its line.
func TestUnread(t *testing.T) {
	text, err := os.ReadFile("testdata/hostile/unread.md")
	if err != nil {
		t.Fatal(err)
	}
	got := map[board.Role][]int{}
	for _, u := range board.Parse(source.NewFile("unread.md", text), board.DefaultWords()).Unparsed {
		for _, l := range u.Lines {
			got[u.Column.Role] = append(got[u.Column.Role], l.Span.From().Line)
		}
	}
	if diff := cmp.Diff(map[board.Role][]int{board.WIP: {5}, board.Next: {10}}, got); diff != "" {
		t.Errorf("lines not read as items (-want +got):\n%s", diff)
	}
}
