package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/fake/runner"
	"github.com/boardgate/boardgate/internal/report"
)

// flooding says start and then text again and again for as long as somebody listens.
func flooding(start, text string) func(*testing.T) string {
	return rawly(func(c net.Conn) {
		say(c, start)
		for {
			if _, err := io.WriteString(c, text); err != nil {
				return
			}
		}
	})
}

// holding says a text and keeps the connection.
func holding(text string) func(*testing.T) string {
	return rawly(func(c net.Conn) { say(c, text); _, _ = io.Copy(io.Discard, c) })
}

func serving(h http.HandlerFunc) func(*testing.T) string {
	return func(t *testing.T) string { return serve(t, h) }
}

func packed(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text)
	_ = z.Close()
	return b.String()
}

// longestOfAnyOutput is what a report of one fact may take, whatever production
// answers: excerpts are of 200 characters, and a report holds a few.
const longestOfAnyOutput = 12_000

// Whatever a hostile server says has a verdict and a sentence within the time
// set, and nothing of it acts on a reader or floods one, in any format.
func TestHostileProduction(t *testing.T) {
	const (
		plain = "{ get: / }"
		data  = "{ get: /, json: { $.status: ok } }"
		login = "{ get: /login, expect: 307 -> /auth/login }"
	)
	for _, test := range []struct {
		name   string
		site   func(*testing.T) string
		check  string
		status int
		want   answerOf
	}{
		{"interim answers without end", flooding("", "HTTP/1.1 100 Continue\r\n\r\n"), plain, 1, answerOf{"fail", "", "the headers are larger than 262 kB"}},
		{"an interim answer and no other", holding("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), plain, 1, answerOf{"unreachable", "", "no answer came within 500ms"}},
		{"an interim answer before the answer", saying("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), plain, 0, answerOf{"pass", "200", ""}},
		{"status 999", saying("HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"), plain, 1, answerOf{"fail", "999", "got 999, want 200"}},
		{"another protocol unasked", holding("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"), plain, 1, answerOf{"fail", "101", "got 101, want 200"}},
		{"another protocol as expected", holding("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"), "{ get: /, expect: 101 }", 0, answerOf{"pass", "101", ""}},
		{"status 000", saying("HTTP/1.1 000 Odd\r\nContent-Length: 0\r\n\r\n"), plain, 1, answerOf{"fail", "", "the answer is not HTTP: it has the status 000"}},
		{"a status line without end", flooding("HTTP/1.1 200 ", strings.Repeat("a", 1000)), plain, 1, answerOf{"fail", "", "the headers are larger than 262 kB"}},
		{"HTTP/0.9", saying("<html>hello</html>"), plain, 1, answerOf{"fail", "", `the answer is not HTTP: malformed HTTP response "<html>hello</html>"`}},
		{"HTTP/2 unasked", saying("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), plain, 1, answerOf{"fail", "", `the answer is not HTTP: malformed HTTP status code "*"`}},
		{"two lengths", saying("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhello"), plain, 1, answerOf{"fail", "", `the answer is not HTTP: http: message cannot contain multiple Content-Length headers; got ["4" "5"]`}},
		{"a length below zero", saying("HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nhello"), plain, 1, answerOf{"fail", "", `the answer is not HTTP: bad Content-Length "-4"`}},
		{"another transfer encoding", saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello"), plain, 1, answerOf{"fail", "", `the answer is not HTTP: unsupported transfer encoding: "gzip"`}},
		{"chunks of extensions", flooding("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1;"+strings.Repeat("a", 1000)+"\r\nx\r\n"), plain, 1, answerOf{"fail", "200", "the body breaks the protocol: chunked encoding contains too much non-data"}},
		{"trailers without end", flooding("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X-A: "+strings.Repeat("a", 1000)+"\r\n"), plain, 1, answerOf{"fail", "200", "the body breaks the protocol: http: suspiciously long trailer after chunked body"}},
		{"brotli", page(200, "Content-Encoding: br", "xx"), plain, 1, answerOf{"fail", "200", "the body came encoded as br, which was not requested"}},
		{"gzip within gzip", page(200, "Content-Encoding: gzip, gzip", packed(bomb())), plain, 1, answerOf{"fail", "200", "the body came encoded as gzip, gzip, which was not requested"}},
		{"gzip in capitals", page(200, "Content-Encoding: GZIP", packed("hello")), "{ get: /, body: { contains: hello } }", 0, answerOf{"pass", "200", ""}},
		{"gzip by its old name", page(200, "Content-Encoding: x-gzip", packed("hello")), "{ get: /, body: { contains: hello } }", 0, answerOf{"pass", "200", ""}},
		{"gzip and more in another line", saying("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: br\r\n\r\n" + packed("hello")), "{ get: /, body: { contains: hello } }", 1, answerOf{"fail", "200", "the body came encoded as gzip, br, which was not requested"}},
		{"half a gzip", page(200, "Content-Encoding: gzip", packed("hello")[:15]), plain, 1, answerOf{"fail", "200", "the body is not the gzip it is said to be"}},
		{"controls in a header", saying("HTTP/1.1 200 OK\r\nX-A: \x1b[31m\x00::error::boo\r\n\r\n"), plain, 1, answerOf{"fail", "", `the answer is not HTTP: malformed MIME header line: "X-A: \x1b[31m\x00::error::boo"`}},
		{"a command for a header", saying("HTTP/1.1 200 OK\r\n::error::boo\r\n\r\n"), plain, 1, answerOf{"fail", "", `the answer is not HTTP: malformed MIME header line: "::error::boo"`}},
		{"a command for an answer", saying("##[error]boo\r\n\r\n"), plain, 1, answerOf{"fail", "", `the answer is not HTTP: malformed HTTP response "##[error]boo"`}},
		{"a command in a header", page(200, "X-A: ::error::boo ##[error]boo", ""), "{ get: /, response_headers: { X-A: good } }", 1, answerOf{"fail", "200", `the header X-A is "::error::boo ##[error]boo", want it to equal "good"`}},
		{"a command in a body", page(200, "", "<p>\n::error::boo\n##[error]boo \x1b[31m\x00\n::stop-commands::x"), "{ get: /, body: { contains: good } }", 1, answerOf{"fail", "200", `the body does not hold "good"`}},
		{"a command in JSON", page(200, "", `{"status":"::error::boo\n##[error]boo \u001b[31m"}`), data, 1, answerOf{"fail", "200", `$.status is "::error::boo\n##[error]boo \u001b[31m", want "ok"`}},
		{"a command for a key", page(200, "", `{"\n::error::boo":1,"\u001b[31m":2}`), data, 1, answerOf{"fail", "200", "$.status leads to nothing; there is [31m, ::error::boo"}},
		{"a line break in a Location", saying("HTTP/1.1 307 X\r\nLocation: /a\rb\r\n\r\n"), login, 1, answerOf{"fail", "", `the answer is not HTTP: malformed MIME header line: "Location: /a\rb"`}},
		{"a command for a Location", page(307, "Location: /%0A::error::boo", ""), login, 1, answerOf{"fail", "307 -> /%0A::error::boo", "got 307 -> /%0A::error::boo, want 307 -> /auth/login: it leads elsewhere"}},
		{"credentials in a Location", page(307, "Location: https://me:secret99@shop.example/x?key=secret99", ""), login, 1, answerOf{"fail", "307 -> https://shop.example/x?…", "got 307 -> https://shop.example/x?…, want 307 -> /auth/login: it leads to another host, shop.example"}},
		{"credentials without a host in a Location", page(307, "Location: http:me:secret99@shop.example/", ""), login, 1, answerOf{"fail", "307 -> an address that cannot be read", "got 307 -> an address that cannot be read, want 307 -> /auth/login: its Location is not an address"}},
		{"a port that is none in a Location", page(307, "Location: http://127.0.0.1:99999/", ""), "{ get: /, redirects: 3 }", 1, answerOf{"fail", "307 -> an address that cannot be read", "got 307 -> an address that cannot be read, want 200; a redirect leads to what is not an address"}},
		{"a script for a Location", page(307, "Location: javascript:alert(1)", ""), "{ get: /, redirects: 3 }", 1, answerOf{"fail", "307 -> an address that cannot be read", "got 307 -> an address that cannot be read, want 200; a redirect leads to what is not an address"}},
		{"a slash that is none in a Location", page(307, "Location: /auth%2Flogin", ""), login, 1, answerOf{"fail", "307 -> /auth%2Flogin", "got 307 -> /auth%2Flogin, want 307 -> /auth/login: it leads elsewhere"}},
		{"a redirect without Location, followed", page(307, "", ""), "{ get: /, redirects: 3 }", 1, answerOf{"fail", "307", "got 307, want 200"}},
		{"a redirect with a broken Location, followed", page(307, "Location: http://%zz/", ""), "{ get: /, redirects: 3 }", 1, answerOf{"fail", "307 -> an address that cannot be read", "got 307 -> an address that cannot be read, want 200; a redirect leads to what is not an address"}},
		{"a host without end", page(307, "Location: https://"+strings.Repeat("a", 50_000)+"/b", ""), login, 1, answerOf{"fail", "307 -> https://aa…", "got 307 -> https://aa…, want 307 -> /auth/login: it leads to another host, aa…"}},
		{"a circle of long addresses", page(307, "Location: /"+strings.Repeat("a", 50_000), ""), "{ get: /, redirects: 5 }", 1, answerOf{"fail", "307 -> /aa…", "got 307 -> /aa…, want 200; the redirects go in a circle: $SITE/aa… leads back to $SITE/aa…"}},
		{"a way over long addresses", serving(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", r.URL.Path+strings.Repeat("a", 20_000))
			w.WriteHeader(http.StatusFound)
		}), "{ get: /, redirects: 5 }", 1, answerOf{"fail", "302 -> /aa…", "got 302 -> /aa…, want 200"}},
		{"a number of a million digits", page(200, "", strings.Repeat("0", 1_000_000)+" goods"), "{ get: /, text: { number: { match: '([0-9]+) goods', min: 1 } } }", 1, answerOf{"fail", "200", "the text has " + strings.Repeat("0", 198) + "…, want at least 1"}},
		{"JSON nested deep", page(200, "", strings.Repeat(`{"status":`, 100_000)), data, 1, answerOf{"fail", "200", "the JSON is nested more than 100 deep"}},
		{"JSON that takes for ever to search", page(200, "", strings.Repeat(`{"a":`, 9000)+"1"+strings.Repeat("}", 9000)), "{ get: /, json: { $..a..a: 1 } }", 1, answerOf{"fail", "200", "the JSON is nested more than 100 deep"}},
		{"JSON as deep as may be", page(200, "", strings.Repeat("[", 99)+`{"status":"[[[[\\\"[["}`+strings.Repeat("]", 99)), "{ get: /, json: { $..status: { exists: true } } }", 0, answerOf{"pass", "200", ""}},
		{"a number without end in JSON", page(200, "", `{"status":1e999999999}`), "{ get: /, json: { $.status: { min: 1 } } }", 1, answerOf{"fail", "200", "$.status is 1e999999999, want at least 1"}},
		{"NUL in JSON", page(200, "", "{\"status\":\"o\x00k\"}"), data, 1, answerOf{"fail", "200", `the body is not JSON: invalid character '\x00' in string literal`}},
		{"a pattern that others take for ever", page(200, "", strings.Repeat("a", 1<<20)), "{ get: /, body: { match: '(a+)+b' } }", 1, answerOf{"fail", "200", `nothing in the body matches "(a+)+b"`}},
		{"markup without end", page(200, "", strings.Repeat("<!--<script", 100_000)), "{ get: /, text: { contains: good } }", 1, answerOf{"fail", "200", `the text is empty, want "good" in it`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			site := test.site(t)
			config := faultConfig(site, page(200, "", "hello")(t), test.check)
			for _, format := range report.ProductionFormats() {
				got := askBoardgate(t, config, nil, "--format", format)
				if got.status != test.status {
					t.Fatalf("%s: status %d, want %d\n%s", format, got.status, test.status, got.stderr)
				}
				if format == "json" {
					found := firstFact(t, got.stdout)
					found.Got, found.Reason = brief(found.Got), brief(strings.ReplaceAll(found.Reason, site, "$SITE"))
					if found != test.want {
						t.Errorf("(-want +got)\n%.3000s", cmp.Diff(test.want, found))
					}
				}
				harmless(t, format, got)
			}
		})
	}
}

// brief writes a flood of letters a, however it was cut, as "aa…".
func brief(s string) string { return flood.ReplaceAllString(s, "aa…") }

var flood = regexp.MustCompile(`a{20,}…?`)

// harmless wants no command, no control character and no flood in what a run printed.
func harmless(t *testing.T, format string, got ran) {
	t.Helper()
	all := got.stdout + got.stderr
	if obeyed := runner.Commands(all); len(obeyed) > 0 {
		t.Errorf("%s: the runner would obey %+v", format, obeyed)
	}
	if at := strings.IndexFunc(all, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); at >= 0 {
		t.Errorf("%s: %q is not for people", format, all[at:min(at+40, len(all))])
	}
	if len(all) > longestOfAnyOutput {
		t.Errorf("%s: %d bytes about one fact", format, len(all))
	}
	if strings.Contains(all, "secret99") {
		t.Errorf("%s shows the credentials\n%s", format, all)
	}
}
