package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/fake/runner"
)

// scheduled runs the action an hour after the run before it, and puts down how it
// ended: scheduled STATUS [FAULT...], with the faults of production. It is of the
// schedule of board.yml; with 1/other.yml of that one's, and with 1/manual somebody
// started it.
func scheduled(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: scheduled STATUS[/manual|/FILE] [FAULT...]")
	}
	h := hubOf(ts)
	h.runs++
	status, how, _ := strings.Cut(args[0], "/")
	kind, file := "schedule", "board.yml"
	switch how {
	case "":
	case "manual":
		kind = "workflow_dispatch"
	default:
		file = how
	}
	at := noon.Add(time.Duration(h.runs) * time.Hour)
	run := fake.Run{Number: len(h.smoke[file]) + 1, Event: kind, Branch: "main", Head: h.commits["base"], Status: "in_progress", Time: at}
	h.repo.SetRuns(file, slices.Insert(slices.Clone(h.smoke[file]), 0, run)...)
	production(ts, false, args[1:])
	wake(ts, false, []string{kind, "base"})
	ts.Setenv("GITHUB_WORKFLOW_REF", "acme/shop/.github/workflows/"+file+"@refs/heads/main")
	ts.Setenv("GITHUB_RUN_ID", strconv.Itoa(7000+h.runs))
	ts.Setenv("GITHUB_RUN_NUMBER", strconv.Itoa(run.Number))
	ts.Setenv(storyClock, at.Format(time.RFC3339))
	acts(ts, false, []string{status})
	run.Status, run.Conclusion = "completed", "success"
	if status != "0" {
		run.Conclusion = "failure"
	}
	for _, c := range runner.Commands(ts.ReadFile("log")) {
		if c.Name == "error" {
			run.Failures = append(run.Failures, c.Properties["title"])
		}
	}
	h.smoke[file] = slices.Insert(h.smoke[file], 0, run)
	h.repo.SetRuns(file, h.smoke[file]...)
}

// incidents writes down what stands on the issues that boardgate opened: incidents
// FILE. The report in the middle of each is left out.
func incidents(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: incidents FILE")
	}
	h := hubOf(ts)
	var b strings.Builder
	for n := 1; n < 200; n++ {
		i, ok := h.repo.Issue(n)
		if !ok || !strings.HasPrefix(i.Body, "<!-- boardgate incident ") {
			continue
		}
		fmt.Fprintf(&b, "#%d %s: %s\n", n, strings.ToLower(i.State), i.Title)
		_, body, _ := strings.Cut(i.Body, "\n")
		first, rest, _ := strings.Cut(body, "\n")
		last, note := strings.Index(rest, "The last runs"), strings.Index(rest, "<sub>")
		lines := []string{first}
		if last >= 0 && last < note {
			lines = append(lines, strings.Split(rest[last:note], "\n")...)
		}
		for _, line := range lines {
			if strings.TrimSpace(line) != "" {
				b.WriteString("    " + line + "\n")
			}
		}
		for _, c := range h.repo.Comments(n) {
			fmt.Fprintf(&b, "  %s: %s\n", strings.TrimSuffix(c.Author, "[bot]"), c.Body)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o644))
}
