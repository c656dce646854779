package github

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/fact"
)

// citedPerQuery is how many pull requests, and how many paths, one query asks for.
// GitHub allows a query far more nodes
// (https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api);
// it has ten seconds for them.
const citedPerQuery = 100

// Cited asks for the pull requests and paths cited, paths as of a commit of
// repo: one query for each hundred. What could not be found out is an answer
// too; the error, nil where every query was answered, says what permission
// or limit was in the way of some.
func (c *Client) Cited(ctx context.Context, repo, commit string, want fact.Wanted) (fact.Answers, error) {
	answers := fact.Answers{Pulls: map[fact.Pull]fact.PullAnswer{}, Paths: map[fact.Path]fact.Presence{}}
	pulls, paths := askable(want.Pulls, answers), want.Paths
	var first error
	for len(pulls) > 0 || len(paths) > 0 {
		n, m := min(len(pulls), citedPerQuery), min(len(paths), citedPerQuery)
		b := citation{repo: repo, commit: commit, pulls: pulls[:n], paths: paths[:m], answers: answers}
		pulls, paths = pulls[n:], paths[m:]
		if err := c.askCitation(ctx, b); err != nil && first == nil {
			first = err
		}
	}
	return answers, first
}

// askable returns the pull requests whose number could be one. A number beyond
// GraphQL's 32 bits would make GitHub refuse the whole query, and is not a pull
// request's.
func askable(pulls []fact.Pull, answers fact.Answers) []fact.Pull {
	var out []fact.Pull
	for _, p := range pulls {
		if p.Number < 1 || p.Number > math.MaxInt32 {
			answers.Pulls[p] = fact.PullAnswer{State: fact.Absent}
			continue
		}
		out = append(out, p)
	}
	return out
}

// citation is one query's share of what is asked.
type citation struct {
	repo, commit string
	pulls        []fact.Pull
	paths        []fact.Path
	answers      fact.Answers
}

func (c *Client) askCitation(ctx context.Context, b citation) error {
	const op = "looking up what the board cites"
	text, variables, repos := b.query()
	var data map[string]json.RawMessage
	a, err := c.query(ctx, op, text, variables, &data)
	if err == nil {
		return b.readAnswer(op, a, data, repos)
	}
	for _, p := range b.pulls {
		b.answers.Pulls[p] = fact.PullAnswer{State: fact.Unknown, Reason: err.Error()}
	}
	return asError(op, err)
}

// query writes the query: one field r0, r1, … for each repository, with its
// pull requests by number, the board's own first. Paths have a field of their
// own, for a token that may not read pull requests is shown nothing of the
// repository beside them: pullRequests may not be null.
func (b citation) query() (string, map[string]any, []string) {
	w := &queryWriter{values: map[string]any{}}
	repos := b.repos()
	for i, repo := range repos {
		owner, name := ownerAndName(repo)
		w.declare(fmt.Sprintf("o%d", i), "String!", owner)
		w.declare(fmt.Sprintf("n%d", i), "String!", name)
		w.writeLine(fmt.Sprintf("  r%d: repository(owner: $o%d, name: $n%d) {", i, i, i))
		w.writeLine("    right: pullRequests(first: 1) { totalCount }")
		for _, p := range b.pulls {
			if b.repoOf(p) == repo {
				w.writeLine(fmt.Sprintf("    p%d: issueOrPullRequest(number: %d) { ...P }", p.Number, p.Number))
			}
		}
		w.writeLine("  }")
	}
	w.citedPaths(b)
	w.writeLine("}")
	fragment := ""
	if len(b.pulls) > 0 {
		fragment = "fragment P on IssueOrPullRequest { __typename ... on PullRequest { state baseRefName mergeCommit { oid } } }\n"
	}
	return w.query("Cited") + fragment, w.values, repos
}

func (w *queryWriter) citedPaths(b citation) {
	if len(b.paths) == 0 {
		return
	}
	w.writeLine("  paths: repository(owner: $o0, name: $n0) {")
	for i, path := range b.paths {
		w.declare(fmt.Sprintf("e%d", i), "String!", b.commit+":"+string(path))
		w.writeLine(fmt.Sprintf("    f%d: object(expression: $e%d) { __typename }", i, i))
	}
	w.writeLine("  }")
}

func (b citation) repoOf(p fact.Pull) string {
	if p.Repo == "" || strings.EqualFold(p.Repo, b.repo) {
		return b.repo
	}
	return p.Repo
}

func (b citation) repos() []string {
	repos := []string{b.repo}
	for _, p := range b.pulls {
		if r := b.repoOf(p); !slices.Contains(repos, r) {
			repos = append(repos, r)
		}
	}
	return repos
}

// readAnswer puts the answers down and returns the first error that left one open.
func (b citation) readAnswer(op string, a *answer, data map[string]json.RawMessage, repos []string) error {
	var first error
	for i, repo := range repos {
		r := repoAnswer{answer: a, op: op, alias: fmt.Sprintf("r%d", i), own: i == 0}
		if err := json.Unmarshal(data[r.alias], &r.fields); err != nil && len(data[r.alias]) > 0 {
			r.bad = err
		}
		for _, p := range b.pulls {
			if b.repoOf(p) != repo {
				continue
			}
			answer, err := r.answerFor(p.Number)
			b.answers.Pulls[p] = answer
			if err != nil && first == nil {
				first = err
			}
		}
	}
	b.readPaths(a, data["paths"])
	return first
}

func (b citation) readPaths(a *answer, came json.RawMessage) {
	var fields map[string]json.RawMessage
	if len(came) > 0 && json.Unmarshal(came, &fields) != nil {
		fields = nil
	}
	for i, path := range b.paths {
		alias := fmt.Sprintf("f%d", i)
		raw, asked := fields[alias]
		switch {
		case !asked || a.at("paths", alias) != nil:
			b.answers.Paths[path] = fact.PathNotAsked
		case string(raw) == "null":
			b.answers.Paths[path] = fact.PathMissing
		default:
			b.answers.Paths[path] = fact.PathThere
		}
	}
}

// repoAnswer is what came of one repository.
type repoAnswer struct {
	*answer
	op, alias string
	own       bool
	fields    map[string]json.RawMessage // nil where the repository did not come
	bad       error
}

// pullAnswer is one pull request's, or issue's, shape.
type pullAnswer struct {
	Typename    string `json:"__typename"`
	State       string
	BaseRefName string
	MergeCommit *struct{ OID string }
}

func (r repoAnswer) answerFor(number int) (fact.PullAnswer, error) {
	alias := fmt.Sprintf("p%d", number)
	if raw := r.fields[alias]; len(raw) > 0 && string(raw) != "null" {
		var p pullAnswer
		if err := json.Unmarshal(raw, &p); err != nil {
			return unknownAnswer(&Error{Op: r.op, Kind: Unavailable, Message: err.Error(), cause: err})
		}
		return p.toFact(r.op)
	}
	return r.missingPull(alias)
}

// missingPull is the answer for a number nothing came for. That the repository
// came shows the right to read pull requests: its field pullRequests may not be
// null, so without the right there would be no repository. With it NOT_FOUND
// says that there is none.
func (r repoAnswer) missingPull(alias string) (fact.PullAnswer, error) {
	if r.fields == nil {
		return r.missingRepository()
	}
	e := r.at(r.alias, alias)
	if e == nil {
		return unknownAnswer(&Error{Op: r.op, Kind: Unavailable, Message: "GitHub gave neither an answer nor a reason"})
	}
	switch {
	case e.Type == "NOT_FOUND":
		return fact.PullAnswer{State: fact.Absent}, nil
	case !r.own && e.Type == "FORBIDDEN":
		return fact.PullAnswer{State: fact.Unreadable, Reason: e.Message}, nil
	default:
		return unknownAnswer(e.asError(r.op, needsPulls))
	}
}

func (r repoAnswer) missingRepository() (fact.PullAnswer, error) {
	e := r.at(r.alias)
	switch {
	case e == nil && r.bad == nil:
		return unknownAnswer(&Error{Op: r.op, Kind: Unavailable, Message: "GitHub gave neither an answer nor a reason"})
	case e == nil:
		return unknownAnswer(&Error{Op: r.op, Kind: Unavailable, Message: r.bad.Error(), cause: r.bad})
	case !r.own && (e.Type == "NOT_FOUND" || e.Type == "FORBIDDEN"):
		return fact.PullAnswer{State: fact.Unreadable, Reason: e.Message}, nil
	default:
		return unknownAnswer(e.asError(r.op, needsPulls))
	}
}

func unknownAnswer(err error) (fact.PullAnswer, error) {
	return fact.PullAnswer{State: fact.Unknown, Reason: err.Error()}, err
}

func (p pullAnswer) toFact(op string) (fact.PullAnswer, error) {
	if p.Typename == "Issue" {
		return fact.PullAnswer{State: fact.IsIssue}, nil
	}
	switch p.State {
	case "MERGED":
		a := fact.PullAnswer{State: fact.Merged, Base: p.BaseRefName}
		if p.MergeCommit != nil {
			a.Commit = p.MergeCommit.OID
		}
		return a, nil
	case "OPEN":
		return fact.PullAnswer{State: fact.OpenPull, Base: p.BaseRefName}, nil
	case "CLOSED":
		return fact.PullAnswer{State: fact.Closed, Base: p.BaseRefName}, nil
	default:
		return unknownAnswer(&Error{Op: op, Kind: Unavailable, Message: fmt.Sprintf("GitHub names a state %q that boardgate does not know", p.State)})
	}
}

// maxReach bounds the pull requests that Reach compares, a request each.
const maxReach = 5

// Reach finds out whether the head contains what was merged into a branch that
// is none of those in a, and puts it down there. Beyond maxReach pull requests
// the rest stays unknown; an error does too, and the first is returned.
func (c *Client) Reach(ctx context.Context, repo, head string, a fact.Answers) error {
	var elsewhere []fact.Pull
	for p, answer := range a.Pulls {
		if p.Repo == "" && answer.State == fact.Merged && answer.Commit != "" && !slices.Contains(a.Branches, answer.Base) {
			elsewhere = append(elsewhere, p)
		}
	}
	slices.SortFunc(elsewhere, func(a, b fact.Pull) int { return a.Number - b.Number })
	var first error
	for _, p := range elsewhere[:min(len(elsewhere), maxReach)] {
		answer := a.Pulls[p]
		_, contained, err := c.behind(ctx, "comparing what was merged with the head", repo, answer.Commit, head)
		switch {
		case err != nil:
			first = cmp.Or(first, err)
			continue
		case contained:
			answer.Reach = fact.Reached
		default:
			answer.Reach = fact.NotReached
		}
		a.Pulls[p] = answer
	}
	return first
}
