package board

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// groupWords lead a heading or a bold line that groups items, folded.
var groupWords = []string{
	"blocked", "unblocked", "waiting", "high", "medium", "low", "critical", "p0", "p1", "p2", "p3", "epic", "sprint",
	"phase", "milestone", "week", "day", "today", "tomorrow", "yesterday", "must", "should", "could", "january", "february",
	"march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
}

// isGroup says whether a heading inside a column groups items below it.
func (w *walk) isGroup(i, end int) bool {
	b := w.blocks[i]
	l := line{}
	text := w.raw(w.lead(w.trim(b.text), &l))
	if l.number > 0 || l.mark != "" {
		return false
	}
	if next := i + 1; next < end && w.blocks[next].kind == heading && w.blocks[next].level > b.level {
		return w.isNumbered(next) || leadsGroup(text)
	}
	if w.bare(i, end) {
		role, _ := w.role(b.text)
		return leadsGroup(text) || w.hasBulletItems() || role != ""
	}
	list, direct := w.firstList(i, end)
	if list == nil {
		return leadsGroup(text) && i+1 < end && w.blocks[i+1].kind != paragraph
	}
	if w.fieldList(list) || !direct {
		return false
	}
	if leadsGroup(text) || len(text) >= 10 && isDate(text[:10]) {
		return true
	}
	if w.ticked(list) {
		return false
	}
	if _, n := id(text); n > 0 {
		return false
	}
	return w.itemList(list) || w.column.Role == Done && list.ChildCount() > 1
}

// bare says whether nothing stands below a heading.
func (w *walk) bare(i, end int) bool {
	return i+1 >= end || w.blocks[i+1].kind == heading && w.blocks[i+1].level <= w.blocks[i].level
}

// hasBulletItems says whether the column's items so far are bullets.
func (w *walk) hasBulletItems() bool {
	for ; !w.bulleted && w.asked < len(w.column.Items); w.asked++ {
		w.bulleted = strings.IndexByte("-*+", w.text[w.column.Items[w.asked].Line.Start]) >= 0
	}
	return w.bulleted
}

func (w *walk) isNumbered(i int) bool {
	l := line{}
	w.lead(w.trim(w.blocks[i].text), &l)
	return l.number > 0 || l.mark != ""
}

// firstList returns the first list below a heading, and whether nothing but
// notes in plain prose stands before it.
func (w *walk) firstList(i, end int) (ast.Node, bool) {
	for j := i + 1; j < end; j++ {
		switch b := w.blocks[j]; b.kind {
		case list:
			return b.node, true
		case paragraph:
			if w.fieldLine(w.lines(b.region)[0]) {
				return nil, false
			}
		case comment:
		default:
			return nil, false
		}
	}
	return nil, false
}

// ticked says whether a list is one of checkboxes.
func (w *walk) ticked(list ast.Node) bool {
	first, _, ok := w.bulletLine(list.FirstChild())
	if !ok {
		return false
	}
	_, n := checkbox(w.raw(first))
	return n > 0
}

func leadsGroup(text string) bool {
	toks := tokens(text)
	return len(toks) > 0 && slices.Contains(groupWords, toks[0].text)
}

// isGroupLabel says whether a bold line is the label of the items listed right
// below it.
func (w *walk) isGroupLabel(i, end int) bool {
	b := w.blocks[i]
	l := line{}
	r := w.lead(w.trim(b.region), &l)
	inner, rest, ok := w.boldLead(r)
	if !ok || l.number > 0 || l.mark != "" || i+1 >= end || w.blocks[i+1].kind != list {
		return false
	}
	next := w.blocks[i+1].node
	if w.fieldList(next) {
		return false
	}
	alone := strings.Trim(w.raw(w.trim(rest)), ":. ") == ""
	return alone && leadsGroup(w.raw(inner)) || w.itemList(next)
}
