package text

import (
	"strings"
	"unicode/utf8"
)

const ellipsis = "…"

// Clip cuts s to at most n runes, the last of them "…" where something was cut,
// with no space before it. n is at least 1.
func Clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	end, runes := 0, 0
	for i := range s {
		if runes == n-1 {
			end = i
		}
		runes++
		if runes > n {
			return strings.TrimRight(s[:end], " ") + ellipsis
		}
	}
	return s
}

// ClipBytes cuts s at a rune to at most n bytes, the last three of them "…"
// where something was cut. It is empty where n has no room for that.
func ClipBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	end := n - len(ellipsis)
	if end < 0 {
		return ""
	}
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + ellipsis
}
