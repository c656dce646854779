package doctor

import (
	_ "embed" // the workflow to put in
	"fmt"
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

// asking is how a step asks production without the action.
var asking = regexp.MustCompile(`\bboardgate\S*\s+prod-facts\b`)

// watch is a job that checks production on a schedule.
type watch struct {
	*job
	step step
}

func watchesOf(all []*workflow) []watch {
	var out []watch
	for _, w := range all {
		for _, j := range w.jobs {
			i := slices.IndexFunc(j.steps, func(s step) bool { return s.asks() && j.reaches(s, "schedule") })
			if i >= 0 {
				out = append(out, watch{j, j.steps[i]})
			}
		}
	}
	return out
}

// asks says whether a step asks production, where something wakes it for that.
func (s step) asks() bool {
	return s.acts() && s.with["prod-facts"].text() != "off" || asking.MatchString(s.run.text())
}

// Watches says whether a workflow asks production on a schedule, or is meant to
// and cannot be read.
func Watches(f *source.File) bool {
	w, faults := read(f)
	if w == nil {
		return len(faults) > 0 && meantToWatch(f)
	}
	return len(watchesOf([]*workflow{w})) > 0
}

// meantToWatch judges a workflow that does not parse by its words.
func meantToWatch(f *source.File) bool {
	text := string(f.Text)
	return strings.Contains(text, "schedule:") && (strings.Contains(text, action) || asking.MatchString(text))
}

// onlyMeantToWatch says of such a workflow that no pull request is to wake it.
func onlyMeantToWatch(f *source.File) bool {
	return meantToWatch(f) && !strings.Contains(string(f.Text), "pull_request")
}

// watched looks at each job that checks production on a schedule. The action asks
// only where there are facts.
func (r *Repository) watched(all []*workflow) []Finding {
	var out []Finding
	watches := watchesOf(all)
	for _, w := range watches {
		if w.step.acts() && !r.Facts {
			continue
		}
		out = append(out, w.due()...)
		out = append(out, w.examine(gatesOf(all))...)
	}
	if r.Facts && len(watches) == 0 {
		out = append(out, r.unwatched(all)...)
	}
	proposed := slices.ContainsFunc(out, func(f Finding) bool { return f.Path == SmokePath })
	return append(out, r.lost(proposed)...)
}

// examine looks at a job, and leaves what is said of it as a gate unsaid.
func (w watch) examine(gates []gate) []Finding {
	out := swallowed(w.in, w.step, asking)
	i := slices.IndexFunc(gates, func(g gate) bool { return g.job == w.job && g.judges(changes...) })
	if i < 0 {
		out = append(out, w.granted("job that checks production", w.needs())...)
		out = append(out, w.cancelled([]string{"schedule"}, "smoke-production", Finding{Message: "`concurrency` cancels the run that checks production: its result is lost."})...)
		out = append(out, w.pinned()...)
	}
	if i < 0 || !slices.ContainsFunc(gates[i].judging, func(s step) bool { return s.line == w.step.line }) {
		out = append(out, w.tolerated(i < 0)...)
	}
	return out
}

// needs returns what the incident issue needs. The command line reads the checkout only.
func (w watch) needs() []permission {
	if !w.step.acts() {
		return []permission{reading}
	}
	return []permission{
		reading,
		{"issues", "write", "Without issues: write an outage opens no issue, so nobody is notified."},
		{"actions", "read", "Without actions: read nobody can say how earlier runs ended, so the first bad one opens the issue."},
	}
}

// tolerated looks for what makes a job green while production is down.
func (w watch) tolerated(wholeJob bool) []Finding {
	at := []entry{w.in.entries(w.step.node)["continue-on-error"]}
	if wholeJob {
		at = append(at, w.in.entries(w.node)["continue-on-error"])
	}
	var out []Finding
	for _, e := range at {
		if e.there() && admits(e.text(), "schedule") {
			out = append(out, Finding{
				Path: w.in.path, Line: e.line, Message: "`continue-on-error` makes the job green while production is down.",
				Hint: "Take it out: on a schedule nothing waits for the job, and red is how it tells. What is known to fail has `known` with a reason and a day.",
			})
		}
	}
	return out
}

// ignoring is what follows a command whose status counts for nothing.
var ignoring = regexp.MustCompile(`^[^\n#;]*?(\|\|\s*(?:true\b|:(?:\s|$)|exit 0\b|echo\b))`)

// minded is how a script does heed a status that it catches.
var minded = regexp.MustCompile(`exit [1-9$]|>>`)

// swallowed looks for a command whose status the shell throws away.
func swallowed(in *workflow, s step, command *regexp.Regexp) []Finding {
	text := strings.ReplaceAll(s.run.text(), "\\\n", " ")
	at := command.FindStringIndex(text)
	if at == nil {
		return nil
	}
	rest, _, _ := strings.Cut(text[at[1]:], "\n")
	found := ignoring.FindStringSubmatch(rest)
	if found == nil || minded.MatchString(rest) {
		return nil
	}
	return []Finding{{
		Path: in.path, Line: s.run.line,
		Message: fmt.Sprintf("`%s` throws the status of `%s` away, so the job is green whatever it says.", strings.TrimSpace(found[1]), text[at[0]:at[1]]),
		Hint:    "End the command before it.",
	}}
}

// unwatched says that nothing asks production by itself.
func (r *Repository) unwatched(all []*workflow) []Finding {
	for _, w := range all {
		by := w.eventNames()
		switch {
		case !w.hasStep(func(_ *job, s step) bool { return s.asks() }):
		case slices.Contains(by, "workflow_call"):
			return nil // what wakes it stands in the workflows that call it
		case slices.Equal(by, []string{"workflow_dispatch"}):
			return []Finding{{
				Path: w.path, Line: w.on.line, Message: "Production is checked only when somebody starts this workflow, so an outage goes unnoticed.",
				Lines: "on:\n  schedule:\n    - cron: '17 * * * *'\n  workflow_dispatch:\n",
			}}
		}
	}
	elsewhere := func(f *source.File) bool { return names(f) || asking.Match(f.Text) }
	if slices.ContainsFunc(r.Elsewhere, elsewhere) || slices.ContainsFunc(r.Workflows, Watches) {
		return nil // another CI does; or a workflow was meant to, and what is wrong with it is said
	}
	return []Finding{r.smoke()}
}

// smoke is the workflow to put in.
func (r *Repository) smoke() Finding {
	f := Finding{
		Path: SmokePath, Lines: SmokeWorkflow,
		Message: "No workflow checks production on a schedule, so an outage is noticed with the next change at the earliest. This whole file does, and `boardgate init` writes it.",
	}
	if slices.ContainsFunc(r.Workflows, func(w *source.File) bool { return w.Path == SmokePath }) {
		f.Message = "It does not check the configured facts, and no other workflow does on a schedule. This whole file does, in its place or under another name."
	}
	return f
}

// Kept is a workflow that the configuration expects to stay green.
type Kept struct {
	Name, File string
	Line       int // in the configuration
}

// lost looks for workflows that are to stay green and are not there; proposed
// says that SmokeWorkflow is about to be. What a broken configuration says is not
// gone by.
func (r *Repository) lost(proposed bool) []Finding {
	if r.Config == nil || len(r.Config.Faults) > 0 {
		return nil
	}
	var files []string
	for _, f := range r.Workflows {
		files = append(files, base(f.Path))
	}
	hint := "Name one that is there, or take the fact out."
	if len(files) > 0 && len(files) <= 10 { // as far as they can be taken in
		hint += " There is " + strings.Join(files, ", ") + "."
	}
	var out []Finding
	for _, k := range r.Kept {
		if slices.Contains(files, k.File) || proposed && k.File == base(SmokePath) {
			continue
		}
		out = append(out, Finding{
			Path: r.Config.File.Path, Line: k.Line, Hint: hint,
			Message: fmt.Sprintf("The fact %s is that .github/workflows/%s stays green, and no such file is there.", k.Name, k.File),
		})
	}
	return out
}

// base returns a path without its folders.
func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
