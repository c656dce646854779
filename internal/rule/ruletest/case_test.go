package ruletest

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/boardgate/boardgate/internal/rule"
)

// exampleOf returns an example of the files in a txtar archive.
func exampleOf(text string) rule.Example {
	return rule.Example{Files: txtar.Parse([]byte(text)).Files}
}

func TestCaseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"-- haed.md --\n## WIP\n":          `no example has a file "haed.md"`,
		"-- pulls.json --\n{}\n":           `no example has a file "pulls.json"`,
		"-- base-config.yml --\n":          `no example has a file "base-config.yml"`,
		"-- args --\nstanding still\n":     `args: "still" after standing`,
		"-- args --\nstands\n":             `args: unknown argument "stands"`,
		"-- args --\npull\n":               `args: strconv.Atoi`,
		"-- args --\n\nnow 2025-03-14\n":   `args: line "" is too short`,
		"-- pulls --\n51\n":                `pulls: line "51" is too short`,
		"-- pulls --\n51 mergd\n":          `pulls: "mergd" is none of ["unknown" "merged" `,
		"-- pulls --\n51 merged main on\n": `pulls: "on" is none of ["reached" "not-reached"]`,
		"-- paths --\nREADME.md missng\n":  `paths: "missng" is none of ["there" "missing"]`,
		"-- incident --\nopned 7\n":        `incident: "opned" is none of ["unknown" "none" "open" "stale"]`,
		"-- args --\nstake on-don\n":       `args: "on-don" is none of ["on-done" "decides"]`,
		"-- config.yml --\nlimits: none\n": `config.yml: "limits" is "none"`,
	} {
		if _, err := Case(exampleOf(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

// TestJudge audits an example of the board as it stands, and judges the others.
func TestJudge(t *testing.T) {
	const old = "-- head.md --\nUpdated: 2025-01-01\n\n## WIP\n"
	for args, want := range map[string]int{"standing": 1, "pull 3": 0, "now 2025-01-02T00:00:00Z\nstanding": 0} {
		e := exampleOf(old + "-- args --\n" + args + "\n")
		c, err := Case(e)
		if err != nil {
			t.Fatal(err)
		}
		if got := Judge(e, c).Findings; len(got) != want {
			t.Errorf("args %q: %d findings, want %d: %v", args, len(got), want, got)
		}
	}
}

// TestTable holds the table in CONTRIBUTING.md to the files that are read.
func TestTable(t *testing.T) {
	page, err := os.ReadFile("../../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(page), "\r\n", "\n") // as git checks it out on Windows
	_, rest, _ := strings.Cut(text, "| file | is |\n| --- | --- |\n")
	got, _, _ := strings.Cut(rest, "\n\n")
	var want []string
	for _, f := range Files {
		want = append(want, fmt.Sprintf("| `%s` | %s |", f[0], f[1]))
	}
	if diff := cmp.Diff(strings.Join(want, "\n"), got); diff != "" {
		t.Errorf("CONTRIBUTING.md has another table of files than ruletest reads (-want +got):\n%s", diff)
	}
}
