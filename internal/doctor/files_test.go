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
			if len(found) != 1 {
				t.Fatalf("%d findings, want one fault a file", len(found))
			}
			i := slices.IndexFunc(r.Workflows, func(w *source.File) bool { return w.Path == found[0].Path })
			mended := mend(string(r.Workflows[i].Text), found[0])
			r.Workflows[i] = source.NewFile(found[0].Path, []byte(mended))
			if rest := report(doctor.Examine(r)); rest != "" {
				t.Errorf("after what was put in\n%s\nthere is still\n%s", mended, rest)
			}
		})
	}
}

// mend does what a finding says: the key at its line, with all that is below,
// takes the form that it has in the lines to put in. Where they have no such key
// it goes, or, if they are to stand deeper, stays and is added to.
func mend(text string, f doctor.Finding) string {
	lines := strings.SplitAfter(text, "\n")
	at := f.Line - 1
	end := at + 1
	for end < len(lines) && depth(lines[end]) > depth(lines[at]) {
		end++
	}
	given := strings.SplitAfter(f.Lines, "\n")
	same := slices.IndexFunc(given, func(line string) bool { return key(line) == key(lines[at]) })
	rest := same + 1
	for rest < len(given) && depth(given[rest]) > depth(given[max(same, 0)]) {
		rest++
	}
	stands := func(line string) bool { return same+1 < rest && key(line) == key(given[same+1]) }
	switch {
	case same >= 0 && rest > same+1 && end > at+1 && !slices.ContainsFunc(lines[at+1:end], stands): // more for a mapping
		return strings.Join(slices.Insert(lines, at+1, given[same+1:rest]...), "")
	case same >= 0:
		dash := lines[at][:strings.Index(lines[at], key(lines[at]))]
		put := append([]string{dash + strings.TrimLeft(given[same], " -")}, given[same+1:rest]...)
		return strings.Join(slices.Replace(lines, at, end, put...), "")
	case depth(given[0]) >= depth(lines[at]) && !strings.HasPrefix(strings.TrimSpace(given[0]), "- "):
		return strings.Join(slices.Insert(lines, at+1, given...), "")
	}
	if strings.HasPrefix(strings.TrimSpace(lines[at]), "- ") { // the item goes on with its next key
		lines[end] = lines[at][:strings.Index(lines[at], "-")] + "- " + strings.TrimLeft(lines[end], " ")
	}
	return strings.Join(slices.Delete(lines, at, end), "")
}

// depth is the column of a line's key.
func depth(line string) int { return len(line) - len(strings.TrimLeft(line, " -")) }

// key is what a line begins with, before a colon.
func key(line string) string {
	name, _, _ := strings.Cut(strings.TrimLeft(line, " -"), ":")
	return strings.TrimSpace(name)
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
