package command

import (
	"context"
	"io"
	"os"

	"github.com/sethvargo/go-githubactions"
	"github.com/spf13/cobra"

	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/event"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/incident"
	"github.com/boardgate/boardgate/internal/publish"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/text"
)

const actionLong = `What the action's container runs: reads the event that started the job, judges
the change through GitHub's API without a checkout, and publishes the verdict.
Inputs, event and addresses come from the environment that a runner of GitHub
Actions hands to a job.

Exit status: as check has it. It is the gate: publishing cannot change it.`

func actionCommand(p *Process) *cobra.Command {
	return &cobra.Command{
		Use:   "action",
		Short: "Judge the change a GitHub Actions job was started for",
		Long:  actionLong,
		Args:  atMost(0),
		RunE: func(c *cobra.Command, _ []string) error {
			if o := newAction(p).run(c.Context()); o.status != Passed {
				return &failure{status: o.status}
			}
			return nil
		},
	}
}

// action is one run of the gate in a job.
type action struct {
	p      *Process
	event  event.Event
	in     inputs
	plan   plan
	client *github.Client // nil without a token
	ca     []byte         // PEM certificates to trust besides the public ones, nil for none
	read   *change.API    // nil where nothing was read
	probes *probePlan     // nil where production is not checked
	issue  int            // of the incident, 0 for none

	unwatched *incident.Case // of which the incident is decided where no facts are configured; nil where some are

	// The two writers to standard output: log for text that may be anybody's,
	// runner for commands made of our own words.
	log    *publish.Log
	runner *githubactions.Action

	// The files that a runner hands over: the event's, and those it reads afterwards.
	open   func(path string) (io.ReadCloser, error)
	append func(path string, text []byte) error

	summaryLead string   // our own words that a summary begins with, empty for none
	missing     []string // lines that the permissions block lacks, as reading found
}

// newAction returns the action of a process, which reads and writes real files.
func newAction(p *Process) *action {
	return &action{
		p: p, log: publish.NewLog(p.Stdout), runner: githubactions.New(githubactions.WithWriter(p.Stdout), githubactions.WithGetenv(p.Getenv)),
		open: func(path string) (io.ReadCloser, error) { return os.Open(path) }, append: publish.AppendFile,
	}
}

// run does what the event asks for. The outcome's report is nil where there was nothing to do.
func (a *action) run(ctx context.Context) outcome {
	var err error
	a.event, err = event.Read(a.p.Environ(), a.open)
	if err != nil {
		return a.conclude(ctx, refused(err))
	}
	a.in, err = readInputs(a.event)
	a.plan = planOf(a.event, a.in)
	a.mask()
	if err != nil {
		return a.conclude(ctx, refused(err))
	}
	if err := a.connect(); err != nil {
		return a.conclude(ctx, refused(err))
	}
	if a.plan.skip != "" {
		a.log.Line("Nothing to do: " + a.plan.skip)
		a.publishNothing(ctx)
		return outcome{status: Passed}
	}
	return a.conclude(ctx, a.judgement(ctx))
}

// mask has the runner hide the token wherever it should turn up. It does so by
// itself for its own token, not for one of another name.
func (a *action) mask() {
	if a.in.token != "" && a.p.Getenv("GITHUB_ACTIONS") == "true" {
		a.runner.AddMask(a.in.token)
	}
}

// outcome is a report and the exit status it leads to. It stands before
// anything is published.
type outcome struct {
	report *report.Report
	status int
	wrong  string // what was wrong use, a sentence; empty where nothing was
}

// refused is the outcome of wrong use: nothing could be judged.
func refused(err error) outcome {
	why := text.Sentence(err.Error())
	return outcome{&report.Report{Verdict: rule.Fail, Remarks: []string{why}}, Misused, why}
}

// misconfigured is the outcome of a configuration that nothing can be judged by.
func misconfigured(r *config.Reading) outcome {
	return outcome{&report.Report{Verdict: rule.Fail, Findings: faults(r)}, Misused, ""}
}

// unverified is the outcome where something needed was not available.
func unverified(err error) outcome {
	return outcome{&report.Report{Verdict: rule.Unverified, Reasons: []string{text.Sentence(err.Error())}}, Unverified, ""}
}

// conclude publishes an outcome and returns it. Its exit status stood before.
func (a *action) conclude(ctx context.Context, o outcome) outcome {
	o.report.Tool, o.report.FailOn = a.p.version(), a.in.failOn
	// A configuration that is broken and wrong use fail all the same.
	if a.plan.observes && o.status != Misused {
		o.report.Observing, o.status = true, Passed
		a.summaryLead += "**This gate observes: it reports and does not block (`fail-on: never`).**\n\n"
	}
	a.publish(ctx, o)
	return o
}
