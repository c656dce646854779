package board

import (
	"strconv"
	"strings"
)

// idsOf returns the ids with which a text begins, markup aside: "#116",
// "T-12", "AUTH-CRED-01", several with commas, slashes or signs between them,
// "#123–#126" in full. A word that says what kind of thing it is may stand
// before: "Task T-12". An order number is none, nor is a word with a number
// ("Pass 52"), which teams use again.
func (p *reader) idsOf(r region) []string {
	r = p.opening(r).text
	raw := p.raw(r)
	if i := strings.IndexByte(raw, '\n'); i >= 0 {
		raw = raw[:i]
	}
	if !mayHaveID(raw) {
		return nil
	}
	ids, _ := leadingIDs(Visible(raw[:min(len(raw), reach)]))
	return ids
}

// mayHaveID says whether a text can begin with an id: most begin with a word that
// neither a digit nor a dash makes one.
func mayHaveID(s string) bool {
	i := strings.IndexFunc(s, isAlphanumeric)
	if i < 0 || s[i] < 'A' || s[i] > 'Z' {
		return i > 0 && strings.ContainsAny(s[:i], "#<")
	}
	end := wordEnd(s, i)
	word := s[i:end]
	return strings.ContainsAny(s[:i], "#<") || strings.ContainsAny(word, "0123456789_") ||
		end < len(s) && s[end] == '-' || kindWords().hasFold(word) && mayHaveID(s[end:])
}

// leadingIDs returns the ids with which a visible text begins, and where the
// text behind them starts.
func leadingIDs(s string) (ids []string, end int) {
	at := len(s) - len(strings.TrimLeft(s, "[(` "))
	if word, _, found := strings.Cut(s[at:], " "); found && kindWords().hasFold(strings.TrimRight(word, ":")) {
		at += len(word) + 1
	}
	for at < len(s) && len(ids) < longestRange {
		id, n := readID(s[at:])
		if n == 0 {
			break
		}
		ids = append(ids, id)
		at += n
		end = at
		joint := idJoint(s[at:])
		if next, _ := readID(s[at+joint:]); joint > 0 && next != "" && strings.ContainsAny(s[at:at+joint], "–—-") {
			ids = append(ids, idsBetween(id, next)...)
		}
		at += joint
		if joint == 0 {
			break
		}
	}
	for end > 0 && end < len(s) && strings.IndexByte("])`: ", s[end]) >= 0 {
		end++
	}
	return ids, end
}

// idJoint returns the length of what stands between two ids of a list: a comma,
// a slash, a sign, a dash, "and".
func idJoint(s string) int {
	rest := strings.TrimLeft(s, " ])`,/+&·–—-")
	if word, ok := strings.CutPrefix(rest, "and "); ok {
		rest = word
	}
	n := len(s) - len(rest)
	if _, m := readID(rest); m == 0 {
		return 0
	}
	return n
}

// idsBetween returns the ids of a range of numbers, its ends aside; none where it
// is longer than longestRange.
func idsBetween(from, to string) []string {
	a, err := strconv.Atoi(strings.TrimPrefix(from, "#"))
	b, err2 := strconv.Atoi(strings.TrimPrefix(to, "#"))
	var out []string
	if err == nil && err2 == nil && b-a < longestRange {
		for n := a + 1; n < b; n++ {
			out = append(out, "#"+strconv.Itoa(n))
		}
	}
	return out
}

// readID reads one id at the start of a text: "#116", or a key of capitals with
// a number at its end.
func readID(s string) (id string, n int) {
	if strings.HasPrefix(s, "#") {
		n = 1
		for n < len(s) && n < 8 && isDigit(s[n]) {
			n++
		}
		if n == 1 {
			return "", 0
		}
		return endID(s, n)
	}
	if id, n = shortID(s); n > 0 {
		return id, n
	}
	dash, last := 0, 0 // places behind the last dash
	for n < len(s) && n < 48 && (letter(s[n]) || isDigit(s[n]) || s[n] == '_' || s[n] == '-') {
		if s[n] == '-' {
			if dash == 0 && !capitals(s[:n]) {
				return "", 0
			}
			dash, last = dash+1, n+1
		}
		n++
	}
	if dash == 0 || n == last {
		return "", 0
	}
	begun := last // behind the capitals of the last part: "S0-T1"
	for begun < n && begun < last+4 && 'A' <= s[begun] && s[begun] <= 'Z' {
		begun++
	}
	digits := begun
	for digits < n && isDigit(s[digits]) {
		digits++
	}
	if digits == begun || digits-begun > 6 || n-digits > 1 {
		return slugID(s, n)
	}
	return endID(s, digits)
}

// shortID reads capitals and a number without a dash, "T01" or "M1.5", where
// nothing but a bracket, a dash or a colon follows. A priority, a quarter or a
// version of one digit is none.
func shortID(s string) (string, int) {
	n := 0
	for n < len(s) && 'A' <= s[n] && s[n] <= 'Z' {
		n++
	}
	key := s[:n]
	for n < len(s) && (isDigit(s[n]) || s[n] == '.' && n > len(key) && n+1 < len(s) && isDigit(s[n+1])) {
		n++
	}
	if key == "" || len(key) > 4 || n == len(key) || n-len(key) == 1 && strings.Contains("PQV", key) || !parted(s[n:]) ||
		n+1 < len(s) && s[n] == '-' && wordRune(rune(s[n+1])) {
		return "", 0
	}
	return endID(s, n)
}

// slugID reads a key of capitals without a number, "AMP-PARITY": it is one where
// nothing but a bracket, a dash or a colon follows.
func slugID(s string, n int) (string, int) {
	if n < 7 || s[:n] != strings.ToUpper(s[:n]) || !parted(s[n:]) {
		return "", 0
	}
	return s[:n], n
}

// endID takes a letter behind an id's number into it ("#41a", "US-0001b"), and
// says that it is none where the word goes on.
func endID(s string, n int) (string, int) {
	if n < len(s) && letter(s[n]) && (n+1 == len(s) || !wordRune(rune(s[n+1]))) {
		n++
	}
	rest := s[n:]
	if rest != "" && (wordRune(firstRune(rest)) || len(rest) > 1 && (rest[0] == '.' || rest[0] == '-') && isDigit(rest[1])) {
		return "", 0
	}
	return s[:n], n
}

func capitals(s string) bool {
	return s != "" && 'A' <= s[0] && s[0] <= 'Z' && s == strings.ToUpper(s)
}

// kindWords are words that stand before an id, or make a number behind them a designator.
var kindWords = wordsOf("titles", "kind")

// designator returns the word with a number that begins a title, "Pass 52" or
// "Phase 2"; empty where none does. It tells two titles apart that differ in
// nothing else, and is not an id: teams count on from it.
func designator(s string) string {
	word := 0
	for word < len(s) && letter(s[word]) {
		word++
	}
	if word < 2 || word > 16 || !capitals(s[:1]) || word >= len(s) || s[word] != ' ' {
		return ""
	}
	n := word + 1
	for n < len(s) && n < word+7 && isDigit(s[n]) {
		n++
	}
	if n == word+1 || !kindWords().hasFold(s[:word]) && !parted(s[n:]) {
		return ""
	}
	if to := strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(s[n:], "-"), "–"), "0123456789"); len(s)-len(to) > n+1 {
		n = len(s) - len(to) // "Day 3-4"
	}
	id, _ := endID(s, n)
	return id
}

// parted says whether what follows a number sets it off from the title.
func parted(rest string) bool {
	rest = strings.TrimLeft(rest, " *_`")
	return rest == "" || rest[0] == '(' || rest[0] == '|' || separator(rest) > 0
}

// clauseMarks part the clauses of a line.
const clauseMarks = ":;,.(+"

// citeIDs adds to an item's Cites the ids with which a clause of a line begins:
// "Batch: #12, #15", "(T-4, T-7)", "#12 parse, #15 store". One that the line
// only relates to ("blocked by: T-4") is none.
func (w *walk) citeIDs(it *Item, r region) {
	raw := w.raw(region{r.start, min(r.end, r.start+4*reach)})
	may, clause := mayHaveID(raw), raw
	for !may {
		next := strings.IndexAny(clause, clauseMarks)
		if next < 0 {
			return
		}
		clause = clause[next+1:]
		may = mayHaveID(clause)
	}
	s := Visible(raw)
	before := ""
	for at := 0; at < len(s); {
		ids, n := leadingIDs(s[at:])
		if len(ids) > 0 && !relates(before) {
			it.Cites = append(it.Cites, ids...)
		}
		next := strings.IndexAny(s[at+n:], clauseMarks)
		if next < 0 {
			return
		}
		before = s[at : at+n+next]
		at += n + next + 1
		at += len(s[at:]) - len(strings.TrimLeft(s[at:], " "))
	}
}

// relates says whether a text ends in words that only relate one item to
// another: "blocked by", "depends on", "after".
func relates(s string) bool {
	words := tokens(s[max(0, len(s)-40):])
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1].text
	return relatingWords().has(last) || len(words) > 1 && relatingPhrases().has(words[len(words)-2].text+" "+last)
}
