package git

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// onDay runs git commands in a folder on a day of March 2025.
func onDay(t *testing.T, dir, day, commands string) {
	t.Helper()
	for line := range strings.Lines(commands) {
		c := exec.Command("git", strings.Fields(line)...)
		c.Dir = dir
		c.Env = append(os.Environ(), "GIT_COMMITTER_DATE=2025-03-"+day+"T12:00:00Z")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", strings.TrimSpace(line), err, out)
		}
	}
}

// versionsOf returns the subjects of a path's versions since noon of a day of March 2025.
func versionsOf(t *testing.T, r *Repository, path string, day int) string {
	t.Helper()
	var out []string
	for _, commit := range r.Versions(t.Context(), path, time.Date(2025, 3, day, 12, 0, 0, 0, time.UTC)) {
		subject, err := r.run(t.Context(), "log", "-1", "--format=%s", commit)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, subject)
	}
	return strings.Join(out, " ")
}

func TestVersions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in(t, dir, "init -q -b main")
	write(t, dir, "docs/*.md", "one\n")
	onDay(t, dir, "02", "add -A\ncommit -q -m day-2")
	write(t, dir, "docs/else.md", "else\n")
	onDay(t, dir, "04", "add -A\ncommit -q -m else")
	write(t, dir, "docs/*.md", "two\n")
	onDay(t, dir, "05", "commit -q -a -m day-5\nswitch -q -c side HEAD~1")
	write(t, dir, "docs/side.md", "side\n")
	onDay(t, dir, "06", "add -A\ncommit -q -m side")
	onDay(t, dir, "07", "switch -q main\nmerge -q --no-ff -m merged side")
	write(t, dir, "docs/*.md", "three\n")
	onDay(t, dir, "08", "commit -q -a -m day-8")
	write(t, dir, "docs/*.md", "not committed\n")
	r := open(t, dir)
	for day, want := range map[int]string{9: "day-8", 8: "day-8 day-5", 7: "day-8 day-5", 6: "day-8 day-5", 5: "day-8 day-5 day-2", 3: "day-8 day-5 day-2", 2: ""} {
		if got := versionsOf(t, r, "docs/*.md", day); got != want {
			t.Errorf("on day %d: versions %q, want %q", day, got, want)
		}
	}
	if got := versionsOf(t, r, "docs/side.md", 9); got != "merged" {
		t.Errorf("what a branch brought has versions %q, want those that landed", got)
	}
	for _, path := range []string{"", "none.md", "../outside.md", "docs/e*.md"} {
		if got := versionsOf(t, r, path, 9); got != "" {
			t.Errorf("%q has versions %q, want none", path, got)
		}
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if got := r.Versions(done, "docs/*.md", time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)); got != nil {
		t.Errorf("when there is no time: %q, want none", got)
	}
}

// TestVersionsShallow sees that a history which was cut off is not taken for all.
func TestVersionsShallow(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in(t, dir, "init -q -b main")
	for _, day := range []string{"02", "04", "06"} {
		write(t, dir, "board.md", day)
		onDay(t, dir, day, "add -A\ncommit -q -m day-"+day)
	}
	clone := filepath.Join(t.TempDir(), "clone")
	in(t, ".", "clone -q --depth 2 file:///"+strings.TrimPrefix(filepath.ToSlash(dir), "/")+" "+clone)
	got := map[int]string{}
	for day := 2; day <= 6; day++ {
		got[day] = versionsOf(t, open(t, clone), "board.md", day)
	}
	want := map[int]string{2: "", 3: "", 4: "", 5: "day-06 day-04", 6: "day-06 day-04"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("by day (-want +got):\n%s", diff)
	}
}

// Who has git follow renames sees the versions of the path all the same.
func TestVersionsOfPath(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in(t, dir, "init -q -b main\nconfig log.follow true")
	write(t, dir, "old.md", "one\n")
	onDay(t, dir, "02", "add -A\ncommit -q -m old")
	onDay(t, dir, "04", "mv old.md board.md\ncommit -q -m moved")
	if got := versionsOf(t, open(t, dir), "board.md", 3); got != "" {
		t.Errorf("versions %q, want none: the path is younger", got)
	}
}
