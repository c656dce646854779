//go:build e2e

// Package e2e runs the action for real: the image is built from the Dockerfile,
// and act runs the job of examples/board-gate.yml in it, against a GitHub of our
// own on this machine.
//
//	make e2e
//
// It needs Docker Engine on Linux, git and Go; without Docker it says so and
// passes. Images made here have names that begin with boardgate-e2e; the layers of
// the build stay in Docker's cache.
package e2e

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// root is the top of the repository.
var root string

var jobs *runner

func TestMain(m *testing.M) {
	status, err := prepareAnd(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		status = 1
	}
	os.Exit(status)
}

func prepareAnd(tests func() int) (int, error) {
	if out, err := run("/", "docker", "info", "--format", "{{.ServerVersion}} on {{.OSType}}"); err != nil {
		fmt.Printf("skipped: no Docker Engine answers: %s\n", strings.TrimSpace(out))
		return 0, nil
	}
	here, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	root = filepath.Join(here, "..", "..")
	scratch, err := os.MkdirTemp("", "boardgate-e2e-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(scratch)
	began := time.Now()
	if err := buildImage(scratch); err != nil {
		return 0, err
	}
	fmt.Printf("built the image from the Dockerfile in %s\n", time.Since(began).Round(time.Second))
	if jobs, err = newRunner(scratch); err != nil {
		return 0, err
	}
	return tests(), nil
}

func asExit(err error, exit **exec.ExitError) bool { return errors.As(err, exit) }

// The image is also the command line.
func TestImageIsTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	if err := write(filepath.Join(dir, "NEXT.md"), []byte(board(item(receipt)+item(search), ""))); err != nil {
		t.Fatal(err)
	}
	out, err := run(dir, "docker", "run", "--rm", "--volume", dir+":/repo:ro", "--workdir", "/repo", actionImage, "check", "--no-base")
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(out, "wip-limit") {
		t.Errorf("docker run IMAGE check: %v, want status 1 and the rule wip-limit\n%s", err, out)
	}
	if out, err := run(dir, "docker", "run", "--rm", actionImage, "version"); err != nil || !strings.HasPrefix(out, "boardgate e2e\n") {
		t.Errorf("docker run IMAGE version: %v\n%s", err, out)
	}
}

func TestCleanChange(t *testing.T) {
	s := newStage(t)
	s.repo.MergedPull(3, "main")
	base := s.main(board(item(prices), numbered(receipt, search)))
	o := s.pull(5, base, board(item(receipt), numbered(search))+done(prices, 3))
	s.wantGreen(o)
	s.wantCheck("success")
	if c := s.repo.Comments(5); len(c) != 0 {
		t.Errorf("%d comments on a clean change that never was red", len(c))
	}
	if o.output("verdict") != "pass" || o.output("done-added") != "1" || o.output("wip") != "1" {
		t.Errorf("outputs %v", o.outputs)
	}
}

func TestLimitBroken(t *testing.T) {
	s := newStage(t)
	o := s.twoInWork(5)
	s.wantRed(o)
	s.wantCheck("failure")
	run := s.repo.CheckRuns()[0]
	if len(run.Annotations) == 0 || !strings.Contains(run.Annotations[0].Title, "wip-limit") || run.Annotations[0].Path != boardPath || run.Annotations[0].StartLine != wipLine {
		t.Errorf("annotations %+v, want wip-limit first, at %s:%d", run.Annotations, boardPath, wipLine)
	}
	if c := s.repo.Comments(5); len(c) != 1 || !strings.Contains(c[0].Body, "wip-limit") {
		t.Errorf("comments %+v", c)
	}
	if o.output("verdict") != "fail" || o.output("errors") != "1" || o.output("wip") != "2" {
		t.Errorf("outputs %v", o.outputs)
	}
}

func TestReadOnlyToken(t *testing.T) {
	s := newStage(t)
	s.hub.ReadOnly()
	s.fork = true
	o := s.twoInWork(5)
	s.wantRed(o)
	if n := len(s.repo.CheckRuns()) + len(s.repo.Comments(5)); n != 0 {
		t.Errorf("a token that may only read wrote %d times", n)
	}
	for _, rule := range []string{"wip-limit", "last-updated"} {
		if !strings.Contains(o.log, rule) {
			t.Errorf("the log lacks %s", rule)
		}
		if !strings.Contains(o.summary, rule) {
			t.Errorf("the job summary lacks %s", rule)
		}
	}
	if !o.annotated("error", "wip-limit") {
		t.Errorf("no workflow command annotates the limit: %+v", o.commands)
	}
	for _, line := range []string{"checks: write", "pull-requests: write"} {
		if !strings.Contains(o.log, line) {
			t.Errorf("the log does not say that %q is missing", line)
		}
	}
}

func TestBoardUntouched(t *testing.T) {
	s := newStage(t)
	text := board(item(prices), numbered(receipt))
	base := s.main(text)
	o := s.pull(5, base, text)
	s.wantGreen(o)
	if o.output("verdict") != "pass" {
		t.Errorf("outputs %v", o.outputs)
	}
}

// Two pull requests that each fill the one place in WIP, and are each fine.
func TestMergeGroup(t *testing.T) {
	s := newStage(t)
	base := s.main(board("None\n", numbered(receipt, search)))
	s.wantGreen(s.pull(7, base, board(item(receipt), numbered(search))))
	s.wantGreen(s.pull(8, base, board(item(search), numbered(receipt))))

	first := s.commit(board(item(receipt), numbered(search)), base)
	s.wantGreen(s.group(7, base, first))
	s.wantCheck("success")
	both := s.commit(board(item(receipt)+item(search), "None\n"), first)
	o := s.group(8, first, both)
	s.wantRed(o)
	s.wantCheck("failure")
	if !strings.Contains(o.summary, "wip-limit") {
		t.Errorf("the summary does not name the limit:\n%s", o.summary)
	}
}

func TestPush(t *testing.T) {
	s := newStage(t)
	s.repo.MergedPull(3, "main")
	before := s.main(board(item(prices), numbered(receipt)))
	after := s.main(board(item(receipt), "None\n")+done(prices, 3), before)
	s.wantGreen(s.push(before, after))
	s.wantCheck("success")
}

// output returns an output of the step, empty where it has none.
func (o outcome) output(name string) string {
	for _, pair := range o.outputs {
		if pair[0] == name {
			return pair[1]
		}
	}
	return ""
}

func (o outcome) annotated(kind, word string) bool {
	for _, c := range o.commands {
		if c.kind == kind && strings.Contains(cmp.Or(c.title, c.text), word) {
			return true
		}
	}
	return false
}
