package board

import (
	"slices"
	"strings"
)

// unparsed keeps what looks like cards and stands in no column, by the heading
// it stands below. A section of the board's own rules holds none.
func (p *reader) unparsed(sections []section) {
	inside := byPlace(sections)
	tables := map[int]bool{} // where the tables begin that are columns
	for _, c := range p.board.Columns {
		tables[c.Body.Start] = true
	}
	level := 0 // that columns have
	if len(sections) > 0 {
		level = sections[0].level
	}
	under := map[int]int{} // the place in Unparsed, by heading
	for i, b := range p.blocks {
		if _, in := p.above(i, inside); in || p.underRules(i) || b.kind == table && tables[b.start] {
			continue
		}
		above := p.sectionAbove(i, level)
		lines := p.cardLines(b, p.between(above, sections))
		if len(lines) == 0 {
			continue
		}
		at, known := under[above]
		if !known {
			at = len(p.board.Unparsed)
			under[above] = at
			u := Unparsed{}
			if above >= 0 {
				u.Heading = p.shown(p.blocks[above].region)
				u.Role, _ = p.role(p.blocks[above].region)
			}
			p.board.Unparsed = append(p.board.Unparsed, u)
		}
		p.board.Unparsed[at].Lines = append(p.board.Unparsed[at].Lines, lines...)
	}
	slices.SortStableFunc(p.board.Unparsed, func(a, b Unparsed) int { return a.Lines[0].Span.Start - b.Lines[0].Span.Start })
}

// sectionAbove returns the heading below which a block stands: that of the level
// of columns, else the nearest.
func (p *reader) sectionAbove(i, level int) int {
	for h := p.parents[i]; h >= 0; h = p.parents[h] {
		if p.blocks[h].level == level {
			return h
		}
	}
	return p.parents[i]
}

// underRules says whether a block stands in a section of the board's own rules.
func (p *reader) underRules(i int) bool {
	for ; i >= 0; i = p.parents[i] {
		if p.blocks[i].kind == heading && p.isRulesHeading(p.blocks[i]) {
			return true
		}
	}
	return false
}

// between says whether a heading stands between columns and is of their level, so
// that what stands below it looks like cards, unless it names what is none.
func (p *reader) between(at int, sections []section) bool {
	if at < 0 || len(sections) == 0 || p.blocks[at].level != sections[0].level || namesAside(p.raw(p.blocks[at].region)) {
		return false
	}
	return sections[0].at < at && at < sections[len(sections)-1].at
}

// cardLines returns the lines of a block that look like cards by themselves:
// bullets with a box, an id or a title in bold, rows of tasks; any bullet or row
// that has a title where any is asked for.
func (p *reader) cardLines(b block, any bool) []Line {
	var out []Line
	switch b.kind {
	case list:
		for n := b.node.FirstChild(); n != nil; n = n.NextSibling() {
			first, _, ok := p.bulletLine(n)
			if !ok || p.fieldLine(first) {
				continue
			}
			o := p.opening(first)
			if (any || o.mark != "" || len(p.idsOf(o.text)) > 0 || o.bold && !o.label) && !p.saysNone(o.text) && p.readable(first) {
				out = append(out, Line{p.shown(first), true})
			}
		}
	case table:
		g := p.grid(b.node)
		for _, row := range g.rows {
			if (any || p.ofCards(g)) && !p.blankRow(g, row) {
				out = append(out, Line{p.shown(row[g.title]), true})
			}
		}
	}
	return out
}

// strangers takes out of a column the one line that is all it holds where that
// carries nothing of a card and every card of the board does: a short sentence,
// such as "Nothing to do." in any language.
func (p *reader) strangers() {
	cards := 0
	var alone []*Column
	for _, c := range p.board.Columns {
		if len(c.Items) == 1 && !p.carries(c.Items[0]) && p.sentence(c.Items[0]) {
			alone = append(alone, c)
			continue
		}
		for _, it := range c.Items {
			if !p.carries(it) {
				return
			}
			cards++
		}
	}
	if cards == 0 {
		return
	}
	for _, c := range alone {
		p.board.Unparsed = append(p.board.Unparsed, Unparsed{Heading: c.Title, Lines: []Line{{Text: c.Items[0].Title}}, Column: c})
		c.Items, c.Fewest = nil, 0
	}
}

// carries says whether an item has what makes a line a card wherever it stands.
func (p *reader) carries(it *Item) bool {
	return it.ID != "" || it.Designator != "" || it.Number > 0 || it.Mark != "" || !it.Date.IsZero() || it.DoD != nil || it.bold ||
		len(it.Fields)+len(it.Notes)+len(it.Pulls) > 0
}

// sentence says whether an item's line is a short sentence without a number.
func (p *reader) sentence(it *Item) bool {
	text := it.Line.Text()
	return strings.HasSuffix(text, ".") && len(tokens(text)) <= 5 && !strings.ContainsAny(text, "0123456789[`")
}
