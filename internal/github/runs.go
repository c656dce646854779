package github

import (
	"context"
	"time"

	"github.com/google/go-github/v66/github"
)

// WorkflowRun is one run of a workflow.
type WorkflowRun struct {
	Number     int
	Event      string
	Status     string // "completed", "in_progress", …
	Conclusion string // "success", "failure", …; empty until completed
	Started    time.Time
	Suite      string // node ID of its check suite, which holds its jobs
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
			Started: r.GetCreatedAt().Time, Suite: r.GetCheckSuiteNodeID(),
		})
	}
	return runs, nil
}

const failureTitlesText = `query FailureTitles($suites: [ID!]!) {
  nodes(ids: $suites) {
    ... on CheckSuite { id checkRuns(first: 20) { nodes { annotations(first: 100) { nodes { title annotationLevel } } } } }
  }
}
`

// maxSuites is how many check suites are asked for at once.
const maxSuites = 20

// FailureTitles returns the titles of the annotations by which the jobs of runs say
// what failed, by the node ID of the run's check suite. At most twenty are asked for.
func (c *Client) FailureTitles(ctx context.Context, suites []string) (map[string][]string, error) {
	const op, needsChecks = "reading what earlier runs reported", "checks=read"
	var data struct {
		Nodes []*struct {
			ID        string
			CheckRuns *struct {
				Nodes []struct {
					Annotations *struct {
						Nodes []struct{ Title, AnnotationLevel string }
					}
				}
			}
		}
	}
	a, err := c.query(ctx, op, failureTitlesText, map[string]any{"suites": suites[:min(len(suites), maxSuites)]}, &data)
	switch {
	case err != nil:
		return nil, err
	case len(a.Errors) > 0:
		return nil, a.Errors[0].asError(op, needsChecks)
	}
	out := map[string][]string{}
	for _, suite := range data.Nodes {
		if suite == nil || suite.CheckRuns == nil {
			continue
		}
		out[suite.ID] = []string{}
		for _, run := range suite.CheckRuns.Nodes {
			if run.Annotations == nil {
				continue
			}
			for _, one := range run.Annotations.Nodes {
				if one.AnnotationLevel == "FAILURE" {
					out[suite.ID] = append(out[suite.ID], one.Title)
				}
			}
		}
	}
	return out, nil
}
