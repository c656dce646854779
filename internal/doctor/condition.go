package doctor

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/rhysd/actionlint"
)

// truth is whether a condition holds, as far as it can be known before it runs.
type truth int

const (
	maybe truth = iota
	never
	always
)

func truthOf(b bool) truth {
	if b {
		return always
	}
	return never
}

func not(t truth) truth {
	switch t {
	case never:
		return always
	case always:
		return never
	}
	return maybe
}

// occasion is what is known when a condition is evaluated.
type occasion struct {
	event   string // github.event_name
	success truth  // success(): what ran before succeeded
}

// admits says whether a condition may hold for an event.
func admits(condition, event string) bool { return occasion{event: event}.holds(condition) != never }

// holds evaluates a condition, with or without ${{ }}. No condition always holds.
func (o occasion) holds(condition string) truth {
	if condition == "" {
		return always
	}
	return o.value(expression(condition))
}

// maxExpression is the longest expression that GitHub evaluates, in characters.
const maxExpression = 21000

// expression parses a condition; nil where it is not a single expression.
func expression(condition string) actionlint.ExprNode {
	text := strings.TrimSpace(condition)
	if inner, ok := strings.CutPrefix(text, "${{"); ok {
		text = strings.TrimSuffix(inner, "}}")
	}
	if len(text) > maxExpression || strings.Contains(text, "${{") {
		return nil
	}
	node, err := actionlint.NewExprParser().Parse(actionlint.NewExprLexer(text + "}}"))
	if err != nil {
		return nil
	}
	return node
}

// value is what an expression is as a condition.
// https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
func (o occasion) value(n actionlint.ExprNode) truth {
	switch n := n.(type) {
	case *actionlint.BoolNode:
		return truthOf(n.Value)
	case *actionlint.NotOpNode:
		return not(o.value(n.Operand))
	case *actionlint.LogicalOpNode:
		left, right := o.value(n.Left), o.value(n.Right)
		if n.Kind == actionlint.LogicalOpNodeKindOr {
			return not(both(not(left), not(right)))
		}
		return both(left, right)
	case *actionlint.CompareOpNode:
		return o.compared(n)
	case *actionlint.FuncCallNode:
		return o.called(n)
	}
	if text, ok := o.text(n); ok {
		return truthOf(text != "")
	}
	return maybe
}

func both(a, b truth) truth {
	switch {
	case a == never || b == never:
		return never
	case a == always && b == always:
		return always
	}
	return maybe
}

// compared evaluates == and !=, which disregard case. A repository that is
// named in its own workflow is taken to be that one.
func (o occasion) compared(n *actionlint.CompareOpNode) truth {
	left, knowsLeft := o.text(n.Left)
	right, knowsRight := o.text(n.Right)
	equal := maybe
	switch {
	case !n.Kind.IsEqualityOp():
	case knowsLeft && knowsRight:
		equal = truthOf(strings.EqualFold(left, right))
	case knowsLeft && repositoryNames[dotted(n.Right)], knowsRight && repositoryNames[dotted(n.Left)]:
		equal = always
	}
	if n.Kind == actionlint.CompareOpNodeKindNotEq {
		return not(equal)
	}
	return equal
}

var repositoryNames = map[string]bool{"github.repository": true, "github.repository_owner": true}

// called evaluates the functions whose result is known before a run.
func (o occasion) called(n *actionlint.FuncCallNode) truth {
	switch name := strings.ToLower(n.Callee); name {
	case "always":
		return always
	case "cancelled":
		return never
	case "success":
		return o.success
	case "contains", "startswith", "endswith":
		if len(n.Args) == 2 {
			return o.found(name, n.Args[0], n.Args[1])
		}
	}
	return maybe
}

// found evaluates the functions that look for a text in a text or a list.
func (o occasion) found(function string, in, what actionlint.ExprNode) truth {
	part, ok := o.text(what)
	if !ok {
		return maybe
	}
	if list, ok := o.list(in); ok && function == "contains" {
		return truthOf(slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, part) }))
	}
	whole, ok := o.text(in)
	if !ok {
		return maybe
	}
	whole, part = strings.ToLower(whole), strings.ToLower(part)
	switch function {
	case "startswith":
		return truthOf(strings.HasPrefix(whole, part))
	case "endswith":
		return truthOf(strings.HasSuffix(whole, part))
	}
	return truthOf(strings.Contains(whole, part))
}

// list returns the texts of fromJSON('["…"]').
func (o occasion) list(n actionlint.ExprNode) ([]string, bool) {
	call, ok := n.(*actionlint.FuncCallNode)
	if !ok || !strings.EqualFold(call.Callee, "fromJSON") || len(call.Args) != 1 {
		return nil, false
	}
	text, ok := o.text(call.Args[0])
	var list []string
	return list, ok && json.Unmarshal([]byte(text), &list) == nil
}

// text returns a text that is known before a run.
func (o occasion) text(n actionlint.ExprNode) (string, bool) {
	if s, ok := n.(*actionlint.StringNode); ok {
		return s.Value, true
	}
	return o.event, dotted(n) == "github.event_name"
}

// dotted returns a variable with its properties, such as "github.event_name";
// empty for another expression.
func dotted(n actionlint.ExprNode) string {
	switch n := n.(type) {
	case *actionlint.VariableNode:
		return strings.ToLower(n.Name)
	case *actionlint.ObjectDerefNode:
		if of := dotted(n.Receiver); of != "" {
			return of + "." + strings.ToLower(n.Property)
		}
	}
	return ""
}
