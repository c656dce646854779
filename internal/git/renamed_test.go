package git

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestRenamedTo(t *testing.T) {
	t.Parallel()
	const text = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n"
	tests := []struct{ name, commands, want string }{
		{"staged", "mv docs/plan.md BOARD.md", "BOARD.md"},
		{"committed", "switch -q -c work\nmv docs/plan.md BOARD.md\ncommit -q -m moved", "BOARD.md"},
		{"beside others", "mv a.md b.md\nmv -- docs/plan.md -rf.md\nmv docs/board.md z.md", "-rf.md"},
		{"deleted", "rm -q docs/plan.md", ""},
		{"still there", "mv a.md b.md", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, dir := repository(t)
			write(t, dir, "docs/plan.md", text)
			write(t, dir, "a.md", "another\ntext\nof\nsome\nlines\n")
			in(t, dir, "add -A\ncommit -q -m plan")
			base := commitOf(t, r, "HEAD")
			in(t, dir, test.commands)
			got, err := r.RenamedTo(t.Context(), base, "docs/plan.md")
			if err != nil || got != test.want {
				t.Errorf("RenamedTo = %q, %v; want %q", got, err, test.want)
			}
		})
	}
}

// TestRenamedToRunsNoFilter configures a filter as an unpacked archive could.
func TestRenamedToRunsNoFilter(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the filter is a command of a Unix shell")
	}
	r, dir := repository(t)
	base := commitOf(t, r, "HEAD")
	in(t, dir, "mv docs/board.md BOARD.md")
	write(t, dir, "BOARD.md", "changed since\n")
	write(t, dir, ".gitattributes", "*.md filter=trap diff=trap\n")
	ran := filepath.Join(dir, "ran")
	for _, key := range []string{"filter.trap.clean", "filter.trap.smudge", "diff.trap.textconv", "diff.trap.command", "diff.external"} {
		in(t, dir, "config "+key+" touch>"+ran)
	}
	if got, err := r.RenamedTo(t.Context(), base, "docs/board.md"); err != nil || got != "BOARD.md" {
		t.Errorf("RenamedTo = %q, %v; want BOARD.md", got, err)
	}
	if _, err := os.Stat(ran); err == nil {
		t.Error("a program of the repository's configuration ran")
	}
}
