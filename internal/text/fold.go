package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold makes texts comparable: composed, in lower case, without invisible
// runes and without accents on Greek and Latin letters.
func Fold(s string) string {
	if IsASCII(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		if Ignorable(r) || r >= 0x300 && r <= 0x36f {
			continue
		}
		if r == 'ς' {
			r = 'σ'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// IsASCII says whether a text holds nothing beyond ASCII.
func IsASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Ignorable says whether a rune shows nothing and has no meaning for words: one
// that Unicode has ignored by default, or a blank of Braille.
func Ignorable(r rune) bool {
	const joiner, blank = '\u034f', '\u2800' // U+034F joins nothing that is shown
	return r >= '\u00ad' && (r == joiner || r == blank ||
		unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r))
}
