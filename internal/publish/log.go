package publish

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/boardgate/boardgate/internal/github"
)

// Log is the job's log. The runner reads every line of it for commands: "::"
// where a line begins, and the older "##[" anywhere, on standard error as well.
// It compares as a language's dictionary does, to which characters that cannot
// be seen are not there. So a line of ours begins with a character of ours, and
// nothing is written that cannot be seen.
// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
type Log struct {
	mu sync.Mutex
	w  io.Writer
}

// NewLog returns the log that writes to w.
func NewLog(w io.Writer) *Log { return &Log{w: w} }

// Line writes text, which may be anybody's, as one line that is not a command.
func (l *Log) Line(text string) { l.write("| " + clean(text)) }

// Lines writes each line of a text by itself.
func (l *Log) Lines(text string) {
	for line := range strings.Lines(text) {
		l.Line(strings.TrimRight(line, "\r\n"))
	}
}

// Annotate writes the workflow command that makes an annotation.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func (l *Log) Annotate(a github.Annotation) {
	var properties []string
	add := func(name, value string) { properties = append(properties, name+"="+escapeProperty(clean(value))) }
	if a.Path != "" {
		add("file", a.Path)
		add("line", strconv.Itoa(a.StartLine))
		add("endLine", strconv.Itoa(a.EndLine))
	}
	if a.StartLine == a.EndLine && a.StartColumn > 0 && a.EndColumn > 0 {
		add("col", strconv.Itoa(a.StartColumn))
		add("endColumn", strconv.Itoa(a.EndColumn))
	}
	if a.Title != "" {
		add("title", strings.TrimSpace(clean(a.Title))) // the runner would
	}
	var text strings.Builder
	for line := range strings.Lines(a.Message) {
		text.WriteString(clean(strings.TrimRight(line, "\r\n")) + "\n")
	}
	l.write(fmt.Sprintf("::%s %s::%s", word(a.Level), strings.Join(properties, ","), escapeData(strings.TrimRight(text.String(), "\n"))))
}

// word is the workflow command of a level.
func word(level string) string {
	if level == "failure" {
		return "error"
	}
	return level
}

func (l *Log) write(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = io.WriteString(l.w, line+"\n") // a log that is gone is not a place to say so
}

// clean returns a text as one line in which everything can be seen.
func clean(text string) string {
	var b strings.Builder
	hashes := 0
	for _, r := range text {
		switch {
		case r == '\t':
			b.WriteByte(' ')
			hashes = 0
			continue
		case unicode.Is(unicode.Variation_Selector, r):
			continue // says how an emoji is drawn, and is in most of them
		case invisible(r):
			fmt.Fprintf(&b, `\u{%x}`, r)
			hashes = 0
			continue
		case r == '[' && hashes >= 2:
			b.WriteByte('\\')
		}
		if r == '#' {
			hashes++
		} else {
			hashes = 0
		}
		b.WriteRune(r)
	}
	return b.String()
}

// invisible says whether a character cannot be seen, or breaks or turns a line.
func invisible(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Other_Default_Ignorable_Code_Point)
}

// The escapes are those of the Actions toolkit:
// https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
