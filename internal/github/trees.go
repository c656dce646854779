package github

import (
	"context"
	"encoding/json"
	"fmt"
)

// Trees asks for the names in the top folder of each commit of s and in the
// folders there, in one query. What s has stays.
func (c *Client) Trees(ctx context.Context, repo string, s Sides) (Sides, error) {
	const op = "looking for the board"
	owner, name := split(repo)
	w := &queryWriter{values: map[string]any{}}
	w.declare("owner", "String!", owner)
	w.declare("name", "String!", name)
	w.line("  repository(owner: $owner, name: $name) {")
	commits := s.commits()
	for i, oid := range commits {
		w.declare(fmt.Sprintf("oid%d", i), "GitObjectID!", oid)
		w.line(fmt.Sprintf("    c%d: object(oid: $oid%d) { ... on Commit { oid tree { entries { name mode object { ... on Tree { entries { name mode } } } } } } }", i, i))
	}
	w.line("  }")
	w.line("}")
	a, err := c.query(ctx, op, header("Trees", w.variables)+" {\n"+w.body.String(), w.values)
	if err != nil {
		return s, err
	}
	var data struct {
		Repository map[string]*struct {
			OID  string
			Tree treeAnswer
		}
	}
	if err := json.Unmarshal(a.Data, &data); err != nil {
		return s, &Error{Op: op, Kind: Unavailable, Message: "the answer is not as documented: " + err.Error(), cause: err}
	}
	for i, oid := range commits {
		alias := fmt.Sprintf("c%d", i)
		if e := a.at("repository", alias); e != nil {
			return s, e.asError(op, needsContents)
		}
		got := data.Repository[alias]
		if got == nil {
			return s, &Error{Op: op, Kind: NotFound, Message: "the commit " + oid + " is not there for this token", Accepted: needsContents}
		}
		s = s.with(Side{Commit: got.OID, Names: got.Tree.names()})
	}
	return s, nil
}

// treeAnswer is a folder in an answer.
type treeAnswer struct {
	Entries []struct {
		Name   string
		Mode   int
		Object *treeAnswer
	}
}

// names returns the names in a folder, "", and in those that are in it.
func (t treeAnswer) names() map[string][]string {
	out := map[string][]string{"": t.list()}
	for _, e := range t.Entries {
		if Entry(e.Mode) == Directory && e.Object != nil {
			out[e.Name] = e.Object.list()
		}
	}
	return out
}

func (t treeAnswer) list() []string {
	var out []string
	for _, e := range t.Entries {
		name := e.Name
		if Entry(e.Mode) == Directory {
			name += "/"
		}
		out = append(out, name)
	}
	return out
}
