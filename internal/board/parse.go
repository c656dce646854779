package board

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	gmtext "github.com/yuin/goldmark/text"

	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// Parse reads a board. It never fails: a text that is not a board comes back
// without columns and with a Problem.
func Parse(file *source.File, words Words) *Board {
	b := &Board{File: file, words: words}
	if b.Problem, b.At = unreadable(file); b.Problem != "" {
		return b
	}
	if b.Problem, b.At = conflict(file); b.Problem != "" {
		return b
	}
	newReader(b, words).read()
	return b
}

// unreadable says why a text cannot even be looked at, and where.
func unreadable(file *source.File) (Problem, source.Span) {
	if i := bytes.IndexByte(file.Text, 0); i >= 0 {
		return Binary, file.Span(i, i+1)
	}
	if !utf8.Valid(file.Text) {
		for i, r := range string(file.Text) {
			if r == utf8.RuneError && !bytes.HasPrefix(file.Text[i:], []byte(string(r))) {
				return NotUTF8, file.Span(i, i+1)
			}
		}
	}
	if len(bytes.TrimSpace(bytes.TrimPrefix(file.Text, bom))) == 0 {
		return Empty, file.Span(0, 0)
	}
	return "", source.Span{}
}

// region is a half-open range of offsets.
type region struct{ start, end int }

// kind is what a top-level block is.
type kind int

const (
	paragraph kind = iota
	heading
	list
	table
	code
	comment // HTML of any sort
	quote
	breakLine
	definition // of a link, of which nothing is shown
)

// block is a top-level block of the file.
type block struct {
	kind   kind
	node   ast.Node
	level  int // of a heading
	region     // of a heading without its marks
}

// reader reads one file.
type reader struct {
	file  *source.File
	words Words
	board *Board

	phrases []phrase      // the words of columns
	longest int           // how many bytes the longest of them has
	dod     []string      // the labels of a Definition of Done, folded
	limits  *limitGrammar // the words of limits
	scan    *scanner
	looks   meter

	taken   region // the line that was last taken apart
	takenAs line

	text  string   // the file's text with what Markdown must not see blanked, offsets kept
	front region   // the front matter
	wiped []region // comments of Obsidian, which GitHub shows

	inItems []int // where blocks begin that HTML shows as items, in order
	blocks  []block

	labels    map[string]int    // how many lines begin with each bold label, nil until asked for
	parents   []int             // of each block, the place of the heading it stands below
	skeletons map[string]string // the words of columns, by their skeletons, nil until asked for

	is    map[int]*label     // what each label inside a column is, by its block
	alike map[string]reading // what another version of the board is sure that labels are, by their text
}

func newReader(b *Board, words Words) *reader {
	p := &reader{file: b.File, words: words, board: b, phrases: phrases(words), limits: newLimitGrammar(b.File, words.Limit), scan: &scanner{file: b.File, home: words.Home}, looks: meter{mostLooks}}
	for _, ph := range p.phrases {
		p.longest = max(p.longest, len(ph.compact))
	}
	for _, w := range words.DoD {
		p.dod = append(p.dod, text.Fold(w))
	}
	return p
}

func (p *reader) read() {
	text, front, wiped := blank(p.file.Text)
	p.text, p.front, p.wiped = string(text), front, wiped
	if at := pieces(text); at >= 0 {
		p.refuse(at, "more than %d lines, list marks and table cells", mostPieces)
		return
	}
	if p.show(text); p.looks.left < 0 {
		p.refuse(0, "more links, code, HTML or empty cells in one paragraph or table")
	}
	if p.board.Problem != "" {
		return
	}
	p.board.shown, p.scan.shown, p.limits.shown = p.text, p.text, p.text
	sections := p.sections()
	p.nestedColumns(sections)
	p.groups(sections)
	p.board.labels = map[string]*label{}
	for _, l := range p.is {
		if was := p.board.labels[l.text]; was == nil || was.open && !l.open || was.open == l.open && l.at < was.at {
			p.board.labels[l.text] = l
		}
	}
	p.columns(sections)
	p.looseTables(sections)
	if p.tooMany() {
		return
	}
	p.citeOnce()
	p.strangers()
	p.unparsed(sections)
	p.rules()
	p.stamps()
	p.comments()
	if len(p.board.Columns) == 0 && p.board.Problem == "" {
		p.board.Problem, p.board.At = NoColumn, p.file.LineSpan(1)
	}
}

func (p *reader) split(text []byte) []block {
	doc := markdown(false, &p.looks).Parse(gmtext.NewReader(text))
	out := make([]block, 0, doc.ChildCount())
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if b, ok := p.block(n); ok {
			out = append(out, b)
		}
	}
	return out
}

func (p *reader) block(n ast.Node) (block, bool) {
	b := block{kind: kindOf(n), node: n}
	r, ok := extent(n)
	if !ok || b.kind == definition {
		return b, b.kind == breakLine
	}
	b.region = r
	if h, is := n.(*ast.Heading); is {
		b.level = h.Level
		if !visible(Visible(masked(p.raw(r), imageStart, imageRef))) {
			return b, false // a reader sees no heading, or a picture
		}
		if p.underlined(b) {
			b.kind = paragraph
		}
	}
	return b, true
}

func kindOf(n ast.Node) kind {
	switch n.Kind() {
	case ast.KindHeading:
		return heading
	case ast.KindList:
		return list
	case ast.KindCodeBlock, ast.KindFencedCodeBlock:
		return code
	case ast.KindHTMLBlock:
		return comment
	case ast.KindBlockquote:
		return quote
	case ast.KindThematicBreak:
		return breakLine
	case ast.KindLinkReferenceDefinition:
		return definition
	}
	if n.Kind().String() == "Table" {
		return table
	}
	return paragraph
}

// underlined says whether a heading is one only because a separator of three
// dashes stands right below its text, as below "None" in an empty column.
func (p *reader) underlined(b block) bool {
	if b.level != 2 || p.text[p.lineStart(b.start)] == '#' || strings.HasPrefix(strings.TrimLeft(p.text[p.lineStart(b.start):b.end], " "), "#") {
		return false
	}
	below := p.file.Position(b.end).Line + 1
	if string(bytes.TrimSpace(p.file.Line(below))) != "---" {
		return false
	}
	role, _ := p.role(b.region)
	return role == ""
}

// extent returns the lines' range of a block and all below it, from text
// segments alone: a container's own position cannot be trusted.
func extent(n ast.Node) (region, bool) {
	r, ok := own(n)
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Type() == ast.TypeInline {
			continue
		}
		switch below, found := extent(c); {
		case found && ok:
			r = region{min(r.start, below.start), max(r.end, below.end)}
		case found:
			r, ok = below, true
		}
	}
	return r, ok
}

func own(n ast.Node) (region, bool) {
	lines := n.Lines()
	if lines == nil || lines.Len() == 0 {
		return region{}, false
	}
	r := region{lines.At(0).Start, lines.At(lines.Len() - 1).Stop}
	if h, is := n.(*ast.HTMLBlock); is && h.HasClosure() {
		r.end = max(r.end, h.ClosureLine.Stop)
	}
	return r, true
}

func (p *reader) span(r region) source.Span { return p.file.Span(r.start, r.end) }

func (p *reader) raw(r region) string { return p.text[r.start:r.end] }

func (p *reader) lineStart(offset int) int {
	return p.file.LineStart(p.file.Position(offset).Line)
}

// lineSpan returns the line an offset stands in, without surrounding white space.
func (p *reader) lineSpan(offset int) source.Span {
	s := p.file.LineSpan(p.file.Position(offset).Line)
	for s.Start < s.End && isSpace(p.file.Text[s.Start]) {
		s.Start++
	}
	for s.End > s.Start && isSpace(p.file.Text[s.End-1]) {
		s.End--
	}
	return s
}

// trim takes white space off both ends.
func (p *reader) trim(r region) region {
	for r.start < r.end && isSpace(p.text[r.start]) {
		r.start++
	}
	for r.end > r.start && isSpace(p.text[r.end-1]) {
		r.end--
	}
	return r
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

// lines cuts a region into its lines, trimmed, without empty ones.
func (p *reader) lines(r region) []region {
	var out []region
	for at := r.start; at < r.end; {
		end := min(lineEnd(p.text, at), r.end)
		if line := p.trim(region{at, end}); line.start < line.end {
			out = append(out, line)
		}
		at = end + 1
	}
	return out
}
