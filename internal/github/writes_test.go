package github_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/github"
)

func run(head string, annotations int) github.CheckRun {
	r := github.CheckRun{
		Name: "boardgate report", Head: head, Conclusion: "failure", ExternalID: "77.1", Title: "1 error", Summary: "It fails.",
		Completed: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC),
	}
	for i := range annotations {
		r.Annotations = append(r.Annotations, github.Annotation{
			Path: board, StartLine: i + 1, EndLine: i + 1, StartColumn: 1, EndColumn: 5, Level: "failure", Title: "wip-limit", Message: fmt.Sprint("finding ", i),
		})
	}
	return r
}

func TestCheckRun(t *testing.T) {
	for n, requests := range map[int]int{0: 1, 1: 1, 50: 1, 51: 2, 60: 2, 100: 2, 101: 3} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s := start(t)
			q := s.pull()
			ctx := context.Background()
			id, err := s.client.CreateCheckRun(ctx, repo, run(q.Head, n))
			for at := 50; err == nil && at < n; {
				var added int
				added, err = s.client.AddAnnotations(ctx, repo, id, run(q.Head, n), at)
				at += added
			}
			if err != nil {
				t.Fatal(err)
			}
			got := s.repo.CheckRuns()
			if len(got) != 1 || got[0].ID != id || len(got[0].Annotations) != n || got[0].Conclusion != "failure" || got[0].Status != "completed" {
				t.Errorf("GitHub has %d check runs, the first %+v", len(got), got)
			}
			for i, a := range got[0].Annotations {
				if a.Message != fmt.Sprint("finding ", i) {
					t.Fatalf("annotation %d is %+v", i, a)
				}
			}
			if s.client.Requests() != requests {
				t.Errorf("%d requests, want %d", s.client.Requests(), requests)
			}
		})
	}
}

// GitHub makes the check run, and its answer is lost: it is not made again.
func TestLostCheckRun(t *testing.T) {
	for name, f := range map[string]fake.Fault{"lost": {Lose: true}, "cut off": {Cut: true}, "not made": {Reset: true}, "refused": {Status: 502}} {
		t.Run(name, func(t *testing.T) {
			s := wild(t)
			q := s.pull()
			f.Route, f.Times = checkRoute, 3
			// Those of earlier runs and attempts are others.
			for n := range 120 {
				other := run(q.Head, 0)
				other.ExternalID = fmt.Sprintf("78.%d", n)
				if _, err := s.client.CreateCheckRun(context.Background(), repo, other); err != nil {
					t.Fatal(err)
				}
			}
			s.hub.Fail(f)
			id, err := s.client.CreateCheckRun(context.Background(), repo, run(q.Head, 3))
			all := s.repo.CheckRuns()
			if last := all[len(all)-1]; err != nil || len(all) != 121 || last.ID != id || len(last.Annotations) != 3 {
				t.Errorf("check run %d, %v, %d check runs", id, err, len(all))
			}
		})
	}
}

func TestAnnotationsAreSentOnce(t *testing.T) {
	s := wild(t)
	q := s.pull()
	s.hub.Fail(fake.Fault{Route: patchRoute, Lose: true, Times: 1})
	ctx := context.Background()
	id, err := s.client.CreateCheckRun(ctx, repo, run(q.Head, 120))
	if err != nil {
		t.Fatal(err)
	}
	added, err := s.client.AddAnnotations(ctx, repo, id, run(q.Head, 120), 50)
	if added != 0 || err == nil {
		t.Errorf("%d annotations, %v, want an error", added, err)
	}
	// The lost one was done; sent again it would have doubled its annotations.
	if n := len(s.repo.CheckRuns()[0].Annotations); n != 100 {
		t.Errorf("GitHub has %d annotations, want 100", n)
	}
}

func TestColumnsOnlyOnOneLine(t *testing.T) {
	s := start(t)
	q := s.pull()
	r := run(q.Head, 1)
	r.Annotations[0].EndLine = 3
	if _, err := s.client.CreateCheckRun(context.Background(), repo, r); err != nil {
		t.Fatal(err)
	}
	if a := s.repo.CheckRuns()[0].Annotations[0]; a.StartColumn != 0 || a.EndLine != 3 {
		t.Errorf("sent %+v", a)
	}
}

func TestRefusedForWantOfPermission(t *testing.T) {
	s := start(t)
	q := s.pull()
	s.hub.ReadOnly()
	ctx := context.Background()
	_, check := s.client.CreateCheckRun(ctx, repo, run(q.Head, 1))
	_, comment := s.client.CreateComment(ctx, repo, 5, "x")
	_, _, issue := s.client.CreateIssue(ctx, repo, "t", "b", "l")
	suggest := s.client.Suggest(ctx, repo, 5, q.Head, github.Suggestion{Path: board, Line: 3, Body: "x"})
	for _, tt := range []struct {
		err  error
		want string
	}{{check, "checks: write"}, {comment, "pull-requests: write"}, {issue, "issues: write"}, {suggest, "pull-requests: write"}} {
		if github.KindOf(tt.err) != github.Forbidden {
			t.Errorf("error %v, want forbidden", tt.err)
		}
		if diff := cmp.Diff([]string{tt.want}, github.Permissions(tt.err)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.err, diff)
		}
	}
	if len(s.sleeps) != 0 || s.client.Requests() != 4 {
		t.Errorf("slept %v, %d requests", s.sleeps, s.client.Requests())
	}
}

// each counts every comment.
func each(github.Comment) bool { return true }

func TestOwnComments(t *testing.T) {
	s := start(t)
	s.pull()
	ctx := context.Background()
	s.repo.AddComment(5, "mona", "ours is <!-- boardgate -->")
	first, err := s.client.CreateComment(ctx, repo, 5, "first")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 150 {
		s.repo.AddComment(5, "mona", fmt.Sprint("talk ", i))
	}
	second, err := s.client.CreateComment(ctx, repo, 5, "second")
	if err != nil {
		t.Fatal(err)
	}
	s.repo.HideComment(second)
	s.hub.Forget()
	got, err := s.client.OwnComments(ctx, repo, 5, each)
	if err != nil {
		t.Fatal(err)
	}
	want := []github.Comment{{ID: first, Body: "first"}, {ID: second, Body: "second", Minimized: true}}
	if diff := cmp.Diff(want, got.Own); diff != "" {
		t.Errorf("comments (-want +got):\n%s", diff)
	}
	if !got.Whole() || got.Base != "main" {
		t.Errorf("%+v", got)
	}
	s.requests("Comments")
}

// Ours are found wherever they are, with as few requests as it takes.
func TestCommentsOfLongConversations(t *testing.T) {
	for _, tt := range []struct {
		name          string
		before, after int // comments of others
		requests      int
		found, whole  bool
		latest        bool // whether they are among the latest
	}{
		{"none of ours", 150, 0, 1, false, true, false},
		{"the oldest", 0, 5000, 1, true, true, true},
		{"the newest", 1005, 0, 6, true, true, true},
		{"in the middle", 500, 500, 6, true, true, false},
		{"the newest of too many", 2500, 0, 10, true, false, true},
		{"in the middle of too many", 2500, 2500, 10, false, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t)
			s.pull()
			talk := func(n int) {
				for range n {
					s.repo.AddComment(5, "mona", "talk")
				}
			}
			talk(tt.before)
			if tt.name != "none of ours" {
				s.repo.AddComment(5, fake.Viewer, "ours")
			}
			talk(tt.after)
			got, err := s.client.OwnComments(context.Background(), repo, 5, each)
			if err != nil || len(got.Own) > 0 != tt.found || got.Whole() != tt.whole || s.client.Requests() != tt.requests {
				t.Errorf("%v: %d comments of %d, whole: %t, %d requests", err, got.Read, got.Total, got.Whole(), s.client.Requests())
			}
			before := s.client.Requests()
			latest, err := s.client.LatestComments(context.Background(), repo, 5)
			if err != nil || len(latest.Own) > 0 != tt.latest || s.client.Requests() != before+1 {
				t.Errorf("the latest: %v, %+v", err, latest.Own)
			}
		})
	}
}

func TestOwnSuggestions(t *testing.T) {
	for _, tt := range []struct {
		after, requests int
		found, whole    bool
	}{{0, 1, true, true}, {150, 2, true, true}, {998, 10, true, true}, {1000, 10, false, false}} {
		s := start(t)
		s.pull()
		s.repo.AddReviewComment(5, "mona", board, 1, "Why?")
		s.repo.AddReviewComment(5, fake.Viewer, board, 3, "here")
		for range tt.after {
			s.repo.AddReviewComment(5, "mona", board, 1, "Why?")
		}
		got, err := s.client.OwnSuggestions(context.Background(), repo, 5)
		if err != nil || got.Whole() != tt.whole || got.Base != "main" || s.client.Requests() != tt.requests {
			t.Errorf("%d more: %v, %d of %d, whole: %t, %d requests", tt.after, err, got.Read, got.Total, got.Whole(), s.client.Requests())
		}
		if want := (github.Suggestion{Path: board, Line: 3, Body: "here"}); tt.found != slices.Contains(got.Own, want) {
			t.Errorf("%d more: %+v", tt.after, got.Own)
		}
	}
}

func TestCommentsComeWithTheSides(t *testing.T) {
	s := start(t)
	q := s.pull()
	id, err := s.client.CreateComment(context.Background(), repo, 5, "ours")
	if err != nil {
		t.Fatal(err)
	}
	sides, err := s.client.Sides(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]github.Comment{{ID: id, Body: "ours"}}, sides.Pull.Comments.Own); diff != "" {
		t.Error(diff)
	}
	if !sides.Pull.Comments.Whole() || sides.Pull.Comments.Head != q.Head {
		t.Errorf("comments %+v", sides.Pull.Comments)
	}
}

func TestCommentsNotRead(t *testing.T) {
	for name, f := range map[string]fake.Fault{
		"forbidden": {Null: []string{"repository", "pullRequest"}, Type: "FORBIDDEN", Message: "no"},
		"partial":   {Null: []string{"repository", "pullRequest", "newest"}, Message: "no"},
		"500":       {Status: 500},
	} {
		t.Run(name, func(t *testing.T) {
			s := wild(t)
			s.pull()
			f.Route = "query Comments"
			s.hub.Fail(f)
			if c, err := s.client.OwnComments(context.Background(), repo, 5, each); err == nil || c.Whole() {
				t.Errorf("comments %+v, %v, want an error", c, err)
			}
		})
	}
}

func TestEditAndDelete(t *testing.T) {
	s := start(t)
	s.pull()
	ctx := context.Background()
	id, _ := s.client.CreateComment(ctx, repo, 5, "one")
	if err := s.client.EditComment(ctx, repo, id, "two <b>&"); err != nil {
		t.Fatal(err)
	}
	if c := s.repo.Comments(5); len(c) != 1 || c[0].Body != "two <b>&" {
		t.Errorf("comments %+v", c)
	}
	for range 2 {
		if err := s.client.DeleteComment(ctx, repo, id); err != nil {
			t.Fatal(err)
		}
	}
	if c := s.repo.Comments(5); len(c) != 0 {
		t.Errorf("comments %+v", c)
	}
	if err := s.client.EditComment(ctx, repo, id, "three"); github.KindOf(err) != github.NotFound {
		t.Errorf("editing what is gone: %v", err)
	}
}

func TestTooLong(t *testing.T) {
	s := start(t)
	q := s.pull()
	ctx := context.Background()
	if _, err := s.client.CreateComment(ctx, repo, 5, strings.Repeat("x", 70_000)); github.KindOf(err) != github.Refused || !strings.Contains(err.Error(), "65536") {
		t.Errorf("comment: %v", err)
	}
	r := run(q.Head, 0)
	r.Summary = strings.Repeat("é", 40_000)
	if _, err := s.client.CreateCheckRun(ctx, repo, r); github.KindOf(err) != github.Refused || !strings.Contains(err.Error(), "65535") {
		t.Errorf("check run: %v", err)
	}
	if s.client.Requests() != 2 {
		t.Errorf("%d requests: a refusal was tried again", s.client.Requests())
	}
}

func TestSuggestOutsideTheDiff(t *testing.T) {
	s := start(t)
	q := s.pull()
	err := s.client.Suggest(context.Background(), repo, 5, q.Head, github.Suggestion{Path: "README.md", Line: 1, Body: "x"})
	if github.KindOf(err) != github.Refused {
		t.Errorf("error %v, want a refusal", err)
	}
}

func TestIssues(t *testing.T) {
	s := start(t)
	s.hub.Grant(map[string]string{"issues": "write"})
	ctx := context.Background()
	s.repo.SetIssue(fake.Issue{Number: 1, Author: "mona", Title: "theirs", State: "OPEN", Labels: []string{"boardgate"}})
	n, labelled, err := s.client.CreateIssue(ctx, repo, "Production", "is down", "boardgate")
	if err != nil || n != 2 || !labelled {
		t.Fatalf("issue %d, labelled %t, %v", n, labelled, err)
	}
	if err := s.client.EditIssue(ctx, repo, github.Issue{Number: n, Title: "Production", Body: "is up"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.client.CreateComment(ctx, repo, n, "recovered"); err != nil {
		t.Fatal(err)
	}
	got, err := s.client.AppIssues(ctx, repo, "boardgate")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]github.Issue{{Number: 2, Own: true, Bot: true, Labels: []string{"boardgate"}, Title: "Production", Body: "is up"}}, got); diff != "" {
		t.Error(diff)
	}
	s.hub.Grant(map[string]string{"contents": "read"})
	_, err = s.client.AppIssues(ctx, repo, "boardgate")
	if diff := cmp.Diff([]string{"issues: read"}, github.Permissions(err)); diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
}

func TestWorkflowRuns(t *testing.T) {
	s := start(t)
	s.hub.Grant(map[string]string{"actions": "read"})
	at := s.clock().Add(-time.Hour)
	s.repo.SetRuns("smoke.yml",
		fake.Run{Number: 3, Event: "schedule", Branch: "main", Head: "abc", Status: "in_progress", Time: at},
		fake.Run{Number: 2, Event: "push", Branch: "main", Head: "abc", Status: "completed", Conclusion: "success", Time: at},
		fake.Run{Number: 1, Event: "push", Branch: "work", Head: "abc", Status: "completed", Conclusion: "failure", Time: at})
	got, err := s.client.WorkflowRuns(context.Background(), repo, "smoke.yml", "main", 10)
	if err != nil {
		t.Fatal(err)
	}
	want := []github.WorkflowRun{
		{Number: 3, Event: "schedule", Status: "in_progress", Started: at, Suite: "CS_smoke.yml_3"},
		{Number: 2, Event: "push", Status: "completed", Conclusion: "success", Started: at, Suite: "CS_smoke.yml_2"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := s.client.WorkflowRuns(context.Background(), repo, "gone.yml", "main", 10); github.KindOf(err) != github.NotFound {
		t.Errorf("no such workflow: %v", err)
	}
}
