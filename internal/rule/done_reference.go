package rule

import (
	"fmt"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/source"
)

// DoneReference reports items in DONE that cite no pull request.
var DoneReference = declare(&Rule{
	Name:     "done-reference",
	Severity: Error,
	Wants: func(p *Pass, w *fact.Wanted) {
		p.wantPulls(w, func(r board.Reference) bool { return r.Candidate })
	},
	Check: func(p *Pass) {
		if p.BaseKind == Present && !p.compares() {
			return
		}
		arrives, archived := map[*board.Item]bool{}, p.archivedBefore()
		for _, it := range p.Arrivals() {
			arrives[it] = true
		}
		for _, it := range p.Head.Items(board.Done) {
			back := p.Changes.BaseOf(it) == nil && archived(it)
			if _, cited := p.citation(it); !cited && !back {
				p.reportUncited(it, arrives[it])
			}
		}
	},
})

func (p *Pass) reportUncited(it *board.Item, arrives bool) {
	f := Finding{
		Span:    it.Title.Span,
		Message: fmt.Sprintf("%s is in DONE and cites no pull request%s.", quote(it.Title.Value), p.whyNone(it)),
		Hint:    "Add the pull request that proves it, such as `PR #123`.",
		Item:    it,
	}
	if len(it.Pulls) == 0 && len(it.Mentions) > 0 {
		f.Message = fmt.Sprintf("%s is in DONE and only mentions %s; it cites no pull request that proves it.", quote(it.Title.Value), it.Mentions[0].Name())
	}
	if was := p.Changes.BaseOf(it); was != nil && was.Column.Role == board.Done {
		if lost, cited := p.citation(was); cited {
			f.Message = fmt.Sprintf("this change takes the last pull request, %s, away from %s in DONE.", lost.Name(), quote(it.Title.Value))
		}
	}
	switch {
	case arrives && p.PullPending:
		f.Severity = Warning
		f.Message = fmt.Sprintf("%s is in DONE and cites no pull request yet; the pull request will offer its number.", quote(it.Title.Value))
		f.Hint = "Add it once the pull request is open, such as `PR #123`."
	case arrives:
		f.Hint += " Before there is one, check with `--pr pending`."
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

// whyNone says, to go on a sentence, why the numbers that an item names are no
// citations.
func (p *Pass) whyNone(it *board.Item) string {
	for _, r := range it.Pulls {
		switch {
		case p.isOwnNumber(it, r):
		case p.pull(r).State == fact.IsIssue:
			return fmt.Sprintf(": #%d is an issue", r.Number)
		case p.pull(r).State == fact.Absent:
			return fmt.Sprintf(": there is no pull request #%d here", r.Number)
		default:
			return fmt.Sprintf(": #%d may be an item of this board, as it is not written `PR #%d`", r.Number, r.Number)
		}
	}
	return ""
}

// proof returns the number that the state file cites for an item, by its id or
// its very title, else this pull request's own.
func (p *Pass) proof(it *board.Item) (number int, why string) {
	for _, role := range []board.Role{board.Closed, board.Stable, board.InProgress} {
		for _, e := range p.State.Items(role) {
			if !p.names.Same(e, it) && !sharesID(e, it) {
				continue
			}
			if r, cited := p.citation(e); cited && r.Repo == "" {
				return r.Number, fmt.Sprintf("the state file cites #%d for it", r.Number)
			}
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
