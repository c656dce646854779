package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// compile reads a JSON Schema.
func compile(t testing.TB, text []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// valid checks a JSON text against a schema.
func valid(t testing.TB, schema *jsonschema.Schema, text []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("%v\nin:\n%s", err, text)
	}
}

// bare are reports that lack what the sample has.
func bare(t testing.TB) map[string]*Report {
	noBase, noHead := sample(t), sample(t)
	noBase.Case.Base, noBase.Case.BaseKind = nil, rule.NoBase
	noHead.Case.Head, noHead.Case.Deleted = nil, true
	return map[string]*Report{
		"nothing": {}, "no case": {Tool: "1", Verdict: rule.Passed, Remarks: []string{"so"}},
		"empty case": {Case: &rule.Case{}}, "no base": noBase, "no head": noHead, "sample": sample(t),
	}
}

func TestSchemaHolds(t *testing.T) {
	schema := compile(t, Schema())
	for name, r := range bare(t) {
		t.Run(name, func(t *testing.T) { valid(t, schema, JSON(r, Options{})) })
	}
}

// TestSchemaRefuses changes a good report in ways the schema must notice.
func TestSchemaRefuses(t *testing.T) {
	schema := compile(t, Schema())
	text := string(JSON(sample(t), Options{}))
	for _, tt := range []struct{ name, old, new string }{
		{"version", `"version": 1`, `"version": 2`},
		{"verdict", `"verdict": "fail"`, `"verdict": "failed"`},
		{"severity", `"severity": "error"`, `"severity": "grave"`},
		{"role", `"role": "wip"`, `"role": "doing"`},
		{"missing field", `"introduced": true,`, ``},
		{"text for a number", `"line": 5,`, `"line": "5",`},
		{"negative", `"column": 1,`, `"column": -1,`},
		{"null for a list", `"facts": []`, `"facts": null`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(text, tt.old) {
				t.Fatalf("the sample holds no %s", tt.old)
			}
			doc, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.Replace(text, tt.old, tt.new, 1)))
			if err != nil {
				t.Fatal(err)
			}
			if schema.Validate(doc) == nil {
				t.Errorf("%s for %s passes", tt.new, tt.old)
			}
		})
	}
}

// TestJSONKeepsTexts reads hostile texts back unchanged, and sees that none of
// them is printed so that a runner would obey it.
func TestJSONKeepsTexts(t *testing.T) {
	hostile := "<b> & ##[error]x \u2028 \x1b[0m \"q\" \\"
	r := sample(t)
	r.Findings[0].Message = hostile
	out := JSON(r, Options{})
	if bytes.Contains(out, []byte("##[")) || !bytes.Contains(out, []byte("<b> &")) || !bytes.HasSuffix(out, []byte("}\n")) {
		t.Errorf("printed:\n%s", out)
	}
	var back struct{ Findings []struct{ Message string } }
	if err := json.Unmarshal(out, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(hostile, back.Findings[0].Message); diff != "" {
		t.Error(diff)
	}
}

// TestJSONItem tells what an item's pulls and fields become.
func TestJSONItem(t *testing.T) {
	field := func(name, value string) board.Field { return board.Field{Name: name, Value: board.Text{Value: value}} }
	got := jsonItemOf(&board.Item{
		Title: board.Text{Value: "Pay"}, ID: "T-3", Date: board.Date{Year: 2026, Month: 3, Day: 9},
		Pulls:  []board.Reference{{Number: 4}, {Repo: "other/shop", Number: 5}, {Number: 6}},
		Fields: []board.Field{field("Owner", "Ann"), field("Effort", "1 h"), field("Owner", "Bob")},
	}, &rule.Case{})
	day := "2026-03-09"
	want := jsonItem{
		Title: "Pay", ID: "T-3", Date: &day, Pulls: []int{4, 6},
		Fields: map[string]string{"Owner": "Ann", "Effort": "1 h"}, Criteria: []jsonCriterion{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// FuzzIndented lays JSON out as the library does.
func FuzzIndented(f *testing.F) {
	for _, seed := range []string{`{}`, `[]`, `[[],{}]`, `{"a":[1,"\\",{"b":"{\"[,:"}],"c":null}`, `"]["`, `[{"a":{}},[[1]]]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var compact, want bytes.Buffer
		if json.Compact(&compact, text) != nil {
			return
		}
		if err := json.Indent(&want, compact.Bytes(), "", "  "); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.String(), string(indented(compact.Bytes()))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// TestJSONLimits gives two lanes without rules limits of their own.
func TestJSONLimits(t *testing.T) {
	b := sketch("b.md", "## WIP\n## Review (2)\n## Blocked (5)\n## Later\n")
	c := &rule.Case{Head: b}
	c.Policy.Limits = map[board.Role]int{board.WIP: 3}
	var out struct {
		Board struct{ Columns []struct{ Limit *int } }
	}
	if err := json.Unmarshal(JSON(&Report{Case: c}, Options{}), &out); err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, column := range out.Board.Columns {
		if column.Limit == nil {
			got = append(got, -1)
		} else {
			got = append(got, *column.Limit)
		}
	}
	if diff := cmp.Diff([]int{3, 2, 5, -1}, got); diff != "" {
		t.Errorf("(-want +got, -1 is null)\n%s", diff)
	}
}

func TestJSONStamp(t *testing.T) {
	b := sketch("b.md", "Updated: 2026-03-02 09:00\n")
	if got := *stampOf(b); got != "2026-03-02T09:00:00Z" {
		t.Errorf("with a time: %s", got)
	}
	b.Stamps[0].HasTime = false
	if got := *stampOf(b); got != "2026-03-02" {
		t.Errorf("a day: %s", got)
	}
	b.Stamps[0] = board.Stamp{Raw: "yesterday"}
	if got := stampOf(b); got != nil {
		t.Errorf("not to be read: %s", *got)
	}
}

func TestJSONFixOfTwoFiles(t *testing.T) {
	one, two := source.NewFile("one.md", []byte("a")), source.NewFile("two.md", []byte("b"))
	if got := jsonFixOf([]source.Edit{{Span: one.Span(0, 1)}, {Span: two.Span(0, 1)}}); got != nil {
		t.Errorf("half a fix: %+v", got)
	}
}
