package board

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/yuin/goldmark/ast"

	"github.com/boardgate/boardgate/internal/source"
)

// DropMark is `<!-- boardgate: dropped: reason -->`, an author's word that an
// item was given up on purpose. It names the item by its title in quotes,
// `dropped "Title": reason`, or stands at it.
type DropMark struct {
	Title  string // empty where the mark names none
	Reason string // never empty
	Span   source.Span
}

// directives returns the waivers and the marks of dropped items in a region, each in
// the order of the text. A comment that is addressed to boardgate and cannot be
// understood is a waiver with Bad set: a slip of the pen must not go unseen. Inline
// code is left out; code blocks the caller leaves out.
func directives(file *source.File, start, end int) (waivers []*Waiver, drops []DropMark) {
	s := file.Span(start, end)
	text := file.Text[s.Start:s.End]
	for _, c := range commentsIn(text) {
		d := directive{span: file.Span(s.Start+c.start, s.Start+c.end)}
		if !d.parse(string(text[c.start:c.end])) {
			continue
		}
		if title, reason, ok := d.dropped(); ok {
			drops = append(drops, DropMark{Title: title, Reason: reason, Span: d.span})
		} else {
			waivers = append(waivers, d.waiver())
		}
	}
	return waivers, drops
}

// directive is a comment addressed to boardgate.
type directive struct {
	span source.Span // of the comment
	verb string
	text string // what follows the verb
	at   int    // where that stands
	bad  string // why it cannot be read at all
}

// addressed is how a comment to boardgate begins. Its colon is often forgotten.
var addressed = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?i)<!--\s*boardgate\s*(:?)\s*`) })

// commentsIn returns where the comments of a text stand, those in code spans aside.
func commentsIn(text []byte) []region {
	if !bytes.Contains(text, []byte("<!--")) {
		return nil
	}
	var out []region
	text = []byte(masked(string(text), codeSpan))
	for i := 0; ; {
		n := bytes.Index(text[i:], []byte("<!--"))
		if n < 0 {
			return out
		}
		i += n
		out = append(out, region{i, i + commentLength(text[i:])})
		i = out[len(out)-1].end
	}
}

// commentLength returns the length of the comment that starts a text. One that
// another opens in is not closed: it reaches to the end of its line.
func commentLength(text []byte) int {
	inside, _, _ := bytes.Cut(text[len("<!--"):], []byte("<!--"))
	if shut := bytes.Index(inside, []byte("-->")); shut >= 0 {
		return len("<!--") + shut + len("-->")
	}
	return len("<!--") + lineEnd(inside, 0)
}

// parse takes a comment apart. It is addressed to boardgate where it begins with
// the name and a colon, or, the colon forgotten, with the name and a verb.
func (d *directive) parse(comment string) bool {
	comment, closed := strings.CutSuffix(comment, "-->")
	m := addressed().FindStringSubmatchIndex(comment)
	if m == nil {
		return false
	}
	end := wordEnd(comment, m[1])
	d.verb = strings.ToLower(comment[m[1]:end])
	d.text, d.at = comment[end:], d.span.Start+end
	colon := m[2] < m[3]
	switch {
	case !closed:
		d.bad = "the comment is not closed with -->"
	case !colon:
		d.bad = "a colon is missing after boardgate"
	}
	return colon || d.verb == "allow" || d.verb == "dropped"
}

// waiver reads "allow RULE[, RULE] until DATE: reason".
func (d directive) waiver() *Waiver {
	w := &Waiver{Span: d.span, Bad: d.bad}
	switch {
	case d.bad != "":
	case d.verb == "allow":
		d.allow(w)
	case d.verb == "dropped":
		w.Bad = `a dropped item needs a reason: "dropped: reason" or "dropped "Title": reason"`
	case d.verb == "":
		w.Bad = `it says nothing: write "allow RULE: reason" or "dropped: reason"`
	default:
		w.Bad = "it knows no word " + quoted(d.verb) + `: write "allow RULE: reason" or "dropped: reason"`
	}
	return w
}

// quoted puts a text in quotes, cut where it is long.
func quoted(s string) string {
	if long := []rune(s); len(long) > 40 {
		s = string(long[:40]) + "…"
	}
	return `"` + s + `"`
}

// untilWord finds the word between the rules and the last day where it is not a part
// of a rule's name, "until-now".
var untilWord = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[^-\pL\pM\p{Nd}])(until)(?:$|[^-\pL\pM\p{Nd}])`)
})

// allow fills in the rules, the last day and the reason, and the first thing
// that is wrong with them.
func (d directive) allow(w *Waiver) {
	head, reason, colon := strings.Cut(d.text, ":")
	names, wrongDay := head, ""
	if m := untilWord().FindStringSubmatchIndex(head); m != nil {
		names = head[:m[2]]
		w.Until, wrongDay = d.until(head[m[3]:], d.at+m[3])
	}
	w.Rules, w.Bad = ruleNames(names)
	w.Reason = oneLine(reason)
	w.Bad = cmp.Or(w.Bad, wrongDay)
	if !colon || !strings.ContainsFunc(reason, isAlphanumeric) {
		w.Bad = cmp.Or(w.Bad, `it gives no reason: write ": reason" behind it`)
	}
}

// ruleNames reads names with commas between them.
func ruleNames(s string) (names []string, bad string) {
	for part := range strings.SplitSeq(s, ",") {
		name := strings.ToLower(strings.Trim(part, " \t\r\n`*\""))
		if strings.ContainsAny(name, " \t\r\n") {
			bad = cmp.Or(bad, quoted(name)+" is not a rule's name: put commas between several")
		} else if name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		bad = cmp.Or(bad, "it names no rule")
	}
	return names, bad
}

// until reads the last day of a waiver, whose text stands at an offset.
func (d directive) until(s string, offset int) (day Date, bad string) {
	value := strings.Trim(s, " \t\r\n`*\"")
	year, month, dayOfMonth, _, ok := dateAt(value)
	switch {
	case value == "":
		return Date{}, `no date follows "until": write YYYY-MM-DD`
	case !isDate(value):
		return Date{}, quoted(oneLine(value)) + " is not a date: write YYYY-MM-DD"
	case !ok:
		return Date{}, value + " is not a valid date"
	}
	at := offset + strings.Index(s, value)
	return Date{Year: year, Month: month, Day: dayOfMonth, Span: d.span.File.Span(at, at+len(value))}, ""
}

// drop is what follows the word of a dropped item: a title in quotes, if any,
// and the reason. A title may hold quotes: the mark that a colon follows closes it.
var drop = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("(?s)^\\s*(?:\"(.*?)\"|“(.*?)”|„(.*?)“|«(.*?)»|'(.*?)'|`(.*?)`)?\\s*:(.*)$")
})

// dropped reads "dropped: reason" or `dropped "Title": reason`. A reason holds a
// letter or digit at least.
func (d directive) dropped() (title, reason string, ok bool) {
	m := drop().FindStringSubmatch(d.text)
	if d.verb != "dropped" || d.bad != "" || m == nil {
		return "", "", false
	}
	title = oneLine(strings.Join(m[1:7], "")) // one of them at most is not empty
	untitled := title == "" && !strings.HasPrefix(strings.TrimSpace(m[0]), ":")
	return title, oneLine(m[7]), !untitled && strings.ContainsFunc(m[7], isAlphanumeric)
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
