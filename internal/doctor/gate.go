package doctor

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/source"
)

// action is how a step names ours.
const action = "boardgate/boardgate"

// commandLine is how a step runs the gate without it.
const commandLine = "boardgate check"

// The names of check runs that the action makes.
var checks = []string{"boardgate report", "boardgate prod-facts"}

// The example workflow, in two parts.
const (
	tail = `permissions:
  contents: read
  pull-requests: write
  checks: write
  issues: read

jobs:
  board-gate:
    runs-on: ubuntu-latest
    steps:
      - uses: boardgate/boardgate@v1
`
	triggers = `on:
  pull_request:
  merge_group:
  push:
    branches: [%s]
`
)

func head(branch string) string { return fmt.Sprintf("name: board-gate\n\n"+triggers+"\n", branch) }

// gate is a job that judges the board.
type gate struct {
	*job
	step step
}

// acts says whether the step is our action, which publishes, and not the command line.
func (g gate) acts() bool { return strings.Contains(g.step.uses.text(), action) }

func gatesOf(all []*workflow) []gate {
	var out []gate
	for _, w := range all {
		for _, j := range w.jobs {
			i := slices.IndexFunc(j.steps, func(s step) bool {
				return strings.Contains(s.uses.text(), action) || strings.Contains(s.run.text(), commandLine)
			})
			if i >= 0 {
				out = append(out, gate{j, j.steps[i]})
			}
		}
	}
	return out
}

// judges says whether a job is woken for pull requests.
func (g gate) judges() bool {
	return g.in.events["pull_request"].there() || g.in.events["pull_request_target"].there()
}

// gates looks at each job that judges pull requests.
func (r *Repository) gates(all []*workflow) []Finding {
	judging := slices.DeleteFunc(gatesOf(all), func(g gate) bool { return !g.judges() })
	if len(judging) == 0 {
		return r.absent(gatesOf(all))
	}
	var out []Finding
	for _, g := range judging {
		out = append(out, g.trigger()...)
		out = append(out, g.granted()...)
		out = append(out, g.cancelled()...)
		out = append(out, g.tolerated()...)
		out = append(out, g.pinned()...)
	}
	return out
}

// absent says that no workflow judges pull requests.
func (r *Repository) absent(others []gate) []Finding {
	if slices.ContainsFunc(others, func(g gate) bool { return g.in.events["workflow_call"].there() }) {
		return nil // what wakes it stands in the workflows that call it
	}
	if len(others) > 0 {
		g := others[0]
		return []Finding{{
			Path: g.in.path, Line: g.in.on.line, Message: "The gate is not woken for pull requests.",
			Lines: fmt.Sprintf(triggers, r.branch()),
		}}
	}
	if slices.ContainsFunc(r.Workflows, names) || slices.ContainsFunc(r.Elsewhere, names) {
		return nil // another CI does; or a workflow was meant to, and what is wrong with it is said
	}
	return []Finding{{
		Path:    ".github/workflows/board-gate.yml",
		Message: "No workflow runs the gate, so pull requests are not judged. This whole file does, and `boardgate init` writes it.",
		Lines:   head(r.branch()) + tail,
	}}
}

// names says whether a file runs the action, or the command line.
func names(f *source.File) bool {
	return bytes.Contains(f.Text, []byte(action)) || bytes.Contains(f.Text, []byte(commandLine))
}

func (r *Repository) branch() string {
	if r.Branch == "" {
		return "main"
	}
	return r.Branch
}

// trigger looks at what wakes the gate.
func (g gate) trigger() []Finding {
	var out []Finding
	for _, event := range []string{"pull_request", "pull_request_target", "merge_group"} {
		filters := g.in.entries(g.in.events[event].node)
		for _, key := range []string{"paths", "paths-ignore"} {
			if at := filters[key]; at.there() {
				out = append(out, Finding{
					Path: g.in.path, Line: at.line,
					Message: fmt.Sprintf("`%s` keeps the gate from running on other changes. A required check that does not run stays \"Expected\", and the pull request waits for ever.", key),
					Hint:    "Take the filter out: the gate passes at once where the board is untouched.",
					Lines:   "on:\n  " + event + ":\n",
				})
			}
		}
	}
	if !g.in.events["merge_group"].there() {
		out = append(out, Finding{
			Path: g.in.path, Line: g.in.on.line,
			Message: "There is no `merge_group` trigger: in a merge queue the gate never answers, and two changes that break a limit together are not judged together.",
			Lines:   "on:\n  merge_group:\n",
		})
	}
	return out
}

// permission is one line of the block, in the order of the example.
type permission struct{ scope, want string }

// needs returns what the action's sinks need. The command line reads the checkout only.
func (g gate) needs() []permission {
	if !g.acts() {
		return []permission{{"contents", "read"}}
	}
	pulls, runs := "write", "write"
	if g.step.with["comment"].text() == "never" && g.step.with["suggestions"].text() == "false" {
		pulls = "read"
	}
	if g.step.with["check-run"].text() == "false" {
		runs = ""
	}
	return []permission{{"contents", "read"}, {"pull-requests", pulls}, {"checks", runs}, {"issues", "read"}}
}

// rank orders what may be granted.
var rank = map[string]int{"": 0, "none": 0, "read": 1, "write": 2}

// granted looks for permissions that are missing. A block on the job takes the
// place of the workflow's, and a scope it does not name is none.
func (g gate) granted() []Finding {
	block := g.in.permissions
	if g.permissions.there() {
		block = g.permissions
	}
	if !block.there() && !g.acts() {
		return nil // to read is what every default allows
	}
	has := g.in.entries(block.node)
	all := map[string]int{"read-all": 1, "write-all": 2}[block.text()]
	lines, missing := "permissions:\n", []string{}
	for _, p := range g.needs() {
		if max(all, rank[has[p.scope].text()]) < rank[p.want] {
			missing = append(missing, p.scope+": "+p.want)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	for _, line := range g.wholeBlock(has, all) {
		lines += "  " + line + "\n"
	}
	f := Finding{Path: g.in.path, Line: max(block.line, g.line), Message: "The gate's job is not allowed " + strings.Join(missing, ", ") + ".", Lines: lines}
	if block.there() {
		f.Line = block.line
	} else {
		f.Message = "Nothing says what the gate's job may do, and the repository's default may be to read only."
	}
	return []Finding{f}
}

// wholeBlock returns the lines of a block that grants what stands there and what is needed.
func (g gate) wholeBlock(has map[string]entry, all int) []string {
	var out []string
	named := map[string]bool{}
	for _, p := range g.needs() {
		named[p.scope] = true
		want := p.want
		if now := has[p.scope].text(); rank[now] > rank[want] || all > rank[want] {
			want = map[int]string{1: "read", 2: "write"}[max(rank[now], all)]
		}
		if want != "" {
			out = append(out, p.scope+": "+want)
		}
	}
	for _, scope := range slices.Sorted(maps.Keys(has)) {
		if !named[scope] {
			out = append(out, scope+": "+has[scope].text())
		}
	}
	return out
}

// cancelled looks for what ends a run before it answers.
func (g gate) cancelled() []Finding {
	var out []Finding
	for _, at := range []entry{g.in.entries(g.in.root)["concurrency"], g.in.entries(g.node)["concurrency"]} {
		cancel := g.in.entries(at.node)["cancel-in-progress"]
		if cancel.there() && cancel.text() != "false" {
			out = append(out, Finding{
				Path: g.in.path, Line: at.line,
				Message: "`concurrency` cancels the gate: a cancelled check has not passed, and nothing starts it again.",
				Hint:    "Take `concurrency` out: an older run never overwrites what a newer one published.",
			})
		}
	}
	return out
}

// tolerated looks for what makes a job green whatever the gate says.
func (g gate) tolerated() []Finding {
	var out []Finding
	for _, at := range []entry{g.in.entries(g.node)["continue-on-error"], g.in.entries(g.step.node)["continue-on-error"]} {
		if at.there() && at.text() != "false" {
			out = append(out, Finding{
				Path: g.in.path, Line: at.line, Message: "`continue-on-error` makes the job green whatever the gate says.",
				Hint: "Take it out; `fail-on` and the severities in .github/boardgate.yml say what fails.",
			})
		}
	}
	return out
}

// pinned looks at what the gate's job runs that somebody may exchange.
func (g gate) pinned() []Finding {
	var out []Finding
	for _, s := range g.steps {
		uses := s.uses.text()
		image, container := strings.CutPrefix(uses, "docker://")
		switch {
		case uses == "" || strings.HasPrefix(uses, "./"):
		case container && !strings.Contains(image, "@sha256:"):
			out = append(out, g.movable(s, uses, fmt.Sprintf("      - uses: docker://%s@sha256:DIGEST\n", withoutTag(image)),
				"`docker buildx imagetools inspect "+image+"` prints the digest."))
		case !container && !fixed(uses):
			name, _, _ := strings.Cut(uses, "@")
			out = append(out, g.movable(s, uses, "      - uses: "+name+"@COMMIT\n",
				"`git ls-remote https://github.com/"+repository(name)+"` prints the commits of its releases."))
		}
	}
	return out
}

func (g gate) movable(s step, uses, lines, hint string) Finding {
	if strings.Contains(uses, action) {
		lines, hint = "      - uses: boardgate/boardgate@v1\n", ""
	}
	return Finding{
		Path: g.in.path, Line: s.uses.line, Lines: lines, Hint: hint,
		Message: fmt.Sprintf("`uses: %s` is another program whenever somebody moves the name; name a release, a commit or a digest.", uses),
	}
}

// withoutTag returns an image's name. A colon before the last slash is a port's.
func withoutTag(image string) string {
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		return image[:i]
	}
	return image
}

// repository returns owner/name of an action that may lie in a folder.
func repository(name string) string {
	parts := strings.SplitN(name, "/", 3)
	return strings.Join(parts[:min(2, len(parts))], "/")
}

// fixed says whether an action is named by a release's tag or a commit.
func fixed(uses string) bool {
	_, ref, found := strings.Cut(uses, "@")
	if !found {
		return false
	}
	if len(ref) >= 40 && strings.Trim(ref, "0123456789abcdef") == "" {
		return true
	}
	digits := strings.TrimPrefix(ref, "v")
	return digits != "" && digits[0] >= '0' && digits[0] <= '9'
}
