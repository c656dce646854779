package board

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

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
	wikiEnd := strings.LastIndex(s, "]]") // once, not again for each "[["
	for i := 0; i < len(s); {
		shown, n := piece(s, i, wikiEnd)
		b.WriteString(shown)
		if len(shown) < n {
			for range strings.Count(s[i:i+n], "\n") - strings.Count(shown, "\n") {
				b.WriteByte('\n')
			}
		}
		i += n
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}

// unmarked says whether a text is surely shown as it is written.
func unmarked(s string) bool {
	for i := range len(s) {
		if isMark[s[i]] {
			return false
		}
	}
	return utf8.ValidString(s) && oneLine(s) == s
}

// oneLine makes white space single and takes it off both ends. Most texts have
// none to take off, and are not copied.
func oneLine(s string) string {
	wide := func(r rune) bool { return r != ' ' && unicode.IsSpace(r) }
	if s == strings.Trim(s, " ") && !strings.Contains(s, "  ") && !strings.ContainsAny(s, "\t\n\v\f\r") && (ascii(s) || !strings.ContainsFunc(s, wide)) {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// isMark says which bytes may begin markup.
var isMark = [256]bool{'\\': true, '`': true, '<': true, '!': true, '[': true, '*': true, '_': true, '~': true, '&': true}

// piece returns what is shown of the markup or text that starts at s[i], and its length.
// No wiki link ends after wikiEnd.
func piece(s string, i, wikiEnd int) (shown string, n int) {
	switch c := s[i]; {
	case c == '\\' && i+1 < len(s) && punct(s[i+1]):
		return s[i+1 : i+2], 2
	case c == '`':
		return codeSpan(s[i:])
	case c == '<':
		return angle(s[i:])
	case c == '&':
		return entity(s[i:])
	case c == '!' && strings.HasPrefix(s[i+1:], "["):
		if shown, n, ok := link(s[i+1:], i+1 < wikiEnd); ok {
			return shown, n + 1
		}
	case c == '[':
		if shown, n, ok := link(s[i:], i < wikiEnd); ok {
			return shown, n
		}
	case c == '*' || c == '_' || c == '~':
		return emphasis(s, i)
	}
	n = 1
	for i+n < len(s) && !isMark[s[i+n]] {
		n++
	}
	return s[i : i+n], n
}

func punct(c byte) bool {
	return c > ' ' && c < 0x7f && (('0' > c || c > '9') && ('a' > c|0x20 || c|0x20 > 'z'))
}

// codeSpan returns the content of a code span that starts s, or its run of
// backticks where none closes it.
func codeSpan(s string) (string, int) {
	run := len(s) - len(strings.TrimLeft(s, "`"))
	s = s[:min(len(s), run+reach)]
	for at := run; at < len(s); at++ {
		shut := len(s[at:]) - len(strings.TrimLeft(s[at:], "`"))
		if shut == run {
			return s[run:at], at + run
		}
		at += shut
	}
	return s[:run], run
}

// entity returns the characters that an entity such as "&nbsp;" stands for, and its length.
func entity(s string) (string, int) {
	const longest = 33 // "&CounterClockwiseContourIntegral;"
	end := strings.IndexByte(s[:min(len(s), longest)], ';') + 1
	if shown := html.UnescapeString(s[:end]); shown != s[:end] {
		return shown, end
	}
	return "&", 1
}

// angle returns what is shown of a comment (nothing), an autolink (its address)
// or a tag (nothing).
func angle(s string) (string, int) {
	if inside, ok := strings.CutPrefix(s, "<!--"); ok {
		if end := strings.Index(inside, "-->"); end >= 0 {
			return "", len("<!--") + end + len("-->")
		}
		return "<", 1
	}
	if t := angled(s[:min(len(s), reach)]); tag().MatchString(t) {
		return "", len(t)
	}
	if n := addressLength(s); n > 0 {
		return s[1 : n-1], n
	}
	return "<", 1
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

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// link returns the text of a [text](target) or [[wiki link]]; wiki says whether
// the end of one follows.
func link(s string, wiki bool) (shown string, n int, ok bool) {
	if strings.HasPrefix(s, "[[") {
		if !wiki {
			return "", 0, false
		}
		end := strings.Index(s, "]]")
		return s[2:end], end + 2, true
	}
	end := closing(s, '[', ']')
	if end < 0 || end+1 >= len(s) || s[end+1] != '(' {
		return "", 0, false
	}
	target := closing(s[end+1:], '(', ')')
	if target < 0 {
		return "", 0, false
	}
	return Visible(s[1:end]), end + 1 + target + 1, true
}

// reach is how far, in bytes, the end of a span of markup is looked for, so that
// a row of opening marks costs no more than its length.
const reach = 2048

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

// emphasis drops a run of marks that can open or close emphasis, and keeps one
// that stands alone ("5 * 3") or, for underscores, inside a word ("snake_case").
func emphasis(s string, i int) (string, int) {
	run := s[i : len(s)-len(strings.TrimLeft(s[i:], s[i:i+1]))]
	end := i + len(run)
	before, after := ' ', ' '
	if i > 0 {
		before = lastRune(s[:i])
	}
	if end < len(s) {
		after = firstRune(s[end:])
	}
	alone := unicode.IsSpace(before) && unicode.IsSpace(after) && len(run) < len(s)
	inWord := run[0] == '_' && wordRune(before) && wordRune(after)
	if run == "~" || alone || inWord {
		return run, len(run)
	}
	return "", len(run)
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
