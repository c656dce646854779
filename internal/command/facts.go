package command

import (
	"cmp"
	"slices"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/probe"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// readPolicy reads a configuration, the facts of production included: what is
// wrong with them is a fault like all others.
func readPolicy(f *source.File) config.Reading {
	r := config.Read(f, rule.Infos())
	if p := r.Policy.ProdFacts; p != nil {
		_, faults := probe.Compile(p)
		r.Faults = append(r.Faults, faults...)
		byPlace(r.Faults)
	}
	return r
}

func byPlace(faults []config.Fault) {
	slices.SortStableFunc(faults, func(a, b config.Fault) int {
		return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Message, b.Message))
	})
}

// faults are those of a broken configuration, as the rule config says them.
func faults(r *config.Reading) []rule.Finding {
	var out []rule.Finding
	for _, f := range r.Faults {
		out = append(out, rule.Faulty(f))
	}
	return out
}
