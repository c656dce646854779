package command

import (
	"fmt"
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/fake"
)

// hundred is a change whose one item cites a hundred pull requests, of which
// some were never made: that many errors.
func hundred(t *testing.T, missing int) (*stage, *job) {
	config := "board: plan/week.md\n"
	s := setStage(t, map[string]string{"plan/week.md": jobBoard("2026-03-11", jobWIP, ""), ".github/boardgate.yml": config})
	var cited []string
	for n := 101; n <= 200; n++ {
		cited = append(cited, fmt.Sprintf("PR #%d", n))
		if n > 100+missing {
			s.repo.MergedPull(n, "main")
		}
	}
	after := jobBoard("2026-03-12", "- (none)\n", "- **Import the price list** (2026-03-12) "+strings.Join(cited, ", ")+"\n")
	head := s.push(map[string]string{"plan/week.md": after, ".github/boardgate.yml": config})
	return s, s.job(head, 1, nil)
}

// The design's budget: seven requests for a pull request that cites a hundred
// and earns fifty annotations, with a board that the configuration names; eight for sixty.
func TestRequestsOfOneJob(t *testing.T) {
	for _, tt := range []struct{ annotations, requests int }{{50, 7}, {60, 8}} {
		s, j := hundred(t, tt.annotations-1) // and the notice that NEXT waits
		if status := j.run(); status != Failed {
			t.Fatalf("exit status %d\n%s", status, j.log())
		}
		if got := len(s.repo.CheckRuns()[0].Annotations); got != tt.annotations {
			t.Errorf("%d annotations, want %d", got, tt.annotations)
		}
		if got := len(s.hub.Conversation()); got != tt.requests {
			t.Errorf("%d requests, want %d:\n%s", got, tt.requests, brief(s.hub.Conversation()))
		}
		if want := fmt.Sprintf("| requests to GitHub: %d\n", tt.requests); !strings.Contains(j.log(), want) {
			t.Errorf("the log does not say %q", want)
		}
	}
}

// brief is a conversation, a line each.
func brief(talk []fake.Exchange) string {
	var b strings.Builder
	for _, x := range talk {
		what := x.Path
		if _, rest, ok := strings.Cut(string(x.Body), `"query":"query `); ok {
			what, _, _ = strings.Cut(rest, "(")
		}
		fmt.Fprintf(&b, "%s %s -> %d\n", x.Method, what, x.Status)
	}
	return b.String()
}
