package doctor_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/doctor"
	"github.com/boardgate/boardgate/internal/source"
)

var now = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)

const sound = `on: { pull_request: { types: [opened, synchronize, reopened, edited] }, merge_group: }
permissions: { contents: read, pull-requests: write, checks: write, issues: read }
jobs:
  board-gate:
    steps:
      - uses: boardgate/boardgate@v1
`

// commit is put in place of the placeholder of what is to be copied.
const commit = "5d0c8a2e4b7f41c69e3d2a1b0c9f8e7d6a5b4c3d"

func repository(workflow string) *doctor.Repository {
	return &doctor.Repository{
		Workflows: []*source.File{source.NewFile("w.yml", []byte(workflow))},
		Board:     board.Parse(source.NewFile("NEXT.md", []byte("## WIP\n\nNone\n")), config.Default().Words),
		Touched:   now.Add(-doctor.Stale + time.Second), Now: now,
	}
}

// TestOneChange takes a sound workflow and changes one thing.
func TestOneChange(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"", "", ""},
		{"merge_group", "push", "1: There is no `merge_group`"},
		{"[opened, synchronize, reopened, edited]", "[opened, synchronize, reopened]", "1: `pull_request` does not start the gate for `edited`. A change"},
		{"[opened, synchronize, reopened, edited]", "", "1: `pull_request` does not start the gate for `edited`."},
		{"[opened, synchronize, reopened, edited]", "edited", "1: `pull_request` does not start the gate for `opened`, `synchronize`, `reopened`. A commit"},
		{"{ pull_request: { types: [opened, synchronize, reopened, edited] }, merge_group: }", "[pull_request, merge_group]", "1: `pull_request` does not start the gate for `edited`."},
		{"pull_request:", "issues:", "1: No pull request starts the gate"},
		{"pull_request:", "workflow_call:", ""},
		{"checks: write", "checks: read", "2: The gate's job is not allowed checks: write."},
		{"{ contents: read, pull-requests: write, checks: write, issues: read }", "read-all", "2: The gate's job is not allowed pull-requests: write, checks: write."},
		{"{ contents: read, pull-requests: write, checks: write, issues: read }", "{}", "2: The gate's job is not allowed contents: read, pull-requests: write, checks: write, issues: read."},
		{"permissions:", "env:", "4: Nothing says what the gate's job may do"},
		{"    steps", "    permissions: { contents: read }\n    steps", "5: The gate's job is not allowed pull-requests: write, checks: write, issues: read."},
		{"checks: write", "actions: read", "2: The gate's job is not allowed checks: write."},
		{"@v1", "@v1\n        continue-on-error: true", "7: `continue-on-error`"},
		{"uses: boardgate/boardgate@v1", "run: boardgate check || true", "6: `|| true` throws the status of `boardgate check` away"},
		{"@v1", "@main", "6: `uses: boardgate/boardgate@main`"},
		{"@v1", "@COMMIT", "6: `uses: boardgate/boardgate@COMMIT` still has the placeholder"},
		{"@v1", "", "6: `uses: boardgate/boardgate`"},
		{"boardgate/boardgate@v1", "docker://ghcr.io/boardgate/boardgate:1", "6: `uses: docker://"},
		{"    steps", "    concurrency: { group: a, cancel-in-progress: true }\n    steps", "5: `concurrency`"},
		{"    steps", "    concurrency: a\n    steps", ""},
		{"    steps", "    needs: [lint, test]\n    steps", "5: The gate's job waits for `lint`, `test`, which may fail"},
		{"    steps", "    needs: lint\n    if: always()\n    steps", ""},
		{"    steps", "    needs: lint\n    if: ${{ !cancelled() }}\n    steps", ""},
		{"    steps", "    needs: lint\n    if: github.event_name != 'push'\n    steps", "5: The gate's job waits for `lint`"},
		{"    steps", "    needs: lint\n    if: success() || failure()\n    steps", "6: This condition may not hold on `pull_request`, `merge_group`. The job is then skipped, and GitHub counts"},
		{"    steps", "    if: github.event.action != 'closed'\n    steps", "5: This condition may not hold"},
		{"    steps", "    if: github.event_name != 'merge_group'\n    steps", "5: This condition may not hold on `merge_group`."},
		{"    steps", "    if: ${{ github.event_name != 'push' }}\n    steps", ""},
		{"    steps", "    name: gate (${{ github.base_ref }})\n    if: github.actor != 'a'\n    steps", "6: This condition may not hold on `pull_request`, `merge_group`. The job is then skipped and reports its name unevaluated"},
		{"@v1", "@v1\n        if: success()", ""},
		{"@v1", "@v1\n        if: failure()", "7: This condition may not hold on `pull_request`, `merge_group`. The job then passes"},
		{"      - uses", "      - uses: boardgate/boardgate@v1\n        if: github.event_name == 'push'\n      - uses", ""},
		{"      - uses", "      - uses: boardgate/boardgate@v1\n        with: { check-run: false, comment: never }\n      - uses", ""},
		{"      - uses", "      - uses: boardgate/boardgate@v1\n        with: { name: a }\n      - uses", ""},
		{"merge_group:", "merge_group: { branches: [main] }", "1: `branches` keeps the gate from judging"},
		{"types:", "branches: ['**'], types:", ""},
		{"    steps", "    name: boardgate prod-facts\n    steps", "4: The job \"boardgate prod-facts\""},
		{"    steps", "    name: boardgate prod-facts\n    strategy: { matrix: { a: [1] } }\n    steps", ""},
		{"board-gate:", "a: &a", ""},
		{"jobs:", "jobs: {}\nenv:", ""}, // no job, and the action's name
		{"jobs:", "jobs: *nobody\nenv:", "3: It does not parse, so GitHub does not run it: `*nobody`"},
		{"permissions:", "permission:", "2: It does not parse, so GitHub does not run it: a workflow has no key `permission`."},
		{"on:", "---\nname: a\n---\non:", "4: It does not parse, so GitHub does not run it: a second document begins here"},
	} {
		text := strings.Replace(sound, c.from, c.to, 1)
		var got []string
		for _, f := range doctor.Examine(repository(text)) {
			got = append(got, f.Place()+": "+f.Message)
		}
		if all := strings.Join(got, "\n"); c.want == "" && all != "" || !strings.HasPrefix(strings.TrimPrefix(all, "w.yml:"), c.want) || len(got) > 1 {
			t.Errorf("%q for %q: got\n%s\nwant %q", c.to, c.from, all, c.want)
		}
	}
}

// TestExample holds that the workflow to copy is sound.
func TestExample(t *testing.T) {
	text, err := os.ReadFile("../../examples/board-gate.yml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]doctor.Finding(nil), doctor.Examine(repository(doctor.Pinned(string(text), commit)))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestHardened holds that the workflow of docs/hardening.md is sound.
func TestHardened(t *testing.T) {
	page, err := os.ReadFile("../../docs/hardening.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(strings.ReplaceAll(string(page), "\r\n", "\n"), "```yaml\n")
	text, _, _ = strings.Cut(text, "```\n")
	if !strings.Contains(text, "name: board-gate (${{") {
		t.Fatalf("it is not the first block of YAML:\n%s", text)
	}
	if diff := cmp.Diff([]doctor.Finding(nil), doctor.Examine(repository(doctor.Pinned(text, commit)))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestInputs asks for no more permissions than the step's inputs use.
func TestInputs(t *testing.T) {
	text := strings.Replace(sound, "pull-requests: write, checks: write", "pull-requests: read", 1) +
		"        with: { comment: never, suggestions: false, check-run: false }\n"
	if diff := cmp.Diff([]doctor.Finding(nil), doctor.Examine(repository(text))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// A job that calls a gate of this repository must start and run as the gate must.
func TestCallers(t *testing.T) {
	const called = "on: { workflow_call: }\njobs: { gate: { steps: [{ uses: boardgate/boardgate@v1 }] } }\n"
	const caller = "on: { pull_request: { types: [opened, synchronize, reopened, edited] }, merge_group: }\njobs:\n  board:\n    uses: ./.github/workflows/gate.yml\n"
	for _, c := range []struct{ from, to, want string }{
		{"", "", ""},
		{", edited", "", "w.yml:1: `pull_request` does not start the gate for `edited`."},
		{"merge_group", "push", "w.yml:1: There is no `merge_group` trigger"},
		{"    uses", "    needs: lint\n    uses", "w.yml:4: The gate's job waits for `lint`"},
		{"    uses", "    if: github.event.pull_request.draft == false\n    uses", "w.yml:4: This condition may not hold on `pull_request`, `merge_group`."},
		{"    uses", "    if: github.event_name != 'merge_group'\n    uses", "w.yml:4: This condition may not hold on `merge_group`."},
		{"    uses", "    if: github.event_name == 'merge_group'\n    uses", "w.yml:4: This condition may not hold on `pull_request`."},
		{"    uses", "    if: github.event_name == 'merge_group'\n    uses: ./.github/workflows/gate.yml\n  pulls:\n    if: github.event_name != 'merge_group'\n    uses", ""},
		{"gate.yml", "lint.yml\n    needs: lint", ""},
	} {
		r := repository(strings.Replace(caller, c.from, c.to, 1))
		r.Workflows = append(r.Workflows, source.NewFile(".github/workflows/gate.yml", []byte(called)))
		holds(t, c.to, r, c.want)
	}
}

// Steps that publish under one name get names that differ.
func TestNames(t *testing.T) {
	r := repository(sound + strings.Repeat("      - uses: boardgate/boardgate@v1\n", 2))
	var got string
	for _, f := range doctor.Examine(r) {
		got += f.Lines
	}
	if want := "        with:\n          name: w-board-gate\n        with:\n          name: w-board-gate-3\n"; got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestAge(t *testing.T) {
	r := repository(sound)
	r.Touched = now.Add(-doctor.Stale)
	got := doctor.Examine(r)
	if len(got) != 1 || got[0].Message != "Nobody touched the board for 3 weeks: the last change is of 2026-02-19." {
		t.Errorf("got %+v", got)
	}
}

// FuzzExamine holds that no workflow stops the doctor.
func FuzzExamine(f *testing.F) {
	for _, text := range []string{
		sound, "on: [pull_request]\njobs: {a: {needs: [b, ~], if: 'a && (always(', steps: [{uses: boardgate/boardgate, if: [a]}]}}\n", "", "on: &a *a\njobs: *a\n", "on:\njobs:\n", "on: push\njobs: [a]\n", "on: {push: }\njobs: {a: {steps: [~, 1, {uses: [a]}]}}\n",
		"? [a]\n: b\n", "on: !!x push\njobs: {a: !!y }\n", strings.Repeat("[", 10000), strings.Repeat("- ", 10000), "\xff\xfe", "a: 1\n...\nb: 2\n", "a: |\n  b\n**c** d\n", doctor.SmokeWorkflow, "on: push\n---\njobs: {}\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, found := range doctor.Examine(repository(text)) {
			if found.Message == "" || found.Line < 0 {
				t.Errorf("%+v", found)
			}
		}
	})
}
