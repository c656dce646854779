package probe

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	excerptLength  = 200 // characters, the most of a foreign text that is shown
	excerptContext = 40  // characters on either side of the place in question
)

// excerptOf brings a foreign text to one line of at most 200 characters,
// without control and formatting characters.
func excerptOf(s string) string {
	var out strings.Builder
	space, n := false, 0
	for _, r := range s {
		if unicode.IsSpace(r) {
			space = true
			continue
		}
		if !unicode.IsPrint(r) {
			continue
		}
		if n >= excerptLength-2 {
			out.WriteString("…")
			break
		}
		if space && n > 0 {
			out.WriteByte(' ')
			n++
		}
		space = false
		out.WriteRune(r)
		n++
	}
	return out.String()
}

// around returns the place from start to end of a text with its context.
func around(s string, start, end int) string {
	from, to := back(s, start), forth(s, end)
	out := excerptOf(s[from:to])
	if from > 0 {
		out = "…" + out
	}
	if to < len(s) && !strings.HasSuffix(out, "…") {
		out += "…"
	}
	return out
}

func back(s string, at int) int {
	for range excerptContext {
		_, size := utf8.DecodeLastRuneInString(s[:at])
		at -= size
	}
	return at
}

func forth(s string, at int) int {
	for range excerptContext {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}
