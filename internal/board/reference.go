package board

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A range of pull requests longer than this is taken as its two ends: it is
// more likely a slip of the pen than a hundred pull requests for one item.
const longestRange = 100

// references returns the pull requests a region cites, and the numbers it only
// names, each once and in the order of the text. What is cited proves that work
// was merged; what is named ("depends on #12", "close stale PRs (#12)") proves
// nothing. Issues, runs, orders and other numbers are neither.
//
// A cited number is a candidate where neither a label ("PR #12"), an address nor
// a word ("merged in #12") says that it is a pull request's.
//
// A number at the very start of the region or of a list item that goes on with
// a word is numbering.
func (s *scanner) references(start, end int) (pulls, mentions []Reference) {
	r := s.within(start, end)
	if s.cited != r {
		s.cited = r
		s.pulls, s.mentions = s.cite(r)
	}
	return s.pulls, s.mentions
}

func (s *scanner) cite(r region) (pulls, mentions []Reference) {
	if !mayCite(s.file.Text[r.start:r.end]) {
		return nil, nil
	}
	c := &citations{prose: s.read(r), lex: s.lexemes()}
	for i := 0; i < len(c.lex); {
		i = c.read(i)
	}
	for _, m := range c.named.list {
		if c.cited.find(m) < 0 {
			mentions = append(mentions, m)
		}
	}
	return c.cited.list, mentions
}

// mayCite says whether a text can hold a reference at all: most lines hold no
// "#", no "pull", and neither "PR" nor "GH-" as a word.
func mayCite(text []byte) bool {
	for i := 0; i < len(text); i++ {
		rest := text[i:]
		switch c := rest[0]; {
		case c == '#':
			return true
		case c == 'p' || c == 'P':
			if hasPrefixFold(rest, "pull") || hasPrefixFold(rest, "pr") && (len(rest) == 2 || !letter(rest[2]) && !isDigit(rest[2])) {
				return true
			}
		case c == 'g' || c == 'G':
			if hasPrefixFold(rest, "gh-") {
				return true
			}
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRune(rest)
			if unicode.IsLetter(r) || unicode.IsMark(r) || invisible(r) {
				return true // it may fold to one of these letters, or stand between them
			}
			i += size - 1
		}
	}
	return false
}

// referenceSet is references, each once.
type referenceSet struct {
	list []Reference
	at   map[pullKey]int // places in the list, made when it is long
}

type pullKey struct {
	repo   string
	number int
}

// fewReferences is how many are searched one by one.
const fewReferences = 16

// find returns a reference's place in the list, -1 where it has none.
func (s *referenceSet) find(r Reference) int {
	if s.at != nil {
		if i, ok := s.at[pullKey{r.Repo, r.Number}]; ok {
			return i
		}
		return -1
	}
	return slices.IndexFunc(s.list, func(known Reference) bool { return known.Number == r.Number && known.Repo == r.Repo })
}

// add adds a reference. One that is known stays a candidate only while nothing
// says that it is a pull request's.
func (s *referenceSet) add(r Reference) {
	if i := s.find(r); i >= 0 {
		s.list[i].Candidate = s.list[i].Candidate && r.Candidate
		return
	}
	s.list = append(s.list, r)
	if s.at == nil && len(s.list) > fewReferences {
		s.at = make(map[pullKey]int, 2*fewReferences)
		for i, known := range s.list {
			s.at[pullKey{known.Repo, known.Number}] = i
		}
	}
	if s.at != nil {
		s.at[pullKey{r.Repo, r.Number}] = len(s.list) - 1
	}
}

func (s *referenceSet) addAll(refs []Reference) {
	for _, r := range refs {
		s.add(r)
	}
}

// citations gathers the references of a region.
type citations struct {
	*prose
	lex          []lexeme
	cited, named referenceSet
}

// standing is what a number counts for.
type standing int

const (
	nothing standing = iota
	mention
	proof
)

// read takes in the group of references that starts at lexeme i, and returns
// the place after it.
func (c *citations) read(i int) int {
	if !c.lex[i].isReference() && !c.plainNumber(i) {
		return i + 1
	}
	refs, last := c.group(i)
	switch c.judge(i, last, len(refs)) {
	case proof:
		c.cited.addAll(refs)
	case mention:
		c.named.addAll(refs)
	}
	return last + 1
}

// unlabelled says whether nothing before the reference at i makes it a pull
// request's: no label, and no word that it is merged.
func (c *citations) unlabelled(i int) bool {
	b := c.lookBack(i)
	merged := terms().landed[c.at(b.at).text] || terms().proof[c.at(b.at).text] && terms().landed[c.at(b.at-1).text]
	return !b.label && !merged
}

// at returns a lexeme, an end of block outside the text.
func (c *citations) at(i int) lexeme {
	if i < 0 || i >= len(c.lex) {
		return lexeme{kind: lexBlock}
	}
	return c.lex[i]
}

func (c *citations) isSign(i int, signs string) bool {
	x := c.at(i)
	return x.kind == lexSign && strings.Contains(signs, x.text)
}

// skip returns the first place from i on, in direction by, that is no soft line break.
func (c *citations) skip(i, by int) int {
	for c.at(i).kind == lexBreak {
		i += by
	}
	return i
}

// plainNumber makes "PR 1761" and "PR-1761" a reference. Fewer than three digits
// are more likely a place in a series.
func (c *citations) plainNumber(i int) bool {
	x := c.at(i)
	n, ok := decimal(x.text)
	if x.kind != lexWord || !ok || n < 100 || x.end-x.start != len(x.text) {
		return false
	}
	label := i - 1
	if c.isSign(label, "-") && c.at(label).end == x.start {
		label--
	}
	if w := c.at(label); w.kind != lexWord || w.text != "pr" && w.text != "request" && w.text != "pull-request" || !c.label(label) {
		return false
	}
	if !endsNumber(c.text, x.end) || c.isSign(i+1, "-/:") && c.at(i+1).start == x.end || terms().unit[c.at(i+1).text] {
		return false
	}
	c.lex[i].kind, c.lex[i].number = lexNamed, n
	return true
}

// label says whether the word at i ends a label of pull requests.
func (c *citations) label(i int) bool {
	x := c.at(i)
	if x.kind != lexWord {
		return false
	}
	if x.text == "request" || x.text == "requests" {
		before := c.at(i - 1)
		return before.kind == lexWord && before.text == "pull"
	}
	return terms().pull[x.text]
}

// group reads a list of references and ranges, and returns where it ends.
func (c *citations) group(i int) (refs []Reference, last int) {
	candidates := c.unlabelled(i)
	for {
		from := len(refs)
		refs, last = c.element(i, refs)
		for n := from; n < len(refs); n++ {
			refs[n].Candidate = candidates && c.at(i).kind == lexNumber
		}
		next, ok := c.nextInList(last)
		if !ok {
			break
		}
		i = next
		candidates = candidates && !c.label(i-1)
	}
	if c.hasLanded(last) {
		for n := range refs {
			refs[n].Candidate = false
		}
	}
	return refs, last
}

// nextInList returns the place of the reference that goes on a list after lexeme i.
func (c *citations) nextInList(i int) (int, bool) {
	j, separated := c.skip(i+1, 1), false
	for ; c.isSign(j, ",/&+;") || c.at(j).kind == lexWord && terms().list[c.at(j).text]; j = c.skip(j+1, 1) {
		separated = true
	}
	if c.isSign(j, "[") {
		j++
	}
	for separated && c.label(j) {
		j++
	}
	if c.at(j).kind == lexNumber && c.at(j).loose {
		return 0, false
	}
	return j, separated && c.at(j).isReference()
}

// element adds one reference, or a range of them, to refs.
func (c *citations) element(i int, refs []Reference) ([]Reference, int) {
	x := c.at(i)
	first := Reference{Repo: x.repo, Number: x.number, Span: c.span(x.start, x.end)}
	to, at, ok := c.rangeEnd(i)
	refs = append(refs, first)
	if !ok {
		return refs, i
	}
	y := c.at(at)
	end := Reference{Repo: x.repo, Number: to, Span: c.span(y.start, y.end)}
	if to-x.number < longestRange {
		for n := x.number + 1; n < to; n++ {
			refs = append(refs, Reference{Repo: x.repo, Number: n, Span: c.span(x.start, y.end)})
		}
	}
	return append(refs, end), at
}

// rangeEnd reads the second half of "#2694-#2698", "#2694–2698" or "#2694 to #2698".
func (c *citations) rangeEnd(i int) (number, at int, ok bool) {
	x, sign, y := c.at(i), c.at(i+1), c.at(i+2)
	if x.kind != lexNumber && x.kind != lexNamed {
		return 0, 0, false
	}
	at = i + 2
	dash := sign.kind == lexSign && strings.Contains("-–—‑‐−~", sign.text)
	tight := sign.start == x.end && y.start == sign.end
	switch {
	case y.kind == lexNumber && !y.loose:
		word := sign.kind == lexWord && (sign.text == "to" || sign.text == "through" || sign.text == "thru" || sign.text == "bis" || sign.text == "εωσ")
		spaced := dash && (sign.text == "–" || c.plural(i))
		return y.number, at, word || spaced || dash && tight
	case y.kind == lexWord && dash && tight:
		n, digits := decimal(y.text)
		follows := c.isSign(at+1, "-–./:") && c.at(at+1).start == y.end
		if !digits || follows || !endsNumber(c.text, y.end) {
			return 0, 0, false
		}
		return abbreviated(x.number, n), at, true
	}
	return 0, 0, false
}

// plural says whether a label of several pull requests stands right before lexeme i.
func (c *citations) plural(i int) bool {
	b := c.lookBack(i)
	return b.label && b.plural
}

// abbreviated completes the end of a range such as 2694-98.
func abbreviated(from, to int) int {
	for scale := 10; scale <= 1_000_000; scale *= 10 {
		if full := from - from%scale + to; to < scale && to >= scale/10 && full > from && to < from {
			return full
		}
	}
	return to
}

// surroundings is what stands before a group of references.
type surroundings struct {
	label, plural bool // "PR", "PRs"
	bracket       bool // a bracket opens between
	colon         bool // a colon stands before the number, or before its label
	at            int  // the place before all that
}

// lookBack reads the label, brackets and colon before lexeme i.
func (c *citations) lookBack(i int) surroundings {
	b := surroundings{at: c.skip(i-1, -1)}
	c.openers(&b)
	for c.at(b.at).kind == lexWord && terms().ordinal[c.at(b.at).text] && !c.isSign(b.at-1, "|") {
		b.at--
		if c.isSign(b.at+1, ".") {
			b.at--
		}
		c.openers(&b)
	}
	if c.isSign(b.at, ")") && c.at(b.at-1).text == "s" && c.isSign(b.at-2, "(") && c.label(b.at-3) {
		b.at -= 3
		b.plural = true
	}
	if !c.label(b.at) {
		if d := c.skip(b.at-1, -1); c.isSign(b.at, "-–—→/") && c.label(d) {
			b.at = d
		}
	}
	if c.label(b.at) {
		b.label = true
		b.plural = b.plural || terms().plural[c.at(b.at).text]
		if text := c.at(b.at).text; text == "request" || text == "requests" {
			b.at--
		}
		b.at = c.skip(b.at-1, -1)
		if b.colon = c.isSign(b.at, ":："); b.colon {
			b.at = c.skip(b.at-1, -1)
		}
	}
	return b
}

// openers goes back over opening brackets, colons and the full stop of "no.".
func (c *citations) openers(b *surroundings) {
	for range 4 {
		switch {
		case c.isSign(b.at, "(["):
			b.bracket = true
		case c.isSign(b.at, ":：="):
			b.colon = true
		case c.isSign(b.at, ".") && (terms().ordinal[c.at(b.at-1).text] || terms().short[c.at(b.at-1).text]):
		default:
			return
		}
		b.at = c.skip(b.at-1, -1)
	}
}

// judge says what the references from lexeme first to last count for.
func (c *citations) judge(first, last, count int) standing {
	x := c.at(first)
	b := c.lookBack(first)
	bare := x.kind == lexNumber && !b.label
	loose := x.kind != lexPull && !b.label
	if bare && (x.loose || c.coloured(first)) || loose && (c.counted(b, count) || c.numbers(first, last, count)) {
		return nothing
	}
	if bare && x.owned {
		return mention
	}
	switch by := c.governed(b, loose); {
	case by == mention && c.hasLanded(last) && !c.related(b):
		return proof
	case by != nothing:
		return by
	case bare:
		return c.alone(first, last)
	}
	return proof
}

// counted says whether the number is that of something else: "Order #86". In a
// bracket it is only where nothing but the noun stands before it, or where
// several things of a tracker are listed: "(#12)" behind a title is GitHub's own
// mark of a squashed pull request, whatever the title's last word.
func (c *citations) counted(b surroundings, count int) bool {
	x := c.at(b.at)
	if x.kind == lexWord && x.variable {
		return true
	}
	if x.kind != lexWord {
		return false
	}
	plural, ok := terms().counts(x.text, terms().noun)
	if !ok {
		ok = countedCJK(x.text)
	}
	if !ok || !b.bracket {
		return ok
	}
	_, tracked := terms().counts(x.text, terms().tracked)
	before := c.at(b.at - 1)
	alone := before.kind == lexBlock || before.kind == lexSign && strings.Contains(".;,(:|—–", before.text)
	return alone || plural && tracked && count > 1
}

// countedCJK looks for a noun at the end of a run of letters without spaces.
func countedCJK(word string) bool {
	at := len(word)
	for n := 0; n < 5 && at > 0; n++ {
		r := lastRune(word[:at])
		if !isCJK(r) && r != 'ー' {
			return false
		}
		at -= len(string(r))
		if terms().noun[word[at:]] {
			return true
		}
	}
	return false
}

// coloured says whether a number is a colour: a word for one stands shortly before it.
func (c *citations) coloured(i int) bool {
	n := c.at(i).end - c.at(i).start - 1
	if n != 3 && n != 4 && n != 6 && n != 8 {
		return false
	}
	if d := c.text[c.at(i).start+1 : c.at(i).end]; n == 6 && strings.Count(string(d), string(d[:1])) == 6 {
		return true
	}
	for j, seen := i-1, 0; seen < 6; j, seen = j-1, seen+1 {
		x := c.at(j)
		if x.kind == lexBlock {
			return false
		}
		if x.kind == lexWord && (x.variable || terms().colour[x.text]) {
			return true
		}
	}
	return false
}

// numbers says whether the reference numbers what follows: "#9 Sidebar".
func (c *citations) numbers(first, last, count int) bool {
	start := c.at(first-1).kind == lexBlock
	cell := c.isSign(first-1, "|") && c.at(first-2).kind == lexBlock
	if count != 1 || first != last || !start && !cell {
		return false
	}
	next := c.skip(last+1, 1)
	if cell {
		return c.isSign(next, "|")
	}
	if c.isSign(next, ":.)-–—|") {
		next = c.skip(next+1, 1)
	}
	x := c.at(next)
	return x.kind == lexWord && !terms().finished[x.text] && !terms().list[x.text] || x.isReference()
}

// governed looks for the word that the references hang on.
func (c *citations) governed(b surroundings, loose bool) standing {
	if b.bracket && !b.label {
		return c.relates(b.at)
	}
	unknown := 0
	for at, seen := b.at, 0; seen < 8; at, seen = at-1, seen+1 {
		x := c.at(at)
		if x.kind == lexBreak {
			continue
		}
		if x.kind != lexWord {
			return nothing
		}
		if s := c.governs(at, b.label, b.colon, loose); s != nothing {
			if unknown > 0 && (s != mention || !terms().act[x.text] || !c.opensClause(at)) {
				return nothing
			}
			return s
		}
		if _, number := decimal(x.text); !number && !terms().filler[x.text] {
			if unknown++; !b.plural || unknown > 3 {
				return nothing
			}
		}
	}
	return nothing
}

// relates says whether the word at i governs even a number in a bracket. A word
// that a title can end with does not: "Layout fixes (#12)".
func (c *citations) relates(i int) standing {
	x, before := c.at(i), c.at(c.skip(i-1, -1))
	if x.kind == lexWord && (terms().opening[x.text] || before.kind == lexWord && terms().phrase[before.text+"_"+x.text]) {
		return mention
	}
	return nothing
}

// opensClause says whether the word at i is the first of its sentence or part of it.
func (c *citations) opensClause(i int) bool {
	x := c.at(i - 1)
	return x.kind == lexBlock || x.kind == lexSign
}

// governs says what the word at i makes of the references it governs. A colon
// turns a word for work ("Review: PR #12") into the label of a field; a relation
// it does not.
func (c *citations) governs(i int, label, colon, loose bool) standing {
	x, v := c.at(i), terms()
	if x.kind != lexWord {
		return nothing
	}
	prev := c.skip(i-1, -1)
	before := c.at(prev)
	switch {
	case before.kind == lexWord && v.phrase[before.text+"_"+x.text], v.relation[x.text]:
		return mention
	case v.closing[x.text] && loose:
		return c.unlessJoined(prev)
	case colon:
	case v.act[x.text]:
		if before.text == "in" || before.text == "under" {
			return proof
		}
		return c.unlessJoined(prev)
	case v.state[x.text] && (label || loose):
		return mention
	}
	if v.proof[x.text] {
		return proof
	}
	return nothing
}

// unlessJoined keeps "merged and closed #12" a proof; i is the place before "closed".
func (c *citations) unlessJoined(i int) standing {
	if terms().list[c.at(i).text] && terms().landed[c.at(i-1).text] {
		return proof
	}
	return mention
}

// related says whether what stands before the references is a relation, which
// holds whatever became of them: "after PR #12 merged".
func (c *citations) related(b surroundings) bool {
	for at, seen := b.at, 0; seen < 4 && c.at(at).kind == lexWord; at, seen = at-1, seen+1 {
		x, before := c.at(at), c.at(at-1)
		if terms().relation[x.text] && x.text != "pending" || terms().phrase[before.text+"_"+x.text] {
			return true
		}
	}
	return false
}

// hasLanded says whether "merged" or its like follows lexeme i.
func (c *citations) hasLanded(i int) bool {
	for j, seen := c.skip(i+1, 1), 0; seen < 4; j, seen = c.skip(j+1, 1), seen+1 {
		x := c.at(j)
		switch {
		case x.kind == lexWord && terms().landed[x.text]:
			return true
		case c.isSign(j, "()[]:-–—✅"):
		case x.kind == lexWord && (x.text == "was" || x.text == "is" || x.text == "were" || x.text == "are" || x.text == "all" || x.text == "now"):
		default:
			return false
		}
	}
	return false
}

// alone judges numbers that no word explains. They prove where they stand like
// a source: in a bracket, at an end, after a separator. In the middle of a
// sentence they are only named.
func (c *citations) alone(first, last int) standing {
	before, after := c.at(c.skip(first-1, -1)), c.at(c.skip(last+1, 1))
	follows := after.kind == lexWord && !terms().finished[after.text] && !terms().list[after.text] && !startsCJK(after)
	opened := before.kind == lexSign && strings.Contains("([", before.text)
	switch {
	case opened && follows:
		return mention
	case before.kind == lexWord && (follows || terms().naming[before.text]) && !startsCJK(before):
		return mention
	}
	return proof
}

func startsCJK(x lexeme) bool {
	for _, r := range x.text {
		return isCJK(r)
	}
	return false
}
