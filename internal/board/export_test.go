package board

import (
	"github.com/yuin/goldmark/parser"

	"github.com/boardgate/boardgate/internal/source"
)

// Markdown is the parser of a board's blocks and of what stands inside them.
func Markdown(inline bool) parser.Parser { return markdown(inline, &meter{mostLooks}) }

// newScanner scans a file of which all is shown.
func newScanner(file *source.File) *scanner { return &scanner{file: file, shown: string(file.Text)} }

// limitsOf reads the limits in a file of which all is shown.
func limitsOf(file *source.File, words ...string) *limitGrammar {
	g := newLimitGrammar(file, words)
	g.shown = string(file.Text)
	return g
}
