package board

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mtibben/confusables"
	"github.com/yuin/goldmark/ast"
	"golang.org/x/text/unicode/norm"

	"github.com/boardgate/boardgate/internal/text"
)

// Lookalike is text that a reader may take for a column, and that is none: letters
// of other scripts, or other signs, stand in a column's word, or it is not a heading
// by which a column begins.
type Lookalike struct {
	Text
	Word string // the configured word that it resembles
	Same bool   // it is that word
}

// lookalike keeps a heading, or a cell that names a column, that looks like one
// and is another word.
func (p *reader) lookalike(r region) {
	if word := p.resembles(Visible(p.raw(r))); word != "" {
		p.board.Lookalikes = append(p.board.Lookalikes, Lookalike{Text: p.shown(r), Word: word})
	}
}

// nestedColumns keeps headings below columns that name WIP or NEXT, and nothing
// else, inside a column of another role: a reader takes them for columns.
func (p *reader) nestedColumns(sections []section) {
	inside := byPlace(sections)
	for i, b := range p.blocks {
		if _, is := inside[i]; b.kind != heading || is {
			continue
		}
		above, in := p.above(i, inside)
		if role, m := p.role(b.region); in && role != above.role && (role == WIP || role == Next) && bare(m.tail) {
			p.board.Lookalikes = append(p.board.Lookalikes, Lookalike{p.shown(b.region), m.word, true})
		}
	}
}

// htmlColumns keeps headings of HTML that name a column, or look like it.
func (p *reader) htmlColumns(n ast.Node) {
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		block, is := n.(*ast.HTMLBlock)
		if !is || !entering {
			return ast.WalkContinue, nil
		}
		for _, l := range p.htmlLines(block) {
			role, m := p.leading(l.Value)
			if l.heading && (role == WIP || role == Next) && bare(m.tail) {
				p.board.Lookalikes = append(p.board.Lookalikes, Lookalike{l.Text, m.word, true})
			} else if word := p.resembles(l.Value); l.heading && word != "" {
				p.board.Lookalikes = append(p.board.Lookalikes, Lookalike{Text: l.Text, Word: word})
			}
		}
		return ast.WalkContinue, nil
	})
}

// resembles returns the words of a column that a heading looks like without
// being one, empty where it looks like none. Texts look alike that have the same
// skeleton (https://www.unicode.org/reports/tr39/#Confusable_Detection), in any case.
func (p *reader) resembles(s string) string {
	if p.skeletons == nil {
		p.skeletons = map[string]string{}
		for _, ph := range p.phrases {
			written := strings.Join(strings.Fields(ph.words), "")
			for _, w := range []string{written, strings.ToUpper(written), strings.ToLower(written)} {
				p.skeletons[skeleton(w)] = ph.words
			}
		}
	}
	turned := strings.ContainsRune(s, '\u202e')
	if runes := []rune(s); turned {
		slices.Reverse(runes) // it is shown from right to left
		s = string(runes)
	}
	_, n := numbering(s)
	words := strings.FieldsFunc(s[n:], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("()[]{}:—–-_", r) })
	for i := range words[:min(len(words), mostWords)] {
		said := strings.Join(words[:i+1], "")
		if like := p.skeletons[skeleton(said)]; like != "" && (turned || text.Fold(said) != compact(like)) {
			return like
		}
	}
	return ""
}

func skeleton(s string) string {
	return strings.ToLower(confusables.Skeleton(norm.NFKC.String(strings.Map(func(r rune) rune {
		if text.Ignorable(r) {
			return -1
		}
		return r
	}, s))))
}
