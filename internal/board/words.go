package board

// DefaultWords returns the words of a board in English.
func DefaultWords() Words {
	return Words{
		Columns: map[Role][]string{
			WIP:     {"WIP", "Work in Progress", "In Progress", "Doing"},
			Next:    {"NEXT", "Up Next", "Todo", "Ready"},
			Done:    {"DONE", "Recently Done", "Finished", "Recently Completed", "Previously Completed", "Completed"},
			Dropped: {"Dropped", "Abandoned"},
			Other: {
				"Backlog", "Later", "Blocked", "On Hold", "Waiting", "Review", "In Review", "Testing",
				"Icebox", "Someday", "Parking Lot", "Not Now", "Deferred", "Archive",
			},
		},
		DoD:     []string{"DoD", "Definition of Done", "Acceptance criteria", "AC", "Exit criteria", "Exit"},
		None:    []string{"None", "empty", "nothing", "n/a", "To be determined", "TBD"},
		Updated: []string{"Last Updated", "Updated"},
		Limit:   []string{"max", "limit"},
	}
}

// StateWords returns the words of a state file in English. It takes the words
// other than those of columns from w, so that one configuration serves both.
func StateWords(w Words) Words {
	w.Columns = map[Role][]string{
		InProgress: {"IN PROGRESS", "WIP"},
		Stable:     {"STABLE"},
		Closed:     {"CLOSED"},
		Blocked:    {"BLOCKED"},
		Next:       {"NEXT"},
	}
	return w
}
