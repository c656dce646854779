package report

import (
	"fmt"
	"strings"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/text"
)

// productionSections are the verdict, the line, the table, what is to be said of
// single facts, the phases.
func productionSections(r *Report) []section {
	p := *r.Production
	return []section{
		{rank: 0, head: "## prod-facts " + VerdictLine(r) + "\n\n" + code(p.Line()) + "\n"},
		{rank: 1, head: "\n" + factsHead(true), noun: "fact", entries: each(p.Results, timedRow)},
		{rank: 2, head: "\n", noun: "remark", entries: factEntries(p)},
		{rank: 3, head: "\n", noun: "note", entries: productionNotes(r)},
		{rank: 4, head: "\n", noun: "picture", entries: pictureBlock(p)},
	}
}

// ProductionFile writes what production answered for a file that is kept: the same
// bytes for the same answers, so without times.
func ProductionFile(r *Report) []byte {
	p := *r.Production
	sections := []section{
		{rank: 0, head: "# PROD-FACTS\n\n" + code(p.Line()) + "\n\n" + VerdictLine(r) + "\n"},
		{rank: 1, head: "\n" + factsHead(false), noun: "fact", entries: each(p.Results, lastRow)},
		{rank: 2, head: "\n", noun: "remark", entries: lastEntries(p)},
		{rank: 3, head: "\n", noun: "note", entries: each(r.Remarks, bullet)},
		{rank: 4, head: "\nAsked " + ofBase(p) + "by `boardgate prod-facts --report`; without times, so that nothing changes where nothing changed.\n"},
	}
	return []byte(fit(sections, 0))
}

// ofBase names the production that was asked, if any was.
func ofBase(p fact.Production) string {
	if p.Base == "" {
		return ""
	}
	return "of " + code(p.Base) + " "
}

func factsHead(timed bool) string {
	if timed {
		return "| fact | verdict | got | want | time |\n| --- | --- | --- | --- | --- |\n"
	}
	return "| fact | verdict | got | want |\n| --- | --- | --- | --- |\n"
}

func timedRow(r fact.Result) string {
	return strings.TrimSuffix(lastRow(r), "\n") + " " + short(total(r)) + " |\n"
}

func lastRow(r fact.Result) string {
	return fmt.Sprintf("| %s | %s | %s | %s |\n", cellCode(r.Probe.Name), r.Outcome, cellCode(orNone(r.Got)), cellCode(r.Probe.Want))
}

// cellCode returns code for the cell of a table, which no bar in it ends
// (GFM 0.29, section 4.10).
func cellCode(s string) string {
	return code(strings.ReplaceAll(clip(text.Visible(s), gotCells), "|", "⟨U+007C⟩"))
}

// factEntries says of each fact what its row does not.
func factEntries(p fact.Production) []string {
	var out []string
	for _, r := range p.Results {
		if hasMore(r) {
			out = append(out, factEntry(r))
		}
	}
	return out
}

func factEntry(r fact.Result) string {
	var b strings.Builder
	b.WriteString(factLead(r, r.Reason) + runLink(r.Probe))
	if r.Note != "" {
		fmt.Fprintf(&b, "\n  Note: %s\n", prose(text.Clip(r.Note, messageRunes)))
	}
	if from := answeredBy(r); from != "" {
		fmt.Fprintf(&b, "\n  Asked at %s\n", code(from))
	}
	if lines := append(attemptLines(r), r.Hops...); len(lines) > 0 {
		b.WriteString("\n" + fenced(each(lines, text.Line), "  "))
	}
	return b.String() + excerpted(r)
}

// addressLetters are those that neither Markdown nor HTML read as anything else.
const addressLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/:"

// runLink leads to the page of a workflow. An address of production gets none:
// it is what was asked, not where to look.
func runLink(p fact.Probe) string {
	if p.Method != "" || !strings.HasPrefix(p.URL, "https://") || strings.Trim(p.URL, addressLetters) != "" {
		return ""
	}
	return "  [Its page](" + p.URL + ")\n"
}

// factLead names a fact with its verdict and the reason.
func factLead(r fact.Result, reason string) string {
	if reason == "" {
		return fmt.Sprintf("- **%s** %s\n", code(r.Probe.Name), r.Outcome)
	}
	return fmt.Sprintf("- **%s** %s: %s\n", code(r.Probe.Name), r.Outcome, reasonProse(r, text.Clip(reason, messageRunes)))
}

// reasonProse returns a reason; where it begins with what came and what was
// wanted, each of them is one piece of code.
func reasonProse(r fact.Result, reason string) string {
	rest, ok := strings.CutPrefix(reason, "got "+r.Got+", want "+r.Probe.Want)
	stop, rest, _ := strings.Cut(rest, " ")
	if !ok || stop != "" && stop != ":" && stop != ";" {
		return prose(reason)
	}
	return strings.TrimRight("got "+code(r.Got)+", want "+code(r.Probe.Want)+stop+" "+prose(rest), " ")
}

// excerpted shows the place in the body that decided.
func excerpted(r fact.Result) string {
	if r.Excerpt == "" {
		return ""
	}
	return "\n" + fenced([]string{text.Line(r.Excerpt)}, "  ")
}

// lastEntries says why each fact is not plain, in words that do not differ from
// one run to the next.
func lastEntries(p fact.Production) []string {
	var out []string
	for _, r := range p.Results {
		if reason := lasting(r); reason != "" {
			out = append(out, factLead(r, reason)+excerpted(r))
		}
	}
	return out
}

// ProductionList says of each fact that is not plain why, as a list in Markdown,
// without how long anything took.
func ProductionList(p fact.Production) string { return strings.Join(lastEntries(p), "") }

// lasting returns the reason without how long anything took.
func lasting(r fact.Result) string {
	switch r.Class {
	case "workflow:old":
		return "longer ago than wanted: " + r.Probe.Want
	case "slow", "slow:connect":
		for _, a := range r.Assertions {
			if a.Reason == r.Reason {
				return "slower than wanted: " + a.Want
			}
		}
		return "slower than wanted"
	}
	return r.Reason
}

func productionNotes(r *Report) []string {
	var out []string
	if c := r.Production.Control; c.State == fact.Unreachable {
		out = append(out, bullet(c.Reason))
	}
	if line := r.Waiting.line(); line != "" {
		out = append(out, bullet(line))
	}
	return append(out, each(r.Remarks, bullet)...)
}

// pictureBlock returns the picture of the phases, nothing where nothing was timed.
func pictureBlock(p fact.Production) []string {
	lines := picture(p)
	if lines == nil {
		return nil
	}
	return []string{"### Where the time went\n\n" + fenced(lines, "")}
}
