package compare

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
)

// Boards tells who is who between base and head. Either may be nil; then all is
// added, or all removed.
func Boards(base, head *board.Board) Result {
	m := newMatcher(base, head)
	m.marked()
	m.byID(m.base, unstruck(m.head))
	m.same(Exact, func(id *identity) string { return id.full })
	m.byID(m.unpaired(m.base), m.unpaired(m.head))
	m.same(Title, func(id *identity) string { return id.name().core })
	m.byLead()
	m.byCriteria()
	m.byPulls()
	m.fuzzy()
	return m.result(base, head)
}

// matcher pairs items in passes, the surest first.
type matcher struct {
	base, head []*identity
	frequent   map[string]bool // criteria that several items of one board share, nil until asked for
	newcomer   byKey           // unpaired items of the head by their words
	gone       *gone           // nil until asked for
	round      int             // of neighbours
}

// gone is what tells where lost items went.
type gone struct {
	newcomers byKey // unpaired items of the head by their ids
	closed    byKey // items of the base that are not open by their ids
	finished  byKey // the base's DONE and Dropped by their words
	leads     byKey // paired items of the base by how their titles begin
}

func newMatcher(base, head *board.Board) *matcher {
	return &matcher{base: identities(base), head: identities(head)}
}

func identities(b *board.Board) []*identity {
	var out []*identity
	for i, it := range b.All() {
		id := identify(it)
		id.at = i
		out = append(out, id)
	}
	return out
}

func (m *matcher) pair(base, head *identity, match Match) {
	p := &Pair{Base: base.item, Head: head.item, Match: match}
	base.pair, head.pair = p, p
}

// unstruck leaves out what is struck out, since it may stand anew elsewhere.
func unstruck(ids []*identity) []*identity {
	return slices.DeleteFunc(slices.Clone(ids), func(id *identity) bool { return id.item.Mark == board.Struck })
}

func (id *identity) free() bool { return id.pair == nil }

// marked pairs what the author says was another title.
func (m *matcher) marked() {
	var byTitle map[string][]*identity
	for _, h := range m.head {
		if h.item.Was == "" {
			continue
		}
		if byTitle == nil {
			byTitle = freeByTitle(m.base)
		}
		for _, b := range byTitle[words(h.item.Was)] {
			if b.free() && h.free() {
				m.pair(b, h, Marked)
			}
		}
	}
}

func freeByTitle(ids []*identity) map[string][]*identity {
	out := map[string][]*identity{}
	for _, id := range ids {
		if id.free() {
			out[id.full] = append(out[id.full], id)
		}
	}
	return out
}

// owners returns the items of a side by what they have, nil for what several have.
func owners(ids []*identity, of func(*identity) []string) map[string]*identity {
	out := map[string]*identity{}
	for _, id := range ids {
		for _, key := range of(id) {
			if was, taken := out[key]; taken && was != id {
				out[key] = nil
			} else {
				out[key] = id
			}
		}
	}
	return out
}

// byID pairs items that lead with the same id. One that several items of a side
// bear pairs none.
func (m *matcher) byID(base, head []*identity) {
	ours, theirs := owners(base, ids), owners(head, ids)
	for _, h := range head {
		var best *identity
		most := 0
		for _, id := range h.item.IDs {
			b := ours[id]
			if b == nil || !b.free() || !h.free() || theirs[id] != h {
				continue
			}
			if n := shared(b.item.IDs, h.item.IDs); n > most {
				best, most = b, n
			}
		}
		if best != nil {
			m.pair(best, h, ID)
		}
	}
}

func shared(a, b []string) int {
	n := 0
	for _, s := range a {
		if slices.Contains(b, s) {
			n++
		}
	}
	return n
}

// byLead pairs items whose titles begin alike up to a colon, a dash or a
// bracket, where no other item of either side begins so: the beginning is one of
// several words, or the whole of one title. What is in work goes first.
func (m *matcher) byLead() {
	lead := func(id *identity) []string { return []string{id.name().lead} }
	theirs := owners(m.unpaired(m.head), lead)
	for _, first := range []bool{true, false} {
		ours := owners(slices.DeleteFunc(m.unpaired(m.base), func(b *identity) bool {
			return first && b.item.Column.Role != board.WIP
		}), lead)
		for _, h := range m.unpaired(m.head) {
			name := h.name().lead
			b := ours[name]
			if name == "" || b == nil || theirs[name] != h || !b.free() || !m.may(b, h) || !forward(b, h) || clash(b, h) {
				continue
			}
			words := strings.Count(name, " ") + 1
			if b.name().whole() || h.name().whole() || words > 2 || words == 2 && alike(b.name().words, h.name().words).jaccard >= 0.25 {
				m.pair(b, h, Title)
			}
		}
	}
}

// byPulls pairs items of which one names most of the numbers that the other
// does, pull requests or ids, where no other pair shares as many.
func (m *matcher) byPulls() {
	ours := index(m.unpaired(m.base), (*identity).numbers)
	ours.thin(m.unpaired(m.head), (*identity).numbers)
	best := map[*identity]overlap{} // of either side
	for _, h := range m.unpaired(m.head) {
		counts := map[*identity]int{}
		for _, key := range h.numbers() {
			for _, b := range ours[key] {
				counts[b]++
			}
		}
		for _, b := range m.neighbours(ours, h.numbers()) {
			n := counts[b]
			if n*5 >= 3*len(b.numbers()) && m.may(b, h) && forward(b, h) && !clash(b, h) {
				best[b], best[h] = best[b].better(h, n), best[h].better(b, n)
			}
		}
	}
	for _, h := range m.unpaired(m.head) {
		if b := best[h].with; b != nil && best[b].with == h && b.free() {
			m.pair(b, h, Criteria)
		}
	}
}

// overlap is how many numbers an item shares with the one that shares most; with
// is nil where several do.
type overlap struct {
	with *identity
	n    int
}

func (o overlap) better(with *identity, n int) overlap {
	switch {
	case n > o.n:
		return overlap{with, n}
	case n == o.n:
		return overlap{nil, n}
	}
	return o
}

// forward says whether a pair would not go back from WIP to NEXT or a backlog.
func forward(b, h *identity) bool {
	back := h.item.Column.Role == board.Next || h.item.Column.Role == board.Other
	return b.item.Column.Role != board.WIP || !back
}

// absorb returns, for an item of the head that is new or changed, the unpaired
// items of the base that it stands for by citing their ids.
func (m *matcher) absorb() map[*identity][]*identity {
	waiting := owners(slices.DeleteFunc(m.unpaired(m.base), func(b *identity) bool {
		return !open(b.item) && b.item.Column.Role != board.Other
	}), ids)
	out := map[*identity][]*identity{}
	if len(waiting) == 0 {
		return out
	}
	for _, h := range m.head {
		role := h.item.Column.Role
		if role != board.WIP && role != board.Done || h.pair != nil && changed(h.pair) == "" {
			continue
		}
		for _, id := range slices.Concat(h.item.IDs, h.item.Cites) {
			if b := waiting[id]; b != nil && b.free() && m.may(b, h) {
				b.pair = &Pair{Base: b.item, Head: h.item, Match: ID}
				out[h] = append(out[h], b)
			}
		}
	}
	return out
}

// same pairs items of one key. Several of one key on a side are told apart by
// id, then column, then order.
func (m *matcher) same(match Match, key func(*identity) string) {
	ours, theirs := m.onBoth(key)
	for tie := range 4 {
		base := make(map[bucket][]*identity, len(ours))
		for _, b := range ours {
			if at := tied(tie, b, key); at.key != "" {
				base[at] = append(base[at], b)
			}
		}
		for _, h := range theirs {
			if at := tied(tie, h, key); at.key != "" {
				base[at] = m.pairFirst(match, base[at], h, tie)
			}
		}
		ours, theirs = m.unpaired(ours), m.unpaired(theirs)
	}
}

// onBoth returns the unpaired items of both sides whose key the other side has too.
func (m *matcher) onBoth(key func(*identity) string) (base, head []*identity) {
	base, head = m.unpaired(m.base), m.unpaired(m.head)
	sides := make(map[string]int, len(base)) // 1 for the base, 2 for the head
	for _, b := range base {
		sides[key(b)] |= 1
	}
	for _, h := range head {
		if was, ok := sides[key(h)]; ok {
			sides[key(h)] = was | 2
		}
	}
	alone := func(id *identity) bool { return sides[key(id)] != 3 }
	return slices.DeleteFunc(base, alone), slices.DeleteFunc(head, alone)
}

// bucket is what two items have in common that round tie of a key may pair.
type bucket struct {
	key, id string
	role    board.Role
}

// tied returns the bucket of an unpaired item in round tie, the zero bucket
// where it takes no part: first those of one key, id and column, then of one
// id, then of one column, then of the key alone.
func tied(tie int, id *identity, key func(*identity) string) bucket {
	it := id.item
	switch {
	case !id.free() || tie == 1 && called(it) == "":
		return bucket{}
	case tie == 0:
		return bucket{key(id), called(it), it.Column.Role}
	case tie == 1:
		return bucket{key: key(id), id: called(it)}
	case tie == 2:
		return bucket{key: key(id), role: it.Column.Role}
	}
	return bucket{key: key(id)}
}

// called returns what tells an item from others of its title: its id, else a
// word with a number.
func called(it *board.Item) string {
	if it.ID != "" {
		return it.ID
	}
	return it.Designator
}

// pairFirst pairs an item with the first of its bucket that suits it, and returns
// the bucket without those at its head that are taken.
func (m *matcher) pairFirst(match Match, base []*identity, h *identity, tie int) []*identity {
	for len(base) > 0 && !base[0].free() {
		base = base[1:]
	}
	for _, b := range base[:min(len(base), commonWord)] {
		if b.free() && m.suits(tie, match, b, h) {
			m.pair(b, h, match)
			break
		}
	}
	return base
}

// suits says whether two items of one bucket agree as closely as round tie asks.
func (m *matcher) suits(tie int, match Match, b, h *identity) bool {
	switch {
	case tie < 2 || match == Exact:
		return true
	case tie == 2:
		return !clash(b, h)
	}
	return m.may(b, h) && !clash(b, h)
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
		if !h.free() {
			continue
		}
		if b := m.owner(h, owners); b != nil && b.free() && m.may(b, h) && !otherID(b, h) {
			m.pair(b, h, Criteria)
		}
	}
}

// telling returns the criteria of an unpaired item that no other item shares.
func (m *matcher) telling(id *identity) []string {
	if !id.free() || len(id.allCriteria()) == 0 {
		return nil
	}
	if m.frequent == nil {
		m.frequent = map[string]bool{}
		m.count(m.base)
		m.count(m.head)
	}
	if !slices.ContainsFunc(id.allCriteria(), func(c string) bool { return m.frequent[c] }) {
		return id.allCriteria()
	}
	return slices.DeleteFunc(slices.Clone(id.allCriteria()), func(c string) bool { return m.frequent[c] })
}

// count takes in the criteria that several items of one board share.
func (m *matcher) count(ids []*identity) {
	seen := map[string]bool{}
	for _, id := range ids {
		for _, c := range id.allCriteria() {
			if seen[c] {
				m.frequent[c] = true
			}
			seen[c] = true
		}
	}
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
	of := map[*identity][]candidate{}
	for _, c := range all {
		of[c.base], of[c.head] = append(of[c.base], c), append(of[c.head], c)
	}
	for _, c := range all {
		if c.sure && c.base.free() && c.head.free() && !rivalled(c, of[c.base]) && !rivalled(c, of[c.head]) {
			m.pair(c.base, c.head, Fuzzy)
		}
	}
}

// rivalled says whether another pair of one of its items is just as good.
func rivalled(c candidate, others []candidate) bool {
	return slices.ContainsFunc(others, func(r candidate) bool {
		return r.score == c.score && (r.base == c.base) != (r.head == c.head) && r.base.free() && r.head.free()
	})
}

// commonWord is how many items may share a word for it to lead from one to another,
// and mostNeighbours to how many all words may lead.
const commonWord, mostNeighbours = 64, 2_000_000

// byKey are items by what they have, a word of their title or a number.
type byKey map[string][]*identity

func index(ids []*identity, keys func(*identity) []string) byKey {
	out := byKey{}
	for _, id := range ids {
		for _, k := range keys(id) {
			out[k] = append(out[k], id)
		}
	}
	return out
}

// few returns the first items of a key, as many as may share it.
func (b byKey) few(key string) []*identity { return b[key][:min(len(b[key]), commonWord)] }

func titleWords(id *identity) []string { return id.name().words }

func ids(id *identity) []string { return id.item.IDs }

// thin takes out the keys that are too common to lead from some items to those
// of the index; where all of them lead to too many, rarer ones too.
func (b byKey) thin(from []*identity, keys func(*identity) []string) {
	lead := map[string]int{} // how many items have each key
	for _, id := range from {
		for _, k := range keys(id) {
			lead[k]++
		}
	}
	for most, n := commonWord, mostNeighbours+1; n > mostNeighbours; most /= 2 {
		n = 0
		for k, ids := range b {
			if len(ids) > most {
				delete(b, k)
			} else {
				n += len(ids) * lead[k]
			}
		}
	}
}

// neighbours returns the items of an index that have one of some keys, each once.
func (m *matcher) neighbours(of byKey, keys []string) []*identity {
	var out []*identity
	m.round++
	for _, k := range keys {
		for _, n := range of[k] {
			if n.round != m.round {
				n.round = m.round
				out = append(out, n)
			}
		}
	}
	return out
}

// unpaired returns those of ids that have no pair yet.
func (m *matcher) unpaired(ids []*identity) []*identity {
	var out []*identity
	for _, id := range ids {
		if id.free() {
			out = append(out, id)
		}
	}
	return out
}

// candidates returns the pairs of unpaired items that share words, as far as
// they are sure or as good as one that is.
func (m *matcher) candidates() []candidate {
	m.newcomer = index(m.unpaired(m.head), titleWords)
	base := m.unpaired(m.base)
	m.newcomer.thin(base, titleWords)
	for _, b := range base {
		for _, h := range m.neighbours(m.newcomer, titleWords(b)) {
			if l := alike(b.name().words, h.name().words); l.shared >= sharedWords {
				if c := m.candidate(b, h, l); c.sure {
					b.least, h.least = min(b.least, c.score), min(h.least, c.score)
				}
			}
		}
	}
	var out []candidate
	for _, b := range base {
		for _, h := range m.neighbours(m.newcomer, titleWords(b)) {
			least := min(b.least, h.least)
			if math.IsInf(least, 1) {
				continue
			}
			if l := alike(b.name().words, h.name().words); l.score()+evidenceScore >= least {
				if c := m.candidate(b, h, l); c.score >= least {
					out = append(out, c)
				}
			}
		}
	}
	return out
}

// evidenceScore is how much evidence besides words adds to a candidate's score.
const evidenceScore = 0.25

func (l likeness) score() float64 { return l.jaccard + l.contain/4 }

func (m *matcher) candidate(b, h *identity, l likeness) candidate {
	c := candidate{base: b, head: h, like: l, score: l.score()}
	evidence := m.evidence(b, h)
	if evidence {
		c.score += evidenceScore
	}
	c.sure = m.sure(c, evidence)
	return c
}

// evidence says whether two items share, besides words, something that points
// to one thing: a file, a pull request, an id, a criterion of their own.
func (m *matcher) evidence(b, h *identity) bool {
	return called(b.item) != "" && called(b.item) == called(h.item) ||
		common(b.allMarks(), h.allMarks()) > 0 || common(m.telling(b), m.telling(h)) > 0
}

// inPlace says whether two items stand beside the same item in columns of one
// role: the one above them, or the one below, is paired with the other's.
func (m *matcher) inPlace(b, h *identity) bool {
	above, below := neighbour(m.base, b, -1), neighbour(m.base, b, 1)
	return b.item.Column.Role == h.item.Column.Role &&
		(stands(above, neighbour(m.head, h, -1)) || stands(below, neighbour(m.head, h, 1)))
}

// neighbour returns the item next to one in its column, nil at the column's end.
func neighbour(ids []*identity, id *identity, step int) *identity {
	i := id.at + step
	if i < 0 || i >= len(ids) || ids[i].item.Column != id.item.Column {
		return nil
	}
	return ids[i]
}

// stands says whether two neighbours are one item.
func stands(b, h *identity) bool {
	return b != nil && h != nil && b.pair != nil && b.pair == h.pair
}

// sharedWords is the least that two titles share which are paired by their words.
const sharedWords = 2

// sure says whether a candidate can be paired without a word of the author. The
// bounds are measured on real boards: containment of three words in four found
// no false pair, a common share of two in five one, so that needs an item that
// must have gone somewhere, from WIP, or evidence.
func (m *matcher) sure(c candidate, evidence bool) bool {
	l := c.like
	if l.shared < sharedWords || !m.may(c.base, c.head) || otherID(c.base, c.head) || clash(c.base, c.head) && !evidence {
		return false
	}
	switch {
	case !forward(c.base, c.head):
		return l.jaccard >= 0.75
	case !open(c.base.item) && m.inPlace(c.base, c.head):
		return max(l.jaccard, alike(leadWords(c.base), leadWords(c.head)).jaccard) >= 0.5 || evidence && l.jaccard >= 0.3
	case !open(c.base.item):
		return l.jaccard >= 0.75
	case l.contain >= 0.75 && enough(l), l.jaccard >= 0.5:
		return true
	case c.base.item.Column.Role == board.WIP:
		return l.jaccard >= 0.4
	}
	return evidence && l.jaccard >= 0.3
}

func (m *matcher) result(base, head *board.Board) Result {
	r := Result{baseOf: make(map[*board.Item]*Pair, len(m.head)), headOf: make(map[*board.Item]*Pair, len(m.head))}
	r.Reformatted = reformatted(base, head, len(m.base)-len(m.unpaired(m.base)))
	absorbed := m.absorb()
	add := func(p *Pair) {
		r.Pairs = append(r.Pairs, *p)
		r.headOf[p.Base] = p
		if r.baseOf[p.Head] == nil {
			r.baseOf[p.Head] = p
		}
		if kind := changed(p); kind != "" {
			r.Changes = append(r.Changes, Change{Kind: kind, Base: p.Base, Head: p.Head, Match: p.Match})
		}
	}
	for _, h := range m.head {
		switch {
		case h.pair != nil:
			add(h.pair)
		case len(absorbed[h]) == 0:
			r.Changes = append(r.Changes, Change{Kind: Added, Head: h.item})
		}
		for _, b := range absorbed[h] {
			add(b.pair)
		}
	}
	for _, b := range m.base {
		if b.free() {
			r.Changes = append(r.Changes, Change{Kind: Removed, Base: b.item})
		}
	}
	if head != nil {
		r.Losses = m.losses(head)
	}
	return r
}

// changed returns what happened to a paired item, empty where nothing did. A
// number that only follows from its place is not a change, nor is white space.
func changed(p *Pair) Kind {
	if p.Base.Column.Role != p.Head.Column.Role {
		return Moved
	}
	if p.Ticked() {
		return Ticked
	}
	if was, is := linesOf(p.Base), linesOf(p.Head); p.Base.Title.Value != p.Head.Title.Value ||
		!bytes.Equal(was, is) && !slices.EqualFunc(bytes.Fields(was), bytes.Fields(is), bytes.Equal) {
		return Edited
	}
	return ""
}

// linesOf returns an item's lines without the number before its title.
func linesOf(it *board.Item) []byte {
	first := it.Title.Span.Start - it.Block.Start
	block := it.Block.File.Text[it.Block.Start:it.Block.End]
	if first < 0 || first > len(block) {
		return block
	}
	return bytes.TrimSpace(block[first:])
}

// losses returns what left NEXT and WIP and stands in no column of the head.
func (m *matcher) losses(head *board.Board) []Loss {
	var out []Loss
	reasons := reasonsOf(head)
	for _, b := range m.base {
		if b.free() && open(b.item) && b.item.Mark != board.Struck {
			l := Loss{Item: b.item, Before: m.before(b), Marked: reasons.of(b)}
			l.Near, l.Likely = m.near(b)
			out = append(out, l)
		}
	}
	return out
}

// near returns the newcomers that may be a lost item, the nearest first, and
// whether one of them is close: its id is named by the lost item, it would be
// taken for it but for another, or it came into DONE under a title like it.
func (m *matcher) near(b *identity) (out []*board.Item, likely bool) {
	var parts []*identity // that its text speaks of
	for _, id := range b.item.Cites {
		parts = append(parts, m.whereabouts().newcomers[id]...)
	}
	slices.SortFunc(parts, func(a, b *identity) int { return a.at - b.at })
	if parts = slices.Compact(parts); len(parts) > 0 {
		for _, h := range parts[:min(3, len(parts))] {
			out = append(out, h.item)
		}
		return out, true
	}
	var found []candidate
	for _, h := range m.neighbours(m.newcomer, titleWords(b)) {
		if l := alike(b.name().words, h.name().words); h.free() && near(l) && m.may(b, h) {
			found = append(found, m.candidate(b, h, l))
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	for _, c := range found[:min(3, len(found))] {
		out = append(out, c.head.item)
		likely = likely || c.sure || c.head.item.Column.Role == board.Done && c.like.jaccard >= 0.3
	}
	return out, likely
}

// before returns the item of the base's DONE or Dropped that a lost item already
// was: every word of the one in the other, so that its going is late tidying. Of
// other columns it is one that stays and whose title begins with the whole of it.
func (m *matcher) before(lost *identity) *board.Item {
	were := m.whereabouts()
	if n := len(lost.item.IDs); n > 0 {
		for _, b := range were.closed.few(lost.item.IDs[0]) {
			if shared(lost.item.IDs, b.item.IDs) == n {
				return b.item
			}
		}
	}
	for _, b := range m.neighbours(were.finished, titleWords(lost)) {
		l := alike(leadWords(lost), leadWords(b))
		all := l.shared > 1 && (l.shared == len(leadWords(lost)) && l.jaccard >= 0.5 || l.jaccard >= 0.8)
		if (lost.full == b.full || lost.name().core == b.name().core || all) && !clash(lost, b) {
			return b.item
		}
	}
	if !strings.Contains(lost.name().core, " ") {
		return nil
	}
	for _, b := range were.leads.few(lost.name().core) {
		if b.item.Column != lost.item.Column && !clash(lost, b) {
			return b.item
		}
	}
	return nil
}

// whereabouts returns what tells where lost items went, once all pairs are made.
func (m *matcher) whereabouts() *gone {
	if m.gone != nil {
		return m.gone
	}
	m.gone = &gone{newcomers: index(m.unpaired(m.head), ids)}
	var closed, finished, paired []*identity
	for _, b := range m.base {
		if !open(b.item) {
			closed = append(closed, b)
		}
		if b.item.Column.Role == board.Done || b.item.Column.Role == board.Dropped {
			finished = append(finished, b)
		}
		if !b.free() {
			paired = append(paired, b)
		}
	}
	m.gone.closed, m.gone.finished = index(closed, ids), index(finished, titleWords)
	m.gone.finished.thin(m.unpaired(m.base), titleWords)
	m.gone.leads = index(paired, func(id *identity) []string { return []string{id.name().lead} })
	return m.gone
}

// reasons are the markers of a board by which something was dropped, in their
// order, and the first of each title.
type reasons struct {
	marks []board.DropMark
	first map[string]int
}

func reasonsOf(b *board.Board) reasons {
	r := reasons{marks: b.Drops, first: map[string]int{}}
	for i, d := range b.Drops {
		w := words(d.Title)
		if _, known := r.first[w]; !known && w != "" && d.Reason != "" {
			r.first[w] = i
		}
	}
	return r
}

// of returns the reason a marker gives for a lost item's going.
func (r reasons) of(lost *identity) string {
	at := len(r.marks)
	for _, title := range []string{lost.full, words(withoutID(lost.item))} {
		if i, ok := r.first[title]; ok {
			at = min(at, i)
		}
	}
	if at == len(r.marks) {
		return ""
	}
	return r.marks[at].Reason
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
	type heading struct {
		role  board.Role
		title string
	}
	known := map[heading]bool{}
	for _, c := range a.Columns {
		known[heading{c.Role, words(c.Title.Value)}] = true
	}
	return slices.ContainsFunc(b.Columns, func(c *board.Column) bool {
		return known[heading{c.Role, words(c.Title.Value)}]
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
