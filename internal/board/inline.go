package board

import (
	"html"
	"iter"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// inlineKind is what a piece of inline markup is.
type inlineKind uint8

const (
	openBracket inlineKind = iota // "[" or "![" that begins nothing
	codeSpan                      // "`code`"
	rawHTML                       // a tag or a comment
	autolink                      // "<https://example.com>"
	linkStart                     // "[" of a link
	linkEnd                       // "](target)"
	imageStart                    // "!["
	imageEnd                      // "](target)"
	imageRef                      // "![" of an image whose target, if any, stands elsewhere
	wikiLink                      // "[[page]]"
	emphasis                      // marks that are not shown
	escape                        // "\*"
	entity                        // "&nbsp;"
)

// inline is a piece of markup.
type inline struct {
	kind       inlineKind
	start, end int
	inner      region // of code, an address, a page or an escape: what of it is shown; of the end of a link: its target
	whole      int    // of the start of a link or an image: where that ends
}

// inlines returns the markup of a text, in its order; what stands between is text.
// The text is a line or several, and no markup goes on from one paragraph, list
// item, heading or table row to the next.
//
// It reads code, links, addresses and HTML as CommonMark 0.31.2 has them in section
// 6 and as goldmark does, which FuzzInlines holds it to. goldmark's own reader
// needs a third of the time of the blocks on top, and for a paragraph of opening
// marks the square of its length: this one is linear, but for what reach bounds.
func inlines(s string) iter.Seq[inline] {
	return func(yield func(inline) bool) {
		r := inlineReaders.Get().(*inlineReader)
		defer inlineReaders.Put(r)
		for start := 0; start < len(s); start = len(r.s) {
			r.s, r.linked, r.allTicks, r.lacks = s[:blockEnd(s, start)], 0, false, nil
			for i := start; i < len(r.s); {
				i = r.next(i)
				if !r.yieldSettled(i, yield) {
					return
				}
			}
			r.open = r.open[:0]
			if !r.yieldSettled(len(r.s), yield) {
				return
			}
		}
	}
}

var inlineReaders = sync.Pool{New: func() any { return new(inlineReader) }}

// yieldSettled yields the pieces that nothing behind a place can change any more.
func (r *inlineReader) yieldSettled(at int, yield func(inline) bool) bool {
	for len(r.open) > 0 && r.out[r.open[0]].start < at-reach {
		r.open, r.linked = r.open[1:], max(0, r.linked-1)
	}
	settled := len(r.out)
	if len(r.open) > 0 {
		settled = r.open[0]
	}
	if settled < len(r.out) && settled < reach {
		return true
	}
	for _, m := range r.out[:settled] {
		if !yield(m) {
			r.out, r.open = r.out[:0], r.open[:0]
			return false
		}
	}
	r.out = slices.Delete(r.out, 0, settled)
	for i := range r.open {
		r.open[i] -= settled
	}
	return true
}

// blockEnd returns where the paragraph, list item, heading or table row ends that
// starts at a place.
func blockEnd(s string, start int) int {
	for i := start; ; i++ {
		n := strings.IndexByte(s[i:], '\n')
		if n < 0 {
			return len(s)
		}
		if i += n; breaksBlock(s, i) {
			return i + 1
		}
	}
}

type inlineReader struct {
	s   string   // up to the end of the block
	out []inline // what may be changed yet

	open   []int // brackets, as places in out, that may turn out to begin a link
	linked int   // so many of them stand before a link, and begin an image at most

	ticks    [81]int // the last place of a run of backticks, by its length; GitHub knows no longer ones
	allTicks bool    // the places are those of the whole block
	lacks    map[string]bool
}

// inlineMarks say which bytes may begin or end markup.
var inlineMarks = [256]bool{'\\': true, '`': true, '<': true, '!': true, '[': true, ']': true, '*': true, '_': true, '~': true, '&': true}

// next reads what stands at a place and returns where it ends.
func (r *inlineReader) next(i int) int {
	end := 0
	switch c := r.s[i]; {
	case c == '\\' && i+1 < len(r.s) && punct(r.s[i+1]):
		end = r.found(escape, i, i+2, region{i + 1, i + 2})
	case c == '`':
		return r.code(i)
	case c == '<':
		end = r.angle(i)
	case c == '&':
		if _, n := entityAt(r.s[i:]); n > 1 {
			end = r.found(entity, i, i+n, region{})
		}
	case c == '[', c == '!' && strings.HasPrefix(r.s[i+1:], "["):
		return r.bracket(i)
	case c == ']' && len(r.open) > 0:
		end = r.link(i)
	case c == '*' || c == '_' || c == '~':
		n := runLength(r.s, i)
		if hidesEmphasis(r.s, i, i+n) {
			r.found(emphasis, i, i+n, region{})
		}
		return i + n
	}
	if end > 0 {
		return end
	}
	for i++; i < len(r.s) && !inlineMarks[r.s[i]]; i++ { // text
	}
	return i
}

func (r *inlineReader) found(kind inlineKind, start, end int, inner region) int {
	r.out = append(r.out, inline{kind: kind, start: start, end: end, inner: inner})
	return end
}

func runLength[T string | []byte](text T, i int) int {
	n := i
	for n < len(text) && text[n] == text[i] {
		n++
	}
	return n - i
}

// code reads a code span or a run of backticks that none closes. Runs that were
// passed are remembered, so that no search for a closing one is made twice.
func (r *inlineReader) code(i int) int {
	n := runLength(r.s, i)
	if n >= len(r.ticks) || r.allTicks && r.ticks[n] <= i {
		return i + n
	}
	for at := i + n; ; {
		next := strings.IndexByte(r.s[at:], '`')
		if next < 0 {
			r.allTicks = true
			return i + n
		}
		at += next
		shut := runLength(r.s, at)
		if shut == n {
			return r.found(codeSpan, i, at+n, region{i + n, at})
		}
		if shut < len(r.ticks) {
			r.ticks[shut] = at
		}
		at += shut
	}
}

// angle reads a comment, a tag or an address in angle brackets; it returns 0 where
// none begins.
func (r *inlineReader) angle(i int) int {
	rest := r.s[i:]
	end := 0
	switch {
	case strings.HasPrefix(rest, "<!-->"):
		end = i + len("<!-->")
	case strings.HasPrefix(rest, "<!--->"):
		end = i + len("<!--->")
	case strings.HasPrefix(rest, "<!--"):
		end = r.behind("-->", i+len("<!--"))
	case strings.HasPrefix(rest, "<?"):
		end = r.behind("?>", i+len("<?"))
	case strings.HasPrefix(rest, "<![CDATA["):
		end = r.behind("]]>", i+len("<![CDATA["))
	case len(rest) > 2 && rest[1] == '!' && 'A' <= rest[2] && rest[2] <= 'Z':
		end = r.behind(">", i+2)
	default:
		if n := addressLength(rest); n > 0 {
			return r.found(autolink, i, i+n, region{i + 1, i + n - 1})
		}
		if t := angled(rest[:min(len(rest), reach)]); tag().MatchString(t) {
			end = i + len(t)
		}
	}
	if end > 0 {
		r.found(rawHTML, i, end, region{})
	}
	return end
}

// behind returns the place behind the next sign from i on, 0 where there is none.
// What is missing once is not looked for again.
func (r *inlineReader) behind(sign string, i int) int {
	if r.lacks[sign] {
		return 0
	}
	if n := strings.Index(r.s[i:], sign); n >= 0 {
		return i + n + len(sign)
	}
	if r.lacks == nil {
		r.lacks = map[string]bool{}
	}
	r.lacks[sign] = true
	return 0
}

// bracket reads a wiki link, or a bracket that may begin a link or an image.
func (r *inlineReader) bracket(i int) int {
	inside := i + strings.IndexByte(r.s[i:], '[') + 1
	if strings.HasPrefix(r.s[inside:], "[") {
		page := region{inside + 1, inside + 1 + max(0, strings.IndexAny(r.s[inside+1:], "[]\n"))}
		if rest := r.s[page.end:]; page.start < page.end && strings.HasPrefix(rest, "]]") && !strings.HasPrefix(rest, "]](") {
			return r.found(wikiLink, i, page.end+2, page)
		}
	}
	r.open = append(r.open, len(r.out))
	return r.found(openBracket, i, inside, region{})
}

// link reads the end of a link or an image whose text a bracket closes; it returns
// 0 where there is none.
func (r *inlineReader) link(i int) int {
	last := len(r.open) - 1
	start := &r.out[r.open[last]]
	image, within := start.end-start.start == len("!["), last < r.linked
	r.open = r.open[:last]
	r.linked = min(r.linked, last)
	end, target := linkTarget(r.s, i+1)
	switch {
	case image && end > 0:
		start.kind, start.whole = imageStart, end
		return r.found(imageEnd, i, end, target)
	case image:
		start.kind, start.whole = imageRef, i+1
		if strings.HasPrefix(r.s[i+1:], "[") {
			start.whole = max(start.whole, r.behind("]", i+1))
		}
		return 0
	case within || end == 0:
		return 0
	}
	start.kind, start.whole = linkStart, end
	r.linked = last
	return r.found(linkEnd, i, end, target)
}

// reach is how far, in bytes, the end of a span of markup is looked for, so that
// a row of opening marks costs no more than its length.
const reach = 2048

// linkTarget reads "(target)" or "(target "title")" at a place; end is 0 where none
// stands there.
func linkTarget(s string, i int) (end int, target region) {
	s = s[:min(len(s), i+reach)]
	blanks := func(i int) int { return len(s) - len(strings.TrimLeft(s[i:], " \t\n\v\f\r")) }
	if i >= len(s) || s[i] != '(' {
		return 0, region{}
	}
	i = blanks(i + 1)
	target = region{i, i}
	if strings.HasPrefix(s[i:], "<") {
		n := closedBy(s[i+1:], '>', '\n')
		if n < 0 {
			return 0, region{}
		}
		target = region{i + 1, i + 1 + n}
		i = target.end + 1
	} else {
		i += targetLength(s[i:])
		target.end = i
	}
	i = blanks(i)
	if i < len(s) && target.end > 0 && strings.IndexByte(`"'(`, s[i]) >= 0 && i > target.start {
		shut, not := s[i], byte(0)
		if shut == '(' {
			shut, not = ')', '('
		}
		n := closedBy(s[i+1:], shut, not)
		if n < 0 {
			return 0, region{}
		}
		i = blanks(i + 1 + n + 1)
	}
	if i >= len(s) || s[i] != ')' {
		return 0, region{}
	}
	return i + 1, target
}

// closedBy returns where a sign stands that no backslash escapes, -1 where another
// stands before it.
func closedBy(s string, sign, not byte) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && punct(s[i+1]):
			i++
		case s[i] == sign:
			return i
		case s[i] == not && not != 0:
			return -1
		}
	}
	return -1
}

// targetLength returns the length of a target without angle brackets: up to a blank
// or a bracket that closes none of its own.
func targetLength(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && punct(s[i+1]):
			i++
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth < 0 {
				return i
			}
		case c == ' ' || c >= '\t' && c <= '\r':
			return i
		}
	}
	return len(s)
}

func punct(c byte) bool {
	return c > ' ' && c < 0x7f && (('0' > c || c > '9') && ('a' > c|0x20 || c|0x20 > 'z'))
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// entityAt returns the characters that an entity such as "&nbsp;" stands for, and
// its length.
func entityAt(s string) (string, int) {
	const longest = 33 // "&CounterClockwiseContourIntegral;"
	end := strings.IndexByte(s[:min(len(s), longest)], ';') + 1
	if shown := html.UnescapeString(s[:end]); shown != s[:end] {
		return shown, end
	}
	return "&", 1
}

// angled returns what begins with "<" up to the ">" that would end a tag, empty
// where none would. It gives up early, as a text may be full of "<".
func angled(s string) string {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; c {
		case '<':
			return ""
		case '>':
			return s[:i+1]
		case '"', '\'':
			n := strings.IndexByte(s[i+1:], c)
			if n < 0 {
				return ""
			}
			i += n + 1
		}
	}
	return ""
}

// tag is an open or closing tag (CommonMark 0.31.2, section 6.6).
var tag = lazily("^<(?:[A-Za-z][A-Za-z0-9-]*(?:\\s+[A-Za-z_:][\\w.:-]*(?:\\s*=\\s*(?:[^\\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?)*\\s*/?|/[A-Za-z][A-Za-z0-9-]*\\s*)>$")

// hidesEmphasis says whether a run of marks can open or close emphasis. One that
// stands alone ("5 * 3") or, for underscores, inside a word ("snake_case") is text.
func hidesEmphasis(s string, start, end int) bool {
	before, after := ' ', ' '
	if start > 0 {
		before = lastRune(s[:start])
	}
	if end < len(s) {
		after = firstRune(s[end:])
	}
	alone := unicode.IsSpace(before) && unicode.IsSpace(after) && end-start < len(s)
	inWord := s[start] == '_' && wordRune(before) && wordRune(after)
	return s[start:end] != "~" && !alone && !inWord
}

// Visible returns what a reader sees of one line of Markdown: markup, comments
// and tags taken away, links by their text, white space made single.
func Visible(s string) string {
	if unmarked(s) {
		return s
	}
	return oneLine(visiblePieces(s))
}

// visiblePieces returns what a reader sees of Markdown, with as many line breaks
// as it has.
func visiblePieces(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	at, several := 0, strings.Contains(s, "\n")
	for m := range inlines(s) {
		shown := s[m.inner.start:m.inner.end]
		switch m.kind {
		case openBracket, imageRef:
			continue
		case linkEnd, imageEnd:
			shown = ""
		case entity:
			shown, _ = entityAt(s[m.start:])
		}
		b.WriteString(s[at:m.start])
		b.WriteString(shown)
		if several {
			b.WriteString(strings.Repeat("\n", strings.Count(s[m.start:m.end], "\n")-strings.Count(shown, "\n")))
		}
		at = m.end
	}
	b.WriteString(s[at:])
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}

// masked returns a text of the same length in which the markup of some kinds is
// wiped, an image as a whole.
func masked(s string, kinds ...inlineKind) string {
	var out []byte
	for m := range inlines(s) {
		for _, kind := range kinds {
			if m.kind != kind {
				continue
			}
			if out == nil {
				out = []byte(s)
			}
			end := m.end
			if kind == imageStart || kind == imageRef {
				end = m.whole
			}
			wipe(out[m.start:end])
		}
	}
	if out == nil {
		return s
	}
	return string(out)
}

// unmarked says whether a text is surely shown as it is written.
func unmarked(s string) bool {
	for i := range len(s) {
		if inlineMarks[s[i]] && s[i] != ']' {
			return false
		}
	}
	return utf8.ValidString(s) && isOneLine(s)
}

// oneLine makes white space single and takes it off both ends. Most texts have
// none to take off, and are not copied.
func oneLine(s string) string {
	if isOneLine(s) {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// isOneLine says whether all white space in a text is single blanks between words.
func isOneLine(s string) bool {
	for i, r := range s {
		switch {
		case r > ' ' && r < utf8.RuneSelf:
		case r == ' ' && (i == 0 || i+1 == len(s) || s[i+1] == ' '), r != ' ' && unicode.IsSpace(r):
			return false
		}
	}
	return true
}

// closing returns where the bracket that opens s is closed, -1 where it is not.
func closing(s string, open, shut byte) int {
	depth := 0
	for i := 0; i < min(len(s), reach); i++ {
		switch s[i] {
		case '\\':
			i++
		case open:
			depth++
			if depth > 8 {
				return -1
			}
		case shut:
			depth--
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
