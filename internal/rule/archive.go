package rule

import (
	"slices"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/text"
)

// archived says whether the archive names an item, by its id or its title: an
// archive need not look like a board.
func (p *Pass) archived(it *board.Item) bool {
	if p.Archive == nil {
		return false
	}
	if p.kept == nil {
		p.kept = newTrace()
		p.kept.addBoard(p.Archive, nil)
	}
	_, named := p.kept.of(it)
	return named
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
		titles[text.Fold(a.Title.Value)] = true
		for _, id := range idsOf(a) {
			ids[id] = true
		}
	}
	return func(it *board.Item) bool {
		return titles[text.Fold(it.Title.Value)] || slices.ContainsFunc(idsOf(it), func(id string) bool { return ids[id] })
	}
}
