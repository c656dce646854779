package report

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// corpus returns the folder of real boards.
func corpus(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("BOARDGATE_CORPUS")
	if dir == "" {
		t.Skip("BOARDGATE_CORPUS names no folder of real boards")
	}
	return dir
}

// parsed reads a board, nil where there is no such file.
func parsed(t *testing.T, file, path string, words board.Words) *board.Board {
	t.Helper()
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return board.Parse(source.NewFile(path, text), words)
}

// judged is a real change with what the rules say of it.
func judged(t *testing.T, dir string) *Report {
	p := config.Default()
	c := &rule.Case{Policy: p, HeadWords: p.Words, BaseWords: p.Words, BoardPath: "docs/NEXT-7D.md", Now: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)}
	c.Head = parsed(t, filepath.Join(dir, "after.md"), c.BoardPath, p.Words)
	c.Base = parsed(t, filepath.Join(dir, "before.md"), c.BoardPath, p.Words)
	c.State = parsed(t, filepath.Join(dir, "state_after.md"), "docs/OPS/STATE.md", p.StateWords)
	c.BaseState = parsed(t, filepath.Join(dir, "state_before.md"), "docs/OPS/STATE.md", p.StateWords)
	if c.Head == nil {
		t.Fatalf("%s has no board", dir)
	}
	if c.Base != nil {
		c.BaseKind = rule.Present
		c.Base, c.Head = board.Alike(c.Base, c.Head)
		c.Changes = compare.Boards(c.Base, c.Head)
	}
	j := rule.Judge(c)
	return &Report{Tool: "0", Verdict: j.Verdict(rule.Error), Case: c, Findings: j.Findings, Reasons: j.Unknown, Remarks: j.Remarks}
}

// TestRealChanges writes every real change in every format and reads it back.
func TestRealChanges(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join(corpus(t), "boards", "*", "after.md"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no boards: %v", err)
	}
	reader := newReader(t)
	for _, file := range dirs {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			reader.read(t, judged(t, filepath.Dir(file)))
		})
	}
}
