package page

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/boardgate/boardgate/internal/fake"
)

// Line is a line of a diff.
type Line struct {
	Mark     byte // ' ' in both, '-' taken away, '+' new, '@' where a hunk begins
	Old, New int  // its numbers, 0 where it has none
	Text     string
}

// Diff returns what a change does to a text, three lines around it, none where it does nothing.
func Diff(before, after string) []Line {
	var out []Line
	oldLine, newLine := 0, 0
	for text := range strings.Lines(string(diff.Diff("a", []byte(before), "b", []byte(after)))) {
		text = strings.TrimRight(text, "\r\n")
		switch {
		case strings.HasPrefix(text, "@@ "):
			oldLine, newLine = hunkLines(text)
			out = append(out, Line{Mark: '@', Text: text})
		case oldLine == 0 && newLine == 0, strings.HasPrefix(text, `\`): // the head; "No newline at end of file"
		case strings.HasPrefix(text, "-"):
			out = append(out, Line{'-', oldLine, 0, text[1:]})
			oldLine++
		case strings.HasPrefix(text, "+"):
			out = append(out, Line{'+', 0, newLine, text[1:]})
			newLine++
		default:
			out = append(out, Line{' ', oldLine, newLine, strings.TrimPrefix(text, " ")})
			oldLine++
			newLine++
		}
	}
	return out
}

// hunkLines reads the lines at which a hunk begins: "@@ -1,5 +1,6 @@".
func hunkLines(hunk string) (oldLine, newLine int) {
	fields := strings.Fields(hunk)
	if len(fields) < 3 {
		return 0, 0
	}
	at := func(field string) int {
		n, _, _ := strings.Cut(field[1:], ",")
		line, _ := strconv.Atoi(n)
		return line
	}
	return at(fields[1]), at(fields[2])
}

// drawFiles draws the diff with annotations and review comments under their lines.
func (p *Pull) drawFiles(c *canvas) {
	c.printf("<section id=\"files\">\n<h2 class=\"part\">Files changed</h2>\n<article class=\"file\">\n<p class=\"by\"><code>%s</code></p>\n<div class=\"scroll\"><table>\n", p.Path)
	shown := map[int]bool{}
	for _, l := range Diff(p.Before, p.After) {
		drawLine(c, l)
		shown[l.New] = true
		if l.New > 0 {
			p.drawRemarks(c, "<tr class=\"remark\"><td colspan=\"4\">\n<div class=\"inline\">%s</div></td></tr>\n", func(line int) bool { return line == l.New })
		}
	}
	c.printf("</table></div>\n")
	p.drawRemarks(c, "<div class=\"rest\">%s</div>\n", func(line int) bool { return !shown[line] })
	c.printf("</article>\n</section>\n")
}

func drawLine(c *canvas, l Line) {
	class := map[byte]string{'-': "out", '+': "in", '@': "hunk", ' ': ""}[l.Mark]
	mark := string(l.Mark)
	if l.Mark == '@' {
		mark = ""
	}
	c.printf("<tr class=\"%s\"><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"m\">%s</td><td class=\"t\">%s</td></tr>\n",
		class, lineNumber(l.Old), lineNumber(l.New), mark, l.Text)
}

func lineNumber(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// drawRemarks draws what was said about lines inside a format, nothing where nothing was.
func (p *Pull) drawRemarks(c *canvas, format string, at func(line int) bool) {
	inner := &canvas{}
	for _, k := range p.Checks {
		for _, a := range k.Annotations {
			if a.Path == p.Path && at(a.EndLine) {
				drawAnnotation(inner, a, lineRange(a))
			}
		}
	}
	for _, r := range p.Reviews {
		if r.Path == p.Path && at(r.Line) {
			drawComment(inner, r.Author, fmt.Sprintf("commented on line %d", r.Line), r.Body)
		}
	}
	if inner.Len() > 0 {
		c.printf(format, raw(inner.String()))
	}
}

func lineRange(a fake.Annotation) string {
	if a.StartLine == a.EndLine {
		return fmt.Sprintf("on line %d", a.EndLine)
	}
	return fmt.Sprintf("on lines %d to %d", a.StartLine, a.EndLine)
}
