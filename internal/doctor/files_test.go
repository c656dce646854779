package doctor_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/boardgate/boardgate/internal/doctor"
	"github.com/boardgate/boardgate/internal/source"
)

var update = flag.Bool("update", false, "rewrite what the doctor says of the workflows in testdata/faulty")

// TestSoundWorkflows holds that the doctor is silent about workflows as
// repositories write them.
func TestSoundWorkflows(t *testing.T) {
	for _, path := range archives(t, "sound") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			if got := report(doctor.Examine(inArchive(readArchive(t, path)))); got != "" {
				t.Errorf("found\n%s", got)
			}
		})
	}
}

// TestFaultyWorkflows holds that each fault is found alone, at its line, with
// what to put in, and that nothing is left to find once that is done.
func TestFaultyWorkflows(t *testing.T) {
	for _, path := range archives(t, "faulty") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			a := readArchive(t, path)
			r := inArchive(a)
			found := doctor.Examine(r)
			if *update {
				a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool { return f.Name == "want" })
				a.Files = append(a.Files, txtar.File{Name: "want", Data: []byte(report(found))})
				if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(a.Files[len(a.Files)-1].Data), report(found)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func archives(t *testing.T, folder string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
	if err != nil || len(paths) != 15 {
		t.Fatalf("%d archives in %s, %v", len(paths), folder, err)
	}
	return paths
}

func readArchive(t *testing.T, path string) *txtar.Archive {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return txtar.Parse([]byte(strings.ReplaceAll(string(text), "\r\n", "\n"))) // as git checks it out on Windows
}

// inArchive is a repository with a board and the archive's workflows; with a
// configuration there are facts of production.
func inArchive(a *txtar.Archive) *doctor.Repository {
	r := repository("")
	r.Workflows = nil
	for _, f := range a.Files {
		if strings.HasPrefix(f.Name, ".github/workflows/") {
			r.Workflows = append(r.Workflows, source.NewFile(f.Name, f.Data))
		}
		r.Facts = r.Facts || f.Name == ".github/boardgate.yml"
	}
	return r
}

func report(found []doctor.Finding) string {
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%s: %s\n", f.Place(), f.Message)
		if f.Hint != "" {
			fmt.Fprintf(&b, "  %s\n", f.Hint)
		}
		for line := range strings.Lines(f.Lines) {
			b.WriteString("    " + line)
		}
	}
	return b.String()
}
