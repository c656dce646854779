package github

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/google/go-github/v66/github"
)

// MaxComment is the longest body of a comment, in bytes. GitHub counts 65,536
// characters and says so in its refusal; bytes are never fewer.
const MaxComment = 65536

// What is read at most: 2,000 comments, 200 a request, and 1,000 review threads,
// 100 a request.
const maxCommentPages, maxThreadPages = 10, 10

// Comments are the comments of a pull request that this token's owner wrote.
type Comments struct {
	Own   []Comment // oldest first
	Head  string    // the pull request's head when they were read
	Base  string    // its base branch then
	Total int       // comments of anybody, as GitHub counts them
	Read  int       // comments that were looked at
	whole bool      // see Whole
}

// Comment is a comment on a pull request or issue.
type Comment struct {
	ID        int64
	Body      string
	Minimized bool // somebody hid it
}

// Suggestion is a comment on a line of a pull request.
type Suggestion struct {
	Path string
	Line int // in the head, from 1
	Body string
}

// commentFields asks for comments. Only viewerDidAuthor tells whose a comment is
// whatever kind the token is: GET /user is refused to a workflow's.
const commentFields = "nodes { fullDatabaseId viewerDidAuthor isMinimized body }"

// firstComments asks for the oldest comments.
const firstComments = "comments(first: 100) { " + commentFields + " pageInfo { hasNextPage endCursor } }"

// pageInfo says whether there is more on either side of a page, and where.
type pageInfo struct {
	HasNextPage, HasPreviousPage bool
	EndCursor, StartCursor       string
}

type commentsAnswer struct {
	TotalCount int
	Nodes      []struct {
		FullDatabaseID  string // GraphQL's BigInt: a 32-bit databaseId no longer holds a comment's
		ViewerDidAuthor bool
		IsMinimized     bool
		Body            string
	}
	PageInfo pageInfo
}

// own returns the comments of a page that this token's owner wrote.
func (a *commentsAnswer) own() (own []Comment) {
	for _, n := range a.Nodes {
		id, err := strconv.ParseInt(n.FullDatabaseID, 10, 64)
		if n.ViewerDidAuthor && err == nil {
			own = append(own, Comment{ID: id, Body: n.Body, Minimized: n.IsMinimized})
		}
	}
	return own
}

func (a *commentsAnswer) firstPage(head string) Comments {
	c := Comments{Head: head}
	if a != nil {
		c.addPage(a.own(), len(a.Nodes))
		c.whole = !a.PageInfo.HasNextPage
	}
	return c
}

// addPage puts a page's comments among the others, each once.
func (c *Comments) addPage(own []Comment, read int) {
	c.Own, c.Read = append(c.Own, own...), c.Read+read
	slices.SortFunc(c.Own, func(a, b Comment) int { return cmp.Compare(a.ID, b.ID) })
	c.Own = slices.CompactFunc(c.Own, func(a, b Comment) bool { return a.ID == b.ID })
}

// Whole says whether every comment was looked at, or at least all that are older
// than the oldest that counts.
func (c Comments) Whole() bool { return c.whole }

const (
	listingComments = "listing the comments"
	commentsText    = `query Comments($owner: String!, $name: String!, $number: Int!, $after: String, $before: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid baseRefName
      oldest: comments(first: 100, after: $after) { totalCount ` + commentFields + ` pageInfo { hasNextPage endCursor } }
      newest: comments(last: 100, before: $before) { ` + commentFields + ` pageInfo { hasPreviousPage startCursor } }
    }
  }
}
`
)

// OwnComments reads the comments of a pull request anew, from the oldest and from
// the newest on, until all were read or the oldest that counts was. It reads 2,000
// at most.
func (c *Client) OwnComments(ctx context.Context, repo string, pull int, counts func(Comment) bool) (Comments, error) {
	return c.readComments(ctx, repo, pull, maxCommentPages, counts)
}

// LatestComments reads the hundred newest comments, and the hundred oldest.
func (c *Client) LatestComments(ctx context.Context, repo string, pull int) (Comments, error) {
	return c.readComments(ctx, repo, pull, 1, func(Comment) bool { return false })
}

func (c *Client) readComments(ctx context.Context, repo string, pull, pages int, counts func(Comment) bool) (Comments, error) {
	var all Comments
	variables := map[string]any{}
	for range pages {
		var p struct {
			HeadRefOid, BaseRefName string
			Oldest, Newest          *commentsAnswer
		}
		if err := c.pullQuery(ctx, listingComments, commentsText, repo, pull, variables, &p); err != nil {
			return all, err
		}
		if p.Oldest == nil || p.Newest == nil {
			return all, &Error{Op: listingComments, Kind: Unavailable, Message: "the answer is not as documented: it has no comments"}
		}
		oldest := p.Oldest.own()
		all.Head, all.Base, all.Total = p.HeadRefOid, p.BaseRefName, p.Oldest.TotalCount
		all.addPage(oldest, len(p.Oldest.Nodes))
		all.addPage(p.Newest.own(), len(p.Newest.Nodes))
		all.whole = !p.Oldest.PageInfo.HasNextPage || !p.Newest.PageInfo.HasPreviousPage || all.Read >= all.Total || slices.ContainsFunc(oldest, counts)
		if all.whole {
			break
		}
		variables["after"], variables["before"] = p.Oldest.PageInfo.EndCursor, p.Newest.PageInfo.StartCursor
	}
	return all, nil
}

// pullQuery asks for what text wants of a pull request. What is missing in the
// answer is an error.
func (c *Client) pullQuery(ctx context.Context, op, text, repo string, pull int, variables map[string]any, into any) error {
	owner, name := ownerAndName(repo)
	variables["owner"], variables["name"], variables["number"] = owner, name, pull
	var data struct {
		Repository *struct{ PullRequest json.RawMessage }
	}
	a, err := c.query(ctx, op, text, variables, &data)
	switch {
	case err != nil:
		return err
	case len(a.Errors) > 0:
		return a.Errors[0].asError(op, needsPulls)
	case data.Repository == nil || string(data.Repository.PullRequest) == "null":
		return &Error{Op: op, Kind: NotFound, Message: "the pull request is not there for this token", Accepted: needsPulls}
	}
	if err := json.Unmarshal(data.Repository.PullRequest, into); err != nil {
		return undocumented(op, err)
	}
	return nil
}

// Suggestions are the comments on lines of a pull request that this token's owner
// began a review thread with.
type Suggestions struct {
	Own   []Suggestion
	Head  string // the pull request's head when they were read
	Base  string // its base branch then
	Total int    // threads of anybody
	Read  int    // threads that were looked at
	whole bool
}

// Whole says whether every review thread was looked at.
func (s Suggestions) Whole() bool { return s.whole }

const (
	listingThreads = "listing the review threads"
	threadsText    = `query Threads($owner: String!, $name: String!, $number: Int!, $before: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid baseRefName
      reviewThreads(last: 100, before: $before) {
        totalCount nodes { comments(first: 1) { nodes { viewerDidAuthor path line body } } } pageInfo { hasPreviousPage startCursor }
      }
    }
  }
}
`
)

// OwnSuggestions reads the review threads of a pull request, the newest first,
// 1,000 at most.
func (c *Client) OwnSuggestions(ctx context.Context, repo string, pull int) (Suggestions, error) {
	var all Suggestions
	variables := map[string]any{}
	for page := 0; page < maxThreadPages && !all.whole; page++ {
		var p struct {
			HeadRefOid, BaseRefName string
			ReviewThreads           struct {
				TotalCount int
				Nodes      []threadAnswer
				PageInfo   *pageInfo
			}
		}
		if err := c.pullQuery(ctx, listingThreads, threadsText, repo, pull, variables, &p); err != nil {
			return all, err
		}
		threads := p.ReviewThreads
		if threads.PageInfo == nil {
			return all, &Error{Op: listingThreads, Kind: Unavailable, Message: "the answer is not as documented: it has no review threads"}
		}
		for _, t := range threads.Nodes {
			all.Own = append(all.Own, t.own()...)
		}
		all.Head, all.Base, all.Total, all.Read = p.HeadRefOid, p.BaseRefName, threads.TotalCount, all.Read+len(threads.Nodes)
		all.whole = !threads.PageInfo.HasPreviousPage
		variables["before"] = threads.PageInfo.StartCursor
	}
	return all, nil
}

type threadAnswer struct {
	Comments struct {
		Nodes []struct {
			ViewerDidAuthor bool
			Path, Body      string
			Line            int
		}
	}
}

// own returns the comment that a thread began with, if this token's owner wrote it.
func (t threadAnswer) own() (own []Suggestion) {
	for _, n := range t.Comments.Nodes {
		if n.ViewerDidAuthor {
			own = append(own, Suggestion{Path: n.Path, Line: n.Line, Body: n.Body})
		}
	}
	return own
}

// CreateComment comments on a pull request or issue. It is sent once: a second
// sending would comment twice, so who calls it looks again at what is there.
func (c *Client) CreateComment(ctx context.Context, repo string, number int, body string) (int64, error) {
	owner, name := ownerAndName(repo)
	made, _, err := c.rest.Issues.CreateComment(ctx, owner, name, number, &github.IssueComment{Body: &body})
	return made.GetID(), asError("writing the comment", requireID(made.GetID(), err))
}

// EditComment replaces a comment's body.
func (c *Client) EditComment(ctx context.Context, repo string, id int64, body string) error {
	owner, name := ownerAndName(repo)
	edited, _, err := c.rest.Issues.EditComment(mayRepeat(ctx), owner, name, id, &github.IssueComment{Body: &body})
	return asError("editing the comment", requireID(edited.GetID(), err))
}

// DeleteComment deletes a comment; one that is gone already is not an error.
func (c *Client) DeleteComment(ctx context.Context, repo string, id int64) error {
	owner, name := ownerAndName(repo)
	_, err := c.rest.Issues.DeleteComment(mayRepeat(ctx), owner, name, id)
	var answer *github.ErrorResponse
	if errors.As(err, &answer) && answer.Response.StatusCode == http.StatusNotFound {
		return nil
	}
	return asError("deleting a second comment", err)
}

// Suggest comments on a line of a pull request's head. A line outside the
// diff is refused by GitHub: an error of kind Refused.
func (c *Client) Suggest(ctx context.Context, repo string, pull int, commit string, s Suggestion) error {
	owner, name := ownerAndName(repo)
	side := "RIGHT"
	_, _, err := c.rest.PullRequests.CreateComment(ctx, owner, name, pull, &github.PullRequestComment{
		Body: &s.Body, Path: &s.Path, Line: &s.Line, Side: &side, CommitID: &commit,
	})
	return asError("writing the suggestion", err)
}
