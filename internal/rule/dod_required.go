package rule

import (
	"fmt"

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
		if it.Mark == board.Struck || len(p.criteria(it)) > 0 {
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

// criteria returns an item's criteria, the state file's where the item only
// points there.
func (p *Pass) criteria(it *board.Item) []board.Text {
	if it.DoD == nil {
		return nil
	}
	if it.DoD.Delegate == "" {
		return it.DoD.Criteria
	}
	if p.State == nil {
		// Where it points cannot be read; to point somewhere is more than nothing.
		return []board.Text{it.DoD.Label}
	}
	for _, e := range p.State.All() {
		if e.DoD != nil && len(e.DoD.Criteria) > 0 && p.names.Similar(e, it) {
			return e.DoD.Criteria
		}
	}
	return nil
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
