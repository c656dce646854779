package github_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/github"
)

var smoke = fact.Workflow{Name: "smoke", File: "smoke.yml", Branch: "main"}

// watched is a scene whose token reads workflows.
func watched(t *testing.T) *scene {
	s := start(t)
	s.hub.Grant(map[string]string{"contents": "read", "actions": "read"})
	s.repo.Push("main", s.repo.Commit(map[string]string{".github/workflows/smoke.yml": "on: push\n", ".github/workflows/new.yml": "on: push\n"}))
	return s
}

func ended(event, branch, conclusion string, at time.Time) fake.Run {
	return fake.Run{Number: 1, Event: event, Branch: branch, Status: "completed", Conclusion: conclusion, Time: at}
}

func TestWorkflow(t *testing.T) {
	at := time.Date(2026, 3, 1, 4, 17, 0, 0, time.UTC)
	good, bad := ended("schedule", "main", "success", at), ended("push", "main", "failure", at)
	running := fake.Run{Number: 9, Event: "schedule", Branch: "main", Status: "in_progress", Time: at}
	again := good
	again.Again = at.Add(time.Hour)
	many := make([]fake.Run, 101)
	for i := range many {
		many[i] = ended("pull_request", "main", "failure", at)
	}
	for name, tt := range map[string]struct {
		state string
		runs  []fake.Run
		want  fact.WorkflowAnswer
	}{
		"green":                         {"active", []fake.Run{good, bad}, fact.WorkflowAnswer{State: fact.WorkflowActive, Conclusion: "success", Started: at}},
		"red":                           {"active", []fake.Run{bad, good}, fact.WorkflowAnswer{State: fact.WorkflowActive, Conclusion: "failure", Started: at}},
		"one under way does not count":  {"active", []fake.Run{running, good}, fact.WorkflowAnswer{State: fact.WorkflowActive, Conclusion: "success", Started: at}},
		"nor one of another branch":     {"active", []fake.Run{ended("push", "work", "failure", at), good}, fact.WorkflowAnswer{State: fact.WorkflowActive, Conclusion: "success", Started: at}},
		"nor a fork's from its main":    {"active", []fake.Run{many[0], ended("pull_request_target", "main", "failure", at), good}, fact.WorkflowAnswer{State: fact.WorkflowActive, Conclusion: "success", Started: at}},
		"run again":                     {"active", []fake.Run{again}, fact.WorkflowAnswer{State: fact.WorkflowActive, Conclusion: "success", Started: again.Again}},
		"none":                          {"active", nil, fact.WorkflowAnswer{State: fact.WorkflowActive}},
		"the last of a hundred":         {"active", append(slices.Clone(many[:99]), good), fact.WorkflowAnswer{State: fact.WorkflowActive, Conclusion: "success", Started: at}},
		"none among ninety":             {"active", many[:90], fact.WorkflowAnswer{State: fact.WorkflowActive}},
		"none among a hundred and more": {"active", many, fact.WorkflowAnswer{State: fact.WorkflowUnknown, Reason: "asking for the runs of smoke.yml: the last 100 of main are all of pull requests"}},
		"disabled for want of activity": {"disabled_inactivity", []fake.Run{good}, fact.WorkflowAnswer{State: fact.WorkflowIdle}},
		"disabled by a person":          {"disabled_manually", []fake.Run{good}, fact.WorkflowAnswer{State: fact.WorkflowDisabled}},
		"disabled in a fork":            {"disabled_fork", nil, fact.WorkflowAnswer{State: fact.WorkflowDisabled}},
		"deleted":                       {"deleted", nil, fact.WorkflowAnswer{State: fact.WorkflowAbsent}},
	} {
		t.Run(name, func(t *testing.T) {
			s := watched(t)
			s.repo.SetWorkflow(fake.Workflow{File: "smoke.yml", Name: "Smoke", State: tt.state})
			s.repo.SetRuns("smoke.yml", tt.runs...)
			got, err := s.client.Workflow(context.Background(), repo, smoke)
			if (err != nil) != (tt.want.State == fact.WorkflowUnknown) {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(fact.WorkflowAnswer{}, "URL", "Title")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if err == nil && (got.Title != "Smoke" || !strings.Contains(got.URL, "/acme/shop/")) {
				t.Errorf("title %q, page %q", got.Title, got.URL)
			}
		})
	}
}

// A file that GitHub cannot read fails the pushes it is tried on, whichever runs count.
func TestWorkflowDoubtful(t *testing.T) {
	const path = ".github/workflows/smoke.yml"
	at := time.Date(2026, 3, 1, 4, 17, 0, 0, time.UTC)
	for _, tt := range []struct {
		title, conclusion string
		want              bool
	}{
		{path, "failure", true}, {"Smoke", "startup_failure", true}, {path, "success", false}, {"Smoke", "failure", false}, {path, "cancelled", false},
	} {
		s := watched(t)
		s.repo.SetWorkflow(fake.Workflow{File: "smoke.yml", Name: tt.title, State: "active"})
		s.repo.SetRuns("smoke.yml", ended("push", "main", tt.conclusion, at), ended("schedule", "main", "success", at))
		scheduled := smoke
		scheduled.Event = "schedule"
		got, err := s.client.Workflow(context.Background(), repo, scheduled)
		if err != nil || got.Doubtful != tt.want || got.Conclusion != "success" {
			t.Errorf("%+v: %+v, %v", tt, got, err)
		}
	}
}

// Runs of other events do not count, however many came since.
func TestWorkflowEvent(t *testing.T) {
	at := time.Date(2026, 3, 1, 4, 17, 0, 0, time.UTC)
	s := watched(t)
	s.repo.SetWorkflow(fake.Workflow{File: "smoke.yml", Name: "Smoke", State: "active"})
	runs := slices.Repeat([]fake.Run{ended("push", "main", "failure", at)}, 120)
	s.repo.SetRuns("smoke.yml", append(runs, ended("schedule", "main", "success", at))...)
	scheduled := smoke
	scheduled.Event = "schedule"
	if got, err := s.client.Workflow(context.Background(), repo, scheduled); err != nil || got.Conclusion != "success" {
		t.Errorf("%+v, %v", got, err)
	}
}

// A state that GitHub adds later is not taken for one that is known.
func TestWorkflowOfANewState(t *testing.T) {
	s := wild(t)
	s.hub.Grant(map[string]string{"actions": "read"})
	s.repo.SetWorkflow(fake.Workflow{File: "smoke.yml", State: "asleep"})
	got, err := s.client.Workflow(context.Background(), repo, smoke)
	if got.State != fact.WorkflowUnknown || err == nil || !strings.Contains(got.Reason, `"asleep"`) {
		t.Errorf("%+v, %v", got, err)
	}
}

// What GitHub does not list is absent only where the file could have been seen.
func TestWorkflowNotListed(t *testing.T) {
	s := watched(t)
	ask := func(repo, file string) (fact.WorkflowAnswer, error) {
		return s.client.Workflow(context.Background(), repo, fact.Workflow{File: file, Branch: "main"})
	}
	if got, err := ask(repo, "gone.yml"); err != nil || got.State != fact.WorkflowAbsent {
		t.Errorf("a file that is not there: %+v, %v", got, err)
	}
	if got, err := ask(repo, "new.yml"); err == nil || got.Reason != "asking for the workflow new.yml: the file is on main, and GitHub lists no such workflow yet" {
		t.Errorf("a file that is not listed: %+v, %v", got, err)
	}
	if got, err := ask("acme/hidden", "smoke.yml"); got.State != fact.WorkflowUnknown || !cmp.Equal(github.Permissions(err), []string{"contents: read"}) {
		t.Errorf("a repository that cannot be seen: %+v, %v", got, err)
	}
	s.hub.Grant(map[string]string{"actions": "read"})
	if got, err := ask(repo, "gone.yml"); got.State != fact.WorkflowUnknown || !cmp.Equal(github.Permissions(err), []string{"contents: read"}) {
		t.Errorf("a file that may not be read: %+v, %v", got, err)
	}
}

func TestWorkflowForbidden(t *testing.T) {
	for name, refuse := range map[string]func(*scene){
		"the header says what is lacking": func(s *scene) { s.hub.Grant(map[string]string{"contents": "read"}) },
		"no header": func(s *scene) {
			s.server.Config.Handler = s.hub
			s.hub.Fail(fake.Fault{Route: "GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs", Status: 403, Message: "Resource not accessible by integration"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := watched(t)
			s.repo.SetWorkflow(fake.Workflow{File: "smoke.yml", State: "active"})
			refuse(s)
			got, err := s.client.Workflow(context.Background(), repo, smoke)
			if got.State != fact.WorkflowUnknown || !strings.HasSuffix(got.Reason, "GitHub answered 403: Resource not accessible by integration; the token lacks actions: read") {
				t.Errorf("%+v", got)
			}
			if diff := cmp.Diff([]string{"actions: read"}, github.Permissions(err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A file's name is one segment of an address, whatever it holds.
func TestWorkflowFileNameIsEscaped(t *testing.T) {
	s := watched(t)
	s.repo.SetWorkflow(fake.Workflow{File: "a ?b#c%.yml", State: "active"})
	got, err := s.client.Workflow(context.Background(), repo, fact.Workflow{File: "a ?b#c%.yml", Branch: "main"})
	if err != nil || got.State != fact.WorkflowActive {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestDefaultBranch(t *testing.T) {
	s := start(t)
	s.repo.DefaultBranch = "trunk"
	if got, err := s.client.DefaultBranch(context.Background(), repo); err != nil || got != "trunk" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := s.client.DefaultBranch(context.Background(), "acme/hidden"); got != "" || github.KindOf(err) != github.NotFound {
		t.Errorf("%q, %v", got, err)
	}
}

func TestWorkflowFile(t *testing.T) {
	s := watched(t)
	f, err := s.client.WorkflowFile(context.Background(), repo, smoke)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := s.client.Text(context.Background(), f); err != nil || string(text) != "on: push\n" || f.Path != ".github/workflows/smoke.yml" {
		t.Errorf("%s: %q, %v", f.Path, text, err)
	}
	for _, none := range []fact.Workflow{{File: "gone.yml", Branch: "main"}, {File: "smoke.yml", Branch: "gone"}} {
		if f, err := s.client.WorkflowFile(context.Background(), repo, none); err != nil || f.OID != "" {
			t.Errorf("%+v: %+v, %v", none, f, err)
		}
	}
	s.requests("WorkflowFile", "WorkflowFile", "WorkflowFile")
}
