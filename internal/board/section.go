package board

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/boardgate/boardgate/internal/text"
)

// section is a column: its heading and the blocks that stand below it.
type section struct {
	at, end int // blocks[at] is the heading, blocks[at+1:end] its body
	role    Role
	word    string // the configured word that made it this role's
	tail    string // what follows the word
	level   int
}

// aboutColumn are words that, right behind a column's, make a heading speak about it.
var aboutColumn = wordsOf("headings", "about")

// role returns the role whose words lead a heading's text, and what follows
// them. A number before them is set aside: "2. Blocked".
func (p *reader) role(r region) (Role, matched) {
	s := Visible(p.raw(r))
	_, n := numbering(s)
	return p.leading(s[n:])
}

// matched is the words by which a heading was known and what follows them.
type matched struct{ word, tail string }

// phrase is words that lead the headings of a role.
type phrase struct {
	role    Role
	words   string // as configured
	compact string // their letters and digits alone, folded
}

// phrases returns the configured phrases, those of one role after another.
func phrases(words Words) []phrase {
	var out []phrase
	for _, role := range slices.Sorted(maps.Keys(words.Columns)) {
		for _, w := range words.Columns[role] {
			out = append(out, phrase{role, w, compact(w)})
		}
	}
	return out
}

// leading finds the longest configured phrase that leads a text. Marks and emoji
// before it, case, and separators between its words are set aside.
func (p *reader) leading(s string) (Role, matched) {
	// Most texts do not begin with a column's word, as far as they are ASCII.
	if !slices.ContainsFunc(p.phrases, func(ph phrase) bool { return mayBegin(s, ph.compact) }) {
		return "", matched{}
	}
	toks := cut(s, p.longest+1)
	if len(toks) == 0 {
		toks = []token{{before: s, end: len(s)}} // nothing but an emoji, perhaps
	}
	var best Role
	var m matched
	longest := 0
	for _, ph := range p.phrases {
		n, size := ph.leads(toks)
		if n == 0 || size <= longest || glued(s[toks[n-1].end:]) {
			continue
		}
		if n < len(toks) && strings.TrimSpace(toks[n].before) == "" && aboutColumn().has(toks[n].text) {
			continue
		}
		best, longest = ph.role, size
		m = matched{word: ph.words, tail: strings.TrimSpace(s[toks[n-1].end:])}
	}
	return best, m
}

// mayBegin says whether the letters and digits of a text may begin with a phrase.
func mayBegin(s, compact string) bool {
	n := 0
	for i := 0; i < len(s) && n < len(compact); i++ {
		switch {
		case s[i] >= utf8.RuneSelf:
			return true
		case !letter(s[i]) && !isDigit(s[i]):
		case s[i]|0x20 != compact[n]:
			return false
		default:
			n++
		}
	}
	return n == len(compact)
}

// glued says whether what follows a word goes on with it: "Next.js", "done-ness".
func glued(rest string) bool {
	if rest == "" || strings.IndexByte(".-_'’", rest[0]) < 0 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(rest[1:])
	return isAlphanumeric(r)
}

// leads returns how many tokens the phrase covers, 0 where it does not lead
// them, and how many bytes it has. For one without letters, such as an emoji,
// there is no token: it is looked for among what precedes the first one.
func (ph phrase) leads(toks []token) (n, size int) {
	if ph.compact != "" {
		return prefix(toks, ph.compact), len(ph.compact)
	}
	if ph.words == "" || !strings.Contains(toks[0].before, strings.TrimSpace(ph.words)) {
		return 0, 0
	}
	return 1, len(ph.words)
}

// prefix returns how many tokens a compact phrase covers, 0 where it does not
// lead them.
func prefix(toks []token, compact string) int {
	for i, t := range toks {
		rest, ok := strings.CutPrefix(compact, t.text)
		if !ok {
			return 0
		}
		if compact = rest; compact == "" {
			return i + 1
		}
	}
	return 0
}

// sections returns the columns that headings make, in the order of the file.
func (p *reader) sections() []section {
	p.parents = p.headingParents()
	heads := p.candidates()
	heads = p.withoutTitle(heads)
	heads = p.withoutStray(heads)
	heads = p.withoutContainers(heads)
	places := byPlace(heads)
	heads = slices.DeleteFunc(heads, func(h section) bool { // an item or a group of the column it stands below
		_, nested := p.above(h.at, places)
		return nested
	})
	if p.scattered(heads) {
		p.board.Problem, p.board.At = Scattered, p.span(p.blocks[heads[0].at].region)
		return nil
	}
	for i := range heads {
		end := len(p.blocks)
		if i+1 < len(heads) {
			end = heads[i+1].at
		}
		heads[i].end = p.sectionEnd(heads[i].at, end)
	}
	return heads
}

// sectionEnd returns where the section of a heading ends: at the next heading
// of its level or above.
func (p *reader) sectionEnd(at, end int) int {
	for i := at + 1; i < end; i++ {
		if b := p.blocks[i]; b.kind == heading && b.level <= p.blocks[at].level {
			return i
		}
	}
	return end
}

// candidates are the headings that begin with a column's word.
func (p *reader) candidates() []section {
	var out []section
	for i, b := range p.blocks {
		if b.kind != heading || b.level > 3 {
			continue
		}
		if role, m := p.role(b.region); role != "" {
			out = append(out, section{at: i, role: role, word: m.word, tail: m.tail, level: b.level})
		} else {
			p.lookalike(b.region)
		}
	}
	return out
}

// headingParents returns, for every block, the place of the heading it stands
// below, -1 where there is none.
func (p *reader) headingParents() []int {
	parents := make([]int, len(p.blocks))
	var open [7]int // the last heading of each level
	for l := range open {
		open[l] = -1
	}
	for i, b := range p.blocks {
		level := 7
		if b.kind == heading {
			level = b.level
		}
		parents[i] = -1
		for l := level - 1; l > 0 && parents[i] < 0; l-- {
			parents[i] = open[l]
		}
		if b.kind == heading {
			open[level] = i
			for l := level + 1; l < len(open); l++ {
				open[l] = -1
			}
		}
	}
	return parents
}

// above returns the nearest of the heads in whose section a block stands.
func (p *reader) above(at int, heads map[int]section) (section, bool) {
	for i := p.parents[at]; i >= 0; i = p.parents[i] {
		if h, ok := heads[i]; ok {
			return h, true
		}
	}
	return section{}, false
}

func byPlace(heads []section) map[int]section {
	m := make(map[int]section, len(heads))
	for _, h := range heads {
		m[h.at] = h
	}
	return m
}

// withoutTitle takes out the document's title: the only heading of level 1,
// with sections below it.
func (p *reader) withoutTitle(heads []section) []section {
	title, others := -1, false
	for i, b := range p.blocks {
		switch {
		case b.kind != heading:
		case b.level > 1:
			others = true
		case title >= 0 || others:
			return heads
		default:
			title = i
		}
	}
	if !others {
		return heads
	}
	return slices.DeleteFunc(heads, func(h section) bool { return h.at == title })
}

// withoutStray takes out what stands below a section that is not a column and says
// more than a column's word, unless one beside it says no more: "### [Done] Fence"
// below "## Details".
func (p *reader) withoutStray(heads []section) []section {
	places := byPlace(heads)
	holds := map[int]bool{} // the sections with columns
	for _, h := range heads {
		holds[p.sectionOf(h)] = holds[p.sectionOf(h)] || bare(h.tail)
	}
	return slices.DeleteFunc(heads, func(h section) bool {
		_, nested := p.above(h.at, places)
		return !nested && p.sectionOf(h) >= 0 && !holds[p.sectionOf(h)] && !bare(h.tail)
	})
}

// withoutContainers takes out what has other columns right in its section: it
// is a title or a group.
func (p *reader) withoutContainers(heads []section) []section {
	places := byPlace(heads)
	below := map[int]map[Role]bool{}
	for _, h := range heads {
		if above, ok := p.above(h.at, places); ok && h.role != Other && (h.role != above.role || h.word == above.word) && bare(h.tail) {
			if below[above.at] == nil {
				below[above.at] = map[Role]bool{}
			}
			below[above.at][h.role] = true
		}
	}
	return slices.DeleteFunc(heads, func(h section) bool {
		n := len(below[h.at])
		return n > 1 || n == 1 && (h.role == Other || h.level == 1)
	})
}

// bare says whether what follows a column's word is no more than a bracket, a
// number or a mark: "(max 3)", "[2]", ": 1", "— 2026-01".
func bare(tail string) bool {
	tail = strings.TrimLeftFunc(tail, func(r rune) bool {
		return unicode.IsSpace(r) || text.Ignorable(r) || r == '\ufe0f' || strings.ContainsRune(":—–-", r) || symbol(string(r)) > 0
	})
	return tail == "" || strings.ContainsRune("([（【{", firstRune(tail)) || isDigit(tail[0])
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// scattered says whether the column words stand mostly alone below sections of
// a plan ("## Day 3" with nothing but "### TODO" below it), so that no section
// is a board.
func (p *reader) scattered(heads []section) bool {
	roles := map[int]map[Role]bool{}
	for _, h := range heads {
		parent := p.sectionOf(h)
		if roles[parent] == nil {
			roles[parent] = map[Role]bool{}
		}
		roles[parent][h.role] = true
	}
	single := 0
	for _, l := range roles {
		if len(l) == 1 {
			single++
		}
	}
	return len(roles) > 2 && single*2 > len(roles) && roles[-1] == nil
}

// sectionOf returns the place of the heading a column stands below, -1 where
// that is the document or its title.
func (p *reader) sectionOf(h section) int {
	if i := p.parents[h.at]; i >= 0 && p.blocks[i].level > 1 {
		return i
	}
	return -1
}
