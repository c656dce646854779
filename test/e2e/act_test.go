//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// runner runs jobs with act, of the version that tools/act pins.
type runner struct {
	act     string // its program
	action  string // directory of the action, as a release has it
	scratch string
	number  int // of the next run
}

// newRunner makes the action as a release makes it: action.yml names the image
// and not the Dockerfile.
func newRunner(scratch string) (*runner, error) {
	act, err := answer(root, "go", "tool", "-modfile=tools/act/go.mod", "-n", "act")
	if err != nil {
		return nil, fmt.Errorf("building act: %w\n%s", err, act)
	}
	text, err := os.ReadFile(filepath.Join(root, "action.yml"))
	if err != nil {
		return nil, err
	}
	image := regexp.MustCompile(`(?m)^  image: .*$`)
	if len(image.FindAll(text, -1)) != 1 {
		return nil, fmt.Errorf("action.yml does not name one image")
	}
	action := filepath.Join(scratch, "action")
	if err := write(filepath.Join(action, "action.yml"), image.ReplaceAll(text, []byte("  image: docker://"+actionImage))); err != nil {
		return nil, err
	}
	return &runner{act: act, action: action, scratch: scratch, number: 1}, importFiles(scratch, jobImage, map[string]string{}, "sh", "tail", "chown")
}

// outcome is what a run of a workflow left behind.
type outcome struct {
	green    bool
	log      string      // what the container printed
	summary  string      // the job's
	commands []command   // annotations that the log made
	outputs  [][2]string // of the step, in order
	all      string      // everything act said
}

// command is a workflow command as the runner understood it.
type command struct{ kind, title, text, file, line string }

// run has act run one of the example workflows for an event.
func (r *runner) run(workflow, kind string, event any, env map[string]string) (outcome, error) {
	payload, err := json.Marshal(event)
	if err != nil {
		return outcome{}, err
	}
	dir, err := os.MkdirTemp(r.scratch, "job-") // its workspace, with nothing checked out
	if err != nil {
		return outcome{}, err
	}
	path := filepath.Join(r.scratch, "event.json")
	if err := write(path, payload); err != nil {
		return outcome{}, err
	}
	args := []string{
		kind, "--json", "--directory", dir, "--workflows", filepath.Join(root, "examples", workflow), "--eventpath", path,
		"--platform", "ubuntu-latest=" + jobImage, "--local-repository", "boardgate/boardgate@COMMIT=" + r.action,
		"--pull=false", "--action-offline-mode", "--no-cache-server", "--container-daemon-socket", "-", "--rm",
		"--secret", "GITHUB_TOKEN=" + token,
		"--env", fmt.Sprintf("GITHUB_RUN_NUMBER=%d", r.number), "--env", fmt.Sprintf("GITHUB_RUN_ID=%d", 1000+r.number),
	}
	r.number++
	for name, value := range env {
		args = append(args, "--env", name+"="+value)
	}
	return r.start(dir, args)
}

func (r *runner) start(dir string, args []string) (outcome, error) {
	cmd := exec.Command(r.act, args...)
	cmd.Dir = dir
	// Nothing of a person's own settings for act.
	cmd.Env = append(os.Environ(), "HOME="+r.scratch, "XDG_CONFIG_HOME="+r.scratch, "XDG_CACHE_HOME="+r.scratch)
	out, err := cmd.CombinedOutput()
	o := read(out)
	o.green = err == nil
	if exit := (*exec.ExitError)(nil); err != nil && !asExit(err, &exit) {
		return o, fmt.Errorf("act: %w", err)
	}
	return o, nil
}

// read takes apart what act prints with --json: an object a line.
func read(out []byte) outcome {
	o := outcome{all: string(out)}
	var log strings.Builder
	for line := range bytes.Lines(out) {
		var e struct {
			Msg, Command, Content, Name, Arg string
			RawOutput                        bool `json:"raw_output"`
			KvPairs                          map[string]string
		}
		if json.Unmarshal(line, &e) != nil {
			continue
		}
		switch {
		case e.Command == "summary":
			o.summary += e.Content
		case e.Command == "set-output":
			o.outputs = append(o.outputs, [2]string{e.Name, e.Arg})
		case e.Command == "error", e.Command == "warning", e.Command == "notice":
			o.commands = append(o.commands, command{e.Command, e.KvPairs["title"], e.Arg, e.KvPairs["file"], e.KvPairs["line"]})
		case e.RawOutput:
			log.WriteString(e.Msg)
		}
	}
	o.log = log.String()
	return o
}
