package probe

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/theory/jsonpath"
)

// template is a text with places filled from elsewhere: "{{ products $.data[0].id }}"
// from the JSON that another fact answered, "{{ env BOARDGATE_TOKEN }}" from the environment.
type template struct {
	written string
	parts   []part
}

// part is a literal, or a captured value, or a secret.
type part struct {
	literal string
	fact    string // the fact whose answer is captured
	path    *jsonpath.Path
	env     string // the name of the secret
}

// values finds what a template wants.
type values interface {
	captured(fact string, path *jsonpath.Path) (string, error)
	secret(name string) string
}

func parseTemplate(s string) (template, error) {
	t := template{written: s}
	for s != "" {
		literal, rest, found := strings.Cut(s, "{{")
		if literal != "" {
			t.parts = append(t.parts, part{literal: literal})
		}
		if !found {
			break
		}
		inner, after, closed := strings.Cut(rest, "}}")
		if !closed {
			return t, errors.New(`"{{" has no "}}"`)
		}
		p, err := parsePart(strings.TrimSpace(inner))
		if err != nil {
			return t, err
		}
		t.parts = append(t.parts, p)
		s = after
	}
	return t, nil
}

func parsePart(inner string) (part, error) {
	name, rest, _ := strings.Cut(inner, " ")
	rest = strings.TrimSpace(rest)
	if name == "env" {
		return part{env: rest}, nil
	}
	if name == "" || rest == "" {
		return part{}, fmt.Errorf("%q is neither FACT JSONPATH nor env NAME", inner)
	}
	path, err := jsonpath.Parse(rest)
	if err != nil {
		return part{}, pathError(rest, err)
	}
	return part{fact: name, path: path}, nil
}

// pathError says what is wrong with a JSONPath, without the library's own prefix.
func pathError(path string, err error) error {
	said := strings.TrimPrefix(err.Error(), jsonpath.ErrPathParse.Error())
	return fmt.Errorf("%q is not a JSONPath (RFC 9535): %s", path, strings.TrimPrefix(said, ": "))
}

// facts returns the names of the facts a template captures from.
func (t template) facts() []string {
	var names []string
	for _, p := range t.parts {
		if p.fact != "" {
			names = append(names, p.fact)
		}
	}
	return names
}

// secrets returns the names of the secrets a template uses.
func (t template) secrets() []string {
	var names []string
	for _, p := range t.parts {
		if p.env != "" {
			names = append(names, p.env)
		}
	}
	return names
}

// literal returns what the template begins with.
func (t template) literal() string {
	if len(t.parts) == 0 {
		return ""
	}
	return t.parts[0].literal
}

// text fills the template with values as they are.
func (t template) text(v values) (string, error) {
	return t.escaped(v, func(s string) string { return s })
}

// escaped fills the template with values as they are written in the text around them.
func (t template) escaped(v values, escape func(string) string) (string, error) {
	var out strings.Builder
	for _, p := range t.parts {
		switch {
		case p.env != "":
			out.WriteString(escape(v.secret(p.env)))
		case p.fact != "":
			s, err := v.captured(p.fact, p.path)
			if err != nil {
				return "", err
			}
			out.WriteString(escape(s))
		default:
			out.WriteString(p.literal)
		}
	}
	return out.String(), nil
}

// address fills the template as part of a URL: a captured value stays within
// one segment of the path, or one value of the query.
func (t template) address(v values) (string, error) {
	var out strings.Builder
	for _, p := range t.parts {
		if p.fact == "" {
			out.WriteString(p.literal)
			continue
		}
		s, err := v.captured(p.fact, p.path)
		if err != nil {
			return "", err
		}
		if strings.Contains(out.String(), "?") {
			out.WriteString(url.QueryEscape(s))
			continue
		}
		if s == "" || s == "." || s == ".." {
			return "", fmt.Errorf("%s answered %s = %q, which cannot be a segment of a path", p.fact, p.path, s)
		}
		out.WriteString(url.PathEscape(s))
	}
	return out.String(), nil
}

// longestCapture is the most that is taken from an answer: it goes into an
// address and is shown.
const longestCapture = 1024

// scalar selects the one plain value a path leads to.
func scalar(path *jsonpath.Path, document any) (string, error) {
	nodes := path.Select(document)
	if len(nodes) != 1 {
		return "", fmt.Errorf("%s leads to %d values, not one", path, len(nodes))
	}
	var value string
	switch v := nodes[0].(type) {
	case string:
		value = v
	case json.Number:
		value = v.String()
	case bool:
		value = fmt.Sprint(v)
	default:
		return "", fmt.Errorf("%s leads to %s, not to a plain value", path, kind(v))
	}
	if len(value) > longestCapture {
		return "", fmt.Errorf("%s leads to a value of %d bytes, more than the %d that are taken", path, len(value), longestCapture)
	}
	return value, nil
}
