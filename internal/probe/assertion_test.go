package probe

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// at makes an answer of a body.
func at(body string) *answer {
	u, _ := url.Parse("https://shop.test/")
	return &answer{url: u, status: 200, header: http.Header{"Content-Type": {"text/html"}, "X-A": {"one", "two"}}, body: []byte(body)}
}

// TestAssertions holds every assertion against bodies that fit and that do not;
// an empty reason is that it holds.
func TestAssertions(t *testing.T) {
	tests := []struct{ check, body, reason string }{
		{"json: { $.status: ok }", `{"status":"ok"}`, ""},
		{"json: { $.status: ok }", `{"status":"degraded","db":"error"}`, `$.status is "degraded", want "ok"`},
		{"json: { $.status: ok }", `{"state":"ok","stat":1}`, `$.status leads to nothing; there is stat, state`},
		{"json: { $.a.b.c: 1 }", `{"a":{"b":[1]}}`, `$.a.b.c leads to nothing; there is an array`},
		{"json: { $.a: 1 }", `{}`, `$.a leads to nothing; the object there is empty`},
		{"json: { $.n: 3 }", `{"n":3.0}`, ""},
		{"json: { $.n: 9007199254740993 }", `{"n":9007199254740992}`, `$.n is 9007199254740992, want 9007199254740993`},
		{"json: { $.n: '3' }", `{"n":3}`, `$.n is 3, want "3"`},
		{"json: { $.n: null }", `{"n":null}`, ""},
		{"json: { $.n: null }", `{"n":0}`, `$.n is 0, want null`},
		{"json: { $.n: true }", `{"n":[true]}`, `$.n has 1 item, want true`},
		{"json: { $.data: { min_items: 1 } }", `{"data":[],"total":0}`, `$.data has 0 items, want at least 1 item`},
		{"json: { $.data: { min_items: 1, max_items: 2 } }", `{"data":[1,2,3]}`, `$.data has 3 items, want at least 1, at most 2 items`},
		{"json: { $.data: { min_items: 1 } }", `{"data":"abc"}`, `$.data is "abc", want at least 1 item`},
		{"json: { '$.data[*].ok': true }", `{"data":[{"ok":true},{"ok":false}]}`, `$.data[*].ok is false, want true`},
		{"json: { '$.data[*].ok': true }", `{"data":[]}`, `$.data[*].ok leads to nothing; there is data`},
		{"json: { $.x: { exists: false }, $.a: 1 }", `{"a":1,"x":null}`, `$.x is there, want none`},
		{"json: { $.n: { type: integer } }", `{"n":1.5}`, `$.n is 1.5, want an integer`},
		{"json: { $.n: { min: 1, max: 3 } }", `{"n":2}`, ""},
		{"json: { $.n: { min: 1 } }", `{"n":"2"}`, `$.n is "2", want at least 1`},
		{"json: { $.n: { min_length: 2 } }", `{"n":"é"}`, `$.n is "é", want at least 2 characters`},
		{"json: { $.n: { match: '^v[0-9]' } }", `{"n":"v1"}`, ""},
		{"json: { $.n: { contains: error } }", `{"n":"fine"}`, `$.n is "fine", want it to contain "error"`},
		{"json: { $.n: { one_of: [ok, up] } }", `{"n":"down"}`, `$.n is "down", want one of "ok", "up"`},
		{"json: { $.n: { not: error } }", `{"n":"error"}`, `$.n is "error", want not "error"`},
		{"json: { $.n: 1 }", `{"n":1} {"n":2}`, "the body is not JSON: more follows after its end"},
		{"body: { contains: abc }", "xabcx", ""},
		{"body: { contains: abc }", "", "the body is empty, want \"abc\" in it"},
		{"body: { contains: abc, not_contains: x }", "xabcx", `the body holds "x", which must not be there`},
		{"body: { match: 'a+b' }", "xaab", ""},
		{"body: { match: 'a+b', not_match: 'x.*y' }", "aab x y", `the body matches "x.*y", which must not be there`},
		{"text: { number: { match: '([0-9.]+) in all', min: 1 } }", "<p>10<!-- --> in&nbsp;all</p>", ""},
		{"text: { number: { match: '([0-9.]+) in all', min: 1 } }", "<p>0<!-- --> in&nbsp;all</p>", "the text has 0, want at least 1"},
		{"text: { number: { match: '([0-9.]+) in all', min: 1 } }", "<p>none in all", `no number in the text: nothing matches "([0-9.]+) in all"`},
		{"text: { number: { match: '([0-9.]+) in all', min: 1 } }", "<p>5 in all</p><p>0 in all", "the text has 0, want at least 1"},
		{"text: { number: { match: '([0-9.,]+) €', min: 1000, decimal: ',' } }", "<p>1.234,50 €", ""},
		{"text: { number: { match: '([0-9.,]+) items', equals: 1234 } }", "<p>1,234 items", ""},
		{"text: { number: { match: '([0-9.,]+) items', min: 1 } }", "<p>1,23 items", `"1,23" is not a number`},
		{"text: { contains: 'Καλάθι αγορών' }", "<div>Καλα\u0301θι&nbsp;\n <b>αγορών</b></div>", ""},
		{"text: { contains: oil }", "<title>oil</title><meta content=oil><script>oil</script><!-- oil --><p>page", `the text does not hold "oil"`},
		{"text: { contains: oil }", `<div hidden id="S:1">olive oil</div>`, ""},
		{"html: { contains: 'data-grid=\"1\"' }", `<div data-grid="1">`, ""},
		{"response_headers: { X-A: 'one, two' }", "", ""},
		{"response_headers: { X-B: { exists: true } }", "", "the header X-B is missing"},
		{"response_headers: { X-A: { exists: false } }", "", `the header X-A is there: "one, two"`},
		{"response_headers: { X-A: { match: three } }", "", `the 2 headers X-A are "one, two", want one of them to match "three"`},
		{"size: { min: 3B, max: 5B }", "1234", ""},
		{"size: { min: 3B, max: 5B }", "12", "the body has 2 bytes, want 3 to 5 bytes"},
		{"content_type: 'text/*'", "", ""},
		{"content_type: [application/json, text/plain]", "", "got an HTML page where application/json or text/plain was due"},
	}
	for _, tt := range tests {
		c := read(t, "base: https://shop.test\ncheck: { it: { get: /, "+tt.check+" } }").checks[0]
		j := judgement{}
		c.assert(&j, at(tt.body), filled{})
		if j.reason != tt.reason {
			t.Errorf("%s on %s:\n got %q\nwant %q", tt.check, tt.body, j.reason, tt.reason)
		}
	}
}

// TestMutations shows that every assertion of a good answer can fail: each
// part of the answer, taken away, turns the verdict.
func TestMutations(t *testing.T) {
	c := read(t, `
base: https://shop.test
check:
  it:
    get: /
    content_type: text/html
    response_headers: { X-A: { contains: one } }
    html: { contains: 'id="grid"' }
    text: { contains: Shop, number: { match: '([0-9]+) goods', min: 1 }, not_contains: demo }
    size: { min: 50B }`).checks[0]
	const good = `<main id="grid"><h1>Shop</h1><p>12 goods</p><p>welcome, welcome</p></main>`
	judge := func(change func(*answer)) string {
		a := at(good)
		change(a)
		j := judgement{}
		c.assert(&j, a, filled{})
		return j.reason
	}
	if got := judge(func(*answer) {}); got != "" {
		t.Fatalf("the good answer: %s", got)
	}
	for name, change := range map[string]func(*answer){
		"type":     func(a *answer) { a.header.Set("Content-Type", "text/plain") },
		"header":   func(a *answer) { a.header.Del("X-A") },
		"grid":     func(a *answer) { a.body = []byte(strings.Replace(good, "grid", "list", 1)) },
		"word":     func(a *answer) { a.body = []byte(strings.Replace(good, "Shop", "Stop", 1)) },
		"number":   func(a *answer) { a.body = []byte(strings.Replace(good, "12", "0", 1)) },
		"negative": func(a *answer) { a.body = []byte(good + "demo") },
		"size":     func(a *answer) { a.body = []byte(`<i id="grid">Shop 12 goods`) },
	} {
		if judge(change) == "" {
			t.Errorf("%s: nothing failed", name)
		}
	}
}

func TestRendered(t *testing.T) {
	tests := map[string]string{
		"<p>a</p><p>b</p>":   "a b",
		"<b>1</b>0":          "10",
		"a<br/>b<br>c":       "a b c",
		"x &amp; y &eacute;": "x & y é",
		"<style>p{}</style><script>if(a<b)x</script>y":          "y",
		"<template><template>a</template>b</template>c":         "c",
		"<head><title>t</title></head><body>b":                  "b",
		"a\u00a0\u2003\n\tb":                                    "a b",
		"co\u00adop\u200b":                                      "coop",
		"<textarea>&lt;x&gt;</textarea>":                        "<x>",
		"<a href='x'>unclosed <i>tags":                          "unclosed tags",
		"":                                                      "",
		"<noscript>turn it on</noscript><div hidden>done</div>": "done",

		// "/>" closes nothing but what is SVG's or MathML's.
		`<script/>var a = "Oil"</script>a`:             "a",
		`<template/><p>Oil</template>a`:                "a",
		`<title/>Oil</title>a`:                         "a",
		`<svg><path/></svg><p/>a<br/>b<i/>`:            "a b",
		`<svg/><svg><style/><title/></svg>a<script/>b`: "a",
		`1<!-- -->2<!doctype html>3`:                   "123",
	}
	for page, wanted := range tests {
		if got := rendered([]byte(page)); got != wanted {
			t.Errorf("%s:\n got %q\nwant %q", page, got, wanted)
		}
	}
}

func TestExcerpts(t *testing.T) {
	long := strings.Repeat("α", 300)
	if got := excerptOf(long); len([]rune(got)) > excerptLength || !strings.HasSuffix(got, "…") {
		t.Errorf("got %d characters: %s", len([]rune(got)), got)
	}
	if got := around(long+"HERE"+long, len(long), len(long)+4); got != "…"+strings.Repeat("α", 40)+"HERE"+strings.Repeat("α", 40)+"…" {
		t.Errorf("got %q", got)
	}
	if got := excerptOf("a\x1b[31m\u202eb\r\nc"); got != "a[31mb c" {
		t.Errorf("got %q", got)
	}
}

func TestNumbers(t *testing.T) {
	for _, tt := range []struct{ s, decimal, want string }{
		{"10", ".", "10"},
		{"1.0", ".", "1"},
		{"1,234", ".", "1234"},
		{"1.234", ",", "1234"},
		{"1 234,5", ",", "1234.5"},
		{"-3", ".", "-3"},
		{"1,2", ".", "none"},
		{"Inf", ".", "none"},
		{"1e5", ".", "none"},
		{"", ".", "none"},
		{"1.2.3", ".", "none"},
		{"1_000", ".", "none"},
	} {
		got := "none"
		if f, ok := number(tt.s, tt.decimal); ok {
			got = plain(f)
		}
		if got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.s, got, tt.want)
		}
	}
}

func TestStatuses(t *testing.T) {
	for _, tt := range []struct {
		written string
		status  int
		fits    bool
	}{
		{"200", 200, true},
		{"200", 201, false},
		{"200-299", 204, true},
		{"200-299", 300, false},
		{`[200, "204"]`, 204, true},
		{"[200, 204]", 202, false},
		{"'200, 301-302'", 302, true},
		{"[200-201, 307 -> /x]", 201, true},
	} {
		s := read(t, "check: { a: { get: 'https://shop.test/', expect: "+tt.written+" } }").checks[0].expect
		a := at("")
		a.status = tt.status
		if (s.match(a) == nil) != tt.fits {
			t.Errorf("%v on %d: got %v", tt.written, tt.status, s.match(a))
		}
	}
}

func TestLocations(t *testing.T) {
	for _, tt := range []struct{ want, location, why string }{
		{"/auth/login", "/auth/login", ""},
		{"/auth/login", "https://shop.test/auth/login", ""},
		{"/auth/login", "https://SHOP.test:443/auth/login", ""},
		{"/auth/login", "auth/login", ""},
		{"/auth/login", "/auth/login?next=%2F", ""},
		{"/auth/login", "/auth/login#top", ""},
		{"/auth/login", "/auth/login/", "it leads elsewhere"},
		{"/auth/login", "/%61uth/x/../login", ""},
		{"/auth/login", "/auth%2Flogin", "it leads elsewhere"},
		{"/a%2Fb/c", "/a/b%2Fc", "it leads elsewhere"},
		{"/auth/login", "http:me:secret@shop.test/auth/login", "its Location is not an address"},
		{"/auth/login", "javascript:location='/auth/login'", "its Location is not an address"},
		{"/auth/login", "https:///auth/login", "its Location is not an address"},
		{"/auth/login", "//evil.test/auth/login", "it leads to another host, evil.test"},
		{"/auth/login", "https://shop.test:8443/auth/login", "it leads to another host, shop.test:8443"},
		{"/auth/login", "http://shop.test/auth/login", "it leads from https to http"},
		{"/a?x=1", "/a?x=1", ""},
		{"/a?x=1", "/a", `its query is "", want "x=1"`},
		{"https://id.test/login", "https://id.test/login", ""},
		{"https://id.test/login", "/login", "it leads to another host, shop.test"},
		{"https://shop.test", "/", ""},
	} {
		s, err := parseStatuses("307 -> " + tt.want)
		if err != nil {
			t.Fatal(err)
		}
		a := at("")
		a.status, a.location = 307, tt.location
		got, _ := strings.CutPrefix(fmt.Sprint(s.match(a)), fmt.Sprintf("got %s, want %s: ", a.got(), s))
		if got != tt.why && (tt.why != "" || got != "<nil>") {
			t.Errorf("%s for %s: got %q, want %q", tt.location, tt.want, got, tt.why)
		}
	}
}

func TestWalls(t *testing.T) {
	for _, tt := range []struct {
		status       int
		header, body string
		wall         string
	}{
		{403, "Cf-Mitigated: challenge", "", "Cloudflare"},
		{503, "Server: cloudflare", "<title>Just a moment...</title>", "Cloudflare"},
		{503, "Server: cloudflare", "upstream is down", ""},
		{403, "Server: cloudflare", "you may not", ""},
		{200, "Cf-Mitigated: challenge", "", ""},
		{429, "X-Vercel-Mitigated: challenge", "", "Vercel"},
		{403, "X-Amzn-Waf-Action: challenge", "", "AWS WAF"},
		{403, "Server: AkamaiGHost", "", "Akamai"},
		{403, "X-Datadome: protected", "", "DataDome"},
		{403, "X-A: b", "<script src='/_Incapsula_Resource'>", "Imperva"},
		{403, "Server: nginx", "forbidden", ""},
	} {
		a := at(tt.body)
		name, value, _ := strings.Cut(tt.header, ": ")
		a.status = tt.status
		a.header.Set(name, value)
		if got := botProtection(a); got != tt.wall {
			t.Errorf("%d %s %q: got %q, want %q", tt.status, tt.header, tt.body, got, tt.wall)
		}
	}
}
