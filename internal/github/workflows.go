package github

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/go-github/v66/github"

	"github.com/boardgate/boardgate/internal/fact"
)

// workflowStates are GitHub's words for a workflow's state
// (https://docs.github.com/en/rest/actions/workflows#get-a-workflow).
var workflowStates = map[string]fact.WorkflowState{
	"active":              fact.WorkflowActive,
	"disabled_inactivity": fact.WorkflowIdle,
	"disabled_manually":   fact.WorkflowDisabled,
	"disabled_fork":       fact.WorkflowDisabled,
	"deleted":             fact.WorkflowAbsent,
}

// Workflow asks for a workflow and its latest completed run on w.Branch, which
// must be filled in: see DefaultBranch. Runs for pull requests do not count: a
// fork's branch may be called main too. What could not be found out is an
// answer as well; the error, nil for every other answer, says why.
func (c *Client) Workflow(ctx context.Context, repo string, w fact.Workflow) (fact.WorkflowAnswer, error) {
	owner, name := ownerAndName(repo)
	got, _, err := c.rest.Actions.GetWorkflowByFileName(ctx, owner, name, url.PathEscape(w.File))
	if err = ofActions("asking for the workflow "+w.File, err); KindOf(err) == NotFound {
		return c.unlisted(ctx, repo, w)
	}
	if err != nil {
		return unknownWorkflow(err)
	}
	a := fact.WorkflowAnswer{State: workflowStates[got.GetState()], Title: got.GetName(), URL: got.GetHTMLURL()}
	switch a.State {
	case fact.WorkflowNotAsked:
		return unknownWorkflow(&Error{Op: "asking for the workflow " + w.File, Kind: Unavailable, Message: fmt.Sprintf("its state is %q, which this version does not know", got.GetState())})
	case fact.WorkflowActive:
		return c.latestRun(ctx, repo, w, a)
	}
	return a, nil
}

// unlisted tells a workflow that is not there from one that cannot be seen.
func (c *Client) unlisted(ctx context.Context, repo string, w fact.Workflow) (fact.WorkflowAnswer, error) {
	file, err := c.WorkflowFile(ctx, repo, w)
	switch {
	case err != nil:
		return unknownWorkflow(err)
	case file.OID == "":
		return fact.WorkflowAnswer{State: fact.WorkflowAbsent}, nil
	}
	return unknownWorkflow(&Error{Op: "asking for the workflow " + w.File, Kind: Unavailable, Message: "the file is on " + w.Branch + ", and GitHub lists no such workflow yet"})
}

// A run is described in some ten thousand bytes, and the first of a page is
// nearly always the one that is looked for.
const (
	runsOfPage  = 10
	pagesOfRuns = 10
)

// latestRun adds to an answer the latest run that counts.
func (c *Client) latestRun(ctx context.Context, repo string, w fact.Workflow, a fact.WorkflowAnswer) (fact.WorkflowAnswer, error) {
	op := "asking for the runs of " + w.File
	owner, name := ownerAndName(repo)
	opts := &github.ListWorkflowRunsOptions{Branch: w.Branch, Status: "completed", ExcludePullRequests: true, ListOptions: *onePage(runsOfPage)}
	for page := range pagesOfRuns {
		got, resp, err := c.rest.Actions.ListWorkflowRunsByFileName(ctx, owner, name, url.PathEscape(w.File), opts)
		if err != nil {
			return unknownWorkflow(ofActions(op, err))
		}
		runs := slices.DeleteFunc(got.WorkflowRuns, ofPull)
		if page == 0 && len(runs) > 0 {
			a.Doubtful = doubtful(w, a.Title, runs[0].GetConclusion())
		}
		if i := slices.IndexFunc(runs, func(r *github.WorkflowRun) bool { return w.Event == "" || r.GetEvent() == w.Event }); i >= 0 {
			r := runs[i]
			a.Conclusion, a.URL, a.Started = r.GetConclusion(), r.GetHTMLURL(), started(r)
			return a, nil
		}
		switch {
		case resp.NextPage == 0:
			return a, nil
		case opts.Event != w.Event:
			opts.Event = w.Event // from its first page on
		default:
			opts.Page = resp.NextPage
		}
	}
	return unknownWorkflow(&Error{Op: op, Kind: Unavailable, Message: fmt.Sprintf("the last %d of %s are all of pull requests", runsOfPage*pagesOfRuns, w.Branch)})
}

// doubtful tells of a run that GitHub may not have been able to begin. Of a file that
// it cannot read it knows no name but the path, and the pushes it is tried on fail; a
// sound file without a name that fails looks the same, so only the text tells.
func doubtful(w fact.Workflow, title, conclusion string) bool {
	return conclusion == "startup_failure" || conclusion == "failure" && title == ".github/workflows/"+w.File
}

// ofPull says whether a run is of a pull request, from a branch that may have the
// same name.
func ofPull(r *github.WorkflowRun) bool { return strings.HasPrefix(r.GetEvent(), "pull_request") }

// started is when a run began, the last time it was run; a server that does not
// say so says when it was made.
func started(r *github.WorkflowRun) time.Time {
	if at := r.GetRunStartedAt(); !at.IsZero() {
		return at.UTC()
	}
	return r.GetCreatedAt().UTC()
}

// ofActions is fail for what needs the permission to read Actions, which not
// every server names in its refusal.
func ofActions(op string, err error) error {
	err = asError(op, err)
	var e *Error
	if errors.As(err, &e) && e.Kind == Forbidden && e.Accepted == "" {
		e.Accepted = "actions=read"
	}
	return err
}

func unknownWorkflow(err error) (fact.WorkflowAnswer, error) {
	reason := err.Error()
	if lines := Permissions(err); len(lines) > 0 {
		reason += "; the token lacks " + strings.Join(lines, ", ")
	}
	return fact.WorkflowAnswer{State: fact.WorkflowUnknown, Reason: reason}, err
}

// DefaultBranch returns the name of a repository's default branch.
func (c *Client) DefaultBranch(ctx context.Context, repo string) (string, error) {
	const op = "asking for the default branch"
	const text = `query DefaultBranch($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    defaultBranchRef { name }
  }
}
`
	var data struct {
		Repository *struct{ DefaultBranchRef *struct{ Name string } }
	}
	owner, name := ownerAndName(repo)
	a, err := c.query(ctx, op, text, map[string]any{"owner": owner, "name": name}, &data)
	switch {
	case err != nil:
		return "", err
	case data.Repository == nil:
		return "", a.absent(op, repo)
	case data.Repository.DefaultBranchRef == nil || data.Repository.DefaultBranchRef.Name == "":
		return "", &Error{Op: op, Kind: NotFound, Message: repo + " has no branch yet"}
	}
	return data.Repository.DefaultBranchRef.Name, nil
}

// WorkflowFile returns the file of a workflow on w.Branch, the zero File where
// there is none. Text has its bytes.
func (c *Client) WorkflowFile(ctx context.Context, repo string, w fact.Workflow) (File, error) {
	const op = "reading the workflow's file"
	const text = `query WorkflowFile($owner: String!, $name: String!, $file: String!) {
  repository(owner: $owner, name: $name) {
    object(expression: $file) { __typename oid ... on Blob { byteSize isTruncated text } }
  }
}
`
	var data struct{ Repository *entryAnswer }
	owner, name := ownerAndName(repo)
	path := ".github/workflows/" + w.File
	a, err := c.query(ctx, op, text, map[string]any{"owner": owner, "name": name, "file": "refs/heads/" + w.Branch + ":" + path}, &data)
	switch {
	case err != nil:
		return File{}, err
	case data.Repository == nil || len(a.Errors) > 0:
		return File{}, a.absent(op, repo)
	}
	file, _ := data.Repository.toFile(repo, path)
	return file, nil
}

// absent is why a part of the repository did not come.
func (a *answer) absent(op, repo string) error {
	if len(a.Errors) > 0 {
		return a.Errors[0].asError(op, needsContents)
	}
	return &Error{Op: op, Kind: NotFound, Message: "the repository " + repo + " is not there for this token", Accepted: needsContents}
}
