package github

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Also asks for further files at the commits of s, in one query. What s has stays.
func (c *Client) Also(ctx context.Context, repo string, s Sides, paths []string) (Sides, error) {
	const op = "reading the board and its configuration"
	commits := s.commits()
	text, variables := alsoQuery(repo, commits, paths)
	a, err := c.query(ctx, op, text, variables)
	if err != nil {
		return s, err
	}
	var data struct{ Repository map[string]*commitAnswer }
	if err := json.Unmarshal(a.Data, &data); err != nil {
		return s, &Error{Op: op, Kind: Unavailable, Message: "the answer is not as documented: " + err.Error(), cause: err}
	}
	q := Question{Repo: repo, Paths: paths}
	for i, oid := range commits {
		alias := fmt.Sprintf("c%d", i)
		got := data.Repository[alias]
		if e := a.at("repository", alias); e != nil {
			return s, e.asError(op, needsContents)
		}
		if got == nil {
			return s, &Error{Op: op, Kind: NotFound, Message: "the commit " + oid + " is not there for this token", Accepted: needsContents}
		}
		s = s.with(got.side(q))
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

// with adds the files and names of a side to those of the same commit.
func (s Sides) with(more Side) Sides {
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

func alsoQuery(repo string, commits, paths []string) (string, map[string]any) {
	owner, name := split(repo)
	w := &queryWriter{values: map[string]any{}}
	w.declare("owner", "String!", owner)
	w.declare("name", "String!", name)
	w.line("  repository(owner: $owner, name: $name) {")
	for i, oid := range commits {
		w.declare(fmt.Sprintf("oid%d", i), "GitObjectID!", oid)
		w.line(fmt.Sprintf("    c%d: object(oid: $oid%d) { oid ...C }", i, i))
	}
	w.line("  }")
	w.line("}")
	fragments := w.files(paths)
	return header("Files", w.variables) + " {\n" + w.body.String() + fragments, w.values
}
