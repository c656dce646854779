package rule_test

import (
	"testing"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/rule"
)

func TestOfProduction(t *testing.T) {
	for _, test := range []struct {
		outcomes []fact.Outcome
		want     rule.Verdict
	}{
		{nil, rule.Unverified},
		{[]fact.Outcome{fact.Pass}, rule.Passed},
		{[]fact.Outcome{fact.Pass, fact.Flaky, fact.Warn}, rule.Passed},
		{[]fact.Outcome{fact.Pass, fact.Fail, fact.Blocked}, rule.Fail},
		{[]fact.Outcome{fact.OutcomeUnknown, fact.Unreachable}, rule.Fail},
		{[]fact.Outcome{fact.Pass, fact.OutcomeUnknown}, rule.Unverified},
		{[]fact.Outcome{fact.Pass, fact.Blocked}, rule.Unverified},
		{[]fact.Outcome{fact.Fail, fact.Skipped}, rule.Fail},
		{[]fact.Outcome{fact.Pass, fact.Skipped}, rule.Unverified},
		{[]fact.Outcome{fact.Skipped}, rule.Unverified},
	} {
		var p fact.Production
		for _, o := range test.outcomes {
			p.Results = append(p.Results, fact.Result{Outcome: o})
		}
		if got := rule.OfProduction(p); got != test.want {
			t.Errorf("%v is %s, want %s", test.outcomes, got, test.want)
		}
	}
}

// The rule, where it decides, and the command by itself are of one mind: a fact
// that was skipped waits for another.
func TestProdFactsDecidesAsTheCommandDoes(t *testing.T) {
	none := rule.Judge(&rule.Case{Enforcement: rule.Blocking, Facts: fact.Answers{Production: &fact.Production{}}}, rule.ProdFacts)
	if got := none.Verdict(rule.Error); got != rule.Unverified {
		t.Errorf("with nothing asked the rule says %s", got)
	}
	for first := range fact.Skipped {
		for second := range fact.Skipped + 1 {
			p := fact.Production{Results: []fact.Result{{Outcome: first}, {Outcome: second}}}
			if second == fact.Skipped && first.Good() {
				continue
			}
			j := rule.Judge(&rule.Case{Enforcement: rule.Blocking, Facts: fact.Answers{Production: &p}}, rule.ProdFacts)
			if got, want := j.Verdict(rule.Error), rule.OfProduction(p); got != want {
				t.Errorf("%s and %s: the rule says %s, the command %s", first, second, got, want)
			}
		}
	}
}
