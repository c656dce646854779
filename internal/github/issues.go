package github

import (
	"context"
	"encoding/json"

	"github.com/google/go-github/v66/github"
)

// Issue is an issue that this token's owner wrote.
type Issue struct {
	Number int
	Open   bool
	Title  string
	Body   string
}

// OwnIssues returns the hundred issues of a label that were changed last and
// that this token's owner wrote, the newest change first, closed ones too. It
// does not search: the search interface is limited far more tightly.
func (c *Client) OwnIssues(ctx context.Context, repo, label string) ([]Issue, error) {
	const op = "listing the issues"
	const text = `query Issues($owner: String!, $name: String!, $label: String!) {
  repository(owner: $owner, name: $name) {
    issues(first: 100, labels: [$label], orderBy: {field: UPDATED_AT, direction: DESC}) {
      nodes { number state title body viewerDidAuthor }
    }
  }
}
`
	owner, name := split(repo)
	a, err := c.query(ctx, op, text, map[string]any{"owner": owner, "name": name, "label": label})
	if err != nil {
		return nil, err
	}
	return readIssues(op, a)
}

func readIssues(op string, a *answer) ([]Issue, error) {
	const needsIssues = "issues=read"
	var data struct {
		Repository *struct {
			Issues *struct {
				Nodes []struct {
					Number             int
					State, Title, Body string
					ViewerDidAuthor    bool
				}
			}
		}
	}
	if len(a.Errors) > 0 {
		return nil, a.Errors[0].asError(op, needsIssues)
	}
	if err := json.Unmarshal(a.Data, &data); err != nil {
		return nil, &Error{Op: op, Kind: Unavailable, Message: "the answer is not as documented: " + err.Error(), cause: err}
	}
	if data.Repository == nil || data.Repository.Issues == nil {
		return nil, &Error{Op: op, Kind: NotFound, Message: "the issues are not there for this token", Accepted: needsIssues}
	}
	var own []Issue
	for _, n := range data.Repository.Issues.Nodes {
		if n.ViewerDidAuthor {
			own = append(own, Issue{Number: n.Number, Open: n.State == "OPEN", Title: n.Title, Body: n.Body})
		}
	}
	return own, nil
}

// CreateIssue opens an issue with labels, which GitHub makes where they are
// new. It is sent once.
func (c *Client) CreateIssue(ctx context.Context, repo, title, body string, labels []string) (int, error) {
	owner, name := split(repo)
	labels = append([]string{}, labels...) // null is refused, an empty list is not
	made, _, err := c.rest.Issues.Create(ctx, owner, name, &github.IssueRequest{Title: &title, Body: &body, Labels: &labels})
	return made.GetNumber(), fail("opening the issue", answered(int64(made.GetNumber()), err))
}

// EditIssue replaces an issue's title and body, and opens or closes it.
func (c *Client) EditIssue(ctx context.Context, repo string, i Issue) error {
	owner, name := split(repo)
	state := "closed"
	if i.Open {
		state = "open"
	}
	_, _, err := c.rest.Issues.Edit(mayRepeat(ctx), owner, name, i.Number, &github.IssueRequest{Title: &i.Title, Body: &i.Body, State: &state})
	return fail("editing the issue", err)
}
