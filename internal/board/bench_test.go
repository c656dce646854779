package board_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/source"
)

// large returns a board of n items, half of them in NEXT with a Definition of
// Done, half in DONE with a pull request.
func large(n int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# Plan\n\n**Last Updated**: 2025-03-14\n\n## WIP (1)\n\n## NEXT (max %d)\n\n", n)
	for i := range n / 2 {
		fmt.Fprintf(&b, "%d. **Import of price list %d**\n   - **DoD**: `GET /lists/%d` answers 200 with %d rows\n", i+1, i, i, i*7)
	}
	b.WriteString("\n## DONE\n\n")
	for i := n / 2; i < n; i++ {
		fmt.Fprintf(&b, "- **Import of price list %d** (2025-03-%02d) PR #%d\n", i, i%28+1, i)
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
