package text

import (
	"io/fs"
	"strings"
)

// Lists reads the lists of words in words/*.txt by file and name. What cannot be
// read is left out: the files are embedded.
//
// A list's name stands alone at the margin, its entries are indented below it: one
// a line, or several forms of one with ", " between them; one in quotes is whole.
// Lines that begin with "#" at the margin, or with "# ", are comments.
func Lists(files fs.FS) map[string]map[string][]string {
	lists := map[string]map[string][]string{}
	names, _ := fs.Glob(files, "words/*.txt")
	for _, name := range names {
		b, _ := fs.ReadFile(files, name)
		lists[strings.TrimSuffix(strings.TrimPrefix(name, "words/"), ".txt")] = listsIn(string(b))
	}
	return lists
}

func listsIn(file string) map[string][]string {
	lists := map[string][]string{}
	name := ""
	for line := range strings.Lines(file) {
		entry := strings.TrimSpace(line)
		switch {
		case entry == "" || line[0] == '#' || strings.HasPrefix(entry, "# "):
		case line[0] != '\t':
			name = entry
		case entry[0] == '"':
			lists[name] = append(lists[name], strings.Trim(entry, `"`))
		default:
			lists[name] = append(lists[name], strings.Split(entry, ", ")...)
		}
	}
	return lists
}
