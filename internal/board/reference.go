package board

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A range of pull requests longer than this is taken as its two ends: it is
// more likely a slip of the pen than a hundred pull requests for one item.
const longestRange = 100

// The words around a number that say what it is.
var (
	pullLabels      = wordsOf("references", "label")
	countedNouns    = wordsOf("references", "noun")
	landedWords     = wordsOf("references", "landed")
	finishedWords   = wordsOf("references", "finished")
	proofWords      = wordsOf("references", "proof")
	fillerWords     = wordsOf("references", "filler")
	relatingWords   = wordsOf("references", "relation")
	relatingPhrases = wordsOf("references", "relating phrase")
	workWords       = wordsOf("references", "work")
	namingWords     = wordsOf("references", "naming")
	conjunctions    = wordsOf("references", "list")
	pathNames       = wordsOf("references", "path")
)

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
	r := s.inFile(start, end)
	if s.cited != r {
		s.cited = r
		s.pulls, s.mentions = s.cite(r)
	}
	return s.pulls, s.mentions
}

func (s *scanner) cite(r region) (pulls, mentions []Reference) {
	if !mayCite(s.shown[r.start:r.end]) {
		return nil, nil
	}
	s.scan(r)
	var cited, named referenceSet
	for i := 0; i < len(s.lex); i++ {
		if !s.isReference(i) {
			continue
		}
		b := s.readBefore(i)
		refs, last := s.group(i, b)
		switch s.standingOf(i, last, len(refs), b) {
		case proof:
			cited.addAll(refs)
		case mention, work:
			named.addAll(refs)
		}
		i = last
	}
	for _, m := range named.list {
		if cited.indexOf(keyOf(m)) < 0 {
			mentions = append(mentions, m)
		}
	}
	return cited.list, mentions
}

// Named returns the references that a reader sees anywhere in the board's text,
// whatever they count for, in the order of the text. It is not for several
// goroutines.
func (b *Board) Named() []Reference {
	if b.named != nil || b.shown == "" {
		return b.named
	}
	s := &scanner{file: b.File, home: b.words.Home, shown: b.shown}
	b.named = []Reference{}
	s.scan(region{0, len(b.shown)})
	for i := 0; i < len(s.lex); i++ {
		if s.isReference(i) {
			b.named, i = s.element(i, s.readBefore(i).plural, b.named)
		}
	}
	return b.named
}

// mayCite says whether a text can hold a reference at all: most lines hold no
// "#", and few of these a pull request's address, "PR 1761" or "GH-12".
func mayCite(text string) bool {
	if strings.IndexByte(text, '#') >= 0 {
		return true
	}
	for i := range len(text) {
		switch rest := text[i:]; text[i] | 0x20 {
		case 'p':
			if hasPrefixFold(rest, "pull") || hasPrefixFold(rest, "pr ") || hasPrefixFold(rest, "pr-") {
				return true
			}
		case 'g':
			if hasPrefixFold(rest, "gh-") {
				return true
			}
		}
	}
	return false
}

// referenceSet is references, each once.
type referenceSet struct {
	list []Reference
	at   map[pullKey]int // places in the list, nil while it is short
}

// indexOf returns where the list has a reference, -1 where it has not.
func (s *referenceSet) indexOf(key pullKey) int {
	const short = 16
	if s.at == nil && len(s.list) > short {
		s.at = make(map[pullKey]int, len(s.list))
		for i, r := range s.list {
			s.at[keyOf(r)] = i
		}
	}
	if s.at == nil {
		return slices.IndexFunc(s.list, func(r Reference) bool { return keyOf(r) == key })
	}
	if i, known := s.at[key]; known {
		return i
	}
	return -1
}

// pullKey is what tells one pull request from others.
type pullKey struct {
	host, repo string
	number     int
}

func keyOf(r Reference) pullKey { return pullKey{r.Host, r.Repo, r.Number} }

// addAll adds references. One that is known stays a candidate only while nothing
// says that it is a pull request's.
func (s *referenceSet) addAll(refs []Reference) {
	for _, r := range refs {
		key := keyOf(r)
		if i := s.indexOf(key); i >= 0 {
			s.list[i].Candidate = s.list[i].Candidate && r.Candidate
			continue
		}
		if s.at != nil {
			s.at[key] = len(s.list)
		}
		s.list = append(s.list, r)
	}
}

// wordAt returns the word at i, "" where there is none.
func (s *scanner) wordAt(i int) string {
	if x := s.lexeme(i); x.kind == lexWord {
		return x.text
	}
	return ""
}

func (s *scanner) isSign(i int, signs string) bool {
	x := s.lexeme(i)
	return x.kind == lexSign && strings.Contains(signs, x.text)
}

// isReference says whether the lexeme at i is a reference, and makes one of
// "PR 1761" and "PR-1761". Fewer than three digits are more likely a place in a
// series, and a number with another word after it a size ("PR 300 lines").
func (s *scanner) isReference(i int) bool {
	x := s.lexeme(i)
	if x.kind != lexWord {
		return x.kind >= lexNumber
	}
	n, ok := decimal(x.text)
	if !ok || n < 100 || x.end-x.start != len(x.text) {
		return false
	}
	label, next := i-1, s.lexeme(i+1)
	if s.isSign(label, "-") {
		label--
	}
	if w := s.wordAt(label); !pullLabels().has(w) || isPlural(w) || !endsNumber(s.text, x.end) || s.isSign(i+1, "-/:") && next.start == x.end || s.goesOn(next) {
		return false
	}
	s.lex[i].kind, s.lex[i].number = lexNamed, n
	return true
}

// isPlural says whether a label or a noun is one of several.
func isPlural(word string) bool { return strings.HasSuffix(word, "s") }

// goesOn says whether a sentence goes on with x after a number.
func (s *scanner) goesOn(x lexeme) bool {
	r, _ := utf8.DecodeRuneInString(x.text)
	return x.kind == lexWord && !finishedWords().has(x.text) && !conjunctions().has(x.text) && !isCJK(r)
}

// group reads the list of references and ranges that starts at lexeme i, and
// returns where it ends. What no label makes a pull request's is a candidate.
func (s *scanner) group(i int, b surroundings) (refs []Reference, last int) {
	candidates := !b.label && !s.landed(b)
	for {
		from := len(refs)
		refs, last = s.element(i, b.plural, refs)
		for n := from; n < len(refs); n++ {
			refs[n].Candidate = candidates && s.lexeme(i).kind == lexNumber
		}
		next := last + 1
		for s.isSign(next, ",/&+;") || conjunctions().has(s.wordAt(next)) {
			next++
		}
		separated := next > last+1
		if s.isSign(next, "[") {
			next++
		}
		if separated && pullLabels().has(s.wordAt(next)) {
			candidates = false
			next++
		}
		if x := s.lexeme(next); !separated || x.kind < lexNumber || x.kind == lexNumber && x.loose {
			break
		}
		i = next
	}
	if s.hasLanded(last) {
		for n := range refs {
			refs[n].Candidate = false
		}
	}
	return refs, last
}

// element adds one reference, or a range of them, to refs.
func (s *scanner) element(i int, plural bool, refs []Reference) ([]Reference, int) {
	x := s.lexeme(i)
	host, repo := s.home.normalize(x.host, x.repo)
	add := func(n, start, end int) {
		refs = append(refs, Reference{Host: host, Repo: repo, Number: n, Span: s.span(start, end)})
	}
	add(x.number, x.start, x.end)
	to, ok := s.rangeEnd(i, plural)
	if !ok {
		return refs, i
	}
	y := s.lexeme(i + 2)
	for n := x.number + 1; n < to && to-x.number < longestRange; n++ {
		add(n, x.start, y.end)
	}
	add(to, y.start, y.end)
	return refs, i + 2
}

// rangeEnd reads the second half of "#2694-#2698", "#2694–2698", "#2694-98" or
// "#2694 to #2698". White space may stand around the dash where the label is of several.
func (s *scanner) rangeEnd(i int, plural bool) (number int, ok bool) {
	x, sign, y := s.lexeme(i), s.lexeme(i+1), s.lexeme(i+2)
	dash := sign.kind == lexSign && strings.Contains("-–—‑‐−~", sign.text)
	tight := dash && sign.start == x.end && y.start == sign.end
	switch {
	case x.kind == lexPull:
	case y.kind == lexNumber && !y.loose:
		spaced := sign.text == "to" || sign.text == "through" || dash && plural || sign.text == "–"
		return y.number, tight || spaced
	case y.kind == lexWord && tight && endsNumber(s.text, y.end) && (!s.isSign(i+3, "-–./:") || s.lexeme(i+3).start != y.end):
		digits := strconv.Itoa(x.number)
		if n, short := decimal(y.text); short && n < x.number && len(y.text) < len(digits) {
			return decimal(digits[:len(digits)-len(y.text)] + y.text)
		}
		return decimal(y.text)
	}
	return 0, false
}

// surroundings is what stands before a group of references.
type surroundings struct {
	label, plural bool // "PR", "PRs"
	bracket       bool // a bracket opens between
	colon         bool // a colon stands before the number, or before its label
	at            int  // the lexeme before all that
}

// readBefore reads the label, brackets and colon before lexeme i.
func (s *scanner) readBefore(i int) surroundings {
	b := surroundings{at: i - 1}
	for {
		switch {
		case s.isSign(b.at, "(["):
			b.bracket = true
		case s.isSign(b.at, ":：="):
			b.colon = true
		case s.isSign(b.at, "-–—→/") && pullLabels().has(s.wordAt(b.at-1)):
		default:
			if b.label = pullLabels().has(s.wordAt(b.at)); b.label {
				b.plural = isPlural(s.wordAt(b.at))
				b.at--
				if b.colon = s.isSign(b.at, ":："); b.colon {
					b.at--
				}
			}
			return b
		}
		b.at--
	}
}

// standing is what a number counts for.
type standing int

const (
	nothing standing = iota
	mention          // the item only relates to it
	work             // it is worked on; the proof once it has landed
	proof
)

// standingOf says what the references from lexeme first to last count for.
func (s *scanner) standingOf(first, last, count int, b surroundings) standing {
	x := s.lexeme(first)
	bare := x.kind == lexNumber && !b.label
	if bare && (x.loose || x.number > 99_999) || x.kind != lexPull && !b.label && (s.counts(b, count) || s.numbers(first, last)) {
		return nothing
	}
	switch by := s.governed(b, b.label || x.kind == lexPull); {
	case by == work && s.hasLanded(last):
		return proof
	case by != nothing:
		return by
	case bare:
		return s.unexplained(first, last)
	}
	return proof
}

// counts says whether a noun before the number says what it counts: "Order #86".
// In a bracket it does where nothing else stands before it, or where it lists
// several: "(#12)" behind a title is GitHub's own mark of a squashed pull
// request, whatever the title's last word.
func (s *scanner) counts(b surroundings, count int) bool {
	word := s.wordAt(b.at)
	if !countedNouns().has(word[strings.LastIndexByte(word, '-')+1:]) {
		return false
	}
	return !b.bracket || s.opensClause(b.at) || isPlural(word) && count > 1
}

// leadsLine says whether only the markers of quote, heading, list and checkbox stand
// before lexeme i in its line.
func (s *scanner) leadsLine(i int) bool {
	const markers = " \t>*_~-+[]xX#"
	before := bytes.TrimRight(s.text[:s.lex[i].start], markers)
	if number := bytes.TrimRight(before, ".)"); len(number) < len(before) {
		before = bytes.TrimRight(bytes.TrimRight(number, "0123456789"), markers)
	}
	return len(before) == 0 || before[len(before)-1] == '\n'
}

// opensClause says whether the word at i is the first of its sentence or part of it.
func (s *scanner) opensClause(i int) bool {
	kind := s.lexeme(i - 1).kind
	return kind == lexBlock || kind == lexSign
}

// numbers says whether the reference numbers what follows: "#9 Sidebar", "| #9 | Sidebar |".
func (s *scanner) numbers(first, last int) bool {
	next := last + 1
	switch {
	case first != last:
		return false
	case s.isSign(first-1, "|") && s.lexeme(first-2).kind == lexBlock:
		return s.isSign(next, "|")
	case !s.leadsLine(first):
		return false
	case s.isSign(next, ":.)-–—|"):
		next++
	}
	return s.goesOn(s.lexeme(next)) || s.lexeme(next).kind >= lexNumber
}

// governed looks for the word that the references hang on. A bracket that holds
// them alone hangs on two words only ("blocked by (#12)"), as a title can end
// with one: "Layout fixes (#12)". A colon turns a word for work into the label
// of a field ("Review: PR #12"); a relation it does not.
func (s *scanner) governed(b surroundings, labelled bool) standing {
	if b.bracket && !b.label {
		if relatingPhrases().has(s.wordAt(b.at-1) + " " + s.wordAt(b.at)) {
			return mention
		}
		return nothing
	}
	at := b.at
	for ; at > b.at-8 && s.lexeme(at).kind == lexWord; at-- {
		w, before := s.wordAt(at), s.wordAt(at-1)
		switch {
		case relatingWords().has(w) || relatingPhrases().has(before+" "+w):
			return mention
		case conjunctions().has(before) && landedWords().has(s.wordAt(at-2)):
			return proof // "merged and closed #12"
		case workWords().has(w) && (!b.colon || !labelled):
			return work
		case proofWords().has(w):
			return proof
		}
		if _, number := decimal(w); !number && !fillerWords().has(w) {
			break
		}
	}
	for b.plural && at > b.at-8 && !s.opensClause(at) {
		at--
	}
	if b.plural && !b.colon && workWords().has(s.wordAt(at)) {
		return work // "Close 5 flaky legacy PRs"
	}
	return nothing
}

// landed says whether the words before a group say that it is in: "merged #12",
// "landed in #12".
func (s *scanner) landed(b surroundings) bool {
	return landedWords().has(s.wordAt(b.at)) || proofWords().has(s.wordAt(b.at)) && landedWords().has(s.wordAt(b.at-1))
}

// hasLanded says whether "merged" or its like follows lexeme i.
func (s *scanner) hasLanded(i int) bool {
	for j := i + 1; j <= i+4; j++ {
		if w := s.wordAt(j); landedWords().has(w) {
			return true
		} else if !fillerWords().has(w) && !s.isSign(j, "()[]:-–—✅") {
			return false
		}
	}
	return false
}

// unexplained judges numbers that no word explains. They prove where they stand like
// a source: in a bracket, at an end, after a separator. In the middle of a
// sentence they are only named.
func (s *scanner) unexplained(first, last int) standing {
	before, follows := s.wordAt(first-1), s.goesOn(s.lexeme(last+1))
	r, _ := utf8.DecodeRuneInString(before)
	if follows && s.isSign(first-1, "([") || before != "" && (follows || namingWords().has(before)) && !isCJK(r) {
		return mention
	}
	return proof
}
