package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/boardgate/boardgate/internal/fake/runner"
)

// wake makes the story's environment that of a job which an event woke:
//
//	wake pull_request NUMBER HEAD        also pull_request_target; a fork's with a third word
//	wake merge_group HEAD BASE REF       <NAME> in REF is a commit
//	wake push AFTER BEFORE [REF]         BEFORE is "-" for a branch that is new, AFTER for one that is deleted
//	wake schedule HEAD                   also workflow_dispatch; a drill with a third word
//	wake issue_comment NUMBER
func wake(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: wake EVENT ...")
	}
	h := hubOf(ts)
	payload, sha, ref := h.payload(ts, args[0], args[1:])
	text, err := json.Marshal(payload)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("event.json"), text, 0o644))
	for _, name := range []string{"log", "outputs", "summary"} {
		ts.Check(os.WriteFile(ts.MkAbs(name), nil, 0o644))
	}
	ts.Check(os.MkdirAll(ts.MkAbs("workspace"), 0o755))
	for name, value := range map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": args[0], "GITHUB_EVENT_PATH": ts.MkAbs("event.json"),
		"GITHUB_REPOSITORY": "acme/shop", "GITHUB_SHA": sha, "GITHUB_REF": ref, "GITHUB_SERVER_URL": "https://ghe.example",
		"GITHUB_API_URL": h.server.URL + "/api/v3", "GITHUB_GRAPHQL_URL": h.server.URL + "/api/graphql",
		"GITHUB_WORKSPACE": ts.MkAbs("workspace"), "GITHUB_OUTPUT": ts.MkAbs("outputs"), "GITHUB_STEP_SUMMARY": ts.MkAbs("summary"),
		"GITHUB_RUN_ID": "7001", "GITHUB_RUN_NUMBER": "1", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_WORKFLOW": "board", "GITHUB_JOB": "board-gate",
		"GITHUB_WORKFLOW_REF": "acme/shop/.github/workflows/board.yml@refs/heads/main",
		"INPUT_TOKEN":         "ghs_secret", storyClock: noon.Format("2006-01-02T15:04:05Z07:00"),
	} {
		ts.Setenv(name, value)
	}
}

func (h *hub) payload(ts *testscript.TestScript, kind string, args []string) (payload map[string]any, sha, ref string) {
	payload = map[string]any{"repository": map[string]any{"full_name": "acme/shop", "default_branch": "main"}}
	commit := func(i int) string {
		if i >= len(args) || h.commits[args[i]] == "" {
			ts.Fatalf("wake %s: which commit?", kind)
		}
		return h.commits[args[i]]
	}
	switch kind {
	case "pull_request", "pull_request_target":
		number, err := strconv.Atoi(args[0])
		ts.Check(err)
		repo := map[string]any{"full_name": strings.Join(append(args[2:], "acme/shop")[:1], "")}
		i, _ := h.repo.Issue(number)
		payload["action"], payload["number"] = "synchronize", number
		payload["pull_request"] = map[string]any{
			"number": number, "head": map[string]any{"sha": commit(1), "ref": "change", "repo": repo},
			"base": map[string]any{"sha": h.repo.Head("main"), "ref": "main"},
		}
		if i.Pull != nil {
			payload["pull_request"].(map[string]any)["base"] = map[string]any{"sha": h.repo.Head(i.Pull.BaseRef), "ref": i.Pull.BaseRef}
		}
		sha, ref = h.repo.Head("main"), "refs/heads/main"
		if kind == "pull_request" && i.Pull != nil {
			sha, ref = i.Pull.Merge, fmt.Sprintf("refs/pull/%d/merge", number)
		}
	case "merge_group":
		sha, ref = commit(0), args[2]
		for name, oid := range h.commits {
			ref = strings.ReplaceAll(ref, "<"+name+">", oid)
		}
		payload["action"] = "checks_requested"
		payload["merge_group"] = map[string]any{"head_sha": sha, "head_ref": ref, "base_sha": commit(1), "base_ref": "refs/heads/main"}
	case "push":
		named := func(i int) string {
			if args[i] == "-" {
				return strings.Repeat("0", 40)
			}
			return commit(i)
		}
		sha, ref = named(0), strings.Join(append(args[2:], "refs/heads/main")[:1], "")
		payload["after"], payload["before"] = sha, named(1)
	case "issue_comment":
		number, err := strconv.Atoi(args[0])
		ts.Check(err)
		payload["issue"] = map[string]any{"number": number, "pull_request": map[string]any{}}
		sha, ref = h.repo.Head("main"), "refs/heads/main"
	default:
		sha, ref = commit(0), "refs/heads/main"
		if kind == "schedule" {
			payload["schedule"] = "17 * * * *"
		}
		if len(args) > 1 {
			payload["inputs"] = map[string]any{args[1]: "true"}
		}
	}
	return payload, sha, ref
}

// acts runs the action, wants an exit status, and has the runner read all that
// it wrote: acts STATUS. The log is then in the file log, what the runner made
// of it in commands, of the outputs in outputs.read.
func acts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: acts STATUS")
	}
	exits(ts, false, []string{args[0], "boardgate", "action"})
	out, errors := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	ts.Check(os.WriteFile(ts.MkAbs("log"), []byte(out+errors), 0o644))
	ts.Check(os.WriteFile(ts.MkAbs("commands"), []byte(commandsIn(ts, out+errors)), 0o644))
	ts.Check(os.WriteFile(ts.MkAbs("outputs.read"), []byte(outputsIn(ts)), 0o644))
	if summary := ts.Getenv("GITHUB_STEP_SUMMARY"); summary != "" {
		if text, err := os.ReadFile(summary); err == nil {
			_, err := runner.Summary(string(text))
			ts.Check(err)
		}
	}
}

// meant are the commands the action ever gives; their values it makes itself,
// but for the text of annotations.
var meant = []string{"add-mask", "group", "endgroup", "error", "warning", "notice"}

// commandsIn has the runner read a log and writes down what it made of it.
func commandsIn(ts *testscript.TestScript, log string) string {
	var b strings.Builder
	for _, c := range runner.Commands(log) {
		if !slices.Contains(meant, c.Name) {
			ts.Fatalf("the runner read a command that nobody meant: %+v", c)
		}
		fmt.Fprintf(&b, "%s", c.Name)
		for _, name := range sortedNames(c.Properties) {
			fmt.Fprintf(&b, " %s=%s", name, c.Properties[name])
		}
		fmt.Fprintf(&b, "\n%s", indented(c.Data))
	}
	return b.String()
}

func indented(text string) string {
	var b bytes.Buffer
	for line := range strings.Lines(text) {
		b.WriteString("    " + strings.TrimRight(line, "\n") + "\n")
	}
	return b.String()
}

// outputNames are the outputs of the action.
var outputNames = []string{"verdict", "errors", "warnings", "notices", "wip", "next", "done-added", "facts", "issue-number", "check-run-id", "comment-id"}

// outputLetters are those that an output may hold: words and numbers of our own,
// and the names of facts.
func outputLetters(name string) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	if name == "facts" {
		return letters + "_-= "
	}
	return letters
}

func outputsIn(ts *testscript.TestScript) string {
	text, err := os.ReadFile(ts.Getenv("GITHUB_OUTPUT"))
	if err != nil {
		return ""
	}
	read, err := runner.Outputs(string(text))
	ts.Check(err)
	var b strings.Builder
	for _, o := range read {
		if !slices.Contains(outputNames, o.Name) || strings.Trim(o.Value, outputLetters(o.Name)) != "" {
			ts.Fatalf("the runner read an output that nobody meant: %+v", o)
		}
		fmt.Fprintf(&b, "%s=%s\n", o.Name, o.Value)
	}
	return b.String()
}
