package compare

import (
	"cmp"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
)

// Boards tells who is who between base and head. Either may be nil; then all is
// added, or all removed.
func Boards(base, head *board.Board) Result {
	m := newMatcher(base, head)
	m.marked()
	m.same(Exact, func(id *identity) string { return id.full })
	m.same(Title, func(id *identity) string { return id.core })
	m.byCriteria()
	m.fuzzy()
	return m.result(base, head)
}

// matcher pairs items in passes, the surest first.
type matcher struct {
	base, head []*identity
	pairOf     map[*board.Item]*Pair  // of an item of either side
	frequent   map[string]bool        // criteria that several items of one board share
	newcomer   map[string][]*identity // unpaired items of the head by their words
	finished   map[string][]*identity // the base's DONE and Dropped by their words
}

func newMatcher(base, head *board.Board) *matcher {
	m := &matcher{pairOf: map[*board.Item]*Pair{}, frequent: map[string]bool{}}
	m.base = m.identities(base)
	m.head = m.identities(head)
	return m
}

func (m *matcher) identities(b *board.Board) []*identity {
	var out []*identity
	seen := map[string]bool{}
	for _, it := range b.All() {
		id := identify(it)
		for _, c := range id.criteria {
			if seen[c] {
				m.frequent[c] = true
			}
			seen[c] = true
		}
		out = append(out, id)
	}
	return out
}

func (m *matcher) pair(base, head *identity, match Match) {
	p := &Pair{Base: base.item, Head: head.item, Match: match}
	m.pairOf[base.item], m.pairOf[head.item] = p, p
}

func (m *matcher) free(id *identity) bool { return m.pairOf[id.item] == nil }

// marked pairs what the author says was another title.
func (m *matcher) marked() {
	var byTitle map[string][]*identity
	for _, h := range m.head {
		if h.item.Was == "" {
			continue
		}
		if byTitle == nil {
			byTitle = m.index(m.base, func(id *identity) string { return id.full })
		}
		for _, b := range byTitle[words(h.item.Was)] {
			if m.free(b) && m.free(h) {
				m.pair(b, h, Marked)
			}
		}
	}
}

func (m *matcher) index(ids []*identity, key func(*identity) string) map[string][]*identity {
	out := make(map[string][]*identity, len(ids))
	for _, id := range ids {
		if k := key(id); k != "" && m.free(id) {
			out[k] = append(out[k], id)
		}
	}
	return out
}

// same pairs items of one key. Several of one key on a side are told apart by
// id, then column, then order.
func (m *matcher) same(match Match, key func(*identity) string) {
	base := m.index(m.base, key)
	for tie := range 4 {
		for _, h := range m.head {
			if !m.free(h) {
				continue
			}
			for _, b := range base[key(h)] {
				if m.free(b) && m.tied(tie, match, b, h) {
					m.pair(b, h, match)
					break
				}
			}
		}
	}
}

// tied says whether two items of one key agree as closely as round tie asks.
func (m *matcher) tied(tie int, match Match, b, h *identity) bool {
	sameID := b.item.ID == h.item.ID
	sameRole := b.item.Column.Role == h.item.Column.Role
	switch tie {
	case 0:
		return sameID && sameRole
	case 1:
		return sameID && b.item.ID != ""
	case 2:
		return sameRole && (match == Exact || !clash(b, h))
	}
	return match == Exact || m.may(b, h) && (!clash(b, h) || open(b.item))
}

// open says whether an item is still to be done, so that it must have gone somewhere.
func open(it *board.Item) bool {
	return it.Column.Role == board.Next || it.Column.Role == board.WIP
}

// may says whether a base item can have become a head item without an equal
// title: what was done stays done.
func (m *matcher) may(b, h *identity) bool {
	return open(b.item) || b.item.Column.Role == h.item.Column.Role || b.item.Column.Role == board.Other
}

// byCriteria pairs items that share most of what only they say.
func (m *matcher) byCriteria() {
	owners := map[string]*identity{}
	for _, b := range m.base {
		for _, c := range m.telling(b) {
			owners[c] = b
		}
	}
	if len(owners) == 0 {
		return
	}
	for _, h := range m.head {
		if !m.free(h) {
			continue
		}
		if b := m.owner(h, owners); b != nil && m.free(b) && m.may(b, h) {
			m.pair(b, h, Criteria)
		}
	}
}

// telling returns the criteria of an unpaired item that no other item shares.
func (m *matcher) telling(id *identity) []string {
	if !m.free(id) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(id.criteria), func(c string) bool { return m.frequent[c] })
}

// owner returns the base item that most of h's criteria belong to: at least two,
// and at least three in five of each side's.
func (m *matcher) owner(h *identity, owners map[string]*identity) *identity {
	mine := m.telling(h)
	count := map[*identity]int{}
	for _, c := range mine {
		if b := owners[c]; b != nil {
			count[b]++
			if n := count[b]; n > 1 && n*5 >= 3*max(len(mine), len(m.telling(b))) {
				return b
			}
		}
	}
	return nil
}

// candidate is a pair that might be.
type candidate struct {
	base, head *identity
	like       likeness
	score      float64
	sure       bool
}

// fuzzy pairs what is alike, where each is the other's nearest by a margin.
func (m *matcher) fuzzy() {
	all := m.candidates()
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	for i, c := range all {
		if c.sure && m.free(c.base) && m.free(c.head) && !m.rivalled(all, i) {
			m.pair(c.base, c.head, Fuzzy)
		}
	}
}

// rivalled says whether another pair of either item is just as good.
func (m *matcher) rivalled(all []candidate, i int) bool {
	c := all[i]
	rival := func(r candidate) bool {
		return (r.base == c.base) != (r.head == c.head) && m.free(r.base) && m.free(r.head)
	}
	for j := i + 1; j < len(all) && all[j].score == c.score; j++ {
		if rival(all[j]) {
			return true
		}
	}
	for j := i - 1; j >= 0 && all[j].score == c.score; j-- {
		if rival(all[j]) {
			return true
		}
	}
	return false
}

// commonWord is how many items may share a word for it to lead from one to another.
const commonWord = 64

func index(ids []*identity) map[string][]*identity {
	byWord := map[string][]*identity{}
	for _, id := range ids {
		for _, w := range id.words {
			byWord[w] = append(byWord[w], id)
		}
	}
	return byWord
}

// neighbours returns the items of an index that share a telling word with id, each once.
func neighbours(byWord map[string][]*identity, id *identity) []*identity {
	var out []*identity
	seen := map[*identity]bool{}
	for _, w := range id.words {
		if len(byWord[w]) > commonWord {
			continue
		}
		for _, n := range byWord[w] {
			if !seen[n] {
				seen[n] = true
				out = append(out, n)
			}
		}
	}
	return out
}

// unpaired returns those of ids that have no pair yet.
func (m *matcher) unpaired(ids []*identity) []*identity {
	return slices.DeleteFunc(slices.Clone(ids), func(id *identity) bool { return !m.free(id) })
}

// candidates returns the pairs of unpaired items that share words.
func (m *matcher) candidates() []candidate {
	m.newcomer = index(m.unpaired(m.head))
	var out []candidate
	for _, b := range m.unpaired(m.base) {
		for _, h := range neighbours(m.newcomer, b) {
			out = append(out, m.candidate(b, h))
		}
	}
	return out
}

func (m *matcher) candidate(b, h *identity) candidate {
	c := candidate{base: b, head: h, like: alike(b.words, h.words)}
	c.score = c.like.jaccard + c.like.contain/4
	evidence := m.evidence(b, h)
	if evidence {
		c.score += 0.25
	}
	c.sure = m.sure(c, evidence)
	return c
}

// evidence says whether two items share, besides words, something that points
// to one thing: a file, a pull request, an id, a criterion of their own.
func (m *matcher) evidence(b, h *identity) bool {
	if common(b.files, h.files) > 0 || common(m.telling(b), m.telling(h)) > 0 {
		return true
	}
	if b.item.ID != "" && Fold(b.item.ID) == Fold(h.item.ID) {
		return true
	}
	return slices.ContainsFunc(b.item.Pulls, func(r board.Reference) bool {
		return slices.ContainsFunc(h.item.Pulls, func(s board.Reference) bool {
			return r.Number == s.Number && r.Repo == s.Repo
		})
	})
}

// sure says whether a candidate can be paired without a word of the author. The
// bounds are measured on real boards: containment of three words in four found
// no false pair, a common share of two in five one, so that needs an item that
// must have gone somewhere, from WIP, or evidence.
func (m *matcher) sure(c candidate, evidence bool) bool {
	l := c.like
	if l.shared < 2 || !m.may(c.base, c.head) || clash(c.base, c.head) && !evidence {
		return false
	}
	if !open(c.base.item) {
		return l.jaccard >= 0.75
	}
	switch {
	case l.contain >= 0.75 && enough(l), l.jaccard >= 0.5:
		return true
	case c.base.item.Column.Role == board.WIP:
		return l.jaccard >= 0.4
	}
	return evidence && l.jaccard >= 0.3
}

func (m *matcher) result(base, head *board.Board) Result {
	r := Result{baseOf: map[*board.Item]*Pair{}, headOf: map[*board.Item]*Pair{}}
	for _, h := range m.head {
		p := m.pairOf[h.item]
		if p == nil {
			r.Changes = append(r.Changes, Change{Kind: Added, Head: h.item})
			continue
		}
		r.Pairs = append(r.Pairs, *p)
		r.baseOf[p.Head], r.headOf[p.Base] = p, p
		if kind := changed(p); kind != "" {
			r.Changes = append(r.Changes, Change{Kind: kind, Base: p.Base, Head: p.Head, Match: p.Match})
		}
	}
	for _, b := range m.base {
		if m.free(b) {
			r.Changes = append(r.Changes, Change{Kind: Removed, Base: b.item})
		}
	}
	r.Reformatted = reformatted(base, head, len(r.Pairs))
	if !r.Reformatted && head != nil {
		r.Losses = m.losses(head)
	}
	return r
}

// changed returns what happened to a paired item, empty where nothing did. A
// number that only follows from its place is no change.
func changed(p *Pair) Kind {
	if p.Base.Column.Role != p.Head.Column.Role {
		return Moved
	}
	if p.Base.Title.Value != p.Head.Title.Value || text(p.Base) != text(p.Head) {
		return Edited
	}
	return ""
}

// text is an item's lines without the number before its title.
func text(it *board.Item) string {
	first := it.Title.Span.Start - it.Block.Start
	block := it.Block.Text()
	if first < 0 || first > len(block) {
		return block
	}
	return strings.TrimSpace(block[first:])
}

// losses returns what left NEXT and WIP and stands in no column of the head.
func (m *matcher) losses(head *board.Board) []Loss {
	var out []Loss
	m.finished = index(slices.DeleteFunc(slices.Clone(m.base), func(id *identity) bool {
		return id.item.Column.Role != board.Done && id.item.Column.Role != board.Dropped
	}))
	for _, b := range m.base {
		if m.free(b) && open(b.item) && b.item.Mark != board.Struck && b.item.Mark != board.Checked {
			out = append(out, Loss{Item: b.item, Near: m.near(b), Before: m.before(b), Marked: m.drop(b, head)})
		}
	}
	return out
}

// near returns the newcomers that may be a lost item, the nearest first.
func (m *matcher) near(b *identity) []*board.Item {
	var found []candidate
	for _, h := range neighbours(m.newcomer, b) {
		if c := m.candidate(b, h); m.free(h) && near(c.like) && m.may(b, h) {
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	var out []*board.Item
	for _, c := range found[:min(3, len(found))] {
		out = append(out, c.head.item)
	}
	return out
}

// before returns the item of the base's DONE or Dropped that a lost item already
// was: every word of the one in the other, so that its going is late tidying.
func (m *matcher) before(lost *identity) *board.Item {
	for _, b := range neighbours(m.finished, lost) {
		l := alike(lost.words, b.words)
		all := l.shared == len(lost.words) && l.shared > 1 && l.jaccard >= 0.5
		if (lost.full == b.full || lost.core == b.core || all) && !clash(lost, b) {
			return b.item
		}
	}
	return nil
}

// drop returns the reason a marker of the head gives for a lost item's going.
func (m *matcher) drop(b *identity, head *board.Board) string {
	for _, d := range head.Drops {
		if w := words(d.Title); d.Reason != "" && (w == b.full || w != "" && w == words(withoutID(b.item))) {
			return d.Reason
		}
	}
	return ""
}

// reformatted says whether only a new format can explain what two boards do not
// share: hardly an item is on both, and their headings or the shape of their
// items differ.
func reformatted(base, head *board.Board, pairs int) bool {
	if base == nil || head == nil || len(head.Columns) == 0 {
		return false
	}
	n := len(base.All())
	return n >= 4 && pairs*5 < n && len(head.All()) > 0 && (!shareTitle(base, head) || shape(base) != shape(head))
}

func shareTitle(a, b *board.Board) bool {
	return slices.ContainsFunc(a.Columns, func(x *board.Column) bool {
		return slices.ContainsFunc(b.Columns, func(y *board.Column) bool {
			return x.Role == y.Role && words(x.Title.Value) == words(y.Title.Value)
		})
	})
}

// shape is how a board writes its open items: the first byte of their lines.
func shape(b *board.Board) string {
	for _, it := range b.All() {
		if open(it) {
			if text := it.Line.Text(); text != "" {
				return text[:1]
			}
		}
	}
	return ""
}
