package command

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/event"
	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/policy"
	"github.com/boardgate/boardgate/internal/publish"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

//go:embed demo/*.md
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

// stage is a GitHub inside the process, with the pull request of the demo.
type stage struct {
	hub     *fake.GitHub
	repo    *fake.Repo
	environ []string // what the runner hands to the job
	payload []byte   // the event file
	files   map[string]string
}

func demoText(name string) string {
	text, err := demoFiles.ReadFile("demo/" + name)
	if err != nil {
		panic(err) // it is built in
	}
	return string(text)
}

// newStage opens the pull request.
func newStage() *stage {
	s := &stage{hub: fake.New(func() time.Time { return demoTime }), files: map[string]string{}}
	s.repo = s.hub.Repo(demoRepo)
	base := s.repo.Commit(map[string]string{demoPath: demoText("before.md")})
	s.repo.Push("main", base)
	s.repo.MergedPull(41, "main", demoTime.AddDate(0, 0, -3))
	head := s.repo.Commit(map[string]string{demoPath: demoText("after.md")}, base)
	s.wake(base, head, s.repo.OpenPull(demoPull, demoTitle, head).Merge)
	return s
}

// wake makes what GitHub tells the job.
func (s *stage) wake(base, head, merge string) {
	type object = map[string]any
	in := object{"full_name": demoRepo}
	payload, err := json.Marshal(object{
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
	s.payload = payload
	s.environ = []string{
		"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=pull_request", "GITHUB_EVENT_PATH=event.json", "GITHUB_REPOSITORY=" + demoRepo,
		"GITHUB_SHA=" + merge, "GITHUB_REF=refs/pull/42/merge", "GITHUB_RUN_ID=7001", "GITHUB_RUN_NUMBER=7", "GITHUB_RUN_ATTEMPT=1",
		"GITHUB_JOB=board-gate", "GITHUB_SERVER_URL=" + demoServer, "GITHUB_API_URL=" + demoServer + "/api/v3",
		"GITHUB_GRAPHQL_URL=" + demoServer + "/api/graphql", "GITHUB_STEP_SUMMARY=summary", "GITHUB_OUTPUT=output", "INPUT_TOKEN=none",
	}
}

// gate judges the pull request and publishes what it says, all through the API.
func (s *stage) gate(ctx context.Context, version string) (*report.Report, error) {
	e, err := event.Read(s.environ, func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(string(s.payload))), nil })
	if err != nil {
		return nil, err
	}
	client, err := s.client(e, version)
	if err != nil {
		return nil, err
	}
	sides, err := client.Sides(ctx, github.Question{Repo: e.Repo, Pull: e.Pull, Merge: e.Merge, Head: e.Head, Paths: append([]string{configPath}, append(boardPaths, statePaths...)...)})
	if err != nil {
		return nil, err
	}
	c, err := sidesCase(ctx, client, sides, e.Pull)
	if err != nil {
		return nil, err
	}
	j := rule.Judge(c)
	r := &report.Report{Tool: version, Verdict: j.Verdict(rule.Error), Case: c, Findings: j.Findings, Reasons: j.Unknown, Remarks: j.Remarks}
	s.publish(ctx, client, e, sides, r)
	return r, nil
}

// client talks to the GitHub inside the process, and to no other.
func (s *stage) client(e event.Event, version string) (*github.Client, error) {
	return github.New(github.Config{
		Token: e.Input("token"), API: e.API, GraphQL: e.GraphQL, UserAgent: "boardgate/" + version,
		Transport: s.hub.Transport(), Now: func() time.Time { return demoTime },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
}

// sidesCase puts together what is judged.
func sidesCase(ctx context.Context, client *github.Client, sides github.Sides, pull int) (*rule.Case, error) {
	law := policy.Default()
	read := func(side github.Side) (*board.Board, error) {
		text, err := client.Text(ctx, side.Files[demoPath])
		return board.Parse(source.NewFile(demoPath, text), law.Words), err
	}
	head, err := read(sides.Head)
	if err != nil {
		return nil, err
	}
	base, err := read(sides.Base)
	if err != nil {
		return nil, err
	}
	return &rule.Case{
		Base: base, Head: head, BaseKind: rule.Present, Changes: compare.Boards(base, head),
		Policy: law, HeadWords: law.Words, BaseWords: law.Words, Now: demoTime, Pull: pull, BoardPath: demoPath,
	}, nil
}

// publish takes the report everywhere; what the runner would read stays here.
func (s *stage) publish(ctx context.Context, client *github.Client, e event.Event, sides github.Sides, r *report.Report) {
	p := &publish.Publisher{
		Client: client, Log: publish.NewLog(io.Discard), Now: func() time.Time { return demoTime }, Random: rand.NewChaCha8([32]byte{}),
		Files: publish.Files{Summary: e.Files.Summary, Output: e.Files.Output, Append: func(path string, text []byte) error {
			s.files[path] += string(text)
			return nil
		}},
	}
	content := publish.ContentOf(r, publish.Wish{CheckRun: true, Comment: "on-findings", Help: rulePages, RunURL: e.RunURL()})
	r.Receipts = p.Publish(ctx, publish.Target{
		Repo: e.Repo, Pull: e.Pull, Head: e.Head, Comments: sides.Pull.Comments,
		Run: publish.Run{Number: e.Run.Number, Attempt: e.Run.Attempt, URL: e.RunURL()},
	}, content).Receipts
}

// talk is the conversation, a line for each request.
func (s *stage) talk() []string {
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
