package probe

import (
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/fact"
)

func TestJudgeWorkflow(t *testing.T) {
	now := time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)
	ran := func(conclusion string, ago time.Duration) fact.WorkflowAnswer {
		return fact.WorkflowAnswer{State: fact.WorkflowActive, Conclusion: conclusion, Started: now.Add(-ago), URL: "https://hub.test/runs/1"}
	}
	const day = 24 * time.Hour
	for name, tt := range map[string]struct {
		age     time.Duration
		answer  fact.WorkflowAnswer
		outcome fact.Outcome
		got     string
		class   string
		reason  string
	}{
		"green":           {26 * time.Hour, ran("success", 25*time.Hour), fact.Pass, "success", "", ""},
		"green, just yet": {26 * time.Hour, ran("success", 26*time.Hour), fact.Pass, "success", "", ""},
		"old": {
			26 * time.Hour, ran("success", 40*time.Hour+12*time.Minute+5*time.Second), fact.Fail, "old success", "workflow:old",
			"the latest run on main, 40h12m ago, concluded success; want one within 26h. See whether its schedule stopped: gh run list --workflow smoke.yml",
		},
		"of any age":       {0, ran("success", 400*day), fact.Pass, "success", "", ""},
		"of a clock ahead": {26 * time.Hour, ran("success", -time.Minute), fact.Pass, "success", "", ""},
		"of no time": {
			26 * time.Hour,
			fact.WorkflowAnswer{State: fact.WorkflowActive, Conclusion: "success"},
			fact.OutcomeUnknown, "success", "workflow:unknown",
			"GitHub does not say when the latest run on main began",
		},
		"of no time, where any will do": {0, fact.WorkflowAnswer{State: fact.WorkflowActive, Conclusion: "success"}, fact.Pass, "success", "", ""},
		"red":                           {26 * time.Hour, ran("failure", time.Hour), fact.Fail, "failure", "workflow:failure", "the latest run on main concluded failure, want success within 26h"},
		"cancelled, which a run out of time is too": {0, ran("cancelled", time.Hour), fact.Fail, "cancelled", "workflow:cancelled", "the latest run on main concluded cancelled, want success"},
		"skipped": {0, ran("skipped", time.Hour), fact.Fail, "skipped", "workflow:skipped", "the latest run on main concluded skipped, want success"},
		"no run": {
			0,
			fact.WorkflowAnswer{State: fact.WorkflowActive},
			fact.Fail, "no run", "workflow:none",
			"no run on main has completed yet. Start one: gh workflow run smoke.yml --ref main",
		},
		"idle": {
			0,
			fact.WorkflowAnswer{State: fact.WorkflowIdle},
			fact.Fail, "disabled", "workflow:idle",
			"GitHub disabled it because nothing happened in the repository for 60 days: no schedule starts it. Enable it again: gh workflow enable smoke.yml",
		},
		"disabled": {
			0,
			fact.WorkflowAnswer{State: fact.WorkflowDisabled},
			fact.Fail, "disabled", "workflow:disabled",
			"it is disabled, so nothing starts it. Enable it again: gh workflow enable smoke.yml",
		},
		"absent": {
			0,
			fact.WorkflowAnswer{State: fact.WorkflowAbsent},
			fact.Fail, "absent", "workflow:absent",
			"there is no .github/workflows/smoke.yml on main: put it back, or take the fact out of the configuration",
		},
		"unreadable": {
			0,
			fact.WorkflowAnswer{State: fact.WorkflowUnreadable, Reason: "line 3: so"},
			fact.Fail, "unreadable", "workflow:unreadable",
			"GitHub cannot read .github/workflows/smoke.yml, so no schedule starts it: line 3: so",
		},
		"unknown": {0, fact.WorkflowAnswer{State: fact.WorkflowUnknown, Reason: "forbidden"}, fact.OutcomeUnknown, "", "workflow:unknown", "forbidden"},
	} {
		t.Run(name, func(t *testing.T) {
			w := fact.Workflow{Name: "smoke", File: "smoke.yml", Branch: "main", MaxAge: tt.age}
			r := JudgeWorkflow(w, tt.answer, now)
			if r.Outcome != tt.outcome || r.Got != tt.got || r.Class != tt.class || r.Reason != tt.reason {
				t.Errorf("got  %s %q %q %q\nwant %s %q %q %q", r.Outcome, r.Got, r.Class, r.Reason, tt.outcome, tt.got, tt.class, tt.reason)
			}
		})
	}
}

// The zero answer is not a pass.
func TestJudgeWorkflowNotAsked(t *testing.T) {
	if r := JudgeWorkflow(fact.Workflow{Name: "smoke", File: "smoke.yml"}, fact.WorkflowAnswer{}, time.Time{}); r.Outcome != fact.OutcomeUnknown {
		t.Errorf("%+v", r)
	}
}

func TestWorkflowProbe(t *testing.T) {
	w := fact.Workflow{Name: "smoke", File: "smoke.yml", Branch: "main", MaxAge: 90 * time.Minute}
	if p := workflowProbe(w, fact.WorkflowAnswer{}); p.Name != "smoke" || p.Method != "" || p.URL != ".github/workflows/smoke.yml" || p.Want != "success within 1h30m" {
		t.Errorf("%+v", p)
	}
	if p := workflowProbe(w, fact.WorkflowAnswer{URL: "https://hub.test/runs/1"}); p.URL != "https://hub.test/runs/1" {
		t.Errorf("%+v", p)
	}
}

func TestSpoken(t *testing.T) {
	for d, want := range map[time.Duration]string{
		26 * time.Hour: "26h", 90 * time.Minute: "1h30m", 10 * time.Minute: "10m", 20 * time.Hour: "20h", 59 * time.Second: "less than a minute", -time.Hour: "less than a minute",
	} {
		if got := spoken(d); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}
