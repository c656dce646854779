package probe

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/theory/jsonpath"
)

// expectations compiles what must come back.
func (c *compiler) expectations(f *check, spec CheckSpec) {
	var err error
	if f.expect, err = parseStatuses(orAny(spec.Expect, 200)); err != nil {
		c.problem(f.path+".expect", "", "%v", err)
	}
	if len(spec.ContentType) > 0 {
		c.contentType(f, spec.ContentType)
	}
	for _, e := range spec.ResponseHeaders {
		c.responseHeader(f, below(f.path+".response_headers", e.Key), e)
	}
	for _, e := range spec.JSON {
		c.json(f, below(f.path+".json", e.Key), e)
	}
	c.region(f, inBody, spec.Body)
	c.region(f, inHTML, spec.HTML)
	c.region(f, inText, spec.Text)
	c.sizes(f, spec.Size)
	c.signs(f)
	c.bodiless(f)
}

func (f *check) add(a assertion) { f.assertions = append(f.assertions, a) }

func (c *compiler) contentType(f *check, types List) {
	for i, t := range types {
		kind, sub, ok := strings.Cut(t, "/")
		if !ok || !token(kind) || !token(sub) {
			c.problem(fmt.Sprintf("%s.content_type[%d]", f.path, i), "content_type: application/json", "%q is not a media type", t)
		}
	}
	f.add(contentType{types})
}

func (c *compiler) sizes(f *check, spec SizeSpec) {
	if spec == (SizeSpec{}) {
		return
	}
	s := sizeBounds{c.size(f.path+".size.min", spec.Min, 0), c.size(f.path+".size.max", spec.Max, 0)}
	if s.high != 0 && s.low > s.high {
		c.problem(f.path+".size", "", "min %s is more than max %s", spec.Min, spec.Max)
	}
	if max(s.low, s.high) > f.limit {
		c.problem(f.path+".size", "raise body_limit", "the body is read up to %d bytes only", f.limit)
	}
	f.add(s)
}

// signs refuses a fact that only tells what must not be there: it passes on
// an empty page, and keeps passing when the page changes its words.
func (c *compiler) signs(f *check) {
	signs := map[sign]bool{}
	for _, a := range f.assertions {
		signs[a.sign()] = true
	}
	if signs[negative] && !signs[positive] {
		c.problem(f.path, "add a contains, a number or a json value beside it",
			"%q only tells what must not be there: it would pass on an empty page", f.name)
	}
}

// bodiless refuses expectations of a body that is not requested.
func (c *compiler) bodiless(f *check) {
	for _, a := range f.assertions {
		if _, sized := a.(sizeBounds); f.method == http.MethodHead && (sized || a.sign() != neither) {
			c.problem(f.path+".head", "use get", "head asks for no body, and %q is expected of it", a.want())
		}
	}
}

func (c *compiler) responseHeader(f *check, path string, e fact.Entry) {
	if !token(e.Key) {
		c.problem(path, "", "%q is not a header name", e.Key)
		return
	}
	mapping, ok := e.Value.(fact.Mapping)
	if !ok {
		mapping = fact.Mapping{{Key: "equals", Value: e.Value}}
	}
	c.doubles(path, mapping)
	for _, check := range mapping {
		c.headerCheck(f, path, e.Key, check)
	}
}

func (c *compiler) headerCheck(f *check, path, name string, e fact.Entry) {
	h := headerValue{name: name, check: e.Key, value: text(e.Value)}
	at := below(path, e.Key)
	switch e.Key {
	case "exists":
		if !c.flag(at, e.Value) {
			h.check = "absent"
		}
	case "equals", "contains":
		if h.value == "" {
			c.problem(path, "", "an empty text says nothing of the header %s", name)
		}
	case "match":
		h.compiled = c.pattern(at, h.value)
	default:
		c.unknown(at, "known keys: contains, equals, exists, match", e.Key)
	}
	f.add(h)
}

// region compiles what a view of the body must and must not hold.
func (c *compiler) region(f *check, in region, spec TextSpec) {
	path := f.path + "." + string(in)
	c.phrases(f, in, path+".contains", spec.Contains, false)
	c.phrases(f, in, path+".not_contains", spec.NotContains, true)
	c.patterns(f, in, path+".match", spec.Match, false)
	c.patterns(f, in, path+".not_match", spec.NotMatch, true)
	c.number(f, in, path+".number", spec.Number)
}

func (c *compiler) phrases(f *check, in region, path string, phrases List, absent bool) {
	for i, phrase := range phrases {
		t, err := parseTemplate(phrase)
		switch {
		case err != nil:
			c.problem(place(path, i), "", "%v", err)
		case len(t.secrets()) > 0:
			c.problem(place(path, i), "", "a secret can be sent as a header only")
		case in.phrase(phrase) == "":
			c.problem(place(path, i), "", "an empty text always matches")
		default:
			f.add(holds{in: in, phrase: t, absent: absent})
		}
	}
}

func place(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

func (c *compiler) patterns(f *check, in region, path string, patterns List, absent bool) {
	for i, p := range patterns {
		if compiled := c.pattern(place(path, i), p); compiled != nil {
			f.add(matches{in: in, pattern: compiled, absent: absent})
		}
	}
}

// pattern compiles a pattern, nil where it is wrong.
func (c *compiler) pattern(path, written string) *regexp.Regexp {
	compiled, err := regexp.Compile(written)
	if err != nil {
		c.problem(path, "https://github.com/google/re2/wiki/Syntax", "%q is not a pattern: %s", written, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		return nil
	}
	if compiled.MatchString("") {
		c.problem(path, "", "%q matches an empty text, and so everywhere", written)
	}
	return compiled
}

func (c *compiler) number(f *check, in region, path string, spec NumberSpec) {
	b := c.bounds(path, spec.Min, spec.Max, spec.Equals)
	if spec.Match == "" {
		if !b.empty() || spec.Decimal != "" {
			c.problem(path, `match: '([0-9.]+) items'`, "number has no match")
		}
		return
	}
	if b.empty() {
		c.problem(path, "min: 1", "number has neither min, max nor equals")
	}
	decimal := c.word(path+".decimal", spec.Decimal, ".", ",")
	compiled := c.pattern(path+".match", spec.Match)
	if compiled == nil {
		return
	}
	if compiled.NumSubexp() != 1 {
		c.problem(path+".match", `put the number in brackets: '([0-9.]+) items'`, "%q has %s, want one", spec.Match, times(compiled.NumSubexp(), "group"))
		return
	}
	f.add(numbers{in: in, pattern: compiled, bounds: b, decimal: decimal})
}

// bounds compiles limits of a number.
func (c *compiler) bounds(path string, low, high, exact any) bounds {
	b := bounds{c.limit(path+".min", low), c.limit(path+".max", high), c.limit(path+".equals", exact)}
	if b.low != nil && b.high != nil && *b.low > *b.high {
		c.problem(path, "", "min %s is more than max %s: nothing fits", plain(*b.low), plain(*b.high))
	}
	return b
}

func (c *compiler) limit(path string, value any) *float64 {
	if value == nil {
		return nil
	}
	f, ok := asFloat(value)
	if !ok {
		c.problem(path, "", "want a number, got %s", shown(value))
		return nil
	}
	return &f
}

// json compiles the expectations of one JSONPath.
func (c *compiler) json(f *check, path string, e fact.Entry) {
	compiled, err := jsonpath.Parse(e.Key)
	if err != nil {
		c.problem(path, "$.status, $.data[0].id", "%v", pathError(e.Key, err))
		return
	}
	j := jsonValue{written: e.Key, path: compiled}
	switch v := e.Value.(type) {
	case fact.Mapping:
		c.doubles(path, v)
		c.nodes(&j, path, v)
	case []any:
		c.problem(path, "{ one_of: […] } or { min_items: 1 }", "want a value or a mapping, got a list")
	default:
		j.checks = append(j.checks, c.equality(path, v))
	}
	f.add(j)
}

// equality compiles a value a node must have; a text may hold captured values.
func (c *compiler) equality(path string, value any) nodeCheck {
	s, ok := value.(string)
	if !ok {
		return equalTo(value)
	}
	return equalToFilled(c.filled(path, s))
}

func (c *compiler) filled(path, s string) template {
	t, err := parseTemplate(s)
	if err != nil {
		c.problem(path, "", "%v", err)
	}
	if len(t.secrets()) > 0 {
		c.problem(path, "", "a secret can be sent as a header only")
	}
	return t
}

// jsonKinds are the kinds a node can be asked for.
var jsonKinds = []string{"string", "number", "integer", "boolean", "null", "array", "object"}

func (c *compiler) nodes(j *jsonValue, path string, data fact.Mapping) {
	values := map[string]any{}
	for _, e := range data {
		at := below(path, e.Key)
		values[e.Key] = e.Value
		switch e.Key {
		case "exists":
			j.absent = !c.flag(at, e.Value)
		case "equals":
			j.add(c.equality(at, e.Value))
		case "not":
			j.add(notEqualTo(e.Value))
		case "type":
			j.add(ofKind(c.word(at, text(e.Value), jsonKinds...)))
		case "contains":
			j.add(containing(c.nonEmpty(at, e.Value)))
		case "match":
			if p := c.pattern(at, text(e.Value)); p != nil {
				j.add(matching(p))
			}
		case "one_of":
			j.add(oneOf(c.choices(at, e.Value)))
		case "min", "max", "min_items", "max_items", "min_length", "max_length":
		default:
			c.unknown(at, "known keys: contains, equals, exists, match, max, max_items, max_length, min, min_items, min_length, not, one_of, type", e.Key)
		}
	}
	c.nodeBounds(j, path, values)
	if j.absent && len(data) > 1 {
		c.problem(path, "", "exists: false cannot be combined")
	}
	if len(data) == 0 {
		c.problem(path, "{ exists: true }", "nothing is expected of %s", j.written)
	}
}

func (j *jsonValue) add(n nodeCheck) { j.checks = append(j.checks, n) }

func (c *compiler) nodeBounds(j *jsonValue, path string, values map[string]any) {
	if b := c.bounds(path, values["min"], values["max"], nil); !b.empty() {
		j.add(within(b))
	}
	if b := c.bounds(path, values["min_items"], values["max_items"], nil); !b.empty() {
		j.add(counted(b))
	}
	if b := c.bounds(path, values["min_length"], values["max_length"], nil); !b.empty() {
		j.add(long(b))
	}
}

func (c *compiler) nonEmpty(path string, value any) template {
	s := c.text(path, value)
	if s == "" {
		c.problem(path, "", "an empty text always matches")
	}
	return c.filled(path, s)
}

func (c *compiler) choices(path string, value any) []any {
	items, ok := value.([]any)
	if !ok || len(items) == 0 {
		c.problem(path, "one_of: [ok, up]", "want a list of values, got %s", shown(value))
	}
	if slices.ContainsFunc(items, func(v any) bool { _, plain := v.(fact.Mapping); return plain }) {
		c.problem(path, "", "want plain values")
	}
	return items
}
