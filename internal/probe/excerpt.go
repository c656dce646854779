package probe

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/boardgate/boardgate/internal/text"
)

const (
	excerptLength  = 199      // characters, the most of a foreign text that is shown
	excerptSource  = 64 << 10 // bytes that are looked through for them
	excerptContext = 40       // characters on either side of the place in question
)

// excerptOf brings a foreign text to one line of few characters, without control
// and formatting characters.
func excerptOf(s string) string {
	shown := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) || unicode.IsSpace(r) {
			return r
		}
		return -1
	}, text.ClipBytes(s, excerptSource))
	return text.Clip(strings.Join(strings.Fields(shown), " "), excerptLength)
}

// around returns the place from start to end of a text with its context.
func around(s string, start, end int) string {
	from, to := start, end
	for range excerptContext {
		_, before := utf8.DecodeLastRuneInString(s[:from])
		_, after := utf8.DecodeRuneInString(s[to:])
		from, to = from-before, to+after
	}
	out := excerptOf(s[from:to])
	if from > 0 {
		out = "…" + out
	}
	if to < len(s) && !strings.HasSuffix(out, "…") {
		out += "…"
	}
	return out
}
