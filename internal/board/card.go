package board

import (
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"

	"github.com/boardgate/boardgate/internal/text"
)

// columns reads the cards of every section, and keeps the headings that are
// neither a column nor below one.
func (p *reader) columns(sections []section) {
	inColumn := byPlace(sections)
	for _, s := range sections {
		p.column(s)
	}
	for i, b := range p.blocks {
		if _, is := inColumn[i]; b.kind == heading && !is {
			if _, in := p.above(i, inColumn); !in {
				p.board.Headings = append(p.board.Headings, p.shown(b.region))
			}
		}
	}
}

// shown returns a text without its markup.
func (p *reader) shown(r region) Text {
	r = p.trim(r)
	return Text{Value: Visible(p.raw(r)), Span: p.span(r)}
}

func (p *reader) column(s section) {
	b := p.blocks[s.at]
	c := p.newColumn(s.role, s.word, b.region)
	body := region{b.end, b.end}
	if s.end > s.at+1 {
		body.end = max(body.end, p.blocks[s.end-1].end)
	}
	c.Body = p.span(body)
	w := &walk{reader: p, column: c}
	for i := s.at + 1; i < s.end; i++ {
		w.block(i, s.end)
	}
	end := len(p.text)
	if s.end < len(p.blocks) {
		end = p.blocks[s.end].start
	}
	w.obsidian(region{b.end, end})
	if w.folds > 0 && end < len(p.text) {
		p.hiding(w.fold, p.lineSpan(end)) // the next column is folded away
	}
	w.finish()
	p.board.Columns = append(p.board.Columns, c)
	p.addColumns(w.byStatus)
}

// obsidian notes what stands in comments of Obsidian, which GitHub shows.
func (w *walk) obsidian(r region) {
	for _, c := range w.wiped {
		for at := c.start; r.start <= c.start && c.start < r.end && at < c.end; at = nextLine(w.file.Text, at) {
			if text := Visible(string(w.file.Text[at:min(lineEnd(w.file.Text, at), c.end)])); visible(text) {
				w.note(Line{Text{text, w.lineSpan(at)}, listed(text)})
			}
		}
	}
}

// newColumn returns a column without items, with what its heading says of a limit.
func (p *reader) newColumn(role Role, word string, r region) *Column {
	c := &Column{Role: role, Title: p.shown(r), Word: word}
	n, span, ok := p.limits.heading(r.start, r.end)
	// Without a limit word a nought counts what is there: "(WIP: 0)".
	named := func(w string) bool { return strings.Contains(text.Fold(span.Text()), text.Fold(w)) }
	if ok && (n > 0 || slices.ContainsFunc(p.words.Limit, named)) {
		c.Limit = &Limit{Role: role, Max: n, Span: span}
	} else if span, each, ok := p.limits.unclear(r.start, r.end); ok {
		c.NoLimit, c.PerPerson = &Text{Value: span.Text(), Span: span}, each
	}
	return c
}

// walk reads the blocks of one column in their order. Four functions say what a
// card is, one a shape: heading, paragraph, bullet and row.
type walk struct {
	*reader
	column *Column
	item   *Item  // what following blocks belong to, nil after a list
	depth  int    // the level of the item's heading, 0 where it is a paragraph
	last   *Item  // the last item of the column
	label  string // the field that a following list belongs to
	intro  []Line // prose before the first item
	none   int    // how many placeholders say that there is no item

	group      string
	groupLevel int    // of its heading, 0 where it is a bold line
	by         *label // what began it
	begun      int    // how many items there were before it
	nones      int    // how many placeholders there were before it
	spare      int    // items that are parts of one card where each open group is one
	aside      int    // the first block behind what stands beside the cards

	folds int    // how many <details> are open
	fold  region // the last that was opened

	above    grid // the last table, which ends before tableEnd
	tableEnd int

	asked     int // how many of the column's items rowsWithIDs has looked at
	otherwise bool
	byStatus  map[Role]*walk // the columns of rows that a table's status sends elsewhere
}

// finish settles what the prose at the head of the column was: about the column,
// where items follow, else work that was not understood.
func (w *walk) finish() {
	c := w.column
	w.leave()
	c.Fewest = len(c.Items) - w.spare
	if len(c.Items) > 0 || w.none > 0 {
		c.Notes = append(c.Notes, w.intro...)
	} else {
		for _, t := range w.intro {
			w.keepUnparsed(c.Title, t)
		}
	}
}

// enter begins a group, by a label or by a line that only ends in a colon; leave
// ends the one before.
func (w *walk) enter(r region, l *label) {
	w.leave()
	title := w.shown(r)
	w.item, w.last, w.depth, w.label = nil, nil, 0, ""
	w.group, w.groupLevel, w.by, w.begun, w.nones = title.Value, 0, l, len(w.column.Items), w.none
	if l != nil {
		w.groupLevel = l.level
	}
	w.column.Groups = append(w.column.Groups, title)
}

// leave settles the group: one that gathers nothing, or that is a bold line and
// may as well be a card, looks like an item.
func (w *walk) leave() {
	if l := w.by; l != nil && l.is == isGroup {
		gathered := len(w.column.Items) - w.begun
		if l.open {
			w.spare += max(0, gathered-1)
		}
		if !l.named && (gathered == 0 && w.none == w.nones || l.open && l.level == 0) {
			w.note(Line{w.column.Groups[len(w.column.Groups)-1], true})
		}
	}
	w.by = nil
}

func (w *walk) block(i, end int) {
	b := w.blocks[i]
	switch {
	case i < w.aside:
		w.beside(b)
	case b.kind == heading:
		w.heading(i)
	case b.kind == paragraph:
		w.paragraph(i, end)
	case b.kind == list:
		w.list(b)
	case b.kind == table:
		w.table(b)
		w.tableEnd = i + 1
	case b.kind == breakLine:
		if w.depth == 0 {
			w.item = nil
		}
	case b.kind == comment:
		w.html(b)
	case w.item != nil:
		w.part(b.node)
		w.grow(b.region)
	default:
		w.unread(b.region, false, w.lookalikes(b.node)...)
	}
}

// html reads HTML: comments show nothing, and a fold has a label. Other HTML with
// text in it may be work.
func (w *walk) html(b block) {
	raw := strings.ToLower(w.raw(b.region))
	if w.folds += strings.Count(raw, "<details") - strings.Count(raw, "</details"); w.folds > 0 && strings.Contains(raw, "<details") {
		w.fold = b.region
	}
	for _, l := range w.htmlLines(b.node.(*ast.HTMLBlock)) {
		switch {
		case w.item != nil && !l.Like:
		case w.item != nil || l.label:
			w.note(l.Line)
		default:
			w.stray(l.Line)
		}
	}
	w.grow(b.region)
}

// part notes what looks like an item in a part of an item.
func (w *walk) part(n ast.Node) { w.note(w.lookalikes(n)...) }

// note keeps lines of the column that are accounted for and may be no part of it.
func (w *walk) note(lines ...Line) { w.column.Notes = append(w.column.Notes, lines...) }

// unread keeps the first line of what is not a card and notes the others; all of them
// look like items, or some.
func (w *walk) unread(r region, all bool, some ...Line) {
	for i, l := range w.lines(r) {
		line := Line{w.shown(l), all || slices.ContainsFunc(some, func(s Line) bool { return l.start <= s.Span.Start && s.Span.Start < l.end })}
		if !strings.ContainsFunc(line.Value, isAlphanumeric) {
			line.Value = w.raw(l) // an image, perhaps
		}
		if i == 0 {
			w.stray(line)
		} else {
			w.note(line)
		}
	}
}

// stray keeps lines that are not cards.
func (w *walk) stray(lines ...Line) {
	if len(w.column.Items) == 0 {
		w.intro = append(w.intro, lines...)
		return
	}
	for _, l := range lines {
		w.keepUnparsed(w.column.Title, l)
	}
}

// keepUnparsed adds a line to what the column holds and was not understood.
func (w *walk) keepUnparsed(heading Text, line Line) {
	u := &w.board.Unparsed
	if n := len(*u); n > 0 && (*u)[n-1].Column == w.column && (*u)[n-1].Heading == heading {
		(*u)[n-1].Lines = append((*u)[n-1].Lines, line)
		return
	}
	*u = append(*u, Unparsed{Heading: heading, Lines: []Line{line}, Column: w.column})
}

// grow makes a block part of the item before it.
func (w *walk) grow(r region) {
	if w.item != nil {
		w.item.Block.End = max(w.item.Block.End, r.end)
	}
}

// beside keeps what looks like cards in a part of the column that holds none.
func (w *walk) beside(b block) {
	for _, l := range w.cardLines(b, false) {
		w.keepUnparsed(w.column.Groups[len(w.column.Groups)-1], l)
	}
	w.part(b.node)
}

// heading says what a heading inside the column is: a card, a part of one, a
// group, or what holds no cards.
func (w *walk) heading(i int) {
	b := w.blocks[i]
	l := w.is[i]
	w.label = ""
	switch {
	case w.item != nil && w.depth > 0 && b.level > w.depth:
		w.grow(b.region)
		w.label = strings.TrimRight(Visible(w.raw(b.region)), ": ")
		w.addField(w.item, w.label, region{b.end, b.end}, b.region)
	case l != nil && l.is == isGroup:
		w.enter(b.region, l)
	case l != nil && l.is == isAside:
		w.enter(b.region, l)
		w.aside = l.end
	case w.saysNone(b.region):
		w.item = nil
	case !w.readable(b.region):
		w.unread(b.region, true)
	default:
		if b.level <= w.groupLevel {
			w.leave()
			w.group, w.groupLevel = "", 0
		}
		w.start(b.region, b.region)
		w.depth = b.level
	}
}

// paragraph says what a paragraph of the column is: a placeholder, a card in
// bold, a field of the item before it, a group's label, or prose.
func (w *walk) paragraph(i, end int) {
	b := w.blocks[i]
	lines := w.lines(b.region)
	if len(lines) == 0 || !visible(Visible(w.raw(b.region))) {
		w.grow(b.region)
		return
	}
	first := lines[0]
	l := w.is[i]
	switch {
	case i == w.tableEnd && i > 0 && w.goesOn(lines):
		w.tableEnd = i + 1
	case w.saysNone(b.region), w.saysNone(first), w.isStamp(lines), w.raw(first) == obsidianComplete, w.item == nil && wholly(w.raw(b.region)):
		w.label = ""
		w.none++
		if len(w.column.Items) > 0 && !w.saysNone(first) && !w.isStamp(lines) {
			w.note(Line{w.shown(first), false}) // beside cards it is a remark
		}
		w.behindNone(b.region)
	case w.fieldLine(first):
		w.fieldParagraph(b, lines)
	case w.item != nil && w.depth > 0:
		w.content(w.item, b.region)
		w.part(b.node)
	case l != nil && l.is == isGroup:
		w.enter(first, l)
		w.note(w.furtherLines(b.region)...)
	case l != nil && l.is == isAside:
		w.enter(first, l)
		w.aside = l.end
		w.note(w.furtherLines(b.region)...)
	case w.boldCard(i, end, first) && w.readable(first), w.loneCard(i, end, first):
		it := w.start(first, b.region)
		for _, l := range lines[1:] {
			w.content(it, l)
		}
	case w.item != nil:
		w.content(w.item, b.region)
		w.part(b.node)
	case strings.HasSuffix(w.raw(lines[len(lines)-1]), ":") && i+1 < end && w.blocks[i+1].kind == list: // a label of the list right below it
		w.enter(first, nil)
		w.note(w.furtherLines(b.region)...)
	case w.isLabelled(first):
		w.note(Line{w.shown(first), w.boldTitled(first)})
		w.note(w.furtherLines(b.region)...)
	default:
		_, like := b.node.(*ast.Heading)
		w.stray(Line{w.shown(first), like || w.likeItem(first)})
		w.note(w.furtherLines(b.region)...)
	}
}

// obsidianComplete is what Obsidian's Kanban writes into a lane whose cards it ticks.
const obsidianComplete = "**Complete**"

// isLabelled says whether a line is "**Label**: text" beside cards.
func (w *walk) isLabelled(r region) bool {
	_, _, ok := w.splitField(r, false)
	return ok && len(w.column.Items) > 0
}

func (w *walk) isStamp(lines []region) bool {
	for _, l := range lines {
		if _, ok := stamp(w.file, l.start, l.end, w.words.Updated); !ok {
			return false
		}
	}
	return true
}

// boldCard says whether a paragraph is a card: it starts in bold, and is not a
// label beside cards that are bullets ("**Evidence**: see …").
func (w *walk) boldCard(i, end int, first region) bool {
	o := w.opening(first)
	if !o.label {
		return o.bold
	}
	label := strings.TrimRight(w.raw(o.inner), ": ")
	if role, m := w.leading(label); len(w.idsOf(o.inner)) > 0 || designator(label) != "" || role != "" && m.tail == "" {
		return true
	}
	bullets := len(w.column.Items) > 0 && strings.IndexByte("-*+", w.text[w.column.Items[0].Line.Start]) >= 0
	next := i+1 < end && w.blocks[i+1].kind == list && w.contents(i+1, i+2).fields == 0
	return !bullets && !next
}

// loneCard says whether plain prose is a card because it is all that a column
// of work in hand holds, and begins with a title: "Post gate — started today".
func (w *walk) loneCard(i, end int, first region) bool {
	if w.column.Role != WIP && w.column.Role != Next || end != i+1 || w.blocks[i-1].kind != heading || len(w.column.Items) > 0 {
		return false
	}
	title, _, found := strings.Cut(w.raw(first), " — ")
	return found && len(title) <= 100 && unicode.IsUpper(firstRune(title)) && w.readable(first)
}

// fieldParagraph reads "**DoD**:" and its like as a paragraph.
func (w *walk) fieldParagraph(b block, lines []region) {
	it := w.item
	if it == nil {
		it = w.last
	}
	if name, _, _ := w.splitField(lines[0], true); it == nil || w.item == nil && !w.isDoD(name) {
		w.note(Line{w.shown(lines[0]), false})
		w.note(w.furtherLines(b.region)...)
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

// list reads a list: the fields of the item before it, or cards.
func (w *walk) list(b block) {
	if w.item != nil && (w.depth > 0 || w.label != "" || w.ownList(b.node)) {
		w.grow(b.region)
		w.listOf(w.item, b.node)
		return
	}
	w.label = ""
	for n := b.node.FirstChild(); n != nil; n = n.NextSibling() {
		w.bullet(n)
	}
	w.item = nil
}

// ownList says whether a list behind a card in bold belongs to it: one of its
// bullets is a field, or none reads as a card.
func (w *walk) ownList(list ast.Node) bool {
	var c contents
	w.countList(&c, list)
	return c.fields > 0 || c.cards+c.telling == 0
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

// bullet says what a bullet of the column is: a card, a field of the card
// before, a part of it, or nothing.
func (w *walk) bullet(n ast.Node) {
	first, all, ok := w.bulletLine(n)
	field := ok && w.fieldLine(first)
	switch {
	case !ok && n.FirstChild() != nil && n.FirstChild().Kind() == ast.KindList:
		for c := n.FirstChild().FirstChild(); c != nil; c = c.NextSibling() {
			w.bullet(c)
		}
	case !ok && all.end > 0 && !w.showsNothing(n):
		w.unread(all, true)
	case !ok, w.hollow(first, n):
		w.none++
		if ok {
			r, _ := own(n.FirstChild())
			w.behindNone(r)
		}
	case field && w.last == nil, !field && !w.readable(first):
		w.unread(all, true)
	case w.rowsWithIDs() && !w.carriesAny(first):
		w.unread(all, true)
	case field, w.hangs(n):
		w.property(w.last, n)
		w.last.Block.End = max(w.last.Block.End, all.end)
	default:
		it := w.newItem(first, all)
		w.last = it
		it.Number = max(it.Number, w.ordinal(n))
		w.nested(it, n)
	}
}

// behindNone notes what a text says behind a line that says that there is none,
// unless that goes on with it.
func (w *walk) behindNone(r region) {
	whole := w.saysNone(r) || wholly(w.raw(r))
	for _, l := range w.furtherLines(r) {
		if l.Like || !whole {
			w.note(l)
		}
	}
}

// showsNothing says whether a bullet holds nothing but what is not shown: comments
// and definitions of links.
func (w *walk) showsNothing(n ast.Node) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		block, is := c.(*ast.HTMLBlock)
		if kindOf(c) != definition && (!is || len(w.htmlLines(block)) > 0) {
			return false
		}
	}
	return true
}

// hangs says whether a bullet is meant to stand below the numbered item before
// it and is not deep enough for Markdown: "11. Hedge" with "   - plant it".
func (w *walk) hangs(n ast.Node) bool {
	before, ok := n.Parent().PreviousSibling().(*ast.List)
	if !ok || w.last == nil || !before.IsOrdered() || n.Parent().(*ast.List).IsOrdered() {
		return false
	}
	r, _ := extent(n)
	at := w.lineStart(r.start)
	margin := w.lineStart(w.last.Block.Start)
	return w.text[at] == ' ' && w.text[margin] != ' '
}

// hollow says whether a bullet says that there is none, or says nothing.
func (w *walk) hollow(first region, n ast.Node) bool {
	o := w.opening(first)
	if o.text.start == o.text.end {
		return true
	}
	if n.ChildCount() > 1 {
		return false
	}
	return w.saysNone(o.text) || w.labelsNone(o) || o.mark == "" && w.alone(n) && (wholly(w.raw(o.text)) || saysNothing(w.raw(w.line(first).title), w.words.None))
}

// alone says whether a bullet is all that its column or group holds.
func (w *walk) alone(n ast.Node) bool {
	return n.Parent().ChildCount() == 1 && len(w.column.Items) == w.begun
}

// labelsNone says whether a line is a column's own word and a placeholder:
// "**WIP**: none".
func (w *walk) labelsNone(o opening) bool {
	role, m := w.leading(strings.TrimRight(w.raw(o.inner), ": "))
	return o.bold && role != "" && m.tail == "" && placeholder(strings.TrimLeft(w.raw(o.after), ": "), w.words.None)
}

// saysNone says whether a text only says that nothing stands there.
func (p *reader) saysNone(r region) bool { return placeholder(p.raw(r), p.words.None) }

// readable says whether a title is left of a line that a reader can see.
func (p *reader) readable(r region) bool {
	title := Visible(p.raw(p.line(r).title))
	return strings.ContainsFunc(title, func(r rune) bool { return !text.Ignorable(r) && unicode.IsPrint(r) && r != ' ' })
}

// bulletLine returns the first line of a bullet and all of its lines.
func (p *reader) bulletLine(n ast.Node) (first, all region, ok bool) {
	all, ok = extent(n)
	if !ok {
		return region{}, region{}, false
	}
	all.start = p.lineStart(all.start)
	block := n.FirstChild()
	if block == nil || block.Lines() == nil || block.Lines().Len() == 0 {
		return region{}, all, false
	}
	if k := kindOf(block); k != paragraph && k != heading {
		return region{}, all, false
	}
	seg := block.Lines().At(0)
	first = p.trim(region{seg.Start, seg.Stop})
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

// table says what the rows of a table inside the column are: cards, or a part
// of the card whose heading they stand below.
func (w *walk) table(b block) {
	if w.item != nil && w.depth > 0 {
		w.content(w.item, b.region)
		w.part(b.node)
		return
	}
	w.item = nil
	g := w.grid(b.node)
	if len(g.rows) == 0 && len(g.head) > 0 {
		// Without rows it may be an item drawn as a header.
		like := !slices.ContainsFunc(g.head, func(r region) bool {
			return w.headed(r, titleHeaders()) || w.headed(r, idHeaders()) || w.headed(r, statusHeaders()) || w.headed(r, orderHeaders())
		})
		w.note(Line{w.shown(region{g.head[0].start, lineEnd(w.text, g.head[0].start)}), like})
	}
	if w.above = g; g.id < 0 && w.rowsWithIDs() {
		w.stray(w.lookalikes(b.node)...)
		return
	}
	status := -1
	if w.column.Role == Other {
		status = w.statusColumn(g)
	}
	for _, row := range g.rows {
		w.ofStatus(g, row, status, b).row(g, row)
	}
}

// rowsWithIDs says whether the cards of the column are rows of tables with ids,
// so that what carries nothing is not one of them.
func (w *walk) rowsWithIDs() bool {
	for ; w.asked < len(w.column.Items); w.asked++ {
		it := w.column.Items[w.asked]
		w.otherwise = w.otherwise || it.ID == "" || w.text[it.Line.Start] != '|'
	}
	return w.asked > 0 && !w.otherwise
}

// carriesAny says whether a bullet carries an id, a box or a bold title.
func (w *walk) carriesAny(first region) bool {
	o := w.opening(first)
	return o.mark != "" || o.bold || len(w.idsOf(o.text)) > 0
}

// goesOn reads lines as further rows of the table above them, from which only a
// blank line parts them.
func (w *walk) goesOn(lines []region) bool {
	var rows [][]region
	for _, l := range lines {
		var cells []region
		if inner := (region{l.start + 1, l.end - 1}); w.text[l.start] == '|' && w.text[l.end-1] == '|' && inner.start < inner.end {
			for part := range strings.SplitSeq(w.raw(inner), "|") {
				cells = append(cells, w.trim(region{inner.start, inner.start + len(part)}))
				inner.start += len(part) + 1
			}
		}
		if len(cells) != len(w.above.head) {
			return false
		}
		rows = append(rows, cells)
	}
	for _, row := range rows {
		w.row(w.above, row)
	}
	return true
}

// ofStatus returns the walk of the column to which a row below a heading without
// a role belongs: the one its status names where that is work in hand or done.
func (w *walk) ofStatus(g grid, row []region, status int, b block) *walk {
	if status < 0 || status >= len(row) {
		return w
	}
	role := w.status(w.raw(row[status]))
	if role != WIP && role != Done && role != Dropped || w.blankRow(g, row) {
		return w
	}
	if w.byStatus == nil {
		w.byStatus = map[Role]*walk{}
	}
	if w.byStatus[role] == nil {
		w.byStatus[role] = &walk{reader: w.reader, column: &Column{Role: role, Title: w.shown(row[status]), Body: w.span(b.region)}}
	}
	return w.byStatus[role]
}

// start begins an item whose first line is r.
func (w *walk) start(r, all region) *Item {
	it := w.newItem(r, all)
	w.item, w.last, w.depth, w.label = it, it, 0, ""
	return it
}

func (w *walk) newItem(r, all region) *Item {
	l := w.line(r)
	start := w.lineStart(r.start)
	it := &Item{
		Column: w.column,
		Group:  w.group,
		Number: l.number,
		Mark:   l.mark,
		Title:  Text{Value: Visible(w.raw(l.title)), Span: w.span(l.title)},
		Line:   w.lineSpan(r.start),
		Block:  w.span(region{start, max(all.end, r.end)}),
		Was:    was(w.raw(r)),
		bold:   l.bold || strings.IndexByte("-*+", w.text[start]) < 0,
	}
	if it.IDs, _ = leadingIDs(it.Title.Value); len(it.IDs) > 0 {
		it.ID = it.IDs[0]
	} else {
		it.Designator = designator(it.Title.Value)
	}
	w.citeIDs(it, r)
	it.Date, _ = w.firstDate(l.date)
	if at, found := bracket(w.raw(r), "started"); found {
		it.Started, _ = w.firstDate(region{r.start + at.start, r.start + at.end})
	}
	w.cite(it, r)
	w.column.Items = append(w.column.Items, it)
	return it
}

// date takes the first day in a region for an item that has no date yet.
func (w *walk) date(it *Item, r region) {
	if it.Date.IsZero() {
		it.Date, _ = w.firstDate(r)
	}
}

// cite adds the pull requests a line cites to an item, and its day.
func (w *walk) cite(it *Item, r region) {
	pulls, mentions := w.scan.references(r.start, r.end)
	it.Pulls = append(it.Pulls, pulls...)
	it.Mentions = append(it.Mentions, mentions...)
	w.date(it, r)
}

// citeOnce leaves each reference of an item once.
func (p *reader) citeOnce() {
	for _, c := range p.board.Columns {
		for _, it := range c.Items {
			it.Pulls, it.Mentions = unique(it.Pulls), unique(it.Mentions)
		}
	}
}

func unique(refs []Reference) []Reference {
	s := referenceSet{list: refs[:0]}
	s.addAll(refs)
	return s.list
}

// was reads "(was: old title)" where a reader sees it, not in the target of a link.
func was(s string) string {
	if _, found := bracket(s, "was:"); !found {
		return ""
	}
	s = Visible(masked(s, imageStart, imageRef))
	at, found := bracket(s, "was:")
	if !found {
		return ""
	}
	return strings.Trim(s[at.start:at.end], " \"'“”")
}

// bracket returns what follows a word in the first round bracket that begins with it.
func bracket(s, word string) (region, bool) {
	for i := 0; ; i++ {
		n := strings.IndexByte(s[i:], '(')
		if n < 0 {
			return region{}, false
		}
		i += n
		from := i + 1 + len(word)
		if len(s) >= from && strings.EqualFold(s[i+1:from], word) {
			end := closing(s[i:], '(', ')')
			return region{from, i + end}, end >= 0
		}
	}
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
			lines := w.lines(r)
			for _, l := range lines[min(1, len(lines)):] {
				w.fieldOrContent(it, l)
			}
			w.note(likeItems(w.furtherLines(r))...)
		case kindOf(c) == list:
			w.listOf(it, c)
		case kindOf(c) == paragraph:
			w.fieldOrContent(it, r)
			w.part(c)
		default:
			w.part(c)
		}
	}
	w.label = ""
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

// firstDate returns the first day written in a region, in a code span too.
func (w *walk) firstDate(r region) (Date, bool) {
	if ds := w.scan.dates(r.start, r.end); len(ds) > 0 {
		return ds[0], true
	}
	s := w.raw(r)
	for i := strings.IndexByte(s, '`'); i >= 0 && i+11 < len(s); {
		if s[i+11] == '`' {
			if y, m, d, n, ok := dateAt(s[i+1 : i+11]); ok && n == 10 {
				return Date{Year: y, Month: m, Day: d, Span: w.span(region{r.start + i + 1, r.start + i + 11})}, true
			}
		}
		next := strings.IndexByte(s[i+1:], '`')
		if next < 0 {
			break
		}
		i += next + 1
	}
	return Date{}, false
}
