package rule

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/source"
)

// LimitChanged reports a change that edits the rules it is judged by.
var LimitChanged = declare(&Rule{
	Name:     "limit-changed",
	Severity: Warning,
	Own:      true,
	Check: func(p *Pass) {
		if p.BaseKind != Present || p.Base == nil {
			return
		}
		changed := p.changedLimits()
		p.changedConfig()
		if !changed {
			p.changedRules()
		}
	},
})

// changedLimits reports every column of which the board states another limit,
// and says whether there is one. Where a role comes or goes with all of its
// columns, no limit was edited.
func (p *Pass) changedLimits() bool {
	before := len(p.found)
	for _, role := range []board.Role{board.WIP, board.Next, board.Done} {
		base, head := p.Base.Column(role), p.Head.Column(role)
		if len(base) > 0 && len(head) > 0 {
			p.changedColumns(role, base, head)
		}
	}
	return len(p.found) > before
}

const ownPull = "The limit before holds for this change; change it in a pull request of its own."

// limitEdit is the limit of a column on both sides.
type limitEdit struct {
	before, after board.Limit
	was, is       bool // whether there is one
}

// changedColumns reports the columns of a role whose limits differ. One that
// came or went counts where the limit in force changed with it.
func (p *Pass) changedColumns(role board.Role, base, head []*board.Column) {
	force := p.limits(role, base, head)
	said := map[limitEdit]bool{} // a limit of the Rules is that of several columns
	for _, pair := range pairColumns(base, head) {
		e := p.limits(role, pair.base, pair.head)
		changed := e.differs()
		if len(pair.base)+len(pair.head) == 1 {
			own := slices.Concat(pair.base, pair.head)[0].Limit
			changed = force.differs() && own != nil && (*own == force.before || *own == force.after)
		}
		if !changed || said[e] {
			continue
		}
		said[e] = true
		p.reportLimit(role, pair, e, len(base)+len(head) > 2)
	}
}

// limits returns what each side states for columns of a role.
func (p *Pass) limits(role board.Role, base, head []*board.Column) (e limitEdit) {
	e.before, e.was = config.Stated(p.Base, role, base)
	e.after, e.is = config.Stated(p.Head, role, head)
	return e
}

func (e limitEdit) differs() bool { return e.was != e.is || e.before.Max != e.after.Max }

// reportLimit reports the edit of one column's limit, by the column's own name
// where its role has several and the limit is not that of the board's Rules.
func (p *Pass) reportLimit(role board.Role, pair columnPair, e limitEdit, several bool) {
	name := column(role)
	if several && !slices.Contains(p.Head.Rules, e.after) {
		name = quote(pair.name)
	}
	f := Finding{Span: e.after.Span, Column: role, Key: pair.key, Hint: ownPull}
	switch {
	case len(pair.head) == 0:
		f.Span = p.Head.Column(role)[0].Title.Span
		f.Message = fmt.Sprintf("this change removes the column %s with its limit (%d).", name, e.before.Max)
	case len(pair.base) == 0:
		f.Message = fmt.Sprintf("this change adds the column %s with a limit (%d).", name, e.after.Max)
	case !e.is:
		f.Span = pair.head[0].Title.Span
		f.Message = fmt.Sprintf("this change removes the %s limit (%d).", name, e.before.Max)
	case !e.was:
		f.Message = fmt.Sprintf("this change gives %s a limit (%d).", name, e.after.Max)
	default:
		f.Message = fmt.Sprintf("this change edits the limit of %s from %d to %d.", name, e.before.Max, e.after.Max)
	}
	p.Report(f)
}

// columnPair is one column on both sides: none in base where it came, none in
// head where it went.
type columnPair struct {
	name       string // its title before the bracket
	key        string // what tells it from the role's other columns; empty for the first
	base, head []*board.Column
}

// pairColumns pairs the columns of a role by the words of their titles, those
// alike in their order. What is left was renamed, and pairs in order too.
func pairColumns(base, head []*board.Column) []columnPair {
	byName := map[string][]*board.Column{}
	for _, c := range base {
		byName[columnWords(c)] = append(byName[columnWords(c)], c)
	}
	paired := map[*board.Column]bool{}
	var pairs []columnPair
	for _, h := range head {
		pair := columnPair{name: columnName(h), head: []*board.Column{h}}
		if same := byName[columnWords(h)]; len(same) > 0 {
			pair.base, byName[columnWords(h)] = same[:1], same[1:]
			paired[same[0]] = true
		}
		pairs = append(pairs, pair)
	}
	left := slices.DeleteFunc(slices.Clone(base), func(c *board.Column) bool { return paired[c] })
	for i := range pairs {
		if len(pairs[i].base) == 0 && len(left) > 0 {
			pairs[i].base, left = left[:1], left[1:]
		}
	}
	for i := range left {
		pairs = append(pairs, columnPair{name: columnName(left[i]), base: left[i : i+1]})
	}
	for i := range pairs[1:] {
		pairs[i+1].key = fmt.Sprintf("column %d", i+2)
	}
	return pairs
}

// columnName returns a column's title before its bracket or colon.
func columnName(c *board.Column) string {
	title := c.Title.Value
	if i := strings.IndexAny(title, "([（【:"); i > 0 {
		title = title[:i]
	}
	return strings.TrimSpace(title)
}

// columnWords is a column's name by which it is found again, case aside.
func columnWords(c *board.Column) string { return strings.ToLower(columnName(c)) }

// changedConfig reports what a sound configuration of the head has otherwise.
func (p *Pass) changedConfig() {
	if p.HeadConfig == nil || len(p.HeadConfig.Faults) > 0 {
		return
	}
	p.changedWords()
	before, after := p.Policy, p.HeadConfig.Policy
	for _, e := range []struct {
		name, before, after string
		column              board.Role
		key                 string
	}{
		{"wip-age", ageLimit(before.WIPAge), ageLimit(after.WIPAge), board.WIP, "wip-age"},
		{"limit of WIP", configured(before, board.WIP), configured(after, board.WIP), board.WIP, "configured"},
		{"limit of NEXT", configured(before, board.Next), configured(after, board.Next), board.Next, "configured"},
	} {
		if e.before != e.after {
			p.Report(Finding{
				Span:    configLine(p.HeadConfig.File, "limits"),
				Message: fmt.Sprintf("this change edits the configured %s from %s to %s.", e.name, e.before, e.after),
				Hint:    ownPull,
				Column:  e.column,
				Key:     e.key,
			})
		}
	}
}

// ageLimit returns a limit of the time in WIP in words.
func ageLimit(d time.Duration) string {
	if d == 0 {
		return "none"
	}
	return duration(d)
}

// configured returns the limit a configuration states for a role, in words.
func configured(c config.Policy, role board.Role) string {
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

// changedWords reports a changed column map, and other words that changed.
func (p *Pass) changedWords() {
	if !sameColumns(p.BaseWords, p.HeadWords) {
		p.Report(Finding{
			Span:    configLine(p.HeadConfig.File, "columns"),
			Message: "this change edits the column map; the head was read by the base's as well.",
			Hint:    "Let the next change move items; a map and items changed at once are hard to compare.",
			Key:     "columns",
		})
	}
	if !sameLabels(p.BaseWords, p.HeadWords) {
		p.Report(Finding{
			Span:    configLine(p.HeadConfig.File, "words"),
			Message: "this change edits the words by which the board is read; the head was read by the base's as well.",
			Hint:    "Let the next change use the new words; in this one the board is read by the old ones too.",
			Key:     "words",
		})
	}
}

// changedRules reports an edit of the board's own Rules section.
func (p *Pass) changedRules() {
	if len(p.Base.RulesText) == 0 || rulesText(p.Base) == rulesText(p.Head) {
		return
	}
	f := Finding{
		Span:    p.firstChangedRule(),
		Message: "this change edits the board's own rules.",
		Hint:    "Change the rules in a pull request of their own.",
		Key:     "law",
	}
	p.Report(f)
}

func rulesText(b *board.Board) string {
	var lines []string
	for _, l := range b.RulesText {
		lines = append(lines, l.Value)
	}
	return strings.Join(lines, "\n")
}

// firstChangedRule returns the first line of the head's rules that the base has not.
func (p *Pass) firstChangedRule() source.Span {
	for i, l := range p.Head.RulesText {
		if i >= len(p.Base.RulesText) || p.Base.RulesText[i].Value != l.Value {
			return l.Span
		}
	}
	if len(p.Head.RulesText) > 0 {
		return p.Head.RulesText[0].Span
	}
	return p.Head.File.LineSpan(1)
}
