package board

import (
	"slices"
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// headers of table columns by what they hold, folded.
var (
	titleHeaders  = []string{"title", "task", "item", "name", "card", "story", "feature", "what", "work", "summary", "description", "issue"}
	idHeaders     = []string{"id", "#", "no", "nr", "key", "ref", "ticket", "pass"}
	statusHeaders = []string{"status", "state", "lane", "column", "stage"}
)

// statuses are what a status cell says beyond the words of the columns, compact.
var statuses = map[Role][]string{
	Next:    {"todo", "open", "planned", "new", "pending", "notstarted", "next", "queued"},
	WIP:     {"inprogress", "wip", "doing", "active", "started", "ongoing"},
	Done:    {"done", "complete", "completed", "merged", "closed", "shipped", "accepted", "finished", "released"},
	Dropped: {"dropped", "cancelled", "canceled", "abandoned", "wontdo", "superseded"},
	Other:   {"blocked", "backlog", "review", "inreview", "onhold", "deferred", "waiting"},
}

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
	g.id = p.find(g, idHeaders)
	g.title = p.titleCell(g)
	return g
}

// find returns the first header that is one of names, -1 where none is.
func (p *reader) find(g grid, names []string) int {
	return slices.IndexFunc(g.head, func(r region) bool {
		s := strings.TrimSpace(fold(Visible(p.raw(r))))
		return slices.Contains(names, s)
	})
}

// titleCell returns which cell of a row is the title: the header that says so,
// else the first that is no id.
func (p *reader) titleCell(g grid) int {
	if i := p.find(g, titleHeaders); i >= 0 {
		return i
	}
	for i := range g.head {
		if i != g.id {
			return i
		}
	}
	return 0
}

// blankCell says whether a cell holds nothing.
func (p *reader) blankCell(r region) bool {
	return strings.Trim(p.raw(r), "-–—. \t") == "" || placeholder(p.raw(r), p.words.None)
}

// rows reads a table inside a column: each row is an item.
func (w *walk) rows(b block) {
	if w.item != nil && w.depth > 0 {
		w.content(w.item, b.region)
		return
	}
	g := w.grid(b.node)
	w.item = nil
	for _, row := range g.rows {
		w.row(g, row)
	}
}

// row reads one row as an item, unless its title is blank.
func (w *walk) row(g grid, row []region) *Item {
	at := g.title
	if at >= len(row) || w.blankCell(row[at]) {
		return nil
	}
	it := w.newItem(row[at], row[at])
	line := w.file.LineSpan(w.file.Position(row[at].start).Line)
	it.Block, it.Line = line, w.lineSpan(row[at].start)
	for i, cell := range row {
		if i != at && i < len(g.head) && !w.blankCell(cell) {
			w.cell(it, g, i, cell)
		}
	}
	w.last = it
	return it
}

// cell reads a cell of an item's row: its id, its DoD, or a field.
func (w *walk) cell(it *Item, g grid, i int, cell region) {
	name := Visible(w.raw(g.head[i]))
	if i == g.id && it.ID == "" {
		it.ID = Visible(w.raw(cell))
		return
	}
	w.addField(it, name, cell, w.citable(name, cell))
	w.dodInline(it, name, cell, cell)
	w.date(it, region{}, cell)
}

// notPulls head table columns whose numbers are no pull requests that prove the row.
var notPulls = []string{
	"issue", "issues", "ticket", "run", "order", "depends on", "dependencies", "blocked by", "blocks", "related", "after",
	"priority", "prio", "rank", "#", "no", "nr", "step",
}

// citable returns the part of a cell in which pull requests may be cited.
func (p *reader) citable(header string, cell region) region {
	if slices.Contains(notPulls, fold(strings.TrimSpace(header))) {
		return region{cell.end, cell.end}
	}
	return cell
}

// looseTables reads tables outside the columns: one whose headers are columns,
// or one with a status column for roles that no heading has.
func (p *reader) looseTables() {
	taken := map[Role]bool{}
	inside := p.board.Columns
	for _, c := range inside {
		taken[c.Role] = true
	}
	for _, b := range p.blocks {
		if b.kind != table || isInside(b, inside) {
			continue
		}
		g := p.grid(b.node)
		if !p.laneTable(g, b) {
			p.statusTable(g, b, taken)
		}
	}
	if len(p.board.Columns) > len(inside) {
		p.board.Problem = ""
		slices.SortStableFunc(p.board.Columns, func(a, b *Column) int { return a.Title.Span.Start - b.Title.Span.Start })
	}
}

// isInside says whether a block lies in the body of one of the columns, which
// stand in the order of the file.
func isInside(b block, columns []*Column) bool {
	next := sort.Search(len(columns), func(i int) bool { return columns[i].Body.Start > b.start })
	return next > 0 && b.end <= columns[next-1].Body.End
}

// laneTable reads a table whose headers are columns: at least two must be.
func (p *reader) laneTable(g grid, b block) bool {
	lanes := 0
	for _, h := range g.head {
		if role, _ := p.role(h); role != "" && role != Other {
			lanes++
		}
	}
	if lanes < 2 {
		return false
	}
	for i, h := range g.head {
		if role, m := p.role(h); role != "" {
			c := &Column{Role: role, Title: p.shown(h), Word: m.word, Limit: p.limit(role, h), Body: p.span(b.region)}
			p.laneCells(c, g, i)
			p.board.Columns = append(p.board.Columns, c)
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
		for _, part := range p.broken(row[i]) {
			if !p.blankCell(part) {
				w.newItem(part, part)
			}
		}
	}
	c.Empty = len(c.Items) == 0
}

// broken cuts a cell at its line breaks, which are HTML there.
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

// statusTable reads a table whose rows name their column.
func (p *reader) statusTable(g grid, b block, taken map[Role]bool) {
	at := p.find(g, statusHeaders)
	if at < 0 {
		return
	}
	columns := map[Role]*walk{}
	for _, row := range g.rows {
		if at >= len(row) || p.blankCell(row[at]) {
			continue
		}
		role := p.status(row[at])
		if role == "" || taken[role] {
			continue
		}
		w := columns[role]
		if w == nil {
			w = &walk{reader: p, column: &Column{Role: role, Title: p.shown(row[at]), Body: p.span(b.region)}}
		}
		if w.row(g, row) != nil {
			columns[role] = w
		}
	}
	for _, role := range []Role{Next, WIP, Done, Dropped, Other} {
		if w := columns[role]; w != nil {
			p.board.Columns = append(p.board.Columns, w.column)
		}
	}
}

// status returns the role that a status cell names.
func (p *reader) status(r region) Role {
	if role, _ := p.role(r); role != "" {
		return role
	}
	toks := tokens(p.raw(r))
	for _, role := range []Role{Next, WIP, Done, Dropped, Other} {
		for _, s := range statuses[role] {
			if prefix(toks, s) > 0 {
				return role
			}
		}
	}
	return ""
}
