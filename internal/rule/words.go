package rule

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/text"
)

//go:embed words
var embedded embed.FS

// wordLists are the lists of words/*.txt by file and name.
var wordLists = sync.OnceValue(func() map[string]map[string][]string { return text.Lists(embedded) })

// longest is how many runes of a title a message quotes; lines of a board run
// past a thousand.
const longest = 80

// What quote puts around a value, and unquoted takes away again: noncharacters
// that no text has (Unicode 16.0, section 23.7).
const (
	opens  = "\uFDD0"
	closes = "\uFDD1"
)

// Quote is where a message quotes a value: its bytes, the quotation marks included.
type Quote struct{ Start, End int }

// quote returns a value for a sentence, in quotation marks and cut where it is
// long. The sentence leaves through the Pass, which says where its values stand.
func quote(s string) string {
	s = strings.NewReplacer(opens, "\uFFFD", closes, "\uFFFD").Replace(s)
	return opens + `"` + text.Clip(s, longest) + `"` + closes
}

// unquoted returns a sentence as it is read, and where it quotes values.
func unquoted(sentence string) (string, []Quote) {
	var b strings.Builder
	var quotes []Quote
	for {
		before, rest, found := strings.Cut(sentence, opens)
		b.WriteString(before)
		if !found {
			return b.String(), quotes
		}
		value, after, _ := strings.Cut(rest, closes)
		quotes = append(quotes, Quote{b.Len(), b.Len() + len(value)})
		b.WriteString(value)
		sentence = after
	}
}

// lead puts words before a finding's message.
func (f *Finding) lead(words string) {
	f.Message = words + f.Message
	f.Quotes = slices.Clone(f.Quotes)
	for i := range f.Quotes {
		f.Quotes[i].Start += len(words)
		f.Quotes[i].End += len(words)
	}
}

// quotes quotes values.
func quotes(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = quote(v)
	}
	return out
}

// titles quotes the titles of items, at most three, and counts the others.
func titles(items []*board.Item) string {
	var out []string
	for _, it := range items[:min(3, len(items))] {
		out = append(out, it.Title.Value)
	}
	s := strings.Join(quotes(out), ", ")
	if more := len(items) - len(out); more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	return s
}

// are returns the verb for titles.
func are(items []*board.Item) string {
	if len(items) == 1 {
		return "is"
	}
	return "are"
}

// column returns a role as people write it.
func column(r board.Role) string {
	if r == board.Dropped {
		return "Dropped"
	}
	return strings.ToUpper(string(r))
}

// standsIn names the column an item stands in: by its role, or where that has
// no name of its own by its title.
func standsIn(it *board.Item) string {
	if it.Column.Role == board.Other {
		return quote(it.Column.Title.Value)
	}
	return column(it.Column.Role)
}

// compares says whether there is a base to compare with.
func (p *Pass) compares() bool {
	return p.BaseKind == Present && p.Base != nil && p.Head != nil
}

// Arrivals returns the items that the change of a case brings into DONE.
func Arrivals(c *Case) []*board.Item { return (&Pass{Case: c}).Arrivals() }

// Arrivals returns the items that this change brings into DONE. Without a base
// all that stand there count; on adoption, and of the base itself, none does.
// What comes back from the base's archive was finished before.
func (p *Pass) Arrivals() []*board.Item {
	if p.later != nil || p.BaseKind == Adoption || p.BaseKind == Present && !p.compares() {
		return nil
	}
	archived := p.archivedBefore()
	return slices.DeleteFunc(p.Head.Items(board.Done), func(it *board.Item) bool {
		was := p.Changes.BaseOf(it)
		return p.compares() && was != nil && was.Column.Role == board.Done || archived(it)
	})
}

// stateEntries returns the state file's entries that name an item, in the order
// of the roles: those of its very title or with its pull request, and only
// where there are none those of a similar title.
func (p *Pass) stateEntries(it *board.Item, roles ...board.Role) []*board.Item {
	var same, similar []*board.Item
	for _, role := range roles {
		for _, e := range p.State.Items(role) {
			switch {
			case p.names.Same(e, it) || sharesPull(e, it):
				same = append(same, e)
			case p.names.Similar(e, it):
				similar = append(similar, e)
			}
		}
	}
	if len(same) > 0 {
		return same
	}
	return similar
}

func sharesPull(a, b *board.Item) bool {
	return slices.ContainsFunc(a.Pulls, func(r board.Reference) bool {
		return slices.ContainsFunc(b.Pulls, r.Same)
	})
}
