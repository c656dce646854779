package board

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// token is a run of letters and digits, folded.
type token struct {
	text   string
	before string // what stands between it and the token before
	end    int    // offset of its end in the source string
}

// tokens cuts a text into runs of letters, marks and digits, folded. Letters of
// scripts that write without spaces stay one run.
func tokens(s string) []token { return cut(s, len(s)) }

// cut returns the first tokens of a text, at most so many.
func cut(s string, most int) []token {
	var out []token
	start, last := -1, 0
	flush := func(end int) {
		if start >= 0 {
			out = append(out, token{text: fold(s[start:end]), before: s[last:start], end: end})
			start, last = -1, end
		}
	}
	for i, r := range s {
		if len(out) == most {
			return out
		}
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

// invisible says whether a rune shows nothing and has no meaning for words: one
// that Unicode has ignored by default, or a blank of Braille.
func invisible(r rune) bool {
	const joiner, blank = '\u034f', '\u2800' // U+034F joins nothing that is shown
	return r >= '\u00ad' && (r == joiner || r == blank ||
		unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r))
}

// visible says whether a text holds anything that a reader can see.
func visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r > ' ' && r < 0x7f || r > 0x7f && !invisible(r) && !unicode.IsSpace(r) && !unicode.IsControl(r)
	})
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
