package doctor_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/doctor"
	"github.com/boardgate/boardgate/internal/source"
)

const watching = `name: smoke
on:
  schedule: [{ cron: '17 * * * *' }]
  workflow_dispatch:
permissions: { contents: read, issues: write, actions: read }
concurrency: { group: a, cancel-in-progress: false }
jobs:
  smoke:
    steps:
      - uses: boardgate/boardgate@v1
`

// watchedBy is a repository with a sound gate, facts of production and that workflow.
func watchedBy(workflow string) *doctor.Repository {
	r := repository(sound)
	r.Facts = true
	if workflow != "" {
		r.Workflows = append(r.Workflows, source.NewFile("smoke.yml", []byte(workflow)))
	}
	return r
}

func said(r *doctor.Repository) string {
	var got []string
	for _, f := range doctor.Examine(r) {
		got = append(got, f.Place()+": "+f.Message)
	}
	return strings.Join(got, "\n")
}

// holds compares the one thing said with how it is to begin; nothing with nothing.
func holds(t *testing.T, what string, r *doctor.Repository, want string) {
	t.Helper()
	got := said(r)
	if want == "" && got != "" || !strings.HasPrefix(got, want) || strings.Contains(got, "\n") {
		t.Errorf("%s: got\n%s\nwant %q", what, got, want)
	}
}

// TestOneChangeOfWatch takes a sound workflow that checks production and changes one thing.
func TestOneChangeOfWatch(t *testing.T) {
	const (
		lacks  = "smoke.yml:5: The job that checks production is not allowed "
		nobody = ".github/workflows/smoke-production.yml: No workflow checks production on a schedule"
		byHand = "smoke.yml:2: Production is checked only when somebody starts this workflow"
		cancel = "smoke.yml:6: `concurrency` cancels the run"
		green  = "smoke.yml:11: `continue-on-error` makes the job green while"
		uses   = "uses: boardgate/boardgate@v1"
	)
	for _, c := range []struct{ from, to, want string }{
		{"", "", ""},
		{"{ contents: read, issues: write, actions: read }", "write-all", ""},
		{"{ contents: read, issues: write, actions: read }", "read-all", lacks + "issues: write. Without issues: write"},
		{"{ contents: read, issues: write, actions: read }", "{}", lacks + "contents: read, issues: write, actions: read."},
		{"issues: write", "issues: read", lacks + "issues: write. Without issues: write an outage opens no issue, so nobody is notified."},
		{"actions: read", "checks: write", lacks + "actions: read. Without actions: read nobody can say how earlier runs ended"},
		{"contents: read, ", "", lacks + "contents: read."},
		{"permissions:", "env:", "smoke.yml:8: Nothing says what the job that checks production may do"},
		{"17 *", "0 *", "smoke.yml:3: `0 * * * *` is due at minute 0."},
		{"17 *", "30 6", "smoke.yml:3: `30 6 * * *` is due at minute 30."},
		{"17 *", "*/15 *", "smoke.yml:3: `*/15 * * * *` is due at minute 0."},
		{"17 *", "7-59/15 *", ""},
		{"17 *", "*/5 *", "smoke.yml:3: `*/5 * * * *` checks production every 5 minutes."},
		{"17 *", "* 3", "smoke.yml:3: `* 3 * * *` checks production every minute."},
		{"17 *", "55,5 *", "smoke.yml:3: `55,5 * * * *` checks production every 10 minutes."},
		{"17 *", "55,5 9", ""}, // twice in the morning
		{"17 * * * *", "17 */6 * * MON-FRI", ""},
		{"17 * * * *", "@hourly", "smoke.yml:3: `@hourly` is not a schedule"},
		{"17 *", "77 *", "smoke.yml:3: `77 * * * *` is not a schedule"},
		{"17 *", "? *", "smoke.yml:3: `? * * * *` is not a schedule"},
		{"17 *", "17 5,", "smoke.yml:3: `17 5, * * *` is not a schedule"},
		{"17 *", "TZ=Europe/Athens 17", "smoke.yml:3: `TZ=Europe/Athens 17 * * *` is not a schedule"},
		{"cancel-in-progress: false", "cancel-in-progress: true", cancel},
		{", cancel-in-progress: false", "", ""},
		{"cancel-in-progress: false", "cancel-in-progress: \"${{ github.event_name == 'push' }}\"", ""},
		{"cancel-in-progress: false", "cancel-in-progress: \"${{ github.event_name == 'schedule' }}\"", cancel},
		{"    steps", "    continue-on-error: true\n    steps", "smoke.yml:9: `continue-on-error` makes the job green while"},
		{"@v1", "@v1\n        continue-on-error: true", green},
		{"@v1", "@v1\n        continue-on-error: ${{ github.event_name == 'pull_request' }}", ""},
		{"@v1", "@main", "smoke.yml:10: `uses: boardgate/boardgate@main`"},
		{"  schedule: [{ cron: '17 * * * *' }]\n", "", byHand},
		{"@v1", "@v1\n        if: github.event_name != 'schedule'", nobody},
		{"@v1", "@v1\n        if: github.event_name == 'schedule' || github.event_name == 'workflow_dispatch'", ""},
		{"@v1", "@v1\n        if: ${{ !(github.event_name == 'push') }}", ""},
		{"@v1", "@v1\n        with: { prod-facts: off }", nobody},
		{uses, "run: make smoke", nobody},
		{uses, "run: boardgate prod-facts", ""},
		{uses, "run: boardgate prod-facts || true", "smoke.yml:10: `|| true` throws the status of `boardgate prod-facts` away"},
		{uses, "run: \"boardgate prod-facts \\\\\\n  --format junit || echo soft\"", "smoke.yml:10: `|| echo` throws"},
		{uses, "run: boardgate prod-facts || { echo down; exit 1; }", ""},
		{uses, "run: boardgate prod-facts || echo down=1 >> $GITHUB_OUTPUT", ""},
		{uses, "run: make || true; boardgate prod-facts", ""},
		{"  schedule: [{ cron: '17 * * * *' }]\n  workflow_dispatch:", "  workflow_call:", ""}, // by those that call it
		{"jobs:", "jobs: [", "smoke.yml:7: It does not parse"},
	} {
		text := strings.Replace(watching, c.from, c.to, 1)
		if text == watching && c.from != c.to {
			t.Errorf("%q is not there", c.from)
		}
		holds(t, c.to+" for "+c.from, watchedBy(text), c.want)
	}
}

// The command line opens no issue and needs to read only.
func TestCommandMayOnlyRead(t *testing.T) {
	text := strings.NewReplacer("uses: boardgate/boardgate@v1", "run: boardgate prod-facts", ", issues: write, actions: read", "").Replace(watching)
	holds(t, "read", watchedBy(text), "")
	holds(t, "nothing", watchedBy(strings.Replace(text, "contents: read", "", 1)), "smoke.yml:5: The job that checks production is not allowed contents: read.")
	holds(t, "the default", watchedBy(strings.Replace(text, "permissions", "env", 1)), "")
}

// Without facts nobody is to be asked, and the action on a schedule looks at the board alone.
func TestNoFacts(t *testing.T) {
	for _, text := range []string{"", watching, strings.Replace(watching, "issues: write, ", "", 1)} {
		r := watchedBy(text)
		r.Facts = false
		holds(t, text, r, "")
	}
}

// A workflow that checks production judges no pull request, and one for both needs what both need.
func TestBoth(t *testing.T) {
	r := watchedBy(watching)
	r.Workflows = r.Workflows[1:]
	holds(t, "no gate", r, ".github/workflows/board-gate.yml: No workflow runs the gate")

	// Not even one that does not parse.
	r = watchedBy(strings.Replace(watching, "jobs:", "jobs: [", 1))
	r.Workflows = r.Workflows[1:]
	if got := said(r); !strings.HasPrefix(got, ".github/workflows/board-gate.yml: No workflow runs the gate") || !strings.Contains(got, "\nsmoke.yml:7: It does not parse") {
		t.Errorf("got\n%s", got)
	}
	if got := doctor.Examine(r)[1].Lines; got != doctor.SmokeWorkflow {
		t.Errorf("to put in for one that does not parse:\n%s", got)
	}

	both := strings.Replace(sound, "merge_group: }", "merge_group: , schedule: [{ cron: '17 * * * *' }] }", 1)
	r = repository(both)
	r.Facts = true
	holds(t, "both", r, "w.yml:2: The gate's job is not allowed issues: write, actions: read. Without issues: write")
	want := "permissions:\n  contents: read\n  pull-requests: write\n  checks: write\n  issues: write\n  actions: read\n"
	if diff := cmp.Diff(want, doctor.Examine(r)[0].Lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	// What is wrong for both is said once.
	sure := strings.Replace(strings.Replace(both, "issues: read", "issues: write, actions: read", 1), "    steps", "    concurrency: { group: a, cancel-in-progress: true }\n    steps", 1)
	r = repository(sure)
	r.Facts = true
	holds(t, "cancelled", r, "w.yml:5: `concurrency` cancels the gate")
	r.Workflows[0] = source.NewFile("w.yml", []byte(strings.NewReplacer("cancel-in-progress: true", "cancel-in-progress: false", "@v1", "@v1\n        continue-on-error: true").Replace(sure)))
	holds(t, "tolerated", r, "w.yml:8: `continue-on-error` makes the job green whatever the gate says")
}

// Two jobs of one workflow, each for its events, need each its own.
func TestJobByEvent(t *testing.T) {
	r := repository(`on: { pull_request: { types: [opened, synchronize, reopened, edited] }, merge_group: , schedule: [{ cron: '17 * * * *' }] }
permissions: {}
jobs:
  board-gate:
    if: github.event_name != 'schedule'
    permissions: { contents: read, pull-requests: write, checks: write, issues: read }
    steps: [{ uses: boardgate/boardgate@v1 }]
  smoke:
    if: ${{ github.event_name == 'schedule' }}
    permissions: { contents: read, issues: write, actions: read }
    steps: [{ uses: boardgate/boardgate@v1 }]
`)
	r.Facts = true
	holds(t, "by event", r, "")
}

// Where another CI is told to run boardgate, nothing is asked of this one.
func TestWatchedElsewhere(t *testing.T) {
	r := watchedBy("")
	r.Elsewhere = []*source.File{source.NewFile(".gitlab-ci.yml", []byte("smoke: { script: [boardgate prod-facts] }\n"))}
	holds(t, "elsewhere", r, "")
}

// The file that is to be put in is named by what stands at its place.
func TestPlaceTaken(t *testing.T) {
	r := watchedBy("")
	r.Workflows = append(r.Workflows, source.NewFile(doctor.SmokePath, []byte("on: push\njobs: {}\n")))
	holds(t, "taken", r, doctor.SmokePath+": It does not check the configured facts")
}

// TestSmokeExample holds that the workflow to copy is the one that is proposed, and sound.
func TestSmokeExample(t *testing.T) {
	text, err := os.ReadFile("../../examples/smoke-production.yml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(doctor.SmokeWorkflow, string(text)); diff != "" {
		t.Errorf("examples/smoke-production.yml (-proposed +example):\n%s", diff)
	}
	r := watchedBy(doctor.Pinned(string(text), commit))
	r.Monitored = []doctor.Monitored{{Name: "smoke-production", File: "smoke.yml"}}
	r.Config = &config.Reading{}
	r.Workflows[0] = source.NewFile("w.yml", []byte(strings.Replace(sound, "issues: read", "issues: read, actions: read", 1)))
	holds(t, "example", r, "")
}

// Workflows that are to stay green must be there, and a gate that says so may look at their runs.
func TestKept(t *testing.T) {
	reading := config.Reading{File: source.NewFile("c.yml", nil)}
	r := watchedBy(watching)
	r.Config = &reading
	r.Monitored = []doctor.Monitored{{Name: "nightly", File: "nightly.yml", Line: 7}}
	r.Workflows[0] = source.NewFile("w.yml", []byte(strings.Replace(sound, "issues: read", "issues: read, actions: read", 1)))
	holds(t, "gone", r, "c.yml:7: The fact nightly is that .github/workflows/nightly.yml stays green, and no such file is there.")
	if got, want := doctor.Examine(r)[0].Hint, "Name one that is there, or take the fact out. There is w.yml, smoke.yml."; got != want {
		t.Errorf("hint %q, want %q", got, want)
	}

	// What a broken configuration says is not gone by.
	broken := config.Read(source.NewFile("c.yml", []byte("limit: 1\n")), nil)
	r.Config = &broken
	holds(t, "broken", r, "c.yml:1: Unknown key \"limit\"")

	r.Config = &reading
	r.Monitored[0].File = "smoke.yml"
	holds(t, "there", r, "")
	r.Workflows[0] = source.NewFile("w.yml", []byte(sound))
	holds(t, "forbidden", r, "w.yml:2: The gate's job is not allowed actions: read. Without actions: read nobody can say how the workflows ran")
	r.Workflows[0] = source.NewFile("w.yml", []byte(sound+"        with: { prod-facts: off }\n"))
	holds(t, "not asked", r, "")
}

// What is missing is the cause of a fact about it.
func TestKeptIsProposed(t *testing.T) {
	r := watchedBy("")
	r.Config = &config.Reading{File: source.NewFile("c.yml", nil)}
	r.Workflows[0] = source.NewFile("w.yml", []byte(strings.Replace(sound, "issues: read", "issues: read, actions: read", 1)))
	r.Monitored = []doctor.Monitored{{Name: "smoke-production", File: "smoke-production.yml", Line: 7}}
	holds(t, "proposed", r, doctor.SmokePath+": No workflow checks production")
}
