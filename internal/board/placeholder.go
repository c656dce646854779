package board

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// placeholder says whether a paragraph or bullet only says that nothing stands
// there: "None (awaiting next priority)", "(none)", "-", "No pending tasks". The
// words are its first words in any language. Work whose title begins so is none:
// "None of the calls retry", "Empty state for the cart".
func placeholder(text string, words []string) bool {
	if opensOtherwise(text, words) {
		return false
	}
	s := plain(text)
	if s == "" {
		return false
	}
	if strings.IndexFunc(s, isAlphanumeric) < 0 {
		return strings.ContainsAny(s, "-–—.…−")
	}
	inner, whole := unbracket(s)
	s = strings.TrimLeftFunc(inner, func(r rune) bool { return !isAlphanumeric(r) })
	for _, w := range words {
		if n := leadLength(s, w); n > 0 && endsPlaceholder(s[n:], whole, len(strings.Fields(w)) > 2) {
			return true
		}
	}
	return nothingOf(s)
}

// opensOtherwise says whether a text surely begins with another word than a
// placeholder does; most do, and need not be looked at as a whole.
func opensOtherwise(text string, words []string) bool {
	s := strings.TrimLeft(text, " \t*_~`(\"'")
	if s == "" || !letter(s[0]) || mayOpen(s, "no") {
		return false
	}
	for _, w := range words {
		if mayOpen(s, strings.TrimSpace(w)) {
			return false
		}
	}
	return true
}

// mayOpen says whether a phrase may be what a text that starts with a letter
// begins with. It compares letters up to the first that either has not in ASCII:
// marks, accents and spaces it does not judge.
func mayOpen(s, phrase string) bool {
	for i := range len(phrase) {
		switch {
		case !letter(phrase[i]), i == len(s), !letter(s[i]):
			return true
		case phrase[i]|0x20 != s[i]|0x20:
			return false
		}
	}
	return phrase != "" && (len(s) == len(phrase) || !letter(s[len(phrase)]))
}

// plain takes marks of emphasis, code, lists and checkboxes off a text, and comments out of it.
func plain(s string) string {
	s = strings.TrimSpace(withoutComments(s))
	if n := listMarker([]byte(s)); n > 0 && n < len(s) {
		s = strings.TrimSpace(s[n:])
	}
	if _, n := checkbox(s); n > 0 {
		s = strings.TrimSpace(s[n:])
	}
	var b strings.Builder
	before := ' '
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		after, _ := utf8.DecodeRuneInString(s[i+size:])
		last := before
		before = r
		if strings.ContainsRune("*~`", r) || r == '_' && (!isAlphanumeric(last) || !isAlphanumeric(after)) || invisible(r) {
			continue
		}
		b.WriteRune(r)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func withoutComments(s string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "<!--")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if _, s, found = strings.Cut(after, "-->"); !found {
			return b.String()
		}
	}
}

func isAlphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// unbracket takes a bracket off that holds the whole text, up to marks after it.
func unbracket(s string) (string, bool) {
	s = strings.TrimLeft(s, " >")
	pair := map[byte]byte{'(': ')', '[': ']'}
	if s == "" || pair[s[0]] == 0 {
		return s, false
	}
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case s[0]:
			depth++
		case pair[s[0]]:
			depth--
		}
		if depth == 0 {
			if strings.IndexFunc(s[i:], isAlphanumeric) >= 0 {
				return s, false
			}
			return strings.TrimSpace(s[1:i]), true
		}
	}
	return s, false
}

// leadLength returns how many bytes of s a phrase covers that leads it as whole
// words, case and accents set aside.
func leadLength(s, phrase string) int {
	want := fold(strings.Join(strings.Fields(phrase), " "))
	if want == "" {
		return 0
	}
	// Folding can change the length, so the end is looked for where words end.
	for i, n := 0, 0; n < 12 && i < len(s); n++ {
		i = nextWordEnd(s, i)
		got := fold(s[:i])
		if got == want {
			return i
		}
		if len(got) > len(want) {
			return 0
		}
	}
	return 0
}

func nextWordEnd(s string, i int) int {
	if j := strings.IndexFunc(s[i:], isAlphanumeric); j >= 0 {
		return wordEnd(s, i+j)
	}
	return len(s)
}

// endsPlaceholder says whether what follows a placeholder's word leaves it one:
// nothing, a remark set off by a dash, a colon, a full stop or a bracket, or
// words that say only where or when. In a bracket of its own any remark will do.
func endsPlaceholder(rest string, whole, phrase bool) bool {
	if strings.IndexFunc(rest, isAlphanumeric) < 0 {
		return true
	}
	if citesNumber(rest) {
		return false
	}
	trimmed := strings.TrimLeft(rest, " ")
	r, size := utf8.DecodeRuneInString(trimmed)
	switch {
	case r == '(' || r == '[':
		_, only := unbracket(trimmed)
		return only
	case strings.ContainsRune("—–:：;.!。…→", r):
		return true
	case r == '-':
		return len(trimmed) > size && trimmed[size] == ' ' && len(rest) > len(trimmed)
	case r == ',':
		return vacuous(firstWord(trimmed[size:]))
	case r == '/' || r == '-' || len(trimmed) == len(rest) && !unicode.IsSpace(r):
		return false
	}
	words := tailWords(trimmed)
	if words[0] == "of" {
		return false
	}
	return whole || phrase || allVacuous(words)
}

// citesNumber says whether a text names a pull request, which a placeholder does not.
func citesNumber(s string) bool {
	i := strings.IndexByte(s, '#')
	return i >= 0 && i+1 < len(s) && isDigit(s[i+1])
}

func firstWord(s string) string {
	words := tailWords(s)
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// tailWords returns the first words of a text, folded; more than twelve are no remark.
func tailWords(s string) []string {
	var out []string
	for i := 0; i < len(s) && len(out) < 13; {
		j := strings.IndexFunc(s[i:], isAlphanumeric)
		if j < 0 {
			break
		}
		end := wordEnd(s, i+j)
		out = append(out, fold(s[i+j:end]))
		i = end
	}
	return out
}

var vacuousWords = sync.OnceValue(func() map[string]bool {
	return set(`here yet currently now right at the moment for in progress this week today time left remaining pending
		planned scheduled queued selected assigned active open to do see so far present point being as next wip
		column items item tasks task work on our plate awaiting waiting ready all is are there presently until
		further notice priority priorities more else new queue done blocked everything anything we was were`)
})

func vacuous(word string) bool { return vacuousWords()[word] }

func allVacuous(words []string) bool {
	for _, w := range words {
		if !vacuous(w) {
			return false
		}
	}
	return true
}

// nothingOf reads "No items", "No pending OPS tasks (see backlog)", "No work in progress".
func nothingOf(s string) bool {
	n := leadLength(s, "no")
	if n == 0 || !strings.HasPrefix(s[n:], " ") || citesNumber(s) {
		return false
	}
	at := n
	for range 4 {
		from := at + 1
		if at >= len(s) || s[at] != ' ' && s[at] != '-' {
			return false
		}
		at = wordEnd(s, from)
		word := s[from:at]
		switch {
		case workNouns()[fold(word)] && !strings.HasPrefix(s[at:], "-"):
			return endsPlaceholder(s[at:], false, false)
		case !workAdjectives()[fold(word)] && !isAcronym(word):
			return false
		}
	}
	return false
}

// saysNothing says whether a text that is all that a column holds says that it
// holds nothing, in words that could be a title elsewhere: "No cards in review",
// "Everything shipped", "(cleared) — see the log".
func saysNothing(text string, words []string) bool {
	if strings.HasPrefix(text, "_(") || strings.HasPrefix(text, "*(") {
		return true
	}
	s := strings.TrimLeftFunc(plain(text), func(r rune) bool { return !isAlphanumeric(r) })
	if citesNumber(s) {
		return false
	}
	said := tailWords(s)
	few := said[:min(len(said), 6)]
	switch {
	case len(said) < 2 || len(said) > 12:
		return false
	case said[0] == "no":
		return slices.ContainsFunc(few, func(w string) bool { return workNouns()[w] })
	case said[0] == "all" || said[0] == "everything":
		return slices.ContainsFunc(few, func(w string) bool { return terms().finished[w] })
	}
	return len(said) < 5 && strings.HasSuffix(s, ".") && slices.ContainsFunc(words, func(w string) bool { return leadLength(s, w) > 0 })
}

// wholly says whether all of a text is in italics or in one bracket.
func wholly(text string) bool {
	s := strings.TrimRight(strings.TrimSpace(text), ".")
	if _, whole := unbracket(s); whole {
		return true
	}
	if len(s) < 3 || s[0] != '*' && s[0] != '_' || s[len(s)-1] != s[0] || s[1] == s[0] {
		return false
	}
	inner := s[1 : len(s)-1]
	for i := range len(inner) {
		if inner[i] == s[0] && (s[0] == '*' || i == 0 || i == len(inner)-1 || !wordRune(rune(inner[i-1])) || !wordRune(rune(inner[i+1]))) {
			return false
		}
	}
	return true
}

var workNouns = sync.OnceValue(func() map[string]bool {
	return set("item items task tasks work wip card cards ticket tickets entry entries todo todos bug bugs issue issues blocker blockers priority priorities story stories")
})

var workAdjectives = sync.OnceValue(func() map[string]bool {
	return set("pending open active current currently remaining new more other outstanding blocked planned queued scheduled assigned further next completed in progress")
})

// isAcronym says whether a word is a name in capitals, "OPS".
func isAcronym(s string) bool {
	return len(s) > 1 && len(s) <= 6 && s == strings.ToUpper(s) && strings.ToLower(s) != s
}
