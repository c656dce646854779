package board

import (
	"bytes"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// stamps reads "last updated" lines in front matter, in comments and in the
// paragraphs and quotes outside items.
func (p *reader) stamps() {
	if p.front.end > 0 {
		stampsIn(p, p.file.Text, p.front)
	}
	for _, b := range p.blocks {
		switch b.kind {
		case comment:
			stampsIn(p, p.file.Text, b.region)
		case paragraph, quote, table:
			stampsIn(p, p.text, b.region)
		}
	}
}

func stampsIn[T string | []byte](p *reader, text T, r region) {
	for at := r.start; at < r.end; at = nextLine(text, at) {
		end := min(lineEnd(text, at), r.end)
		if s, ok := stamp(p.file, at, end, p.words.Updated); ok {
			p.board.Stamps = append(p.board.Stamps, s)
		}
	}
}

// stamp reads one line as a "last updated" line. Its label begins the line, marks
// of any kind aside, and is followed by a colon or ends a bold text or a table's
// cell. A time without a zone is UTC. A day or a time that does not exist makes
// no stamp.
func stamp(file *source.File, start, end int, words []string) (Stamp, bool) {
	s := file.Span(start, end)
	line := string(file.Text[s.Start:s.End])
	at := strings.IndexFunc(line, isAlphanumeric)
	if at < 0 {
		return Stamp{}, false
	}
	n := 0
	for _, w := range words {
		n = max(n, labelLength(line[at:], w))
	}
	if n == 0 {
		return Stamp{}, false
	}
	value, ok := afterLabel(line[at+n:])
	if !ok {
		return Stamp{}, false
	}
	out, size, ok := readStamp(value)
	if !ok {
		return Stamp{}, false
	}
	at = len(line) - len(value)
	out.Raw = value[:size]
	out.Span = file.Span(s.Start+at, s.Start+at+size)
	return out, true
}

// labelLength returns how many bytes of s a label covers that leads it, case,
// accents and the separators between words set aside ("last_updated").
func labelLength(s, label string) int {
	want := tokens(label)
	got := cut(s, len(want))
	if len(got) == 0 || len(got) < len(want) {
		return 0
	}
	for i, t := range got {
		if t.text != want[i].text || i > 0 && strings.Trim(text.Fold(t.before), " \t_-") != "" {
			return 0
		}
	}
	return got[len(got)-1].end
}

// wordEnd returns where the run of letters, marks and digits ends that starts at i.
func wordEnd(s string, i int) int {
	end := strings.IndexFunc(s[i:], func(r rune) bool { return !isAlphanumeric(r) && !unicode.IsMark(r) && !text.Ignorable(r) })
	if end < 0 {
		return len(s)
	}
	return i + end
}

// afterLabel returns the value that follows a label, whose end a colon, a bold
// mark or a cell's border shows; "(UTC)" may stand before it.
func afterLabel(s string) (value string, ok bool) {
	mark := func(r rune) bool {
		return strings.ContainsRune(":：=|*_~`\"'", r) || unicode.IsSpace(r) || text.Ignorable(r)
	}
	s = strings.TrimPrefix(strings.TrimLeft(s, " "), "(UTC)")
	value = strings.TrimLeftFunc(s, mark)
	marks := s[:len(s)-len(value)]
	return value, strings.ContainsAny(marks, ":：=|") || strings.Contains(marks, "**") || strings.Contains(marks, "__")
}

// readStamp reads a day with or without a time at the start of s.
func readStamp(s string) (out Stamp, n int, ok bool) {
	y, m, d, n, ok := dateAt(s)
	if !ok {
		return Stamp{}, 0, false
	}
	clock, size, ok := clockAt(s[n:])
	if !ok {
		return Stamp{}, 0, false
	}
	n += size
	out.HasTime = size > 0
	zone := time.UTC
	if out.HasTime {
		zone, size = zoneAt(s[n:])
		n += size
	}
	out.Time = time.Date(y, m, d, clock.Hour(), clock.Minute(), clock.Second(), 0, zone)
	return out, n, true
}

// parseLead reads a time of one layout at the start of s, and returns the length
// of what it covers: time.Parse names what is left over.
func parseLead(layout, s string) (t time.Time, n int, ok bool) {
	t, err := time.Parse(layout, s)
	var more *time.ParseError
	if errors.As(err, &more) && more.LayoutElem == "" && more.ValueElem != "" {
		s = s[:len(s)-len(more.ValueElem)]
		t, err = time.Parse(layout, s)
	}
	return t, len(s), err == nil
}

// dayLayouts are the ways in which a board writes a day.
var dayLayouts = [...]string{
	"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "2.1.2006", "1/2/2006", "2/1/2006",
	"2 Jan 2006", "2 January 2006", "Jan 2, 2006", "January 2, 2006", "Mon, 2 Jan 2006",
}

// dateAt reads a day at the start of s and returns its length. With slashes and
// the year last it is read only where it has one meaning. ok is false for a day
// that does not exist.
func dateAt(s string) (y int, m time.Month, d, n int, ok bool) {
	var day time.Time
	for _, layout := range dayLayouts {
		t, size, read := parseLead(layout, s)
		if !read {
			continue
		}
		if ok && !t.Equal(day) {
			return 0, 0, 0, 0, false
		}
		day, n, ok = t, size, true
		if layout != "1/2/2006" {
			break
		}
	}
	if !ok || day.Year() < 1900 || joins(s[n:]) {
		return 0, 0, 0, 0, false
	}
	return day.Year(), day.Month(), day.Day(), n, true
}

// joins says whether a date goes on as something else: another digit or dash and digit.
func joins(rest string) bool {
	if rest == "" {
		return false
	}
	return isDigit(rest[0]) || strings.IndexByte("-/.", rest[0]) >= 0 && len(rest) > 1 && isDigit(rest[1])
}

// clockAt reads the time that follows a day: "T10:00:00Z", " 00:30", ", 3:05 pm".
// ok is false where a time stands there that does not exist.
func clockAt(s string) (t time.Time, n int, ok bool) {
	rest := strings.TrimLeft(s, " ,T")
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "at "), "@ ")
	digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
	if len(rest) == len(s) || digits == 0 || !strings.HasPrefix(rest[digits:], ":") {
		return time.Time{}, 0, true
	}
	for _, layout := range []string{"3:04 PM", "3:04 pm", "3:04PM", "3:04pm", "15:04:05", "15:04"} {
		if t, size, read := parseLead(layout, rest); read && !strings.HasPrefix(rest[size:], ":") {
			return t, len(s) - len(rest) + size, true
		}
	}
	return time.Time{}, 0, false
}

// zones are abbreviations with one meaning that boards use, in hours east of
// UTC: to time.Parse a name that is not the local zone's has no offset.
var zones = map[string]int{
	"UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
	"EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "JST": 9, "AEST": 10, "AEDT": 11,
}

// zoneAt reads a zone at the start of s: "Z", " UTC", "+02:00", " UTC+2", " (CET)".
func zoneAt(s string) (*time.Location, int) {
	rest := strings.TrimLeft(s, " (")
	end := wordEnd(rest, 0)
	hours, known := zones[strings.ToUpper(rest[:end])]
	if end > 0 && !known {
		return time.UTC, 0
	}
	seconds, n := offsetAt(rest[end:])
	if end+n == 0 {
		return time.UTC, 0
	}
	if seconds += hours * 3600; seconds == 0 {
		return time.UTC, len(s) - len(rest) + end + n
	}
	return time.FixedZone("", seconds), len(s) - len(rest) + end + n
}

// offsetAt reads "+02:00", "+0200", "+02" or "+2" at the start of s, in seconds.
func offsetAt(s string) (seconds, n int) {
	padded := s // "+2" is not a layout
	if len(s) > 1 && isDigit(s[1]) && (len(s) == 2 || !isDigit(s[2])) {
		padded = s[:1] + "0" + s[1:]
	}
	for _, layout := range []string{"-07:00", "-0700", "-07"} {
		if t, size, ok := parseLead(layout, padded); ok {
			_, seconds = t.Zone()
			return seconds, size - (len(padded) - len(s))
		}
	}
	return 0, 0
}

// dates returns the days written YYYY-MM-DD in the text of a region, in their
// order. Days in code, comments, addresses and the names of files are none.
func (s *scanner) dates(start, end int) []Date {
	var out []Date
	r := s.inFile(start, end)
	line := s.file.Text[r.start:r.end]
	for i := 4; i+6 <= len(line); i++ {
		if line[i] != '-' || !isDate(string(line[i-4:i+6])) {
			continue
		}
		s.scan(r) // only where a day may stand
		if !bytes.Equal(s.text[i-4:i+6], line[i-4:i+6]) || !standsAlone(s.text, i-4, i+6) {
			continue
		}
		if y, m, d, _, ok := dateAt(string(line[i-4 : i+6])); ok {
			out = append(out, Date{Year: y, Month: m, Day: d, Span: s.span(i-4, i+6)})
		}
	}
	return out
}

// standsAlone says whether a day is not part of a longer word, name or path.
func standsAlone(text []byte, start, end int) bool {
	before, _ := utf8.DecodeLastRune(text[:start])
	if start > 0 && (wordRune(before) && !isCJK(before) || strings.ContainsRune("-/.\\", before)) {
		return false
	}
	after, size := utf8.DecodeRune(text[end:])
	next, _ := utf8.DecodeRune(text[end+size:])
	switch after {
	case 'T':
		return unicode.IsDigit(next)
	case '.', '/':
		return !wordRune(next)
	}
	return after != '-' && (isCJK(after) || !wordRune(after))
}
