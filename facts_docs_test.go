package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/fake"
)

const factsPage = "docs/prod-facts.md"

// docPage is what a path of the page's examples answers where production is
// well, and where it is not.
type docPage struct{ well, ill docAnswer }

type docAnswer struct {
	status int
	header string // lines
	body   string
}

var docPages = map[string]docPage{
	"/prices": {docAnswer{200, "", "[]"}, docAnswer{503, "", ""}},
	"/jobs":   {docAnswer{204, "", ""}, docAnswer{404, "", ""}},
	"/stock":  {docAnswer{204, "", ""}, docAnswer{201, "", "{}"}},
	"/logo":   {docAnswer{200, "", ""}, docAnswer{404, "", ""}},
	"/feed":   {docAnswer{200, "Content-Type: application/json", "{}"}, docAnswer{200, "Content-Type: text/html", "<!doctype html><title>Parked</title>"}},
	"/home": {
		docAnswer{200, "X-Frame-Options: DENY\nStrict-Transport-Security: max-age=1\nServer: shop/2\nCache-Control: private, no-store", ""},
		docAnswer{200, "X-Frame-Options: SAMEORIGIN\nServer: nginx\nX-Powered-By: PHP\nCache-Control: public", ""},
	},
	"/item": {
		docAnswer{200, "", `{"id":7,"name":"Olive oil","price":9.8,"sku":"OO-12","state":"new","sizes":[{"litres":0.5},{"litres":1}]}`},
		docAnswer{200, "", `{"name":"demo","price":"0","sku":"none","state":"lost","sizes":[],"error":"no such item"}`},
	},
	"/shop": {
		docAnswer{200, "Content-Type: text/html", `<title>Shop</title><div data-testid="grid">Olive&nbsp;oil, 9.80 €</div><p>12<!-- --> products, 1.234,5 litres</p>`},
		docAnswer{200, "Content-Type: text/html", `<title>Olive oil</title><div class="skeleton"></div><p>0 products, 9.999 litres, DB offline, Error 7</p><script>$RX("B:1")</script>`},
	},
	"/robots":   {docAnswer{200, "Content-Type: text/plain", "Disallow: /cart"}, docAnswer{200, "Content-Type: text/plain", "x"}},
	"/script":   {docAnswer{200, "", strings.Repeat("x", 2000)}, docAnswer{200, "", "x"}},
	"/old-shop": {docAnswer{301, "Location: /shop", ""}, docAnswer{301, "Location: /lost", ""}},
	"/orders":   {docAnswer{200, "", ""}, docAnswer{401, "", ""}},
	"/moving":   {docAnswer{200, "", ""}, docAnswer{302, "Location: /", ""}},
	"/broken":   {docAnswer{500, "", ""}, docAnswer{500, "", ""}},
}

// docProduction serves the pages of the examples, and a shop for all else.
func docProduction(t *testing.T, ill bool) string {
	t.Helper()
	shop, err := fake.NewProduction()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shop.Close() })
	for _, fault := range []string{"healthz", "login", "products"} {
		if ill {
			if err := shop.Break(fault); err != nil {
				t.Fatal(err)
			}
		}
	}
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		page, ok := docPages[r.URL.Path]
		answer := page.well
		if ill {
			answer = page.ill
		}
		if !ok {
			shop.ServeHTTP(w, r)
			return
		}
		for line := range strings.Lines(answer.header) {
			name, value, _ := strings.Cut(line, ": ")
			w.Header().Set(name, strings.TrimSpace(value))
		}
		w.WriteHeader(answer.status)
		fmt.Fprint(w, answer.body)
	})
}

// docConfig makes a configuration of an example: a whole section, or some facts.
func docConfig(example, base string) string {
	manner := "  base: " + base + "\n  allow_private: true\n"
	if facts, whole := strings.CutPrefix(example, "prod-facts:\n  base: https://example.com\n"); whole {
		return "prod-facts:\n" + manner + facts
	}
	var b strings.Builder
	b.WriteString("prod-facts:\n" + manner + "  control: off\n  confirm: { off: true }\n  defaults: { retry: { attempts: 1 } }\n  check:\n")
	for line := range strings.Lines(example) {
		b.WriteString("    " + line)
	}
	return b.String()
}

// docReasons are what the facts that do not pass say, a line each.
func docReasons(t *testing.T, out string) string {
	t.Helper()
	var r struct {
		Facts []struct{ Name, Verdict, Reason string }
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var b strings.Builder
	for _, f := range r.Facts {
		if f.Reason != "" {
			fmt.Fprintf(&b, "%s: %s\n", f.Name, f.Reason)
		}
	}
	return b.String()
}

// Every example of docs/prod-facts.md passes where production is well, and says
// where it is not what the page says. With -update the page is written.
func TestFactsPage(t *testing.T) {
	data, err := os.ReadFile(factsPage)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	well, ill := docProduction(t, false), docProduction(t, true)
	env := []string{"BOARDGATE_TOKEN=a-secret-of-tests"}
	examples := 0
	block := regexp.MustCompile("(?s)```yaml\n(.*?)```\n(\n```text\n.*?```\n)?")
	got := block.ReplaceAllStringFunc(text, func(found string) string {
		examples++
		yaml := block.FindStringSubmatch(found)[1]
		if r := askBoardgate(t, docConfig(yaml, well), env, "--format", "json"); r.status != 0 {
			t.Errorf("status %d where production is well\n%s\n%s%s", r.status, yaml, docReasons(t, r.stdout), r.stderr)
		}
		if strings.HasPrefix(yaml, "prod-facts:") || strings.Contains(yaml, "slow:") {
			return found
		}
		r := askBoardgate(t, docConfig(yaml, ill), env, "--format", "json")
		if r.status != 1 {
			t.Errorf("status %d where production is not well\n%s\n%s", r.status, yaml, r.stderr)
		}
		return "```yaml\n" + yaml + "```\n\n```text\n" + docReasons(t, r.stdout) + "```\n"
	})
	if examples < 15 {
		t.Errorf("%d examples on the page", examples)
	}
	if *update {
		if err := os.WriteFile(factsPage, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(text, got); diff != "" {
		t.Errorf("the page says otherwise than the program; write it with go test . -run TestFactsPage -update (-page +program)\n%s", diff)
	}
}

// What the page's first command prints, it prints; how long requests took differs.
// What the drill prints stands in its story.
func TestFactsPageCommands(t *testing.T) {
	text := read(t, factsPage)
	_, console, _ := strings.Cut(text, "```console\n$ boardgate prod-facts\n")
	console, after, _ := strings.Cut(console, "```\n")
	_, config, _ := strings.Cut(after, "```yaml\n")
	config, _, _ = strings.Cut(config, "```\n")
	r := askBoardgate(t, docConfig(config, docProduction(t, false)), nil)
	if diff := cmp.Diff(timeless(r.stdout), timeless(console)); diff != "" || r.status != 0 {
		t.Errorf("status %d (-program +page):\n%s\n%s", r.status, diff, r.stdout)
	}
	_, drill, _ := strings.Cut(text, "\n## Drill\n")
	_, drill, _ = strings.Cut(drill, "```text\n")
	drill, _, _ = strings.Cut(drill, "```\n")
	if drill == "" || !strings.Contains(read(t, "testdata/script/prod-facts-drill.txtar"), drill) {
		t.Errorf("the drill does not print\n%s", drill)
	}
	if n := strings.Count(text, "```console\n"); n != 1 {
		t.Errorf("%d console blocks, of which this test runs one", n)
	}
}

// timeless is a report without how long anything took.
func timeless(report string) string {
	report = regexp.MustCompile(`(?m)\s+[0-9.]+(µs|ms|s)$`).ReplaceAllString(report, " TIME")
	return regexp.MustCompile(`(?m)^(  \S+) +[nctwr]+ TIME$`).ReplaceAllString(report, "$1 PHASES TIME")
}

// Every key that a fact can have stands on the page, in code or in an example.
func TestFactsPageNamesEveryKey(t *testing.T) {
	data, err := os.ReadFile(factsPage)
	if err != nil {
		t.Fatal(err)
	}
	for key := range strings.FieldsSeq("get head needs headers expect content_type response_headers json body html text size accept known " +
		"timeout slow redirects retry tls contains not_contains match not_match number equals min max decimal exists one_of not type " +
		"min_items max_items min_length max_length warn_days fail_days base check defaults deadline control confirm parallel ip proxy allow_private workflows file branch max_age") {
		if !regexp.MustCompile("[`{ ]" + key + "[`:]").Match(data) {
			t.Errorf("%s is not on the page", key)
		}
	}
}
