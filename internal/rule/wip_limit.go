package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/text"
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
	p.noLimit(role, ok)
	if !ok || len(items) <= limit.Max {
		return
	}
	col := p.Head.Column(role)[0]
	if fewest := len(items) - p.doubtful(role); fewest <= limit.Max {
		p.Report(Finding{
			Severity: Notice,
			Span:     col.Title.Span,
			Message: fmt.Sprintf("%s holds %s, or %d where each sub-heading is an item; its limit is %d, so the smaller number counts.",
				column(role), text.Count(len(items), "item"), fewest, limit.Max),
			Hint:   "To make it plain, give each item a box or an id, or each sub-heading a number.",
			Column: role,
			Key:    "readings",
		})
		return
	}
	f := Finding{
		Span:    col.Title.Span,
		Message: fmt.Sprintf("%s holds %s, its limit is %d: %s.", column(role), text.Count(len(items), "item"), limit.Max, titles(items)),
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

// doubtful returns how many items fewer a role's columns hold where each
// sub-heading that may as well be a card is one.
func (p *Pass) doubtful(role board.Role) int {
	n := 0
	for _, c := range p.Head.Column(role) {
		n += len(c.Items) - c.Fewest
	}
	return n
}

// noLimit says of what looks like a limit in a heading that it is none.
func (p *Pass) noLimit(role board.Role, limited bool) {
	for _, c := range p.Head.Column(role) {
		if c.NoLimit == nil || limited {
			continue
		}
		f := Finding{
			Severity: Notice,
			Span:     c.NoLimit.Span,
			Message:  fmt.Sprintf("%s in the heading of %s was not understood as a limit.", quote(c.NoLimit.Value), column(role)),
			Hint:     fmt.Sprintf("Write it as in `## %s (max 3)`.", c.Word),
			Column:   role,
			Key:      "no limit",
		}
		if c.PerPerson {
			f.Message = fmt.Sprintf("%s is a limit for each person, not for the column %s, so the column has no limit.", quote(c.NoLimit.Value), column(role))
			f.Hint = fmt.Sprintf("To limit the column too, set `limits: { %s: 3 }` in %s.", role, p.configPath())
		}
		p.Report(f)
	}
}
