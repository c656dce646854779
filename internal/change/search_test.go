package change

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/doctor"
)

// docs/boards.md names the places in their order.
func TestPlacesAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/boards.md")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(page)), " ")
	for _, names := range [][]string{BoardPaths, manifests, notSearched} {
		last := len(names) - 1
		list := "`" + strings.Join(names[:last], "`, `") + "`"
		one, other, comma := list+" and `"+names[last]+"`", list+" or `"+names[last]+"`", list+", `"+names[last]+"`"
		if !strings.Contains(text, one) && !strings.Contains(text, other) && !strings.Contains(text, comma) {
			t.Errorf("docs/boards.md lacks %s", comma)
		}
	}
}

// Folders that hold other people's boards are not searched.
func TestPlaces(t *testing.T) {
	tree := fileSource{}
	for _, path := range []string{
		"TODO.md", "board.md", "docs/Kanban.md", "docs/NEXT.md", "docs/README.md", "node_modules/BOARD.md", "node_modules/package.json",
		"shop/backlog.md", "shop/go.mod", "tool/BOARD.md", "tool/docs/TASKS.md",
	} {
		tree[path] = "text"
	}
	for prefix, want := range map[string]string{
		"":                 "docs/NEXT.md TODO.md board.md docs/Kanban.md shop/backlog.md",
		"tool":             "docs/NEXT.md TODO.md board.md docs/Kanban.md tool/BOARD.md tool/docs/TASKS.md shop/backlog.md",
		"node_modules":     "docs/NEXT.md TODO.md board.md docs/Kanban.md shop/backlog.md",
		"node_modules/dep": "docs/NEXT.md TODO.md board.md docs/Kanban.md shop/backlog.md",
	} {
		s := &Search{Folder: prefix}
		var got []string
		for path, err := range s.Places(t.Context(), tree) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, path)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("in %q: %v, want %s", prefix, got, want)
		}
	}
}

// The hook starts where a board of a common name changes.
func TestHookFiles(t *testing.T) {
	manifest, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(manifest), "  files: "+doctor.HookFiles+"\n") {
		t.Errorf(".pre-commit-hooks.yaml has other files than %s", doctor.HookFiles)
	}
	pattern := regexp.MustCompile(doctor.HookFiles)
	for _, path := range append(slices.Concat(BoardPaths, StatePaths, ConfigPaths), "todo.md", "shop/Kanban.md") {
		if !pattern.MatchString(path) {
			t.Errorf("no change of %s starts the hook", path)
		}
	}
}
