package probe

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/fact"
)

// lesson is something that went wrong with a script which this engine
// replaces, and what shows that it cannot any more: one thing at least. The
// first word of its name is its number: L for what was fixed in the script, D
// for a defect that nobody fixed, T for a trap of Greek and HTML.
type lesson struct {
	name  string
	wrong string
	shown func(*testing.T) // asks an engine; nil where others show all of it
	by    []string         // those others: see TestLessonsAreShown
	out   string           // why it is out of reach, or out of this engine's
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
		spec, problems := facts(t, config)
		_, more := Compile(spec)
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
	{"L1", "a text was absent where a number was meant: 0 in 10", answered(200, page, "<p>10 συνολικά</p>", count, fact.Pass, ""), nil, ""},
	{"L1 zero", "and where it is zero", answered(200, page, "<p>0<!-- --> συνολικά</p>", count, fact.Fail, "the text has 0, want at least 1"), nil, ""},
	{"L2", "redirects were followed: a 307 passed for a 200", nil, []string{"TestFaults/307 with a live target", "main.TestRedirectIsNotFollowed"}, ""},
	{"L3", "a status changed with the code, and the check changed days later", nil, []string{"TestTransitions", "main.TestFaultsOfProduction/a status accepted for a time"}, ""},
	{"L4", "no timeout: a check hung for minutes", nil, []string{"TestFaults/drips the body", `TestProblems/"prod-facts.defaults.timeout" is "0s"; expected a length of time with its unit, from 10ms to 5m`, "main.TestFaultsOfProduction/drips headers", "main.TestHostileProduction/another protocol unasked"}, ""},
	{"L5", "timeouts and retries added up to more than the job had", refused("base: https://shop.test\ndeadline: { schedule: 60s }\ncheck: { a: { get: /, timeout: 30s } }", "longer than the deadline"), nil, ""},
	{"L6", "longer and longer timeouts in place of retries that are seen", nil, []string{"TestRetries/500, 500, 200", "main.TestFaultsOfProduction/500, 500, 200"}, ""},
	{"L7", "retries within a minute do not outlast a blip of two", nil, []string{"TestConfirm/a blip of minutes", "TestControl", "main.TestControl"}, ""},
	{"L8", "a restart blocked an unrelated change", nil, []string{"TestConfirm/down", "story action-facts-shown", "story action-facts-on-done"}, ""},
	{"L9", "every failure opened an issue", nil, []string{"incident.TestStories/ill, ill, well, well", "publish.TestIncident", "story action-facts-schedule", "e2e.TestSmokeProduction"}, ""},
	{"L10", "de-dup by label alone", nil, []string{"incident.TestStories/a foreign author's is not ours", "incident.TestStories/the set changes", "publish.TestIncidentLeavesOthersAlone", "publish.TestIncidentOnPageTwo"}, ""},
	{"L11", "the token might not open an issue", nil, []string{"publish.TestIncidentForbidden", "story action-facts-schedule-refused", "command.TestIncidentFaults", "story doctor-smoke"}, ""},
	{"L12", "a drill of the alert", nil, []string{"incident.TestDrill", "story prod-facts-drill", "story action-facts-drill", "e2e.TestSmokeDrill"}, ""},
	{"L13", "bodies in the outputs of a step", nil, []string{"TestExcerpts", "main.TestHostileProduction/a command in a body"}, ""},
	{"L14", "scripts embedded in workflow files", nil, []string{"story doctor-broken"}, "there is no script in a workflow"},
	{"L15", "the alert listened to a workflow by its old name", nil, []string{"story doctor-smoke"}, "the alert is of the same process"},
	{"L16", "a report that changed with every run", func(t *testing.T) {
		base := saying(t, "text/plain", "x")
		w, _ := testWorld()
		config := "base: " + base + plainly + "check: { b: { get: /b }, a: { get: /a } }"
		for range 5 {
			if got := ask(t, w, config).Line(); got != "b=200 a=200" {
				t.Errorf("got %q", got)
			}
		}
	}, []string{"story prod-facts-report"}, ""},
	{"L17", "no report on failure", func(t *testing.T) {
		w, _ := testWorld()
		p := ask(t, w, faultConfig(t, nobody(t), "get: /"))
		if p.Line() != "it=unreachable" || len(p.Results) != 1 {
			t.Errorf("got %q", p.Line())
		}
	}, []string{"story prod-facts-report", "command.TestIncidentFaults", "command.TestFactsCheckFaults"}, ""},
	{"L18", "the exit status of tee was taken for the verdict", nil, []string{"TestOutcomeOfARun", "main.TestFaultsOfProduction", "story prod-facts"}, ""},
	{"L19", "the check did not fit the body from its first day", answered(200, data, `{"status":"ok"}`, "{ get: /, json: { $.stat: ok } }", fact.Fail, "$.stat leads to nothing; there is status"), nil, ""},
	{"L20", "a parking page passed for healthy", answered(200, page, "<h1>This domain has ended</h1>", "{ get: /, content_type: application/json, json: { $.status: ok } }", fact.Fail, "got an HTML page where application/json was due"), nil, ""},
	{"L21", "the host stood in dozens of places", func(t *testing.T) {
		spec, _ := facts(t, five)
		spec.Base.V = "https://moved.test"
		suite, problems := Compile(spec)
		for _, p := range suite.Probes() {
			if !strings.HasPrefix(p.URL, "https://moved.test/") || len(problems) > 0 {
				t.Errorf("got %s, %v", p.URL, problems)
			}
		}
	}, nil, ""},
	{"L22", "a route was deleted that a fact names", nil, []string{"main.TestFaultsOfProduction/404, 200"}, "the gate reads no diff beyond the board, so it does not see that a route goes; the fact that names the route fails at the next run"},
	{"L23", "nothing was asked, and that was green", nil, []string{"TestNothingToAsk", "story prod-facts-none"}, ""},
	{"L24", "a known fault was accepted for ever", nil, []string{"TestTransitions/known no more", "TestProblems/the day it ends is missing", "main.TestFaultsOfProduction/a fault known for too long"}, ""},
	{"L25", "eleven monitors of one page", nil, nil, "there is one configuration and one action"},
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
	}, nil, ""},
	{"L27", "deep checks every few minutes ran up a bill", nil, []string{"story doctor-smoke", "docs.TestWatchingQuickStart"}, "how often a workflow runs is its own affair; the example runs once an hour, and doctor speaks up below a quarter"},
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
	}, nil, ""},
	{"L29", "the old version answered after a deploy", nil, []string{"TestWait", "story prod-facts-wait"}, ""},

	{"D1 a truncated 200", "200 and 000 in one word", nil, []string{"TestFaults/truncated", "main.TestFaultsOfProduction/truncated", "main.TestFaultsOfProduction/refused"}, ""},
	{"D2 degraded", "ok was found in a degraded answer", answered(200, data, `{"status":"degraded","db":"error","env":"ok"}`, "{ get: /, json: { $.status: ok } }", fact.Fail, `$.status is "degraded"`), nil, ""},
	{"D2 database", "ok with a failed database", answered(200, data, `{"status":"ok","database":"failed: no such host"}`, "{ get: /, json: { $.status: ok, $.database: connected } }", fact.Fail, `$.database is "failed: no such host"`), nil, ""},
	{"D3 empty catalogue", "data was found in an empty list", answered(200, data, `{"data":[],"total":0}`, "{ get: /, json: { $.data: { min_items: 1 } } }", fact.Fail, "$.data has 0 items"), nil, ""},
	{"D4 demo", "demo goods passed for goods", answered(200, page, "<p>12 προϊόντα</p><p>demo mode (offline)", "{ get: /, text: { not_contains: demo mode, number: { match: '([0-9.]+) προϊόντα', min: 1 } } }", fact.Fail, `the text holds "demo mode"`), nil, ""},
	{"D5 title", "a name in the title of a page that failed to render", answered(200, page, `<title>Olive oil</title><meta content="Olive oil"><nav>Shop</nav><div class=skeleton></div><script>$RC("Olive oil")</script>`, goods, fact.Fail, `the text does not hold "Olive oil"`), nil, ""},
	{"D5 server error", "a page whose rendering failed", answered(200, page, `<p>Olive oil</p><script>$RX("B:1","42")</script>`, goods, fact.Fail, `the html holds "$RX(\"", which must not be there`), nil, ""},
	{"D5 leftover skeletons", "a good streamed page", answered(200, page, `<div class=skeleton></div><div hidden id="S:0"><p>Olive oil</p></div><script>$RC("B:0","S:0")</script>`, goods, fact.Pass, ""), nil, ""},
	{"D6 long lines", "a line of forty kilobytes in the report", func(t *testing.T) {
		w, _ := testWorld()
		r := result(t, ask(t, w, faultConfig(t, saying(t, page, strings.Repeat("<b>x</b>", 5000)), "{ get: /, html: { contains: y } }")), "it")
		if n := len([]rune(r.Excerpt)); n == 0 || n > excerptLength {
			t.Errorf("the excerpt has %d characters", n)
		}
	}, nil, ""},
	{"D7 2 or 3", "a pattern for 2xx or 3xx took 503", answered(503, page, "", "{ get: /, expect: [200-299, 300-399] }", fact.Fail, "got 503, want 200-299 or 300-399"), nil, ""},
	{"D7 403", "and 403", answered(403, page, "", "{ get: /, expect: [200-299, 300-399] }", fact.Fail, "got 403, want 200-299 or 300-399"), nil, ""},
	{"D7 413", "and 413", answered(413, page, "", "{ get: /, expect: [200-299, 300-399] }", fact.Fail, "got 413, want 200-299 or 300-399"), nil, ""},
	{"D8 cannot fail", "a 500 that no pattern matched", answered(500, page, "", "{ get: / }", fact.Fail, "got 500, want 200"), nil, ""},
	{"D9 insecure", "certificates were not looked at", refused("base: https://shop.test\ndefaults: { tls: { verify: false } }", "certificates are always verified"), nil, ""},
	{"D9 certificates", "of any kind", nil, []string{"TestCertificates/self-signed", "main.TestCertificatesOfProduction/signed by itself", "main.TestCertificatesOfProduction/expired"}, ""},
	{"D10 cancelled", "a run was ended by the next one before it could file", nil, []string{"story doctor-smoke", "docs.TestWatchingQuickStart"}, ""},
	{"D11 half a body", "a negative passed on a body that did not come", func(t *testing.T) {
		w, _ := testWorld()
		base := raw(t, after(func(c net.Conn) { write(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n12 goods") }))
		r := result(t, ask(t, w, faultConfig(t, base, "{ get: /, body: { contains: goods, not_contains: offline } }")), "it")
		want(t, r, fact.Fail, "network:truncated", "the connection ended within the body")
	}, nil, ""},
	{"D11 vacuous", "a negative passed on no body at all", refused("base: https://shop.test\ncheck: { a: { get: /, text: { not_contains: '0 συνολικά' } } }", "would pass on an empty page"), nil, ""},
	{"one request", "status, body and report were of different requests", func(t *testing.T) {
		w, _ := testWorld()
		base, asked := script(t, "", 200)
		ask(t, w, faultConfig(t, base, "{ get: /, size: { max: 10B }, response_headers: { Date: { exists: true } } }"))
		if asked.Load() != 1 {
			t.Errorf("asked %d times for one fact", asked.Load())
		}
	}, nil, ""},
	{"T2 ten", "a zero within a ten", answered(200, page, "<p>10 συνολικά", count, fact.Pass, ""), nil, ""},
	{"T4 comment", "a text node that server rendering split", answered(200, page, "<p>0<!-- --> συνολικά", count, fact.Fail, "the text has 0"), nil, ""},
	{"T3 boundary", "a boundary between ASCII words before a number", answered(200, page, "<p>1.0 συνολικά", count, fact.Pass, ""), nil, ""},
	{"T1 full stop", "a boundary after a Greek word", answered(200, page, "<p>0 συνολικά.", count, fact.Fail, "the text has 0"), nil, ""},
	{"T5 no-break space", "a space that is none in ASCII", answered(200, page, "<p>0&nbsp;συνολικά", count, fact.Fail, "the text has 0"), nil, ""},
	{"T6 decomposed", "an accent of its own", answered(200, page, "<p>0 συνολικα\u0301", count, fact.Fail, "the text has 0"), nil, ""},
	{"no samples", "no match was not a failure", answered(200, page, "<p>nothing", count, fact.Fail, "no number in the text"), nil, ""},
}

// TestLessons walks through the table and shows that no lesson is left out.
func TestLessons(t *testing.T) {
	t.Parallel()
	have := map[string]bool{}
	for _, l := range lessons {
		number, _, _ := strings.Cut(l.name, " ")
		have[number] = true
		if l.shown == nil && l.by == nil && l.out == "" {
			t.Errorf("%s (%s) is shown by nothing", l.name, l.wrong)
		}
		if l.shown != nil {
			t.Run(l.name, l.shown)
		}
	}
	for kind, count := range map[string]int{"L": 29, "D": 11, "T": 6} {
		for n := range count {
			if number := fmt.Sprintf("%s%d", kind, n+1); !have[number] {
				t.Errorf("%s is missing", number)
			}
		}
	}
}

// TestLessonsAreShown holds that whatever a lesson is shown by is there: "TestX"
// or "TestX/case" of this package, the same of another one as in "main.TestX",
// or a story, "story prod-facts". A case is a text within its test.
func TestLessonsAreShown(t *testing.T) {
	there := tests(t)
	for _, l := range lessons {
		for _, by := range l.by {
			if name, ok := strings.CutPrefix(by, "story "); ok {
				if _, err := os.Stat(filepath.Join(top, "testdata", "script", name+".txtar")); err != nil {
					t.Errorf("%s: there is no story %s", l.name, name)
				}
				continue
			}
			name, part, divided := strings.Cut(by, "/")
			if !strings.Contains(name, ".") {
				name = "probe." + name
			}
			texts, ok := there[name]
			if !ok || divided && !texts[part] {
				t.Errorf("%s: there is no %s", l.name, by)
			}
		}
	}
}

// top is the repository.
const top = "../.."

// tests returns the repository's tests by package and name, with the texts in each.
func tests(t *testing.T) map[string]map[string]bool {
	t.Helper()
	there := map[string]map[string]bool{}
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
				there[strings.TrimSuffix(file.Name.Name, "_test")+"."+f.Name.Name] = textsIn(f)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return there
}

func textsIn(f *ast.FuncDecl) map[string]bool {
	texts := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == gotoken.STRING {
			if text, err := strconv.Unquote(l.Value); err == nil {
				texts[text] = true
			}
		}
		return true
	})
	return texts
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
