package rule_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/rule/ruletest"
	"github.com/boardgate/boardgate/internal/source"
)

// TestHintsOfBooks pastes what the hints of every example propose.
func TestHintsOfBooks(t *testing.T) {
	pasted := map[string]int{}
	for _, r := range rule.All() {
		b, _ := rule.BookOf(r.Name)
		for _, e := range b.Examples {
			c, err := ruletest.Case(e)
			if err != nil {
				t.Fatal(err)
			}
			paste(t, r.Name+"/"+e.Name, c, pasted)
		}
	}
	for _, what := range []string{"columns", "archive", "dropped", "was", "line", "date"} {
		if pasted[what] == 0 {
			t.Errorf("no book has a hint of the kind %q that was pasted", what)
		}
	}
	t.Log(pasted)
}

// TestHintsOfTheWild does the same with boards and changes of other teams.
func TestHintsOfTheWild(t *testing.T) {
	dir := filepath.Join(corpus(t), "wild")
	pasted := map[string]int{}
	for _, l := range wildLabels(t, filepath.Join(dir, "boards", "index.jsonl")) {
		for _, written := range []string{"", l.Config} {
			paste(t, l.File, wildCase(t, written, filepath.Join(dir, "boards", l.File), ""), pasted)
		}
	}
	for _, l := range wildLabels(t, filepath.Join(dir, "changes", "labels.jsonl")) {
		at := filepath.Join(dir, "changes", l.Pair)
		paste(t, l.Pair, wildCase(t, l.Config, filepath.Join(at, "after.md"), filepath.Join(at, "before.md")), pasted)
	}
	t.Log(pasted)
}

type wildLabel struct{ File, Pair, Config string }

func wildLabels(t *testing.T, path string) []wildLabel {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []wildLabel
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l wildLabel
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

// wildCase reads a board, or a change where base is a path.
func wildCase(t *testing.T, written, head, base string) *rule.Case {
	t.Helper()
	r := config.Read(source.NewFile("config.yml", []byte(written)), rule.Infos())
	if len(r.Faults) > 0 {
		t.Fatal(r.Faults[0])
	}
	c := &rule.Case{Policy: r.Policy, HeadWords: r.Policy.Words, BaseWords: r.Policy.Words, Now: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC), BoardPath: "BOARD.md"}
	parse := func(path string) *board.Board {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return board.Parse(source.NewFile("BOARD.md", text), r.Policy.Words)
	}
	c.Head = parse(head)
	if base != "" {
		c.BaseKind, c.Base = rule.Present, parse(base)
	}
	return compared(c)
}

func compared(c *rule.Case) *rule.Case {
	if c.BaseKind == rule.Present {
		c.Base, c.Head = board.Alike(c.Base, c.Head)
		c.Changes = compare.Boards(c.Base, c.Head)
	}
	return c
}

// withHead returns the case with another text of the head.
func withHead(c *rule.Case, text string) *rule.Case {
	d := *c
	d.Head = board.Parse(source.NewFile(c.Head.File.Path, []byte(text)), c.HeadWords)
	return compared(&d)
}

// onLine returns the head's text with f applied to the line of a place.
func onLine(c *rule.Case, at source.Span, f func(string) string) string {
	lines := strings.Split(string(c.Head.File.Text), "\n")
	n := at.From().Line - 1
	lines[n] = f(lines[n])
	return strings.Join(lines, "\n")
}

var yamlHint = regexp.MustCompile(`(?m)^(columns:\n  (\w+): \[.*\]|archive: .*)$`)

// paste applies what the hint of each finding proposes, and sees that the
// finding is gone.
func paste(t *testing.T, name string, c *rule.Case, pasted map[string]int) {
	t.Helper()
	if c.Head == nil || strings.Contains(string(c.Head.File.Text), "\r") {
		return
	}
	for _, f := range rule.Judge(c).Findings {
		again, kind := applied(t, c, f)
		if kind == "" {
			continue
		}
		pasted[kind]++
		if still := finding(rule.Judge(again), f); still != "" {
			t.Errorf("%s: pasted, the hint of %q leaves %q:\n%s", name, f.Message, still, f.Hint)
		}
	}
}

// finding returns the message of a finding of the same rule about the same thing.
func finding(j rule.Judgement, f rule.Finding) string {
	for _, g := range j.Findings {
		same := f.Item == nil && g.Key == f.Key || f.Item != nil && g.Item != nil && g.Item.Title.Value == f.Item.Title.Value && g.Item.Line.From().Line == f.Item.Line.From().Line
		if g.Rule == f.Rule && same && g.Waived == nil && g.Severity == f.Severity {
			return g.Message
		}
	}
	return ""
}

// applied returns the case after the hint was followed, and of what kind the
// hint is; empty where it proposes nothing to paste.
func applied(t *testing.T, c *rule.Case, f rule.Finding) (*rule.Case, string) {
	t.Helper()
	text := string(c.Head.File.Text)
	m := yamlHint.FindStringSubmatch(f.Hint)
	_, line, isLine := strings.Cut(f.Hint, "paste:\n")
	switch {
	case f.Rule == "config": // the stories paste it, since it is about which files are read
	case m != nil:
		r := config.Read(source.NewFile("config.yml", []byte(m[1])), rule.Infos())
		if len(r.Faults) > 0 {
			t.Errorf("the hint is a broken configuration: %s\n%s", r.Faults[0].Message, m[1])
			return c, ""
		}
		d := *c
		if d.Policy.Archive = r.Policy.Archive; d.Policy.Archive != "" {
			d.Archive = board.Parse(source.NewFile(d.Policy.Archive, []byte("# Finished\n- "+f.Item.Title.Value+"\n")), c.HeadWords)
			return &d, "archive"
		}
		d.HeadWords.Columns = map[board.Role][]string{}
		for role, words := range c.HeadWords.Columns {
			d.HeadWords.Columns[role] = words
			if string(role) == m[2] {
				d.HeadWords.Columns[role] = r.Policy.Words.Columns[role]
			}
		}
		before := len(c.Head.All())
		after := withHead(&d, text)
		if len(after.Head.All()) <= before {
			t.Errorf("the configuration reads %d items, not more than %d:\n%s", len(after.Head.All()), before, m[1])
		}
		return after, "columns"
	case f.Rule == "item-lost" && strings.Contains(f.Hint, "(was: ") && len(f.Related) > 0:
		_, was, _ := strings.Cut(f.Hint, "(was: ")
		was, _, _ = strings.Cut(was, "). If not")
		if strings.ContainsAny(was, "()|") || strings.HasPrefix(f.Related[0].Span.File.Span(f.Related[0].Span.Start, f.Related[0].Span.End).Text(), "|") {
			return c, ""
		}
		return withHead(c, onLine(c, f.Related[0].Span, func(s string) string {
			if strings.HasPrefix(s, "|") {
				return strings.Replace(s, f.Related[0].Span.Text(), f.Related[0].Span.Text()+" (was: "+was+")", 1)
			}
			return s + " (was: " + was + ")"
		})), "was"
	case f.Rule == "item-lost" && strings.Contains(f.Hint, "<!-- boardgate: dropped"):
		marker := f.Hint[strings.Index(f.Hint, "<!--"):]
		return withHead(c, text+"\n\n"+marker+"\n"), "dropped"
	case f.Rule == "done-reference" && isLine:
		return withHead(c, onLine(c, f.Span, func(s string) string {
			return strings.Replace(s, f.Item.Line.Text(), line, 1)
		})), "line"
	case f.Rule == "done-date" && strings.Contains(f.Hint, "done: (") && !slices.Contains([]byte("|#"), f.Item.Line.Text()[0]):
		_, date, _ := strings.Cut(f.Hint, "done: ")
		return withHead(c, onLine(c, f.Item.Line, func(s string) string { return s + " " + date })), "date"
	}
	return c, ""
}
