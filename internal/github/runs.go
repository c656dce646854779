package github

import (
	"context"

	"github.com/google/go-github/v66/github"
)

// WorkflowRun is one run of a workflow.
type WorkflowRun struct {
	Number     int
	Event      string
	Status     string // "completed", "in_progress", …
	Conclusion string // "success", "failure", …; empty until completed
}

// WorkflowRuns returns the latest runs of a workflow file on a branch, newest
// first, at most a hundred.
func (c *Client) WorkflowRuns(ctx context.Context, repo, file, branch string, most int) ([]WorkflowRun, error) {
	owner, name := ownerAndName(repo)
	got, _, err := c.rest.Actions.ListWorkflowRunsByFileName(ctx, owner, name, file, &github.ListWorkflowRunsOptions{
		Branch: branch, ListOptions: github.ListOptions{PerPage: min(most, pageSize)},
	})
	if err != nil {
		return nil, asError("listing the runs of "+file, err)
	}
	runs := make([]WorkflowRun, 0, len(got.WorkflowRuns))
	for _, r := range got.WorkflowRuns {
		runs = append(runs, WorkflowRun{
			Number: r.GetRunNumber(), Event: r.GetEvent(), Status: r.GetStatus(), Conclusion: r.GetConclusion(),
		})
	}
	return runs, nil
}
