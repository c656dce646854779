package probe

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/boardgate/boardgate/internal/fact"
)

// reply is what all attempts of one fact came to, in one pass.
type reply struct {
	result     fact.Result
	document   any // the JSON of the answer, for those that capture from it
	noResponse bool
	leaks      bool // it answered with a secret it was not told
	later      bool // the confirming pass is to check again
}

// slack is what the scheduler may take on top of a fact's own budget.
const slack = 250 * time.Millisecond

// check checks one fact, with as many attempts as its faults and
// its time allow.
func (r *run) check(ctx context.Context, c *check, pass int) reply {
	rep := reply{result: fact.Result{Probe: r.shown(c)}}
	q, err := r.requestFor(c)
	if err != nil {
		rep.result.Outcome, rep.result.Class, rep.result.Reason = fact.Skipped, "unasked", err.Error()
		return rep
	}
	end := r.world.Now().Add(c.budget + slack)
	if end.After(r.end) {
		end = r.end
	}
	addresses := r.addresses(ctx, c, q)
	if len(addresses) < 2 {
		r.attempts(ctx, c, q, pass, end, &rep)
		return rep
	}
	replies := make([]reply, len(addresses))
	var all sync.WaitGroup
	for i, address := range addresses {
		replies[i] = rep
		to := q
		to.address = address
		all.Go(func() { r.attempts(ctx, c, to, pass, end, &replies[i]) })
	}
	all.Wait()
	return worst(addresses, replies)
}

// mostAddresses is how many addresses of a name are asked.
const mostAddresses = 16

// addresses returns the addresses of a name, all of which are to be asked; none where
// one is to be, or where they are not known: the attempt tells why.
func (r *run) addresses(ctx context.Context, c *check, q request) []netip.Addr {
	if !c.everyAddress {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	all, _ := r.world.Lookup(ctx, r.prober.family, q.url.Hostname())
	for i := range all {
		all[i] = all[i].Unmap()
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Less(all[j]) })
	all = slices.Compact(all)
	return all[:min(len(all), mostAddresses)]
}

// worst joins the replies of the addresses of one fact: the worst decides, and is told
// with its address.
func worst(addresses []netip.Addr, replies []reply) reply {
	var attempts []fact.Attempt
	at := 0
	later := false
	for i, one := range replies {
		for _, made := range one.result.Attempts {
			if made.Reason != "" {
				made.Reason = fmt.Sprintf("%s: %s", addresses[i], made.Reason)
			}
			attempts = append(attempts, made)
		}
		if one.result.Outcome.Rank() > replies[at].result.Outcome.Rank() {
			at = i
		}
		later = later || one.later
	}
	out := replies[at]
	out.result.Attempts, out.later = attempts, later
	if out.result.Reason != "" {
		out.result.Reason = fmt.Sprintf("at %s, one of %d addresses: %s", addresses[at], len(addresses), out.result.Reason)
	}
	return out
}

// attempts tries until the answer is final or the time does not suffice for another.
func (r *run) attempts(ctx context.Context, c *check, q request, pass int, end time.Time, rep *reply) {
	var pause time.Duration
	most := c.attempts
	if r.options.Once {
		most = 1
	}
	for n := 1; ; n++ {
		if left := end.Sub(r.world.Now()); left < pause+c.timeout {
			if !r.options.Once || left <= slack {
				rep.late(n, pause)
				return
			}
			q.timeout = left - slack // the last round of a wait takes what is left
		}
		if n > 1 && r.world.Sleep(ctx, pause) != nil {
			return
		}
		q.turn = n - 1
		j := r.attempt(ctx, c, q, pass, pause, rep)
		if !j.retry || n == most {
			return
		}
		pause = max(j.after, time.Duration(r.world.Random()*float64(c.ceiling(n))))
	}
}

// late says why there was no n-th attempt.
func (rep *reply) late(n int, pause time.Duration) {
	if n > 1 {
		rep.result.Note = fmt.Sprintf("no time for attempt %d after a pause of %s", n, round(pause))
		return
	}
	rep.result.Outcome, rep.result.Class = fact.OutcomeUnknown, "deadline"
	rep.result.Reason = "not checked: the time for the whole run did not suffice for one attempt"
}

// attempt makes one attempt, judges it and enters it.
func (r *run) attempt(ctx context.Context, c *check, q request, pass int, pause time.Duration, rep *reply) judgement {
	a, hops, made, f := r.prober.probe(ctx, q)
	v := filled{run: r}
	j := c.judge(a, made, f, r.world.Now(), v)
	rep.leaks = !c.secret && r.leaksSecret(a, hops, f)
	if c.secret || rep.leaks {
		c.redactAll(&j, a)
		hops = nil
	}
	window := r.suite.maintenance(r.world.Now())
	if a != nil && c.captured && (j.outcome.Good() || c.known.holds(r.world.Now()) || window != "") {
		rep.document, _ = a.json()
	}
	made.Pass, made.After, made.Outcome, made.Class, made.Reason = pass, pause, j.outcome, j.class, j.reason
	rep.record(c, made, redirectLines(hops), j, r.world.Now())
	if out := rep.result.Outcome; window != "" && (out == fact.Fail || out == fact.Unreachable) {
		rep.result.Outcome, rep.result.Maintained = fact.Warn, true
		rep.result.Reason = fmt.Sprintf("%s (%s)", rep.result.Reason, window)
	}
	rep.noResponse = f != nil && f.noResponse && a == nil
	rep.later = j.outcome == fact.Fail || j.outcome == fact.Unreachable
	return j
}

// leaksSecret tells whether a secret, its own or another fact's, is in an answer,
// in those that led to it, or in what a fault quotes. It looks before anything
// is cut: half a secret could not be told from other text.
func (r *run) leaksSecret(a *answer, hops []*answer, f *fault) bool {
	if len(r.redactor.forms) == 0 {
		return false
	}
	if a != nil && r.redactor.holds(string(a.body)) || f != nil && r.redactor.holds(f.raw) {
		return true
	}
	for _, each := range append(hops, a) {
		if each != nil && r.redactor.inHeaders(each.header) {
			return true
		}
	}
	return false
}

// redirectLines writes the answers that led on: where each was and where it led.
func redirectLines(hops []*answer) []string {
	var said []string
	for _, a := range hops {
		said = append(said, shownURL(a.url)+" "+a.got())
	}
	return said
}

// record makes an attempt part of the result: the last one decides, earlier
// ones that did not hold make a good end flaky.
func (rep *reply) record(c *check, made fact.Attempt, hops []string, j judgement, now time.Time) {
	res := &rep.result
	before := res.Reason
	res.Attempts = append(res.Attempts, made)
	res.Outcome, res.Class, res.Reason = j.outcome, j.class, j.reason
	res.Got, res.Note, res.Excerpt, res.Hops, res.Assertions = j.got, j.note, j.excerpt, hops, j.assertions
	n := len(res.Attempts)
	if n > 1 && j.outcome == fact.Pass {
		last := res.Attempts[n-2]
		res.Outcome, res.Class = fact.Flaky, last.Class
		res.Reason = fmt.Sprintf("as expected at attempt %d; before: %s", n, before)
	}
	c.applyKnown(res, now)
}

// applyKnown turns the failure of a known fault into a warning until its day.
func (c *check) applyKnown(res *fact.Result, now time.Time) {
	switch {
	case c.known == nil:
	case res.Outcome == fact.Pass:
		res.Note = fmt.Sprintf("it was known to fail (%s) and does not: known can go", c.known.reason)
	case res.Outcome != fact.Fail && res.Outcome != fact.Unreachable:
	case c.known.holds(now):
		res.Outcome, res.Known = fact.Warn, c.known.day()
		res.Reason = fmt.Sprintf("%s (known until %s: %s)", res.Reason, c.known.day(), c.known.reason)
	default:
		res.Reason = fmt.Sprintf("%s (known until %s, which is over: %s)", res.Reason, c.known.day(), c.known.reason)
	}
}

// requestFor fills in the request of a fact.
func (r *run) requestFor(c *check) (request, error) {
	v := filled{run: r}
	written, err := c.target.address(v)
	if err != nil {
		return request{}, err
	}
	u, err := url.Parse(written)
	if err != nil || u.Scheme != c.origin.Scheme || hostPort(u) != hostPort(c.origin) {
		return request{}, fmt.Errorf("the address, filled in, is not one of %s", c.origin.Host)
	}
	h := http.Header{}
	for _, each := range c.headers {
		value, err := each.value.text(v)
		if err != nil {
			return request{}, err
		}
		h.Set(each.name, value)
	}
	body, err := c.body(h, v)
	if err != nil {
		return request{}, err
	}
	return request{method: c.method, url: u, headers: h, body: body, timeout: c.timeout, hops: c.hops, stay: c.secret || body != "", limit: c.limit, minTLS: c.minTLS, homes: []*url.URL{r.suite.base, u}}, nil
}

// body fills in what is sent, as its media type writes values, and names that type
// where the configuration does not.
func (c *check) body(h http.Header, v values) (string, error) {
	kind := h.Get("Content-Type")
	if kind == "" && len(c.send.parts) > 0 {
		kind = "text/plain; charset=utf-8"
		if start := strings.TrimSpace(c.send.written); strings.HasPrefix(start, "{") && !strings.HasPrefix(start, "{{") || strings.HasPrefix(start, "[") {
			kind = "application/json"
		}
		h.Set("Content-Type", kind)
	}
	switch {
	case strings.Contains(kind, "json"):
		return c.send.escaped(v, func(s string) string {
			quoted, _ := json.Marshal(s)
			return string(quoted[1 : len(quoted)-1])
		})
	case strings.HasPrefix(kind, "application/x-www-form-urlencoded"):
		return c.send.escaped(v, url.QueryEscape)
	}
	return c.send.text(v)
}

// shown returns the probe with its address filled in, where that may be shown.
func (r *run) shown(c *check) fact.Probe {
	p := c.probe()
	if written, err := c.target.address(filled{run: r}); err == nil && !c.secret {
		p.URL = written
	}
	return p
}
