package board

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/boardgate/boardgate/internal/source"
)

// stamp reads one line as a "last updated" line. Its label begins the line, marks
// of any kind aside, and is followed by a colon or ends a bold text or a table's
// cell. A time without a zone is UTC. A day or a time that does not exist makes
// no stamp.
func stamp(file *source.File, start, end int, words []string) (Stamp, bool) {
	s := file.Span(start, end)
	line := string(file.Text[s.Start:s.End])
	at := skipMarks(line, 0)
	n := 0
	for _, w := range words {
		n = max(n, labelLength(line[at:], w))
	}
	if n == 0 {
		return Stamp{}, false
	}
	at, ok := afterLabel(line, at+n)
	if !ok {
		return Stamp{}, false
	}
	out, size, ok := readStamp(line[at:])
	if !ok {
		return Stamp{}, false
	}
	out.Raw = line[at : at+size]
	out.Span = file.Span(s.Start+at, s.Start+at+size)
	return out, true
}

// skipMarks returns where the first letter or digit stands from i on.
func skipMarks(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			break
		}
		i += size
	}
	return i
}

// labelLength returns how many bytes of s a label covers that leads it, case,
// accents and the separators between words set aside ("last_updated").
func labelLength(s, label string) int {
	want := strings.Fields(fold(label))
	i := 0
	for k, w := range want {
		if k > 0 {
			n := len(s[i:]) - len(strings.TrimLeft(s[i:], " \t_-"))
			if n == 0 {
				return 0
			}
			i += n
		}
		end := wordEnd(s, i)
		if fold(s[i:end]) != w {
			return 0
		}
		i = end
	}
	return i
}

// wordEnd returns where the run of letters, marks and digits ends that starts at i.
func wordEnd(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !invisible(r) {
			break
		}
		i += size
	}
	return i
}

// afterLabel goes over what ends a label: a colon, bold marks, a cell's border;
// "(UTC)" may stand before it. It returns where the value begins.
func afterLabel(s string, i int) (int, bool) {
	ended := false
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case strings.ContainsRune(":：=|", r) || r == '*' && strings.HasPrefix(s[i:], "**") || strings.HasPrefix(s[i:], "__"):
			ended = true
		case strings.ContainsRune("*_~`\"' \t", r) || invisible(r) || r == '\u00a0':
		case r == '(' && !ended && strings.HasPrefix(s[i:], "(UTC)"):
			size = len("(UTC)")
		default:
			return i, ended
		}
		i += size
	}
	return i, false
}

// readStamp reads a day with or without a time at the start of s.
func readStamp(s string) (out Stamp, n int, ok bool) {
	from := skipWeekday(s)
	y, m, d, size, ok := dateAt(s[from:])
	if !ok {
		return Stamp{}, 0, false
	}
	n = from + size
	c, size, found, ok := clockAt(s[n:])
	if !ok {
		return Stamp{}, 0, false
	}
	zone := time.UTC
	if found {
		n += size
		var zoned int
		zone, zoned = zoneAt(s[n:])
		n += zoned
	}
	out.HasTime = found
	out.Time = time.Date(y, m, d, c.hour, c.minute, c.second, 0, zone)
	return out, n, true
}

func skipWeekday(s string) int {
	end := wordEnd(s, 0)
	word := fold(s[:end])
	for _, day := range []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"} {
		if len(word) >= 3 && strings.HasPrefix(day, word) {
			return len(s) - len(strings.TrimLeft(s[end:], "., "))
		}
	}
	return 0
}

// dateAt reads a day at the start of s and returns its length: 2025-12-20,
// 2025/12/20, 2025.12.20, 2025年12月20日, 20.12.2025, 20 Dec 2025, Dec 20, 2025. With
// slashes and the year last it is read only where it has one meaning. ok is false
// for a day that does not exist.
func dateAt(s string) (y int, m time.Month, d, n int, ok bool) {
	for _, read := range [...]func(string) (y, m, d, n int){yearFirst, yearLast, dayMonthYear, monthDayYear} {
		if y, month, d, n := read(s); n > 0 {
			return y, time.Month(month), d, n, isDay(y, month, d) && !joins(s[n:])
		}
	}
	return 0, 0, 0, 0, false
}

func isDay(y, m, d int) bool {
	if y < 1900 || y > 2999 || m < 1 || m > 12 || d < 1 {
		return false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t.Day() == d
}

// joins says whether a date goes on as something else: another digit or dash and digit.
func joins(rest string) bool {
	if rest == "" {
		return false
	}
	return isDigit(rest[0]) || (rest[0] == '-' || rest[0] == '/' || rest[0] == '.') && len(rest) > 1 && isDigit(rest[1])
}

// digitsAt reads low to high digits at the start of s.
func digitsAt(s string, low, high int) (value, n int) {
	for n < len(s) && isDigit(s[n]) {
		if n == high {
			return 0, 0
		}
		value = value*10 + int(s[n]-'0')
		n++
	}
	if n < low {
		return 0, 0
	}
	return value, n
}

func yearFirst(s string) (y, m, d, n int) {
	y, n = digitsAt(s, 4, 4)
	if n == 0 {
		return 0, 0, 0, 0
	}
	for _, sep := range [][3]string{{"-", "-", ""}, {"/", "/", ""}, {".", ".", ""}, {"年", "月", "日"}} {
		rest, ok := strings.CutPrefix(s[n:], sep[0])
		if !ok {
			continue
		}
		var a, b int
		m, a = digitsAt(rest, 1, 2)
		rest, ok = strings.CutPrefix(rest[a:], sep[1])
		d, b = digitsAt(rest, 1, 2)
		if a == 0 || b == 0 || !ok || !strings.HasPrefix(rest[b:], sep[2]) {
			return 0, 0, 0, 0
		}
		return y, m, d, n + len(sep[0]) + a + len(sep[1]) + b + len(sep[2])
	}
	return 0, 0, 0, 0
}

func yearLast(s string) (y, m, d, n int) {
	first, a := digitsAt(s, 1, 2)
	if a == 0 || a >= len(s) || s[a] != '.' && s[a] != '/' {
		return 0, 0, 0, 0
	}
	sep := s[a]
	second, b := digitsAt(s[a+1:], 1, 2)
	at := a + 1 + b
	if b == 0 || at >= len(s) || s[at] != sep {
		return 0, 0, 0, 0
	}
	y, c := digitsAt(s[at+1:], 4, 4)
	if c == 0 {
		return 0, 0, 0, 0
	}
	n = at + 1 + c
	switch {
	case sep == '.' || first > 12 || first == second:
		return y, second, first, n
	case second > 12:
		return y, first, second, n
	}
	return 0, 0, 0, 0
}

var months = [...]string{
	"january", "february", "march", "april", "may", "june", "july",
	"august", "september", "october", "november", "december",
}

// monthAt reads an English month's name or its first three letters or more.
func monthAt(s string) (m, n int) {
	n = wordEnd(s, 0)
	word := strings.ToLower(s[:n])
	if len(word) < 3 {
		return 0, 0
	}
	for i, name := range months {
		if strings.HasPrefix(name, word) {
			if n < len(s) && s[n] == '.' {
				n++
			}
			return i + 1, n
		}
	}
	return 0, 0
}

func dayAt(s string) (d, n int) {
	for n < len(s) && n < 3 && isDigit(s[n]) {
		d = d*10 + int(s[n]-'0')
		n++
	}
	if n == 0 || n > 2 {
		return 0, 0
	}
	for _, suffix := range []string{"st", "nd", "rd", "th", "."} {
		if strings.HasPrefix(s[n:], suffix) {
			return d, n + len(suffix)
		}
	}
	return d, n
}

func gap(s string) int { return len(s) - len(strings.TrimLeft(s, " ,-")) }

func dayMonthYear(s string) (y, m, d, n int) {
	d, n = dayAt(s)
	if n == 0 {
		return 0, 0, 0, 0
	}
	n += gap(s[n:])
	m, size := monthAt(s[n:])
	if size == 0 {
		return 0, 0, 0, 0
	}
	return yearAfter(s, m, d, n+size)
}

func monthDayYear(s string) (y, m, d, n int) {
	m, n = monthAt(s)
	if n == 0 {
		return 0, 0, 0, 0
	}
	n += gap(s[n:])
	d, size := dayAt(s[n:])
	if size == 0 {
		return 0, 0, 0, 0
	}
	return yearAfter(s, m, d, n+size)
}

func yearAfter(s string, month, day, at int) (y, m, d, n int) {
	at += gap(s[at:])
	y, size := digitsAt(s[at:], 4, 4)
	if size == 0 {
		return 0, 0, 0, 0
	}
	return y, month, day, at + size
}

type clock struct{ hour, minute, second int }

// clockAt reads the time that follows a day: "T10:00:00Z", " 00:30", ", 3:05 pm".
// ok is false where a time stands there that does not exist.
func clockAt(s string) (c clock, n int, found, ok bool) {
	rest := strings.TrimLeft(s, " ,T")
	rest = strings.TrimPrefix(rest, "at ")
	rest = strings.TrimPrefix(rest, "@ ")
	hour, a := digitsAt(rest, 1, 2)
	if a == 0 || rest[a:] == "" || rest[a] != ':' || len(rest) == len(s) {
		return clock{}, 0, false, true
	}
	minute, b := digitsAt(rest[a+1:], 2, 2)
	if b == 0 {
		return clock{}, 0, false, true
	}
	c = clock{hour: hour, minute: minute}
	rest = rest[a+1+b:]
	if strings.HasPrefix(rest, ":") {
		second, size := digitsAt(rest[1:], 2, 2)
		if size > 0 {
			c.second = second
			rest = fraction(rest[1+size:])
		}
	}
	rest = halfDay(rest, &c)
	return c, len(s) - len(rest), true, c.hour < 24 && c.minute < 60 && c.second < 60
}

func fraction(s string) string {
	if len(s) > 1 && (s[0] == '.' || s[0] == ',') && isDigit(s[1]) {
		return strings.TrimLeft(s[1:], "0123456789")
	}
	return s
}

// halfDay reads "am" or "pm" and sets the hour by it.
func halfDay(s string, c *clock) string {
	rest := strings.TrimLeft(s, " ")
	end := wordEnd(rest, 0)
	word := strings.ToLower(rest[:end])
	if word != "am" && word != "pm" || c.hour < 1 || c.hour > 12 {
		return s
	}
	if c.hour %= 12; word == "pm" {
		c.hour += 12
	}
	return rest[end:]
}

// zones are abbreviations with one meaning that boards use, in minutes east of UTC.
var zones = [...]struct {
	name    string
	minutes int
}{
	{"UTC", 0},
	{"GMT", 0},
	{"Z", 0},
	{"WET", 0},
	{"WEST", 60},
	{"CET", 60},
	{"CEST", 120},
	{"EET", 120},
	{"EEST", 180},
	{"EST", -300},
	{"EDT", -240},
	{"CDT", -300},
	{"MST", -420},
	{"MDT", -360},
	{"PST", -480},
	{"PDT", -420},
	{"JST", 540},
	{"AEST", 600},
	{"AEDT", 660},
}

// zoneAt reads a zone at the start of s: "Z", " UTC", "+02:00", " UTC+2", " CET".
func zoneAt(s string) (*time.Location, int) {
	rest := strings.TrimLeft(s, " (")
	skipped := len(s) - len(rest)
	minutes, n := 0, wordEnd(rest, 0)
	name := n > 0
	if name {
		known := false
		for _, z := range zones {
			if strings.EqualFold(z.name, rest[:n]) {
				minutes, known = z.minutes, true
			}
		}
		if !known {
			return time.UTC, 0
		}
	}
	offset, size := offsetAt(rest[n:])
	if !name && size == 0 {
		return time.UTC, 0
	}
	if minutes += offset; minutes == 0 {
		return time.UTC, skipped + n + size
	}
	return time.FixedZone("", minutes*60), skipped + n + size
}

// offsetAt reads "+02:00", "+0200", "-5" at the start of s, in minutes.
func offsetAt(s string) (minutes, n int) {
	sign, size := utf8.DecodeRuneInString(s)
	if sign != '+' && sign != '-' && sign != '−' {
		return 0, 0
	}
	digits := s[size:]
	end := 0
	for end < len(digits) && end < 5 && isDigit(digits[end]) {
		end++
	}
	hours, rest, n := 0, 0, end
	switch end {
	case 1, 2:
		hours, _ = digitsAt(digits[:end], 1, 2)
		if strings.HasPrefix(digits[end:], ":") {
			if m, c := digitsAt(digits[end+1:], 2, 2); c > 0 {
				rest, n = m, end+1+c
			}
		}
	case 4:
		hours, _ = digitsAt(digits[:2], 2, 2)
		rest, _ = digitsAt(digits[2:4], 2, 2)
	default:
		return 0, 0
	}
	if hours > 14 || rest > 59 {
		return 0, 0
	}
	if minutes = hours*60 + rest; sign != '+' {
		minutes = -minutes
	}
	return minutes, size + n
}

// dates returns the days written YYYY-MM-DD in the text of a region, in their
// order. Days in code, comments, addresses and the names of files are none.
func (s *scanner) dates(start, end int) []Date {
	r := s.within(start, end)
	if !mayDate(s.file.Text[r.start:r.end]) {
		return nil
	}
	p := s.read(r)
	var out []Date
	for i := 4; i+6 <= len(p.text); i++ {
		if p.text[i] != '-' || !p.isoDay(i-4) {
			continue
		}
		y, m, d, n, ok := dateAt(string(p.text[i-4 : i+6]))
		if ok && n == 10 {
			out = append(out, Date{Year: y, Month: m, Day: d, Span: p.span(i-4, i+6)})
		}
	}
	return out
}

// mayDate says whether a day is written in a text at all.
func mayDate(text []byte) bool {
	for i := 4; i+6 <= len(text); i++ {
		if text[i] == '-' && isDate(string(text[i-4:i+6])) {
			return true
		}
	}
	return false
}

// isoDay says whether a text of the form YYYY-MM-DD stands at i on its own.
func (p *prose) isoDay(i int) bool {
	if !isDate(string(p.text[i : i+10])) {
		return false
	}
	before, _ := utf8.DecodeLastRune(p.text[:i])
	if i > 0 && (!isCJK(before) && unicode.IsLetter(before) || unicode.IsDigit(before) || strings.ContainsRune("-/_.\\", before)) {
		return false
	}
	rest := p.text[i+10:]
	if len(rest) == 0 {
		return true
	}
	after, size := utf8.DecodeRune(rest)
	switch after {
	case 'T':
		return len(rest) > size && isDigit(rest[size])
	case '.', '/':
		return len(rest) == size || !wordRune(rune(rest[size]))
	}
	return after != '-' && (isCJK(after) || !wordRune(after))
}
