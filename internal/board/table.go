package board

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/boardgate/boardgate/internal/text"
)

// Headers of a table's columns by what they hold.
var (
	titleHeaders  = wordsOf("tables", "title")
	cardHeaders   = wordsOf("tables", "card") // titles of rows that surely are cards
	idHeaders     = wordsOf("tables", "id")
	statusHeaders = wordsOf("tables", "status")
	pullHeaders   = wordsOf("tables", "pull")
	notPulls      = wordsOf("tables", "not pull") // numbers that are not pull requests that prove the row
	orderHeaders  = wordsOf("tables", "order")
)

// tableRoles are the roles in the order in which a table's columns are read.
var tableRoles = []Role{Next, WIP, Done, Dropped, Other}

// grid is a table's cells.
type grid struct {
	head      []region
	rows      [][]region
	title, id int // which columns hold them, id -1 where none does
}

func (p *reader) grid(n ast.Node) grid {
	var g grid
	for r := n.FirstChild(); r != nil; r = r.NextSibling() {
		var cells []region
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			cell, _ := own(c)
			cells = append(cells, p.trim(cell))
		}
		if g.head == nil {
			g.head = cells
		} else {
			g.rows = append(g.rows, cells)
		}
	}
	g.id = p.idColumn(g)
	g.title = p.titleColumn(g)
	return g
}

// find returns the first header that is one of names, -1 where none is.
func (p *reader) find(g grid, names wordList) int {
	return slices.IndexFunc(g.head, func(r region) bool { return p.headed(r, names) })
}

func (p *reader) headed(r region, names wordList) bool {
	return names.has(strings.TrimSpace(text.Fold(Visible(p.raw(r)))))
}

// most says whether more than half of a column's cells that hold anything are
// of a kind.
func (p *reader) most(g grid, column int, is func(string) bool) bool {
	yes, all := 0, 0
	for _, row := range g.rows[:min(len(g.rows), 50)] {
		if column < len(row) && !p.blankCell(row[column]) {
			all++
			if is(strings.Trim(Visible(p.raw(row[column])), "~ ")) {
				yes++
			}
		}
	}
	return yes*2 > all
}

// idColumn returns the one of the first two columns whose cells are ids, else the
// one whose header says so; -1 where none is. Numbers that only count the rows
// are not ids, nor are pull requests.
func (p *reader) idColumn(g grid) int {
	for i, h := range g.head[:min(2, len(g.head))] {
		if !p.headed(h, pullHeaders()) && p.most(g, i, func(s string) bool { return len(p.onlyIDs(s)) > 0 }) {
			return i
		}
	}
	if i := p.find(g, idHeaders()); i >= 0 && !p.most(g, i, isOrder) {
		return i
	}
	return -1
}

// onlyIDs returns the ids of a cell that holds nothing else, but for how far the
// item is: "T-9 done".
func (p *reader) onlyIDs(s string) []string {
	word, rest, found := strings.Cut(s, " ")
	if !found || p.status(rest) == "" {
		word = s
	}
	if ids, n := leadingIDs(word); n == len(word) {
		return ids
	}
	return nil
}

// titleColumn returns which cell of a row is the title: the one whose header
// says so, else the first that is not an id, number, date or priority.
func (p *reader) titleColumn(g grid) int {
	for i, h := range g.head {
		if i != g.id && p.headed(h, titleHeaders()) {
			return i
		}
	}
	for i, h := range g.head {
		if i == g.id || p.headed(h, orderHeaders()) || p.headed(h, statusHeaders()) || p.most(g, i, isOrder) {
			continue
		}
		if wordy := func(s string) bool { return strings.IndexByte(s, ' ') > 0 }; p.most(g, i, wordy) || !p.anyFrom(g, i+1, wordy) {
			return i
		}
	}
	if g.id == 0 && len(g.head) > 1 {
		return 1
	}
	return 0
}

// anyFrom says whether a column from one on holds mostly cells of a kind.
func (p *reader) anyFrom(g grid, from int, is func(string) bool) bool {
	for i := from; i < len(g.head); i++ {
		if p.most(g, i, is) {
			return true
		}
	}
	return false
}

// isOrder says whether a cell is a number, a date or a priority.
func isOrder(s string) bool {
	if len(s) >= 10 && isDate(s[:10]) {
		return true
	}
	letters := strings.TrimLeft(strings.TrimLeft(s, "#PpSsMmLlXx"), "0123456789.,%/ ()-")
	return letters == "" || groupWords().hasFold(s) || groupRanks().hasFold(s)
}

// blankCell says whether a cell holds nothing.
func (p *reader) blankCell(r region) bool {
	return strings.Trim(p.raw(r), "-–—. \t") == "" || p.saysNone(r)
}

// blankRow says whether a row holds no card: its title is blank, or it says that
// there is none beside an id that does: "None | No cards in review".
func (p *reader) blankRow(g grid, row []region) bool {
	if g.title >= len(row) || p.blankCell(row[g.title]) {
		return true
	}
	first := max(g.id, 0)
	return first != g.title && p.saysNone(row[first]) && saysNothing(p.raw(row[g.title]), p.words.None)
}

// row says what a row of a table is: a card, unless it is blank.
func (w *walk) row(g grid, row []region) {
	if w.blankRow(g, row) {
		return
	}
	at := g.title
	it := w.newItem(row[at], row[at])
	w.note(likeItems(w.furtherLines(row[at]))...)
	line := w.file.LineSpan(w.file.Position(row[at].start).Line)
	it.Block, it.Line = line, w.lineSpan(row[at].start)
	for i, cell := range row {
		if i != at && i < len(g.head) && !w.blankCell(cell) {
			w.cell(it, g, i, cell)
		}
	}
	w.last = it
}

// cell reads a cell of an item's row: its id, its DoD, or a field.
func (w *walk) cell(it *Item, g grid, i int, cell region) {
	name := Visible(w.raw(g.head[i]))
	if i == g.id && it.ID == "" {
		text := Visible(w.raw(cell))
		if it.IDs = w.onlyIDs(text); len(it.IDs) == 0 {
			it.IDs, _ = leadingIDs(text)
		}
		if len(it.IDs) == 0 {
			it.IDs = []string{text}
		}
		it.ID, it.IDs = it.IDs[0], slices.DeleteFunc(it.IDs, func(id string) bool { _, number := decimal(id); return number })
		if it.Mark == "" && strings.HasPrefix(w.raw(cell), "~~") {
			it.Mark = Struck
		}
		return
	}
	cited := cell
	if notPulls().hasFold(strings.TrimSpace(name)) {
		cited.start = cell.end
	}
	w.addField(it, name, cell, cited)
	w.dodInline(it, name, cell, cell)
	w.date(it, cell)
}

// looseTables reads tables outside the columns: one whose headers are columns,
// or one whose rows name their column. Beside tables of the first kind those of
// the second only sum them up.
func (p *reader) looseTables(sections []section) {
	inColumn, inside := byPlace(sections), len(p.board.Columns)
	var rest []block
	for i, b := range p.blocks {
		if _, in := p.above(i, inColumn); b.kind == table && !in && !p.laneTable(p.grid(b.node), b) {
			rest = append(rest, b)
		}
	}
	if len(p.board.Columns) == inside {
		headed := slices.ContainsFunc(p.board.Columns, func(c *Column) bool { return c.Word != "" })
		for _, b := range rest {
			// Beside columns of headings a table may only sum up what they hold.
			if g := p.grid(b.node); !headed || p.ofCards(g) {
				p.statusTable(g, b)
			}
		}
	}
	if len(p.board.Columns) > inside {
		p.board.Problem = ""
	}
	slices.SortStableFunc(p.board.Columns, func(a, b *Column) int { return a.Title.Span.Start - b.Title.Span.Start })
}

// laneTable reads a table whose headers are columns: at least two must be.
func (p *reader) laneTable(g grid, b block) bool {
	columns := 0
	for _, h := range g.head {
		if role, _ := p.role(h); role != "" && role != Other {
			columns++
		}
	}
	if columns < 2 {
		return false
	}
	for i, h := range g.head {
		if role, m := p.role(h); role != "" {
			c := p.newColumn(role, m.word, h)
			c.Body = p.span(b.region)
			p.laneCells(c, g, i)
			p.board.Columns = append(p.board.Columns, c)
		} else {
			p.lookalike(h)
		}
	}
	return true
}

func (p *reader) laneCells(c *Column, g grid, i int) {
	w := &walk{reader: p, column: c}
	for _, row := range g.rows {
		if i >= len(row) {
			continue
		}
		for _, card := range p.cards(row[i]) {
			if !p.blankCell(card.first) {
				w.newItem(card.first, card.all)
				w.note(likeItems(w.furtherLines(card.all))...)
			}
		}
	}
	w.finish()
}

// cellCard is a card inside a cell: its first line, and all of it.
type cellCard struct{ first, all region }

// cards cuts a cell into its cards. A line break, which is HTML there, begins
// another card where it begins as the first does: with a box or in bold, or
// where neither does. Text in italics, in a bracket or in code is a detail.
func (p *reader) cards(r region) []cellCard {
	var out []cellCard
	var box, bold bool
	for i, part := range p.broken(r) {
		o := p.opening(part)
		if i == 0 {
			box, bold = o.mark != "", o.bold
		}
		detail := wholly(p.raw(part)) || strings.TrimSpace(masked(p.raw(part), codeSpan)) == ""
		if i > 0 && (detail || (box || bold) && (box != (o.mark != "") || bold != o.bold)) {
			out[len(out)-1].all.end = part.end
			continue
		}
		out = append(out, cellCard{part, part})
	}
	return out
}

// broken cuts a cell at its line breaks.
func (p *reader) broken(r region) []region {
	var out []region
	s := p.raw(r)
	for start := 0; ; {
		i := strings.Index(s[start:], "<br")
		if i < 0 {
			return append(out, p.trim(region{r.start + start, r.end}))
		}
		out = append(out, p.trim(region{r.start + start, r.start + start + i}))
		end := strings.IndexByte(s[start+i:], '>')
		if end < 0 {
			return out
		}
		start += i + end + 1
	}
}

// statusColumn returns the column whose cells name a role, -1 where none does.
func (p *reader) statusColumn(g grid) int {
	at := p.find(g, statusHeaders())
	known := func(s string) bool { return p.status(s) != "" }
	if at >= 0 && (p.most(g, at, known) || p.ofCards(g) && slices.ContainsFunc(g.rows, func(row []region) bool {
		return at < len(row) && known(p.raw(row[at]))
	})) {
		return at
	}
	return -1
}

// statusTable reads a table whose rows name their column.
func (p *reader) statusTable(g grid, b block) {
	at := p.statusColumn(g)
	if at < 0 {
		return
	}
	columns := map[Role]*walk{}
	for _, row := range g.rows {
		if at >= len(row) || p.blankRow(g, row) || g.id < 0 && p.blankCell(row[at]) {
			continue
		}
		role, title := p.status(Visible(p.raw(row[at]))), row[at]
		if role == "" {
			role, title = Other, g.head[at] // a status of the team's own
			p.lookalike(row[at])
		}
		w := columns[role]
		if w == nil {
			w = &walk{reader: p, column: &Column{Role: role, Title: p.shown(title), Body: p.span(b.region)}}
			columns[role] = w
		}
		w.row(g, row)
	}
	p.addColumns(columns)
}

// ofCards says whether the rows of a table are cards by themselves.
func (p *reader) ofCards(g grid) bool { return g.id >= 0 || p.find(g, cardHeaders()) >= 0 }

// addColumns adds the columns that the rows of a table make.
func (p *reader) addColumns(columns map[Role]*walk) {
	for _, role := range tableRoles {
		if w := columns[role]; w != nil {
			w.finish()
			p.board.Columns = append(p.board.Columns, w.column)
		}
	}
}

// status returns the role that a status cell names.
func (p *reader) status(s string) Role {
	if role, _ := p.leading(s); role != "" {
		return role
	}
	toks := tokens(s)
	for _, role := range tableRoles {
		for _, word := range wordFiles()["tables"][string(role)] {
			if prefix(toks, word) > 0 {
				return role
			}
		}
	}
	for _, role := range tableRoles {
		for _, mark := range wordFiles()["tables"][string(role)+" mark"] {
			if strings.HasPrefix(strings.TrimSpace(s), mark) {
				return role
			}
		}
	}
	return ""
}
