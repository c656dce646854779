package change

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/git"
)

// linked returns a folder that holds a file and links, and lies
// beside another folder.
func linked(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	root := filepath.Join(dir, "root")
	for _, folder := range []string{filepath.Join(root, "docs"), filepath.Join(root, ".git"), filepath.Join(dir, "other")} {
		if err := errors.Join(os.MkdirAll(folder, 0o755), os.WriteFile(filepath.Join(folder, "a.md"), []byte("text"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"in": "docs", "out": "../other", "absolute": filepath.Join(dir, "other"), "loop": "loop", "loose": "none", "a.md": "docs/a.md", "own": ".git"} {
		if err := os.Symlink(filepath.FromSlash(to), filepath.Join(root, name)); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	return root
}

func TestWorkTree(t *testing.T) {
	root := linked(t)
	tree := WorkTree{Root: root}
	for path, want := range map[string]error{
		"docs/a.md": nil, "in/a.md": nil, "none.md": nil, "loose/a.md": nil, "docs/a.md/b.md": nil,
		"out/a.md": ErrLeaves, "absolute/a.md": ErrLeaves, "in/../../other/a.md": ErrLeaves,
		"out/none.md": ErrLeaves, ".git/a.md": errOfGit, "own/a.md": errOfGit, "a.md": git.ErrLink, "out": git.ErrLink, "docs": ErrDirectory, "": ErrDirectory,
	} {
		if f, err := tree.Read(t.Context(), path); !errors.Is(err, want) || err != nil && want == nil {
			t.Errorf("Read(%q) = %v, %v; want %v", path, f, err, want)
		}
	}
}

func TestPresence(t *testing.T) {
	dir := linked(t)
	want := map[fact.Path]fact.Presence{
		"docs/a.md": fact.PathThere, "in/a.md": fact.PathThere, "a.md": fact.PathThere, "docs/b.md": fact.PathMissing, "a.md/b.md": fact.PathMissing,
		"out/a.md": fact.PathNotAsked, "out/b.md": fact.PathNotAsked, "absolute/a.md": fact.PathNotAsked, "../other/a.md": fact.PathNotAsked,
	}
	got := WorkTree{Root: dir}.Presence(slices.Collect(maps.Keys(want)))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
