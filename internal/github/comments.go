package github

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/google/go-github/v66/github"
)

// MaxComment is the longest body of a comment, in bytes. GitHub counts 65,536
// characters and says so in its refusal; bytes are never fewer.
const MaxComment = 65536

// maxCommentPages bounds the search for our comment: a thousand comments, which
// the oldest of ours is among unless somebody talked for very long before.
const maxCommentPages = 10

// Comments are the comments of a pull request that this token's owner wrote.
type Comments struct {
	Own         []Comment    // oldest first
	Suggestions []Suggestion // own review comments
	Head        string       // the pull request's head when they were read
	Base        string       // its base branch then
	whole       bool         // no page is left
	next        string       // where the next page begins
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

// commentFields asks for a page of comments. Only viewerDidAuthor tells whose
// a comment is whatever kind the token is: GET /user is refused to a workflow's.
func commentFields(after string) string {
	return "comments(first: 100" + after + ") { nodes { fullDatabaseId viewerDidAuthor isMinimized body } pageInfo { hasNextPage endCursor } }"
}

type commentsAnswer struct {
	Nodes []struct {
		FullDatabaseID  string // GraphQL's BigInt: a 32-bit databaseId no longer holds a comment's
		ViewerDidAuthor bool
		IsMinimized     bool
		Body            string
	}
	PageInfo struct {
		HasNextPage bool
		EndCursor   string
	}
}

func (a *commentsAnswer) comments(head string) Comments {
	if a == nil {
		return Comments{Head: head}
	}
	c := Comments{Head: head, whole: !a.PageInfo.HasNextPage, next: a.PageInfo.EndCursor}
	for _, n := range a.Nodes {
		id, err := strconv.ParseInt(n.FullDatabaseID, 10, 64)
		if n.ViewerDidAuthor && err == nil {
			c.Own = append(c.Own, Comment{ID: id, Body: n.Body, Minimized: n.IsMinimized})
		}
	}
	slices.SortFunc(c.Own, func(a, b Comment) int { return cmp.Compare(a.ID, b.ID) })
	return c
}

// Whole says whether every comment was looked at.
func (c Comments) Whole() bool { return c.whole }

// OwnComments reads the comments of a pull request anew.
func (c *Client) OwnComments(ctx context.Context, repo string, pull int) (Comments, error) {
	var all Comments
	for page := 0; page < maxCommentPages && !all.whole; page++ {
		next, err := c.commentPage(ctx, repo, pull, all.next)
		if err != nil {
			return all, err
		}
		next.Own = append(all.Own, next.Own...)
		next.Suggestions = append(all.Suggestions, next.Suggestions...)
		all = next
	}
	return all, nil
}

const (
	firstComments = `query Comments($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid baseRefName
      %s
      reviewThreads(last: 100) { nodes { comments(first: 1) { nodes { viewerDidAuthor path line body } } } }
    }
  }
}
`
	moreComments = `query MoreComments($owner: String!, $name: String!, $number: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid baseRefName
      %s
    }
  }
}
`
)

func (c *Client) commentPage(ctx context.Context, repo string, pull int, after string) (Comments, error) {
	const op = "listing the comments"
	owner, name := split(repo)
	variables := map[string]any{"owner": owner, "name": name, "number": pull}
	text := fmt.Sprintf(firstComments, commentFields(""))
	if after != "" {
		variables["after"] = after
		text = fmt.Sprintf(moreComments, commentFields(", after: $after"))
	}
	a, err := c.query(ctx, op, text, variables)
	if err != nil {
		return Comments{}, err
	}
	return readComments(op, a)
}

func readComments(op string, a *answer) (Comments, error) {
	var data struct {
		Repository *struct {
			PullRequest *struct {
				HeadRefOid, BaseRefName string
				Comments                *commentsAnswer
				ReviewThreads           *threadsAnswer
			}
		}
	}
	if len(a.Errors) > 0 {
		return Comments{}, a.Errors[0].asError(op, needsPulls)
	}
	if err := json.Unmarshal(a.Data, &data); err != nil {
		return Comments{}, &Error{Op: op, Kind: Unavailable, Message: "the answer is not as documented: " + err.Error(), cause: err}
	}
	if data.Repository == nil || data.Repository.PullRequest == nil || data.Repository.PullRequest.Comments == nil {
		return Comments{}, &Error{Op: op, Kind: NotFound, Message: "the pull request is not there for this token", Accepted: needsPulls}
	}
	p := data.Repository.PullRequest
	all := p.Comments.comments(p.HeadRefOid)
	all.Base = p.BaseRefName
	all.Suggestions = p.ReviewThreads.suggestions()
	return all, nil
}

type threadsAnswer struct {
	Nodes []struct {
		Comments struct {
			Nodes []struct {
				ViewerDidAuthor bool
				Path, Body      string
				Line            int
			}
		}
	}
}

func (a *threadsAnswer) suggestions() []Suggestion {
	if a == nil {
		return nil
	}
	var own []Suggestion
	for _, t := range a.Nodes {
		for _, n := range t.Comments.Nodes {
			if n.ViewerDidAuthor {
				own = append(own, Suggestion{Path: n.Path, Line: n.Line, Body: n.Body})
			}
		}
	}
	return own
}

// CreateComment comments on a pull request or issue. It is sent once: a second
// sending would comment twice, so who calls it looks again at what is there.
func (c *Client) CreateComment(ctx context.Context, repo string, number int, body string) (int64, error) {
	owner, name := split(repo)
	made, _, err := c.rest.Issues.CreateComment(ctx, owner, name, number, &github.IssueComment{Body: &body})
	return made.GetID(), fail("writing the comment", answered(made.GetID(), err))
}

// EditComment replaces a comment's body.
func (c *Client) EditComment(ctx context.Context, repo string, id int64, body string) error {
	owner, name := split(repo)
	edited, _, err := c.rest.Issues.EditComment(mayRepeat(ctx), owner, name, id, &github.IssueComment{Body: &body})
	return fail("editing the comment", answered(edited.GetID(), err))
}

// DeleteComment deletes a comment; one that is gone already is no error.
func (c *Client) DeleteComment(ctx context.Context, repo string, id int64) error {
	owner, name := split(repo)
	_, err := c.rest.Issues.DeleteComment(mayRepeat(ctx), owner, name, id)
	var answer *github.ErrorResponse
	if errors.As(err, &answer) && answer.Response.StatusCode == http.StatusNotFound {
		return nil
	}
	return fail("deleting a second comment", err)
}

// Suggest comments on a line of a pull request's head. A line outside the
// diff is refused by GitHub: an error of kind Refused.
func (c *Client) Suggest(ctx context.Context, repo string, pull int, commit string, s Suggestion) error {
	owner, name := split(repo)
	side := "RIGHT"
	_, _, err := c.rest.PullRequests.CreateComment(ctx, owner, name, pull, &github.PullRequestComment{
		Body: &s.Body, Path: &s.Path, Line: &s.Line, Side: &side, CommitID: &commit,
	})
	return fail("writing the suggestion", err)
}
