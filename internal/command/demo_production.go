package command

import (
	"bytes"
	"context"
	_ "embed"
	"errors"

	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/policy"
	"github.com/boardgate/boardgate/internal/probe"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

//go:embed demo/production.yml
var demoFacts []byte

// demoProduction asks a production inside the process for its facts, after it
// was broken in the ways named: see fake.Production.
func (p *Process) demoProduction(ctx context.Context, faults ...string) (f *report.Facts, err error) {
	shop, err := fake.NewProduction()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, shop.Close()) }()
	for _, name := range faults {
		if err := shop.Break(name); err != nil {
			return nil, err
		}
	}
	suite, err := demoSuite(shop.URL)
	if err != nil {
		return nil, err
	}
	answer, err := suite.Run(ctx, p.world(p.env), probe.Options{Deadline: suite.PullRequest})
	return &report.Facts{Tool: p.version(), Verdict: rule.OfProduction(answer), Production: answer}, err
}

// demoSuite returns the facts that are built in, of a production at an address.
func demoSuite(base string) (*probe.Suite, error) {
	r := policy.Read(source.NewFile(configPath, demoFacts), rule.Infos())
	o := factsOptions{baseURL: base}
	suite, problems, err := o.compiled(r.Policy.ProdFacts)
	if len(problems) > 0 {
		err = errors.New(problems[0].Message)
	}
	return suite, err
}

// demoProductionLines asks the production inside the process and says how it
// is: the line, then why each fact that is not well is not. The text holds no
// times, so that it is the same every time.
func (p *Process) demoProductionLines(ctx context.Context, faults ...string) ([]byte, error) {
	f, err := p.demoProduction(ctx, faults...)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString(report.FactsLine(f.Production) + "\n")
	for _, line := range report.FactsReasons(f.Production) {
		out.WriteString("  " + line + "\n")
	}
	return out.Bytes(), nil
}
