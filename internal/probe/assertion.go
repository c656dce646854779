package probe

import (
	"fmt"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/text"
)

// assertion is one expectation of an answer beyond its status.
type assertion interface {
	// want says the expectation in words, as configured.
	want() string
	// judge compares. It is a pure function of the answer and the captured values.
	judge(*answer, values) finding
	// sign tells whether the assertion shows that something is there, or only that something is not.
	sign() sign
}

// sign is which way an assertion looks.
type sign uint8

const (
	neither  sign = iota // it says nothing of the content
	positive             // something is there
	negative             // something is not there; passes on an empty page too
)

// finding is what an assertion found.
type finding struct {
	saw     string // the value in question
	class   string // empty where it holds
	reason  string // empty where it holds
	excerpt string // the place in the body
	warning bool   // it does not hold, and that is a warning only
}

func (f finding) outcome() fact.Outcome {
	switch {
	case f.reason == "":
		return fact.Pass
	case f.warning:
		return fact.Warn
	}
	return fact.Fail
}

func failing(class, saw, format string, args ...any) finding {
	return finding{class: class, saw: saw, reason: fmt.Sprintf(format, args...)}
}

// contentType expects a media type; parameters do not count, "text/*" fits all texts.
type contentType struct{ types []string }

func (c contentType) want() string { return "content type " + strings.Join(c.types, " or ") }
func (c contentType) sign() sign   { return neither }

func (c contentType) judge(a *answer, _ values) finding {
	got, _ := a.mediaType()
	for _, t := range c.types {
		if ok, _ := path.Match(strings.ToLower(t), got); ok {
			return finding{saw: excerptOf(got)}
		}
	}
	if got == "" {
		return failing("content_type", "", "the answer states no content type, want %s", strings.Join(c.types, " or "))
	}
	got = excerptOf(got)
	if got == "text/html" {
		return failing("content_type", got, "got an HTML page where %s was due", strings.Join(c.types, " or "))
	}
	return failing("content_type", got, "got content type %s, want %s", got, strings.Join(c.types, " or "))
}

// sizeBounds bounds the body after decompression; high 0 is without bound.
type sizeBounds struct{ low, high int64 }

func (s sizeBounds) want() string {
	switch {
	case s.high == 0:
		return fmt.Sprintf("at least %d bytes", s.low)
	case s.low == 0:
		return fmt.Sprintf("at most %d bytes", s.high)
	}
	return fmt.Sprintf("%d to %d bytes", s.low, s.high)
}

func (s sizeBounds) sign() sign { return neither }

func (s sizeBounds) judge(a *answer, _ values) finding {
	n := int64(len(a.body))
	if n >= s.low && (s.high == 0 || n <= s.high) {
		return finding{saw: fmt.Sprintf("%d bytes", n)}
	}
	return failing("size", fmt.Sprintf("%d bytes", n), "the body has %s, want %s", text.Count(int(n), "byte"), s.want())
}

// headerValue expects something of a header of the answer.
type headerValue struct {
	name     string
	check    string // exists, absent, equals, contains, match
	value    string
	compiled *regexp.Regexp
}

func (h headerValue) want() string {
	switch h.check {
	case "exists":
		return "header " + h.name
	case "absent":
		return "no header " + h.name
	}
	return fmt.Sprintf("header %s %s %q", h.name, h.check, h.value)
}

func (h headerValue) sign() sign { return neither }

func (h headerValue) judge(a *answer, _ values) finding {
	lines := a.header.Values(h.name) // each is a value by itself: two cookies are not one text
	all := strings.Join(lines, ", ") // as a list may be written too (RFC 9110, section 5.3)
	fitting, saw := slices.IndexFunc(lines, h.fits), excerptOf(all)
	switch {
	case h.check == "absent" && len(lines) > 0:
		return failing("header", saw, "the header %s is there: %q", h.name, saw)
	case h.check == "absent":
		return finding{}
	case len(lines) == 0:
		return failing("header", "", "the header %s is missing", h.name)
	case h.check == "equals" && all == h.value:
		return finding{saw: saw}
	case fitting < 0 && len(lines) > 1:
		return failing("header", saw, "the %d headers %s are %q, want one of them to %s %q", len(lines), h.name, saw, verb(h.check), h.value)
	case fitting < 0:
		return failing("header", saw, "the header %s is %q, want it to %s %q", h.name, saw, verb(h.check), h.value)
	}
	return finding{saw: excerptOf(lines[fitting])}
}

func (h headerValue) fits(got string) bool {
	switch h.check {
	case "equals":
		return got == h.value
	case "contains":
		return strings.Contains(got, h.value)
	case "match":
		return h.compiled.MatchString(got)
	}
	return true
}

func verb(check string) string {
	return map[string]string{"equals": "equal", "contains": "contain", "match": "match"}[check]
}

// headerNumber bounds a number that a header of the answer is.
type headerNumber struct {
	name   string
	bounds bounds
}

func (h headerNumber) want() string { return fmt.Sprintf("header %s %s", h.name, h.bounds) }
func (h headerNumber) sign() sign   { return neither }

func (h headerNumber) judge(a *answer, _ values) finding {
	written := a.header.Get(h.name)
	n, ok := number(written, ".")
	saw := excerptOf(written)
	switch {
	case len(a.header.Values(h.name)) == 0:
		return failing("header", "", "the header %s is missing", h.name)
	case !ok:
		return failing("header", saw, "the header %s is %q, which is not a number; want %s", h.name, saw, h.bounds)
	case !h.bounds.hold(n):
		return failing("header", saw, "the header %s is %q, want %s", h.name, saw, h.bounds)
	}
	return finding{saw: saw}
}

// headerTime bounds how long ago a time lies that a header of the answer is.
type headerTime struct {
	name    string
	longest time.Duration
}

func (h headerTime) want() string {
	return fmt.Sprintf("header %s at most %s ago", h.name, spoken(h.longest))
}
func (h headerTime) sign() sign { return neither }

func (h headerTime) judge(a *answer, _ values) finding {
	written := a.header.Get(h.name)
	at, err := http.ParseTime(written)
	saw, ago := excerptOf(written), a.received.Sub(at)
	switch {
	case len(a.header.Values(h.name)) == 0:
		return failing("header", "", "the header %s is missing", h.name)
	case err != nil:
		return failing("header", saw, "the header %s is %q, which is not a time; want one at most %s ago", h.name, saw, spoken(h.longest))
	case ago > h.longest:
		return failing("header", saw, "the header %s is %q, %s ago, want at most %s", h.name, saw, spoken(ago), spoken(h.longest))
	}
	return finding{saw: saw}
}

// region is a view of the body.
type region string

const (
	inBody region = "body"
	inHTML region = "html"
	inText region = "text" // rendered
)

// view returns the text of a region.
func (r region) view(a *answer) string {
	if r == inText {
		return a.visible()
	}
	return string(a.body)
}

// phrase brings a configured text to the form the region is in.
func (r region) phrase(s string) string {
	if r == inText {
		return folded(s)
	}
	return s
}

// holds expects a phrase in a region, or that it is not there.
type holds struct {
	in     region
	phrase template
	absent bool
}

func (h holds) want() string {
	if h.absent {
		return fmt.Sprintf("%s without %q", h.in, h.phrase.written)
	}
	return fmt.Sprintf("%s with %q", h.in, h.phrase.written)
}

func (h holds) sign() sign {
	if h.absent {
		return negative
	}
	return positive
}

func (h holds) judge(a *answer, v values) finding {
	if err := a.readable(); err != nil {
		return failing("body:decode", "", "%v", err)
	}
	phrase, err := h.phrase.text(v)
	if err != nil {
		return failing(string(h.in), "", "%v", err)
	}
	phrase = h.in.phrase(phrase)
	if phrase == "" {
		return failing(string(h.in), "", "%q is empty when filled in, and an empty text always matches", h.phrase.written)
	}
	text := h.in.view(a)
	at := strings.Index(text, phrase)
	if at < 0 {
		return h.missing(text, phrase)
	}
	where := around(text, at, at+len(phrase))
	if h.absent {
		return finding{saw: where, class: string(h.in), excerpt: where, reason: fmt.Sprintf("the %s holds %q, which must not be there", h.in, phrase)}
	}
	return finding{saw: where}
}

func (h holds) missing(text, phrase string) finding {
	if h.absent {
		return finding{}
	}
	f := failing(string(h.in), "", "the %s does not hold %q", h.in, phrase)
	f.excerpt = excerptOf(text)
	if text == "" {
		f.reason = fmt.Sprintf("the %s is empty, want %q in it", h.in, phrase)
	}
	return f
}

// matches expects a pattern in a region, or that it matches nowhere.
type matches struct {
	in      region
	pattern *regexp.Regexp
	absent  bool
}

func (m matches) want() string {
	if m.absent {
		return fmt.Sprintf("%s without a match of %q", m.in, m.pattern)
	}
	return fmt.Sprintf("%s with a match of %q", m.in, m.pattern)
}

func (m matches) sign() sign {
	if m.absent {
		return negative
	}
	return positive
}

func (m matches) judge(a *answer, _ values) finding {
	if err := a.readable(); err != nil {
		return failing("body:decode", "", "%v", err)
	}
	text := m.in.view(a)
	at := m.pattern.FindStringIndex(text)
	switch {
	case at == nil && m.absent:
		return finding{}
	case at == nil:
		return failing(string(m.in), "", "nothing in the %s matches %q", m.in, m.pattern)
	}
	where := around(text, at[0], at[1])
	if m.absent {
		return finding{saw: where, class: string(m.in), excerpt: where, reason: fmt.Sprintf("the %s matches %q, which must not be there", m.in, m.pattern)}
	}
	return finding{saw: where}
}

// numbers expects at least one number at a pattern, and every one within bounds.
type numbers struct {
	in      region
	pattern *regexp.Regexp
	bounds  bounds
	decimal string
}

func (n numbers) want() string { return fmt.Sprintf("%s: number at %q %s", n.in, n.pattern, n.bounds) }
func (n numbers) sign() sign   { return positive }

func (n numbers) judge(a *answer, _ values) finding {
	if err := a.readable(); err != nil {
		return failing("body:decode", "", "%v", err)
	}
	text := n.in.view(a)
	found := n.pattern.FindAllStringSubmatchIndex(text, -1)
	if found == nil {
		return failing(string(n.in), "", "no number in the %s: nothing matches %q", n.in, n.pattern)
	}
	var f finding
	for i, at := range found {
		if f = n.one(text, at); f.reason != "" || i == len(found)-1 {
			break
		}
	}
	return f
}

func (n numbers) one(text string, at []int) finding {
	where := around(text, at[0], at[1])
	if at[2] < 0 {
		return finding{saw: where, class: string(n.in), excerpt: where, reason: fmt.Sprintf("%q matches without its number", n.pattern)}
	}
	written := text[at[2]:at[3]]
	value, ok := number(written, n.decimal)
	f := finding{saw: where}
	switch {
	case !ok:
		f.class, f.excerpt, f.reason = string(n.in), where, fmt.Sprintf("%q is not a number", excerptOf(written))
	case !n.bounds.hold(value):
		f.class, f.excerpt, f.reason = string(n.in), where, fmt.Sprintf("the %s has %s, want %s", n.in, excerptOf(written), n.bounds)
	}
	return f
}

// number reads a number as people write it: decimal is the sign before the
// fraction, the other of "." and "," and spaces group thousands by three.
func number(s, decimal string) (float64, bool) {
	group := ","
	if decimal == "," {
		group = "."
	}
	integer, fraction, fractional := strings.Cut(strings.TrimSpace(s), decimal)
	groups := strings.FieldsFunc(integer, func(r rune) bool { return r == ' ' || string(r) == group })
	for i, g := range groups {
		if i > 0 && len(g) != 3 {
			return 0, false
		}
	}
	plain := strings.Join(groups, "")
	if fractional {
		plain += "." + fraction
	}
	if strings.Trim(plain, "+-.0123456789") != "" {
		return 0, false // ParseFloat would take "Inf" and "0x1p4"
	}
	value, err := strconv.ParseFloat(plain, 64)
	return value, err == nil
}

// bounds are limits of a number; each may be absent.
type bounds struct{ low, high, exact *float64 }

func (b bounds) empty() bool { return b.low == nil && b.high == nil && b.exact == nil }

func (b bounds) hold(v float64) bool {
	return (b.low == nil || v >= *b.low) && (b.high == nil || v <= *b.high) && (b.exact == nil || v == *b.exact)
}

func (b bounds) String() string {
	var said []string
	if b.exact != nil {
		said = append(said, "exactly "+plain(*b.exact))
	}
	if b.low != nil {
		said = append(said, "at least "+plain(*b.low))
	}
	if b.high != nil {
		said = append(said, "at most "+plain(*b.high))
	}
	return strings.Join(said, ", ")
}

// of writes the bounds with what they bound: "at least 1 item", "at least 1, at most 2 items".
func (b bounds) of(noun string) string {
	if s := b.String(); strings.HasSuffix(s, " 1") {
		return s + " " + noun
	}
	return b.String() + " " + noun + "s"
}

func plain(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
