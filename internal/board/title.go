package board

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/boardgate/boardgate/internal/text"
)

var (
	citingWords  = wordsOf("titles", "citing")  // before a reference
	passingWords = wordsOf("titles", "passing") // of a bracket that says when or how far, not what
)

// marks are what stands before the text of a line.
type marks struct {
	number int
	mark   Mark
	date   region
}

// opening is how a line begins.
type opening struct {
	marks
	text         region // behind the marks
	bold         bool   // the text begins in bold
	inner, after region // the inside of that, and what follows it
	label        bool   // it is a label, with a colon in it or behind it
}

func (p *reader) opening(r region) opening {
	var o opening
	o.text = p.lead(p.trim(r), &o.marks)
	o.inner, o.after, o.bold = p.boldLead(o.text)
	o.label = o.bold && (p.text[o.inner.end-1] == ':' || strings.HasPrefix(p.raw(p.trim(o.after)), ":"))
	return o
}

// line is the first line of an item, taken apart.
type line struct {
	marks
	title region
	bold  bool // the title is bold
}

// line takes the first line of an item apart. The region is the line without
// its list marker or heading marks.
func (p *reader) line(r region) line {
	if p.taken != r {
		p.taken, p.takenAs = r, p.takeApart(r)
	}
	return p.takenAs
}

func (p *reader) takeApart(r region) line {
	l := line{}
	if pieces := p.broken(r); len(pieces) > 1 {
		r = pieces[max(0, slices.IndexFunc(pieces, func(r region) bool { return visible(Visible(p.raw(r))) }))]
	}
	r = p.lead(p.trim(r), &l.marks)
	if inner, ok := p.struck(r); ok {
		r = p.lead(inner, &l.marks)
		l.mark = Struck
	}
	if inner, rest, ok := p.boldLead(r); ok {
		l.bold = true
		p.boldTitle(inner, rest, &l)
	} else {
		l.title = p.plainTitle(r)
	}
	l.title = p.tidy(l.title)
	return l
}

// struck returns the inside of a title that is struck out. All of it is, up to
// the date, the reference or the bracket that may follow a title.
func (p *reader) struck(r region) (region, bool) {
	after, ok := strings.CutPrefix(p.raw(r), "~~")
	inside, _, closed := strings.Cut(after, "~~")
	if !ok || !closed || !visible(Visible(inside)) {
		return region{}, false
	}
	inner := region{r.start + 2, r.start + 2 + len(inside)}
	rest := p.trim(region{inner.end + 2, max(inner.end+2, p.tidy(p.plainTitle(r)).end)})
	return p.trim(inner), !visible(Visible(p.raw(rest))) || inBracket(p.raw(rest))
}

// lead takes off what stands before a title: checkbox, number, emoji, date.
func (p *reader) lead(r region, m *marks) region {
	for r.start < r.end {
		n := p.leadMark(r, m)
		if n == 0 {
			break
		}
		r = p.trim(region{r.start + n, r.end})
	}
	return r
}

// leadMark returns the length of one mark that stands before a title.
func (p *reader) leadMark(r region, m *marks) int {
	s := p.raw(r)
	if mark, n := checkbox(s); n > 0 {
		m.mark = mark
		return n
	}
	if number, n := numbering(s); n > 0 && m.number == 0 {
		m.number = number
		return n
	}
	if n := p.leadDate(r, m); n > 0 {
		return n
	}
	return symbol(s)
}

// checkbox reads "[ ]", "[x]" and its like at the start of a text.
func checkbox(s string) (Mark, int) {
	if len(s) < 3 || s[0] != '[' || s[2] != ']' || len(s) > 3 && s[3] == '(' {
		return "", 0
	}
	switch s[1] {
	case ' ', '-', '~':
		return Open, 3
	case 'x', 'X':
		return Checked, 3
	}
	return "", 0
}

// numbering reads "1)", "1." and "(1)" at the start of a text.
func numbering(s string) (number, n int) {
	open := strings.HasPrefix(s, "(")
	i := 0
	if open {
		i = 1
	}
	start := i
	for i < len(s) && i < start+4 && '0' <= s[i] && s[i] <= '9' {
		number = number*10 + int(s[i]-'0')
		i++
	}
	if i == start || i >= len(s) {
		return 0, 0
	}
	if s[i] == ')' || s[i] == '.' && !open {
		if i+1 == len(s) || isSpace(s[i+1]) || s[i+1] == '*' || s[i+1] == '_' {
			return number, i + 1
		}
	}
	return 0, 0
}

// leadDate reads "2026-08-20 (night) — " before a title.
func (p *reader) leadDate(r region, m *marks) int {
	s := p.raw(r)
	if len(s) < 10 || !isDate(s[:10]) {
		return 0
	}
	rest := strings.TrimLeft(s[10:], " ")
	if strings.HasPrefix(rest, "(") {
		if end := closing(rest, '(', ')'); end > 0 {
			rest = strings.TrimLeft(rest[end+1:], " ")
		}
	}
	sep := separator(rest)
	if sep == 0 || strings.TrimSpace(rest[sep:]) == "" {
		return 0
	}
	m.date = region{r.start, r.start + 10}
	return len(s) - len(rest) + sep
}

// isDate says whether s has the form of a date, YYYY-MM-DD.
func isDate(s string) bool {
	for i := range len(s) {
		digit := '0' <= s[i] && s[i] <= '9'
		if dash := i == 4 || i == 7; dash && s[i] != '-' || !dash && !digit {
			return false
		}
	}
	return len(s) == 10
}

// separator returns the length of a dash or colon that starts s.
func separator(s string) int {
	for _, sep := range []string{"—", "–", "-", ":"} {
		if strings.HasPrefix(s, sep) {
			return len(sep)
		}
	}
	return 0
}

// symbol returns the length of an emoji or another mark without meaning for a
// title, such as "✅" or "→", at the start of s.
func symbol(s string) int {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case r < utf8.RuneSelf:
		return 0
	case r == utf8.RuneError, strings.ContainsRune("`*_~[]()<>\"'“”«»„#@$&\\/+", r):
		return 0
	case unicode.Is(unicode.So, r), unicode.Is(unicode.Sm, r) && r > 0x7f, r == '•', r == '·',
		text.Ignorable(r), r == '\ufe0f', r >= 0x1f3fb && r <= 0x1f3ff:
		return size
	}
	return 0
}

// boldLead returns the inside of the bold text that starts a region, and what
// follows it.
func (p *reader) boldLead(r region) (inner, rest region, ok bool) {
	s := p.raw(r)
	for _, mark := range []string{"**", "__"} {
		if !strings.HasPrefix(s, mark) {
			continue
		}
		end := strings.Index(s[2:], mark)
		if end > 0 && strings.IndexByte(s[2:2+end], '`') >= 0 { // of a code span, perhaps
			end = strings.Index(masked(s[2:], codeSpan), mark)
		}
		if end <= 0 {
			continue
		}
		return region{r.start + 2, r.start + 2 + end}, region{r.start + 2 + end + 2, r.end}, true
	}
	return region{}, region{}, false
}

// boldTitle makes the bold text the title. Where it is only an id, or a word
// such as WIP, what follows belongs to it or is it.
func (p *reader) boldTitle(inner, rest region, l *line) {
	inner = p.lead(p.trim(inner), &l.marks)
	rest = p.trim(rest)
	label := strings.TrimRight(p.raw(inner), ": ")
	sep := separator(p.raw(rest))
	colon := strings.HasSuffix(p.raw(inner), ":")
	after := p.trim(region{rest.start + sep, rest.end})
	follows := (sep > 0 || colon) && after.start < after.end
	switch role, m := p.leading(label); {
	case follows && isDate(label):
		l.date = region{inner.start, inner.start + len(label)}
		l.title = p.plainTitle(p.lead(after, &l.marks))
	case follows && role != "" && m.tail == "":
		l.title = p.plainTitle(p.lead(after, &l.marks))
	case follows && p.kindOfWork(label), (follows || rest.start < rest.end) && nameOnly(Visible(label)):
		if sep == 0 {
			after = rest
		}
		l.title = region{inner.start, p.plainTitle(after).end}
	default:
		l.title = region{inner.start, inner.start + len(label)}
	}
}

// kindOfWork says whether a bold label only says what kind of work an item is:
// it is one word, and another line of the board begins with it too, as in
// "**Bug**: the lamp flickers".
func (p *reader) kindOfWork(label string) bool {
	if word, _, _ := strings.Cut(label, " ("); strings.ContainsAny(word, " -`") {
		return false
	}
	if p.labels == nil {
		p.labels = map[string]int{}
		for line := range strings.Lines(p.text) {
			_, after, bold := strings.Cut(line[:min(len(line), reach)], "**")
			if inside, rest, closed := strings.Cut(after, "**"); bold && closed && (strings.HasSuffix(inside, ":") || strings.HasPrefix(rest, ":")) {
				p.labels[strings.TrimRight(inside, ": ")]++
			}
		}
	}
	return p.labels[label] > 1
}

// nameOnly says whether a text is no more than ids or a designator, so that what
// follows it is the title: "#41 (reopened)", "Pass 12".
func nameOnly(s string) bool {
	_, n := leadingIDs(s)
	if n == 0 {
		n = len(designator(s))
	}
	rest := strings.TrimSpace(s[n:])
	return n > 0 && (rest == "" || inBracket(rest))
}

// plainTitle cuts a line that is not bold at its date and outcome, else at its
// reference.
func (p *reader) plainTitle(r region) region {
	cut := dated(p.raw(r))
	if cut == 0 {
		cut = p.referenceCut(r)
	}
	if cut > 0 {
		r.end = r.start + cut
	}
	return r
}

// dated returns where the first " (YYYY-MM-DD)" of a line starts that ends the
// line or is followed by a dash, 0 where there is none.
func dated(s string) int {
	for at := 0; ; {
		i := strings.Index(s[at:], " (")
		if i < 0 {
			return 0
		}
		at += i
		if len(s) >= at+13 && isDate(s[at+2:at+12]) && s[at+12] == ')' {
			rest := strings.TrimLeft(s[at+13:], " ")
			if rest == "" || separator(rest) > 0 || symbol(rest) > 0 {
				return at
			}
		}
		at += 2
	}
}

// referenceCut returns where the words begin that cite a pull request at the
// end of a line, 0 where the line cites none or nothing would be left. A bracket
// that says more, "(gap #24, north side)", is not cut in two.
func (p *reader) referenceCut(r region) int {
	pulls, _ := p.scan.references(r.start, r.end)
	for _, pull := range pulls {
		s := strings.TrimRight(p.raw(region{r.start, pull.Span.Start}), " ([<#")
		for _, word := range citingWords().all {
			if cut, ok := strings.CutSuffix(s, word); ok && (cut == "" || !wordRune(lastRune(cut))) {
				s = strings.TrimRight(cut, " ([<")
			}
		}
		s = strings.TrimRight(s, " ,;-–—([<")
		open := strings.LastIndexByte(s, '(')
		switch {
		case open <= strings.LastIndexByte(s, ')'):
			return len(s)
		case strings.IndexFunc(s[open:], unicode.IsLetter) < 0:
			return len(strings.TrimRight(s[:open], " "))
		}
	}
	return 0
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// tidy takes off a title's end what is not part of it: marks, a passing
// bracket, a colon.
func (p *reader) tidy(r region) region {
	for {
		r = p.trim(r)
		s := p.raw(r)
		n := trailing(s)
		if n == 0 {
			return r
		}
		r.end -= n
	}
}

// trailing returns the length of what can go from the end of a title.
func trailing(s string) int {
	r, size := utf8.DecodeLastRuneInString(s)
	switch {
	case s == "":
		return 0
	case r == ':' || r == ',':
		return size
	case symbol(string(r)) > 0 && r != '→':
		return size
	case r == ')':
		return passingBracket(s)
	}
	return 0
}

// passingBracket returns the length of a bracket at the end of s that holds a
// date or says how far the work is; nothing, where the title is only that.
func passingBracket(s string) int {
	open := strings.LastIndexByte(s, '(')
	if open <= 0 {
		return 0
	}
	inside := strings.ToLower(strings.TrimSpace(s[open+1 : len(s)-1]))
	if len(inside) >= 10 && isDate(inside[:10]) && len(inside) <= 24 {
		return len(s) - open
	}
	for _, word := range passingWords().all {
		if rest, ok := strings.CutPrefix(inside, word); ok && (rest == "" || rest[0] == ':' || rest[0] == ' ' && len(rest) >= 11 && isDate(rest[1:11])) {
			return len(s) - open
		}
	}
	return 0
}
