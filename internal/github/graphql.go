package github

import (
	"context"
	"encoding/json"
	"fmt"
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

// query asks GraphQL. Errors that come with data are left to the caller, who
// knows which places matter; an answer without any data is an error.
func (c *Client) query(ctx context.Context, op, text string, variables map[string]any) (*answer, error) {
	req, err := c.rest.NewRequest(http.MethodPost, c.graphQL, map[string]any{"query": text, "variables": variables})
	if err != nil {
		return nil, fail(op, err)
	}
	var a answer
	if _, err := c.rest.Do(ctx, req, &a); err != nil {
		return nil, fail(op, err)
	}
	if len(a.Data) == 0 || string(a.Data) == "null" {
		return nil, noData(op, a.Errors)
	}
	return &a, nil
}

func noData(op string, errors []graphQLError) error {
	if len(errors) == 0 {
		return &Error{Op: op, Kind: Unavailable, Status: http.StatusOK, Message: "GitHub answered with neither data nor errors"}
	}
	return errors[0].asError(op, "")
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

// batch parts a list into pieces of at most size.
func batch[T any](list []T, size int) [][]T {
	return slices.Collect(slices.Chunk(list, size))
}

// declaration is a variable of a query and its GraphQL type.
type declaration struct{ name, kind string }

func header(name string, variables []declaration) string {
	parts := make([]string, len(variables))
	for i, v := range variables {
		parts[i] = fmt.Sprintf("$%s: %s", v.name, v.kind)
	}
	return "query " + name + "(" + strings.Join(parts, ", ") + ")"
}
