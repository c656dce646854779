package command

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/probe"
	"github.com/boardgate/boardgate/internal/publish"
	"github.com/boardgate/boardgate/internal/rule"
)

// probePlan is how production is asked in this run: what for, for how long, and
// what its answer decides.
type probePlan struct {
	suite       *probe.Suite
	workflows   []fact.Workflow // those of the suite that are asked
	enforcement rule.Enforcement
	deadline    time.Duration
	env         func(string) (string, bool) // nil where no secret is at hand
}

// planProbes returns how production is asked; nil where it is not, with what is to
// be said of that, or with the outcome where something is wrong.
func (a *action) planProbes(policies *change.Policies) (w *probePlan, remark string, wrong *outcome) {
	if !a.plan.production {
		return nil, "", nil
	}
	suite, err := a.suite(policies)
	switch {
	case err != nil:
		return nil, "", refusal(err)
	case suite == nil || suite.Empty():
		return a.unconfigured(policies)
	}
	w = a.probesOf(suite)
	a.maskSecrets(w)
	if unset := suite.Unset(w.env); w.enforcement == rule.Blocking && len(unset) > 0 && len(w.workflows) == 0 && !suite.Askable(w.env) {
		o := misconfigured(&config.Reading{Faults: unset})
		return nil, "", &o
	}
	return w, "", nil
}

// unconfigured says in a line that production is not checked. Where nothing but
// its facts was wanted that is wrong use: a job that checks nothing must not be green.
func (a *action) unconfigured(policies *change.Policies) (*probePlan, string, *outcome) {
	a.unwatched = a.unwatchedCase(policies.Judge.ProdFacts)
	switch {
	case !a.plan.board:
		return nil, "", refusal(fmt.Errorf("input prod-facts is only, and no facts of production are configured in %s", strings.Join(a.configPaths(), " or ")))
	case policies.Head.ProdFacts != nil && !a.plan.standing:
		return nil, "prod-facts: off, the base configures none; those of this change are checked once they have landed.", nil
	}
	return nil, "prod-facts: off, none are configured.", nil
}

func refusal(err error) *outcome {
	o := refused(err)
	return &o
}

// suite returns the facts that are configured, asked where the input prod-facts-url
// says; nil for none.
func (a *action) suite(policies *change.Policies) (*probe.Suite, error) {
	to := a.in.prodFactsURL
	if to == "" || policies.Suite == nil {
		return policies.Suite, nil
	}
	facts := *policies.Judge.ProdFacts
	if a.plan.pending && !sameHost(to, facts.Base.V) {
		return nil, errors.New("input prod-facts-url names another host than the base's configuration, and a pull request cannot redirect the probes")
	}
	facts.Base.V = to
	suite, faults := probe.Compile(&facts)
	if len(faults) > 0 {
		return nil, fmt.Errorf("input prod-facts-url: %s", faults[0].Message)
	}
	return suite, nil
}

func sameHost(a, b string) bool {
	one, err := url.Parse(a)
	if err != nil {
		return false
	}
	other, err := url.Parse(b)
	return err == nil && strings.EqualFold(one.Host, other.Host)
}

// probesOf says what the facts decide. A change from a fork gets no secret, also
// where the event's job has one.
func (a *action) probesOf(suite *probe.Suite) *probePlan {
	w := &probePlan{suite: suite, enforcement: rule.Blocking, deadline: suite.Schedule, env: a.p.env}
	if a.plan.pending {
		w.enforcement, w.deadline = rule.Advisory, suite.PullRequest
		if suite.OnDone {
			w.enforcement = rule.BlockOnDone
		}
	}
	if a.event.Fork {
		w.env = nil
	}
	w.workflows = slices.DeleteFunc(slices.Clone(suite.Workflows), func(one fact.Workflow) bool { return w.enforcement == rule.Blocking && a.runsOf(one) })
	return w
}

// runsOf says whether this run is one of a workflow: where it decides by how
// that ended last, one that failed would fail for ever.
func (a *action) runsOf(w fact.Workflow) bool { return a.event.Run.File == w.File }

// ownWorkflows says which workflows are not asked, empty for none.
func (a *action) ownWorkflows(w *probePlan) string {
	if len(w.workflows) == len(w.suite.Workflows) {
		return ""
	}
	own := slices.DeleteFunc(slices.Clone(w.suite.Workflows), func(one fact.Workflow) bool { return !a.runsOf(one) })
	return fmt.Sprintf("prod-facts: %s not checked, because this run belongs to that workflow.", strings.Join(workflowNames(own), ", "))
}

// maskSecrets has the runner hide what the facts send, should it turn up in a
// form that was not foreseen here.
func (a *action) maskSecrets(w *probePlan) {
	if w.env == nil || a.p.Getenv("GITHUB_ACTIONS") != "true" {
		return
	}
	for _, name := range w.suite.Secrets() {
		if value, set := w.env(name); set {
			a.runner.AddMask(value)
		}
	}
}

// probesFor returns the probes that a change calls for, and what to say of those that
// are not made: after a push production is asked only where it moved an item into DONE.
func (a *action) probesFor(c *rule.Case, w *probePlan) (*probePlan, string) {
	switch {
	case w == nil:
		return nil, ""
	case a.plan.afterDone && len(rule.Arrivals(c)) == 0:
		return nil, "prod-facts: skipped, because this push moves no item into DONE."
	}
	return w, a.ownWorkflows(w)
}

// askProduction asks production, and GitHub for the workflows beside it. The
// errors say what may not be read.
func (a *action) askProduction(ctx context.Context, w *probePlan) (*fact.Production, []error) {
	var workflows []fact.Result
	var lacking []error
	var asked sync.WaitGroup
	asked.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, w.deadline)
		defer cancel()
		workflows, lacking = askWorkflows(ctx, a.client, a.event.Repo, a.read.DefaultBranch, w.workflows, a.p.Now())
	})
	answer, err := w.suite.Run(ctx, a.world(w), probe.Options{Deadline: w.deadline, Decides: w.enforcement == rule.Blocking})
	if err != nil { // there are workflows only
		answer = fact.Production{Base: w.suite.Base(), Start: a.p.Now()}
	}
	asked.Wait()
	answer.Results = append(answer.Results, workflows...)
	return &answer, lacking
}

// world is what asking production touches. The certificates of ca-file are good
// for production too.
func (a *action) world(w *probePlan) probe.World {
	world := a.p.world(w.env)
	if len(a.ca) > 0 {
		if roots, err := github.Roots(a.ca); err == nil { // a text without one was refused before
			world.Roots = roots
		}
	}
	return world
}

// incidentBefore asks whether production was not well before this change. It is asked
// only where production is not well now.
func (a *action) incidentBefore(ctx context.Context, w *probePlan) fact.Incident {
	s, err := publish.StandingIncident(ctx, a.client, a.event.Repo, w.suite.Incident.Key, a.in.name, a.p.Now())
	switch {
	case err != nil:
		a.note(err)
		return fact.Incident{State: fact.IncidentUnknown, Reason: strings.TrimRight(err.Error(), ".")}
	case s.Number == 0:
		return fact.Incident{State: fact.IncidentNone}
	}
	state := fact.IncidentOpen
	if s.Stale {
		state = fact.IncidentStale
	}
	return fact.Incident{State: state, Number: s.Number, Since: s.Since, Updated: s.Updated, Facts: s.Failing}
}
