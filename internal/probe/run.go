package probe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/theory/jsonpath"
)

// ErrNone is returned by Run where there is no fact to check: a run that
// checks nothing must not look like one that found nothing.
var ErrNone = errors.New("no facts to check")

// Options are how one run goes.
type Options struct {
	Deadline time.Duration     // for the whole run; one of Suite.PullRequest, Schedule, Wait
	Only     []string          // the facts to check, and those they need; empty for all
	Once     bool              // one attempt each and no confirming pass
	Decides  bool              // the answer decides: a fact without its secret is not found out, elsewhere skipped
	Progress func(fact.Result) // told of each fact as it is done, one at a time; may be nil
}

// Run checks production. The error is for a call that cannot be met; whatever
// production does is in the answer.
func (s *Suite) Run(ctx context.Context, w World, o Options) (fact.Production, error) {
	checks, err := s.selected(o.Only)
	if err != nil {
		return fact.Production{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, o.Deadline)
	defer cancel()
	r := s.begin(w, o)
	p := fact.Production{Base: s.Base(), Start: w.Now()}
	r.pass(ctx, checks, 1)
	if again := r.again(checks); len(again) > 0 && r.mayConfirm(again) && w.Sleep(ctx, s.confirmAfter) == nil {
		r.confirm(ctx, again)
	}
	p.Control = r.probeControl(ctx, checks)
	for _, c := range checks {
		p.Results = append(p.Results, r.replies[c].result)
	}
	p.Duration = w.Now().Sub(p.Start)
	r.redactor.production(&p)
	return p, nil
}

// selected returns the checks of the names and of all they need, in the order
// of the configuration.
func (s *Suite) selected(names []string) ([]*check, error) {
	if len(s.checks) == 0 {
		return nil, ErrNone
	}
	if len(names) == 0 {
		return s.checks, nil
	}
	wanted := map[*check]bool{}
	for _, name := range names {
		c := s.find(name)
		if c == nil {
			return nil, fmt.Errorf("no fact is named %q; there is %s", name, strings.Join(s.names(), ", "))
		}
		c.want(wanted)
	}
	return slices.DeleteFunc(slices.Clone(s.checks), func(c *check) bool { return !wanted[c] }), nil
}

func (c *check) want(wanted map[*check]bool) {
	wanted[c] = true
	for _, n := range c.needs {
		c := n
		if !wanted[c] {
			c.want(wanted)
		}
	}
}

func (s *Suite) names() []string {
	names := make([]string, len(s.checks))
	for i, c := range s.checks {
		names[i] = c.name
	}
	return names
}

// run is one run under way.
type run struct {
	suite    *Suite
	world    World
	prober   prober
	redactor *Redactor
	options  Options
	end      time.Time // no attempt may last beyond it
	slots    chan struct{}
	hosts    map[string]chan struct{}

	mu      sync.Mutex
	replies map[*check]reply
}

func (s *Suite) begin(w World, o Options) *run {
	r := &run{
		suite: s, world: w, redactor: s.Redactor(w.Env), options: o,
		prober:  prober{world: w, proxy: s.proxy, allowPrivate: s.allowPrivate, family: s.family},
		end:     w.Now().Add(o.Deadline),
		slots:   make(chan struct{}, overall),
		hosts:   map[string]chan struct{}{},
		replies: map[*check]reply{},
	}
	if s.control != nil {
		r.end = r.end.Add(-min(controlTimeout, o.Deadline/2))
	}
	for _, c := range s.checks {
		r.hosts[hostPort(c.origin)] = make(chan struct{}, s.parallel)
	}
	return r
}

// pass makes all the checks, as many at a time as may be, each after those it needs.
func (r *run) pass(ctx context.Context, checks []*check, pass int) {
	done := map[*check]chan struct{}{}
	for _, c := range checks {
		done[c] = make(chan struct{})
	}
	var all sync.WaitGroup
	for _, c := range checks {
		all.Go(func() {
			defer close(done[c])
			for _, n := range c.needs {
				if wait := done[n]; wait != nil {
					<-wait
				}
			}
			r.keepReply(c, r.one(ctx, c, pass))
		})
	}
	all.Wait()
}

// keepReply keeps a reply and tells of it.
func (r *run) keepReply(c *check, rep reply) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.replies[c] = rep
	if r.options.Progress != nil {
		told := fact.Production{Results: []fact.Result{rep.result}}
		r.redactor.production(&told)
		r.options.Progress(told.Results[0])
	}
}

// one makes one check when its turn has come, or says why it is skipped.
func (r *run) one(ctx context.Context, c *check, pass int) reply {
	unset := c.withoutSecret(r.world.Env)
	if unset != "" && r.options.Decides {
		return reply{result: fact.Result{Probe: r.shown(c), Class: "secret", Reason: unset + "; " + handOver}}
	}
	if why := cmp.Or(unset, r.whySkipped(c)); why != "" {
		return reply{result: fact.Result{Probe: r.shown(c), Outcome: fact.Skipped, Class: "unasked", Reason: why}}
	}
	host := r.hosts[hostPort(c.origin)]
	for _, slot := range []chan struct{}{host, r.slots} {
		select {
		case slot <- struct{}{}:
			defer func() { <-slot }()
		case <-ctx.Done():
			f := stopped(ctx)
			return reply{result: fact.Result{Probe: r.shown(c), Class: f.class, Reason: "not checked: " + f.reason}}
		}
	}
	return r.check(ctx, c, pass)
}

// whySkipped says why a check is skipped; empty where it is not.
func (r *run) whySkipped(c *check) string {
	for _, n := range c.needs {
		if res := r.reply(n).result; !res.Outcome.Good() {
			return fmt.Sprintf("it needs %s, which is %s", n.name, res.Outcome)
		}
	}
	return ""
}

func (r *run) reply(c *check) reply {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.replies[c]
}

// filled finds values for templates among the replies and in the environment.
type filled struct{ run *run }

func (v filled) captured(name string, path *jsonpath.Path) (string, error) {
	rep := v.run.reply(v.run.suite.find(name))
	if rep.leaks {
		return "", fmt.Errorf("%s answered with a secret: nothing is taken from it", name)
	}
	if rep.document == nil {
		return "", fmt.Errorf("%s answered no JSON to take %s from", name, path)
	}
	s, err := scalar(path, rep.document)
	if err != nil {
		return "", fmt.Errorf("nothing to take from %s: %w", name, err)
	}
	return s, nil
}

func (v filled) secret(name string) string {
	value, _ := v.run.world.Env(name)
	return value
}

// again returns the checks for the confirming pass: those that were not good,
// and those that were skipped on their account.
func (r *run) again(checks []*check) []*check {
	if r.options.Once || r.suite.confirmAfter == 0 {
		return nil
	}
	chosen := map[*check]bool{}
	for range checks { // needs may stand in any order
		for _, c := range checks {
			rep := r.replies[c]
			chosen[c] = chosen[c] || rep.later && !rep.result.Outcome.Good() ||
				rep.result.Outcome == fact.Skipped && slices.ContainsFunc(c.needs, func(n *check) bool { return chosen[n] })
		}
	}
	return slices.DeleteFunc(slices.Clone(checks), func(c *check) bool { return !chosen[c] })
}

// mayConfirm tells whether the time suffices for a pause and one attempt of each.
func (r *run) mayConfirm(again []*check) bool {
	longest := slices.MaxFunc(again, func(a, b *check) int { return int(a.timeout - b.timeout) }).timeout
	return !r.world.Now().Add(r.suite.confirmAfter + longest).After(r.end)
}

// confirm checks once more and joins what came with what came before.
func (r *run) confirm(ctx context.Context, again []*check) {
	before := map[*check]reply{}
	for _, c := range again {
		before[c] = r.replies[c]
	}
	r.pass(ctx, again, 2)
	for _, c := range again {
		r.replies[c] = joined(before[c], r.replies[c])
	}
}

// joined is the second reply with the first one's attempts before it.
func joined(first, second reply) reply {
	if len(second.result.Attempts) == 0 && len(first.result.Attempts) > 0 {
		return first // it was not checked again, for want of time or of what it needs
	}
	res := &second.result
	res.Attempts = append(slices.Clone(first.result.Attempts), res.Attempts...)
	switch {
	case len(first.result.Attempts) == 0:
	case res.Outcome == fact.Pass || res.Outcome == fact.Flaky:
		res.Outcome, res.Class = fact.Flaky, first.result.Class
		res.Reason = "as expected in the confirming pass; before: " + first.result.Reason
	case !res.Outcome.Good():
		res.Confirmed = res.Outcome == first.result.Outcome
	}
	return second
}

// probeControl tells production that is down from a runner without network: where
// nothing came from production, the control decides which it is.
func (r *run) probeControl(ctx context.Context, checks []*check) fact.Control {
	silent := slices.ContainsFunc(checks, func(c *check) bool { return r.replies[c].noResponse })
	if !silent {
		return fact.Control{State: fact.Skipped}
	}
	control := r.control(ctx, checks)
	if control.State == fact.Pass {
		return control
	}
	for c, rep := range r.replies {
		if rep.noResponse && rep.result.Outcome == fact.Unreachable {
			rep.result.Outcome = fact.OutcomeUnknown
			rep.result.Reason += "; " + control.Reason
			r.replies[c] = rep
		}
	}
	for c, rep := range r.replies { // those that wait for such a one
		if why := r.whySkipped(c); rep.result.Outcome == fact.Skipped && why != "" {
			rep.result.Reason = why
			r.replies[c] = rep
		}
	}
	return control
}

// control requests the control host, twice at most; any HTTP answer will do. Where
// none is configured, an answer from any fact's host in this run has to serve.
func (r *run) control(ctx context.Context, checks []*check) (control fact.Control) {
	if r.suite.control == nil {
		control.State, control.Reason = fact.Unreachable, "no control is configured and nothing else answered: the runner's own network may be at fault"
		if slices.ContainsFunc(checks, func(c *check) bool { return r.answered(c) }) {
			control.State, control.Reason = fact.Pass, "another fact was answered"
		}
		return control
	}
	for turn := range 2 {
		a, _, _, f := r.prober.probe(ctx, r.controlRequest(turn))
		if a != nil {
			control.State, control.Reason = fact.Pass, fmt.Sprintf("%s answered %d", r.suite.control.Host, a.status)
			return control
		}
		control.State = fact.Unreachable
		control.Reason = fmt.Sprintf("the control, %s, did not answer either: %s", r.suite.control.Host, f.reason)
	}
	return control
}

func (r *run) controlRequest(turn int) request {
	u := *r.suite.control
	return request{method: "HEAD", url: &u, timeout: controlTimeout / 2, limit: 1 << 10, minTLS: tlsVersions[""], turn: turn, homes: []*url.URL{&u}}
}

// answered tells whether the last attempt of a check had an answer.
func (r *run) answered(c *check) bool {
	made := r.replies[c].result.Attempts
	return len(made) > 0 && made[len(made)-1].Status > 0
}
