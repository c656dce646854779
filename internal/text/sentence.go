package text

import "strings"

// Sentence returns text as one sentence in one line, which ends in a full stop.
func Sentence(s string) string {
	return strings.ReplaceAll(strings.TrimRight(s, ". \n"), "\n", "; ") + "."
}
