package rule

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/source"
)

// Enforcement says what the facts of production decide. The zero Enforcement is
// Advisory: nothing, they are shown.
type Enforcement string

// The enforcements.
const (
	Advisory    Enforcement = ""
	BlockOnDone Enforcement = "on-done" // a confirmed failure that was not there before holds up a change that moves an item into DONE
	Blocking    Enforcement = "decides" // as the command prod-facts by itself
)

// ProdFacts reports each fact of production that is not as expected. Its
// severity follows from what the facts decide.
var ProdFacts = declare(&Rule{
	Name:     "prod-facts",
	Severity: Error,
	Always:   true,
	Fixed:    true,
	Derived:  true,
	Check: func(p *Pass) {
		if p.Facts.Production == nil {
			return
		}
		if p.later != nil { // what the open incident tells of is not a change's doing
			for _, name := range p.Facts.Incident.Facts {
				p.Report(Finding{Key: name})
			}
			return
		}
		if len(p.Facts.Production.Results) == 0 && p.Enforcement == Blocking {
			p.CouldNotFindOut("prod-facts: facts are configured, and none of them was checked.")
		}
		for _, r := range p.Facts.Production.Results {
			p.reportFact(r)
		}
	},
})

// reportFact says what a fact is that is not well, and where nobody sees the run what
// is soon to be looked at. One that was skipped waited for another, which is told.
func (p *Pass) reportFact(r fact.Result) {
	said := fmt.Sprintf("%s: %s.", r.Probe.Name, strings.TrimRight(r.Reason, "."))
	severity := Notice
	switch r.Outcome {
	case fact.Fail, fact.Unreachable:
		if p.decides(r) {
			severity = Error
		}
	case fact.Warn:
		if p.Enforcement != Blocking {
			return
		}
		severity = Warning
	case fact.Blocked, fact.OutcomeUnknown:
		if p.Enforcement == Blocking {
			p.CouldNotFindOut("prod-facts: " + said)
			return
		}
	default:
		return
	}
	p.Report(Finding{Span: p.expectation(r.Probe), Severity: severity, Message: said, Hint: p.factHint(r), Key: r.Probe.Name})
}

// expectation returns where the configuration says what is expected. A workflow
// is asked by no method of HTTP.
func (p *Pass) expectation(asked fact.Probe) source.Span {
	if p.Policy.ProdFacts == nil {
		return source.Span{}
	}
	return p.Policy.ProdFacts.NameOf(asked.Name, asked.Method == "")
}

// decides says whether a fact that failed holds up the change, or the job.
func (p *Pass) decides(r fact.Result) bool {
	if p.Enforcement == BlockOnDone {
		return r.Outcome == fact.Fail && r.Confirmed && len(p.Arrivals()) > 0
	}
	return p.Enforcement == Blocking
}

// factHint says whose affair a failure is.
func (p *Pass) factHint(r fact.Result) string {
	before := p.Facts.Incident
	switch {
	case r.Outcome == fact.Warn:
		return ""
	case slices.Contains(before.Facts, r.Probe.Name):
		return fmt.Sprintf("It was so before this change, since %s: issue #%d.", minuteOf(before.Since), before.Number)
	case before.State == fact.IncidentStale && p.decides(r):
		return fmt.Sprintf("Fix production, then re-run the job. Issue #%d is open, but no run has updated it since %s, so it does not show that production was unhealthy before this change.", before.Number, minuteOf(before.Updated))
	case !p.decides(r):
		return "This does not block the change."
	case p.Enforcement == Blocking:
		return "Put production right, or the fact where it asks for too much."
	case before.State == fact.IncidentUnknown:
		return fmt.Sprintf("Put production right and run the job again. Whether it was so before could not be found out: %s.", before.Reason)
	}
	return "Fix production, then re-run the job: items move to DONE only while production is healthy."
}

// minuteOf writes a time of an incident.
func minuteOf(t time.Time) string {
	if t.IsZero() {
		return "a time that is not known"
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}
