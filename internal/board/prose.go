package board

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/boardgate/boardgate/internal/source"
)

// prose is the text of a region with everything in it that is not read as text
// wiped: code spans, comments, tags, addresses and the targets of links. Offsets
// count from the start of the region.
type prose struct {
	file  *source.File
	start int // of the region in the file
	text  []byte
	links []address
}

// scanner reads the prose of one file, region by region.
type scanner struct {
	prose
	of  region   // what prose holds
	lex []lexeme // room for the lexemes of a region

	cited           region // what pulls and mentions are of
	pulls, mentions []Reference
}

func newScanner(file *source.File) *scanner { return &scanner{prose: prose{file: file}} }

// address is a link or a bare address.
type address struct {
	start, end int
	pull       bool // it leads to a pull request
	repo       string
	number     int
}

// read makes the prose of a region. A line is asked for its dates and for its
// references, so the last one stays.
func (s *scanner) read(r region) *prose {
	p := &s.prose
	if s.of != r || p.text == nil {
		s.of, p.start = r, r.start
		p.text = append(p.text[:0], p.file.Text[r.start:r.end]...)
		p.links = p.links[:0]
		p.mask()
		slices.SortStableFunc(p.links, func(a, b address) int { return a.start - b.start })
	}
	return p
}

// within moves a region into the file.
func (s *scanner) within(start, end int) region {
	span := s.file.Span(start, end)
	return region{span.Start, span.End}
}

func (p *prose) span(start, end int) source.Span {
	return p.file.Span(p.start+start, p.start+end)
}

// mask wipes what is not text, from left to right, in linear time.
func (p *prose) mask() {
	spans := codeSpans(p.text)
	var open []int // brackets that may turn out to begin a link
	for i := 0; i < len(p.text); {
		n := 1
		switch c := p.text[i]; c {
		case '\\':
			n = p.escape(i)
		case '`':
			n = p.codeSpan(i, spans)
		case '<':
			n = p.angle(i)
		case '\n':
			if breaksBlock(p.text, i) {
				open = open[:0]
			}
		case '[':
			if n = p.wikiLink(i); n == 1 {
				open = append(open, i)
			}
		case ']':
			if len(open) > 0 {
				n = p.link(open[len(open)-1], i)
				open = open[:len(open)-1]
			}
		case 'h', 'H', 'g', 'G':
			n = p.bareAddress(i)
		}
		i += n
	}
}

// escape makes "\#12" no number and "\`" no code.
func (p *prose) escape(i int) int {
	if i+1 < len(p.text) && p.text[i+1] == '#' {
		p.text[i+1] = '\\'
	}
	return 2
}

func (p *prose) codeSpan(i int, ends map[int]int) int {
	if end, ok := ends[i]; ok {
		wipe(p.text[i:end])
		return end - i
	}
	return runLength(p.text, i)
}

// codeSpans returns where each code span ends, by its start (CommonMark 0.31.2,
// section 6.1). It reads from the right, so that no search for a closing run is
// made twice.
func codeSpans(text []byte) map[int]int {
	if bytes.IndexByte(text, '`') < 0 {
		return nil
	}
	ends := map[int]int{}
	closers := map[int]int{} // the nearest run to the right, by length
	for i := len(text) - 1; i >= 0; i-- {
		switch {
		case text[i] == '\n' && len(closers) > 0 && breaksBlock(text, i):
			clear(closers)
		case text[i] == '`' && (i == 0 || text[i-1] != '`'):
			n := runLength(text, i)
			if at, ok := closers[n]; ok {
				ends[i] = at + n
			}
			closers[n] = i
		}
	}
	return ends
}

func runLength(text []byte, i int) int {
	n := i
	for n < len(text) && text[n] == text[i] {
		n++
	}
	return n - i
}

// breaksBlock says whether the line after the newline at i begins another
// paragraph, list item, heading or table row, so that no markup spans it.
func breaksBlock(text []byte, i int) bool {
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
func listMarker(text []byte) int {
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

// angle wipes a comment or a tag. An autolink is left: bareAddress reads it.
func (p *prose) angle(i int) int {
	rest := p.text[i:]
	if bytes.HasPrefix(rest, []byte("<!--")) {
		end := len(rest)
		if n := bytes.Index(rest[4:], []byte("-->")); n >= 0 {
			end = 4 + n + 3
		}
		wipe(rest[:end])
		return end
	}
	if len(rest) < 2 || !letter(rest[1]) && rest[1] != '/' {
		return 1
	}
	end := bytes.IndexAny(rest[1:], "<>\n") + 1
	if end <= 0 || rest[end] != '>' || bytes.Contains(rest[:min(end, 12)], []byte("://")) {
		return 1
	}
	wipe(rest[:end+1])
	return end + 1
}

// wikiLink wipes "[[#heading]]", whose "#" names no pull request.
func (p *prose) wikiLink(i int) int {
	if !bytes.HasPrefix(p.text[i:], []byte("[[#")) {
		return 1
	}
	end := bytes.IndexAny(p.text[i+2:], "[]\n")
	if end < 0 || !bytes.HasPrefix(p.text[i+2+end:], []byte("]]")) {
		return 1
	}
	wipe(p.text[i : i+2+end+2])
	return 2 + end + 2
}

// link wipes the marks and the target of the link whose text stands between two brackets.
func (p *prose) link(open, shut int) int {
	n, target := linkTarget(p.text[shut+1:])
	if n == 0 {
		return 1
	}
	a := address{start: open, end: shut + 1 + n}
	a.repo, a.number, a.pull = pullAddress(target)
	p.links = append(p.links, a)
	p.text[open] = ' '
	wipe(p.text[shut:a.end])
	return n + 1
}

// linkTarget reads "(address "title")" at the start of a text.
func linkTarget(text []byte) (n int, target string) {
	if len(text) == 0 || text[0] != '(' {
		return 0, ""
	}
	depth := 0
	for i, c := range text {
		switch {
		case c == '\n' || c == '[' || c == ']':
			return 0, ""
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i + 1, string(text[1:i])
			}
		case (c == '"' || c == '\'') && i > 1 && isSpace(text[i-1]):
			end := bytes.IndexByte(text[i+1:], c)
			if end < 0 || bytes.IndexByte(text[:i+1+end], '\n') >= 0 {
				return 0, ""
			}
			rest := text[i+1+end+1:]
			if len(rest) == 0 || rest[0] != ')' {
				return 0, ""
			}
			return i + 1 + end + 2, string(text[1:i])
		}
	}
	return 0, ""
}

// bareAddress wipes an address that starts at i, and keeps it where it is a pull request's.
func (p *prose) bareAddress(i int) int {
	rest := p.text[i:]
	if i > 0 && (letter(p.text[i-1]) || bytes.IndexByte([]byte("0123456789/.@-_"), p.text[i-1]) >= 0) {
		return 1
	}
	if !hasScheme(rest) && !hasPrefixFold(rest, "github.com/") {
		return 1
	}
	n := addressLength(rest)
	a := address{start: i, end: i + n}
	if a.repo, a.number, a.pull = pullAddress(string(rest[:n])); a.pull {
		p.links = append(p.links, a)
	}
	wipe(rest[:n])
	return n
}

func hasScheme(b []byte) bool {
	return hasPrefixFold(b, "https://") || hasPrefixFold(b, "http://")
}

func hasPrefixFold(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && bytes.EqualFold(b[:len(prefix)], []byte(prefix))
}

// addressLength returns how far an address reaches: to white space, a mark that
// no address holds, a comma, or a bracket that it did not open; without a full
// stop or a mark of emphasis at its end.
func addressLength(b []byte) int {
	n, depth := 0, 0
	for ; n < len(b); n++ {
		c := b[n]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("<>\"`|,[]", c) >= 0 {
			break
		}
		if c == '(' {
			depth++
		}
		if c == ')' {
			if depth--; depth < 0 {
				break
			}
		}
	}
	return len(bytes.TrimRight(b[:n], ".:;!?*_~'"))
}

// pullAddress takes the address of a pull request apart: owner/repo/pull/N on
// any host, or the relative "../pull/N" that GitHub resolves in a file.
func pullAddress(s string) (repo string, number int, ok bool) {
	s = strings.Trim(strings.TrimSpace(s), "<>")
	relative := strings.HasPrefix(s, "../")
	if _, after, found := strings.Cut(s, "://"); found {
		if s = after; relative {
			return "", 0, false
		}
	}
	parts := strings.SplitN(s, "/", 6)
	if relative {
		for len(parts) > 0 && parts[0] == ".." {
			parts = parts[1:]
		}
		if len(parts) >= 2 && parts[0] == "pull" {
			number, ok = pullNumber(parts[1])
		}
		return "", number, ok
	}
	if len(parts) < 5 || parts[3] != "pull" || !isName(parts[1]) || !isName(parts[2]) || !strings.Contains(parts[0], ".") && !strings.HasPrefix(parts[0], "localhost") {
		return "", 0, false
	}
	number, ok = pullNumber(parts[4])
	return parts[1] + "/" + parts[2], number, ok
}

// pullNumber reads the number that starts the last part of an address.
func pullNumber(s string) (int, bool) {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	if n < len(s) && (wordRune(rune(s[n])) || s[n] == '-' || s[n] == '%') {
		return 0, false
	}
	return decimal(s[:n])
}

// decimal reads a number of 1 to 9 digits that does not begin with a zero.
func decimal(s string) (int, bool) {
	if s == "" || len(s) > 9 || s[0] == '0' {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		if !isDigit(s[i]) {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// isName says whether s can be an owner's or a repository's name.
func isName(s string) bool {
	for i := range len(s) {
		if !isNameByte(s[i]) {
			return false
		}
	}
	return s != "" && len(s) <= 100 && strings.Trim(s, ".") != ""
}

func isNameByte(c byte) bool {
	return letter(c) || isDigit(c) || c == '-' || c == '_' || c == '.'
}

// lexKind is what a lexeme is.
type lexKind uint8

const (
	lexWord   lexKind = iota
	lexSign           // one rune that is no letter, digit, quote or mark of emphasis
	lexBreak          // the start of another line
	lexBlock          // the start of another paragraph, list item or table row
	lexNumber         // "#12"
	lexNamed          // "owner/repo#12", "GH-12"
	lexPull           // a link to a pull request, or its address
)

// lexeme is a piece of prose.
type lexeme struct {
	kind       lexKind
	loose      bool // a number that only a label before it can make a reference
	variable   bool // a word written "--word"
	owned      bool // a number written "#12's"
	start, end int
	text       string // a word, folded, or a sign
	repo       string
	number     int
}

func (l lexeme) isReference() bool { return l.kind >= lexNumber }

// lexer cuts prose into lexemes.
type lexer struct {
	*prose
	str    string // the text
	out    []lexeme
	at     int
	next   int     // place in links
	inPull address // the link to a pull request whose text is being read
	inLink int     // where the link ends that is being read and leads elsewhere
}

// lexemes cuts the prose. The result holds until the next call.
func (s *scanner) lexemes() []lexeme {
	p := &s.prose
	l := &lexer{prose: p, str: string(p.text), out: s.lex[:0]}
	if beginsLine(p.file.Text, p.start) {
		l.at = l.skipMarkers(0)
	}
	for l.at < len(l.text) {
		l.enterLinks()
		l.step()
	}
	l.enterLinks()
	s.lex = l.out
	return l.out
}

// beginsLine says whether only white space stands before an offset in its line.
func beginsLine(text []byte, offset int) bool {
	before := bytes.TrimRight(text[:offset], " \t")
	return len(before) == 0 || before[len(before)-1] == '\n'
}

// skipMarkers returns where the text begins that follows the markers of quote,
// list, heading and checkbox at i.
func (l *lexer) skipMarkers(i int) int {
	blanks := func() {
		for i < len(l.text) && (l.text[i] == ' ' || l.text[i] == '\t' || l.text[i] == '>') {
			i++
		}
	}
	blanks()
	if n := listMarker(l.text[i:]); n > 0 {
		i += n - 1
	}
	blanks()
	if i < len(l.text) && l.text[i] == '#' {
		if n := runLength(l.text, i); i+n < len(l.text) && l.text[i+n] == ' ' {
			i += n
		}
	}
	blanks()
	if _, n := checkbox(string(l.text[i:min(len(l.text), i+4)])); n > 0 {
		i += n
	}
	return i
}

// enterLinks takes in the links that begin before or at the current place.
func (l *lexer) enterLinks() {
	for l.next < len(l.links) && l.links[l.next].start <= l.at {
		a := l.links[l.next]
		l.next++
		switch {
		case a.start < l.inPull.end:
		case a.pull:
			l.add(lexeme{kind: lexPull, start: a.start, end: a.end, repo: a.repo, number: a.number})
			l.inPull = a
		default:
			l.inLink = max(l.inLink, a.end)
		}
	}
}

func (l *lexer) add(x lexeme) { l.out = append(l.out, x) }

// step reads one lexeme, or skips what is none.
func (l *lexer) step() {
	r, size := utf8.DecodeRune(l.text[l.at:])
	switch {
	case r == '\n':
		l.newline()
	case r == '#':
		l.hash()
	case l.at < l.inPull.end:
		l.at += size
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		l.word()
	case unicode.IsSpace(r) || invisible(r) || silent(r):
		l.at += size
	default:
		l.add(lexeme{kind: lexSign, start: l.at, end: l.at + size, text: l.str[l.at : l.at+size]})
		l.at += size
	}
}

// silent says whether a rune is a quote or a mark of emphasis.
func silent(r rune) bool {
	switch r {
	case '*', '_', '~', '<', '>', '"', '\'', '“', '”', '‘', '’', '`', '\ufe0f':
		return true
	}
	return false
}

func (l *lexer) newline() {
	kind := lexBreak
	from := l.at
	l.at++
	if breaksBlock(l.text, from) {
		kind = lexBlock
		l.at = l.skipMarkers(l.at)
	}
	l.add(lexeme{kind: kind, start: from, end: from + 1})
}

// word reads a run of letters and digits. A dash belongs to it between letters
// ("follow-up"), an underscore between any of them.
func (l *lexer) word() {
	start := l.at
	var last rune
	for l.at < len(l.text) {
		r, size := utf8.DecodeRune(l.text[l.at:])
		if !isAlphanumeric(r) && !unicode.IsMark(r) && !invisible(r) && !l.joins(last, r, l.at+size) {
			break
		}
		last = r
		l.at += size
	}
	x := lexeme{kind: lexWord, start: start, end: l.at, text: fold(l.str[start:l.at])}
	x.variable = bytes.HasSuffix(l.text[:start], []byte("--"))
	if x.text == "gh" && l.issueKey(start) {
		return
	}
	l.add(x)
}

// joins says whether a rune between last and what stands at i belongs to the word.
func (l *lexer) joins(last, r rune, i int) bool {
	next, _ := utf8.DecodeRune(l.text[i:])
	switch r {
	case '-', '\u2010', '\u2011':
		return unicode.IsLetter(last) && unicode.IsLetter(next)
	case '_':
		return isAlphanumeric(next)
	}
	return false
}

// issueKey reads the rest of "GH-12".
func (l *lexer) issueKey(start int) bool {
	if start > 0 && (isNameByte(l.text[start-1]) || l.text[start-1] == '/' || l.text[start-1] == '#') {
		return false
	}
	if l.at >= len(l.text) || l.text[l.at] != '-' {
		return false
	}
	end := digitsEnd(l.text, l.at+1)
	n, ok := decimal(l.str[l.at+1 : end])
	if !ok || !endsNumber(l.text, end) {
		return false
	}
	l.add(lexeme{kind: lexNamed, start: start, end: end, number: n})
	l.at = end
	return true
}

func digitsEnd(text []byte, i int) int {
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	return i
}

// hash reads "#12" or "owner/repo#12"; any other "#" becomes a word without
// meaning, with all that hangs on it.
func (l *lexer) hash() {
	start := l.at
	digits := afterInvisible(l.text, start+1)
	end := digitsEnd(l.text, digits)
	n, ok := decimal(l.str[digits:end])
	x := lexeme{kind: lexNumber, start: start, end: end, number: n}
	ok = ok && endsNumber(l.text, end) && l.before(&x)
	l.at = end
	switch {
	case ok && start < l.inPull.end && (x.kind != lexNumber || n == l.inPull.number):
		return
	case ok:
		x.loose = start < l.inLink || slug(l.text, end)
		x.owned = owned(l.text, end)
		l.add(x)
		return
	}
	for l.at < len(l.text) && (l.text[l.at] == '#' || wordRune(rune(l.text[l.at]))) {
		l.at++
	}
	if start >= l.inPull.end {
		l.add(lexeme{kind: lexWord, start: start, end: l.at, text: "#"})
	}
}

// afterInvisible returns where the first visible rune stands from i on: text
// pasted from a chat brings zero-width runes along.
func afterInvisible(text []byte, i int) int {
	for i < len(text) {
		r, size := utf8.DecodeRune(text[i:])
		if !invisible(r) {
			break
		}
		i += size
	}
	return i
}

// endsNumber says whether a number can end at i: not in a word, a decimal, a
// grouped number or a percentage.
func endsNumber(text []byte, i int) bool {
	r, _ := utf8.DecodeRune(text[i:])
	switch {
	case i >= len(text):
		return true
	case r == '#' || r == '%' || r == '_' && i+1 < len(text) && wordRune(rune(text[i+1])):
		return false
	case r == '_':
		return true
	case r == '.':
		return i+1 >= len(text) || !isDigit(text[i+1])
	case r == ',':
		return digitsEnd(text, i+1) != i+4
	}
	return isCJK(r) || !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// isCJK says whether a rune is of a script that puts no space between words.
func isCJK(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// slug says whether a word hangs on a number, as in a channel's or a branch's name.
func slug(text []byte, end int) bool {
	return end+1 < len(text) && text[end] == '-' && letter(text[end+1])
}

func owned(text []byte, end int) bool {
	for _, s := range []string{"'s", "’s"} {
		if bytes.HasPrefix(text[end:], []byte(s)) {
			return true
		}
	}
	return false
}

// before looks at what the "#" of a number hangs on: nothing, a label ("PR#12"),
// a repository's name, or something that makes it no reference.
func (l *lexer) before(x *lexeme) bool {
	r, _ := utf8.DecodeLastRune(l.text[:x.start])
	switch {
	case x.start == 0 || isCJK(r) || invisible(r):
		return true
	case strings.ContainsRune("&#\\@=?.%$!", r):
		return false
	case r == '/' || r == '-':
		return l.adjacent(x.start-1) || l.labelled(x.start-1)
	case !wordRune(r):
		return true
	}
	return l.labelled(x.start) || l.qualified(x)
}

// adjacent says whether a reference ends at offset.
func (l *lexer) adjacent(offset int) bool {
	return len(l.out) > 1 && l.out[len(l.out)-2].end == offset && l.out[len(l.out)-2].isReference()
}

// labelled says whether the word that ends at offset says "pull request".
func (l *lexer) labelled(offset int) bool {
	for _, x := range l.out[max(0, len(l.out)-2):] {
		if x.kind == lexWord && x.end == offset && terms().pull[x.text] {
			return true
		}
	}
	return false
}

// qualified reads the "owner/repo" before the "#" of a number.
func (l *lexer) qualified(x *lexeme) bool {
	slash := nameStart(l.text, x.start)
	if slash == 0 || l.text[slash-1] != '/' {
		return false
	}
	start := nameStart(l.text, slash-1)
	owner, name := string(l.text[start:slash-1]), string(l.text[slash:x.start])
	if start > 0 && bytes.IndexByte([]byte("/@:#"), l.text[start-1]) >= 0 {
		return false
	}
	if !isName(owner) || !isName(name) || len(owner) > 39 || strings.ContainsAny(owner, "._") || isPath(owner, name) {
		return false
	}
	for len(l.out) > 0 && l.out[len(l.out)-1].start >= start {
		l.out = l.out[:len(l.out)-1]
	}
	x.kind, x.start, x.repo = lexNamed, start, owner+"/"+name
	return true
}

// nameStart returns where the name that ends at i starts, at most 101 bytes before it.
func nameStart(text []byte, i int) int {
	for n := 0; i > 0 && n <= 100 && isNameByte(text[i-1]); n++ {
		i--
	}
	return i
}

// isPath says whether owner/name is more likely a file, whose "#12" is a line or an anchor.
func isPath(owner, name string) bool {
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 {
		return terms().folder[strings.ToLower(owner)]
	}
	ext := strings.ToLower(name[dot+1:])
	return terms().extension[ext] && (ext != "js" && ext != "io" || terms().folder[strings.ToLower(owner)])
}
