package board

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// limitKinds returns the kinds of words and signs. Limits are read in two steps:
// every word, number and sign of a heading becomes one letter, its kind, and
// expressions over these letters say what is a limit. "NEXT (ordered, at most 3)"
// is "w(w,M1)" and "WIP: 1 item" is "i:1F". What the letters stand for is in
// words/limits.txt; "w" is any other word, and "9" a number too large for a limit,
// as a year or an id. A sign that is not listed is its first byte.
//
// Of the signs that markup drops, "~" is a dash between spaces.
var limitKinds = sync.OnceValue(func() map[string]byte {
	kinds := map[string]byte{}
	for kind, phrases := range wordFiles()["limits"] {
		for _, phrase := range phrases {
			kinds[phrase] = kind[0]
		}
	}
	return kinds
})

// numerals are the numbers that may be a limit as a word, from one on.
var numerals = wordsOf("limits", "1")

// limitNumber is what stands between a limit word and the number, and the number;
// of a range, "max 1–2", the upper bound.
const limitNumber = `(?:[MitoF]\.?|[L:<=])*(?:[19][-~])?1`

// Expressions over the kinds of a heading.
var (
	limitBracket = lazily(`[(\[]([^()\[\]]*)[)\]]`)
	// In a bracket: "max 3", "top 3 unblocked", "1 item only", "2 max" or a number alone.
	limitInside = lazily(`(?:^|[,|/~])(?:(?:F\.?|[:<=])*(?:[Mito]\.?|L|<=)` + limitNumber +
		`|(?:[19][-~])?1[FLi.:<=]*[Moa][MoaFLi.:<=]*(?:$|[,|/~]))|^1$`)
	// Behind a number that is none: "%", a version, a date, a unit, "per person".
	limitNot = lazily(`^(?:[%+:]|[-~.][19]|[^A-Za-z,|/~]*u|[^,|/~]*e)`)
	// Outside brackets, a line each: "WIP – max 3", where no sentence goes on.
	limitOutside = lazily(`(?m)^[^M\n]*(M\.?` + limitNumber + `)(?:[FLMo]:?|[^0-9A-Za-z%+:,|/~\n])*(?:$|[,|/]|~[^19])`)
	// On the last of these lines: "WIP: 1", "In Progress 0/1".
	limitEnd = lazily(`(?m)^[^19\n]+(?:[:=]|[19]/)(1)\z`)
	// A limit word that no "no" stands before, anywhere and in a bracket.
	limitWord       = lazily(`(?:^|[^n])(M.*)$`)
	limitWordInside = lazily(`[(\[](?:[^()\[\]]*?[^n()\[\]])??(M[^()\[\]]*)[)\]]`)
	// A rule: what is limited, the number, and no sentence that goes on.
	limitRule = lazily(`^[^a-z(\[19]*([a-z](?:[^(\[19]*[a-z])?)[^19]*(1)(?:[FLMo]:?|[^0-9A-Za-z(\[,~%+:-])*(?:(?:[(\[,]|[-~](?:[^19eu]|$))[^e]*)?$`)
	// Before a rule's number: a limit word, and at the end no sign as in "#1" or "0.1".
	limitSaid = lazily(`(?:[ML]|<=)(?:\.|.*(?:[^#$+/.-]|[A-Za-z]\.))?$`)
	// Where a rule may begin: after a label.
	limitLabel = lazily(`^|:`)
)

// lazily compiles an expression when it is first used: most headings state no
// limit, and to compile all takes longer than to read a small board.
func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// limitGrammar reads limits in one file.
type limitGrammar struct {
	file    *source.File
	shown   string // its text without what a reader does not see
	kinds   map[string]byte
	longest int // how many words the longest phrase among them has; "at a time" has three
}

// newLimitGrammar returns the grammar of a file; what of it is shown is filled in
// once that is known. The words are those of a limit in any language, "max" or
// "höchstens".
func newLimitGrammar(file *source.File, words []string) *limitGrammar {
	g := &limitGrammar{file: file, kinds: maps.Clone(limitKinds()), longest: 3}
	for _, w := range words {
		phrase := strings.FieldsFunc(text.Fold(w), func(r rune) bool { return !letterOrMark(r) })
		g.kinds[strings.Join(phrase, " ")] = 'M'
		g.longest = max(g.longest, len(phrase))
	}
	return g
}

func letterOrMark(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) }

// kindsIn returns the kinds of a heading, and where each stands; one place more is
// the heading's end. Letters and digits are apart ("max3", "最大3件").
func (g *limitGrammar) kindsIn(start, end int) (string, []region) {
	s := g.file.Span(start, end)
	heading := g.shown[s.Start:s.End]
	if len(heading) > 1024 {
		heading = "" // no column has such a name, and it must not take time
	}
	heading = masked(heading, rawHTML, linkStart, linkEnd, imageStart, imageRef)
	var words []string // folded; a phrase is one
	var kinds []byte
	var at []region
	for i := 0; i < len(heading); {
		r, size := utf8.DecodeRuneInString(heading[i:])
		word, kind := heading[i:i+size], heading[i]
		switch {
		case unicode.IsLetter(r):
			size = len(heading[i:]) - len(strings.TrimLeftFunc(heading[i:], letterOrMark))
			word, kind = text.Fold(heading[i:i+size]), 'w'
		case r >= '0' && r <= '9':
			size = len(heading[i:]) - len(strings.TrimLeft(heading[i:], "0123456789"))
			if kind = '1'; size > 3 {
				kind = '9'
			}
		case unicode.IsSpace(r), strings.ContainsRune("*_~`", r), text.Ignorable(r):
			i += size
			continue
		case strings.Contains("-–—", word) && len(at) > 0 && at[len(at)-1].end < s.Start+i && strings.IndexFunc(heading[i+size:], unicode.IsSpace) == 0:
			word, kind = "~", '~'
		}
		i += size
		words, kinds, at = append(words, word), append(kinds, kind), append(at, region{s.Start + i - size, s.Start + i})
		for n := min(g.longest, len(words)); n > 0; n-- {
			first := len(words) - n
			phrase := strings.Join(words[first:], " ")
			if kind, ok := g.kinds[phrase]; ok {
				words, kinds = append(words[:first], phrase), append(kinds[:first], kind)
				at = append(at[:first], region{at[first].start, s.Start + i})
				break
			}
		}
	}
	return string(kinds), append(at, region{s.End, s.End})
}

// number returns a number of three digits at most, or a word, and where it stands.
func (g *limitGrammar) number(at region) (int, source.Span) {
	span := g.file.Span(at.start, at.end)
	n, err := strconv.Atoi(span.Text())
	if err != nil {
		n = 1 + slices.Index(numerals().all, text.Fold(span.Text()))
	}
	return n, span
}

// heading returns the limit a column's heading states in a bracket, "(max
// 3)" or "[WIP: 3]", or after a limit word, "WIP – max 3", and where it stands,
// without the brackets. A period, a count or a version is not a limit: "(Days
// 8-14)", "(3 done)".
func (g *limitGrammar) heading(start, end int) (max int, span source.Span, ok bool) {
	kinds, at := g.kindsIn(start, end)
	if !strings.Contains(kinds, "1") {
		return 0, source.Span{}, false
	}
	for _, b := range limitBracket().FindAllStringSubmatchIndex(kinds, -1) {
		inside := kinds[b[2]:b[3]]
		for _, m := range limitInside().FindAllStringIndex(inside, -1) {
			n := strings.LastIndexByte(inside[:m[1]], '1')
			if !limitNot().MatchString(inside[n+1:]) {
				max, _ = g.number(at[b[2]+n])
				return max, g.file.Span(at[b[0]].end, at[b[3]].start), true
			}
		}
	}
	outside := limitBracket().ReplaceAllStringFunc(kinds, func(b string) string { return strings.Repeat("\n", len(b)) })
	for _, e := range []*regexp.Regexp{limitOutside(), limitEnd()} {
		if m := e.FindStringSubmatchIndex(outside); m != nil {
			max, span = g.number(at[m[3]-1])
			return max, g.file.Span(at[m[2]].start, span.End), true
		}
	}
	return 0, source.Span{}, false
}

// unclear returns what looks like a limit in a heading that states none, "max
// a few", and whether it is one for each person, "max 2 per person".
func (g *limitGrammar) unclear(start, end int) (at source.Span, each, ok bool) {
	kinds, places := g.kindsIn(start, end)
	if !strings.Contains(kinds, "M") {
		return source.Span{}, false, false
	}
	found := append(limitWord().FindAllStringSubmatchIndex(kinds, 1), limitWordInside().FindAllStringSubmatchIndex(kinds, -1)...)
	if found == nil {
		return source.Span{}, false, false
	}
	m := found[len(found)-1]
	return g.file.Span(places[m[2]].start, places[m[3]].start), strings.Contains(kinds[m[2]:m[3]], "e"), true
}

// rule reads the heading of a rule, "WIP Limit = 1" or "Max WIP: 2", and
// returns what it limits as written, the limit and where it stands.
func (g *limitGrammar) rule(start, end int) (rolePrefix string, max int, span source.Span, ok bool) {
	kinds, at := g.kindsIn(start, end)
	if !strings.Contains(kinds, "1") {
		return "", 0, source.Span{}, false
	}
	// What follows a label, "Rule 2: WIP Limit = 1", is plainer than the whole.
	for _, label := range slices.Backward(limitLabel().FindAllStringIndex(kinds, 4)) {
		kinds, at := kinds[label[1]:], at[label[1]:]
		m := limitRule().FindStringSubmatchIndex(kinds)
		if m != nil && limitSaid().MatchString(kinds[:m[4]]) {
			max, span = g.number(at[m[4]])
			return string(g.file.Text[at[m[2]].start:at[m[3]-1].end]), max, span, true
		}
	}
	return "", 0, source.Span{}, false
}
