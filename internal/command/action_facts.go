package command

import (
	"errors"

	"github.com/boardgate/boardgate/internal/policy"
)

// productionFacts says in a line that production is not asked. Where nothing
// but its facts was wanted that is wrong use, for a job that checks nothing
// must not be green.
func (a *action) productionFacts(law policy.Policy) ([]string, error) {
	switch {
	case a.in.prodFacts == "only":
		return nil, errors.New("input prod-facts is only: this version does not ask production")
	case a.in.prodFacts == "off":
		return nil, nil
	case law.ProdFacts == nil && a.in.prodFactsURL == "":
		return []string{"prod-facts: off, none are configured."}, nil
	}
	return []string{"prod-facts: off, this version does not ask production."}, nil
}
