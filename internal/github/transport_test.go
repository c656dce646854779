package github_test

import (
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/github"
)

const (
	commentRoute = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments"
	editRoute    = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}"
	deleteRoute  = "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}"
	checkRoute   = "POST /repos/{owner}/{repo}/check-runs"
	patchRoute   = "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}"
)

func header(kv ...string) map[string]string {
	out := map[string]string{}
	for i := 0; i < len(kv); i += 2 {
		out[kv[i]] = kv[i+1]
	}
	return out
}

func seconds(n ...int) []time.Duration {
	var out []time.Duration
	for _, s := range n {
		out = append(out, time.Duration(s)*time.Second)
	}
	return out
}

// The clock stands at 2026-03-02T10:00:00Z, which is 1772445600.
func TestReadsUnderFaults(t *testing.T) {
	const route = "query Sides"
	tests := []struct {
		name     string
		fault    fake.Fault
		kind     github.Kind // "" where the read succeeds in the end
		sleeps   []time.Duration
		requests int
	}{
		{"429 with Retry-After, once", with(fake.Limited(route, 429, header("Retry-After", "7")), 1), "", seconds(7), 2},
		{"403 with Retry-After, once", with(fake.Limited(route, 403, header("Retry-After", "7")), 1), "", seconds(7), 2},
		{"403 that only says so", with(fake.Limited(route, 403, nil), 1), "", seconds(60), 2},
		{"429 without Retry-After, once", with(fake.Limited(route, 429, nil), 1), "", seconds(60), 2},
		{"429 without Retry-After, for ever", fake.Limited(route, 429, nil), github.Limited, seconds(60), 2},
		{"primary limit ending soon", with(fake.Limited(route, 403, header("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1772445630")), 1), "", seconds(30), 2},
		{"primary limit ending now", with(fake.Limited(route, 429, header("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1772445600")), 1), "", seconds(1), 2},
		{"primary limit for an hour", fake.Limited(route, 403, header("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1772449200")), github.Limited, nil, 1},
		{"Retry-After beyond what we wait", fake.Limited(route, 429, header("Retry-After", "61")), github.Limited, nil, 1},
		{"Retry-After as a date", with(fake.Limited(route, 429, header("Retry-After", "Mon, 02 Mar 2026 10:00:05 GMT")), 1), "", seconds(5), 2},
		{"Retry-After again and again", fake.Limited(route, 429, header("Retry-After", "25")), github.Limited, seconds(25, 25), 3},
		{"limited with 200", fake.Fault{Route: route, Times: 1, Header: header("Retry-After", "3"), Body: `{"data":null,"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}`}, "", seconds(3), 2},
		{"limited with 200 for ever", fake.Fault{Route: route, Header: header("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1772449200"), Body: `{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}`}, github.Limited, nil, 1},
		{"secondary limit with 200", fake.Fault{Route: route, Times: 1, Body: `{"errors":[{"message":"You have exceeded a secondary rate limit."}]}`}, "", seconds(60), 2},
		{"502 once", fake.Fault{Route: route, Times: 1, Status: 502}, "", seconds(1), 2},
		{"503 thrice", fake.Fault{Route: route, Times: 3, Status: 503}, "", seconds(1, 2, 4), 4},
		{"504 for ever", fake.Fault{Route: route, Status: 504}, github.Unavailable, seconds(1, 2, 4), 4},
		{"timed out with 200", fake.Fault{Route: route, Times: 1, Body: `{"data":null,"errors":[{"message":"Something went wrong while executing your query. This may be the result of a timeout."}]}`}, "", seconds(1), 2},
		{"a page of a proxy", fake.Fault{Route: route, Times: 1, Body: `<html>hello</html>`}, "", seconds(1), 2},
		{"a page of a proxy for ever", fake.Fault{Route: route, Body: `<html>hello</html>`}, github.Unavailable, seconds(1, 2, 4), 4},
		{"500 once", fake.Fault{Route: route, Times: 1, Status: 500}, "", seconds(1), 2},
		{"500 for ever", fake.Fault{Route: route, Status: 500}, github.Unavailable, seconds(1, 2, 4), 4},
		{"520 of a proxy, once", fake.Fault{Route: route, Times: 1, Status: 520}, "", seconds(1), 2},
		{"a head that is not visible yet", fake.Fault{Route: route, Times: 2, Null: []string{"repository", "head"}}, "", seconds(1, 2), 3},
		{"a head that is nowhere", fake.Fault{Route: route, Null: []string{"repository", "head"}, Type: "NOT_FOUND", Message: "Could not resolve to a node."}, github.NotFound, seconds(1, 2, 4), 4},
		{"a head that may not be read", fake.Fault{Route: route, Null: []string{"repository", "head"}, Type: "FORBIDDEN", Message: "no"}, github.Forbidden, nil, 1},
		{"422 is not repeated", fake.Fault{Route: route, Status: 422}, github.Refused, nil, 1},
		{"403 is not repeated", fake.Fault{Route: route, Status: 403, Message: "no"}, github.Refused, nil, 1},
		{"404 is not repeated", fake.Fault{Route: route, Status: 404, Message: "no"}, github.NotFound, nil, 1},
		{"reset once", fake.Fault{Route: route, Times: 1, Reset: true}, "", seconds(1), 2},
		{"reset for ever", fake.Fault{Route: route, Reset: true}, github.Unavailable, seconds(1, 2, 4), 4},
		{"cut off once", fake.Fault{Route: route, Times: 1, Cut: true}, "", seconds(1), 2},
		{"hangs once", fake.Fault{Route: route, Times: 1, Hang: true}, "", seconds(1), 2},
		{"slow, but in time", fake.Fault{Route: route, Delay: 20 * time.Millisecond}, "", nil, 1},
		{"neither data nor errors", fake.Fault{Route: route, Body: `{}`}, github.Unavailable, nil, 1},
		{"errors only", fake.Fault{Route: route, Body: `{"errors":[{"type":"FORBIDDEN","message":"no"}]}`}, github.Forbidden, nil, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := wild(t)
			q := s.pull()
			s.hub.Fail(tt.fault)
			if tt.fault.Hang {
				s.wait = time.Second
				s.client = s.newClient("secret")
			}
			sides, err := s.client.Sides(context.Background(), q)
			if github.KindOf(err) != tt.kind {
				t.Errorf("error %v, want kind %q", err, tt.kind)
			}
			if err == nil && sides.Head.Commit != q.Merge {
				t.Errorf("read %q, want %q", sides.Head.Commit, q.Merge)
			}
			if !slices.Equal(s.sleeps, tt.sleeps) {
				t.Errorf("slept %v, want %v", s.sleeps, tt.sleeps)
			}
			if s.client.Requests() != tt.requests {
				t.Errorf("%d requests, want %d", s.client.Requests(), tt.requests)
			}
		})
	}
}

func with(f fake.Fault, times int) fake.Fault {
	f.Times = times
	return f
}

// A limit that was met once does not keep the next request from being sent.
func TestLimitsAreNotRemembered(t *testing.T) {
	s := wild(t)
	q := s.pull()
	ctx := context.Background()
	limit := with(fake.Limited(commentRoute, 403, header("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "4102444800", "X-RateLimit-Limit", "1000")), 1)
	s.hub.Fail(limit)
	if _, err := s.client.CreateComment(ctx, repo, 5, "x"); github.KindOf(err) != github.Limited || !strings.Contains(err.Error(), "until 2100-01-01T00:00:00Z") {
		t.Errorf("first: %v", err)
	}
	if _, err := s.client.CreateComment(ctx, repo, 5, "x"); err != nil {
		t.Errorf("second: %v", err)
	}
	if _, err := s.client.Sides(ctx, q); err != nil {
		t.Errorf("third: %v", err)
	}
}

// go-github would: its own memory refuses requests until the reset, unasked.
func TestTheLastRequestOfAnHour(t *testing.T) {
	s := wild(t)
	q := s.pull()
	s.hub.Fail(fake.Fault{Route: "query Sides", Times: 1, Header: header("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "4102444800", "X-RateLimit-Limit", "1000")})
	for range 2 {
		if _, err := s.client.Sides(context.Background(), q); err != nil {
			t.Fatal(err)
		}
	}
}

// All waiting together is bounded, over all requests of a client.
func TestWaitsAreBoundedInAll(t *testing.T) {
	s := wild(t)
	q := s.pull()
	s.hub.Fail(fake.Limited("query Sides", 429, header("Retry-After", "20")))
	for range 3 {
		_, _ = s.client.Sides(context.Background(), q)
	}
	var all time.Duration
	for _, d := range s.sleeps {
		all += d
	}
	if all != github.MaxWait {
		t.Errorf("slept %v in all, want %v", all, github.MaxWait)
	}
}

// silent is a network that never answers, and lets time pass.
type silent struct {
	s    *scene
	sent int
}

func (n *silent) RoundTrip(*http.Request) (*http.Response, error) {
	n.sent++
	_ = n.s.sleep(context.Background(), 25*time.Second)
	return nil, context.DeadlineExceeded
}

// Time lost on a silent server is waiting too: 25+1 and 25+2 seconds are within
// a minute, a third attempt's end is not.
func TestSilenceIsWaiting(t *testing.T) {
	s := wild(t)
	network := &silent{s: s}
	c, err := github.New(github.Config{API: s.server.URL, GraphQL: s.server.URL + "/graphql", Transport: network, Now: s.clock, Sleep: s.sleep})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Sides(context.Background(), github.Question{Repo: repo, Head: "x"})
	if github.KindOf(err) != github.Unavailable || !strings.Contains(err.Error(), "no answer in time") || network.sent != 3 {
		t.Errorf("%d attempts, %v", network.sent, err)
	}
}

func TestWritesUnderFaults(t *testing.T) {
	ctx := context.Background()
	write := map[string]func(*scene, github.Question, int64) error{
		commentRoute: func(s *scene, _ github.Question, _ int64) error {
			_, err := s.client.CreateComment(ctx, repo, 5, "new")
			return err
		},
		editRoute:   func(s *scene, _ github.Question, id int64) error { return s.client.EditComment(ctx, repo, id, "new") },
		deleteRoute: func(s *scene, _ github.Question, id int64) error { return s.client.DeleteComment(ctx, repo, id) },
		checkRoute: func(s *scene, q github.Question, _ int64) error {
			_, err := s.client.CreateCheckRun(ctx, repo, run(q.Head, 1))
			return err
		},
	}
	tests := []struct {
		name, route string
		fault       fake.Fault
		kind        github.Kind
		requests    int
	}{
		{"a comment is not written twice after a 502", commentRoute, fake.Fault{Times: 1, Status: 502}, github.Unavailable, 1},
		{"nor after a lost connection", commentRoute, fake.Fault{Times: 1, Lose: true}, github.Unavailable, 1},
		{"nor after an answer cut off", commentRoute, fake.Fault{Times: 1, Cut: true}, github.Unavailable, 1},
		{"a limit says that it was not written", commentRoute, fake.Limited("", 429, header("Retry-After", "1")), "", 2},
		{"422 is not repeated", commentRoute, fake.Fault{Status: 422, Message: "body is too long"}, github.Refused, 1},
		{"editing is repeated after a 502", editRoute, fake.Fault{Times: 1, Status: 502}, "", 2},
		{"editing is repeated after a reset", editRoute, fake.Fault{Times: 1, Lose: true}, "", 2},
		{"deleting is repeated, and gone is fine", deleteRoute, fake.Fault{Times: 1, Lose: true}, "", 2},
		{"a check run is looked for, and created again", checkRoute, fake.Fault{Times: 1, Reset: true}, "", 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := wild(t)
			q := s.pull()
			id, err := s.client.CreateComment(ctx, repo, 5, "old")
			if err != nil {
				t.Fatal(err)
			}
			before := s.client.Requests()
			tt.fault.Route = tt.route
			if tt.fault.Header != nil {
				tt.fault.Times = 1
			}
			s.hub.Fail(tt.fault)
			if err := write[tt.route](s, q, id); github.KindOf(err) != tt.kind {
				t.Errorf("error %v, want kind %q", err, tt.kind)
			}
			if got := s.client.Requests() - before; got != tt.requests {
				t.Errorf("%d requests, want %d", got, tt.requests)
			}
		})
	}
}

func TestWritesAreSerial(t *testing.T) {
	s := start(t)
	s.pull()
	s.hub.Fail(fake.Fault{Route: commentRoute, Delay: 10 * time.Millisecond})
	var all sync.WaitGroup
	for i := range 5 {
		all.Go(func() {
			if _, err := s.client.CreateComment(context.Background(), repo, 5, fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := s.hub.Together(); n != 1 {
		t.Errorf("%d writes were under way together", n)
	}
}

// The token does not follow a redirect to another host.
func TestRedirectedElsewhere(t *testing.T) {
	var seen []string
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusNotFound)
	}))
	defer elsewhere.Close()
	s := wild(t)
	s.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+r.URL.Path, http.StatusMovedPermanently)
	})
	_, err := s.client.RenamedTo(context.Background(), repo, 5, board)
	if github.KindOf(err) != github.NotFound {
		t.Errorf("error %v", err)
	}
	if !slices.Equal(seen, []string{""}) {
		t.Errorf("the other host was shown %q", seen)
	}
}

// roundTrip is a network of one function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The token goes to a host over the scheme that it is configured with, and no other.
func TestRedirectedOffTLS(t *testing.T) {
	for to, want := range map[string]string{
		"https://ghe.example/x":      "Bearer ghs_secret",
		"http://ghe.example/x":       "",
		"https://ghe.example:8443/x": "",
		"https://evil.example/x":     "",
	} {
		seen := []string{}
		client, err := github.New(github.Config{
			Token: "ghs_secret", API: "https://ghe.example/api/v3", GraphQL: "https://ghe.example/api/graphql", UserAgent: "boardgate", Now: time.Now,
			Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				seen = append(seen, r.Header.Get("Authorization"))
				if len(seen) == 1 {
					return &http.Response{StatusCode: http.StatusFound, Header: http.Header{"Location": {to}}, Body: http.NoBody, Request: r}, nil
				}
				return &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
			}),
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.RenamedTo(context.Background(), repo, 5, board); github.KindOf(err) != github.NotFound {
			t.Errorf("%s: error %v", to, err)
		}
		if !slices.Equal(seen, []string{"Bearer ghs_secret", want}) {
			t.Errorf("%s was shown %q, want %q", to, seen, want)
		}
	}
}

func TestNoMoreWaitingAfterCancelling(t *testing.T) {
	s := wild(t)
	q := s.pull()
	s.hub.Fail(fake.Fault{Route: "query Sides", Hang: true})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := s.client.Sides(ctx, q); err == nil {
		t.Error("no error")
	}
	if len(s.sleeps) != 0 {
		t.Errorf("slept %v", s.sleeps)
	}
}

func TestAddresses(t *testing.T) {
	for api, want := range map[string]string{
		"":                            "GITHUB_API_URL",
		"api.github.com":              "https://",
		"ftp://ghe.example":           "https://",
		"https://ghe.example/api/v3/": "",
	} {
		_, err := github.New(github.Config{API: api, GraphQL: "https://ghe.example/api/graphql"})
		if (err == nil) != (want == "") || (err != nil && !strings.Contains(err.Error(), want)) {
			t.Errorf("New with %q: %v, want %q", api, err, want)
		}
	}
}

func TestCertificates(t *testing.T) {
	s := wild(t)
	q := s.pull()
	secure := httptest.NewUnstartedServer(s.hub)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // the refusals are wanted
	secure.StartTLS()
	defer secure.Close()
	read := func(ca []byte) error {
		transport, err := github.NewTransport(github.Network{CA: ca})
		if err != nil {
			return err
		}
		c, err := github.New(github.Config{
			Token: "secret", API: secure.URL + "/api/v3", GraphQL: secure.URL + "/api/graphql", UserAgent: "boardgate/test",
			Transport: transport, Now: s.clock, Sleep: s.sleep,
		})
		if err != nil {
			return err
		}
		_, err = c.Sides(context.Background(), q)
		return err
	}
	if err := read(nil); err == nil || !strings.Contains(err.Error(), "ca-file") {
		t.Errorf("an unknown authority: %v, want a word about ca-file", err)
	}
	if len(s.sleeps) != 0 {
		t.Errorf("a certificate that does not fit was tried again after %v", s.sleeps)
	}
	if err := read([]byte("no certificate")); err == nil || !strings.Contains(err.Error(), "no PEM certificate") {
		t.Errorf("a file without a certificate: %v", err)
	}
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})
	if err := read(ca); err != nil {
		t.Errorf("with its certificate: %v", err)
	}
}

func TestProxy(t *testing.T) {
	transport, err := github.NewTransport(github.Network{HTTPSProxy: "http://proxy.example:3128", NoProxy: "inside.example"})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"https://api.github.com/x": "http://proxy.example:3128",
		"https://inside.example/x": "<nil>",
		"http://api.github.com/x":  "<nil>",
	} {
		u, _ := url.Parse(address)
		got, err := transport.Proxy(&http.Request{URL: u})
		if err != nil || fmt.Sprint(got) != want {
			t.Errorf("%s goes through %v, %v, want %s", address, got, err, want)
		}
	}
}
