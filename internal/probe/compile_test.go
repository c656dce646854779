package probe

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/config"
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
	if !s.OnDone || s.Incident != (Incident{"prod-smoke", config.Share{Count: 2, Of: 2}, 2}) || len(s.Workflows) != 1 || s.Secrets()[0] != "BOARDGATE_TOKEN" {
		t.Errorf("got %+v, secrets %q", s, s.Secrets())
	}
}

// TestProblems holds what is wrong in a configuration against its place and sentence.
func TestProblems(t *testing.T) {
	const base = "base: https://shop.test\n"
	tests := []struct {
		config, at, message string
	}{
		{"bse: https://shop.test", "1:1 bse", `unknown key "bse" (did you mean "base"?); known here are base, block, check, workflows, maintenance, defaults, deadline, control, confirm, incident, parallel, ip, proxy, allow_private; a newer boardgate may know it`},
		{base + "check:\n  a: { get: /, expcet: 200 }", "3:16 expcet", `unknown key "expcet" (did you mean "expect"?); known here are get, head, post, send, needs, headers, expect, content_type, response_headers, json, body, html, text, size, accept, known, timeout, budget, slow, redirects, addresses, body_limit, retry, tls; a newer boardgate may know it`},
		{base + "check:\n  a: { get: / }\n  a: { get: / }", "4:3 a", `duplicate key "a"; it is already set at 4:5`},
		{base + "check: [a]", "2:8 [a]", `"prod-facts.check" is a list; expected a mapping`},
		{base + "check:\n  a/b: { get: / }", "3:3 a/b", `"a/b" is not a name under "prod-facts.check"; expected up to 64 of a-z, A-Z, 0-9, - and _, and not env`},
		{base + "defaults: { timeout: 10 }", "2:22 10", `"prod-facts.defaults.timeout" is "10"; expected a length of time with its unit, from 10ms to 5m`},
		{base + "defaults: { timeout: '10' }", "2:22 '10'", `"prod-facts.defaults.timeout" is the text "10"; expected a length of time with its unit, from 10ms to 5m`},
		{base + "defaults: { timeout: 0s }\ncheck:\n  a: { get: / }", "2:22 0s", `"prod-facts.defaults.timeout" is "0s"; expected a length of time with its unit, from 10ms to 5m`},
		{base + "check:\n  a: { get: /, body_limit: 2 }", "3:28 2", `"prod-facts.check.a.body_limit" is "2"; expected a number of bytes with its unit, from 1B to 64MiB`},
		{base + "check:\n  a: { get: /, body_limit: 9GB }", "3:28 9GB", `"prod-facts.check.a.body_limit" is "9GB"; expected a number of bytes with its unit, from 1B to 64MiB`},
		{base + "check:\n  a: { get: /, expect: 700 }", "3:24 700", `"700" is not a status: want 100 to 599, a range such as 200-299, or 307 -> /login`},
		{base + "check:\n  a: { get: /, expect: 299-200 }", "3:24 299-200", `"299-200" is not a status: want 100 to 599, a range such as 200-299, or 307 -> /login`},
		{base + "check:\n  a: { get: /, expect: [] }", "3:24 []", `"prod-facts.check.a.expect" is an empty list; expected a status such as 200, 200-299 or 307 -> /login, or a list of these`},
		{base + "check:\n  a: { get: /, expect: 200 -> /b }", "3:24 200 -> /b", `200 leads nowhere: only 300 to 399 have a place after "->"`},
		{base + "check:\n  a: { get: /, expect: 307 -> b }", "3:24 307 -> b", `"b" is not a place to lead to: want /path or https://host/path`},
		{base + "check:\n  a: { get: /, body: { contains: '' } }", "3:34 ''", "an empty text always matches"},
		{base + "check:\n  a: { get: /, text: { contains: [x, ' '] } }", "3:38 ' '", "an empty text always matches"},
		{base + "check:\n  a: { get: /, body: { match: '(' } }", "3:31 '('", "\"(\" is not a pattern: missing closing ): `(`"},
		{base + "check:\n  a: { get: /, body: { match: 'x*' } }", "3:31 'x*'", `"x*" matches an empty text, and so everywhere`},
		{base + "check:\n  a: { get: /, text: { number: { match: '[0-9]+ x', min: 1 } } }", "3:41 '[0-9]+ x'", `"[0-9]+ x" has 0 groups, want one`},
		{base + "check:\n  a: { get: /, text: { number: { match: '([0-9]+) x' } } }", "3:24 number", "number has neither min, max nor equals"},
		{base + "check:\n  a: { get: /, text: { number: { match: '([0-9]+) x', min: 5, max: 1 } } }", "3:24 number", "min 5 is more than max 1: nothing fits"},
		{base + "check:\n  a: { get: /, html: { not_contains: oops } }", "3:3 a", `"a" only tells what must not be there: it would pass on an empty page`},
		{base + "check:\n  a: { get: /, json: { $.error: { exists: false } } }", "3:3 a", `"a" only tells what must not be there: it would pass on an empty page`},
		{base + "check:\n  a: { get: /, json: { '$.a[': 1 } }", "3:32 1", `"$.a[" is not a JSONPath (RFC 9535): unexpected eof at position 5`},
		{base + "check:\n  a: { get: /, json: { $.a: { minimum: 1 } } }", "3:31 minimum", `unknown key "minimum"; known here are exists, equals, not, type, contains, match, one_of, min, max, min_items, max_items, min_length, max_length; a newer boardgate may know it`},
		{base + "check:\n  a: { get: /, json: { $.a: [1] } }", "3:29 [1]", `"prod-facts.check.a.json.$.a" is a list; expected a value or a mapping`},
		{base + "check:\n  a: { get: /, json: { $.a: { type: text } } }", "3:37 text", `"prod-facts.check.a.json.$.a.type" is "text"; expected string, number, integer, boolean, null, array or object`},
		{base + "check:\n  a: { head: /, text: { contains: x } }", "3:14 /", `head asks for no body, and "text with \"x\"" is expected of it`},
		{base + "check:\n  a: { expect: 200 }", "3:3 a", "want one of get, head and post"},
		{base + "check:\n  a: { get: products }", "3:13 products", `"products" is neither a path, /like/this, nor a whole address`},
		{base + "check:\n  a: { get: //evil.test/ }", "3:13 //evil.test/", `"//evil.test/" is neither a path, /like/this, nor a whole address`},
		{base + "check:\n  a: { get: 'https://user:pass@shop.test/' }", "3:13 'https://user:pass@shop.test/'", "the address holds credentials"},
		{"base: https://me:pw@shop.test", "1:7 https://me:pw@shop.test", "the address holds credentials"},
		{"base: shop.test", "1:7 shop.test", `"shop.test" is not an https address`},
		{"base: https://shop.test/api", "1:7 https://shop.test/api", `base "https://shop.test/api" goes beyond the host`},
		{"check:\n  a: { get: / }", "0:-1 prod-facts", "base is missing: a fact's path needs a host"},
		{"base: http://localhost:3000", "1:7 http://localhost:3000", `"localhost" is this host itself`},
		{"base: http://10.0.0.1", "1:7 http://10.0.0.1", `"10.0.0.1" is a private address`},
		{"base: http://2130706433", "1:7 http://2130706433", `"2130706433" is a number in place of a host; write an address as four decimal parts`},
		{"base: http://0177.0.0.1\nallow_private: true", "1:7 http://0177.0.0.1", `"0177.0.0.1" is a number in place of a host; write an address as four decimal parts`},
		{base + "check:\n  a: { get: / }\n  b: { get: '/{{ c $.id }}' }", "4:3 b", `"b" needs "c", which is not a fact`},
		{base + "check:\n  a: { get: /, needs: [b] }\n  b: { get: /, needs: a }", "3:24 b", "facts need each other in a circle: a needs b needs a"},
		{base + "check:\n  a: { get: '/{{ a $.id }}' }", "3:3 a", "facts need each other in a circle: a needs a"},
		{base + "check:\n  a: { get: '/{{ b' }", "3:13 '/{{ b'", `"{{" has no "}}"`},
		{base + "check:\n  a: { get: / }\n  b: { get: 'https://{{ a $.host }}/' }", "4:13 'https://{{ a $.host }}/'", "a captured value cannot be part of the host"},
		{base + "check:\n  a: { get: / }\n  b: { get: 'https://shop.test{{ a $.host }}/' }", "4:13 'https://shop.test{{ a $.host }}/'", "a captured value cannot be part of the host"},
		{base + "check:\n  a: { get: '/?key={{ env BOARDGATE_KEY }}' }", "3:13 '/?key={{ env BOARDGATE_KEY }}'", "a secret cannot be part of an address, which is shown and logged"},
		{base + "check:\n  a: { get: /, headers: { X-Key: '{{ env GITHUB_TOKEN }}' } }", "3:34 '{{ env GITHUB_TOKEN }}'", `"GITHUB_TOKEN" is not a secret a fact may use: only BOARDGATE_… are`},
		{base + "check:\n  a: { get: 'https://other.test/', headers: { X-Key: '{{ env BOARDGATE_KEY }}' } }", "3:54 '{{ env BOARDGATE_KEY }}'", "a secret goes to the base host only, not to other.test"},
		{"base: http://shop.test\ncheck:\n  a: { get: /, headers: { X-Key: '{{ env BOARDGATE_KEY }}' } }", "3:34 '{{ env BOARDGATE_KEY }}'", "a secret goes over https only"},
		{base + "check:\n  a: { get: /, headers: { Host: evil.test } }", "3:33 evil.test", "the header Host cannot be set"},
		{base + "check:\n  a: { get: /, tls: { verify: false } }", "3:31 false", "certificates are always verified"},
		{base + "check:\n  a: { get: /, tls: { min: 1.1 } }", "3:28 1.1", `"prod-facts.check.a.tls.min" is "1.1"; expected 1.2 or 1.3`},
		{base + "check:\n  a: { get: /, redirects: 50 }", "3:27 50", `"prod-facts.check.a.redirects" is "50"; expected none or a number up to 10`},
		{base + "check:\n  a: { get: /, accept: { status: 307, until: soon, reason: moving } }", "3:46 soon", `"prod-facts.check.a.accept.until" is "soon"; expected a day such as 2026-03-01`},
		{base + "check:\n  a: { get: /, known: { until: 2026-03-01 } }", "3:16 known", "a reason is missing"},
		{base + "check:\n  a: { get: /, known: { reason: flaky } }", "3:16 known", "the day it ends is missing"},
		{base + "check:\n  a: { get: /, budget: 20s }", "3:24 20s", "3 attempts of 10s with pauses need 33s, more than the budget of 20s"},
		{base + "deadline: { schedule: 60s }\ncheck:\n  a: { get: / }", "2:23 60s", "every attempt, the pauses and the confirming pass can take 1m31s, longer than the deadline of 1m0s"},
		{base + "deadline: { pull_request: 10s }\ncheck:\n  a: { get: / }", "2:27 10s", "the longest chain of facts checked once, and the control, can take 15s, longer than the deadline of 10s"},
		{base + "block: on-done\ndeadline: { pull_request: 40s }\ncheck:\n  a: { get: / }", "3:27 40s", "with block: on-done the longest chain of facts checked once, the pause of confirm, the same once more, and the control, can take 45s, longer than the deadline of 40s"},
		{base + "block: on-done\nconfirm: { off: true }\ncheck:\n  a: { get: / }", "2:8 on-done", "on-done blocks what failed in two passes, and confirm is off"},
		{base + "block: always", "2:8 always", `"prod-facts.block" is "always"; expected never or on-done`},
		{base + "workflows:\n  ci: { file: .github/workflows/ci.yml }", "3:15 .github/workflows/ci.yml", `".github/workflows/ci.yml" is not a file under .github/workflows`},
		{base + "workflows:\n  ci: { max_age: 26h }", "3:3 ci", `"" is not a file under .github/workflows`},
		{base + "workflows:\n  ci: { file: ci.yml, max_age: 10s }", "3:32 10s", `"prod-facts.workflows.ci.max_age" is "10s"; expected a length of time with its unit, from 1m to 8784h`},
		{base + "workflows:\n  a b: { file: ci.yml }", "3:3 a b", `"a b" is not a name under "prod-facts.workflows"; expected up to 64 of a-z, A-Z, 0-9, - and _`},
		{base + "check: { ci: { get: / } }\nworkflows:\n  ci: { file: ci.yml }", "4:3 ci", `a fact and a workflow are both named "ci"`},
		{base + "incident: { open_after: 0 }", "2:25 0", `"prod-facts.incident.open_after" is "0"; expected a whole number from 1 to 20, or N of M such as 2 of 3`},
	}
	for _, tt := range tests {
		t.Run(tt.message, func(t *testing.T) {
			spec, found := facts(t, tt.config)
			_, more := Compile(spec)
			found = append(found, more...)
			for _, f := range found {
				if from := f.Span.From(); fmt.Sprintf("%d:%d %s", from.Line-1, from.Column-2, f.Span.Text()) == tt.at && f.Message == tt.message {
					return
				}
			}
			t.Errorf("%s\n got %+v\nwant %s: %s", tt.config, found, tt.at, tt.message)
		})
	}
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
		spec, _ := facts(t, five[:cut])
		Compile(spec)
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
