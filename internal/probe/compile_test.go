package probe

import (
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"
)

// five is the whole shape of a configuration, every key used once.
const five = `
base: https://shop.test
block: on-done
ip: 4
parallel: 6
proxy: none
control: https://control.test/
confirm: { after: 20s }
deadline: { pull_request: 80s, schedule: 180s, wait: 5m }
incident: { key: prod-smoke, open_after: 2, close_after: 2 }
defaults:
  redirects: none
  timeout: 10s
  retry: { attempts: 3, backoff: 1s, max: 8s, jitter: full }
  body_limit: 2MiB
  tls: { verify: true, min: "1.2", warn_days: 21, fail_days: 7 }
check:
  healthz:
    get: /api/healthz
    expect: 200
    content_type: application/json
    json: { $.status: ok, $.database: connected }
  products_api:
    get: /api/products?per_page=3
    content_type: [application/json, application/vnd.shop+json]
    response_headers: { Cache-Control: { contains: no-store }, X-Powered-By: { exists: false } }
    json:
      $.data: { min_items: 1 }
      $.data[0].id: { exists: true }
      $.data[0].name: { type: string, min_length: 1 }
  products:
    get: /products
    slow: 2.5s
    size: { min: 1kB, max: 1MiB }
    html:
      contains: ['data-testid="products-grid"']
      not_contains: ['$RX("']
    text:
      not_contains: ["demo mode"]
      number: { match: '([0-9.]+) products', min: 1 }
  product:
    needs: products_api
    get: /products/{{ products_api $.data[0].id }}
    html: { not_contains: ['$RX("'] }
    text: { contains: ["{{ products_api $.data[0].name }}"] }
  login:
    get: /login
    expect: 307 -> /auth/login
    accept: { status: 200, until: 2026-03-01, reason: the gate moves }
    known: { until: 2026-03-01, reason: the gate is being rebuilt }
    headers: { Authorization: "Bearer {{ env BOARDGATE_TOKEN }}" }
workflows:
  smoke-production: { file: smoke-production.yml, max_age: 26h }
`

func TestCompileTakesTheWholeShape(t *testing.T) {
	s := read(t, five)
	var said []string
	for _, p := range s.Probes() {
		said = append(said, p.Name+" "+p.URL+" "+p.Want)
	}
	got := strings.Join(said, "\n")
	wanted := `healthz https://shop.test/api/healthz 200
products_api https://shop.test/api/products?per_page=3 200
products https://shop.test/products 200
product https://shop.test/products/{{ products_api $.data[0].id }} 200
login https://shop.test/login 307 -> /auth/login`
	if got != wanted {
		t.Errorf("got\n%s\nwant\n%s", got, wanted)
	}
	if !s.OnDone || s.Incident != (Incident{"prod-smoke", 2, 2}) || len(s.Workflows) != 1 || s.Secrets()[0] != "BOARDGATE_TOKEN" {
		t.Errorf("got %+v, secrets %q", s, s.Secrets())
	}
}

// TestProblems holds what is wrong in a configuration against its place and sentence.
func TestProblems(t *testing.T) {
	const base = "base: https://shop.test\n"
	tests := []struct {
		config, path, message string
	}{
		{"bse: https://shop.test", "$.bse", `unknown key "bse"`},
		{base + "check:\n  a: { get: /, expcet: 200 }", "$.check.a.expcet", `unknown key "expcet"`},
		{base + "check:\n  a: { get: / }\n  a: { get: / }", "$.check.a", `"a" is given twice`},
		{base + "check: [a]", "$.check", "want a mapping, got a list"},
		{base + "check:\n  a/b: { get: / }", "$.check.a/b", `"a/b" is not a name for a fact: want up to 64 of a-z, A-Z, 0-9, - and _, and not env`},
		{base + "defaults: { timeout: 10 }", "$.defaults.timeout", "10 has no unit; write it like 10s"},
		{base + "defaults: { timeout: '10' }", "$.defaults.timeout", `"10" is not a length of time with its unit`},
		{base + "defaults: { timeout: 0s }\ncheck:\n  a: { get: / }", "$.defaults.timeout", "0s is not between 10ms and 5m0s"},
		{base + "check:\n  a: { get: /, body_limit: 2 }", "$.check.a.body_limit", "2 has no unit; write it like 2MiB"},
		{base + "check:\n  a: { get: /, body_limit: 9GB }", "$.check.a.body_limit", `"9GB" is not a number of bytes with its unit`},
		{base + "check:\n  a: { get: /, expect: 700 }", "$.check.a.expect", `"700" is not a status: want 100 to 599, a range such as 200-299, or 307 -> /login`},
		{base + "check:\n  a: { get: /, expect: 299-200 }", "$.check.a.expect", `"299-200" is not a status: want 100 to 599, a range such as 200-299, or 307 -> /login`},
		{base + "check:\n  a: { get: /, expect: [] }", "$.check.a.expect", "no status is expected: the list is empty"},
		{base + "check:\n  a: { get: /, expect: 200 -> /b }", "$.check.a.expect", `200 leads nowhere: only 300 to 399 have a place after "->"`},
		{base + "check:\n  a: { get: /, expect: 307 -> b }", "$.check.a.expect", `"b" is not a place to lead to: want /path or https://host/path`},
		{base + "check:\n  a: { get: /, body: { contains: '' } }", "$.check.a.body.contains[0]", "an empty text always matches"},
		{base + "check:\n  a: { get: /, text: { contains: [x, ' '] } }", "$.check.a.text.contains[1]", "an empty text always matches"},
		{base + "check:\n  a: { get: /, body: { match: '(' } }", "$.check.a.body.match[0]", "\"(\" is not a pattern: missing closing ): `(`"},
		{base + "check:\n  a: { get: /, body: { match: 'x*' } }", "$.check.a.body.match[0]", `"x*" matches an empty text, and so everywhere`},
		{base + "check:\n  a: { get: /, text: { number: { match: '[0-9]+ x', min: 1 } } }", "$.check.a.text.number.match", `"[0-9]+ x" has 0 groups, want one`},
		{base + "check:\n  a: { get: /, text: { number: { match: '([0-9]+) x' } } }", "$.check.a.text.number", "number has neither min, max nor equals"},
		{base + "check:\n  a: { get: /, text: { number: { match: '([0-9]+) x', min: 5, max: 1 } } }", "$.check.a.text.number", "min 5 is more than max 1: nothing fits"},
		{base + "check:\n  a: { get: /, html: { not_contains: oops } }", "$.check.a", `"a" only tells what must not be there: it would pass on an empty page`},
		{base + "check:\n  a: { get: /, json: { $.error: { exists: false } } }", "$.check.a", `"a" only tells what must not be there: it would pass on an empty page`},
		{base + "check:\n  a: { get: /, json: { '$.a[': 1 } }", "$.check.a.json.'$.a['", `"$.a[" is not a JSONPath (RFC 9535): unexpected eof at position 5`},
		{base + "check:\n  a: { get: /, json: { $.a: { minimum: 1 } } }", "$.check.a.json.'$.a'.minimum", `unknown key "minimum"`},
		{base + "check:\n  a: { get: /, json: { $.a: [1] } }", "$.check.a.json.'$.a'", "want a value or a mapping, got a list"},
		{base + "check:\n  a: { get: /, json: { $.a: { type: text } } }", "$.check.a.json.'$.a'.type", `"text" is not one of string, number, integer, boolean, null, array, object`},
		{base + "check:\n  a: { head: /, text: { contains: x } }", "$.check.a.head", `head asks for no body, and "text with \"x\"" is expected of it`},
		{base + "check:\n  a: { expect: 200 }", "$.check.a", "want either get or head"},
		{base + "check:\n  a: { get: products }", "$.check.a.get", `"products" is neither a path, /like/this, nor a whole address`},
		{base + "check:\n  a: { get: //evil.test/ }", "$.check.a.get", `"//evil.test/" is neither a path, /like/this, nor a whole address`},
		{base + "check:\n  a: { get: 'https://user:pass@shop.test/' }", "$.check.a.get", "the address holds credentials"},
		{"base: https://me:pw@shop.test", "$.base", "the address holds credentials"},
		{"base: shop.test", "$.base", `"shop.test" is not an https address`},
		{"base: https://shop.test/api", "$.base", `base "https://shop.test/api" goes beyond the host`},
		{"check:\n  a: { get: / }", "$.base", "base is missing: a fact's path needs a host"},
		{"base: http://localhost:3000", "$.base", `"localhost" is this host itself`},
		{"base: http://10.0.0.1", "$.base", `"10.0.0.1" is a private address`},
		{"base: http://2130706433", "$.base", `"2130706433" is a number in place of a host; write an address as four decimal parts`},
		{"base: http://0177.0.0.1\nallow_private: true", "$.base", `"0177.0.0.1" is a number in place of a host; write an address as four decimal parts`},
		{base + "check:\n  a: { get: / }\n  b: { get: '/{{ c $.id }}' }", "$.check.b", `"b" needs "c", which is not a fact`},
		{base + "check:\n  a: { get: /, needs: [b] }\n  b: { get: /, needs: a }", "$.check.a.needs", "facts need each other in a circle: a needs b needs a"},
		{base + "check:\n  a: { get: '/{{ a $.id }}' }", "$.check.a.needs", "facts need each other in a circle: a needs a"},
		{base + "check:\n  a: { get: '/{{ b' }", "$.check.a.get", `"{{" has no "}}"`},
		{base + "check:\n  a: { get: / }\n  b: { get: 'https://{{ a $.host }}/' }", "$.check.b.get", "a captured value cannot be part of the host"},
		{base + "check:\n  a: { get: / }\n  b: { get: 'https://shop.test{{ a $.host }}/' }", "$.check.b.get", "a captured value cannot be part of the host"},
		{base + "check:\n  a: { get: '/?key={{ env BOARDGATE_KEY }}' }", "$.check.a.get", "a secret cannot be part of an address, which is shown and logged"},
		{base + "check:\n  a: { get: /, headers: { X-Key: '{{ env GITHUB_TOKEN }}' } }", "$.check.a.headers.X-Key", `"GITHUB_TOKEN" is not a secret a fact may use: only BOARDGATE_… are`},
		{base + "check:\n  a: { get: 'https://other.test/', headers: { X-Key: '{{ env BOARDGATE_KEY }}' } }", "$.check.a.headers.X-Key", "a secret goes to the base host only, not to other.test"},
		{"base: http://shop.test\ncheck:\n  a: { get: /, headers: { X-Key: '{{ env BOARDGATE_KEY }}' } }", "$.check.a.headers.X-Key", "a secret goes over https only"},
		{base + "check:\n  a: { get: /, headers: { Host: evil.test } }", "$.check.a.headers.Host", "the header Host cannot be set"},
		{base + "check:\n  a: { get: /, tls: { verify: false } }", "$.check.a.tls.verify", "certificates are always verified"},
		{base + "check:\n  a: { get: /, tls: { min: 1.1 } }", "$.check.a.tls.min", `"1.1" is not one of 1.2, 1.3`},
		{base + "check:\n  a: { get: /, redirects: 50 }", "$.check.a.redirects", "50 is neither none nor a number up to 10"},
		{base + "check:\n  a: { get: /, accept: { status: 307, until: soon, reason: moving } }", "$.check.a.accept.until", `"soon" is not a day such as 2026-03-01`},
		{base + "check:\n  a: { get: /, known: { until: 2026-03-01 } }", "$.check.a.known", "a reason is missing"},
		{base + "check:\n  a: { get: /, known: { reason: flaky } }", "$.check.a.known", "the day it ends is missing"},
		{base + "check:\n  a: { get: /, budget: 20s }", "$.check.a.budget", "3 attempts of 10s with pauses need 33s, more than the budget of 20s"},
		{base + "deadline: { schedule: 60s }\ncheck:\n  a: { get: / }", "$.deadline.schedule", "every attempt, the pauses and the confirming pass can take 1m31s, longer than the deadline of 1m0s"},
		{base + "deadline: { pull_request: 10s }\ncheck:\n  a: { get: / }", "$.deadline.pull_request", "the longest chain of facts checked once, and the control, can take 15s, longer than the deadline of 10s"},
		{base + "block: on-done\ndeadline: { pull_request: 40s }\ncheck:\n  a: { get: / }", "$.deadline.pull_request", "with block: on-done the longest chain of facts checked once, the pause of confirm, the same once more, and the control, can take 45s, longer than the deadline of 40s"},
		{base + "block: on-done\nconfirm: { off: true }\ncheck:\n  a: { get: / }", "$.block", "on-done blocks what failed in two passes, and confirm is off"},
		{base + "block: always", "$.block", `"always" is not one of never, on-done`},
		{base + "workflows:\n  ci: { file: .github/workflows/ci.yml }", "$.workflows.ci.file", `".github/workflows/ci.yml" is not a file under .github/workflows`},
		{base + "workflows:\n  ci: { max_age: 26h }", "$.workflows.ci.file", `"" is not a file under .github/workflows`},
		{base + "workflows:\n  ci: { file: ci.yml, max_age: 10s }", "$.workflows.ci.max_age", `10s is not between 1m0s and 8784h0m0s`},
		{base + "workflows:\n  a b: { file: ci.yml }", "$.workflows.a b", `"a b" is not a name for a workflow: want up to 64 of a-z, A-Z, 0-9, - and _`},
		{base + "check: { ci: { get: / } }\nworkflows:\n  ci: { file: ci.yml }", "$.workflows.ci", `a fact and a workflow are both named "ci"`},
		{base + "incident: { open_after: 0 }", "$.incident.open_after", "0 is not between 1 and 20"},
	}
	for _, tt := range tests {
		t.Run(tt.message, func(t *testing.T) {
			spec, problems := Read(mapping(t, tt.config))
			_, more := spec.Compile()
			problems = append(problems, more...)
			for _, p := range problems {
				if p.Path == tt.path && p.Message == tt.message {
					leadsSomewhere(t, tt.config, p.Path)
					return
				}
			}
			t.Errorf("%s\n got %+v\nwant %s: %s", tt.config, problems, tt.path, tt.message)
		})
	}
}

// leadsSomewhere shows that a problem's path finds its place in the file. A
// place that is about something missing, or a word standing for a list of
// one, is found one step up.
func leadsSomewhere(t *testing.T, config, path string) {
	t.Helper()
	file, err := parser.ParseBytes([]byte(config), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, strings.TrimSuffix(path, "[0]"), "$"} {
		at, err := yaml.PathString(p)
		if err != nil {
			t.Fatalf("%s: %v", p, err)
		}
		if node, err := at.FilterFile(file); err == nil && node != nil {
			return
		}
	}
	t.Errorf("%s leads nowhere in\n%s", path, config)
}

func TestBase(t *testing.T) {
	for config, want := range map[string]string{
		"base: https://shop.test": "https://shop.test", "workflows: { ci: { file: ci.yml } }": "", "check: { a: { get: 'https://shop.test/' } }": "",
	} {
		if got := read(t, config).Base(); got != want {
			t.Errorf("%s: %q, want %q", config, got, want)
		}
	}
}

func TestCompileNeverPanics(t *testing.T) {
	for cut := range len(five) {
		var data yaml.MapSlice
		if yaml.NewDecoder(strings.NewReader(five[:cut]), yaml.UseOrderedMap()).Decode(&data) != nil {
			continue
		}
		m, _ := Read(mapping(t, five[:cut]))
		m.Compile()
	}
}

// A change can be held up only where the time suffices to ask twice.
func TestTimeToConfirmOnAPullRequest(t *testing.T) {
	const facts = "base: https://shop.test\ncheck: { a: { get: / } }\n"
	if got := read(t, facts).PullRequest; got != 30*time.Second {
		t.Errorf("shown only: %s", got)
	}
	if got := read(t, facts+"block: on-done").PullRequest; got != 91*time.Second {
		t.Errorf("with block: on-done: %s", got)
	}
}
