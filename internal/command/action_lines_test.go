package command

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/source"
)

func TestMatched(t *testing.T) {
	tests := []struct {
		from, to string
		want     []int
	}{
		{"a b c", "a b c", []int{1, 2, 3}},
		{"a b c", "", []int{0, 0, 0}},
		{"", "a", []int{}},
		{"a b c", "x a b c", []int{2, 3, 4}},
		{"a x b c", "a b c", []int{1, 0, 2, 3}},
		{"a b c d", "a c b d", []int{1, 0, 2, 4}},
		{"- - x - -", "- - y x - - -", []int{1, 2, 4, 6, 7}},
		{"h n x n", "h z n x n", []int{1, 3, 4, 5}},
		{"q n x n r", "s n x n t", []int{0, 2, 3, 4, 0}},
	}
	for _, tt := range tests {
		got := matched(strings.Fields(tt.from), strings.Fields(tt.to))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q in %q (-want +got):\n%s", tt.from, tt.to, diff)
		}
	}
}

// What is matched is alike, in order, and each line once.
func TestMatchedIsSound(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	text := func() []string {
		out := make([]string, r.IntN(30))
		for i := range out {
			out[i] = fmt.Sprint(r.IntN(12))
		}
		return out
	}
	for range 20000 {
		from, to := text(), text()
		last := 0
		for i, j := range matched(from, to) {
			switch {
			case j == 0:
			case j <= last || j > len(to) || from[i] != to[j-1]:
				t.Fatalf("%q in %q: %v", from, to, matched(from, to))
			default:
				last = j
			}
		}
	}
}

func TestSuggestedOutlastsItsFence(t *testing.T) {
	f := source.NewFile(jobPath, []byte("- **Read ```` and ```** (2026-03-12)"))
	at := f.Span(len(f.Text), len(f.Text))
	want := "`````suggestion\n- **Read ```` and ```** (2026-03-12), PR #42\n`````\n"
	if got := suggested(at, ", PR #42"); !strings.HasSuffix(got, want) {
		t.Errorf("%q", got)
	}
}
