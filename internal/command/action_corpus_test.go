package command

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// realChange is one of the real boards' changes, by its label.
type realChange struct {
	Dir, Date string
	PR        int
}

func realChanges(t *testing.T) (string, []realChange) {
	t.Helper()
	dir := os.Getenv("BOARDGATE_CORPUS")
	if dir == "" {
		t.Skip("BOARDGATE_CORPUS is not set: the real changes were not played as pull requests")
	}
	text, err := os.ReadFile(filepath.Join(dir, "labels.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var out []realChange
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c realChange
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return dir, out
}

// TestRealPullRequests plays the real changes as pull requests with their own
// numbers, the repository's other pull requests behind them: the verdict is
// that of check on the same files, and so is every finding but those about the
// pull requests cited, which check cannot ask about.
func TestRealPullRequests(t *testing.T) {
	dir, changes := realChanges(t)
	var merged []struct {
		Number int
	}
	text, err := os.ReadFile(filepath.Join(dir, "pulls.json"))
	if err == nil {
		err = json.Unmarshal(text, &merged)
	}
	if err != nil {
		t.Fatal(err)
	}
	agree, verdicts := 0, map[string]int{}
	for _, c := range changes {
		t.Run(c.Dir, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, c.Date)
			if err != nil {
				t.Fatal(err)
			}
			files := func(side string) map[string]string {
				out := map[string]string{}
				for name, path := range map[string]string{side + ".md": jobPath, "state_" + side + ".md": "docs/OPS/STATE.md"} {
					if text, err := os.ReadFile(filepath.Join(dir, "boards", c.Dir, name)); err == nil {
						out[path] = string(text)
					}
				}
				return out
			}
			s := setStage(t, files("before"))
			for _, m := range merged {
				s.repo.MergedPull(m.Number, "main")
			}
			head := s.repo.Commit(files("after"), s.base)
			s.repo.OpenPull(c.PR, "A change", head)
			j := s.jobOf(c.PR, head, 1, map[string]string{"INPUT_REPORT-FILE": "report.json"})
			j.now = at
			status := j.run()
			var checked bytes.Buffer
			want := checkReal(t, filepath.Join(dir, "boards", c.Dir), c, &checked)
			if status != want {
				t.Errorf("exit status %d, and check has %d\n%s", status, want, j.tail())
				return
			}
			if diff := cmp.Diff(findingsOf(t, checked.String()), findingsOf(t, j.file("report.json"))); diff != "" {
				t.Errorf("findings (-check +action):\n%s", diff)
			}
			agree++
			verdicts[fmt.Sprint("exit ", status)]++
		})
	}
	t.Logf("%d of %d agree: %v", agree, len(changes), verdicts)
}

// checkReal runs check on the files of a change.
func checkReal(t *testing.T, dir string, c realChange, out *bytes.Buffer) int {
	t.Helper()
	args := []string{"check", filepath.Join(dir, "after.md"), "--base-file", filepath.Join(dir, "before.md"), "--pr", fmt.Sprint(c.PR), "--now", c.Date, "--format", "json"}
	for flag, name := range map[string]string{"--state": "state_after.md", "--state-base-file": "state_before.md"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			args = append(args, flag, filepath.Join(dir, name))
		}
	}
	return Run(context.Background(), &Process{
		Args: args, Stdout: out, Stderr: os.Stderr, Dir: t.TempDir(), Version: "1.2.3",
		Getenv: func(string) string { return "" }, Now: time.Now,
	})
}

// findingsOf returns a report's findings, a line each, without those that
// depend on who can be asked, and without paths.
func findingsOf(t *testing.T, text string) []string {
	t.Helper()
	var r struct {
		Findings []struct {
			Rule, Severity, Message string
			Introduced              bool
			Line                    int
		}
	}
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range r.Findings {
		if f.Rule != "done-merged" && f.Rule != "path-exists" && !strings.Contains(f.Message, "state_") && !strings.Contains(f.Message, "STATE.md") {
			out = append(out, fmt.Sprintf("%s %s %v %d %s", f.Rule, f.Severity, f.Introduced, f.Line, f.Message))
		}
	}
	return out
}
