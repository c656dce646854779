package policy

import "strings"

// nearest returns the name that was likely meant: the nearest at an edit
// distance of at most a third of its length, the first of equals; "" for none.
func nearest(name string, known []string) string {
	best, least := "", 0
	for _, one := range known {
		// Longer differences are never near, and a key may be as long as the file.
		if len(name)-len(one) > 3 {
			continue
		}
		d := distance(strings.ToLower(name), one)
		if d <= max(1, len(one)/3) && (best == "" || d < least) {
			best, least = one, d
		}
	}
	return best
}

// distance returns how many bytes have to be put in, taken out or replaced, or
// neighbours swapped, to make a into b (optimal string alignment).
func distance(a, b string) int {
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}
