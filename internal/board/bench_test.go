package board_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/source"
)

// large returns a board of n items in DONE.
func large(n int) []byte {
	var b strings.Builder
	b.WriteString("# Plan\n\n**Last Updated**: 2025-03-14\n\n## WIP (1)\n\n## NEXT (max 3)\n\n## DONE\n")
	for i := range n {
		fmt.Fprintf(&b, "- Import of price list %d (2025-03-%02d) - %d rows are in the table, checked by `make rows`, PR #%d merged ✅\n", i, i%28+1, i*7, i+1)
	}
	return []byte(b.String())
}

// BenchmarkParse shows time per item: it must not grow with the board.
func BenchmarkParse(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		text := large(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				board.Parse(source.NewFile("board.md", text), board.DefaultWords())
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/item")
		})
	}
}
