// Package source holds texts and the places in them.
//
// A place is a byte offset into a File. It becomes a line and a column only
// here, when it is shown: columns count UTF-8 bytes from 1, ends are exclusive.
package source

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf8"
)

// File is a text and the path it is known by. It is not changed after NewFile.
type File struct {
	Path string // slash-separated, as the user or the repository names it
	Text []byte

	starts []int // offset of the first byte of each line
}

// NewFile returns the file of that path and text.
func NewFile(path string, text []byte) *File {
	f := &File{Path: path, Text: text, starts: []int{0}}
	for i, b := range text {
		if b == '\n' {
			f.starts = append(f.starts, i+1)
		}
	}
	return f
}

// Position is a place in a file.
type Position struct {
	Offset int // bytes from the start of the file, from 0
	Line   int // from 1
	Column int // UTF-8 bytes from the start of the line, from 1
}

// Position returns the place of an offset; one outside the text is moved to its nearer end.
func (f *File) Position(offset int) Position {
	offset = min(max(offset, 0), len(f.Text))
	line, found := slices.BinarySearch(f.starts, offset)
	if !found {
		line--
	}
	return Position{Offset: offset, Line: line + 1, Column: offset - f.starts[line] + 1}
}

// Lines returns the number of lines, at least 1. What follows a final newline counts as an empty line.
func (f *File) Lines() int { return len(f.starts) }

// LineStart returns the offset of the first byte of line n, which counts from 1.
func (f *File) LineStart(n int) int { return f.starts[min(max(n, 1), len(f.starts))-1] }

// Line returns the text of line n, which counts from 1, without its line break.
// A line outside the file is empty.
func (f *File) Line(n int) []byte {
	if n < 1 || n > len(f.starts) {
		return nil
	}
	end := len(f.Text)
	if n < len(f.starts) {
		end = f.starts[n] - 1
	}
	return bytes.TrimSuffix(f.Text[f.starts[n-1]:end], []byte("\r"))
}

// LineSpan returns the place of line n without its line break.
func (f *File) LineSpan(n int) Span {
	start := f.LineStart(n)
	return Span{File: f, Start: start, End: start + len(f.Line(n))}
}

// UTF16Column returns the column of an offset in UTF-16 code units, from 1, as
// SARIF counts with columnKind utf16CodeUnits (SARIF 2.1.0, section 3.14.17).
// A byte that is not UTF-8 counts as one unit.
func (f *File) UTF16Column(offset int) int {
	p := f.Position(offset)
	units := 1
	for rest := f.Text[p.Offset-p.Column+1 : p.Offset]; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		if r > 0xFFFF {
			units++
		}
		units++
		rest = rest[size:]
	}
	return units
}

// Span is a place with an extent in a file, half-open. The zero Span is about no place.
type Span struct {
	File       *File
	Start, End int // byte offsets, 0 <= Start <= End <= len(File.Text)
}

// Span returns the place from start to end, moved into the text where it lies outside.
func (f *File) Span(start, end int) Span {
	start = min(max(start, 0), len(f.Text))
	return Span{File: f, Start: start, End: min(max(end, start), len(f.Text))}
}

// IsZero says whether the span is about no place.
func (s Span) IsZero() bool { return s.File == nil }

// From returns where the span begins, the zero Position if it is about no place.
func (s Span) From() Position {
	if s.File == nil {
		return Position{}
	}
	return s.File.Position(s.Start)
}

// To returns where the span ends, exclusive.
func (s Span) To() Position {
	if s.File == nil {
		return Position{}
	}
	return s.File.Position(s.End)
}

// Text returns the text the span covers.
func (s Span) Text() string {
	if s.File == nil {
		return ""
	}
	return string(s.File.Text[s.Start:s.End])
}

// FirstLine returns the span cut at the end of its first line.
func (s Span) FirstLine() Span {
	if s.File == nil {
		return s
	}
	if i := bytes.IndexByte(s.File.Text[s.Start:s.End], '\n'); i >= 0 {
		s.End = s.Start + len(bytes.TrimRight(s.File.Text[s.Start:s.Start+i], " \t\r"))
	}
	return s
}

// String returns path:line:column, for messages.
func (s Span) String() string {
	if s.File == nil {
		return "-"
	}
	p := s.From()
	return fmt.Sprintf("%s:%d:%d", s.File.Path, p.Line, p.Column)
}

// Edit replaces the text of a span.
type Edit struct {
	Span Span
	New  string
}

// Apply returns the text of f with the edits made. Edits of other files, and
// such as overlap, are an error; order does not matter.
func Apply(f *File, edits []Edit) ([]byte, error) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int { return a.Span.Start - b.Span.Start })
	var out []byte
	at := 0
	for _, e := range edits {
		if e.Span.File != f {
			return nil, fmt.Errorf("editing %s: an edit is of another file", f.Path)
		}
		if e.Span.Start < at {
			return nil, fmt.Errorf("editing %s: two edits overlap", e.Span)
		}
		out = append(out, f.Text[at:e.Span.Start]...)
		out = append(out, e.New...)
		at = e.Span.End
	}
	return append(out, f.Text[at:]...), nil
}
