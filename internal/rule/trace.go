package rule

import (
	"slices"
	"strings"
	"unicode"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// trace is the words of texts that may say what became of an item. Comments are
// set aside. It is made once and asked for many items.
type trace struct {
	words []traced
	at    map[string][]int // the places of each word
	tried int              // how many words were compared
}

// mostTried is how many words are compared, over all items, before a trace gives
// up and names nothing.
const mostTried = 20_000_000

type traced struct {
	word string
	line source.Span
}

func newTrace() *trace { return &trace{at: map[string][]int{}} }

// trace returns the trace that the head has of what left the board: its board,
// but for the lines that the base has too, and its state file.
func (p *Pass) trace() *trace {
	if p.left != nil {
		return p.left
	}
	p.left = newTrace()
	old := map[string]int{}
	for n := 1; n <= p.Base.File.Lines(); n++ {
		old[strings.TrimSpace(string(p.Base.File.Line(n)))]++
	}
	p.left.addBoard(p.Head, old)
	if p.State != nil {
		p.left.addBoard(p.State, nil)
	}
	return p.left
}

// addBoard takes in the lines of a board that are not old, as a reader sees them.
func (t *trace) addBoard(b *board.Board, old map[string]int) {
	f := b.File
	pulls := map[int][]string{} // the names of pull requests by their lines
	for _, r := range b.Named() {
		n := r.Span.From().Line
		pulls[n] = append(pulls[n], r.Name())
	}
	for i, line := range b.Seen() {
		if whole := strings.TrimSpace(string(f.Line(i + 1))); old[whole] > 0 {
			old[whole]--
			continue
		}
		for _, w := range slices.Concat(traceWords(line), []string{""}, pulls[i+1], []string{""}) { // no title spans two lines
			t.at[w] = append(t.at[w], len(t.words))
			t.words = append(t.words, traced{w, f.LineSpan(i + 1)})
		}
	}
}

// traceWords returns a text's words, folded; a number keeps its "#", and a key
// such as T-12 stays one word.
func traceWords(s string) []string {
	return strings.FieldsFunc(text.Fold(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '#' && r != '-'
	})
}

// of returns the line that names an item by one of its ids, by its title or what
// that begins with up to a bracket or a dash, or by a pull request that it cites.
func (t *trace) of(it *board.Item) (source.Span, bool) {
	title := it.Title.Value
	names := append([]string{title}, it.IDs...)
	for _, id := range it.IDs {
		title = strings.TrimLeft(strings.TrimPrefix(title, id), " :—–-.,/")
	}
	names = append(names, title)
	for _, mark := range []string{" (", " — ", ": "} {
		if lead, _, found := strings.Cut(title, mark); found && len(lead) > 9 && len(traceWords(lead)) > 1 {
			names = append(names, lead)
		}
	}
	for _, name := range names {
		if at, ok := t.find(traceWords(name)); ok {
			return at, true
		}
	}
	for _, r := range it.Pulls {
		if at, ok := t.find([]string{r.Name()}); ok {
			return at, true
		}
	}
	return source.Span{}, false
}

// find returns the line in which words stand one behind the other.
func (t *trace) find(words []string) (source.Span, bool) {
	if len(words) == 0 {
		return source.Span{}, false
	}
	rare := 0
	for i, w := range words {
		if len(t.at[w]) < len(t.at[words[rare]]) {
			rare = i
		}
	}
	for _, at := range t.at[words[rare]] {
		if t.tried > mostTried {
			break
		}
		if from := at - rare; from >= 0 && t.holds(from, words) {
			return t.words[from].line, true
		}
	}
	return source.Span{}, false
}

func (t *trace) holds(from int, words []string) bool {
	if from+len(words) > len(t.words) {
		return false
	}
	for i, w := range words {
		if t.tried++; t.words[from+i].word != w || t.tried > mostTried {
			return false
		}
	}
	return true
}
