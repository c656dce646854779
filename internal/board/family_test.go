package board_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// TestFamilies reads one board of each family, and the hostile ones, and
// compares with the .want beside it, which is written by hand:
//
//	stamp TIME
//	ROLE "title" limit=N items=N
//	  "title" id="ID" date=DATE pulls=N,owner/repo#N criteria=N
//
// A dash stands for none; criteria may be the path of the file that holds them,
// and a column's title * is left open. A board without columns is `problem KIND`.
// A .yml beside the board holds its columns and words.
func TestFamilies(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*", "*.want"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no boards to read (%v)", err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(path, ".want")
		t.Run(filepath.ToSlash(name), func(t *testing.T) {
			b := board.Parse(readFile(t, name+".md"), readWords(t, name+".yml"))
			want := strings.Split(string(readFile(t, path).Text), "\n")
			got := strings.Split(outline(b), "\n")
			for i := range min(len(want), len(got)) {
				if role, rest, open := strings.Cut(want[i], " * "); open {
					got[i] = leaveTitleOpen(got[i], role, rest)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func readFile(t *testing.T, path string) *source.File {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return source.NewFile(filepath.Base(path), text)
}

// readWords returns the default words changed by a configuration, if there is such a file.
func readWords(t *testing.T, path string) board.Words {
	t.Helper()
	words := board.DefaultWords()
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return words
	}
	var config struct {
		Columns map[board.Role][]string
		Words   struct{ DoD, None, Updated, Limit []string }
	}
	if err := yaml.UnmarshalWithOptions(readFile(t, path).Text, &config, yaml.Strict()); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	maps.Copy(words.Columns, config.Columns)
	words.DoD = append(words.DoD, config.Words.DoD...)
	words.None = append(words.None, config.Words.None...)
	words.Updated = append(words.Updated, config.Words.Updated...)
	words.Limit = append(words.Limit, config.Words.Limit...)
	return words
}

// leaveTitleOpen returns a column's line without its title, if it is of that role and ends in rest.
func leaveTitleOpen(line, role, rest string) string {
	if strings.HasPrefix(line, role+" ") && strings.HasSuffix(line, " "+rest) {
		return role + " * " + rest
	}
	return line
}

// outline writes a board as a .want has it.
func outline(b *board.Board) string {
	var out strings.Builder
	if b.Problem != "" {
		fmt.Fprintf(&out, "problem %s\n", b.Problem)
		return out.String()
	}
	fmt.Fprintf(&out, "stamp %s\n", stamp(b))
	for _, c := range b.Columns {
		limit := "-"
		if c.Limit != nil {
			limit = strconv.Itoa(c.Limit.Max)
		}
		fmt.Fprintf(&out, "%s %s limit=%s items=%d\n", c.Role, quote(c.Title.Value), limit, len(c.Items))
		for _, item := range c.Items {
			fmt.Fprintf(&out, "  %s\n", itemLine(item))
		}
	}
	return out.String()
}

func stamp(b *board.Board) string {
	s, ok := b.Stamp()
	switch {
	case !ok:
		return "-"
	case s.HasTime:
		return s.Time.Format("2006-01-02T15:04:05Z07:00")
	}
	return s.Time.Format("2006-01-02")
}

func itemLine(item *board.Item) string {
	id, date, criteria := "-", "-", "-"
	if item.ID != "" {
		id = quote(item.ID)
	}
	if !item.Date.IsZero() {
		date = item.Date.Time().Format("2006-01-02")
	}
	if item.DoD != nil {
		criteria = strconv.Itoa(len(item.DoD.Criteria))
		if item.DoD.Delegate != "" {
			criteria = item.DoD.Delegate
		}
	}
	return fmt.Sprintf("%s id=%s date=%s pulls=%s criteria=%s", quote(item.Title.Value), id, date, pulls(item), criteria)
}

func pulls(item *board.Item) string {
	var numbers []string
	for _, p := range item.Pulls {
		number := strconv.Itoa(p.Number)
		if p.Repo != "" {
			number = p.Repo + "#" + number
		}
		numbers = append(numbers, number)
	}
	if len(numbers) == 0 {
		return "-"
	}
	return strings.Join(numbers, ",")
}

// quote returns a value in quotes, without the marks that take no room and
// join nothing: whether a value keeps them makes no difference to its reader.
func quote(s string) string {
	return strconv.Quote(strings.Map(func(r rune) rune {
		switch r {
		case '\u200b', '\u200e', '\u200f', '\u2060', '\ufeff':
			return -1
		}
		return r
	}, s))
}

// A title of any length is read whole, and its place holds it.
func TestLongTitle(t *testing.T) {
	title := strings.Repeat("buoy → 🛟 ", 1000) + "quay"
	text := "## WIP (max 1)\n- **" + title + "** (2026-02-01) - PR #7\n"
	b := board.Parse(source.NewFile("BOARD.md", []byte(text)), board.DefaultWords())
	items := b.Items(board.WIP)
	if len(items) != 1 {
		t.Fatalf("%d items, want 1", len(items))
	}
	if got := items[0].Title; got.Value != title || !strings.Contains(got.Span.Text(), title) {
		t.Errorf("title of %d bytes at %v (%d bytes), want all %d", len(got.Value), got.Span, got.Span.End-got.Span.Start, len(title))
	}
	if got := pulls(items[0]); got != "7" {
		t.Errorf("pulls = %s, want 7", got)
	}
}

// A list a thousand levels deep is one item, and takes no time worth the name.
func TestDeepList(t *testing.T) {
	var text strings.Builder
	text.WriteString("## NEXT\n")
	for level := range 1000 {
		fmt.Fprintf(&text, "%s- level %d\n", strings.Repeat("  ", level), level)
	}
	text.WriteString("\n## DONE\n- Mole wall (2026-02-01) - PR #7\n")
	b := board.Parse(source.NewFile("BOARD.md", []byte(text.String())), board.DefaultWords())
	want := "stamp -\nnext \"NEXT\" limit=- items=1\n  \"level 0\" id=- date=- pulls=- criteria=-\n" +
		"done \"DONE\" limit=- items=1\n  \"Mole wall\" id=- date=2026-02-01 pulls=7 criteria=-\n"
	if diff := cmp.Diff(want, outline(b)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
