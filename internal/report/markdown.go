package report

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// Markdown writes a report for a check run, a comment or a job summary on GitHub.
//
// It reads Options.Bytes, Options.Help, Options.Blob and Options.Line. Where not all fits, findings that
// fail go before the rest, each is whole or counted in "N more".
func Markdown(r *Report, o Options) []byte {
	if r.ProductionOnly() {
		return []byte(fit(productionSections(r), o.Bytes))
	}
	return []byte(fit(boardSections(r, o), o.Bytes))
}

// boardSections are the verdict, what the change waives for itself, the board
// before and after, what moved, the findings, the older ones collapsed.
func boardSections(r *Report, o Options) []section {
	s := partitionOf(r)
	finding := func(f rule.Finding) string { return findingEntry(r, f, o) }
	return []section{
		{rank: 0, head: "## boardgate " + VerdictLine(r) + "\n", noun: "reason", entries: each(r.Reasons, bullet)},
		{rank: 1, head: "\n**This change waives for itself:**\n\n", noun: "waiver", entries: each(r.Waivers, waiverEntry)},
		{rank: 1, head: "\n**What its author says became of items:**\n\n", noun: "item", entries: each(claims(r), claimEntry)},
		{rank: 5, head: boardTable(r) + comparedEntry(r)},
		{rank: 6, head: "\n### In work and next\n\n", noun: "item", entries: inHand(r)},
		{rank: 7, head: "\n### What moved\n\n", noun: "change", entries: each(told(r), moveEntry)},
		{rank: 2, head: "\n### Errors\n\n", noun: "error", entries: each(s.errors, finding)},
		{rank: 3, head: "\n### Warnings\n\n", noun: "warning", entries: each(s.warnings, finding)},
		{rank: 4, head: "\n### Notices\n\n", noun: "notice", entries: each(s.notices, finding)},
		{rank: 8, head: "\n### Waived\n\n", noun: "waived finding", entries: each(s.waived, func(f rule.Finding) string { return waivedEntry(r, f, o) })},
		{
			rank: 10, head: "\n<details><summary>" + olderLine(s.older) + "</summary>\n\n", tail: "\n</details>\n",
			noun: "older finding", entries: each(s.older, func(f rule.Finding) string { return olderEntry(r, f, o) }),
		},
		{rank: 9, head: "\n### Notes\n\n", noun: "note", entries: each(r.Remarks, bullet)},
	}
}

// section is a part of the report. One of entries is written only where there are some.
type section struct {
	rank       int // the lower, the sooner it gets room
	head, tail string
	entries    []string // each whole Markdown blocks, ending in a newline
	noun       string   // what an entry is, for "N more"
}

// more says how many entries are left out.
func (s section) more(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("- … and %d more %s\n", n, strings.TrimPrefix(text.Count(n, s.noun), fmt.Sprint(n, " ")))
}

// text returns the section with its first n entries.
func (s section) text(n int) string {
	if s.noun != "" && len(s.entries) == 0 && s.rank > 0 {
		return ""
	}
	head := s.head
	if s.rank == 0 && len(s.entries) > 0 {
		head += "\n"
	}
	return head + strings.Join(s.entries[:n], "") + s.more(len(s.entries)-n) + s.tail
}

// fit joins the sections in their order within a budget of bytes, 0 for none.
// Every section is counted from the start with none of its entries; then each,
// by rank, takes as many as there is room for. A budget too small even for the
// counts gets the verdict's line, cut at a rune.
func fit(sections []section, budget int) string {
	shown := make([]int, len(sections))
	left := budget
	for _, s := range sections {
		left -= len(s.text(0))
	}
	if budget > 0 && left < 0 {
		return text.ClipBytes(sections[0].head, budget)
	}
	byRank := make([]int, len(sections))
	for i := range byRank {
		byRank[i] = i
	}
	slices.SortFunc(byRank, func(a, b int) int { return sections[a].rank - sections[b].rank })
	for _, i := range byRank {
		shown[i] = takes(sections[i], left, budget == 0)
		left -= len(sections[i].text(shown[i])) - len(sections[i].text(0))
	}
	var out strings.Builder
	for i, s := range sections {
		out.WriteString(s.text(shown[i]))
	}
	return out.String()
}

// takes returns how many entries of a section fit in left bytes more than it
// needs for none of them.
func takes(s section, left int, all bool) int {
	if all {
		return len(s.entries)
	}
	spare := left + len(s.more(len(s.entries)))
	n, used := 0, 0
	for n < len(s.entries) && used+len(s.entries[n])+len(s.more(len(s.entries)-n-1)) <= spare {
		used += len(s.entries[n])
		n++
	}
	return n
}

func claimEntry(c claim) string { return "- " + c.sentence(value, prose) + "\n" }

// bullet returns a list item that holds text and nothing but.
func bullet(text string) string { return "- " + paragraph(text, messageRunes) }

// paragraph returns a line that holds at most so many runes of a text: what
// would begin a list becomes code.
func paragraph(s string, most int) string {
	first, rest, _ := strings.Cut(prose(text.Clip(s, most)), " ")
	if strings.Trim(first, "0123456789") == "" || strings.Trim(first, "0123456789-+.)") == "" {
		first = code(first)
	}
	return strings.TrimRight(first+" "+rest, " ") + "\n"
}

// The most of a message, and of a hint's lines, that is written: a line of a
// board may be as long as a board.
const (
	messageRunes = 1000
	hintRunes    = 2000
	hintLines    = 20
)

func waiverEntry(w Waived) string {
	return "- " + code(w.Rule) + ", " + text.Count(w.Findings, "finding") + ": " + prose(text.Clip(w.Reason, messageRunes)) + "\n"
}

// findingEntry is one finding as a list item: rule, place, message, hint, other
// places.
func findingEntry(r *Report, f rule.Finding, o Options) string {
	var b strings.Builder
	fmt.Fprintf(&b, "- %s %s%s\n", ruleName(f.Rule, o), placed(r, f.Span, o), said(f))
	if f.Hint != "" {
		sentence, paste := hinted(f.Hint)
		b.WriteString("\n  " + paragraph(sentence, hintRunes))
		if len(paste) > 0 {
			b.WriteString("\n" + fenced(clipped(paste), "  "))
		}
	}
	for _, rel := range f.Related {
		fmt.Fprintf(&b, "\n  See %s%s\n", placed(r, rel.Span, o), prose(text.Clip(rel.Message, messageRunes)))
	}
	return b.String()
}

// ruleName returns a rule's name, a link where its page is known. Both are our own words.
func ruleName(rule string, o Options) string {
	name := "**" + code(rule) + "**"
	if help := helpFor(o, rule); help != "" {
		return "[" + name + "](" + help + ")"
	}
	return name
}

// said returns what a finding says as inline Markdown. A value that it quotes is
// one piece: text where Markdown makes nothing of it, else code.
func said(f rule.Finding) string {
	message := text.Clip(f.Message, messageRunes)
	var b joined
	at := 0
	for _, q := range f.Quotes {
		if q.End > len(message) || message[:q.End] != f.Message[:q.End] {
			break
		}
		b.add(message[at:q.Start], prose)
		b.add(message[q.Start:q.End], value)
		at = q.End
	}
	b.add(message[at:], prose)
	return b.text
}

// joined is inline Markdown of parts of one text.
type joined struct {
	text  string
	space bool // white space was left out at its end
}

// add puts a part behind the others as write has it. Code is kept apart from
// all but the quotes and stops that may stand beside it.
func (b *joined) add(part string, write func(string) string) {
	bare := strings.TrimSpace(part)
	b.space = b.space || strings.TrimLeftFunc(part, unicode.IsSpace) != part
	if bare == "" {
		return
	}
	text := write(bare)
	if b.text != "" && (b.space ||
		strings.HasPrefix(text, "`") && strings.TrimRight(b.text, opening) == b.text ||
		strings.HasSuffix(b.text, "`") && strings.TrimLeft(text, closing) == text) {
		b.text += " "
	}
	b.text += text
	b.space = strings.TrimRightFunc(part, unicode.IsSpace) != part
}

// value returns a quoted value as inline Markdown.
func value(quoted string) string {
	words := strings.Fields(text.Visible(quoted))
	if slices.ContainsFunc(words, func(w string) bool { return !plainWord(w) }) {
		return code(quoted[1 : len(quoted)-1])
	}
	return strings.Join(words, " ")
}

// clipped cuts lines where there are too many, or too much in them.
func clipped(written []string) []string {
	written = strings.Split(text.Clip(strings.Join(written, "\n"), hintRunes), "\n")
	if len(written) > hintLines {
		written = append(written[:hintLines], "…")
	}
	return written
}

// placed returns a place and a space: a link to the line, else path:line:column
// as code, which says of a line that the change takes away that it is one.
// Nothing where there is no place.
func placed(r *Report, s source.Span, o Options) string {
	if s.IsZero() && r.boardPath() == "" {
		return ""
	}
	if s.IsZero() {
		return code(r.boardPath()) + " "
	}
	if before, _ := sides(r, s); before != nil {
		return code(s.String()) + " (before this change) "
	}
	if line := o.lineOf(s); line > 0 {
		return fmt.Sprintf("[%s](%s) ", prose(fmt.Sprintf("%s:%d", s.File.Path, line)), o.address(s.File.Path, line))
	}
	return code(s.String()) + " "
}

// lineOf returns the line of a place at the head's commit, 0 where there is nothing to link.
func (o Options) lineOf(s source.Span) int {
	if o.Blob == "" {
		return 0
	}
	return o.Line(s.File.Path, s.From().Line)
}

// address returns the page of a line. Markdown is shown as it is rendered, without
// lines, unless "plain=1" asks for its text:
// https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/creating-a-permanent-link-to-a-code-snippet#linking-to-markdown
func (o Options) address(path string, line int) string {
	query := ""
	if strings.HasSuffix(path, ".md") {
		query = "?plain=1"
	}
	return fmt.Sprintf("%s%s%s#L%d", o.Blob, (&url.URL{Path: path}).EscapedPath(), query, line)
}

func waivedEntry(r *Report, f rule.Finding, o Options) string {
	return "- ~~" + strings.TrimSpace(code(f.Rule)+" "+placed(r, f.Span, o)) + "~~ " + prose(because(f.Waived)) + "\n"
}

func olderEntry(r *Report, f rule.Finding, o Options) string {
	return "- " + code(f.Rule) + " " + placed(r, f.Span, o) + said(f) + "\n"
}

// boardTable returns the counts of the columns before and after. All in it is
// our own: a foreign title could break a table's row.
func boardTable(r *Report) string {
	if SummaryLine(r) == "" {
		return ""
	}
	before := map[board.Role]string{}
	if r.Case.Base != nil {
		for _, c := range columns(r.Case.Base, r.Case.Base, r.Case.Policy) {
			before[c.role] = c.count()
		}
	}
	var b strings.Builder
	b.WriteString("\n| Column | Before | After |\n| --- | --- | --- |\n")
	for _, c := range columns(r.Case.Head, r.Case.Base, r.Case.Policy) {
		if c.role == board.Other {
			continue
		}
		was, ok := before[c.role]
		if !ok {
			was = "–"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", c.name, was, c.count())
	}
	return b.String()
}

// comparedEntry says what was compared with what.
func comparedEntry(r *Report) string {
	line := r.comparedLine(code)
	if line == "" {
		return ""
	}
	return "\n" + strings.ToUpper(line[:1]) + line[1:] + ".\n"
}

// inHand lists the titles in WIP and NEXT.
func inHand(r *Report) []string {
	if r.Case == nil || r.Case.Head == nil {
		return nil
	}
	var out []string
	for _, role := range [...]board.Role{board.WIP, board.Next} {
		for _, i := range r.Case.Head.Items(role) {
			out = append(out, "- "+roleName(role)+": "+code(title(i.Title.Value))+"\n")
		}
	}
	return out
}

func moveEntry(m move) string {
	text := "- " + strings.ReplaceAll(m.way(), "->", "→") + ": " + code(title(m.title))
	if m.kind != compare.Moved {
		text += ", " + string(m.kind)
	}
	if m.was != "" {
		text += ", was " + code(title(m.was))
	}
	return text + "\n"
}
