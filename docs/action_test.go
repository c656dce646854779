package docs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/command"
	"github.com/boardgate/boardgate/internal/fake"
)

// The ten lines of the action's page and of README.md are the example's.
func TestActionQuickStart(t *testing.T) {
	example, err := os.ReadFile("../examples/board-gate.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"action.md", "../README.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, short, _ := bytes.Cut(text, []byte("```yaml\n"))
		short, _, _ = bytes.Cut(short, []byte("```\n"))
		if n := bytes.Count(short, []byte("\n")); n > 10 {
			t.Errorf("%s: the quick start has %d lines", name, n)
		}
		if diff := cmp.Diff(workflowOf(t, example), workflowOf(t, short)); diff != "" {
			t.Errorf("%s: quick start (-example +page):\n%s", name, diff)
		}
	}
}

// The workflow that watches production is the example's as well.
func TestWatchingQuickStart(t *testing.T) {
	text, err := os.ReadFile("action.md")
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile("../examples/smoke-production.yml")
	if err != nil {
		t.Fatal(err)
	}
	_, watching, _ := strings.Cut(string(text), "### Watching it")
	if diff := cmp.Diff(workflowOf(t, example), workflowOf(t, fence.FindSubmatch([]byte(watching))[2])); diff != "" {
		t.Errorf("watching production (-example +page):\n%s", diff)
	}
}

// workflowOf is what a workflow says, without its name, how long its jobs may
// take, and how its inputs are described.
func workflowOf(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var w map[string]any
	if err := yaml.Unmarshal(text, &w); err != nil {
		t.Fatal(err)
	}
	delete(w, "name")
	jobs, _ := w["jobs"].(map[string]any)
	if len(jobs) != 1 {
		t.Fatalf("%d jobs in %s", len(jobs), text)
	}
	for _, job := range jobs {
		delete(job.(map[string]any), "timeout-minutes")
	}
	if dispatch, ok := w["on"].(map[string]any)["workflow_dispatch"].(map[string]any); ok {
		for _, input := range dispatch["inputs"].(map[string]any) {
			delete(input.(map[string]any), "description")
		}
	}
	return w
}

var (
	badChanges = regexp.MustCompile(`(?s)\n## What lets a bad change past, and what stops it\n(.*?)\n## `)
	shownBy    = regexp.MustCompile("`([^`]+)`")
)

// Each row of what lets a bad change past names what shows it: a story, a
// workflow that the doctor finds fault with, or a test.
func TestBadChangesAreShown(t *testing.T) {
	text, err := os.ReadFile("action.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := sources(t, func(path string) bool { return strings.HasSuffix(path, "_test.go") })
	rows := 0
	for line := range strings.Lines(string(badChanges.FindSubmatch(text)[1])) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if len(cells) != 3 || strings.HasPrefix(cells[2], "---") || strings.HasPrefix(cells[2], "shown by") {
			continue
		}
		rows++
		named := shownBy.FindAllStringSubmatch(cells[2], -1)
		if len(named) == 0 {
			t.Errorf("nothing shows%s", cells[0])
		}
		for _, m := range named {
			if strings.HasPrefix(m[1], "Test") {
				if !strings.Contains(tests, "\nfunc "+m[1]+"(") {
					t.Errorf("there is no %s", m[1])
				}
				continue
			}
			path := "../testdata/script/" + m[1] + ".txtar"
			if strings.HasPrefix(m[1], "faulty/") {
				path = "../internal/doctor/testdata/" + m[1] + ".txtar"
			}
			if _, err := os.Stat(path); err != nil {
				t.Error(err)
			}
		}
	}
	if rows < 15 {
		t.Errorf("%d rows", rows)
	}
}

// sources are the texts of the program's Go files, books and stories, without
// the quoting of Go.
func sources(t *testing.T, wanted func(path string) bool) string {
	t.Helper()
	var b strings.Builder
	for _, root := range []string{"../internal", "../testdata/script"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !wanted(path) || !slices.Contains([]string{".go", ".txtar"}, filepath.Ext(path)) {
				return err
			}
			text, err := os.ReadFile(path)
			b.WriteString(strings.ReplaceAll(string(text), `\"`, `"`))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// Every message that the page on troubleshooting explains is one that the
// program prints, in a story or in an example of a rule, or that stands in its
// source.
func TestTroubleshootingMessages(t *testing.T) {
	text, err := os.ReadFile("troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	own, _, _ := strings.Cut(string(text), "\n## On GitHub's pages\n")
	if n := strings.Count(string(text), "\n### "); n != 10 {
		t.Errorf("%d messages, want ten", n)
	}
	printed := sources(t, func(path string) bool { return !strings.HasSuffix(path, "_test.go") })
	for _, block := range fence.FindAllStringSubmatch(own, -1) {
		for message := range strings.Lines(block[2]) {
			parts := strings.Split(strings.TrimSpace(message), "…")
			for i := range parts {
				parts[i] = regexp.QuoteMeta(parts[i])
			}
			if !regexp.MustCompile(strings.Join(parts, ".*")).MatchString(printed) {
				t.Errorf("nothing prints %s", message)
			}
		}
	}
}

var runBlock = regexp.MustCompile("(?s)(the requests, and the job's log:\n\n).*?(\n## Limitations\n)")

// The run on the page is one: a pull request that cites 100 others, with 60
// annotations, makes 7 requests; with 50 the check run takes one less.
func TestActionRun(t *testing.T) {
	page(t, "action.md", func(text string) string {
		talk, log := actionRun(t)
		if n := strings.Count(talk, "\n"); n != 7 {
			t.Errorf("%d requests, want 7:\n%s", n, talk)
		}
		return runBlock.ReplaceAllString(text, "${1}```text\n"+talk+"```\n\n```text\n"+abridged(log)+"```\n${2}")
	})
}

// abridged leaves the first finding and the last lines of a log.
func abridged(log string) string {
	_, log, _ = strings.Cut(log, "\n") // the token's mask
	first, rest, _ := strings.Cut(log, "\n| \n")
	_, last, _ := strings.Cut(rest, "\n| fail: ")
	return first + "\n| […]\n| fail: " + last
}

// The pull request of the tutorial fails, gets its number suggested, and passes with it.
func TestTutorialPullRequest(t *testing.T) {
	text, err := os.ReadFile("tutorial.md")
	if err != nil {
		t.Fatal(err)
	}
	var boards []string
	for _, m := range fence.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\r\n", "\n"), -1) {
		if m[1] == "markdown" {
			boards = append(boards, m[2])
		}
	}
	if len(boards) != 3 {
		t.Fatalf("%d boards on the page, want 3: the first, the broken and the sound one", len(boards))
	}
	now := func() time.Time { return noon }
	hub := fake.New(now)
	repo := hub.Repo(pageRepo)
	add := func(board string, parents ...string) string {
		return repo.Commit(map[string]string{"docs/NEXT-7D.md": board}, parents...)
	}
	base := add(boards[0])
	repo.Push("main", base)
	pull := repo.OpenPull(1, "Finish the price list", add(boards[2], base))
	if log, status := job(t, hub, now, jobFor(t, pull, 1, base)); status != command.Failed || !strings.Contains(log, "suggestion: done, 1 made") {
		t.Errorf("without a number: exit status %d\n%s", status, log)
	}
	pull = repo.OpenPull(2, "Finish the price list", add(strings.Replace(boards[2], "(2026-03-10)", "(2026-03-10) PR #2", 1), base))
	if log, status := job(t, hub, now, jobFor(t, pull, 2, base)); status != command.Passed {
		t.Errorf("with its number: exit status %d\n%s", status, log)
	}
}

const (
	pageRepo  = "acme/shop"
	pageBoard = "# Next 7 days\n\n**Last Updated**: 2026-03-%02d 09:00 UTC\n\n## WIP (1 item only)\n\nNone\n\n## NEXT (max 3)\n\nNone\n\n## DONE\n\n%s"
)

// actionRun has the action judge the pull request, and returns what it asked
// and what it printed.
func actionRun(t *testing.T) (talk, log string) {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC) }
	hub := fake.New(now)
	repo := hub.Repo(pageRepo)
	files := func(day int, done string) map[string]string {
		return map[string]string{"docs/NEXT-7D.md": fmt.Sprintf(pageBoard, day, done), ".github/boardgate.yml": "rules: { wip-skipped: off }\n"}
	}
	base := repo.Commit(files(11, "None\n"))
	repo.Push("main", base)
	head := repo.Commit(files(12, hundredDone(repo, now())), base)
	pull := repo.OpenPull(500, "Tidy DONE", head)
	log, status := job(t, hub, now, jobFor(t, pull, 500, base))
	if status != command.Failed {
		t.Fatalf("exit status %d\n%s", status, log)
	}
	return conversation(hub), log
}

// job runs the action and returns what it printed and its exit status.
func job(t *testing.T, hub *fake.GitHub, now func() time.Time, env map[string]string) (string, int) {
	t.Helper()
	var out bytes.Buffer
	status := command.Run(context.Background(), &command.Process{
		Args: []string{"action"}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Now: now, Dir: t.TempDir(), Version: "1.0.0",
		Getenv: func(name string) string { return env[name] }, Environ: func() []string { return pairs(env) },
		Sleep: func(context.Context, time.Duration) error { return nil }, Random: strings.NewReader(strings.Repeat("x", 4096)), Transport: hub.Transport(),
	})
	return out.String(), status
}

// jobFor is the environment of a job that the pull request started.
func jobFor(t *testing.T, pull *fake.Pull, number int, base string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	text, err := json.Marshal(map[string]any{
		"action": "opened", "number": number, "repository": map[string]any{"full_name": pageRepo, "default_branch": "main"},
		"pull_request": map[string]any{
			"number": number, "head": map[string]any{"sha": pull.Head, "ref": "tidy", "repo": map[string]any{"full_name": pageRepo}},
			"base": map[string]any{"sha": base, "ref": "main"},
		},
	})
	for name, content := range map[string][]byte{"event.json": text, "summary": nil, "output": nil} {
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), content, 0o644)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": filepath.Join(dir, "event.json"), "GITHUB_REPOSITORY": pageRepo,
		"GITHUB_SHA": pull.Merge, "GITHUB_REF": fmt.Sprintf("refs/pull/%d/merge", number), "GITHUB_JOB": "board-gate", "GITHUB_RUN_ID": "7", "GITHUB_RUN_NUMBER": "7",
		"GITHUB_API_URL": "https://ghe.example/api/v3", "INPUT_TOKEN": "ghs_0",
		"GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary"), "GITHUB_OUTPUT": filepath.Join(dir, "output"),
	}
}

// hundredDone are 100 items that came into DONE. The pull requests that 40 of
// them cite were merged, of the others there are none.
func hundredDone(repo *fake.Repo, now time.Time) string {
	var b strings.Builder
	for i := range 100 {
		number := 101 + i
		if i%5 < 2 {
			repo.MergedPull(number, "main")
		}
		fmt.Fprintf(&b, "- **Import price list %d** (2026-03-12) PR #%d\n", i+1, number)
	}
	return b.String()
}

func pairs(env map[string]string) []string {
	var out []string
	for name, value := range env {
		out = append(out, name+"="+value)
	}
	return out
}

func conversation(hub *fake.GitHub) string {
	var b strings.Builder
	for _, x := range hub.Conversation() {
		var body struct{ Query string }
		fmt.Fprintf(&b, "%s %s", x.Method, x.Path)
		if json.Unmarshal(x.Body, &body) == nil && body.Query != "" {
			name, _, _ := strings.Cut(body.Query, "(")
			b.WriteString(" " + strings.TrimSpace(name))
		}
		fmt.Fprintf(&b, " -> %d\n", x.Status)
	}
	return b.String()
}
