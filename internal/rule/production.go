package rule

import "github.com/boardgate/boardgate/internal/fact"

// OfProduction returns the verdict on the facts of production asked by
// themselves: fail where production answered otherwise than expected, or not at
// all while the runner's own network worked; unverified where that could not be
// found out, or where a fact was not asked.
func OfProduction(p fact.Production) Verdict {
	if o := p.Outcome(); o == fact.Fail || o == fact.Unreachable {
		return Fail
	}
	for _, r := range p.Results {
		if !r.Outcome.Good() {
			return Unverified
		}
	}
	if len(p.Results) == 0 {
		return Unverified
	}
	return Passed
}
