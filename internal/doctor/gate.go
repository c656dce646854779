package doctor

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/shell"
	"github.com/boardgate/boardgate/internal/source"
)

// action is how a step names ours.
const action = "boardgate/boardgate"

// commandLine is how a step runs the gate without it.
const commandLine = "boardgate check"

// judgingCommand is that command in a script.
var judgingCommand = regexp.MustCompile(`\bboardgate\S*\s+check\b`)

// mergeEvents are the events whose check holds up a merge.
var mergeEvents = []string{"pull_request", "pull_request_target", "merge_group"}

// pullRequestEvents are those of them that a pull request raises.
var pullRequestEvents = mergeEvents[:2]

// The names of check runs that the action makes.
var checkRunNames = []string{"boardgate report", "boardgate prod-facts"}

// GateWorkflow is the workflow that judges pull requests. branches is a list of
// YAML, "[main]"; with kept it may read how the workflows ran that are to stay green.
func GateWorkflow(branches string, kept bool) string {
	more := ""
	if kept {
		more = "  actions: read\n"
	}
	return "name: board-gate\n\n" + fmt.Sprintf(gateTriggers, branches) + fmt.Sprintf(gateJob, more)
}

const (
	gateTriggers = `on:
  pull_request:
    types: [opened, synchronize, reopened, edited, ready_for_review]
  merge_group:
  push:
    branches: %s
`
	gateJob = `
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

// isAction says whether the step is our action, which publishes, and not the command line.
func (s step) isAction() bool { return strings.Contains(s.uses.scalar(), action) }

// gatesOf returns the jobs that judge a change. One that only a schedule starts
// has no change before it.
func gatesOf(all []*workflow) []gate {
	var out []gate
	for _, w := range all {
		for _, j := range w.jobs {
			g := gate{job: j}
			for _, s := range j.steps {
				if (s.isAction() || strings.Contains(s.run.scalar(), commandLine)) && !j.onlyScheduled(s) {
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
			if j.triggeredBy(step{}, mergeEvents...) && slices.ContainsFunc(gates, calls) {
				out = append(out, gate{j, []step{{}}})
			}
		}
	}
	return out
}

// judges says whether one of the events leads to a step that judges.
func (g gate) judges(events ...string) bool {
	return slices.ContainsFunc(g.judging, func(s step) bool { return g.triggeredBy(s, events...) })
}

// checkGates looks at each job that judges changes, with the steps that do.
func (r *Repository) checkGates(all []*workflow) []Finding {
	var out []Finding
	callers := callersOf(all, gatesOf(all))
	for _, g := range callers {
		out = append(out, g.checkTriggers()...)
		out = append(out, g.checkConditions(callers)...)
		out = append(out, g.checkConcurrency(mergeEvents, "board-gate", gateConcurrency)...)
	}
	gates := slices.DeleteFunc(gatesOf(all), func(g gate) bool { return !g.judges(mergeEvents...) })
	if !slices.ContainsFunc(gates, func(g gate) bool { return g.judges(pullRequestEvents...) }) {
		return append(out, r.noGate(gatesOf(all))...)
	}
	watches := productionJobs(all)
	for _, g := range gates {
		g.judging = slices.DeleteFunc(g.judging, func(s step) bool { return !g.triggeredBy(s, mergeEvents...) })
		out = append(out, g.checkTriggers()...)
		out = append(out, g.checkConditions(gates)...)
		out = append(out, g.checkPermissions("gate's job", r.gatePermissions(g, watches))...)
		out = append(out, g.checkConcurrency(mergeEvents, "board-gate", gateConcurrency)...)
		out = append(out, g.checkContinueOnError()...)
		for _, s := range g.judging {
			out = append(out, checkExitStatus(g.in, s, judgingCommand)...)
		}
		out = append(out, g.checkPins()...)
	}
	return out
}

// noGate says that no workflow judges pull requests.
func (r *Repository) noGate(others []gate) []Finding {
	if slices.ContainsFunc(others, func(g gate) bool { return g.in.events["workflow_call"].there() }) {
		return nil // what starts it stands in the workflows that call it
	}
	if len(others) > 0 {
		g := others[0]
		return []Finding{{
			Path: g.in.path, Line: g.in.on.line, Message: "No pull request starts the gate.",
			Lines: fmt.Sprintf(gateTriggers, r.branches()),
		}}
	}
	if slices.ContainsFunc(r.Workflows, Judges) || slices.ContainsFunc(r.Elsewhere, RunsGate) {
		return nil // another CI does; or a workflow was meant to, and what is wrong with it is said
	}
	return []Finding{{
		Path:    ".github/workflows/board-gate.yml",
		Message: "No workflow runs the gate, so pull requests are not judged. This whole file does, and `boardgate init` writes it.",
		Lines:   GateWorkflow(r.branches(), len(r.Monitored) > 0),
	}}
}

// Judges says whether a workflow judges the board, or is meant to and cannot be read.
func Judges(f *source.File) bool {
	if !RunsGate(f) {
		return false
	}
	w, _ := readWorkflow(f)
	if w == nil {
		return !onlyMeantToCheckProduction(f)
	}
	// One that checks production, or the board as it stands, only on a schedule is no gate.
	timed := w.hasStep(func(j *job, s step) bool { return (s.isAction() || s.checksProduction()) && j.onlyScheduled(s) })
	return len(gatesOf([]*workflow{w})) > 0 || !timed
}

// RunsGate says whether a file has a step or a hook that is the action, or runs the command line.
func RunsGate(f *source.File) bool {
	return bytes.Contains(f.Text, []byte(action)) || bytes.Contains(f.Text, []byte(commandLine))
}

// branches is the default branch as a list of YAML.
func (r *Repository) branches() string {
	if r.Branch == "" {
		return "[main]"
	}
	return config.List([]string{r.Branch})
}

// gatePermissions returns what a gate's job needs, for production too where it checks that.
func (r *Repository) gatePermissions(g gate, watches []productionJob) []permission {
	var out []permission
	for _, s := range g.judging {
		out = union(out, s.requiredPermissions())
		if s.checksProduction() && s.isAction() && len(r.Monitored) > 0 {
			out = union(out, []permission{{"actions", "read", "Without actions: read nobody can say how the workflows ran that are to stay green."}})
		}
	}
	i := slices.IndexFunc(watches, func(w productionJob) bool { return w.job == g.job })
	if i >= 0 && r.Facts {
		out = union(out, watches[i].requiredPermissions())
	}
	return out
}

// requiredPermissions returns what the action's sinks need. The command line reads the checkout only.
func (s step) requiredPermissions() []permission {
	if !s.isAction() {
		return []permission{reading}
	}
	pulls, runs := "write", "write"
	if s.with["comment"].scalar() == "never" && s.with["suggestions"].scalar() == "false" {
		pulls = "read"
	}
	if s.with["check-run"].scalar() == "false" {
		runs = ""
	}
	return []permission{reading, {"pull-requests", pulls, ""}, {"checks", runs, ""}, {"issues", "read", ""}}
}

// gateConcurrency is what is wrong with a gate's `concurrency`.
var gateConcurrency = Finding{
	Message: "`concurrency` cancels the gate: a cancelled check has not passed, and nothing starts it again.",
	Hint:    "Let the runs wait for each other, or take `concurrency` out: a run for a commit that is no longer the head publishes nothing.",
}

// checkConcurrency looks for what ends a job that one of the events starts before it
// answers. The finding says what that means; group is for one that names none.
func (j *job) checkConcurrency(events []string, group string, f Finding) []Finding {
	var out []Finding
	for _, at := range []entry{j.in.entries(j.in.root)["concurrency"], j.in.entries(j.node)["concurrency"]} {
		block := j.in.entries(at.node)
		cancel := block["cancel-in-progress"]
		admitted := func(event string) bool { return j.in.events[event].there() && mayHold(cancel.scalar(), event) }
		if cancel.there() && slices.ContainsFunc(events, admitted) {
			f.Path, f.Line = j.in.path, at.line
			f.Lines = "concurrency:\n  group: " + cmp.Or(block["group"].scalar(), group) + "\n  cancel-in-progress: false\n"
			out = append(out, f)
		}
	}
	return out
}

// checkContinueOnError looks for what makes a job green whatever the gate says.
func (g gate) checkContinueOnError() []Finding {
	out := g.continueOnError(g.entry, g.head(g.condition.scalar()))
	for _, s := range g.judging {
		out = append(out, g.continueOnError(s.entry, s.head(s.condition.scalar()))...)
	}
	return out
}

// continueOnError looks at a job or a step; without is how it begins without the fault.
func (g gate) continueOnError(at entry, without string) []Finding {
	let := g.in.entries(at.node)["continue-on-error"]
	if !let.there() || let.scalar() == "false" {
		return nil
	}
	return []Finding{{
		Path: g.in.path, Line: let.line, Message: "`continue-on-error` makes the job green whatever the gate says.", Lines: without,
		Hint: "Take it out. To try the gate before it blocks anything, set `fail-on: never`: everything is published, and the job passes.",
	}}
}

// checkPins looks at what a job runs that somebody may exchange.
func (j *job) checkPins() []Finding {
	var out []Finding
	for _, s := range j.steps {
		uses := s.uses.scalar()
		image, container := strings.CutPrefix(uses, "docker://")
		switch {
		case uses == "" || strings.HasPrefix(uses, "./"):
		case container && !strings.Contains(image, "@sha256:"):
			out = append(out, j.unpinned(s, uses, fmt.Sprintf("      - uses: docker://%s@sha256:DIGEST\n", imageName(image)),
				"`docker buildx imagetools inspect "+shell.Operand(image)+"` prints the digest."))
		case !container && !isPinned(uses):
			name, _, _ := strings.Cut(uses, "@")
			out = append(out, j.unpinned(s, uses, "      - uses: "+name+"@"+Placeholder+"\n",
				"`git ls-remote "+shell.Word("https://github.com/"+actionRepository(name))+"` prints the commits of its branches and tags."))
		}
	}
	return out
}

func (j *job) unpinned(s step, uses, lines, hint string) Finding {
	f := Finding{
		Path: j.in.path, Line: s.uses.line, Lines: lines, Hint: hint,
		Message: fmt.Sprintf("`uses: %s` is another program whenever somebody moves the name; name a release, a commit or a digest.", uses),
	}
	if strings.HasSuffix(uses, "@"+Placeholder) {
		f.Message = fmt.Sprintf("`uses: %s` still has the placeholder, so GitHub cannot start the action; name a commit.", uses)
	}
	return f
}

// imageName returns an image's name. A colon before the last slash is a port's.
func imageName(image string) string {
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		return image[:i]
	}
	return image
}

// actionRepository returns owner/name of an action that may lie in a folder.
func actionRepository(name string) string {
	parts := strings.SplitN(name, "/", 3)
	return strings.Join(parts[:min(2, len(parts))], "/")
}

// isPinned says whether an action is named by a release's tag or a commit.
func isPinned(uses string) bool {
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
