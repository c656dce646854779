package github

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-github/v66/github"
)

// Issue is an issue that this token's owner or an app wrote.
type Issue struct {
	Number int
	Open   bool
	Own    bool // this token's owner wrote it
	Bot    bool // an app wrote it
	Labels []string
	Title  string
	Body   string
}

// maxIssuePages bounds the search for our issues: a thousand open ones of one label.
const maxIssuePages = 10

// AppIssues returns the issues that this token's owner or an app wrote: of a label all that
// are open, and of those that are closed the ones among the ten that were changed
// last; and of the hundred that were opened last, whatever they bear, for GitHub
// may leave out a label without a word
// (https://github.com/github/github-mcp-server/pull/3195). Each stands once. It
// does not search: the search interface lags behind, and is limited far more
// tightly.
func (c *Client) AppIssues(ctx context.Context, repo, label string) ([]Issue, error) {
	var labelled, latest []Issue
	after := ""
	for range maxIssuePages {
		page, err := c.issuePage(ctx, repo, label, after)
		if err != nil {
			return nil, err
		}
		labelled = slices.Concat(labelled, page.Open.byApps(), page.Closed.byApps())
		latest = append(latest, page.Latest.byApps()...)
		if !page.Open.PageInfo.HasNextPage {
			return uniqueIssues(append(labelled, latest...)), nil
		}
		after = page.Open.PageInfo.EndCursor
	}
	return nil, &Error{Op: listingIssues, Kind: Refused, Message: fmt.Sprintf("more than %d open issues bear the label %s", 100*maxIssuePages, label)}
}

// uniqueIssues leaves each issue once, as it stands first, in the order of their numbers.
func uniqueIssues(all []Issue) []Issue {
	slices.SortStableFunc(all, func(a, b Issue) int { return cmp.Compare(a.Number, b.Number) })
	return slices.CompactFunc(all, func(a, b Issue) bool { return a.Number == b.Number })
}

const listingIssues = "listing the issues"

const (
	issueFields = "nodes { number state title body viewerDidAuthor author { __typename } labels(first: 20) { nodes { name } } }"
	issuesText  = `query Issues($owner: String!, $name: String!, $label: String!) {
  repository(owner: $owner, name: $name) {
    open: issues(first: 100, labels: [$label], states: [OPEN], orderBy: {field: CREATED_AT, direction: ASC}) {
      ` + issueFields + `
      pageInfo { hasNextPage endCursor }
    }
    latest: issues(first: 100, states: [OPEN], orderBy: {field: CREATED_AT, direction: DESC}) { ` + issueFields + ` }
    closed: issues(first: 10, labels: [$label], states: [CLOSED], orderBy: {field: UPDATED_AT, direction: DESC}) { ` + issueFields + ` }
  }
}
`
	moreIssuesText = `query MoreIssues($owner: String!, $name: String!, $label: String!, $after: String!) {
  repository(owner: $owner, name: $name) {
    open: issues(first: 100, after: $after, labels: [$label], states: [OPEN], orderBy: {field: CREATED_AT, direction: ASC}) {
      ` + issueFields + `
      pageInfo { hasNextPage endCursor }
    }
  }
}
`
)

// issues is a page of issues.
type issues struct {
	Nodes []struct {
		Number             int
		State, Title, Body string
		ViewerDidAuthor    bool
		Author             *struct {
			Type string `json:"__typename"`
		}
		Labels *struct{ Nodes []struct{ Name string } }
	}
	PageInfo struct {
		HasNextPage bool
		EndCursor   string
	}
}

// issuePages are the issues of one answer; Latest and Closed come with the first.
type issuePages struct{ Open, Latest, Closed *issues }

// byApps returns those of a page that this token's owner or an app wrote, none
// where there is no page.
func (p *issues) byApps() []Issue {
	if p == nil {
		return nil
	}
	var out []Issue
	for _, n := range p.Nodes {
		i := Issue{
			Number: n.Number, Open: n.State == "OPEN", Own: n.ViewerDidAuthor, Bot: n.Author != nil && n.Author.Type == "Bot",
			Title: n.Title, Body: n.Body,
		}
		if n.Labels != nil {
			for _, l := range n.Labels.Nodes {
				i.Labels = append(i.Labels, l.Name)
			}
		}
		if i.Own || i.Bot {
			out = append(out, i)
		}
	}
	return out
}

func (c *Client) issuePage(ctx context.Context, repo, label, after string) (*issuePages, error) {
	owner, name := ownerAndName(repo)
	text, variables := issuesText, map[string]any{"owner": owner, "name": name, "label": label}
	if after != "" {
		text, variables["after"] = moreIssuesText, after
	}
	const needsIssues = "issues=read"
	var data struct{ Repository *issuePages }
	a, err := c.query(ctx, listingIssues, text, variables, &data)
	switch {
	case err != nil:
		return nil, err
	case len(a.Errors) > 0:
		return nil, a.Errors[0].asError(listingIssues, needsIssues)
	case data.Repository == nil || data.Repository.Open == nil:
		return nil, &Error{Op: listingIssues, Kind: NotFound, Message: "the issues are not there for this token", Accepted: needsIssues}
	}
	return data.Repository, nil
}

// CreateIssue opens an issue with a label, which GitHub makes where it is new, and
// says whether the issue bears it. It is sent once.
func (c *Client) CreateIssue(ctx context.Context, repo, title, body, label string) (number int, labelled bool, err error) {
	owner, name := ownerAndName(repo)
	made, _, err := c.rest.Issues.Create(ctx, owner, name, &github.IssueRequest{Title: &title, Body: &body, Labels: &[]string{label}})
	if made != nil {
		labelled = slices.ContainsFunc(made.Labels, func(l *github.Label) bool { return strings.EqualFold(l.GetName(), label) })
	}
	return made.GetNumber(), labelled, asError("opening the issue", requireID(int64(made.GetNumber()), err))
}

// EditIssue replaces an issue's title and body, and opens or closes it.
func (c *Client) EditIssue(ctx context.Context, repo string, i Issue) error {
	owner, name := ownerAndName(repo)
	state := "closed"
	if i.Open {
		state = "open"
	}
	_, _, err := c.rest.Issues.Edit(mayRepeat(ctx), owner, name, i.Number, &github.IssueRequest{Title: &i.Title, Body: &i.Body, State: &state})
	return asError("editing the issue", err)
}
