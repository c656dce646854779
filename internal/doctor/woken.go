package doctor

import (
	"maps"
	"slices"
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
