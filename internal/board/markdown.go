package board

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown is goldmark for blocks and tables: what stands inside a line is read
// from the source, where every byte has its place, unless inline markup is asked
// for too, as far as it tells what is HTML. It is made anew for every text.
func markdown(inline bool, looks *meter) parser.Parser {
	var inside []util.PrioritizedValue
	if inline {
		inside = []util.PrioritizedValue{
			util.Prioritized(metered{parser.NewCodeSpanParser(), looks}, 100),
			util.Prioritized(metered{parser.NewLinkParser(), looks}, 200),
			util.Prioritized(metered{parser.NewAutoLinkParser(), looks}, 300),
			util.Prioritized(metered{parser.NewRawHTMLParser(), looks}, 400),
		}
	}
	paragraphs := paragraphs{parser.NewParagraphParser(), inline, new([]unread)}
	return parser.NewParser(
		parser.WithInlineParsers(inside...),
		parser.WithBlockParsers(
			util.Prioritized(belowText{parser.NewSetextHeadingParser()}, 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(shallow{parser.NewListParser(), inline}, 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(indented{parser.NewCodeBlockParser()}, 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(shallow{parser.NewBlockquoteParser(), inline}, 800),
			util.Prioritized(beside{parser.NewHTMLBlockParser()}, 900),
			util.Prioritized(paragraphs, 1000),
		),
		parser.WithASTTransformers(util.Prioritized(paragraphs, 100)),
		parser.WithParagraphTransformers(
			util.Prioritized(definitions{parser.LinkReferenceParagraphTransformer, looks}, 100),
			util.Prioritized(tables{extension.NewTableParagraphTransformer(), looks}, 200),
		),
	)
}

// belowText opens no heading below the rows of a table, nor below definitions of
// links alone, of which no text is left.
type belowText struct{ parser.BlockParser }

func (b belowText) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if p, ok := pc.LastOpenedBlock().Node.(*ast.Paragraph); ok && (readOn(p, reader, pc) || defines(p.Lines(), reader)) {
		return nil, parser.NoChildren
	}
	node, state := b.BlockParser.Open(parent, reader, pc)
	if node != nil {
		pc.Set(underlinedKey, pc.LastOpenedBlock().Node)
	}
	return node, state
}

// underlinedKey is of the paragraph that has turned out to be a heading's text.
var underlinedKey = parser.NewContextKey()

// defines says whether some lines are definitions of links and nothing else. More
// than a hundred are not looked at, so that they take no time again and again.
func defines(lines *text.Segments, reader text.Reader) bool {
	first := lines.At(0)
	if lines.Len() > 100 || !bytes.HasPrefix(bytes.TrimSpace(first.Value(reader.Source())), []byte("[")) {
		return false
	}
	parent, p, copied := ast.NewDocument(), ast.NewParagraph(), text.NewSegments()
	copied.AppendAll(lines.Sliced(0, lines.Len()))
	p.SetLines(copied)
	parent.AppendChild(parent, p)
	parser.LinkReferenceParagraphTransformer.Transform(p, reader, parser.NewContext())
	return p.Parent() == nil
}

// paragraphs ends the rows of a table at an indented line, which is code, and
// keeps goldmark from reading what stands inside a line where that is not asked for.
type paragraphs struct {
	parser.BlockParser
	inline bool
	aside  *[]unread
}

func (p paragraphs) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	line, _ := reader.PeekLine()
	if indent, _ := util.IndentWidth(line, reader.LineOffset()); indent > 3 && readOn(node, reader, pc) {
		return parser.Close
	}
	return p.BlockParser.Continue(node, reader, pc)
}

// Close sets the lines of a paragraph aside, but those of a heading's text.
func (p paragraphs) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	p.BlockParser.Close(node, reader, pc)
	if !p.inline && node.Parent() != nil && pc.Get(underlinedKey) != node {
		*p.aside = append(*p.aside, unread{node, *node.Lines()})
		node.SetLines(&text.Segments{})
	}
}

// Transform puts back the lines that were set aside, once goldmark is through.
func (p paragraphs) Transform(*ast.Document, text.Reader, parser.Context) {
	for _, u := range *p.aside {
		u.paragraph.SetLines(&u.lines)
	}
}

// unread is a paragraph and the lines that goldmark is not to read on.
type unread struct {
	paragraph ast.Node
	lines     text.Segments
}

// indented begins code behind a table too.
type indented struct{ parser.BlockParser }

func (indented) CanInterruptParagraph() bool { return true }

func (b indented) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if last := pc.LastOpenedBlock().Node; last != nil && ast.IsParagraph(last) && (last.Parent() != parent || !inTable(reader, pc)) {
		return nil, parser.NoChildren
	}
	return b.BlockParser.Open(parent, reader, pc)
}

// inTable says whether the lines before are rows of a table: to goldmark these
// are text until they end, to GFM a table from its second line on.
func inTable(reader text.Reader, pc parser.Context) bool {
	p, ok := pc.LastOpenedBlock().Node.(*ast.Paragraph)
	return ok && readOn(p, reader, pc)
}

// lookedAt is a paragraph of which some lines were looked at for a table.
type lookedAt struct {
	paragraph ast.Node
	lines     int
	table     bool
}

var lookedAtKey = parser.NewContextKey()

// readOn says whether an open paragraph holds a table. Each of its lines is looked
// at once, however often it is asked.
func readOn(p ast.Node, reader text.Reader, pc parser.Context) bool {
	l, _ := pc.Get(lookedAtKey).(*lookedAt)
	if l == nil {
		l = &lookedAt{}
		pc.Set(lookedAtKey, l)
	}
	if l.paragraph != p {
		*l = lookedAt{paragraph: p}
	}
	if n := p.Lines().Len(); !l.table && n > l.lines {
		l.table, l.lines = holdsTable(p, max(1, l.lines), reader.Source()), n
	}
	return l.table
}

// holdsTable says whether lines of a paragraph are the header of a table and the
// line below it. In a quote or a list both are written inside it: what only goes
// on with the text there makes no table. It looks at the lines from one on.
func holdsTable(p ast.Node, from int, source []byte) bool {
	lines, nested := p.Lines(), p.Parent() != nil && p.Parent().Kind() != ast.KindDocument
	for i := from; i < lines.Len(); i++ {
		header, at := lines.At(i-1), lines.At(i)
		line := bytes.TrimSpace(at.Value(source))
		if len(bytes.Trim(line, "|-: \t")) > 0 || bytes.IndexByte(line, '-') < 0 || !bytes.ContainsAny(line, "|:") {
			continue
		}
		inside := !nested || min(columnOf(header.Start, source), columnOf(at.Start, source)) >= columnOf(lines.At(0).Start, source)
		if inside && cellsIn(line) == cellsIn(bytes.TrimSpace(header.Value(source))) {
			return true
		}
	}
	return false
}

// columnOf returns how many bytes stand before an offset in its line.
func columnOf(offset int, source []byte) int {
	return offset - 1 - bytes.LastIndexByte(source[:offset], '\n')
}

// cellsIn returns how many cells a row of a table has.
func cellsIn(row []byte) int {
	row = bytes.TrimSuffix(bytes.TrimPrefix(row, []byte("|")), []byte("|"))
	return 1 + bytes.Count(row, []byte("|")) - bytes.Count(row, []byte(`\|`))
}

// definitions takes the definitions of links out of a paragraph, but of one that
// turns into a table: there GitHub's parser leaves them as text.
type definitions struct {
	parser.ParagraphTransformer
	looks *meter
}

func (d definitions) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := node.Lines()
	if first := lines.At(0); !bytes.HasPrefix(bytes.TrimSpace(first.Value(reader.Source())), []byte("[")) {
		return
	}
	// goldmark goes through all lines for each definition.
	if !holdsTable(node, 1, reader.Source()) && d.looks.spend(lines.Len()*lines.Len()) {
		d.ParagraphTransformer.Transform(node, reader, pc)
	}
}

// beside begins a block of HTML behind a list that has an open paragraph, or
// behind a table, as GitHub's parser does: there HTML of any tag interrupts only no
// paragraph of its own container.
type beside struct{ parser.BlockParser }

func (b beside) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	last := pc.LastOpenedBlock().Node
	if last != nil && ast.IsParagraph(last) && last.Parent() != parent || inTable(reader, pc) {
		defer afresh(pc)()
	}
	line, segment := reader.PeekLine()
	if last := pc.LastOpenedBlock().Node; (last == nil || !ast.IsParagraph(last)) && closingTag().Match(line) {
		block := ast.NewHTMLBlock(ast.HTMLBlockType7)
		block.Lines().Append(segment)
		reader.AdvanceToEOL()
		return block, parser.NoChildren
	}
	return b.BlockParser.Open(parent, reader, pc)
}

// closingTag is a line that begins HTML to GitHub's parser and not to goldmark.
var closingTag = lazily(`(?i)^ {0,3}</(?:script|style|pre)\s*>\s*$`)

// afresh lets a block begin as if no text stood before it, until the function
// that it returns is called.
func afresh(pc parser.Context) (restore func()) {
	open := pc.OpenedBlocks()
	pc.SetOpenedBlocks(nil)
	return func() { pc.SetOpenedBlocks(open) }
}

// deepest is how many containers may stand in each other, of which a list's
// level is two. goldmark takes time by the square of the depth. GitHub's own
// parser stops at a hundred lists
// (https://github.com/github/cmark-gfm/blob/master/src/blocks.c, MAX_LIST_DEPTH).
const deepest = 200

// shallow opens no container below the deepest; what would be one is text.
type shallow struct {
	parser.BlockParser
	inline bool
}

// Close leaves the paragraphs of a tight list as they are where nobody asks how
// they are rendered.
func (s shallow) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	if s.inline {
		s.BlockParser.Close(node, reader, pc)
	}
}

func (s shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	depth := 0
	for n := parent; n != nil; n = n.Parent() {
		if depth++; depth > deepest {
			return nil, parser.NoChildren
		}
	}
	if inTable(reader, pc) {
		defer afresh(pc)()
	}
	return s.BlockParser.Open(parent, reader, pc)
}

// tables makes tables of paragraphs. goldmark fills up short rows, so that a few
// bytes could ask for millions of cells.
type tables struct {
	parser.ParagraphTransformer
	looks *meter
}

func (t tables) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	if holdsTable(node, 1, reader.Source()) && t.looks.spend(cellWork*unwritten(node.Lines(), reader.Source())) {
		t.ParagraphTransformer.Transform(node, reader, pc)
	}
}

// unwritten returns at most how many cells a paragraph would have as a table
// beyond its bytes.
func unwritten(lines *text.Segments, source []byte) int {
	columns, size := 0, 0
	for _, s := range lines.Sliced(0, lines.Len()) {
		line := s.Value(source)
		size += len(line)
		if len(bytes.Trim(line, "|-: \t\n")) == 0 {
			columns = max(columns, 1+bytes.Count(line, []byte("|")))
		}
	}
	return max(0, columns*lines.Len()-size)
}
