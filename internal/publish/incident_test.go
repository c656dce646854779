package publish

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/incident"
)

const smokeFile = "smoke-production.yml"

// watch is a stage on which production is asked run after run.
type watch struct {
	*stage
	runs []fake.Run
	now  time.Time
}

func watching(t *testing.T) *watch {
	t.Helper()
	s := set(t, true)
	s.hub.Grant(map[string]string{"contents": "read", "issues": "write", "actions": "read", "checks": "read"})
	s.repo.SetRuns(smokeFile, fake.Run{Number: 1, Event: "schedule", Branch: "main", Status: "in_progress", Time: noon})
	return &watch{stage: s, now: noon}
}

func (w *watch) caseOf(h incident.Health, facts ...string) incident.Case {
	return incident.Case{
		Key: "prod-smoke", Open: incident.Threshold{Unhealthy: 2, Of: 2}, CloseAfter: 2, Facts: []incident.Fact{{Name: "healthz"}, {Name: "login"}},
		Every: time.Hour, Health: h, Failing: facts, Report: "`login=200`",
		Now: w.now, Run: len(w.runs) + 1, URL: "https://ghe.example/acme/shop/actions/runs/7",
	}
}

// file makes one run.
func (w *watch) file(h incident.Health, facts ...string) IssueResult {
	c := w.caseOf(h, facts...)
	p := w.publisher()
	filed := p.Incident(context.Background(), repo, c, EarlierRuns(p.Client, repo, smokeFile, "main", c.Run))
	w.ran(h)
	return filed
}

// ran puts down that a run ended.
func (w *watch) ran(h incident.Health) {
	w.now = w.now.Add(time.Hour)
	run := fake.Run{Number: len(w.runs) + 1, Event: "schedule", Branch: "main", Status: "completed", Conclusion: "failure", Time: w.now.Add(-time.Hour)}
	switch h {
	case incident.Healthy:
		run.Conclusion = "success"
	case incident.Unhealthy:
		run.Failures = []string{"boardgate: prod-facts"}
	case incident.Unknown:
		run.Failures = []string{"boardgate: unverified"}
	}
	w.runs = append([]fake.Run{run}, w.runs...)
	w.repo.SetRuns(smokeFile, w.runs...)
}

// issues lists what stands, "6 OPEN Production: login not well (1 comment)".
func (w *watch) issues() []string {
	var out []string
	for n := 6; n < 20; n++ {
		if i, ok := w.repo.Issue(n); ok {
			out = append(out, fmt.Sprintf("%d %s %s (%d)", n, i.State, i.Title, len(w.repo.Comments(n))))
		}
	}
	return out
}

func (w *watch) want(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, w.issues()); diff != "" {
		t.Errorf("issues (-want +got)\n%s", diff)
	}
}

func state(t *testing.T, f IssueResult, want string) {
	t.Helper()
	if got := f.Receipt.State + ", " + f.Receipt.Detail; !strings.HasPrefix(got, want) {
		t.Errorf("receipt %q, want %q", got, want)
	}
}

// From bad to bad to good to good: one issue, opened, edited, closed.
func TestIncident(t *testing.T) {
	w := watching(t)
	f := w.file(incident.Unhealthy, "login")
	state(t, f, "done, nothing to say")
	w.want(t)
	state(t, w.file(incident.Unhealthy, "login"), "done, #6 opened")
	w.want(t, "6 OPEN Production: login not well (0)")
	state(t, w.file(incident.Unhealthy, "login"), "done, #6 edited")
	w.want(t, "6 OPEN Production: login not well (0)")
	w.file(incident.Unhealthy, "login", "healthz")
	w.want(t, "6 OPEN Production: login, healthz not well (1)")
	w.file(incident.Healthy)
	w.want(t, "6 OPEN Production: well in the last run, after login, healthz not well (1)")
	state(t, w.file(incident.Healthy), "done, #6 closed")
	w.want(t, "6 CLOSED Production: well in the last 2 runs, after login, healthz not well (2)")
	w.file(incident.Unhealthy, "login")
	w.file(incident.Unhealthy, "login")
	w.want(t, "6 CLOSED Production: well in the last 2 runs, after login, healthz not well (2)", "7 OPEN Production: login not well (0)")
	if i, _ := w.repo.Issue(7); !strings.Contains(i.Body, "It was so before: #6.") {
		t.Errorf("got %s", i.Body)
	}
}

// What others wrote, or a pull request with the label, is left as it is.
func TestIncidentLeavesOthersAlone(t *testing.T) {
	w := watching(t)
	w.file(incident.Unhealthy, "login")
	marked := "<!-- boardgate incident key=prod-smoke name= {} -->"
	w.repo.SetIssue(fake.Issue{Number: 6, Title: "Mine", Body: marked, Author: "mona", State: "OPEN", Labels: []string{"prod-smoke"}})
	w.repo.SetIssue(fake.Issue{Number: 7, Title: "A pull", Body: marked, Author: fake.Viewer, State: "OPEN", Labels: []string{"prod-smoke"}, Pull: &fake.Pull{BaseRef: "main"}})
	w.repo.SetIssue(fake.Issue{Number: 8, Title: "No mark", Body: "by hand", Author: fake.Viewer, State: "OPEN", Labels: []string{"prod-smoke"}})
	w.file(incident.Unhealthy, "login")
	w.file(incident.Healthy)
	w.file(incident.Healthy)
	w.want(t, "6 OPEN Mine (0)", "7 OPEN A pull (0)", "8 OPEN No mark (0)", "9 CLOSED Production: well in the last 2 runs, after login not well (1)")
}

// Other workflows write issues with the same token, with texts of anybody's in
// them. What stands there for a marker neither silences an outage nor has the
// issue overwritten or closed, and says nothing of how production was.
func TestIncidentQuoted(t *testing.T) {
	marked := fmt.Sprintf(`<!-- boardgate incident key=prod-smoke name= {"run":9999,"at":%q,"since":%[1]q,"set":["login"]} -->`, noon.Format(time.RFC3339))
	for name, theirs := range map[string]fake.Issue{
		"below words":          {Body: "A wish of mona's:\n" + marked, Labels: []string{"prod-smoke"}},
		"in a quote":           {Body: "> " + marked + "\n", Labels: []string{"prod-smoke"}},
		"behind a blank line":  {Body: "\n" + marked, Labels: []string{"prod-smoke"}},
		"without the label":    {Body: marked + "\nA wish of mona's."},
		"with another label":   {Body: marked, Labels: []string{"wish"}},
		"in a list of ours":    {Body: "- " + marked + "\n<sub>boardgate opened this.</sub>", Labels: []string{"prod-smoke"}},
		"with a quote of ours": {Body: marked + "\n> <sub>boardgate opened this, keeps it up to date and closes it. Please leave the first line as it is.</sub>"},
	} {
		t.Run(name, func(t *testing.T) {
			w := watching(t)
			w.file(incident.Unhealthy, "login")
			theirs.Number, theirs.Title, theirs.Author, theirs.State = 6, "A wish", fake.Viewer, "OPEN"
			w.repo.SetIssue(theirs)
			if s, err := StandingIncident(t.Context(), w.publisher().Client, repo, "prod-smoke", "", w.now); err != nil || s.Number != 0 {
				t.Errorf("#%d is taken for an incident, %v", s.Number, err)
			}
			state(t, w.file(incident.Unhealthy, "login"), "done, #7 opened")
			w.file(incident.Healthy)
			state(t, w.file(incident.Healthy), "done, #7 closed")
			w.want(t, "6 OPEN A wish (0)", "7 CLOSED Production: well in the last 2 runs, after login not well (1)")
			if i, _ := w.repo.Issue(6); i.Body != theirs.Body {
				t.Errorf("overwritten: %q", i.Body)
			}
		})
	}
}

// Our issue is found behind a hundred of others that bear the label, changed later.
func TestIncidentOnPageTwo(t *testing.T) {
	w := watching(t)
	w.file(incident.Unhealthy, "login")
	w.file(incident.Unhealthy, "login")
	for n := range 120 {
		w.repo.SetIssue(fake.Issue{Number: 100 + n, Title: "Theirs", Author: "mona", State: []string{"OPEN", "CLOSED"}[n%2], Labels: []string{"prod-smoke"}, Time: w.now.Add(time.Hour)})
	}
	state(t, w.file(incident.Unhealthy, "login"), "done, #6 edited")
	w.want(t, "6 OPEN Production: login not well (0)")
}

// GitHub may leave out the label without a word. The issue is found all the same:
// one in the end, closed.
func TestIncidentWithoutItsLabel(t *testing.T) {
	w := watching(t)
	w.hub.TakeNoLabels()
	w.file(incident.Unhealthy, "login")
	f := w.file(incident.Unhealthy, "login")
	state(t, f, "done, #6 opened")
	if len(f.Notes) != 1 || !strings.Contains(f.Notes[0], "without its label") {
		t.Errorf("notes %q", f.Notes)
	}
	state(t, w.file(incident.Unhealthy, "login"), "done, #6 edited")
	w.file(incident.Healthy)
	state(t, w.file(incident.Healthy), "done, #6 closed")
	w.want(t, "6 CLOSED Production: well in the last 2 runs, after login not well (1)")
}

// Two runs at once end in one issue.
func TestIncidentTwoAtOnce(t *testing.T) {
	w := watching(t)
	w.file(incident.Unhealthy, "login")
	var both sync.WaitGroup
	for range 2 {
		p, c := w.publisher(), w.caseOf(incident.Unhealthy, "login")
		both.Go(func() {
			p.Incident(context.Background(), repo, c, EarlierRuns(p.Client, repo, smokeFile, "main", c.Run))
		})
	}
	both.Wait()
	w.ran(incident.Unhealthy)
	w.file(incident.Unhealthy, "login") // whatever the two left, the next run heals
	open := 0
	for _, i := range w.issues() {
		if strings.Contains(i, " OPEN ") {
			open++
		}
	}
	if open != 1 {
		t.Errorf("%d open: %q", open, w.issues())
	}
}

// A token that may not write issues: nobody was told, and what to add is said.
func TestIncidentForbidden(t *testing.T) {
	w := watching(t)
	w.file(incident.Unhealthy, "login")
	w.hub.Grant(map[string]string{"contents": "read", "issues": "read", "actions": "read"})
	f := w.file(incident.Unhealthy, "login")
	state(t, f, "failed, opening the issue: GitHub answered 403")
	if diff := cmp.Diff([]string{"issues: write"}, f.Permissions); diff != "" {
		t.Error(diff)
	}
	w.want(t)
	w.hub.Grant(map[string]string{"contents": "read"})
	state(t, w.file(incident.Unhealthy, "login"), "failed, listing the issues")
}

// Without the earlier runs, one is enough, and what to add is said.
func TestIncidentWithoutEarlierRuns(t *testing.T) {
	w := watching(t)
	w.hub.Grant(map[string]string{"contents": "read", "issues": "write"})
	f := w.file(incident.Unhealthy, "login")
	state(t, f, "done, #6 opened")
	if len(f.Notes) != 1 || !cmp.Equal(f.Permissions, []string{"actions: read"}) {
		t.Errorf("notes %q, permissions %q", f.Notes, f.Permissions)
	}
}

// A close that is refused is tried again by the next run.
func TestIncidentCloseRefused(t *testing.T) {
	w := watching(t)
	w.file(incident.Unhealthy, "login")
	w.file(incident.Unhealthy, "login")
	w.file(incident.Healthy)
	w.hub.Fail(fake.Fault{Route: "PATCH /repos/{owner}/{repo}/issues/{issue_number}", Status: 403, Message: "no"})
	state(t, w.file(incident.Healthy), "degraded, editing the issue")
	w.hub.Heal()
	state(t, w.file(incident.Healthy), "done, #6 closed")
}

// GitHub's hiccups change nothing in the end: 502 twice, and an answer that was lost.
func TestIncidentHiccups(t *testing.T) {
	w := watching(t)
	w.file(incident.Unhealthy, "login")
	w.hub.Fail(fake.Fault{Route: "query Issues", Times: 2, Status: 502, Message: "Bad Gateway"})
	w.hub.Fail(fake.Fault{Route: "POST /repos/{owner}/{repo}/issues", Times: 1, Lose: true})
	state(t, w.file(incident.Unhealthy, "login"), "done, #6 opened")
	w.want(t, "6 OPEN Production: login not well (0)")
}

// An abandoned issue that cannot be closed is not the issue of this outage, which is
// not due yet: nobody went untold.
func TestIncidentAbandoned(t *testing.T) {
	w := watching(t)
	marked := fmt.Sprintf(`<!-- boardgate incident key=old name= {"run":1,"at":%q,"since":%[1]q,"set":["login"],"every":3600} -->`, noon.AddDate(0, 0, -1).Format(time.RFC3339))
	w.repo.SetIssue(fake.Issue{Number: 6, Title: "Production: login not well", Body: marked, Author: fake.Viewer, State: "OPEN", Labels: []string{"old"}})
	w.hub.Fail(fake.Fault{Route: "PATCH /repos/{owner}/{repo}/issues/{issue_number}", Times: 1, Status: 403, Message: "no"})
	state(t, w.file(incident.Unhealthy, "login"), "degraded, ")
	state(t, w.file(incident.Unhealthy, "login"), "done, #7 opened")
	w.want(t, "6 CLOSED Production: login not well (1)", "7 OPEN Production: login not well (0)")
}

// A drill goes the whole way and closes itself.
func TestIncidentDrill(t *testing.T) {
	w := watching(t)
	c := w.caseOf(incident.Unhealthy, "drill")
	c.Drill = true
	state(t, w.publisher().Incident(context.Background(), repo, c, nil), "done, #6 closed")
	w.want(t, "6 CLOSED Drill: Production: drill not well (1)")
}

func TestIncidentWithoutToken(t *testing.T) {
	f := (&Publisher{}).Incident(context.Background(), repo, incident.Case{}, nil)
	state(t, f, "off, there is no token")
}
