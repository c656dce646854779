package board

import (
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
	var b strings.Builder
	b.Grow(len(s))
	wikiEnd := strings.LastIndex(s, "]]") // once, not again for each "[["
	space := false
	for i := 0; i < len(s); {
		shown, n := piece(s, i, wikiEnd)
		for _, r := range shown {
			if unicode.IsSpace(r) {
				space = b.Len() > 0
				continue
			}
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		}
		i += n
	}
	return b.String()
}

// unmarked says whether a text is surely shown as it is written.
func unmarked(s string) bool {
	space := true // white space at either end is not shown, nor a second space
	for _, r := range s {
		switch {
		case r == ' ' && space, r != ' ' && unicode.IsSpace(r), r == utf8.RuneError:
			return false
		case r == '\\' || r == '`' || r == '<' || r == '[' || r == '*' || r == '_' || r == '~':
			return false
		}
		space = r == ' '
	}
	return !space || s == ""
}

// piece returns what is shown of the markup that starts at s[i], and its length.
// No wiki link ends after wikiEnd.
func piece(s string, i, wikiEnd int) (shown string, n int) {
	switch c := s[i]; {
	case c == '\\' && i+1 < len(s) && punct(s[i+1]):
		return s[i+1 : i+2], 2
	case c == '`':
		return codeSpan(s[i:])
	case c == '<':
		return angle(s[i:])
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
	_, size := utf8.DecodeRuneInString(s[i:])
	return s[i : i+size], size
}

func punct(c byte) bool {
	return c > ' ' && c < 0x7f && (('0' > c || c > '9') && ('a' > c|0x20 || c|0x20 > 'z'))
}

// codeSpan returns the content of a code span that starts s, or its run of
// backticks where none closes it.
func codeSpan(s string) (string, int) {
	run := len(s) - len(strings.TrimLeft(s, "`"))
	s = s[:min(len(s), run+reach)]
	for at := run; ; {
		i := strings.IndexByte(s[at:], '`')
		if i < 0 {
			return s[:run], run
		}
		at += i
		closing := len(s[at:]) - len(strings.TrimLeft(s[at:], "`"))
		if closing == run {
			return s[run:at], at + run
		}
		at += closing
	}
}

// angle returns what is shown of a comment (nothing), an autolink (its address)
// or a tag (nothing).
func angle(s string) (string, int) {
	if strings.HasPrefix(s, "<!--") {
		if end := strings.Index(s[4:], "-->"); end >= 0 {
			return "", 4 + end + 3
		}
		return "", len(s)
	}
	end := strings.IndexByte(s[:min(len(s), reach)], '>')
	if end < 2 || strings.ContainsAny(s[1:end], " <") && !letter(s[1]) && s[1] != '/' {
		return "<", 1
	}
	if strings.Contains(s[:end], "://") || strings.Contains(s[:end], "@") {
		return s[1:end], end + 1
	}
	if letter(s[1]) || s[1] == '/' {
		return "", end + 1
	}
	return "<", 1
}

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
	c := s[i]
	n := i
	for n < len(s) && s[n] == c {
		n++
	}
	run := s[i:n]
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[n:])
	if i == 0 {
		before = ' '
	}
	if n == len(s) {
		after = ' '
	}
	switch {
	case c == '~' && len(run) < 2,
		unicode.IsSpace(before) && unicode.IsSpace(after) && (i != 0 || n != len(s)),
		c == '_' && wordRune(before) && wordRune(after):
		return run, len(run)
	}
	return "", len(run)
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
