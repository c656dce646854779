package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/source"
)

// ItemLost reports items that left NEXT or WIP for nowhere.
var ItemLost = declare(&Rule{
	Name:     "item-lost",
	Severity: Error,
	Check: func(p *Pass) {
		if !p.compares() {
			return
		}
		losses := slices.DeleteFunc(slices.Clone(p.Changes.Losses), func(l compare.Loss) bool {
			return l.Before != nil || l.Marked != "" || p.archived(l.Item)
		})
		if p.archiveUnknown(len(losses) > 0) {
			return
		}
		for _, l := range losses {
			p.reportLoss(l)
		}
	},
})

func (p *Pass) reportLoss(l compare.Loss) {
	title := l.Item.Title.Value
	f := Finding{
		Span: p.place(l.Item),
		Item: l.Item,
		Message: fmt.Sprintf("%s left %s and stands in no column; it was: %s", quote(title), column(l.Item.Column.Role),
			quote(l.Item.Line.Text())),
		Hint: "Put it back, or say what became of it:\n" + dropped(title),
	}
	switch {
	case len(l.Near) > 0:
		f.Severity = Warning
		f.Message = fmt.Sprintf("%s left %s; it may have become %s, but that is not clear.", quote(title), column(l.Item.Column.Role), titles(l.Near))
		f.Hint = fmt.Sprintf("If so, say it behind the new title: (was: %s)\nIf not, say what became of it:\n%s", title, dropped(title))
		for _, n := range l.Near {
			f.Related = append(f.Related, Related{Span: n.Title.Span, Message: "may be it"})
		}
	case p.named(l.Item):
		f.Severity = Warning
		f.Message = fmt.Sprintf("%s left %s and stands in no column, only in %s.", quote(title), column(l.Item.Column.Role), p.State.File.Path)
	}
	p.Report(f)
}

// dropped returns the marker by which an author says that an item was dropped.
func dropped(title string) string {
	title = strings.NewReplacer("-->", "", `"`, "'").Replace(title)
	return fmt.Sprintf("<!-- boardgate: dropped %q: why -->", title)
}

// named says whether the state file still names an item.
func (p *Pass) named(it *board.Item) bool {
	return slices.ContainsFunc(p.State.All(), func(e *board.Item) bool { return p.names.Same(e, it) || sharesPull(e, it) })
}

// place returns where a finding about a line of the base goes in the head: its
// column's heading, else the first line.
func (p *Pass) place(it *board.Item) source.Span {
	if cols := p.Head.Column(it.Column.Role); len(cols) > 0 {
		return cols[0].Title.Span
	}
	return p.Head.File.LineSpan(1)
}
