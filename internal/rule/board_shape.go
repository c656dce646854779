package rule

import (
	"fmt"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
)

// BoardShape reports a text that cannot be read as a board, or only in part.
var BoardShape = declare(&Rule{
	Name:     "board-shape",
	Severity: Error,
	Always:   true,
	Check: func(p *Pass) {
		switch {
		case p.Head == nil:
			p.noBoard()
		case p.Head.Problem != "":
			p.unreadable()
		default:
			p.rolesGone()
			p.rolesMissing()
			p.unreadColumns()
			p.format()
			p.adopted()
		}
	},
})

// noBoard reports a board that is not there.
func (p *Pass) noBoard() {
	f := Finding{
		Message: "no board was found.",
		Hint:    "`boardgate init` writes one, or name it: `boardgate check path/to/BOARD.md`.",
		Key:     "none",
	}
	if p.Deleted {
		f.Message = fmt.Sprintf("this change deletes the board %s.", p.BoardPath)
		f.Hint = "Restore it. If it was renamed, set `board:` in .github/boardgate.yml to its new path in the same change."
	}
	p.Report(f)
}

// unreadable reports why the text is no board.
func (p *Pass) unreadable() {
	f := Finding{Span: p.Head.At, Key: string(p.Head.Problem)}
	switch p.Head.Problem {
	case board.Empty:
		f.Message, f.Hint = "the board is empty.", "`boardgate init` writes one to start from."
	case board.Binary:
		f.Message, f.Hint = "the board is no text: it holds a NUL byte here.", "Restore the Markdown file."
	case board.NotUTF8:
		f.Message, f.Hint = fmt.Sprintf("the board is no UTF-8: the byte here is 0x%02X.", p.Head.File.Text[p.Head.At.Start]), "Save it as UTF-8."
	case board.Conflict:
		f.Message, f.Hint = "the board holds unresolved merge conflict markers, from this line on.", "Resolve the conflict and delete the lines that mark it."
	case board.Scattered:
		f.Message = "column words stand only as status lines below other sections, so no section is a board."
		f.Hint = "Give the board one heading a column, such as:\n## WIP (max 1)\n## NEXT (max 3)\n## DONE"
	default:
		f.Message = "no column was found" + p.seen() + "."
		f.Hint = "Name your headings in .github/boardgate.yml:\ncolumns:\n  wip: [WIP, In Progress, Doing]\n  next: [NEXT, Todo, Ready]\n  done: [DONE, Completed]"
	}
	p.Report(f)
}

// seen names the headings that are there.
func (p *Pass) seen() string {
	if len(p.Head.Headings) == 0 {
		return "; the file has no heading"
	}
	return "; the headings are " + listed(p.Head.Headings)
}

// listed quotes texts, at most five.
func listed(texts []board.Text) string {
	var out []string
	for _, t := range texts[:min(5, len(texts))] {
		out = append(out, quote(t.Value))
	}
	if len(texts) > 5 {
		out = append(out, "…")
	}
	return strings.Join(out, ", ")
}

// rolesGone reports columns that the base had and the head has not.
func (p *Pass) rolesGone() {
	if p.BaseKind != Present || p.Base == nil {
		return
	}
	for _, role := range []board.Role{board.WIP, board.Next, board.Done} {
		had := p.Base.Column(role)
		if len(had) == 0 || len(p.Head.Column(role)) > 0 {
			continue
		}
		p.Report(Finding{
			Span:    p.Head.File.LineSpan(1),
			Message: fmt.Sprintf("the column %s is gone; the board had %s.", column(role), quote(had[0].Title.Value)),
			Hint:    fmt.Sprintf("Bring the heading back, or name the new one in .github/boardgate.yml:\ncolumns:\n  %s: [%s]", role, p.candidateHeading(had[0])),
			Key:     "gone " + string(role),
		})
	}
}

// rolesMissing says, where there is no base to have said it of, which of the
// usual columns no heading is and which heading might be: a column that is not
// known is held to nothing.
func (p *Pass) rolesMissing() {
	if p.BaseKind == Present {
		return
	}
	for _, role := range []board.Role{board.WIP, board.Next, board.Done} {
		might := p.mightBe(role)
		if len(p.Head.Column(role)) > 0 || len(might) == 0 {
			continue
		}
		name, _, _ := strings.Cut(might[0].Value, "(")
		p.Report(Finding{
			Severity: Notice,
			Span:     might[0].Span,
			Message:  fmt.Sprintf("no heading is %s; there are also %s.", column(role), listed(might)),
			Hint:     fmt.Sprintf("If one of these is, name it in .github/boardgate.yml:\ncolumns:\n  %s: [%s]", role, strings.TrimSpace(name)),
			Key:      "missing " + string(role),
		})
		return
	}
}

// mightBe returns the headings that might be a column of a role: of the level
// that columns have, and, for NEXT, the lanes without a role.
func (p *Pass) mightBe(role board.Role) []board.Text {
	var out []board.Text
	if role == board.Next {
		for _, c := range p.Head.Column(board.Other) {
			out = append(out, c.Title)
		}
	}
	level := marks(p.Head.Columns[0].Title)
	for _, h := range p.Head.Headings {
		if level > 0 && marks(h) == level && !p.isLaw(h) {
			out = append(out, h)
		}
	}
	return out
}

// isLaw says whether a heading is the board's own rules'.
func (p *Pass) isLaw(h board.Text) bool {
	return len(p.Head.Law) > 0 && h.Span.End <= p.Head.Law[0].Span.Start && p.Head.Law[0].Span.From().Line-h.Span.From().Line < 4
}

// marks counts the signs that make a line a heading.
func marks(t board.Text) int {
	line := string(t.Span.File.Line(t.Span.From().Line))
	return len(line) - len(strings.TrimLeft(line, "#"))
}

// candidateHeading returns a heading of the head that the base has not, which
// may be a column's new name.
func (p *Pass) candidateHeading(gone *board.Column) string {
	old := map[string]bool{}
	for _, h := range p.Base.Headings {
		old[h.Value] = true
	}
	for _, h := range p.Head.Headings {
		if !old[h.Value] {
			return strings.Trim(strings.SplitN(h.Value, "(", 2)[0], " ")
		}
	}
	return gone.Word
}

// unreadColumns reports what lies in columns and was not understood: an error
// where a column yields nothing else, one notice for all the rest.
func (p *Pass) unreadColumns() {
	var rest []board.Text
	for _, c := range p.Head.Columns {
		if len(c.Unread) == 0 {
			continue
		}
		if len(c.Items) > 0 || c.Role == board.Other {
			rest = append(rest, c.Unread...)
			continue
		}
		p.Report(Finding{
			Span:    c.Unread[0].Span,
			Message: fmt.Sprintf("column %s is not empty and no item was read from it: %s.", quote(c.Title.Value), quote(c.Unread[0].Value)),
			Hint:    "Write an item as a bullet (`- Title`) or in bold (`**Title**`); say `(none)` where there is none.",
			Column:  c.Role,
			Key:     "unread",
		})
	}
	p.unreadRest(rest)
}

func (p *Pass) unreadRest(rest []board.Text) {
	if len(rest) == 0 {
		return
	}
	f := Finding{
		Severity: Notice,
		Span:     rest[0].Span,
		Message:  fmt.Sprintf("%s not read as an item: %s.", wereInColumns(len(rest)), quote(rest[0].Value)),
		Hint:     "If it is one, write it as a bullet or in bold.",
		Key:      "unread rest",
		Count:    len(rest),
	}
	for _, r := range rest[1:min(len(rest), 5)] {
		f.Related = append(f.Related, Related{Span: r.Span, Message: "and here"})
	}
	p.Report(f)
}

func wereInColumns(n int) string {
	if n == 1 {
		return "1 paragraph in columns was"
	}
	return fmt.Sprintf("%d paragraphs in columns were", n)
}

// format reports a board whose items can only have changed their format.
func (p *Pass) format() {
	if !p.Changes.Reformatted || p.BaseKind != Present {
		return
	}
	p.Report(Finding{
		Severity: Warning,
		Span:     p.Head.File.LineSpan(1),
		Message: fmt.Sprintf("the board has another format: of %s before, %s found again, so moves and losses were not judged.",
			count(len(p.Base.All()), "item"), wereFound(len(p.Changes.Pairs))),
		Hint: "Change the format alone, and the items in another pull request.",
		Key:  "format",
	})
}

func wereFound(n int) string {
	if n == 1 {
		return "1 was"
	}
	return fmt.Sprintf("%d were", n)
}

// adopted says once that there was no board before.
func (p *Pass) adopted() {
	if p.BaseKind != Adoption {
		return
	}
	p.Report(Finding{
		Severity: Notice,
		Span:     p.Head.File.LineSpan(1),
		Message:  fmt.Sprintf("this change brings the board; what already stands in DONE (%s) is taken as it is.", count(len(p.Head.Items(board.Done)), "item")),
		Key:      "adoption",
	})
}
