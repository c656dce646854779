package report

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

func sarifSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("testdata/schema/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	return compile(t, text)
}

func readSARIF(t testing.TB, r *Report) sarifRun {
	t.Helper()
	var log sarifLog
	if err := json.Unmarshal(SARIF(r, Options{}), &log); err != nil {
		t.Fatal(err)
	}
	return log.Runs[0]
}

// TestSARIFIsValid holds the sample, what lacks most of it, and hostile reports
// to the published schema.
func TestSARIFIsValid(t *testing.T) {
	schema := sarifSchema(t)
	reports := bare(t)
	for seed := range uint64(50) {
		reports[fmt.Sprint("hostile ", seed)] = hostileReport(seed)
	}
	for name, r := range reports {
		t.Run(name, func(t *testing.T) { valid(t, schema, SARIF(r, Options{Help: "https://example.com/"})) })
	}
}

// TestSARIFResults keeps the results; the list of rules grows with every rule.
func TestSARIFResults(t *testing.T) {
	run := readSARIF(t, sample(t))
	for i, result := range run.Results {
		if got := run.Tool.Driver.Rules[result.RuleIndex].ID; got != result.RuleID {
			t.Errorf("the result of %s points to the rule %s", result.RuleID, got)
		}
		run.Results[i].RuleIndex = 0
	}
	golden(t, "sample-results.sarif", encode(run.Results))
}

func TestSARIFRules(t *testing.T) {
	book := func(rule string) (string, string) { return "About " + rule + ".", "Prose about `" + rule + "`." }
	got := sarifRuleOf("no-such-rule", Options{Book: book, Help: "https://example.com/"})
	want := sarifRule{
		ID: "no-such-rule", Short: sarifText{Text: "About no-such-rule."}, Full: sarifText{Text: "About no-such-rule."},
		HelpURI: "https://example.com/no-such-rule.md", Configuration: sarifConfig{"warning"},
		Help: sarifText{Text: "Prose about `no-such-rule`.", Markdown: "Prose about `no-such-rule`."},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	silent := func(string) (string, string) { return "", "" }
	if got := sarifRuleOf("no-such-rule", Options{Book: silent}); got.Short.Text != "no-such-rule" || got.Help.Text == "" {
		t.Errorf("without a book: %+v", got)
	}
}

// TestSARIFSchemaRefuses sees that the schema would notice.
func TestSARIFSchemaRefuses(t *testing.T) {
	text := strings.Replace(string(SARIF(sample(t), Options{})), `"level": "error"`, `"level": "grave"`, 1)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if sarifSchema(t).Validate(doc) == nil {
		t.Error("a level that SARIF does not know passes")
	}
}

// TestSARIFKnowsResultsAgain moves all lines down and compares the fingerprints.
func TestSARIFKnowsResultsAgain(t *testing.T) {
	prints := func(r *Report) []string {
		var out []string
		for _, result := range readSARIF(t, r).Results {
			out = append(out, result.RuleID+" "+result.Fingerprints["primaryLocationLineHash"])
		}
		return out
	}
	before := sample(t)
	after := sample(t)
	moved := sketch(after.Case.Head.File.Path, "intro\n\n\n"+sampleHead)
	for i, f := range after.Findings {
		if f.Span.File != after.Case.Head.File {
			continue
		}
		after.Findings[i].Span = moved.File.Span(f.Span.Start+8, f.Span.End+8)
	}
	if diff := cmp.Diff(prints(before), prints(after)); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
	seen := map[string]bool{}
	for _, p := range prints(before) {
		if seen[p] {
			t.Errorf("two results have the fingerprint %s", p)
		}
		seen[p] = true
	}
}

func TestSARIFTwins(t *testing.T) {
	r := sample(t)
	r.Findings = []rule.Finding{r.Findings[0], r.Findings[0]}
	results := readSARIF(t, r).Results
	first, second := results[0].Fingerprints["primaryLocationLineHash"], results[1].Fingerprints["primaryLocationLineHash"]
	if !strings.HasSuffix(first, ":1") || strings.TrimSuffix(first, ":1")+":2" != second {
		t.Errorf("%s and %s", first, second)
	}
}

func TestSARIFColumns(t *testing.T) {
	r := sample(t)
	r.Findings[0].Span = source.NewFile("docs/a board: é.md", []byte("x\n- Café ☕ 👩 pay\n")).Span(19, 22)
	got := readSARIF(t, &Report{Findings: r.Findings[:1]}).Results[0].Locations[0].Physical
	want := sarifPhysical{
		sarifArtifact{"docs/a%20board:%20%C3%A9.md", "%SRCROOT%"},
		sarifRegion{StartLine: 2, StartColumn: 13, EndLine: 2, EndColumn: 16},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%q (-want +got)\n%s", r.Findings[0].Span.Text(), diff)
	}
}

// TestSARIFKeepsTheGravest gives more results than GitHub keeps.
func TestSARIFKeepsTheGravest(t *testing.T) {
	r := sample(t)
	older, notice := r.Findings[5], r.Findings[6]
	older.Severity = rule.Error
	r.Findings = nil
	for range 4000 {
		r.Findings = append(r.Findings, older, notice)
	}
	r.Findings = append(r.Findings, sample(t).Findings[0])
	run := readSARIF(t, r)
	if len(run.Results) != sarifResults || run.Results[0].RuleID != "wip-limit" || run.Results[4000].Level != "note" || run.Results[4001].Baseline != "unchanged" {
		t.Errorf("%d results, the first of %s", len(run.Results), run.Results[0].RuleID)
	}
	if got := run.Invocations[0].Notifications[0].Message.Text; !strings.HasPrefix(got, "3001 more findings left out") {
		t.Errorf("says %q", got)
	}
}

func TestSARIFMakesNoLinks(t *testing.T) {
	if got := sarifMessage("see [this](https://evil.example)\x1b").Text; got != "see [this] (https://evil.example)⟨U+001B⟩" {
		t.Errorf("%q", got)
	}
}
