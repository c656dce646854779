package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
)

// hidden reports HTML that hides text of the board, and headings that look like
// columns and are none.
func (p *Pass) hidden() {
	times := map[string]int{} // that a text was met: a second one is not what the base has
	for _, h := range p.Head.Hiding {
		f := Finding{
			Span:    h.Span,
			Message: fmt.Sprintf("%s may keep a browser from showing what follows as it stands.", quote(h.Value)),
			Hint:    "Close its comments and tags in the same paragraph, or take it out.",
			Key:     "hiding " + h.Value,
		}
		if !h.Hidden.IsZero() {
			f.Key += "\n" + h.Hidden.Text()
			f.Message = fmt.Sprintf("%s keeps a browser from showing %s; what is not shown is not counted.", quote(h.Value), quote(h.Hidden.Text()))
			f.Related = []Related{{Span: h.Hidden, Message: "not shown"}}
		}
		times[f.Key]++
		f.Count = times[f.Key]
		p.Report(f)
	}
	for _, l := range p.Head.Lookalikes {
		f := Finding{
			Span:    l.Span,
			Message: fmt.Sprintf("%s looks like the column %s and is spelt with other characters, so it is not one.", quote(l.Value), quote(l.Word)),
			Hint:    fmt.Sprintf("Type it anew: `%s`.", l.Word),
			Key:     "lookalike " + l.Value,
		}
		if l.Same {
			f.Message = fmt.Sprintf("%s looks like a column and is not one, because of where it stands.", quote(l.Value))
			f.Hint = fmt.Sprintf("Give it a level of its own beside the other columns (`## %s`), or another name.", l.Word)
		}
		if p.BaseKind != Present && p.later == nil {
			f.Severity = Warning
		}
		times[f.Key]++
		f.Count = times[f.Key]
		p.Report(f)
	}
}

// between says of headings that this change puts between the columns that they
// are none of them, where nothing below them is reported.
func (p *Pass) between() {
	if !p.compares() || len(p.Head.Columns) == 0 {
		return
	}
	first, last := p.Head.Columns[0].Title.Span, p.Head.Columns[len(p.Head.Columns)-1].Title.Span
	for _, h := range p.newHeadings() {
		if h.Span.Start < first.Start || h.Span.Start > last.Start || marks(h) == 0 ||
			slices.ContainsFunc(p.Head.Unparsed, func(u board.Unparsed) bool { return u.Heading == h }) ||
			slices.ContainsFunc(p.Head.Lookalikes, func(l board.Lookalike) bool { return l.Span == h.Span }) {
			continue
		}
		p.Report(Finding{
			Severity: Notice,
			Span:     h.Span,
			Message:  fmt.Sprintf("the heading %s stands between the columns and is not one of them.", quote(h.Value)),
			Key:      "between " + h.Value,
		})
	}
}

// uncounted reports what a change brings into WIP or NEXT beside the items: an
// error where it looks like an item, since the limits do not count it, else a
// warning.
func (p *Pass) uncounted(role board.Role, lines []board.Line) {
	var like, prose []board.Line
	for _, l := range lines {
		if l.Like {
			like = append(like, l)
		} else {
			prose = append(prose, l)
		}
	}
	p.reportBrought(like, Finding{
		Severity: Error,
		Message:  "this change adds to %s what looks like an item and is not counted: %s.",
		Hint:     "Write an item as a bullet at the margin (`- Title`), and what belongs to an item as a bullet below it.",
		Column:   role,
		Key:      "looks like an item",
	})
	p.reportBrought(prose, Finding{
		Severity: Warning,
		Message:  "this change adds to %s text that belongs to no item: %s.",
		Hint:     "Write an item as a bullet (`- Title`), and a note as a bullet below its item or above the columns.",
		Column:   role,
		Key:      "belongs to no item",
	})
}

// reportBrought reports lines that a change adds, if there are any.
func (p *Pass) reportBrought(lines []board.Line, f Finding) {
	if len(lines) == 0 {
		return
	}
	slices.SortStableFunc(lines, func(a, b board.Line) int { return a.Span.Start - b.Span.Start })
	var texts []board.Text
	for _, l := range lines {
		texts = append(texts, l.Text)
	}
	f.Span, f.Message, f.Count = lines[0].Span, fmt.Sprintf(f.Message, column(f.Column), listed(texts)), len(lines)
	for _, l := range lines[1:min(len(lines), 5)] {
		f.Related = append(f.Related, Related{Span: l.Span, Message: "and here"})
	}
	p.Report(f)
}

// brought parts lines that are not items into those that this change brings into
// columns of a role and those that stood there before. Without a base none is
// brought.
func (p *Pass) brought(role board.Role, lines []board.Line) (brought, stood []board.Line) {
	if p.BaseKind != Present {
		return nil, lines
	}
	if len(lines) == 0 {
		return nil, nil
	}
	before := p.linesOf(role)
	for _, l := range lines {
		if before[seenLine(p.Head, l.Span.From().Line)] {
			stood = append(stood, l)
		} else {
			brought = append(brought, l)
		}
	}
	return brought, stood
}

// linesOf returns the lines that a reader sees in the base's columns of a role.
func (p *Pass) linesOf(role board.Role) map[string]bool {
	if out := p.lines[role]; out != nil {
		return out
	}
	out := map[string]bool{}
	for _, c := range p.Base.Column(role) {
		first, last := c.Title.Span.From().Line, p.Base.File.Span(c.Body.End, c.Body.End).From().Line
		for n := first + 1; n <= last; n++ {
			out[seenLine(p.Base, n)] = true
		}
	}
	if p.lines == nil {
		p.lines = map[board.Role]map[string]bool{}
	}
	p.lines[role] = out
	return out
}

// seenLine returns what a reader sees of a line, or, where that is not text, as of
// a picture, the line as it is written.
func seenLine(b *board.Board, n int) string {
	if seen := b.Seen()[n-1]; seen != "" {
		return seen
	}
	return strings.TrimSpace(string(b.File.Line(n)))
}
