package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/incident"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
)

// IncidentSink is the place where an incident is told of: one issue.
const IncidentSink = "incident"

// IncidentBytes is the most bytes that a report may take in the issue, beside its
// marker and our own words. An issue's body is as long as a comment.
const IncidentBytes = github.MaxComment / 2

// IssueResult is what became of the incident's issue.
type IssueResult struct {
	Number      int // of the issue that is or was open, 0 for none
	Receipt     report.Receipt
	Notes       []string // sentences for the log
	Permissions []string // lines that the workflow's permissions block lacks
}

// Incident does what is to be done with the one issue after a run. The case
// comes without Issues, Before and BeforeKnown: the issues are listed here, and
// earlier is asked where none is open. The issue bears the case's key as its label.
//
// Failed means that nobody was told; Degraded that an issue stays open that
// should be closed, which the next run tries again.
func (p *Publisher) Incident(ctx context.Context, repo string, c incident.Case, earlier func(context.Context) (Earlier, error)) IssueResult {
	f := &incidentRun{client: p.Client, repo: repo, label: c.Key}
	if p.Client == nil {
		f.filed.Receipt = report.Receipt{Sink: IncidentSink, State: Off, Detail: "there is no token"}
		return f.filed
	}
	if err := f.list(ctx, &c); err != nil {
		return f.end(Failed, err)
	}
	if ours := incident.OpenIssues(c); len(ours) > 0 {
		f.filed.Number = ours[0].Number
	} else if c.Health == incident.Unhealthy && !c.Drill {
		before, err := earlier(ctx)
		c.Before, c.BeforeKnown = before.Runs, err == nil
		f.lacks(err)
		if before.Note != "" {
			f.filed.Notes = append(f.filed.Notes, before.Note)
		}
	}
	d := incident.Decide(c)
	f.filed.Notes = append(f.filed.Notes, d.Notes...)
	if state, err := f.take(ctx, c, d.Steps); err != nil {
		return f.end(state, err)
	}
	if err := f.heal(ctx, c); err != nil {
		return f.end(Degraded, err)
	}
	return f.end(Done, nil)
}

// incidentRun is one run's dealings with the issue.
type incidentRun struct {
	client      *github.Client
	repo, label string
	filed       IssueResult
	opened      bool
	did         incident.Action // the last thing that was done to the issue
}

func (f *incidentRun) end(state string, err error) IssueResult {
	detail := f.detail()
	switch {
	case err != nil && detail != "":
		detail += "; " + err.Error()
	case err != nil:
		detail = err.Error()
	case detail == "":
		detail = "nothing to say"
	}
	f.lacks(err)
	f.filed.Receipt = report.Receipt{Sink: IncidentSink, State: state, Detail: detail}
	return f.filed
}

// lacks puts down the permissions whose lack an error tells of.
func (f *incidentRun) lacks(err error) {
	if err != nil {
		f.filed.Permissions = append(f.filed.Permissions, github.Permissions(err)...)
	}
}

// detail says what was done to the issue, empty for nothing.
func (f *incidentRun) detail() string {
	words := map[incident.Action]string{incident.Open: "opened", incident.Edit: "edited", incident.Close: "closed"}
	if word := words[f.did]; word != "" {
		return fmt.Sprintf("#%d %s", f.filed.Number, word)
	}
	return ""
}

// list fills the case's issues.
func (f *incidentRun) list(ctx context.Context, c *incident.Case) error {
	var err error
	c.Issues, err = issuesOf(ctx, f.client, f.repo, f.label)
	return err
}

func issuesOf(ctx context.Context, client *github.Client, repo, label string) ([]incident.Issue, error) {
	all, err := client.AppIssues(ctx, repo, label)
	var out []incident.Issue
	for _, i := range all {
		out = append(out, incident.Issue{Number: i.Number, Open: i.Open, Own: i.Own, Bot: i.Bot, Labels: i.Labels, Title: i.Title, Body: i.Body})
	}
	return out, err
}

// StandingIncident reads what the open incident of a key says, whichever run
// opened it: that of a name, else the one of no name, for several boards may have
// one production that is watched once.
func StandingIncident(ctx context.Context, client *github.Client, repo, key, name string, now time.Time) (incident.Standing, error) {
	issues, err := issuesOf(ctx, client, repo, key)
	s := incident.StandingOf(incident.Case{Key: key, Name: name, Issues: issues, Now: now})
	if s.Number == 0 {
		s = incident.StandingOf(incident.Case{Key: key, Issues: issues, Now: now})
	}
	return s, err
}

// take takes the steps, and says how severe it is that one could not be taken. A
// comment that is refused, as on an issue whose conversation is locked, keeps
// nothing else from being done.
func (f *incidentRun) take(ctx context.Context, c incident.Case, steps []incident.Step) (string, error) {
	var refused error
	for _, s := range steps {
		if s.Number == 0 {
			s.Number = f.filed.Number
		}
		err := f.step(ctx, c, s)
		switch {
		case err == nil:
		case s.Action == incident.Comment:
			refused = errors.Join(refused, fmt.Errorf("no comment was made on #%d: %w", s.Number, err))
		case s.Action == incident.Open || c.Health == incident.Unhealthy && s.Number == f.filed.Number && !f.opened:
			return Failed, err
		default:
			return Degraded, errors.Join(refused, err)
		}
	}
	if refused != nil {
		return Degraded, refused
	}
	return Done, nil
}

func (f *incidentRun) step(ctx context.Context, c incident.Case, s incident.Step) error {
	var err error
	switch s.Action {
	case incident.Open:
		err = f.open(ctx, c, s)
		s.Number = f.filed.Number
	case incident.Comment:
		_, err = f.client.CreateComment(ctx, f.repo, s.Number, s.Body)
		return err
	default:
		err = f.client.EditIssue(ctx, f.repo, github.Issue{Number: s.Number, Open: s.Action == incident.Edit, Title: s.Title, Body: s.Body})
	}
	if err == nil && s.Number == f.filed.Number {
		f.did = s.Action
	}
	return err
}

// open opens the issue. Where the answer was lost the issue may be there all
// the same, so the list is asked before it is given up.
func (f *incidentRun) open(ctx context.Context, c incident.Case, s incident.Step) error {
	number, labelled, err := f.client.CreateIssue(ctx, f.repo, s.Title, s.Body, f.label)
	if err == nil && !labelled {
		f.filed.Notes = append(f.filed.Notes, fmt.Sprintf("GitHub took #%d without its label %s; it is found by its author, its first line and its last", number, f.label))
	}
	if err != nil {
		again := c
		if listed := f.list(ctx, &again); listed != nil {
			return errors.Join(err, listed)
		}
		ours := incident.OpenIssues(again)
		if len(ours) == 0 {
			return err
		}
		number = ours[0].Number
	}
	f.filed.Number, f.opened = number, true
	return nil
}

// heal looks again where an issue was opened: another run may have done so too.
func (f *incidentRun) heal(ctx context.Context, c incident.Case) error {
	if !f.opened || c.Drill {
		return nil
	}
	if err := f.list(ctx, &c); err != nil {
		return err
	}
	if ours := incident.OpenIssues(c); len(ours) > 0 {
		f.filed.Number = ours[0].Number
	}
	_, err := f.take(ctx, c, incident.Heal(c))
	return err
}

// Earlier is what the runs before this one found, the newest first.
type Earlier struct {
	Runs []incident.Run
	Note string // a sentence on how far that is to be trusted, empty where it is
}

// EarlierRuns says what the scheduled runs of a workflow before this one found: one
// that succeeded found production healthy, and one that failed unhealthy where it
// reported a fact. Where the reports may not be read, the conclusion has to do.
// Those that somebody started are left out: a drill is not a finding.
func EarlierRuns(client *github.Client, repo, file, branch string, number int) func(context.Context) (Earlier, error) {
	return func(ctx context.Context) (Earlier, error) {
		if file == "" {
			return Earlier{}, errors.New("which workflow this run is of is not known")
		}
		runs, err := client.WorkflowRuns(ctx, repo, file, branch, 30)
		if err != nil {
			return Earlier{}, err
		}
		runs = slices.DeleteFunc(runs, func(r github.WorkflowRun) bool {
			return r.Number >= number || r.Status != "completed" || r.Event != "schedule"
		})
		var failed []string
		for _, r := range runs {
			if r.Conclusion == "failure" && r.Suite != "" {
				failed = append(failed, r.Suite)
			}
		}
		var out Earlier
		var titles map[string][]string
		if len(failed) > 0 {
			if titles, err = client.FailureTitles(ctx, failed); err != nil {
				out.Note = "what failed in earlier runs could not be read (`permissions: checks: read` allows it): each that failed counts as unhealthy"
			}
		}
		for _, r := range runs {
			reported, known := titles[r.Suite]
			out.Runs = append(out.Runs, incident.Run{Health: healthOf(r.Conclusion, reported, known), At: r.Started})
		}
		return out, nil
	}
}

// healthOf returns what a run found by its conclusion and, where they are known, the
// titles of what it reported as failed.
func healthOf(conclusion string, reported []string, known bool) incident.Health {
	switch {
	case conclusion == "success":
		return incident.Healthy
	case conclusion == "failure" && (!known || slices.Contains(reported, report.AnnotationTitle(rule.ProdFacts.Name))):
		return incident.Unhealthy
	}
	return incident.Unknown
}
