package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/boardgate/boardgate/internal/doctor"
)

// TestReadmeCommands runs every command of README.md that stands in a block of
// shell: those of boardgate in the repository of testdata/readme.txtar, each
// from the same start with the workflow of README.md, those of Go in this one.
func TestReadmeCommands(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh to run the examples with")
	}
	_, workflow, _ := strings.Cut(read(t, "README.md"), "```yaml\n")
	workflow, _, _ = strings.Cut(workflow, "```\n")
	setup := read(t, "testdata/readme.txtar") + "-- .github/workflows/board-gate.yml --\n" + doctor.Pinned(workflow, commit)
	dir := t.TempDir()
	for i, line := range shellLines(t, "README.md") {
		if strings.HasPrefix(line, "go ") || strings.HasPrefix(line, "git clone ") {
			goCommand(t, line)
			continue
		}
		head, files, _ := strings.Cut(setup, "\n-- ")
		story := head + "\nexec sh -ec '" + line + "'\n! stderr .\n-- " + files
		name := filepath.Join(dir, fmt.Sprintf("line-%02d.txtar", i+1))
		if err := os.WriteFile(name, []byte(story), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p := stories(dir)
	p.UpdateScripts = false
	testscript.Run(t, p)
}

// goCommand runs an example that builds, as far as a test can: nothing is
// downloaded, and what is installed goes to a folder of the test's own.
func goCommand(t *testing.T, line string) {
	t.Helper()
	switch {
	case line == "go test ./...": // is running
	case strings.HasPrefix(line, "git clone "):
		module, _, _ := strings.Cut(strings.TrimPrefix(read(t, "go.mod"), "module "), "\n")
		if want := "git clone https://" + strings.TrimSpace(module) + " && cd boardgate"; line != want {
			t.Errorf("README.md says %q, want %q", line, want)
		}
	default:
		c := exec.Command("sh", "-ec", line)
		c.Env = append(os.Environ(), "GOBIN="+t.TempDir(), "GOFLAGS=-buildvcs=false")
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
	}
}

// shellLines returns the lines of a file's ```sh blocks, without comments.
func shellLines(t *testing.T, name string) []string {
	t.Helper()
	var out []string
	inside := false
	for line := range strings.Lines(read(t, name)) {
		line, _, _ = strings.Cut(strings.TrimRight(line, "\n"), "  #")
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```sh"
		case inside && strings.TrimSpace(line) != "":
			out = append(out, strings.TrimSpace(line))
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s has no block of shell", name)
	}
	return out
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}
