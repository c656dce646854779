package board

import (
	"bytes"

	"github.com/boardgate/boardgate/internal/source"
)

// Conflict is the problem of a text that holds unresolved merge conflict
// markers; Board.At is the first of them. Which side's items count nobody knows.
const Conflict Problem = "conflict"

// conflict returns the place of the first conflict marker that git left: lines
// that begin with "<<<<<<<", "=======" and ">>>>>>>", in this order and outside
// fenced code. A lone "=======" only underlines a heading.
func conflict(file *source.File) (Problem, source.Span) {
	if !bytes.Contains(file.Text, []byte("<<<<<<<")) {
		return "", source.Span{}
	}
	var fence []byte // the fence of the code block that is open
	begun, parted := 0, false
	for n := 1; n <= file.Lines(); n++ {
		line := bytes.TrimRight(file.Line(n), "\r\n")
		if n == 1 {
			line = bytes.TrimPrefix(line, bom)
		}
		switch {
		case begun == 0 && fence != nil:
			if closes(line, fence) {
				fence = nil
			}
		case isMarker(line, '<'):
			begun, parted = n, false
		case begun == 0:
			fence = opens(line)
		case isMarker(line, '='):
			parted = true
		case parted && isMarker(line, '>'):
			return Conflict, file.LineSpan(begun)
		}
	}
	return "", source.Span{}
}

// isMarker says whether a line is seven signs and then nothing, or a space and a
// label (https://git-scm.com/docs/git-merge#_how_conflicts_are_presented).
func isMarker(line []byte, sign byte) bool {
	const length = 7
	return len(line) >= length && line[0] == sign && runLength(line, 0) == length && (len(line) == length || line[length] == ' ')
}

// opens returns the fence by which a line opens a code block, nil where it opens
// none. One that is indented may be a list item's, which a marker ends.
func opens(line []byte) []byte {
	if len(line) == 0 || line[0] != '`' && line[0] != '~' {
		return nil
	}
	n := runLength(line, 0)
	if n < 3 || line[0] == '`' && bytes.IndexByte(line[n:], '`') >= 0 {
		return nil
	}
	return line[:n]
}

// closes says whether a line closes the code block that a fence opened.
func closes(line, fence []byte) bool {
	line = bytes.TrimLeft(line, " ")
	n := 0
	for n < len(line) && line[n] == fence[0] {
		n++
	}
	return n >= len(fence) && len(bytes.TrimSpace(line[n:])) == 0
}
