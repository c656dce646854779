package text

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{"wip", "next", "done", "check", "checks", "warning", "error", "docs/NEXT-7D.md", "docs/BOARD.md", "write"}
	for typed, want := range map[string]string{
		"wpi": "wip", "WIP": "wip", "chekc": "check", "check": "check", "warn": "warning", "docs/NEXT7D.md": "docs/NEXT-7D.md",
		"erorr": "error", "doen": "done", "yes": "", "x": "", "": "", "lint": "", "done-reference": "",
		strings.Repeat("check", 1000): "",
	} {
		if got := Nearest(typed, names); got != want {
			t.Errorf("%.20q: %q, want %q", typed, got, want)
		}
	}
}
