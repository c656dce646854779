package publish

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/text"
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

// Line writes a text, which may be anybody's, as one line that is not a command.
func (l *Log) Line(s string) { l.write("| " + text.Visible(s)) }

// Lines writes each line of a text by itself.
func (l *Log) Lines(s string) {
	for line := range strings.Lines(s) {
		l.Line(strings.TrimRight(line, "\r\n"))
	}
}

// Annotate writes the workflow command that makes an annotation.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func (l *Log) Annotate(a github.Annotation) {
	var properties []string
	add := func(name, value string) { properties = append(properties, name+"="+text.CommandProperty(value)) }
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
		add("title", strings.TrimSpace(text.Visible(a.Title))) // the runner would
	}
	var message strings.Builder
	for line := range strings.Lines(a.Message) {
		message.WriteString(text.Visible(strings.TrimRight(line, "\r\n")) + "\n")
	}
	l.write(fmt.Sprintf("::%s %s::%s", word(a.Level), strings.Join(properties, ","), text.CommandData(strings.TrimRight(message.String(), "\n"))))
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
