package command

import (
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/fake/runner"
)

// faulty is a test whose GitHub breaks answers on purpose.
type faultyTest struct{ *testing.T }

func (faultyTest) faulty() {}

// faults are what a route can be struck by. What GraphQL answers with 200 and
// errors, REST answers with nonsense.
func faultsOf(route string, partial []string) map[string]fake.Fault {
	out := map[string]fake.Fault{
		"403":                   {Status: 403, Message: "Resource not accessible by integration", Header: map[string]string{"X-Accepted-GitHub-Permissions": "checks=write"}},
		"404":                   {Status: 404, Message: "Not Found"},
		"422":                   {Status: 422, Message: "Validation Failed"},
		"429 with Retry-After":  fake.Limited("", 429, map[string]string{"Retry-After": "5"}),
		"429":                   fake.Limited("", 429, nil),
		"500":                   {Status: 500, Message: "Server Error"},
		"502":                   {Status: 502, Message: "Bad Gateway"},
		"reset":                 {Reset: true},
		"hang":                  {Hang: true},
		"200 with errors":       {Body: `{"data":null,"errors":[{"type":"INTERNAL","message":"Something went wrong"}]}`},
		"partial":               {Cut: true},
		"done, and nobody told": {Lose: true},
	}
	if strings.HasPrefix(route, "query ") {
		delete(out, "done, and nobody told")
		out["partial"] = fake.Fault{Null: partial, Type: "FORBIDDEN", Message: "Resource not accessible by integration"}
	}
	for name, f := range out {
		f.Route = route
		out[name] = f
	}
	return out
}

// redChange is a change of more findings than one request takes.
func redChange(t testing.TB) (*stage, string) {
	s := setStage(t, map[string]string{jobPath: jobBoard("2026-03-11", jobWIP, "")})
	s.repo.MergedPull(40, "main")
	var done strings.Builder
	for n := 1; n <= 35; n++ {
		fmt.Fprintf(&done, "- **Count shelf %02d** (2026-03-12)\n", n)
	}
	done.WriteString("- **Paint the door** (2026-03-12) PR #40\n")
	return s, s.push(map[string]string{jobPath: jobBoard("2026-03-12", jobWIP+"\n**Sweep the floor**\n- **DoD**: `GET /floor` answers 200\n", done.String())})
}

// wantedFindings are words of each finding of redChange.
func wantedFindings() []string {
	out := []string{"WIP holds 2 items"}
	for n := 1; n <= 35; n++ {
		out = append(out, fmt.Sprintf("Count shelf %02d\" is in DONE and cites no pull request", n))
	}
	return out
}

// shown is all that people can see, without the copy of the report that is in
// the log whatever happens.
func (j *job) shown() string {
	all := []string{j.tail()}
	for _, c := range runner.Commands(j.log()) {
		all = append(all, c.Data)
	}
	for _, c := range j.stage.repo.CheckRuns() {
		for _, a := range c.Annotations {
			all = append(all, a.Message)
		}
	}
	return strings.Join(all, "\n")
}

func (j *job) lost(text string) []string {
	return slices.DeleteFunc(wantedFindings(), func(f string) bool { return strings.Contains(text, f) })
}

// impatient waits a tenth of a second for an answer.
func impatient() http.RoundTripper {
	return &http.Transport{ResponseHeaderTimeout: 100 * time.Millisecond, DisableKeepAlives: true}
}

// TestSinkFaults strikes every place that a report goes to: the exit status
// stays, every finding is an annotation or in the log besides the report, and a
// receipt says what became of the place.
func TestSinkFaults(t *testing.T) {
	routes := map[string]string{ // to the sink whose receipt tells
		"POST /repos/{owner}/{repo}/check-runs":                 "check-run",
		"PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}": "check-run",
		"query Comments": "comment",
		"query Threads":  "suggestion",
		"POST /repos/{owner}/{repo}/issues/{issue_number}/comments": "comment",
		"POST /repos/{owner}/{repo}/pulls/{pull_number}/comments":   "suggestion",
	}
	tried := 0
	for _, route := range slices.Sorted(maps.Keys(routes)) {
		all := faultsOf(route, []string{"repository", "pullRequest"})
		for _, name := range slices.Sorted(maps.Keys(all)) {
			tried++
			t.Run(route+"/"+name, func(t *testing.T) {
				s, head := redChange(faultyTest{t})
				s.hub.Fail(all[name])
				j := s.job(head, 1, nil)
				j.transport = impatient()
				if status := j.run(); status != Failed {
					t.Errorf("exit status %d, want %d", status, Failed)
				}
				if lost := j.lost(j.shown()); len(lost) > 0 {
					t.Errorf("lost %d, %q first", len(lost), lost[0])
				}
				if lost := j.lost(j.file("summary")); len(lost) > 0 {
					t.Errorf("the summary lost %d, %q first", len(lost), lost[0])
				}
				if j.wasDone(routes[route]) {
					return // only the answer was lost, and looking again found it
				}
				j.wantReceipt(routes[route], "failed", "degraded")
			})
		}
	}
	t.Logf("%d faults of sinks", tried)
}

// wasDone says whether GitHub has what a place was to show, whatever it answered.
func (j *job) wasDone(sink string) bool {
	repo := j.stage.repo
	switch sink {
	case "comment":
		return len(repo.Comments(jobPull)) > 0 && strings.Contains(j.log(), "\n| comment: done")
	case "check-run":
		runs := repo.CheckRuns()
		return len(runs) > 0 && len(runs[len(runs)-1].Annotations) >= len(wantedFindings()) && strings.Contains(j.log(), "\n| check-run: done")
	}
	return false
}

// wantReceipt wants a line of the log that says one of the states of a place.
func (j *job) wantReceipt(sink string, states ...string) {
	j.stage.t.Helper()
	for _, state := range states {
		if strings.Contains(j.log(), "\n| "+sink+": "+state) {
			return
		}
	}
	j.stage.t.Errorf("no receipt says that %s is %v:\n%s", sink, states, j.tail())
}

// tail is the log behind the report.
func (j *job) tail() string {
	log := j.log()
	return log[strings.Index(log, "::endgroup::")+1:]
}

// TestReadOnlyToken is a fork's token: whatever is written is refused.
func TestReadOnlyToken(t *testing.T) {
	s, head := redChange(t)
	s.hub.ReadOnly()
	j := s.job(head, 1, nil)
	if status := j.run(); status != Failed {
		t.Errorf("exit status %d", status)
	}
	if lost := j.lost(j.shown()); len(lost) > 0 {
		t.Errorf("lost %q", lost)
	}
	j.wantReceipt("check-run", "failed")
	j.wantReceipt("comment", "failed")
	for _, line := range []string{"checks: write", "pull-requests: write"} {
		if !strings.Contains(j.log(), "\n|       "+line+"\n") {
			t.Errorf("the log does not print %q", line)
		}
	}
}

// TestConversations plays pull requests whose conversation does not take what the
// run has to say, or is long: the exit status stays, no finding is lost, and what
// is there is not written again.
func TestConversations(t *testing.T) {
	for _, tt := range []struct {
		name                string
		before              func(*fake.Repo) // the first of two runs
		between             func(*fake.Repo)
		comment, suggestion string // the receipts of the second
		comments, reviews   int    // of ours in the end
	}{
		{
			"locked", func(r *fake.Repo) {
				i, _ := r.Issue(jobPull)
				i.Locked = true
				r.SetIssue(i)
			}, func(*fake.Repo) {}, "failed", "degraded", 0, 5,
		},
		{"1,005 comments first", talk(1005), func(*fake.Repo) {}, "done, edited", "degraded", 1, 5},
		{"1,005 comments after", func(*fake.Repo) {}, talk(1005), "done, edited", "degraded", 1, 5},
		{"2,500 comments first", talk(2500), func(*fake.Repo) {}, "failed, not written", "degraded", 0, 5},
		{"150 newer review threads", func(*fake.Repo) {}, ask(150), "done, edited", "degraded, 0 made, 5 there already", 1, 5},
		{"1,500 review threads", ask(1500), func(*fake.Repo) {}, "done, edited", "degraded, 0 made, 0 there already", 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, head := redChange(t)
			tt.before(s.repo)
			first, second := s.job(head, 1, nil), s.job(head, 2, nil)
			for _, j := range []*job{first, second} {
				before := len(s.hub.Conversation())
				if status := j.run(); status != Failed {
					t.Errorf("exit status %d", status)
				}
				if lost := j.lost(j.shown()); len(lost) > 0 {
					t.Errorf("lost %q", lost)
				}
				if n := len(s.hub.Conversation()) - before; n > 25 {
					t.Errorf("%d requests", n)
				}
				tt.between(s.repo)
			}
			second.wantReceipt("comment", tt.comment)
			second.wantReceipt("suggestion", tt.suggestion)
			if strings.Contains(second.log(), "permissions:") {
				t.Errorf("asks for permissions:\n%s", second.tail())
			}
			comments := slices.DeleteFunc(s.repo.Comments(jobPull), func(c fake.Comment) bool { return c.Author != fake.Viewer })
			reviews := slices.DeleteFunc(s.repo.ReviewComments(jobPull), func(c fake.ReviewComment) bool { return c.Author != fake.Viewer })
			if len(comments) != tt.comments || len(reviews) != tt.reviews {
				t.Errorf("%d comments, %d suggestions of ours", len(comments), len(reviews))
			}
		})
	}
}

// talk adds comments of somebody else, ask review threads.
func talk(n int) func(*fake.Repo) {
	return func(r *fake.Repo) {
		for range n {
			r.AddComment(jobPull, "mona", "Looks good.")
		}
	}
}

func ask(n int) func(*fake.Repo) {
	return func(r *fake.Repo) {
		for range n {
			r.AddReviewComment(jobPull, "mona", jobPath, 1, "Why?")
		}
	}
}

// TestTenThousandFindings plays a change of ten thousand findings, on a board so
// long that its text comes by itself: none is lost, whether GitHub takes the check
// run or not, and twenty requests do.
func TestTenThousandFindings(t *testing.T) {
	const n = 5000 // each an error and a notice
	var done strings.Builder
	for i := range n {
		fmt.Fprintf(&done, "- **Count shelf %04d**: every tin, jar, box, bag, crate and barrel on it, and what the labels say of their age, once more\n", i)
	}
	for name, fault := range map[string]*fake.Fault{
		"taken": nil, "refused": {Route: "POST /repos/{owner}/{repo}/check-runs", Status: 403, Message: "Resource not accessible by integration"},
	} {
		t.Run(name, func(t *testing.T) {
			s := setStage(faultyTest{t}, map[string]string{jobPath: jobBoard("2026-03-11", jobWIP, "")})
			head := s.push(map[string]string{jobPath: jobBoard("2026-03-12", jobWIP, done.String())})
			if fault != nil {
				s.hub.Fail(*fault)
			}
			j := s.job(head, 1, nil)
			if status := j.run(); status != Failed {
				t.Errorf("exit status %d, want %d", status, Failed)
			}
			shown := j.shown()
			for i := range n {
				if text := fmt.Sprintf("\"Count shelf %04d\" is in DONE and cites no pull request", i); !strings.Contains(shown, text) {
					t.Fatalf("lost %s", text)
				}
			}
			j.wantReceipt("comment", "done")
			j.wantReceipt("check-run", map[bool]string{true: "degraded, 500 of 10000 annotations", false: "failed"}[fault == nil])
			if got := len(s.hub.Conversation()); got > 20 {
				t.Errorf("%d requests:\n%s", got, brief(s.hub.Conversation()))
			} else {
				t.Logf("%d requests", got)
			}
		})
	}
}

// greenChange is one that passes if, and only if, its pull request is known to be merged.
func greenChange(t testing.TB) (*stage, string) {
	s := setStage(t, map[string]string{jobPath: jobBoard("2026-03-11", jobWIP, "")})
	s.repo.MergedPull(40, "main")
	return s, s.push(map[string]string{jobPath: jobBoard("2026-03-12", "- (none)\n", "- **Import the price list** (2026-03-12) PR #40\n")})
}

// TestReadFaults strikes what is read: a change that would pass is unverified,
// which is red, and one that would fail never gets better.
func TestReadFaults(t *testing.T) {
	partial := map[string][]string{"query Sides": {"repository", "head"}, "query Cited": {"r0", "p40"}}
	tried := 0
	for _, route := range slices.Sorted(maps.Keys(partial)) {
		all := faultsOf(route, partial[route])
		for _, name := range slices.Sorted(maps.Keys(all)) {
			tried++
			t.Run(route+"/"+name, func(t *testing.T) {
				s, head := greenChange(faultyTest{t})
				s.hub.Fail(all[name])
				j := s.job(head, 1, nil)
				j.transport = impatient()
				if status := j.run(); status != Unverified {
					t.Errorf("exit status %d, want %d\n%s", status, Unverified, j.tail())
				}
				if !strings.Contains(j.file("outputs"), "\nunverified\n") {
					t.Errorf("outputs:\n%s", j.file("outputs"))
				}
				if !strings.Contains(j.log(), "\n::error title=boardgate%3A unverified::") {
					t.Errorf("the log does not say why:\n%s", j.log())
				}
				if runs := s.repo.CheckRuns(); len(runs) != 1 || runs[0].Conclusion != "failure" {
					t.Errorf("check runs %+v", runs)
				}
			})
			t.Run(route+"/"+name+", red", func(t *testing.T) {
				s, head := redChange(faultyTest{t})
				s.hub.Fail(all[name])
				j := s.job(head, 1, nil)
				j.transport = impatient()
				want := Failed
				if route == "query Sides" { // nothing is known of it
					want = Unverified
				}
				if status := j.run(); status != want {
					t.Errorf("exit status %d, want %d", status, want)
				}
			})
		}
	}
	t.Logf("%d faults of reads", tried)

	s, head := greenChange(t)
	s.hub.Grant(map[string]string{"contents": "read", "checks": "write", "pull_requests": "read", "issues": "read"})
	if status := s.job(head, 1, nil).run(); status != Passed {
		t.Errorf("a token that may read: exit status %d", status)
	}
	s, head = greenChange(t)
	s.hub.Grant(map[string]string{"contents": "read", "checks": "write"})
	j := s.job(head, 1, nil)
	if status := j.run(); status != Unverified || !strings.Contains(j.log(), "pull-requests: read") {
		t.Errorf("a token that may not read pull requests: exit status %d\n%s", status, j.log())
	}
}

// TestFileFaults takes the files away: the exit status stays, and nothing is lost.
func TestFileFaults(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the files that cannot be written are Linux's own")
	}
	faults := map[string]map[string]string{
		"absent":    {"summary": "", "outputs": "", "report-file": ""},
		"no folder": {"summary": "/nowhere/summary", "outputs": "/nowhere/outputs"},
		"read-only": {"summary": "/proc/version", "outputs": "/proc/version", "report-file": "version"}, // for root too
		"full":      {"summary": "/dev/full", "outputs": "/dev/full", "report-file": "full"},
	}
	variable := map[string]string{"summary": "GITHUB_STEP_SUMMARY", "outputs": "GITHUB_OUTPUT", "report-file": "INPUT_REPORT-FILE"}
	workspace := map[string]string{"version": "/proc", "full": "/dev"}
	tried := 0
	for _, fault := range slices.Sorted(maps.Keys(faults)) {
		for _, sink := range slices.Sorted(maps.Keys(faults[fault])) {
			tried++
			t.Run(sink+"/"+fault, func(t *testing.T) {
				s, head := redChange(t)
				value := faults[fault][sink]
				env := map[string]string{variable[sink]: value}
				if sink == "report-file" && value != "" {
					env["GITHUB_WORKSPACE"] = workspace[value]
				}
				j := s.job(head, 1, env)
				if status := j.run(); status != Failed {
					t.Errorf("exit status %d", status)
				}
				if lost := j.lost(j.shown()); len(lost) > 0 {
					t.Errorf("lost %q", lost)
				}
				switch {
				case value != "":
					j.wantReceipt(sink, "failed")
				case sink != "report-file":
					j.wantReceipt(sink, "off")
				}
			})
		}
	}
	t.Logf("%d faults of files", tried)
}
