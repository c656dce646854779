// Package report puts a judgement into words: one Report, many formats.
//
// Formats are pure functions of the Report. All text that comes from a board, a
// title or an answer passes through the one writer of its format.
package report

import (
	"github.com/boardgate/boardgate/internal/rule"
)

// Report is a judgement with all that was judged.
type Report struct {
	Tool     string // boardgate's own version
	Verdict  rule.Verdict
	Case     *rule.Case
	Findings []rule.Finding // sorted by path, place, rule
	Waivers  []Waived       // waivers that this change itself adds and that count, for the top of a summary
	Remarks  []string       // said once, each a sentence: what was not looked at, and why; our own words
	Reasons  []string       // why the verdict is unverified, each a sentence with the command that helps
	Receipts []Receipt
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

// Options are what a format may know of its reader.
type Options struct {
	Width int  // columns of the terminal, 0 for no limit
	Color bool // ANSI colours
	Help  string // address of the rules' pages, ending in a slash
}

// Format is a way to write a report.
type Format func(*Report, Options) []byte
