package publish

import (
	"context"
	"fmt"

	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/report"
)

// checkRun writes the check run. Where GitHub does not take it, or not all of
// its annotations, the rest becomes workflow commands.
func (p *Publisher) checkRun(ctx context.Context, t Target, c Check, r *Result) {
	if c.Name == "" {
		r.add(report.Receipt{Sink: CheckRunSink, State: Off, Detail: "not asked for"})
		p.commands(c.Annotations, r)
		return
	}
	if p.Client == nil {
		r.add(report.Receipt{Sink: CheckRunSink, State: Off, Detail: "there is no token"})
		p.commands(c.Annotations, r)
		return
	}
	all := annotations(c.Annotations)
	id, shown, err := p.Client.CreateCheckRun(ctx, t.Repo, t.checkRun(c, all, p))
	if github.KindOf(err) == github.Refused && id == 0 && len(all) > 0 {
		// One annotation that GitHub finds fault with must not cost the whole.
		id, shown, err = p.withoutAnnotations(ctx, t, c, err)
	}
	r.CheckRunID = id
	if err == nil {
		r.add(report.Receipt{Sink: CheckRunSink, State: Done, Detail: fmt.Sprintf("%d of %d annotations", shown, len(c.Annotations))})
		p.placeless(c.Annotations, r)
		return
	}
	state := Failed
	if id != 0 {
		state = Degraded
		err = fmt.Errorf("%d of %d annotations: %w", shown, len(c.Annotations), err)
	}
	r.refuse(CheckRunSink, state, err)
	p.commands(append(all[shown:], placelessOf(c.Annotations)...), r)
}

// factsCheck writes the check run of production, where there is one. What it
// says stands in the log and in the job summary as well.
func (p *Publisher) factsCheck(ctx context.Context, t Target, c Check, r *Result) {
	if c.Name == "" || p.Client == nil {
		return
	}
	if _, _, err := p.Client.CreateCheckRun(ctx, t.Repo, t.checkRun(c, nil, p)); err != nil {
		r.refuse(FactsSink, Failed, err)
		return
	}
	r.add(report.Receipt{Sink: FactsSink, State: Done, Detail: c.Conclusion})
}

func (p *Publisher) withoutAnnotations(ctx context.Context, t Target, c Check, refused error) (int64, int, error) {
	id, _, err := p.Client.CreateCheckRun(ctx, t.Repo, t.checkRun(c, nil, p))
	if err != nil {
		return 0, 0, err
	}
	return id, 0, refused
}

func (t Target) checkRun(c Check, all []github.Annotation, p *Publisher) github.CheckRun {
	return github.CheckRun{
		Name: c.Name, Head: t.Head, Conclusion: c.Conclusion, Completed: p.Now(),
		ExternalID: t.Run.String(),
		Title:      Cut(c.Title, github.MaxTitle), Summary: CutMarkdown(c.Summary, github.MaxSummary), Annotations: all,
	}
}

// annotations are those that GitHub takes: with a place, the deciding ones
// first, none too long.
func annotations(all []github.Annotation) []github.Annotation {
	var out []github.Annotation
	for _, a := range bySeverity(all) {
		if a.Path != "" {
			a.Title, a.Message = Cut(a.Title, github.MaxTitle), Cut(a.Message, github.MaxMessage)
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

// placeless shows what is about no line, which no check run takes.
func (p *Publisher) placeless(all []github.Annotation, r *Result) {
	if rest := placelessOf(all); len(rest) > 0 {
		p.commands(rest, r)
	}
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
		p.Log.Line(plain(a))
	}
	r.add(report.Receipt{Sink: CommandsSink, State: Done, Detail: fmt.Sprintf("%d annotations, %d more in the log", len(all)-len(rest), len(rest))})
}

func plain(a github.Annotation) string {
	if a.Path == "" {
		return fmt.Sprintf("%s %s: %s", word(a.Level), a.Title, a.Message)
	}
	return fmt.Sprintf("%s %s:%d %s: %s", word(a.Level), a.Path, a.StartLine, a.Title, a.Message)
}
