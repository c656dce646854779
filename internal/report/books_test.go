package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/rule/ruletest"
	"github.com/boardgate/boardgate/internal/text"
)

// TestBookExamples writes every example of every rule's book in every format
// and reads it back.
func TestBookExamples(t *testing.T) {
	reader := newReader(t)
	for _, r := range rule.All() {
		book, _ := rule.BookOf(r.Name)
		for _, e := range book.Examples {
			t.Run(r.Name+"/"+e.Name, func(t *testing.T) {
				c, err := ruletest.Case(e)
				if err != nil {
					t.Fatal(err)
				}
				j := ruletest.Judge(e, c)
				reader.read(t, &Report{Tool: "0", Verdict: j.Verdict(rule.Error), Case: c, Findings: j.Findings, Reasons: j.Unknown, Remarks: j.Remarks})
			})
		}
	}
}

// reader reads a report's formats as those they are written for do.
type reader struct {
	json, sarif *jsonschema.Schema
}

func newReader(t *testing.T) reader {
	return reader{json: compile(t, Schema()), sarif: sarifSchema(t)}
}

const helpPages = "https://example.com/"

func (rd reader) read(t *testing.T, r *Report) {
	rd.data(t, r)
	readCommands(t, r)
	readText(t, r)
	readMarkdown(t, r)
	for _, name := range Formats() {
		format, _ := FormatNamed(name)
		o := Options{Width: 80, Color: true, Help: helpPages}
		if !bytes.Equal(format(r, o), format(r, o)) {
			t.Errorf("%s: two renderings differ", name)
		}
	}
}

// data holds JSON, SARIF and JUnit to their schemas and counts the findings in them.
func (rd reader) data(t *testing.T, r *Report) {
	t.Helper()
	for _, o := range []Options{{}, {Help: helpPages}} {
		valid(t, rd.json, JSON(r, o))
		valid(t, rd.sarif, SARIF(r, o))
		if wrong := readXML(t, JUnit(r, o)).wrong(); len(wrong) > 0 {
			t.Errorf("JUnit: %v", wrong)
		}
	}
	var doc struct{ Findings []json.RawMessage }
	if err := json.Unmarshal(JSON(r, Options{}), &doc); err != nil || len(doc.Findings) != len(r.Findings) {
		t.Errorf("JSON: %d findings of %d, %v", len(doc.Findings), len(r.Findings), err)
	}
	results := readSARIF(t, r).Results
	if len(results) != len(r.Findings) {
		t.Errorf("SARIF: %d results of %d", len(results), len(r.Findings))
	}
	prints := map[string]bool{}
	for _, result := range results {
		print := result.RuleID + " " + result.Fingerprints["primaryLocationLineHash"]
		if prints[print] {
			t.Errorf("SARIF: two results have the fingerprint %s", print)
		}
		prints[print] = true
	}
}

// readCommands reads every format as a runner does: it obeys one command a
// deciding finding, and none outside the format made for it.
func readCommands(t *testing.T, r *Report) {
	t.Helper()
	if all, _ := commands(GitHub(r, Options{})); len(all) != len(partitionOf(r).deciding()) {
		t.Errorf("%d commands for %d findings", len(all), len(partitionOf(r).deciding()))
	}
	for _, name := range Formats() {
		format, _ := FormatNamed(name)
		if all, _ := commands(format(r, Options{Width: 80})); name != "github" && len(all) > 0 {
			t.Errorf("%s: a runner obeys %+v", name, all)
		}
	}
}

func readMarkdown(t *testing.T, r *Report) {
	t.Helper()
	for _, bytes := range []int{0, 65_535, 4000} {
		o := Options{Bytes: bytes, Help: helpPages}
		md := Markdown(r, o)
		readPage(md).check(t, helpPages)
		if whole, more := listed(r, string(md), o); whole+more < len(r.Findings) || bytes > 0 && len(md) > bytes {
			t.Errorf("%d bytes: of %d findings %d stand there and %d are counted\n%s", len(md), len(r.Findings), whole, more, md)
		}
	}
}

// readText reads the text as a terminal shows it: nothing in it acts, nothing
// but what is to be pasted runs past its edge, what is marked is what the
// finding is about, and colours change no letter.
func readText(t *testing.T, r *Report) {
	t.Helper()
	for _, width := range []int{60, 80, 120} {
		out := string(Text(r, Options{Width: width}))
		pasted := pastedLines(r)
		for line := range strings.Lines(out) {
			line = strings.TrimSuffix(line, "\n")
			if i := strings.IndexFunc(line, hidden); i >= 0 {
				t.Errorf("width %d: %q holds something invisible at %d", width, line, i)
			}
			if n := cells(line); n > width && !pasted[strings.TrimPrefix(strings.TrimSpace(line), "hint: ")] && !strings.HasPrefix(line, "error ") && !strings.HasPrefix(line, "warning ") {
				t.Errorf("width %d: a line of %d cells: %s", width, n, line)
			}
		}
		if want, got := marksWanted(r), marked(out); fmt.Sprint(len(want)) != fmt.Sprint(len(got)) {
			t.Errorf("width %d: %d places are marked of %d\n%s", width, len(got), len(want), out)
		} else {
			for i := range want {
				if !strings.HasPrefix(want[i], got[i]) || got[i] == "" {
					t.Errorf("width %d: marked %q of %q\n%s", width, got[i], want[i], out)
				}
			}
		}
		if bare := uncoloured(string(Text(r, Options{Width: width, Color: true}))); bare != out {
			t.Errorf("width %d: without its colours the text is another\n%s", width, bare)
		}
	}
}

// pastedLines are the lines of hints, which are not wrapped.
func pastedLines(r *Report) map[string]bool {
	out := map[string]bool{}
	for _, f := range r.Findings {
		for _, line := range text.Lines(f.Hint) {
			out[strings.TrimSpace(line)] = true
		}
	}
	return out
}

// marksWanted returns what each deciding finding is about, as a terminal shows it.
func marksWanted(r *Report) []string {
	var out []string
	for _, f := range partitionOf(r).deciding() {
		if s := f.Span.FirstLine(); !s.IsZero() && strings.TrimSpace(string(s.File.Line(s.From().Line))) != "" {
			out = append(out, text.Visible(s.Text()))
		}
	}
	return out
}

// marked returns what stands above each caret and its tildes.
func marked(text string) []string {
	var out []string
	all := strings.Split(text, "\n")
	for i, line := range all {
		bar, mark, found := strings.Cut(line, " | ")
		if !found || i == 0 || strings.TrimSpace(bar) != "" || strings.Trim(mark, " ^~") != "" {
			continue
		}
		_, above, _ := strings.Cut(all[i-1], " | ")
		from := strings.IndexByte(mark, '^')
		out = append(out, between(above, from, len(mark)))
	}
	return out
}

// between returns the text in the cells from up to to; one glyph that ends
// behind them is left out.
func between(s string, from, to int) string {
	var b strings.Builder
	for _, g := range glyphs(s) {
		if g.at >= from && g.at+g.width <= to {
			b.WriteString(g.text)
		}
	}
	return strings.TrimSuffix(b.String(), "…")
}

// uncoloured takes the colours out of a text, and nothing else.
func uncoloured(s string) string {
	for _, style := range []style{"0", bold, dim, struck, red, green, magenta} {
		s = strings.ReplaceAll(s, "\x1b["+string(style)+"m", "")
	}
	return s
}
