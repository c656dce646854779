package text

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Nearest returns the name that was likely meant, the first of equals, "" for
// none: one that begins with what was typed, else the nearest at an edit distance
// of at most a third of its length. Letters that changed places are one edit, and
// case is none.
func Nearest(typed string, names []string) string {
	best, least := "", 0
	typed = strings.ToLower(typed)
	for _, name := range names {
		lower := strings.ToLower(name)
		// A longer text is never near, and one may be as long as a file.
		if len(typed)-len(lower) > 3 {
			continue
		}
		d := levenshtein.ComputeDistance(typed, lower)
		if d == 2 && letters(typed) == letters(lower) || len(typed) > 2 && strings.HasPrefix(lower, typed) {
			d = min(d, 1)
		}
		if d <= max(1, len(lower)/3) && (best == "" || d < least) {
			best, least = name, d
		}
	}
	return best
}

// letters returns the letters of a text in their own order.
func letters(s string) string {
	sorted := []rune(s)
	slices.Sort(sorted)
	return string(sorted)
}
