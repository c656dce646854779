//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/fake"
)

const smokeFile = "smoke-production.yml"

// smoke is a stage on which production is watched, run after run.
type smoke struct {
	*stage
	shop   *fake.Production
	config string
	head   string
	runs   []fake.Run // the newest first
}

func newSmoke(t testing.TB) *smoke {
	t.Helper()
	s := &smoke{stage: newStage(t)}
	s.workflow = smokeFile
	s.hub.Grant(map[string]string{"contents": "read", "issues": "write", "actions": "read"}) // what the example's block grants
	var err error
	if s.shop, err = fake.NewProduction(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.shop.Close() })
	control := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(control.Close)
	s.config = fmt.Sprintf(`prod-facts:
  base: %s
  block: on-done
  allow_private: true
  control: %s/
  confirm: { after: 1s }
  defaults: { retry: { attempts: 2, backoff: 100ms } }
  check:
    healthz:  { get: /api/healthz, expect: 200, json: { $.status: ok } }
    products: { get: /api/products, expect: 200, json: { $.data: { min_items: 1 } } }
    login:    { get: /login, expect: 307 -> /auth/login }
`, s.shop.URL, control.URL)
	s.head = s.watched(board(item(prices), numbered(receipt)))
	s.repo.Push("main", s.head)
	return s
}

// watched commits a board with the facts of production.
func (s *smoke) watched(text string, parents ...string) string {
	return s.repo.Commit(map[string]string{boardPath: text, ".github/boardgate.yml": s.config}, parents...)
}

// tick has the scheduled job run, and GitHub remember how it ended.
func (s *smoke) tick() outcome {
	s.Helper()
	return s.started("schedule", object{"schedule": "17 * * * *", "repository": repository})
}

func (s *smoke) started(kind string, event object) outcome {
	s.Helper()
	number := len(s.runs) + 1
	s.repo.SetRuns(smokeFile, append([]fake.Run{{Number: number, Event: kind, Branch: "main", Status: "in_progress", Time: time.Now()}}, s.runs...)...)
	o := s.run(kind, event, s.head, "refs/heads/main")
	conclusion := map[bool]string{true: "success", false: "failure"}[o.green]
	s.runs = append([]fake.Run{{Number: number, Event: kind, Branch: "main", Status: "completed", Conclusion: conclusion, Time: time.Now()}}, s.runs...)
	return o
}

// wantIssue wants the one issue to be so, and no other to be there.
func (s *smoke) wantIssue(state, title string, comments int) {
	s.Helper()
	var all []string
	for n := range 100 {
		if i, ok := s.repo.Issue(n); ok && i.Pull == nil {
			all = append(all, fmt.Sprintf("%s %s (%d)", i.State, i.Title, len(s.repo.Comments(n))))
		}
	}
	want := fmt.Sprintf("%s %s (%d)", state, title, comments)
	if state == "" && len(all) > 0 || state != "" && (len(all) != 1 || all[0] != want) {
		s.Errorf("issues %q, want %q", all, want)
	}
}

// Production is up, down, and back: the job's status says it at once, and one
// issue is opened, edited and closed.
func TestSmokeProduction(t *testing.T) {
	s := newSmoke(t)
	o := s.tick()
	s.wantGreen(o)
	s.wantIssue("", "", 0)
	if o.output("facts") != "healthz=200 products=200 login=307" {
		t.Errorf("outputs %v", o.outputs)
	}

	s.broken("down")
	s.wantRed(s.tick())
	s.wantIssue("", "", 0)
	o = s.tick()
	s.wantRed(o)
	s.wantIssue("OPEN", "Production: healthz, products, login not well", 0)
	if o.output("issue-number") == "" || !strings.Contains(o.summary, "unreachable") {
		t.Errorf("outputs %v, summary\n%s", o.outputs, o.summary)
	}

	s.shop.Mend()
	s.broken("login")
	s.wantRed(s.tick())
	s.wantIssue("OPEN", "Production: login not well", 1)

	s.shop.Mend()
	s.wantGreen(s.tick())
	s.wantIssue("OPEN", "Production: well in the last run, after login not well", 1)
	s.wantGreen(s.tick())
	s.wantIssue("CLOSED", "Production: well in the last 2 runs, after login not well", 2)
	if runs := s.repo.CheckRuns(); len(runs) > 0 {
		t.Errorf("a schedule made the check run %q", runs[0].Name)
	}
}

func (s *smoke) broken(fault string) {
	s.Helper()
	if err := s.shop.Break(fault); err != nil {
		s.Fatal(err)
	}
}

// A drill started by hand goes the whole way, and its issue closes itself.
func TestSmokeDrill(t *testing.T) {
	s := newSmoke(t)
	s.wantGreen(s.started("workflow_dispatch", object{"inputs": object{"drill": "true"}, "repository": repository}))
	s.wantIssue("CLOSED", "Drill: Production: drill not well", 1)
}

// A token that may not write issues: the job is red, and says what to add.
func TestSmokeMayNotTell(t *testing.T) {
	s := newSmoke(t)
	s.hub.Grant(map[string]string{"contents": "read", "issues": "read", "actions": "read"})
	s.broken("login")
	s.wantRed(s.tick())
	o := s.tick()
	s.wantRed(o)
	s.wantIssue("", "", 0)
	if !o.annotated("error", "incident") || !strings.Contains(o.log, "issues: write") {
		t.Errorf("commands %+v\n%s", o.commands, o.log)
	}
}

// A change into DONE is held up by a production that is not well, in a check run of
// its own; one that moves nothing there only sees it.
func TestProductionHoldsUp(t *testing.T) {
	s := newSmoke(t)
	s.workflow = "board-gate.yml"
	s.hub.Grant(map[string]string{"contents": "read", "pull_requests": "write", "checks": "write", "issues": "read"})
	s.repo.MergedPull(3, "main")
	s.broken("login")
	finished := s.watched(board(item(receipt), "None\n")+done(prices, 3), s.head)
	p := s.repo.OpenPull(5, "Finished", finished)
	o := s.run("pull_request", pullEvent(5, s.head, finished, repoName), p.Merge, "refs/pull/5/merge")
	s.wantRed(o)
	s.wantFacts("failure")

	more := s.watched(board(item(prices), numbered(receipt, search)), s.head)
	p = s.repo.OpenPull(6, "More to do", more)
	o = s.run("pull_request", pullEvent(6, s.head, more, repoName), p.Merge, "refs/pull/6/merge")
	s.wantGreen(o)
	s.wantFacts("neutral")
	if o.output("facts") != "healthz=200 products=200 login=200" {
		t.Errorf("outputs %v", o.outputs)
	}
}

// wantFacts wants the last check run to be production's, with a conclusion.
func (s *smoke) wantFacts(conclusion string) {
	s.Helper()
	runs := s.repo.CheckRuns()
	if len(runs) == 0 {
		s.Fatal("no check run")
	}
	if last := runs[len(runs)-1]; last.Name != "boardgate prod-facts" || last.Conclusion != conclusion {
		s.Errorf("check run %q is %s, want %s", last.Name, last.Conclusion, conclusion)
	}
}
