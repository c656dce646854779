package rule

import (
	"fmt"

	"github.com/boardgate/boardgate/internal/board"
)

// PullOrder reports items that came into WIP out of turn.
var PullOrder = declare(&Rule{
	Name:     "pull-order",
	Severity: Warning,
	Check: func(p *Pass) {
		if !p.compares() {
			return
		}
		first := p.firstNext()
		for _, it := range p.Head.Items(board.WIP) {
			was := p.Changes.BaseOf(it)
			switch {
			case was == nil && len(p.Base.Items(board.Next)) > 0:
				p.outOfTurn(it, "was not in NEXT", first)
			case was != nil && was.Column.Role == board.Next && was != first:
				p.outOfTurn(it, "was not first in NEXT", first)
			}
		}
	},
})

// firstNext returns the base's first NEXT item that is not in a group of blocked
// ones and was not itself taken elsewhere by this change.
func (p *Pass) firstNext() *board.Item {
	for _, it := range p.Base.Items(board.Next) {
		if !blocked(it) && it.Mark != board.Struck && p.waits(it) {
			return it
		}
	}
	return nil
}

// waits says whether an item of the base's NEXT is there still, or went into WIP.
func (p *Pass) waits(it *board.Item) bool {
	now := p.Changes.HeadOf(it)
	return now == nil || now.Column.Role == board.Next || now.Column.Role == board.WIP
}

func (p *Pass) outOfTurn(it *board.Item, what string, first *board.Item) {
	f := Finding{
		Span:    it.Title.Span,
		Message: fmt.Sprintf("%s was started out of order: it %s.", quote(it.Title.Value), what),
		Hint:    "Put it first in NEXT before pulling it, so that the order is a decision.",
		Item:    it,
	}
	if first != nil {
		f.Message = fmt.Sprintf("%s was started out of order: it %s, and %s is next.", quote(it.Title.Value), what, quote(first.Title.Value))
	}
	p.Report(f)
}
