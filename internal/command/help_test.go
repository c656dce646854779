package command

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

// Help fits a terminal of 80 columns, and no flag has an empty default.
func TestHelpFits(t *testing.T) {
	root := rootCommand(&Process{})
	for _, c := range append(root.Commands(), root) {
		var out bytes.Buffer
		c.SetOut(&out)
		if err := c.Help(); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if line = strings.TrimRight(line, "\n"); utf8.RuneCountInString(line) > helpWidth || strings.Contains(line, "(default )") {
				t.Errorf("%s: %q", c.Name(), line)
			}
		}
	}
}
