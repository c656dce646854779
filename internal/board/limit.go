package board

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/boardgate/boardgate/internal/source"
)

// limitGrammar reads limits in one file.
type limitGrammar struct {
	file *source.File
	keys []limitWords
}

// newLimitGrammar returns the grammar of a file. The words are those of a limit
// in any language, "max" or "höchstens".
func newLimitGrammar(file *source.File, words []string) *limitGrammar {
	return &limitGrammar{file: file, keys: limitKeys(words)}
}

// heading returns the limit a column's heading states in a bracket, "(max
// 3)" or "[WIP: 3]", or after a limit word, "WIP – max 3", and where it stands,
// without the brackets. A period, a count or a version is no limit: "(Days
// 8-14)", "(3 done)".
func (g *limitGrammar) heading(start, end int) (max int, span source.Span, ok bool) {
	s := g.file.Span(start, end)
	outside := s.Start
	for _, b := range brackets(g.file.Text, s.Start, s.End) {
		if n, found := g.bracket(b); found {
			return n, g.file.Span(b.start, b.end), true
		}
		if n, at, found := g.loose(region{outside, b.start - b.mark}); found {
			return n, at, true
		}
		outside = b.end + b.mark
	}
	if n, at, found := g.loose(region{outside, s.End}); found {
		return n, at, true
	}
	return g.ending(region{outside, s.End})
}

// ending reads the number behind a colon, "WIP: 1", or behind a count, "In
// Progress 0/1", at the end of a heading.
func (g *limitGrammar) ending(r region) (int, source.Span, bool) {
	lex := limitLexemes(g.file.Text, r.start, max(r.start, r.end))
	last := len(lex) - 1
	if last < 2 || !lex[last].number || numberAt(lex) < last-2 {
		return 0, source.Span{}, false
	}
	colon := strings.Contains(":=", lex[last-1].text) && numberAt(lex) == last
	count := lex[last-1].text == "/" && lex[last-2].number && last > 2
	n, ok := limitNumber(lex[last].text)
	return n, g.file.Span(lex[last].start, lex[last].end), ok && (colon || count)
}

// unclear returns what looks like a limit in a heading that states none, "max
// three", and whether it is one for each person, "max 2 per person".
func (g *limitGrammar) unclear(start, end int) (at source.Span, each, ok bool) {
	s := g.file.Span(start, end)
	parts := []region{{s.Start, s.End}}
	for _, b := range brackets(g.file.Text, s.Start, s.End) {
		parts = append(parts, b.region)
	}
	for i := len(parts) - 1; i >= 0; i-- {
		lex := limitLexemes(g.file.Text, parts[i].start, parts[i].end)
		for j := range lex {
			if n, strict := g.key(lex[j:]); n > 0 && strict && (j == 0 || lex[j-1].text != "no" && lex[j-1].text != "without") {
				return g.file.Span(lex[j].start, parts[i].end), shared(lex[j:]), true
			}
		}
	}
	return source.Span{}, false, false
}

// shared says whether a number is of each person, seat or day, not of the column.
func shared(lex []limitLexeme) bool {
	return slices.ContainsFunc(lex, func(l limitLexeme) bool { return l.text == "per" || l.text == "each" || l.text == "apiece" })
}

// rule reads the heading of a rule, "WIP Limit = 1" or "Max WIP: 2", and
// returns what it limits as written, the limit and where it stands.
func (g *limitGrammar) rule(start, end int) (rolePrefix string, max int, span source.Span, ok bool) {
	s := g.file.Span(start, end)
	for _, r := range g.afterLabels(region{s.Start, s.End}) {
		if rolePrefix, max, span, ok = g.limited(r); ok {
			return rolePrefix, max, span, true
		}
	}
	return "", 0, source.Span{}, false
}

// maxLimit is the largest number taken for a limit; a larger one is a year or an id.
const maxLimit = 999

// bracketed is the inside of a bracket; mark is the length of each bracket.
type bracketed struct {
	region
	round bool
	mark  int
}

// brackets returns the insides of the innermost brackets in a text. Those of a
// link's text and target are none.
func brackets(text []byte, start, end int) []bracketed {
	var out []bracketed
	from := -1
	var opened rune
	for i := start; i < end; {
		r, size := utf8.DecodeRune(text[i:end])
		switch {
		case strings.ContainsRune("([（【", r):
			from, opened = i+size, r
			if r == '(' && i > start && text[i-1] == ']' {
				from = -1
			}
		case strings.ContainsRune(")]）】", r) && from >= 0:
			link := r == ']' && i+1 < end && text[i+1] == '('
			if !link && size == utf8.RuneLen(opened) {
				out = append(out, bracketed{region{from, i}, opened == '(' || opened == '（', size})
			}
			from = -1
		}
		i += size
	}
	return out
}

// limitWords is one of the ways to say that a number is a limit.
type limitWords struct {
	words  []string
	strict bool // it makes no sense without a word before: "limit", "max"
}

// limitKeys returns the phrases that make a number a limit.
func limitKeys(words []string) []limitWords {
	var out []limitWords
	for _, w := range append([]string{"maximum", "max", "limit", "up to", "at most", "no more than", "not more than"}, words...) {
		if k := limitTokens(w); len(k) > 0 {
			out = append(out, limitWords{k, true})
		}
	}
	for _, w := range []string{"wip", "top", "last", "only"} {
		out = append(out, limitWords{[]string{w}, false})
	}
	return out
}

func limitTokens(s string) []string {
	var out []string
	for _, t := range limitLexemes([]byte(s), 0, len(s)) {
		if t.word {
			out = append(out, t.text)
		}
	}
	return out
}

// limitLexeme is a run of letters, a number, or one other rune.
type limitLexeme struct {
	text       string // folded
	start, end int
	word       bool
	number     bool
}

// limitLexemes cuts a text; letters and digits are apart ("max3", "最大3件").
func limitLexemes(text []byte, start, end int) []limitLexeme {
	var out []limitLexeme
	for i := start; i < end; {
		r, size := utf8.DecodeRune(text[i:end])
		from := i
		switch {
		case unicode.IsLetter(r):
			for i < end && (unicode.IsLetter(r) || unicode.IsMark(r)) {
				i += size
				r, size = utf8.DecodeRune(text[i:end])
			}
			out = append(out, limitLexeme{text: fold(string(text[from:i])), start: from, end: i, word: true})
		case r >= '0' && r <= '9':
			for i < end && isDigit(text[i]) {
				i++
			}
			out = append(out, limitLexeme{text: string(text[from:i]), start: from, end: i, number: true})
		case unicode.IsSpace(r) || strings.ContainsRune("*_~`", r) || invisible(r):
			i += size
		default:
			i += size
			out = append(out, limitLexeme{text: string(text[from:i]), start: from, end: i})
		}
	}
	return out
}

// bracket reads the inside of a bracket: a bare number, or a limit in one of
// its parts, "(ordered, max 3)".
func (g *limitGrammar) bracket(b bracketed) (int, bool) {
	lex := limitLexemes(g.file.Text, b.start, b.end)
	if len(lex) == 1 && lex[0].number {
		return limitNumber(lex[0].text)
	}
	for _, part := range limitParts(lex) {
		if n, _, ok := g.part(part); ok {
			return n, true
		}
	}
	return 0, false
}

// limitParts cuts lexemes at commas, semicolons and dashes between spaces.
func limitParts(lex []limitLexeme) [][]limitLexeme {
	var out [][]limitLexeme
	from := 0
	for i, l := range lex {
		dash := isDash(l) && i > 0 && i+1 < len(lex) && l.start > lex[i-1].end && lex[i+1].start > l.end && !(lex[i-1].number && lex[i+1].number)
		if dash || strings.Contains(",;|·/、", l.text) {
			out = append(out, lex[from:i])
			from = i + 1
		}
	}
	return append(out, lex[from:])
}

// part reads "max 3", "WIP limit: 3", "top 3 unblocked", "1 item only", "2 max",
// and returns the place of the number in it.
func (g *limitGrammar) part(lex []limitLexeme) (n, at int, ok bool) {
	from := numberAt(lex)
	if from < 0 || shared(lex) {
		return 0, 0, false
	}
	// Of a range the upper bound is the limit: "max 1–2".
	if at = from; at+2 < len(lex) && isDash(lex[at+1]) && lex[at+2].number {
		at += 2
	} else if !wholeNumber(lex, at) {
		return 0, 0, false
	}
	if n, ok = limitNumber(lex[at].text); !ok || timed(lex[at+1:]) {
		return 0, 0, false
	}
	if from > 0 {
		return n, at, g.leads(lex[:from])
	}
	return n, at, g.follows(lex[at+1:])
}

func isDash(l limitLexeme) bool { return strings.Contains("-–—", l.text) }

func numberAt(lex []limitLexeme) int {
	for i, l := range lex {
		if l.number {
			return i
		}
	}
	return -1
}

// wholeNumber says whether the number is no part of a range, a fraction, a
// version, a percentage or a reference.
func wholeNumber(lex []limitLexeme, at int) bool {
	if at > 0 && strings.Contains("#$€.-–+/", lex[at-1].text) && lex[at-1].end == lex[at].start {
		abbreviation := lex[at-1].text == "." && at > 1 && lex[at-2].word
		return abbreviation && endsWhole(lex, at)
	}
	return endsWhole(lex, at)
}

// endsWhole says whether the number goes on as nothing else.
func endsWhole(lex []limitLexeme, at int) bool {
	if at+1 >= len(lex) {
		return true
	}
	next := lex[at+1]
	if strings.Contains("%+:", next.text) {
		return false
	}
	return !strings.Contains("-–—./", next.text) || at+2 >= len(lex) || !lex[at+2].number
}

func limitNumber(s string) (int, bool) {
	if len(s) > 3 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n, n <= maxLimit
}

// timed says whether a number counts time, size or effort, not items.
func timed(after []limitLexeme) bool {
	for _, l := range after {
		if l.word {
			return limitUnits()[l.text]
		}
	}
	return false
}

var limitUnits = sync.OnceValue(func() map[string]bool {
	return set(`d day days w week weeks month months sprint sprints quarter quarters year years h hr hrs hour hours m min
		mins minutes s sec seconds ms pt pts point points sp kb mb gb px lines chars characters percent k x st nd rd th`)
})

// limitFiller says whether something may stand between a limit's words and its number.
func limitFiller(l limitLexeme) bool {
	switch l.text {
	case ":", "=", "<", ">", "≤", "⩽", ".", "：", "＝", "of", "is", "to", "the", "item", "items", "card", "cards", "task", "tasks", "column", "size":
		return l.text != ">"
	}
	return false
}

// leads says whether lexemes before a number consist of limit words alone.
func (g *limitGrammar) leads(lex []limitLexeme) bool {
	found := false
	for len(lex) > 0 {
		n, _ := g.key(lex)
		if n > 0 {
			found = true
		} else if n = 1; !limitFiller(lex[0]) {
			return false
		}
		found = found || isAtMost(lex)
		lex = lex[n:]
	}
	return found
}

// isAtMost says whether a sign "at most" leads lexemes.
func isAtMost(lex []limitLexeme) bool {
	return strings.Contains("≤⩽", lex[0].text) || hasWords(lex, "<", "=")
}

// follows says whether lexemes after a number make it a limit: "item only", "max", "at a time".
func (g *limitGrammar) follows(lex []limitLexeme) bool {
	found := false
	for i := 0; i < len(lex); {
		n, _ := g.key(lex[i:])
		switch {
		case n > 0 && lex[i].text != "wip" && lex[i].text != "last" && lex[i].text != "top":
			found = true
		case hasWords(lex[i:], "at", "a", "time"):
			found, n = true, 3
		case limitFiller(lex[i]) || lex[i].text == "wip" || lex[i].text == "件":
			n = 1
		default:
			return false
		}
		i += n
	}
	return found
}

// key returns how many lexemes the longest limit phrase covers that leads them.
func (g *limitGrammar) key(lex []limitLexeme) (n int, strict bool) {
	for _, k := range g.keys {
		if len(k.words) > n && hasWords(lex, k.words...) {
			n, strict = len(k.words), k.strict
		}
	}
	return n, strict
}

func hasWords(lex []limitLexeme, words ...string) bool {
	if len(lex) < len(words) {
		return false
	}
	for i, w := range words {
		if lex[i].text != w {
			return false
		}
	}
	return true
}

// loose reads a limit that ends the text of a heading without a bracket.
func (g *limitGrammar) loose(r region) (int, source.Span, bool) {
	lex := limitLexemes(g.file.Text, r.start, max(r.start, r.end))
	for i := range lex {
		if _, strict := g.key(lex[i:]); !strict {
			continue
		}
		part := limitParts(lex[i:])[0]
		if n, at, ok := g.part(part); ok && at > 0 && onlyFillers(part[at+1:]) {
			return n, g.file.Span(lex[i].start, part[at].end), true
		}
		return 0, source.Span{}, false
	}
	return 0, source.Span{}, false
}

func onlyFillers(lex []limitLexeme) bool {
	for _, l := range lex {
		if l.word && !limitFiller(l) && l.text != "only" && l.text != "max" || l.number {
			return false
		}
	}
	return true
}

// afterLabels returns a heading's text, and what follows each colon in it:
// "Rule: WIP Limit = 1".
func (g *limitGrammar) afterLabels(r region) []region {
	out := []region{r}
	for i := r.start; i < r.end && len(out) < 4; i++ {
		if g.file.Text[i] == ':' {
			out = append(out, region{i + 1, r.end})
		}
	}
	// The last that reads as a rule is the plainest; the whole comes after it.
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// limited reads "WIP Limit = 1", "Max WIP: 2" and "Limit WIP to 1".
func (g *limitGrammar) limited(r region) (string, int, source.Span, bool) {
	lex := limitLexemes(g.file.Text, r.start, r.end)
	at := numberAt(lex)
	if at <= 0 || !wholeNumber(lex, at) || timed(lex[at+1:]) || shared(lex[at:]) {
		return "", 0, source.Span{}, false
	}
	n, ok := limitNumber(lex[at].text)
	name, limited := g.limits(lex[:at])
	if !ok || !limited || name.start >= name.end || !onlyFillers(untilBracket(lex[at+1:])) {
		return "", 0, source.Span{}, false
	}
	return string(g.file.Text[name.start:name.end]), n, g.file.Span(lex[at].start, lex[at].end), true
}

func untilBracket(lex []limitLexeme) []limitLexeme {
	for i, l := range lex {
		if strings.Contains("([（,;-–—", l.text) {
			return lex[:i]
		}
	}
	return lex
}

// limits returns where the words stand that are limited, in what comes before
// the number, and whether a word or sign says that they are.
func (g *limitGrammar) limits(lex []limitLexeme) (name region, ok bool) {
	opened := false
	for i := 0; i < len(lex); {
		n, strict := g.key(lex[i:])
		opened = opened || strings.Contains("([（", lex[i].text)
		switch {
		case n > 0 && strict:
			ok = true
		case isAtMost(lex[i:]):
			ok, n = true, 1
		case lex[i].word && !opened && !limitFiller(lex[i]):
			n = 1
			if name.end == 0 {
				name.start = lex[i].start
			}
			name.end = lex[i].end
		default:
			n = 1
		}
		i += n
	}
	return name, ok
}
