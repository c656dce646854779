package text

import "strings"

// Lists reads lists of words by their names. A list's name stands alone at the
// margin, its entries are indented below it: one a line, or several forms of one
// with ", " between them. A line that begins with "# " is a comment.
func Lists(file string) map[string][]string {
	lists := map[string][]string{}
	name := ""
	for line := range strings.Lines(file) {
		entry := strings.TrimSpace(line)
		switch {
		case entry == "" || strings.HasPrefix(entry, "# "):
		case line[0] != '\t':
			name = entry
		default:
			lists[name] = append(lists[name], strings.Split(entry, ", ")...)
		}
	}
	return lists
}
