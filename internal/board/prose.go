package board

import (
	"bytes"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// scanner reads the prose of one file, region by region: a line is asked for its
// dates and for its references, so the last region stays.
type scanner struct {
	file  *source.File
	home  Home
	shown string // its text without what a reader does not see
	of    region
	raw   string   // of the region
	text  []byte   // the same, with what is not text wiped: code, comments, tags, addresses
	lex   []lexeme // of the text

	cited           region // what pulls and mentions are of
	pulls, mentions []Reference

	at      int   // where lexing stands
	open    []int // links that are open, by the places in lex of their brackets
	settled int   // the lexemes before it stand in links that were judged
}

// lexKind is what a lexeme is.
type lexKind uint8

const (
	lexWord   lexKind = iota
	lexSign           // one rune that is not a letter, digit, quote or mark of emphasis
	lexBlock          // the start of another paragraph, list item or table row
	lexNumber         // "#12"
	lexNamed          // "owner/repo#12", "GH-12", "PR 1761"
	lexPull           // a link to a pull request, or its address
)

// lexeme is a piece of prose. White space, quotes and emphasis are none, nor is
// the end of a line within a block.
type lexeme struct {
	kind       lexKind
	loose      bool // a number in the text of a link that leads elsewhere, or "#12's"
	start, end int  // in the region
	text       string
	host, repo string
	number     int
}

// inFile moves a region into the file.
func (s *scanner) inFile(start, end int) region {
	span := s.file.Span(start, end)
	return region{span.Start, span.End}
}

func (s *scanner) span(start, end int) source.Span {
	return s.file.Span(s.of.start+start, s.of.start+end)
}

// scan cuts a region into lexemes, from left to right, in linear time.
func (s *scanner) scan(r region) {
	if s.of == r && s.text != nil {
		return
	}
	s.of = r
	s.text = append(s.text[:0], s.shown[r.start:r.end]...)
	s.raw = s.shown[r.start:r.end]
	s.lex, s.open, s.at, s.settled = s.lex[:0], s.open[:0], 0, 0
	for m := range inlines(s.raw) {
		s.lexUntil(m.start)
		if s.at == m.start {
			s.passMarkup(m)
		}
	}
	s.lexUntil(len(s.raw))
}

// addLexeme adds the lexeme from a place to the current one.
func (s *scanner) addLexeme(kind lexKind, start int) *lexeme {
	s.lex = append(s.lex, lexeme{kind: kind, start: start, end: s.at})
	return &s.lex[len(s.lex)-1]
}

func (s *scanner) last() lexeme { return s.lexeme(len(s.lex) - 1) }

// lexeme returns a lexeme, a block's start outside the text.
func (s *scanner) lexeme(i int) lexeme {
	if i < 0 || i >= len(s.lex) {
		return lexeme{kind: lexBlock}
	}
	return s.lex[i]
}

// skip goes over what is not text.
func (s *scanner) skip(n int) {
	wipe(s.text[s.at : s.at+n])
	s.at += n
}

// lexUntil reads the lexemes that begin before a place.
func (s *scanner) lexUntil(end int) {
	for s.at < end {
		s.step()
	}
}

// step reads one lexeme, or goes over what is none.
func (s *scanner) step() {
	start := s.at
	r, size := utf8.DecodeRune(s.text[start:])
	switch {
	case r == '#':
		s.hash()
	case isAlphanumeric(r):
		if !s.address() {
			s.word()
		}
	case r == '\n':
		s.at++
		if breaksBlock(s.text, start) {
			s.addLexeme(lexBlock, start)
		}
	case unicode.IsSpace(r) || text.Ignorable(r) || strings.ContainsRune("*_~>`\"'“”‘’\ufe0f", r):
		s.at += size
	default:
		s.at += size
		s.addLexeme(lexSign, start).text = s.raw[start : start+size]
	}
}

// passMarkup goes over a piece of markup that is not text.
func (s *scanner) passMarkup(m inline) {
	switch m.kind {
	case codeSpan, rawHTML:
		s.skip(m.end - m.start)
	case imageStart, imageRef:
		s.skip(m.whole - m.start) // its text is not shown
	case linkStart:
		s.open = append(s.open, len(s.lex))
	case linkEnd:
		s.link(m)
	case autolink:
		s.at++
	case escape: // "\#12" is not a number
		s.at += m.end - m.start
		s.addLexeme(lexSign, m.start).text = s.raw[m.start : m.start+1]
	}
}

// breaksBlock says whether the line after the newline at i begins another
// paragraph, list item, heading or table row, so that no markup spans it.
func breaksBlock[T string | []byte](text T, i int) bool {
	i++
	for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '>' || text[i] == '\r') {
		i++
	}
	if i >= len(text) || text[i] == '\n' || text[i] == '|' {
		return true
	}
	if text[i] == '#' {
		n := i + runLength(text, i)
		return n == len(text) || isSpace(text[n])
	}
	return listMarker(text[i:]) > 0
}

// listMarker returns the length of "- ", "* ", "+ ", "1. " or "1) " at the start of a text.
func listMarker[T string | []byte](text T) int {
	n := 0
	for n < len(text) && n < 9 && isDigit(text[n]) {
		n++
	}
	marks := ".)"
	if n == 0 {
		marks = "-*+"
	}
	if n+1 >= len(text) || strings.IndexByte(marks, text[n]) < 0 || !isSpace(text[n+1]) {
		return 0
	}
	return n + 2
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func digitsEnd(text []byte, i int) int {
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	return i
}

// link goes over the "](target)" of a link. One to a pull request is a lexeme with
// all its text.
func (s *scanner) link(m inline) {
	first := s.open[len(s.open)-1]
	s.open = s.open[:len(s.open)-1]
	s.skip(m.end - m.start)
	if pull, ok := pullAt(s.raw[m.inner.start:m.inner.end]); ok {
		pull.start, pull.end = s.lex[first].start, s.at
		s.lex = append(s.lex[:first], pull)
	}
	for i := max(first, s.settled); i < len(s.lex); i++ {
		s.lex[i].loose = true
	}
	s.settled = len(s.lex)
}

// address reads a bare address, and keeps it where it is a pull request's.
func (s *scanner) address() bool {
	start, rest := s.at, s.raw[s.at:]
	if !hasPrefixFold(rest, "https://") && !hasPrefixFold(rest, "http://") && !hasPrefixFold(rest, "github.com/") {
		return false
	}
	n := strings.IndexFunc(rest, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("<>\"`|,[]", r) })
	if n < 0 {
		n = len(rest)
	}
	s.skip(len(strings.TrimRight(rest[:n], ".:;!?*_~')")))
	if pull, ok := pullAt(s.raw[start:s.at]); ok {
		pull.start, pull.end = start, s.at
		s.lex = append(s.lex, pull)
	}
	return true
}

// pullAddress is the address of a pull request: owner/repo/pull/N on any host,
// which has a dot where no scheme shows that it is one, or the relative
// "../pull/N" that GitHub resolves in a file.
var pullAddress = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^<?(?:((?:(?i:https?://)[\w.-]+|[\w-]+(?:\.[\w-]+)+)(?::\d+)?)/([\w.-]+/[\w.-]+)|\.\.(?:/\.\.)*)/pull/(\d+)(?:[/?#> ]|$)`)
})

func pullAt(address string) (lexeme, bool) {
	if !strings.Contains(address, "/pull/") {
		return lexeme{}, false
	}
	m := pullAddress().FindStringSubmatch(address)
	if m == nil {
		return lexeme{}, false
	}
	n, ok := decimal(m[3])
	return lexeme{kind: lexPull, host: m[1], repo: m[2], number: n}, ok
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// word reads a run of letters and digits, to which a dash or an underscore
// belongs before a letter ("follow-up"). "pull request" and "GH-12" are one.
func (s *scanner) word() {
	start := s.at
	s.at = wordEnd(s.raw, start)
	for s.at+1 < len(s.raw) && (s.raw[s.at] == '-' || s.raw[s.at] == '_') && letter(s.raw[s.at+1]) {
		s.at = wordEnd(s.raw, s.at+1)
	}
	text, before := text.Fold(s.raw[start:s.at]), s.last()
	switch {
	case text == "gh" && strings.HasPrefix(s.raw[s.at:], "-") && !strings.ContainsAny(s.raw[max(0, start-1):start], "/.-_") && s.number(lexNamed, start, s.at+1):
		return
	case before.text == "pull" && strings.HasPrefix(text, "request"):
		s.lex = s.lex[:len(s.lex)-1]
		start, text = before.start, "pull-"+text
	}
	s.addLexeme(lexWord, start).text = text
}

// hash reads "#12" or "owner/repo#12"; any other "#" becomes a word without
// meaning, with all that hangs on it.
func (s *scanner) hash() {
	start, last, ok := s.at, s.last(), false
	before, _ := utf8.DecodeLastRune(s.text[:start])
	switch hangs := wordRune(before) && !isCJK(before); {
	case !hangs:
		ok = !strings.ContainsRune("&#\\@=?.%$!", before) && s.number(lexNumber, start, start+1)
	case last.end == start && pullLabels().has(last.text):
		ok = s.number(lexNumber, start, start+1)
	default:
		ok = start+1 < len(s.text) && !letter(s.text[start+1]) && s.qualified()
	}
	if ok {
		return
	}
	for s.at < len(s.text) && (s.text[s.at] == '#' || wordRune(rune(s.text[s.at]))) {
		s.at++
	}
	s.addLexeme(lexWord, start).text = "#"
}

var repository = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^\w/.@:#-])([A-Za-z0-9-]{1,39})/([\w.-]{1,100})$`)
})

// qualified reads "owner/repo#12", whose "#" is reached.
func (s *scanner) qualified() bool {
	m := repository().FindStringSubmatch(s.raw[max(0, s.at-len("/")-140):s.at])
	if m == nil || pathNames().has(m[1]) || pathNames().has(path.Ext(m[2])) {
		return false
	}
	start := s.at - len(m[1]) - len("/") - len(m[2])
	words := len(s.lex) // those of the name go
	for words > 0 && s.lex[words-1].start >= start {
		words--
	}
	if !s.number(lexNamed, start, s.at+1) {
		return false
	}
	x := s.last()
	x.repo = m[1] + "/" + m[2]
	s.lex = append(s.lex[:words], x)
	return true
}

// number reads the digits of a reference that begins before them.
func (s *scanner) number(kind lexKind, start, digits int) bool {
	digits += len(s.text[digits:]) - len(bytes.TrimLeftFunc(s.text[digits:], text.Ignorable)) // a chat leaves such there
	end := digitsEnd(s.text, digits)
	n, ok := decimal(s.raw[digits:end])
	if ok = ok && endsNumber(s.text, end); ok {
		s.at = end
		x := s.addLexeme(kind, start)
		x.number = n
		x.loose = bytes.HasPrefix(s.text[end:], []byte("'s")) || bytes.HasPrefix(s.text[end:], []byte("’s"))
	}
	return ok
}

// endsNumber says whether a number can end at i: not in a word, a decimal, a
// grouped number, a percentage or a name such as "#12-incident".
func endsNumber(text []byte, i int) bool {
	r, size := utf8.DecodeRune(text[i:])
	next, _ := utf8.DecodeRune(text[i+size:])
	switch r {
	case '#', '%':
		return false
	case '.':
		return !unicode.IsDigit(next)
	case '-':
		return !unicode.IsLetter(next) || isCJK(next)
	case '_':
		return !wordRune(next)
	case ',':
		return digitsEnd(text, i+1) != i+4
	}
	return isCJK(r) || !isAlphanumeric(r)
}

// isCJK says whether a rune is of a script that puts no space between words.
func isCJK(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// decimal reads a number of 1 to 9 digits that does not begin with a zero.
func decimal(s string) (int, bool) {
	if s == "" || len(s) > 9 || s[0] < '1' || s[0] > '9' {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}
