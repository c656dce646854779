package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/source"
)

// Mapping returns the section as plain data. A number that is not written
// plainly, 0x10 or 1_000, is the text that stands there: readers of YAML do not
// agree on it.
func (p *ProdFacts) Mapping() fact.Mapping { return mappingOf(p.Node) }

func mappingOf(n ast.Node) fact.Mapping {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		return nil
	}
	out := make(fact.Mapping, len(m.Values))
	for i, entry := range m.Values {
		out[i] = fact.Entry{Key: entryName(entry), Value: plainOf(entry.Value)}
	}
	return out
}

// plainOf returns a node as plain data.
func plainOf(n ast.Node) any {
	switch n := n.(type) {
	case *ast.MappingNode:
		return mappingOf(n)
	case *ast.SequenceNode:
		out := make([]any, len(n.Values))
		for i, one := range n.Values {
			out[i] = plainOf(one)
		}
		return out
	case *ast.NullNode:
		return nil
	case *ast.BoolNode:
		return n.Value
	case *ast.IntegerNode:
		return integerOf(n)
	case *ast.FloatNode:
		return n.Value
	}
	if s, ok := content(n); ok {
		return s
	}
	return n.GetToken().Value
}

func integerOf(n *ast.IntegerNode) any {
	written := n.GetToken().Value
	if fmt.Sprint(n.Value) != written {
		return written
	}
	return n.Value
}

// Place returns where the value stands that a path leads to, as goccy/go-yaml
// writes paths: "$.check.login.json.'$.status'", "$.check.login.needs[0]". A
// value that is a mapping or a list, and one that is missing, is at its key; so
// is every value where the key itself is meant. A path that leads nowhere ends
// at the last of its keys that is there.
func (p *ProdFacts) Place(path string, key bool) source.Span {
	r := &reader{file: p.Span.File}
	at := r.file.Span(p.Span.Start, p.Span.Start+len("prod-facts"))
	found, _ := r.walk(p.Node, strings.TrimPrefix(path, "$"), at, key)
	return found
}

// walk follows a path below a node that stands at a place, and says whether the
// path led to its end.
func (r *reader) walk(n ast.Node, path string, at source.Span, key bool) (source.Span, bool) {
	if path == "" {
		return r.shown(n, at, key), true
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return r.walkKeys(n, path, at, key)
	case *ast.SequenceNode:
		for i, one := range n.Values {
			if rest, ok := strings.CutPrefix(path, "["+strconv.Itoa(i)+"]"); ok {
				return r.walk(one, rest, r.span(one), key)
			}
		}
	default:
		// One word may stand for a list of one.
		if path == "[0]" {
			return r.shown(n, at, key), true
		}
	}
	return at, false
}

// shown returns the place to point at for a value whose key stands at a place.
func (r *reader) shown(n ast.Node, at source.Span, key bool) source.Span {
	switch n.(type) {
	case *ast.MappingNode, *ast.SequenceNode, *ast.NullNode:
		return at
	}
	if key {
		return at
	}
	return r.span(n)
}

// walkKeys follows a path into a mapping. What a key ends with cannot be told
// from the path alone, so the one that leads furthest is followed.
func (r *reader) walkKeys(m *ast.MappingNode, path string, at source.Span, key bool) (source.Span, bool) {
	for _, entry := range m.Values {
		rest, ok := strings.CutPrefix(path, "."+pathKeyOf(entryName(entry)))
		if !ok || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		found, whole := r.walk(entry.Value, rest, r.tokenSpan(entry.Key.GetToken()), key)
		if whole {
			return found, true
		}
		at = found
	}
	return at, false
}

// pathKeyOf returns a key as it stands in a path.
func pathKeyOf(name string) string {
	if strings.ContainsAny(name, "$*.[]") {
		return "'" + name + "'"
	}
	return name
}
