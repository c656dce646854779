package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/text"
)

// judgement reads, asks and judges. What was not available makes it unverified,
// never better.
func (a *action) judgement(ctx context.Context) outcome {
	if a.client == nil {
		return unverified(errors.New("there is no token, and GitHub answers no query without one: leave the input `token` at its default, `${{ github.token }}`"))
	}
	c, err := a.load(ctx)
	if err != nil {
		return a.unavailable(err)
	}
	if c.Policies.Broken != nil {
		return misconfigured(c.Policies.Broken)
	}
	if c.Policies.Remark != "" {
		a.summaryLead = "**The configuration of the base is broken, so the defaults judged this change; the notes below say where.**\n\n"
	}
	w, remark, wrong := a.planProbes(&c.Policies)
	if wrong != nil {
		return *wrong
	}
	if a.event.Drill {
		return a.drill(ctx, w)
	}
	s := a.scopeOf(c)
	q, err := a.queue(ctx, s)
	if err != nil {
		return a.unavailable(err)
	}
	r := a.changeReport(ctx, c, s, q, w)
	if remark != "" {
		r.Remarks = append(r.Remarks, remark)
	}
	return outcome{r, statusOf(r.Verdict), ""}
}

// changeReport makes the report of what was read, and of what GitHub and production answer.
func (a *action) changeReport(ctx context.Context, loaded *change.Change, s scope, q rule.Queue, w *probePlan) *report.Report {
	c := loaded.Case()
	c.Now, c.Pull = a.p.Now(), a.event.Pull
	r := &report.Report{Case: c, FailOn: a.in.failOn, Remarks: a.remarks(loaded), Compared: a.against(loaded)}
	switch onto := a.read.Onto.Commit; {
	case q.Whole != nil:
		r.Remarks = append(r.Remarks, fmt.Sprintf("judged against %s too (%.12s): a group ahead in the queue may land with this one although it failed.", a.event.BaseRef, onto))
	case s.queue:
		r.Remarks = append(r.Remarks, fmt.Sprintf("not judged against %s (%.12s), where the configuration is broken: what a group ahead in the queue brings is not known.", a.event.BaseRef, onto))
	}
	r.Unchanged, _ = loaded.Unchanged()
	var skipped string
	if a.probes, skipped = a.probesFor(c, w); a.probes != nil {
		c.Enforcement = a.probes.enforcement
	}
	for _, said := range []string{s.why, skipped} {
		if said != "" {
			r.Remarks = append(r.Remarks, said)
		}
	}
	a.askFacts(ctx, c, s.rules, q)
	judge(r, q, s.audit, s.rules...)
	return r
}

// against is what the board was compared with, nil for nothing.
func (a *action) against(loaded *change.Change) *report.Compared {
	if !loaded.Compared || loaded.Base.Commit() == "" {
		return nil
	}
	return &report.Compared{Revision: cmp.Or(a.read.Pull.BaseRef, a.event.BaseRef), Commit: loaded.Base.Commit()}
}

// scope is what of a change is judged.
type scope struct {
	rules []*rule.Rule // that judge the change, none for all of them
	why   string       // why not all of them do, a sentence; empty where they do or where that needs no words
	audit bool         // the board is judged as it stands, for there is no change
	queue bool         // what is ahead in the merge queue is judged too, since it may land with this change
}

// scopeOf returns what of a change is judged.
func (a *action) scopeOf(c *change.Change) scope {
	production := []*rule.Rule{rule.ProdFacts}
	onto := a.read.Onto.Commit
	all := scope{queue: onto != "" && onto != a.read.Base.Commit}
	same, butState := c.Unchanged()
	switch {
	case !a.plan.board:
		return scope{rules: production, why: "the board was not judged: the input prod-facts is only."}
	case c.Head.Board == nil && c.Base.Board == nil && !a.in.requireBoard:
		return scope{rules: production, why: "there is no board, and the input require-board is false."}
	case a.plan.standing && c.Head.Board != nil && c.Head.Board.Problem == "":
		all.rules, all.audit = production, true
	case a.plan.standing:
	case same:
		all.rules, all.why = production, untouched(c)
	case butState:
		all.rules, all.why = []*rule.Rule{rule.StateSync, rule.ProdFacts}, "this change touches the state file alone, so state-sync alone judged it."
	}
	return all
}

// askFacts asks for the facts: GitHub and production side by side.
func (a *action) askFacts(ctx context.Context, c *rule.Case, rules []*rule.Rule, q rule.Queue) {
	var production *fact.Production
	var lacking []error
	var asked sync.WaitGroup
	if a.probes != nil {
		asked.Go(func() { production, lacking = a.askProduction(ctx, a.probes) })
	}
	c.Facts = a.askCited(ctx, q.Wants(rule.Wants(c, rules...)))
	if q.Whole != nil {
		q.Whole.Facts, q.Ahead.Facts = c.Facts, c.Facts
	}
	asked.Wait()
	for _, err := range lacking {
		a.note(err)
	}
	c.Facts.Production = production
	if production != nil && a.plan.pending && rule.OfProduction(*production) != rule.Passed {
		c.Facts.Incident = a.incidentBefore(ctx, a.probes)
	}
}

// askCited asks GitHub what the rules want to know.
func (a *action) askCited(ctx context.Context, w fact.Wanted) fact.Answers {
	if len(w.Pulls) == 0 && len(w.Paths) == 0 {
		return fact.Answers{Branches: a.branches()}
	}
	got, err := a.client.Cited(ctx, a.event.Repo, a.read.Head.Commit, w)
	a.note(err)
	got.Branches = a.branches()
	a.note(a.client.Reach(ctx, a.event.Repo, a.read.Head.Commit, got))
	if a.event.PullReason != "" {
		doubtOpen(got, a.event.PullReason)
	}
	return got
}

// doubtOpen puts every open pull request in doubt where it is not known which
// one is being merged: it may be this one.
func doubtOpen(a fact.Answers, reason string) {
	for p, answer := range a.Pulls {
		if p.Repo == "" && answer.State == fact.OpenPull {
			a.Pulls[p] = fact.PullAnswer{State: fact.Unknown, Reason: "it is open and may be the one being merged, but " + reason}
		}
	}
}

// note keeps the permissions that an error of a read names.
func (a *action) note(err error) {
	a.missing = append(a.missing, github.Permissions(err)...)
}

// unavailable is the outcome where GitHub did not give what is to be judged.
func (a *action) unavailable(err error) outcome {
	a.note(err)
	return unverified(advised(err))
}

// advised adds what would help to what was not available.
func advised(err error) error {
	asked := (*github.Error)(nil)
	if !errors.As(err, &asked) {
		return err
	}
	said := strings.TrimRight(err.Error(), ".")
	switch github.KindOf(err) {
	case github.Unauthorized:
		return fmt.Errorf("%s. The token is missing, wrong or no longer good; the default, `${{ github.token }}`, is this job's own", said)
	case github.NotFound:
		if asked.Accepted == "" {
			return err
		}
		return fmt.Errorf("%s. Either it is not there, or this token is another repository's or may not read this one (`contents: read`)", said)
	case github.Limited, github.Unavailable:
		return fmt.Errorf("%s. Run the job again", said)
	}
	return err
}

// remarks says what is to be known about what was compared.
func (a *action) remarks(loaded *change.Change) []string {
	var out []string
	got := a.read
	switch {
	case got.How == github.MergeBase:
		out = append(out, fmt.Sprintf("GitHub has no test merge of this head into %s, so it was compared with where it left that branch.", got.Pull.BaseRef))
	case got.Behind > 0:
		out = append(out, fmt.Sprintf("%s has moved on by %s since GitHub made the test merge that was judged.", got.Pull.BaseRef, text.Count(got.Behind, "commit")))
	}
	if got.Pull.Conflict {
		out = append(out, "the pull request has conflicts with its base branch; what lands may be something else.")
	}
	out = append(out, loaded.Remarks()...)
	if a.plan.standing || !a.plan.board {
		return out
	}
	return append(out, loaded.WithoutState(false)...)
}
