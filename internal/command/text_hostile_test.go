package command

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/fake/runner"
	"github.com/boardgate/boardgate/internal/report"
)

// meant are the commands of format github.
var meant = map[string]bool{"error": true, "warning": true, "notice": true}

// folderOf writes files to a folder of their own.
func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for path, text := range files {
		full := filepath.Join(dir, filepath.FromSlash(path))
		if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// printed runs the program in a folder and returns all that it prints.
func printed(t *testing.T, dir string, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	Run(t.Context(), &Process{
		Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Dir: dir,
		Getenv: func(string) string { return "" }, Now: func() time.Time { return jobNoon },
	})
	return out.String()
}

// wantNoCommand wants the runner of a job to obey nothing but what was meant.
func wantNoCommand(t *testing.T, text string, args []string) {
	t.Helper()
	for _, c := range runner.Commands(text) {
		if args[len(args)-1] != "github" || !meant[c.Name] || !strings.HasPrefix(c.Properties["title"], "boardgate: ") {
			t.Fatalf("%q: the runner would obey %+v:\n%s", args, c, text)
		}
	}
	if strings.Contains(text, "##vso[") {
		t.Fatalf("%q: Azure Pipelines would obey it:\n%s", args, text)
	}
}

// TestTitlesAreNoCommands puts a workflow command wherever a report names
// something of a board, in a `run:` step.
func TestTitlesAreNoCommands(t *testing.T) {
	const boards = `# Board

**Last Updated**: 2026-03-12 09:00 UTC

## WIP (1 item only)

### First

- **DoD**: the page answers 200

### COMMAND

- **DoD**: the page answers 200

## NEXT (max 1)

1. **First**
2. **COMMAND**

## COMMAND

- COMMAND

## DONE

- **COMMAND**
- COMMAND
`
	for _, command := range []string{
		"::stop-commands::x", "::error::x", "##[group]x", "::add-mask::a", "::set-env name=PATH::x", "::Error file=a::x", "\u00a0::error::x",
		"\u3000::error::x", "&#58;&#58;error&#58;&#58;x", "\\:\\:error\\:\\:x", "`::error::x`", "<b>::error::x</b>", "##vso[task.complete result=Succeeded;]x",
	} {
		after := strings.ReplaceAll(boards, "COMMAND", command)
		files := map[string]string{
			"BOARD.md": after, "before.md": "# Board\n\n## WIP\n\n## NEXT\n\n- " + command + " before\n\n## DONE\n", "empty.md": "",
			"plain.md":        "# " + command + "\n\n- " + command + "\n\n" + command + "\n\n" + command + "\n===\n- " + command + "\n",
			change.ConfigPath: "limits: { wip: 1 }\n" + command + ": [1, 2\n",
		}
		if runtime.GOOS != "windows" && !strings.Contains(command, "/") {
			files[command] = after
		}
		dir := folderOf(t, files)
		for _, format := range report.Formats() {
			for _, args := range [][]string{
				{"check", "BOARD.md", "--config", "empty.md", "--no-base"},
				{"check", "BOARD.md", "--config", "empty.md", "--base-file", "before.md", "--color", "always"},
				{"check", "before.md", "--config", "empty.md", "--base-file", "BOARD.md"},
				{"check", "plain.md", "--config", "empty.md", "--base-file", "BOARD.md"},
				{"check", "BOARD.md", "--no-base"},
				{"check", command, "--no-base", "--config", "empty.md"},
				{"check", "BOARD.md", "--config", command, "--no-base"},
			} {
				args = append(args, "--format", format)
				wantNoCommand(t, printed(t, dir, args...), args)
			}
		}
		for _, args := range [][]string{
			{"doctor"},
			{"init"},
			{"init", "--board", command},
			{"prod-facts"},
			{"explain", command},
			{command},
			{"check", "--" + command},
			{"help", command},
			{"check", "--format", command},
			{"check", "--base", command},
			{"check", "--pr", command},
			{"schema", command},
			{"completion", command},
			{"demo", "--break", command},
			{"prod-facts", command, "--config", "BOARD.md"},
			{"check", "--output", command + "/x"},
		} {
			wantNoCommand(t, printed(t, dir, args...), args)
		}
	}
}

// TestHostileBoardsAsText has the runner read every format of reports on boards
// made of what it might obey.
func TestHostileBoardsAsText(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for n := range 100 {
		files := map[string]string{"BOARD.md": hostileBoard(r), "before.md": hostileBoard(r)}
		if n%3 == 0 {
			files[change.ConfigPath] = hostileText(r) + "\nlimits: { wip: 1 }\n"
		}
		dir := folderOf(t, files)
		for _, format := range report.Formats() {
			args := []string{"check", "BOARD.md", "--base-file", "before.md", "--color", "always", "--format", format}
			wantNoCommand(t, printed(t, dir, args...), args)
		}
		for _, args := range [][]string{{"doctor"}, {"init"}, {"prod-facts"}} {
			wantNoCommand(t, printed(t, dir, args...), args)
		}
	}
}

// TestBooksAreNoCommands reads what the program says of itself.
func TestBooksAreNoCommands(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"check", "--help"}, {"demo"}, {"schema", "config"}, {"completion", "bash"}} {
		wantNoCommand(t, printed(t, t.TempDir(), args...), args)
	}
	for _, name := range ruleNames() {
		wantNoCommand(t, printed(t, t.TempDir(), "explain", name, "--examples"), []string{"explain", name})
	}
}

// TestCommandsStayReadable keeps a text that looks like a command readable.
func TestCommandsStayReadable(t *testing.T) {
	dir := folderOf(t, map[string]string{"BOARD.md": "## WIP\n\n- **Teach `::error::` to the parser**\n\n## NEXT\n\n- A ratio of 1::2\n"})
	got := printed(t, dir, "check", "BOARD.md", "--no-base")
	for _, want := range []string{"Teach ::error:: to the parser", "A ratio of 1::2"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
