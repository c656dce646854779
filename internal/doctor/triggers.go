package doctor

import (
	"fmt"
	"slices"
	"strings"
)

// checkTriggers looks at what starts the gate.
func (g gate) checkTriggers() []Finding {
	out := slices.Concat(g.checkTypes("pull_request"), g.checkTypes("pull_request_target"))
	for _, event := range mergeEvents {
		out = append(out, g.checkFilters(event)...)
	}
	if !g.in.events["merge_group"].there() {
		out = append(out, Finding{
			Path: g.in.path, Line: g.in.on.line,
			Message: "There is no `merge_group` trigger: in a merge queue the gate never answers, and two changes that break a limit together are not judged together.",
			Lines:   "on:\n  merge_group:\n",
		})
	}
	return out
}

// checkFilters looks for what keeps the gate from running on some changes.
func (g gate) checkFilters(event string) []Finding {
	var out []Finding
	for _, key := range []string{"paths", "paths-ignore", "branches", "branches-ignore"} {
		at := g.in.entries(g.in.events[event].node)[key]
		f := Finding{Path: g.in.path, Line: at.line, Lines: "on:\n  " + event + ":\n"}
		switch {
		case !at.there() || key == "branches" && slices.Contains(g.in.scalars(at.node), "**"):
			continue
		case strings.HasPrefix(key, "paths"):
			f.Message = fmt.Sprintf("`%s` keeps the gate from running on other changes. A required check that does not run stays \"Expected\", and the pull request waits forever.", key)
			f.Hint = "Take the filter out: the gate passes at once where the board is untouched."
		default:
			f.Message = fmt.Sprintf("`%s` keeps the gate from judging pull requests into some branches. They get a verdict only once their base is changed to another, and where the check is required for a branch that is left out it stays \"Expected\".", key)
			f.Hint = "Take the filter out: a pull request is judged by the board and the configuration of its own base."
		}
		out = append(out, f)
	}
	return out
}

// typesProposed are the activities of a pull request in the example. A gate has
// to run for all but the last.
var typesProposed = []string{"opened", "synchronize", "reopened", "edited", "ready_for_review"}

// typesByDefault are those that start a workflow which names none.
// https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request
var typesByDefault = typesProposed[:3]

// checkTypes looks for activities after which a head, or the base branch, has changed
// and the gate does not run.
func (g gate) checkTypes(event string) []Finding {
	at := g.in.events[event]
	if !at.there() || !mayHold(g.condition.scalar(), event) {
		return nil
	}
	line, named := at.line, typesByDefault
	if types := g.in.entries(at.node)["types"]; len(g.in.scalars(types.node)) > 0 {
		line, named = types.line, g.in.scalars(types.node)
	}
	missing := slices.DeleteFunc(slices.Clone(typesProposed[:4]), func(t string) bool { return slices.Contains(named, t) })
	if len(missing) == 0 {
		return nil
	}
	var why string
	if missing[0] != "edited" {
		why += " A commit that no run judged has no check, and where that is required the pull request waits forever."
	}
	if missing[len(missing)-1] == "edited" {
		why += " A change of the base branch raises only `edited`: without it the verdict against the old base stands."
	}
	events := []string{event}
	if len(g.in.pairs(g.in.on.node)) == 0 { // a list of events has no types, so it becomes a mapping
		line, events = g.in.on.line, g.in.scalars(g.in.on.node)
	}
	extra := slices.DeleteFunc(slices.Clone(named), func(t string) bool { return slices.Contains(typesProposed, t) })
	return []Finding{{
		Path: g.in.path, Line: line,
		Message: fmt.Sprintf("`%s` does not start the gate for `%s`.%s", event, strings.Join(missing, "`, `"), why),
		Lines:   withTypes(events, event, slices.Concat(typesProposed, extra)),
	}}
}

// withTypes returns events as a mapping in which one has types.
func withTypes(events []string, event string, types []string) string {
	var b strings.Builder
	b.WriteString("on:\n")
	for _, e := range events {
		b.WriteString("  " + e + ":\n")
		if e == event {
			b.WriteString("    types: [" + strings.Join(types, ", ") + "]\n")
		}
	}
	return b.String()
}
