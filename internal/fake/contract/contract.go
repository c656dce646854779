// Package contract holds a conversation with GitHub to GitHub's own
// descriptions: its OpenAPI document and its GraphQL schema, trimmed by
// command trim. It is for tests: it links two large parsers.
package contract

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

//go:embed testdata/openapi.json
var openAPI []byte

//go:embed testdata/schema.graphql
var graphQL string

// checker is what the descriptions were read into, once.
type checker struct {
	router routers.Router
	schema *ast.Schema
}

var read = sync.OnceValues(func() (*checker, error) {
	doc, err := openapi3.NewLoader().LoadFromData(openAPI)
	if err != nil {
		return nil, err
	}
	doc.Servers = openapi3.Servers{{URL: "/api/v3"}}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		return nil, err
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: graphQL})
	if err != nil {
		return nil, err
	}
	return &checker{router, schema}, nil
})

// Handler passes requests on to next and calls complain with what is not as
// GitHub describes it, in a request or in its answer.
func Handler(next http.Handler, complain func(string)) (http.Handler, error) {
	c, err := read()
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			complain(err.Error())
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
		got := httptest.NewRecorder()
		next.ServeHTTP(got, r)
		for _, p := range c.problems(r, sent, got) {
			complain(fmt.Sprintf("%s %s: %s", r.Method, r.URL, p))
		}
		maps.Copy(w.Header(), got.Header())
		w.WriteHeader(got.Code)
		_, _ = w.Write(got.Body.Bytes())
	}), nil
}

func (c *checker) problems(r *http.Request, sent []byte, got *httptest.ResponseRecorder) []string {
	if strings.HasSuffix(r.URL.Path, "/graphql") {
		return c.graphQL(sent, got)
	}
	return c.rest(r, sent, got)
}

func (c *checker) rest(r *http.Request, sent []byte, got *httptest.ResponseRecorder) []string {
	in := r.Clone(r.Context())
	in.Body = io.NopCloser(bytes.NewReader(sent))
	route, params, err := c.router.FindRoute(in)
	if err != nil {
		return []string{err.Error()}
	}
	request := &openapi3filter.RequestValidationInput{
		Request: in, PathParams: params, Route: route,
		Options: &openapi3filter.Options{MultiError: true, IncludeResponseStatus: false},
	}
	var out []string
	if err := openapi3filter.ValidateRequest(r.Context(), request); err != nil {
		out = append(out, "request: "+err.Error())
	}
	answer := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: got.Code, Header: got.Header(), Options: request.Options,
	}
	answer.SetBodyBytes(got.Body.Bytes())
	if err := openapi3filter.ValidateResponse(r.Context(), answer); err != nil {
		out = append(out, "answer: "+err.Error())
	}
	return out
}

func (c *checker) graphQL(sent []byte, got *httptest.ResponseRecorder) []string {
	var q struct {
		Query     string
		Variables map[string]any
	}
	if err := json.Unmarshal(sent, &q); err != nil {
		return []string{err.Error()}
	}
	doc, errs := gqlparser.LoadQueryWithRules(c.schema, q.Query, rules.NewDefaultRules())
	if len(errs) > 0 {
		return []string{"query: " + errs.Error()}
	}
	op := doc.Operations[0]
	out := c.variables(op, q.Variables)
	var a struct{ Data map[string]any }
	if got.Code != http.StatusOK || json.Unmarshal(got.Body.Bytes(), &a) != nil || a.Data == nil {
		return out
	}
	return append(out, c.fields(op.SelectionSet, c.schema.Query, a.Data, "data")...)
}

func (c *checker) variables(op *ast.OperationDefinition, sent map[string]any) []string {
	var out []string
	for _, v := range op.VariableDefinitions {
		got, ok := sent[v.Variable]
		if v.Type.NonNull && (!ok || got == nil) {
			out = append(out, "variable $"+v.Variable+" is missing")
		} else {
			out = append(out, c.value(v.Type, nil, got, "$"+v.Variable)...)
		}
		delete(sent, v.Variable)
	}
	for name := range sent {
		out = append(out, "variable $"+name+" is not declared")
	}
	return out
}

// fields holds an answer's object to what was asked of its type.
func (c *checker) fields(set ast.SelectionSet, of *ast.Definition, got map[string]any, at string) []string {
	var out []string
	if name, ok := got["__typename"].(string); ok {
		of = c.schema.Types[name]
	}
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			v, ok := got[s.Alias]
			if !ok {
				out = append(out, at+"."+s.Alias+" is not in the answer")
				continue
			}
			out = append(out, c.value(s.Definition.Type, s.SelectionSet, v, at+"."+s.Alias)...)
		case *ast.InlineFragment:
			if s.TypeCondition == of.Name {
				out = append(out, c.fields(s.SelectionSet, of, got, at)...)
			}
		case *ast.FragmentSpread:
			if d := s.Definition; d.TypeCondition == of.Name || c.schema.Types[d.TypeCondition].Kind == ast.Union {
				out = append(out, c.fields(d.SelectionSet, of, got, at)...)
			}
		}
	}
	return out
}

// value holds a value to its type.
func (c *checker) value(t *ast.Type, set ast.SelectionSet, got any, at string) []string {
	if got == nil {
		if t.NonNull {
			return []string{at + " is null and may not be"}
		}
		return nil
	}
	if t.Elem != nil {
		list, ok := got.([]any)
		if !ok {
			return []string{at + " is not a list"}
		}
		var out []string
		for i, v := range list {
			out = append(out, c.value(t.Elem, set, v, fmt.Sprintf("%s[%d]", at, i))...)
		}
		return out
	}
	d := c.schema.Types[t.NamedType]
	if object, ok := got.(map[string]any); ok {
		return c.fields(set, d, object, at)
	}
	if !plain(d, got) {
		return []string{fmt.Sprintf("%s is %v, want %s", at, got, d.Name)}
	}
	return nil
}

// plain says whether a value is one of a scalar or an enum.
func plain(d *ast.Definition, got any) bool {
	switch d.Name {
	case "Int":
		n, ok := got.(float64)
		return ok && n == float64(int32(n))
	case "Boolean":
		_, ok := got.(bool)
		return ok
	}
	s, ok := got.(string)
	if d.Kind == ast.Enum {
		return ok && d.EnumValues.ForName(s) != nil
	}
	if d.Name == "GitObjectID" {
		return ok && (len(s) == 40 || len(s) == 64)
	}
	return ok && d.Kind == ast.Scalar
}
