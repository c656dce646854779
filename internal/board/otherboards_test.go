package board_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/google/go-cmp/cmp"
)

// lane is a column as a reader counted it. The title of the column begins with
// heading, emoji and case aside; an empty heading leaves the title open.
type lane struct {
	role    board.Role
	heading string
	items   int
}

// otherBoards are the boards of other repositories, counted by hand before
// there was a parser. A file that stands twice is read with and without a
// column map. No lanes means that no column can be found.
var otherBoards = []struct {
	files string                  // glob below other-boards
	words map[board.Role][]string // the column map, nil for the defaults
	lanes []lane
}{
	{files: "01-*.md", lanes: []lane{{board.Next, "Todo", 7}, {board.WIP, "Doing", 1}, {board.Done, "Done", 12}}},
	{files: "03-*.md", lanes: []lane{{board.Other, "Backlog", 2}, {board.Next, "TODO", 1}, {board.Done, "Done", 27}}},
	{files: "05-*.md", lanes: []lane{{board.WIP, "In Progress", 3}, {board.Done, "Done", 165}}},
	{
		files: "05-*.md",
		words: map[board.Role][]string{board.Next: {"Features"}, board.Other: {"Misc", "Refactoring", "Bugs"}},
		lanes: []lane{
			{board.Other, "Misc", 3},
			{board.Other, "Refactoring", 6},
			{board.Other, "Bugs", 12},
			{board.Next, "Features", 21},
			{board.WIP, "In Progress", 3},
			{board.Done, "Done", 165},
		},
	},
	{files: "07-*.md", lanes: []lane{{board.WIP, "in progress", 1}, {board.Done, "done", 57}}},
	{
		files: "07-*.md",
		words: map[board.Role][]string{board.Next: {"upcoming"}, board.Other: {"features", "bugs"}},
		lanes: []lane{
			{board.Other, "features", 63},
			{board.Other, "bugs", 18},
			{board.Next, "upcoming", 3},
			{board.WIP, "in progress", 1},
			{board.Done, "done", 57},
		},
	},
	{files: "09-*.md", lanes: []lane{{board.Next, "To Do", 5}, {board.WIP, "Doing", 0}, {board.Done, "Done", 2}}},
	{files: "11-*.md", lanes: []lane{{board.Next, "Next", 2}, {board.Other, "Later", 7}, {board.Done, "Done", 9}}},
	{
		files: "11-*.md",
		words: map[board.Role][]string{board.WIP: {"Now"}},
		lanes: []lane{{board.WIP, "Now", 4}, {board.Next, "Next", 2}, {board.Other, "Later", 7}, {board.Done, "Done", 9}},
	},
	{files: "13-*.md"},
	{
		// The only work on it is one heading with fields.
		files: "13-*.md",
		words: map[board.Role][]string{board.Next: {"Tasks for"}, board.Done: {"Recent Completions"}},
		lanes: []lane{{board.Next, "Tasks FOR OCC", 0}, {board.Next, "Tasks FOR TCC", 0}, {board.Done, "Recent Completions", 1}},
	},
	{files: "15-*.md", lanes: []lane{{board.Other, "Backlog", 2}, {board.WIP, "Doing", 0}, {board.Done, "Done", 2}}},
	{
		files: "15-*.md",
		words: map[board.Role][]string{board.Next: {"Backlog"}},
		lanes: []lane{{board.Next, "Backlog", 2}, {board.WIP, "Doing", 0}, {board.Done, "Done", 2}},
	},
	{files: "17-*.md", lanes: []lane{{board.Next, "", 1}, {board.Done, "Recently Completed", 0}}},
	{
		files: "19-*.md",
		lanes: []lane{{board.Other, "Backlog", 10}, {board.Other, "Blocked", 5}, {board.Done, "Completed", 54}},
	},
	{
		files: "19-*.md",
		words: map[board.Role][]string{board.WIP: {"Active tasks"}, board.Next: {"Backlog"}},
		lanes: []lane{
			{board.WIP, "Active tasks", 0},
			{board.Next, "Backlog", 10},
			{board.Other, "Blocked", 5},
			{board.Done, "Completed", 54},
		},
	},
	{
		files: "21-*.md",
		lanes: []lane{{board.WIP, "In Progress", 2}, {board.Next, "Next", 0}, {board.Other, "Backlog", 26}, {board.Done, "Done", 37}},
	},
	{
		// Sub-headings of DONE and IN PROGRESS are pieces of work, those of TODO are priorities.
		// Its last section begins with a column's word and holds choices, counted as items.
		files: "23-*.md",
		lanes: []lane{
			{board.Done, "DONE", 2},
			{board.WIP, "IN PROGRESS", 7},
			{board.Next, "TODO", 12},
			{board.Next, "NEXT", 3},
		},
	},
	{files: "25-*.md", lanes: []lane{{board.Next, "Todo", 6}, {board.WIP, "Doing", 1}, {board.Done, "Done", 16}}},
	{
		// Finished work that stands in In Progress is still in that column.
		files: "27-*.md",
		lanes: []lane{
			{board.Done, "Done", 21},
			{board.Other, "Review", 1},
			{board.WIP, "In Progress", 32},
			{board.Next, "Ready", 2},
			{board.Other, "Backlog", 8},
		},
	},
	{
		files: "29-*.md",
		lanes: []lane{
			{board.WIP, "In Progress", 1},
			{board.Other, "Backlog", 5},
			{board.Other, "Backlog", 4},
			{board.Other, "Backlog", 8},
			{board.Other, "Backlog", 1},
			{board.Other, "Backlog", 6},
			{board.Other, "Backlog", 2},
			{board.Done, "Done", 6},
		},
	},
	{
		files: "31-*.md",
		lanes: append(dated("Done", 7, 2, 1, 3, 24, 12, 2, 12, 1, 1, 6, 6, 7, 37, 0), lane{board.Next, "Todo", 71}),
	},
	{
		// The words of the map also begin a section of instructions, which holds no item.
		files: "31-*.md",
		words: map[board.Role][]string{board.WIP: {"Working On"}, board.Other: {"Set aside", "Planned", "Wishlist"}},
		lanes: append(append([]lane{{board.WIP, "Working On", 0}},
			dated("Done", 7, 2, 1, 3, 24, 12, 2, 12, 1, 1, 6, 6, 7, 37, 0)...),
			lane{board.WIP, "Working on", 2},
			lane{board.Other, "Set aside", 6},
			lane{board.Next, "Todo", 71},
			lane{board.Other, "Planned", 0},
			lane{board.Other, "Wishlist", 1}),
	},
	{files: "33-*.md"},
	{
		// Bold paragraphs head lists of numbered work; the bullets are the items.
		files: "33-*.md",
		words: map[board.Role][]string{board.Done: {"Implemented"}, board.Next: {"Tasks"}},
		lanes: []lane{{board.Done, "Implemented", 149}, {board.Next, "Tasks", 2}},
	},
	// Counted as no column at first, for "Complete" is not a word of a heading; but it
	// is what status cells say, and nine finished rows are not nothing.
	{files: "35-*.md", lanes: []lane{{board.Done, "", 9}}},
	{files: "37-*.md"},
	{
		files: "37-*.md",
		words: map[board.Role][]string{board.Done: {"What Works"}, board.Next: {"What's Left"}, board.Other: {"Known Issues"}},
		lanes: []lane{{board.Done, "What Works", 11}, {board.Next, "What's Left", 4}, {board.Other, "Known Issues", 3}},
	},
	{files: "39-*.md"},          // its lanes are in the targets of links
	{files: "backlogmd/*-*.md"}, // each file is one task
}

// dated returns the done columns of a board that has one for each day.
func dated(heading string, items ...int) []lane {
	lanes := make([]lane, 0, len(items))
	for _, n := range items {
		lanes = append(lanes, lane{board.Done, heading, n})
	}
	return lanes
}

func TestOtherBoards(t *testing.T) {
	corpus := os.Getenv("BOARDGATE_CORPUS")
	if corpus == "" {
		t.Skip("BOARDGATE_CORPUS is not set: the boards of other repositories are not read")
	}
	unread := markdownFiles(t, filepath.Join(corpus, "other-boards"))
	for _, test := range otherBoards {
		paths, err := filepath.Glob(filepath.Join(corpus, "other-boards", filepath.FromSlash(test.files)))
		if err != nil || len(paths) == 0 {
			t.Errorf("%s: no such file (%v)", test.files, err)
		}
		for _, path := range paths {
			delete(unread, path)
			t.Run(fmt.Sprintf("%s %v", filepath.Base(path), test.words), func(t *testing.T) {
				b := parseFile(t, path, withColumns(test.words))
				if diff := cmp.Diff(describe(test.lanes), describe(lanesOf(b, test.lanes))); diff != "" {
					t.Errorf("columns (-want +got):\n%s", diff)
				}
				if noColumn, silent := len(test.lanes) == 0, b.Problem == "" && len(b.All()) == 0; noColumn != (b.Problem != "") || silent {
					t.Errorf("Problem = %q with %d columns and %d items", b.Problem, len(b.Columns), len(b.All()))
				}
			})
		}
	}
	for path := range unread {
		t.Errorf("%s: not in the table", path)
	}
}

// markdownFiles returns the Markdown files below dir.
func markdownFiles(t *testing.T, dir string) map[string]bool {
	t.Helper()
	files := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if filepath.Ext(path) == ".md" {
			files[path] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func parseFile(t *testing.T, path string, words board.Words) *board.Board {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return board.Parse(source.NewFile(filepath.Base(path), text), words)
}

// withColumns returns the default words with the roles of a column map replaced.
func withColumns(columns map[board.Role][]string) board.Words {
	words := board.DefaultWords()
	maps.Copy(words.Columns, columns)
	return words
}

// lanesOf returns the columns of a board in the terms of want: a title that
// begins as wanted is the wanted heading.
func lanesOf(b *board.Board, want []lane) []lane {
	var lanes []lane
	for i, c := range b.Columns {
		heading := c.Title.Value
		if i < len(want) && beginsWith(heading, want[i].heading) {
			heading = want[i].heading
		}
		lanes = append(lanes, lane{c.Role, heading, len(c.Items)})
	}
	return lanes
}

// beginsWith says whether a title begins with the words of a heading, marks before them aside.
func beginsWith(title, heading string) bool {
	_, rest, found := strings.Cut(strings.ToLower(title), strings.ToLower(heading))
	before := strings.TrimSuffix(strings.ToLower(title), strings.ToLower(heading)+rest)
	return found && !strings.ContainsFunc(before, func(r rune) bool { return r < 0x80 && r != ' ' })
}

func describe(lanes []lane) []string {
	var lines []string
	for _, l := range lanes {
		lines = append(lines, fmt.Sprintf("%s %q %d", l.role, l.heading, l.items))
	}
	return lines
}
