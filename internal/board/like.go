package board

import (
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"

	"github.com/boardgate/boardgate/internal/text"
)

// Line is a line of a column that is not a card. It looks like one where it is, for
// whoever sees the board, a list item, a checkbox, a heading, bold at its start
// or a row of a table.
type Line struct {
	Text
	Like bool
}

// listMarks begin a line that looks like a list's, beside those that Markdown knows.
const listMarks = "•◦▪▫‣⁃●○■□☐☑☒▢◻◼⬜⬛🔲🔳🔹🔸▶►▸➤➜◆◇‧∙·–—−-*+"

// listed says whether a visible line looks like one of a list: it begins with a
// mark, a number or a box.
func listed(s string) bool {
	s = strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || text.Ignorable(r) })
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
	o := p.opening(r)
	return o.bold && !o.label || boldTag().MatchString(p.raw(o.text))
}

var boldTag = lazily(`(?i)^<(?:b|strong|input)[\s>]`)

// furtherLines returns the lines of a paragraph, the first aside. One looks like an
// item that begins like one and stands behind a break, or that begins with the
// mark of a list.
func (p *reader) furtherLines(r region) []Line {
	var out []Line
	if s := p.raw(p.trim(r)); !strings.Contains(s, "\n") && !strings.Contains(s, "<br") {
		return nil // most paragraphs are a line
	}
	hard := false
	for i, l := range p.lines(r) {
		for j, piece := range p.broken(l) {
			if i+j == 0 {
				continue
			}
			text := Visible(p.raw(piece))
			breaks := j > 0 || hard
			if visible(text) {
				like := breaks && (listed(text) || p.boldTitled(piece)) || strings.ContainsRune("•◦▪‣●☐☑", firstRune(text)) && listed(text)
				out = append(out, Line{p.shown(piece), like})
			}
		}
		hard = strings.HasSuffix(p.text[l.start:min(len(p.text), l.end+2)], "  ") || strings.HasSuffix(p.raw(l), "\\")
	}
	return out
}

// likeItems returns those of some lines that look like items.
func likeItems(lines []Line) []Line {
	return slices.DeleteFunc(lines, func(l Line) bool { return !l.Like })
}
