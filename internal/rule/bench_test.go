package rule_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// lanes are the lines of a board.
type lanes struct{ wip, next, done []string }

// longBoard returns a board of n items, one in twenty of them in NEXT.
func longBoard(n int) lanes {
	l := lanes{wip: []string{"- **Import of parcels**\n  - DoD: `make parcels` passes\n"}}
	for i := range n {
		title := fmt.Sprintf("Import of price list %d %s", i, []string{"by night", "from the harbour", "with tariffs", "over a queue", "in one pass"}[i%5])
		if i%20 == 0 {
			l.next = append(l.next, fmt.Sprintf("- **%s**\n  - DoD: GET /lists/%d returns 200\n", title, i))
			continue
		}
		l.done = append(l.done, fmt.Sprintf("- %s (2025-03-%02d) - %d rows are in the table, checked by `make rows`, PR #%d merged\n", title, i%28+1, i*7, i+1))
	}
	return l
}

// changed returns the board after k changes: moved, renamed, added and removed in turn.
func (l lanes) changed(k int) lanes {
	next, done := append([]string{}, l.next...), append([]string{}, l.done...)
	for i := range k {
		at := (i*37 + 5) % len(done)
		switch i % 5 {
		case 0:
			title, _, _ := strings.Cut(next[0], "\n")
			next, done = next[1:], append(done, fmt.Sprintf("%s (2025-04-02) - PR #%d\n", title, 20_000+i))
		case 1:
			done[at] = strings.Replace(done[at], "Import of price list", "Nightly import of the price list", 1)
		case 2:
			next = append(next, fmt.Sprintf("- **Export of stock report %d**\n  - DoD: the file has %d rows\n", i, i+1))
		case 3:
			done[at] = ""
		case 4:
			next = next[1:]
		}
	}
	return lanes{l.wip, next, done}
}

func (l lanes) text() []byte {
	return []byte("# Plan\n\n**Last Updated**: 2025-04-02\n\n## WIP (1)\n" + strings.Join(l.wip, "") + "\n## NEXT (max 3)\n" +
		strings.Join(l.next, "") + "\n## DONE\n" + strings.Join(l.done, ""))
}

// between reads and compares two texts.
func between(base, head []byte) *rule.Case {
	words := board.DefaultWords()
	var b, h *board.Board
	var both sync.WaitGroup
	both.Go(func() { b = board.Parse(source.NewFile("board.md", base), words) })
	both.Go(func() { h = board.Parse(source.NewFile("board.md", head), words) })
	both.Wait()
	return &rule.Case{
		Head: h, Base: b, BaseKind: rule.Present, Policy: config.Default(), HeadWords: words, BaseWords: words,
		Changes: compare.Boards(b, h), Now: time.Date(2025, 4, 2, 12, 0, 0, 0, time.UTC), Pull: 30_000, BoardPath: "board.md",
	}
}

// told judges a case and writes the report.
func told(c *rule.Case) []byte {
	j := rule.Judge(c)
	return report.Text(&report.Report{Verdict: j.Verdict(rule.Error), Case: c, Findings: j.Findings, Reasons: j.Unknown, Remarks: j.Remarks}, report.Options{})
}

// BenchmarkJudge shows the time per item of all that `check` does between reading
// two boards and printing, one item in a hundred changed: it must not grow with
// the boards.
func BenchmarkJudge(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		base := longBoard(n)
		before, after := base.text(), base.changed(max(4, n/100)).text()
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				told(between(before, after))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/item")
		})
	}
}
