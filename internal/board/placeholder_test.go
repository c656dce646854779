package board

import "testing"

func TestPlaceholder(t *testing.T) {
	words := append(DefaultWords().None, "κανένα", "Keine", "なし")
	for _, text := range []string{
		"None", "none", "NONE.", "None (awaiting next priority)", "**None** - Awaiting next priority", "(none)", "- (none)", "(none currently)",
		"(none - ready for next item from the NEXT queue)", "_(empty - pick next unblocked item)_", "**NONE** - waiting", "**None** — all shipped",
		"(To be determined after the release)", "To be determined with the team", "*No pending OPS tasks*", "_(none — first milestone complete)_",
		"-", "—", "–", "…", "...", "- —", "n/a", "N/A", "(n/a)", "Nothing here", "Nothing in progress right now", "No items", "no items yet", "No open tasks (see backlog)",
		"No work in progress", "No active WIP", "No tasks.", "Empty.", "empty", "TBD", "TBD - after planning", "None ✅", "🎉 None", "None yet", "None at the moment",
		"None, awaiting priorities", "None: pick from NEXT", "None; pick from NEXT", "* None", "- [ ] None", "[none]", "`none`", "~~None~~",
		"κανένα", "ΚΑΝΕΝΑ (αναμονή)", "κανε\u0301να", "Keine", "(keine offenen Punkte)", "keine – alles erledigt", "なし", "（なし）", "なし。", "> None",
		"None\n(awaiting next priority)", "(none)\n", "No current items", "No more items left",
	} {
		if !placeholder(text, words) {
			t.Errorf("%q is not a placeholder", text)
		}
	}
	for _, text := range []string{
		"None of the API calls retry", "(none of the calls retry)", "Empty state for the cart", "**Empty state for the cart**", "No-op migration removed", "No regressions in login", "Nothing-to-do page",
		"(optional) fix cart", "(none) fix cart", "Nonexistent route returns 404", "Emptying the cart", "Nothing in the cart is saved", "Empty, error and loading states",
		"No items lost on reload", "No tasks-page flicker", "No duplicate line items in cart", "No blocking dialogs", "Node upgrade", "Notes for users", "No",
		"None-able columns dropped", "None/empty handling", "Empty cart page (PR #12)", "None - fixed in #12", "N/A-safe parser", "TBDs removed from docs", "Keineswegs",
		"なしで動く", "Fix none handling", "1. Ship none", "Empty tasks are selectable", "NoneType error", "To be determined: see #12", "", "   ", "**", "✅", "Emptyness", "[x] Ship it", "?", "\xff",
	} {
		if placeholder(text, words) {
			t.Errorf("%q is a placeholder", text)
		}
	}
}
