package rule_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

var lineEnd = regexp.MustCompile(`(?m)$`)

// rewritten are the ways in which editors and git rewrite a file that says the same.
var rewritten = map[string]func(string) string{
	"CRLF":                         func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
	"two spaces and a tab at ends": func(s string) string { return lineEnd.ReplaceAllString(s, "  \t") },
	"no line end at the end":       func(s string) string { return strings.TrimRight(s, "\n") },
	"blank lines at the end":       func(s string) string { return s + "\n \n" },
}

// The boards of all books are compared with themselves in other white space: no
// item is edited, and nothing is found that was not there before.
func TestWhiteSpaceIsNoContent(t *testing.T) {
	examples(t, func(t *testing.T, c *rule.Case) {
		if c.Head == nil || len(c.Head.Columns) == 0 {
			return
		}
		for name, rewrite := range rewritten {
			text := rewrite(string(c.Head.File.Text))
			if !compare.SameText(c.Head.File.Text, []byte(text)) {
				t.Fatalf("%s: the text is another", name)
			}
			other := board.Parse(source.NewFile("head.md", []byte(text)), c.HeadWords)
			for _, sides := range [][2]*board.Board{{c.Head, other}, {other, c.Head}} {
				d := *c
				d.BaseKind, d.BaseState, d.BaseArchive, d.BaseWords = rule.Present, c.State, c.Archive, c.HeadWords
				d.HeadConfig, d.Redirects, d.Facts.Production = nil, nil, nil
				d.Base, d.Head = board.Alike(sides[0], sides[1])
				d.Changes = compare.Boards(d.Base, d.Head)
				if n := len(d.Changes.Changes); n > 0 {
					t.Errorf("%s: %d items changed", name, n)
				}
				for _, f := range rule.Judge(&d).Findings {
					if f.Introduced {
						t.Errorf("%s: %s: %s", name, f.Rule, f.Message)
					}
				}
			}
		}
	})
}
