package command

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/fake/contract"
	"github.com/boardgate/boardgate/internal/probe"
)

const jobRepo, jobPull = "acme/shop", 42

var jobNoon = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)

// stage is a GitHub with pull request 42, and jobs that it wakes.
type stage struct {
	t      testing.TB
	hub    *fake.GitHub
	repo   *fake.Repo
	server *httptest.Server
	base   string
}

// setStage starts a GitHub whose every request is held to GitHub's own
// descriptions, and its answers too as long as none is broken on purpose.
func setStage(t testing.TB, base map[string]string) *stage {
	t.Helper()
	s := bareStage(t, base)
	handler, err := contract.Handler(s.hub, s.complain)
	if err != nil {
		t.Fatal(err)
	}
	s.server = httptest.NewServer(handler)
	t.Cleanup(s.server.Close)
	return s
}

// bareStage is a GitHub without an address; its jobs reach it by its transport.
func bareStage(t testing.TB, base map[string]string) *stage {
	s := &stage{t: t, hub: fake.New(func() time.Time { return jobNoon })}
	s.repo = s.hub.Repo(jobRepo)
	s.base = s.repo.Commit(base)
	s.repo.Push("main", s.base)
	return s
}

// address is where the stage's GitHub is.
func (s *stage) address() string {
	if s.server == nil {
		return "https://ghe.example"
	}
	return s.server.URL
}

func (s *stage) complain(what string) {
	_, faulty := s.t.(interface{ faulty() })
	if faulty && (strings.Contains(what, ": answer: ") || strings.Contains(what, ": data")) {
		return
	}
	s.t.Errorf("contract: %s", what)
}

// push makes a commit the pull request's head.
func (s *stage) push(files map[string]string) string {
	head := s.repo.Commit(files, s.base)
	s.repo.OpenPull(jobPull, "A change", head)
	return head
}

// job is one job of a runner.
type job struct {
	stage     *stage
	number    int
	env       map[string]string
	dir       string
	transport http.RoundTripper
	world     func(string, func(string) (string, bool)) probe.World // nil for the network
	now       time.Time

	out, errors bytes.Buffer
}

// job is run number of the workflow for a head of the pull request.
func (s *stage) job(head string, number int, env map[string]string) *job {
	s.t.Helper()
	return s.jobOf(jobPull, head, number, env)
}

func (s *stage) jobOf(pull int, head string, number int, env map[string]string) *job {
	s.t.Helper()
	i, _ := s.repo.Issue(pull)
	dir := s.t.TempDir()
	event, err := json.Marshal(map[string]any{
		"action": "synchronize", "number": pull, "repository": map[string]any{"full_name": jobRepo, "default_branch": "main"},
		"pull_request": map[string]any{
			"number": pull, "head": map[string]any{"sha": head, "ref": "change", "repo": map[string]any{"full_name": jobRepo}},
			"base": map[string]any{"sha": s.base, "ref": "main"},
		},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	path := filepath.Join(dir, "event.json")
	if err := os.WriteFile(path, event, 0o644); err != nil {
		s.t.Fatal(err)
	}
	j := &job{stage: s, number: number, dir: dir, now: jobNoon, transport: s.hub.Transport()}
	if s.server != nil {
		j.transport = &http.Transport{ResponseHeaderTimeout: 10 * time.Second}
	}
	j.env = map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": path, "GITHUB_REPOSITORY": jobRepo,
		"GITHUB_SHA": i.Pull.Merge, "GITHUB_REF": fmt.Sprintf("refs/pull/%d/merge", pull), "GITHUB_SERVER_URL": "https://ghe.example",
		"GITHUB_API_URL": s.address() + "/api/v3", "GITHUB_GRAPHQL_URL": s.address() + "/api/graphql", "GITHUB_WORKSPACE": dir,
		"GITHUB_OUTPUT": filepath.Join(dir, "outputs"), "GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary"),
		"GITHUB_RUN_ID": "7001", "GITHUB_RUN_NUMBER": fmt.Sprint(number), "GITHUB_RUN_ATTEMPT": "1", "GITHUB_JOB": "board-gate",
		"INPUT_TOKEN": "ghs_secret",
	}
	maps.Copy(j.env, env)
	return j
}

// watch is run number of the workflow that watches production, which is broken
// in the ways named.
func (s *stage) watch(number int, faults ...string) *job {
	s.t.Helper()
	shop, err := newDemoShop(faults)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = shop.Close() })
	dir := s.t.TempDir()
	path := filepath.Join(dir, "event.json")
	event := fmt.Sprintf(`{"repository":{"full_name":%q,"default_branch":"main"}}`, jobRepo)
	if err := os.WriteFile(path, []byte(event), 0o644); err != nil {
		s.t.Fatal(err)
	}
	j := &job{stage: s, number: number, dir: dir, now: jobNoon.Add(time.Duration(number) * time.Hour), transport: s.hub.Transport(), world: shop.world}
	if s.server != nil {
		j.transport = &http.Transport{ResponseHeaderTimeout: 10 * time.Second}
	}
	j.env = map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "schedule", "GITHUB_EVENT_PATH": path, "GITHUB_REPOSITORY": jobRepo,
		"GITHUB_SHA": s.base, "GITHUB_REF": "refs/heads/main", "GITHUB_SERVER_URL": "https://ghe.example",
		"GITHUB_API_URL": s.address() + "/api/v3", "GITHUB_GRAPHQL_URL": s.address() + "/api/graphql", "GITHUB_WORKSPACE": dir,
		"GITHUB_OUTPUT": filepath.Join(dir, "outputs"), "GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary"),
		"GITHUB_RUN_ID": fmt.Sprint(7000 + number), "GITHUB_RUN_NUMBER": fmt.Sprint(number), "GITHUB_RUN_ATTEMPT": "1", "GITHUB_JOB": "smoke-production",
		"GITHUB_WORKFLOW_REF": jobRepo + "/.github/workflows/smoke-production.yml@refs/heads/main", "INPUT_TOKEN": "ghs_secret",
	}
	return j
}

// run runs the action and returns its exit status.
func (j *job) run() int {
	var environ []string
	for k, v := range j.env {
		environ = append(environ, k+"="+v)
	}
	return Run(context.Background(), &Process{
		Args: []string{"action"}, Stdout: &j.out, Stderr: &j.errors, Dir: j.dir, Version: "1.2.3",
		Getenv: func(name string) string { return j.env[name] }, Environ: func() []string { return environ },
		Now: func() time.Time { return j.now }, Sleep: func(context.Context, time.Duration) error { return nil },
		Random: &locked{random: rand.NewChaCha8([32]byte{byte(j.number)})}, Transport: j.transport, World: j.world,
	})
}

// locked is a source of numbers that several may draw from.
type locked struct {
	mu     sync.Mutex
	random *rand.ChaCha8
}

func (l *locked) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.random.Read(p)
}

func (j *job) log() string { return j.out.String() + j.errors.String() }

// file returns what the job wrote into a file of its folder.
func (j *job) file(name string) string {
	text, err := os.ReadFile(filepath.Join(j.dir, name))
	if err != nil {
		return ""
	}
	return string(text)
}

// Boards of the tests: one item in WIP, one in NEXT, one in DONE, and items
// that come into DONE.
func jobBoard(stamp, wip, done string) string {
	return "# Next 7 days\n\n**Last Updated**: " + stamp + " 09:00 UTC\n\n## WIP (1 item only)\n\n" + wip +
		"\n## NEXT (max 3)\n\n1. **Mail a receipt after payment**\n   - **DoD**: `GET /api/mails` answers 200 with one row\n\n## DONE\n\n" +
		done + "- **Log in with a passkey** (2026-03-09) PR #41\n"
}

const jobWIP = "**Import the price list**\n- **DoD**: `GET /api/prices` answers 200 with 40 rows\n"

const jobPath = "docs/NEXT-7D.md"
