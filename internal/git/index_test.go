package git

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestStaged(t *testing.T) {
	t.Parallel()
	r, dir := repository(t)
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(path)), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	read := func(path string) string {
		t.Helper()
		f, err := open(t, dir).Staged(t.Context(), path, 50)
		if err != nil {
			return err.Error()
		}
		if f == nil {
			return "none"
		}
		return string(f.Text)
	}
	committed := read("docs/board.md")
	write("docs/board.md", "not staged\n")
	write("new.md", "not tracked\n")
	if got := read("docs/board.md"); got != committed {
		t.Errorf("what is not staged was read: %q", got)
	}
	if got := read("new.md"); got != "none" {
		t.Errorf("what is not tracked was read: %q", got)
	}
	in(t, dir, "add docs/board.md new.md")
	write("docs/board.md", "changed again\n")
	for path, want := range map[string]string{"docs/board.md": "not staged\n", "new.md": "not tracked\n", "docs": "none", "../x": "none"} {
		if got := read(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	write("new.md", "a text of more than the fifty bytes that are read of it\n")
	if err := os.Symlink("new.md", filepath.Join(dir, "link.md")); err != nil {
		t.Fatal(err)
	}
	in(t, dir, "add new.md link.md\nrm -q -f --cached docs/board.md")
	if got := read("docs/board.md"); got != "none" {
		t.Errorf("what is taken out was read: %q", got)
	}
	if _, err := open(t, dir).Staged(t.Context(), "new.md", 50); !errors.As(err, new(*TooLarge)) {
		t.Errorf("too large: %v", err)
	}
	if _, err := open(t, dir).Staged(t.Context(), "link.md", 50); !errors.Is(err, ErrLink) {
		t.Errorf("a link: %v", err)
	}
	in(t, dir, "reset -q --hard\nswitch -q -c other")
	write("docs/board.md", "ours\n")
	in(t, dir, "commit -q -a -m ours\nswitch -q main")
	write("docs/board.md", "theirs\n")
	in(t, dir, "commit -q -a -m theirs")
	_, _ = r.run(t.Context(), "merge", "-q", "other")
	if got := read("docs/board.md"); got != "docs/board.md has a merge conflict; resolve it and add the file" {
		t.Errorf("a conflict: %q", got)
	}
}

// TestIndexOfACommitUnderWay reads the index that a hook is handed, and not one
// of another repository.
func TestIndexOfACommitUnderWay(t *testing.T) {
	_, dir := repository(t)
	staged := func() bool {
		t.Helper()
		f, err := open(t, dir).Staged(t.Context(), "new.md", 50)
		if err != nil {
			t.Fatal(err)
		}
		return f != nil
	}
	if err := os.WriteFile(filepath.Join(dir, "new.md"), []byte("new\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	index, err := os.ReadFile(filepath.Join(dir, ".git", "index"))
	if err != nil {
		t.Fatal(err)
	}
	in(t, dir, "add new.md") // into the index that is not the commit's
	if err := os.WriteFile(filepath.Join(dir, ".git", "next-index-1.lock"), index, 0o644); err != nil {
		t.Fatal(err)
	}
	_, other := repository(t)
	for name, want := range map[string]bool{
		"":                       true,
		".git/next-index-1.lock": false,
		filepath.Join(dir, ".git", "next-index-1.lock"): false,
		filepath.Join(other, ".git", "index"):           true,
	} {
		t.Setenv("GIT_INDEX_FILE", name)
		if got := staged(); got != want {
			t.Errorf("GIT_INDEX_FILE=%s: new.md is staged: %t, want %t", name, got, want)
		}
	}
}
