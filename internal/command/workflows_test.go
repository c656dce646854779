package command

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/github"
)

// watchedHub is a GitHub whose workflows a to f succeeded an hour ago, and a
// client of it. Each answer takes a while, and most is the most at a time.
func watchedHub(t *testing.T) (hub *fake.GitHub, client *github.Client, now time.Time, most *atomic.Int32) {
	now = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)
	hub = fake.New(func() time.Time { return now })
	hub.Grant(map[string]string{"contents": "read", "actions": "read"})
	repo := hub.Repo("acme/shop")
	for _, file := range sixWorkflows("main") {
		repo.SetRuns(file.File, fake.Run{Number: 1, Event: "push", Branch: "main", Status: "completed", Conclusion: "success", Time: now.Add(-time.Hour)})
	}
	var under atomic.Int32
	most = &atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := under.Add(1)
		defer under.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		time.Sleep(2 * time.Millisecond)
		hub.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	client, err := github.New(github.Config{
		API: server.URL + "/api/v3", GraphQL: server.URL + "/api/graphql", UserAgent: "boardgate/test", Transport: http.DefaultTransport, Now: time.Now,
		Sleep: func(context.Context, time.Duration) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return hub, client, now, most
}

func sixWorkflows(branch string) []fact.Workflow {
	var out []fact.Workflow
	for name := range strings.SplitSeq("abcdef", "") {
		out = append(out, fact.Workflow{Name: name, File: name + ".yml", Branch: branch})
	}
	return out
}

func outcomes(results []fact.Result) string {
	var out []string
	for _, r := range results {
		out = append(out, r.Probe.Name+" "+r.Outcome.String())
	}
	return strings.Join(out, ", ")
}

func TestAskWorkflows(t *testing.T) {
	hub, client, now, most := watchedHub(t)
	all := sixWorkflows("")
	got, errs := askWorkflows(context.Background(), client, "acme/shop", "main", all, now)
	if outcomes(got) != "a pass, b pass, c pass, d pass, e pass, f pass" || len(errs) != 0 {
		t.Errorf("%s, %v", outcomes(got), errs)
	}
	if all[0].Branch != "" {
		t.Error("the caller's list was changed")
	}
	if n := most.Load(); n < 2 || n > workflowsAtOnce {
		t.Errorf("%d requests at a time", n)
	}
	if slices.ContainsFunc(hub.Conversation(), func(x fake.Exchange) bool { return x.Method == "POST" }) {
		t.Error("the default branch was asked for and known")
	}
}

// The errors say what is lacking; what was known before one stays known.
func TestAskWorkflowsWithoutPermission(t *testing.T) {
	hub, client, now, _ := watchedHub(t)
	hub.Grant(map[string]string{"contents": "read"})
	got, errs := askWorkflows(context.Background(), client, "acme/shop", "main", sixWorkflows("")[:2], now)
	if outcomes(got) != "a unknown, b unknown" || len(errs) != 2 || !cmp.Equal(github.Permissions(errs[0]), []string{"actions: read"}) {
		t.Errorf("%s, %v", outcomes(got), errs)
	}
}

// A doubtful file that may not be read leaves the failure a failure.
func TestAskWorkflowsWithoutTheText(t *testing.T) {
	hub, client, now, _ := watchedHub(t)
	hub.Grant(map[string]string{"actions": "read"})
	hub.Repo("acme/shop").SetRuns("a.yml", fake.Run{Number: 1, Event: "push", Branch: "main", Status: "completed", Conclusion: "failure", Time: now})
	got, errs := askWorkflows(context.Background(), client, "acme/shop", "main", sixWorkflows("main")[:2], now)
	if outcomes(got) != "a fail, b pass" || got[0].Got != "failure" || len(errs) != 1 || !cmp.Equal(github.Permissions(errs[0]), []string{"contents: read"}) {
		t.Errorf("%s, %v", outcomes(got), errs)
	}
}

// Nor does one that is gone from its branch say more than that it failed.
func TestAskWorkflowsWithoutTheFile(t *testing.T) {
	hub, client, now, _ := watchedHub(t)
	hub.Repo("acme/shop").SetRuns("a.yml", fake.Run{Number: 1, Event: "push", Branch: "main", Status: "completed", Conclusion: "failure", Time: now})
	got, errs := askWorkflows(context.Background(), client, "acme/shop", "main", sixWorkflows("main")[:1], now)
	if outcomes(got) != "a fail" || got[0].Got != "failure" || len(errs) != 0 {
		t.Errorf("%s, %v", outcomes(got), errs)
	}
}

// Without a default branch only those are unknown that need it.
func TestAskWorkflowsWithoutDefaultBranch(t *testing.T) {
	hub, client, now, _ := watchedHub(t)
	hub.Fail(fake.Fault{Route: "query DefaultBranch", Status: 500, Message: "Server Error"})
	all := append(sixWorkflows("main")[:1], sixWorkflows("")[1])
	got, errs := askWorkflows(context.Background(), client, "acme/shop", "", all, now)
	if outcomes(got) != "a pass, b unknown" || len(errs) != 1 || got[1].Reason != "asking for the default branch: GitHub answered 500: Server Error" {
		t.Errorf("%s %q, %v", outcomes(got), got[1].Reason, errs)
	}
}
