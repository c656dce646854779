package report

import (
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/source"
)

// Annotation is a finding that decides, as a check run shows it: our own values
// and text made visible. The path is empty where it is about no place.
type Annotation struct {
	Path                   string
	StartLine, EndLine     int // from 1, of the head's text
	StartColumn, EndColumn int // 0 where the place is not a single line of ASCII
	Severity               config.Severity
	Title                  string
	Message                string // plain text of several lines
}

// Annotations returns what GitHub writes as workflow commands, the most severe
// first. It reads Options.Help.
func Annotations(r *Report, o Options) []Annotation {
	var out []Annotation
	for _, f := range partitionOf(r).deciding() {
		at, lost := Anchor(r, f)
		a := spot(at)
		a.Severity, a.Title, a.Message = f.Severity, AnnotationTitle(f.Rule), annotation(f, lost, o)
		out = append(out, a)
	}
	return out
}

// AnnotationTitle is the title of a rule's annotations.
func AnnotationTitle(rule string) string { return "boardgate: " + rule }

func spot(at source.Span) Annotation {
	if at.IsZero() {
		return Annotation{}
	}
	from, to := at.From(), at.To()
	a := Annotation{Path: at.File.Path, StartLine: from.Line, EndLine: to.Line}
	if from.Line == to.Line && isASCII(at.File.Line(from.Line)) {
		a.StartColumn, a.EndColumn = from.Column, to.Column
	}
	return a
}
