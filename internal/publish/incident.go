package publish

import (
	"context"
	"errors"
	"fmt"

	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/incident"
	"github.com/boardgate/boardgate/internal/report"
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
func (p *Publisher) Incident(ctx context.Context, repo string, c incident.Case, earlier func(context.Context) ([]incident.Health, error)) IssueResult {
	f := &incidentRun{client: p.Client, repo: repo, label: c.Key}
	if p.Client == nil {
		f.filed.Receipt = report.Receipt{Sink: IncidentSink, State: Off, Detail: "there is no token"}
		return f.filed
	}
	if err := f.list(ctx, &c); err != nil {
		return f.end(Failed, err)
	}
	if len(incident.OpenIssues(c)) == 0 && c.Health == incident.Unhealthy && !c.Drill {
		before, err := earlier(ctx)
		c.Before, c.BeforeKnown = before, err == nil
		f.lacks(err)
	}
	d := incident.Decide(c)
	f.filed.Notes = d.Notes
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
	f.filed.Receipt = report.Receipt{Sink: IncidentSink, State: state, Detail: f.detail(state)}
	if err != nil {
		f.filed.Receipt.Detail = err.Error()
		f.lacks(err)
	}
	return f.filed
}

// lacks puts down the permissions whose lack an error tells of.
func (f *incidentRun) lacks(err error) {
	if err != nil {
		f.filed.Permissions = append(f.filed.Permissions, github.Permissions(err)...)
	}
}

func (f *incidentRun) detail(state string) string {
	words := map[incident.Action]string{incident.Open: "opened", incident.Edit: "edited", incident.Close: "closed"}
	if word := words[f.did]; word != "" && state == Done {
		return fmt.Sprintf("#%d %s", f.filed.Number, word)
	}
	return "nothing to say"
}

// list fills the case's issues.
func (f *incidentRun) list(ctx context.Context, c *incident.Case) error {
	var err error
	c.Issues, err = issuesOf(ctx, f.client, f.repo, f.label)
	return err
}

func issuesOf(ctx context.Context, client *github.Client, repo, label string) ([]incident.Issue, error) {
	own, err := client.OwnIssues(ctx, repo, label)
	var out []incident.Issue
	for _, i := range own {
		out = append(out, incident.Issue{Number: i.Number, Open: i.Open, Own: true, Labelled: i.Labelled, Title: i.Title, Body: i.Body})
	}
	return out, err
}

// StandingIncident reads what the open incident of a key says, whichever run
// opened it: that of a name, else the one of no name, for several boards may have
// one production that is watched once.
func StandingIncident(ctx context.Context, client *github.Client, repo, key, name string) (incident.Standing, error) {
	issues, err := issuesOf(ctx, client, repo, key)
	s := incident.StandingOf(incident.Case{Key: key, Name: name, Issues: issues})
	if s.Number == 0 {
		s = incident.StandingOf(incident.Case{Key: key, Issues: issues})
	}
	return s, err
}

// take takes the steps, and says how severe it is that one could not be taken.
func (f *incidentRun) take(ctx context.Context, c incident.Case, steps []incident.Step) (string, error) {
	for _, s := range steps {
		if s.Number == 0 {
			s.Number = f.filed.Number
		}
		if err := f.step(ctx, c, s); err != nil {
			if s.Action == incident.Open || c.Health == incident.Unhealthy && s.Number == f.filed.Number && !f.opened {
				return Failed, err
			}
			return Degraded, err
		}
	}
	return Done, nil
}

func (f *incidentRun) step(ctx context.Context, c incident.Case, s incident.Step) error {
	if f.filed.Number == 0 {
		f.filed.Number = s.Number
	}
	if s.Number == f.filed.Number && s.Action != incident.Comment {
		f.did = s.Action
	}
	switch s.Action {
	case incident.Open:
		return f.open(ctx, c, s)
	case incident.Comment:
		_, err := f.client.CreateComment(ctx, f.repo, s.Number, s.Body)
		return err
	}
	return f.client.EditIssue(ctx, f.repo, github.Issue{Number: s.Number, Open: s.Action == incident.Edit, Title: s.Title, Body: s.Body})
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

// EarlierRuns says what the scheduled runs of a workflow before this one found,
// the newest first: a job that failed found production ill, one that succeeded
// well. Those that somebody started are left out: a drill is not a finding.
func EarlierRuns(client *github.Client, repo, file, branch string, number int) func(context.Context) ([]incident.Health, error) {
	return func(ctx context.Context) ([]incident.Health, error) {
		if file == "" {
			return nil, errors.New("which workflow this run is of is not known")
		}
		runs, err := client.WorkflowRuns(ctx, repo, file, branch, 30)
		if err != nil {
			return nil, err
		}
		var out []incident.Health
		for _, r := range runs {
			if r.Number < number && r.Status == "completed" && r.Event == "schedule" {
				out = append(out, map[string]incident.Health{"failure": incident.Unhealthy, "success": incident.Healthy}[r.Conclusion])
			}
		}
		return out, nil
	}
}
