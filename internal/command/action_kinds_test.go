package command

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// TestShownPullRequests plays the boards that hide something, or show what is not
// counted, as pull requests: the action and check find the same, and both fail
// where an error is found.
func TestShownPullRequests(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("..", "rule", "testdata", "kinds", "3*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no boards (%v)", err)
	}
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		boards := map[string]map[string]string{} // the files of each, by their names
		for _, f := range a.Files {
			name, file, _ := strings.Cut(f.Name, "/")
			if boards[name] == nil {
				boards[name] = map[string]string{}
			}
			boards[name][file] = string(f.Data)
		}
		for name, files := range boards {
			t.Run(name, func(t *testing.T) {
				dir := t.TempDir()
				for _, side := range []string{"base.md", "head.md"} {
					if err := os.WriteFile(filepath.Join(dir, side), []byte(files[side]), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				var checked bytes.Buffer
				want := Run(context.Background(), &Process{
					Args:   []string{"check", filepath.Join(dir, "head.md"), "--base-file", filepath.Join(dir, "base.md"), "--format", "json"},
					Stdout: &checked, Stderr: os.Stderr, Dir: dir, Version: "1.2.3", Getenv: func(string) string { return "" }, Now: func() time.Time { return now },
				})
				failed := Passed
				for line := range strings.Lines(files["want"]) {
					if strings.HasPrefix(line, "error:") && !strings.HasSuffix(line, " (old)\n") {
						failed = Failed
					}
				}
				if want != failed {
					t.Errorf("check has status %d, want %d\n%s", want, failed, files["want"])
				}
				s := setStage(t, map[string]string{jobPath: files["base.md"]})
				for n := range 9 {
					s.repo.MergedPull(n+1, "main")
				}
				head := s.repo.Commit(map[string]string{jobPath: files["head.md"]}, s.base)
				s.repo.OpenPull(42, "A change", head)
				j := s.jobOf(42, head, 1, map[string]string{"INPUT_REPORT-FILE": "report.json"})
				j.now = now
				if status := j.run(); status != want {
					t.Fatalf("exit status %d, and check has %d\n%s", status, want, j.tail())
				}
				if diff := cmp.Diff(findingsOf(t, strings.ReplaceAll(checked.String(), filepath.ToSlash(dir)+"/head.md", jobPath)), findingsOf(t, j.file("report.json"))); diff != "" {
					t.Errorf("findings (-check +action):\n%s", diff)
				}
			})
		}
	}
}
