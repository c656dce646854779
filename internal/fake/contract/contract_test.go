package contract

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A checker that finds nothing would be of no use: each of these is wrong in one way.
func TestComplains(t *testing.T) {
	const query = `{"query":"query Q($n: Int!) { repository(owner: \"a\", name: \"b\") { pullRequest(number: $n) { number state } } }","variables":{"n":5}}`
	const answered = `{"data":{"repository":{"pullRequest":{"number":5,"state":"OPEN"}}}}`
	swap := func(s, old, with string) string { return strings.Replace(s, old, with, 1) }
	const comment = "/api/v3/repos/a/b/issues/5/comments"
	tests := []struct {
		name, method, path, sent string
		status                   int
		answer, want             string
	}{
		{"sound", "POST", "/api/graphql", query, 200, answered, ""},
		{"null with an error", "POST", "/api/graphql", query, 200, `{"data":{"repository":null},"errors":[{"message":"x"}]}`, ""},
		{"no such field", "POST", "/api/graphql", swap(query, "state", "colour"), 200, answered, "colour"},
		{"variable of another type", "POST", "/api/graphql", swap(query, `{"n":5}`, `{"n":"5"}`), 200, answered, "$n is 5, want Int"},
		{"number past 32 bits", "POST", "/api/graphql", swap(query, `{"n":5}`, `{"n":5000000000}`), 200, answered, "want Int"},
		{"variable missing", "POST", "/api/graphql", swap(query, `{"n":5}`, `{}`), 200, answered, "$n is missing"},
		{"variable not declared", "POST", "/api/graphql", swap(query, `{"n":5}`, `{"n":5,"m":1}`), 200, answered, "$m is not declared"},
		{"answer without a field", "POST", "/api/graphql", query, 200, swap(answered, `,"state":"OPEN"`, ""), "state is not in the answer"},
		{"null that may not be", "POST", "/api/graphql", query, 200, swap(answered, `"OPEN"`, "null"), "is null and may not be"},
		{"no word of the enum", "POST", "/api/graphql", query, 200, swap(answered, "OPEN", "AJAR"), "want PullRequestState"},
		{"no such path", "GET", "/api/v3/repos/a/b/nothing", "", 200, "{}", "no matching operation"},
		{"no such method", "PUT", comment, `{"body":"x"}`, 200, "{}", "method not allowed"},
		{"body lacks a field", "POST", comment, `{"text":"x"}`, 403, `{"message":"no"}`, `property "body" is missing`},
		{"answer lacks a field", "POST", comment, `{"body":"x"}`, 201, `{"id":1}`, "answer"},
		{"answer of another status", "POST", comment, `{"body":"x"}`, 403, `{"message":"no"}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.answer)
			})
			var said []string
			h, err := Handler(next, func(p string) { said = append(said, p) })
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest(tt.method, "http://localhost"+tt.path, strings.NewReader(tt.sent))
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			got := strings.Join(said, "\n")
			if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
				t.Errorf("said %q, want %q", got, tt.want)
			}
			if w.Code != tt.status || w.Body.String() != tt.answer {
				t.Errorf("passed on %d %s", w.Code, w.Body)
			}
		})
	}
}
