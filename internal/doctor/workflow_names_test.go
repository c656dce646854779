package doctor_test

import (
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/source"
)

// TestCalledByName holds that what a workflow waits for is there.
func TestCalledByName(t *testing.T) {
	for _, c := range []struct{ waits, want string }{
		{"on: { workflow_run: { workflows: [smoke] } }", ""},
		{"on: { workflow_run: { workflows: [prod-smoke] } }", "alert.yml:1: `workflow_run` waits for a workflow named \"prod-smoke\", but there is none, so"},
		{"on:\n  workflow_run:\n    workflows:\n      - smoke\n      - Gone", "alert.yml:5: `workflow_run` waits for a workflow named \"Gone\""},
		{"on: { workflow_run: { workflows: gone } }", "alert.yml:1: `workflow_run` waits for a workflow named \"gone\""},
		{"on: { workflow_run: { workflows: [w.yml] } }", ""}, // without a name, the path is it
		{"on: { workflow_run: { workflows: [CodeQL, pages-build-deployment, 'smoke*'] } }", ""},
		{"on: { workflow_run: { workflows: [smoke] } }\nenv: { a: 1 }\nx: y", "alert.yml:3: It does not parse"},
		{"on: { workflow_run: { workflows: [smoke] } }\njobs: { tell: { if: \"github.event.workflow_run.name == 'prod-smoke'\", steps: [] } }", "alert.yml:2: The condition asks for a workflow named \"prod-smoke\""},
		{"on: { workflow_run: { workflows: [smoke] } }\njobs: { tell: { if: \"github.event.workflow_run.name == 'smoke'\", steps: [] } }", ""},
	} {
		text := c.waits + "\n"
		if !strings.Contains(text, "jobs:") {
			text += "jobs: {}\n"
		}
		r := watchedBy(watching)
		r.Workflows = append(r.Workflows, source.NewFile("alert.yml", []byte(text)))
		holds(t, c.waits, r, c.want)
	}

	// What does not parse may have the name.
	r := watchedBy("name: nightly\non: push\njobs: [\n")
	r.Facts = false
	r.Workflows = append(r.Workflows, source.NewFile("alert.yml", []byte("on: { workflow_run: { workflows: [nightly] } }\njobs: {}\n")))
	holds(t, "does not parse", r, "smoke.yml:3: It does not parse")
}
