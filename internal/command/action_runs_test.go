package command

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

func tooMany(n int) string {
	return jobBoard("2026-03-12", jobWIP+fmt.Sprintf("\n**Thing %d**\n- **DoD**: `GET /things/%d` answers 200\n", n, n), "")
}

// Two runs of one pull request at a time end in one comment.
func TestTwoRunsAtOnce(t *testing.T) {
	for range 20 {
		s := setStage(t, map[string]string{jobPath: jobBoard("2026-03-11", jobWIP, "")})
		head := s.push(map[string]string{jobPath: tooMany(1)})
		var both sync.WaitGroup
		for n := 1; n <= 2; n++ {
			j := s.job(head, n, nil)
			both.Go(func() {
				if status := j.run(); status != Failed {
					t.Errorf("run %d: exit status %d", j.number, status)
				}
			})
		}
		both.Wait()
		comments := s.repo.Comments(jobPull)
		if len(comments) != 1 || !strings.Contains(comments[0].Body, " run=7001.1 -->") {
			t.Fatalf("comments:\n%+v\n%s", comments, brief(s.hub.Conversation()))
		}
	}
}

// Ten pushes in a row make one comment, written once and edited nine times.
func TestTenPushes(t *testing.T) {
	s := setStage(t, map[string]string{jobPath: jobBoard("2026-03-11", jobWIP, "")})
	for n := 1; n <= 10; n++ {
		head := s.push(map[string]string{jobPath: tooMany(n)})
		if status := s.job(head, n, nil).run(); status != Failed {
			t.Fatalf("push %d: exit status %d", n, status)
		}
	}
	comments := s.repo.Comments(jobPull)
	if len(comments) != 1 || !strings.Contains(comments[0].Body, "Thing 10") {
		t.Fatalf("comments:\n%+v", comments)
	}
	talk := brief(s.hub.Conversation())
	written := strings.Count(talk, "POST /api/v3/repos/acme/shop/issues/42/comments")
	edited := strings.Count(talk, "PATCH /api/v3/repos/acme/shop/issues/comments/")
	if written != 1 || edited != 9 {
		t.Errorf("written %d times, edited %d times", written, edited)
	}
}
