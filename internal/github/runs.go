package github

import (
	"context"
	"time"

	"github.com/google/go-github/v66/github"
)

// WorkflowRun is one run of a workflow.
type WorkflowRun struct {
	ID         int64
	Number     int
	Event      string
	Branch     string
	Head       string
	Status     string // "completed", "in_progress", …
	Conclusion string // "success", "failure", …; empty until completed
	Created    time.Time
	Updated    time.Time
	URL        string
}

// WorkflowRuns returns the latest runs of a workflow file on a branch, newest
// first, at most a hundred.
func (c *Client) WorkflowRuns(ctx context.Context, repo, file, branch string, most int) ([]WorkflowRun, error) {
	owner, name := split(repo)
	got, _, err := c.rest.Actions.ListWorkflowRunsByFileName(ctx, owner, name, file, &github.ListWorkflowRunsOptions{
		Branch: branch, ListOptions: github.ListOptions{PerPage: min(most, pageSize)},
	})
	if err != nil {
		return nil, fail("listing the runs of "+file, err)
	}
	runs := make([]WorkflowRun, 0, len(got.WorkflowRuns))
	for _, r := range got.WorkflowRuns {
		runs = append(runs, WorkflowRun{
			ID: r.GetID(), Number: r.GetRunNumber(), Event: r.GetEvent(), Branch: r.GetHeadBranch(), Head: r.GetHeadSHA(),
			Status: r.GetStatus(), Conclusion: r.GetConclusion(), URL: r.GetHTMLURL(),
			Created: r.GetCreatedAt().UTC(), Updated: r.GetUpdatedAt().UTC(),
		})
	}
	return runs, nil
}
