package docs

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/boardgate/boardgate/internal/command"
)

// shell runs what the pages show.
type shell struct {
	dir string
	env []string
}

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"boardgate": program})
}

// noon is when the pages' commands run, so that what they print is always the same.
var noon = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)

// commit is the one that the pages' boardgate was built from.
const commit = "5d0c8a2e4b7f41c69e3d2a1b0c9f8e7d6a5b4c3d"

// program is boardgate as it is built from a clone, at noon and in a terminal of
// as many columns as a page shows without scrolling.
func program() {
	dir, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	os.Exit(command.Run(context.Background(), &command.Process{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Environ: os.Environ,
		Now: func() time.Time { return noon }, Dir: dir, Version: "(devel)", Commit: commit,
		Terminal: true, Width: 96,
	}))
}

// newShell returns a shell in an empty folder that finds boardgate. It skips where there is no shell or no git.
func newShell(t *testing.T) *shell {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the examples are for a POSIX shell")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git")
	}
	return &shell{dir: t.TempDir(), env: append(os.Environ(), "NO_COLOR=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.com", "GIT_AUTHOR_DATE=2026-03-12T12:00:00Z",
		"GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.com", "GIT_COMMITTER_DATE=2026-03-12T12:00:00Z",
	)}
}

// run returns what a command prints, on both streams, and its exit status.
func (s *shell) run(t *testing.T, script string) (string, int) {
	t.Helper()
	c := exec.Command("sh", "-c", script)
	c.Dir, c.Env = s.dir, s.env
	out, err := c.CombinedOutput()
	if err != nil && c.ProcessState == nil {
		t.Fatal(err)
	}
	return string(out), c.ProcessState.ExitCode()
}

// must runs what has to succeed.
func (s *shell) must(t *testing.T, script string) {
	t.Helper()
	if out, status := s.run(t, script); status != 0 {
		t.Fatalf("%s: status %d\n%s", script, status, out)
	}
}

func (s *shell) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

var named = regexp.MustCompile("(?s)^(.*\n)?`([^`]+)`:\n\n$")

// play writes the files that a page shows and runs its console blocks, in
// order, and returns the page with what they print.
func (s *shell) play(t *testing.T, text string) string {
	t.Helper()
	var out strings.Builder
	at := 0
	for _, m := range fence.FindAllStringSubmatchIndex(text, -1) {
		out.WriteString(text[at:m[0]])
		block, body := text[m[0]:m[1]], text[m[4]:m[5]]
		if name := named.FindStringSubmatch(text[at:m[0]]); name != nil {
			s.write(t, name[2], body)
		}
		if text[m[2]:m[3]] == "console" {
			block = "```console\n" + s.transcript(t, body) + "```\n"
		}
		out.WriteString(block)
		at = m[1]
	}
	return out.String() + text[at:]
}

// transcript runs the commands of a block and returns them, each with what it prints.
func (s *shell) transcript(t *testing.T, block string) string {
	t.Helper()
	var out strings.Builder
	for line := range strings.Lines(block) {
		command, is := strings.CutPrefix(line, "$ ")
		if !is {
			continue
		}
		if tool, _, _ := strings.Cut(command, " "); tool == "jq" {
			if _, err := exec.LookPath("jq"); err != nil {
				t.Log("not run, there is no jq: " + line)
				return block
			}
		}
		printed, _ := s.run(t, command)
		out.WriteString(line + printed)
	}
	return out.String()
}

// What these pages show is what boardgate answers: each writes its files and runs
// its commands in an empty folder, from top to bottom.
func TestPages(t *testing.T) {
	for _, name := range played {
		t.Run(name, func(t *testing.T) {
			s := newShell(t)
			page(t, name, func(text string) string { return s.play(t, text) })
		})
	}
}

var played = []string{"adopt.md", "agents.md", "decisions.md", "report.md", "tutorial.md"}

// Every page with a console block is run: by TestPages or by a test of its own.
// What stands in a block of shell is in README.md, whose test runs it.
func TestEveryCommandIsRun(t *testing.T) {
	own := []string{"ci.md", "prod-facts.md"}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range pages {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range fence.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\r\n", "\n"), -1) {
			switch m[1] {
			case "console":
				if !slices.Contains(played, name) && !slices.Contains(own, name) {
					t.Errorf("%s: nothing runs\n%s", name, m[2])
				}
			case "sh":
				for line := range strings.Lines(m[2]) {
					if !strings.Contains(string(readme), line) {
						t.Errorf("%s: this is not in README.md, where it would be run: %s", name, line)
					}
				}
			}
		}
	}
}

// Every command that agents are told to run is one.
func TestAgentsBlock(t *testing.T) {
	text, err := os.ReadFile("agents.md")
	if err != nil {
		t.Fatal(err)
	}
	s := newTeam(t, item, sound)
	commands := regexp.MustCompile("`(boardgate [^`]*)`").FindAllSubmatch(fence.FindSubmatch(text)[2], -1)
	if len(commands) < 3 {
		t.Fatalf("%d commands", len(commands))
	}
	for _, m := range commands {
		command := strings.NewReplacer(" RULE", " wip-limit", " N", " 7").Replace(string(m[1]))
		if out, status := s.run(t, command); status != 0 {
			t.Errorf("%s: status %d\n%s", command, status, out)
		}
	}
}

const teamBoard = `# NEXT 7 DAYS

**Last Updated**: 2025-06-01

## WIP (1 item only)

- **Price list**
  - DoD: ` + "`GET /api/prices`" + ` answers 200

## NEXT (max 3)

- **Receipts**
  - DoD: ` + "`GET /api/mails`" + ` answers 200

## DONE

- Passkeys (2025-05-30) - PR #41
`

// newTeam returns a shell in a full clone of a repository with a board, on a
// branch whose last commit replaces old by new in it. The clone's variables are
// those a CI sets.
func newTeam(t *testing.T, old, new string) *shell {
	t.Helper()
	s := newShell(t)
	clone := s.dir
	s.dir = t.TempDir()
	s.must(t, "git init -q -b main && git config uploadpack.allowAnySHA1InWant true")
	s.write(t, "docs/NEXT-7D.md", teamBoard)
	s.must(t, "git add -A && git commit -q -m board && git switch -q -c work")
	s.write(t, "docs/NEXT-7D.md", strings.NewReplacer(old, new, "2025-06-01", "2025-06-02").Replace(teamBoard))
	s.must(t, "git commit -q -a -m change && git switch -q main && git commit -q --allow-empty -m theirs")
	base, _ := s.run(t, "git rev-parse main~1")
	s.must(t, "git clone -q --branch work file://"+s.dir+" "+clone)
	s.dir = clone
	s.env = append(s.env, "CI_MERGE_REQUEST_DIFF_BASE_SHA="+strings.TrimSpace(base), "CHANGE_TARGET=main",
		"SYSTEM_PULLREQUEST_TARGETBRANCH=refs/heads/main", "BITBUCKET_PR_DESTINATION_BRANCH=main")
	return s
}

// The two changes that every example judges.
const (
	item   = "- **Price list**\n  - DoD: `GET /api/prices` answers 200\n"
	sound  = item + "  - Status: in review\n"
	second = item + "- **Posters**\n  - DoD: 40 posters hang\n"
)

// Every CI's script on the page lets a sound change pass and refuses a second
// item in WIP, and both times leaves a JUnit report. Installing is left out.
func TestCIPage(t *testing.T) {
	text, err := os.ReadFile("ci.md")
	if err != nil {
		t.Fatal(err)
	}
	scripts := slices.DeleteFunc(scriptsOf(t, strings.ReplaceAll(string(text), "\r\n", "\n")), asksProduction)
	if len(scripts) != 5 {
		t.Fatalf("%d scripts on the page judge a board, want 5", len(scripts))
	}
	for i, script := range scripts {
		for change, want := range map[string]int{sound: 0, second: 1} {
			s := newTeam(t, item, change)
			if out, status := s.run(t, "set -e\n"+script); status != want {
				t.Errorf("script %d: status %d, want %d\n%s\n%s", i+1, status, want, script, out)
			}
			s.must(t, "mv test-results/board.xml . 2>/dev/null; test -s board.xml")
			report, err := os.ReadFile(filepath.Join(s.dir, "board.xml"))
			if err != nil || bytes.Contains(report, []byte("<failure")) != (want == 1) {
				t.Errorf("script %d: a failure in the report: want %v (%v)\n%s", i+1, want == 1, err, report)
			}
		}
	}
}

func asksProduction(script string) bool { return strings.Contains(script, "boardgate prod-facts") }

// The page's script that asks production passes one that is well and refuses one
// that is not, and both times leaves a JUnit report.
func TestCIProduction(t *testing.T) {
	text, err := os.ReadFile("ci.md")
	if err != nil {
		t.Fatal(err)
	}
	scripts := scriptsOf(t, strings.ReplaceAll(string(text), "\r\n", "\n"))
	i := slices.IndexFunc(scripts, asksProduction)
	if i < 0 {
		t.Fatal("no script on the page asks production")
	}
	for answer, want := range map[int]int{http.StatusOK: 0, http.StatusNotFound: 1} {
		production := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(answer) }))
		s := newShell(t)
		s.write(t, ".github/boardgate.yml", "prod-facts: { base: '"+production.URL+"', allow_private: true, confirm: { off: true }, check: { healthz: { get: / } } }\n")
		out, status := s.run(t, "set -e\n"+scripts[i])
		production.Close()
		report, err := os.ReadFile(filepath.Join(s.dir, "production.xml"))
		if status != want || err != nil || bytes.Contains(report, []byte("<failure")) != (want == 1) {
			t.Errorf("production answers %d: status %d, want %d (%v)\n%s\n%s", answer, status, want, err, out, report)
		}
	}
}

// And what its console shows is what boardgate answers.
func TestCIConsole(t *testing.T) {
	s := newTeam(t, item, second)
	page(t, "ci.md", func(text string) string { return s.play(t, text) })
}

var (
	install = regexp.MustCompile(`(?m)^\s*go install .*$`)
	inShell = regexp.MustCompile("(?s)sh '''(.*?)'''")
)

// scriptsOf returns the shell scripts of a page's CI configurations.
func scriptsOf(t *testing.T, text string) []string {
	t.Helper()
	var out []string
	for _, m := range fence.FindAllStringSubmatch(text, -1) {
		switch m[1] {
		case "yaml":
			var config any
			if err := yaml.Unmarshal([]byte(m[2]), &config); err != nil {
				t.Errorf("%v\n%s", err, m[2])
			}
			out = append(out, underScript(config)...)
		case "groovy":
			for _, sh := range inShell.FindAllStringSubmatch(m[2], -1) {
				out = append(out, sh[1])
			}
		}
	}
	for i := range out {
		out[i] = install.ReplaceAllString(out[i], "")
	}
	return out
}

// underScript returns what stands under the key script, a text or a list of lines.
func underScript(v any) []string {
	var out []string
	switch v := v.(type) {
	case map[string]any:
		for key, below := range v {
			if key == "script" {
				out = append(out, joined(below))
			} else {
				out = append(out, underScript(below)...)
			}
		}
	case []any:
		for _, below := range v {
			out = append(out, underScript(below)...)
		}
	}
	return out
}

func joined(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	var lines []string
	for _, line := range v.([]any) {
		lines = append(lines, line.(string))
	}
	return strings.Join(lines, "\n")
}
