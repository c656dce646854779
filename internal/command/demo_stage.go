package command

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/report"
)

//go:embed demo
var demoFiles embed.FS

// demoTime is when the change of the demo is judged: some hours after it was made.
var demoTime = time.Date(2026, 3, 12, 15, 0, 0, 0, time.UTC)

// The pull request of the demo.
const (
	demoRepo   = "acme/shop"
	demoPull   = 42
	demoTitle  = "The price list is imported"
	demoPath   = "docs/NEXT-7D.md"
	demoServer = "https://github.example"
)

// demoStage is a GitHub inside the process with the pull request of the demo, and
// the runner that its workflow runs on.
type demoStage struct {
	hub     *fake.GitHub
	shop    *demoShop
	repo    *fake.Repo
	environ map[string]string
	event   []byte // the event file
}

func demoText(name string) string {
	text, err := demoFiles.ReadFile("demo/" + name)
	if err != nil {
		panic(err) // it is built in
	}
	return string(text)
}

// newDemoStage opens the pull request, before a production that is broken in the
// ways named. Close ends it.
func newDemoStage(faults []string) (*demoStage, error) {
	shop, err := newDemoShop(faults)
	if err != nil {
		return nil, err
	}
	s := &demoStage{hub: fake.New(func() time.Time { return demoTime }), shop: shop}
	s.repo = s.hub.Repo(demoRepo)
	config := demoText("production.yml")
	base := s.repo.Commit(map[string]string{demoPath: demoText("before.md"), change.ConfigPath: config})
	s.repo.Push("main", base)
	s.repo.MergedPull(41, "main")
	head := s.repo.Commit(map[string]string{demoPath: demoText("after.md"), change.ConfigPath: config}, base)
	s.wake(base, head, s.repo.OpenPull(demoPull, demoTitle, head).Merge)
	return s, nil
}

// Close ends the production.
func (s *demoStage) Close() error { return s.shop.Close() }

// wake makes what GitHub and the runner tell the job.
func (s *demoStage) wake(base, head, merge string) {
	type object = map[string]any
	in := object{"full_name": demoRepo}
	var err error
	s.event, err = json.Marshal(object{
		"action": "opened", "number": demoPull,
		"pull_request": object{
			"number": demoPull,
			"head":   object{"sha": head, "ref": "price-list", "repo": in}, "base": object{"sha": base, "ref": "main", "repo": in},
		},
		"repository": object{"full_name": demoRepo, "default_branch": "main"},
	})
	if err != nil {
		panic(err) // it is built in
	}
	s.environ = map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": "event.json", "GITHUB_REPOSITORY": demoRepo,
		"GITHUB_SHA": merge, "GITHUB_REF": fmt.Sprintf("refs/pull/%d/merge", demoPull), "GITHUB_JOB": "board-gate",
		"GITHUB_RUN_ID": "7001", "GITHUB_RUN_NUMBER": "7", "GITHUB_RUN_ATTEMPT": "1",
		"GITHUB_SERVER_URL": demoServer, "GITHUB_API_URL": demoServer + "/api/v3", "GITHUB_GRAPHQL_URL": demoServer + "/api/graphql",
		"GITHUB_STEP_SUMMARY": "summary", "GITHUB_OUTPUT": "output", "INPUT_TOKEN": "demo",
	}
}

// process is the job's: it has no disk, no network and no clock but the stage's.
func (s *demoStage) process(version string) *Process {
	return &Process{
		Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, Version: version,
		Getenv:  func(name string) string { return s.environ[name] },
		Environ: func() []string { return assignments(s.environ) },
		Now:     func() time.Time { return demoTime }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Random: rand.NewChaCha8([32]byte{}), Transport: s.hub.Transport(), World: s.shop.world,
	}
}

func assignments(environ map[string]string) []string {
	var out []string
	for name, value := range environ {
		out = append(out, name+"="+value)
	}
	return out
}

// gate runs the action in the job and returns its report.
func (s *demoStage) gate(ctx context.Context, version string) (*report.Report, int) {
	a := newAction(s.process(version))
	a.open = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(s.event)), nil }
	a.append = func(string, []byte) error { return nil } // summary and outputs, which the page has from the check run
	o := a.run(ctx)
	return o.report, o.status
}

// talk is the conversation, a line for each request.
func (s *demoStage) talk() []string {
	var out []string
	for _, x := range s.hub.Conversation() {
		what := x.Path
		if name := queryName(x.Body); name != "" {
			what += "  query " + name
		}
		out = append(out, fmt.Sprintf("%-4s %-58s %d", x.Method, what, x.Status))
	}
	return out
}

// queryName returns the name of a GraphQL query, empty for another body.
func queryName(body []byte) string {
	var q struct{ Query string }
	if json.Unmarshal(body, &q) != nil {
		return ""
	}
	_, rest, _ := strings.Cut(q.Query, "query ")
	name, _, _ := strings.Cut(rest, "(")
	return strings.TrimSpace(name)
}
