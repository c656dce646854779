package git

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/fact"
)

// TestMain keeps the user's own configuration of git out of the tests.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_NOSYSTEM": "1",
		"GIT_AUTHOR_NAME": "A Person", "GIT_AUTHOR_EMAIL": "person@example.com", "GIT_AUTHOR_DATE": "2025-12-20T12:00:00Z",
		"GIT_COMMITTER_NAME": "A Person", "GIT_COMMITTER_EMAIL": "person@example.com", "GIT_COMMITTER_DATE": "2025-12-20T12:00:00Z",
	} {
		os.Setenv(name, value)
	}
	os.Exit(m.Run())
}

// in runs git commands, one a line, words separated by spaces, in a folder.
func in(t *testing.T, dir, commands string) {
	t.Helper()
	for line := range strings.Lines(commands) {
		if args := strings.Fields(line); len(args) > 0 {
			c := exec.Command("git", args...)
			c.Dir = dir
			if out, err := c.CombinedOutput(); err != nil {
				t.Fatalf("git %s: %v\n%s", strings.TrimSpace(line), err, out)
			}
		}
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// repository returns one with a commit on main that holds docs/board.md.
func repository(t *testing.T) (*Repository, string) {
	t.Helper()
	dir := t.TempDir()
	in(t, dir, "init -q -b main")
	write(t, dir, "docs/board.md", "first\n")
	in(t, dir, "add .\ncommit -q -m first")
	return open(t, dir), dir
}

func open(t *testing.T, dir string) *Repository {
	t.Helper()
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func commitOf(t *testing.T, r *Repository, revision string) string {
	t.Helper()
	id, err := r.Commit(t.Context(), revision)
	if err != nil || id == "" {
		t.Fatalf("Commit(%q) = %q, %v", revision, id, err)
	}
	return id
}

func TestRoot(t *testing.T) {
	t.Parallel()
	_, dir := repository(t)
	if root, ok := Root(filepath.Join(dir, "docs")); !ok || root != dir {
		t.Errorf("Root of a folder within = %q, %t; want %q", root, ok, dir)
	}
	if root, ok := Root(t.TempDir()); ok {
		t.Errorf("Root outside = %q, want none", root)
	}
	linked := filepath.Join(t.TempDir(), "linked")
	in(t, dir, "worktree add -q "+linked)
	if root, ok := Root(linked); !ok || root != linked {
		t.Errorf("Root of a linked work tree = %q, %t; want %q", root, ok, linked)
	}
	empty := t.TempDir()
	write(t, empty, ".git/notes", "no repository")
	if root, ok := Root(empty); ok {
		t.Errorf("Root beside a folder .git that is not a repository = %q, want none", root)
	}
}

func TestOpenWithoutGit(t *testing.T) {
	t.Setenv("PATH", "")
	if _, err := Open(t.TempDir()); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("Open = %v, want ErrNotInstalled", err)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	r, dir := repository(t)
	write(t, dir, "-rf.md", "dashed\n")
	write(t, dir, "with space/ü.md", "spaced\n")
	write(t, dir, "large.md", strings.Repeat("x", 100))
	in(t, dir, "add -A\ncommit -q -m more")
	write(t, dir, "docs/board.md", "not committed\n")

	head := commitOf(t, r, "HEAD")
	for path, want := range map[string]string{
		"docs/board.md": "first\n", "-rf.md": "dashed\n", "with space/ü.md": "spaced\n",
		"docs": "", "missing.md": "", "two\nlines": "", "": "", "../outside": "",
	} {
		f, err := r.Read(t.Context(), head, path, 50)
		got := ""
		if f != nil {
			got = string(f.Text)
		}
		if err != nil || got != want {
			t.Errorf("Read(%q) = %q, %v; want %q", path, got, err, want)
		}
	}
	_, err := r.Read(t.Context(), head, "large.md", 50)
	if tooLarge := (*TooLarge)(nil); !errors.As(err, &tooLarge) || tooLarge.Size != 100 {
		t.Errorf("Read of 100 bytes where 50 may be = %v, want *TooLarge", err)
	}
	if f, err := r.Read(t.Context(), head, "docs/board.md", 50); err != nil || f == nil {
		t.Errorf("Read after one that was too large = %v, %v", f, err)
	}
}

func TestReadOfLinks(t *testing.T) {
	t.Parallel()
	r, dir := repository(t)
	for name, target := range map[string]string{"in.md": "docs/board.md", "out.md": "/etc/hostname", "loose.md": "nowhere", "loop.md": "loop.md", "docs/up.md": "board.md", "folder": "docs"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skipf("no links here: %v", err)
		}
	}
	in(t, dir, "add -A\ncommit -q -m links")
	head := commitOf(t, r, "HEAD")
	for path, want := range map[string]error{
		"in.md": ErrLink, "out.md": ErrLink, "loose.md": ErrLink, "loop.md": ErrLink, "docs/up.md": ErrLink, "folder": ErrLink,
		"docs/board.md": nil, "folder/board.md": nil,
	} {
		f, err := r.Read(t.Context(), head, path, 50)
		if !errors.Is(err, want) || (f != nil) != (want == nil) {
			t.Errorf("Read(%q) = %v, %v; want a file or %v", path, f, err, want)
		}
	}
	if f, err := r.Read(t.Context(), head, "n.md", 50); f != nil || err != nil {
		t.Errorf("Read of the end of a link's name = %v, %v", f, err)
	}
}

func TestCommit(t *testing.T) {
	t.Parallel()
	r, _ := repository(t)
	for _, revision := range []string{"", "nope", "--help", "-1", "--output=x", "HEAD:docs", "HEAD^", "a\nb", "HEAD~99"} {
		if id, err := r.Commit(t.Context(), revision); id != "" || err != nil {
			t.Errorf("Commit(%q) = %q, %v; want none", revision, id, err)
		}
	}
	if id := commitOf(t, r, "main"); len(id) != 40 {
		t.Errorf("Commit(main) = %q, want 40 digits", id)
	}
	if _, err := r.Commit(t.Context(), "main@{upstream}"); err == nil || !strings.Contains(err.Error(), "upstream") {
		t.Errorf("Commit(main@{upstream}) = %v, want what git says", err)
	}
	commitOf(t, r, "HEAD") // and the next question is answered
}

func TestBase(t *testing.T) {
	t.Parallel()
	const two = "\ncommit -q --allow-empty -m two"
	const other = "remote add up https://example.com/a/b\nupdate-ref refs/remotes/up/release HEAD\nsymbolic-ref refs/remotes/up/HEAD refs/remotes/up/release"
	tests := []struct {
		name     string
		commands string
		want     string // a revision
		called   string
		branch   string
		landed   bool
	}{
		{"on main", "", "HEAD", "HEAD", "main", true},
		{"on main, ahead of its remote copy", "update-ref refs/remotes/origin/main HEAD" + two, "HEAD~1", "origin/main", "main", false},
		{"on main, level with its remote copy", "commit -q --allow-empty -m two\nupdate-ref refs/remotes/origin/main HEAD", "HEAD", "HEAD", "main", true},
		{"on main, behind its remote copy", "commit -q --allow-empty -m two\nupdate-ref refs/remotes/origin/main HEAD\nreset -q --hard HEAD~1", "HEAD", "HEAD", "main", true},
		{"on a branch", "switch -q -c work" + two, "main", "main", "main", false},
		{"on a branch without a commit of its own", "switch -q -c work", "main", "main", "main", false},
		{"on a branch behind main", "branch work\ncommit -q --allow-empty -m two\nswitch -q work", "work", "main", "main", false},
		{"detached, on main", "commit -q --allow-empty -m two\nswitch -q --detach HEAD^", "HEAD", "HEAD", "main", true},
		{"detached, ahead of main", "switch -q --detach" + two, "main", "main", "main", false},
		{"master", "branch -m master\nswitch -q -c work" + two, "master", "master", "master", false},
		{"trunk", "branch -m trunk" + two, "HEAD", "HEAD", "trunk", true},
		{"the only branch", "branch -m release" + two, "HEAD", "HEAD", "release", true},
		{
			"origin has moved on", "switch -q -c work\ncommit -q --allow-empty -m two\nswitch -q main\n" +
				"commit -q --allow-empty -m three\nupdate-ref refs/remotes/origin/main HEAD\nswitch -q work", "HEAD^", "main", "main", false,
		},
		{
			"origin names its branch", "update-ref refs/remotes/origin/release HEAD\n" +
				"symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/release" + two, "HEAD^", "release", "release", false,
		},
		{
			"on the branch that origin names", "update-ref refs/remotes/origin/release HEAD\nbranch -m release\n" +
				"symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/release" + two, "HEAD^", "origin/release", "release", false,
		},
		{"the only remote names its branch", other + two, "HEAD^", "release", "release", false},
		{"the remote that is tracked names its branch", "remote add fork https://example.com/c/b\n" + other + "\nconfig branch.main.remote up" + two, "HEAD^", "release", "release", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, dir := repository(t)
			in(t, dir, test.commands)
			base, err := r.Base(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			want := Base{Commit: commitOf(t, r, test.want), Revision: test.called, Branch: test.branch, Landed: test.landed}
			if diff := cmp.Diff(want, base); diff != "" {
				t.Errorf("Base (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBaseNotKnown never takes another base for the one that is not known.
func TestBaseNotKnown(t *testing.T) {
	t.Parallel()
	for commands, want := range map[string]string{
		"branch -m one\nbranch two": "boardgate check --base two",
		"branch -m one\nbranch two\nremote add origin https://example.com/a/b": "git fetch origin main:refs/remotes/origin/main",
		"branch -m one\nremote add up https://example.com/a/b":                 "git fetch up main:refs/remotes/up/main",
	} {
		r, dir := repository(t)
		in(t, dir, commands)
		base, err := r.Base(t.Context())
		missing := (*Missing)(nil)
		if !errors.As(err, &missing) || missing.Command != want {
			t.Errorf("%s: base %+v, %v; want %s", commands, base, err, want)
		}
	}
}

func TestParent(t *testing.T) {
	t.Parallel()
	r, dir := repository(t)
	if base, err := r.Parent(t.Context()); base != (Base{}) || err != nil {
		t.Errorf("of a root commit: %+v, %v", base, err)
	}
	in(t, dir, "commit -q --allow-empty -m two")
	if base, err := r.Parent(t.Context()); err != nil || base != (Base{Commit: commitOf(t, r, "HEAD~1"), Revision: "HEAD~1"}) {
		t.Errorf("of the second commit: %+v, %v", base, err)
	}
	shallow := filepath.Join(t.TempDir(), "shallow")
	in(t, t.TempDir(), "clone -q --depth 1 file://"+filepath.ToSlash(dir)+" "+filepath.ToSlash(shallow))
	missing := (*Missing)(nil)
	if base, err := open(t, shallow).Parent(t.Context()); !errors.As(err, &missing) || missing.Command != "git fetch --deepen=1" {
		t.Errorf("in a shallow clone: %+v, %v", base, err)
	}
}

func TestBaseWithoutCommits(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in(t, dir, "init -q -b main")
	base, err := open(t, dir).Base(t.Context())
	if base != (Base{}) || err != nil {
		t.Errorf("Base = %v, %v; want none", base, err)
	}
}

// upstream returns a repository with two commits on main, and one on work that left before the second.
func upstream(t *testing.T) string {
	t.Helper()
	_, dir := repository(t)
	in(t, dir, `switch -q -c work
		commit -q --allow-empty -m ours
		commit -q --allow-empty -m ours-too
		switch -q main
		commit -q --allow-empty -m theirs`)
	return "file:///" + strings.TrimPrefix(filepath.ToSlash(dir), "/")
}

func TestBaseMissing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, clone, after string
		what, command      string
	}{
		{"the default branch was not fetched", "--single-branch --branch work", "remote set-head origin --delete", "was not fetched", "git fetch origin main:refs/remotes/origin/main"},
		{"nor all of this one", "--depth 1 --branch work", "", "was not fetched", "git fetch --unshallow origin main:refs/remotes/origin/main"},
		{"the merge base was not fetched", "--depth 1 --no-single-branch --branch work", "", "shallow", "git fetch --unshallow"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			address, dir := upstream(t), filepath.Join(t.TempDir(), "clone")
			in(t, ".", "clone -q "+test.clone+" "+address+" "+dir)
			if test.after != "" {
				c := exec.Command("git", strings.Fields(test.after)...)
				c.Dir = dir
				_ = c.Run() // there may be none to take away
			}
			r := open(t, dir)
			_, err := r.Base(t.Context())
			missing := (*Missing)(nil)
			if !errors.As(err, &missing) || !strings.Contains(missing.What, test.what) || missing.Command != test.command {
				t.Fatalf("Base = %v; want %q and %q", err, test.what, test.command)
			}
			in(t, dir, strings.TrimPrefix(missing.Command, "git "))
			base, err := r.Base(t.Context())
			if err != nil || base.Commit == "" || base.Branch != "main" {
				t.Errorf("after %s Base = %v, %v", missing.Command, base, err)
			}
		})
	}
}

func TestRevision(t *testing.T) {
	t.Parallel()
	address, dir := upstream(t), filepath.Join(t.TempDir(), "clone")
	in(t, ".", "clone -q --depth 1 "+address+" "+dir)
	_, err := open(t, dir).Revision(t.Context(), "HEAD^")
	if missing := (*Missing)(nil); !errors.As(err, &missing) || missing.Command != "git fetch --unshallow" {
		t.Errorf("Revision in a shallow clone = %v, want *Missing", err)
	}
	r, _ := repository(t)
	if id, err := r.Revision(t.Context(), "HEAD^"); id != "" || err != nil {
		t.Errorf("Revision where nothing is missing = %q, %v; want none", id, err)
	}
}

func TestMerged(t *testing.T) {
	t.Parallel()
	r, dir := repository(t)
	for _, subject := range []string{"Invoices (#12)", "Merge pull request #13 from a/b", "See #14", "Part of (#15) only", `Revert "Invoices (#16)"`, "Merged pull request #17", "Two (#18) and (#19)"} {
		c := exec.Command("git", "commit", "-q", "--allow-empty", "-m", subject)
		c.Dir = dir
		if err := c.Run(); err != nil {
			t.Fatal(err)
		}
	}
	var asked []fact.Pull
	for n := 11; n <= 20; n++ {
		asked = append(asked, fact.Pull{Number: n})
	}
	asked = append(asked, fact.Pull{Repo: "acme/else", Number: 12})

	yes := fact.PullAnswer{State: fact.Merged}
	want := map[fact.Pull]fact.PullAnswer{
		{Number: 12}: yes, {Number: 13}: yes, {Number: 19}: yes,
	}
	if diff := cmp.Diff(want, r.Merged(t.Context(), asked)); diff != "" {
		t.Errorf("Merged (-want +got):\n%s", diff)
	}
}

func TestPullOf(t *testing.T) {
	for subject, want := range map[string]int{
		"A (#1)": 1, "A (#1) ": 1, "(#7)": 7, "A (#)": 0, "A (#-1)": 0, "A (#1x)": 0, "A (#99999999999999999999)": 0, "A #1": 0, "": 0,
		"Merge pull request #5 from a/b": 5, "Merge pull request #5": 5, "Merge pull request #x": 0, "Merge pull request 5": 0,
	} {
		if got := pullOf(subject); got != want {
			t.Errorf("pullOf(%q) = %d, want %d", subject, got, want)
		}
	}
}

func TestHome(t *testing.T) {
	t.Parallel()
	r, dir := repository(t)
	if host, name := r.Home(t.Context()); host+name != "" {
		t.Errorf("Home without a remote = %q, %q", host, name)
	}
	in(t, dir, "remote add origin git@github.com:Acme/shop.git")
	if host, name := open(t, dir).Home(t.Context()); host != "github.com" || name != "Acme/shop" {
		t.Errorf("Home = %q, %q", host, name)
	}
	for address, want := range map[string]string{
		"https://github.com/acme/shop.git": "github.com acme/shop", "https://github.com/acme/shop/": "github.com acme/shop",
		"https://ada:pa55@ghe.example:8443/acme/shop": "ghe.example:8443 acme/shop", "https://a@b:c@ghe.example/acme/shop": "ghe.example acme/shop",
		"http://localhost:3000/acme/shop": "localhost:3000 acme/shop",
		"git@github.com:acme/shop.git":    "github.com acme/shop", "github.com:/acme/shop": "github.com acme/shop",
		"ssh://git@github.com:22/acme/shop": "github.com acme/shop", "ssh://git@ssh.github.com:443/acme/shop.git": "github.com acme/shop",
		"git://github.com/acme/shop": "github.com acme/shop",
		"hub:acme/shop":              " acme/shop", "git@hub:acme/shop.git": " acme/shop", "ssh://hub/acme/shop": " acme/shop",
		"https://git.example.com/mirrors/acme/shop": "git.example.com acme/shop",
		"": " ", "/srv/git/shop.git": " ", "../shop": " ", "file:///srv/git/shop.git": " ", "C:/git/shop": " ", "https://example.com/shop": " ",
		"https://": " ", ":": " ", "@:/": " ", "ssh://@": " ",
	} {
		if host, name := hostAndName(address); host+" "+name != want {
			t.Errorf("home(%q) = %q, %q; want %q", address, host, name, want)
		}
	}
}

func TestHooksPointElsewhere(t *testing.T) {
	other, _ := repository(t)
	r, dir := repository(t)
	in(t, dir, "commit -q --allow-empty -m second")
	want := commitOf(t, r, "HEAD")
	r.Close()
	t.Setenv("GIT_DIR", filepath.Join(other.Root, ".git"))
	if got := commitOf(t, r, "HEAD"); got != want {
		t.Errorf("with GIT_DIR of another repository HEAD = %s, want %s", got, want)
	}
}

func TestUntrustedOwner(t *testing.T) {
	r, dir := repository(t)
	t.Setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
	_, err := r.Base(t.Context())
	missing := (*Missing)(nil)
	if want := "git config --global --add safe.directory " + filepath.ToSlash(dir); !errors.As(err, &missing) || missing.Command != want {
		t.Fatalf("Base = %v; want %q", err, want)
	}
}

// The files of a work tree, which a commit can hold, are not taken for the repository.
func TestBareRepositoryInWorkTree(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "tree")
	_, other := repository(t)
	in(t, ".", "clone -q --bare "+other+" "+dir)
	write(t, dir, ".git/HEAD", "ref: refs/heads/main\n") // and nothing else: git looks on
	if root, ok := Root(dir); !ok || root != dir {
		t.Fatalf("Root = %q, %t", root, ok)
	}
	if base, err := open(t, dir).Base(t.Context()); err == nil || !strings.Contains(err.Error(), "bare repository") {
		t.Errorf("Base = %v, %v; want that a bare repository is not used", base, err)
	}
}
