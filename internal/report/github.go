package report

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// commandBytes is how much of a message the runner keeps, in characters
// (actions/runner, ExecutionContext._maxIssueMessageLength); bytes are never fewer.
const commandBytes = 4096

// GitHub writes a report as workflow commands, one annotation for each finding
// that decides, the gravest first because a step shows ten of a kind; then why
// the verdict is unverified, and the verdict. It reads Options.Help.
//
// See https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands.
func GitHub(r *Report, o Options) []byte {
	var out bytes.Buffer
	for _, f := range sift(r).deciding() {
		at, lost := Anchor(r, f)
		fmt.Fprintf(&out, "::%s %s::%s\n", f.Severity, properties(r, f, at), data(annotation(f, lost, o)))
	}
	for _, reason := range r.Reasons {
		fmt.Fprintf(&out, "unverified: %s\n", visible(reason))
	}
	if glance := Glance(r); glance != "" {
		fmt.Fprintf(&out, "board: %s\n", glance)
	}
	fmt.Fprintf(&out, "boardgate: %s\n", VerdictLine(r))
	return out.Bytes()
}

// annotation returns what an annotation says: plain text of several lines.
func annotation(f rule.Finding, lost string, o Options) string {
	parts := []string{visible(f.Message)}
	if lost != "" {
		parts = append(parts, "The line before this change: "+title(lost))
	}
	if f.Hint != "" {
		parts = append(parts, lines(f.Hint)...)
	}
	if help := helpFor(o, f.Rule); help != "" {
		parts = append(parts, help)
	}
	return cutBytes(strings.Join(parts, "\n"), commandBytes)
}

// cutBytes cuts s at a rune to at most n bytes, the last three of them "…"
// where something was cut.
func cutBytes(s string, n int) string {
	const dots = "…"
	if len(s) <= n {
		return s
	}
	if n < len(dots) {
		return ""
	}
	end := n - len(dots)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + dots
}

// properties returns the place and title of an annotation. Columns stand only
// where start and end share a line, as GitHub asks, and only on an ASCII line,
// because it does not say in which unit it counts.
func properties(r *Report, f rule.Finding, at source.Span) string {
	heading := ",title=" + property("boardgate: "+f.Rule)
	if at.IsZero() {
		return strings.TrimPrefix("file="+property(r.boardPath())+heading, "file=,")
	}
	from, to := at.From(), at.To()
	place := fmt.Sprintf("file=%s,line=%d,endLine=%d", property(at.File.Path), from.Line, to.Line)
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

// data escapes a command's message, made of visible lines, as actions/toolkit
// does (packages/core, command.ts, escapeData).
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// property escapes the value of a command's property (command.ts, escapeProperty).
func property(s string) string {
	return strings.NewReplacer("%", "%25", ":", "%3A", ",", "%2C").Replace(visible(s))
}
