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
		_, problems := compiled(p)
		r.Faults = append(r.Faults, placed(p, problems)...)
		byPlace(r.Faults)
	}
	return r
}

// compiled returns the section as written and all that is wrong with it.
func compiled(p *config.ProdFacts) (probe.Spec, []probe.Problem) {
	spec, problems := probe.Read(p.Mapping())
	if len(problems) == 0 {
		_, problems = spec.Compile()
	}
	return spec, problems
}

// placed gives problems of the section their places in the file.
func placed(p *config.ProdFacts, problems []probe.Problem) []config.Fault {
	var out []config.Fault
	for _, one := range problems {
		out = append(out, config.Fault{Span: p.Place(one.Path, one.Key).FirstLine(), Message: one.Message, Hint: one.Hint})
	}
	return out
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
