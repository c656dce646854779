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
type assertion struct {
	want  string // in words, as configured
	sign  sign
	facts []string // whose answers it is filled from
	// judge compares. It is a pure function of the answer and the captured values.
	judge func(*answer, values) finding
}

// sign is which way an assertion looks: whether it shows that something is there.
type sign uint8

const (
	neither  sign = iota // it says nothing of the body
	sized                // how large it is
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
func contentType(types []string) assertion {
	wanted := strings.Join(types, " or ")
	return assertion{want: "content type " + wanted, judge: func(a *answer, _ values) finding {
		kind, _ := a.mediaType()
		got := excerptOf(kind)
		switch {
		case slices.ContainsFunc(types, func(t string) bool { ok, _ := path.Match(strings.ToLower(t), kind); return ok }):
			return finding{saw: got}
		case got == "":
			return failing("content_type", "", "the answer states no content type, want %s", wanted)
		case got == "text/html":
			return failing("content_type", got, "got an HTML page where %s was due", wanted)
		}
		return failing("content_type", got, "got content type %s, want %s", got, wanted)
	}}
}

// sizeBetween bounds the body after decompression; high 0 is without bound.
func sizeBetween(low, high int64) assertion {
	want := fmt.Sprintf("%d to %d bytes", low, high)
	switch {
	case high == 0:
		want = fmt.Sprintf("at least %d bytes", low)
	case low == 0:
		want = fmt.Sprintf("at most %d bytes", high)
	}
	return assertion{want: want, sign: sized, judge: func(a *answer, _ values) finding {
		n := int64(len(a.body))
		saw := fmt.Sprintf("%d bytes", n)
		if n >= low && (high == 0 || n <= high) {
			return finding{saw: saw}
		}
		return failing("size", saw, "the body has %s, want %s", text.Count(int(n), "byte"), want)
	}}
}

// noHeader expects that a header is missing.
func noHeader(name string) assertion {
	return assertion{want: "no header " + name, judge: func(a *answer, _ values) finding {
		if lines := a.header.Values(name); len(lines) > 0 {
			saw := excerptOf(strings.Join(lines, ", "))
			return failing("header", saw, "the header %s is there: %q", name, saw)
		}
		return finding{}
	}}
}

// headerThat expects something of a header that is there, of each of its lines by itself:
// two cookies are not one text.
func headerThat(name, want string, judge func(a *answer, lines []string, saw string) finding) assertion {
	return assertion{want: strings.TrimRight("header "+name+" "+want, " "), judge: func(a *answer, _ values) finding {
		lines := a.header.Values(name)
		if len(lines) == 0 {
			return failing("header", "", "the header %s is missing", name)
		}
		return judge(a, lines, excerptOf(strings.Join(lines, ", ")))
	}}
}

func headerExists(name string) assertion {
	return headerThat(name, "", func(_ *answer, _ []string, saw string) finding { return finding{saw: saw} })
}

// headerText expects a line of a header that fits; verb says to do what.
func headerText(name, check, verb, value string, fits func(line string) bool) assertion {
	return headerThat(name, fmt.Sprintf("%s %q", check, value), func(_ *answer, lines []string, saw string) finding {
		i := slices.IndexFunc(lines, fits)
		switch {
		case i >= 0:
			return finding{saw: excerptOf(lines[i])}
		case check == "equals" && strings.Join(lines, ", ") == value: // as a list may be written too (RFC 9110, section 5.3)
			return finding{saw: saw}
		case len(lines) > 1:
			return failing("header", saw, "the %d headers %s are %q, want one of them to %s %q", len(lines), name, saw, verb, value)
		}
		return failing("header", saw, "the header %s is %q, want it to %s %q", name, saw, verb, value)
	})
}

// headerNumber bounds a number that a header is.
func headerNumber(name string, b bounds) assertion {
	return headerThat(name, b.String(), func(_ *answer, lines []string, _ string) finding {
		saw := excerptOf(lines[0])
		switch n, ok := number(lines[0], "."); {
		case !ok:
			return failing("header", saw, "the header %s is %q, which is not a number; want %s", name, saw, b)
		case !b.hold(n):
			return failing("header", saw, "the header %s is %q, want %s", name, saw, b)
		}
		return finding{saw: saw}
	})
}

// headerTime bounds how long ago a time lies that a header is.
func headerTime(name string, longest time.Duration) assertion {
	return headerThat(name, "at most "+spoken(longest)+" ago", func(a *answer, lines []string, _ string) finding {
		at, err := http.ParseTime(lines[0])
		saw, ago := excerptOf(lines[0]), a.received.Sub(at)
		switch {
		case err != nil:
			return failing("header", saw, "the header %s is %q, which is not a time; want one at most %s ago", name, saw, spoken(longest))
		case ago > longest:
			return failing("header", saw, "the header %s is %q, %s ago, want at most %s", name, saw, spoken(ago), spoken(longest))
		}
		return finding{saw: saw}
	})
}

// region is a view of the body.
type region string

const (
	inBody region = "body"
	inHTML region = "html"
	inText region = "text" // rendered
)

// view returns the text of a region.
func (in region) view(a *answer) string {
	if in == inText {
		return a.visible()
	}
	return string(a.body)
}

// phrase brings a configured text to the form the region is in.
func (in region) phrase(s string) string {
	if in == inText {
		return folded(s)
	}
	return s
}

// assertion expects something of a region of a body that can be read.
func (in region) assertion(want string, absent bool, judge func(text string, v values) finding) assertion {
	sign := positive
	if absent {
		sign = negative
	}
	return assertion{want: string(in) + want, sign: sign, judge: func(a *answer, v values) finding {
		if err := a.readable(); err != nil {
			return failing("body:decode", "", "%v", err)
		}
		return judge(in.view(a), v)
	}}
}

// wrong is what was found at a place of the region, and should not be so.
func (in region) wrong(where, format string, args ...any) finding {
	f := failing(string(in), where, format, args...)
	f.excerpt = where
	return f
}

// holds expects a phrase in a region, or that it is not there.
func holds(in region, written template, absent bool) assertion {
	want := fmt.Sprintf(" with %q", written.written)
	if absent {
		want = fmt.Sprintf(" without %q", written.written)
	}
	out := in.assertion(want, absent, func(text string, v values) finding {
		phrase, err := written.text(v)
		if err != nil {
			return failing(string(in), "", "%v", err)
		}
		phrase = in.phrase(phrase)
		if phrase == "" {
			return failing(string(in), "", "%q is empty when filled in, and an empty text always matches", written.written)
		}
		at := strings.Index(text, phrase)
		switch {
		case at < 0 && absent:
			return finding{}
		case at < 0 && text == "":
			return failing(string(in), "", "the %s is empty, want %q in it", in, phrase)
		case at < 0:
			f := failing(string(in), "", "the %s does not hold %q", in, phrase)
			f.excerpt = excerptOf(text)
			return f
		}
		where := around(text, at, at+len(phrase))
		if absent {
			return in.wrong(where, "the %s holds %q, which must not be there", in, phrase)
		}
		return finding{saw: where}
	})
	out.facts = written.facts()
	return out
}

// matches expects a pattern in a region, or that it matches nowhere.
func matches(in region, pattern *regexp.Regexp, absent bool) assertion {
	want := fmt.Sprintf(" with a match of %q", pattern)
	if absent {
		want = fmt.Sprintf(" without a match of %q", pattern)
	}
	return in.assertion(want, absent, func(text string, _ values) finding {
		at := pattern.FindStringIndex(text)
		switch {
		case at == nil && absent:
			return finding{}
		case at == nil:
			return failing(string(in), "", "nothing in the %s matches %q", in, pattern)
		}
		where := around(text, at[0], at[1])
		if absent {
			return in.wrong(where, "the %s matches %q, which must not be there", in, pattern)
		}
		return finding{saw: where}
	})
}

// numbers expects at least one number at a pattern, and every one within bounds.
func numbers(in region, pattern *regexp.Regexp, b bounds, decimal string) assertion {
	return in.assertion(fmt.Sprintf(": number at %q %s", pattern, b), false, func(text string, _ values) (f finding) {
		found := pattern.FindAllStringSubmatchIndex(text, -1)
		if found == nil {
			return failing(string(in), "", "no number in the %s: nothing matches %q", in, pattern)
		}
		for _, at := range found {
			where := around(text, at[0], at[1])
			if at[2] < 0 {
				return in.wrong(where, "%q matches without its number", pattern)
			}
			written := text[at[2]:at[3]]
			switch value, ok := number(written, decimal); {
			case !ok:
				return in.wrong(where, "%q is not a number", excerptOf(written))
			case !b.hold(value):
				return in.wrong(where, "the %s has %s, want %s", in, excerptOf(written), b)
			}
			f = finding{saw: where}
		}
		return f
	})
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
