package command

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/publish"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
)

// publish takes a report to every place, the log first, and says what became of it.
func (a *action) publish(ctx context.Context, o outcome) {
	r := o.report
	a.logReport(o)
	a.fileIncident(ctx, r)
	result := a.publisher().Publish(ctx, a.publishTarget(), a.content(ctx, r))
	r.Receipts = append(r.Receipts, result.Receipts...)
	a.writeFiles(r)
	for _, receipt := range r.Receipts {
		a.log.Line(fmt.Sprintf("%s: %s, %s", receipt.Sink, receipt.State, receipt.Detail))
	}
	a.logPermissions(append(result.Permissions, a.missing...))
	a.logVerdict(r)
}

func (a *action) publisher() *publish.Publisher {
	return &publish.Publisher{
		Client: a.client, Log: a.log, Now: a.p.Now, Random: a.p.Random,
		Files: publish.Files{Summary: a.p.Getenv("GITHUB_STEP_SUMMARY"), Output: a.p.Getenv("GITHUB_OUTPUT"), Append: a.append},
	}
}

// publishNothing sets the outputs where there is nothing to judge: a step that
// follows can rely on them.
func (a *action) publishNothing(ctx context.Context) {
	nothing := publish.ContentOf(&report.Report{Verdict: rule.Passed}, publish.Options{})
	for _, receipt := range a.publisher().Publish(ctx, publish.Target{}, publish.Content{Outputs: nothing.Outputs}).Receipts {
		if receipt.State != publish.Off {
			a.log.Line(fmt.Sprintf("%s: %s, %s", receipt.Sink, receipt.State, receipt.Detail))
		}
	}
}

// logReport writes the report into the log, where nothing can refuse it.
func (a *action) logReport(o outcome) {
	r := o.report
	a.runner.Group("boardgate report")
	a.log.Lines(string(bytes.TrimSpace(report.Text(r, report.Options{Help: rulePages}))))
	a.runner.EndGroup()
	if r.Production != nil {
		a.runner.Group("boardgate prod-facts")
		a.log.Lines(string(bytes.TrimSpace(report.Text(r.ProductionReport(), report.Options{}))))
		a.runner.EndGroup()
	}
	if o.wrong != "" {
		a.log.Annotate(github.Annotation{Level: "failure", Title: "boardgate: wrong use", Message: o.wrong})
	}
	for _, reason := range r.Reasons {
		a.log.Annotate(github.Annotation{Level: "failure", Title: "boardgate: " + r.Verdict.String(), Message: reason})
	}
}

// logPermissions prints the permissions that the workflow lacks.
func (a *action) logPermissions(lines []string) {
	if len(lines) == 0 {
		return
	}
	a.log.Line("What was refused or not found may want a permission. The workflow needs:")
	a.log.Line("    permissions:")
	for _, line := range widest(lines) {
		a.log.Line("      " + line)
	}
	if a.event.Fork {
		a.log.Line("A pull request from a fork gets a token that only reads, whatever the workflow says; the verdict is the same.")
	}
}

// widest returns each permission once, in order: who may write may read.
func widest(lines []string) (out []string) {
	for _, line := range lines {
		scope, reads := strings.CutSuffix(line, ": read")
		if !slices.Contains(out, line) && (!reads || !slices.Contains(lines, scope+": write")) {
			out = append(out, line)
		}
	}
	slices.Sort(out)
	return out
}

// logVerdict says the verdict, and what to require so that it counts.
func (a *action) logVerdict(r *report.Report) {
	if a.client != nil {
		a.log.Line(fmt.Sprintf("requests to GitHub: %d", a.client.Requests()))
	}
	a.log.Line("boardgate: " + report.VerdictLine(r))
	if r.Observing {
		a.log.Line("fail-on is never: the gate observes, and the job passes.")
	} else if job := a.event.Run.Job; job != "" && !a.plan.standing {
		a.log.Line(fmt.Sprintf("To make this verdict block a merge, require the check %q: the name of this job, unless the workflow gives it another.", job))
	}
}

// publishTarget is where the judgement belongs.
func (a *action) publishTarget() publish.Target {
	e := a.event
	t := publish.Target{
		Repo: e.Repo, Head: e.Head, Name: a.in.name,
		Run: publish.Run{ID: e.Run.ID, Attempt: e.Run.Attempt},
	}
	if a.plan.pull {
		t.Pull, t.Base = e.Pull, e.BaseRef
	}
	if a.read != nil {
		t.Comments = a.read.Pull.Comments
		t.Base = a.read.Pull.BaseRef // the one that was judged
	}
	return t
}

// content is what is published of a report.
func (a *action) content(ctx context.Context, r *report.Report) publish.Content {
	w := publish.Options{
		Name: a.in.name, CheckRun: a.plan.checkRun, FactsCheck: a.plan.factsRun,
		Comment: a.plan.comment, Help: rulePages, RunURL: a.event.RunURL(), Issue: a.issue,
	}
	var lines *tipLines
	if a.read != nil && a.event.Head != "" {
		lines = a.tipLines(ctx, r)
		w.Blob, w.Line = fmt.Sprintf("%s/%s/blob/%s/", a.event.Server, a.event.Repo, a.event.Head), lines.line
	}
	c := publish.ContentOf(r, w)
	for _, text := range []*string{&c.Summary, &c.Check.Summary, &c.Comment.Body} {
		if *text != "" {
			*text = a.summaryLead + *text
		}
	}
	if lines != nil {
		c.Check.Annotations = lines.moved(c.Check.Annotations)
		if a.plan.suggestions {
			c.Suggestions = a.suggestions(r, lines)
		}
	}
	return c
}

// suggestions offer this pull request's number where an item came into DONE
// without one, on lines that the pull request changes: GitHub takes them nowhere else.
func (a *action) suggestions(r *report.Report, lines *tipLines) []github.Suggestion {
	var out []github.Suggestion
	for _, f := range r.Findings {
		if f.Rule != rule.DoneReference.Name || !f.Introduced || f.Waived != nil || len(f.Fix) != 1 || f.Fix[0].New != fmt.Sprintf(", PR #%d", r.Case.Pull) {
			continue
		}
		at := f.Fix[0].Span
		if line := lines.changed(at.File.Path, at.From().Line); line > 0 {
			out = append(out, github.Suggestion{Path: at.File.Path, Line: line, Body: suggested(at, f.Fix[0].New)})
		}
	}
	return out
}
