package propose

import (
	"embed"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/text"
)

// allRoles are the roles of a column map, in the order they are written.
var allRoles = []board.Role{board.WIP, board.Next, board.Done, board.Dropped, board.Other}

// labelKinds are the keys of `words`.
var labelKinds = []struct {
	key string
	in  func(*board.Words) *[]string
}{
	{"dod", func(w *board.Words) *[]string { return &w.DoD }},
	{"none", func(w *board.Words) *[]string { return &w.None }},
	{"updated", func(w *board.Words) *[]string { return &w.Updated }},
	{"limit", func(w *board.Words) *[]string { return &w.Limit }},
}

//go:embed words
var embedded embed.FS

// language is the words that boards use in one language, beyond the defaults: those
// of columns by role, those of labels by their key.
type language map[string][]string

// latin says whether its script is one that others use too.
func (l language) latin() bool {
	return strings.ContainsFunc(l["wip"][0], func(r rune) bool { return unicode.Is(unicode.Latin, r) })
}

// languages are looked through where the default words do not do.
var languages = sync.OnceValue(func() []language {
	var out []language
	files := text.Lists(embedded)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		out = append(out, files[name])
	}
	return out
})

// everyWord returns words with the column words of every language. Each role's
// own stand first.
func everyWord(words board.Words) board.Words {
	words.Columns = maps.Clone(words.Columns)
	for _, lang := range languages() {
		for _, role := range allRoles {
			words.Columns[role] = slices.Concat(words.Columns[role], lang[string(role)])
		}
	}
	return words
}
