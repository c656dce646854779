package command

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/incident"
	"github.com/boardgate/boardgate/internal/probe"
	"github.com/boardgate/boardgate/internal/publish"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
)

// alarm is where it is told that production is not well.
type alarm struct {
	client *github.Client
	repo   string
	name   string // which board of several, empty for the only one
	run    int    // the id of this run, 0 outside a job
	url    string // of this run
}

// drill walks the whole way of an alarm: it asks production for what nothing
// answers, opens the issue, comments on it and closes it. How production is
// does not matter to it: the alarm was sound where the receipt's state is done.
func drill(ctx context.Context, world probe.World, suite *probe.Suite, at alarm, now time.Time) (*report.Report, publish.IssueResult) {
	failing := suite.Drill()
	answer, err := failing.Run(ctx, world, probe.Options{Deadline: failing.Schedule})
	r := &report.Report{Verdict: rule.OfProduction(answer), Production: &answer}
	if err != nil {
		r.Remarks = []string{"Production was not checked: " + err.Error() + "."}
	}
	p := publish.Publisher{Client: at.client}
	return r, p.Incident(ctx, at.repo, incident.Case{
		Key: suite.Incident.Key, Name: at.name, CloseAfter: suite.Incident.CloseAfter,
		Health: incident.Unhealthy, Failing: []string{"drill"}, Report: report.ProductionList(answer), Now: now, Run: at.run, URL: at.url, Drill: true,
	}, nil)
}

// drillAlarm is prod-facts --drill. The alarm's way decides its status.
func (p *Process) drillAlarm(ctx context.Context, suite *probe.Suite, world probe.World) error {
	h, missing, err := p.hub()
	switch {
	case err != nil:
		return err
	case missing != "":
		return misuse(hubHint, "--drill opens an issue and closes it: %s", missing)
	}
	page := cmp.Or(h.RunURL(), h.Server+"/"+h.Repo+"/actions")
	f, filed := drill(ctx, world, suite, alarm{h.client, h.Repo, "", int(h.Run.ID), page}, p.Now())
	if err := p.write(drillLines(f, filed)); err != nil || filed.Receipt.State == publish.Done {
		return err
	}
	return &failure{Failed, errors.New(drillFault(filed)), drillHint(filed.Permissions)}
}

// drillLines say what was done.
func drillLines(f *report.Report, filed publish.IssueResult) []byte {
	var b bytes.Buffer
	for _, line := range append(report.ProductionReasons(*f.Production), f.Remarks...) {
		fmt.Fprintln(&b, line)
	}
	if filed.Receipt.State == publish.Done {
		fmt.Fprintf(&b, "drill: issue #%d opened and closed: alerting works\n", filed.Number)
	}
	return b.Bytes()
}

func drillFault(filed publish.IssueResult) string {
	if filed.Number > 0 {
		return fmt.Sprintf("drill: issue #%d did not come to its end: %s", filed.Number, filed.Receipt.Detail)
	}
	return "drill: no alarm reaches people: " + filed.Receipt.Detail
}

// drillHint names what the permissions block lacks. Who may not even list
// issues lacks the right to write them too.
func drillHint(lacking []string) string {
	if len(lacking) == 0 {
		return ""
	}
	lines := strings.ReplaceAll(strings.Join(lacking, "\n"), "issues: read", "issues: write")
	return "Add to the workflow's permissions:\n" + lines
}
