package event

import (
	"cmp"
	"fmt"
	"strings"
)

// payload is what is read of an event file; the rest of it is not looked at.
type payload struct {
	Number      int          `json:"number"`
	PullRequest *pullRequest `json:"pull_request"`
	MergeGroup  *mergeGroup  `json:"merge_group"`
	Before      string       `json:"before"`
	After       string       `json:"after"`
	Deleted     bool         `json:"deleted"`
	Issue       *struct {
		Number      int       `json:"number"`
		PullRequest *struct{} `json:"pull_request"`
	} `json:"issue"`
	Schedule   string         `json:"schedule"` // the entry of on.schedule that started the run
	Inputs     map[string]any `json:"inputs"`   // of workflow_dispatch; a boolean comes as a text
	Repository struct {
		FullName      string `json:"full_name"`
		DefaultBranch string `json:"default_branch"`
	} `json:"repository"`
}

type pullRequest struct {
	Number int    `json:"number"`
	Head   commit `json:"head"`
	Base   commit `json:"base"`
}

type commit struct {
	SHA  string `json:"sha"`
	Ref  string `json:"ref"`
	Repo *struct {
		FullName string `json:"full_name"`
	} `json:"repo"` // null where the fork was deleted
}

type mergeGroup struct {
	HeadSHA string `json:"head_sha"`
	HeadRef string `json:"head_ref"`
	BaseSHA string `json:"base_sha"`
	BaseRef string `json:"base_ref"`
}

const headsPrefix = "refs/heads/"

// fillFrom sets what the payload says of the event's kind.
func (e *Event) fillFrom(p payload, env map[string]string) error {
	e.DefaultBranch, e.Schedule = p.Repository.DefaultBranch, p.Schedule
	e.Repo = cmp.Or(e.Repo, p.Repository.FullName)
	if owner, name, ok := strings.Cut(e.Repo, "/"); !ok || owner == "" || name == "" || strings.Contains(name, "/") {
		return fmt.Errorf("GITHUB_REPOSITORY is %q: want owner/name", e.Repo)
	}
	switch e.Kind {
	case PullRequest, PullRequestTarget:
		return e.fillPull(p, env)
	case MergeGroup:
		return e.fillGroup(p)
	case Push:
		return e.fillPush(p, env)
	case IssueComment:
		return e.fillComment(p)
	default: // schedule and workflow_dispatch run on a branch and name no change
		e.Head = env["GITHUB_SHA"]
		e.OnDefault = e.onDefault()
		e.Drill = e.Kind == WorkflowDispatch && fmt.Sprint(p.Inputs["drill"]) == "true"
		return nil
	}
}

func (e *Event) fillPull(p payload, env map[string]string) error {
	pr := p.PullRequest
	if pr == nil {
		return e.missingField("pull_request")
	}
	e.Pull = cmp.Or(pr.Number, p.Number)
	if e.Pull <= 0 {
		return e.missingField("pull_request.number")
	}
	e.Head, e.HeadRef = pr.Head.SHA, pr.Head.Ref
	e.Base, e.BaseRef = pr.Base.SHA, pr.Base.Ref
	if e.Head == "" || e.Base == "" {
		return e.missingField("pull_request.head.sha or pull_request.base.sha")
	}
	e.Fork = pr.Head.Repo == nil || !strings.EqualFold(pr.Head.Repo.FullName, e.Repo)
	if e.Kind == PullRequest { // on pull_request_target GITHUB_SHA is the base branch
		e.Merge = env["GITHUB_SHA"]
	}
	return nil
}

func (e *Event) fillGroup(p payload) error {
	g := p.MergeGroup
	if g == nil {
		return e.missingField("merge_group")
	}
	if g.HeadSHA == "" || g.BaseSHA == "" {
		return e.missingField("merge_group.head_sha or merge_group.base_sha")
	}
	e.Head, e.HeadRef = g.HeadSHA, strings.TrimPrefix(g.HeadRef, headsPrefix)
	e.Base, e.BaseRef = g.BaseSHA, strings.TrimPrefix(g.BaseRef, headsPrefix)
	e.Pull, e.PullReason = groupPull(g.HeadRef)
	return nil
}

func (e *Event) fillPush(p payload, env map[string]string) error {
	e.Head, e.Base, e.Deleted = cmp.Or(p.After, env["GITHUB_SHA"]), p.Before, p.Deleted
	if isZero(e.Base) {
		e.Base = ""
	}
	e.Deleted = e.Deleted || isZero(e.Head)
	if e.Head == "" {
		return e.missingField("after")
	}
	e.HeadRef = strings.TrimPrefix(e.Ref, headsPrefix)
	e.BaseRef = e.HeadRef
	e.OnDefault = e.onDefault()
	return nil
}

func (e *Event) fillComment(p payload) error {
	if p.Issue == nil {
		return e.missingField("issue")
	}
	if p.Issue.PullRequest != nil {
		e.Pull = p.Issue.Number
	}
	return nil
}

func (e *Event) onDefault() bool {
	return e.DefaultBranch != "" && e.Ref == headsPrefix+e.DefaultBranch
}

func (e *Event) missingField(what string) error {
	return fmt.Errorf("the event file of this %s event has no %s", e.Kind, what)
}

// isZero says whether a commit is git's name for none, forty or sixty-four zeros.
func isZero(sha string) bool {
	return len(sha) >= 40 && strings.Trim(sha, "0") == ""
}

// groupPull returns the pull request a merge group's branch was made for.
// GitHub names it refs/heads/gh-readonly-queue/BASE/pr-NUMBER-COMMIT; the
// shape is not documented, so any other is could-not-find-out.
func groupPull(ref string) (int, string) {
	reason := fmt.Sprintf("the merge group's branch %q is not of the form gh-readonly-queue/BASE/pr-NUMBER-COMMIT", ref)
	rest, ok := strings.CutPrefix(strings.TrimPrefix(ref, headsPrefix), "gh-readonly-queue/")
	if !ok {
		return 0, reason
	}
	slash := strings.LastIndexByte(rest, '/')
	last, ok := strings.CutPrefix(rest[slash+1:], "pr-")
	if slash < 1 || !ok {
		return 0, reason
	}
	digits, sha, _ := strings.Cut(last, "-")
	n := parseNumber(digits)
	if n < 1 || n > 1<<31-1 || digits[0] == '0' || digits[0] == '+' || !isCommit(sha) {
		return 0, reason
	}
	return int(n), ""
}

func isCommit(sha string) bool {
	return (len(sha) == 40 || len(sha) == 64) && strings.Trim(sha, "0123456789abcdef") == ""
}
