package probe

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
	"github.com/theory/jsonpath"
)

// expectations compiles what must come back.
func (c *compiler) expectations(f *check, spec *config.Check) {
	f.expect = statuses{{low: http.StatusOK, high: http.StatusOK}}
	if spec.Expect != nil {
		f.expect = c.statuses(spec.Expect)
	}
	if len(spec.ContentType) > 0 {
		c.contentType(f, spec.ContentType)
	}
	for _, e := range spec.ResponseHeaders {
		c.responseHeader(f, e)
	}
	for _, e := range spec.JSON {
		c.json(f, e)
	}
	c.region(f, inBody, spec.Body)
	c.region(f, inHTML, spec.HTML)
	c.region(f, inText, spec.Text)
	c.sizes(f, spec.Size)
	c.signs(f)
	c.bodiless(f, spec.Head.Span)
}

func (f *check) add(a assertion) { f.assertions = append(f.assertions, a) }

func (c *compiler) contentType(f *check, types []config.Value[string]) {
	var names []string
	for _, t := range types {
		kind, sub, ok := strings.Cut(t.V, "/")
		if !ok || !token(kind) || !token(sub) {
			c.fault(t.Span, "content_type: application/json", "%q is not a media type", t.V)
		}
		names = append(names, t.V)
	}
	f.add(contentType(names))
}

func (c *compiler) sizes(f *check, spec config.Size) {
	if !spec.Min.Stated() && !spec.Max.Stated() {
		return
	}
	low, high := spec.Min.V, spec.Max.V
	if high != 0 && low > high {
		c.fault(spec.Span, "", "min %s is more than max %s", spec.Min.Span.Text(), spec.Max.Span.Text())
	}
	if max(low, high) > f.limit {
		c.fault(spec.Span, "raise body_limit", "the body is read up to %d bytes only", f.limit)
	}
	f.add(sizeBetween(low, high))
}

// signs refuses a fact that only tells what must not be there: it passes on
// an empty page, and keeps passing when the page changes its words.
func (c *compiler) signs(f *check) {
	signs := map[sign]bool{}
	for _, a := range f.assertions {
		signs[a.sign] = true
	}
	if signs[negative] && !signs[positive] {
		c.fault(f.at, "add a contains, a number or a json value beside it",
			"%q only tells what must not be there: it would pass on an empty page", f.name)
	}
}

// bodiless refuses expectations of a body that is not requested.
func (c *compiler) bodiless(f *check, head source.Span) {
	for _, a := range f.assertions {
		if f.method == http.MethodHead && a.sign != neither {
			c.fault(head, "use get", "head asks for no body, and %q is expected of it", a.want)
		}
	}
}

func (c *compiler) responseHeader(f *check, spec config.Expectations) {
	name := spec.Name.V
	if !token(name) {
		c.fault(spec.Span, "", "%q is not a header name", name)
		return
	}
	limits := map[string]config.Value[float64]{}
	for _, e := range spec.Each {
		switch value := e.Value.(type) {
		case bool:
			if value {
				f.add(headerExists(name))
			} else {
				f.add(noHeader(name))
			}
		case string:
			c.headerText(f, e, name, value)
		case *regexp.Regexp:
			f.add(headerText(name, "match", "match", value.String(), value.MatchString))
		case time.Duration:
			f.add(headerTime(name, value))
		case float64:
			limits[e.Key] = config.Value[float64]{V: value, Span: e.Span}
		}
	}
	if b := c.bounds(spec.Span, limits["min"], limits["max"], config.Value[float64]{}); !b.empty() {
		f.add(headerNumber(name, b))
	}
}

func (c *compiler) headerText(f *check, e config.Expectation, name, value string) {
	switch {
	case value == "":
		c.fault(e.Span, "", "an empty text says nothing of the header %s", name)
	case e.Key == "equals":
		f.add(headerText(name, e.Key, "equal", value, func(line string) bool { return line == value }))
	default:
		f.add(headerText(name, e.Key, "contain", value, func(line string) bool { return strings.Contains(line, value) }))
	}
}

// region compiles what a view of the body must and must not hold.
func (c *compiler) region(f *check, in region, spec config.Region) {
	c.phrases(f, in, spec.Contains, false)
	c.phrases(f, in, spec.NotContains, true)
	for _, p := range spec.Match {
		f.add(matches(in, p.V, false))
	}
	for _, p := range spec.NotMatch {
		f.add(matches(in, p.V, true))
	}
	c.number(f, in, spec.Number)
}

func (c *compiler) phrases(f *check, in region, phrases []config.Value[string], absent bool) {
	for _, phrase := range phrases {
		t, err := parseTemplate(phrase.V)
		switch {
		case err != nil:
			c.fault(phrase.Span, "", "%v", err)
		case len(t.secrets()) > 0:
			c.fault(phrase.Span, "", "a secret can be sent as a header only")
		case in.phrase(phrase.V) == "":
			c.fault(phrase.Span, "", "an empty text always matches")
		default:
			f.add(holds(in, t, absent))
		}
	}
}

func (c *compiler) number(f *check, in region, spec config.Number) {
	b := c.bounds(spec.Span, spec.Min, spec.Max, spec.Equals)
	if !spec.Match.Stated() {
		if !b.empty() || spec.Decimal.Stated() {
			c.fault(spec.Span, `match: '([0-9.]+) items'`, "number has no match")
		}
		return
	}
	if b.empty() {
		c.fault(spec.Span, "min: 1", "number has neither min, max nor equals")
	}
	if groups := spec.Match.V.NumSubexp(); groups != 1 {
		c.fault(spec.Match.Span, `put the number in brackets: '([0-9.]+) items'`, "%q has %s, want one", spec.Match.V, text.Count(groups, "group"))
		return
	}
	f.add(numbers(in, spec.Match.V, b, spec.Decimal.OrDefault(".")))
}

// bounds compiles limits of a number.
func (c *compiler) bounds(at source.Span, low, high, exact config.Value[float64]) bounds {
	b := bounds{stated(low), stated(high), stated(exact)}
	if b.low != nil && b.high != nil && *b.low > *b.high {
		c.fault(at, "", "min %s is more than max %s: nothing fits", plain(*b.low), plain(*b.high))
	}
	return b
}

// stated returns a limit, nil where it is not stated.
func stated(limit config.Value[float64]) *float64 {
	if !limit.Stated() {
		return nil
	}
	return &limit.V
}

// equality compiles a value a node must have; a text may hold captured values.
func (c *compiler) equality(at source.Span, value any) nodeCheck {
	s, ok := value.(string)
	if !ok {
		return equalTo(value)
	}
	return equalToFilled(c.filled(at, s))
}

func (c *compiler) filled(at source.Span, s string) template {
	t, err := parseTemplate(s)
	if err != nil {
		c.fault(at, "", "%v", err)
	}
	if len(t.secrets()) > 0 {
		c.fault(at, "", "a secret can be sent as a header only")
	}
	return t
}

// json compiles the expectations of one JSONPath.
func (c *compiler) json(f *check, spec config.Expectations) {
	compiled, err := jsonpath.Parse(spec.Name.V)
	if err != nil {
		c.fault(c.place(spec.Span), "$.status, $.data[0].id", "%v", pathError(spec.Name.V, err))
		return
	}
	var checks []nodeCheck
	absent := false
	limits := map[string]config.Value[float64]{}
	for _, e := range spec.Each {
		switch e.Key {
		case "exists":
			absent = e.Value == false
		case "equals":
			checks = append(checks, c.equality(e.Span, e.Value))
		case "not":
			checks = append(checks, notEqualTo(e.Value))
		case "type":
			checks = append(checks, ofKind(fmt.Sprint(e.Value)))
		case "contains":
			part, _ := e.Value.(string)
			if part == "" {
				c.fault(e.Span, "", "an empty text always matches")
			}
			checks = append(checks, containing(c.filled(e.Span, part)))
		case "match":
			if p, ok := e.Value.(*regexp.Regexp); ok {
				checks = append(checks, matching(p))
			}
		case "one_of":
			values, _ := e.Value.([]any)
			checks = append(checks, oneOf(values))
		default:
			limit, _ := e.Value.(float64)
			limits[e.Key] = config.Value[float64]{V: limit, Span: e.Span}
		}
	}
	for _, one := range []struct {
		unit  string
		check func(bounds) nodeCheck
	}{{"", within}, {"_items", counted}, {"_length", long}} {
		if b := c.bounds(spec.Span, limits["min"+one.unit], limits["max"+one.unit], config.Value[float64]{}); !b.empty() {
			checks = append(checks, one.check(b))
		}
	}
	if absent && len(spec.Each) > 1 {
		c.fault(spec.Span, "", "exists: false cannot be combined")
	}
	if len(spec.Each) == 0 {
		c.fault(spec.Span, "{ exists: true }", "nothing is expected of %s", spec.Name.V)
	}
	f.add(jsonValue(spec.Name.V, compiled, absent, checks))
}

// statuses compiles a list of statuses.
func (c *compiler) statuses(written []config.Value[string]) statuses {
	var out statuses
	for _, one := range written {
		s, err := parseStatuses(one.V)
		if err != nil {
			c.fault(one.Span, "", "%v", err)
		}
		out = append(out, s...)
	}
	return out
}
