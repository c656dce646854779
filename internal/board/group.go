package board

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/boardgate/boardgate/internal/text"
)

// reading is what a label inside a column was found to be.
type reading int

const (
	undecided reading = iota
	isCard
	isGroup // it gathers the cards below it
	isAside // what stands below it is about the work and no card
)

// label is a sub-heading of a column, or a bold line right above a list: a card
// of its own, or what gathers cards.
type label struct {
	at, end int  // its block, and the first block that does not stand below it
	section int  // the place of its section
	level   int  // of a heading, 0 of a bold line
	remark  bool // a bold line goes on with more than a colon and a bracket
	text    string
	below   contents

	is       reading
	numbered bool
	named    bool // its own words decided; they say nothing of other columns
	open     bool // nothing on the board decided, so that both readings fit
}

// contents counts what stands below a label, down to the next sub-heading.
type contents struct {
	fields    int // bullets and lines with a field's label
	cards     int // bullets and rows that carry an id, boxes with a bold title
	ids       int // those of them that carry an id
	telling   int // bullets in bold or with a date of their own
	ticked    int
	unticked  int
	plain     int // other bullets
	rows      int // other rows
	prose     int
	none      int // placeholders
	headings  int
	deep      int // cards below sub-headings
	cardHeads int // sub-headings that carry a number, a box or an id
}

func (c contents) lists() int { return c.cards + c.telling + c.ticked + c.unticked + c.plain }

func (c contents) empty() bool { return c == contents{} }

var (
	groupWords = wordsOf("headings", "group")
	groupRanks = wordsOf("headings", "group rank")
	groupNouns = wordsOf("headings", "group noun")
	asideNames = wordsOf("headings", "aside")
)

// groups decides for every label inside a column whether it gathers cards. It
// goes down level by level, since what stands below a card is part of it.
func (p *reader) groups(sections []section) {
	p.is = map[int]*label{}
	var labels []*label
	for i, s := range sections {
		labels = append(labels, p.labelsIn(i, s.at+1, s.end)...)
	}
	for len(labels) > 0 {
		p.decide(sections, labels)
		var deeper []*label
		for _, l := range labels {
			p.is[l.at] = l
			if l.is == isGroup && l.level > 0 {
				deeper = append(deeper, p.labelsIn(l.section, l.at+1, l.end)...)
			}
		}
		labels = deeper
	}
}

// labelsIn returns the labels that stand right in a range of blocks.
func (p *reader) labelsIn(section, from, end int) []*label {
	var out []*label
	for i := from; i < end; i++ {
		if k := p.blocks[i].kind; k != heading && k != paragraph {
			continue
		}
		l := &label{at: i, end: i + 1, section: section}
		switch b := p.blocks[i]; {
		case b.kind == heading:
			l.level, l.end = b.level, p.sectionEnd(i, end)
			l.text = text.Fold(Visible(p.raw(b.region)))
		case i+1 < end && p.blocks[i+1].kind == list && p.opening(b.region).bold:
			l.end = i + 2
			tail := strings.Trim(p.raw(p.trim(p.opening(b.region).after)), ":. ")
			l.remark = tail != "" && (tail[0] != '(' || !strings.HasSuffix(tail, ")"))
			l.text = text.Fold(strings.TrimRight(Visible(p.raw(p.lines(b.region)[0])), ": "))
		default:
			continue
		}
		l.below = p.contents(i+1, l.end)
		out = append(out, l)
		i = l.end - 1
	}
	return out
}

// contents counts what stands in a range of blocks, up to the first sub-heading.
func (p *reader) contents(from, end int) contents {
	var c contents
	for i := from; i < end; i++ {
		switch b := p.blocks[i]; {
		case b.kind == heading:
			c.headings++
			if o := p.opening(b.region); o.number > 0 || o.mark != "" || len(p.idsOf(b.region)) > 0 {
				c.cardHeads++
			}
		case c.headings > 0 && b.kind == list:
			var below contents
			p.countList(&below, b.node)
			c.deep += below.cards
		case c.headings > 0:
		case b.kind == list:
			p.countList(&c, b.node)
		case b.kind == table:
			p.countRows(&c, b.node)
		case b.kind != paragraph:
		case p.fieldLine(p.lines(b.region)[0]):
			c.fields++
		case p.saysNone(b.region):
			c.none++
		default:
			c.prose++
		}
	}
	return c
}

func (p *reader) countList(c *contents, list ast.Node) {
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		first, _, ok := p.bulletLine(n)
		if !ok {
			continue
		}
		o := p.opening(first)
		switch {
		case p.fieldLine(first):
			c.fields++
		case p.saysNone(o.text), list.ChildCount() == 1 && wholly(p.raw(o.text)):
			c.none++
		case len(p.idsOf(o.text)) > 0:
			c.cards++
			c.ids++
		case o.bold && o.mark != "" && !o.label:
			c.cards++
		case o.mark == Checked:
			c.ticked++
		case o.mark == Open:
			c.unticked++
		case p.looksLikeItem(first):
			c.telling++
		default:
			c.plain++
		}
	}
}

func (p *reader) countRows(c *contents, n ast.Node) {
	g := p.grid(n)
	for _, row := range g.rows {
		switch {
		case p.blankRow(g, row):
		case g.id >= 0:
			c.cards++
			c.ids++
		default:
			c.rows++
		}
	}
}

// decide reads a set of labels, those of one depth on all of the board.
func (p *reader) decide(sections []section, labels []*label) {
	twice := standTwice(labels)
	for _, l := range labels {
		p.readLabel(l)
		if l.is == undecided && twice[l.text] && l.below.fields == 0 {
			l.is = isGroup
		}
		if known, ok := p.alike[l.text]; ok && (l.is == undecided || l.below.empty()) {
			l.is = known
		}
	}
	named := p.named(sections, labels)
	for _, l := range labels {
		if c := l.below; l.is == undecided && named[l.section] && !l.numbered && c.fields+c.cards+c.telling+c.ticked+c.unticked+c.cardHeads == 0 {
			l.is, l.named = isAside, true // neither it nor anything below it carries what makes a card there
		}
	}
	v := p.votes(sections, labels)
	for _, l := range labels {
		if l.is != undecided {
			continue
		}
		l.open = true
		if l.is = v.of(l); l.is == undecided {
			l.is = p.lean(sections[l.section].role, l)
		}
	}
	p.alikeInDone(sections, labels)
}

// standTwice returns the texts of labels that stand in two columns, with a list
// or rows below one of them.
func standTwice(labels []*label) map[string]bool {
	first, out := map[string]*label{}, map[string]bool{}
	for _, l := range labels {
		was := first[l.text]
		switch {
		case was == nil:
			first[l.text] = l
		case was.section != l.section && was.below.lists()+was.below.rows+l.below.lists()+l.below.rows > 0:
			out[l.text] = true
		}
	}
	return out
}

// readLabel reads a label by what it carries and by what stands below it.
func (p *reader) readLabel(l *label) {
	text := p.blocks[l.at].region
	own := p.opening(text)
	ids := len(p.idsOf(text)) > 0
	c := l.below
	switch {
	case c.fields > 0 && c.cards == 0 && c.cardHeads == 0, own.mark != "", l.remark && c.cards+c.telling == 0:
		l.is = isCard
	case namesAside(l.text):
		l.is, l.named = isAside, true
	case c.cards > 0 || c.cardHeads > 0:
		l.is = isGroup
	case c.none > 0 && c.lists()+c.rows+c.prose+c.headings == 0:
		l.is, l.named = isGroup, true
	case ids:
		l.is = isCard
	case own.number > 0:
		// An order number is a card's, and a group's where its neighbours are groups.
		l.numbered = true
	case c.deep > 1:
		l.is = isGroup
	case p.namesGroup(text) && (c.empty() || c.lists()+c.rows+c.headings > 0):
		l.is, l.named = isGroup, true
	case c.telling > 0 && c.fields == 0:
		l.is = isGroup
	}
}

// named returns, of each section, whether all of its cards carry ids, as far as
// they stand right below its heading or below a label that surely gathers them.
func (p *reader) named(sections []section, labels []*label) []bool {
	ids, others := make([]int, len(sections)), make([]int, len(sections))
	count := func(i int, c contents) {
		ids[i] += c.ids
		others[i] += c.lists() - c.ids + c.rows
	}
	for i, s := range sections {
		count(i, p.contents(s.at+1, s.end))
	}
	for _, l := range labels {
		if l.is == isGroup {
			count(l.section, l.below)
		}
	}
	out := make([]bool, len(sections))
	for i := range out {
		out[i] = ids[i] > 0 && others[i] == 0
	}
	return out
}

// namesAside says whether a label or heading names what is not a card.
func namesAside(label string) bool {
	return asideNames().hasFold(strings.TrimFunc(label, func(r rune) bool { return !isAlphanumeric(r) }))
}

// namesGroup says whether a label's own words are a priority, a time, a state or
// a column's word.
func (p *reader) namesGroup(r region) bool {
	text := p.raw(p.opening(r).text)
	text = strings.Trim(text, "*_ ")
	if len(text) >= 10 && isDate(text[:10]) {
		return true
	}
	if role, _ := p.leading(text); role != "" {
		return true
	}
	toks := cut(text, 3)
	if len(toks) == 0 {
		return false
	}
	if groupRanks().has(toks[0].text) {
		return isDigit(toks[0].text[len(toks[0].text)-1]) || len(toks) > 1 && (isDigit(toks[1].text[0]) || len(toks[1].text) == 1)
	}
	if !groupWords().has(toks[0].text) {
		return false
	}
	return len(toks) == 1 || bare(text[toks[0].end:]) || groupNouns().has(toks[1].text) || len(toks[1].text) < 3
}

// ballot counts what the sure labels of a column, and of the board, are. Groups
// named by a priority or a time speak for their column alone, and not for a
// label with a number.
type ballot struct{ groups, named, cards int }

func (b ballot) says(numbered bool) reading {
	groups := b.groups
	if !numbered {
		groups += b.named
	}
	switch {
	case groups > 0 && b.cards == 0:
		return isGroup
	case b.cards > 0 && groups == 0:
		return isCard
	}
	return undecided
}

type ballots struct {
	section map[int]ballot
	level   map[int]ballot // of the board, by the level of the labels
}

// votes counts the labels that are sure. Bullets right below a column's heading
// speak for groups: the cards of that column are bullets.
func (p *reader) votes(sections []section, labels []*label) ballots {
	v := ballots{map[int]ballot{}, map[int]ballot{}}
	for _, l := range labels {
		s, all := v.section[l.section], v.level[l.level]
		switch {
		case l.is == isGroup && l.named:
			if l.below.lists() > 0 {
				s.named++
			}
		case l.is == isGroup:
			s.groups++
			all.groups++
		case l.is == isCard:
			s.cards++
			all.cards++
		}
		v.section[l.section], v.level[l.level] = s, all
	}
	for i, s := range sections {
		if s.at+1 < s.end && p.blocks[s.at+1].kind == list && p.contents(s.at+1, s.at+2).fields == 0 {
			b := v.section[i]
			b.groups++
			v.section[i] = b
		}
	}
	return v
}

func (v ballots) of(l *label) reading {
	if is := v.section[l.section].says(l.numbered); is != undecided {
		return is
	}
	if s := v.section[l.section]; s.groups+s.cards > 0 {
		return undecided
	}
	return v.level[l.level].says(l.numbered)
}

// lean reads a label that neither it nor its neighbours decide.
func (p *reader) lean(role Role, l *label) reading {
	c := l.below
	switch {
	case l.numbered:
	case role == Done && c.ticked > 0 && c.unticked == 0, role == Done && c.lists() > 1, c.rows > 0:
		return isGroup
	case p.namesGroup(p.blocks[l.at].region):
		return isGroup
	}
	return isCard
}

// alikeInDone reads the lists of boxes of the other columns as those of DONE
// were read where nothing else decided, unless a column's own limit has room
// only for the other reading.
func (p *reader) alikeInDone(sections []section, labels []*label) {
	done := slices.ContainsFunc(labels, func(l *label) bool {
		return l.open && l.is == isGroup && l.below.ticked > 0 && sections[l.section].role == Done
	})
	if !done {
		return
	}
	cards, boxes := map[int]int{}, map[int]int{}
	for _, l := range labels {
		cards[l.section]++
		boxes[l.section] += l.below.unticked
	}
	for _, l := range labels {
		if !l.open || l.is != isCard || l.below.unticked == 0 {
			continue
		}
		s := sections[l.section]
		limit, _, limited := p.limits.heading(p.blocks[s.at].start, p.blocks[s.at].end)
		if !limited || boxes[l.section] <= limit || cards[l.section] > limit {
			l.is = isGroup
		}
	}
}

// Alike reads one of two versions of a board again where it took a sub-heading
// for something else than the other, which was sure of it. Either may be nil.
func Alike(base, head *Board) (*Board, *Board) {
	if base == nil || head == nil || base.labels == nil || head.labels == nil {
		return base, head
	}
	return again(base, head), again(head, base)
}

// again reads a board by the labels that another was surer of.
func again(b, other *Board) *Board {
	alike := map[string]reading{}
	for text, l := range b.labels {
		if o := other.labels[text]; o != nil && o.is != l.is && l.open && !o.open {
			alike[text] = o.is
		}
	}
	if len(alike) == 0 {
		return b
	}
	out := &Board{File: b.File, words: b.words}
	p := newReader(out, b.words)
	p.alike = alike
	p.read()
	return out
}
