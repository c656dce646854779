package rule

import (
	"fmt"
	"slices"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
)

// DoDRequired reports items in WIP or NEXT without a Definition of Done.
var DoDRequired = declare(&Rule{
	Name:     "dod-required",
	Severity: Error,
	Check: func(p *Pass) {
		p.requireDoD(board.WIP, Error)
		p.requireDoD(board.Next, Warning)
	},
})

func (p *Pass) requireDoD(role board.Role, severity config.Severity) {
	for _, it := range p.Head.Items(role) {
		if it.Mark == board.Struck || p.hasCriteria(it) {
			continue
		}
		p.Report(Finding{
			Severity: severity,
			Span:     it.Title.Span,
			Message:  fmt.Sprintf("%s in %s has no Definition of Done%s.", quote(it.Title.Value), column(role), p.whyNoDoD(it)),
			Hint:     dodHint(it),
			Item:     it,
		})
	}
}

// hasCriteria says whether an item has criteria, in the state file where it only
// points there.
func (p *Pass) hasCriteria(it *board.Item) bool {
	switch {
	case it.DoD == nil:
		return false
	case it.DoD.Delegate == "":
		return len(it.DoD.Criteria) > 0
	case p.State == nil:
		return true // where it points cannot be read, and to point somewhere is more than nothing
	}
	return slices.ContainsFunc(p.State.All(), func(e *board.Item) bool {
		return e.DoD != nil && len(e.DoD.Criteria) > 0 && p.names.Similar(e, it)
	})
}

func (p *Pass) whyNoDoD(it *board.Item) string {
	switch {
	case it.DoD == nil:
		return ""
	case it.DoD.Delegate != "":
		return fmt.Sprintf(": it points to %s, which has none for this item", quote(it.DoD.Delegate))
	}
	return ": its label has nothing after it"
}

func dodHint(it *board.Item) string {
	if it.DoD != nil && it.DoD.Delegate != "" {
		return "Write the criteria here or below the item's name there."
	}
	return "Add what shows that it is done, such as:\n- **DoD**:\n  - `make test` passes\n  - GET /healthz returns 200"
}
