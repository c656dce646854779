package board

import (
	"strings"
	"unicode"

	"github.com/boardgate/boardgate/internal/text"
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
			out = append(out, token{text: text.Fold(s[start:end]), before: s[last:start], end: end})
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
		case text.Ignorable(r):
		default:
			flush(i)
		}
	}
	flush(len(s))
	return out
}

// visible says whether a text holds anything that a reader can see.
func visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r > ' ' && r < 0x7f || r > 0x7f && !text.Ignorable(r) && !unicode.IsSpace(r) && !unicode.IsControl(r)
	})
}

func compact(phrase string) string {
	var b strings.Builder
	for _, t := range tokens(phrase) {
		b.WriteString(t.text)
	}
	return b.String()
}
