package doctor

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// githubWorkflows are workflows of GitHub's own, which have no file.
var githubWorkflows = []string{"CodeQL", "pages-build-deployment", "Dependabot Updates", "Automatic Dependency Submission", "Copilot"}

// checkWorkflowNames looks for workflows that wait for another one by its name, where none
// has it: whoever renames a workflow turns off, unseen, what listens to it.
func (r *Repository) checkWorkflowNames(all []*workflow) []Finding {
	var out []Finding
	for _, w := range all {
		for _, name := range w.sequence(w.entries(w.events["workflow_run"].node)["workflows"].node) {
			if r.isUnknownWorkflow(name.scalar(), all) {
				out = append(out, Finding{
					Path: w.path, Line: name.line, Hint: knownWorkflows(all),
					Message: fmt.Sprintf("`workflow_run` waits for a workflow named %q, but there is none, so it never starts for it.", name.scalar()),
				})
			}
		}
		out = append(out, r.checkNamesInConditions(w, all)...)
	}
	return out
}

var runName = regexp.MustCompile(`workflow_run\.name\s*==\s*'([^']*)'`)

// checkNamesInConditions looks at the names that conditions ask for.
func (r *Repository) checkNamesInConditions(w *workflow, all []*workflow) []Finding {
	var out []Finding
	for _, j := range w.jobs {
		conditions := []entry{j.condition}
		for _, s := range j.steps {
			conditions = append(conditions, s.condition)
		}
		for _, condition := range conditions {
			for _, m := range runName.FindAllStringSubmatch(condition.scalar(), -1) {
				if r.isUnknownWorkflow(m[1], all) {
					out = append(out, Finding{
						Path: w.path, Line: condition.line, Hint: knownWorkflows(all),
						Message: fmt.Sprintf("The condition asks for a workflow named %q, but there is none, so it is never true.", m[1]),
					})
				}
			}
		}
	}
	return out
}

// isUnknownWorkflow says whether surely no workflow has a name. One that does not parse
// may have every name that stands in it.
func (r *Repository) isUnknownWorkflow(name string, all []*workflow) bool {
	if name == "" || strings.ContainsAny(name, "*?[!${") || slices.Contains(githubWorkflows, name) {
		return false
	}
	for _, f := range r.Workflows {
		i := slices.IndexFunc(all, func(w *workflow) bool { return w.path == f.Path })
		if i < 0 && bytes.Contains(f.Text, []byte(name)) || i >= 0 && strings.EqualFold(all[i].displayName(), name) {
			return false
		}
	}
	return true
}

// displayName returns what a workflow is called; without a name, by its path.
func (w *workflow) displayName() string {
	if name := w.entries(w.root)["name"].scalar(); name != "" {
		return name
	}
	return w.path
}

// knownWorkflows names the workflows that are there, as far as they can be taken in.
func knownWorkflows(all []*workflow) string {
	if len(all) > 10 {
		return "Name it as the `name` of its file does."
	}
	var out []string
	for _, w := range all {
		out = append(out, strconv.Quote(w.displayName()))
	}
	return "Name it as its file does. There is " + strings.Join(out, ", ") + "."
}
