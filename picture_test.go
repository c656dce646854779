package main

import (
	"bytes"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/command"
)

// TestPicture holds docs/demo.svg to what the demo really prints, from its report on.
func TestPicture(t *testing.T) {
	var out bytes.Buffer
	p := &command.Process{
		Args: []string{"demo", "--color", "always"}, Stdout: &out, Stderr: &out,
		Getenv: func(string) string { return "" }, Now: time.Now, Dir: t.TempDir(),
	}
	if status := command.Run(t.Context(), p); status != 0 {
		t.Fatalf("demo: status %d\n%s", status, out.Bytes())
	}
	got := picture("\x1b[1m$ boardgate demo\x1b[0m\n" + excerpt(t, out.String()))
	path := filepath.Join("docs", "demo.svg")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(read(t, path), got); diff != "" {
		t.Errorf("%s is not what the demo prints; go test . -update writes it (-file +demo):\n%s", path, diff)
	}
}

// excerpt leaves out the change and the conversation, which would make the
// picture longer than a screen.
func excerpt(t *testing.T, text string) string {
	t.Helper()
	story, rest, found := strings.Cut(text, "\n\n")
	_, report, both := strings.Cut(rest, "\n\nIt also checks a production")
	if !found || !both {
		t.Fatalf("the demo prints no story, or asks no production:\n%s", text)
	}
	return story + "\n\n\x1b[2m  (the change, line by line, and the requests to GitHub)\x1b[0m\n\nIt also checks a production" + report
}

// The picture's measures in pixels.
const (
	cell, row = 8, 18
	margin    = 16
)

// picture draws what a terminal shows of a text with colours (ECMA-48, 8.3.117)
// as SVG. Each run of one style is put at its column and given its width, so
// carets stand under their place in whatever font.
func picture(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	var body strings.Builder
	width := 0
	for i, line := range lines {
		column := 0
		for _, r := range runs(line) {
			n := utf8.RuneCountInString(r.text)
			if strings.TrimSpace(r.text) != "" {
				fmt.Fprintf(&body, "<text class=%q x=\"%d\" y=\"%d\" textLength=\"%d\">%s</text>\n",
					classes[r.style], margin+column*cell, margin+row*(i+1)-5, n*cell, html.EscapeString(r.text))
			}
			column += n
		}
		width = max(width, column)
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" role="img">
<title>boardgate demo</title>
<style>
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; fill: #d4d4d4 }
.bold { font-weight: bold; fill: #ffffff } .dim { fill: #8a8a8a } .red { font-weight: bold; fill: #ff6b68 }
.green { fill: #6cc56c } .magenta { font-weight: bold; fill: #c586c0 }
</style>
<rect width="100%%" height="100%%" rx="8" fill="#1e1e1e"/>
%s</svg>
`, width*cell+2*margin, len(lines)*row+2*margin, body.String())
}

// classes are the styles a report uses.
var classes = map[string]string{
	"": "plain", "0": "plain", "1": "bold", "2": "dim", "1;31": "red", "32": "green", "1;35": "magenta",
}

// piece is a part of a line in one style.
type piece struct{ style, text string }

// runs takes a line apart; leading spaces become a run of their own, which is not drawn.
func runs(line string) []piece {
	var out []piece
	style := ""
	for i, part := range strings.Split(line, "\x1b[") {
		if i > 0 {
			style, part, _ = strings.Cut(part, "m")
		}
		bare := strings.TrimLeft(part, " ")
		out = append(out, piece{style, part[:len(part)-len(bare)]}, piece{style, bare})
	}
	return out
}
