package config_test

import (
	"testing"

	"github.com/boardgate/boardgate/internal/config"
)

func TestScalar(t *testing.T) {
	for s, want := range map[string]string{
		"In Arbeit": "In Arbeit", "進行中": "進行中", "🚧": `"🚧"`, "Fertig, wenn": `"Fertig, wenn"`, "yes": `"yes"`, "NULL": `"NULL"`,
		"2nd": `"2nd"`, "a: b": `"a: b"`, "a # b": `"a # b"`, "": `""`, "a ": `"a "`, "docs/NEXT-7D.md": "docs/NEXT-7D.md", "a|b": `"a|b"`,
	} {
		if got := config.Scalar(s); got != want {
			t.Errorf("Scalar(%q) = %s, want %s", s, got, want)
		}
	}
}
