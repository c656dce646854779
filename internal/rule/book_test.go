package rule_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/rule/ruletest"
)

var update = flag.Bool("update", false, "write the wants of the books and docs/rules")

const pages = "../../docs/rules"

// TestBooks runs every example of every book and compares what its rule says.
func TestBooks(t *testing.T) {
	for _, r := range rule.All() {
		t.Run(r.Name, func(t *testing.T) {
			b, ok := rule.BookOf(r.Name)
			if !ok {
				t.Fatalf("%s has no book; write internal/rule/%s.txtar", r.Name, strings.ReplaceAll(r.Name, "-", "_"))
			}
			got := map[string]string{}
			for _, e := range b.Examples {
				got[e.Name] = findings(t, r, e)
				if diff := cmp.Diff(e.Want, got[e.Name]); diff != "" && !*update {
					t.Errorf("%s, example %q (-want +got; go test ./internal/rule -update accepts it):\n%s", r.Name, e.Name, diff)
				}
			}
			speaks(t, b, got)
			if *update {
				rewrite(t, r.Name, got)
			}
		})
	}
}

// findings returns what one rule says of an example, a finding a paragraph.
func findings(t *testing.T, r *rule.Rule, e rule.Example) string {
	t.Helper()
	c, err := ruletest.Case(e)
	if err != nil {
		t.Fatalf("example %q: %v", e.Name, err)
	}
	j := ruletest.Judge(e, c)
	var b strings.Builder
	for _, f := range j.Findings {
		if f.Rule == r.Name {
			write(&b, f)
		}
	}
	if r.Name == "done-merged" || r.Name == "prod-facts" {
		for _, u := range j.Unknown {
			fmt.Fprintf(&b, "unverified: %s\n", u)
		}
	}
	for _, remark := range j.Remarks {
		if strings.HasPrefix(remark, r.Name+":") {
			fmt.Fprintf(&b, "note: %s\n", remark)
		}
	}
	return b.String()
}

func write(b *strings.Builder, f rule.Finding) {
	state := ""
	switch {
	case f.Waived != nil:
		state = " (waived: " + f.Waived.Reason + ")"
	case !f.Introduced:
		state = " (old)"
	}
	fmt.Fprintf(b, "%s: %s: %s [%s]%s\n", f.Span, f.Severity, f.Message, f.Rule, state)
	for line := range strings.Lines(f.Hint) {
		fmt.Fprintf(b, "\t%s\n", strings.TrimSuffix(line, "\n"))
	}
	for _, r := range f.Related {
		fmt.Fprintf(b, "\tsee %s: %s\n", r.Span, r.Message)
	}
}

// speaks holds a book to at least one example its rule speaks at and two at
// which it is silent.
func speaks(t *testing.T, b rule.Book, got map[string]string) {
	t.Helper()
	spoken := 0
	for _, text := range got {
		if text != "" {
			spoken++
		}
	}
	if silent := len(got) - spoken; spoken < 1 || silent < 2 {
		t.Errorf("%s speaks at %d examples and is silent at %d; want at least 1 and 2", b.Rule, spoken, silent)
	}
	if b.Title == "" || b.Prose == "" {
		t.Errorf("%s: its book has no title or no prose", b.Rule)
	}
}

func rewrite(t *testing.T, name string, got map[string]string) {
	t.Helper()
	path := bookPath(name)
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range a.Files {
		if example, file, _ := strings.Cut(f.Name, "/"); file == "want" {
			a.Files[i].Data = []byte(got[example])
		}
	}
	if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}

func bookPath(name string) string { return strings.ReplaceAll(name, "-", "_") + ".txtar" }

// TestPages holds docs/rules to the books.
func TestPages(t *testing.T) {
	want := map[string][]byte{"README.md": contents()}
	for _, r := range rule.All() {
		text, err := os.ReadFile(bookPath(r.Name))
		if err != nil {
			t.Fatal(err)
		}
		want[r.Name+".md"] = page(r, rule.ParseBook(r.Name, text))
	}
	if *update {
		writePages(t, want)
		return
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(pages, name))
		if err != nil || !bytes.Equal(got, text) {
			t.Errorf("docs/rules/%s is not what the book says; run: go test ./internal/rule -update", name)
		}
	}
	if files, _ := filepath.Glob(filepath.Join(pages, "*.md")); len(files) != len(want) {
		t.Errorf("docs/rules holds %d pages for %d rules and a list", len(files), len(want)-1)
	}
}

func writePages(t *testing.T, want map[string][]byte) {
	t.Helper()
	if err := os.RemoveAll(pages); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(pages, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range want {
		if err := os.WriteFile(filepath.Join(pages, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func contents() []byte {
	var b bytes.Buffer
	b.WriteString("# Rules\n\nYou want to know what a rule says, and why. Each page has the reasons and examples; the tests run the examples. `boardgate explain RULE` prints the reasons and two examples, with `--examples` all.\n\n| rule | default | says |\n| --- | --- | --- |\n")
	for _, r := range rule.All() {
		book, _ := rule.BookOf(r.Name)
		fmt.Fprintf(&b, "| [%s](%s.md) | %s | %s |\n", r.Name, r.Name, severity(r), book.Title)
	}
	return b.Bytes()
}

// severity is a rule's default; one that is derived has none.
func severity(r *rule.Rule) config.Severity {
	if r.Derived {
		return "as it decides"
	}
	return r.Severity
}

func page(r *rule.Rule, book rule.Book) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n\n%s\n\nDefault severity: %s.", r.Name, book.Title, severity(r))
	if r.Fixed {
		b.WriteString(" It cannot be waived.")
	}
	if r.Standing != nil {
		b.WriteString(" It also checks the board as it stands, on a schedule.")
	}
	fmt.Fprintf(&b, "\n\n%s\n", book.Prose)
	for _, e := range book.Examples {
		fmt.Fprintf(&b, "\n## Example: %s\n", e.Name)
		for _, f := range e.Files {
			fmt.Fprintf(&b, "\n`%s`\n\n````\n%s````\n", f.Name, f.Data)
		}
		if e.Want == "" {
			b.WriteString("\nSays nothing.\n")
			continue
		}
		fmt.Fprintf(&b, "\nSays:\n\n````\n%s````\n", e.Want)
	}
	return b.Bytes()
}
