package board_test

import (
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/source"
)

func TestStarted(t *testing.T) {
	for text, want := range map[string]string{
		"- **Import**\n  - **Started**: 2025-03-01\n":                       "2025-03-01",
		"- Import\n  - started: about 2025-03-02, again 2025-03-05\n":       "2025-03-02",
		"- **Import** (Started: 2025-03-03)\n":                              "2025-03-03",
		"- **Import** (started 2025-03-04, Ann)\n":                          "2025-03-04",
		"- **Import** (STARTED: 2025-03-04)\n  - **Started**: 2025-03-05\n": "2025-03-05",
		"- **Import** (Started: soon) until (2025-04-01)\n":                 "",
		"- **Import** (2025-03-06)\n  - **Deadline**: 2025-04-01\n":         "",
		"- **Import**\n  - **Started**: yesterday\n":                        "",
		"- **Import**\n  - **Started**: 2025-02-30\n":                       "",
	} {
		b := board.Parse(source.NewFile("board.md", []byte("## WIP\n"+text)), board.DefaultWords())
		items := b.Items(board.WIP)
		if len(items) != 1 {
			t.Fatalf("%q: %d items", text, len(items))
		}
		got := ""
		if on := items[0].Started; !on.IsZero() {
			got = on.Time().Format(time.DateOnly)
			if on.Span.Text() != got {
				t.Errorf("%q: the date stands at %q", text, on.Span.Text())
			}
		}
		if got != want {
			t.Errorf("%q: started %q, want %q", text, got, want)
		}
	}
}
