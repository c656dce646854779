package board

import (
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/source"
)

// What git leaves of a conflict is one; what a text says about conflicts is not.
func TestConflict(t *testing.T) {
	const marks = "<<<<<<< HEAD\n- Import\n=======\n- Export\n>>>>>>> work\n"
	for _, test := range []struct {
		name, text string
		line       int // of the first marker, 0 for none
	}{
		{"merge", "## WIP\n" + marks, 2},
		{"first line", marks, 1},
		{"after a byte order mark", "\xef\xbb\xbf" + marks, 1},
		{"CRLF", strings.ReplaceAll("## WIP\n"+marks, "\n", "\r\n"), 2},
		{"diff3", "## WIP\n<<<<<<< HEAD\n- a\n||||||| ab64526\n- b\n=======\n- c\n>>>>>>> work\n", 2},
		{"without labels", "<<<<<<<\n=======\n>>>>>>>", 1},
		{"after a code block", "```\nx\n```\n" + marks, 4},
		{"around the start of a code block", "<<<<<<< HEAD\n```\na\n=======\n```\nb\n>>>>>>> work\n```\n", 1},
		{"in a list item's code block", "- a\n  ```\n" + marks + "  ```\n", 3},
		{"the second start", "<<<<<<< HEAD\n=======\n<<<<<<< HEAD\n=======\n>>>>>>> work\n", 3},
		{"in a column", "## WIP\n- Import\n\n" + marks + "## DONE\n", 4},

		{"in a code block", "## WIP\n```\n" + marks + "```\n- Import\n", 0},
		{"in a longer fence", "## WIP\n~~~~ text\n~~~\n" + marks + "~~~~\n", 0},
		{"in a code block without an end", "```\n" + marks, 0},
		{"indented", "    " + strings.ReplaceAll(marks, "\n", "\n    "), 0},
		{"an underlined heading", "Board\n=======\n\n## WIP\n", 0},
		{"a quote in a quote", "<<<<<<< is how it starts\n>>>>>>> is how it ends\n", 0},
		{"the wrong order", ">>>>>>> work\n=======\n<<<<<<< HEAD\n", 0},
		{"no end", "<<<<<<< HEAD\n- a\n=======\n- b\n", 0},
		{"eight signs", strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(marks, "<<<<<<<", "<<<<<<<<"), "=======", "========"), ">>>>>>>", ">>>>>>>>"), 0},
	} {
		b := Parse(source.NewFile("b.md", []byte(test.text)), DefaultWords())
		line := 0
		if b.Problem == Conflict {
			line = b.At.From().Line
		}
		if line != test.line || line > 0 && len(b.Columns) > 0 {
			t.Errorf("%s: conflict at line %d, want %d (0 is none)", test.name, line, test.line)
		}
	}
}
