package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/boardgate/boardgate/internal/command"
)

var update = flag.Bool("update", false, "rewrite the expected files of the stories, and the picture in docs")

func TestMain(m *testing.M) {
	commit = "5d0c8a2e4b7f41c69e3d2a1b0c9f8e7d6a5b4c3d" // of the stories' program, as a build from a clone has one
	testscript.Main(m, map[string]func(){"boardgate": program})
}

// storyClock is the variable that tells a story's program the time.
const storyClock = "STORY_CLOCK"

// program is main at the time that a story is played, where it says so, with
// the production of the story behind the names that its facts ask.
func program() {
	now, err := time.Parse(time.RFC3339, os.Getenv(storyClock))
	if err != nil {
		main()
	}
	clock := func() time.Time { return now }
	os.Exit(run(func(p *command.Process) {
		p.Now, p.World = clock, storyWorld(clock)
		p.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	}))
}

// TestStories runs testdata/script: one file, one behaviour, named for it. Each
// runs the real program in a folder of its own that holds the story's files.
func TestStories(t *testing.T) {
	testscript.Run(t, stories("testdata/script"))
}

func stories(dir string) testscript.Params {
	return testscript.Params{
		Dir:                 dir,
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               sandbox,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":      exits,
			"bytes":      writeBytes,
			"repeat":     repeat,
			"github":     github,
			"wake":       wake,
			"acts":       acts,
			"production": production,
			"scheduled":  scheduled,
			"incidents":  incidents,
		},
	}
}

// sandbox keeps the user's own git and terminal out of a story.
func sandbox(env *testscript.Env) error {
	for _, pair := range []string{
		"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_CEILING_DIRECTORIES=" + env.WorkDir,
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.com", "GIT_AUTHOR_DATE=2026-03-12T12:00:00Z",
		"GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.com", "GIT_COMMITTER_DATE=2026-03-12T12:00:00Z",
	} {
		name, value, _ := strings.Cut(pair, "=")
		env.Setenv(name, value)
	}
	env.Values[hubKey{}] = new(*hub)
	env.Setenv("BIN", filepath.SplitList(env.Getenv("PATH"))[0]) // where boardgate is, and nothing else
	return nil
}

// exits runs a program and wants one exit status: exits 3 boardgate check.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS PROGRAM [ARGUMENT...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit := (*exec.ExitError)(nil)
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// writeBytes writes a file of bytes that do not fit into a story: bytes FILE 'a\x00b'.
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bytes FILE TEXT")
	}
	text, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// repeat adds a line to a file many times, %d being its number: repeat FILE 1000 '- Item %d'.
// With "%s" before it the line is indented by two spaces more each time.
func repeat(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: repeat FILE TIMES LINE")
	}
	times, err := strconv.Atoi(args[1])
	ts.Check(err)
	var b strings.Builder
	for i := range times {
		line := strings.ReplaceAll(args[2], "%d", strconv.Itoa(i+1))
		if strings.Contains(line, "%s") {
			line = strings.ReplaceAll(line, "%s", strings.Repeat("  ", i))
		}
		b.WriteString(line + "\n")
	}
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	ts.Check(err)
	_, err = f.WriteString(b.String())
	ts.Check(errors.Join(err, f.Close()))
}
