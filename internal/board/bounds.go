package board

import (
	"bytes"
	"fmt"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// How much of a text is read, whatever its size: some bytes take more work than
// others. A text that holds more is not read at all. Real boards come nowhere near.
const (
	mostItems   = 50_000
	mostColumns = 1_000
	mostPieces  = 110_000  // lines, the marks of lists and quotes that begin them, and cells
	mostTags    = 10_000   // a browser's parser takes time by the depth of what is left open
	mostLooks   = 64 << 20 // bytes that are looked at again for the end of what may begin in a paragraph
	cellWork    = 500      // the bytes that could be looked at for the work of a cell that is not written
)

// refuse says that a text holds more than is read, and of what.
func (p *reader) refuse(at int, format string, most ...any) {
	p.board.Problem, p.board.At, p.board.Excess = TooMuch, p.lineSpan(at), fmt.Sprintf(format, most...)
}

// tooMany refuses a board with more columns or items than are read.
func (p *reader) tooMany() bool {
	switch b := p.board; {
	case len(b.Columns) > mostColumns:
		p.refuse(b.Columns[mostColumns].Title.Span.Start, "more than %d columns", mostColumns)
	case len(b.All()) > mostItems:
		p.refuse(b.All()[mostItems].Line.Start, "more than %d items", mostItems)
	default:
		return false
	}
	p.board.Columns = nil
	return true
}

// pieces returns where a text goes beyond mostPieces, -1 where it does not.
func pieces(text []byte) int {
	n := 0
	for at := 0; at < len(text); {
		end := nextLine(text, at)
		line := bytes.TrimLeft(text[at:end], " \t>-+*0123456789.)")
		for i := at; i < end-len(line); i++ {
			if m := listMarker(text[i:]); m > 0 || text[i] == '>' {
				n++
				i += max(0, m-2)
			}
		}
		if n += 1 + bytes.Count(line, []byte("|")); n > mostPieces {
			return at
		}
		at = end
	}
	return -1
}

// meter bounds what goldmark does by the square of a paragraph's length.
type meter struct{ left int }

// spend says whether so many bytes may be looked at.
func (m *meter) spend(n int) bool {
	m.left -= n
	return m.left >= 0
}

// metered is an inline parser that may look through the rest of a paragraph each
// time that it is asked.
type metered struct {
	parser.InlineParser
	*meter
}

func (m metered) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	_, at := block.Position()
	lines := parent.Lines()
	if !m.spend(lines.At(lines.Len()-1).Stop - at.Start) {
		return nil
	}
	return m.InlineParser.Parse(parent, block, pc)
}

// CloseBlock ends a paragraph for the parser of links.
func (m metered) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	if closer, ok := m.InlineParser.(parser.CloseBlocker); ok {
		closer.CloseBlock(parent, block, pc)
	}
}
