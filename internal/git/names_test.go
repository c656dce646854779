package git

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	t.Parallel()
	r, dir := repository(t)
	if err := os.Symlink("docs", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "Staged.md"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	in(t, dir, "add link\ncommit -q -m link\nadd Staged.md")
	commit, err := r.Commit(t.Context(), "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ folder, commit, index string }{
		{"", "docs/ link", "Staged.md docs/ link"},
		{"docs", "board.md", "board.md"},
		{"link", "board.md", ""}, // the index has no folders to follow a link to
		{"docs/board.md", "", ""},
		{"doc", "", ""},
		{"../x", "", ""},
	} {
		names, err := r.Names(t.Context(), commit, c.folder)
		if got := strings.Join(names, " "); err != nil || got != c.commit {
			t.Errorf("%q of the commit: %q (%v), want %q", c.folder, got, err, c.commit)
		}
		names, err = r.StagedNames(t.Context(), c.folder)
		if got := strings.Join(names, " "); err != nil || got != c.index {
			t.Errorf("%q of the index: %q (%v), want %q", c.folder, got, err, c.index)
		}
	}
}
