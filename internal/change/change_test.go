package change

import (
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/git"
	"github.com/boardgate/boardgate/internal/github"
)

const (
	boardBefore = "## WIP\n\n- **Import the price list**\n\n## NEXT\n\n- **Mail a receipt**\n\n## DONE\n\n- (none)\n"
	boardAfter  = "## WIP\n\n- **Mail a receipt**\n\n## NEXT\n\n- (none)\n\n## DONE\n\n- **Import the price list**\n"
)

// base is a repository whose board only a listing of its folders finds, and head a
// change of all that is read.
var (
	base = fileSource{
		ConfigPath: "limits: {wip: 1}\narchive: DONE.md\n", "README.md": "Read me.\n", "shop/go.mod": "module shop\n",
		"shop/TODO.md": boardBefore, "STATE.md": "## IN PROGRESS\n\n- Import the price list\n", "DONE.md": "## DONE\n\n- **Log in**\n",
	}
	head = fileSource{
		ConfigPath: "limits: {wip: 2}\narchive: DONE.md\n", "README.md": "Read me.\n", "shop/go.mod": "module shop\n",
		"shop/TODO.md": boardAfter, "STATE.md": "## IN PROGRESS\n\n- Mail a receipt\n", "DONE.md": "## DONE\n\n- **Log in**\n- **Log out**\n",
	}
)

// Wherever the sides of a change are, it is the same change.
func TestLoad(t *testing.T) {
	want := loaded(t, head, base)
	if !strings.HasPrefix(want, "shop/TODO.md, limit 1, 2 changes\n") {
		t.Fatalf("of files in memory:\n%s", want)
	}
	dir, repository, commit := commitTree(t, base)
	writeTree(t, dir, head)
	before := Commit{Repository: repository, ID: commit}
	if diff := cmp.Diff(want, loaded(t, WorkTree{Root: dir}, before)); diff != "" {
		t.Errorf("of a work tree (-want +got):\n%s", diff)
	}
	gitIn(t, dir, "add -A")
	if diff := cmp.Diff(want, loaded(t, Index{Repository: repository}, before)); diff != "" {
		t.Errorf("of an index (-want +got):\n%s", diff)
	}
	gitIn(t, dir, "commit -q -m two")
	if diff := cmp.Diff(want, loaded(t, Commit{Repository: repository, ID: gitIn(t, dir, "rev-parse HEAD")}, before)); diff != "" {
		t.Errorf("of a commit (-want +got):\n%s", diff)
	}
	api := askFake(t)
	if diff := cmp.Diff(want, loaded(t, api.Of(&api.Head), api.Of(&api.Base), api.Fetch)); diff != "" {
		t.Errorf("of GitHub's API (-want +got):\n%s", diff)
	}
}

// loaded returns what was read of a change, in words.
func loaded(t *testing.T, head, base Source, prefetch ...func(context.Context, ...string) error) string {
	t.Helper()
	r := Request{
		Head: head, Base: base, Search: Search{First: UsualBoards}, ConfigPaths: ConfigPaths,
	}
	if len(prefetch) > 0 {
		r.Prefetch = prefetch[0]
	}
	c, err := Load(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	one := c.Case()
	out := []string{fmt.Sprintf("%s, limit %d, %d changes", c.Path, one.Policy.Limits[board.WIP], len(one.Changes.Changes))}
	for _, side := range []Side{c.Base, c.Head} {
		for _, b := range []*board.Board{side.Board, side.State, side.Archive} {
			out = append(out, b.File.Path, string(b.File.Text))
		}
	}
	return strings.Join(append(out, c.Remarks()...), "\n")
}

func writeTree(t *testing.T, dir string, files fileSource) {
	t.Helper()
	for path, text := range files {
		place := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(place), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(place, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// commitTree returns a repository with one commit.
func commitTree(t *testing.T, files fileSource) (string, *git.Repository, string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	writeTree(t, dir, files)
	for _, args := range []string{"init -q -b main", "add -A", "commit -q -m one"} {
		gitIn(t, dir, args)
	}
	repository, err := git.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(repository.Close)
	return dir, repository, gitIn(t, dir, "rev-parse HEAD")
}

func gitIn(t *testing.T, dir, args string) string {
	t.Helper()
	c := exec.Command("git", strings.Fields("-c user.name=Ada -c user.email=ada@example.com "+args)...)
	c.Dir, c.Env = dir, append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// askFake returns the change as a fake GitHub has it.
func askFake(t *testing.T) *API {
	t.Helper()
	hub := fake.New(time.Now)
	repo := hub.Repo("acme/shop")
	first := repo.Commit(maps.Clone(base))
	second := repo.Commit(maps.Clone(head), first)
	server := httptest.NewServer(hub)
	t.Cleanup(server.Close)
	client, err := github.New(github.Config{
		Token: "secret", API: server.URL + "/api/v3", GraphQL: server.URL + "/api/graphql", UserAgent: "boardgate/test",
		Transport: server.Client().Transport, Now: time.Now, Timeout: 20 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	api, err := Ask(t.Context(), client, github.Question{Repo: "acme/shop", Head: second, Base: first, Paths: slices.Concat(UsualBoards, StatePaths, ConfigPaths)})
	if err != nil {
		t.Fatal(err)
	}
	return api
}
