package command

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/fake"
)

// reads are changes that pass, each by the requests that reading it takes.
var reads = map[string]func(testing.TB) (*stage, string){
	"query Sides": greenChange,
	"query Cited": greenChange,
	"query Files": func(t testing.TB) (*stage, string) {
		const named = ".github/boardgate.yml"
		s := setStage(t, map[string]string{"plan.md": jobBoard("2026-03-11", jobWIP, ""), named: "board: plan.md\n"})
		return s, s.push(map[string]string{"plan.md": jobBoard("2026-03-12", "- (none)\n", "- **Import the price list** (2026-03-12) PR #42\n"), named: "board: plan.md\n"})
	},
	"GET /repos/{owner}/{repo}/compare/{basehead}": func(t testing.TB) (*stage, string) {
		s, head := greenChange(t)
		s.repo.Push("main", s.repo.Commit(map[string]string{jobPath: jobBoard("2026-03-11", jobWIP, ""), "new": "x"}, s.base))
		return s, head
	},
	"GET /repos/{owner}/{repo}/git/blobs/{file_sha}": func(t testing.TB) (*stage, string) {
		long := strings.Repeat("A line of prose below the board.\n", 20_000)
		s := setStage(t, map[string]string{jobPath: jobBoard("2026-03-11", jobWIP, "") + "\n# Notes\n\n" + long})
		return s, s.push(map[string]string{jobPath: jobBoard("2026-03-12", "- (none)\n", "- **Import the price list** (2026-03-12) PR #42\n") + "\n# Notes\n\n" + long})
	},
	"GET /repos/{owner}/{repo}/pulls/{pull_number}/files": func(t testing.TB) (*stage, string) {
		board := jobBoard("2026-03-11", jobWIP, "")
		s := setStage(t, map[string]string{jobPath: board})
		return s, s.push(map[string]string{"docs/BOARD.md": board})
	},
}

// TestReadHiccups has each read fail for a moment, with every status that says
// so: the change passes all the same. One that fails for ever is unverified,
// but for the list of renamed files, which is not a board's.
func TestReadHiccups(t *testing.T) {
	for _, route := range slices.Sorted(maps.Keys(reads)) {
		for _, status := range []int{0, 500, 501, 503, 520} {
			for _, times := range []int{1, 0} {
				t.Run(fmt.Sprintf("%s/%d, %d times", route, status, times), func(t *testing.T) {
					s, head := reads[route](faultyTest{t})
					want := Passed
					if status > 0 {
						s.hub.Fail(fake.Fault{Route: route, Status: status, Times: times, Message: "Server Error"})
					}
					if status > 0 && times == 0 {
						want = Unverified
						if strings.HasSuffix(route, "/files") {
							want = Failed
						}
					}
					j := s.job(head, 1, nil)
					if got := j.run(); got != want {
						t.Errorf("exit status %d, want %d\n%s", got, want, j.log())
					}
					if n := len(s.hub.Conversation()); n > 20 {
						t.Errorf("%d requests", n)
					}
				})
			}
		}
	}
}

// TestLateCommit has the head invisible at first, as it may be right after a push.
func TestLateCommit(t *testing.T) {
	for times, want := range map[int]int{1: Passed, 3: Passed, 0: Unverified} {
		s, head := greenChange(faultyTest{t})
		s.hub.Fail(fake.Fault{Route: "query Sides", Times: times, Null: []string{"repository", "head"}})
		j := s.job(head, 1, nil)
		if got := j.run(); got != want {
			t.Errorf("%d times: exit status %d, want %d\n%s", times, got, want, j.log())
		}
		if strings.Contains(j.log(), "permissions:") {
			t.Errorf("%d times: it is no matter of permissions\n%s", times, j.log())
		}
	}
}
