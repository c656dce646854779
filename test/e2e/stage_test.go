//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/fake/contract"
)

const (
	repoName  = "acme/shop"
	boardPath = "docs/NEXT-7D.md"
	token     = "ghs_0123456789abcdefghijABCDEFGHIJ012345" // means something to the GitHub of these tests only
)

// The items of the boards.
const (
	prices  = "Import the price list"
	receipt = "Mail a receipt"
	search  = "Search by name"
)

// wipLine is where the boards' heading of WIP stands.
const wipLine = 5

// board is a board with these lines in WIP and NEXT, stamped today: the
// container knows no other clock than the machine's.
func board(wip, next string) string {
	return stamped(time.Now(), wip, next)
}

func stamped(at time.Time, wip, next string) string {
	return "# Next 7 days\n\n**Last Updated**: " + day(at) + "\n\n## WIP (1 item only)\n\n" + wip +
		"\n## NEXT (ordered, max 3)\n\n" + next + "\n## DONE (this week)\n\n"
}

func day(at time.Time) string { return at.UTC().Format(time.DateOnly) }

func item(title string) string {
	return "- **" + title + "**\n  - DoD: `GET /api/health` answers 200\n"
}

func numbered(titles ...string) string {
	var b strings.Builder
	for i, t := range titles {
		fmt.Fprintf(&b, "%d. **%s**\n   - DoD: `GET /api/health` answers 200\n", i+1, t)
	}
	return b.String()
}

func done(title string, pull int) string {
	return fmt.Sprintf("- **%s** (%s) - PR #%d\n", title, day(time.Now()), pull)
}

// stage is a GitHub with a repository, on an address of this machine. The
// example's job container shares the machine's network.
type stage struct {
	testing.TB
	hub    *fake.GitHub
	repo   *fake.Repo
	server *httptest.Server
	fork   bool // pull requests come from a fork

	workflow string // of examples/
}

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{TB: t, hub: fake.New(time.Now), workflow: "board-gate.yml"}
	s.hub.RequireToken(token)
	s.repo = s.hub.Repo(repoName)
	handler, err := contract.Handler(s.hub, func(p string) { t.Errorf("not as GitHub describes it: %s", p) })
	if err != nil {
		t.Fatal(err)
	}
	s.server = httptest.NewServer(handler)
	t.Cleanup(s.server.Close)
	return s
}

// commit commits a board, with a file that every commit changes.
func (s *stage) commit(text string, parents ...string) string {
	return s.repo.Commit(map[string]string{boardPath: text, "README.md": fmt.Sprint(parents)}, parents...)
}

// main commits a board to the default branch.
func (s *stage) main(text string, parents ...string) string {
	c := s.commit(text, parents...)
	s.repo.Push("main", c)
	return c
}

// twoInWork opens a pull request that brings a second item into WIP and forgets the stamp.
func (s *stage) twoInWork(number int) outcome {
	yesterday := time.Now().Add(-24 * time.Hour)
	base := s.main(stamped(yesterday, item(prices), numbered(receipt)))
	return s.pull(number, base, stamped(yesterday, item(prices)+item(receipt), "None\n"))
}

type object map[string]any

var repository = object{"full_name": repoName, "default_branch": "main", "name": "shop", "owner": object{"login": "acme"}}

// pull opens a pull request with a board and has the job run for it.
func (s *stage) pull(number int, base, text string) outcome {
	s.Helper()
	head := s.commit(text, base)
	p := s.repo.OpenPull(number, "A change", head)
	from := repoName
	if s.fork {
		from = "someone/shop"
	}
	return s.run("pull_request", pullEvent(number, base, head, from), p.Merge, fmt.Sprintf("refs/pull/%d/merge", number))
}

func pullEvent(number int, base, head, from string) object {
	return object{
		"action": "opened", "number": number, "repository": repository,
		"pull_request": object{
			"number": number,
			"head":   object{"sha": head, "ref": "work", "repo": object{"full_name": from}},
			"base":   object{"sha": base, "ref": "main", "repo": object{"full_name": repoName}},
		},
	}
}

// group has the job run for a pull request in the merge queue.
func (s *stage) group(number int, base, head string) outcome {
	s.Helper()
	ref := fmt.Sprintf("refs/heads/gh-readonly-queue/main/pr-%d-%s", number, base)
	return s.run("merge_group", object{
		"action": "checks_requested", "repository": repository,
		"merge_group": object{"head_sha": head, "head_ref": ref, "base_sha": base, "base_ref": "refs/heads/main"},
	}, head, ref)
}

func (s *stage) push(before, after string) outcome {
	s.Helper()
	return s.run("push", object{"before": before, "after": after, "ref": "refs/heads/main", "repository": repository}, after, "refs/heads/main")
}

// run has the job run and tells what it published.
func (s *stage) run(kind string, event object, sha, ref string) outcome {
	s.Helper()
	s.hub.Forget()
	o, err := jobs.run(s.workflow, kind, event, map[string]string{
		"GITHUB_WORKFLOW_REF": repoName + "/.github/workflows/" + s.workflow + "@refs/heads/main",
		"GITHUB_API_URL":      s.server.URL + "/api/v3", "GITHUB_GRAPHQL_URL": s.server.URL + "/api/graphql",
		"GITHUB_REPOSITORY": repoName, "GITHUB_REF": ref, "SHA_REF": sha,
	})
	if err != nil {
		s.Fatal(err)
	}
	s.Log(s.published(kind, o))
	if strings.Contains(o.log+o.summary, token) {
		s.Error("the token is in the log")
	}
	return o
}

// published tells what a run left in each place.
func (s *stage) published(kind string, o outcome) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: job %s, %d requests\n", kind, map[bool]string{true: "green", false: "red"}[o.green], len(s.hub.Conversation()))
	for _, x := range s.hub.Conversation() {
		fmt.Fprintf(&b, "  %s -> %d\n", request(x), x.Status)
	}
	for _, c := range s.repo.CheckRuns() {
		fmt.Fprintf(&b, "  check run %q on %.7s: %s, %s\n", c.Name, c.Head, c.Conclusion, c.Title)
		for _, a := range c.Annotations {
			fmt.Fprintf(&b, "    %s %s:%d %s: %s\n", a.Level, a.Path, a.StartLine, a.Title, firstLine(a.Message))
		}
	}
	for _, c := range o.commands {
		fmt.Fprintf(&b, "  workflow command %s %s:%s %s: %s\n", c.kind, c.file, c.line, c.title, firstLine(c.text))
	}
	fmt.Fprintf(&b, "  job summary: %d bytes, %s\n  outputs: %v\n  log:\n", len(o.summary), firstLine(o.summary), o.outputs)
	for line := range strings.Lines(o.log) {
		b.WriteString("    | " + strings.TrimRight(line, "\n") + "\n")
	}
	return b.String()
}

// request names a request: a query by its name, another by its method and path.
func request(x fake.Exchange) string {
	var body struct{ Query string }
	if strings.HasSuffix(x.Path, "/graphql") && json.Unmarshal(x.Body, &body) == nil {
		return strings.Join(strings.Fields(strings.Split(body.Query, "(")[0]), " ")
	}
	return x.Method + " " + x.Path
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

func (s *stage) wantGreen(o outcome) {
	s.Helper()
	if !o.green {
		s.Errorf("the job is red\n%s", o.all)
	}
}

func (s *stage) wantRed(o outcome) {
	s.Helper()
	if o.green || !strings.Contains(o.all, `"stepResult":"failure"`) {
		s.Errorf("the step did not fail (job green: %t)\n%s", o.green, o.all)
	}
}

// wantCheck wants the last check run to be the report, with a conclusion.
func (s *stage) wantCheck(conclusion string) {
	s.Helper()
	runs := s.repo.CheckRuns()
	if len(runs) == 0 {
		s.Fatal("no check run")
	}
	last := runs[len(runs)-1]
	if last.Name != "boardgate report" || last.Conclusion != conclusion || !slices.Contains([]string{"", "completed"}, last.Status) {
		s.Errorf("check run %q is %s, want %s", last.Name, last.Conclusion, conclusion)
	}
}
