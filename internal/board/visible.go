package board

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/boardgate/boardgate/internal/source"
)

// Hiding is HTML that keeps a browser from showing what stands behind it, or
// makes it read that as something else: a comment or a tag that is left open, or
// an element whose content is not shown.
type Hiding struct {
	Text               // its first line
	Hidden source.Span // the first line that it hides, the zero Span where it hides none
}

// show splits the text into blocks and wipes what a browser does not show of it,
// so that nothing is read of a board that cannot be seen on it.
func (p *reader) show(text []byte) {
	if plainComments(text) {
		p.blocks = p.split(text)
		if bytes.Contains(text, []byte("<!--")) {
			for _, b := range p.blocks {
				leaves(b.node, func(n ast.Node, r region) { wipeComments(n, text[r.start:r.end]) })
			}
			p.text = string(text)
		}
		return
	}
	g := newPage(text, &p.looks)
	if len(g.raw) == 0 {
		p.blocks = p.split(text) // what looked like HTML is code
		return
	}
	hidden, ok := g.hidden()
	if !ok {
		p.refuse(g.raw[0].start, "more than %d HTML tags", mostTags)
		return
	}
	for _, r := range hidden {
		r = region{p.lineStart(r.start), lineEnd(text, max(r.start, r.end-1))}
		p.hiding(g.lastHTMLBefore(r), p.lineSpan(r.start))
		wipe(text[r.start:r.end])
	}
	for _, r := range g.open {
		p.hiding(r, source.Span{})
	}
	p.htmlColumns(g.doc)
	p.text = string(text)
	p.blocks = p.split(text)
	p.inItems = g.inItems
	for _, c := range g.comments {
		wipe(text[c.start:c.end])
	}
	p.text = string(text)
}

// wipeComments wipes the comments of a block that holds no other.
func wipeComments(n ast.Node, text []byte) {
	switch kindOf(n) {
	case code:
	case comment:
		wipe(text)
	default:
		for _, c := range commentsIn(text) {
			wipe(text[c.start:c.end])
		}
	}
}

// leaves calls f for every block that holds no other, with its lines.
func leaves(n ast.Node, f func(ast.Node, region)) {
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Type() == ast.TypeInline || !entering {
			return ast.WalkSkipChildren, nil
		}
		if r, ok := own(n); ok && (!n.HasChildren() || n.FirstChild().Type() == ast.TypeInline) {
			f(n, r)
		}
		return ast.WalkContinue, nil
	})
}

// hiding keeps HTML that hides, each line of it once.
func (p *reader) hiding(r region, hidden source.Span) {
	at := p.lineSpan(r.start)
	for i := range p.board.Hiding {
		if h := &p.board.Hiding[i]; h.Span == at {
			if h.Hidden.IsZero() {
				h.Hidden = hidden
			}
			return
		}
	}
	p.board.Hiding = append(p.board.Hiding, Hiding{Text{at.Text(), at}, hidden})
}

// plainComments says whether a text holds no HTML but comments that any browser
// surely reads as GFM does.
func plainComments(text []byte) bool {
	for at := 0; ; {
		i := bytes.IndexByte(text[at:], '<')
		if i < 0 {
			return true
		}
		n := plainLength(text, at+i)
		if n == 0 {
			return false
		}
		at += i + n
	}
}

// addressLength returns the length of the address in angle brackets that starts a
// text, 0 where none does.
func addressLength[T string | []byte](s T) int {
	for i := 1; i < min(len(s), reach); i++ {
		switch s[i] {
		case '<', ' ', '\n':
			return 0
		case '>':
			if inside := []byte(s[1:i]); max(util.FindURLIndex(inside), util.FindEmailIndex(inside)) == len(inside) {
				return i + 1
			}
			return 0
		}
	}
	return 0
}

// plainLength returns the length of what begins with the "<" at a place: no HTML,
// or a comment within one line, or one of several lines that begins at the margin
// and ends with its last line. It returns 0 for all other HTML.
func plainLength(text []byte, at int) int {
	rest := text[at:]
	escaped := at > 0 && text[at-1] == '\\'
	switch {
	case len(rest) < 2 || !letter(rest[1]) && strings.IndexByte("/!?", rest[1]) < 0:
		return 1
	case letter(rest[1]) && addressLength(rest) > 0:
		return 1
	case escaped || !bytes.HasPrefix(rest, []byte("<!--")):
		return 0
	}
	inside, after, closed := bytes.Cut(rest[len("<!--"):], []byte("-->"))
	if !closed || bytes.Contains(inside, []byte("--!>")) || bytes.HasPrefix(inside, []byte(">")) || bytes.HasPrefix(inside, []byte("->")) {
		return 0
	}
	line := text[bytes.LastIndexByte(text[:at], '\n')+1 : at]
	begins := len(bytes.Trim(line, " \t-*+>0123456789.)")) == 0
	ends := lineIs(after, "")
	if begins && !ends || len(line) > 0 && bytes.IndexByte(inside, '\n') >= 0 {
		return 0
	}
	return len(rest) - len(after)
}

// Seen returns what a reader sees of each line of the board: no comments, no
// targets and definitions of links, no tags. It is nil where the text could not be
// read at all. It is not for several goroutines.
func (b *Board) Seen() []string {
	if b.seen != nil || b.shown == "" {
		return b.seen
	}
	p := newReader(&Board{File: b.File}, b.words)
	p.text = b.shown
	b.seen = make([]string, b.File.Lines()+1)
	leaves(markdown(false, &p.looks).Parse(text.NewReader([]byte(b.shown))), func(n ast.Node, r region) {
		var lines []string
		switch kindOf(n) {
		case definition:
		case comment:
			for _, l := range p.htmlLines(n.(*ast.HTMLBlock)) {
				b.seen[l.Span.From().Line-1] += " " + l.Value
			}
		case code:
			lines = strings.Split(p.raw(r), "\n")
		default:
			lines = strings.Split(visiblePieces(p.raw(r)), "\n")
		}
		first := b.File.Position(r.start).Line - 1
		for i, l := range lines {
			b.seen[min(first+i, len(b.seen)-1)] += " " + l
		}
	})
	for i, l := range b.seen {
		b.seen[i] = oneLine(l)
	}
	return b.seen
}
