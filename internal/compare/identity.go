package compare

import (
	"embed"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/text"
)

// identity is what an item is recognised by. Most items are told by their full
// title; the rest is made where it is asked for.
type identity struct {
	item *board.Item
	at   int    // its place among its board's items
	full string // its title, folded
	pair *Pair  // nil where it has none yet

	named    *name
	criteria *[]string // its criteria and notes, folded, each once, sorted
	marks    *[]string // files, ids and pull requests that it speaks of, each by its kind
	cited    *[]string // pull requests and ids

	round int     // the last round of neighbours that came by
	least float64 // the score of its least candidate that is sure
}

// name is what else than its full title tells an item.
type name struct {
	core    string   // its title without ids and trailing bracket, stemmed words in order
	lead    string   // the part of the core before the first colon, dash or bracket
	words   []string // the core's words, sorted, each once, without stop words
	numbers []string // those of the words that are numbers
	written []string // the title's words as they are written
	leading []string // the lead's words, nil until asked for
}

func identify(it *board.Item) *identity {
	id := &identity{item: it, full: words(it.Title.Value), least: math.Inf(1)}
	if id.full == "" {
		id.full = "= " + it.Line.Text()
	}
	return id
}

func (id *identity) name() *name {
	if id.named == nil {
		title := withoutID(id.item)
		core := stems(title)
		n := &name{core: strings.Join(core, " "), words: meaningful(core), written: strings.Fields(id.item.Title.Value)}
		if n.lead = strings.Join(stems(lead(title)), " "); !strings.ContainsFunc(n.lead, unicode.IsLetter) {
			n.lead = "" // a day or a number begins many titles
		}
		for _, w := range n.words {
			if w[0] >= '0' && w[0] <= '9' {
				n.numbers = append(n.numbers, w)
			}
		}
		id.named = n
	}
	return id.named
}

// leadWords returns the words of a title's beginning, sorted, each once.
func leadWords(id *identity) []string {
	n := id.name()
	if n.leading == nil {
		n.leading = meaningful(strings.Fields(n.lead))
	}
	return n.leading
}

// numbers returns the pull requests and ids that an item cites, each once.
func (id *identity) numbers() []string {
	if id.cited == nil {
		out := slices.Concat(id.item.IDs, id.item.Cites)
		for _, r := range id.item.Pulls {
			out = append(out, r.Name())
		}
		slices.Sort(out)
		out = slices.Compact(out)
		id.cited = &out
	}
	return *id.cited
}

// whole says whether a title has nothing behind its lead.
func (n *name) whole() bool { return n.lead == n.core }

// lead returns a title up to its first colon, dash or bracket.
func lead(title string) string {
	end := len(title)
	for _, mark := range []string{": ", " — ", " – ", " - ", " (", " #"} {
		if i := strings.Index(title, mark); i > 0 {
			end = min(end, i)
		}
	}
	return title[:end]
}

func (id *identity) allCriteria() []string {
	if id.criteria == nil {
		b := bullets(id.item)
		id.criteria = &b
	}
	return *id.criteria
}

// allMarks returns the files, ids and pull requests of which an item speaks,
// sorted, each once.
func (id *identity) allMarks() []string {
	if id.marks == nil {
		out := files(id.item)
		for _, c := range id.item.Cites {
			out = append(out, "id "+c)
		}
		for _, r := range id.item.Pulls {
			out = append(out, "pull "+r.Name())
		}
		slices.Sort(out)
		out = slices.Compact(out)
		id.marks = &out
	}
	return *id.marks
}

// words returns a text folded, its words separated by single spaces.
func words(s string) string {
	s = text.Fold(s)
	if spaced(s) {
		return s
	}
	return strings.Join(split(s), " ")
}

// spaced says whether a text is nothing but ASCII words and single spaces between them.
func spaced(s string) bool {
	space := true
	for i := range len(s) {
		c := s[i]
		if c == ' ' && space || c != ' ' && ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
			return false
		}
		space = c == ' '
	}
	return !space
}

// split cuts a text into folded words: runs of letters and digits.
func split(s string) []string {
	return strings.FieldsFunc(text.Fold(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// withoutID returns a title without its ids, or its word with a number, and
// without its trailing bracket. Where nothing else is left, as in "Pass 3
// (permissions audit)", the bracket stays.
func withoutID(it *board.Item) string {
	title := it.Title.Value
	rest := strings.TrimPrefix(title, it.Designator)
	for _, id := range it.IDs {
		if _, after, found := strings.Cut(rest, id); found {
			rest = after
		}
	}
	rest = strings.TrimLeft(rest, " :—–-.,/+&])")
	if strings.TrimSpace(rest) == "" {
		return title
	}
	if i := strings.LastIndexByte(rest, '('); i > 0 && strings.HasSuffix(rest, ")") && strings.TrimSpace(rest[:i]) != "" {
		return rest[:i]
	}
	return rest
}

//go:embed words
var embedded embed.FS

// stopWords say nothing of what an item is.
var stopWords = sync.OnceValue(func() []string { return text.Lists(embedded)["titles"]["stop"] })

func stems(title string) []string {
	var out []string
	for _, w := range split(title) {
		out = append(out, stem(w))
	}
	return out
}

// stem takes an English ending off, so that "monitoring" and "monitor",
// "permissions" and "permission" are one word.
func stem(w string) string {
	if cut, ok := strings.CutSuffix(w, "ten"); ok && len(cut) > 3 && cut[len(cut)-1] == 't' {
		return cut // written
	}
	for _, end := range []string{"ing", "ed"} {
		if cut, ok := strings.CutSuffix(w, end); ok && len(cut) > 2 {
			return undouble(cut)
		}
	}
	if cut, ok := strings.CutSuffix(w, "ies"); ok && len(cut) > 2 {
		return cut + "y"
	}
	if cut, ok := strings.CutSuffix(w, "s"); ok && len(cut) > 2 && !strings.HasSuffix(cut, "s") {
		return strings.TrimSuffix(cut, "e")
	}
	if w == "e" {
		return w
	}
	return strings.TrimSuffix(w, "e")
}

// undouble makes "shipp" of "shipped" into "ship", and "cach" of "caching" stays.
func undouble(w string) string {
	if n := len(w); n > 3 && w[n-1] == w[n-2] && w[n-1] != 'l' && w[n-1] != 's' {
		return w[:n-1]
	}
	return strings.TrimSuffix(w, "e")
}

func meaningful(words []string) []string {
	var out []string
	for _, w := range words {
		if !slices.Contains(stopWords(), w) {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		out = slices.Clone(words)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// bullets returns an item's criteria and notes, each cut at its first dash, so
// that a remark added behind one leaves it the same.
func bullets(it *board.Item) []string {
	var out []string
	add := func(s string) {
		s, _, _ = strings.Cut(s, " - ")
		if w := words(s); len(w) > 8 {
			out = append(out, w)
		}
	}
	if it.DoD != nil {
		for _, c := range it.DoD.Criteria {
			add(c.Value)
		}
	}
	for _, n := range it.Notes {
		add(n.Value)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// files returns the base names of the files an item speaks of.
func files(it *board.Item) []string {
	var out []string
	for _, f := range strings.FieldsFunc(it.Block.Text(), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("`()[]<>,;\"'|*", r)
	}) {
		f = strings.TrimRight(f, ".:")
		base := f[strings.LastIndexByte(f, '/')+1:]
		if dot := strings.LastIndexByte(base, '.'); dot > 3 && dot < len(base)-1 && len(base)-dot < 6 && !strings.Contains(f, "://") {
			out = append(out, strings.ToLower(base))
		}
	}
	return out
}

// common counts what two sorted lists share.
func common(a, b []string) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			n++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return n
}

// likeness is how much two titles' words have in common.
type likeness struct {
	shared  int
	jaccard float64 // shared of all words of both
	contain float64 // shared of the words of the shorter
}

func alike(a, b []string) likeness {
	n := common(a, b)
	if n == 0 {
		return likeness{}
	}
	return likeness{
		shared:  n,
		jaccard: float64(n) / float64(len(a)+len(b)-n),
		contain: float64(n) / float64(min(len(a), len(b))),
	}
}

// Names compares the titles of items that are not of one board: a board's and a
// state file's. It remembers what it has prepared, so that many pairs cost each
// item once. It is for one goroutine.
type Names struct{ known map[*board.Item]*identity }

// NewNames returns Names that know no item yet.
func NewNames() *Names { return &Names{known: map[*board.Item]*identity{}} }

func (n *Names) of(it *board.Item) *identity {
	id := n.known[it]
	if id == nil {
		id = identify(it)
		n.known[it] = id
	}
	return id
}

// Same says whether two titles are one, id and trailing bracket aside.
func (n *Names) Same(a, b *board.Item) bool {
	x, y := n.of(a), n.of(b)
	return x.full == y.full || x.name().core == y.name().core && !clash(x, y)
}

// Similar says whether two titles surely name the same thing.
func (n *Names) Similar(a, b *board.Item) bool {
	x, y := n.of(a), n.of(b)
	if x.full == y.full || x.name().core == y.name().core {
		return true
	}
	l := alike(x.name().words, y.name().words)
	return l.shared > 1 && !clash(x, y) && (l.contain >= 0.75 && enough(l) || l.jaccard >= 0.5)
}

// Resembles says whether two titles may name the same thing.
func (n *Names) Resembles(a, b *board.Item) bool {
	x, y := n.of(a), n.of(b)
	l := alike(x.name().words, y.name().words)
	return x.name().core == y.name().core || l.shared > 1 && near(l)
}

// enough guards containment: two words inside a long title are not identity.
func enough(l likeness) bool { return l.shared > 2 || l.jaccard >= 0.4 }

// near says whether two titles are alike enough to be named, not to be paired:
// of short ones a word is enough.
func near(l likeness) bool {
	return l.shared > 1 && (l.jaccard >= 0.25 || l.contain >= 0.6) || l.shared == 1 && l.contain >= 0.5 && l.jaccard >= 0.3
}

// clash says whether two items carry different ids or designators, different
// numbers where both have some ("Stage 2 …" and "Stage 3 …" are two things), or
// titles that differ in nothing but a number or a name.
func clash(a, b *identity) bool {
	x, y := a.name(), b.name()
	if p, q := a.item.Designator, b.item.Designator; otherID(a, b) || p != "" && q != "" && p != q {
		return true
	}
	if len(x.numbers) > 0 && len(y.numbers) > 0 && common(x.numbers, y.numbers) == 0 {
		return true
	}
	return otherName(x.written, y.written)
}

// otherID says whether two items carry ids and share none.
func otherID(a, b *identity) bool {
	return len(a.item.IDs) > 0 && len(b.item.IDs) > 0 && shared(a.item.IDs, b.item.IDs) == 0
}

// otherName says whether two titles are the same but for one word, which is a
// number or a name in both: "Release 0.7.6", "Import for Berlin".
func otherName(a, b []string) bool {
	if len(a) != len(b) || len(a) < 2 {
		return false
	}
	differ := 0
	for i := range a {
		if strings.EqualFold(a[i], b[i]) {
			continue
		}
		if differ++; i == 0 || !isName(a[i]) || !isName(b[i]) {
			return false
		}
	}
	return differ == 1
}

// isName says whether a word is a number or written with a capital.
func isName(w string) bool {
	for _, r := range w {
		return unicode.IsDigit(r) || unicode.IsUpper(r)
	}
	return false
}
