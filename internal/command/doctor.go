package command

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/doctor"
	"github.com/boardgate/boardgate/internal/propose"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

const doctorLong = `Looks at workflows, configuration and board of this repository for what would
let a bad change through, or keep a good one waiting, and prints the lines to
put in. It sends nothing to GitHub.

Exit status: 0 sound, 1 something to fix, 2 wrong use, 3 a file could not
be read.`

// otherCIs are where the CIs of docs/ci.md are told what to run.
var otherCIs = []string{".gitlab-ci.yml", "Jenkinsfile", "azure-pipelines.yml", "bitbucket-pipelines.yml"}

func doctorCommand(p *Process) *cobra.Command {
	o := output{color: "auto"}
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Find problems in how the gate is set up",
		Long:  doctorLong,
		Args:  atMost(0),
		RunE:  func(c *cobra.Command, _ []string) error { return p.doctor(c.Context(), &o) },
	}
	o.flags(c, doctorFormats)
	return c
}

// doctorFormats are those of check's formats that have a use without a change.
var doctorFormats = []string{"text", "json", "sarif"}

// doctor reports what is to be put right. Of a sound repository the text is
// empty, but for a line where somebody looks.
func (p *Process) doctor(ctx context.Context, o *output) error {
	if err := o.validate(p); err != nil {
		return err
	}
	r, err := p.repository(ctx)
	if err != nil {
		return err
	}
	findings := doctor.Examine(r)
	render := o.render
	o.render = func(rep *report.Report, options report.Options) []byte {
		switch {
		case o.format != "text":
			options.Help, options.Book = strings.TrimSuffix(rulePages, "rules/"), doctorBook
			return render(rep, options)
		case len(findings) == 0 && !p.Terminal && o.path == "":
			return nil
		}
		said := diagnosis(findings)
		if r.Board != nil && r.NoState != "" {
			said += "Note: there is no state file at " + text.Block(r.NoState) + ", so state-sync compares nothing.\n"
		}
		return []byte(said)
	}
	if err := o.write(p, p.diagnosed(r, findings)); err != nil || len(findings) == 0 {
		return err
	}
	return &failure{status: Failed}
}

// doctorBook says in a report what the rule doctor is.
func doctorBook(name string) (short, text string) {
	if name != "doctor" {
		return bookOf(name)
	}
	return "The gate is set up correctly.", doctorLong
}

// diagnosed returns what the doctor found as a report: errors of a rule of its own.
func (p *Process) diagnosed(r *doctor.Repository, findings []doctor.Finding) *report.Report {
	out := &report.Report{Tool: p.version(), Verdict: rule.Passed, Case: &rule.Case{BoardPath: change.ConfigPath}}
	for _, f := range findings {
		out.Verdict = rule.Fail
		one := rule.Finding{Rule: "doctor", Severity: rule.Error, Introduced: true, Message: f.Message, Hint: f.Hint}
		if f.Lines != "" {
			one.Hint = strings.TrimSpace(f.Hint+" Put in:") + "\n" + strings.TrimRight(f.Lines, "\n")
		}
		if f.Path != "" {
			one.Span = cmp.Or(r.File(f.Path), source.NewFile(f.Path, nil)).LineSpan(max(f.Line, 1)) // what is missing is empty
		}
		out.Findings = append(out.Findings, one)
	}
	return out
}

// repository reads what the doctor looks at: in the git work tree, else in the
// working directory.
func (p *Process) repository(ctx context.Context) (*doctor.Repository, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := p.checkout("")
	defer c.close()
	tree := c.tree()
	r := &doctor.Repository{Ref: p.ref(), Now: p.Now()}
	words, err := readConfig(ctx, tree, r)
	if err != nil {
		return nil, err
	}
	if r.Workflows, err = readableFiles(ctx, tree, workflowsIn(c.root)); err != nil {
		return nil, err
	}
	if r.Elsewhere, err = readableFiles(ctx, tree, otherCIs); err != nil {
		return nil, err
	}
	if r.Hooks, err = tree.Read(ctx, propose.HooksPath); err != nil {
		return nil, err
	}
	if r.Board, err = c.board(ctx, r.BoardPath, words); err != nil {
		return nil, err
	}
	state := change.StatePaths
	if r.Config != nil && r.Config.Policy.State != "" {
		state = []string{r.Config.Policy.State}
	}
	states, err := readableFiles(ctx, tree, state)
	if err != nil {
		return nil, err
	}
	if len(states) == 0 {
		r.NoState = strings.Join(state, ", ")
	}
	if c.inGit && c.open() == nil {
		c.history(ctx, r)
	}
	return r, nil
}

// readConfig reads the configuration and returns the words it gives.
func readConfig(ctx context.Context, tree change.Source, r *doctor.Repository) (board.Words, error) {
	reading, err := change.FindConfig(ctx, tree, change.ConfigPaths)
	if err != nil || reading == nil {
		return config.Default().Words, err
	}
	r.Config, r.BoardPath = &reading.Reading, reading.Policy.Board
	if p := reading.Policy.ProdFacts; p != nil {
		r.Facts, r.Monitored = hasFacts(p), keptBy(p)
	}
	return reading.Policy.Words, nil
}

// hasFacts says whether there is anything to ask production.
func hasFacts(p *config.ProdFacts) bool {
	return len(p.Check) > 0
}

// keptBy returns the workflows that are to stay green.
func keptBy(p *config.ProdFacts) []doctor.Monitored {
	var out []doctor.Monitored
	for _, w := range p.Workflows {
		at := w.File.Span
		if !w.File.Stated() {
			at = w.Name.Span
		}
		out = append(out, doctor.Monitored{Name: w.Name.V, File: w.File.V, Line: at.From().Line})
	}
	return out
}

// board reads the board that the configuration names, else the one found.
func (c *checkout) board(ctx context.Context, path string, words board.Words) (*board.Board, error) {
	if path == "" {
		search := c.search()
		return search.Discover(ctx, c.tree(), words)
	}
	f, err := c.tree().Read(ctx, path)
	if f == nil {
		return nil, err
	}
	return board.Parse(f, words), err
}

// history adds what git knows; without it the rest is looked at all the same.
func (c *checkout) history(ctx context.Context, r *doctor.Repository) {
	base, _ := c.repository.Base(ctx)
	r.Branch = base.Branch
	if r.Board == nil {
		return
	}
	path := r.Board.File.Path
	commit, err := c.repository.Commit(ctx, "HEAD")
	if err != nil || commit == "" {
		return
	}
	before, err := change.Commit{Repository: c.repository, ID: commit}.Read(ctx, path)
	if err != nil || before == nil || string(before.Text) != string(r.Board.File.Text) {
		return // it is being changed right now
	}
	r.Touched, err = c.repository.Touched(ctx, path)
	if err != nil {
		r.Touched = time.Time{}
	}
}

// diagnosis writes findings, each with what to put in.
func diagnosis(findings []doctor.Finding) string {
	if len(findings) == 0 {
		return "Nothing to fix.\n"
	}
	var b strings.Builder
	for _, f := range findings {
		if place := f.Place(); place != "" {
			b.WriteString(text.Block(place) + ": ")
		}
		b.WriteString(text.Block(f.Message) + "\n")
		if f.Hint != "" {
			b.WriteString("  " + text.Block(f.Hint) + "\n")
		}
		if f.Lines != "" {
			b.WriteString("  Put in:\n" + indent(text.Block(f.Lines), "    "))
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "%s to fix.\n", text.Count(len(findings), "problem"))
	return b.String()
}
