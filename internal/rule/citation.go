package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/fact"
)

// pull returns what is known of the pull request that a reference names. One on
// another host is asked of nobody.
func (p *Pass) pull(r board.Reference) fact.PullAnswer {
	if r.Host != "" {
		return fact.PullAnswer{State: fact.Unreadable}
	}
	return p.Facts.Pull(fact.Pull{Repo: r.Repo, Number: r.Number})
}

// isThis says whether a reference is to the pull request under judgement, which
// is unmerged by its nature.
func (p *Pass) isThis(r board.Reference) bool {
	return r.Repo == "" && r.Number == p.Pull
}

// citation returns the first pull request that an item cites. Of an unlabelled
// number the facts decide; where nobody could be asked it is a pull request's,
// unless the board numbers its own items in the same way. A number that was
// asked for in vain may be one.
func (p *Pass) citation(it *board.Item) (board.Reference, bool) {
	i := slices.IndexFunc(it.Pulls, func(r board.Reference) bool { return p.cites(it, r) })
	if i < 0 {
		return board.Reference{}, false
	}
	return it.Pulls[i], true
}

func (p *Pass) cites(it *board.Item, r board.Reference) bool {
	if !r.Candidate {
		return true
	}
	if p.isOwnNumber(it, r) {
		return false
	}
	if p.isThis(r) {
		return true
	}
	switch p.pull(r).State {
	case fact.IsIssue, fact.Absent:
		return false
	case fact.NotAsked:
		return !p.numbersItems()
	}
	return true
}

// isOwnNumber says whether an unlabelled number is what the item itself is
// called by, on a board that numbers its items so.
func (p *Pass) isOwnNumber(it *board.Item, r board.Reference) bool {
	return r.Candidate && slices.Contains(idsOf(it), fmt.Sprintf("#%d", r.Number)) && p.numbersItems()
}

// numbersItems says whether the board calls its items by numbers such as "#116":
// at least two items of the head, or of the base, lead with one.
func (p *Pass) numbersItems() bool {
	if p.numbered == nil {
		boards := []*board.Board{p.Head, p.Base}
		if p.later != nil {
			boards = append(boards, p.later.Head)
		}
		by := slices.ContainsFunc(boards, func(b *board.Board) bool {
			items := slices.DeleteFunc(b.All(), func(it *board.Item) bool {
				return !slices.ContainsFunc(idsOf(it), func(id string) bool { return strings.HasPrefix(id, "#") })
			})
			return len(items) > 1
		})
		p.numbered = &by
	}
	return *p.numbered
}

// idsOf returns what the team calls an item by.
func idsOf(it *board.Item) []string {
	if len(it.IDs) == 0 && it.ID != "" {
		return []string{it.ID}
	}
	return it.IDs
}

// sharesID says whether two items are called by the same id.
func sharesID(a, b *board.Item) bool {
	return slices.ContainsFunc(idsOf(a), func(id string) bool { return slices.Contains(idsOf(b), id) })
}

// wantPulls asks for the pull requests that the items coming into DONE name and
// that a rule has a use for.
func (p *Pass) wantPulls(w *fact.Wanted, use func(board.Reference) bool) {
	for _, it := range p.Arrivals() {
		for _, r := range it.Pulls {
			if use(r) && r.Host == "" && !p.isThis(r) && !p.isOwnNumber(it, r) {
				w.Pulls = append(w.Pulls, fact.Pull{Repo: r.Repo, Number: r.Number})
			}
		}
	}
}
