package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
)

// WIPLimit reports more items in WIP than its limit.
var WIPLimit = declare(&Rule{
	Name:     "wip-limit",
	Severity: Error,
	Fixed:    true,
	Check: func(p *Pass) {
		p.overLimit(board.WIP, "Finish one before starting the next, or move one back to NEXT.")
	},
})

// overLimit reports a role's columns where they hold more than their limit. What
// is struck out is done, and a limit "(top 3 unblocked)" counts those alone.
func (p *Pass) overLimit(role board.Role, hint string) {
	limit, ok := p.Policy.Limit(role, p.Base, p.Head)
	items := slices.DeleteFunc(p.Head.Items(role), func(it *board.Item) bool {
		return it.Mark == board.Struck || blocked(it) && strings.Contains(strings.ToLower(limit.Span.Text()), "unblocked")
	})
	if !ok || len(items) <= limit.Max {
		return
	}
	col := p.Head.Column(role)[0]
	f := Finding{
		Span:    col.Title.Span,
		Message: fmt.Sprintf("%s holds %s, its limit is %d: %s.", column(role), count(len(items), "item"), limit.Max, titles(items)),
		Hint:    hint,
		Column:  role,
		Count:   len(items),
	}
	for _, it := range items[limit.Max:] {
		f.Related = append(f.Related, Related{Span: it.Title.Span, Message: "over the limit"})
	}
	p.Report(f)
}

// blocked says whether an item stands in a group of blocked ones.
func blocked(it *board.Item) bool { return strings.HasPrefix(strings.ToLower(it.Group), "blocked") }
