package board

import (
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
)

// columns reads the body of every column.
func (p *reader) columns(heads []head) {
	inColumn := byPlace(heads)
	for i, h := range heads {
		end := len(p.blocks)
		if i+1 < len(heads) {
			end = heads[i+1].at
		}
		p.column(h, p.sectionEnd(h.at, end))
	}
	for i, b := range p.blocks {
		if _, is := inColumn[i]; b.kind == heading && !is {
			if _, in := p.above(i, inColumn); !in {
				p.board.Headings = append(p.board.Headings, p.shown(b.text))
			}
		}
	}
}

// sectionEnd returns where the section of a heading ends: at the next heading
// of its level or above.
func (p *reader) sectionEnd(at, end int) int {
	for i := at + 1; i < end; i++ {
		if b := p.blocks[i]; b.kind == heading && b.level <= p.blocks[at].level {
			return i
		}
	}
	return end
}

// shown returns a text without its markup.
func (p *reader) shown(r region) Text {
	r = p.trim(r)
	return Text{Value: Visible(p.raw(r)), Span: p.span(r)}
}

func (p *reader) column(h head, end int) {
	b := p.blocks[h.at]
	c := &Column{Role: h.role, Title: p.shown(b.text), Word: h.word}
	c.Limit = p.limit(h.role, b.text)
	body := region{b.end, b.end}
	if end > h.at+1 {
		body.end = max(body.end, p.blocks[end-1].end)
	}
	c.Body = p.span(body)
	w := &walk{reader: p, column: c, level: b.level}
	for i := h.at + 1; i < end; i++ {
		w.block(i, end)
	}
	w.finish()
	p.board.Columns = append(p.board.Columns, c)
}

func (p *reader) limit(role Role, r region) *Limit {
	n, span, ok := p.limits.heading(r.start, r.end)
	if !ok {
		return nil
	}
	return &Limit{Role: role, Max: n, Span: span}
}

// walk reads the blocks of one column in their order.
type walk struct {
	*reader
	column *Column
	level  int   // of the column's heading
	item   *Item // what following blocks belong to, nil after a list
	depth  int   // the level of the item's heading, 0 where it is a paragraph
	last   *Item // the last item of the column
	group  string
	label  string // the field that a following list belongs to
	intro  []Text // prose before the first item

	bulleted bool // one of the first items, as many as asked, is a bullet
	asked    int
}

// finish settles what the prose at the head of the column was: about the column,
// where items follow, else work that was not understood.
func (w *walk) finish() {
	c := w.column
	if len(c.Items) > 0 {
		c.Notes = append(c.Notes, w.intro...)
	} else {
		c.Unread = append(w.intro, c.Unread...)
	}
	c.Empty = len(c.Items) == 0 && len(c.Unread) == 0
}

func (w *walk) block(i, end int) {
	b := w.blocks[i]
	switch b.kind {
	case heading:
		w.heading(i, end)
	case paragraph:
		w.paragraph(i, end)
	case list:
		w.list(b)
	case table:
		w.rows(b)
	case breakLine:
		if w.depth == 0 {
			w.item = nil
		}
	case comment:
		w.html(b)
	default:
		w.other(b)
	}
}

// html leaves comments and folds aside; other HTML with text in it may be work.
func (w *walk) html(b block) {
	if w.item != nil {
		w.grow(b.region)
		return
	}
	raw := w.raw(b.region)
	if Visible(raw) != "" && !strings.Contains(raw, "<summary") {
		w.unread(b.region)
	}
}

// other keeps what is neither text nor list, code or a quote: it is part of the
// item it follows.
func (w *walk) other(b block) {
	if w.item != nil {
		w.grow(b.region)
		return
	}
	w.unread(b.region)
}

func (w *walk) unread(r region) {
	lines := w.lines(r)
	switch {
	case len(lines) == 0:
	case len(w.column.Items) == 0:
		w.intro = append(w.intro, w.shown(lines[0]))
	default:
		w.column.Unread = append(w.column.Unread, w.shown(lines[0]))
	}
}

// grow makes a block part of the item before it.
func (w *walk) grow(r region) {
	if w.item != nil {
		w.item.Block.End = max(w.item.Block.End, r.end)
	}
}

// heading reads a heading inside the column: an item, a part of one, or a group.
func (w *walk) heading(i, end int) {
	b := w.blocks[i]
	w.label = ""
	switch {
	case w.item != nil && w.depth > 0 && b.level > w.depth:
		w.grow(b.region)
		w.label = strings.TrimRight(Visible(w.raw(b.text)), ": ")
		w.addField(w.item, w.label, region{b.end, b.end}, b.text)
	case w.isGroup(i, end):
		w.item, w.last, w.depth = nil, nil, 0
		title := w.shown(b.text)
		w.group = title.Value
		w.column.Groups = append(w.column.Groups, title)
	case placeholder(w.raw(b.text), w.words.None):
		w.item = nil
	case !w.readable(b.text):
		w.unread(b.region)
	default:
		w.start(b.text, b.region)
		w.depth = b.level
	}
}

// start begins an item whose first line is r.
func (w *walk) start(r, all region) *Item {
	it := w.newItem(r, all)
	w.item, w.last, w.depth, w.label = it, it, 0, ""
	return it
}

func (w *walk) newItem(r, all region) *Item {
	l := w.line(r)
	it := &Item{Column: w.column, Number: l.number, Mark: l.mark, Group: w.group}
	w.describe(it, r, l)
	it.Block = w.span(region{w.lineStart(r.start), max(all.end, r.end)})
	w.column.Items = append(w.column.Items, it)
	return it
}

// describe fills in what the first line says of an item.
func (w *walk) describe(it *Item, r region, l line) {
	it.Title = Text{Value: Visible(w.raw(l.title)), Span: w.span(l.title)}
	it.Line = w.lineSpan(r.start)
	it.ID, _ = id(it.Title.Value)
	w.date(it, l.date, r)
	it.Was = was(w.raw(r))
	w.cite(it, r)
}

// date takes the item's date from the head of its line, else the first in it.
func (w *walk) date(it *Item, lead, r region) {
	if lead.end == 0 {
		lead = r
	}
	if !it.Date.IsZero() {
		return
	}
	if ds := w.scan.dates(lead.start, lead.end); len(ds) > 0 {
		it.Date = ds[0]
	}
}

// cite adds the pull requests a line cites to an item.
func (w *walk) cite(it *Item, r region) {
	pulls, mentions := w.scan.references(r.start, r.end)
	it.Pulls = append(it.Pulls, pulls...)
	it.Mentions = append(it.Mentions, mentions...)
	w.date(it, region{}, r)
}

// settle leaves each reference of an item once.
func (p *reader) settle() {
	for _, c := range p.board.Columns {
		for _, it := range c.Items {
			it.Pulls, it.Mentions = unique(it.Pulls), unique(it.Mentions)
			p.started(it)
		}
	}
}

func unique(refs []Reference) []Reference {
	s := referenceSet{list: refs[:0]}
	s.addAll(refs)
	return s.list
}

// was reads "(was: old title)".
func was(s string) string {
	const mark = "(was:"
	i := 0
	for ; ; i++ {
		n := strings.IndexByte(s[i:], '(')
		if n < 0 {
			return ""
		}
		if i += n; len(s) >= i+len(mark) && strings.EqualFold(s[i:i+len(mark)], mark) {
			break
		}
	}
	end := closing(s[i:], '(', ')')
	if end < 0 {
		return ""
	}
	return strings.Trim(Visible(s[i+len(mark):i+end]), " \"'“”")
}

// paragraph reads a paragraph of the column: a placeholder, an item in bold, a
// field of the item before it, or a note.
func (w *walk) paragraph(i, end int) {
	b := w.blocks[i]
	lines := w.lines(b.region)
	if len(lines) == 0 {
		return
	}
	first := lines[0]
	switch {
	case placeholder(w.raw(b.region), w.words.None), placeholder(w.raw(first), w.words.None), w.isStamp(lines), w.laneMark(first):
		w.label = ""
	case w.fieldLine(first):
		w.fieldParagraph(b, lines)
	case w.item != nil && w.depth > 0:
		w.content(w.item, b.region)
	case w.isGroupLabel(i, end):
		w.item, w.last, w.group = nil, nil, Visible(w.raw(first))
		w.column.Groups = append(w.column.Groups, w.shown(first))
	case w.boldItem(i, end, first) && w.readable(first):
		it := w.start(first, b.region)
		for _, l := range lines[1:] {
			w.content(it, l)
		}
	case w.item != nil:
		w.content(w.item, b.region)
	case w.labelled(first):
		w.column.Notes = append(w.column.Notes, w.shown(first))
	default:
		w.unread(b.region)
	}
}

// labelled says whether a line is "**Label**: text".
func (w *walk) labelled(r region) bool {
	_, _, ok := w.splitField(r, false)
	return ok && len(w.column.Items) > 0
}

// laneMark says whether a paragraph is Obsidian's "**Complete**" of a lane.
func (w *walk) laneMark(r region) bool { return w.raw(r) == "**Complete**" }

func (w *walk) isStamp(lines []region) bool {
	for _, l := range lines {
		if _, ok := stamp(w.file, l.start, l.end, w.words.Updated); !ok {
			return false
		}
	}
	return true
}

// boldItem says whether a paragraph is an item: it starts in bold, and is not a
// label beside items that are bullets ("**Evidence**: see …").
func (w *walk) boldItem(i, end int, first region) bool {
	r := w.lead(first, &line{})
	inner, rest, ok := w.boldLead(r)
	if !ok {
		return false
	}
	label := strings.TrimRight(w.raw(inner), ": ")
	if strings.HasSuffix(w.raw(inner), ":") || strings.HasPrefix(w.raw(w.trim(rest)), ":") {
		if role, m := w.leading(label); isID(label) || role != "" && m.tail == "" {
			return true
		}
		return !w.hasBullets(i, end)
	}
	return true
}

// hasBullets says whether the column's items are bullets at its own level.
func (w *walk) hasBullets(i, end int) bool {
	if w.hasBulletItems() {
		return true
	}
	next := i + 1
	return next < end && w.blocks[next].kind == list && !w.fieldList(w.blocks[next].node)
}

// fieldParagraph reads "**DoD**:" and its like as a paragraph.
func (w *walk) fieldParagraph(b block, lines []region) {
	it := w.owner()
	if name, _, _ := w.splitField(lines[0], true); it == nil || w.item == nil && !w.isDoD(name) {
		w.column.Notes = append(w.column.Notes, w.shown(lines[0]))
		return
	}
	for _, l := range lines {
		if name, value, ok := w.splitField(l, true); ok {
			w.label = name
			w.addField(it, name, value, l)
			w.dodInline(it, name, l, value)
		} else {
			w.content(it, l)
		}
	}
	it.Block.End = max(it.Block.End, b.end)
}

// owner returns the item that a field belongs to.
func (w *walk) owner() *Item {
	if w.item != nil {
		return w.item
	}
	return w.last
}

// list reads a list: the fields of an item, or items.
func (w *walk) list(b block) {
	if w.item != nil && (w.depth > 0 || w.fieldList(b.node) || !w.itemList(b.node)) {
		w.grow(b.region)
		w.listOf(w.item, b.node)
		return
	}
	w.label = ""
	w.bullets(b.node)
	w.item = nil
}

func (w *walk) bullets(list ast.Node) {
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		w.bullet(n)
	}
}

// listOf reads a list that belongs to an item.
func (w *walk) listOf(it *Item, list ast.Node) {
	if w.label != "" && w.isDoD(w.label) {
		w.criteria(it, list)
		w.label = ""
		return
	}
	w.label = ""
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		w.property(it, n)
	}
}

// bullet reads one bullet of the column: an item, or a field of the item before.
func (w *walk) bullet(n ast.Node) {
	first, all, ok := w.bulletLine(n)
	switch {
	case !ok && n.FirstChild() != nil && n.FirstChild().Kind() == ast.KindList:
		w.bullets(n.FirstChild())
		return
	case !ok && all.end > 0:
		w.unread(all)
		return
	case !ok, w.hollow(first, n):
		return
	}
	if w.knownField(first) {
		if it := w.last; it != nil {
			w.property(it, n)
			it.Block.End = max(it.Block.End, all.end)
		} else {
			w.unread(all)
		}
		return
	}
	if !w.readable(first) {
		w.unread(all)
		return
	}
	it := w.newItem(first, all)
	w.last = it
	it.Number = max(it.Number, w.ordinal(n))
	w.nested(it, n)
}

// hollow says whether a bullet says that there is none, or says nothing.
func (w *walk) hollow(first region, n ast.Node) bool {
	l := line{}
	rest := w.lead(first, &l)
	if rest.start == rest.end {
		return true
	}
	return n.ChildCount() == 1 && (placeholder(w.raw(rest), w.words.None) || w.labelsNone(rest))
}

// labelsNone says whether a line is a column's own word and a placeholder:
// "**WIP**: none".
func (w *walk) labelsNone(r region) bool {
	inner, rest, ok := w.boldLead(r)
	if !ok {
		return false
	}
	role, m := w.leading(strings.TrimRight(w.raw(inner), ": "))
	value := strings.TrimLeft(w.raw(rest), ": ")
	return role != "" && m.tail == "" && placeholder(value, w.words.None)
}

// readable says whether a title is left of a line that a reader can see.
func (w *walk) readable(r region) bool {
	title := Visible(w.raw(w.line(r).title))
	return strings.ContainsFunc(title, func(r rune) bool { return !invisible(r) && unicode.IsPrint(r) && r != ' ' })
}

// bulletLine returns the first line of a bullet and all of its lines.
func (w *walk) bulletLine(n ast.Node) (first, all region, ok bool) {
	all, ok = extent(n)
	if !ok {
		return region{}, region{}, false
	}
	all.start = w.lineStart(all.start)
	block := n.FirstChild()
	if block == nil || block.Lines() == nil || block.Lines().Len() == 0 {
		return region{}, all, false
	}
	if k := kindOf(block); k != paragraph && k != heading {
		return region{}, all, false
	}
	seg := block.Lines().At(0)
	first = w.trim(region{seg.Start, seg.Stop})
	return first, all, first.start < first.end
}

// ordinal returns the number of an ordered list's item, 0 for a bullet.
func (w *walk) ordinal(n ast.Node) int {
	list, ok := n.Parent().(*ast.List)
	if !ok || !list.IsOrdered() {
		return 0
	}
	r, _ := extent(n)
	number, _ := numbering(strings.TrimLeft(w.raw(region{w.lineStart(r.start), r.end}), " \t"))
	return number
}

// nested reads what stands inside a bullet that is an item.
func (w *walk) nested(it *Item, n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		r, ok := extent(c)
		if !ok {
			continue
		}
		switch {
		case c == n.FirstChild():
			w.continuation(it, r)
		case kindOf(c) == list:
			w.listOf(it, c)
		case kindOf(c) == paragraph:
			w.fieldOrContent(it, r)
		}
	}
	w.label = ""
}

// continuation reads the lines of an item's first paragraph after its first.
func (w *walk) continuation(it *Item, r region) {
	lines := w.lines(r)
	for _, l := range lines[min(1, len(lines)):] {
		w.fieldOrContent(it, l)
	}
}

func (w *walk) fieldOrContent(it *Item, r region) {
	if name, value, ok := w.splitField(r, false); ok {
		w.label = name
		w.addField(it, name, value, r)
		w.dodInline(it, name, r, value)
		return
	}
	w.content(it, r)
}
