package github

import (
	"context"
	"encoding/json"
)

// Trees asks for the names in the top folder of each commit of s and in the
// folders there, in one query. What s has stays.
func (c *Client) Trees(ctx context.Context, repo string, s Sides) (Sides, error) {
	q := commitsQuery{
		op: "looking for the board", name: "Trees",
		fields:    "... on Commit { oid tree { entries { name mode object { ... on Tree { entries { name mode } } } } } }",
		fragments: func(*queryWriter) {},
		read: func(answer []byte) (Side, error) {
			var got struct {
				OID  string
				Tree treeAnswer
			}
			err := json.Unmarshal(answer, &got)
			return Side{Commit: got.OID, Names: got.Tree.folderNames()}, err
		},
	}
	return c.askCommits(ctx, repo, s, q)
}

// treeAnswer is a folder in an answer.
type treeAnswer struct {
	Entries []struct {
		Name   string
		Mode   int
		Object *treeAnswer
	}
}

// folderNames returns the names in a folder, "", and in those that are in it.
func (t treeAnswer) folderNames() map[string][]string {
	out := map[string][]string{"": t.entryNames()}
	for _, e := range t.Entries {
		if Entry(e.Mode) == Directory && e.Object != nil {
			out[e.Name] = e.Object.entryNames()
		}
	}
	return out
}

func (t treeAnswer) entryNames() []string {
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
