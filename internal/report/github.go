package report

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// commandBytes is how much of a message the runner keeps, in characters
// (actions/runner, ExecutionContext._maxIssueMessageLength); bytes are never fewer.
const commandBytes = 4096

// GitHub writes a report as workflow commands, one annotation for each finding
// that decides, the most severe first because a step shows ten of a kind; then why
// the verdict is unverified, and the verdict. It reads Options.Help.
//
// See https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands.
func GitHub(r *Report, o Options) []byte {
	var out bytes.Buffer
	for _, f := range partitionOf(r).deciding() {
		at, lost := Anchor(r, f)
		fmt.Fprintf(&out, "::%s %s::%s\n", f.Severity, properties(r, f, at), text.CommandData(annotation(f, lost, o)))
	}
	for _, reason := range r.Reasons {
		fmt.Fprintf(&out, "unverified: %s\n", text.Visible(reason))
	}
	if line := SummaryLine(r); line != "" {
		fmt.Fprintf(&out, "board: %s\n", line)
	}
	fmt.Fprintf(&out, "boardgate: %s\n", VerdictLine(r))
	return out.Bytes()
}

// annotation returns what an annotation says: plain text of several lines.
func annotation(f rule.Finding, lost string, o Options) string {
	parts := []string{text.Visible(f.Message)}
	if lost != "" {
		parts = append(parts, "The line before this change: "+title(lost))
	}
	if f.Hint != "" {
		parts = append(parts, text.Lines(f.Hint)...)
	}
	if help := helpFor(o, f.Rule); help != "" {
		parts = append(parts, help)
	}
	return text.ClipBytes(strings.Join(parts, "\n"), commandBytes)
}

// properties returns the place and title of an annotation. Columns stand only
// where start and end share a line, as GitHub asks, and only on an ASCII line,
// because it does not say in which unit it counts.
func properties(r *Report, f rule.Finding, at source.Span) string {
	heading := ",title=" + text.CommandProperty(AnnotationTitle(f.Rule))
	if at.IsZero() {
		return strings.TrimPrefix("file="+text.CommandProperty(r.boardPath())+heading, "file=,")
	}
	from, to := at.From(), at.To()
	place := fmt.Sprintf("file=%s,line=%d,endLine=%d", text.CommandProperty(at.File.Path), from.Line, to.Line)
	if from.Line == to.Line && isASCII(at.File.Line(from.Line)) {
		place += fmt.Sprintf(",col=%d,endColumn=%d", from.Column, to.Column)
	}
	return place + heading
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
