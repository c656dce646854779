package rule

import (
	_ "embed" // the words
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
// improves something promises a threshold at best. What the signs are is in
// words/measurable.txt. Numbers, status codes, routes, files and code speak in
// any language, verbs only in English.
func Measured(text string) Measure {
	r, m := measureReader(), Unclear
	for clause := range strings.SplitSeq(r.tagged(text), ";") {
		switch r.measure(clause) {
		case Measurable:
			return Measurable
		case NotMeasurable:
			m = NotMeasurable
		}
	}
	return m
}

// outcomes are the signs of what can be observed, besides a thing made.
var outcomes = []string{"threshold", "reading", "answer", "verdict", "service"}

func (r *reader) measure(clause string) Measure {
	tags := tagsIn(clause)
	has := func(sign string) bool {
		return slices.ContainsFunc(r.signs[sign], func(f form) bool { return f.mayMatch(tags) && f.expression().MatchString(clause) })
	}
	made := func() bool { return has("artefact") && !has("conditional") }
	switch {
	case has("barred"), !has("statement") && has("activity"):
		return NotMeasurable
	case has("statement"):
	case has("improvement"):
		return when(has("threshold"), NotMeasurable)
	case has("record"):
		return when(made(), NotMeasurable)
	}
	otherwise := Unclear
	if has("vague") {
		otherwise = NotMeasurable
	}
	return when(slices.ContainsFunc(outcomes, has) || made(), otherwise)
}

func when(observable bool, otherwise Measure) Measure {
	if observable {
		return Measurable
	}
	return otherwise
}

// reader is what words/measurable.txt says, whose head tells how it is written.
// A section's name has a tag, one rune; a text is read as words that are nothing
// but the tags of the sections that list them, and signs are looked for in those.
type reader struct {
	tags   map[string]string // by name
	words  map[string]string // the tags of a word
	shapes []shape
	signs  map[string][]form
}

type shape struct {
	having string // a word without any of these has not the shape; empty for any word
	form   func() *regexp.Regexp
	tag    string
}

// form is one of the ways in which a sign may stand in a clause.
type form struct {
	expression func() *regexp.Regexp
	needs      []tagSet // a clause has a tag of each, or the form is not in it
}

// mayMatch spares a clause the expression where a word is missing that it needs.
func (f form) mayMatch(tags tagSet) bool {
	return !slices.ContainsFunc(f.needs, func(need tagSet) bool { return !need.meets(tags) })
}

// expression compiles a regular expression when it is first used: a small board
// needs few of them, and to compile all takes longer than to judge it.
func expression(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

// firstTag is the tag of the first name, in Unicode's private use area.
const firstTag = 0xE000

// tagSet is a set of tags, at most 256.
type tagSet [4]uint64

func tagsIn(s string) (set tagSet) {
	for _, r := range s {
		if r >= firstTag {
			set[(r-firstTag)/64] |= 1 << ((r - firstTag) % 64)
		}
	}
	return set
}

func (t tagSet) meets(other tagSet) bool {
	return t[0]&other[0]|t[1]&other[1]|t[2]&other[2]|t[3]&other[3] != 0
}

//go:embed words/measurable.txt
var measureWords string

var measureReader = sync.OnceValue(func() *reader {
	r := &reader{tags: map[string]string{}, words: map[string]string{}, signs: map[string][]form{}}
	for section := range strings.SplitSeq(measureWords, "\n\n") {
		for strings.HasPrefix(section, "#") {
			_, section, _ = strings.Cut(section, "\n")
		}
		head, body, _ := strings.Cut(section, "\n")
		kind, name, _ := strings.Cut(head, " ")
		r.learn(kind, name, body)
	}
	return r
})

// learn takes in a section.
func (r *reader) learn(kind, name, body string) {
	switch kind {
	case "words":
		for w := range strings.FieldsSeq(body) {
			r.words[w] += r.tag(name)
		}
	case "shape":
		name, having, _ := strings.Cut(name, " having ")
		forms := strings.ReplaceAll(strings.TrimSpace(body), "\n\t", "|")
		r.shapes = append(r.shapes, shape{having, expression("^(?:" + forms + ")$"), r.tag(name)})
	case "sign":
		for line := range strings.Lines(body) {
			r.signs[name] = append(r.signs[name], r.form(strings.TrimSpace(line)))
		}
	}
}

// shorthand writes the marks of a form as a regular expression.
var shorthand = strings.NewReplacer(" ", "", "^", `(?:\^ )`, "...", "(?:[^ ]+ )*", "..", "(?:[^ ]+ ){0,3}")

// form reads a form of a sign.
func (r *reader) form(text string) (f form) {
	plain := shorthand.Replace(text)
	f.expression = expression(" (?:" + names().ReplaceAllStringFunc(plain, r.anyOf) + ")")
	for _, named := range names().FindAllString(optional().ReplaceAllString(text, ""), -1) {
		if !strings.HasPrefix(named, "{!") {
			f.needs = append(f.needs, tagsIn(r.anyOf(named)))
		}
	}
	return f
}

// optional are the parts of a form that a clause may do without, and groups of
// which it may do without some.
var optional = expression(`\(\?:[^()]*\)[?*]?|\([^()]*\)[?*]|\{[^}]*\}[?*]`)

// anyOf returns the expression of a word with one of the tags that are named in
// braces, or with none of them. A name that no section has is a word.
func (r *reader) anyOf(named string) string {
	list, other := strings.CutPrefix(named[1:len(named)-1], "!")
	var tags strings.Builder
	for name := range strings.SplitSeq(list, "|") {
		if r.tags[name] == "" {
			r.words[name] += r.tag(name)
		}
		tags.WriteString(r.tag(name))
	}
	if other {
		return "(?:[^ " + tags.String() + "]+ )"
	}
	return "(?:[^ ]*[" + tags.String() + "][^ ]* )"
}

// names are what a form has in braces, numbers aside.
var names = expression(`\{[^0-9}][^}]*\}`)

// tag returns the tag of a name.
func (r *reader) tag(name string) string {
	if r.tags[name] == "" {
		r.tags[name] = string(rune(firstTag + len(r.tags)))
	}
	return r.tags[name]
}

// longestCriterion is how many bytes of a criterion are read: who reads the board
// has found the result by then, and a hostile text stays cheap.
const longestCriterion = 2_000

// stop ends a clause.
const stop = "; ^ "

// spans are the parts of a text that are not divided by blanks, or that are words
// without blanks around them.
var spans = expression("^(?:`+[^`]*`+|\"[^\"]*\"|“[^”]*”|„[^“]*“|«[^»]*»|「[^」]*」" +
	`|[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]+` +
	`|->|=>|→|⇒|[<>=!]=|[<>=≤≥(),\[\]*]|[;。—–]|[.:!?-](?:\s|$))`)

// apart puts blanks around the spans of a text, and none into them.
func apart(text string) string {
	var out strings.Builder
	for text != "" {
		i := strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf || unicode.IsPunct(r) || unicode.IsSymbol(r) })
		if i < 0 {
			i = len(text)
		}
		out.WriteString(text[:i])
		text = text[i:]
		n := len(spans().FindString(text))
		if n > 0 {
			out.WriteString(" " + strings.Join(strings.Fields(text[:n]), "·") + " ")
		} else if text != "" {
			_, n = utf8.DecodeRuneInString(text)
			out.WriteString(text[:n])
		}
		text = text[n:]
	}
	return out.String()
}

// tagged reads a text as the tags of its words, each word with a blank behind it.
func (r *reader) tagged(text string) string {
	text = apart(text[:min(len(text), longestCriterion)])
	var out strings.Builder
	out.WriteString(" ^ ")
	for w := range strings.FieldsSeq(text) {
		switch w {
		case "*", "[", "]":
		case ".", ":", "!", ";", "。", "—", "–", "-":
			out.WriteString(stop)
		case "?":
			out.WriteString(r.tagsOf(w) + " " + stop)
		default:
			out.WriteString(r.tagsOf(w) + " ")
		}
	}
	named := r.replace(out.String(), "name", " ${1}- ")
	return r.replace(named, "turn", " "+stop+"$1")
}

// replace puts something else where a sign stands.
func (r *reader) replace(text, sign, by string) string {
	for _, f := range r.signs[sign] {
		if f.mayMatch(tagsIn(text)) {
			text = f.expression().ReplaceAllString(text, by)
		}
	}
	return text
}

// tagsOf returns the tags of a word, of two where a unit hangs on a number.
func (r *reader) tagsOf(word string) string {
	tags := "-" + r.words[strings.ToLower(word)]
	if strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == "" {
		return tags
	}
	if i := strings.LastIndexAny(word, "0123456789") + 1; i > 0 && strings.Contains(r.words[strings.ToLower(word[i:])], r.tags["unit"]) {
		return r.tagsOf(word[:i]) + " " + r.tagsOf(word[i:])
	}
	for _, s := range r.shapes {
		if (s.having == "" || strings.ContainsAny(word, s.having)) && s.form().MatchString(word) {
			tags += s.tag
		}
	}
	return tags
}
