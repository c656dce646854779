package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/incident"
	"github.com/boardgate/boardgate/internal/publish"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/text"
)

// fileIncident does what is to be done with the incident's issue.
func (a *action) fileIncident(ctx context.Context, r *report.Report) {
	asked := a.probes != nil && r.Production != nil
	if !a.plan.standing || !asked && a.unwatched == nil {
		return
	}
	if a.plan.noIncident != "" {
		if asked {
			r.Remarks = append(r.Remarks, a.plan.noIncident)
		}
		return
	}
	p := &publish.Publisher{Client: a.client}
	if !asked {
		// Whoever never checked production has no issue, and need not let issues be read.
		if filed := p.Incident(ctx, a.event.Repo, *a.unwatched, a.earlierRuns()); filed.Number > 0 {
			a.reportIncident(r, filed, false)
		}
		return
	}
	c := a.incidentCase(r)
	a.reportIncident(r, p.Incident(ctx, a.event.Repo, c, a.earlierRuns()), c.Health == incident.Unhealthy)
}

// unwatchedCase is what the incident is decided from where no facts are configured.
func (a *action) unwatchedCase(section *config.ProdFacts) *incident.Case {
	key := config.IncidentKey
	if section != nil {
		key = section.Incident.Key.OrDefault(key)
	}
	return &incident.Case{Key: key, Name: a.in.name, CloseAfter: 1, Now: a.p.Now(), Run: int(a.event.Run.ID), URL: a.event.RunURL()}
}

func (a *action) earlierRuns() func(context.Context) (publish.Earlier, error) {
	e := a.event
	return publish.EarlierRuns(a.client, e.Repo, e.Run.File, strings.TrimPrefix(e.Ref, "refs/heads/"), e.Run.Number)
}

// incidentCase is what the incident is decided from.
func (a *action) incidentCase(r *report.Report) incident.Case {
	to := a.probes.suite.Incident
	health := map[rule.Verdict]incident.Health{rule.Fail: incident.Unhealthy, rule.Passed: incident.Healthy}[rule.OfProduction(*r.Production)]
	if health == incident.Healthy && slices.ContainsFunc(r.Production.Results, func(one fact.Result) bool { return one.Maintained }) {
		health = incident.Unknown
	}
	return incident.Case{
		Key: to.Key, Name: a.in.name, Open: incident.Threshold{Unhealthy: to.Open.Count, Of: to.Open.Of}, CloseAfter: to.CloseAfter,
		Facts: incidentFacts(*r.Production), Every: a.scheduleInterval(),
		Health:  health,
		Failing: failingFacts(*r.Production),
		Report:  string(report.Markdown(r.ProductionReport(), report.Options{Bytes: publish.IncidentBytes})),
		Now:     a.p.Now(), Run: int(a.event.Run.ID), URL: a.event.RunURL(),
	}
}

// incidentFacts are the facts that this run checked.
func incidentFacts(p fact.Production) []incident.Fact {
	var out []incident.Fact
	for _, r := range p.Results {
		out = append(out, incident.Fact{Name: r.Probe.Name, Known: r.Known})
	}
	return out
}

// scheduleInterval returns the longest time from one run of this run's schedule to
// the next, 0 where no schedule started it.
func (a *action) scheduleInterval() time.Duration {
	schedule, err := cron.ParseStandard(a.event.Schedule)
	if err != nil {
		return 0
	}
	var longest time.Duration
	first := schedule.Next(a.p.Now())
	for at := first; at.Sub(first) < week; {
		next := schedule.Next(at)
		if next.IsZero() {
			return 0 // the 30th of February
		}
		longest = max(longest, next.Sub(at))
		at = next
	}
	return longest
}

// week is how long a schedule is looked at: nights and weekends without runs are in it.
const week = 7 * 24 * time.Hour

// drill walks the way of an alarm in the place of a judgement. It is the way
// that is tried out, so that decides here, and not production.
func (a *action) drill(ctx context.Context, w *probePlan) outcome {
	if w == nil {
		return refused(errors.New("a drill needs a fact of production: configure one under prod-facts"))
	}
	at := alarm{a.client, a.event.Repo, a.in.name, int(a.event.Run.ID), a.event.RunURL()}
	f, filed := drill(ctx, a.world(w), w.suite, at, a.p.Now())
	a.issue, a.missing = filed.Number, append(a.missing, filed.Permissions...)
	r := &report.Report{Verdict: rule.Passed, Receipts: []report.Receipt{filed.Receipt}, Remarks: append(report.ProductionReasons(*f.Production), f.Remarks...)}
	if filed.Receipt.State != publish.Done {
		why := strings.TrimSuffix(drillFault(filed)+". "+drillHint(filed.Permissions), " ")
		a.log.Annotate(github.Annotation{Level: "failure", Title: "boardgate: drill", Message: why})
		r.Verdict, r.Reasons = rule.Fail, []string{drillFault(filed) + "."}
		return outcome{r, Failed, ""}
	}
	r.Remarks = append(r.Remarks, fmt.Sprintf("drill: issue #%d opened and closed: alerting works.", filed.Number))
	return outcome{r, Passed, ""}
}

// failingFacts names the facts for which production is not well.
func failingFacts(p fact.Production) []string {
	var out []string
	for _, r := range p.Results {
		if r.Outcome == fact.Fail || r.Outcome == fact.Unreachable {
			out = append(out, r.Probe.Name)
		}
	}
	return out
}

// reportIncident says what became of the issue. An outage that nobody was told of is an
// error of its own; the job is red already.
func (a *action) reportIncident(r *report.Report, filed publish.IssueResult, outage bool) {
	a.issue = filed.Number
	r.Receipts = append(r.Receipts, filed.Receipt)
	a.missing = append(a.missing, filed.Permissions...)
	for _, note := range filed.Notes {
		r.Remarks = append(r.Remarks, "incident: "+strings.TrimRight(note, ".")+".")
	}
	switch filed.Receipt.State {
	case publish.Done:
		if filed.Number > 0 {
			r.Remarks = append(r.Remarks, "incident: issue "+filed.Receipt.Detail+".")
		}
	case publish.Failed, publish.Degraded:
		a.log.Annotate(incidentAnnotation(filed, outage))
	}
}

// incidentAnnotation is the annotation for an issue that is not as it should be.
func incidentAnnotation(filed publish.IssueResult, outage bool) github.Annotation {
	out := github.Annotation{Level: "warning", Title: "boardgate: incident", Message: "The incident's issue is not up to date; the next run tries again. "}
	if outage && filed.Receipt.State == publish.Failed {
		out.Level, out.Message = "failure", "Production is unhealthy, and the issue that reports it could not be filed. "
	}
	out.Message += text.Sentence(filed.Receipt.Detail)
	if len(filed.Permissions) > 0 {
		out.Message += "\nThe workflow needs:\npermissions:\n  " + strings.Join(filed.Permissions, "\n  ")
	}
	return out
}
