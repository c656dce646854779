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

// scheduled runs the action an hour after the run before it, of the schedule of
// board.yml, and puts down how it ended: scheduled STATUS [FAULT...], with the
// faults of production. A STATUS such as 1/manual is a run that somebody started.
func scheduled(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: scheduled STATUS [FAULT...]")
	}
	h := hubOf(ts)
	status, manual := strings.CutSuffix(args[0], "/manual")
	kind := "schedule"
	if manual {
		kind = "workflow_dispatch"
	}
	n := len(h.smoke) + 1
	at := noon.Add(time.Duration(n) * time.Hour)
	production(ts, false, args[1:])
	wake(ts, false, []string{kind, "base"})
	ts.Setenv("GITHUB_RUN_ID", strconv.Itoa(7000+n))
	ts.Setenv("GITHUB_RUN_NUMBER", strconv.Itoa(n))
	ts.Setenv(storyClock, at.Format(time.RFC3339))
	run := fake.Run{Number: n, Event: kind, Branch: "main", Head: h.commits["base"], Status: "in_progress", Time: at}
	h.repo.SetRuns("board.yml", slices.Insert(slices.Clone(h.smoke), 0, run)...)
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
	h.smoke = slices.Insert(h.smoke, 0, run)
	h.repo.SetRuns("board.yml", h.smoke...)
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
