package board

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/boardgate/boardgate/internal/text"
)

var (
	workNouns   = wordsOf("placeholders", "work")
	kindsOfWork = wordsOf("placeholders", "kind of work")
	whereOrWhen = wordsOf("placeholders", "where or when")
)

// placeholder says whether a paragraph or bullet only says that nothing stands
// there: "None (awaiting next priority)", "(none)", "-", "No pending tasks". The
// words are its first words in any language. Work whose title begins so is none:
// "None of the calls retry", "Empty state for the cart".
func placeholder(text string, words []string) bool {
	if opensOtherwise(text, words) {
		return false
	}
	s, said := stripped(text)
	if len(said) == 0 {
		return strings.ContainsAny(s, "-–—.…−")
	}
	for _, w := range words {
		if n := leadLength(said, w); n > 0 && endsPlaceholder(s, said, n, inBracket(s) || len(strings.Fields(w)) > 2) {
			return true
		}
	}
	return nothingOf(s, said)
}

// mostWords is how many words a remark has at most.
const mostWords = 12

// opensOtherwise says whether a text surely begins with other letters than a
// placeholder does; most do, and need not be cut into words. Two letters are
// compared, as far as both are ASCII.
func opensOtherwise(text string, words []string) bool {
	s := strings.TrimLeft(text, " \t*_~`(\"'")
	alike := func(w string) bool {
		w = strings.TrimSpace(w)
		for i := range min(2, len(w), len(s)) {
			if !letter(w[i]) || !letter(s[i]) {
				return true
			}
			if w[i]|0x20 != s[i]|0x20 {
				return false
			}
		}
		return w != ""
	}
	return s != "" && letter(s[0]) && !alike("no") && !slices.ContainsFunc(words, alike)
}

// stripped takes marks of emphasis, code, lists and checkboxes off a text, and cuts
// it into its first words. It leaves underscores between words to sign.
func stripped(s string) (string, []token) {
	s = strings.TrimSpace(s)
	if n := listMarker([]byte(s)); n > 0 {
		s = strings.TrimSpace(s[n:])
	}
	if _, n := checkbox(s); n > 0 && n < len(s) {
		s = s[n:]
	}
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("*~`", r) || text.Ignorable(r) {
			return -1
		}
		return r
	}, s)
	s = strings.Trim(oneLine(s), "_# ")
	return s, cut(s, mostWords+1)
}

func isAlphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// narrow makes the brackets of CJK scripts plain ones.
var narrow = strings.NewReplacer("（", "(", "）", ")", "【", "[", "】", "]")

// inBracket says whether a bracket holds the whole text, up to marks after it.
func inBracket(s string) bool {
	s = strings.TrimLeft(s, " >")
	if !strings.ContainsRune("([（【", firstRune(s)) {
		return false
	}
	s = narrow.Replace(s)
	open, shut := byte('('), byte(')')
	if strings.HasPrefix(s, "[") {
		open, shut = '[', ']'
	}
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case open:
			depth++
		case shut:
			depth--
		}
		if depth <= 0 {
			return i > 0 && !strings.ContainsFunc(s[i:], isAlphanumeric)
		}
	}
	return false
}

// leadLength returns how many of the words a phrase covers that leads them, case
// and accents set aside.
func leadLength(said []token, phrase string) int {
	want := tokens(oneLine(phrase))
	for i, w := range want {
		if i == len(said) || said[i].text != w.text || i > 0 && signBefore(said, i) != w.before {
			return 0
		}
	}
	return len(want)
}

// signBefore returns what stands before word i, without the underscores of emphasis;
// one that joins two words, as in "snake_case", is kept.
func signBefore(said []token, i int) string {
	if said[i].before == "_" {
		return "_"
	}
	return strings.ReplaceAll(said[i].before, "_", "")
}

// endsPlaceholder says whether what follows a placeholder's n words leaves it one:
// nothing, a remark set off by a dash, a colon, a full stop or a bracket, or
// words that say only where or when. In a bracket of its own any remark will do.
func endsPlaceholder(s string, said []token, n int, anyRemark bool) bool {
	if n == len(said) {
		return true
	}
	between := signBefore(said, n)
	mark := strings.TrimLeft(between, " ")
	switch r := firstRune(mark); {
	case citesNumber(s):
		return false
	case r == '(' || r == '[':
		return inBracket(strings.TrimLeft(s[said[n-1].end:], "_ "))
	case strings.ContainsRune("—–:：;.!。…→", r):
		return true
	case r == '-':
		return strings.HasPrefix(between, " - ")
	case r == ',':
		return whereOrWhen().has(said[n].text)
	case r == '/' || len(mark) == len(between) || said[n].text == "of":
		return false
	}
	return anyRemark || !slices.ContainsFunc(said[n:], func(t token) bool { return !whereOrWhen().has(t.text) })
}

// citesNumber says whether a text names a pull request, which a placeholder does not.
func citesNumber(s string) bool {
	_, after, _ := strings.Cut(s, "#")
	return after != "" && isDigit(after[0])
}

// nothingOf reads "No items", "No pending OPS tasks (see backlog)", "No work in progress".
func nothingOf(s string, said []token) bool {
	if said[0].text != "no" {
		return false
	}
	for i := 1; i < min(len(said), 5); i++ {
		joint, word := signBefore(said, i), said[i].text
		switch joined := i+1 < len(said) && strings.HasPrefix(signBefore(said, i+1), "-"); {
		case joint != " " && (joint != "-" || i == 1):
			return false
		case workNouns().has(word) && !joined:
			return endsPlaceholder(s, said, i+1, false)
		case !kindsOfWork().has(word) && !isAcronym(s[said[i-1].end+len(said[i].before):said[i].end]):
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
	s, said := stripped(text)
	if len(said) < 2 || len(said) > mostWords || citesNumber(s) {
		return false
	}
	among := func(some wordList) bool {
		return slices.ContainsFunc(said[:min(len(said), 6)], func(t token) bool { return some.has(t.text) })
	}
	switch said[0].text {
	case "no":
		return among(workNouns())
	case "all", "everything":
		return among(finishedWords())
	}
	return len(said) < 5 && strings.HasSuffix(s, ".") && slices.ContainsFunc(words, func(w string) bool { return leadLength(said, w) > 0 })
}

// italics is a text in one pair of asterisks or underscores. Underscores inside
// a word close nothing.
var italics = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:\*[^*]+\*|_(?:[^_]|[\pL\p{Nd}](?:_+[\pL\p{Nd}])+)+_)$`)
})

// wholly says whether all of a text is in italics or in one bracket.
func wholly(text string) bool {
	s := strings.TrimRight(strings.TrimSpace(text), ".")
	return inBracket(s) || italics().MatchString(s)
}

// isAcronym says whether a word is a name in capitals, "OPS".
func isAcronym(s string) bool {
	return len(s) > 1 && len(s) <= 6 && s == strings.ToUpper(s) && strings.ToLower(s) != s
}
