package config

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
)

// List writes words as a list of a configuration: `[Doing, "To: do"]`.
func List(words []string) string {
	var out []string
	for _, w := range words {
		out = append(out, Scalar(w))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// Scalar writes a text as a value of a configuration: plain where YAML can only
// take it for text, else as JSON, which YAML 1.2 reads alike.
func Scalar(s string) string {
	plain := s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsSymbol(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" -_./", r) || strings.ContainsRune("|>~`^=<+$", r)
	}) && unicode.IsLetter([]rune(s)[0]) && !strings.HasSuffix(s, " ")
	if plain && !slices.Contains([]string{"null", "true", "false", "yes", "no", "on", "off", "y", "n"}, strings.ToLower(s)) {
		return s
	}
	out, err := json.Marshal(s)
	if err != nil {
		panic(err) // a text always marshals
	}
	return string(out)
}
