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

func (r *measurer) measure(clause []string) Measure {
	tags := strings.Join(clause, "")
	has := func(sign string) bool {
		return slices.ContainsFunc(r.signs[sign], func(f form) bool { return f.within(clause, tags) })
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

// measurer knows what is in words/. Each name there has a tag, one rune, and a word
// of a text is read as the tags of the lists and shapes that it is in.
type measurer struct {
	tags   map[string]string // by name
	words  map[string]string // the tags of a word
	shapes []shape
	signs  map[string][]form
}

// shape is how words look that no list can hold.
type shape struct {
	tag, having string // a word has one of these characters, if there are some, or not the shape
	form        func() *regexp.Regexp
}

var measures = sync.OnceValue(func() *measurer {
	r := &measurer{tags: map[string]string{"^": "!"}, words: map[string]string{}, signs: map[string][]form{}}
	files := wordLists()
	for name, words := range files["measurable"] {
		for _, w := range words {
			r.words[w] += r.tag(name)
		}
	}
	for name, forms := range files["shapes"] {
		name, having, _ := strings.Cut(name, " having ")
		r.shapes = append(r.shapes, shape{r.tag(name), having, lazily("^(?:" + strings.Join(forms, "|") + ")$")})
	}
	for name, forms := range files["signs"] {
		for _, f := range forms {
			r.signs[name] = append(r.signs[name], r.form(f))
		}
	}
	return r
})

// tag returns the tag of a name.
func (r *measurer) tag(name string) string {
	tag := r.tags[name]
	if tag == "" {
		tag = string(rune('!' + len(r.tags)))
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
	needs []string // tags: a clause without one of each has not the form
	opens int      // how many parts stand before the "^" inside it
}

// part is a word of a form, or up to so many.
type part struct {
	tags            string
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
			if r.tags[name] == "" {
				r.words[name] += r.tag(name)
			}
			p.tags += r.tag(name)
		}
		if f.parts = append(f.parts, p); !p.optional && !p.other {
			f.needs = append(f.needs, p.tags)
		}
	}
	return f
}

// within says whether a clause, whose words have some tags, has the form.
func (f form) within(clause []string, tags string) bool {
	lacks := func(need string) bool { return !strings.ContainsAny(need, tags) }
	return !slices.ContainsFunc(f.needs, lacks) && begins(clause, f.parts)
}

// begins says whether words begin with the parts of a form.
func begins(words []string, parts []part) bool {
	if len(parts) == 0 {
		return true
	}
	p := parts[0]
	for n := 0; n <= p.most; n++ {
		if (n > 0 || p.optional) && begins(words[n:], parts[1:]) {
			return true
		}
		if n == len(words) || strings.ContainsAny(words[n], p.tags) == p.other {
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
func (r *measurer) clauses(criterion string) (out [][]string) {
	words := append(make([]string, 0, 16), r.tag("^"))
	for w := range strings.FieldsSeq(apart(criterion[:min(len(criterion), longestCriterion)])) {
		words = r.addWord(words, w)
	}
	start := 0
	for i := range words {
		for _, f := range r.signs["turn"] {
			if begins(words[i:], f.parts[1:]) {
				out = append(out, words[start:i:i])
				start = i + f.opens - 1
				words[start] = r.tag("^")
				break
			}
		}
	}
	return append(out, words[start:])
}

// addWord adds the tags of a word to others, of two words where a unit hangs on a
// number. A number that is but part of a name, "phase 2", is none.
func (r *measurer) addWord(words []string, word string) []string {
	tags := r.words[strings.ToLower(word)]
	if strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") != "" { // others have no shape
		if i := strings.LastIndexAny(word, "0123456789") + 1; i > 0 && strings.Contains(r.words[strings.ToLower(word[i:])], r.tag("unit")) {
			return r.addWord(r.addWord(words, word[:i]), word[i:])
		}
		for _, s := range r.shapes {
			if (s.having == "" || strings.ContainsAny(word, s.having)) && s.form().MatchString(word) {
				tags += s.tag
			}
		}
	}
	if strings.Contains(tags, r.tag("number")) && strings.Contains(words[len(words)-1], r.tag("numbered")) {
		tags = ""
	}
	return append(words, tags)
}
