// Package report puts a judgement into words: one Report, many formats.
//
// A Report is of a board, of production, or of both. JSON writes all of it; the
// other formats write the board, and production where it stands alone, as
// ProductionReport gives it. Formats are pure functions of the Report. All text that comes from a board, a
// title or an answer passes through the one writer of its format: visible for
// people, and on top of it prose and code for Markdown, data and property for
// workflow commands, xmlText for JUnit.
package report

import (
	"strings"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/text"
)

// Report is a judgement with all that was judged. Where Case is nil and Production
// is not, production is all that was looked at.
type Report struct {
	Tool      string // boardgate's own version
	Verdict   rule.Verdict
	FailOn    config.Severity // the least severity that fails; the zero value is rule.Error
	Observing bool            // the verdict holds up nothing: it is shown, and the job passes
	Case      *rule.Case
	Compared  *Compared      // what the board was compared with, nil for nothing
	Unchanged bool           // that is the same: the older findings are all there is to say
	Findings  []rule.Finding // sorted by path, place, rule
	Waivers   []Waived       // waivers that this change itself adds and that count, for the top of a summary
	Remarks   []string       // said once, each a sentence: what was not looked at, and why; our own words
	Reasons   []string       // why the verdict is unverified, each a sentence with the command that helps
	Receipts  []Receipt

	Production *fact.Production // what production answered, nil where it was not asked
	Waiting    *Waiting         // how waiting for it went, nil where nobody waited
}

// Waiting is how it went to ask production again and again until it is healthy.
type Waiting struct {
	Rounds int    // how often production was asked
	Good   int    // rounds in a row, at the end, in which all was as expected
	Reason string // why the waiting was not enough, empty where it was
}

// Compared is what a board was compared with.
type Compared struct {
	Revision string // as people call it: "main", "HEAD~1", a file's path
	Commit   string // empty where it is not a commit
	Staged   bool   // the board is the one that is staged for the next commit
}

// shortCommit is how many digits of a commit are shown, as git shows them.
const shortCommit = 7

// comparedLine says what was compared with what, both names through show. It is
// empty where there is no board, or where the reasons say why there was no base.
func (r *Report) comparedLine(show func(string) string) string {
	c := r.Compared
	switch {
	case r.boardPath() == "" || c == nil && (r.Case == nil || len(r.Reasons) > 0):
		return ""
	case c == nil && r.Case.BaseKind == rule.Adoption:
		return "compared " + show(r.boardPath()) + " with nothing: it has no earlier version"
	case c == nil:
		return "compared " + show(r.boardPath()) + " with nothing: it is judged as it stands"
	}
	line := "compared " + show(r.boardPath()) + " with " + show(c.Revision)
	if c.Staged {
		line = "compared " + show(r.boardPath()) + ", as staged, with " + show(c.Revision)
	}
	if c.Commit != "" {
		line += " (" + c.Commit[:min(len(c.Commit), shortCommit)] + ")"
	}
	if r.Case != nil && r.Case.BaseKind == rule.Adoption && !r.Case.Deleted {
		line += ", which has no board there"
	}
	return line
}

// Waived is a waiver and how many findings it covers.
type Waived struct {
	Rule, Reason string
	Findings     int
}

// Receipt is what became of one place a report was taken to.
type Receipt struct {
	Sink   string // "check-run", "comment", "summary", …
	State  string // done, degraded, failed, off
	Detail string
}

// Options are what a format may know of its reader. Each format reads those it names.
type Options struct {
	Width int    // text: columns of the terminal, 0 for no limit
	Color bool   // text: ANSI colours
	Bytes int    // markdown: the most bytes the reader takes, 0 for no limit
	Help  string // all: address of the folder of the rules' pages (wip-limit.md), ending in a slash; empty for none

	// Blob is the address of the head's files, "https://HOST/OWNER/REPO/blob/COMMIT/",
	// for markdown to link places; empty for none. Line returns where a line that
	// was judged stands at that commit, 0 where it does not.
	Blob string
	Line func(path string, line int) int

	// Book returns a rule's title and its prose in Markdown, for sarif; nil for none.
	Book func(rule string) (short, text string)
}

// hinted returns what a hint says, and the lines below that are to paste.
func hinted(hint string) (sentence string, paste []string) {
	sentence, rest, _ := strings.Cut(hint, "\n")
	if rest != "" {
		paste = text.Lines(rest)
	}
	return sentence, paste
}
