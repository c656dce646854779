package publish

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/fake/contract"
	"github.com/boardgate/boardgate/internal/fake/runner"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/report"
)

var update = flag.Bool("update", false, "write the conversations anew")

const (
	repo      = "acme/shop"
	boardPath = "docs/NEXT-7D.md"
)

// stage is a GitHub with pull request 5, and a publisher whose effects are kept.
type stage struct {
	t      *testing.T
	hub    *fake.GitHub
	repo   *fake.Repo
	server *httptest.Server
	target Target
	base   string
	wait   time.Duration // for an answer

	log     bytes.Buffer
	files   map[string]string
	fileErr map[string]error
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func set(t *testing.T, contracted bool) *stage {
	t.Helper()
	s := &stage{t: t, wait: 20 * time.Second, files: map[string]string{}, fileErr: map[string]error{}}
	s.hub = fake.New(func() time.Time { return noon })
	s.repo = s.hub.Repo(repo)
	s.base = s.repo.Commit(map[string]string{boardPath: "## WIP\n- One thing\n"})
	s.repo.Push("main", s.base)
	s.server = httptest.NewServer(s.hub)
	if contracted {
		h, err := contract.Handler(s.hub, func(p string) { t.Errorf("contract: %s", p) })
		if err != nil {
			t.Fatal(err)
		}
		s.server.Config.Handler = h
	}
	t.Cleanup(s.server.Close)
	s.push(1)
	return s
}

// push makes a new head of pull request 5, and run n of the workflow for it.
func (s *stage) push(n int) {
	head := s.repo.Commit(map[string]string{boardPath: fmt.Sprintf("## WIP\n- One thing\n- Thing %d\n", n)}, s.base)
	s.repo.OpenPull(5, "A thing", head)
	s.target = Target{Repo: repo, Pull: 5, Head: head, Base: "main", Run: Run{ID: int64(n), Attempt: 1}}
}

func (s *stage) client() *github.Client {
	c, err := github.New(github.Config{
		Token: "secret", API: s.server.URL + "/api/v3", GraphQL: s.server.URL + "/api/graphql", UserAgent: "boardgate/test",
		Transport: s.server.Client().Transport, Timeout: s.wait,
		Now: func() time.Time { return noon }, Sleep: func(context.Context, time.Duration) error { return nil },
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *stage) publisher() *Publisher {
	return &Publisher{
		Client: s.client(), Log: NewLog(&s.log), Now: func() time.Time { return noon }, Random: rand.NewChaCha8([32]byte{}),
		Files: Files{Summary: "summary", Output: "output", Append: s.append},
	}
}

func (s *stage) append(path string, text []byte) error {
	if err := s.fileErr[path]; err != nil {
		return err
	}
	s.files[path] += string(text)
	return nil
}

func (s *stage) publish(c Content) Result {
	return s.publisher().Publish(context.Background(), s.target, c)
}

// red is the content of a judgement with n errors.
func red(n int) Content {
	c := Content{
		Summary: "### fail\n", Outputs: []Output{{"verdict", "fail"}, {"errors", fmt.Sprint(n)}},
		Check:   Check{Name: "boardgate report", Conclusion: "failure", Title: fmt.Sprint(n, " errors"), Summary: "It fails."},
		Comment: Comment{When: Whatever, Body: "It fails.\n"},
	}
	for i := range n {
		message := finding(i)
		c.Summary += "- " + message + "\n"
		c.Check.Annotations = append(c.Check.Annotations, github.Annotation{
			Path: boardPath, StartLine: i + 1, EndLine: i + 1, Level: "failure", Title: "wip-limit", Message: message,
		})
	}
	return c
}

func finding(i int) string { return fmt.Sprintf("finding %04d.", i) }

var green = Content{
	Summary: "### pass\n", Outputs: []Output{{"verdict", "pass"}},
	Check:   Check{Name: "boardgate report", Conclusion: "success", Title: "all good", Summary: "Fine."},
	Comment: Comment{When: IfThere, Body: "All good.\n"},
}

// visible says what of n findings can be seen nowhere but perhaps in the file given.
func (s *stage) unseen(n int, files ...string) []string {
	all := s.log.String()
	for _, c := range s.repo.CheckRuns() {
		for _, a := range c.Annotations {
			all += a.Message + "\n"
		}
	}
	for _, f := range files {
		all += s.files[f]
	}
	var missing []string
	for i := range n {
		if !strings.Contains(all, finding(i)) {
			missing = append(missing, finding(i))
		}
	}
	return missing
}

func states(r Result) map[string]string {
	out := map[string]string{}
	for _, receipt := range r.Receipts {
		out[receipt.Sink] = receipt.State
	}
	return out
}

func TestRed(t *testing.T) {
	s := set(t, true)
	r := s.publish(red(63))
	want := []report.Receipt{
		{Sink: "summary", State: "done", Detail: fmt.Sprint(len(s.files["summary"]), " bytes")},
		{Sink: "check-run", State: "done", Detail: "63 of 63 annotations"},
		{Sink: "comment", State: "done", Detail: "written"},
		{Sink: "outputs", State: "done", Detail: "4 outputs"},
	}
	if diff := cmp.Diff(want, r.Receipts); diff != "" {
		t.Errorf("receipts (-want +got):\n%s", diff)
	}
	comments := s.repo.Comments(5)
	if len(comments) != 1 || comments[0].ID != r.CommentID || !strings.HasSuffix(comments[0].Body, "\nIt fails.\n") {
		t.Errorf("comments %+v", comments)
	}
	outputs, err := readOutputs(s.files["output"])
	if err != nil {
		t.Fatal(err)
	}
	wantOutputs := []Output{{"verdict", "fail"}, {"errors", "63"}, {"check-run-id", fmt.Sprint(r.CheckRunID)}, {"comment-id", fmt.Sprint(r.CommentID)}}
	if diff := cmp.Diff(wantOutputs, outputs); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
	if s.log.Len() != 0 {
		t.Errorf("all was shown in the check run, and the log says %q", s.log.String())
	}
	if missing := s.unseen(63); missing != nil {
		t.Errorf("unseen: %v", missing)
	}
}

// The budget of the design: seven requests for a hundred pull requests cited
// and fifty annotations, reading included, with a board that the configuration
// names; eight for sixty.
func TestRequestsOfOneRun(t *testing.T) {
	for annotations, most := range map[int]int{0: 7, 50: 7, 60: 8, 100: 8} {
		s := set(t, true)
		var want fact.Wanted
		for i := range 100 {
			s.repo.MergedPull(100+i, "main")
			want.Pulls = append(want.Pulls, fact.Pull{Number: 100 + i})
		}
		i, _ := s.repo.Issue(5)
		ctx := context.Background()
		p := s.publisher()
		sides, err := p.Client.Sides(ctx, github.Question{Repo: repo, Pull: 5, Merge: i.Pull.Merge, Head: s.target.Head, Base: s.base, Paths: []string{".github/boardgate.yml"}})
		if err != nil {
			t.Fatal(err)
		}
		if sides, err = p.Client.FetchMore(ctx, repo, sides, []string{boardPath}); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Client.Cited(ctx, repo, sides.Head.Commit, want); err != nil {
			t.Fatal(err)
		}
		s.target.Comments = sides.Pull.Comments
		r := p.Publish(ctx, s.target, red(annotations))
		if got := states(r)["comment"]; got != Done {
			t.Errorf("comment %s", got)
		}
		if n := p.Client.Requests(); n != most {
			t.Errorf("%d annotations: %d requests, want %d", annotations, n, most)
		}
	}
}

func TestConversation(t *testing.T) {
	s := set(t, true)
	s.publish(red(2))
	path := filepath.Join("testdata", "red.txt")
	got := fake.Transcript(s.hub.Conversation())
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("conversation (-want +got):\n%s", diff)
	}
}

func TestGreenSaysNothingWhereNothingWasSaid(t *testing.T) {
	s := set(t, true)
	p := s.publisher()
	sides, err := p.Client.Sides(context.Background(), github.Question{Repo: repo, Pull: 5, Head: s.target.Head, Paths: []string{boardPath}})
	if err != nil {
		t.Fatal(err)
	}
	s.hub.Forget()
	s.target.Comments = sides.Pull.Comments
	r := s.publish(green)
	if states(r)["comment"] != Off || len(s.repo.Comments(5)) != 0 {
		t.Errorf("receipts %v, comments %+v", r.Receipts, s.repo.Comments(5))
	}
	if n := len(s.hub.Conversation()); n != 1 {
		t.Errorf("%d requests, want the check run's alone", n)
	}
}

func TestTenPushesOneComment(t *testing.T) {
	s := set(t, true)
	first := int64(0)
	for n := 1; n <= 10; n++ {
		s.push(n)
		c := red(n)
		if n == 10 {
			c = green
		}
		r := s.publish(c)
		if first == 0 {
			first = r.CommentID
		}
		if states(r)["comment"] != Done || r.CommentID != first {
			t.Errorf("push %d: %v", n, r.Receipts)
		}
	}
	comments := s.repo.Comments(5)
	if len(comments) != 1 || !strings.Contains(comments[0].Body, "All good.") || strings.Contains(comments[0].Body, "fails") {
		t.Errorf("comments %+v", comments)
	}
}

// Run numbers start again where a workflow file is renamed, and ids of runs do
// not say which is about what: who finishes last writes.
func TestLastRunWrites(t *testing.T) {
	s := set(t, true)
	for _, run := range []Run{{ID: 3, Attempt: 1}, {ID: 2, Attempt: 1}, {ID: 3, Attempt: 2}, {ID: 3, Attempt: 1}} {
		s.target.Run = run
		c := red(1)
		c.Comment.Body = "by " + run.String() + "\n"
		s.publish(c)
		if body := s.repo.Comments(5)[0].Body; !strings.HasSuffix(body, "by "+run.String()+"\n") {
			t.Errorf("after run %s the comment is %q", run, body)
		}
	}
	if n := len(s.repo.Comments(5)); n != 1 {
		t.Errorf("%d comments", n)
	}
}

// What a pull request has become another run is about.
func TestOvertaken(t *testing.T) {
	for name, change := range map[string]func(*stage){
		"another head": func(s *stage) {
			old := s.target
			s.push(2)
			s.target = old
		},
		"another base": func(s *stage) {
			i, _ := s.repo.Issue(5)
			i.Pull.BaseRef = "release"
			s.repo.SetIssue(i)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := set(t, true)
			s.repo.Push("release", s.base)
			change(s)
			r := s.publish(red(1))
			if states(r)["comment"] != Off || len(s.repo.Comments(5)) != 0 {
				t.Errorf("receipts %v, comments %+v", r.Receipts, s.repo.Comments(5))
			}
		})
		t.Run(name+" while writing", func(t *testing.T) {
			s := set(t, true)
			s.repo.Push("release", s.base)
			p := s.publisher()
			change(s)
			body := s.target.marker() + "\nIt fails.\n"
			id, why, err := p.write(context.Background(), s.target, body, nil)
			if id != 0 || why == "" || err != nil || len(s.repo.Comments(5)) != 0 {
				t.Errorf("comment %d, %q, %v, comments %+v", id, why, err, s.repo.Comments(5))
			}
		})
	}
}

// Two runs at once, over and over: one comment in the end.
func TestTwoAtOnce(t *testing.T) {
	for range 20 {
		s := set(t, true)
		var both sync.WaitGroup
		for n := 1; n <= 2; n++ {
			target, p := s.target, s.publisher()
			target.Run.ID = int64(n)
			p.Log, p.Files = NewLog(&bytes.Buffer{}), Files{}
			c := red(1)
			c.Comment.Body = fmt.Sprintf("by run %d\n", n)
			both.Go(func() { p.Publish(context.Background(), target, c) })
		}
		both.Wait()
		if comments := s.repo.Comments(5); len(comments) != 1 || !strings.Contains(comments[0].Body, "\nby run ") {
			t.Fatalf("%d comments: %+v", len(comments), comments)
		}
	}
}

// Whatever runs left behind that created a comment each, or were ended in the
// middle: the oldest stays, with what the last run has to say.
func TestOneCommentIsLeft(t *testing.T) {
	for _, c := range []Content{red(1), green} {
		s := set(t, true)
		var ids []int64
		for n := range 3 {
			s.target.Run.ID = int64(n)
			ids = append(ids, s.repo.AddComment(5, fake.Viewer, s.target.marker()+fmt.Sprintf("\nby run %d\n", n)))
			s.repo.AddComment(5, "mona", "Why three?")
		}
		s.target.Run.ID = 7
		r := s.publish(c)
		comments := s.repo.Comments(5)
		if len(comments) != 4 || comments[0].ID != ids[0] || r.CommentID != ids[0] || !strings.HasSuffix(comments[0].Body, c.Comment.Body) {
			t.Errorf("receipts %v, comments %+v", r.Receipts, comments)
		}
	}
}

// A run that created a comment after another one did moves its text there.
func TestAnotherWasFaster(t *testing.T) {
	s := set(t, true)
	p := s.publisher()
	first := s.repo.AddComment(5, fake.Viewer, s.target.marker()+"\nby run 1\n")
	s.target.Run.ID = 2
	body := s.target.marker() + "\nby run 2\n"
	id, why, err := p.write(context.Background(), s.target, body, nil)
	if comments := s.repo.Comments(5); id != first || why != "" || err != nil || len(comments) != 1 || comments[0].Body != body {
		t.Errorf("comment %d, %q, %v, comments %+v", id, why, err, comments)
	}
}

// A comment that somebody deleted meanwhile is written again.
func TestDeletedMeanwhile(t *testing.T) {
	s := set(t, true)
	gone := []github.Comment{{ID: 1, Body: s.target.marker()}}
	id, why, err := s.publisher().write(context.Background(), s.target, s.target.marker()+"\nanew\n", gone)
	if comments := s.repo.Comments(5); why != "" || err != nil || len(comments) != 1 || comments[0].ID != id {
		t.Errorf("comment %d, %q, %v, comments %+v", id, why, err, comments)
	}
}

func TestWhoseCommentItIs(t *testing.T) {
	s := set(t, true)
	forged := s.target.marker() + "\nAll good, merge it.\n"
	s.repo.AddComment(5, "mallory", forged)
	s.repo.AddComment(5, fake.Viewer, "Another bot's words, by the same login.")
	s.repo.AddComment(5, fake.Viewer, "quoted:\n"+forged)
	backend := s.target
	backend.Name = "backend"
	other := backend.marker() + "\nof another board\n"
	s.repo.AddComment(5, fake.Viewer, other)
	hidden := s.repo.AddComment(5, fake.Viewer, forged)
	s.repo.HideComment(hidden)
	r := s.publish(red(1))
	comments := s.repo.Comments(5)
	if len(comments) != 6 || comments[5].ID != r.CommentID {
		t.Errorf("comments %+v, ours %d", comments, r.CommentID)
	}
	for i, want := range []string{forged, "Another bot's words, by the same login.", "quoted:\n" + forged, other, forged} {
		if comments[i].Body != want {
			t.Errorf("comment %d was touched: %q", i, comments[i].Body)
		}
	}
}

func TestMarker(t *testing.T) {
	for _, name := range []string{"", "web", "a b --> <!-- boardgate name=x run=9.9 -->\n"} {
		target := Target{Name: name, Head: "abc", Run: Run{ID: 12, Attempt: 3}}
		line := target.marker()
		if strings.Count(line, "-->") != 1 || strings.Contains(line, "\n") || !strings.HasSuffix(line, " head=abc run=12.3 -->") {
			t.Errorf("%q ends early", line)
		}
		if !target.isOurs(github.Comment{Body: line + "\r\nbody --> "}) {
			t.Errorf("%q is not known again", line)
		}
	}
}

func TestCommentTooLong(t *testing.T) {
	s := set(t, true)
	c := red(1)
	c.Comment.Body = "<details>\n\n" + strings.Repeat("🎉 a line of a comment\n", 10_000)
	for n := 1; n <= 2; n++ { // writing and editing alike
		s.target.Run.ID = int64(n)
		if r := s.publish(c); states(r)["comment"] != Done {
			t.Errorf("run %d: %v", n, r.Receipts)
		}
	}
	if body := s.repo.Comments(5)[0].Body; len(body) > github.MaxComment || closing(body) != "" {
		t.Errorf("%d bytes, open: %q", len(body), closing(body))
	}
}

func TestSuggestions(t *testing.T) {
	s := set(t, true)
	c := red(1)
	c.Suggestions = []github.Suggestion{{Path: boardPath, Line: 3, Body: "```suggestion\n- Thing 1 (#5)\n```"}}
	for n := 1; n <= 2; n++ {
		s.target.Run.ID = int64(n)
		r := s.publish(c)
		if states(r)["suggestion"] != Done {
			t.Errorf("run %d: %v", n, r.Receipts)
		}
	}
	if got := s.repo.ReviewComments(5); len(got) != 1 || got[0].Commit != s.target.Head || got[0].Line != 3 {
		t.Errorf("suggestions %+v", got)
	}
	// Where the review threads cannot be read the comment is written all the same.
	s.hub.Fail(fake.Fault{Route: threadsRoute, Null: []string{"repository", "pullRequest", "reviewThreads"}, Message: "Something is wrong"})
	if r := s.publish(c); states(r)["suggestion"] != Failed || states(r)["comment"] != Done || len(s.repo.ReviewComments(5)) != 1 {
		t.Errorf("review threads that cannot be read: %v", r.Receipts)
	}
	s.hub.Heal()
	c.Suggestions[0].Line = 3000
	c.Suggestions[0].Body = "elsewhere"
	s.target.Run.ID = 3
	if r := s.publish(c); states(r)["suggestion"] != Degraded {
		t.Errorf("outside the diff: %v", r.Receipts)
	}
}

func TestTooManySuggestions(t *testing.T) {
	s := set(t, true)
	c := red(1)
	for i := range maxSuggestions + 1 {
		c.Suggestions = append(c.Suggestions, github.Suggestion{Path: boardPath, Line: 3, Body: fmt.Sprint("do this ", i)})
	}
	r := s.publish(c)
	if states(r)["suggestion"] != Degraded || len(s.repo.ReviewComments(5)) != maxSuggestions {
		t.Errorf("%d suggestions, %v", len(s.repo.ReviewComments(5)), r.Receipts)
	}
}

func TestReadOnlyToken(t *testing.T) {
	s := set(t, true)
	s.hub.ReadOnly()
	r := s.publish(red(25))
	want := map[string]string{"summary": Done, "check-run": Failed, "workflow-commands": Done, "comment": Failed, "outputs": Done}
	if diff := cmp.Diff(want, states(r)); diff != "" {
		t.Errorf("receipts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"checks: write", "pull-requests: write"}, r.Permissions); diff != "" {
		t.Errorf("permissions (-want +got):\n%s", diff)
	}
	if missing := s.unseen(25); missing != nil {
		t.Errorf("unseen in the log: %v", missing)
	}
	if n := len(runner.Commands(s.log.String())); n != perLevel {
		t.Errorf("%d commands, want %d", n, perLevel)
	}
}

func TestNoToken(t *testing.T) {
	s := set(t, true)
	p := s.publisher()
	p.Client = nil
	r := p.Publish(context.Background(), s.target, red(12))
	want := map[string]string{"summary": Done, "check-run": Off, "workflow-commands": Done, "comment": Off, "outputs": Done}
	if diff := cmp.Diff(want, states(r)); diff != "" {
		t.Errorf("receipts (-want +got):\n%s", diff)
	}
	if missing := s.unseen(12); missing != nil {
		t.Errorf("unseen: %v", missing)
	}
}

// However many findings there are: 500 annotations, the comment before most of
// them, every finding in sight, and no more requests than are right.
func TestTenThousandFindings(t *testing.T) {
	const n = 10_000
	s := set(t, true)
	c := red(n)
	for i := range 100 {
		c.Suggestions = append(c.Suggestions, github.Suggestion{Path: boardPath, Line: 3, Body: fmt.Sprint("do this ", i)})
	}
	r := s.publish(c)
	runs := s.repo.CheckRuns()
	if len(runs) != 1 || len(runs[0].Annotations) != MaxAnnotations || !strings.Contains(runs[0].Summary, "At most 500 of 10000 annotations") {
		t.Errorf("%d check runs, the first with %d annotations", len(runs), len(runs[0].Annotations))
	}
	if got := r.Receipts[1]; got.State != Degraded || !strings.HasPrefix(got.Detail, "500 of 10000 annotations") {
		t.Errorf("receipt %+v", got)
	}
	if missing := s.unseen(n); missing != nil {
		t.Errorf("unseen: %d", len(missing))
	}
	var order []string
	for _, x := range s.hub.Conversation() {
		if x.Method != "POST" || !strings.HasSuffix(x.Path, "/graphql") {
			order = append(order, x.Method+" "+strings.TrimPrefix(x.Path, "/api/v3/repos/acme/shop"))
		}
	}
	if !strings.HasPrefix(strings.Join(order, ", "), "POST /check-runs, POST /issues/5/comments, PATCH /check-runs/") || len(s.hub.Conversation()) > maxRequests {
		t.Errorf("%d requests: %q", len(s.hub.Conversation()), order)
	}
}

func TestErrorsFirst(t *testing.T) {
	s := set(t, true)
	c := red(30)
	for i := range 29 {
		c.Check.Annotations[i].Level = []string{"notice", "warning"}[i%2]
	}
	s.publish(c)
	got := s.repo.CheckRuns()[0].Annotations
	if got[0].Level != "failure" || got[1].Level != "warning" || got[29].Level != "notice" {
		t.Errorf("levels begin %s, %s and end %s", got[0].Level, got[1].Level, got[29].Level)
	}
}

func TestFindingAboutNoLine(t *testing.T) {
	s := set(t, true)
	c := red(2)
	c.Check.Annotations[1].Path, c.Check.Annotations[1].StartLine = "", 0
	r := s.publish(c)
	if got := r.Receipts[1].Detail; got != "1 of 2 annotations" {
		t.Errorf("detail %q", got)
	}
	if missing := s.unseen(2); missing != nil {
		t.Errorf("unseen: %v", missing)
	}
}

func TestOneBadAnnotation(t *testing.T) {
	s := set(t, true)
	s.hub.Fail(fake.Fault{Route: checkRoute, Times: 1, Status: 422, Message: "Invalid request."})
	r := s.publish(red(3))
	if r.CheckRunID == 0 || states(r)["check-run"] != Degraded || len(s.repo.CheckRuns()) != 1 {
		t.Errorf("receipts %v", r.Receipts)
	}
	if missing := s.unseen(3); missing != nil {
		t.Errorf("unseen: %v", missing)
	}
}

func TestLostComment(t *testing.T) {
	for name, f := range map[string]fake.Fault{
		"after it was written":  {Route: commentRoute, Times: 1, Lose: true},
		"before it was written": {Route: commentRoute, Times: 1, Reset: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := set(t, false)
			s.hub.Fail(f)
			r := s.publish(red(1))
			if states(r)["comment"] != Done || len(s.repo.Comments(5)) != 1 || r.CommentID == 0 {
				t.Errorf("receipts %v, comments %+v", r.Receipts, s.repo.Comments(5))
			}
		})
	}
}

const (
	checkRoute   = "POST /repos/{owner}/{repo}/check-runs"
	patchRoute   = "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}"
	commentRoute = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments"
	editRoute    = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}"
	listRoute    = "query Comments"
	threadsRoute = "query Threads"
)

// Whatever sink fails in whatever way, every finding is seen somewhere else
// than in the job summary, and a receipt says what failed.
func TestSinksUnderFaults(t *testing.T) {
	faults := map[string]fake.Fault{
		"403":                     {Status: 403, Message: "Resource not accessible by integration"},
		"404":                     {Status: 404, Message: "Not Found"},
		"422":                     {Status: 422, Message: "Validation Failed"},
		"429 with Retry-After":    {Status: 429, Message: "rate limit", Header: map[string]string{"Retry-After": "2"}},
		"429 without Retry-After": {Status: 429, Message: "rate limit"},
		"500":                     {Status: 500, Message: "oops"},
		"502":                     {Status: 502, Message: "Bad Gateway"},
		"reset":                   {Reset: true},
		"lost":                    {Lose: true},
		"cut off":                 {Cut: true},
		"hangs":                   {Hang: true},
		"200 with errors":         {Body: `{"data":null,"errors":[{"type":"FORBIDDEN","message":"no"}]}`},
		"200 with a page":         {Body: `<html></html>`},
		"partial":                 {Null: []string{"repository", "pullRequest"}, Message: "timeout"},
	}
	sinks := map[string]string{
		checkRoute: CheckRunSink, patchRoute: CheckRunSink, listRoute: CommentSink, commentRoute: CommentSink, editRoute: CommentSink,
	}
	for route, sink := range sinks {
		for name, f := range faults {
			t.Run(sink+" "+strings.Fields(route)[0]+" "+name, func(t *testing.T) {
				t.Parallel()
				s := set(t, false)
				if route == editRoute {
					s.publish(red(1))
					s.push(2)
				}
				f.Route = route
				s.hub.Fail(f)
				if f.Hang {
					s.wait = 700 * time.Millisecond
				}
				const n = 63
				r := s.publish(red(n))
				if missing := s.unseen(n); missing != nil {
					t.Errorf("unseen: %v\nreceipts %v", missing, r.Receipts)
				}
				got := states(r)
				if f.Null != nil && !strings.HasPrefix(route, "query") {
					return // partial data is GraphQL's alone
				}
				// Done all the same, and found out by looking again.
				if harmless := (f.Lose || f.Cut) && route != listRoute && route != patchRoute; got[sink] == Done && !harmless {
					t.Errorf("the fault left no trace: %v", r.Receipts)
				}
				for _, other := range []string{SummarySink, OutputsSink} {
					if got[other] != Done {
						t.Errorf("%s is %s", other, got[other])
					}
				}
				if len(s.repo.Comments(5)) > 1 || route == checkRoute && len(s.repo.CheckRuns()) > 1 {
					t.Errorf("%d comments, %d check runs", len(s.repo.Comments(5)), len(s.repo.CheckRuns()))
				}
				if cmds := runner.Commands(s.log.String()); len(cmds) > perLevel {
					t.Errorf("%d commands, of which the runner drops some", len(cmds))
				}
			})
		}
	}
}

func TestFilesUnderFaults(t *testing.T) {
	broken := errors.New("no space left on device")
	for _, file := range []string{"summary", "output"} {
		s := set(t, true)
		s.fileErr[file] = broken
		r := s.publish(red(3))
		sink := map[string]string{"summary": SummarySink, "output": OutputsSink}[file]
		if states(r)[sink] != Failed || states(r)[CheckRunSink] != Done || states(r)[CommentSink] != Done {
			t.Errorf("%s: %v", file, r.Receipts)
		}
		if missing := s.unseen(3); missing != nil {
			t.Errorf("unseen: %v", missing)
		}
	}
	s := set(t, true)
	p := s.publisher()
	p.Files.Summary, p.Files.Output = "", ""
	r := p.Publish(context.Background(), s.target, red(1))
	if states(r)[SummarySink] != Off || states(r)[OutputsSink] != Off {
		t.Errorf("absent: %v", r.Receipts)
	}
}

func TestJobSummaryTooLong(t *testing.T) {
	s := set(t, true)
	c := green
	c.Summary = strings.Repeat("a line that is not ASCII: é\n", 60_000)
	r := s.publish(c)
	if states(r)[SummarySink] != Degraded {
		t.Errorf("receipts %v", r.Receipts)
	}
	if _, err := runner.Summary(s.files["summary"]); err != nil {
		t.Error(err)
	}
}

func TestAppendFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "summary")
	for _, text := range []string{"a\n", "b\n"} {
		if err := AppendFile(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != "a\nb\n" {
		t.Errorf("%q, %v", got, err)
	}
	if err := AppendFile(filepath.Join(path, "x"), nil); err == nil {
		t.Error("a path through a file is not an error")
	}
}

// 1,000 hostile boards: the runner carries out what was meant, and nothing else.
func TestHostileContent(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	s := set(t, false)
	p := s.publisher()
	p.Client = nil
	for range 1000 {
		s.log.Reset()
		clear(s.files)
		c := Content{Summary: hostile(r) + "\n", Outputs: []Output{{"verdict", hostile(r)}}}
		levels := map[string]int{}
		for range 1 + r.IntN(40) {
			level := []string{"failure", "warning", "notice"}[r.IntN(3)]
			levels[word(level)] = min(levels[word(level)]+1, perLevel)
			c.Check.Annotations = append(c.Check.Annotations, github.Annotation{
				Path: hostile(r), StartLine: 1, EndLine: 1, Level: level, Title: hostile(r), Message: hostile(r),
			})
		}
		p.Publish(context.Background(), s.target, c)
		got := map[string]int{}
		for _, command := range runner.Commands(s.log.String()) {
			got[command.Name]++
		}
		if diff := cmp.Diff(levels, got); diff != "" {
			t.Fatalf("commands (-want +got):\n%s\nlog:\n%s", diff, s.log.String())
		}
		outputs, err := readOutputs(s.files["output"])
		names := []string{}
		for _, o := range outputs {
			names = append(names, o.Name)
		}
		if err != nil || !slices.Equal(names, []string{"verdict", "check-run-id", "comment-id"}) || outputs[0].Value != c.Outputs[0].Value {
			t.Fatalf("outputs %q, %v", outputs, err)
		}
	}
}
