package rule

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
)

// longest is how many runes of a title a message quotes; lines of a board run
// past a thousand.
const longest = 80

// quote returns a title in quotes, cut where it is long.
func quote(s string) string {
	if utf8.RuneCountInString(s) > longest {
		s = strings.TrimSpace(string([]rune(s)[:longest-1])) + "…"
	}
	return `"` + s + `"`
}

// titles quotes the titles of items, at most three, and counts the others.
func titles(items []*board.Item) string {
	var out []string
	for _, it := range items[:min(3, len(items))] {
		out = append(out, quote(it.Title.Value))
	}
	s := strings.Join(out, ", ")
	if more := len(items) - len(out); more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	return s
}

// count returns a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// column returns a role as people write it.
func column(r board.Role) string {
	switch r {
	case board.Next, board.WIP, board.Done:
		return strings.ToUpper(string(r))
	case board.InProgress:
		return "IN PROGRESS"
	case board.Dropped:
		return "Dropped"
	}
	return string(r)
}

// compares says whether there is a base to compare with, and the boards are not
// of two formats.
func (p *Pass) compares() bool {
	return p.BaseKind == Present && p.Base != nil && p.Head != nil && !p.Changes.Reformatted
}

// Arrivals returns the items that this change brings into DONE. Without a base
// all that stand there count, on adoption none does.
func (p *Pass) Arrivals() []*board.Item {
	if p.BaseKind == Adoption || p.BaseKind == Present && !p.compares() {
		return nil
	}
	return slices.DeleteFunc(p.Head.Items(board.Done), func(it *board.Item) bool {
		was := p.Changes.BaseOf(it)
		return p.compares() && was != nil && was.Column.Role == board.Done
	})
}

// stateEntry returns the state file's entry that surely names an item.
func (p *Pass) stateEntry(it *board.Item, roles ...board.Role) *board.Item {
	for _, role := range roles {
		for _, e := range p.State.Items(role) {
			if compare.Similar(e, it) || sharesPull(e, it) {
				return e
			}
		}
	}
	return nil
}

func sharesPull(a, b *board.Item) bool {
	return slices.ContainsFunc(a.Pulls, func(r board.Reference) bool {
		return slices.ContainsFunc(b.Pulls, func(s board.Reference) bool { return r.Repo == s.Repo && r.Number == s.Number })
	})
}
