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

// evaluation is what is known when a condition is evaluated.
type evaluation struct {
	event   string // github.event_name
	success truth  // success(): what ran before succeeded
}

// mayHold says whether a condition may hold for an event.
func mayHold(condition, event string) bool {
	return evaluation{event: event}.evaluate(condition) != never
}

// evaluate evaluates a condition, with or without ${{ }}. No condition always holds.
func (o evaluation) evaluate(condition string) truth {
	if condition == "" {
		return always
	}
	return o.expr(parseCondition(condition))
}

// maxExpression is the longest expression that GitHub evaluates, in characters.
const maxExpression = 21000

// parseCondition parses a condition; nil where it is not a single expression.
func parseCondition(condition string) actionlint.ExprNode {
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

// expr is what an expression is as a condition.
// https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
func (o evaluation) expr(n actionlint.ExprNode) truth {
	switch n := n.(type) {
	case *actionlint.BoolNode:
		return truthOf(n.Value)
	case *actionlint.NotOpNode:
		return not(o.expr(n.Operand))
	case *actionlint.LogicalOpNode:
		left, right := o.expr(n.Left), o.expr(n.Right)
		if n.Kind == actionlint.LogicalOpNodeKindOr {
			return not(and(not(left), not(right)))
		}
		return and(left, right)
	case *actionlint.CompareOpNode:
		return o.compareOp(n)
	case *actionlint.FuncCallNode:
		return o.call(n)
	}
	if text, ok := o.stringValue(n); ok {
		return truthOf(text != "")
	}
	return maybe
}

func and(a, b truth) truth {
	switch {
	case a == never || b == never:
		return never
	case a == always && b == always:
		return always
	}
	return maybe
}

// compareOp evaluates == and !=, which disregard case. A repository that is
// named in its own workflow is taken to be that one.
func (o evaluation) compareOp(n *actionlint.CompareOpNode) truth {
	left, knowsLeft := o.stringValue(n.Left)
	right, knowsRight := o.stringValue(n.Right)
	equal := maybe
	switch {
	case !n.Kind.IsEqualityOp():
	case knowsLeft && knowsRight:
		equal = truthOf(strings.EqualFold(left, right))
	case knowsLeft && repositoryNames[variablePath(n.Right)], knowsRight && repositoryNames[variablePath(n.Left)]:
		equal = always
	}
	if n.Kind == actionlint.CompareOpNodeKindNotEq {
		return not(equal)
	}
	return equal
}

var repositoryNames = map[string]bool{"github.repository": true, "github.repository_owner": true}

// call evaluates the functions whose result is known before a run.
func (o evaluation) call(n *actionlint.FuncCallNode) truth {
	switch name := strings.ToLower(n.Callee); name {
	case "always":
		return always
	case "cancelled":
		return never
	case "success":
		return o.success
	case "contains", "startswith", "endswith":
		if len(n.Args) == 2 {
			return o.search(name, n.Args[0], n.Args[1])
		}
	}
	return maybe
}

// search evaluates the functions that look for a text in a text or a list.
func (o evaluation) search(function string, in, what actionlint.ExprNode) truth {
	part, ok := o.stringValue(what)
	if !ok {
		return maybe
	}
	if list, ok := o.stringList(in); ok && function == "contains" {
		return truthOf(slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, part) }))
	}
	whole, ok := o.stringValue(in)
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

// stringList returns the texts of fromJSON('["…"]').
func (o evaluation) stringList(n actionlint.ExprNode) ([]string, bool) {
	call, ok := n.(*actionlint.FuncCallNode)
	if !ok || !strings.EqualFold(call.Callee, "fromJSON") || len(call.Args) != 1 {
		return nil, false
	}
	text, ok := o.stringValue(call.Args[0])
	var list []string
	return list, ok && json.Unmarshal([]byte(text), &list) == nil
}

// stringValue returns a text that is known before a run.
func (o evaluation) stringValue(n actionlint.ExprNode) (string, bool) {
	if s, ok := n.(*actionlint.StringNode); ok {
		return s.Value, true
	}
	return o.event, variablePath(n) == "github.event_name"
}

// variablePath returns a variable with its properties, such as "github.event_name";
// empty for another expression.
func variablePath(n actionlint.ExprNode) string {
	switch n := n.(type) {
	case *actionlint.VariableNode:
		return strings.ToLower(n.Name)
	case *actionlint.ObjectDerefNode:
		if of := variablePath(n.Receiver); of != "" {
			return of + "." + strings.ToLower(n.Property)
		}
	}
	return ""
}
