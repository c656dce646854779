// Package event says what woke the gate.
//
// It reads the environment and the event file that a GitHub Actions runner
// hands to a job. Both are arguments, so that a test can be any runner.
//
// The variables: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
// The payloads: https://docs.github.com/en/webhooks/webhook-events-and-payloads
package event

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Kind is the name of an event, as GITHUB_EVENT_NAME has it.
type Kind string

// The events the gate knows.
const (
	PullRequest       Kind = "pull_request"
	PullRequestTarget Kind = "pull_request_target"
	MergeGroup        Kind = "merge_group"
	Push              Kind = "push"
	Schedule          Kind = "schedule"
	WorkflowDispatch  Kind = "workflow_dispatch"
	IssueComment      Kind = "issue_comment"
)

// Kinds returns the events the gate knows, in the order of its documentation.
func Kinds() []Kind {
	return []Kind{PullRequest, PullRequestTarget, MergeGroup, Push, Schedule, WorkflowDispatch, IssueComment}
}

// Event is what woke the gate and where it runs. The zero Event is of no kind.
type Event struct {
	Kind Kind
	Repo string // "owner/name" of the repository whose board is judged

	// Pull is the pull request's number, 0 where there is none or it could not
	// be found out; PullReason says why it could not.
	Pull       int
	PullReason string

	Head    string // commit judged: the pull request's own head, the group's head, what was pushed
	Base    string // commit it came from; stale on pull_request, where the merge commit's first parent is the truth. Empty for a new branch
	Merge   string // the merge commit that the runner was woken for; pull_request only
	HeadRef string // branch of Head, without refs/heads/
	BaseRef string // branch of Base, without refs/heads/
	Fork    bool   // the head is in another repository, or that one was deleted

	Ref           string // GITHUB_REF
	DefaultBranch string // empty where the payload does not say
	Deleted       bool   // a push that deletes its branch
	OnDefault     bool   // a push to the default branch
	Schedule      string // of schedule, the cron expression that started the run; empty where the payload does not say
	Drill         bool   // workflow_dispatch whose input drill is true: the way of an alarm is tried out

	Run       Run
	Server    string // address of the web pages, without a slash at the end
	API       string // address of the REST interface, the same
	GraphQL   string // address of the GraphQL interface
	Workspace string // directory the repository is mounted at, may be empty of files

	inputs map[string]string
}

// Run is the workflow run the gate is part of.
type Run struct {
	ID      int64
	Number  int    // counts the runs of one workflow, from 1; a re-run keeps it
	Attempt int    // counts the re-runs of one run, from 1
	File    string // the workflow file's name under .github/workflows, empty where it is not known
	Job     string // key of the job in its workflow file
}

// RunURL returns the address of the run's page, empty where it is not known.
func (e Event) RunURL() string {
	if e.Server == "" || e.Repo == "" || e.Run.ID == 0 {
		return ""
	}
	return fmt.Sprintf("%s/%s/actions/runs/%d", e.Server, e.Repo, e.Run.ID)
}

// Input returns an input of the action, without white space around it; empty
// where it is not set, for a runner cannot tell the two apart.
func (e Event) Input(name string) string {
	key := strings.ToUpper(strings.ReplaceAll(name, " ", "_")) // as the runner spells it
	return cmp.Or(e.inputs[key], e.inputs[strings.ReplaceAll(key, "-", "_")])
}

// Flag returns an input that is true or false in the words of YAML 1.2's core
// schema, which are those of the Actions toolkit; unset where the input is empty.
func (e Event) Flag(name string, unset bool) (bool, error) {
	switch v := e.Input(name); v {
	case "":
		return unset, nil
	case "true", "True", "TRUE":
		return true, nil
	case "false", "False", "FALSE":
		return false, nil
	default:
		return unset, fmt.Errorf("input %s is %q: want true or false", name, v)
	}
}

// Choice returns an input that must be one of a few words; the first of them where it is empty.
func (e Event) Choice(name string, words ...string) (string, error) {
	v := e.Input(name)
	if v == "" {
		return words[0], nil
	}
	if slices.Contains(words, v) {
		return v, nil
	}
	return words[0], fmt.Errorf("input %s is %q: want %s", name, v, strings.Join(words, ", "))
}
