package propose

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/doctor"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

var noon = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)

func file(path, text string) *source.File { return source.NewFile(path, []byte(text)) }

// found is a git repository with a board of that text.
func found(text string) Found {
	f := Found{Git: true, Branch: "main", Known: []string{"BOARD.md", "KANBAN.md"}, WantWorkflow: true, Now: noon}
	if text != "" {
		f.Boards = []*source.File{file("BOARD.md", text)}
	}
	return f
}

// textOf returns what is proposed for a path, empty for nothing.
func textOf(p Proposal, path string) string {
	for _, f := range p.Files {
		if f.Path == path {
			return f.Text
		}
	}
	return ""
}

// wordsOfConfig reads a configuration, which must be sound.
func wordsOfConfig(t *testing.T, written string) board.Words {
	t.Helper()
	r := config.Read(file(ConfigPath, written), rule.Infos())
	for _, f := range r.Faults {
		t.Errorf("%s\n%s", f, written)
	}
	return r.Policy.Words
}

// Each family's board is read by the proposed configuration as by the one that
// stands beside it.
func TestFamilies(t *testing.T) {
	paths, err := filepath.Glob("../board/testdata/family/*.md")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no boards (%v)", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			md, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			yml, err := os.ReadFile(strings.TrimSuffix(path, ".md") + ".yml")
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			config := textOf(For(found(string(md))), ConfigPath)
			if (config == "") != (len(yml) == 0) {
				t.Errorf("a configuration is needed: %v; proposed is %q", len(yml) > 0, config)
			}
			b := file("BOARD.md", string(md))
			want := outline(board.Parse(b, wordsOfConfig(t, string(yml))))
			got := outline(board.Parse(b, wordsOfConfig(t, config)))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// No two roles claim a word, no language repeats a default, and each leads a heading as it stands.
func TestLanguages(t *testing.T) {
	words := everyWord(board.DefaultWords())
	role := map[string]board.Role{}
	for _, r := range allRoles {
		for _, w := range words.Columns[r] {
			if other, ok := role[strings.ToLower(w)]; ok && other != r {
				t.Errorf("%q is claimed by %s and %s", w, other, r)
			}
			role[strings.ToLower(w)] = r
			b := board.Parse(file("BOARD.md", "# "+w+"\n\n- x\n"), words)
			if len(b.Columns) != 1 || b.Columns[0].Role != r {
				t.Errorf("%q does not lead a column of role %s", w, r)
			}
		}
	}
	for _, lang := range languages() {
		for _, r := range allRoles {
			for _, w := range lang[string(r)] {
				if slices.ContainsFunc(board.DefaultWords().Columns[r], func(d string) bool { return strings.EqualFold(d, w) }) {
					t.Errorf("%q is a default of %s", w, r)
				}
				wordsOfConfig(t, "columns: { "+string(r)+": "+config.List([]string{w})+" }\n")
			}
		}
		for _, l := range labelKinds {
			for _, w := range lang[l.key] {
				wordsOfConfig(t, "words: { "+l.key+": "+config.List([]string{w})+" }\n")
			}
		}
	}
}

// Whatever a board's headings hold, the configuration proposed is sound, and
// keeps each on its line.
func TestHostileHeadings(t *testing.T) {
	const board = "# \"quoted\": [x]\n\n## - & * ! %\n\n## yes\n\n## 1e3\n\n## a\u2028b: c\n\n## '#' # comment\n\n## \u202egnp.exe\n\n## \\\n"
	p := For(found(board))
	config := textOf(p, ConfigPath)
	wordsOfConfig(t, config)
	for line := range strings.Lines(config) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") && line != "board: BOARD.md" && line != "columns:" {
			t.Errorf("a heading left its comment: %q\n%s", line, config)
		}
	}
	if strings.Contains(config, "\u2028") {
		t.Errorf("a line separator is kept: %q", config)
	}
}

// A board in English whose items begin with words of other languages gets none of them.
func TestWordsNotMeant(t *testing.T) {
	p := For(found("## WIP\n\n- Nada\n\n## NEXT\n\n- Brak\n\n## DONE\n\n- Stand (2026-03-01) - PR #3\n"))
	if config := textOf(p, ConfigPath); config != "" {
		t.Errorf("proposed:\n%s", config)
	}
}

// The files proposed for one that has everything are none.
func TestNothingToDo(t *testing.T) {
	f := found("## WIP\n\n- a\n\n## NEXT\n\n## DONE\n")
	f.Workflows = []*source.File{file(".github/workflows/gate.yml", "steps: [{uses: boardgate/boardgate@0123}]")}
	f.Hooks = file(HooksPath, "repos: [{repo: https://github.com/boardgate/boardgate}]")
	if got := For(f).New(); len(got) != 0 {
		t.Errorf("proposed: %v", got)
	}
}

// Every file names this boardgate by its release or commit, or says that one is to be put in.
func TestRef(t *testing.T) {
	for _, ref := range []string{"v1.4.0", "5d0c8a2e4b7f41c69e3d2a1b0c9f8e7d6a5b4c3d", ""} {
		f := found("")
		f.Ref, f.Facts, f.WantWorkflow = ref, true, true
		p, want := For(f), ref
		if ref == "" {
			want = "COMMIT"
		}
		for path, line := range map[string]string{HooksPath: "rev: ", WorkflowPath: "uses: boardgate/boardgate@", doctor.SmokePath: "uses: boardgate/boardgate@"} {
			if got := textOf(p, path); !strings.Contains(got, line+want+"\n") {
				t.Errorf("%q: %s:\n%s", ref, path, got)
			}
		}
		if said := strings.Contains(strings.Join(p.Remarks, "\n"), "in place of COMMIT"); said != (ref == "") {
			t.Errorf("%q: remarks: %q", ref, p.Remarks)
		}
	}
}

// The state file names what is in WIP, in its own words.
func TestStateInStep(t *testing.T) {
	f := found("## WIP\n\n- **Price `list`**\n\n## NEXT\n\n## DONE\n")
	f.WantState = true
	state := board.Parse(file(StatePath, textOf(For(f), StatePath)), board.StateWords(board.DefaultWords()))
	var got []string
	for _, it := range state.Items(board.InProgress) {
		got = append(got, it.Title.Value)
	}
	if diff := cmp.Diff([]string{"Price list"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Of real boards, "no configuration is needed" is said only of those whose cards
// are all in the columns they were labelled with, and a hint that is pasted reads
// more items than before.
func TestWildBoards(t *testing.T) {
	dir := os.Getenv("BOARDGATE_CORPUS")
	if dir == "" {
		t.Skip("BOARDGATE_CORPUS is not set: the real boards were not read")
	}
	dir = filepath.Join(dir, "wild", "boards")
	index, err := os.ReadFile(filepath.Join(dir, "index.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	pasted := 0
	for line := range strings.Lines(string(index)) {
		var label struct {
			File    string
			Columns map[board.Role]int
		}
		if err := json.Unmarshal([]byte(line), &label); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, label.File))
		if err != nil {
			t.Fatal(err)
		}
		f := found(string(text))
		p := For(f)
		read := board.Parse(f.Boards[0], board.DefaultWords())
		for _, r := range p.Remarks {
			if strings.HasPrefix(r, "No configuration is needed") {
				for role, n := range label.Columns {
					if got := len(read.Items(role)); role != board.Other && got != n {
						t.Errorf("%s: %q, and %d of %d items of %s are read", label.File, r, got, n, role)
					}
				}
			}
			_, hint, ok := strings.Cut(r, "`columns: ")
			if hint, _, _ = strings.Cut(hint, "`"); !ok {
				continue
			}
			after := board.Parse(f.Boards[0], wordsOfConfig(t, "columns: "+hint+"\n"))
			if len(after.All()) <= len(read.All()) {
				t.Errorf("%s: %s reads %d items, %d without it", label.File, hint, len(after.All()), len(read.All()))
			}
			pasted++
		}
	}
	t.Logf("%d hints were pasted", pasted)
}
