package command

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// terminal returns a process on a terminal of that width, and what it prints.
func terminal(t *testing.T, width int, environment map[string]string, args ...string) (*Process, *bytes.Buffer) {
	t.Helper()
	out := &bytes.Buffer{}
	return &Process{
		Args: args, Stdin: strings.NewReader(""), Stdout: out, Stderr: out, Dir: t.TempDir(),
		Getenv: func(name string) string { return environment[name] }, Now: time.Now,
		Terminal: true, Width: width,
	}, out
}

func TestColors(t *testing.T) {
	const color = "\x1b["
	tests := []struct {
		name        string
		environment map[string]string
		args        string
		want        bool
	}{
		{"a terminal", map[string]string{"TERM": "xterm"}, "demo", true},
		{"NO_COLOR", map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, "demo", false},
		{"NO_COLOR, asked for", map[string]string{"NO_COLOR": "1"}, "demo --color always", true},
		{"a dumb terminal", map[string]string{"TERM": "dumb"}, "demo", false},
		{"not wanted", map[string]string{"TERM": "xterm"}, "demo --color never", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, out := terminal(t, 80, test.environment, strings.Fields(test.args)...)
			if status := Run(t.Context(), p); status != Passed {
				t.Fatalf("status %d\n%s", status, out)
			}
			if got := strings.Contains(out.String(), color); got != test.want {
				t.Errorf("colours: %t, want %t\n%q", got, test.want, out)
			}
		})
	}
}

func TestWidth(t *testing.T) {
	p, out := terminal(t, 60, nil, "check", "-", "--color", "never")
	p.Stdin = strings.NewReader("# Notes\n\n## " + strings.Repeat("a long heading ", 20) + "\n")
	Run(t.Context(), p)
	head, _, _ := strings.Cut(out.String(), "hint:") // hints are for pasting, and not wrapped
	for line := range strings.Lines(head) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 60 {
			t.Errorf("a line of %d columns on a terminal of 60: %q", n, line)
		}
	}
}

func TestSave(t *testing.T) {
	dir := t.TempDir()
	for _, text := range []string{"one", "two"} {
		if err := (target{dir, "report.txt"}).save([]byte(text), nil); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, "report.txt")); err != nil || string(got) != text {
			t.Errorf("saved %q, %v; want %q", got, err, text)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "taken", "by"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := (target{dir, "taken"}).save(nil, nil); err == nil || strings.Contains(err.Error(), ".boardgate-") {
		t.Errorf("save over a folder = %v, want an error that does not name the temporary file", err)
	}
	for _, to := range []target{{dir, "nowhere/report.txt"}, {filepath.Join(dir, "nowhere"), "report.txt"}, {dir, "report.txt/report.txt"}, {dir, "../report.txt"}} {
		if err := to.save(nil, nil); err == nil {
			t.Errorf("save into a folder that is not there, %q: no error", to)
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, ".boardgate-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

func TestVersionText(t *testing.T) {
	settings := []debug.BuildSetting{
		{Key: "GOOS", Value: "linux"},
		{Key: "GOARCH", Value: "amd64"},
		{Key: "vcs.revision", Value: "c0ffee"},
		{Key: "vcs.time", Value: "2026-03-12T12:00:00Z"},
		{Key: "vcs.modified", Value: "true"},
	}
	info := &debug.BuildInfo{GoVersion: "go1.25.0", Settings: settings}
	want := "boardgate 1.2.3\ncommit c0ffee of 2026-03-12T12:00:00Z, with changes\ngo1.25.0 linux/amd64\n"
	if diff := cmp.Diff(want, versionText("1.2.3", "", info)); diff != "" {
		t.Errorf("versionText (-want +got):\n%s", diff)
	}
	info.Settings = settings[:2]
	want = "boardgate 1.2.3\ncommit f00d\ngo1.25.0 linux/amd64\n"
	if diff := cmp.Diff(want, versionText("1.2.3", "f00d", info)); diff != "" {
		t.Errorf("versionText with the commit set at build (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("boardgate (unknown)\n", versionText("(unknown)", "", nil)); diff != "" {
		t.Errorf("versionText without build information (-want +got):\n%s", diff)
	}
}
