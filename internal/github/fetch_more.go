package github

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// FetchMore asks for further files at the commits of s, in one query. What s has stays.
func (c *Client) FetchMore(ctx context.Context, repo string, s Sides, paths []string) (Sides, error) {
	q := commitsQuery{
		op: "reading the board and its configuration", name: "Files", fields: "oid ...C",
		fragments: func(w *queryWriter) { w.fileFragments(paths) },
		read: func(answer []byte) (Side, error) {
			var got commitAnswer
			err := json.Unmarshal(answer, &got)
			return got.side(Question{Repo: repo, Paths: paths}), err
		},
	}
	return c.askCommits(ctx, repo, s, q)
}

// commitsQuery asks for fields of several commits.
type commitsQuery struct {
	op, name  string
	fields    string
	fragments func(*queryWriter) // writes those that the fields name
	read      func(answer []byte) (Side, error)
}

// askCommits asks for the commits of s, and adds to s what came.
func (c *Client) askCommits(ctx context.Context, repo string, s Sides, q commitsQuery) (Sides, error) {
	commits := s.commits()
	w := repositoryQuery(repo)
	for i, oid := range commits {
		w.declare(fmt.Sprintf("oid%d", i), "GitObjectID!", oid)
		w.writeLine(fmt.Sprintf("    c%d: object(oid: $oid%d) { %s }", i, i, q.fields))
	}
	w.writeLine("  }")
	w.writeLine("}")
	q.fragments(w)
	var data struct{ Repository map[string]json.RawMessage }
	a, err := c.query(ctx, q.op, w.query(q.name), w.values, &data)
	if err != nil {
		return s, err
	}
	for i, oid := range commits {
		alias := fmt.Sprintf("c%d", i)
		if e := a.at("repository", alias); e != nil {
			return s, e.asError(q.op, needsContents)
		}
		got := data.Repository[alias]
		if len(got) == 0 || string(got) == "null" {
			return s, &Error{Op: q.op, Kind: NotFound, Message: "the commit " + oid + " is not there for this token", Accepted: needsContents}
		}
		side, err := q.read(got)
		if err != nil {
			return s, undocumented(q.op, err)
		}
		s = s.addSide(side)
	}
	return s, nil
}

// commits are the sides' commits, each once.
func (s Sides) commits() []string {
	var out []string
	for _, side := range []Side{s.Head, s.Base, s.Tip, s.Onto} {
		if side.Commit != "" && !slices.Contains(out, side.Commit) {
			out = append(out, side.Commit)
		}
	}
	return out
}

// addSide adds the files and names of a side to those of the same commit.
func (s Sides) addSide(more Side) Sides {
	for _, side := range []*Side{&s.Head, &s.Base, &s.Tip, &s.Onto} {
		if side.Commit == more.Commit {
			files := maps.Clone(side.Files)
			maps.Copy(files, more.Files)
			side.Files = files
			if more.Names != nil {
				side.Names = more.Names
			}
		}
	}
	return s
}
