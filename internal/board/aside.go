package board

import (
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/source"
)

// lawHeadings lead the section in which a board states its own rules.
var lawHeadings = []string{"rules", "rule", "policy", "policies", "working agreement", "working agreements"}

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
		if p.isLaw(b) {
			p.law(i, p.sectionEnd(i, len(p.blocks)))
		}
	}
}

func (p *reader) isLaw(b block) bool {
	toks := tokens(p.raw(b.text))
	return slices.ContainsFunc(lawHeadings, func(w string) bool {
		n, _ := prefix(toks, w)
		return n > 0
	})
}

// ruleHeading reads "### WIP Limit = 1".
func (p *reader) ruleHeading(b block) {
	name, n, span, ok := ruleLimit(p.file, b.text.start, b.text.end, p.words.Limit)
	if !ok {
		return
	}
	toks := tokens(name)
	for i := range toks {
		if role, _ := leading(name[max(0, toks[i].end-len(toks[i].text)):], p.words); role != "" {
			p.board.Rules = append(p.board.Rules, Limit{Role: role, Max: n, Span: span})
			return
		}
	}
}

// law keeps the lines of a rules section.
func (p *reader) law(from, to int) {
	for _, b := range p.blocks[from:to] {
		for _, l := range p.lines(b.region) {
			p.board.Law = append(p.board.Law, p.shown(l))
		}
	}
}

// stamps reads "last updated" lines in front matter, in comments and in the
// paragraphs and quotes outside items.
func (p *reader) stamps() {
	if p.front.end > 0 {
		p.stampsIn(p.file.Text, p.front)
	}
	for _, b := range p.blocks {
		switch b.kind {
		case paragraph, comment, quote, table:
			p.stampsIn(p.text, b.region)
		}
	}
}

func (p *reader) stampsIn(text []byte, r region) {
	for at := r.start; at < r.end; at = nextLine(text, at) {
		end := min(lineEnd(text, at), r.end)
		if s, ok := stamp(p.file, at, end, p.words.Updated); ok {
			p.board.Stamps = append(p.board.Stamps, s)
		}
		if lineEnd(text, at) >= r.end {
			return
		}
	}
}

// comments reads waivers and dropped markers wherever they stand but in code,
// and gives each waiver the item it stands at: the one it stands in, else the
// one that starts on the next line.
func (p *reader) comments() {
	if !strings.Contains(string(p.text), "<!--") {
		return
	}
	for _, r := range p.outsideCode() {
		p.board.Waivers = append(p.board.Waivers, waivers(p.file, r.start, r.end)...)
		p.board.Drops = append(p.board.Drops, droppedMarks(p.file, r.start, r.end)...)
	}
	for _, wv := range p.board.Waivers {
		if it := p.itemAt(wv.Span); it != nil {
			wv.Item = it
			it.Waivers = append(it.Waivers, wv)
		}
	}
}

// outsideCode returns the regions between code blocks.
func (p *reader) outsideCode() []region {
	var out []region
	at := 0
	for _, c := range p.codeBlocks() {
		if c.start > at {
			out = append(out, region{at, c.start})
		}
		at = max(at, c.end)
	}
	return append(out, region{at, len(p.text)})
}

// itemAt returns the item a comment stands at. One that stands alone at the
// margin belongs to what follows it, else to the item it stands in.
func (p *reader) itemAt(s source.Span) *Item {
	all := p.board.All()
	line := p.file.LineSpan(s.From().Line)
	alone := strings.TrimSpace(line.Text()) == strings.TrimSpace(s.Text()) && line.Start == s.Start
	next := s.To().Line + 1
	if alone {
		if i := slices.IndexFunc(all, func(it *Item) bool { return it.Line.From().Line == next }); i >= 0 {
			return all[i]
		}
	}
	for _, it := range all {
		if it.Block.Start <= s.Start && s.Start < it.Block.End {
			return it
		}
	}
	return nil
}
