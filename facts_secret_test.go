package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// secretAlphabets are what secrets are made of; each has its own way to be
// written otherwise than it is.
var secretAlphabets = map[string]string{
	"letters":  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
	"base64":   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=",
	"address":  "abcdef0123456789/?&=+%#:@.~_-",
	"quotes":   "abcdef0123456789\"\\/'<>&",
	"spaces":   "abcdef0123456789   ",
	"all":      ` !"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_` + "`" + `abcdefghijklmnopqrstuvwxyz{|}~`,
	"markdown": "abcdef0123456789*_[]()<>|`~!#-",
}

// randomSecret makes a secret whose every part of ten characters is its own.
func randomSecret(random *rand.Rand, alphabet string) string {
	var b strings.Builder
	b.WriteByte('s') // no spaces at its ends: no header could carry them
	for range 24 + random.IntN(24) {
		b.WriteByte(alphabet[random.IntN(len(alphabet))])
	}
	return b.String() + "t"
}

var hexDigits = regexp.MustCompile(`%[0-9A-F]{2}`)

// waysToWrite returns how a server may give a secret back.
func waysToWrite(secret string) []string {
	plainJSON := func(escapeHTML bool) string {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(escapeHTML)
		_ = e.Encode(secret)
		return strings.Trim(strings.TrimSpace(b.String()), `"`)
	}
	every := strings.Builder{}
	for _, c := range []byte(secret) {
		fmt.Fprintf(&every, "%%%02x", c)
	}
	ways := []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), hexDigits.ReplaceAllStringFunc(url.QueryEscape(secret), strings.ToLower), every.String(),
		plainJSON(true), plainJSON(false), strings.ReplaceAll(plainJSON(false), "/", `\/`),
		strings.NewReplacer(`\u003c`, `\u003C`, `\u003e`, `\u003E`, "/", `\/`).Replace(plainJSON(true)),
		html.EscapeString(secret), strings.Join(strings.Fields(secret), " "),
	}
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		for _, lead := range []string{"", "u:", "ab:"} {
			ways = append(ways, e.EncodeToString([]byte(lead+secret+":tail")))
		}
	}
	slices.Sort(ways)
	return slices.Compact(ways)
}

// parrot answers every path /WAY/KIND with one way of writing a secret, in the
// place that the kind names.
func parrot(ways []string, sent *atomic.Value) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var n int
		var kind string
		_, _ = fmt.Sscanf(strings.ReplaceAll(r.URL.Path, "/", " "), "%d %s", &n, &kind)
		way := ways[n]
		if key := r.Header.Get("X-Key"); key != "" {
			sent.Store(key)
		}
		h := w.Header()
		h.Set("Content-Type", "text/html")
		switch kind {
		case "echo":
			h.Set("X-Echo", way)
			say(w, "<p>hello</p>")
		case "login":
			h.Set("Location", "/"+url.PathEscape(way)+"?"+way)
			w.WriteHeader(http.StatusFound)
		case "away":
			h.Set("Location", "http://127.0.0.1:1/"+url.PathEscape(way)+"?key="+url.QueryEscape(way)+"#"+way)
			w.WriteHeader(http.StatusFound)
		case "user":
			h.Set("Location", "https://me:"+url.PathEscape(way)+"@shop.example/")
			w.WriteHeader(http.StatusFound)
		case "type":
			h.Set("Content-Type", "text/"+way)
		case "encoding":
			h.Set("Content-Encoding", way)
			say(w, "x")
		case "json", "lender":
			_ = json.NewEncoder(w).Encode(map[string]any{"a": way, way: "x"})
		case "garbage", "cut", "line":
			c, _, _ := w.(http.Hijacker).Hijack()
			say(c, map[string]string{
				"garbage": way, "cut": strings.Repeat("x", 160) + way, "line": "HTTP/1.1 200 OK\r\nno header " + way,
			}[kind]+"\r\n\r\n")
			c.Close()
		default:
			say(w, "<p>hello "+way+"</p>\n"+strings.Repeat("x", 170)+way)
		}
	}
}

// parroted are the facts asked of each way, N being its number.
const parroted = `
    htmlN: { get: /N/page, html: { contains: goodbye } }
    textN: { get: /N/page, text: { contains: hello, not_contains: hello } }
    echoN: { get: /N/echo, text: { contains: hello }, response_headers: { X-Echo: nothing } }
    cutN: { get: /N/page, body: { contains: hello, not_match: 'x{150}' } }
    typeN: { get: /N/type, content_type: application/json }
    encodingN: { get: /N/encoding }
    loginN: { get: /N/login, expect: 307 -> /auth }
    awayN: { get: /N/away, redirects: 2 }
    userN: { get: /N/user, expect: 302 -> /auth }
    jsonN: { get: /N/json, json: { $.a: other, $.b: 1 } }
    garbageN: { get: /N/garbage }
    garbagecutN: { get: /N/cut }
    lineN: { get: /N/line }
    lenderN: { get: /N/lender, json: { $.a: { exists: true } } }
    takerN: { get: '/N/taker/{{ lenderN $.a }}?q={{ lenderN $.a }}', text: { contains: '{{ lenderN $.a }}', match: never } }
`

// Whatever a production that was told a secret says, and wherever, the secret is
// in no report, no file and no line of progress, in no way of writing it.
func TestSecretIsNowhere(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	for _, name := range slices.Sorted(maps.Keys(secretAlphabets)) {
		secret := randomSecret(random, secretAlphabets[name])
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ways := waysToWrite(secret)
			var sent atomic.Value
			base := serve(t, parrot(ways, &sent))
			config := parrotConfig(base, len(ways))
			for _, args := range [][]string{
				{"--format", "text"},
				{"--format", "json"},
				{"--format", "junit"},
				{"--format", "markdown"},
				{"--format", "text", "--wait", "6s", "--until", `json0 $.a == "x"`, "--output", "report.txt"},
			} {
				last := filepath.Join(t.TempDir(), "last.md")
				got := askBoardgate(t, config, []string{"BOARDGATE_KEY=" + secret}, append(args, "--report", last)...)
				kept, err := os.ReadFile(last)
				if err != nil || got.status != 1 {
					t.Fatalf("%q: status %d, %v\n%.2000s%.2000s", args, got.status, err, got.stdout, got.stderr)
				}
				for where, said := range map[string]string{"standard output": got.stdout, "standard error": got.stderr, "--report": string(kept), "--output": got.output} {
					if shown := leaked(said, secret, ways); shown != "" {
						t.Errorf("%q, %s: %s", args, where, shown)
					}
				}
			}
			if sent.Load() != "key "+secret {
				t.Errorf("production was told %q", sent.Load())
			}
		})
	}
}

// parrotConfig is the facts about a parrot of so many ways, two of them with a secret.
func parrotConfig(base string, ways int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "prod-facts:\n  base: %s\n  allow_private: true\n  confirm: { off: true }\n  control: off\n  parallel: 16\n", base)
	b.WriteString("  defaults: { timeout: 5s, retry: { attempts: 1 } }\n  deadline: { schedule: 10m }\n  check:\n")
	for _, fact := range []string{"own: { get: /0/page", "ownlogin: { get: /0/login, redirects: 2", "ownjson: { get: /0/json, json: { $.a: x }"} {
		b.WriteString("    " + fact + ", headers: { X-Key: 'key {{ env BOARDGATE_KEY }}' } }\n")
	}
	for n := range ways {
		b.WriteString(strings.ReplaceAll(parroted, "N", fmt.Sprint(n)))
	}
	return b.String()
}

// leaked returns the way in which a secret, or a part of it, stands in a text as
// it is, or as a reader of JSON, XML or Markdown has it; empty for none.
func leaked(text, secret string, ways []string) string {
	views := []string{text, html.UnescapeString(text), strings.ReplaceAll(text, `\`, ""), strings.Join(jsonTexts(text), "\n")}
	for _, part := range partsOf(secret, ways) {
		for n, view := range views {
			if n == 2 {
				part = strings.ReplaceAll(part, `\`, "")
			}
			if at := strings.Index(view, part); at >= 0 && len(part) >= 8 {
				return fmt.Sprintf("%q in …%q", part, view[max(0, at-80):min(len(view), at+len(part)+20)])
			}
		}
	}
	return ""
}

// partsOf returns what must not be shown: every ten characters of a secret, and
// the middle of each way to write it.
func partsOf(secret string, ways []string) []string {
	var parts []string
	for i := range len(secret) - 9 {
		parts = append(parts, secret[i:i+10])
	}
	for _, way := range ways {
		parts = append(parts, way[len(way)/4:len(way)*3/4])
	}
	return parts
}

// jsonTexts returns every text in a document, none where it is not JSON.
func jsonTexts(document string) []string {
	var out []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case []any:
			for _, each := range v {
				walk(each)
			}
		case map[string]any:
			for key, each := range v {
				out = append(out, key)
				walk(each)
			}
		}
	}
	var v any
	if json.Unmarshal([]byte(document), &v) == nil {
		walk(v)
	}
	return out
}
