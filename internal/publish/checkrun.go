package publish

import (
	"context"
	"fmt"

	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/text"
)

// MaxAnnotations is how many annotations a check run gets at most: each request
// takes fifty, and a change may have thousands.
const MaxAnnotations = 500

// pendingCheck is the check run of a report while it is being written.
type pendingCheck struct {
	off   string // why there is none, empty where there is to be one
	all   []github.Annotation
	run   github.CheckRun // with the annotations that it is to get
	id    int64           // 0 where GitHub has none
	shown int             // annotations of all that are certainly there
	err   error           // what GitHub did not take
}

// createCheckRun creates the check run with its first annotations.
func (p *Publisher) createCheckRun(ctx context.Context, t Target, c Check) *pendingCheck {
	w := &pendingCheck{all: annotations(c.Annotations)}
	switch {
	case c.Name == "":
		w.off = "not asked for"
		return w
	case p.Client == nil:
		w.off = "there is no token"
		return w
	}
	w.run = t.checkRun(c, w.all[:min(len(w.all), MaxAnnotations)], p)
	if w.id, w.err = p.Client.CreateCheckRun(ctx, t.Repo, w.run); w.err == nil {
		w.shown = min(len(w.run.Annotations), github.MaxAnnotations)
	}
	if github.KindOf(w.err) == github.Refused && len(w.all) > 0 {
		// One annotation that GitHub finds fault with must not cost the whole.
		if id, err := p.Client.CreateCheckRun(ctx, t.Repo, t.checkRun(c, nil, p)); err == nil {
			w.id = id
		}
	}
	return w
}

// finishCheckRun adds the annotations that did not go with the check run. Where
// GitHub does not take it, or not all of them, the rest becomes workflow commands;
// what is beyond its measure is in the log.
func (p *Publisher) finishCheckRun(ctx context.Context, t Target, c Check, w *pendingCheck, more func() bool, r *Result) {
	if w.off != "" {
		r.add(report.Receipt{Sink: CheckRunSink, State: Off, Detail: w.off})
		p.commands(c.Annotations, r)
		return
	}
	for w.err == nil && w.shown < len(w.run.Annotations) && more() {
		var added int
		added, w.err = p.Client.AddAnnotations(ctx, t.Repo, w.id, w.run, w.shown)
		w.shown += added
	}
	r.CheckRunID = w.id
	detail := fmt.Sprintf("%d of %d annotations", w.shown, len(c.Annotations))
	switch {
	case w.err != nil && w.id == 0:
		r.refuse(CheckRunSink, Failed, w.err)
	case w.err != nil:
		r.refuse(CheckRunSink, Degraded, fmt.Errorf("%s: %w", detail, w.err))
	case w.shown < len(w.all):
		r.add(report.Receipt{Sink: CheckRunSink, State: Degraded, Detail: detail + ", the others are in the log"})
		for _, a := range w.all[w.shown:] {
			p.Log.Line(annotationLine(a))
		}
		p.commands(placelessOf(c.Annotations), r)
		return
	default:
		r.add(report.Receipt{Sink: CheckRunSink, State: Done, Detail: detail})
	}
	p.commands(append(w.all[w.shown:], placelessOf(c.Annotations)...), r)
}

// factsCheck writes the check run of production, where there is one. What it
// says stands in the log and in the job summary as well.
func (p *Publisher) factsCheck(ctx context.Context, t Target, c Check, r *Result) {
	if c.Name == "" || p.Client == nil {
		return
	}
	if _, err := p.Client.CreateCheckRun(ctx, t.Repo, t.checkRun(c, nil, p)); err != nil {
		r.refuse(FactsSink, Failed, err)
		return
	}
	r.add(report.Receipt{Sink: FactsSink, State: Done, Detail: c.Conclusion})
}

func (t Target) checkRun(c Check, some []github.Annotation, p *Publisher) github.CheckRun {
	summary := c.Summary
	if n := len(annotations(c.Annotations)); n > MaxAnnotations {
		summary += fmt.Sprintf("\nAt most %d of %d annotations are made, errors first. The job's log has every finding.\n", MaxAnnotations, n)
	}
	return github.CheckRun{
		Name: c.Name, Head: t.Head, Conclusion: c.Conclusion, Completed: p.Now(), ExternalID: t.externalID(),
		Title: text.ClipBytes(c.Title, github.MaxTitle), Summary: CutMarkdown(summary, github.MaxSummary), Annotations: some,
	}
}

// externalID tells the check runs of one run of a workflow apart, where several
// boards are judged.
func (t Target) externalID() string {
	if t.Name == "" {
		return t.Run.String()
	}
	return t.Run.String() + " " + t.Name
}

// annotations are those that GitHub takes: with a place, the deciding ones
// first, none too long.
func annotations(all []github.Annotation) []github.Annotation {
	var out []github.Annotation
	for _, a := range bySeverity(all) {
		if a.Path != "" {
			a.Title, a.Message = text.ClipBytes(a.Title, github.MaxTitle), text.ClipBytes(a.Message, github.MaxMessage)
			out = append(out, a)
		}
	}
	return out
}

func placelessOf(all []github.Annotation) []github.Annotation {
	var out []github.Annotation
	for _, a := range all {
		if a.Path == "" {
			out = append(out, a)
		}
	}
	return out
}

// perLevel is how many annotations of one level a step may make; the runner
// drops more without a word.
// https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations
const perLevel = 10

// commands shows annotations as workflow commands, and in the log those that
// the runner would drop.
func (p *Publisher) commands(all []github.Annotation, r *Result) {
	if len(all) == 0 {
		return
	}
	used := map[string]int{}
	var rest []github.Annotation
	for _, a := range bySeverity(all) {
		if used[a.Level]++; used[a.Level] > perLevel {
			rest = append(rest, a)
			continue
		}
		p.Log.Annotate(a)
	}
	for _, a := range rest {
		p.Log.Line(annotationLine(a))
	}
	r.add(report.Receipt{Sink: CommandsSink, State: Done, Detail: fmt.Sprintf("%d annotations, %d more in the log", len(all)-len(rest), len(rest))})
}

func annotationLine(a github.Annotation) string {
	if a.Path == "" {
		return fmt.Sprintf("%s %s: %s", word(a.Level), a.Title, a.Message)
	}
	return fmt.Sprintf("%s %s:%d %s: %s", word(a.Level), a.Path, a.StartLine, a.Title, a.Message)
}
