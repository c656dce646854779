package command

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/shell"
)

// checkOptions is what the command line of check says.
type checkOptions struct {
	board string // empty where it is to be found

	base     string // a revision; empty for the merge base of the default branch
	baseFile string
	noBase   bool
	staged   bool // what is staged, against HEAD

	state, stateBase string
	config           string

	pull    int
	pending bool // there is no pull request yet
	now     time.Time
	failOn  config.Severity
	verbose bool
	output  output
}

const checkExample = `  boardgate check                                  # against the merge base
  boardgate check --base HEAD~1                    # against another revision
  boardgate check after.md --base-file before.md   # two files, no git
  boardgate check - --no-base < BOARD.md           # standard input
  boardgate check --format sarif --output board.sarif`

const checkLong = `Judges what a change does to the board: the work tree against the merge base
with the default branch. On the default branch itself: what is ahead of its
remote copy, else what is not committed, else the last commit. The report says
what was compared with what.

Without BOARD it is the first file of a common board name that has a column:
docs/NEXT-7D.md, NEXT.md, BOARD.md, KANBAN.md, TASKS.md, TODO.md, BACKLOG.md or
ROADMAP.md, in any case, in the root, docs/, the working directory or a
workspace folder. "-" is standard input.

Exit status: 0 pass, 1 fail, 2 wrong use or broken configuration, 3 unverified:
something needed was not available, such as the base in a shallow clone.`

func checkCommand(p *Process) *cobra.Command {
	var o checkOptions
	var now, failOn, pull string
	c := &cobra.Command{
		Use:   "check [BOARD]",
		Short: "Judge what a change does to the board",

		SuggestFor: []string{"lint", "validate", "verify", "test", "run", "judge"},

		Long:    checkLong,
		Example: checkExample,
		Args:    atMost(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"md"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(c *cobra.Command, args []string) error {
			o.board = strings.Join(args, "")
			if err := o.validate(p, c, now, failOn, pull); err != nil {
				return err
			}
			return p.check(c.Context(), &o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.base, "base", "", "compare with this `revision`")
	f.StringVar(&o.baseFile, "base-file", "", "compare with this `file`")
	f.BoolVar(&o.staged, "staged", false, "judge what is staged for the next commit, against HEAD")
	f.BoolVar(&o.noBase, "no-base", false, "compare with nothing: all findings count")
	f.StringVar(&o.state, "state", "", "the state `file`")
	f.StringVar(&o.stateBase, "state-base-file", "", "the state `file` before the change")
	f.StringVar(&o.config, "config", "", "the configuration `file`, in place of those of both sides")
	f.StringVar(&pull, "pr", "", "the `number` of this pull request; pending where there is none yet")
	f.StringVar(&now, "now", "", "judge as at this `time`, as in 2025-12-20T12:00:00Z")
	f.StringVar(&failOn, "fail-on", string(rule.Error), "the least `severity` that fails: error or warning")
	f.BoolVar(&o.verbose, "verbose", false, "say what was not compared, too")
	o.output.flags(c, report.Formats())
	o.output.colorFlag(c)
	complete(c, "fail-on", string(rule.Error), string(rule.Warning))
	complete(c, "pr", pendingPull)
	return c
}

// complete offers the values of a flag to the shell.
func complete(c *cobra.Command, flag string, values ...string) {
	if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // there is no such flag
	}
}

// validate turns the flags' text into values, and refuses what cannot be meant.
func (o *checkOptions) validate(p *Process, c *cobra.Command, now, failOn, pull string) error {
	o.failOn = config.Severity(failOn)
	if o.failOn != rule.Error && o.failOn != rule.Warning {
		return misuse(didYouMean(failOn, []string{string(rule.Error), string(rule.Warning)}), "--fail-on %s: it is error or warning", failOn)
	}
	if c.Flags().Changed("pr") {
		if err := o.parsePull(pull); err != nil {
			return err
		}
	}
	if err := o.validateBase(c); err != nil {
		return err
	}
	if err := o.parseNow(p, now); err != nil {
		return err
	}
	return o.output.validate(p)
}

// pendingPull is what --pr takes before the pull request is opened.
const pendingPull = "pending"

// parsePull reads a pull request's number, "42" or "#42", or that it is pending.
func (o *checkOptions) parsePull(pull string) (err error) {
	if o.pending = pull == pendingPull; o.pending {
		return nil
	}
	o.pull, err = strconv.Atoi(strings.TrimPrefix(pull, "#"))
	switch {
	case err != nil:
		return misuse("", "--pr %s: expected the pull request's number, such as 42, or %q where there is none yet", pull, pendingPull)
	case o.pull < 1:
		return misuse("", "--pr %s: a pull request's number is at least 1", pull)
	}
	return nil
}

// validateBase sees that only one base is named, and that standard input is read once.
func (o *checkOptions) validateBase(c *cobra.Command) error {
	var named []string
	for _, name := range []string{"base", "base-file", "no-base", "staged"} {
		if c.Flags().Changed(name) {
			named = append(named, "--"+name)
		}
	}
	if len(named) > 1 {
		return misuse("", "%s cannot be combined", strings.Join(named, " and "))
	}
	if o.board == onInput && o.staged {
		return misuse("", "--staged: standard input is not staged")
	}
	if o.board == onInput && o.base != "" {
		return misuse("`before=$(mktemp) && git show "+shell.Word(o.base+":BOARD.md")+` > "$before"`+"` and --base-file \"$before\" compare it.",
			"--base %s: standard input has no path to look up in a revision", o.base)
	}
	if c.Flags().Changed("base") && o.base == "" {
		return misuse("", "--base needs a revision")
	}
	read := 0
	for _, path := range []string{o.board, o.baseFile, o.state, o.stateBase, o.config} {
		if path == onInput {
			read++
		}
	}
	if read > 1 {
		return misuse("", "standard input can be read once, and \"-\" is given %d times", read)
	}
	return nil
}

func (o *checkOptions) parseNow(p *Process, now string) (err error) {
	if now == "" {
		o.now = p.Now()
		return nil
	}
	if o.now, err = time.Parse(time.RFC3339, now); err != nil {
		return misuse("", "--now %s: it is a time as in 2025-12-20T12:00:00Z", now)
	}
	return nil
}

// check judges a change and writes the report. The verdict stands before
// anything is written.
func (p *Process) check(ctx context.Context, o *checkOptions) error {
	r, status, err := p.changeReport(ctx, o)
	if err != nil {
		return err
	}
	if err := o.output.write(p, r); err != nil {
		// What could not be written does not make a failed change any better.
		return &failure{cmp.Or(status, Misused), err, ""}
	}
	if status != Passed {
		return &failure{status: status}
	}
	return nil
}

// patience is how long git may take over all.
const patience = time.Minute

// changeReport returns the report of a change and the exit status it leads to.
func (p *Process) changeReport(ctx context.Context, o *checkOptions) (*report.Report, int, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r := &report.Report{Tool: p.version(), FailOn: o.failOn}
	c := p.checkout(o.board)
	defer c.close()
	loaded, b, err := c.load(ctx, p, o)
	if err != nil {
		return nil, 0, err
	}
	if broken := loaded.Policies.Broken; broken != nil {
		r.Verdict, r.Findings = rule.Fail, faults(broken)
		return r, Misused, nil
	}
	r.Compared, r.Case = b.compared, loaded.Case()
	r.Case.Now, r.Case.Pull, r.Case.PullPending = o.now, o.pull, o.pending
	if b.missing != "" {
		r.Reasons = []string{b.missing}
		return r, Unverified, nil
	}
	wanted := rule.Wants(r.Case)
	r.Case.Facts, r.Case.Earlier = c.answersFromLog(ctx, wanted, b.branches), c.earlier(ctx, loaded, wanted.Since)
	r.Remarks = slices.Concat(loaded.Remarks(), loaded.WithoutState(o.verbose))
	judge(r, rule.Queue{}, false)
	if r.Unchanged, _ = loaded.Unchanged(); r.Unchanged {
		r.Remarks = append(r.Remarks, untouched(loaded))
	}
	return r, statusOf(r.Verdict), nil
}

// judge holds the case of a report to the rules given, to every rule where none is,
// and puts what they find into it: about the change, about what is ahead of it in a
// merge queue, and about the board as it stands, where that is audited.
func judge(r *report.Report, queue rule.Queue, audit bool, only ...*rule.Rule) {
	found := rule.Judge(r.Case, only...)
	found.Add(r.Case, queue)
	if audit {
		standing := rule.Audit(r.Case)
		found.Findings = append(found.Findings, standing.Findings...)
		found.Unknown = append(found.Unknown, standing.Unknown...)
		found.Remarks = append(found.Remarks, standing.Remarks...)
	}
	r.Verdict, r.Findings, r.Reasons = found.Verdict(r.FailOn), found.Findings, found.Unknown
	r.Remarks = append(r.Remarks, found.Remarks...)
	r.Waivers = waivers(r.Case, r.Findings)
	r.Production = r.Case.Facts.Production
}

// untouched is the remark on a change that leaves all as it was.
func untouched(c *change.Change) string {
	return fmt.Sprintf("this change touches neither the board %s nor its state file or configuration, white space aside, so there was nothing to judge.", c.Path)
}

func statusOf(v rule.Verdict) int {
	switch v {
	case rule.Passed:
		return Passed
	case rule.Fail:
		return Failed
	}
	return Unverified
}

// waivers are those that the change itself brings and that cover something.
func waivers(c *rule.Case, findings []rule.Finding) []report.Waived {
	var out []report.Waived
	at := map[report.Waived]int{} // without the count
	for _, f := range findings {
		if f.Waived == nil || !f.Introduced || !rule.Added(c, f.Waived) {
			continue
		}
		w := report.Waived{Rule: f.Rule, Reason: f.Waived.Reason}
		i, seen := at[w]
		if !seen {
			i, at[w] = len(out), len(out)
			out = append(out, w)
		}
		out[i].Findings++
	}
	return out
}

// faults are those of a broken configuration, as the rule config says them.
func faults(r *config.Reading) []rule.Finding {
	var out []rule.Finding
	for _, f := range r.Faults {
		out = append(out, rule.Faulty(f))
	}
	return out
}
