package github_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/github"
)

func pulls(numbers ...int) []fact.Pull {
	var out []fact.Pull
	for _, n := range numbers {
		out = append(out, fact.Pull{Number: n})
	}
	return out
}

// states is what came for each pull, without the reasons.
func states(a fact.Answers) map[string]fact.PullState {
	out := map[string]fact.PullState{}
	for p, answer := range a.Pulls {
		out[fmt.Sprintf("%s#%d", p.Repo, p.Number)] = answer.State
	}
	return out
}

func TestCited(t *testing.T) {
	s := start(t)
	q := s.pull()
	s.repo.MergedPull(1, "main")
	s.repo.MergedPull(2, "release")
	s.repo.SetIssue(fake.Issue{Number: 3, State: "CLOSED", Pull: &fake.Pull{BaseRef: "main"}})
	s.repo.SetIssue(fake.Issue{Number: 4, State: "OPEN"})
	s.hub.Repo("acme/other").MergedPull(1, "main")
	want := fact.Wanted{
		Pulls: append(pulls(1, 2, 3, 4, 5, 99, 0, 1<<40),
			fact.Pull{Repo: "acme/other", Number: 1}, fact.Pull{Repo: "acme/other", Number: 9},
			fact.Pull{Repo: "acme/hidden", Number: 1}, fact.Pull{Repo: "ACME/Shop", Number: 1}),
		Paths: []fact.Path{board, "docs", "docs/gone.md", "../x"},
	}
	got, err := s.client.Cited(context.Background(), repo, q.Head, want)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]fact.PullState{
		"#1": fact.Merged, "#2": fact.Merged, "#3": fact.Closed, "#4": fact.IsIssue, "#5": fact.OpenPull, "#99": fact.Absent,
		"#0": fact.Absent, "#1099511627776": fact.Absent,
		"acme/other#1": fact.Merged, "acme/other#9": fact.Absent, "acme/hidden#1": fact.Unreadable, "ACME/Shop#1": fact.Merged,
	}, states(got)); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(fact.PullAnswer{State: fact.Merged, Base: "release"}, got.Pull(fact.Pull{Number: 2})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[fact.Path]fact.Presence{
		board: fact.PathThere, "docs": fact.PathThere, "docs/gone.md": fact.PathMissing, "../x": fact.PathMissing,
	}, got.Paths); diff != "" {
		t.Error(diff)
	}
	s.requests("Cited")
}

func TestCitedByTheHundred(t *testing.T) {
	for n, queries := range map[int]int{0: 0, 1: 1, 100: 1, 101: 2, 250: 3} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s := start(t)
			q := s.pull()
			var want fact.Wanted
			for i := range n {
				s.repo.MergedPull(1000+i, "main")
				want.Pulls = append(want.Pulls, fact.Pull{Number: 1000 + i})
			}
			got, err := s.client.Cited(context.Background(), repo, q.Head, want)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range want.Pulls {
				if got.Pull(p).State != fact.Merged {
					t.Fatalf("#%d: %+v", p.Number, got.Pull(p))
				}
			}
			if s.client.Requests() != queries {
				t.Errorf("%d queries, want %d", s.client.Requests(), queries)
			}
		})
	}
}

// Nothing that goes wrong makes a pull request absent.
func TestCitedCouldNotFindOut(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*scene)
		kind  github.Kind
		lines []string
		want  map[string]fact.PullState
		path  fact.Presence
	}{
		{
			"no right to pull requests", func(s *scene) { s.hub.Grant(map[string]string{"contents": "read"}) },
			github.Forbidden,
			[]string{"pull-requests: read"},
			map[string]fact.PullState{"#5": fact.Unknown, "#99": fact.Unknown, "acme/other#1": fact.Unreadable},
			fact.PathThere,
		},
		{
			"only issues", func(s *scene) { s.hub.Grant(map[string]string{"issues": "read"}) },
			github.Forbidden,
			[]string{"pull-requests: read"},
			map[string]fact.PullState{"#5": fact.Unknown, "#99": fact.Unknown, "acme/other#1": fact.Unreadable},
			fact.PathNotAsked,
		},
		{
			"one came without", func(s *scene) {
				s.hub.Fail(fake.Fault{Route: "query Cited", Null: []string{"r0", "p5"}, Message: "timed out"})
			}, github.Unavailable, nil,
			map[string]fact.PullState{"#5": fact.Unknown, "#99": fact.Absent, "acme/other#1": fact.Merged},
			fact.PathThere,
		},
		{
			"our repository did not come", func(s *scene) {
				s.hub.Fail(fake.Fault{Route: "query Cited", Null: []string{"r0"}, Type: "NOT_FOUND", Message: "no"})
			}, github.NotFound,
			[]string{"pull-requests: read"},
			map[string]fact.PullState{"#5": fact.Unknown, "#99": fact.Unknown, "acme/other#1": fact.Merged},
			fact.PathThere,
		},
		{
			"the other one did not come", func(s *scene) {
				s.hub.Fail(fake.Fault{Route: "query Cited", Null: []string{"r1"}, Message: "broken"})
			}, github.Unavailable, nil,
			map[string]fact.PullState{"#5": fact.OpenPull, "#99": fact.Absent, "acme/other#1": fact.Unknown},
			fact.PathThere,
		},
		{
			"refused", func(s *scene) { s.hub.Fail(fake.Fault{Route: "query Cited", Status: 500, Message: "oops"}) }, github.Unavailable, nil,
			map[string]fact.PullState{"#5": fact.Unknown, "#99": fact.Unknown, "acme/other#1": fact.Unknown},
			fact.PathNotAsked,
		},
		{
			"no data", func(s *scene) {
				s.hub.Fail(fake.Fault{Route: "query Cited", Body: `{"data":null,"errors":[{"message":"odd"}]}`})
			}, github.Unavailable, nil,
			map[string]fact.PullState{"#5": fact.Unknown, "#99": fact.Unknown, "acme/other#1": fact.Unknown},
			fact.PathNotAsked,
		},
		{
			"null without a reason", func(s *scene) {
				s.hub.Fail(fake.Fault{Route: "query Cited", Body: `{"data":{"r0":{"right":{"totalCount":1},"p5":null,"p99":null,"f0":null},"r1":null,"paths":{"f0":null}}}`})
			}, github.Unavailable, nil,
			map[string]fact.PullState{"#5": fact.Unknown, "#99": fact.Unknown, "acme/other#1": fact.Unknown},
			fact.PathMissing,
		},
		{
			"another shape", func(s *scene) {
				s.hub.Fail(fake.Fault{Route: "query Cited", Body: `{"data":{"r0":[1],"r1":{"right":{"totalCount":1},"p1":{"__typename":"PullRequest","state":"ODD"}}}}`})
			}, github.Unavailable, nil,
			map[string]fact.PullState{"#5": fact.Unknown, "#99": fact.Unknown, "acme/other#1": fact.Unknown},
			fact.PathNotAsked,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := wild(t)
			q := s.pull()
			s.hub.Repo("acme/other").MergedPull(1, "main")
			tt.spoil(s)
			got, err := s.client.Cited(context.Background(), repo, q.Head, fact.Wanted{
				Pulls: append(pulls(5, 99), fact.Pull{Repo: "acme/other", Number: 1}), Paths: []fact.Path{board},
			})
			if github.KindOf(err) != tt.kind {
				t.Errorf("error %v, want one that is %s", err, tt.kind)
			}
			if diff := cmp.Diff(tt.lines, github.Permissions(err)); diff != "" {
				t.Errorf("permissions (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, states(got)); diff != "" {
				t.Errorf("states (-want +got):\n%s", diff)
			}
			if got.Path(board) != tt.path {
				t.Errorf("path %q, want %q", got.Path(board), tt.path)
			}
			for p, a := range got.Pulls {
				if a.State == fact.Unknown && strings.TrimSpace(a.Reason) == "" {
					t.Errorf("%v is unknown without a reason", p)
				}
			}
		})
	}
}

// TestReach compares what was merged elsewhere, up to the bound.
func TestReach(t *testing.T) {
	s := start(t)
	q := s.pull()
	aside := s.repo.Commit(map[string]string{"aside": "x"}, q.Base)
	a := fact.Answers{Branches: []string{"main"}, Pulls: map[fact.Pull]fact.PullAnswer{
		{Number: 1}:                     {State: fact.Merged, Base: "main", Commit: q.Base},
		{Number: 2}:                     {State: fact.Merged, Base: "master", Commit: q.Base},
		{Number: 3}:                     {State: fact.Merged, Base: "release", Commit: aside},
		{Number: 4}:                     {State: fact.Merged, Base: "release"},
		{Number: 5}:                     {State: fact.Closed, Base: "release", Commit: aside},
		{Repo: "acme/other", Number: 6}: {State: fact.Merged, Base: "trunk", Commit: aside},
		{Number: 7}:                     {State: fact.Merged, Base: "release", Commit: strings.Repeat("d", 40)},
		{Number: 8}:                     {State: fact.Merged, Base: "feature", Commit: q.Base},
		{Number: 9}:                     {State: fact.Merged, Base: "feature", Commit: q.Base},
		{Number: 10}:                    {State: fact.Merged, Base: "feature", Commit: q.Base},
	}}
	if err := s.client.Reach(context.Background(), repo, q.Head, a); err != nil {
		t.Fatal(err)
	}
	want := map[int]fact.Reach{2: fact.Reached, 3: fact.NotReached, 7: fact.NotReached, 8: fact.Reached, 9: fact.Reached}
	for p, answer := range a.Pulls {
		if answer.Reach != want[p.Number] {
			t.Errorf("%s#%d: %q, want %q", p.Repo, p.Number, answer.Reach, want[p.Number])
		}
	}
	if s.client.Requests() != 5 {
		t.Errorf("%d requests, want 5", s.client.Requests())
	}
}
