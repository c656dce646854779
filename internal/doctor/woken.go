package doctor

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// wakers returns the events that wake a workflow.
func (w *workflow) wakers() []string { return slices.Sorted(maps.Keys(w.events)) }

// woken says whether an event leads to a step, as far as the conditions before it tell.
func (j *job) woken(s step, event string) bool {
	return j.in.events[event].there() && admits(j.condition, event) && admits(s.condition, event)
}

// timed says whether a step is there for a schedule or a person, and for no change.
func (j *job) timed(s step) bool {
	by := func(event string) bool { return j.woken(s, event) }
	return slices.ContainsFunc([]string{"schedule", "workflow_dispatch"}, by) &&
		!slices.ContainsFunc([]string{"pull_request", "pull_request_target", "merge_group", "push", "workflow_call"}, by)
}

var eventName = regexp.MustCompile(`event_name\s*(==|!=)\s*'([^']*)'`)

// admits says whether a condition may hold for an event, by the events that it
// names. What it says beyond them is known only when it runs.
func admits(condition, event string) bool {
	if strings.Contains(condition, "!(") {
		return true
	}
	return slices.ContainsFunc(strings.Split(condition, "||"), func(one string) bool {
		for _, m := range eventName.FindAllStringSubmatch(one, -1) {
			if (m[1] == "==") != (m[2] == event) {
				return false
			}
		}
		return true
	})
}
