package board

import (
	"embed"
	"slices"
	"sync"

	"github.com/boardgate/boardgate/internal/text"
)

// wordList is a list of words/*.txt.
type wordList struct {
	all []string // in the file's order
	set map[string]bool
}

func (l wordList) has(word string) bool { return l.set[word] }

// hasFold says whether the list has a text once it is folded. It is asked for the
// words of every line: one that is short and ASCII is folded in place.
func (l wordList) hasFold(s string) bool {
	var folded [24]byte
	if len(s) > len(folded) || !text.IsASCII(s) {
		return l.set[text.Fold(s)]
	}
	for i := range len(s) {
		if folded[i] = s[i]; 'A' <= s[i] && s[i] <= 'Z' {
			folded[i] |= 0x20
		}
	}
	return l.set[string(folded[:len(s)])]
}

// leads says whether one of the words, without blanks, leads some tokens.
func (l wordList) leads(toks []token) bool {
	return slices.ContainsFunc(l.all, func(w string) bool { return prefix(toks, w) > 0 })
}

// wordsOf returns a list by its file and name. It is read when it is first asked
// for, so that a command that reads no board does not pay for it.
func wordsOf(file, name string) func() wordList {
	return sync.OnceValue(func() wordList {
		l := wordList{all: wordFiles()[file][name], set: map[string]bool{}}
		if l.all == nil {
			panic("no list " + name + " in words/" + file + ".txt")
		}
		for _, w := range l.all {
			l.set[w] = true
		}
		return l
	})
}

//go:embed words
var embedded embed.FS

// wordFiles are the lists of words/*.txt by file and name.
var wordFiles = sync.OnceValue(func() map[string]map[string][]string { return text.Lists(embedded) })

// DefaultWords returns the words of a board in English.
func DefaultWords() Words {
	of := func(name string) []string { return slices.Clone(wordFiles()["board"][name]) }
	return Words{
		Columns: map[Role][]string{WIP: of("wip"), Next: of("next"), Done: of("done"), Dropped: of("dropped"), Other: of("other")},
		DoD:     of("dod"),
		None:    of("none"),
		Updated: of("updated"),
		Limit:   of("limit"),
	}
}

// StateWords returns the words of a state file in English. It takes the words
// other than those of columns from w, so that one configuration serves both.
func StateWords(w Words) Words {
	w.Columns = map[Role][]string{}
	for role, list := range wordFiles()["state"] {
		w.Columns[Role(role)] = slices.Clone(list)
	}
	return w
}
