package fake

import (
	"fmt"
	"strconv"
	"strings"
)

// A reader of the GraphQL that boardgate writes: one operation, fields with
// aliases and arguments, fragments; no directives, no values of lists but
// short ones. Tests hold every query to GitHub's own schema besides.
// https://spec.graphql.org/October2021/

type document struct {
	name      string
	selection []selection
	fragments map[string]fragment
}

type fragment struct {
	on        string
	selection []selection
}

// selection is a field, or, without a name, the selection of a fragment for a type.
type selection struct {
	alias, name string
	args        map[string]any
	on, spread  string
	inner       []selection
}

// variable stands for a variable in a field's arguments.
type variable string

func parseQuery(text string) (doc document, err error) {
	p := &parser{tokens: tokens(text)}
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("%v", e)
		}
	}()
	doc.fragments = map[string]fragment{}
	for p.peek() != "" {
		switch word := p.next(); word {
		case "query":
			doc.name = p.next()
			if p.peek() == "(" {
				p.skipTo(")")
			}
			doc.selection = p.selection()
		case "fragment":
			name := p.next()
			p.want("on")
			doc.fragments[name] = fragment{on: p.next(), selection: p.selection()}
		default:
			p.fail(word)
		}
	}
	return doc, nil
}

type parser struct{ tokens []string }

func (p *parser) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *parser) next() string {
	t := p.peek()
	if t == "" {
		p.fail("the end")
	}
	p.tokens = p.tokens[1:]
	return t
}

func (p *parser) want(t string) {
	if got := p.next(); got != t {
		p.fail(got)
	}
}

func (p *parser) fail(at string) { panic("Parse error on " + strconv.Quote(at)) }

func (p *parser) skipTo(t string) {
	for p.next() != t {
	}
}

func (p *parser) selection() []selection {
	p.want("{")
	var out []selection
	for p.peek() != "}" {
		if p.peek() == "..." {
			out = append(out, p.spread())
		} else {
			out = append(out, p.field())
		}
	}
	p.want("}")
	return out
}

func (p *parser) spread() selection {
	p.want("...")
	if p.peek() != "on" {
		return selection{spread: p.next()}
	}
	p.want("on")
	return selection{on: p.next(), inner: p.selection()}
}

func (p *parser) field() selection {
	f := selection{name: p.next(), args: map[string]any{}}
	f.alias = f.name
	if p.peek() == ":" {
		p.want(":")
		f.name = p.next()
	}
	if p.peek() == "(" {
		p.want("(")
		for p.peek() != ")" {
			key := p.next()
			p.want(":")
			f.args[key] = p.value()
		}
		p.want(")")
	}
	if p.peek() == "{" {
		f.inner = p.selection()
	}
	return f
}

func (p *parser) value() any {
	switch t := p.next(); t {
	case "$":
		return variable(p.next())
	case "[":
		list := []any{}
		for p.peek() != "]" {
			list = append(list, p.value())
		}
		p.want("]")
		return list
	case "{":
		fields := map[string]any{}
		for p.peek() != "}" {
			key := p.next()
			p.want(":")
			fields[key] = p.value()
		}
		p.want("}")
		return fields
	default:
		if n, err := strconv.Atoi(t); err == nil {
			if n != int(int32(n)) {
				p.fail(t) // as GitHub: an Int has 32 bits
			}
			return n
		}
		return t
	}
}

// tokens parts a text; commas and white space mean nothing.
func tokens(text string) []string {
	var out []string
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case strings.IndexByte(" \t\r\n,", c) >= 0:
			i++
		case strings.HasPrefix(text[i:], "..."):
			out = append(out, "...")
			i += 3
		case !isName(c):
			out = append(out, string(c))
			i++
		default:
			start := i
			for i < len(text) && isName(text[i]) {
				i++
			}
			out = append(out, text[start:i])
		}
	}
	return out
}

func isName(c byte) bool {
	return c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
