package main

import (
	"net/http"
	"strings"
	"testing"
)

// truth is what a run of prod-facts has to say of a production.
type truth struct {
	name   string
	answer http.HandlerFunc
	facts  string // below check; BASE is the address that answers
	args   []string
	status int
	says   []string // in the report
}

const truthHead = "prod-facts:\n  base: BASE\n  allow_private: true\n  control: off\n  confirm: { off: true }\n  defaults: { retry: { attempts: 1 } }\n"

func (one truth) ask(t *testing.T, env ...string) {
	t.Helper()
	base := serve(t, one.answer)
	config := strings.ReplaceAll(truthHead+one.facts, "BASE", base)
	got := askBoardgate(t, config, env, one.args...)
	if got.status != one.status {
		t.Errorf("status %d, want %d", got.status, one.status)
	}
	for _, want := range one.says {
		if !strings.Contains(got.stdout+got.stderr, strings.ReplaceAll(want, "BASE", base)) {
			t.Errorf("it does not say %q", want)
		}
	}
	if t.Failed() {
		t.Logf("%s\n%s%s", config, got.stdout, got.stderr)
	}
}

// A header that comes in several lines is several values, not one text.
func TestFactsHeaderLines(t *testing.T) {
	cookies := func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Set-Cookie"] = []string{"sid=1; Path=/", "theme=dark; HttpOnly"}
	}
	for _, one := range []truth{
		{"a pattern across two lines", cookies, "  check: { a: { get: /, response_headers: { Set-Cookie: { match: '^sid=.*HttpOnly' } } } }\n", nil, 1, []string{`the 2 headers Set-Cookie are "sid=1; Path=/, theme=dark; HttpOnly", want one of them to match "^sid=.*HttpOnly"`}},
		{"the end of the first line", cookies, "  check: { a: { get: /, response_headers: { Set-Cookie: { match: '^sid=1; Path=/$' } } } }\n", nil, 0, []string{"pass: 1 fact"}},
		{"the whole of the second line", cookies, "  check: { a: { get: /, response_headers: { Set-Cookie: theme=dark; HttpOnly } } }\n", nil, 0, []string{"pass: 1 fact"}},
	} {
		t.Run(one.name, func(t *testing.T) { t.Parallel(); one.ask(t) })
	}
}
