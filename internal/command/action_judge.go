package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
)

// judgement reads, asks and judges. What could not be had makes it unverified,
// never better.
func (a *action) judgement(ctx context.Context) outcome {
	if a.client == nil {
		return unverified(errors.New("there is no token, and GitHub answers no query without one: leave the input `token` at its default, `${{ github.token }}`"))
	}
	s, err := a.gather(ctx)
	if err != nil {
		a.note(err)
		return unverified(advised(err))
	}
	if s.law.broken != nil {
		return outcome{&report.Report{Verdict: rule.Fail, Findings: faults(s.law.broken)}, Misused, ""}
	}
	if s.law.remark != "" {
		a.lead = "**The configuration of the base is broken, so the defaults judged this change; the notes below say where.**\n\n"
	}
	production, err := a.productionFacts(s.law.judge)
	if err != nil {
		return refused(err)
	}
	r := a.judge(ctx, s)
	r.Remarks = append(r.Remarks, production...)
	return outcome{r, statusOf(r.Verdict), ""}
}

// judge makes the report of what was read.
func (a *action) judge(ctx context.Context, s *sides) *report.Report {
	r := &report.Report{Case: s.caseOf(&checkOptions{now: a.p.Now(), pull: a.event.Pull}), Remarks: a.remarks(s)}
	if s.head == nil && s.base == nil && !a.in.requireBoard {
		r.Verdict = rule.Passed
		r.Remarks = append(r.Remarks, "there is no board, and the input require-board is false.")
		return r
	}
	same, butState := a.read.unchanged(s)
	switch {
	case !a.compares():
		a.standing(r)
	case same:
		r.Verdict = rule.Passed
		r.Remarks = append(r.Remarks, fmt.Sprintf("this change touches neither the board %s nor its state file or configuration, so there was nothing to judge.", s.path))
	default:
		a.hold(ctx, s, r, butState)
	}
	return r
}

// hold holds the change to the rules: all of them, or state-sync alone where
// the state file alone has changed.
func (a *action) hold(ctx context.Context, s *sides, r *report.Report, stateAlone bool) {
	r.Case.Facts = a.answers(ctx, s, rule.Wants(r.Case))
	j := rule.Judge(r.Case)
	if stateAlone {
		r.Remarks = append(r.Remarks, "this change touches the state file alone, so state-sync alone judged it.")
		j.Findings = slices.DeleteFunc(j.Findings, func(f rule.Finding) bool { return f.Rule != rule.StateSync.Name })
	}
	r.Verdict, r.Findings, r.Reasons = j.Verdict(a.in.failOn), j.Findings, j.Unknown
	r.Remarks = append(r.Remarks, j.Remarks...)
	r.Waivers = waivers(r.Case, j.Findings)
}

// answers asks GitHub what the rules want to know.
func (a *action) answers(ctx context.Context, s *sides, w fact.Wanted) fact.Answers {
	if len(w.Pulls) == 0 && len(w.Paths) == 0 {
		return fact.Answers{DefaultBranch: s.branch}
	}
	got, err := a.client.Cited(ctx, a.event.Repo, a.read.got.Head.Commit, w)
	a.note(err)
	got.DefaultBranch = s.branch
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
	a.lacks = append(a.lacks, github.Permissions(err)...)
}

// advised adds to what could not be had what would help.
func advised(err error) error {
	if asked := (*github.Error)(nil); !errors.As(err, &asked) {
		return err
	}
	said := strings.TrimRight(err.Error(), ".")
	switch github.KindOf(err) {
	case github.Unauthorized:
		return fmt.Errorf("%s. The token is missing, wrong or no longer good; the default, `${{ github.token }}`, is this job's own", said)
	case github.NotFound:
		return fmt.Errorf("%s. Either it is not there, or this token is another repository's or may not read this one (`contents: read`)", said)
	case github.Limited, github.Unavailable:
		return fmt.Errorf("%s. Run the job again", said)
	}
	return err
}

// remarks says what is to be known about what was compared.
func (a *action) remarks(s *sides) []string {
	var out []string
	c := &rule.Case{Policy: s.law.judge}
	got := a.read.got
	if got.How == github.MergeBase {
		out = append(out, "GitHub has no merge commit for this head, so it was compared with where it left the base branch.")
	}
	if got.Pull.Conflict {
		out = append(out, "the pull request has conflicts with its base branch; what lands may be something else.")
	}
	if got.Pull.Err != nil {
		a.note(got.Pull.Err)
		out = append(out, sentence(fmt.Errorf("the pull request itself could not be read: %w", got.Pull.Err)))
	}
	return append(out, s.remarks(c)...)
}

// sentence ends a text in a full stop.
func sentence(err error) string {
	text := strings.TrimRight(err.Error(), ". \n")
	return strings.ReplaceAll(text, "\n", "; ") + "."
}
