package main

import (
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
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

// Waiting takes the time it was given: what is ready at 2 s of 4 was well in time.
func TestFactsWaitToTheEnd(t *testing.T) {
	t.Parallel()
	begun := time.Now()
	ready := func(w http.ResponseWriter, _ *http.Request) {
		if time.Since(begun) < 2*time.Second {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}
	truth{"", ready, "  check: { a: { get: /, timeout: 1s } }\n", []string{"--wait", "4s"}, 0, []string{"waiting: asked in 2 rounds, 1 good in a row at the end"}}.ask(t)
}

// A page that is too large is told with the key that sets how much is read.
func TestFactsBodyLimit(t *testing.T) {
	t.Parallel()
	large := func(w http.ResponseWriter, _ *http.Request) { say(w, strings.Repeat("x", 3<<20)) }
	truth{"", large, "  check: { a: { get: / } }\n", nil, 1, []string{"the body is larger than 2097152 bytes after decompression: body_limit sets how much of it is read\n"}}.ask(t)
}

// What the runner's own proxy refuses says nothing of production.
func TestFactsProxyRefuses(t *testing.T) {
	for _, one := range []struct {
		name, proxy string
		facts       string
		status      int
		says        []string
	}{
		{"it forbids the tunnel", serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }), "https://shop.test/", 3, []string{"a=unknown", "the proxy refused: it answered 403 to CONNECT"}},
		{"it asks who is there", serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) }), "https://shop.test/", 3, []string{"a=unknown", "the proxy refused: it answered 407 to CONNECT"}},
		{"it does not get through", serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }), "https://shop.test/", 1, []string{"a=unreachable", "the proxy did not reach it: it answered 502 to CONNECT"}},
		{"it asks who is there, without a tunnel", serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) }), "http://shop.test/", 3, []string{"a=unknown", "the proxy refused: it answered 407"}},
		{"nobody is there", nobody(t), "https://shop.test/", 3, []string{"a=unknown", "the proxy was not reached: the connection was refused"}},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			control := func(http.ResponseWriter, *http.Request) {}
			truth{"", control, "  proxy: environment\n  check: { a: { get: '" + one.facts + "' }, b: { get: / } }\n", nil, one.status, one.says}.
				ask(t, "HTTP_PROXY="+one.proxy, "HTTPS_PROXY="+one.proxy)
		})
	}
}

// Numbers are compared by what they are worth.
func TestFactsNumbers(t *testing.T) {
	for _, one := range []struct {
		answer, want string
		status       int
	}{
		{"-0", "0", 0},
		{"0", "-0", 0},
		{"1.0", "1", 0},
		{"1.5e-3", "0.0015", 0},
		{"-12.50", "-12.5", 0},
		{"12.5", "-12.5", 1},
		{"0e7", "0", 0},
		{"10e1", "100", 0},
		{"100", "1e2", 1},
		{"18446744073709551616", "18446744073709551616", 0},
		{"18446744073709551617", "18446744073709551616", 1},
		{"9007199254740993", "9007199254740992", 1},
		{"9007199254740993.0", "9007199254740992", 1},
		{"-9223372036854775809", "-9223372036854775809", 0},
		{"1e400", "{ min: 1e300 }", 2},
		{"1", "{ max: 1e400 }", 2},
		{"1", "1e400", 1},
		{"1", ".inf", 2},
		{"1", "{ one_of: [1, .nan] }", 2},
	} {
		t.Run(one.answer+" and "+one.want, func(t *testing.T) {
			t.Parallel()
			number := func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				say(w, `{"n": `+one.answer+`}`)
			}
			truth{"", number, "  check: { a: { get: /, json: { $.n: " + one.want + " } } }\n", nil, one.status, nil}.ask(t)
		})
	}
}

// A known fault is a warning, whatever it is.
func TestFactsKnown(t *testing.T) {
	t.Parallel()
	well := func(http.ResponseWriter, *http.Request) {}
	known := "known: { until: 2999-12-31, reason: it moves } "
	truth{"", well, "  check: { a: { get: '" + nobody(t) + "/', " + known + "}, b: { get: / } }\n", nil, 0, []string{"warn a GET", "the connection was refused (known until 2999-12-31: it moves)", "pass: 2 facts, 1 warn"}}.ask(t)
}

// A fact that is known to fail still gives what others take from its answer.
func TestFactsKnownIsCaptured(t *testing.T) {
	t.Parallel()
	products := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		say(w, `{"id": 7, "stock": 0, "path": "`+r.URL.Path+`"}`)
	}
	truth{"", products, "  check:\n" +
		"    a: { get: /list, json: { $.stock: { min: 1 } }, known: { until: 2999-12-31, reason: it is sold out } }\n" +
		"    b: { get: '/item/{{ a $.id }}', json: { $.path: /item/7 } }\n", nil, 0, []string{"a=200 b=200", "pass: 2 facts, 1 warn"}}.ask(t)
}

// One fact whose secret is not there, or empty, leaves the others to be asked.
func TestFactsSecretUnset(t *testing.T) {
	well := func(http.ResponseWriter, *http.Request) {}
	const secret = "    a: { get: /, headers: { Authorization: '{{ env BOARDGATE_KEY }}' } }\n"
	for _, one := range []truth{
		{"beside another", well, "  check:\n" + secret + "    b: { get: / }\n", nil, 3, []string{"a=unknown b=200", "the secret BOARDGATE_KEY is not set; hand it over in the environment of the job", "unverified: a unknown"}},
		{"beside an outage", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }, "  check:\n" + secret + "    b: { get: / }\n", nil, 1, []string{"a=unknown b=404", "fail: a unknown, b fail"}},
		{"where another needs it", well, "  check:\n" + secret + "    b: { get: /, needs: a }\n", nil, 2, []string{"the secret BOARDGATE_KEY is not set"}},
		{"where the other alone is asked", well, "  check:\n" + secret + "    b: { get: / }\n", []string{"b"}, 0, []string{"pass: 1 fact"}},
	} {
		for value, env := range map[string][]string{"unset": nil, "empty": {"BOARDGATE_KEY="}} {
			t.Run(one.name+", "+value, func(t *testing.T) { t.Parallel(); one.ask(t, env...) })
		}
	}
}

// A cookie that a redirect sets goes with the redirects of that fact, and nowhere else.
func TestFactsCookies(t *testing.T) {
	t.Parallel()
	gate := func(w http.ResponseWriter, r *http.Request) {
		switch _, err := r.Cookie("seen"); {
		case r.URL.Path == "/start":
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1", Path: "/"})
			http.Redirect(w, r, "/home", http.StatusFound)
		case err != nil:
			w.WriteHeader(http.StatusForbidden)
		}
	}
	truth{"", gate, "  check:\n    a: { get: /start, redirects: 3 }\n    b: { get: /home, needs: [] }\n", nil, 1, []string{"a=200 b=403"}}.ask(t)
}

// A mark of the byte order before JSON is not a part of it (RFC 8259, section 8.1).
func TestFactsByteOrderMark(t *testing.T) {
	t.Parallel()
	marked := func(w http.ResponseWriter, _ *http.Request) { say(w, "\xef\xbb\xbf{\"status\": \"ok\"}") }
	truth{"", marked, "  check: { a: { get: /, json: { $.status: ok } } }\n", nil, 0, []string{"pass: 1 fact"}}.ask(t)
}

// Where a redirect leads is compared by what its query says, and both are shown.
func TestFactsQuery(t *testing.T) {
	leads := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusTemporaryRedirect)
		}
	}
	for _, one := range []truth{
		{"the same, encoded", leads("/login?next=%2Fhome&a=1"), "  check: { a: { get: /, expect: '307 -> /login?next=/home&a=1' } }\n", nil, 0, []string{"pass: 1 fact"}},
		{"another value", leads("/login?next=%2Fshop"), "  check: { a: { get: /, expect: '307 -> /login?next=/home' } }\n", nil, 1, []string{`its query is "next=%2Fshop", want "next=/home"`}},
		{"one more", leads("/login?next=/home&next=/shop"), "  check: { a: { get: /, expect: '307 -> /login?next=/home' } }\n", nil, 1, []string{`its query is "next=/home&next=/shop", want "next=/home"`}},
	} {
		t.Run(one.name, func(t *testing.T) { t.Parallel(); one.ask(t) })
	}
}

// A request accepts whatever comes, unless the fact says what it wants.
func TestFactsAccept(t *testing.T) {
	t.Parallel()
	strict := func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept") == "" {
			w.WriteHeader(http.StatusNotAcceptable)
		}
		say(w, r.Header.Get("Accept"))
	}
	truth{"", strict, "  check: { a: { get: /, body: { match: '^[*]/[*]$' } }, b: { get: /, headers: { Accept: text/html }, body: { match: '^text/html$' } } }\n", nil, 0, []string{"a=200 b=200"}}.ask(t)
}

// The line of a run does not show a fact that fails as if it were well.
func TestFactsLine(t *testing.T) {
	t.Parallel()
	down := func(w http.ResponseWriter, _ *http.Request) { say(w, `{"status": "down"}`) }
	truth{"", down, "  check: { a: { get: /, json: { $.status: ok } }, b: { get: /, expect: 404 }, c: { get: / } }\n", nil, 1, []string{"a=200! b=200 c=200\n"}}.ask(t)
}

// What waits for a fact that could not be found out is told so.
func TestFactsNeedsUnknown(t *testing.T) {
	t.Parallel()
	well := func(http.ResponseWriter, *http.Request) {}
	gone := nobody(t)
	truth{"", well, "  check:\n    a: { get: '" + gone + "/' }\n    b: { get: '" + gone + "/b', needs: a }\n", nil, 3, []string{"it needs a, which is unknown"}}.ask(t)
}

// A production with an authority of its own is checked from the command line too.
func TestFactsOwnAuthority(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(s.Close)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	config := strings.ReplaceAll(truthHead, "BASE", s.URL) + "  check: { a: { get: / } }\n"
	authority := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		args   []string
		status int
		says   string
	}{
		{nil, 1, "the certificate is signed by itself"},
		{[]string{"--ca-file", authority}, 0, "pass: 1 fact"},
		{[]string{"--ca-file", "c.yml"}, 2, "--ca-file c.yml: it holds no PEM certificate"},
		{[]string{"--ca-file", "none.pem"}, 2, "--ca-file none.pem: "},
	} {
		got := askBoardgate(t, config, nil, one.args...)
		if said := got.stdout + got.stderr; got.status != one.status || !strings.Contains(said, one.says) {
			t.Errorf("%s: status %d, want %d and %q\n%s", one.args, got.status, one.status, one.says, said)
		}
	}
}

// A status that is not the expected one comes with what the answer says.
func TestFactsStatusExcerpt(t *testing.T) {
	t.Parallel()
	broken := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", map[string]string{"/": "text/plain", "/page": "text/html"}[r.URL.Path])
		w.WriteHeader(http.StatusBadGateway)
		say(w, "<html><title>502</title><body><h1>The kitchen</h1> is closed</body></html>")
	}
	truth{"", broken, "  check: { a: { get: / }, b: { get: /page } }\n", nil, 1, []string{"  got 502, want 200\n  there: <html><title>502</title>", "  got 502, want 200\n  there: The kitchen is closed\n"}}.ask(t)
	open := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		say(w, "<h1>Come in</h1>")
	}
	truth{"", open, "  check: { a: { get: /, expect: 307 }, b: { get: /moved } }\n", nil, 1, []string{"  got 200, want 307\n  there: Come in\n", "  got 302 -> /elsewhere, want 200\n  asked at"}}.ask(t)
}

// Headers are compared as numbers, and as times.
func TestFactsHeaderNumbers(t *testing.T) {
	cached := func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Age"] = []string{"90"}
		w.Header().Set("X-Left", "many")
		w.Header().Set("Last-Modified", time.Now().Add(-50*time.Hour).UTC().Format(http.TimeFormat))
		w.Header().Set("Expires", time.Now().Add(50*time.Hour).UTC().Format(http.TimeFormat))
	}
	for _, one := range []truth{
		{"", nil, "Age: { max: 100 }", nil, 0, []string{"pass: 1 fact"}},
		{"", nil, "Age: { min: 90, max: 90 }", nil, 0, []string{"pass: 1 fact"}},
		{"", nil, "Age: { max: 60 }", nil, 1, []string{`the header Age is "90", want at most 60`}},
		{"", nil, "Age: { min: 100 }", nil, 1, []string{`the header Age is "90", want at least 100`}},
		{"", nil, "X-Left: { min: 1 }", nil, 1, []string{`the header X-Left is "many", which is not a number; want at least 1`}},
		{"", nil, "X-Gone: { min: 1 }", nil, 1, []string{"the header X-Gone is missing"}},
		{"", nil, "Age: { min: 2, max: 1 }", nil, 2, []string{"min 2 is more than max 1: nothing fits"}},
		{"", nil, "Last-Modified: { max_age: 72h }", nil, 0, []string{"pass: 1 fact"}},
		{"", nil, "Last-Modified: { max_age: 24h }", nil, 1, []string{"50h ago, want at most 24h"}},
		{"", nil, "Expires: { max_age: 1h }", nil, 0, []string{"pass: 1 fact"}},
		{"", nil, "Age: { max_age: 24h }", nil, 1, []string{`the header Age is "90", which is not a time; want one at most 24h ago`}},
	} {
		t.Run(one.facts, func(t *testing.T) {
			t.Parallel()
			one.answer, one.facts = cached, "  check: { a: { get: /, response_headers: { "+one.facts+" } } }\n"
			one.ask(t)
		})
	}
}

// What is sent is sent once, and answered like any other request.
func TestFactsPost(t *testing.T) {
	var sent atomic.Int32
	echo := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch r.URL.Path {
		case "/list":
			w.Header().Set("Content-Type", "application/json")
			say(w, `{"id": 7, "name": "a \"b\""}`)
		case "/moved":
			http.Redirect(w, r, "/echo", http.StatusPermanentRedirect)
		case "/done":
			http.Redirect(w, r, "/echo", http.StatusSeeOther)
		case "/busy":
			sent.Add(1)
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			say(w, r.Method+" "+r.Header.Get("Content-Type")+" "+string(body)+" "+r.Header.Get("Authorization"))
		}
	}
	for _, one := range []truth{
		{"json", echo, `  check: { a: { post: /echo, send: '{"user": "probe"}', body: { match: '^POST application/json [{]"user": "probe"[}] $' } } }`, nil, 0, []string{"pass: 1 fact"}},
		{"text", echo, `  check: { a: { post: /echo, send: hello, body: { match: '^POST text/plain; charset=utf-8 hello $' } } }`, nil, 0, []string{"pass: 1 fact"}},
		{"a type of its own", echo, `  check: { a: { post: /echo, send: a=b, headers: { Content-Type: application/x-www-form-urlencoded }, body: { match: '^POST application/x-www-form-urlencoded a=b $' } } }`, nil, 0, []string{"pass: 1 fact"}},
		{"nothing", echo, `  check: { a: { post: /echo, body: { match: '^POST   $' } } }`, nil, 0, []string{"pass: 1 fact"}},
		{"a captured value", echo, `  check: { list: { get: /list, json: { $.id: 7 } }, a: { post: /echo, send: '{"id": {{ list $.id }}}', body: { contains: '"id": 7' } } }`, nil, 0, []string{"pass: 2 facts"}},
		{"a captured text", echo, `  check: { list: { get: /list, json: { $.id: 7 } }, a: { post: /echo, send: '{"name": "{{ list $.name }}"}', body: { contains: '{"name": "a \"b\""}' } } }`, nil, 0, []string{"pass: 2 facts"}},
		{"kept by a redirect", echo, `  check: { a: { post: /moved, send: hello, redirects: 1, body: { match: '^POST text/plain; charset=utf-8 hello $' } } }`, nil, 0, []string{"pass: 1 fact"}},
		{"dropped by a redirect", echo, `  check: { a: { post: /done, send: hello, redirects: 1, body: { match: '^GET   $' } } }`, nil, 0, []string{"pass: 1 fact"}},
		{"beside get", echo, `  check: { a: { post: /echo, get: /echo } }`, nil, 2, []string{"want one of get, head and post"}},
		{"without post", echo, `  check: { a: { get: /echo, send: hello } }`, nil, 2, []string{"send is for post"}},
		{"a fact that is not there", echo, `  check: { a: { post: /echo, send: '{{ list $.id }}' } }`, nil, 2, []string{`"a" needs "list", which is not a fact`}},
		{"a secret", echo, `  check: { a: { post: /echo, send: '{"token": "{{ env BOARDGATE_KEY }}"}', body: { contains: sesame-open-42 } } }`, nil, 0, []string{"pass: 1 fact"}},
	} {
		t.Run(one.name, func(t *testing.T) { t.Parallel(); one.facts += "\n"; one.ask(t, "BOARDGATE_KEY=sesame-open-42") })
	}
	base := serve(t, echo)
	got := askBoardgate(t, "prod-facts:\n  base: "+base+"\n  allow_private: true\n  control: off\n  confirm: { off: true }\n  check: { a: { post: /busy } }\n", nil)
	if got.status != 1 || sent.Load() != 1 {
		t.Errorf("status %d, sent %d times", got.status, sent.Load())
	}
}

// A host with one address has no others to ask.
func TestFactsAddresses(t *testing.T) {
	t.Parallel()
	truth{"", nothing, "  check: { a: { get: /, addresses: all } }\n", nil, 0, []string{"pass: 1 fact"}}.ask(t)
	truth{"", nothing, "  check: { a: { get: /, addresses: both } }\n", nil, 2, []string{`"prod-facts.check.a.addresses" is "both"; expected one or all`}}.ask(t)
}

// What fails in a window of maintenance is a warning, and outside it is not.
func TestFactsMaintenance(t *testing.T) {
	busy := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }
	athens, err := time.LoadLocation("Europe/Athens")
	if err != nil {
		t.Skip("this machine has no tz database")
	}
	at := func(d time.Duration) string { return time.Now().In(athens).Add(d).Format("15:04") }
	open := "    backup: { from: '" + at(-2*time.Hour) + "', until: '" + at(2*time.Hour) + "', zone: Europe/Athens }\n"
	closed := "    backup: { from: '" + at(3*time.Hour) + "', until: '" + at(5*time.Hour) + "', zone: Europe/Athens }\n"
	const check = "  check: { a: { get: / } }\n  maintenance:\n"
	for _, one := range []truth{
		{"open", busy, check + open, nil, 0, []string{"got 503, want 200 (maintenance backup until " + at(2*time.Hour) + " EE", "pass: 1 fact, 1 warn"}},
		{"closed", busy, check + closed, nil, 1, []string{"fail: a fail"}},
		{"well", nothing, check + open, nil, 0, []string{"pass: 1 fact\n"}},
		{"no such zone", busy, check + "    b: { from: '02:00', until: '04:00', zone: Europe/Atlantis }\n", nil, 2, []string{`"prod-facts.maintenance.b.zone" is "Europe/Atlantis"; expected a time zone such as Europe/Athens, or UTC`}},
		{"no such time", busy, check + "    b: { from: '2:00', until: '04:00' }\n", nil, 2, []string{`"prod-facts.maintenance.b.from" is the text "2:00"; expected a time of the day in quotes, such as "02:00"`}},
		{"no such day", busy, check + "    b: { days: [saturday], from: '02:00', until: '04:00' }\n", nil, 2, []string{`unknown day "saturday"`}},
		{"no end", busy, check + "    b: { from: '02:00' }\n", nil, 2, []string{`"b" has no from or no until`}},
		{"no length", busy, check + "    b: { from: '02:00', until: '02:00' }\n", nil, 2, []string{`"b" ends when it begins`}},
	} {
		t.Run(one.name, func(t *testing.T) { t.Parallel(); one.ask(t) })
	}
}
