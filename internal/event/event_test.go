package event

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var (
	shaA = strings.Repeat("a", 40)
	shaB = strings.Repeat("b", 40)
	shaM = strings.Repeat("c", 40)
	zero = strings.Repeat("0", 40)
)

func runner(kind string, more ...string) []string {
	return append([]string{
		"GITHUB_EVENT_NAME=" + kind, "GITHUB_EVENT_PATH=/event.json", "GITHUB_REPOSITORY=acme/shop",
		"GITHUB_SHA=" + shaM, "GITHUB_REF=refs/heads/main", "GITHUB_RUN_ID=77", "GITHUB_RUN_NUMBER=12", "GITHUB_RUN_ATTEMPT=2",
	}, more...)
}

func file(text string) func(string) (io.ReadCloser, error) {
	return func(path string) (io.ReadCloser, error) {
		if path != "/event.json" {
			return nil, fs.ErrNotExist
		}
		return io.NopCloser(strings.NewReader(text)), nil
	}
}

const repository = `"repository":{"full_name":"acme/shop","default_branch":"main"}`

func pullEvent(headRepo string) string {
	return `{"action":"synchronize","number":5,"pull_request":{"number":5,"head":{"sha":"` + shaA + `","ref":"work","repo":` + headRepo +
		`},"base":{"sha":"` + shaB + `","ref":"main","repo":{"full_name":"acme/shop"}}},` + repository + `}`
}

func groupEvent(ref string) string {
	return `{"action":"checks_requested","merge_group":{"head_sha":"` + shaA + `","head_ref":"` + ref + `","base_sha":"` + shaB +
		`","base_ref":"refs/heads/main"},` + repository + `}`
}

func TestRead(t *testing.T) {
	common := Event{
		Repo: "acme/shop", Ref: "refs/heads/main", DefaultBranch: "main",
		Run: Run{ID: 77, Number: 12, Attempt: 2}, Server: "https://github.com",
		API: "https://api.github.com", GraphQL: "https://api.github.com/graphql",
	}
	with := func(change func(*Event)) Event { e := common; change(&e); return e }
	pull := func(kind Kind, merge string, fork bool) Event {
		return with(func(e *Event) {
			e.Kind, e.Pull, e.Fork = kind, 5, fork
			e.Head, e.HeadRef, e.Base, e.BaseRef, e.Merge = shaA, "work", shaB, "main", merge
		})
	}
	group := func(pull int) Event {
		return with(func(e *Event) {
			e.Kind, e.Pull = MergeGroup, pull
			e.Head, e.Base, e.BaseRef = shaA, shaB, "main"
			e.HeadRef = "gh-readonly-queue/main/pr-104-" + shaB
		})
	}
	tests := []struct {
		name, text string
		environ    []string
		want       Event
	}{
		{"pull request", pullEvent(`{"full_name":"acme/shop"}`), runner("pull_request"), pull(PullRequest, shaM, false)},
		{"fork", pullEvent(`{"full_name":"someone/shop"}`), runner("pull_request"), pull(PullRequest, shaM, true)},
		{"deleted fork", pullEvent(`null`), runner("pull_request"), pull(PullRequest, shaM, true)},
		{"target has no merge commit", pullEvent(`{"full_name":"acme/shop"}`), runner("pull_request_target"), pull(PullRequestTarget, "", false)},
		{"merge group", groupEvent("refs/heads/gh-readonly-queue/main/pr-104-" + shaB), runner("merge_group"), group(104)},
		{"push", `{"before":"` + shaB + `","after":"` + shaA + `",` + repository + `}`, runner("push"), with(func(e *Event) {
			e.Kind, e.Head, e.Base, e.HeadRef, e.BaseRef, e.OnDefault = Push, shaA, shaB, "main", "main", true
		})},
		{
			"push of a new branch", `{"before":"` + zero + `","after":"` + shaA + `",` + repository + `}`,
			runner("push", "GITHUB_REF=refs/heads/work/x"), with(func(e *Event) {
				e.Kind, e.Head, e.HeadRef, e.BaseRef, e.Ref = Push, shaA, "work/x", "work/x", "refs/heads/work/x"
			}),
		},
		{"push that deletes", `{"before":"` + shaB + `","after":"` + zero + `","deleted":true,` + repository + `}`, runner("push"), with(func(e *Event) {
			e.Kind, e.Head, e.Base, e.HeadRef, e.BaseRef, e.OnDefault, e.Deleted = Push, zero, shaB, "main", "main", true, true
		})},
		{"schedule", `{` + repository + `}`, runner("schedule"), with(func(e *Event) { e.Kind, e.Head, e.OnDefault = Schedule, shaM, true })},
		{"dispatch", `{` + repository + `}`, runner("workflow_dispatch"), with(func(e *Event) { e.Kind, e.Head, e.OnDefault = WorkflowDispatch, shaM, true })},
		{"drill", `{"inputs":{"drill":"true"},` + repository + `}`, runner("workflow_dispatch", "GITHUB_WORKFLOW_REF=acme/shop/.github/workflows/smoke.yml@refs/heads/main"), with(func(e *Event) {
			e.Kind, e.Head, e.OnDefault, e.Drill, e.Run.File = WorkflowDispatch, shaM, true, true, "smoke.yml"
		})},
		{"drill in plain JSON", `{"inputs":{"drill":true},` + repository + `}`, runner("workflow_dispatch"), with(func(e *Event) {
			e.Kind, e.Head, e.OnDefault, e.Drill = WorkflowDispatch, shaM, true, true
		})},
		{"no drill", `{"inputs":{"drill":"false"},` + repository + `}`, runner("workflow_dispatch", "GITHUB_WORKFLOW_REF=acme/shop/other/smoke.yml@main"), with(func(e *Event) {
			e.Kind, e.Head, e.OnDefault = WorkflowDispatch, shaM, true
		})},
		{"a schedule is not a drill", `{"inputs":{"drill":"true"},` + repository + `}`, runner("schedule"), with(func(e *Event) { e.Kind, e.Head, e.OnDefault = Schedule, shaM, true })},
		{
			"comment on a pull request", `{"action":"created","issue":{"number":9,"pull_request":{}},` + repository + `}`, runner("issue_comment"),
			with(func(e *Event) { e.Kind, e.Pull = IssueComment, 9 }),
		},
		{
			"comment on an issue", `{"action":"created","issue":{"number":9},` + repository + `}`, runner("issue_comment"),
			with(func(e *Event) { e.Kind = IssueComment }),
		},
		{
			"enterprise server", `{` + repository + `}`, runner("schedule", "GITHUB_SERVER_URL=https://ghe.example/",
				"GITHUB_API_URL=https://ghe.example/api/v3", "GITHUB_WORKSPACE=/w"),
			with(func(e *Event) {
				e.Kind, e.Head, e.OnDefault = Schedule, shaM, true
				e.Server, e.API, e.GraphQL = "https://ghe.example", "https://ghe.example/api/v3", "https://ghe.example/api/graphql"
				e.Workspace = "/w"
			}),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Read(tt.environ, file(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreUnexported(Event{})); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGroupPull(t *testing.T) {
	tests := []struct {
		ref  string
		want int
	}{
		{"refs/heads/gh-readonly-queue/main/pr-104-" + shaA, 104},
		{"refs/heads/gh-readonly-queue/release/1.2/pr-7-" + shaA, 7},
		{"gh-readonly-queue/main/pr-7-" + strings.Repeat("e", 64), 7},
		{"refs/heads/gh-readonly-queue/main/pr-7-8-" + shaA, 0},
		{"refs/heads/gh-readonly-queue/main/pr-0-" + shaA, 0},
		{"refs/heads/gh-readonly-queue/main/pr-07-" + shaA, 0},
		{"refs/heads/gh-readonly-queue/main/pr-+7-" + shaA, 0},
		{"refs/heads/gh-readonly-queue/main/pr--7-" + shaA, 0},
		{"refs/heads/gh-readonly-queue/main/pr-7-" + shaA[1:], 0},
		{"refs/heads/gh-readonly-queue/main/pr-99999999999-" + shaA, 0},
		{"refs/heads/gh-readonly-queue/pr-7-" + shaA, 0},
		{"refs/heads/work/pr-7-" + shaA, 0},
		{"refs/heads/main", 0},
		{"", 0},
	}
	for _, tt := range tests {
		got, reason := groupPull(tt.ref)
		if got != tt.want || (reason == "") != (tt.want != 0) {
			t.Errorf("groupPull(%q) = %d, %q, want %d and a reason only with 0", tt.ref, got, reason, tt.want)
		}
	}
}

func TestReadErrors(t *testing.T) {
	tests := []struct {
		name, text, want string
		environ          []string
	}{
		{"unknown event", "{}", "pull_request, pull_request_target, merge_group, push, schedule, workflow_dispatch, issue_comment", runner("release")},
		{"no event", "{}", "boardgate check", nil},
		{"no path", "{}", "GITHUB_EVENT_PATH is not set", []string{"GITHUB_EVENT_NAME=push"}},
		{"absent", "{}", "/gone.json does not exist", runner("push", "GITHUB_EVENT_PATH=/gone.json")},
		{"empty", " \n", "is empty", runner("push")},
		{"cut off", `{"before":"` + shaA, "is cut off after 51 bytes", runner("push")},
		{"not JSON", `<html>`, "is not JSON", runner("push")},
		{"another shape", `[1]`, "its top is a array", runner("push")},
		{"another type", `{"number":"five"}`, "number is a string", runner("push")},
		{"no pull request", `{` + repository + `}`, "pull_request event has no pull_request", runner("pull_request")},
		{"no number", `{"pull_request":{},` + repository + `}`, "has no pull_request.number", runner("pull_request")},
		{"no head", `{"pull_request":{"number":4},` + repository + `}`, "has no pull_request.head.sha", runner("pull_request")},
		{"no group", `{` + repository + `}`, "merge_group event has no merge_group", runner("merge_group")},
		{"no group head", `{"merge_group":{},` + repository + `}`, "has no merge_group.head_sha", runner("merge_group")},
		{"no issue", `{` + repository + `}`, "issue_comment event has no issue", runner("issue_comment")},
		{"no repository", `{}`, `GITHUB_REPOSITORY is "": want owner/name`, runner("push", "GITHUB_REPOSITORY=")},
		{"odd repository", `{}`, `want owner/name`, runner("push", "GITHUB_REPOSITORY=a/b/c")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(tt.environ, file(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestUnreadableFile(t *testing.T) {
	broken := errors.New("disk on fire")
	_, err := Read(runner("push"), func(string) (io.ReadCloser, error) { return nil, broken })
	if !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
}

func TestInputs(t *testing.T) {
	e, err := Read(runner("schedule", "INPUT_FAIL-ON= warning ", "INPUT_CA_FILE=/ca.pem", "INPUT_COMMENT=", "INPUT_CHECK-RUN=TRUE", "INPUT_SUGGESTIONS=yes"),
		file(`{`+repository+`}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"fail-on": "warning", "ca-file": "/ca.pem", "comment": "", "board": ""} {
		if got := e.Input(name); got != want {
			t.Errorf("input %s = %q, want %q", name, got, want)
		}
	}
	if got, err := e.Flag("check-run", false); !got || err != nil {
		t.Errorf("check-run = %v, %v", got, err)
	}
	if got, err := e.Flag("require-board", true); !got || err != nil {
		t.Errorf("an unset flag = %v, %v, want its default", got, err)
	}
	if _, err := e.Flag("suggestions", true); err == nil || !strings.Contains(err.Error(), `"yes": want true or false`) {
		t.Errorf("suggestions: %v", err)
	}
	if got, err := e.Choice("fail-on", "error", "warning"); got != "warning" || err != nil {
		t.Errorf("fail-on = %v, %v", got, err)
	}
	if got, _ := e.Choice("comment", "on-findings", "always", "never"); got != "on-findings" {
		t.Errorf("an unset choice = %q, want the first word", got)
	}
	if _, err := e.Choice("ca-file", "a", "b"); err == nil {
		t.Error("a word that is not a choice is not an error")
	}
}

func TestRunURL(t *testing.T) {
	e := Event{Server: "https://ghe.example", Repo: "acme/shop", Run: Run{ID: 77}}
	if got, want := e.RunURL(), "https://ghe.example/acme/shop/actions/runs/77"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := (Event{}).RunURL(); got != "" {
		t.Errorf("%q for no run", got)
	}
}
