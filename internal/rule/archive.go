package rule

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
)

// archived says whether the archive holds an item: among its items, or anywhere
// in its text by the item's id or title, as an archive need not look like a board.
func (p *Pass) archived(it *board.Item) bool {
	if p.Archive == nil {
		return false
	}
	if slices.ContainsFunc(p.Archive.All(), func(a *board.Item) bool { return p.names.Same(a, it) || sharesID(a, it) }) {
		return true
	}
	text := compare.Fold(string(p.Archive.File.Text))
	return slices.ContainsFunc(append(slices.Clone(idsOf(it)), it.Title.Value), func(name string) bool {
		return holdsWords(text, compare.Fold(name))
	})
}

// holdsWords says whether a text holds words that are not part of longer ones.
func holdsWords(text, words string) bool {
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	for at := 0; words != ""; {
		i := strings.Index(text[at:], words)
		if i < 0 {
			break
		}
		from, to := at+i, at+i+len(words)
		before, _ := utf8.DecodeLastRuneInString(text[:from])
		after, _ := utf8.DecodeRuneInString(text[to:])
		if !inWord(before) && !inWord(after) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[from:])
		at = from + size
	}
	return false
}

// archiveUnknown says whether the archive could not be read. Where what it holds
// is needed, the verdict is then unverified at best.
func (p *Pass) archiveUnknown(needed bool) bool {
	switch {
	case p.NoArchive == "":
		return false
	case needed:
		p.CouldNotFindOut(p.NoArchive)
	default:
		p.Remark(p.NoArchive)
	}
	return true
}

// archivedBefore returns what says whether an item stood in the base's archive.
func (c *Case) archivedBefore() func(*board.Item) bool {
	ids, titles := map[string]bool{}, map[string]bool{}
	for _, a := range c.BaseArchive.All() {
		titles[compare.Fold(a.Title.Value)] = true
		for _, id := range idsOf(a) {
			ids[id] = true
		}
	}
	return func(it *board.Item) bool {
		return titles[compare.Fold(it.Title.Value)] || slices.ContainsFunc(idsOf(it), func(id string) bool { return ids[id] })
	}
}
