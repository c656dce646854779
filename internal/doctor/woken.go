package doctor

import (
	"maps"
	"slices"
)

// wakers returns the events that wake a workflow.
func (w *workflow) wakers() []string { return slices.Sorted(maps.Keys(w.events)) }

// woken says whether an event leads to a step, as far as the conditions before it tell.
func (j *job) woken(s step, event string) bool {
	return j.in.events[event].there() && admits(j.condition.text(), event) && admits(s.condition.text(), event)
}

// timed says whether a step is there for a schedule or a person, and for no change.
func (j *job) timed(s step) bool {
	return j.reaches(s, "schedule", "workflow_dispatch") && !j.reaches(s, changes...) && !j.reaches(s, "push", "workflow_call")
}

// reaches says whether one of the events leads to a step.
func (j *job) reaches(s step, events ...string) bool {
	return slices.ContainsFunc(events, func(event string) bool { return j.woken(s, event) })
}
