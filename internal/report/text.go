package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// Text writes a report for a terminal. It reads Options.Width and Options.Color.
func Text(r *Report, o Options) []byte {
	t := &terminal{Options: o, report: r, hinted: map[string]bool{}}
	if r.ProductionOnly() {
		t.production()
	} else {
		t.board()
	}
	return t.out.Bytes()
}

// board writes the findings first, then the board's columns, what moved, and the
// verdict in the last line.
func (t *terminal) board() {
	s := partitionOf(t.report)
	deciding := s.deciding()
	t.findings(deciding)
	t.waived(s.waived)
	t.writeColumns()
	t.compared()
	t.moves()
	t.notes()
	t.older(s.older)
	t.next(deciding)
	t.gap()
	t.line(t.paint(verdictStyle(t.report.Verdict), VerdictLine(t.report)))
}

// terminal is a text being written.
type terminal struct {
	Options
	report *Report
	out    bytes.Buffer
	hinted map[string]bool // hints that stand above
}

// style is an ANSI "select graphic rendition" parameter (ECMA-48, 8.3.117).
// Yellow, cyan and bright green are left out: on white nobody can read them.
type style string

const (
	bold    style = "1"
	dim     style = "2"
	struck  style = "9"
	red     style = "1;31"
	green   style = "32"
	magenta style = "1;35"
)

// paint styles a text; spaces around it stay as they are.
func (t *terminal) paint(s style, text string) string {
	bare := strings.Trim(text, " ")
	if !t.Color || s == "" || bare == "" {
		return text
	}
	before, after, _ := strings.Cut(text, bare)
	return before + "\x1b[" + string(s) + "m" + bare + "\x1b[0m" + after
}

// line writes a line of visible parts.
func (t *terminal) line(parts ...string) {
	t.out.WriteString(text.Inert(strings.TrimRight(strings.Join(parts, ""), " ")))
	t.out.WriteByte('\n')
}

// hang is the most that the second and later lines of a sentence are indented.
const hang = 8

// prose writes a sentence behind its head, which is fit to be shown; the
// sentence need not be.
func (t *terminal) prose(s style, head, sentence string) {
	rest := strings.Repeat(" ", min(cells(head), hang))
	for i, line := range wrap(text.Visible(sentence), t.room(cells(head)), t.room(len(rest))) {
		if i == 0 {
			t.line(t.paint(s, head), line)
		} else {
			t.line(rest, line)
		}
	}
}

// room returns the cells right of an indent, 0 for no limit. A terminal too
// narrow to write in is written past its edge.
func (t *terminal) room(indent int) int {
	if t.Width <= 0 {
		return 0
	}
	return max(t.Width-indent, 20)
}

// gap separates two sections.
func (t *terminal) gap() {
	if t.out.Len() > 0 {
		t.out.WriteByte('\n')
	}
}

func severityStyle(s config.Severity) style {
	switch s {
	case rule.Error:
		return red
	case rule.Warning:
		return magenta
	}
	return bold
}

// shownFindings is how many findings are written; nobody reads as many.
const shownFindings = 1000

func (t *terminal) findings(all []rule.Finding) {
	for i, f := range all {
		if i == shownFindings {
			t.gap()
			t.line(t.paint(dim, fmt.Sprintf("… and %s more; --format json lists them", text.Count(len(all)-i, "finding"))))
			return
		}
		t.finding(f)
	}
}

func (t *terminal) finding(f rule.Finding) {
	t.gap()
	t.line(t.paint(severityStyle(f.Severity), string(f.Severity)), " ", t.paint(bold, f.Rule), " ", t.place(f.Span))
	t.prose("", "  ", f.Message)
	t.quote(f.Span, severityStyle(f.Severity))
	t.hint(f.Hint)
	for _, rel := range f.Related {
		t.prose("", "  see "+t.place(rel.Span)+": ", rel.Message)
	}
}

// place returns path:line:column, and says of a line that the change takes away
// that it is one.
func (t *terminal) place(s source.Span) string {
	if s.IsZero() {
		return text.Visible(t.report.boardPath())
	}
	if before, _ := sides(t.report, s); before != nil {
		return text.Visible(s.String()) + " (before this change)"
	}
	return text.Visible(s.String())
}

// quoteCells is how much of a line is quoted where the terminal has no width.
const quoteCells = 120

// quote writes the line of a place with a caret under it.
func (t *terminal) quote(s source.Span, caret style) {
	if s.IsZero() {
		return
	}
	s = s.FirstLine()
	from := s.From()
	number := fmt.Sprintf("%5d", from.Line)
	start := s.Start - s.File.LineStart(from.Line)
	room := quoteCells
	if t.Width > 0 {
		room = t.room(len(number) + 3)
	}
	line, mark := quotedLine(string(s.File.Line(from.Line)), start, start+s.End-s.Start, room)
	if strings.TrimSpace(line) == "" {
		return
	}
	t.line(t.paint(dim, number+" |"), " ", line)
	t.line(t.paint(dim, strings.Repeat(" ", len(number))+" |"), " ", t.paint(caret, mark))
}

// hint writes what would put a finding right, once. Its first line is wrapped;
// what is to be pasted stands as it is.
func (t *terminal) hint(text string) {
	if text == "" {
		return
	}
	if t.hinted[text] {
		t.line("  ", t.paint(dim, "hint: as above"))
		return
	}
	t.hinted[text] = true
	sentence, paste := hinted(text)
	t.prose(bold, "  hint: ", sentence)
	for _, line := range paste {
		t.line("        ", line)
	}
}

func (t *terminal) waived(findings []rule.Finding) {
	if len(findings) == 0 {
		return
	}
	t.gap()
	t.line(t.paint(bold, text.Count(len(findings), "finding")+" waived"))
	for _, f := range findings {
		t.prose(struck, "  "+f.Rule+" "+t.place(f.Span)+": ", because(f.Waived))
	}
}

// because returns a waiver's reason and how long it holds.
func because(w *board.Waiver) string {
	reason := title(w.Reason)
	if w.Until.IsZero() {
		return reason
	}
	return reason + " (until " + w.Until.Time().Format("2006-01-02") + ")"
}

func (t *terminal) older(findings []rule.Finding) {
	if len(findings) == 0 {
		return
	}
	t.gap()
	for _, line := range wrap(olderLine(findings)+"; --format json lists them", t.room(0), t.room(0)) {
		t.line(t.paint(dim, line))
	}
	if !t.report.Unchanged {
		return
	}
	for _, f := range firstOfEach(findings) {
		t.prose(dim, "  "+f.Rule+" "+t.place(f.Span)+": ", f.Message)
	}
}

// olderLine counts the findings that the change did not bring, by rule.
func olderLine(findings []rule.Finding) string {
	counts := map[string]int{}
	for _, f := range findings {
		counts[f.Rule]++
	}
	var rules []string
	for _, f := range firstOfEach(findings) {
		rules = append(rules, fmt.Sprintf("%d %s", counts[f.Rule], f.Rule))
	}
	return text.Count(len(findings), "older finding") + ", not from this change: " + strings.Join(rules, ", ")
}

// firstOfEach returns the first finding of each rule, the most severe first.
func firstOfEach(findings []rule.Finding) []rule.Finding {
	var out []rule.Finding
	for _, f := range findings {
		if !slices.ContainsFunc(out, func(o rule.Finding) bool { return o.Rule == f.Rule }) {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b rule.Finding) int { return b.Severity.Rank() - a.Severity.Rank() })
	return out
}

// shownItems is how many titles a column shows.
const shownItems = 10

func (t *terminal) writeColumns() {
	c := t.report.Case
	if c == nil || c.Head == nil || len(c.Head.Columns) == 0 {
		return
	}
	t.gap()
	if counts := SummaryLine(t.report); counts != "" {
		t.prose(bold, text.Visible(t.report.boardPath())+": ", counts)
	} else {
		t.line(t.paint(bold, text.Visible(t.report.boardPath())))
	}
	all := columns(c.Head, c.Base, c.Policy)
	names, counts := 0, 0
	for _, c := range all {
		names, counts = max(names, cells(c.name)), max(counts, cells(c.count()))
	}
	for _, c := range all {
		t.writeColumn(c, "  "+pad(c.name, min(names, 20))+"  "+pad(c.count(), counts)+"  ")
	}
}

func (t *terminal) compared() {
	if line := t.report.comparedLine(text.Visible); line != "" {
		t.gap()
		t.prose("", "", line)
	}
}

// writeColumn writes a column behind its head: the titles of what is in hand and what
// is next. The other columns are counted.
func (t *terminal) writeColumn(c column, head string) {
	if c.role != board.WIP && c.role != board.Next {
		t.line(head)
		return
	}
	if len(c.items) == 0 {
		t.line(head, t.paint(dim, "(none)"))
		return
	}
	rest := strings.Repeat(" ", cells(head))
	for i, item := range c.items {
		if i > 0 {
			head = rest
		}
		if i == shownItems {
			t.line(head, t.paint(dim, fmt.Sprintf("… and %d more", len(c.items)-i)))
			return
		}
		t.line(head, t.fit(title(item.Title.Value), cells(head)))
	}
}

// fit cuts text to what is right of an indent.
func (t *terminal) fit(text string, indent int) string {
	if n := t.room(indent); n > 0 {
		return clip(text, n)
	}
	return text
}

// shownMoves is how many changes of items are written.
const shownMoves = 40

func (t *terminal) moves() {
	all := told(t.report)
	if len(all) == 0 {
		return
	}
	t.gap()
	t.line(t.paint(bold, "This change"))
	for i, m := range all {
		if i == shownMoves {
			t.line("  ", t.paint(dim, fmt.Sprintf("… and %d more", len(all)-i)))
			return
		}
		head := "  " + pad(string(m.kind), 7) + "  " + pad(m.way(), 12) + "  "
		t.line(head, t.fit(m.name(), cells(head)))
	}
}

// way returns "NEXT -> WIP", or the one column of a change that stays in it.
func (m move) way() string {
	from, to := roleName(m.from), roleName(m.to)
	switch {
	case m.from == "" || m.from == m.to:
		return to
	case m.to == "":
		return from
	}
	return from + " -> " + to
}

// name returns a change's title, and the one before where it was another.
func (m move) name() string {
	if m.was == "" {
		return title(m.title)
	}
	return title(m.title) + " (was: " + title(m.was) + ")"
}

func (t *terminal) notes() {
	said := claims(t.report)
	if len(t.report.Waivers)+len(said)+len(t.report.Remarks) == 0 {
		return
	}
	t.gap()
	for _, claim := range said {
		t.prose(bold, "author's word: ", claim.sentence(unchanged, unchanged))
	}
	for _, w := range t.report.Waivers {
		t.prose(bold, "waiver: ", waiverLine(w))
	}
	for _, remark := range t.report.Remarks {
		t.prose(bold, "note: ", remark)
	}
}

// waiverLine says what a waiver that the change brings covers.
func waiverLine(w Waived) string {
	return fmt.Sprintf("this change waives %s for itself, %s: %s", w.Rule, text.Count(w.Findings, "finding"), title(w.Reason))
}

// next says what to do, where there is something to do.
func (t *terminal) next(deciding []rule.Finding) {
	if len(t.report.Reasons) > 0 {
		t.gap()
		for _, reason := range t.report.Reasons {
			t.prose(magenta, "unverified: ", reason)
		}
	}
	if t.report.Verdict == rule.Fail && len(deciding) > 0 {
		t.gap()
		t.prose(bold, "next: ", "apply the hints above, or ask why: boardgate explain "+deciding[0].Rule)
	}
}

func verdictStyle(v rule.Verdict) style {
	switch v {
	case rule.Fail:
		return red
	case rule.Passed:
		return green
	}
	return magenta
}
