package report

import (
	"bytes"
	"encoding/json"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// jsonVersion is the version of the JSON report. Within one, fields are added
// and never renamed.
const jsonVersion = 1

// The JSON report. The tags are its contract: `json` names a field, `doc` says
// what it is, `enum` which values it takes; Schema is made of them.
type (
	jsonReport struct {
		Version  int           `json:"version" doc:"Version of this format. Fields are added within one, never renamed." enum:"1"`
		Tool     jsonTool      `json:"tool"`
		Verdict  string        `json:"verdict" enum:"pass|fail|unverified"`
		Policy   jsonPolicy    `json:"policy" doc:"Where the rules in force come from."`
		Board    *jsonBoard    `json:"board" doc:"The board after the change; null where there is none."`
		Base     *jsonBase     `json:"base" doc:"The board before the change; null where there is none."`
		State    *jsonBoard    `json:"state" doc:"The state file after the change; null where there is none."`
		Changes  []jsonChange  `json:"changes" doc:"What happened to items, those of the board in its order, then those removed."`
		Findings []jsonFinding `json:"findings" doc:"Sorted by path, place, rule."`
		Facts    []jsonFact    `json:"facts" doc:"The prod-facts that were checked."`
		Receipts []jsonReceipt `json:"receipts" doc:"What became of each place the report was taken to."`
		Reasons  []string      `json:"reasons" doc:"Why the verdict is unverified."`
		Remarks  []string      `json:"remarks" doc:"What was not looked at, and why."`
	}
	jsonTool struct {
		Version string `json:"version"`
	}
	jsonPolicy struct {
		Source string `json:"source" doc:"\"defaults\", or the path of the configuration."`
		Commit string `json:"commit" doc:"The commit it was read from; empty where it was none."`
	}
	jsonBoard struct {
		Path    string       `json:"path"`
		Stamp   *string      `json:"stamp" doc:"When it says it was last updated: RFC 3339, or a day where it names no time; null where it does not say."`
		Columns []jsonColumn `json:"columns"`

		Unparsed []jsonUnparsed `json:"unparsed,omitempty" doc:"What looks like cards and was read as none."`
	}
	jsonBase struct {
		jsonBoard
		Revision string `json:"revision,omitempty" doc:"What it was compared with, as people call it: a branch, HEAD, a file's path."`
		Commit   string `json:"commit,omitempty" doc:"Absent where it is not a commit."`
	}
	jsonUnparsed struct {
		Line    int    `json:"line" doc:"Of the heading, or of the first line where there is none above it; from 1."`
		Items   int    `json:"items" doc:"How many lines look like cards."`
		Heading string `json:"heading" doc:"The heading above it; empty where there is none."`
	}
	jsonColumn struct {
		Role  string     `json:"role" enum:"wip|next|done|dropped|other|in-progress|stable|closed|blocked"`
		Title string     `json:"title"`
		Limit *int       `json:"limit" doc:"The limit in force; null where there is none."`
		Line  int        `json:"line" doc:"From 1."`
		Items []jsonItem `json:"items"`
	}
	jsonItem struct {
		Title    string            `json:"title"`
		ID       string            `json:"id" doc:"Empty where it has none."`
		IDs      []string          `json:"ids,omitempty" doc:"All ids that its title begins with, where there are several."`
		Group    string            `json:"group,omitempty" doc:"The sub-heading or label that gathers it; absent where none does."`
		Started  *string           `json:"started,omitempty" doc:"The day on which work on it began, by its own words; absent where it names none."`
		Line     int               `json:"line" doc:"From 1."`
		Date     *string           `json:"date" doc:"A day, 2025-12-20; null where it has none."`
		Pulls    []int             `json:"pulls" doc:"Pull requests of this repository that it cites."`
		Fields   map[string]string `json:"fields" doc:"Of fields of one name the first."`
		Criteria []jsonCriterion   `json:"criteria" doc:"Its Definition of Done."`
	}
	jsonCriterion struct {
		Text       string `json:"text"`
		Line       int    `json:"line" doc:"From 1."`
		Measurable string `json:"measurable" enum:"yes|no|unclear"`
	}
	jsonChange struct {
		Kind  string `json:"kind" enum:"added|removed|moved|edited|ticked" doc:"Ticked: the box of an item that stays in NEXT or WIP, whatever else was edited."`
		Title string `json:"title"`
		Was   string `json:"was" doc:"Its title before; empty where that was the same."`
		From  string `json:"from" doc:"The role of its column before; empty for an item added."`
		To    string `json:"to" doc:"The role of its column after; empty for an item removed."`
		Path  string `json:"path,omitempty" doc:"The board that the line is of."`
		Line  int    `json:"line" doc:"In the board after the change; of an item removed, in the one before."`
		Match string `json:"match" doc:"By what both were taken for one; empty for added and removed." enum:"|id|exact|title|criteria|fuzzy|marked"`

		Reason string `json:"reason,omitempty" doc:"Of an item removed, why its author says that it was dropped."`
	}
	jsonPlace struct {
		Path      string `json:"path"`
		Line      int    `json:"line" doc:"From 1; 0 where the finding is about no place."`
		Column    int    `json:"column" doc:"UTF-8 bytes from 1; 0 where the finding is about no place."`
		EndLine   int    `json:"end_line"`
		EndColumn int    `json:"end_column" doc:"Exclusive."`
	}
	jsonFinding struct {
		Rule       string      `json:"rule"`
		Severity   string      `json:"severity" doc:"The one in force after policy." enum:"error|warning|notice"`
		Introduced bool        `json:"introduced" doc:"False where the base has it too; then it does not decide."`
		Waived     *jsonWaiver `json:"waived" doc:"The waiver that covers it, or null."`
		jsonPlace
		Message string        `json:"message"`
		Hint    string        `json:"hint" doc:"What would fix it, to paste where it can be; empty for none."`
		Help    string        `json:"help" doc:"Address of the rule's page; empty where none is known."`
		Related []jsonRelated `json:"related" doc:"Other places; of a line that the change took away, that line."`
		Fix     *jsonFix      `json:"fix" doc:"An edit that fixes it, or null."`
	}
	jsonWaiver struct {
		Reason string  `json:"reason"`
		Until  *string `json:"until" doc:"The last day it holds; null where it has no end."`
		Line   int     `json:"line"`
	}
	jsonRelated struct {
		jsonPlace
		Message string `json:"message"`
	}
	jsonFix struct {
		Path  string     `json:"path"`
		Edits []jsonEdit `json:"edits" doc:"They do not overlap."`
	}
	jsonEdit struct {
		StartLine   int    `json:"start_line"`
		StartColumn int    `json:"start_column" doc:"UTF-8 bytes from 1."`
		EndLine     int    `json:"end_line"`
		EndColumn   int    `json:"end_column" doc:"Exclusive."`
		New         string `json:"new"`
	}
	jsonReceipt struct {
		Sink   string `json:"sink"`
		State  string `json:"state" enum:"done|degraded|failed|off"`
		Detail string `json:"detail"`
	}
)

// JSON writes a report as data, in the contract that Schema describes. It reads
// Options.Help.
func JSON(r *Report, o Options) []byte {
	out := jsonReport{
		Version:  jsonVersion,
		Tool:     jsonTool{Version: r.Tool},
		Verdict:  r.Verdict.String(),
		Changes:  jsonChanges(r),
		Findings: each(r.Findings, func(f rule.Finding) jsonFinding { return jsonFindingOf(r, f, o) }),
		Facts:    jsonFacts(r.Production),
		Receipts: each(r.Receipts, func(c Receipt) jsonReceipt { return jsonReceipt(c) }),
		Reasons:  each(r.Reasons, unchanged),
		Remarks:  each(r.Remarks, unchanged),
	}
	if p := r.Production; p != nil && p.Control.State == fact.Unreachable {
		out.Remarks = append(out.Remarks, p.Control.Reason)
	}
	if r.Waiting != nil && r.Waiting.Reason != "" {
		out.Reasons = append(out.Reasons, r.Waiting.Reason)
	}
	if c := r.Case; c != nil {
		out.Policy = jsonPolicy{Source: c.Policy.Source, Commit: c.Policy.Commit}
		out.Board = jsonBoardOf(c.Head, inForce(c.Policy, c.Base, c.Head), c)
		if b := jsonBoardOf(c.Base, inForce(c.Policy, c.Base, c.Base), c); b != nil {
			out.Base = &jsonBase{jsonBoard: *b}
			if r.Compared != nil {
				out.Base.Revision, out.Base.Commit = r.Compared.Revision, r.Compared.Commit
			}
		}
		out.State = jsonBoardOf(c.State, stated, c)
	}
	return encode(out)
}

// encode writes v as indented JSON. A title may hold "##[", which a CI obeys
// wherever a process prints it; in JSON the same text can be written without it.
func encode(v any) []byte {
	var compact bytes.Buffer
	e := json.NewEncoder(&compact)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // the types are ours and hold nothing that JSON cannot
	}
	out := indented(compact.Bytes())
	if !bytes.Contains(out, []byte("##")) {
		return out
	}
	return text.JobCommand.ReplaceAll(out, []byte(`#\u0023${1}[`))
}

// indented lays out the JSON that an encoder wrote as json.Indent does with two
// spaces. That one checks every byte again, which takes longer than writing it.
func indented(compact []byte) []byte {
	out := make([]byte, 0, 2*len(compact))
	depth, from, inText := 0, 0, false
	line := func(end int) {
		out = append(append(out, compact[from:end]...), '\n')
		for range depth {
			out = append(out, "  "...)
		}
		from = end
	}
	for i := 0; i < len(compact); i++ {
		switch c := compact[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case (c == '{' || c == '[') && compact[i+1] != c+2: // in ASCII the closing one is two further
			depth++
			line(i + 1)
		case (c == '}' || c == ']') && compact[i-1] != c-2:
			depth--
			line(i)
		case c == ',':
			line(i + 1)
		case c == ':':
			out = append(append(out, compact[from:i+1]...), ' ')
			from = i + 1
		}
	}
	return append(out, compact[from:]...)
}

// each maps a slice to one that is never nil, so that JSON has [] and not null.
func each[A, B any](in []A, f func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, a := range in {
		out = append(out, f(a))
	}
	return out
}

func unchanged(s string) string { return s }

// stated is the limit that a column's own heading states.
func stated(c *board.Column) *int {
	if c.Limit == nil {
		return nil
	}
	return &c.Limit.Max
}

// inForce returns the limits that judge a board. A column without rules of its
// own keeps what its heading states.
func inForce(p config.Policy, base, b *board.Board) func(*board.Column) *int {
	return func(c *board.Column) *int {
		if c.Role == board.Other {
			return stated(c)
		}
		if limit, ok := p.Limit(c.Role, base, b); ok {
			return &limit.Max
		}
		return nil
	}
}

func jsonBoardOf(b *board.Board, limit func(*board.Column) *int, judged *rule.Case) *jsonBoard {
	if b == nil {
		return nil
	}
	out := &jsonBoard{Stamp: stampOf(b)}
	if b.File != nil {
		out.Path = b.File.Path
	}
	out.Columns = each(b.Columns, func(c *board.Column) jsonColumn {
		return jsonColumn{
			Role: string(c.Role), Title: c.Title.Value, Limit: limit(c),
			Line: c.Title.Span.From().Line, Items: each(c.Items, func(i *board.Item) jsonItem { return jsonItemOf(i, judged) }),
		}
	})
	for _, u := range b.Unparsed {
		at := u.Heading
		if at.Value == "" {
			at = u.Lines[0].Text
		}
		out.Unparsed = append(out.Unparsed, jsonUnparsed{Line: at.Span.From().Line, Items: len(u.Lines), Heading: u.Heading.Value})
	}
	return out
}

// stampOf returns the board's stamp, nil where it has none or none that can be read.
func stampOf(b *board.Board) *string {
	s, ok := b.Stamp()
	if !ok || s.Time.IsZero() {
		return nil
	}
	layout := "2006-01-02"
	if s.HasTime {
		layout = "2006-01-02T15:04:05Z07:00"
	}
	text := s.Time.Format(layout)
	return &text
}

func jsonItemOf(i *board.Item, judged *rule.Case) jsonItem {
	out := jsonItem{
		Title: i.Title.Value, ID: i.ID, Line: i.Line.From().Line, Date: day(i.Date), Group: i.Group, Started: day(i.Started),
		Pulls: []int{}, Fields: map[string]string{}, Criteria: []jsonCriterion{},
	}
	if len(i.IDs) > 1 {
		out.IDs = i.IDs
	}
	for _, p := range i.Pulls {
		if p.Repo == "" {
			out.Pulls = append(out.Pulls, p.Number)
		}
	}
	for _, f := range i.Fields {
		if _, taken := out.Fields[f.Name]; !taken {
			out.Fields[f.Name] = f.Value.Value
		}
	}
	if i.DoD != nil {
		out.Criteria = each(i.DoD.Criteria, func(c board.Text) jsonCriterion {
			return jsonCriterion{Text: c.Value, Line: c.Span.From().Line, Measurable: judged.Measured(c.Value).String()}
		})
	}
	return out
}

// day returns a date as JSON has it, nil where none is written.
func day(d board.Date) *string {
	if d.IsZero() {
		return nil
	}
	text := d.Time().Format("2006-01-02")
	return &text
}

func jsonChanges(r *Report) []jsonChange {
	return each(moves(r), func(m move) jsonChange {
		return jsonChange{
			Kind: string(m.kind), Title: m.title, Was: m.was, From: string(m.from), To: string(m.to),
			Path: m.path, Line: m.line, Match: string(m.match), Reason: m.dropped,
		}
	})
}

func jsonFindingOf(r *Report, f rule.Finding, o Options) jsonFinding {
	at, _ := Anchor(r, f)
	out := jsonFinding{
		Rule: f.Rule, Severity: string(f.Severity), Introduced: f.Introduced, Waived: jsonWaiverOf(f.Waived),
		jsonPlace: placeOf(r, at), Message: f.Message, Hint: f.Hint, Help: helpFor(o, f.Rule),
		Related: each(f.Related, func(rel rule.Related) jsonRelated {
			return jsonRelated{placeOf(r, rel.Span), rel.Message}
		}),
		Fix: jsonFixOf(f.Fix),
	}
	if at != f.Span {
		out.Related = append(out.Related, jsonRelated{placeOf(r, f.Span), "the line before this change"})
	}
	return out
}

// helpFor returns the address of a rule's page, empty where none is known.
func helpFor(o Options, rule string) string {
	if o.Help == "" {
		return ""
	}
	return o.Help + rule + ".md"
}

func placeOf(r *Report, s source.Span) jsonPlace {
	if s.IsZero() {
		return jsonPlace{Path: r.boardPath()}
	}
	from, to := s.From(), s.To()
	return jsonPlace{s.File.Path, from.Line, from.Column, to.Line, to.Column}
}

func jsonWaiverOf(w *board.Waiver) *jsonWaiver {
	if w == nil {
		return nil
	}
	return &jsonWaiver{Reason: w.Reason, Until: day(w.Until), Line: w.Span.From().Line}
}

// jsonFixOf returns a fix of one file; half of one that spans files would do harm.
func jsonFixOf(edits []source.Edit) *jsonFix {
	if len(edits) == 0 {
		return nil
	}
	file := edits[0].Span.File
	out := &jsonFix{Path: file.Path}
	for _, e := range edits {
		if e.Span.File != file {
			return nil
		}
		from, to := e.Span.From(), e.Span.To()
		out.Edits = append(out.Edits, jsonEdit{from.Line, from.Column, to.Line, to.Column, e.New})
	}
	return out
}
