package board

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// head is a heading that is a column's.
type head struct {
	at   int // its place in reader.blocks
	role Role
	word string
	tail string // what follows the words
}

// notColumns are words that, right after a column's, make a heading speak about
// the column instead of being one: "WIP Limit = 1", "Done criteria".
var notColumns = []string{
	"limit", "limits", "rule", "rules", "policy", "criteria", "definition", "checklist", "template", "example",
}

// role returns the role whose words lead a heading's text, and what follows them.
func (p *reader) role(r region) (Role, matched) {
	return leading(p.raw(r), p.words)
}

// matched is the words by which a heading was known and what follows them.
type matched struct{ word, tail string }

// leading finds the longest configured phrase that leads a text. Marks and emoji
// before it, case, and separators between its words are set aside.
func leading(s string, words Words) (Role, matched) {
	toks := tokens(s)
	var best Role
	var m matched
	longest := 0
	for _, role := range roles(words) {
		for _, phrase := range words.Columns[role] {
			n, size := prefix(toks, phrase)
			if n == 0 || size <= longest {
				continue
			}
			if n < len(toks) && slices.Contains(notColumns, toks[n].text) {
				continue
			}
			best, longest = role, size
			m = matched{word: phrase, tail: strings.TrimSpace(s[toks[n-1].end:])}
		}
	}
	return best, m
}

// roles returns the configured roles in a fixed order.
func roles(words Words) []Role {
	var out []Role
	for r := range words.Columns {
		out = append(out, r)
	}
	slices.Sort(out)
	return out
}

// prefix returns how many tokens the phrase covers, 0 where it does not lead
// them, and how many bytes of letters it has.
func prefix(toks []token, phrase string) (n, size int) {
	want := compact(phrase)
	if want == "" {
		return emojiPrefix(toks, phrase)
	}
	got := ""
	for i, t := range toks {
		got += t.text
		if len(got) >= len(want) {
			if got == want {
				return i + 1, len(want)
			}
			return 0, 0
		}
	}
	return 0, 0
}

// emojiPrefix matches a phrase that has no letters, such as an emoji: there is
// no token for it, so it is looked for among what precedes the first one.
func emojiPrefix(toks []token, phrase string) (n, size int) {
	if len(toks) == 0 || phrase == "" || !strings.Contains(toks[0].before, strings.TrimSpace(phrase)) {
		return 0, 0
	}
	return 1, len(phrase)
}

// token is a run of letters and digits, folded.
type token struct {
	text   string
	before string // what stands between it and the token before
	end    int    // offset of its end in the source string
}

// tokens cuts a text into runs of letters, marks and digits, folded. Letters of
// scripts that write without spaces stay one run.
func tokens(s string) []token {
	var out []token
	start, last := -1, 0
	flush := func(end int) {
		if start >= 0 {
			out = append(out, token{text: fold(s[start:end]), before: s[last:start], end: end})
			start, last = -1, end
		}
	}
	for i, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || start >= 0 && unicode.Is(unicode.Mn, r):
			if start < 0 {
				start = i
			}
		case invisible(r):
		default:
			flush(i)
		}
	}
	flush(len(s))
	return out
}

// invisible says whether a rune has no width and no meaning for words.
func invisible(r rune) bool {
	return r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\u2060' || r == '\ufeff' || r == '\u00ad'
}

// fold makes texts comparable: composed, in lower case, without invisible
// runes and without accents on Greek and Latin letters.
func fold(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		if invisible(r) || r >= 0x300 && r <= 0x36f {
			continue
		}
		if r == 'ς' {
			r = 'σ'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func compact(phrase string) string {
	var b strings.Builder
	for _, t := range tokens(phrase) {
		b.WriteString(t.text)
	}
	return b.String()
}

// columnHeads returns the headings that are columns, in the order of the file.
func (p *reader) columnHeads() []head {
	p.parents = p.headingParents()
	heads := p.withoutNested(p.withoutParents(p.candidates()))
	if p.scattered(heads) {
		p.board.Problem, p.board.At = Scattered, p.span(p.blocks[heads[0].at].text)
		return nil
	}
	return heads
}

func (p *reader) candidates() []head {
	var out []head
	for i, b := range p.blocks {
		if b.kind != heading || b.level > 3 {
			continue
		}
		if role, m := p.role(b.text); role != "" {
			out = append(out, head{at: i, role: role, word: m.word, tail: m.tail})
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
func (p *reader) above(at int, heads map[int]head) (head, bool) {
	for i := p.parents[at]; i >= 0; i = p.parents[i] {
		if h, ok := heads[i]; ok {
			return h, true
		}
	}
	return head{}, false
}

func byPlace(heads []head) map[int]head {
	m := make(map[int]head, len(heads))
	for _, h := range heads {
		m[h.at] = h
	}
	return m
}

// withoutParents takes out what has another column right in its section; it is
// a title or a group.
func (p *reader) withoutParents(heads []head) []head {
	places := byPlace(heads)
	parents := map[int]bool{}
	for _, h := range heads {
		if above, ok := p.above(h.at, places); ok && h.role != Other && decorated(h.tail) {
			parents[above.at] = true
		}
	}
	return slices.DeleteFunc(heads, func(h head) bool { return parents[h.at] })
}

// withoutNested takes out what is only an item or a group of the column it
// stands below: its words are followed by more than a bracket or a date, or it
// is a lane without a role ("### Blocked" below NEXT).
func (p *reader) withoutNested(heads []head) []head {
	places := byPlace(heads)
	return slices.DeleteFunc(heads, func(h head) bool {
		above, ok := p.above(h.at, places)
		return ok && above.role != Other
	})
}

// decorated says whether what follows a column's words is no more than a
// bracket, a date, a separator or a mark.
func decorated(tail string) bool {
	for _, r := range tail {
		return !unicode.IsLetter(r)
	}
	return true
}

// scattered says whether the column words stand mostly alone below sections of
// a plan ("## Day 3" with nothing but "### TODO" below it), so that no section
// is a board.
func (p *reader) scattered(heads []head) bool {
	lanes := map[int]map[Role]bool{}
	for _, h := range heads {
		parent := p.sectionOf(h)
		if lanes[parent] == nil {
			lanes[parent] = map[Role]bool{}
		}
		lanes[parent][h.role] = true
	}
	single := 0
	for _, l := range lanes {
		if len(l) == 1 {
			single++
		}
	}
	return len(lanes) > 2 && single*2 > len(lanes) && lanes[-1] == nil
}

// sectionOf returns the place of the heading a column stands below, -1 where
// that is the document or its title.
func (p *reader) sectionOf(h head) int {
	if i := p.parents[h.at]; i >= 0 && p.blocks[i].level > 1 {
		return i
	}
	return -1
}
