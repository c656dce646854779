package probe

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/source"
)

// graph ties facts to those they need and refuses circles.
func (c *compiler) graph() {
	for i, f := range c.suite.checks {
		c.needs(f, c.spec.Check[i].Needs)
	}
	for i, f := range c.suite.checks {
		if circle := c.circle(f, nil); circle != nil {
			c.fault(c.needsAt(i), "", "facts need each other in a circle: %s", strings.Join(circle, " needs "))
			return
		}
	}
	for range c.suite.checks { // a taint goes at most as far as the longest chain
		c.taint()
	}
}

// needsAt returns where a fact says what it needs, its name where it does not.
func (c *compiler) needsAt(i int) source.Span {
	spec := c.spec.Check[i]
	if len(spec.Needs) > 0 {
		return spec.Needs[0].Span
	}
	return spec.Name.Span
}

// needs resolves what a fact needs: what it names, and what it captures from.
func (c *compiler) needs(f *check, stated []config.Value[string]) {
	for _, name := range stated {
		c.need(f, name.Span, name.V)
	}
	for _, name := range f.captures() {
		if from := c.need(f, f.at, name); from != nil {
			from.captured = true
		}
	}
}

func (c *compiler) need(f *check, at source.Span, name string) *check {
	from := c.suite.find(name)
	if from == nil {
		c.fault(at, "", "%q needs %q, which is not a fact", f.name, name)
		return nil
	}
	if !slices.Contains(f.needs, from) {
		f.needs = append(f.needs, from)
	}
	return from
}

// captures returns the names of the facts whose answers fill templates.
func (f *check) captures() []string {
	names := append(f.target.facts(), f.send.facts()...)
	for _, a := range f.assertions {
		names = append(names, a.facts...)
	}
	return names
}

// circle returns the names along a circle of needs, nil where there is none,
// and writes down how deep each fact stands in its chain.
func (c *compiler) circle(f *check, trail []string) []string {
	if i := slices.Index(trail, f.name); i >= 0 {
		return append(trail[i:], f.name)
	}
	if f.depth > 0 {
		return nil
	}
	depth := 1
	for _, n := range f.needs {
		if found := c.circle(n, append(slices.Clone(trail), f.name)); found != nil {
			return found
		}
		depth = max(depth, n.depth+1)
	}
	f.depth = depth
	return nil
}

// taint marks facts that use values answered to a secret.
func (c *compiler) taint() {
	for _, f := range c.suite.checks {
		for _, name := range f.captures() {
			if from := c.suite.find(name); from != nil && from.secret {
				f.secret = true
			}
		}
	}
}

// deadlines refuses a configuration that cannot come to its end in time.
func (c *compiler) deadlines() {
	s, spec := c.suite, c.spec.Deadline
	once := c.chain() + controlTimeout
	c.pullRequest(once)
	s.Wait = spec.Wait.OrDefault(5 * time.Minute)
	c.fits("wait", spec.Wait, s.Wait, once, "the longest chain of facts checked once, and the control,")

	worst := c.worst()
	s.Schedule = spec.Schedule.OrDefault(max(defaultSchedule, min(worst, unstatedRun)))
	c.fits("schedule", spec.Schedule, s.Schedule, worst, "every attempt, the pauses and the confirming pass")
}

// pullRequest bounds a run on a pull request. It is short where nothing is held
// up; only what failed twice holds up a change, so then both passes must fit.
func (c *compiler) pullRequest(once time.Duration) {
	s, stated := c.suite, c.spec.Deadline.PullRequest
	if !s.OnDone {
		s.PullRequest = stated.OrDefault(max(30*time.Second, min(once, time.Minute)))
		c.fits("pull_request", stated, s.PullRequest, once, "the longest chain of facts checked once, and the control,")
		return
	}
	if s.confirmAfter == 0 {
		c.fault(c.spec.Block.Span, "take `off` out of confirm, or `block: never`", "on-done blocks what failed in two passes, and confirm is off")
	}
	s.PullRequest = stated.OrDefault(max(30*time.Second, min(c.worst(), unstatedRun)))
	c.fits("pull_request", stated, s.PullRequest, once+s.confirmAfter+c.chain(), "with block: on-done the longest chain of facts checked once, the pause of confirm, the same once more, and the control,")
}

// worst is the longest a whole run can take: both passes, what lies between, and the control probe.
func (c *compiler) worst() time.Duration {
	pass := c.pass()
	worst := pass + controlTimeout
	if c.suite.confirmAfter > 0 {
		worst += c.suite.confirmAfter + pass
	}
	return worst
}

func (c *compiler) fits(key string, stated config.Value[time.Duration], deadline, need time.Duration, what string) {
	if need > deadline {
		c.fault(c.place(stated.Span, c.spec.Deadline.Span), fmt.Sprintf("%s: %s, or shorter timeouts, fewer attempts, more at a time (parallel)", key, need.Round(time.Second)),
			"%s can take %s, longer than the deadline of %s", what, need, deadline)
	}
}

// pass is the longest one pass can take: level after level of needs, wave
// after wave of what may run at a time.
func (c *compiler) pass() time.Duration {
	levels := map[int][]*check{}
	for _, f := range c.suite.checks {
		levels[f.depth] = append(levels[f.depth], f)
	}
	var sum time.Duration
	for _, checks := range levels {
		longest, hosts, most := time.Duration(0), map[string]int{}, 0
		for _, f := range checks {
			longest = max(longest, f.budget)
			hosts[hostPort(f.origin)]++
			most = max(most, hosts[hostPort(f.origin)])
		}
		waves := max(ceil(most, c.suite.parallel), ceil(len(checks), overall))
		sum += longest * time.Duration(waves)
	}
	return sum
}

// chain is the longest that facts which need one another can take, each checked once.
func (c *compiler) chain() time.Duration {
	longest := map[int]time.Duration{}
	for _, f := range c.suite.checks {
		longest[f.depth] = max(longest[f.depth], f.timeout)
	}
	var sum time.Duration
	for _, d := range longest {
		sum += d
	}
	return sum
}

func ceil(n, by int) int { return (n + by - 1) / by }
