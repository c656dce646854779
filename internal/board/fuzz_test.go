package board_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/source"
)

// seed adds our own boards and the boards of the rules' books.
func seed(f *testing.F) {
	f.Helper()
	files, _ := filepath.Glob("testdata/*/*.md")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	books, _ := filepath.Glob("../rule/*.txtar")
	for _, name := range books {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if strings.HasSuffix(file.Name, ".md") {
				f.Add(file.Data)
			}
		}
	}
	f.Add([]byte("## WIP\n**\n- \n\t- \n## DONE\n| a | b |\n|-|-|\n| | x |\n"))
	f.Add([]byte("\xef\xbb\xbf---\nupdated: 2025-01-01\n---\r\n## WIP (1)\r\n- x\r\n"))
}

// FuzzParse holds the parser to what every caller relies on, whatever the bytes:
// spans lie in the file and in order, an item's title is the text of its span,
// and an item's place lies in its block and its column.
func FuzzParse(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, words := range []board.Words{board.DefaultWords(), board.StateWords(board.DefaultWords())} {
			file := source.NewFile("board.md", text)
			b := board.Parse(file, words)
			if (b.Problem == "") == (len(b.Columns) == 0) {
				t.Fatalf("problem %q with %d columns", b.Problem, len(b.Columns))
			}
			for _, c := range b.Columns {
				inside(t, "column title", c.Title.Span, len(text))
				inside(t, "body", c.Body, len(text))
				for _, g := range c.Groups {
					inside(t, "group", g.Span, len(text))
				}
				if c.Fewest < 0 || c.Fewest > len(c.Items) {
					t.Fatalf("at the fewest %d items of %d", c.Fewest, len(c.Items))
				}
				for _, it := range c.Items {
					item(t, it, len(text))
				}
			}
			for _, u := range b.Unparsed {
				for _, l := range u.Lines {
					inside(t, "unparsed", l.Span, len(text))
				}
			}
			for _, w := range b.Waivers {
				inside(t, "waiver", w.Span, len(text))
			}
			for _, s := range b.Stamps {
				inside(t, "stamp", s.Span, len(text))
			}
		}
	})
}

func item(t *testing.T, it *board.Item, size int) {
	t.Helper()
	inside(t, "title", it.Title.Span, size)
	inside(t, "block", it.Block, size)
	inside(t, "line", it.Line, size)
	if got := board.Visible(strings.ReplaceAll(it.Title.Span.Text(), "\r", " ")); got != it.Title.Value {
		t.Fatalf("title is %q, its span holds %q", it.Title.Value, got)
	}
	if it.Title.Span.Start < it.Block.Start || it.Title.Span.End > it.Block.End {
		t.Fatalf("title %d-%d is outside its block %d-%d", it.Title.Span.Start, it.Title.Span.End, it.Block.Start, it.Block.End)
	}
	for _, f := range it.Fields {
		inside(t, "field", f.Value.Span, size)
	}
	for _, r := range append(append([]board.Reference{}, it.Pulls...), it.Mentions...) {
		inside(t, "reference", r.Span, size)
		if r.Number < 1 {
			t.Fatalf("reference to number %d", r.Number)
		}
	}
	if it.DoD != nil {
		for _, c := range it.DoD.Criteria {
			inside(t, "criterion", c.Span, size)
		}
	}
}

func inside(t *testing.T, what string, s source.Span, size int) {
	t.Helper()
	if s.File == nil || s.Start < 0 || s.End < s.Start || s.End > size {
		t.Fatalf("%s: span %d-%d of a file of %d bytes", what, s.Start, s.End, size)
	}
}
