package board_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/source"
)

// filled returns a text repeated up to a size in bytes.
func filled(s string, size int) string { return strings.Repeat(s, size/len(s)) }

// numbered returns n lines of a format with one number.
func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i+1)
	}
	return b.String()
}

// tooMuch stands for a board that is refused.
const tooMuch = -1

// TestHostileSizes reads texts that are nothing but one construct. What takes
// time by the square of their size would not end within minutes here.
func TestHostileSizes(t *testing.T) {
	const line = 96 << 10
	cases := []struct {
		name, text string
		items      int
	}{
		{"nested bullets in a line", "- " + strings.Repeat("- ", 200_000) + "a\n", tooMuch},
		{"nested numbers in a line", strings.Repeat("1. ", 50_000) + "a\n", 1},
		{"nested quotes in a line", "- a\n\n" + strings.Repeat(">", 200_000) + " b\n", tooMuch},
		{"separators", filled("- - - -\n", line), 0},
		{"open code", "- **" + filled("`a``b", line), 1},
		{"open emphasis", "- **" + filled("_", line), 0},
		{"open brackets", "- **" + filled("[", line), 1},
		{"open wiki links", "- " + filled("[[[[[[[[a]", line), 1},
		{"open links", "- " + filled("[](a \"", line), 1},
		{"open tags", "- " + filled("<a ", line), tooMuch},
		{"comments", "- a " + filled("<!-- ", line), tooMuch},
		{"bars", "- " + filled("|", line), 1},
		{"hashes", "- a " + filled("#", line), 1},
		{"colons", "- a" + filled(":", line), 1},
		{"emoji", "- a" + filled("✅", line), 1},
		{"zero width", "- a" + filled("\u200b", line), 1},
		{"brackets", "- a " + filled("(2025-01-01) ", line), 1},
		{"old titles", "- a " + filled("(was: ", line), 1},
		{"separate dates", "- " + filled("2025-01-01 - ", line) + "a", 1},
		{"numbers", "- a " + numbered("PR #%d ", 20_000), 1},
		{"numbers line by line", "- a\n" + numbered("  - PR #%d\n", 20_000), 1},
		{"limits", "- a\n# WIP Limit " + filled("a ", line) + "= 1\n", 1},
		{"headings", strings.Repeat("### Done\n", 20_000), 0},
		{"headings that are items", strings.Repeat("### Fix the import\n", 20_000), 20_000},
		{"tables", filled("## Done\n|a|\n|-|\n|b|\n", line), tooMuch},
		{"items", strings.Repeat("- a\n", 50_001), tooMuch},
		{"many items", strings.Repeat("- a\n", 49_999), 49_999},
		{"items that end in a carriage return", strings.Repeat("- a\r", 1<<20), tooMuch},
		{"rows", "| Title | PR |\n|---|---|\n" + numbered("| Fix the import | #%d |\n", 10_000), 10_000},
		{"columns", strings.Repeat("| a ", 5_000) + "|\n" + strings.Repeat("|---", 5_000) + "|\n" + strings.Repeat("| b ", 5_000) + "|\n", 1},
		{"padded rows", strings.Repeat("| a ", 1_000) + "|\n" + strings.Repeat("|---", 1_000) + "|\n" + strings.Repeat("|b|\n", 10_000), tooMuch},
		{"waivers", numbered("- Fix the import %d\n<!-- boardgate: allow done-reference: none -->\n", 10_000), 10_000},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := board.Parse(source.NewFile("board.md", []byte("## DONE\n"+c.text)), board.DefaultWords())
			if refused := b.Problem == board.TooMuch; refused != (c.items == tooMuch) || refused && b.Excess == "" {
				t.Errorf("problem %q (%s)", b.Problem, b.Excess)
			}
			if got := len(b.All()); got != max(0, c.items) {
				t.Errorf("%d items, want %d", got, c.items)
			}
		})
	}
}
