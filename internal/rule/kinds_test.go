package rule_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/rule/ruletest"
)

// shownRules are the rules that speak of how a board was read and who is who on it.
// Of the others TestKinds shows the errors.
var shownRules = []string{"board-shape", "wip-limit", "next-limit", "next-order", "item-lost", "done-date"}

// TestKinds reads boards of teams that nobody prepared for, kind by kind: each
// file of testdata/kinds is one kind, each folder in it a board or a change. The
// want holds its columns, what happened to its items, what is found, and the
// column map of a hint.
func TestKinds(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "kinds", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no kinds (%v)", err)
	}
	for _, path := range paths {
		kind := strings.TrimSuffix(filepath.Base(path), ".txtar")
		t.Run(kind, func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			book := rule.ParseBook(kind, text)
			if len(book.Examples) < 3 {
				t.Errorf("%d boards, want at least 3", len(book.Examples))
			}
			got := map[string]string{}
			for _, e := range book.Examples {
				c, err := ruletest.Case(e)
				if err != nil {
					t.Fatalf("%q: %v", e.Name, err)
				}
				got[e.Name] = reading(c)
				if diff := cmp.Diff(e.Want, got[e.Name]); diff != "" && !*update {
					t.Errorf("%q (-want +got; go test ./internal/rule -update accepts it):\n%s", e.Name, diff)
				}
			}
			if *update {
				writeWants(t, path, text, got)
			}
		})
	}
}

// reading writes what was read of a case, in lines.
func reading(c *rule.Case) string {
	var out strings.Builder
	outline(&out, "base ", c.Base)
	outline(&out, "", c.Head)
	for _, ch := range c.Changes.Changes {
		switch {
		case ch.Base == nil:
			fmt.Fprintf(&out, "added %s\n", place(ch.Head))
		case ch.Head == nil:
			fmt.Fprintf(&out, "removed %s\n", place(ch.Base))
		default:
			fmt.Fprintf(&out, "%s %s -> %s (%s)\n", ch.Kind, place(ch.Base), place(ch.Head), ch.Match)
		}
	}
	for _, f := range rule.Judge(c).Findings {
		if f.Severity == rule.Error || slices.Contains(shownRules, f.Rule) {
			old := ""
			if !f.Introduced {
				old = " (old)"
			}
			fmt.Fprintf(&out, "%s: %s [%s]%s\n", f.Severity, f.Message, f.Rule, old)
			if _, config, ok := strings.Cut(f.Hint, "columns:\n"); ok {
				fmt.Fprintf(&out, "\thint:%s\n", strings.TrimPrefix(config, " "))
			}
		}
	}
	return out.String()
}

func place(it *board.Item) string { return fmt.Sprintf("%s %q", it.Column.Role, it.Title.Value) }

func outline(out *strings.Builder, side string, b *board.Board) {
	if b == nil {
		return
	}
	for _, c := range b.Columns {
		limit := ""
		if c.Limit != nil {
			limit = fmt.Sprintf(" limit %d", c.Limit.Max)
		}
		fmt.Fprintf(out, "%s%s %q%s: %d\n", side, c.Role, c.Title.Value, limit, len(c.Items))
		for _, it := range c.Items {
			group := ""
			if it.Group != "" {
				group = " in " + it.Group
			}
			fmt.Fprintf(out, "\t%s%s\n", it.Title.Value, group)
		}
	}
	for _, u := range b.Unparsed {
		if u.Column == nil {
			fmt.Fprintf(out, "%sunparsed below %q: %d\n", side, u.Heading.Value, len(u.Lines))
		}
	}
}

// writeWants puts what was read into the file.
func writeWants(t *testing.T, path string, text []byte, got map[string]string) {
	t.Helper()
	a := txtar.Parse(text)
	for i, f := range a.Files {
		if name, file, _ := strings.Cut(f.Name, "/"); file == "want" {
			a.Files[i].Data = []byte(got[name])
		}
	}
	if err := os.WriteFile(path, txtar.Format(a), 0o666); err != nil {
		t.Fatal(err)
	}
}
