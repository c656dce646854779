package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// What GitHub's code scanning does with a SARIF file
// (https://docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning):
//
//   - It shows message.text, and of the rule shortDescription, fullDescription
//     and help; help.markdown in place of help.text.
//   - It wants a place for every result, and shows only the first.
//   - It knows a result again by partialFingerprints.primaryLocationLineHash
//     alone, and makes one from the line's text where there is none; ours
//     is made of what the finding is about, so a moved line is the same alert.
//   - It keeps at most 5,000 results of a run, by severity.
//   - It ignores suppressions and baselineState. Other readers do not.

// sarifResults is how many results of a run GitHub keeps.
const sarifResults = 5000

// The part of SARIF 2.1.0 that is written here. A library would add a whole
// object model for these few.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID            string      `json:"id"`
		Short         sarifText   `json:"shortDescription"`
		Full          sarifText   `json:"fullDescription"`
		HelpURI       string      `json:"helpUri,omitempty"`
		Help          sarifText   `json:"help"`
		Configuration sarifConfig `json:"defaultConfiguration"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
		Baseline     string             `json:"baselineState,omitempty"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI       string `json:"uri"`
		URIBaseID string `json:"uriBaseId"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
)

// SARIF writes a report in the Static Analysis Results Interchange Format 2.1.0
// (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), as GitHub's
// code scanning reads it. It reads Options.Help and Options.Book.
func SARIF(r *Report, o Options) []byte {
	findings := bySeverity(r.Findings)
	rules := rulesOf(findings)
	notes := sarifNotes(r, len(findings))
	findings = findings[:min(len(findings), sarifResults)]
	marks := newFingerprints()
	run := sarifRun{
		Tool: sarifTool{sarifDriver{
			Name: "boardgate", Version: r.Tool, InformationURI: "https://github.com/boardgate/boardgate",
			Rules: each(rules, func(name string) sarifRule { return sarifRuleOf(name, o) }),
		}},
		Invocations: []sarifInvocation{{Successful: r.Verdict != rule.Unverified, Notifications: notes}},
		ColumnKind:  "utf16CodeUnits",
		Results: each(findings, func(f rule.Finding) sarifResult {
			result := sarifResultOf(r, f, marks)
			result.RuleIndex = slices.Index(rules, f.Rule)
			return result
		}),
	}
	return encode(sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0", Runs: []sarifRun{run},
	})
}

// bySeverity orders findings as they are to be kept: introduced before older,
// severe before light, else as they were.
func bySeverity(findings []rule.Finding) []rule.Finding {
	out := slices.Clone(findings)
	slices.SortStableFunc(out, func(a, b rule.Finding) int {
		return cmp.Or(cmp.Compare(late(a), late(b)), cmp.Compare(b.Severity.Rank(), a.Severity.Rank()))
	})
	return out
}

func late(f rule.Finding) int {
	if f.Introduced {
		return 0
	}
	return 1
}

// rulesOf returns the names of all rules, and of those that findings name beside them.
func rulesOf(findings []rule.Finding) []string {
	var names []string
	for _, r := range rule.All() {
		names = append(names, r.Name)
	}
	for _, f := range findings {
		names = append(names, f.Rule)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func sarifRuleOf(name string, o Options) sarifRule {
	short, text := name, "See boardgate explain "+name+"."
	if o.Book != nil {
		if title, prose := o.Book(name); title != "" {
			short, text = title, cmp.Or(prose, title)
		}
	}
	severity := rule.Warning
	if r := rule.Named(name); r != nil {
		severity = r.Severity
	}
	return sarifRule{
		ID: name, Short: sarifText{Text: short}, Full: sarifText{Text: short}, HelpURI: helpFor(o, name),
		Help: sarifText{Text: text, Markdown: text}, Configuration: sarifConfig{level(severity)},
	}
}

// level maps a severity to SARIF's (section 3.27.10).
func level(s config.Severity) string {
	switch s {
	case rule.Error:
		return "error"
	case rule.Warning:
		return "warning"
	case rule.Off:
		return "none"
	}
	return "note"
}

// sarifNotes says what a run could not do and what it leaves out.
func sarifNotes(r *Report, findings int) []sarifNotification {
	var out []sarifNotification
	for _, reason := range r.Reasons {
		out = append(out, sarifNotification{"error", sarifMessage(reason)})
	}
	if more := findings - sarifResults; more > 0 {
		left := text.Count(more, "more finding") + " left out: GitHub keeps 5,000 results of a run."
		out = append(out, sarifNotification{"warning", sarifText{Text: left}})
	}
	return out
}

// sarifMessage returns a foreign text as a message. "[text](target)" in one is
// a link (section 3.11.6), so the two are taken apart.
func sarifMessage(s string) sarifText {
	return sarifText{Text: strings.ReplaceAll(text.Visible(s), "](", "] (")}
}

func sarifResultOf(r *Report, f rule.Finding, marks *fingerprints) sarifResult {
	at, lost := Anchor(r, f)
	text := f.Message
	if lost != "" {
		text += " The line before this change: " + title(lost)
	}
	return sarifResult{
		RuleID: f.Rule, Level: level(f.Severity), Message: sarifMessage(text),
		Locations:    []sarifLocation{{sarifPhysical{artifact(r, at), region(at)}}},
		Fingerprints: map[string]string{"primaryLocationLineHash": marks.of(r, f)},
		Suppressions: suppressions(f.Waived),
		Baseline:     baseline(r, f),
	}
}

func artifact(r *Report, at source.Span) sarifArtifact {
	path := r.boardPath()
	if !at.IsZero() {
		path = at.File.Path
	}
	return sarifArtifact{URI: (&url.URL{Path: path}).String(), URIBaseID: "%SRCROOT%"}
}

// region counts columns in UTF-16 code units, from 1, the end exclusive (section 3.30).
func region(at source.Span) sarifRegion {
	if at.IsZero() {
		return sarifRegion{StartLine: 1}
	}
	return sarifRegion{
		StartLine: at.From().Line, StartColumn: at.File.UTF16Column(at.Start),
		EndLine: at.To().Line, EndColumn: at.File.UTF16Column(at.End),
	}
}

func suppressions(w *board.Waiver) []sarifSuppression {
	if w == nil {
		return nil
	}
	return []sarifSuppression{{Kind: "inSource", Status: "accepted", Justification: text.Visible(w.Reason)}}
}

// baseline says what is new, where there was something to compare with.
func baseline(r *Report, f rule.Finding) string {
	switch {
	case r.Case == nil || r.Case.BaseKind == rule.NoBase:
		return ""
	case f.Introduced:
		return "new"
	}
	return "unchanged"
}

// fingerprints numbers findings about the same thing apart.
type fingerprints struct{ seen map[string]int }

func newFingerprints() *fingerprints { return &fingerprints{map[string]int{}} }

// of returns what tells a finding from others however its line moves: a digest
// of its rule, its path and what it is about, and its number among equals.
func (p *fingerprints) of(r *Report, f rule.Finding) string {
	at, _ := Anchor(r, f)
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Rule, artifact(r, at).URI, subject(f)}, "\x00")))
	digest := hex.EncodeToString(sum[:8])
	p.seen[digest]++
	return fmt.Sprintf("%s:%d", digest, p.seen[digest])
}

// subject returns what a finding is about in words that stay when lines move.
func subject(f rule.Finding) string {
	if f.Item != nil {
		return "item " + f.Key + " " + strings.Join(strings.Fields(strings.ToLower(f.Item.Title.Value)), " ")
	}
	if f.Key != "" || f.Column != "" {
		return "column " + string(f.Column) + " " + f.Key
	}
	return "text " + f.Span.FirstLine().Text()
}
