package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/shell"
	"github.com/boardgate/boardgate/internal/text"
)

// BoardShape reports a text that cannot be read as a board, or only in part.
var BoardShape = declare(&Rule{
	Name:     "board-shape",
	Severity: Error,
	Always:   true,
	Check: func(p *Pass) {
		switch {
		case p.again:
			p.hidden()
			p.unparsed()
			p.found = slices.DeleteFunc(p.found, func(f Finding) bool { return f.Severity != Error }) // what it lacks is said already
		case p.Head == nil:
			p.noBoard()
		case p.Head.Problem != "":
			p.unreadable()
			p.hidden()
		default:
			p.rolesGone()
			p.rolesMissing()
			p.hidden()
			p.between()
			p.unparsed()
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
	if p.BoardNamedBy != "" {
		f.Message = fmt.Sprintf("%s names the board %s, which does not exist.", p.BoardNamedBy, p.BoardPath)
		if p.BoardElsewhere != "" {
			f.Message = fmt.Sprintf("%s names the board %s, which does not exist; %s has columns.", p.BoardNamedBy, p.BoardPath, p.BoardElsewhere)
			f.Hint = fmt.Sprintf("If that is the board, name it:\nboard: %s", config.Scalar(p.BoardElsewhere))
		}
	}
	if p.Deleted {
		f.Message = fmt.Sprintf("this change deletes the board %s.", p.BoardPath)
		f.Hint = "Restore it. If it was renamed, set `board:` in " + p.configPath() + " to its new path in the same change."
	}
	p.Report(f)
}

// unreadable reports why the text is not a board.
func (p *Pass) unreadable() {
	f := Finding{Span: p.Head.At, Key: string(p.Head.Problem)}
	switch p.Head.Problem {
	case board.Empty:
		f.Message, f.Hint = "the board is empty.", "`boardgate init` writes one to start from."
	case board.Binary:
		f.Message, f.Hint = "the board is not text: NUL byte here.", "Restore the Markdown file."
	case board.NotUTF8:
		f.Message, f.Hint = fmt.Sprintf("the board is not UTF-8: the byte here is 0x%02X.", p.Head.File.Text[p.Head.At.Start]), "Save it as UTF-8."
	case board.TooMuch:
		p.CouldNotFindOut(fmt.Sprintf("%s holds %s, and is not read.", p.Head.File.Path, p.Head.Excess))
		return
	case board.Conflict:
		f.Message, f.Hint = "the board holds unresolved merge conflict markers, from this line on.", "Keep the lines of each side that are right, delete the lines that begin with <<<<<<<, ======= and >>>>>>>, then `git add` the file."
	case board.Scattered:
		f.Message = "column words stand only as status lines below other sections, so no section is a board."
		f.Hint = columnsOfItsOwn
	default:
		f.Message = "no column was found" + p.seen() + "."
		f.Hint = columnsOfItsOwn
		if len(p.Head.Headings) > 0 && p.BoardPath == p.Head.File.Path { // else it came on standard input
			f.Hint = "`boardgate init --board " + shell.Word(p.Head.File.Path) + "` writes a configuration that says which heading is which column. Or give it headings such as:\n## WIP (max 1)\n## NEXT (max 3)\n## DONE"
		}
	}
	p.Report(f)
}

const columnsOfItsOwn = "Give the board one heading a column, such as:\n## WIP (max 1)\n## NEXT (max 3)\n## DONE"

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
		out = append(out, t.Value)
	}
	list := strings.Join(quotes(out), ", ")
	if len(texts) > 5 {
		list += ", …"
	}
	return list
}

// rolesGone reports columns that the base had and the head has not, an error
// where items are gone with them. Where the rows of a table make the columns,
// one without rows is not gone.
func (p *Pass) rolesGone() {
	if p.BaseKind != Present || p.Base == nil {
		return
	}
	for _, role := range []board.Role{board.WIP, board.Next, board.Done} {
		had := p.Base.Column(role)
		if len(had) == 0 || len(p.Head.Column(role)) > 0 {
			continue
		}
		lost := slices.ContainsFunc(p.Base.Items(role), func(it *board.Item) bool {
			_, named := p.trace().of(it)
			return p.Changes.HeadOf(it) == nil && !named
		})
		if !lost && had[0].Word == "" {
			continue
		}
		f := Finding{
			Severity: Warning,
			Span:     p.Head.File.LineSpan(1),
			Message:  fmt.Sprintf("the column %s is gone; the board had %s.", column(role), quote(had[0].Title.Value)),
			Hint:     "Bring the heading back.",
			Key:      "gone " + string(role),
		}
		if lost {
			f.Severity = Error
			f.Message = fmt.Sprintf("the column %s is gone, and so are its items; the board had %s.", column(role), quote(had[0].Title.Value))
		}
		for _, h := range p.newHeadings() {
			if list, ok := p.mapped(role, h); ok {
				f.Hint = "Bring the heading back, or name the new one in " + p.configPath() + ":\n" + columnsOf(role, list)
				break
			}
		}
		p.Report(f)
	}
}

// mostRead is how much of boards is read again to try out what hints propose: a
// line counts as 32 bytes.
const mostRead = 4 << 20

// reads says whether the board may be read again so many times.
func (p *Pass) reads(times int) bool {
	p.reread += times * (len(p.Head.File.Text) + 32*p.Head.File.Lines())
	return p.reread <= mostRead
}

// mapped returns the words by which a heading is a column of a role, as long as
// they can be tried.
func (p *Pass) mapped(role board.Role, h board.Text) ([]string, bool) {
	if !p.reads(1) {
		return nil, false
	}
	return p.Head.Mapped(role, h)
}

// newHeadings returns the headings of the head that the base has not.
func (p *Pass) newHeadings() []board.Text {
	old := map[string]bool{}
	for _, h := range p.Base.Headings {
		old[h.Value] = true
	}
	return slices.DeleteFunc(slices.Clone(p.Head.Headings), func(h board.Text) bool { return old[h.Value] })
}

// columnsOf returns the configuration of a role's words.
func columnsOf(role board.Role, list []string) string {
	return fmt.Sprintf("columns:\n  %s: %s", role, config.List(list))
}

// rolesMissing says, where there is no base to have said it of, which of the
// usual columns no heading is and which heading could be one.
func (p *Pass) rolesMissing() {
	if p.BaseKind == Present {
		return
	}
	for _, role := range []board.Role{board.WIP, board.Next, board.Done} {
		if len(p.Head.Column(role)) > 0 {
			continue
		}
		for _, h := range p.mightBe(role) {
			if list, ok := p.mapped(role, h); ok {
				p.Report(Finding{
					Severity: Notice,
					Span:     h.Span,
					Message:  fmt.Sprintf("no heading is %s; %s could be.", column(role), quote(h.Value)),
					Hint:     "If it is, name it in " + p.configPath() + ":\n" + columnsOf(role, list),
					Key:      "missing " + string(role),
				})
				return
			}
		}
	}
}

// mightBe returns the headings that might be a column of a role: those of the
// level that columns have that name it, and, of WIP, the one right before NEXT.
// One below which cards are reported is none of them.
func (p *Pass) mightBe(role board.Role) []board.Text {
	level := marks(p.Head.Columns[0].Title)
	next := p.Head.Column(board.Next)
	reported := map[board.Text]bool{}
	for _, u := range p.Head.Unparsed {
		reported[u.Heading] = true
	}
	var named, before []board.Text
	for _, h := range p.Head.Headings {
		switch {
		case level == 0 || marks(h) != level || p.statesRules(h) || reported[h]:
		case strings.Contains(strings.ToLower(h.Value), string(role)):
			named = append(named, h)
		case role == board.WIP && len(next) > 0 && h.Span.Start < next[0].Title.Span.Start:
			before = []board.Text{h}
		}
	}
	return append(named, before...)
}

// statesRules says whether a heading is of the board's own rules or speaks of limits.
func (p *Pass) statesRules(h board.Text) bool {
	words := strings.Fields(strings.ToLower(h.Value))
	return len(p.Head.RulesText) > 0 && h.Span.End <= p.Head.RulesText[0].Span.Start && p.Head.RulesText[0].Span.From().Line-h.Span.From().Line < 4 ||
		slices.ContainsFunc(words, func(w string) bool {
			return slices.Contains(wordLists()["board"]["about rules"], w)
		})
}

// marks counts the signs that make a line a heading.
func marks(t board.Text) int {
	line := t.Span.File.Line(t.Span.From().Line)
	return len(line) - len(strings.TrimLeft(string(line), "#"))
}

// unparsed reports what looks like work and was read as none: a warning where a
// column yields nothing else, notices for the rest.
func (p *Pass) unparsed() {
	var rest []board.Line
	var outside []board.Unparsed
	brought := map[board.Role][]board.Line{}
	for _, c := range p.Head.Columns {
		notes, _ := p.brought(c.Role, c.Notes)
		brought[c.Role] = append(brought[c.Role], notes...)
	}
	for _, u := range p.Head.Unparsed {
		if u.Column != nil {
			var more []board.Line
			more, u.Lines = p.brought(u.Column.Role, u.Lines)
			brought[u.Column.Role] = append(brought[u.Column.Role], more...)
		}
		if u.Role == board.WIP || u.Role == board.Next {
			more, _ := p.brought(u.Role, u.Lines)
			brought[u.Role] = append(brought[u.Role], more...)
		}
		switch {
		case u.Column == nil:
			outside = append(outside, u)
		case len(u.Lines) == 0:
		case len(u.Column.Items) > 0 || u.Column.Role == board.Other:
			rest = append(rest, u.Lines...)
		default:
			p.Report(Finding{
				Severity: Warning,
				Span:     u.Lines[0].Span,
				Message:  fmt.Sprintf("column %s is not empty and no item was read from it: %s.", quote(u.Column.Title.Value), quote(u.Lines[0].Value)),
				Hint:     "Write an item as a bullet (`- Title`) or in bold (`**Title**`); say `(none)` where there is none.",
				Column:   u.Column.Role,
				Key:      "unread",
			})
		}
	}
	for _, role := range []board.Role{board.WIP, board.Next} {
		p.uncounted(role, brought[role])
	}
	p.unreadRest(append(rest, slices.Concat(brought[board.Done], brought[board.Dropped], brought[board.Other])...))
	// A file that is more than a board has many such sections.
	const most = 3
	for _, u := range outside[:min(most, len(outside))] {
		p.reportOutside(u)
	}
	if more := len(outside) - most; more > 0 {
		p.Report(Finding{
			Severity: Notice,
			Span:     outside[most].Lines[0].Span,
			Message:  fmt.Sprintf("%s more hold lines that look like cards and are not columns, the first %s.", text.Count(more, "heading"), quote(outside[most].Heading.Value)),
			Key:      "unparsed more",
			Count:    more,
		})
	}
}

// reportOutside reports lines that look like cards and stand in no column.
func (p *Pass) reportOutside(u board.Unparsed) {
	at := u.Heading
	where := "below " + quote(at.Value) + ", which is not a column,"
	if at.Value == "" {
		at, where = u.Lines[0].Text, "above every heading"
	}
	f := Finding{
		Severity: Notice,
		Span:     at.Span,
		Message:  fmt.Sprintf("what stands %s looks like cards (%s): %s.", where, text.Count(len(u.Lines), "line"), quote(u.Lines[0].Value)),
		Key:      "unparsed " + u.Heading.Value,
		Count:    len(u.Lines),
	}
	if p.reads(4) { // as often as Suggest reads it at most
		if role, list, ok := p.Head.Suggest(u); ok {
			f.Hint = "If it is a column, name it in " + p.configPath() + ":\n" + columnsOf(role, list)
		}
	}
	p.Report(f)
}

func (p *Pass) unreadRest(rest []board.Line) {
	if len(rest) == 0 {
		return
	}
	f := Finding{
		Severity: Notice,
		Span:     rest[0].Span,
		Message:  fmt.Sprintf("columns hold %s of which no item was read: %s.", text.Count(len(rest), "paragraph"), quote(rest[0].Value)),
		Hint:     "If it is one, write it as a bullet or in bold.",
		Key:      "unread rest",
		Count:    len(rest),
	}
	for _, r := range rest[1:min(len(rest), 5)] {
		f.Related = append(f.Related, Related{Span: r.Span, Message: "and here"})
	}
	p.Report(f)
}

// format reports a board whose items can only have changed their format.
func (p *Pass) format() {
	if !p.Changes.Reformatted || p.BaseKind != Present {
		return
	}
	p.Report(Finding{
		Severity: Warning,
		Span:     p.Head.File.LineSpan(1),
		Message: fmt.Sprintf("the board has another format: of %s before, %d could be found again.",
			text.Count(len(p.Base.All()), "item"), len(p.Changes.Pairs)),
		Hint: "Change the format alone, and the items in another pull request.",
		Key:  "format",
	})
}

// adopted says once that there was no board before.
func (p *Pass) adopted() {
	if p.BaseKind != Adoption {
		return
	}
	p.Report(Finding{
		Severity: Notice,
		Span:     p.Head.File.LineSpan(1),
		Message:  fmt.Sprintf("this change brings the board; what is already in DONE (%s) is taken as it is.", text.Count(len(p.Head.Items(board.Done)), "item")),
		Key:      "adoption",
	})
}
