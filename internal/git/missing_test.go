package git

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// said returns what a git command prints.
func said(t *testing.T, dir, command string) string {
	t.Helper()
	c := exec.Command("git", strings.Fields(command)...)
	c.Dir = dir
	out, err := c.Output()
	if err != nil {
		t.Fatalf("git %s: %v", command, err)
	}
	return strings.TrimSpace(string(out))
}

// remove deletes the object of a name from a repository, and returns its id.
func remove(t *testing.T, dir, name string) string {
	t.Helper()
	id := said(t, dir, "rev-parse "+name)
	if err := os.Remove(filepath.Join(dir, ".git", "objects", id[:2], id[2:])); err != nil {
		t.Fatal(err)
	}
	return id
}

// A missing object is not taken for a file that the commit lacks.
func TestMissingObject(t *testing.T) {
	t.Parallel()
	read := func(r *Repository, commit string) error {
		_, err := r.Read(t.Context(), commit, "docs/board.md", 50)
		return err
	}
	base := func(r *Repository, _ string) error {
		_, err := r.Base(t.Context())
		return err
	}
	tests := []struct {
		name, commands, object string
		ask                    func(*Repository, string) error
	}{
		{"a file", "", "main:docs/board.md", read},
		{"its folder", "", "main:docs", read},
		{"all folders", "", "main^{tree}", read},
		{"the commit of the branch", "switch -q -c work\ncommit -q --allow-empty -m two", "main", base},
		{"the commit that is checked out", "switch -q -c work\ncommit -q --allow-empty -m two\nswitch -q --detach", "HEAD", base},
		{"a commit between", "switch -q -c work\ncommit -q --allow-empty -m two\ncommit -q --allow-empty -m three", "HEAD^", base},
		{"the parent of a revision", "commit -q --allow-empty -m two", "HEAD^", func(r *Repository, _ string) error {
			_, err := r.Revision(t.Context(), "HEAD^")
			return err
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, dir := repository(t)
			in(t, dir, test.commands)
			main := said(t, dir, "rev-parse main")
			clone := filepath.Join(t.TempDir(), "clone")
			in(t, ".", "clone -q --bare "+dir+" "+clone)
			in(t, dir, "remote add origin "+clone)
			id := remove(t, dir, test.object)
			err := test.ask(open(t, dir), main)
			missing := (*Missing)(nil)
			if !errors.As(err, &missing) || !strings.Contains(missing.What, id) || missing.Command != "git fetch --refetch" {
				t.Fatalf("%v; want that %s is missing", err, id)
			}
			in(t, dir, strings.TrimPrefix(missing.Command, "git "))
			if err := test.ask(open(t, dir), main); err != nil {
				t.Errorf("after %s: %v", missing.Command, err)
			}
		})
	}
}

// A partial clone is not fetched from unasked; the command that is offered gets
// what is wanted, and the log can be searched all the while.
func TestPartialClone(t *testing.T) {
	t.Parallel()
	for filter, fetches := range map[string]int{"blob:none": 1, "tree:0": 3} {
		t.Run(filter, func(t *testing.T) {
			t.Parallel()
			_, dir := repository(t)
			in(t, dir, "config uploadpack.allowFilter true")
			write(t, dir, "docs/board.md", "second\n")
			in(t, dir, "commit -q -a -m second")
			clone := filepath.Join(t.TempDir(), "clone")
			in(t, ".", "clone -q -o up.stream --filter="+filter+" file:///"+strings.TrimPrefix(filepath.ToSlash(dir), "/")+" "+clone)
			in(t, clone, "switch -q -c work\ncommit -q --allow-empty -m work")
			r := open(t, clone)
			base, err := r.Base(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if f, err := r.Read(t.Context(), base.Commit, "docs/board.md", 50); err != nil || string(f.Text) != "second\n" {
				t.Errorf("what is checked out is not read: %v, %v", f, err)
			}
			first := commitOf(t, r, "HEAD~2")
			for n := range fetches + 1 {
				f, err := r.Read(t.Context(), first, "docs/board.md", 50)
				if n == fetches {
					if err != nil || string(f.Text) != "first\n" {
						t.Errorf("after all was fetched: %v, %v", f, err)
					}
					break
				}
				missing := (*Missing)(nil)
				if !errors.As(err, &missing) || !strings.HasPrefix(missing.Command, "git fetch up.stream ") {
					t.Fatalf("Read = %v; want what fetches it", err)
				}
				in(t, clone, strings.TrimPrefix(missing.Command, "git "))
				r = open(t, clone)
			}
		})
	}
}

// What a commit holds does not depend on refs/replace.
func TestReplaced(t *testing.T) {
	t.Parallel()
	r, dir := repository(t)
	first := commitOf(t, r, "HEAD")
	write(t, dir, "docs/board.md", "another\n")
	in(t, dir, "commit -q -a -m second\nreplace "+first+" HEAD")
	if f, err := open(t, dir).Read(t.Context(), first, "docs/board.md", 50); err != nil || string(f.Text) != "first\n" {
		t.Errorf("Read of a commit that is replaced = %v, %v; want its own", f, err)
	}
}
