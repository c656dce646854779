package report

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/boardgate/boardgate/internal/text"
)

// Foreign text in Markdown. GitHub looks for mentions, issue numbers, commits,
// emoji and addresses in the rendered page, behind the backslash that would
// have kept Markdown itself from them; it leaves code alone. So a word that
// could become anything becomes code, and what is left needs no escaping. What
// is code already, between two single backticks, stays one piece.

// prose returns s as inline Markdown: its plain words as they are, the others
// as code, each run of them in one span.
func prose(s string) string {
	var out []string
	var run []string // words of a code span that is still open
	words := strings.Fields(text.Visible(s))
	flush := func() {
		if len(run) == 0 {
			return
		}
		before, inner, after := peel(strings.Join(run, " "))
		out = append(out, before+code(inner)+after)
		run = nil
	}
	for i := 0; i < len(words); i++ {
		w := words[i]
		if span, n := codeAt(words[i:]); n > 0 {
			flush()
			out = append(out, span)
			i += n - 1
		} else if plainWord(w) {
			flush()
			out = append(out, w)
		} else {
			run = append(run, w)
		}
	}
	flush()
	return strings.Join(out, " ")
}

// spanned is words that hold one code span of single backticks.
var spanned = regexp.MustCompile("^([\"'(]*)`([^`]+)`([\"').,;:]*)$")

// codeAt returns the code span that words begin with, and how many it takes; 0
// where they begin with none.
func codeAt(words []string) (string, int) {
	for n := range words {
		ticks := strings.Count(words[n], "`")
		if n == 0 && ticks == 0 {
			return "", 0
		}
		if ticks == 0 || n == 0 && ticks == 1 {
			continue
		}
		if m := spanned.FindStringSubmatch(strings.Join(words[:n+1], " ")); m != nil {
			return m[1] + code(m[2]) + m[3], n + 1
		}
		return "", 0
	}
	return "", 0
}

// The quotes and stops that may stand before code and behind it.
const (
	opening = `"'(`
	closing = `"').,;:`
)

// peel takes from a text the quotes and stops around it that may stand outside
// code. Something is left inside.
func peel(s string) (before, inner, after string) {
	inner = strings.TrimLeft(s, opening)
	before = s[:len(s)-len(inner)]
	trimmed := strings.TrimRight(inner, closing)
	if trimmed == "" {
		return "", s, ""
	}
	return before, trimmed, inner[len(trimmed):]
}

// plainWord says that a word has no meaning to Markdown or to GitHub wherever it
// stands in a line, its start aside.
func plainWord(word string) bool {
	if word == "&" {
		return true // an entity needs a name
	}
	for _, r := range word {
		if !plainRune(r) {
			return false
		}
	}
	low := strings.ToLower(word)
	return strings.Count(word, ":") < 2 && !strings.Contains(low, "www.") && !strings.Contains(low, "gh-") &&
		!strings.Contains(word, "://") && !hasHash(low)
}

// plainRune says that a rune alone has no meaning in a line of Markdown.
func plainRune(r rune) bool {
	if r <= unicode.MaxASCII {
		return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune(`"'(),-./:;?%+`, r)
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S) || r == 0xFE0F || r == 0x200D || r == 0x200C
}

// hasHash says that a word holds what may be the number of a commit: seven or
// more hexadecimal digits with no other ASCII letter or digit beside them.
func hasHash(low string) bool {
	for part := range strings.FieldsFuncSeq(low, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		if len(part) >= 7 && strings.Trim(part, "0123456789abcdef") == "" {
			return true
		}
	}
	return false
}

// code returns a code span that holds s (CommonMark 0.31, section 6.1): its
// fence is longer than any run of backticks in s, and it is never empty.
func code(s string) string {
	s = strings.Join(strings.Fields(text.Visible(s)), " ")
	if s == "" {
		s = "⟨nothing⟩"
	}
	fence := strings.Repeat("`", longest(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		return fence + " " + s + " " + fence
	}
	return fence + s + fence
}

// fenced returns a fenced code block whose lines stand behind an indent
// (CommonMark 0.31, section 4.5). Its fence is longer than any run in it, and
// its lines are not commands: the report may be printed in a job.
func fenced(lines []string, indent string) string {
	run := 2
	for _, line := range lines {
		run = max(run, longest(line, '`'))
	}
	fence := strings.Repeat("`", run+1)
	var b strings.Builder
	b.WriteString(indent + fence + "\n")
	for _, line := range lines {
		b.WriteString(strings.TrimRight(indent+text.Inert(line), " ") + "\n")
	}
	b.WriteString(indent + fence + "\n")
	return b.String()
}

// longest returns the length of the longest run of c in s.
func longest(s string, c byte) int {
	most, run := 0, 0
	for i := range len(s) {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		most = max(most, run)
	}
	return most
}
