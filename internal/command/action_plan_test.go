package command

import (
	"testing"

	"github.com/boardgate/boardgate/internal/event"
)

// TestPlans holds that each event has a row of its own, and what must never come
// together: a change and the board as it stands.
func TestPlans(t *testing.T) {
	for _, kind := range event.Kinds() {
		row, there := eventPlans[kind]
		switch {
		case !there || row == (eventPlan{}):
			t.Errorf("%s has no plan", kind)
		case row.standing && (row.pending || row.pull || row.queue || row.afterDone):
			t.Errorf("%s brings a change, and none", kind)
		}
	}
	if len(eventPlans) != len(event.Kinds()) {
		t.Errorf("%d rows for %d events", len(eventPlans), len(event.Kinds()))
	}
}
