package rule

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Measure says whether a criterion names anything that could be observed. The
// zero Measure is Unclear.
type Measure string

// The measures.
const (
	Unclear       Measure = "" // a person might check it; nothing observable is named
	Measurable    Measure = "yes"
	NotMeasurable Measure = "no" // an activity, a wish or a vague quality
)

// String returns the measure as reports name it.
func (m Measure) String() string {
	if m == Unclear {
		return "unclear"
	}
	return string(m)
}

// Measured reads one criterion of a Definition of Done, Markdown or plain.
//
// The text is cut into clauses. How a clause opens limits which signs count: who
// reviews something promises no outcome whatever the text goes on to name, who
// improves something promises a threshold at best. Words and signs are in words/.
// Numbers, status codes, routes, files and code speak in any language, verbs only
// in English.
func Measured(text string) Measure {
	r, m := measures(), Unclear
	for _, clause := range r.clauses(text) {
		switch r.measure(clause) {
		case Measurable:
			return Measurable
		case NotMeasurable:
			m = NotMeasurable
		}
	}
	return m
}

// Measured reads a criterion once, however often it is asked for and on whichever
// side: two versions of a board have nearly all criteria in common.
func (c *Case) Measured(criterion string) Measure {
	m, known := c.measures[criterion]
	if !known {
		if c.measures == nil {
			c.measures = map[string]Measure{}
		}
		m = Measured(criterion)
		c.measures[criterion] = m
	}
	return m
}

func (r *measurer) measure(clause []tags) Measure {
	all := tags{}.with(clause...)
	has := func(sign string) bool {
		return slices.ContainsFunc(r.signs[sign], func(f form) bool { return f.within(clause, all) })
	}
	made := []string{"artefact"}
	if has("conditional") {
		made = nil
	}
	outcomes, hope := append(made, "threshold", "reading", "answer", "verdict", "service"), has("vague")
	switch {
	case has("statement"):
	case has("activity"):
		outcomes, hope = nil, true
	case has("improvement"):
		outcomes, hope = []string{"threshold"}, true
	case has("record"):
		outcomes, hope = made, true
	}
	switch {
	case has("barred"):
		return NotMeasurable
	case slices.ContainsFunc(outcomes, has):
		return Measurable
	case hope:
		return NotMeasurable
	}
	return Unclear
}

// measurer knows what is in words/. Each name there has a tag, and a word of a text
// is read as the tags of the lists and shapes that it is in.
type measurer struct {
	tags   map[string]tags // by name
	words  map[string]tags // of a word
	shapes []shape
	having [256]uint32 // which of the shapes a word may have that has a byte,
	first  [256]uint32 // and one that begins with a byte
	signs  map[string][]form

	opens, number, numbered, unit tags // those that are looked up for every word
}

// tags is a set of tags, a bit each.
type tags [3]uint64

func (t tags) with(others ...tags) tags {
	for _, o := range others {
		t = tags{t[0] | o[0], t[1] | o[1], t[2] | o[2]}
	}
	return t
}

func (t tags) meet(o tags) bool { return t[0]&o[0]|t[1]&o[1]|t[2]&o[2] != 0 }

// shape is how words look that no list can hold.
type shape struct {
	tag  tags
	form func() *regexp.Regexp
}

var measures = sync.OnceValue(func() *measurer {
	r := &measurer{tags: map[string]tags{}, words: map[string]tags{}, signs: map[string][]form{}}
	r.opens, r.number, r.numbered, r.unit = r.tag("^"), r.tag("number"), r.tag("numbered"), r.tag("unit")
	files := wordLists()
	for name, words := range files["measurable"] {
		for _, w := range words {
			r.words[w] = r.words[w].with(r.tag(name))
		}
	}
	for name, forms := range files["shapes"] {
		name, signs, _ := strings.Cut(name, " ")
		signs, begins := strings.CutPrefix(signs, "beginning ")
		signs, has := strings.CutPrefix(signs, "having ")
		for c := range 256 {
			listed := strings.IndexByte(signs, byte(c)) >= 0
			if listed || !has {
				r.having[c] |= 1 << len(r.shapes)
			}
			if listed || !begins {
				r.first[c] |= 1 << len(r.shapes)
			}
		}
		r.shapes = append(r.shapes, shape{r.tag(name), lazily("^(?:" + strings.Join(forms, "|") + ")$")})
	}
	for name, forms := range files["signs"] {
		for _, f := range forms {
			r.signs[name] = append(r.signs[name], r.form(f))
		}
	}
	return r
})

// tag returns the tag of a name.
func (r *measurer) tag(name string) tags {
	tag, known := r.tags[name]
	if !known {
		n := len(r.tags)
		tag[n/64] = 1 << (n % 64)
		r.tags[name] = tag
	}
	return tag
}

// lazily compiles an expression when it is first used: a small board needs few of
// them, and to compile all takes longer than to judge it.
func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// form is one of the ways in which a sign may stand in a clause.
type form struct {
	parts []part
	needs []tags // a clause without one of each has not the form
	opens int    // how many parts stand before the "^" inside it
}

// part is a word of a form, or up to so many.
type part struct {
	tags            tags
	other, optional bool // a word with none of the tags; none is enough
	most            int
}

// form reads a form, which signs.txt explains. A name that no list and no shape
// has is a word.
func (r *measurer) form(line string) (f form) {
	f.parts = []part{{other: true, optional: true, most: longestCriterion}} // it may stand anywhere
	for i, word := range strings.Fields(line) {
		if word == "^" && i > 0 {
			f.opens = i
			continue
		}
		names := strings.TrimRight(word, "?*")
		p := part{optional: names != word, most: 1}
		if strings.HasSuffix(word, "*") {
			p.most = longestCriterion
		}
		names, p.other = strings.CutPrefix(names, "!")
		for name := range strings.SplitSeq(names, "|") {
			if _, known := r.tags[name]; !known {
				r.words[name] = r.words[name].with(r.tag(name))
			}
			p.tags = p.tags.with(r.tag(name))
		}
		if f.parts = append(f.parts, p); !p.optional && !p.other {
			f.needs = append(f.needs, p.tags)
		}
	}
	return f
}

// within says whether a clause, whose words have some tags, has the form.
func (f form) within(clause []tags, all tags) bool {
	lacks := func(need tags) bool { return !need.meet(all) }
	return !slices.ContainsFunc(f.needs, lacks) && begins(clause, f.parts)
}

// begins says whether words begin with the parts of a form.
func begins(words []tags, parts []part) bool {
	if len(parts) == 0 {
		return true
	}
	p := parts[0]
	for n := 0; n <= p.most; n++ {
		if (n > 0 || p.optional) && begins(words[n:], parts[1:]) {
			return true
		}
		if n == len(words) || words[n].meet(p.tags) == p.other {
			return false
		}
	}
	return false
}

// longestCriterion is how many bytes of a criterion are read: who reads the board
// has found the result by then, and a hostile text stays cheap.
const longestCriterion = 2_000

// spans are the parts of a text that are not divided by blanks, or that are words
// without blanks around them.
var spans = lazily("^(?:`+[^`]*`+|\"[^\"]*\"|“[^”]*”|„[^“]*“|«[^»]*»|「[^」]*」" +
	`|[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]+` +
	`|->|=>|→|⇒|[<>=!]=|[<>=≤≥(),\[\]*]|[;。—–]|[.:!?-](?:\s|$))`)

// apart puts blanks around the spans of a text, and none into them. Marks of
// emphasis and boxes go; a question ends where its mark does.
func apart(text string) string {
	var out strings.Builder
	out.Grow(2 * len(text))
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		span := ""
		if r >= utf8.RuneSelf || unicode.IsPunct(r) || unicode.IsSymbol(r) {
			span = spans().FindString(text[at:])
		}
		switch strings.TrimSpace(span) {
		case "":
			out.WriteString(text[at : at+size])
		case "*", "[", "]":
			out.WriteByte(' ')
		case "?":
			out.WriteString(" ? ; ")
		default:
			out.WriteString(" " + strings.Join(strings.Fields(span), "·") + " ")
		}
		at += max(size, len(span))
	}
	return out.String()
}

// clauses reads a text. A clause begins with the tag of "^".
func (r *measurer) clauses(criterion string) (out [][]tags) {
	words := append(make([]tags, 0, 16), r.opens)
	for w := range strings.FieldsSeq(apart(criterion[:min(len(criterion), longestCriterion)])) {
		words = r.addWord(words, w)
	}
	start := 0
	for i := range words {
		for _, f := range r.signs["turn"] {
			if begins(words[i:], f.parts[1:]) {
				out = append(out, words[start:i:i])
				start = i + f.opens - 1
				words[start] = r.opens
				break
			}
		}
	}
	return append(out, words[start:])
}

// addWord adds the tags of a word to others, of two words where a unit hangs on a
// number. A number that is but part of a name, "phase 2", is none.
func (r *measurer) addWord(words []tags, word string) []tags {
	known := r.words[strings.ToLower(word)]
	lower, digits, may := true, 0, uint32(0) // where the last digit ends, and which shapes the word may have
	for i := range len(word) {
		c := word[i]
		lower = lower && 'a' <= c && c <= 'z'
		if '0' <= c && c <= '9' {
			digits = i + 1
		}
		may |= r.having[c]
	}
	if !lower { // others have no shape
		if digits > 0 && r.words[strings.ToLower(word[digits:])].meet(r.unit) {
			return r.addWord(r.addWord(words, word[:digits]), word[digits:])
		}
		for i, s := range r.shapes {
			if may&r.first[word[0]]&(1<<i) != 0 && s.form().MatchString(word) {
				known = known.with(s.tag)
			}
		}
	}
	if known.meet(r.number) && words[len(words)-1].meet(r.numbered) {
		known = tags{}
	}
	return append(words, known)
}
