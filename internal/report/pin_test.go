package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/rule/ruletest"
	"github.com/boardgate/boardgate/internal/source"
)

var pinFile = flag.String("pin", "", "the `file` that holds what is read of the boards that BOARDGATE_CORPUS names")

// pinned is all that is read, compared and judged of one case, in lines that a
// diff shows well.
type pinned struct {
	Case     string
	Head     []string `json:",omitempty"`
	Base     []string `json:",omitempty"`
	State    []string `json:",omitempty"`
	Changes  []string `json:",omitempty"`
	Findings []string `json:",omitempty"`
}

// TestPin compares what the program reads, pairs and finds with what it did
// when the golden was last reviewed: over every example of the books and every
// board of the parser's tests; with -pin FILE, over the real boards too.
func TestPin(t *testing.T) {
	var out []pinned
	for _, r := range rule.All() {
		book, _ := rule.BookOf(r.Name)
		for _, e := range book.Examples {
			c, err := ruletest.Case(e)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, pin(r.Name+"/"+e.Name, c))
		}
	}
	out = append(out, pinFiles(t, filepath.Join("..", "board", "testdata", "*", "*.md"))...)
	golden(t, "pin.json", lined(t, out))
}

// TestPinCorpus is TestPin of the real boards, whose golden stands elsewhere.
func TestPinCorpus(t *testing.T) {
	dir := corpus(t)
	if *pinFile == "" {
		t.Skip("-pin names no file to compare the real boards with")
	}
	var out []pinned
	for _, glob := range []string{"other-boards/*.md", "wild/boards/*.md"} {
		out = append(out, pinFiles(t, filepath.Join(dir, filepath.FromSlash(glob)))...)
	}
	for _, glob := range []string{"boards/*", "wild/changes/*-*"} {
		dirs, _ := filepath.Glob(filepath.Join(dir, filepath.FromSlash(glob)))
		for _, d := range dirs {
			out = append(out, pin(filepath.Base(d), judged(t, d).Case))
		}
	}
	got := lined(t, out)
	if *update {
		if err := os.WriteFile(*pinFile, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(*pinFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("what is read of the real boards (-before +now); -update accepts it:\n%s", diff)
	}
}

// pinFiles reads each file by itself.
func pinFiles(t *testing.T, glob string) []pinned {
	paths, err := filepath.Glob(glob)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no boards at %s (%v)", glob, err)
	}
	var out []pinned
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		c, _ := ruletest.Case(rule.Example{})
		c.Head = board.Parse(source.NewFile("BOARD.md", text), c.HeadWords)
		out = append(out, pin(filepath.Base(path), c))
	}
	return out
}

func pin(name string, c *rule.Case) pinned {
	p := pinned{Case: name, Head: pinBoard(c.Head), Base: pinBoard(c.Base), State: pinBoard(c.State)}
	for _, ch := range c.Changes.Changes {
		p.Changes = append(p.Changes, fmt.Sprintf("%s %s: %s -> %s", ch.Kind, ch.Match, pinName(ch.Base), pinName(ch.Head)))
	}
	for _, f := range rule.Judge(c).Findings {
		p.Findings = append(p.Findings, fmt.Sprintf("%s %s introduced=%t %s", f.Severity, f.Rule, f.Introduced, f.Message))
	}
	return p
}

func pinName(it *board.Item) string {
	if it == nil {
		return "-"
	}
	return fmt.Sprintf("%s %q", it.Column.Role, it.Title.Value)
}

func pinBoard(b *board.Board) []string {
	if b == nil {
		return nil
	}
	out := []string{fmt.Sprintf("problem=%q stamps=%d rules=%d waivers=%d drops=%d", b.Problem, len(b.Stamps), len(b.Rules), len(b.Waivers), len(b.Drops))}
	for _, c := range b.Columns {
		limit := "none"
		if c.Limit != nil {
			limit = fmt.Sprint(c.Limit.Max)
		}
		out = append(out, fmt.Sprintf("%s %q limit=%s items=%d", c.Role, c.Title.Value, limit, len(c.Items)))
		for _, it := range c.Items {
			out = append(out, pinItem(it))
		}
	}
	return out
}

func pinItem(it *board.Item) string {
	var pulls []int
	for _, r := range it.Pulls {
		pulls = append(pulls, r.Number)
	}
	criteria, fields := -1, []string{}
	if it.DoD != nil {
		criteria = len(it.DoD.Criteria)
	}
	for _, f := range it.Fields {
		fields = append(fields, f.Name)
	}
	title := []rune(it.Title.Value)
	return fmt.Sprintf("  %d: %q id=%q number=%d mark=%q date=%v group=%q pulls=%v criteria=%d fields=%q notes=%d", it.Line.From().Line,
		string(title[:min(len(title), 100)]), it.ID, it.Number, it.Mark, it.Date.Time().Format("2006-01-02"), it.Group, pulls, criteria, fields, len(it.Notes))
}

// lined writes the cases as JSON with a line for each thing that was read.
func lined(t *testing.T, cases []pinned) []byte {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(cases); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
