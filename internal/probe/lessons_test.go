package probe

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/fact"
)

// lesson is something that went wrong with a script which this engine
// replaces, and what shows that it cannot any more.
type lesson struct {
	name  string
	wrong string
	shown func(*testing.T) // nil where another test shows it
	by    string           // that test, or the room whose affair it is
}

// answered asks one fact of a server that says one thing, and holds the
// verdict and a part of the reason against what is wanted.
func answered(status int, contentType, body, check string, outcome fact.Outcome, reason string) func(*testing.T) {
	return func(t *testing.T) {
		w, _ := testWorld()
		base := site(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		})
		r := result(t, ask(t, w, faultConfig(t, base, check)), "it")
		if r.Outcome != outcome || !strings.Contains(r.Reason, reason) {
			t.Errorf("got %s %q, want %s %q", r.Outcome, r.Reason, outcome, reason)
		}
	}
}

// refused compiles a configuration that must be refused with a sentence.
func refused(config, message string) func(*testing.T) {
	return func(t *testing.T) {
		spec, problems := Read(mapping(t, config))
		_, more := spec.Compile()
		if said := fmt.Sprint(append(problems, more...)); !strings.Contains(said, message) {
			t.Errorf("got %s, want %q", said, message)
		}
	}
}

const (
	page = "text/html; charset=utf-8"
	data = "application/json"
	// count is the fact about a page's number of goods.
	count = "{ get: /, text: { number: { match: '([0-9.]+) συνολικά', min: 1 } } }"
	// goods is the fact about a page of one product.
	goods = `{ get: /, html: { not_contains: ['$RX("'] }, text: { contains: Olive oil } }`
)

var lessons = []lesson{
	{"L1", "a text was absent where a number was meant: 0 in 10", answered(200, page, "<p>10 συνολικά</p>", count, fact.Pass, ""), ""},
	{"L1 zero", "and where it is zero", answered(200, page, "<p>0<!-- --> συνολικά</p>", count, fact.Fail, "the text has 0, want at least 1"), ""},
	{"L2", "redirects were followed: a 307 passed for a 200", nil, "TestFaults/307 with a live target"},
	{"L3", "a status changed with the code, and the check changed days later", nil, "TestTransitions"},
	{"L4", "no timeout: a check hung for minutes", nil, "TestFaults/drips the body, TestProblems/0s is not between 10ms and 5m0s"},
	{"L5", "timeouts and retries added up to more than the job had", refused("base: https://shop.test\ndeadline: { schedule: 60s }\ncheck: { a: { get: /, timeout: 30s } }", "longer than the deadline"), ""},
	{"L6", "longer and longer timeouts in place of retries that are seen", nil, "TestRetries/500, 500, 200"},
	{"L7", "retries within a minute do not outlast a blip of two", nil, "TestConfirm, TestControl"},
	{"L8", "a restart blocked an unrelated change", nil, "TestConfirm/down: only a confirmed fail may block; the rest is of the command and its check run"},
	{"L9", "every failure opened an issue", nil, "the incident's stories"},
	{"L10", "de-dup by label alone", nil, "the incident's stories"},
	{"L11", "the token might not open an issue", nil, "the incident's stories"},
	{"L12", "a drill of the alert", nil, "TestDrill, the story prod-facts-drill, the incident's stories"},
	{"L13", "bodies in the outputs of a step", nil, "TestExcerpts: what is shown of a body is one line of 200 characters"},
	{"L14", "scripts embedded in workflow files", nil, "doctor; out of reach here: there is no script"},
	{"L15", "the alert listened to a workflow by its old name", nil, "out of reach: the alert is of the same process"},
	{"L16", "a report that changed with every run", func(t *testing.T) {
		base := saying(t, "text/plain", "x")
		w, _ := testWorld()
		config := "base: " + base + plainly + "check: { b: { get: /b }, a: { get: /a } }"
		for range 5 {
			if got := ask(t, w, config).Line(); got != "b=200 a=200" {
				t.Errorf("got %q", got)
			}
		}
	}, ""},
	{"L17", "no report on failure", func(t *testing.T) {
		w, _ := testWorld()
		p := ask(t, w, faultConfig(t, nobody(t), "get: /"))
		if p.Line() != "it=unreachable" || len(p.Results) != 1 {
			t.Errorf("got %q", p.Line())
		}
	}, ""},
	{"L18", "the exit status of tee was taken for the verdict", nil, "TestOutcomeOfARun: the verdict is a value, not a line of a log"},
	{"L19", "the check did not fit the body from its first day", answered(200, data, `{"status":"ok"}`, "{ get: /, json: { $.stat: ok } }", fact.Fail, "$.stat leads to nothing; there is status"), ""},
	{"L20", "a parking page passed for healthy", answered(200, page, "<h1>This domain has ended</h1>", "{ get: /, content_type: application/json, json: { $.status: ok } }", fact.Fail, "a page of HTML came where application/json was due"), ""},
	{"L21", "the host stood in dozens of places", func(t *testing.T) {
		spec, _ := Read(mapping(t, five))
		spec.Base = "https://moved.test"
		suite, problems := spec.Compile()
		for _, p := range suite.Probes() {
			if !strings.HasPrefix(p.URL, "https://moved.test/") || len(problems) > 0 {
				t.Errorf("got %s, %v", p.URL, problems)
			}
		}
	}, ""},
	{"L22", "a route was deleted that a fact names", nil, "a rule's affair: Suite.Probes gives the paths"},
	{"L23", "nothing was asked, and that was green", nil, "TestNothingToAsk"},
	{"L24", "a known fault was accepted for ever", nil, "TestTransitions/known no more, TestProblems/the day it ends is missing"},
	{"L25", "eleven monitors of one page", nil, "out of reach: one configuration"},
	{"L26", "a broken address family cost seconds and nobody saw", func(t *testing.T) {
		w, c := testWorld()
		connect := w.Dial
		w.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			c.mu.Lock()
			c.jumped += 9 * time.Second
			c.mu.Unlock()
			return connect(ctx, network, address)
		}
		r := result(t, ask(t, w, faultConfig(t, saying(t, "text/plain", "x"), "get: /")), "it")
		if r.Outcome != fact.Warn || !strings.HasPrefix(r.Reason, "the connection to 127.0.0.1:") || !strings.Contains(r.Reason, " took 9") {
			t.Errorf("got %s %q", r.Outcome, r.Reason)
		}
	}, ""},
	{"L27", "deep checks every few minutes ran up a bill", nil, "out of reach: the workflow's schedule; the documentation says it"},
	{"L28", "healthz was well and the login was not", func(t *testing.T) {
		w, _ := testWorld()
		base := site(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/login" {
				w.WriteHeader(500)
			}
		})
		p := ask(t, w, "base: "+base+plainly+"check: { healthz: { get: /healthz }, login: { get: /login } }")
		if p.Outcome() != fact.Fail || p.Line() != "healthz=200 login=500" {
			t.Errorf("got %s %q", p.Outcome(), p.Line())
		}
	}, ""},
	{"L29", "the old version answered after a deploy", nil, "TestWait"},

	{"latent: the status of a truncated 200", "200 and 000 in one word", nil, "TestFaults/truncated"},
	{"latent: degraded", "ok was found in a degraded answer", answered(200, data, `{"status":"degraded","db":"error","env":"ok"}`, "{ get: /, json: { $.status: ok } }", fact.Fail, `$.status is "degraded"`), ""},
	{"latent: database", "ok with a failed database", answered(200, data, `{"status":"ok","database":"failed: no such host"}`, "{ get: /, json: { $.status: ok, $.database: connected } }", fact.Fail, `$.database is "failed: no such host"`), ""},
	{"latent: empty catalogue", "data was found in an empty list", answered(200, data, `{"data":[],"total":0}`, "{ get: /, json: { $.data: { min_items: 1 } } }", fact.Fail, "$.data has 0 items"), ""},
	{"latent: demo", "demo goods passed for goods", answered(200, page, "<p>12 προϊόντα</p><p>demo mode (offline)", "{ get: /, text: { not_contains: demo mode, number: { match: '([0-9.]+) προϊόντα', min: 1 } } }", fact.Fail, `the text holds "demo mode"`), ""},
	{"latent: title", "a name in the title of a page that failed to render", answered(200, page, `<title>Olive oil</title><meta content="Olive oil"><nav>Shop</nav><div class=skeleton></div><script>$RC("Olive oil")</script>`, goods, fact.Fail, `the text does not hold "Olive oil"`), ""},
	{"latent: server error", "a page whose rendering failed", answered(200, page, `<p>Olive oil</p><script>$RX("B:1","42")</script>`, goods, fact.Fail, `the html holds "$RX(\"", which must not be there`), ""},
	{"latent: leftover skeletons", "a good streamed page", answered(200, page, `<div class=skeleton></div><div hidden id="S:0"><p>Olive oil</p></div><script>$RC("B:0","S:0")</script>`, goods, fact.Pass, ""), ""},
	{"latent: long lines", "a line of forty kilobytes in the report", func(t *testing.T) {
		w, _ := testWorld()
		r := result(t, ask(t, w, faultConfig(t, saying(t, page, strings.Repeat("<b>x</b>", 5000)), "{ get: /, html: { contains: y } }")), "it")
		if n := len([]rune(r.Excerpt)); n == 0 || n > excerptLength {
			t.Errorf("the excerpt has %d characters", n)
		}
	}, ""},
	{"latent: 2|3", "a pattern for 2xx or 3xx took 503", answered(503, page, "", "{ get: /, expect: [200-299, 300-399] }", fact.Fail, "got 503, want 200-299 or 300-399"), ""},
	{"latent: cannot fail", "a 500 that no pattern matched", answered(500, page, "", "{ get: / }", fact.Fail, "got 500, want 200"), ""},
	{"latent: insecure", "certificates were not looked at", refused("base: https://shop.test\ndefaults: { tls: { verify: false } }", "certificates are always verified"), ""},
	{"latent: vacuous", "a negative passed on no body at all", refused("base: https://shop.test\ncheck: { a: { get: /, text: { not_contains: '0 συνολικά' } } }", "would pass on an empty page"), ""},
	{"latent: never ran", "the daily check stood in a workflow that did not parse", nil, "TestJudgeWorkflow/unreadable, the story prod-facts-workflows"},
	{"latent: one request", "status, body and report were of different requests", func(t *testing.T) {
		w, _ := testWorld()
		base, asked := script(t, "", 200)
		ask(t, w, faultConfig(t, base, "{ get: /, size: { max: 10B }, response_headers: { Date: { exists: true } } }"))
		if asked.Load() != 1 {
			t.Errorf("asked %d times for one fact", asked.Load())
		}
	}, ""},
	{"trap: boundary", "a boundary between ASCII words before a number", answered(200, page, "<p>1.0 συνολικά", count, fact.Pass, ""), ""},
	{"trap: full stop", "a boundary after a Greek word", answered(200, page, "<p>0 συνολικά.", count, fact.Fail, "the text has 0"), ""},
	{"trap: no-break space", "a space that is none in ASCII", answered(200, page, "<p>0&nbsp;συνολικά", count, fact.Fail, "the text has 0"), ""},
	{"trap: decomposed", "an accent of its own", answered(200, page, "<p>0 συνολικα\u0301", count, fact.Fail, "the text has 0"), ""},
	{"trap: no samples", "no match was no failure", answered(200, page, "<p>nothing", count, fact.Fail, "no number in the text"), ""},
}

// TestLessons walks through the table and shows that no lesson is left out.
func TestLessons(t *testing.T) {
	t.Parallel()
	have := map[string]bool{}
	for _, l := range lessons {
		have[l.name] = true
		if (l.shown == nil) == (l.by == "") {
			t.Errorf("%s (%s) is shown by nothing, or twice", l.name, l.wrong)
		}
		if l.shown != nil {
			t.Run(l.name, l.shown)
		}
	}
	for n := 1; n <= 29; n++ {
		if name := fmt.Sprintf("L%d", n); !have[name] {
			t.Errorf("%s is missing", name)
		}
	}
}

// TestOutcomeOfARun shows what decides for all facts together.
func TestOutcomeOfARun(t *testing.T) {
	for _, tt := range []struct {
		facts []fact.Outcome
		want  fact.Outcome
	}{
		{nil, fact.OutcomeUnknown},
		{[]fact.Outcome{fact.Pass, fact.Flaky, fact.Warn}, fact.Warn},
		{[]fact.Outcome{fact.Fail, fact.Unreachable, fact.Blocked}, fact.Fail},
		{[]fact.Outcome{fact.Unreachable, fact.OutcomeUnknown}, fact.Unreachable},
		{[]fact.Outcome{fact.Skipped, fact.Blocked, fact.Warn}, fact.Blocked},
		{[]fact.Outcome{fact.Skipped, fact.Pass}, fact.Pass},
		{[]fact.Outcome{fact.Skipped}, fact.Skipped},
	} {
		var p fact.Production
		for _, o := range tt.facts {
			p.Results = append(p.Results, fact.Result{Outcome: o})
		}
		if got := p.Outcome(); got != tt.want {
			t.Errorf("%v: got %s, want %s", tt.facts, got, tt.want)
		}
	}
}
