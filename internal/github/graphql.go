package github

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// graphQLError is one of the errors of an answer. type is GitHub's own addition.
type graphQLError struct {
	Type    string `json:"type"`
	Message string `json:"message"`
	Path    []any  `json:"path"` // names and indexes from the root
}

// under says whether the error is about the place of these names, or about one around or in it.
func (e graphQLError) under(names ...string) bool {
	for i, name := range names {
		if i == len(e.Path) {
			return true
		}
		if e.Path[i] != any(name) {
			return false
		}
	}
	return len(e.Path) > 0
}

// answer is an answer to a query: what came, and what did not.
type answer struct {
	Data   json.RawMessage
	Errors []graphQLError
}

// at returns the first error about a place, nil where there is none.
func (a *answer) at(names ...string) *graphQLError {
	i := slices.IndexFunc(a.Errors, func(e graphQLError) bool { return e.under(names...) })
	if i < 0 {
		return nil
	}
	return &a.Errors[i]
}

// query asks GraphQL and reads the answer into data. Errors that come with data
// are left to the caller, who knows which places matter; an answer without any
// data is an error.
func (c *Client) query(ctx context.Context, op, text string, variables map[string]any, data any) (*answer, error) {
	req, err := c.rest.NewRequest(http.MethodPost, c.graphQL, map[string]any{"query": text, "variables": variables})
	if err != nil {
		return nil, asError(op, err)
	}
	var a answer
	if _, err := c.rest.Do(ctx, req, &a); err != nil {
		return nil, asError(op, err)
	}
	switch none := len(a.Data) == 0 || string(a.Data) == "null"; {
	case none && len(a.Errors) > 0:
		return nil, a.Errors[0].asError(op, "")
	case none:
		return nil, &Error{Op: op, Kind: Unavailable, Status: http.StatusOK, Message: "GitHub answered with neither data nor errors"}
	}
	if err := json.Unmarshal(a.Data, data); err != nil {
		return nil, undocumented(op, err)
	}
	return &a, nil
}

// undocumented is the error for an answer that is not as documented.
func undocumented(op string, err error) error {
	return &Error{Op: op, Kind: Unavailable, Message: "the answer is not as documented: " + err.Error(), cause: err}
}

// asError makes an error of this package of a GraphQL error. accepted are the
// permissions that the place asked for needs: GraphQL sends no header.
func (e graphQLError) asError(op, accepted string) error {
	err := &Error{Op: op, Kind: Unavailable, Status: http.StatusOK, Message: "GitHub answered: " + e.Message}
	switch e.Type {
	case "NOT_FOUND":
		err.Kind, err.Accepted = NotFound, accepted
	case "FORBIDDEN", "INSUFFICIENT_SCOPES":
		err.Kind, err.Accepted = Forbidden, accepted
	case "MAX_NODE_LIMIT_EXCEEDED":
		err.Kind = Refused
	}
	return err
}

// What the places of our queries need, in the words of the REST header.
const (
	needsContents = "contents=read"
	needsPulls    = "pull_requests=read"
)

// queryWriter writes a query. Everything that a user can name is a variable.
type queryWriter struct {
	declared []string // "$owner: String!"
	values   map[string]any
	body     strings.Builder
}

// repositoryQuery begins a query of one repository.
func repositoryQuery(repo string) *queryWriter {
	w := &queryWriter{values: map[string]any{}}
	owner, name := ownerAndName(repo)
	w.declare("owner", "String!", owner)
	w.declare("name", "String!", name)
	w.writeLine("  repository(owner: $owner, name: $name) {")
	return w
}

func (w *queryWriter) declare(name, kind string, value any) {
	w.declared = append(w.declared, "$"+name+": "+kind)
	w.values[name] = value
}

func (w *queryWriter) writeLine(s string) { w.body.WriteString(s + "\n") }

// query returns the query under a name, with its variables declared.
func (w *queryWriter) query(name string) string {
	return "query " + name + "(" + strings.Join(w.declared, ", ") + ") {\n" + w.body.String()
}
