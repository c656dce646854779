package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestReadmeCommands runs every command of README.md that stands in a block of
// shell: those of boardgate in the repository of testdata/readme.txtar, each
// from the same start, those of Go in this one.
func TestReadmeCommands(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh to run the examples with")
	}
	setup := read(t, "testdata/readme.txtar")
	dir := t.TempDir()
	for i, line := range shellLines(t, "README.md") {
		if strings.HasPrefix(line, "go ") {
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

// goCommand runs an example that builds, as far as a test can.
func goCommand(t *testing.T, line string) {
	t.Helper()
	switch {
	case line == "go test ./...": // is running
	case strings.HasPrefix(line, "go install "):
		module, _, _ := strings.Cut(strings.TrimPrefix(read(t, "go.mod"), "module "), "\n")
		if want := "go install " + strings.TrimSpace(module) + "@latest"; line != want {
			t.Errorf("README.md says %q, want %q", line, want)
		}
	default:
		if out, err := exec.Command("sh", "-ec", line).CombinedOutput(); err != nil {
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

// TestReadmeLinks sees that what README.md links to is there.
func TestReadmeLinks(t *testing.T) {
	for _, m := range regexp.MustCompile(`\]\(([^)#]+)`).FindAllStringSubmatch(read(t, "README.md"), -1) {
		if strings.Contains(m[1], "://") {
			continue
		}
		if _, err := os.Stat(filepath.FromSlash(m[1])); err != nil {
			t.Errorf("README.md links to %s: %v", m[1], err)
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}
