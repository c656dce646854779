package github

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/go-github/v66/github"
)

// Issue is an issue that this token's owner wrote.
type Issue struct {
	Number int
	Open   bool
	Title  string
	Body   string
}

// maxIssuePages bounds the search for our issues: a thousand open ones of one label.
const maxIssuePages = 10

// OwnIssues returns the issues of a label that this token's owner wrote: all
// that are open, the oldest first, and of those that are closed the ones among
// the ten that were changed last. It does not search: the search interface lags
// behind, and is limited far more tightly.
func (c *Client) OwnIssues(ctx context.Context, repo, label string) ([]Issue, error) {
	var open, closed []Issue
	after := ""
	for range maxIssuePages {
		page, err := c.issuePage(ctx, repo, label, after)
		if err != nil {
			return nil, err
		}
		open = append(open, page.Open.own()...)
		if after == "" {
			closed = page.Closed.own()
		}
		if !page.Open.PageInfo.HasNextPage {
			return append(open, closed...), nil
		}
		after = page.Open.PageInfo.EndCursor
	}
	return nil, &Error{Op: listingIssues, Kind: Refused, Message: fmt.Sprintf("more than %d open issues bear the label %s", 100*maxIssuePages, label)}
}

const listingIssues = "listing the issues"

const issuesText = `query Issues($owner: String!, $name: String!, $label: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    open: issues(first: 100, after: $after, labels: [$label], states: [OPEN], orderBy: {field: CREATED_AT, direction: ASC}) {
      nodes { number state title body viewerDidAuthor }
      pageInfo { hasNextPage endCursor }
    }
    closed: issues(first: 10, labels: [$label], states: [CLOSED], orderBy: {field: UPDATED_AT, direction: DESC}) {
      nodes { number state title body viewerDidAuthor }
    }
  }
}
`

// issues is a page of issues.
type issues struct {
	Nodes []struct {
		Number             int
		State, Title, Body string
		ViewerDidAuthor    bool
	}
	PageInfo struct {
		HasNextPage bool
		EndCursor   string
	}
}

func (i *issues) own() []Issue {
	var own []Issue
	for _, n := range i.Nodes {
		if n.ViewerDidAuthor {
			own = append(own, Issue{Number: n.Number, Open: n.State == "OPEN", Title: n.Title, Body: n.Body})
		}
	}
	return own
}

// issuePages are the issues of one answer.
type issuePages struct{ Open, Closed *issues }

func (c *Client) issuePage(ctx context.Context, repo, label, after string) (*issuePages, error) {
	owner, name := split(repo)
	variables := map[string]any{"owner": owner, "name": name, "label": label}
	if after != "" {
		variables["after"] = after
	}
	a, err := c.query(ctx, listingIssues, issuesText, variables)
	if err != nil {
		return nil, err
	}
	return readIssues(a)
}

func readIssues(a *answer) (*issuePages, error) {
	const needsIssues = "issues=read"
	var data struct{ Repository *issuePages }
	if len(a.Errors) > 0 {
		return nil, a.Errors[0].asError(listingIssues, needsIssues)
	}
	if err := json.Unmarshal(a.Data, &data); err != nil {
		return nil, &Error{Op: listingIssues, Kind: Unavailable, Message: "the answer is not as documented: " + err.Error(), cause: err}
	}
	if data.Repository == nil || data.Repository.Open == nil || data.Repository.Closed == nil {
		return nil, &Error{Op: listingIssues, Kind: NotFound, Message: "the issues are not there for this token", Accepted: needsIssues}
	}
	return data.Repository, nil
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
