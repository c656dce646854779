package github_test

import (
	"context"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/fake/contract"
	"github.com/boardgate/boardgate/internal/github"
)

const (
	repo   = "acme/shop"
	board  = "docs/NEXT-7D.md"
	config = ".github/boardgate.yml"
	before = "## WIP\n- One thing\n"
	after  = "## WIP\n- One thing\n- Another thing\n"
)

// scene is a client and a GitHub, with a clock that only sleeping moves.
type scene struct {
	t      *testing.T
	hub    *fake.GitHub
	repo   *fake.Repo
	server *httptest.Server
	client *github.Client
	wait   time.Duration // for an answer

	mu     sync.Mutex
	now    time.Time
	sleeps []time.Duration
}

func start(t *testing.T) *scene {
	t.Helper()
	s := &scene{t: t, wait: 20 * time.Second, now: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}
	s.hub = fake.New(s.clock)
	s.hub.RequireToken("secret")
	s.repo = s.hub.Repo(repo)
	handler, err := contract.Handler(s.hub, func(p string) { t.Errorf("contract: %s", p) })
	if err != nil {
		t.Fatal(err)
	}
	s.server = httptest.NewServer(handler)
	t.Cleanup(s.server.Close)
	s.client = s.newClient("secret")
	return s
}

// wild is start without the contract, for answers that are broken on purpose.
func wild(t *testing.T) *scene {
	t.Helper()
	s := start(t)
	s.server.Config.Handler = s.hub
	return s
}

func (s *scene) newClient(token string) *github.Client {
	s.t.Helper()
	c, err := github.New(github.Config{
		Token: token, API: s.server.URL + "/api/v3", GraphQL: s.server.URL + "/api/graphql", UserAgent: "boardgate/test",
		Transport: s.server.Client().Transport, Now: s.clock, Sleep: s.sleep, Timeout: s.wait,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *scene) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *scene) sleep(_ context.Context, d time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
	s.sleeps = append(s.sleeps, d)
	return nil
}

// pull opens pull request 5 that changes the board, and returns the question about it.
func (s *scene) pull() github.Question {
	base := s.repo.Commit(map[string]string{board: before, "README.md": "hello"})
	s.repo.Push("main", base)
	head := s.repo.Commit(map[string]string{board: after, "README.md": "hello"}, base)
	p := s.repo.OpenPull(5, "Another thing", head)
	return github.Question{Repo: repo, Pull: 5, Merge: p.Merge, Head: head, Base: base, Paths: []string{config, board}}
}

// requests fails unless just these were made, in order, by their last words.
func (s *scene) requests(want ...string) {
	s.t.Helper()
	var got []string
	for _, x := range s.hub.Conversation() {
		got = append(got, brief(x))
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("requests\n got %q\nwant %q", got, want)
	}
}

func brief(x fake.Exchange) string {
	if _, rest, ok := strings.Cut(string(x.Body), `"query":"query `); ok {
		name, _, _ := strings.Cut(rest, "(")
		return name
	}
	return x.Method + strings.TrimPrefix(x.Path, "/api/v3/repos/"+repo)
}
