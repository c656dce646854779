package doctor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rhysd/actionlint"
)

// checkConditions looks for what keeps the gate from running on a change. GitHub counts
// a skipped job as passed, and so is a job whose gate was skipped.
// https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-jobs-with-conditions
func (g gate) checkConditions(all []gate) []Finding {
	consequence := "The job is then skipped, and GitHub counts a skipped job as passed."
	if g.name == "" {
		consequence = "The job is then skipped and reports its name unevaluated, so that the required check stays \"Expected\"."
	}
	success := always
	var out []Finding
	if needs := g.in.entries(g.node)["needs"]; needs.there() {
		success = maybe
		if !hasStatusFunction(g.condition.scalar()) {
			out = append(out, Finding{
				Path: g.in.path, Line: needs.line,
				Message: fmt.Sprintf("The gate's job waits for `%s`, which may fail or be skipped. %s", strings.Join(g.in.scalars(needs.node), "`, `"), consequence),
				Hint:    "Take `needs` out: the gate needs no other job. To keep the order, add `if: always()`.",
				Lines:   g.head(g.condition.scalar()),
			})
		}
	}
	out = append(out, g.checkCondition(g.condition, success, all, g.head, consequence)...)
	for _, s := range g.judging {
		out = append(out, g.checkCondition(s.condition, always, all, s.head, "The job then passes, and the board was not judged.")...)
	}
	return out
}

// hasStatusFunction says whether a condition has a status function. Without one it
// holds only if what ran before succeeded.
// https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
func hasStatusFunction(condition string) bool {
	found := false
	if n := parseCondition(condition); n != nil {
		actionlint.VisitExprNode(n, func(n, _ actionlint.ExprNode, _ bool) {
			call, ok := n.(*actionlint.FuncCallNode)
			found = found || ok && slices.Contains([]string{"always", "cancelled", "failure", "success"}, strings.ToLower(call.Callee))
		})
	}
	return found
}

// checkCondition looks at a condition, and says so where it may not hold on some
// changes. head writes a job or a step with another condition, or none.
func (g gate) checkCondition(condition entry, success truth, all []gate, head func(string) string, consequence string) []Finding {
	var events []string
	for _, event := range mergeEvents {
		t := evaluation{event, success}.evaluate(condition.scalar())
		elsewhere := t == never && slices.ContainsFunc(all, func(other gate) bool { return other.judges(event) })
		if g.in.events[event].there() && t != always && !elsewhere {
			events = append(events, event)
		}
	}
	if len(events) == 0 {
		return nil
	}
	hint, kept := "Take it out", g.keptCondition(condition.scalar(), events)
	if kept != "" {
		hint = "Put this in its place"
	}
	return []Finding{{
		Path: g.in.path, Line: condition.line, Lines: head(kept),
		Message: fmt.Sprintf("This condition may not hold on `%s`. %s", strings.Join(events, "`, `"), consequence),
		Hint:    hint + "; the gate passes in one query where the board is untouched, and judges a draft like any other pull request.",
	}}
}

// keptCondition returns what a condition may keep: that the job or step runs whatever
// came before, and the events that it is for, those that it wrongly leaves out
// among them.
func (g gate) keptCondition(condition string, events []string) string {
	var names []string
	for _, event := range g.in.eventNames() {
		if slices.Contains(events, event) || mayHold(condition, event) {
			names = append(names, "github.event_name == '"+event+"'")
		}
	}
	switch {
	case len(names) == len(g.in.events):
		names = nil
	case hasStatusFunction(condition) && len(names) > 1:
		names = []string{"(" + strings.Join(names, " || ") + ")"}
	}
	if hasStatusFunction(condition) {
		return strings.Join(append([]string{"always()"}, names...), " && ")
	}
	return strings.Join(names, " || ")
}

// head returns how a job begins with a condition, without its needs.
func (j *job) head(condition string) string {
	out := "  " + j.key + ":\n"
	if condition != "" {
		out += "    if: " + condition + "\n"
	}
	if on := j.in.entries(j.node)["runs-on"].scalar(); on != "" {
		out += "    runs-on: " + on + "\n"
	}
	if j.calls != "" {
		out += "    uses: " + j.calls + "\n"
	}
	return out
}

// head returns how a step begins with a condition.
func (s step) head(condition string) string {
	out := "      - "
	if condition != "" {
		out += "if: " + condition + "\n        "
	}
	script := strings.TrimRight(s.run.scalar(), "\n")
	switch {
	case s.uses.there():
		return out + "uses: " + s.uses.scalar() + "\n"
	case strings.Contains(script, "\n"):
		script = "|\n          " + strings.ReplaceAll(script, "\n", "\n          ")
	}
	return out + "run: " + script + "\n"
}
