package command

import (
	"bytes"
	"embed"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/policy"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

//go:embed demo/*.md
var demoFiles embed.FS

// demoTime is when the change of the demo is judged: some hours after it was made.
var demoTime = time.Date(2026, 3, 12, 15, 0, 0, 0, time.UTC)

const demoStory = `Ada's board has one item in WIP and two in NEXT. In one pull request she
  - finishes "Import the price list", and forgets to say which pull request did it,
  - starts two items at once, where one is the limit,
  - and drops an item from NEXT without a word.
` + "`boardgate check docs/NEXT-7D.md`" + ` says:

`

const demoAfter = `
check exits 1 here, and the pull request waits; the demo exits 0. What now:
  boardgate check                 judges the board of your own repository
  boardgate explain wip-limit     says why a rule is, with examples
`

func demoCommand(p *Process) *cobra.Command {
	o := output{format: "text", render: report.Text}
	c := &cobra.Command{
		Use:   "demo",
		Short: "Judge a change of a board that is built in",
		Args:  atMost(0),
		RunE: func(*cobra.Command, []string) error {
			text := report.Text(demoReport(p.version()), o.options(p))
			return p.write(fmt.Append(nil, demoStory, string(bytes.TrimSpace(text)), "\n", demoAfter))
		},
	}
	c.Flags().StringVar(&o.color, "color", "auto", "colours: auto, always or never; auto heeds NO_COLOR")
	complete(c, "color", colors...)
	return c
}

// demoReport judges the change that is built in.
func demoReport(version string) *report.Report {
	law := policy.Default()
	c := &rule.Case{
		Base: demoBoard("before.md", law.Words), Head: demoBoard("after.md", law.Words), BaseKind: rule.Present,
		Policy: law, HeadWords: law.Words, BaseWords: law.Words, Now: demoTime, BoardPath: demoPath,
	}
	c.Changes = compare.Boards(c.Base, c.Head)
	j := rule.Judge(c)
	return &report.Report{Tool: version, Verdict: j.Verdict(rule.Error), Case: c, Findings: j.Findings, Reasons: j.Unknown, Remarks: j.Remarks}
}

const demoPath = "docs/NEXT-7D.md"

func demoBoard(name string, words board.Words) *board.Board {
	text, err := demoFiles.ReadFile("demo/" + name)
	if err != nil {
		panic(err) // it is built in
	}
	return board.Parse(source.NewFile(demoPath, text), words)
}
