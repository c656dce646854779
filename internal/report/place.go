package report

import (
	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// Anchor returns the place of a finding in the texts of the head, and the line
// it is really about where the head lacks that line.
//
// Such a finding goes to its column's heading in the head, else to line 1. The
// zero Span says that it is about no place, or that the head has no such text.
func Anchor(r *Report, f rule.Finding) (at source.Span, lost string) {
	before, after := sides(r, f.Span)
	if before == nil {
		return f.Span, ""
	}
	line := f.Span.FirstLine().From().Line
	lost = string(f.Span.File.Line(line))
	if after == nil || after.File == nil {
		return source.Span{}, lost
	}
	if c := columnFor(after, f); c != nil {
		return c.Title.Span, lost
	}
	return after.File.LineSpan(1), lost
}

// sides returns the board of the base in which a span lies and its counterpart
// in the head; before is nil where the span lies in no text of the base.
func sides(r *Report, s source.Span) (before, after *board.Board) {
	if r.Case == nil || s.IsZero() {
		return nil, nil
	}
	for _, p := range [...]struct{ before, after *board.Board }{
		{r.Case.Base, r.Case.Head}, {r.Case.BaseState, r.Case.State},
	} {
		if p.before != nil && p.before.File == s.File && (p.after == nil || p.after.File != s.File) {
			return p.before, p.after
		}
	}
	return nil, nil
}

// columnFor returns the head's column that a finding is about, nil where it is about none.
func columnFor(b *board.Board, f rule.Finding) *board.Column {
	role := f.Column
	if role == "" {
		role = columnOf(f.Item)
	}
	if columns := b.Column(role); len(columns) > 0 {
		return columns[0]
	}
	return nil
}
