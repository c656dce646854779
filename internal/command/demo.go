package command

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/page"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
)

const demoStory = `Ada opens pull request #42 in acme/shop. On the team's board it
  - finishes "Import the price list", and forgets to say which pull request did it,
  - starts two items at once, where one is the limit,
  - and drops an item from NEXT without a word.

`

const demoBroken = `Meanwhile somebody broke production: %s.

`

const demoAfter = `
The job exits %d, and the pull request waits; the demo exits 0. All of it ran in this process. What now:
%s  boardgate demo --break login    has production let everybody in
  boardgate check                 judges the board of your own repository
  boardgate explain wip-limit     says why a rule exists, with examples
  boardgate init                  proposes the workflow and what else is missing
`

const demoShow = "  boardgate demo --html pr.html   draws the pull request as a page\n"

const demoLong = `Runs the gate on a pull request, with a GitHub and a production inside this
process: what the change does to the board, what boardgate asks and answers, its
report, and what the pull request has then. Nothing leaves the machine. --break
login has production answer 200 where 307 is due.

--serve 127.0.0.1:8307 lets that production answer by itself, for prod-facts to
be tried on.`

func demoCommand(p *Process) *cobra.Command {
	o := output{format: "text", render: report.Text}
	var to, address string
	var faults []string
	c := &cobra.Command{
		Use:   "demo",
		Short: "Run the gate on a built-in example pull request",
		Long:  demoLong,
		Args:  atMost(0),
		RunE: func(c *cobra.Command, _ []string) error {
			if to == "" && c.Flags().Changed("html") {
				return misuse("", "--html needs a file")
			}
			if to != "" {
				if err := p.writable("--html", to); err != nil {
					return err
				}
			}
			if err := knownFaults(faults); err != nil {
				return err
			}
			if c.Flags().Changed("serve") {
				return p.serveProduction(c.Context(), address, faults)
			}
			return p.demo(c.Context(), &o, to, faults)
		},
	}
	c.Flags().StringVar(&to, "html", "", "draw the pull request as a page in this `file`")
	c.Flags().StringArrayVar(&faults, "break", nil, "break production in this `way`: "+strings.Join(fake.ProductionFaults(), ", "))
	complete(c, "break", fake.ProductionFaults()...)
	c.Flags().StringVar(&address, "serve", "", "only serve the built-in production, at this loopback `address`")
	c.Flags().StringVar(&o.color, "color", "auto", "colours: auto, always or never; auto honours NO_COLOR")
	complete(c, "color", colors...)
	return c
}

// knownFaults refuses a way to break production that is none.
func knownFaults(faults []string) error {
	for _, name := range faults {
		if !slices.Contains(fake.ProductionFaults(), name) {
			return misuse(didYouMean(name, fake.ProductionFaults()), "--break %s: it is one of %s", name, strings.Join(fake.ProductionFaults(), ", "))
		}
	}
	return nil
}

// demo plays the pull request, prints what happens, and draws it where it is wanted.
func (p *Process) demo(ctx context.Context, o *output, to string, faults []string) (err error) {
	s, err := newDemoStage(faults)
	if err != nil {
		return &failure{Unverified, fmt.Errorf("setting the stage: %w", err), ""}
	}
	defer func() { err = cmp.Or(err, s.Close()) }()
	r, status := s.gate(ctx, p.version())
	if to != "" {
		if err := p.target(to).save(s.page(r).HTML(), nil); err != nil {
			return &failure{Misused, fmt.Errorf("writing %s: %w", to, err), ""}
		}
	}
	return p.write([]byte(s.tell(r, o.options(p), faults) + drawn(status, to)))
}

// drawn says what to do next, and where the page is.
func drawn(status int, to string) string {
	if to == "" {
		return fmt.Sprintf(demoAfter, status, demoShow)
	}
	return fmt.Sprintf(demoAfter, status, "") + "\nThe pull request as a page: " + filepath.ToSlash(to) + "\n"
}

// tell prints what happened, from the change to what it left.
func (s *demoStage) tell(r *report.Report, o report.Options, faults []string) string {
	b := &strings.Builder{}
	b.WriteString(demoStory)
	if len(faults) > 0 {
		fmt.Fprintf(b, demoBroken, strings.Join(faults, ", "))
	}
	for _, l := range page.Diff(demoText("before.md"), demoText("after.md")) {
		fmt.Fprintln(b, "  "+paint(o, ink[l.Mark], strings.TrimRight(diffMark(l)+l.Text, " ")))
	}
	b.WriteString("\nboardgate runs in the job board-gate. Its requests to a GitHub inside this process:\n\n")
	for _, line := range s.talk() {
		fmt.Fprintln(b, "  "+line)
	}
	b.WriteString("\nIt also checks a production inside this process:\n\n")
	for _, line := range s.productionLines(r) {
		fmt.Fprintln(b, "  "+line)
	}
	fmt.Fprintf(b, "\nIts report, here, in the job's log and in the check run:\n\n%s\n", bytes.TrimSpace(report.Text(r, o)))
	b.WriteString("\nWhat it published:\n\n")
	for _, receipt := range r.Receipts {
		fmt.Fprintln(b, strings.TrimRight(fmt.Sprintf("  %-10s  %s  %s", receipt.Sink, receipt.State, receipt.Detail), " "))
	}
	return b.String()
}

// productionLines is how production is: the line, and why each fact that is not well is not.
func (s *demoStage) productionLines(r *report.Report) []string {
	if r.Production == nil {
		return nil
	}
	return append([]string{report.ProductionLine(*r.Production)}, report.ProductionReasons(*r.Production)...)
}

// diffMark is what a line of the diff begins with.
func diffMark(l page.Line) string {
	if l.Mark == '@' {
		return ""
	}
	return string(l.Mark)
}

// ink is the colours of the diff: SGR parameters (ECMA-48, 8.3.117).
var ink = map[byte]string{'-': "1;31", '+': "1;32", '@': "2"}

func paint(o report.Options, style, text string) string {
	if !o.Color || style == "" {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

const demoBody = `The import runs every night now. The board follows:

- the price list is done,
- the CSV export and the search by colour are next, so I start them.
`

// page is the pull request as it stands then.
func (s *demoStage) page(r *report.Report) *page.Pull {
	return &page.Pull{
		Repo: demoRepo, Number: demoPull, Title: demoTitle, Body: demoBody, Author: "ada", Branch: "price-list", Into: "main",
		Path: demoPath, Before: demoText("before.md"), After: demoText("after.md"),
		Job: "board-gate", Pass: r.Verdict == rule.Passed,
		Checks: s.repo.CheckRuns(), Comments: s.repo.Comments(demoPull), Reviews: s.repo.ReviewComments(demoPull),
		Note: "Drawn by boardgate demo from a GitHub inside its own process. The real page looks different; what it says is the same.",
	}
}
