package board

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/boardgate/boardgate/internal/source"
)

// DropMark is `<!-- boardgate: dropped: reason -->`, an author's word that an
// item was given up on purpose. It names the item by its title in quotes,
// `dropped "Title": reason`, or stands at it.
type DropMark struct {
	Title  string // empty where the mark names none
	Reason string // never empty
	Span   source.Span
}

// waivers returns the waivers in a region, in the order of the text. A comment
// that is addressed to boardgate and cannot be understood is one too, with Bad
// set: a slip of the pen must not go unseen. Inline code is left out; code blocks
// the caller leaves out.
func waivers(file *source.File, start, end int) []*Waiver {
	var out []*Waiver
	for _, d := range directives(file, start, end) {
		if w := d.waiver(); w != nil {
			out = append(out, w)
		}
	}
	return out
}

// droppedMarks returns the marks of dropped items in a region that give a reason.
func droppedMarks(file *source.File, start, end int) []DropMark {
	var out []DropMark
	for _, d := range directives(file, start, end) {
		if title, reason, ok := d.dropped(); ok && meaningful(reason) {
			out = append(out, DropMark{Title: title, Reason: reason, Span: d.span()})
		}
	}
	return out
}

// directive is a comment addressed to boardgate.
type directive struct {
	file       *source.File
	start, end int // of the comment
	verb       string
	body       region // what follows the verb
	bad        string // why it cannot be read at all
}

func (d directive) span() source.Span { return d.file.Span(d.start, d.end) }

func (d directive) text() string { return string(d.file.Text[d.body.start:d.body.end]) }

const commentOpen, commentClose = "<!--", "-->"

func directives(file *source.File, start, end int) []directive {
	s := file.Span(start, end)
	text := file.Text[s.Start:s.End]
	if !bytes.Contains(text, []byte(commentOpen)) {
		return nil
	}
	var out []directive
	code := codeSpans(text)
	for i := 0; i < len(text); {
		switch {
		case text[i] == '`':
			if to, ok := code[i]; ok {
				i = to
			} else {
				i += runLength(text, i)
			}
		case bytes.HasPrefix(text[i:], []byte(commentOpen)):
			inner, n, closed := commentAt(text[i:])
			d, ok := newDirective(file, s.Start+i, region{s.Start + i + len(commentOpen), s.Start + i + len(commentOpen) + inner})
			if d.end = s.Start + i + n; ok {
				if !closed {
					d.bad = "the comment is not closed with -->"
				}
				out = append(out, d)
			}
			i += n
		default:
			i++
		}
	}
	return out
}

// commentAt returns the length of what a comment holds and its whole length.
// One that another opens in is not closed: it reaches to the end of its line.
func commentAt(text []byte) (inner, n int, closed bool) {
	inside := text[len(commentOpen):]
	if opens := bytes.Index(inside, []byte(commentOpen)); opens >= 0 {
		inside = inside[:opens]
	}
	if shut := bytes.Index(inside, []byte(commentClose)); shut >= 0 {
		return shut, len(commentOpen) + shut + len(commentClose), true
	}
	inner = len(inside)
	if line := bytes.IndexByte(inside, '\n'); line >= 0 {
		inner = line
	}
	return inner, len(commentOpen) + inner, false
}

// newDirective takes the inside of a comment apart. It is addressed to boardgate
// where it begins with the name and a colon, or, the colon forgotten, with the
// name and a verb.
func newDirective(file *source.File, start int, inner region) (directive, bool) {
	d := directive{file: file, start: start}
	s := string(file.Text[inner.start:inner.end])
	rest := strings.TrimLeft(s, " \t\r\n")
	if !hasPrefixFold([]byte(rest), "boardgate") {
		return d, false
	}
	rest = strings.TrimLeft(rest[len("boardgate"):], " \t\r\n")
	rest, colon := strings.CutPrefix(rest, ":")
	rest = strings.TrimLeft(rest, " \t\r\n")
	end := wordEnd(rest, 0)
	d.verb = strings.ToLower(rest[:end])
	d.body = region{inner.end - len(rest) + end, inner.end}
	if !colon {
		d.bad = "a colon is missing after boardgate"
		return d, d.verb == "allow" || d.verb == "dropped"
	}
	return d, true
}

// waiver reads "allow RULE[, RULE] until DATE: reason". It is nil for a sound
// mark of a dropped item.
func (d directive) waiver() *Waiver {
	w := &Waiver{Span: d.span(), Bad: d.bad}
	switch {
	case d.bad != "":
	case d.verb == "allow":
		d.allow(w)
	case d.verb == "dropped":
		if _, reason, ok := d.dropped(); ok && meaningful(reason) {
			return nil
		}
		w.Bad = `a dropped item needs a reason: "dropped: reason" or "dropped "Title": reason"`
	case d.verb == "":
		w.Bad = `it says nothing: write "allow RULE: reason" or "dropped: reason"`
	default:
		w.Bad = "it knows no word " + quoted(d.verb) + `: write "allow RULE: reason" or "dropped: reason"`
	}
	return w
}

// quoted puts a text in quotes, cut where it is long.
func quoted(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return `"` + s + `"`
}

// allow fills in the rules, the last day and the reason, and the first thing
// that is wrong with them.
func (d directive) allow(w *Waiver) {
	head, reason, colon := strings.Cut(d.text(), ":")
	names, until, limited := cutWord(head, "until")
	rules, bad := ruleNames(names)
	w.Rules, w.Reason = rules, oneLine(reason)
	if limited {
		var wrong string
		w.Until, wrong = d.until(until, d.body.start+len(head)-len(until))
		bad = first(bad, wrong)
	}
	if !colon || !meaningful(w.Reason) {
		bad = first(bad, `it gives no reason: write ": reason" behind it`)
	}
	w.Bad = bad
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// cutWord cuts s around a word, case aside.
func cutWord(s, word string) (before, after string, found bool) {
	for i := 0; i < len(s); {
		if end := wordEnd(s, i); end > i {
			joined := i > 0 && s[i-1] == '-' || end < len(s) && s[end] == '-'
			if !joined && strings.EqualFold(s[i:end], word) {
				return s[:i], s[end:], true
			}
			i = end
			continue
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	return s, "", false
}

// ruleNames reads names with commas between them.
func ruleNames(s string) (names []string, bad string) {
	for part := range strings.SplitSeq(s, ",") {
		name := strings.ToLower(strings.Trim(part, " \t\r\n`*\""))
		switch {
		case name == "":
		case strings.ContainsAny(name, " \t\r\n"):
			bad = first(bad, quoted(name)+" is no rule's name: put commas between several")
		default:
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		bad = first(bad, "it names no rule")
	}
	return names, bad
}

// until reads the last day of a waiver, whose text stands at an offset.
func (d directive) until(s string, offset int) (Date, string) {
	value := strings.Trim(s, " \t\r\n`*\"")
	if value == "" {
		return Date{}, `no date follows "until": write YYYY-MM-DD`
	}
	if !isDate(value) {
		return Date{}, quoted(oneLine(value)) + " is no date: write YYYY-MM-DD"
	}
	y, m, day, _, ok := dateAt(value)
	if !ok {
		return Date{}, value + " is no day of the calendar"
	}
	at := offset + strings.Index(s, value)
	return Date{Year: y, Month: m, Day: day, Span: d.file.Span(at, at+len(value))}, ""
}

// quotes are the marks that can stand around a title, opening and closing.
var quotes = [...][2]string{{`"`, `"`}, {"“", "”"}, {"„", "“"}, {"«", "»"}, {"'", "'"}, {"`", "`"}}

// dropped reads "dropped: reason" or `dropped "Title": reason`.
func (d directive) dropped() (title, reason string, ok bool) {
	if d.verb != "dropped" || d.bad != "" {
		return "", "", false
	}
	rest := strings.TrimSpace(d.text())
	for _, q := range quotes {
		inside, opened := strings.CutPrefix(rest, q[0])
		if !opened {
			continue
		}
		// The title itself may hold quotes: the mark that a colon follows closes it.
		for at := 0; title == ""; {
			end := strings.Index(inside[at:], q[1])
			if end < 0 {
				return "", "", false
			}
			end += at
			at = end + len(q[1])
			if after := strings.TrimLeft(inside[at:], " \t\r\n"); strings.HasPrefix(after, ":") {
				title, rest = oneLine(inside[:end]), after
				if title == "" {
					return "", "", false
				}
			}
		}
		break
	}
	reason, ok = strings.CutPrefix(rest, ":")
	return title, oneLine(reason), ok
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// meaningful says whether a reason holds a letter or digit at all.
func meaningful(s string) bool { return strings.IndexFunc(s, isAlphanumeric) >= 0 }
