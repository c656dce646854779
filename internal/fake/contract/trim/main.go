// Command trim cuts GitHub's own descriptions of its interfaces down to what
// boardgate uses, for package contract.
//
// They come from npm, both under the MIT licence:
//
//	npm pack @octokit/openapi@23.0.2 @octokit/graphql-schema@15.26.1
//	for f in octokit-*.tgz; do tar xzf $f --one-top-level; done
//	go run ./internal/fake/contract/trim \
//	    octokit-openapi-23.0.2/package/generated/api.github.com.json \
//	    octokit-graphql-schema-15.26.1/package/schema.graphql internal/fake/contract/testdata
//
// What is kept is named in this file, not taken from the queries: a field that
// GitHub does not have cannot slip in.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
)

// operations are the REST requests kept: path and methods.
var operations = map[string][]string{
	"/repos/{owner}/{repo}/check-runs":                           {"post"},
	"/repos/{owner}/{repo}/check-runs/{check_run_id}":            {"patch"},
	"/repos/{owner}/{repo}/commits/{ref}/check-runs":             {"get"},
	"/repos/{owner}/{repo}/issues/{issue_number}/comments":       {"post"},
	"/repos/{owner}/{repo}/issues/comments/{comment_id}":         {"patch", "delete"},
	"/repos/{owner}/{repo}/issues":                               {"post"},
	"/repos/{owner}/{repo}/issues/{issue_number}":                {"patch"},
	"/repos/{owner}/{repo}/git/blobs/{file_sha}":                 {"get"},
	"/repos/{owner}/{repo}/pulls/{pull_number}/files":            {"get"},
	"/repos/{owner}/{repo}/pulls/{pull_number}/comments":         {"post"},
	"/repos/{owner}/{repo}/compare/{basehead}":                   {"get"},
	"/repos/{owner}/{repo}/actions/workflows/{workflow_id}":      {"get"},
	"/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs": {"get"},
}

// types are the GraphQL types kept, with those of their fields that lead to no other.
var types = []string{
	"Query", "Repository", "Ref", "GitObject", "Commit", "CommitConnection", "Tree", "TreeEntry", "Blob", "PageInfo",
	"PullRequest", "PullRequestConnection", "Issue", "IssueConnection", "IssueOrPullRequest", "IssueComment", "IssueCommentConnection",
	"PullRequestReviewThread", "PullRequestReviewThreadConnection", "PullRequestReviewComment", "PullRequestReviewCommentConnection",
	"Actor", "Bot", "User", "Label", "LabelConnection",
	"Node", "CheckSuite", "CheckRun", "CheckRunConnection", "CheckAnnotation", "CheckAnnotationConnection",
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: trim api.github.com.json schema.graphql DIRECTORY")
	}
	write := func(name string, trim func(string) ([]byte, error), from string) {
		out, err := trim(from)
		if err == nil {
			err = os.WriteFile(filepath.Join(os.Args[3], name), out, 0o644)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
	write("openapi.json", trimOpenAPI, os.Args[1])
	write("schema.graphql", trimSchema, os.Args[2])
}

// trimOpenAPI keeps the operations and the components they lead to.
func trimOpenAPI(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var doc map[string]any
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	t := &openAPI{from: doc, kept: map[string]any{}}
	paths := map[string]any{}
	for path, methods := range operations {
		item, ok := lookup(doc, "paths", path).(map[string]any)
		if !ok {
			return nil, fmt.Errorf("GitHub has no path %s", path)
		}
		kept := map[string]any{}
		for _, m := range methods {
			if item[m] == nil {
				return nil, fmt.Errorf("GitHub has no %s %s", m, path)
			}
			kept[m] = t.keep(item[m])
		}
		paths[path] = kept
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err = enc.Encode(map[string]any{
		"openapi": doc["openapi"], "info": map[string]any{"title": "GitHub v3 REST API, trimmed", "version": lookup(doc, "info", "version")},
		"paths": paths, "components": t.kept,
	})
	return out.Bytes(), err
}

type openAPI struct {
	from map[string]any
	kept map[string]any // components, by kind and name
}

func lookup(v any, names ...string) any {
	for _, name := range names {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

// keep copies a value without prose and examples, and the components it refers to.
func (t *openAPI) keep(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = t.keep(v[i])
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k, inner := range v {
			if k == "$ref" {
				t.component(inner.(string))
			}
			if !prose(k, inner) {
				out[k] = t.keep(inner)
			}
		}
		if _, isResponse := v["content"]; isResponse && v["description"] != nil {
			out["description"] = "" // a response must have one
		}
		return out
	default:
		return v
	}
}

func prose(key string, value any) bool {
	switch key {
	case "description", "title", "summary":
		_, isText := value.(string)
		return isText
	case "example", "examples", "externalDocs", "x-github", "x-multi-segment", "tags":
		return true
	}
	return false
}

func (t *openAPI) component(ref string) {
	parts := strings.Split(ref, "/") // #/components/KIND/NAME
	kind, name := parts[2], parts[3]
	if kind == "examples" {
		return
	}
	if t.kept[kind] == nil {
		t.kept[kind] = map[string]any{}
	}
	all := t.kept[kind].(map[string]any)
	if all[name] == nil {
		all[name] = map[string]any{} // ends a circle
		all[name] = t.keep(lookup(t.from, "components", kind, name))
	}
}

// trimSchema keeps the types and what their fields' arguments and plain values need.
func trimSchema(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	doc, err := parser.ParseSchema(&ast.Source{Name: path, Input: string(text)})
	if err != nil {
		return nil, err
	}
	s := &schema{from: doc}
	for _, name := range types {
		if doc.Definitions.ForName(name) == nil {
			return nil, fmt.Errorf("GitHub has no type %s", name)
		}
		s.add(name)
	}
	slices.SortFunc(s.kept, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
	var out bytes.Buffer
	formatter.NewFormatter(&out, formatter.WithoutDescription()).FormatSchemaDocument(&ast.SchemaDocument{Definitions: s.kept})
	return out.Bytes(), nil
}

type schema struct {
	from *ast.SchemaDocument
	kept ast.DefinitionList
}

// add keeps a definition. A scalar of GraphQL's own has none.
func (s *schema) add(name string) {
	d := s.from.Definitions.ForName(name)
	if d == nil || s.kept.ForName(name) != nil {
		return
	}
	out := *d
	out.Directives, out.Fields = nil, nil
	out.Interfaces = slices.DeleteFunc(slices.Clone(d.Interfaces), func(i string) bool { return !slices.Contains(types, i) })
	s.kept = append(s.kept, &out)
	for _, f := range d.Fields {
		if d.Kind == ast.InputObject || s.fits(f) {
			out.Fields = append(out.Fields, s.field(f))
		}
	}
	for _, v := range out.EnumValues {
		v.Directives = nil
	}
}

func (s *schema) field(f *ast.FieldDefinition) *ast.FieldDefinition {
	kept := *f
	kept.Directives = nil
	s.add(f.Type.Name())
	for _, a := range f.Arguments {
		a.Directives = nil
		s.add(a.Type.Name())
	}
	return &kept
}

// fits says whether a field's type is kept or a plain value.
func (s *schema) fits(f *ast.FieldDefinition) bool {
	d := s.from.Definitions.ForName(f.Type.Name())
	return d == nil || d.Kind == ast.Scalar || d.Kind == ast.Enum || slices.Contains(types, d.Name)
}
