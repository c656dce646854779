package doctor

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/policy"
	"github.com/boardgate/boardgate/internal/shell"
	"github.com/boardgate/boardgate/internal/source"
)

// action is how a step names ours.
const action = "boardgate/boardgate"

// commandLine is how a step runs the gate without it.
const commandLine = "boardgate check"

// judgingCommand is that command in a script.
var judgingCommand = regexp.MustCompile(`\bboardgate\S*\s+check\b`)

// changes are the events whose check holds up a merge.
var changes = []string{"pull_request", "pull_request_target", "merge_group"}

// pullRequests are those of them that a pull request raises.
var pullRequests = changes[:2]

// The names of check runs that the action makes.
var checks = []string{"boardgate report", "boardgate prod-facts"}

// GateWorkflow is the workflow that judges pull requests. branches is a list of
// YAML, "[main]"; with kept it may read how the workflows ran that are to stay green.
func GateWorkflow(branches string, kept bool) string {
	more := ""
	if kept {
		more = "  actions: read\n"
	}
	return "name: board-gate\n\n" + fmt.Sprintf(triggers, branches) + fmt.Sprintf(granting, more)
}

const (
	triggers = `on:
  pull_request:
    types: [opened, synchronize, reopened, edited, ready_for_review]
  merge_group:
  push:
    branches: %s
`
	granting = `
permissions:
  contents: read
  pull-requests: write
  checks: write
  issues: read
%s
jobs:
  board-gate:
    runs-on: ubuntu-latest
    steps:
      - uses: boardgate/boardgate@` + Placeholder + `
`
)

// Placeholder stands where a commit of boardgate is to be put in.
const Placeholder = "COMMIT"

// Pinned returns lines of a workflow with the ref that our action is to have, a
// release's tag or a commit, in place of the placeholder; an empty one changes nothing.
func Pinned(lines, ref string) string {
	return strings.ReplaceAll(lines, action+"@"+Placeholder, action+"@"+cmp.Or(ref, Placeholder))
}

// gate is a job that judges the board, in one step or several.
type gate struct {
	*job
	judging []step
}

// acts says whether the step is our action, which publishes, and not the command line.
func (s step) acts() bool { return strings.Contains(s.uses.text(), action) }

// gatesOf returns the jobs that judge a change. One that only a schedule wakes
// has none before it.
func gatesOf(all []*workflow) []gate {
	var out []gate
	for _, w := range all {
		for _, j := range w.jobs {
			g := gate{job: j}
			for _, s := range j.steps {
				if (s.acts() || strings.Contains(s.run.text(), commandLine)) && !j.timed(s) {
					g.judging = append(g.judging, s)
				}
			}
			if len(g.judging) > 0 {
				out = append(out, g)
			}
		}
	}
	return out
}

// callersOf returns the jobs that changes start and that call a gate of this
// repository, in place of a step.
func callersOf(all []*workflow, gates []gate) []gate {
	var out []gate
	for _, w := range all {
		for _, j := range w.jobs {
			calls := func(g gate) bool { return g.in.events["workflow_call"].there() && "./"+g.in.path == j.calls }
			if j.reaches(step{}, changes...) && slices.ContainsFunc(gates, calls) {
				out = append(out, gate{j, []step{{}}})
			}
		}
	}
	return out
}

// judges says whether one of the events leads to a step that judges.
func (g gate) judges(events ...string) bool {
	return slices.ContainsFunc(g.judging, func(s step) bool { return g.reaches(s, events...) })
}

// gates looks at each job that judges changes, with the steps that do.
func (r *Repository) gates(all []*workflow) []Finding {
	var out []Finding
	callers := callersOf(all, gatesOf(all))
	for _, g := range callers {
		out = append(out, g.trigger()...)
		out = append(out, g.skipped(callers)...)
		out = append(out, g.cancelled(changes, "board-gate", gateCancelled)...)
	}
	gates := slices.DeleteFunc(gatesOf(all), func(g gate) bool { return !g.judges(changes...) })
	if !slices.ContainsFunc(gates, func(g gate) bool { return g.judges(pullRequests...) }) {
		return append(out, r.absent(gatesOf(all))...)
	}
	watches := watchesOf(all)
	for _, g := range gates {
		g.judging = slices.DeleteFunc(g.judging, func(s step) bool { return !g.reaches(s, changes...) })
		out = append(out, g.trigger()...)
		out = append(out, g.skipped(gates)...)
		out = append(out, g.granted("gate's job", r.needs(g, watches))...)
		out = append(out, g.cancelled(changes, "board-gate", gateCancelled)...)
		out = append(out, g.tolerated()...)
		for _, s := range g.judging {
			out = append(out, swallowed(g.in, s, judgingCommand)...)
		}
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
			Path: g.in.path, Line: g.in.on.line, Message: "No pull request starts the gate.",
			Lines: fmt.Sprintf(triggers, r.branches()),
		}}
	}
	if slices.ContainsFunc(r.Workflows, Judges) || slices.ContainsFunc(r.Elsewhere, names) {
		return nil // another CI does; or a workflow was meant to, and what is wrong with it is said
	}
	return []Finding{{
		Path:    ".github/workflows/board-gate.yml",
		Message: "No workflow runs the gate, so pull requests are not judged. This whole file does, and `boardgate init` writes it.",
		Lines:   GateWorkflow(r.branches(), len(r.Kept) > 0),
	}}
}

// Judges says whether a workflow judges the board, or is meant to and cannot be read.
func Judges(f *source.File) bool {
	if !names(f) {
		return false
	}
	w, _ := read(f)
	if w == nil {
		return !onlyMeantToWatch(f)
	}
	// One that checks production, or the board as it stands, only on a schedule is no gate.
	timed := w.hasStep(func(j *job, s step) bool { return (s.acts() || s.asks()) && j.timed(s) })
	return len(gatesOf([]*workflow{w})) > 0 || !timed
}

// names says whether a file runs the action, or the command line.
func names(f *source.File) bool {
	return bytes.Contains(f.Text, []byte(action)) || bytes.Contains(f.Text, []byte(commandLine))
}

// branches is the default branch as a list of YAML.
func (r *Repository) branches() string {
	if r.Branch == "" {
		return "[main]"
	}
	return policy.List([]string{r.Branch})
}

// needs returns what a gate's job needs, for production too where it asks that.
func (r *Repository) needs(g gate, watches []watch) []permission {
	var out []permission
	for _, s := range g.judging {
		out = together(out, s.needs())
		if s.asks() && s.acts() && len(r.Kept) > 0 {
			out = together(out, []permission{{"actions", "read", "Without actions: read nobody can say how the workflows ran that are to stay green."}})
		}
	}
	i := slices.IndexFunc(watches, func(w watch) bool { return w.job == g.job })
	if i >= 0 && r.Facts {
		out = together(out, watches[i].needs())
	}
	return out
}

// needs returns what the action's sinks need. The command line reads the checkout only.
func (s step) needs() []permission {
	if !s.acts() {
		return []permission{reading}
	}
	pulls, runs := "write", "write"
	if s.with["comment"].text() == "never" && s.with["suggestions"].text() == "false" {
		pulls = "read"
	}
	if s.with["check-run"].text() == "false" {
		runs = ""
	}
	return []permission{reading, {"pull-requests", pulls, ""}, {"checks", runs, ""}, {"issues", "read", ""}}
}

// gateCancelled is what is wrong with a gate's `concurrency`.
var gateCancelled = Finding{
	Message: "`concurrency` cancels the gate: a cancelled check has not passed, and nothing starts it again.",
	Hint:    "Let the runs wait for each other, or take `concurrency` out: a run for a commit that is no longer the head publishes nothing.",
}

// cancelled looks for what ends a job that one of the events starts before it
// answers. The finding says what that means; group is for one that names none.
func (j *job) cancelled(events []string, group string, f Finding) []Finding {
	var out []Finding
	for _, at := range []entry{j.in.entries(j.in.root)["concurrency"], j.in.entries(j.node)["concurrency"]} {
		block := j.in.entries(at.node)
		cancel := block["cancel-in-progress"]
		admitted := func(event string) bool { return j.in.events[event].there() && admits(cancel.text(), event) }
		if cancel.there() && slices.ContainsFunc(events, admitted) {
			f.Path, f.Line = j.in.path, at.line
			f.Lines = "concurrency:\n  group: " + cmp.Or(block["group"].text(), group) + "\n  cancel-in-progress: false\n"
			out = append(out, f)
		}
	}
	return out
}

// tolerated looks for what makes a job green whatever the gate says.
func (g gate) tolerated() []Finding {
	out := g.tolerating(g.entry, g.head(g.condition.text()))
	for _, s := range g.judging {
		out = append(out, g.tolerating(s.entry, s.head(s.condition.text()))...)
	}
	return out
}

// tolerating looks at a job or a step; without is how it begins without the fault.
func (g gate) tolerating(at entry, without string) []Finding {
	let := g.in.entries(at.node)["continue-on-error"]
	if !let.there() || let.text() == "false" {
		return nil
	}
	return []Finding{{
		Path: g.in.path, Line: let.line, Message: "`continue-on-error` makes the job green whatever the gate says.", Lines: without,
		Hint: "Take it out. To try the gate before it blocks anything, set `fail-on: never`: everything is published, and the job passes.",
	}}
}

// pinned looks at what a job runs that somebody may exchange.
func (j *job) pinned() []Finding {
	var out []Finding
	for _, s := range j.steps {
		uses := s.uses.text()
		image, container := strings.CutPrefix(uses, "docker://")
		switch {
		case uses == "" || strings.HasPrefix(uses, "./"):
		case container && !strings.Contains(image, "@sha256:"):
			out = append(out, j.movable(s, uses, fmt.Sprintf("      - uses: docker://%s@sha256:DIGEST\n", withoutTag(image)),
				"`docker buildx imagetools inspect "+shell.Operand(image)+"` prints the digest."))
		case !container && !fixed(uses):
			name, _, _ := strings.Cut(uses, "@")
			out = append(out, j.movable(s, uses, "      - uses: "+name+"@"+Placeholder+"\n",
				"`git ls-remote "+shell.Word("https://github.com/"+repository(name))+"` prints the commits of its branches and tags."))
		}
	}
	return out
}

func (j *job) movable(s step, uses, lines, hint string) Finding {
	f := Finding{
		Path: j.in.path, Line: s.uses.line, Lines: lines, Hint: hint,
		Message: fmt.Sprintf("`uses: %s` is another program whenever somebody moves the name; name a release, a commit or a digest.", uses),
	}
	if strings.HasSuffix(uses, "@"+Placeholder) {
		f.Message = fmt.Sprintf("`uses: %s` still has the placeholder, so GitHub cannot start the action; name a commit.", uses)
	}
	return f
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
