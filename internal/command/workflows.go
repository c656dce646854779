package command

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/boardgate/boardgate/internal/doctor"
	"github.com/boardgate/boardgate/internal/event"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/probe"
	"github.com/boardgate/boardgate/internal/source"
)

// workflowsAtOnce is how many workflows are asked for at a time: GitHub wants
// few requests together
// (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api).
const workflowsAtOnce = 4

// askWorkflows asks GitHub for workflows and judges each as at now, in their
// order. The default branch is asked for where one wants it and it is empty.
// What could not be found out is a result too; the errors say why, and carry
// the permissions that are lacking (github.Permissions).
func askWorkflows(ctx context.Context, client *github.Client, repo, defaultBranch string, all []fact.Workflow, now time.Time) ([]fact.Result, []error) {
	all, unknown := onBranches(ctx, client, repo, defaultBranch, all)
	results, errs := make([]fact.Result, len(all)), make([]error, len(all))
	slots := make(chan struct{}, workflowsAtOnce)
	var asked sync.WaitGroup
	for i, w := range all {
		asked.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			a, err := fact.WorkflowAnswer{State: fact.WorkflowUnknown}, unknown
			if w.Branch != "" {
				a, err = askWorkflow(ctx, client, repo, w)
			} else {
				a.Reason = err.Error()
			}
			results[i], errs[i] = probe.JudgeWorkflow(w, a, now), err
		})
	}
	asked.Wait()
	return results, slices.DeleteFunc(errs, func(err error) bool { return err == nil })
}

// onBranches fills in the default branch where a workflow names none. Where it
// could not be found out they are left without.
func onBranches(ctx context.Context, client *github.Client, repo, branch string, all []fact.Workflow) ([]fact.Workflow, error) {
	all = slices.Clone(all)
	var err error
	if branch == "" && slices.ContainsFunc(all, func(w fact.Workflow) bool { return w.Branch == "" }) {
		branch, err = client.DefaultBranch(ctx, repo)
	}
	for i := range all {
		all[i].Branch = cmp.Or(all[i].Branch, branch)
	}
	return all, err
}

// askWorkflow asks for one workflow, and for its text where only that tells
// whether it failed or could not be read.
func askWorkflow(ctx context.Context, client *github.Client, repo string, w fact.Workflow) (fact.WorkflowAnswer, error) {
	a, err := client.Workflow(ctx, repo, w)
	if err != nil || !a.Doubtful {
		return a, err
	}
	file, err := client.WorkflowFile(ctx, repo, w)
	if err != nil || file.OID == "" {
		return a, err
	}
	text, err := client.Text(ctx, file)
	if err != nil {
		return a, err
	}
	if wrong := doctor.Readable(source.NewFile(file.Path, text)); wrong != nil {
		a.State, a.Reason = fact.WorkflowUnreadable, wrong.Error()
	}
	return a, nil
}

// hub is the GitHub that the environment names, and who may ask it.
type hub struct {
	event.Event
	client *github.Client
}

const hubHint = `A job of GitHub Actions sets GITHUB_REPOSITORY; the token it hands over as
env: { GITHUB_TOKEN: "${{ github.token }}" }`

// hub returns the GitHub of the environment, else which variables are missing.
func (p *Process) hub() (*hub, string, error) {
	e := event.Environment(p.Environ())
	token := cmp.Or(p.Getenv("GITHUB_TOKEN"), p.Getenv("GH_TOKEN"))
	switch {
	case token == "" && e.Repo == "":
		return nil, "GITHUB_TOKEN and GITHUB_REPOSITORY are not set", nil
	case token == "":
		return nil, "GITHUB_TOKEN is not set", nil
	case e.Repo == "":
		return nil, "GITHUB_REPOSITORY is not set", nil
	}
	if owner, name, ok := strings.Cut(e.Repo, "/"); !ok || owner == "" || name == "" || strings.Contains(name, "/") {
		return nil, "", misuse("", "GITHUB_REPOSITORY is %q: want owner/name", e.Repo)
	}
	client, err := p.gitHub(token, e, nil)
	return &hub{e, client}, "", err
}

// choose parts the names into those of facts and those of workflows; without
// names all are asked. It refuses names that neither has.
func (o *factsOptions) choose(suite *probe.Suite) error {
	var facts, workflows []string
	for _, one := range suite.Probes() {
		facts = append(facts, one.Name)
	}
	for _, w := range suite.Workflows {
		workflows = append(workflows, w.Name)
	}
	if err := knownFacts(slices.Concat(facts, workflows), o.names); err != nil {
		return err
	}
	o.facts = slices.DeleteFunc(slices.Clone(o.names), func(name string) bool { return slices.Contains(workflows, name) })
	o.production = len(facts) > 0 && (len(o.names) == 0 || len(o.facts) > 0)
	for _, w := range suite.Workflows {
		if len(o.names) == 0 || slices.Contains(o.names, w.Name) {
			o.workflows = append(o.workflows, w)
		}
	}
	if o.waits && !o.production && len(o.workflows) > 0 {
		return misuse("", "--wait is for facts under check, and none is selected: workflows are checked once")
	}
	return nil
}

// reach returns the GitHub that the workflows are to be asked of. Where it is
// not known that is said in a remark, and is wrong use where nothing else is
// asked, or where a workflow was named.
func (p *Process) reach(o *factsOptions) (*hub, []string, error) {
	if len(o.workflows) == 0 {
		return nil, nil, nil
	}
	h, missing, err := p.hub()
	if err != nil || missing == "" {
		return h, nil, err
	}
	said := fmt.Sprintf("workflows not checked (%s): %s", strings.Join(workflowNames(o.workflows), ", "), missing)
	if !o.production || len(o.names) > 0 {
		return nil, nil, misuse(hubHint, "%s", said)
	}
	return nil, []string{said + "."}, nil
}

func workflowNames(all []fact.Workflow) []string {
	var names []string
	for _, w := range all {
		names = append(names, w.Name)
	}
	return names
}
