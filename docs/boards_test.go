// Package docs holds the pages' tests: what a page shows is run.
package docs

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

var update = flag.Bool("update", false, "rewrite what the pages say boardgate answers")

// page reads a page, and writes it again where it should read otherwise.
func page(t *testing.T, name string, want func(string) string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(string(data), "\r\n", "\n") // as git checks it out on Windows
	now := want(got)
	if *update {
		if err := os.WriteFile(name, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(now, got); diff != "" {
		t.Errorf("%s; if it is meant, write it with go test ./docs -update (-want +got)\n%s", name, diff)
	}
}

var (
	family   = regexp.MustCompile(`(?m)^## .*\n<!-- family: (.*) -->`)
	fence    = regexp.MustCompile("(?sm)^```(\\w+)\n(.*?)^```\n")
	readLine = regexp.MustCompile(`(?m)^\nRead: .*\n`)
)

// Every board on the page is read as the page says, with at most five lines of
// configuration, and every family of the parser's tests has its place.
func TestBoards(t *testing.T) {
	var named []string
	page(t, "boards.md", func(text string) string {
		starts := family.FindAllStringSubmatchIndex(text, -1)
		out := text[:starts[0][0]]
		for i, m := range starts {
			end := len(text)
			if i+1 < len(starts) {
				end = starts[i+1][0]
			}
			out += section(t, text[m[0]:end])
			named = append(named, strings.Split(text[m[2]:m[3]], ", ")...)
		}
		return out
	})
	slices.Sort(named)
	if diff := cmp.Diff(families(t), named); diff != "" {
		t.Errorf("families on the page (-want +got):\n%s", diff)
	}
}

func families(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("../internal/board/testdata/family/*.md")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no boards (%v)", err)
	}
	for i, p := range paths {
		paths[i] = strings.TrimSuffix(filepath.Base(p), ".md")
	}
	slices.Sort(paths)
	return paths
}

// section returns a section with what is read of its board below its blocks.
func section(t *testing.T, text string) string {
	t.Helper()
	title, _, _ := strings.Cut(text, "\n")
	text = readLine.ReplaceAllString(text, "")
	blocks := map[string]string{}
	end := 0
	for _, m := range fence.FindAllStringSubmatchIndex(text, -1) {
		blocks[text[m[2]:m[3]]] = text[m[4]:m[5]]
		end = m[1]
	}
	written := blocks["yaml"]
	if blocks["markdown"] == "" || (written == "") == !strings.Contains(text, "\nConfiguration: none.") {
		t.Errorf("%s: wants a board, and a configuration or the word that it needs none", title)
	}
	if n := strings.Count(written, "\n"); n > 5 {
		t.Errorf("%s: %d lines of configuration", title, n)
	}
	r := config.Read(source.NewFile(title, []byte(written)), rule.Infos())
	for _, f := range r.Faults {
		t.Error(f)
	}
	b := board.Parse(source.NewFile(title, []byte(blocks["markdown"])), r.Policy.Words)
	return text[:end] + "\nRead: " + reading(b) + "\n" + text[end:]
}

// reading is a board in a line.
func reading(b *board.Board) string {
	var parts []string
	for _, role := range []board.Role{board.WIP, board.Next, board.Done, board.Dropped, board.Other} {
		if len(b.Column(role)) > 0 {
			parts = append(parts, count(b, role))
		}
	}
	line := strings.Join(parts, ", ")
	if s, ok := b.Stamp(); ok {
		line += "; updated " + s.Raw
	}
	dods, criteria := 0, 0
	for _, it := range b.All() {
		if it.DoD != nil {
			dods++
			criteria += len(it.DoD.Criteria)
		}
	}
	return line + fmt.Sprintf("; Definitions of Done: %d, criteria: %d.", dods, criteria)
}

func count(b *board.Board, role board.Role) string {
	out := strconv.Itoa(len(b.Items(role)))
	for _, c := range b.Column(role) {
		if c.Limit != nil {
			out += " of " + strconv.Itoa(c.Limit.Max)
		}
	}
	return out + " in " + string(role)
}
