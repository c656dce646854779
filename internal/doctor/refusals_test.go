package doctor_test

import (
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/source"
)

// A text that falls out of its block is said at the line where it does, whatever YAML makes of it.
func TestFallenText(t *testing.T) {
	const before = "on: { schedule: [{ cron: '9 8 * * *' }] }\njobs:\n  tell:\n    steps:\n      - uses: actions/github-script@v7\n        with:\n          script: |\n            const text = `The shop is down.\n"
	for _, fallen := range []string{
		"\n**Since**: ${since}`;\n            tell(text);\n", "**Since** ${since}\n`;\n", "**Since**: a\n- one`;\n", "Since: ${since}\n---\n`;\n", "---\nSince ${since}`;\n            tell(text);\n",
		"Down since: ${since}`;\n            tell(text);\n", "===\n`;\n",
	} {
		r := repository(sound)
		r.Workflows = append(r.Workflows, source.NewFile("tell.yml", []byte(before+fallen)))
		got := said(r)
		if !strings.HasPrefix(got, "tell.yml:") || !strings.Contains(got, "It does not parse, so GitHub does not run it: ") || strings.Contains(got, "\n") {
			t.Errorf("%q: got\n%s", fallen, got)
		}
		if want := "the text below `script: |` ends here"; !strings.HasPrefix(fallen, "Since:") && !strings.Contains(got, want) {
			t.Errorf("%q: got\n%s\nwant %q", fallen, got, want)
		}
	}
}
