package board

import (
	"strings"
	"testing"
)

func TestWas(t *testing.T) {
	for in, want := range map[string]string{
		"New title (was: Old title)":                "Old title",
		"New (draft) (WAS: \"Old (v2)\") and more":  "Old (v2)",
		"New title (was Old title)":                 "",
		"New title (was: Old title":                 "",
		strings.Repeat("Ⱥ", 20) + " (was: Old)":     "Old", // its lower case is longer
		strings.Repeat("İ", 20) + " (was: Old one)": "Old one",
	} {
		if got := was(in); got != want {
			t.Errorf("%q: was %q, want %q", in, got, want)
		}
	}
}
