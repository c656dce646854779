package publish

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
)

// factsMarkdown is what production answered, empty where it was not asked.
func factsMarkdown(r *report.Report) string {
	if r.Production == nil {
		return ""
	}
	lead := factsLead(r)
	text := report.Markdown(r.ProductionReport(), report.Options{Bytes: github.MaxSummary - room - len(lead)})
	head, rest, _ := strings.Cut(string(text), "\n")
	return head + "\n" + lead + rest
}

// factsLead says what the facts decide here, in our own words.
func factsLead(r *report.Report) string {
	var out string
	if i := r.Case.Facts.Incident; i.State == fact.IncidentOpen {
		out += fmt.Sprintf("\nProduction was not well before this change: #%d%s.\n", i.Number, since(",", i.Since))
	} else if i.State == fact.IncidentStale {
		out += fmt.Sprintf("\n#%d is open, but no run has updated it%s, so it does not say how production was before this change.\n", i.Number, since("", i.Updated))
	}
	if conclusionOfFacts(r) == neutral {
		out += "\nThis check does not block merging.\n"
	}
	return out
}

// since says from when on, behind a comma or nothing; empty where that is not known.
func since(comma string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return comma + t.UTC().Format(" since 2006-01-02 15:04 UTC")
}

// factsCheck is the check run of production.
func (o Options) factsCheck(r *report.Report, text string) Check {
	c := Check{Name: o.checkName(FactsCheckName), Conclusion: conclusionOfFacts(r), Title: report.VerdictLine(r.ProductionReport()), Summary: o.withRun(text)}
	if i := r.Case.Facts.Incident; i.State == fact.IncidentOpen {
		c.Title += fmt.Sprintf("; not well before this change, #%d", i.Number)
	}
	return c
}

// neutral lets a required check pass: it is for what holds up nothing.
const neutral = "neutral"

// conclusionOfFacts is what production's answer makes of its check run: a
// failure only where it decides.
func conclusionOfFacts(r *report.Report) string {
	switch verdict := rule.OfProduction(*r.Production); {
	case verdict == rule.Passed:
		return "success"
	case r.Observing:
		return neutral
	case r.Case.Enforcement == rule.Blocking, slices.ContainsFunc(r.Findings, holdsUp):
		return "failure"
	}
	return neutral
}

// holdsUp says whether a finding is a fact that fails the change.
func holdsUp(f rule.Finding) bool {
	return f.Rule == rule.ProdFacts.Name && f.Severity == rule.Error && f.Introduced
}

// factsOutput is the output facts: names of the configuration, and status codes
// or, where no answer came, our own words.
func factsOutput(r *report.Report) string {
	if r.Production == nil {
		return ""
	}
	var out []string
	for _, one := range r.Production.Results {
		said := one.Outcome.String()
		if n := len(one.Attempts); n > 0 && one.Attempts[n-1].Status > 0 {
			said = fmt.Sprint(one.Attempts[n-1].Status)
		}
		out = append(out, one.Probe.Name+"="+said)
	}
	return strings.Join(out, " ")
}
