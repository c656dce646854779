package probe

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/shell"
)

// JudgeWorkflow returns whether a workflow is as expected: its latest completed
// run on w.Branch concluded success, and not longer ago than w.MaxAge.
func JudgeWorkflow(w fact.Workflow, a fact.WorkflowAnswer, now time.Time) fact.Result {
	r := fact.Result{Probe: workflowProbe(w, a), Outcome: fact.Fail}
	switch a.State {
	case fact.WorkflowActive:
		judgeRun(&r, w, a, now)
	case fact.WorkflowIdle: // https://docs.github.com/en/actions/how-tos/manage-workflow-runs/disable-and-enable-a-workflow
		r.Class, r.Got = "workflow:idle", "disabled"
		r.Reason = "GitHub disabled it because nothing happened in the repository for 60 days: no schedule starts it. Enable it again: gh workflow enable " + shell.Operand(w.File)
	case fact.WorkflowDisabled:
		r.Class, r.Got = "workflow:disabled", "disabled"
		r.Reason = "it is disabled, so nothing starts it. Enable it again: gh workflow enable " + shell.Operand(w.File)
	case fact.WorkflowAbsent:
		r.Class, r.Got = "workflow:absent", "absent"
		r.Reason = fmt.Sprintf("there is no %s on %s: put it back, or take the fact out of the configuration", workflowPath(w), w.Branch)
	case fact.WorkflowUnreadable:
		r.Class, r.Got = "workflow:unreadable", "unreadable"
		r.Reason = "GitHub cannot read " + workflowPath(w) + ", so no schedule starts it: " + a.Reason
	default:
		r.Outcome, r.Class, r.Reason = fact.OutcomeUnknown, "workflow:unknown", a.Reason
	}
	return r
}

func workflowProbe(w fact.Workflow, a fact.WorkflowAnswer) fact.Probe {
	p := fact.Probe{Name: w.Name, URL: a.URL, Want: "success"}
	if p.URL == "" {
		p.URL = workflowPath(w)
	}
	if w.MaxAge > 0 {
		p.Want += " within " + spoken(w.MaxAge)
	}
	return p
}

func workflowPath(w fact.Workflow) string { return ".github/workflows/" + w.File }

// scheduled is the event of the runs that a schedule starts.
const scheduled = "schedule"

// longestSilence is how long ago the last run of a schedule may have begun where
// max_age says nothing: once a month is the least that a schedule is used for.
const longestSilence = 31 * 24 * time.Hour

// judgeRun judges the latest run of a workflow that is active.
func judgeRun(r *fact.Result, w fact.Workflow, a fact.WorkflowAnswer, now time.Time) {
	switch {
	case a.Conclusion == "":
		r.Class, r.Got = "workflow:none", "no run"
		r.Reason = fmt.Sprintf("no run on %s has completed yet. Start one: gh workflow run %s --ref %s", w.Branch, shell.Word(w.File), shell.Word(w.Branch))
		if w.Event != "" {
			r.Reason = fmt.Sprintf("no run on %s that the event %s started has completed yet; `event: any` counts all of them", w.Branch, w.Event)
		}
	case a.Conclusion != "success":
		r.Class, r.Got = "workflow:"+a.Conclusion, a.Conclusion
		r.Reason = fmt.Sprintf("the latest run on %s concluded %s, want %s", w.Branch, a.Conclusion, r.Probe.Want)
	case (w.MaxAge > 0 || w.Event == scheduled) && a.Started.IsZero():
		r.Outcome, r.Class, r.Got = fact.OutcomeUnknown, "workflow:unknown", "success"
		r.Reason = "GitHub does not say when the latest run on " + w.Branch + " began"
	default:
		r.Outcome, r.Got = fact.Pass, "success"
		judgeAge(r, w, now.Sub(a.Started))
	}
}

// judgeAge judges how long ago a success was. What is said of it otherwise than
// in the assertion and the reason does not change with the clock.
func judgeAge(r *fact.Result, w fact.Workflow, age time.Duration) {
	if w.MaxAge == 0 && (w.Event != scheduled || age <= longestSilence) {
		return
	}
	w.MaxAge = cmp.Or(w.MaxAge, longestSilence)
	within := fact.Assertion{Want: "within " + spoken(w.MaxAge), Saw: spoken(age), Outcome: fact.Pass}
	if age > w.MaxAge {
		r.Outcome, r.Class, r.Got = fact.Fail, "workflow:old", "old success"
		r.Reason = fmt.Sprintf("the latest run on %s, %s ago, concluded success; want one within %s. See whether its schedule stopped: gh run list --workflow %s",
			w.Branch, spoken(age), spoken(w.MaxAge), shell.Word(w.File))
		within.Outcome, within.Reason = fact.Fail, r.Reason
	}
	r.Assertions = []fact.Assertion{within}
}

// spoken writes a length of time to the minute without its empty parts: 26h.
func spoken(d time.Duration) string {
	if d < time.Minute {
		return "less than a minute"
	}
	s := strings.TrimSuffix(d.Truncate(time.Minute).String(), "0s")
	if hours, ok := strings.CutSuffix(s, "h0m"); ok {
		return hours + "h"
	}
	return s
}
