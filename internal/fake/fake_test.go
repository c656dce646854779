package fake_test

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/fake"
)

func hub() *fake.GitHub {
	g := fake.New(func() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) })
	r := g.Repo("acme/shop")
	r.Push("main", r.Commit(map[string]string{"a.md": "a\n", "b.md": "b\n"}))
	return g
}

func ask(g *fake.GitHub, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://hub.example"+path, strings.NewReader(body))
	r.Header.Set("User-Agent", "test")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	return w
}

func TestRefusals(t *testing.T) {
	const comments = "/api/v3/repos/acme/shop/issues/5/comments"
	tests := []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		says                     string
	}{
		{"no user agent", "GET", "/api/v3/x", "", []string{"User-Agent", ""}, 403, "User-Agent"},
		{"no such route", "GET", "/api/v3/x", "", nil, 404, "Not Found"},
		{"no such repository", "POST", "/api/v3/repos/acme/other/issues", "{}", nil, 404, "Not Found"},
		{"no such issue", "POST", comments, `{"body":"x"}`, nil, 404, "Not Found"},
		{"no JSON", "POST", "/api/v3/repos/acme/shop/check-runs", "<", nil, 400, "Problems parsing JSON"},
		{"no such commit", "POST", "/api/v3/repos/acme/shop/check-runs", `{"name":"x","head_sha":"y"}`, nil, 422, "No commit found for SHA: y"},
		{"not granted", "POST", "/api/v3/repos/acme/shop/issues", "{}", nil, 403, "Resource not accessible by integration"},
		{"a query that is none", "POST", "/api/graphql", `{"query":"mutation { x }"}`, nil, 200, "Parse error"},
		{"an unfinished query", "POST", "/api/graphql", `{"query":"query X { repository("}`, nil, 200, "Parse error"},
		{"a number past 32 bits", "POST", "/api/graphql", `{"query":"query X { a(n: 5000000000) }"}`, nil, 200, "Parse error"},
		{"a field that is none", "POST", "/api/graphql", `{"query":"query X { colour }"}`, nil, 200, "doesn't exist on type 'Query'"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := ask(hub(), tt.method, tt.path, tt.body, tt.headers...)
			if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.says) {
				t.Errorf("answered %d %s, want %d with %q", w.Code, w.Body, tt.status, tt.says)
			}
		})
	}
}

func TestToken(t *testing.T) {
	g := hub()
	g.RequireToken("secret")
	for header, want := range map[string]int{"": 401, "Bearer other": 401, "Bearer secret": 404} {
		if w := ask(g, "GET", "/api/v3/x", "", "Authorization", header); w.Code != want {
			t.Errorf("Authorization %q: %d, want %d", header, w.Code, want)
		}
	}
}

func TestCheckRunLimits(t *testing.T) {
	g := hub()
	head := g.Repo("acme/shop").Head("main")
	const path = "/api/v3/repos/acme/shop/check-runs"
	annotation := map[string]any{"path": "a.md", "start_line": 1, "end_line": 1, "annotation_level": "warning", "message": "x"}
	change := func(key string, to any) map[string]any {
		out := maps.Clone(annotation)
		out[key] = to
		return out
	}
	many := make([]any, 51)
	for i := range many {
		many[i] = annotation
	}
	tests := []struct {
		name        string
		summary     string
		annotations []any
		status      int
	}{
		{"sound", "x", []any{annotation}, 201},
		{"fifty-one", "x", many, 422},
		{"summary in bytes", strings.Repeat("é", 32768), nil, 422},
		{"summary that just fits", strings.Repeat("x", 65535), nil, 201},
		{"no path", "x", []any{change("path", "")}, 422},
		{"line 0", "x", []any{change("start_line", 0)}, 422},
		{"level", "x", []any{change("annotation_level", "error")}, 422},
		{"long title", "x", []any{change("title", strings.Repeat("x", 256))}, 422},
		{"long message", "x", []any{change("message", strings.Repeat("x", 65537))}, 422},
	}
	for _, tt := range tests {
		body, err := json.Marshal(map[string]any{
			"name": "n", "head_sha": head, "output": map[string]any{"title": "t", "summary": tt.summary, "annotations": tt.annotations},
		})
		if err != nil {
			t.Fatal(err)
		}
		if w := ask(g, "POST", path, string(body)); w.Code != tt.status {
			t.Errorf("%s: %d %s, want %d", tt.name, w.Code, w.Body, tt.status)
		}
	}
}

// A workflow's token may not change what a check run came to.
func TestConclusionStays(t *testing.T) {
	g := hub()
	r := g.Repo("acme/shop")
	w := ask(g, "POST", "/api/v3/repos/acme/shop/check-runs", `{"name":"n","head_sha":"`+r.Head("main")+`","status":"completed","conclusion":"failure"}`)
	var made struct{ ID json.Number }
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil {
		t.Fatal(err)
	}
	if w := ask(g, "PATCH", "/api/v3/repos/acme/shop/check-runs/"+made.ID.String(), `{"conclusion":"success"}`); w.Code != 403 {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
	if got := r.CheckRuns()[0].Conclusion; got != "failure" {
		t.Errorf("conclusion %q", got)
	}
}

func TestMergeFiles(t *testing.T) {
	g := hub()
	r := g.Repo("acme/shop")
	old := r.Head("main")
	base := r.Commit(map[string]string{"a.md": "a2\n", "b.md": "b\n"}, old)
	head := r.Commit(map[string]string{"a.md": "a\n", "c.md": "c\n"}, old)
	r.Push("main", base)
	merge := r.MergeFiles(base, head)
	w := ask(g, "GET", "/api/v3/repos/acme/shop/compare/"+old+"..."+merge, "")
	var got struct {
		Files []struct{ Filename, Status string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	rows := ""
	for _, f := range got.Files {
		rows += f.Filename + " " + f.Status + "\n"
	}
	if diff := cmp.Diff("a.md modified\nc.md added\nb.md removed\n", rows); diff != "" {
		t.Error(diff)
	}
}

func TestTransport(t *testing.T) {
	g := hub()
	get := func(path string) (*http.Response, error) {
		r, err := http.NewRequest(http.MethodGet, "http://hub.example"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("User-Agent", "test")
		return (&http.Client{Transport: g.Transport()}).Do(r)
	}
	resp, err := get("/api/v3/x")
	if err != nil || resp.StatusCode != 404 {
		t.Fatalf("%v, %v", resp, err)
	}
	g.Fail(fake.Fault{Route: "GET /repos/{owner}/{repo}/compare/{basehead}", Reset: true})
	if _, err := get("/api/v3/repos/acme/shop/compare/a...b"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a lost connection is %v", err)
	}
	g.Heal()
	if resp, err := get("/api/v3/repos/acme/shop/compare/a...b"); err != nil || resp.StatusCode != 404 {
		t.Errorf("%v, %v", resp, err)
	}
}

func TestTranscript(t *testing.T) {
	g := hub()
	g.Fail(fake.Fault{Route: "POST /repos/{owner}/{repo}/issues/{issue_number}/comments", Reset: true})
	server := httptest.NewServer(g)
	defer server.Close()
	send := func(method, path, body string) {
		r, err := http.NewRequest(method, server.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(r)
		if err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	}
	send("GET", "/api/v3/x?b=2&a=1", "")
	send("POST", "/api/v3/repos/acme/shop/issues/5/comments", `{"body":"x"}`)
	send("POST", "/api/graphql", `{"query":"query X($n: Int!) {\n  a\n}\n","variables":{"n":1}}`)
	want := `GET /api/v3/x?a=1&b=2 -> 404

POST /api/v3/repos/acme/shop/issues/5/comments -> connection lost
{
  "body": "x"
}

POST /api/graphql -> 200
query X($n: Int!) {
  a
}
{
  "n": 1
}
`
	if diff := cmp.Diff(want, fake.Transcript(g.Conversation())); diff != "" {
		t.Errorf("transcript (-want +got):\n%s", diff)
	}
}
