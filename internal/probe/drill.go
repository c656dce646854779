package probe

import "slices"

// drillStatus is a status that no server answers: HTTP knows none beyond 511
// (https://www.iana.org/assignments/http-status-codes).
var drillStatus = statuses{{low: 599, high: 599}}

// Drill returns a suite whose one check, named drill, cannot pass: the address
// of the first fact, checked once, without its secrets and for a status that
// nothing answers. It has no check where the suite has none.
func (s *Suite) Drill() *Suite {
	d := *s
	d.Workflows, d.checks, d.confirmAfter = nil, nil, 0
	// One that needs another may have that one's values in its address. Needs
	// run in no circle, so there is one without.
	i := slices.IndexFunc(s.checks, func(c *check) bool { return len(c.needs) == 0 })
	if i < 0 {
		return &d
	}
	c := s.checks[i]
	d.checks = []*check{{
		name: "drill", at: c.at, method: c.method, target: c.target, origin: c.origin, expect: drillStatus,
		timeout: c.timeout, budget: c.timeout, attempts: 1, limit: c.limit, minTLS: c.minTLS,
	}}
	return &d
}
