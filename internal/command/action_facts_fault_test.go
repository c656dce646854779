package command

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/fake"
)

// watchedFiles is a repository that has production watched.
func watchedFiles(more string) map[string]string {
	config := "prod-facts:\n  base: http://shop.example\n  control: http://control.example/\n" + more + `  check:
    healthz: { get: /api/healthz, expect: 200 }
    login:   { get: /login, expect: 307 -> /auth/login }
`
	return map[string]string{jobPath: jobBoard("2026-03-11", jobWIP, ""), change.ConfigPath: config}
}

// onWatch is a GitHub whose repository has production watched by a job that may
// open issues.
func onWatch(t testing.TB, more string) *stage {
	s := setStage(t, watchedFiles(more))
	s.hub.Grant(map[string]string{"contents": "read", "issues": "write", "actions": "read"})
	s.repo.SetRuns("smoke-production.yml", fake.Run{Number: 1, Event: "schedule", Branch: "main", Status: "in_progress", Time: jobNoon})
	return s
}

// openIssues counts those that are open.
func (s *stage) openIssues() int {
	open := 0
	for n := 1; n < 100; n++ {
		if i, ok := s.repo.Issue(n); ok && i.Pull == nil && i.State == "OPEN" {
			open++
		}
	}
	return open
}

const wrongLogin = "login: got 200, want 307 -> /auth/login"

// TestIncidentFaults strikes all that is asked and written for the incident: the
// job is red whatever happens, what is wrong is in the log and in the summary, an
// issue that was not filed is an error of its own, and the next run makes it good.
func TestIncidentFaults(t *testing.T) {
	partial := map[string][]string{"query Issues": {"repository", "open"}, "POST /repos/{owner}/{repo}/issues": nil}
	tried := 0
	for _, route := range slices.Sorted(maps.Keys(partial)) {
		all := faultsOf(route, partial[route])
		for _, name := range slices.Sorted(maps.Keys(all)) {
			tried++
			t.Run(route+"/"+name, func(t *testing.T) {
				s := onWatch(faultyTest{t}, "  incident: { open_after: 1 }\n")
				s.hub.Fail(all[name])
				j := s.watch(2, "login")
				j.transport = impatient()
				if status := j.run(); status != Failed {
					t.Errorf("exit status %d, want %d", status, Failed)
				}
				for where, text := range map[string]string{"log": j.tail(), "summary": j.file("summary")} {
					if !strings.Contains(strings.ReplaceAll(text, "`", ""), "got 200, want 307 -> /auth/login") {
						t.Errorf("the %s lost it:\n%s", where, text)
					}
				}
				if filed := strings.Contains(j.log(), "\n| incident: done"); filed == strings.Contains(j.log(), "\n::error title=boardgate%3A incident::") {
					t.Errorf("filed: %t\n%s", filed, j.tail())
				}
				s.hub.Heal()
				again := s.watch(3, "login")
				if status := again.run(); status != Failed || s.openIssues() != 1 {
					t.Errorf("the next run: exit status %d, %d open\n%s", status, s.openIssues(), again.tail())
				}
			})
		}
	}
	t.Logf("%d faults of the incident", tried)
}

// TestFactsCheckFaults strikes what is asked and written for production on a pull
// request that it holds up.
func TestFactsCheckFaults(t *testing.T) {
	tried := 0
	for _, route := range []string{"POST /repos/{owner}/{repo}/check-runs", "query Issues"} {
		all := faultsOf(route, []string{"repository", "open"})
		for _, name := range slices.Sorted(maps.Keys(all)) {
			tried++
			t.Run(route+"/"+name, func(t *testing.T) {
				s, j := heldUp(faultyTest{t}, "login")
				s.hub.Fail(all[name])
				j.transport = impatient()
				if status := j.run(); status != Failed {
					t.Errorf("exit status %d, want %d\n%s", status, Failed, j.log())
				}
				if !strings.Contains(j.shown(), wrongLogin) || !strings.Contains(j.file("summary"), "login") {
					t.Errorf("lost\n%s", j.tail())
				}
				if route != "query Issues" {
					j.wantReceipt("prod-facts", "failed", "done")
				}
			})
		}
	}
	t.Logf("%d faults of production's check run", tried)
}

// heldUp is a pull request that moves an item into DONE, before a production that
// is broken in the ways named.
func heldUp(t testing.TB, faults ...string) (*stage, *job) {
	s := setStage(t, watchedFiles("  block: on-done\n"))
	s.repo.MergedPull(40, "main")
	files := watchedFiles("  block: on-done\n")
	files[jobPath] = jobBoard("2026-03-12", "- (none)\n", "- **Import the price list** (2026-03-12) PR #40\n")
	head := s.push(files)
	j := s.job(head, 1, nil)
	j.world = s.watch(1, faults...).world
	return s, j
}

// noting writes down how long a request about workflows may take.
type noting struct {
	http.RoundTripper
	longest time.Duration
}

func (n *noting) RoundTrip(r *http.Request) (*http.Response, error) {
	if until, bound := r.Context().Deadline(); bound && strings.Contains(r.URL.Path, "/actions/workflows/ci.yml") {
		n.longest = max(n.longest, time.Until(until))
	}
	return n.RoundTripper.RoundTrip(r)
}

// A GitHub that does not answer for a workflow holds a job no longer than
// production may.
func TestWorkflowsHaveTheDeadlineOfTheFacts(t *testing.T) {
	s := onWatch(t, "  defaults: { timeout: 1s, retry: { attempts: 1 } }\n  confirm: { off: true }\n  deadline: { pull_request: 7s, schedule: 7s }\n  workflows: { ci: { file: ci.yml } }\n")
	j := s.watch(2)
	n := &noting{RoundTripper: j.transport}
	j.transport = n
	j.run()
	if n.longest == 0 || n.longest > 7*time.Second {
		t.Errorf("a request may take %s, want at most 7s", n.longest)
	}
}
