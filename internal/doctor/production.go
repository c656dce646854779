package doctor

import (
	_ "embed" // the workflow to put in
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/source"
)

// SmokePath is where the workflow belongs that watches production.
const SmokePath = ".github/workflows/smoke-production.yml"

// SmokeWorkflow watches production.
//
//go:embed smoke-production.yml
var SmokeWorkflow string

// productionCommand is how a step checks production without the action.
var productionCommand = regexp.MustCompile(`\bboardgate\S*\s+prod-facts\b`)

// productionJob is a job that checks production on a schedule.
type productionJob struct {
	*job
	step step
}

func productionJobs(all []*workflow) []productionJob {
	var out []productionJob
	for _, w := range all {
		for _, j := range w.jobs {
			i := slices.IndexFunc(j.steps, func(s step) bool { return s.checksProduction() && j.triggeredBy(s, "schedule") })
			if i >= 0 {
				out = append(out, productionJob{j, j.steps[i]})
			}
		}
	}
	return out
}

// checksProduction says whether a step checks production, where something starts it for that.
func (s step) checksProduction() bool {
	return s.isAction() && s.with["prod-facts"].scalar() != "off" || productionCommand.MatchString(s.run.scalar())
}

// ChecksProduction says whether a workflow checks production on a schedule, or is
// meant to and cannot be read.
func ChecksProduction(f *source.File) bool {
	w, faults := readWorkflow(f)
	if w == nil {
		return len(faults) > 0 && meantToCheckProduction(f)
	}
	return len(productionJobs([]*workflow{w})) > 0
}

// meantToCheckProduction judges a workflow that does not parse by its words.
func meantToCheckProduction(f *source.File) bool {
	text := string(f.Text)
	return strings.Contains(text, "schedule:") && (strings.Contains(text, action) || productionCommand.MatchString(text))
}

// onlyMeantToCheckProduction says of such a workflow that no pull request is to start it.
func onlyMeantToCheckProduction(f *source.File) bool {
	return meantToCheckProduction(f) && !strings.Contains(string(f.Text), "pull_request")
}

// checkProduction looks at each job that checks production on a schedule. The action does
// so only where there are facts.
func (r *Repository) checkProduction(all []*workflow) []Finding {
	var out []Finding
	watches := productionJobs(all)
	for _, w := range watches {
		if w.step.isAction() && !r.Facts {
			continue
		}
		out = append(out, w.checkSchedule()...)
		out = append(out, w.checkJob(gatesOf(all))...)
	}
	if r.Facts && len(watches) == 0 {
		out = append(out, r.noProductionCheck(all)...)
	}
	proposed := slices.ContainsFunc(out, func(f Finding) bool { return f.Path == SmokePath })
	return append(out, r.checkMonitored(proposed)...)
}

// checkJob looks at a job, and leaves what is said of it as a gate unsaid.
func (w productionJob) checkJob(gates []gate) []Finding {
	out := checkExitStatus(w.in, w.step, productionCommand)
	i := slices.IndexFunc(gates, func(g gate) bool { return g.job == w.job && g.judges(mergeEvents...) })
	if i < 0 {
		out = append(out, w.checkPermissions("job that checks production", w.requiredPermissions())...)
		out = append(out, w.checkConcurrency([]string{"schedule"}, "smoke-production", Finding{Message: "`concurrency` cancels the run that checks production: its result is lost."})...)
		out = append(out, w.checkPins()...)
	}
	if i < 0 || !slices.ContainsFunc(gates[i].judging, func(s step) bool { return s.line == w.step.line }) {
		out = append(out, w.checkContinueOnError(i < 0)...)
	}
	return out
}

// requiredPermissions returns what the incident issue needs. The command line reads the checkout only.
func (w productionJob) requiredPermissions() []permission {
	if !w.step.isAction() {
		return []permission{reading}
	}
	return []permission{
		reading,
		{"issues", "write", "Without issues: write an outage opens no issue, so nobody is notified."},
		{"actions", "read", "Without actions: read nobody can say how earlier runs ended, so the first bad one opens the issue."},
	}
}

// checkContinueOnError looks for what makes a job green while production is down.
func (w productionJob) checkContinueOnError(wholeJob bool) []Finding {
	at := []entry{w.in.entries(w.step.node)["continue-on-error"]}
	if wholeJob {
		at = append(at, w.in.entries(w.node)["continue-on-error"])
	}
	var out []Finding
	for _, e := range at {
		if e.there() && mayHold(e.scalar(), "schedule") {
			out = append(out, Finding{
				Path: w.in.path, Line: e.line, Message: "`continue-on-error` makes the job green while production is down.",
				Hint: "Take it out: on a schedule nothing waits for the job, and red is how it tells. What is known to fail has `known` with a reason and a day.",
			})
		}
	}
	return out
}

// ignoredStatus is what follows a command whose status counts for nothing.
var ignoredStatus = regexp.MustCompile(`^[^\n#;]*?(\|\|\s*(?:true\b|:(?:\s|$)|exit 0\b|echo\b))`)

// handledStatus is how a script does heed a status that it catches.
var handledStatus = regexp.MustCompile(`exit [1-9$]|>>`)

// checkExitStatus looks for a command whose status the shell throws away.
func checkExitStatus(in *workflow, s step, command *regexp.Regexp) []Finding {
	text := strings.ReplaceAll(s.run.scalar(), "\\\n", " ")
	at := command.FindStringIndex(text)
	if at == nil {
		return nil
	}
	rest, _, _ := strings.Cut(text[at[1]:], "\n")
	found := ignoredStatus.FindStringSubmatch(rest)
	if found == nil || handledStatus.MatchString(rest) {
		return nil
	}
	return []Finding{{
		Path: in.path, Line: s.run.line,
		Message: fmt.Sprintf("`%s` throws the status of `%s` away, so the job is green whatever it says.", strings.TrimSpace(found[1]), text[at[0]:at[1]]),
		Hint:    "End the command before it.",
	}}
}

// noProductionCheck says that nothing checks production by itself.
func (r *Repository) noProductionCheck(all []*workflow) []Finding {
	for _, w := range all {
		by := w.eventNames()
		switch {
		case !w.hasStep(func(_ *job, s step) bool { return s.checksProduction() }):
		case slices.Contains(by, "workflow_call"):
			return nil // what starts it stands in the workflows that call it
		case slices.Equal(by, []string{"workflow_dispatch"}):
			return []Finding{{
				Path: w.path, Line: w.on.line, Message: "Production is checked only when somebody starts this workflow, so an outage goes unnoticed.",
				Lines: "on:\n  schedule:\n    - cron: '17 * * * *'\n  workflow_dispatch:\n",
			}}
		}
	}
	elsewhere := func(f *source.File) bool { return RunsGate(f) || productionCommand.Match(f.Text) }
	if slices.ContainsFunc(r.Elsewhere, elsewhere) || slices.ContainsFunc(r.Workflows, ChecksProduction) {
		return nil // another CI does; or a workflow was meant to, and what is wrong with it is said
	}
	return []Finding{r.proposeSmoke()}
}

// proposeSmoke returns the workflow to put in.
func (r *Repository) proposeSmoke() Finding {
	f := Finding{
		Path: SmokePath, Lines: SmokeWorkflow,
		Message: "No workflow checks production on a schedule, so an outage is noticed with the next change at the earliest. This whole file does, and `boardgate init` writes it.",
	}
	if slices.ContainsFunc(r.Workflows, func(w *source.File) bool { return w.Path == SmokePath }) {
		f.Message = "It does not check the configured facts, and no other workflow does on a schedule. This whole file does, in its place or under another name."
	}
	return f
}

// Monitored is a workflow that the configuration expects to stay green.
type Monitored struct {
	Name, File string
	Line       int // in the configuration
}

// checkMonitored looks for workflows that are to stay green and are not there; proposed
// says that SmokeWorkflow is about to be. What a broken configuration says is not
// gone by.
func (r *Repository) checkMonitored(proposed bool) []Finding {
	if r.Config == nil || len(r.Config.Faults) > 0 {
		return nil
	}
	var files []string
	for _, f := range r.Workflows {
		files = append(files, path.Base(f.Path))
	}
	hint := "Name one that is there, or take the fact out."
	if len(files) > 0 && len(files) <= 10 { // as far as they can be taken in
		hint += " There is " + strings.Join(files, ", ") + "."
	}
	var out []Finding
	for _, k := range r.Monitored {
		if slices.Contains(files, k.File) || proposed && k.File == path.Base(SmokePath) {
			continue
		}
		out = append(out, Finding{
			Path: r.Config.File.Path, Line: k.Line, Hint: hint,
			Message: fmt.Sprintf("The fact %s is that .github/workflows/%s stays green, and no such file is there.", k.Name, k.File),
		})
	}
	return out
}
