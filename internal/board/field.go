package board

import (
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"

	"github.com/boardgate/boardgate/internal/text"
)

var (
	fieldLabels   = wordsOf("fields", "field") // of a field wherever it stands
	startedLabels = wordsOf("fields", "started")
)

// splitField reads "**Label**: value", "**Label:** value" or "Label: value".
// Strictly, only labels count that are a field's wherever they stand; else, as
// inside an item, any bold or short one.
func (p *reader) splitField(r region, strict bool) (name string, value region, ok bool) {
	r = p.trim(r)
	if mark, n := checkbox(p.raw(r)); n > 0 && mark != "" {
		return "", region{}, false
	}
	if o := p.opening(r); o.bold {
		return p.boldField(o, strict)
	}
	s := p.raw(r)
	i := strings.IndexByte(s, ':')
	if i <= 0 || i > 40 || i+1 < len(s) && !isSpace(s[i+1]) {
		return "", region{}, false
	}
	name = Visible(s[:i])
	if !p.isFieldLabel(name) && (strict || !labelLike(name)) {
		return "", region{}, false
	}
	return name, p.trim(region{r.start + i + 1, r.end}), true
}

func (p *reader) boldField(o opening, strict bool) (string, region, bool) {
	if !o.label {
		return "", region{}, false
	}
	label, value := p.raw(o.inner), p.trim(o.after)
	name := Visible(strings.TrimRight(label, ": "))
	if strict && !p.isFieldLabel(name) || name == "" {
		return "", region{}, false
	}
	if !strings.HasSuffix(label, ":") {
		value = p.trim(region{value.start + len(":"), value.end})
	}
	return name, value, true
}

// labelLike says whether a text before a colon reads as a label: at most three
// words, the first with a capital.
func labelLike(s string) bool {
	words := strings.Fields(s)
	if len(words) == 0 || len(words) > 3 {
		return false
	}
	for _, r := range words[0] {
		return unicode.IsUpper(r)
	}
	return false
}

// isFieldLabel says whether a label is a field's wherever it stands.
func (p *reader) isFieldLabel(name string) bool {
	return fieldLabels().hasFold(name) || p.isDoD(name)
}

// isDoD says whether a label is a Definition of Done's.
func (p *reader) isDoD(name string) bool {
	name = strings.TrimSpace(text.Fold(name))
	if cut, _, found := strings.Cut(name, " ("); found {
		name = cut
	}
	return slices.Contains(p.dod, name)
}

// fieldLine says whether a paragraph starts with a field's known label.
func (p *reader) fieldLine(r region) bool {
	_, _, ok := p.splitField(r, true)
	return ok
}

// looksLikeItem says whether a bullet reads as a card by its first line: it is
// in bold, dated, numbered or begins with a mark.
func (p *reader) looksLikeItem(first region) bool {
	o := p.opening(first)
	bold := o.bold && separator(p.raw(p.trim(o.after))) == 0 && !o.label
	return bold || designator(p.raw(o.text)) != "" || o.text.start > first.start || o.date.end > 0 || dated(p.raw(o.text)) > 0
}

// property reads one bullet of an item: a field, its DoD, or a note.
func (w *walk) property(it *Item, n ast.Node) {
	first, all, ok := w.bulletLine(n)
	if !ok {
		if r, has := extent(n); has {
			w.content(it, r)
		}
		return
	}
	if mark, size := checkbox(w.raw(first)); size > 0 {
		w.criterion(it, first, mark)
		w.citeAll(it, n, first)
		return
	}
	name, value, isField := w.splitField(first, false)
	if !isField {
		w.content(it, first)
		w.citeAll(it, n, first)
		return
	}
	w.addField(it, name, value, first)
	if w.dodInline(it, name, first, value) {
		w.below(n, func(list ast.Node) { w.criteria(it, list) })
		return
	}
	w.citeAll(it, n, region{all.start, all.start})
}

// below calls f for every list right inside a bullet.
func (w *walk) below(n ast.Node, f func(ast.Node)) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if kindOf(c) == list {
			f(c)
		}
	}
}

// citeAll adds the references of all that stands inside a bullet, its first
// line aside where that was read already.
func (w *walk) citeAll(it *Item, n ast.Node, read region) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Type() == ast.TypeInline {
			return
		}
		if r, ok := own(c); ok && kindOf(c) == paragraph {
			for _, l := range w.lines(r) {
				if l.start != read.start {
					w.cite(it, l)
				}
			}
		}
		w.citeAll(it, c, read)
	}
}

// addField adds a labelled value and the references in its line, whose label
// tells what a number is ("Issue: #311", "Blocked by: #12").
func (w *walk) addField(it *Item, name string, value, line region) {
	it.Fields = append(it.Fields, Field{Name: name, Value: Text{Value: Visible(w.raw(value)), Span: w.span(value)}})
	if !w.isDoD(name) {
		w.cite(it, line)
		w.citeIDs(it, line)
	}
	if startedLabels().hasFold(name) {
		if day, ok := w.firstDate(value); ok {
			it.Started = day
		}
	}
}

// content adds a line that is neither field nor criterion to an item.
func (w *walk) content(it *Item, r region) {
	r = w.trim(r)
	if r.start == r.end {
		return
	}
	it.Notes = append(it.Notes, w.shown(r))
	it.Block.End = max(it.Block.End, r.end)
	for _, l := range w.lines(r) {
		w.cite(it, l)
		w.citeIDs(it, l)
	}
	if it.Was == "" {
		it.Was = was(w.raw(r))
	}
}

// dodInline begins an item's DoD where the label is one's, with what stands on
// the label's own line.
func (w *walk) dodInline(it *Item, name string, label, value region) bool {
	if !w.isDoD(name) {
		return false
	}
	if it.DoD == nil {
		it.DoD = &DoD{Label: w.span(w.trim(label))}
	}
	if value.start == value.end || placeholder(w.raw(value), w.words.None) {
		return true
	}
	if path := delegate(w.raw(value)); path != "" {
		it.DoD.Delegate = path
		return true
	}
	for _, r := range w.clauses(value) {
		w.addCriterion(it, r)
	}
	return true
}

// delegate returns the Markdown file that a DoD only points to.
func delegate(s string) string {
	if !strings.Contains(strings.ToLower(s), ".md") {
		return ""
	}
	low := strings.ToLower(Visible(s))
	if !strings.HasPrefix(low, "see ") && !strings.HasPrefix(low, "in ") && !strings.HasPrefix(low, "→") {
		return ""
	}
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" `()[]<>,", r) }) {
		if strings.HasSuffix(strings.ToLower(f), ".md") {
			return f
		}
	}
	return ""
}

// clauses cuts an inline DoD at its commas and semicolons, brackets and code aside.
func (w *walk) clauses(r region) []region {
	s := w.raw(r)
	if !strings.ContainsAny(s, ",;") {
		return []region{r}
	}
	s = masked(s, codeSpan)
	var out []region
	depth, start := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth = max(0, depth-1)
		case depth == 0 && (c == ';' || c == ',' && i+1 < len(s) && s[i+1] == ' '):
			out = append(out, w.trim(region{r.start + start, r.start + i}))
			start = i + 1
		}
	}
	return append(out, w.trim(region{r.start + start, r.end}))
}

// criteria adds the bullets of a list to an item's DoD.
func (w *walk) criteria(it *Item, list ast.Node) {
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		if first, _, ok := w.bulletLine(n); ok {
			mark, _ := checkbox(w.raw(first))
			w.criterion(it, first, mark)
		} else if r, has := extent(n); has {
			w.content(it, r) // code or a quote
		}
	}
}

// criterion adds a bullet to an item's DoD, which a list of checkboxes is even
// without a label.
func (w *walk) criterion(it *Item, first region, mark Mark) {
	if it.DoD == nil {
		it.DoD = &DoD{Label: w.span(first)}
	}
	if mark != "" {
		first = w.trim(region{first.start + 3, first.end})
	}
	if !placeholder(w.raw(first), w.words.None) {
		w.addCriterion(it, first)
	}
}

func (w *walk) addCriterion(it *Item, r region) {
	if c := w.shown(r); visible(c.Value) {
		it.DoD.Criteria = append(it.DoD.Criteria, c)
	}
}
