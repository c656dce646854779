package rule

import (
	"fmt"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/source"
)

// DoneReference reports items in DONE that cite no pull request.
var DoneReference = declare(&Rule{
	Name:     "done-reference",
	Severity: Error,
	Check: func(p *Pass) {
		if p.BaseKind == Present && !p.compares() {
			return
		}
		for _, it := range p.Head.Items(board.Done) {
			if len(it.Pulls) == 0 {
				p.reportUncited(it)
			}
		}
	},
})

func (p *Pass) reportUncited(it *board.Item) {
	f := Finding{
		Span:    it.Title.Span,
		Message: fmt.Sprintf("%s is in DONE and cites no pull request.", quote(it.Title.Value)),
		Hint:    "Add the pull request that proves it, such as `PR #123`.",
		Item:    it,
	}
	if len(it.Mentions) > 0 {
		f.Message = fmt.Sprintf("%s is in DONE and only mentions #%d; it cites no pull request that proves it.", quote(it.Title.Value), it.Mentions[0].Number)
	}
	if was := p.Changes.BaseOf(it); was != nil && len(was.Pulls) > 0 && was.Column.Role == board.Done {
		f.Message = fmt.Sprintf("this change takes the last pull request, #%d, away from %s in DONE.", was.Pulls[0].Number, quote(it.Title.Value))
	}
	if n, why := p.proof(it); n > 0 {
		at := citeAt(it)
		f.Fix = []source.Edit{{Span: at, New: fmt.Sprintf(", PR #%d", n)}}
		f.Hint = fmt.Sprintf("%s: add `PR #%d`.", why, n)
		if line := pasted(it, at, n); line != "" {
			f.Hint = fmt.Sprintf("%s; paste:\n%s", why, line)
		}
	}
	p.Report(f)
}

// proof returns the number that the state file cites for an item, else this
// pull request's own.
func (p *Pass) proof(it *board.Item) (number int, why string) {
	for _, e := range p.stateEntries(it, board.Closed, board.Stable, board.InProgress) {
		if len(e.Pulls) > 0 && e.Pulls[0].Repo == "" {
			return e.Pulls[0].Number, fmt.Sprintf("the state file cites #%d for it", e.Pulls[0].Number)
		}
	}
	if p.Pull > 0 {
		return p.Pull, fmt.Sprintf("if this pull request is its proof, cite it (#%d)", p.Pull)
	}
	return 0, ""
}

// citeAt returns the place at the end of an item's first line, before a mark
// such as ✅ that ends it.
func citeAt(it *board.Item) source.Span {
	s := it.Line
	text := s.Text()
	if strings.HasPrefix(text, "|") {
		return it.Title.Span.File.Span(it.Title.Span.End, it.Title.Span.End)
	}
	if i := strings.Index(text, " <!--"); i > 0 {
		text = text[:i]
	}
	end := s.Start + len(strings.TrimRight(text, " \t✅✔✓☑️.\u200d"))
	return s.File.Span(end, end)
}

// pasted returns the item's line with the number in it, empty where it is too
// long to be pasted.
func pasted(it *board.Item, at source.Span, n int) string {
	line := it.Line.Text()
	cut := at.Start - it.Line.Start
	if len(line) > 400 || cut < 0 || cut > len(line) {
		return ""
	}
	return fmt.Sprintf("%s, PR #%d%s", line[:cut], n, line[cut:])
}
