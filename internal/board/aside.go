package board

import (
	"bytes"
	"slices"
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/boardgate/boardgate/internal/source"
)

// ruleHeadings lead the section in which a board states its own rules.
var ruleHeadings = wordsOf("headings", "rules")

// rules reads the sections in which the board states its own rules, and the
// limits that any heading outside the columns states.
func (p *reader) rules() {
	for i, b := range p.blocks {
		if b.kind != heading {
			continue
		}
		if role, _ := p.role(b.text); role == "" {
			p.ruleHeading(b)
		}
		if !p.isLaw(b) {
			continue
		}
		for _, b := range p.blocks[i:p.sectionEnd(i, len(p.blocks))] {
			for _, l := range p.lines(b.region) {
				p.board.Law = append(p.board.Law, p.shown(l))
			}
		}
	}
}

func (p *reader) isLaw(b block) bool {
	toks := tokens(p.raw(b.text))
	return ruleHeadings().leads(toks)
}

// ruleHeading reads "### WIP Limit = 1".
func (p *reader) ruleHeading(b block) {
	name, n, span, ok := p.limits.rule(b.text.start, b.text.end)
	if !ok {
		return
	}
	toks := tokens(name)
	for i := range toks {
		if role, _ := p.leading(name[max(0, toks[i].end-len(toks[i].text)):]); role != "" {
			p.board.Rules = append(p.board.Rules, Limit{Role: role, Max: n, Span: span})
			return
		}
	}
}

// stamps reads "last updated" lines in front matter, in comments and in the
// paragraphs and quotes outside items.
func (p *reader) stamps() {
	if p.front.end > 0 {
		stampsIn(p, p.file.Text, p.front)
	}
	for _, b := range p.blocks {
		switch b.kind {
		case comment:
			stampsIn(p, p.file.Text, b.region)
		case paragraph, quote, table:
			stampsIn(p, p.text, b.region)
		}
	}
}

func stampsIn[T string | []byte](p *reader, text T, r region) {
	for at := r.start; at < r.end; at = nextLine(text, at) {
		end := min(lineEnd(text, at), r.end)
		if s, ok := stamp(p.file, at, end, p.words.Updated); ok {
			p.board.Stamps = append(p.board.Stamps, s)
		}
	}
}

// comments reads waivers and dropped markers wherever they stand but in code,
// and gives each waiver the item it stands at: the one it stands in, else the
// one that starts on the next line.
func (p *reader) comments() {
	if !bytes.Contains(p.file.Text, []byte("<!--")) {
		return
	}
	for _, r := range p.outsideCode() {
		waivers, drops := directives(p.file, r.start, r.end)
		p.board.Waivers, p.board.Drops = append(p.board.Waivers, waivers...), append(p.board.Drops, drops...)
	}
	if len(p.board.Waivers) == 0 {
		return
	}
	places := placesOf(p.board.All())
	for _, wv := range p.board.Waivers {
		if it := p.itemAt(wv.Span, places); it != nil {
			wv.Item = it
			it.Waivers = append(it.Waivers, wv)
		}
	}
}

// outsideCode returns the regions between code blocks, nested ones too.
func (p *reader) outsideCode() []region {
	var out []region
	at := 0
	for _, b := range p.blocks {
		leaves(b.node, func(n ast.Node, r region) {
			if kindOf(n) != code {
				return
			}
			if r.start > at {
				out = append(out, region{at, r.start})
			}
			at = max(at, r.end)
		})
	}
	return append(out, region{at, len(p.text)})
}

// itemAt returns the item a comment stands at. One that stands alone at the
// margin belongs to what follows it, else to the item it stands in.
func (p *reader) itemAt(s source.Span, places itemPlaces) *Item {
	line := p.file.LineSpan(s.From().Line)
	alone := strings.TrimSpace(line.Text()) == strings.TrimSpace(s.Text()) && line.Start == s.Start
	if next := places.byLine[s.To().Line+1]; alone && next != nil {
		return next
	}
	return places.around(s.Start)
}

// itemPlaces are a board's items by where they stand.
type itemPlaces struct {
	byLine map[int]*Item // by the line each starts on, the board's first of several
	sorted []itemPlace   // by the start of their blocks
}

// itemPlace is an item, its rank on the board, and how far the blocks reach of
// all items up to it.
type itemPlace struct {
	item        *Item
	rank, reach int
}

func placesOf(items []*Item) itemPlaces {
	p := itemPlaces{byLine: map[int]*Item{}}
	for i, it := range items {
		if line := it.Line.From().Line; p.byLine[line] == nil {
			p.byLine[line] = it
		}
		p.sorted = append(p.sorted, itemPlace{item: it, rank: i})
	}
	slices.SortStableFunc(p.sorted, func(a, b itemPlace) int { return a.item.Block.Start - b.item.Block.Start })
	reach := 0
	for i := range p.sorted {
		reach = max(reach, p.sorted[i].item.Block.End)
		p.sorted[i].reach = reach
	}
	return p
}

// around returns the board's first item in whose block an offset lies.
func (p itemPlaces) around(offset int) *Item {
	i := sort.Search(len(p.sorted), func(i int) bool { return p.sorted[i].item.Block.Start > offset })
	var found *itemPlace
	for i--; i >= 0 && p.sorted[i].reach > offset; i-- {
		if at := &p.sorted[i]; at.item.Block.End > offset && (found == nil || at.rank < found.rank) {
			found = at
		}
	}
	if found == nil {
		return nil
	}
	return found.item
}
