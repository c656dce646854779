package board

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/html"

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
func (p *reader) show() {
	if plainComments(p.text) {
		p.blocks = p.split()
		if bytes.Contains(p.text, []byte("<!--")) {
			for _, b := range p.blocks {
				if b.node != nil {
					leaves(b.node, p.wipeComments)
				}
			}
			p.str = string(p.text)
		}
		return
	}
	g := newPage(p.text, &p.looks)
	if len(g.raw) == 0 {
		p.blocks = p.split() // what looked like HTML is code
		return
	}
	hidden, ok := g.hidden()
	if !ok {
		p.refuse(g.raw[0].start, "more than %d HTML tags", mostTags)
		return
	}
	for _, r := range hidden {
		r = region{p.lineStart(r.start), lineEnd(p.text, max(r.start, r.end-1))}
		p.hiding(g.before(r), p.lineSpan(r.start))
		wipe(p.text[r.start:r.end])
	}
	for _, r := range g.open {
		p.hiding(r, source.Span{})
	}
	p.htmlColumns(g.doc)
	p.str = string(p.text)
	p.blocks = p.split()
	p.inItems = g.inItems
	for _, c := range g.comments {
		wipe(p.text[c.start:c.end])
	}
	p.str = string(p.text)
}

// wipeComments wipes the comments of a block that holds no other.
func (p *reader) wipeComments(n ast.Node, r region) {
	switch kindOf(n) {
	case code:
	case comment:
		wipe(p.text[r.start:r.end])
	default:
		for _, c := range commentsIn(p.text[r.start:r.end]) {
			wipe(p.text[r.start+c.start : r.start+c.end])
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

// address is an address in angle brackets, which is no tag.
var address = lazily(`^<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^<> \n]*|[\w.+-]+@[\w.-]+)>$`)

// addressLength returns the length of the address in angle brackets that starts a
// text, 0 where none does.
func addressLength[T string | []byte](s T) int {
	for i := 1; i < min(len(s), reach); i++ {
		switch s[i] {
		case '<', ' ', '\n':
			return 0
		case '>':
			if address().MatchString(string(s[:i+1])) {
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

// page is a text as GFM renders it.
type page struct {
	text     []byte
	doc      ast.Node
	raw      []region // all of its HTML, in order
	comments []region // inline comments and the like, of which nothing is shown
	open     []region // blocks of HTML that leave a comment or a tag open
	inItems  []int    // where blocks begin that stand in an element that looks like an item
}

func newPage(source []byte, looks *meter) *page {
	g := &page{text: source, doc: markdown(true, looks).Parse(text.NewReader(source))}
	_ = ast.Walk(g.doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.HTMLBlock:
			if r, ok := own(n); ok && entering {
				g.raw = append(g.raw, r)
				if raw := htmlOf(n, source); g.doubtful(n, raw) || leavesOpen(raw) {
					g.open = append(g.open, r)
				}
			}
		case *ast.RawHTML:
			if entering && conceals(string(n.Segments.Value(source))) {
				g.open = append(g.open, region{n.Segments.At(0).Start, n.Segments.At(0).Stop})
			}
			for i := 0; entering && i < n.Segments.Len(); i++ {
				r := region{n.Segments.At(i).Start, n.Segments.At(i).Stop}
				g.raw = append(g.raw, r)
				if first := source[n.Segments.At(0).Start+1]; first == '!' || first == '?' {
					g.comments = append(g.comments, r)
				}
			}
		}
		return ast.WalkContinue, nil
	})
	return g
}

// before returns the last HTML before a region, which is what hides it.
func (g *page) before(r region) region {
	i, _ := slices.BinarySearchFunc(g.raw, r.start, func(raw region, start int) int { return raw.start - start })
	return g.raw[max(0, i-1)]
}

// filtered are the tags that GFM shows as text
// (https://github.github.com/gfm/#disallowed-raw-html-extension-).
var filtered = lazily(`(?i)<(/?(?:title|textarea|style|xmp|iframe|noembed|noframes|script|plaintext)(?:[\s/>]|$))`)

// htmlOf returns a block of HTML as GFM renders it.
func htmlOf(n *ast.HTMLBlock, source []byte) string {
	raw := n.Lines().Value(source)
	if n.HasClosure() {
		raw = append(slices.Clip(raw), n.ClosureLine.Value(source)...)
	}
	return filtered().ReplaceAllString(string(raw), "&lt;$1")
}

// doubtful says whether versions of CommonMark, or a browser, begin or end a block
// of HTML elsewhere: a text area, an instruction, a declaration, CDATA; lines that
// may as well go on with a list's paragraph.
func (g *page) doubtful(n *ast.HTMLBlock, raw string) bool {
	switch n.HTMLBlockType {
	case ast.HTMLBlockType7:
		start := bytes.LastIndexByte(g.text[:n.Lines().At(0).Start], '\n')
		before := g.text[bytes.LastIndexByte(g.text[:max(0, start)], '\n')+1 : max(0, start)]
		return n.Lines().Len() > 1 && (len(bytes.TrimSpace(before)) > 0 || closingTag().Match(g.text[n.Lines().At(0).Start:n.Lines().At(0).Stop]))
	case ast.HTMLBlockType1:
		return strings.HasPrefix(strings.ToLower(strings.TrimSpace(raw)), "&lt;textarea")
	case ast.HTMLBlockType3, ast.HTMLBlockType4, ast.HTMLBlockType5:
		return true
	}
	return false
}

// leavesOpen says whether what follows some HTML stands in a comment or a tag of it.
func leavesOpen(raw string) bool {
	const next = "<hr>"
	z := html.NewTokenizer(strings.NewReader(raw + next))
	last := ""
	for z.Next() != html.ErrorToken {
		last = string(z.Raw())
	}
	return last != next
}

// concealing are elements whose content a browser does not show, or not as it stands.
var concealing = sync.OnceValue(func() map[string]bool {
	return set("template noscript datalist audio video canvas object dialog select svg math head progress meter rp")
})

// conceals says whether a tag begins an element whose content is not shown.
func conceals(raw string) bool {
	z := html.NewTokenizer(strings.NewReader(raw))
	if z.Next() != html.StartTagToken {
		return false
	}
	tag := z.Token()
	return concealing()[tag.Data] || slices.ContainsFunc(tag.Attr, func(a html.Attribute) bool { return a.Key == "hidden" || a.Key == "style" })
}

// hidden returns the blocks that a browser does not show, and whether all of the
// HTML could be read. The text is written again as HTML, each block with its
// number for an attribute and without what it says, and looked up by that.
func (g *page) hidden() ([]region, bool) {
	name := "data-n"
	for bytes.Contains(bytes.ToLower(g.text), []byte(name)) {
		name += "n"
	}
	var out bytes.Buffer
	var blocks []ast.Node
	tags := 0
	_ = ast.Walk(g.doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch raw := n.(type) {
		case *ast.HTMLBlock:
			if entering {
				out.WriteString(htmlOf(raw, g.text))
			}
			return ast.WalkContinue, nil
		case *ast.RawHTML:
			if entering {
				out.Write(filtered().ReplaceAll(raw.Segments.Value(g.text), []byte("&lt;$1")))
			}
			return ast.WalkContinue, nil
		}
		tag := element(n)
		switch {
		case tag == "":
		case entering:
			fmt.Fprintf(&out, "<%s %s=%d>", tag, name, len(blocks))
			blocks = append(blocks, n)
		default:
			fmt.Fprintf(&out, "</%s>", tag)
		}
		return ast.WalkContinue, nil
	})
	for _, r := range g.raw {
		tags += bytes.Count(g.text[r.start:r.end], []byte("<"))
	}
	if tags > mostTags {
		return nil, false
	}
	root, err := html.Parse(&out)
	if err != nil {
		return nil, false
	}
	shown := make([]sight, len(blocks))
	look(root, name, asText, shown)
	var regions []region
	for i, n := range blocks {
		r, ok := extent(n)
		switch {
		case !ok:
		case shown[i] == asItem:
			g.inItems = append(g.inItems, r.start)
		case shown[i] == unseen && (len(regions) == 0 || r.end > regions[len(regions)-1].end):
			regions = append(regions, r)
		}
	}
	return regions, true
}

// sight is how a browser shows a block.
type sight int

const (
	unseen sight = iota
	asText
	asItem // in an element of HTML that looks like an item
)

// element returns the name of the element that a block is rendered as, empty for
// what is none of its own.
func element(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Heading:
		return "h" + strconv.Itoa(n.Level)
	case *ast.Paragraph:
		return "p"
	case *ast.List:
		return "ul"
	case *ast.ListItem:
		return "li"
	case *ast.Blockquote:
		return "blockquote"
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		return "pre"
	}
	switch n.Kind().String() {
	case "Table":
		return "table"
	case "TableHeader", "TableRow":
		return "tr"
	case "TableCell":
		return "td"
	}
	return ""
}

// look says of the blocks that stand in a document how they are shown.
func look(n *html.Node, name string, as sight, shown []sight) {
	if n.Type == html.ElementNode {
		if concealing()[n.Data] && n.Data != "head" {
			return
		}
		block := false
		for _, a := range n.Attr {
			switch a.Key {
			case "hidden", "style":
				return
			case name:
				if i, err := strconv.Atoi(a.Val); err == nil && i < len(shown) {
					shown[i], block = as, true
				}
			}
		}
		if !block && itemElements()[n.Data] {
			as = asItem
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		look(c, name, as, shown)
	}
}

// Line is a line of a column that is no card. It looks like one where it is, for
// whoever sees the board, a list item, a checkbox, a heading, bold at its start
// or a row of a table.
type Line struct {
	Text
	Like bool
}

// htmlLines returns what a browser shows of a block of HTML, line by line.
func (p *reader) htmlLines(n *ast.HTMLBlock) []htmlLine {
	lines := []region{}
	for _, s := range n.Lines().Sliced(0, n.Lines().Len()) {
		lines = append(lines, region{s.Start, s.Stop})
	}
	if n.HasClosure() {
		lines = append(lines, region{n.ClosureLine.Start, n.ClosureLine.Stop})
	}
	w := htmlReader{z: html.NewTokenizer(strings.NewReader(htmlOf(n, p.file.Text)))}
	w.read()
	for i := range w.out {
		w.out[i].Span = p.span(p.trim(lines[min(w.out[i].line, len(lines)-1)]))
	}
	return w.out
}

// htmlReader reads a piece of HTML line by line.
type htmlReader struct {
	z              *html.Tokenizer
	out            []htmlLine
	text           strings.Builder
	at             int  // the line of the source
	from           int  // where the text began
	bold           int  // how many bold elements are open
	like           bool // it stands in an element that is an item, or begins in bold
	label, heading bool
}

type htmlLine struct {
	Line
	line    int  // of the piece, from 0
	label   bool // of a fold
	heading bool
}

// itemElements are elements that look like an item.
var itemElements = sync.OnceValue(func() map[string]bool { return set("li h1 h2 h3 h4 h5 h6 tr td th dt") })

// inlineElements are those that do not begin a line.
var inlineElements = sync.OnceValue(func() map[string]bool {
	return set("a abbr b bdi bdo cite code data del dfn em font i img ins kbd label mark q s samp small span strong strike sub sup time tt u var wbr picture source input")
})

func (w *htmlReader) read() {
	for {
		kind := w.z.Next()
		lines := bytes.Count(w.z.Raw(), []byte("\n"))
		switch kind {
		case html.ErrorToken:
			w.flush()
			return
		case html.TextToken:
			if text := string(w.z.Text()); visible(text) {
				if !visible(w.text.String()) {
					w.from = w.at
					w.like = w.like || w.bold > 0 && !w.label
				}
				w.text.WriteString(text)
			} else {
				w.text.WriteByte(' ')
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			w.tag(kind != html.EndTagToken)
		}
		w.at += lines
	}
}

func (w *htmlReader) tag(opens bool) {
	tag, _ := w.z.TagName()
	switch name := string(tag); {
	case !inlineElements()[name]:
		w.flush()
		w.like, w.label = opens && itemElements()[name], opens && name == "summary"
		w.heading = opens && len(name) == 2 && name[0] == 'h' && isDigit(name[1])
	case opens && (name == "b" || name == "strong"):
		w.bold++
	case name == "b" || name == "strong":
		w.bold = max(0, w.bold-1)
	case opens && name == "input" && !visible(w.text.String()):
		w.like = true
	case name == "img" && opens && w.like:
		w.text.WriteString("an image ")
		w.from = w.at
	}
}

func (w *htmlReader) flush() {
	if text := oneLine(w.text.String()); visible(text) {
		// What Markdown would make an item of is one to a renderer that ends HTML elsewhere.
		like := w.like || slices.ContainsFunc(strings.Split(w.text.String(), "\n"), func(line string) bool {
			return listed(line) || strings.IndexAny(strings.TrimSpace(line), "#>|*_") == 0
		})
		w.out = append(w.out, htmlLine{Line{Text{Value: text}, like}, w.from, w.label, w.heading})
	}
	w.text.Reset()
}

// listMarks begin a line that looks like a list's, beside those that Markdown knows.
const listMarks = "•◦▪▫‣⁃●○■□☐☑☒▢◻◼⬜⬛🔲🔳🔹🔸▶►▸➤➜◆◇‧∙·–—−-*+"

// listed says whether a visible line looks like one of a list: it begins with a
// mark, a number or a box.
func listed(s string) bool {
	s = strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || invisible(r) })
	if _, n := checkbox(s); n > 0 {
		return true
	}
	if _, n := numbering(s); n > 0 && n < len(s) {
		return true
	}
	if digit := isDigit((s + " ")[0]); digit && strings.Contains(s[:min(len(s), len("1\ufe0f\u20e3"))], "\u20e3") {
		return true // the cap of a key
	}
	mark := firstRune(s)
	rest := strings.TrimPrefix(s, string(mark))
	return s != "" && strings.ContainsRune(listMarks, mark) && unicode.IsSpace(firstRune(rest)) && visible(rest)
}

// lookalikes returns the lines of a block that look like items, where none of
// them is one.
func (p *reader) lookalikes(n ast.Node) []Line {
	var out []Line
	r, ok := extent(n)
	switch {
	case !ok:
	case kindOf(n) == comment:
		for _, l := range p.htmlLines(n.(*ast.HTMLBlock)) {
			if l.Like {
				out = append(out, l.Line)
			}
		}
	case kindOf(n) == heading:
		out = []Line{{p.shown(r), true}}
	case kindOf(n) == paragraph:
		if first := p.lines(r)[0]; p.likeItem(first) {
			out = []Line{{p.shown(first), true}}
		}
		out = append(out, likeItems(p.furtherLines(r))...)
	case kindOf(n) == table:
		for _, row := range p.grid(n).rows {
			for _, cell := range row[:min(1, len(row))] {
				out = append(out, Line{Text{Visible(p.raw(region{cell.start, lineEnd(p.text, cell.start)})), p.lineSpan(cell.start)}, true})
			}
		}
	case kindOf(n) == quote:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			out = append(out, p.lookalikes(c)...)
		}
	case kindOf(n) == list:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if item, ok := extent(c); ok {
				out = append(out, Line{p.shown(p.lines(item)[0]), true})
			}
		}
	}
	return out
}

// likeItem says whether the first line of a paragraph looks like an item.
func (p *reader) likeItem(first region) bool {
	_, in := slices.BinarySearch(p.inItems, first.start)
	return in || p.boldTitled(first) || listed(Visible(p.raw(first)))
}

// boldTitled says whether a line begins in bold, with no label.
func (p *reader) boldTitled(r region) bool {
	rest := p.lead(p.trim(r), &line{})
	inner, after, bold := p.boldLead(rest)
	return bold && !p.labelled(inner, after) || boldTag().MatchString(p.raw(rest))
}

var boldTag = lazily(`(?i)^<(?:b|strong|input)[\s>]`)

// furtherLines returns the lines of a paragraph, the first aside. One looks like an
// item that begins like one and stands behind a break, or that begins with the
// mark of a list.
func (p *reader) furtherLines(r region) []Line {
	var out []Line
	hard := false
	for i, l := range p.lines(r) {
		for j, piece := range p.broken(l) {
			text := Visible(p.raw(piece))
			breaks := j > 0 || hard
			if i+j > 0 && visible(text) {
				like := breaks && (listed(text) || p.boldTitled(piece)) || strings.ContainsRune("•◦▪‣●☐☑", firstRune(text)) && listed(text)
				out = append(out, Line{p.shown(piece), like})
			}
		}
		hard = strings.HasSuffix(p.str[l.start:min(len(p.str), l.end+2)], "  ") || strings.HasSuffix(p.raw(l), "\\")
	}
	return out
}

// likeItems returns those of some lines that look like items.
func likeItems(lines []Line) []Line {
	return slices.DeleteFunc(lines, func(l Line) bool { return !l.Like })
}

// Seen returns what a reader sees of each line of the board: no comments, no
// targets and definitions of links, no tags. It is nil where the text could not be
// read at all. It is not for several goroutines.
func (b *Board) Seen() []string {
	if b.seen != nil || b.shown == nil {
		return b.seen
	}
	p := newReader(&Board{File: b.File}, b.words)
	p.text, p.str = b.shown, string(b.shown)
	b.seen = make([]string, b.File.Lines()+1)
	leaves(markdown(false, &p.looks).Parse(text.NewReader(p.text)), func(n ast.Node, r region) {
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
