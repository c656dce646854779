package publish

import (
	"fmt"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/text"
)

// The check runs' names; they must differ from every job's, for checks of one
// name shadow each other (https://github.com/actions/runner/issues/1085).
const (
	CheckName      = "boardgate report"
	FactsCheckName = "boardgate prod-facts"
)

// Options is what the action's inputs ask to be published.
type Options struct {
	Name       string                          // the input name, where a repository has several boards
	CheckRun   bool                            // of the report
	FactsCheck bool                            // of production, where it was asked
	Comment    string                          // on-findings, always, never
	Help       string                          // address of the rules' pages, ending in a slash
	RunURL     string                          // address of the run, empty where not known
	Blob       string                          // address of the head's files, ending in a slash, empty where not known
	Line       func(path string, line int) int // where a line that was judged stands at the head; see report.Options
	Issue      int                             // the incident's, 0 for none
}

// room is what our own words beside a report may take, in bytes.
const room = 512

// ContentOf puts a report into the content to publish.
func ContentOf(r *report.Report, o Options) Content {
	facts := factsMarkdown(r)
	c := Content{
		Summary: join(o.markdown(r, MaxJobSummary-len(facts)), facts),
		Comment: o.comment(r),
		Outputs: append(outputsOf(r), Output{"facts", factsOutput(r)}, Output{"issue-number", id(int64(o.Issue))}),
	}
	if o.FactsCheck && r.Production != nil {
		c.Facts = o.factsCheck(r, facts)
	}
	c.Check.Annotations = annotationsOf(r, o.Help)
	if o.CheckRun {
		c.Check.Name = o.checkName(CheckName)
		c.Check.Conclusion = conclusion(r)
		c.Check.Title = report.VerdictLine(r)
		c.Check.Summary = o.withRun(o.markdown(r, github.MaxSummary))
	}
	return c
}

func (o Options) markdown(r *report.Report, most int) string {
	return string(report.Markdown(r, report.Options{Bytes: most - room, Help: o.Help, Blob: o.Blob, Line: o.Line}))
}

// checkName is a check run's name, that of the board behind it where there are several.
func (o Options) checkName(check string) string {
	if o.Name == "" {
		return check
	}
	return check + ": " + text.Visible(o.Name)
}

func join(text, more string) string {
	if more == "" {
		return text
	}
	return strings.TrimRight(text, "\n") + "\n\n" + more
}

// conclusion is what a verdict makes of a check run: neutral, which lets a required
// check pass, only where it holds up nothing.
func conclusion(r *report.Report) string {
	switch {
	case r.Verdict == rule.Passed:
		return "success"
	case r.Observing:
		return neutral
	}
	return "failure"
}

// withRun adds the link to the run. A check run's own details lead to whichever
// suite GitHub put it into.
func (o Options) withRun(text string) string {
	if o.RunURL == "" {
		return text
	}
	return strings.TrimRight(text, "\n") + "\n\n[The run and its log](" + o.RunURL + ")\n"
}

// comment says what a judgement is to those who do not look at checks: what
// decides, in full; in its place that all is well, where it was not before.
func (o Options) comment(r *report.Report) Comment {
	if o.Comment == "never" {
		return Comment{}
	}
	errors, warnings, _ := rule.Counts(r.Findings)
	body := o.withRun(o.markdown(r, github.MaxComment-room))
	switch {
	case errors+warnings > 0 || r.Verdict != rule.Passed || o.Comment == "always":
		return Comment{When: Whatever, Body: body}
	default:
		return Comment{When: IfThere, Body: o.withRun("**boardgate: all clear.** The earlier findings are resolved.\n")}
	}
}

// levels are the words of annotations for severities.
var levels = map[config.Severity]string{rule.Error: "failure", rule.Warning: "warning", rule.Notice: "notice"}

func annotationsOf(r *report.Report, help string) []github.Annotation {
	var out []github.Annotation
	for _, a := range report.Annotations(r, report.Options{Help: help}) {
		out = append(out, github.Annotation{
			Path: a.Path, StartLine: a.StartLine, EndLine: a.EndLine, StartColumn: a.StartColumn, EndColumn: a.EndColumn,
			Level: levels[a.Severity], Title: a.Title, Message: a.Message,
		})
	}
	return out
}

// outputsOf are our own words and numbers, nothing of anybody's text.
func outputsOf(r *report.Report) []Output {
	errors, warnings, notices := rule.Counts(r.Findings)
	var wip, next, done int
	if r.Case != nil {
		done = arrivals(r.Case.Changes)
		if r.Case.Head != nil {
			wip, next = len(r.Case.Head.Items(board.WIP)), len(r.Case.Head.Items(board.Next))
		}
	}
	return []Output{
		{"verdict", r.Verdict.String()},
		{"errors", fmt.Sprint(errors)},
		{"warnings", fmt.Sprint(warnings)},
		{"notices", fmt.Sprint(notices)},
		{"wip", fmt.Sprint(wip)},
		{"next", fmt.Sprint(next)},
		{"done-added", fmt.Sprint(done)},
	}
}

// arrivals counts the items that a change brings into DONE.
func arrivals(changes compare.Result) int {
	n := 0
	for _, c := range changes.Changes {
		if role(c.Head) == board.Done && role(c.Base) != board.Done {
			n++
		}
	}
	return n
}

func role(i *board.Item) board.Role {
	if i == nil || i.Column == nil {
		return ""
	}
	return i.Column.Role
}
