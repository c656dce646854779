package rule

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/policy"
	"github.com/boardgate/boardgate/internal/source"
)

// LimitChanged reports a change that edits the rules it is judged by.
var LimitChanged = declare(&Rule{
	Name:     "limit-changed",
	Severity: Warning,
	Check: func(p *Pass) {
		if p.BaseKind != Present || p.Base == nil {
			return
		}
		changed := p.changedLimits()
		p.changedConfig()
		if !changed {
			p.changedLaw()
		}
	},
})

// changedLimits reports every role whose heading or Rules state another limit.
func (p *Pass) changedLimits() bool {
	any := false
	for _, role := range []board.Role{board.WIP, board.Next, board.Done} {
		before, was := limitOf(p.Base, role)
		after, is := limitOf(p.Head, role)
		if was == is && before.Max == after.Max || len(p.Head.Column(role)) == 0 || len(p.Base.Column(role)) == 0 {
			continue
		}
		any = true
		f := Finding{Span: after.Span, Column: role, Hint: ownPull}
		switch {
		case !is:
			f.Span = p.Head.Column(role)[0].Title.Span
			f.Message = fmt.Sprintf("this change takes the limit of %s, %d, away.", column(role), before.Max)
		case !was:
			f.Message = fmt.Sprintf("this change gives %s a limit, %d.", column(role), after.Max)
		default:
			f.Message = fmt.Sprintf("this change edits the limit of %s from %d to %d.", column(role), before.Max, after.Max)
		}
		p.Report(f)
	}
	return any
}

const ownPull = "The limit before holds for this change; change it in a pull request of its own."

// limitOf returns the limit a board's headings state for a role, else its Rules'.
func limitOf(b *board.Board, role board.Role) (board.Limit, bool) {
	for _, c := range b.Column(role) {
		if c.Limit != nil {
			return *c.Limit, true
		}
	}
	for _, l := range b.Rules {
		if l.Role == role {
			return l, true
		}
	}
	return board.Limit{}, false
}

// changedConfig reports what a sound configuration of the head has otherwise.
func (p *Pass) changedConfig() {
	if p.HeadConfig == nil || len(p.HeadConfig.Faults) > 0 {
		return
	}
	p.changedWords()
	for _, role := range []board.Role{board.WIP, board.Next} {
		before, after := configured(p.Policy, role), configured(p.HeadConfig.Policy, role)
		if before == after {
			continue
		}
		p.Report(Finding{
			Span:    configLine(p.HeadConfig.File, "limits"),
			Message: fmt.Sprintf("this change edits the configured limit of %s from %s to %s.", column(role), before, after),
			Hint:    ownPull,
			Column:  role,
			Key:     "configured",
		})
	}
}

// configured returns the limit a configuration states for a role, in words.
func configured(c policy.Policy, role board.Role) string {
	if n, ok := c.Limits[role]; ok {
		return fmt.Sprint(n)
	}
	return "none"
}

// configLine returns the line of a configuration's top key, the first where it
// does not stand at the start of one.
func configLine(f *source.File, key string) source.Span {
	for n := 1; n <= f.Lines(); n++ {
		if strings.HasPrefix(string(f.Line(n)), key+":") {
			return f.LineSpan(n)
		}
	}
	return f.LineSpan(1)
}

// changedWords reports a changed column map.
func (p *Pass) changedWords() {
	if maps.EqualFunc(p.BaseWords.Columns, p.HeadWords.Columns, slices.Equal[[]string]) {
		return
	}
	p.Report(Finding{
		Span:    configLine(p.HeadConfig.File, "columns"),
		Message: "this change edits the column map; each side was read with its own.",
		Hint:    "Let the next change move items; a map and items changed at once are hard to compare.",
		Key:     "columns",
	})
}

// changedLaw reports an edit of the board's own Rules section.
func (p *Pass) changedLaw() {
	if len(p.Base.Law) == 0 || lawText(p.Base) == lawText(p.Head) {
		return
	}
	f := Finding{
		Span:    p.lawPlace(),
		Message: "this change edits the board's own rules.",
		Hint:    "Change the rules in a pull request of their own.",
		Key:     "law",
	}
	p.Report(f)
}

func lawText(b *board.Board) string {
	var lines []string
	for _, l := range b.Law {
		lines = append(lines, l.Value)
	}
	return strings.Join(lines, "\n")
}

// lawPlace returns the first line of the head's rules that the base has not.
func (p *Pass) lawPlace() source.Span {
	for i, l := range p.Head.Law {
		if i >= len(p.Base.Law) || p.Base.Law[i].Value != l.Value {
			return l.Span
		}
	}
	if len(p.Head.Law) > 0 {
		return p.Head.Law[0].Span
	}
	return p.Head.File.LineSpan(1)
}
