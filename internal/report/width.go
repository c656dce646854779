package report

import (
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/mattn/go-runewidth"

	"github.com/boardgate/boardgate/internal/text"
)

// ruler measures text in terminal cells. It is a value of our own because the
// library's default follows the locale of the process.
var ruler = runewidth.Condition{StrictEmojiNeutral: true}

// cells returns the width of s in a terminal.
func cells(s string) int {
	if len(s) == 0 {
		return 0
	}
	return ruler.StringWidth(s)
}

// clip cuts s to at most n cells, the last of them "…" where something was cut.
func clip(s string, n int) string {
	if len(s) <= n || cells(s) <= n {
		return s
	}
	var b strings.Builder
	used := 0
	for g := graphemes.FromString(s); g.Next(); {
		w := cells(g.Value())
		if used+w > n-1 {
			break
		}
		b.WriteString(g.Value())
		used += w
	}
	return strings.TrimRight(b.String(), " ") + "…"
}

// pad fills s with spaces to n cells.
func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-cells(s)))
}

// wrap breaks s at spaces into lines: the first of at most first cells, the
// others of at most rest, 0 for no limit. A word wider than that has a line of
// its own.
func wrap(s string, first, rest int) []string {
	if first <= 0 || cells(s) <= first {
		return []string{s}
	}
	var out []string
	var line strings.Builder
	used, room := 0, first
	for word := range strings.FieldsSeq(s) {
		w := cells(word)
		if used > 0 && used+1+w > room {
			out = append(out, line.String())
			line.Reset()
			used, room = 0, rest
		}
		if used > 0 {
			line.WriteByte(' ')
			used++
		}
		line.WriteString(word)
		used += w
	}
	return append(out, line.String())
}

// tabStop is how far apart tab stops are in a quoted line.
const tabStop = 4

// glyph is one user-perceived character of a quoted line.
type glyph struct {
	start, end int    // its bytes in the raw line
	text       string // as shown
	at, width  int    // its cells
}

// glyphs lays out a raw line: tabs go to their stops, what is not visible is
// shown by number.
func glyphs(raw string) []glyph {
	var out []glyph
	broken := map[int]bool{} // the brackets that text.Visible breaks, by where they end
	for _, found := range text.JobCommand.FindAllStringIndex(raw, -1) {
		broken[found[1]] = true
	}
	at := 0
	for g := graphemes.FromString(raw); g.Next(); {
		drawn := text.Visible(g.Value())
		switch {
		case g.Value() == "\t":
			drawn = strings.Repeat(" ", tabStop-at%tabStop)
		case drawn == "[" && broken[g.End()]:
			drawn = "⟨[⟩"
		}
		out = append(out, glyph{g.Start(), g.End(), drawn, at, cells(drawn)})
		at += cells(drawn)
	}
	return out
}

// quotedLine returns a line as a terminal shows it, cut around the bytes from start
// to end, at most n cells wide, and what to print below it: spaces, a caret,
// and tildes to the end of the place.
func quotedLine(raw string, start, end, n int) (line, mark string) {
	raw, start, end = crop(raw, start, end)
	all := glyphs(raw)
	first, last := extent(all, start, end)
	from, to := window(all, first, n)
	var b strings.Builder
	column := 0
	if from > 0 {
		b.WriteString("…")
		column++
	}
	for _, g := range all[from:to] {
		b.WriteString(g.text)
	}
	if to < len(all) {
		b.WriteString("…")
	}
	return b.String(), underline(all, from, to, first, last, column)
}

// margin is how many bytes around the start of a place are laid out at all: a
// board of one long line would be laid out whole for each of its findings.
const margin = 8192

// crop cuts a line at runes to what is near a place, and moves the place along.
func crop(raw string, start, end int) (string, int, int) {
	from := min(max(start-margin, 0), len(raw))
	for from > 0 && !utf8.RuneStart(raw[from]) {
		from--
	}
	to := min(from+2*margin, len(raw))
	for to < len(raw) && !utf8.RuneStart(raw[to]) {
		to++
	}
	return raw[from:to], start - from, end - from
}

// underline returns the line below a quoted one whose glyphs from up to to are
// shown from column on.
func underline(all []glyph, from, to, first, last, column int) string {
	if first >= len(all) || first >= to {
		width := 0
		if to > from {
			width = all[to-1].at + all[to-1].width - all[from].at
		}
		return strings.Repeat(" ", column+width) + "^"
	}
	end := min(max(last, first+1), to) - 1
	under := all[end].at + all[end].width - all[first].at
	return strings.Repeat(" ", column+all[first].at-all[from].at) + "^" + strings.Repeat("~", max(0, under-1))
}

// extent returns the glyphs that hold the bytes from start to end, half-open.
func extent(all []glyph, start, end int) (first, last int) {
	for first < len(all) && all[first].end <= start {
		first++
	}
	last = first
	for last < len(all) && all[last].start < end {
		last++
	}
	return first, last
}

// window returns which glyphs to show in n cells so that the glyph first is
// among them with a quarter of the room before it.
func window(all []glyph, first, n int) (from, to int) {
	if len(all) == 0 {
		return 0, 0
	}
	whole := all[len(all)-1].at + all[len(all)-1].width
	if n <= 0 || whole <= n {
		return 0, len(all)
	}
	first = min(first, len(all)-1)
	for from < first && all[first].at-all[from].at > n/4 {
		from++
	}
	// Near the end the window stays full instead of running out of line.
	for from > 0 && whole-all[from-1].at+1 <= n {
		from--
	}
	room := n
	if from > 0 {
		room--
	}
	to = from
	for to < len(all) && all[to].at+all[to].width-all[from].at <= room {
		to++
	}
	for to < len(all) && to > from+1 && all[to-1].at+all[to-1].width-all[from].at > room-1 {
		to--
	}
	return from, to
}

// titleCells is how much of a title is shown, in terminal cells.
const titleCells = 80

// title returns a title as reports name it: visible, on one line, cut.
func title(s string) string {
	s = strings.Join(strings.Fields(text.Visible(s)), " ")
	if s == "" {
		return "(no title)"
	}
	return clip(s, titleCells)
}
