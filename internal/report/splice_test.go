package report

import (
	"encoding/json"
	"encoding/xml"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/rule/ruletest"
)

// FuzzSpliced judges changes between boards that are put together from pieces of the
// books', the parser's and the stories' boards, and writes the report in each format. A seed stands
// for a change: what is random in it is of the test, so that pieces are whole lines.
func FuzzSpliced(f *testing.F) {
	pieces := boardLines(f)
	for seed := range uint64(60) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		random := rand.New(rand.NewPCG(seed, 0))
		base := spliced(random, pieces)
		head := changed(random, base, pieces)
		c, err := ruletest.Case(rule.Example{Files: []txtar.File{
			{Name: "base.md", Data: []byte(strings.Join(base, "\n"))}, {Name: "head.md", Data: []byte(strings.Join(head, "\n"))},
		}})
		if err != nil {
			t.Fatal(err)
		}
		j := rule.Judge(c)
		r := &Report{Case: c, Verdict: rule.Fail, Findings: j.Findings, Remarks: j.Remarks}
		for _, name := range Formats() {
			write, _ := FormatNamed(name)
			out := write(r, Options{Book: func(string) (string, string) { return "", "" }})
			switch {
			case (name == "json" || name == "sarif") && !json.Valid(out):
				t.Errorf("%s is not JSON", name)
			case name == "junit":
				if err := xml.Unmarshal(out, new(struct{})); err != nil {
					t.Errorf("junit: %v", err)
				}
			}
		}
	})
}

// boardLines returns the lines of each board at hand.
func boardLines(f *testing.F) [][]string {
	var out [][]string
	for _, r := range rule.All() {
		book, _ := rule.BookOf(r.Name)
		for _, e := range book.Examples {
			for _, file := range e.Files {
				if strings.HasSuffix(file.Name, ".md") {
					out = append(out, strings.Split(string(file.Data), "\n"))
				}
			}
		}
	}
	paths, _ := filepath.Glob(filepath.Join("..", "board", "testdata", "*", "*.md"))
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		out = append(out, strings.Split(string(text), "\n"))
	}
	stories, _ := filepath.Glob(filepath.Join("..", "..", "testdata", "script", "*.txtar"))
	for _, path := range stories {
		story, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range story.Files {
			if strings.HasSuffix(file.Name, ".md") {
				out = append(out, strings.Split(string(file.Data), "\n"))
			}
		}
	}
	return out
}

// marks are put into lines.
var marks = []string{
	"**", "*", "`", "~~", "[x](y)", "<b>", "</b>", "<!-- ", "-->", "&amp;", "\\", "#12", "(#12)", "PR #7", "- [ ] ", "- [x] ", "1. ", "### 2) ", "## ", "> ", "| ", "\t", "\r",
	"200", "TBD", "DoD: ", "(was: ", "(max 2)", "@ada", "https://example.com/a_b", "[^1]", "2026-03-01",
}

func piece(random *rand.Rand, pieces [][]string) []string {
	from := pieces[random.IntN(len(pieces))]
	start := random.IntN(len(from))
	return from[start:min(len(from), start+1+random.IntN(40))]
}

// spliced returns a board of a few pieces, most often below the three columns.
func spliced(random *rand.Rand, pieces [][]string) []string {
	var out []string
	headings := []string{"## WIP (1)", "## NEXT (max 3)", "## DONE"}
	for i := range 1 + random.IntN(4) {
		if random.IntN(3) > 0 {
			out = append(out, headings[i%len(headings)])
		}
		out = append(out, piece(random, pieces)...)
	}
	return out
}

// changed returns the board after a few lines of it moved, went, came or were edited.
func changed(random *rand.Rand, board []string, pieces [][]string) []string {
	out := append([]string(nil), board...)
	for range 1 + random.IntN(8) {
		i := random.IntN(len(out))
		line := out[i]
		switch random.IntN(5) {
		case 0:
			out = append(out[:i], append([]string(nil), out[i+1:]...)...)
			out = append(out, line)
		case 1:
			if end := min(len(out), i+1+random.IntN(4)); end-i < len(out) {
				out = append(out[:i], out[end:]...)
			}
		case 2:
			out = append(out, piece(random, pieces)...)
		case 3:
			at := random.IntN(len(line) + 1)
			out[i] = line[:at] + marks[random.IntN(len(marks))] + line[at:]
		case 4:
			out[i] = strings.Repeat(" ", 1+random.IntN(5)) + line
		}
	}
	return out
}
