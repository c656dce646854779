package command

import (
	"bytes"
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/git"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/probe"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// factsOptions is what the command line of prod-facts says.
type factsOptions struct {
	names   []string // the facts and workflows to ask, empty for all
	config  string   // empty for the work tree's own
	baseURL string
	caFile  string         // certificates to trust beside the system's, empty for none
	roots   *x509.CertPool // the system's and those

	allowWorkTree bool // secrets are sent where a configuration says that has not landed

	waits  bool          // until all is well, for at most wait
	wait   time.Duration // 0 for what the configuration says
	until  []string
	stable int

	drill bool // walk the way of an alarm

	// What the names come to in the configuration.
	production bool            // whether any fact is asked
	facts      []string        // those asked, empty for all
	workflows  []fact.Workflow // those asked

	last   string // the file that keeps the last answer, empty for none
	output output
}

const factsExample = `  boardgate prod-facts                             # all facts configured
  boardgate prod-facts healthz login               # these, and those they need
  boardgate prod-facts --base-url http://localhost:3000
  boardgate prod-facts --wait 5m --until 'healthz $.sha == "3f2a91c"' --stable 3
  boardgate prod-facts --report PROD-FACTS-LAST.md
  boardgate prod-facts --drill                     # does an alarm reach people?`

const factsLong = `Checks that production answers as configured: one request a fact,
redirects not followed, all facts at once, and once more where one fails. GitHub
is asked whether the workflows under prod-facts succeeded: GITHUB_TOKEN, else
GH_TOKEN, and GITHUB_REPOSITORY say where.

Exit status: 0 all as expected (flaky and warn included), 1 production is not, 2
wrong use or broken configuration, 3 it could not be found out: bot protection,
or no network here.`

func prodFactsCommand(p *Process) *cobra.Command {
	var o factsOptions
	c := &cobra.Command{
		Use:     "prod-facts [NAME...]",
		Short:   "Check that production answers as configured",
		Long:    factsLong,
		Example: factsExample,
		RunE: func(c *cobra.Command, args []string) error {
			o.names = args
			if err := o.validateDrill(c); err != nil {
				return err
			}
			if err := o.validate(p, c); err != nil {
				return err
			}
			return p.prodFacts(c.Context(), &o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.config, "config", "", "the configuration `file`")
	f.StringVar(&o.baseURL, "base-url", "", "ask at this `address` in place of the configured base")
	f.StringVar(&o.caFile, "ca-file", "", "trust the certificates of this PEM `file` too")
	f.BoolVar(&o.allowWorkTree, "allow-work-tree-config", false, "send secrets as the work tree's configuration says, where the default branch has another")
	f.DurationVar(&o.wait, "wait", 0, "ask again until all is as expected, at most for this `duration`, as in 5m")
	f.StringArrayVar(&o.until, "until", nil, "wait for this `condition` too: FACT JSONPATH == VALUE")
	f.IntVar(&o.stable, "stable", 1, "wait for this `number` of good rounds in a row")
	f.BoolVar(&o.drill, "drill", false, "walk the whole way of an alarm, with an issue that closes itself")
	f.StringVar(&o.last, "report", "", "keep the answer in this Markdown `file`, without times")
	o.output.flags(c, report.ProductionFormats())
	o.output.colorFlag(c)
	return c
}

// validateDrill refuses beside --drill what it would pass over.
func (o *factsOptions) validateDrill(c *cobra.Command) error {
	if !o.drill {
		return nil
	}
	if len(o.names) > 0 {
		return misuse("", "--drill asks for what nothing answers, not for %s", strings.Join(o.names, ", "))
	}
	for _, name := range []string{"wait", "until", "stable", "report", "format", "output"} {
		if c.Flags().Changed(name) {
			return misuse("", "--drill goes without --%s: it says in a line what became of the alarm", name)
		}
	}
	return nil
}

// validate refuses what cannot be meant, before anybody is asked.
func (o *factsOptions) validate(p *Process, c *cobra.Command) error {
	if err := o.output.validate(p); err != nil {
		return err
	}
	if o.last != "" {
		if err := p.writable("--report", o.last); err != nil {
			return err
		}
	}
	if o.caFile != "" {
		text, err := p.readNamed(o.caFile)
		if err != nil {
			return misuse("", "--ca-file %s: %w", o.caFile, err)
		}
		if o.roots, err = github.Roots(text); err != nil {
			return misuse("", "--ca-file %s: it holds no PEM certificate", o.caFile)
		}
	}
	return o.validateWait(c)
}

// longestWait is the most that --wait takes: a job of GitHub ends after six hours.
const longestWait = 6 * time.Hour

func (o *factsOptions) validateWait(c *cobra.Command) error {
	f := c.Flags()
	if f.Changed("wait") && (o.wait < time.Second || o.wait > longestWait) {
		return misuse("", "--wait %s: it is between 1s and %s", o.wait, longestWait)
	}
	if o.stable < 1 || o.stable > 100 {
		return misuse("", "--stable %d: it is between 1 and 100", o.stable)
	}
	o.waits = f.Changed("wait") || f.Changed("until") || f.Changed("stable")
	for _, condition := range o.until {
		if words := strings.Fields(condition); len(o.names) > 0 && len(words) > 0 && !slices.Contains(o.names, words[0]) {
			o.names = append(o.names, words[0])
		}
	}
	return nil
}

// prodFacts asks production and writes the report. The verdict stands before
// anything is written.
func (p *Process) prodFacts(ctx context.Context, o *factsOptions) error {
	suite, faulty, err := p.suite(ctx, o)
	if err != nil {
		return err
	}
	if faulty != nil {
		return p.faulty(o, faulty)
	}
	if o.drill {
		return p.drillAlarm(ctx, suite, o.world(p))
	}
	if err := o.lasts(suite); err != nil {
		return err
	}
	r, err := p.ask(ctx, suite, o)
	if err != nil {
		return err
	}
	status := statusOf(r.Verdict)
	if err := o.write(p, r); err != nil {
		return &failure{cmp.Or(status, Misused), err, ""}
	}
	if status != Passed {
		return &failure{status: status}
	}
	return nil
}

// lasts refuses a wait in which nothing could be asked.
func (o *factsOptions) lasts(suite *probe.Suite) error {
	if o.wait == 0 || o.wait >= suite.Round() {
		return nil
	}
	control := ""
	if suite.Controlled() {
		control = ", and of the control,"
	}
	return misuse("", "--wait %s: one attempt of each fact%s may take %s", o.wait, control, suite.Round())
}

// faulty writes what is wrong with the configuration.
func (p *Process) faulty(o *factsOptions, found []config.Fault) error {
	var wrong config.Reading
	wrong.Add(found...)
	r := &report.Report{Tool: p.version(), Verdict: rule.Fail, Findings: faults(&wrong)}
	return &failure{Misused, o.output.write(p, r), ""}
}

// suite returns the facts of the configuration, or what is wrong with it.
func (p *Process) suite(ctx context.Context, o *factsOptions) (*probe.Suite, []config.Fault, error) {
	files, place, err := p.configuration(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	if err := o.spares(p, place); err != nil {
		return nil, nil, err
	}
	r := config.Read(files[0], rule.Infos())
	if r.Add(change.Twice(files)...); len(r.Faults) > 0 {
		return nil, r.Faults, nil
	}
	if r.Policy.ProdFacts == nil {
		return nil, nil, unconfigured(files[0].Path + " has no section prod-facts")
	}
	suite, found, err := o.compiled(r.Policy.ProdFacts)
	if err == nil && len(found) == 0 {
		if err = o.choose(suite); err == nil && o.production && !o.drill && (o.waits || len(o.workflows) == 0 && !suite.Askable(p.env, o.facts...)) {
			found = suite.Unset(p.env, o.facts...)
		}
	}
	if err == nil && len(found) == 0 && o.production && !o.drill {
		err = o.landed(ctx, p, suite, r.Policy.ProdFacts, place)
	}
	return suite, found, err
}

// configuration returns the file that --config names, else those of the work
// tree, and where the first lies on disk.
func (p *Process) configuration(ctx context.Context, o *factsOptions) ([]*source.File, string, error) {
	root, ok := git.Root(p.Dir)
	if !ok {
		root = p.Dir
	}
	if o.config != "" {
		file, err := p.named(root, "configuration", o.config)
		return []*source.File{file}, p.disk(o.config), err
	}
	files, err := change.FilesAt(ctx, change.WorkTree{Root: root}, change.ConfigPaths)
	if err == nil && len(files) == 0 {
		err = unconfigured("there is no " + change.ConfigPath)
	}
	if err != nil {
		return nil, "", err
	}
	return files, filepath.Join(root, filepath.FromSlash(files[0].Path)), nil
}

// spares refuses to write over the configuration, and two reports into one file.
func (o *factsOptions) spares(p *Process, configuration string) error {
	for _, one := range [][2]string{{"--report", o.last}, {"--output", o.output.path}} {
		if one[1] != "" && sameFile(p.disk(one[1]), configuration) {
			return misuse("", "%s %s: it is the configuration", one[0], one[1])
		}
	}
	if o.last != "" && o.output.path != "" && p.disk(o.last) == p.disk(o.output.path) {
		return misuse("", "--report and --output name one file, %s", o.last)
	}
	return nil
}

const factsHint = `Say there what is expected of production, as in
prod-facts:
  base: https://example.com
  check:
    healthz: { get: /api/healthz, expect: 200 }`

func unconfigured(why string) error {
	return misuse(factsHint, "no facts of production are configured: %s", why)
}

// compiled returns the facts of the section with what the command line adds.
func (o *factsOptions) compiled(section *config.ProdFacts) (*probe.Suite, []config.Fault, error) {
	facts, given := *section, source.NewFile("--base-url", []byte(o.baseURL))
	if o.baseURL != "" {
		facts.Base = config.Value[string]{V: o.baseURL, Span: given.Span(0, len(given.Text))}
	}
	suite, found := probe.Compile(&facts)
	for _, f := range found {
		if f.Span.File == given {
			return nil, nil, misuse(f.Hint, "--base-url: %s", f.Message)
		}
	}
	if len(found) > 0 || len(o.until) == 0 {
		return suite, found, nil
	}
	suite, err := o.conditioned(&facts)
	return suite, nil, err
}

// conditioned returns the facts with the conditions of --until.
func (o *factsOptions) conditioned(facts *config.ProdFacts) (*probe.Suite, error) {
	var err error
	for _, condition := range o.until {
		if facts, err = probe.Until(facts, condition); err != nil {
			return nil, misuse(`It is written as in --until 'healthz $.sha == "3f2a91c"'.`, "--until %s: %w", condition, err)
		}
	}
	suite, found := probe.Compile(facts)
	if len(found) > 0 {
		return nil, misuse(found[0].Hint, "--until %s: %s", strings.Join(o.until, ", "), found[0].Message)
	}
	return suite, nil
}

// knownFacts refuses names that neither a fact nor a workflow has.
func knownFacts(there, names []string) error {
	for _, name := range names {
		if !slices.Contains(there, name) {
			return misuse(didYouMean(name, there), "no fact is named %q; there is %s", name, strings.Join(there, ", "))
		}
	}
	return nil
}

// env looks a variable up; one that is empty is not set.
func (p *Process) env(name string) (string, bool) {
	value := p.Getenv(name)
	return value, value != ""
}

// userAgent is what production sees of this program.
func (p *Process) userAgent() string {
	return "boardgate/" + p.version() + " (+https://github.com/boardgate/boardgate)"
}

// world is what asking production touches. Without env no secret is at hand.
func (p *Process) world(env func(string) (string, bool)) probe.World {
	if p.World != nil {
		return p.World(p.userAgent(), env)
	}
	return probe.RealWorld(p.userAgent(), env)
}

// ask asks production and, beside it, GitHub for the workflows.
func (p *Process) ask(ctx context.Context, suite *probe.Suite, o *factsOptions) (*report.Report, error) {
	h, remarks, err := p.reach(o)
	if err != nil {
		return nil, err
	}
	var green []fact.Result
	var asked sync.WaitGroup
	if h != nil {
		asked.Go(func() { green = p.askHub(ctx, h, suite, o) })
	}
	answer, waiting, err := p.askProduction(ctx, suite, o)
	asked.Wait()
	if err != nil {
		return nil, err
	}
	answer.Results = append(answer.Results, green...)
	r := (&report.Report{Tool: p.version(), Production: &answer, Waiting: waiting}).ProductionReport()
	r.Remarks = remarks
	return r, nil
}

// askHub asks for the workflows, no longer than production may take.
func (p *Process) askHub(ctx context.Context, h *hub, suite *probe.Suite, o *factsOptions) []fact.Result {
	ctx, cancel := context.WithTimeout(ctx, suite.Schedule)
	defer cancel()
	results, _ := askWorkflows(ctx, h.client, h.Repo, h.DefaultBranch, o.workflows, p.Now()) // each says why it is not known
	return results
}

// world is what asking production touches, with the further certificates to trust.
func (o *factsOptions) world(p *Process) probe.World {
	world := p.world(p.env)
	if o.roots != nil {
		world.Roots = o.roots
	}
	return world
}

// askProduction asks once, or until all is as expected, and says how the waiting went.
func (p *Process) askProduction(ctx context.Context, suite *probe.Suite, o *factsOptions) (fact.Production, *report.Waiting, error) {
	world := o.world(p)
	if !o.production && len(o.workflows) > 0 {
		return fact.Production{Start: world.Now()}, nil, nil
	}
	said := p.progress()
	defer said.clear()
	if o.waits {
		w, err := suite.WaitUntilGood(ctx, world, probe.Waiting{For: o.wait, Stable: o.stable, Only: o.facts, Progress: said.roundProgress(o.stable)})
		return w.Last, &report.Waiting{Rounds: w.Rounds, Good: w.Good, Reason: w.Reason}, unasked(err)
	}
	all := len(suite.Probes())
	if len(o.facts) > 0 {
		all = 0 // those that are needed are asked too
	}
	answer, err := suite.Run(ctx, world, probe.Options{Deadline: suite.Schedule, Only: o.facts, Decides: true, Progress: said.factProgress(all)})
	return answer, nil, unasked(err)
}

// unasked says that nothing could be asked.
func unasked(err error) error {
	if errors.Is(err, probe.ErrNone) {
		return unconfigured("the section prod-facts has no fact under check")
	}
	return err
}

// write puts the report where it is wanted, and the last answer into its file.
func (o *factsOptions) write(p *Process, r *report.Report) error {
	if o.last != "" {
		if err := p.target(o.last).keep(report.ProductionFile(r)); err != nil {
			return fmt.Errorf("writing %s: %w", o.last, err)
		}
	}
	return o.output.write(p, r)
}

// keep saves a file that holds something else, and leaves one that does not alone.
func (to target) keep(data []byte) error {
	if old, err := change.ReadBelow(to.folder, to.name); err == nil && bytes.Equal(old, data) {
		return nil
	}
	return to.save(data, nil)
}
