package report

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/rule"
)

// answered is a run in which every kind of result stands once.
func answered() *fact.Production {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	days := 10
	try := func(o fact.Outcome, class, reason string, status int, unit time.Duration) fact.Attempt {
		return fact.Attempt{
			Pass: 1, Start: at, Outcome: o, Class: class, Reason: reason, Status: status, Address: "192.0.2.1:443",
			Protocol: "HTTP/2.0", TLS: "TLS 1.3", DaysLeft: &days, Bytes: 812,
			Timing: fact.Timing{DNS: unit, Connect: 2 * unit, TLS: 3 * unit, Wait: 4 * unit, Read: unit, Total: 11 * unit},
		}
	}
	ask := func(name, want string) fact.Probe {
		return fact.Probe{Name: name, Method: "GET", URL: "https://shop.example/" + name, Want: want}
	}
	const ms = time.Millisecond
	flaky := try(fact.Pass, "", "", 200, 5*ms)
	flaky.After = 700 * ms
	return &fact.Production{
		Base: "https://shop.example", Start: at, Duration: 3 * time.Second,
		Control: fact.Control{State: fact.Pass},
		Results: []fact.Result{
			{Probe: ask("healthz", "200"), Outcome: fact.Pass, Got: "200", Attempts: []fact.Attempt{try(fact.Pass, "", "", 200, 2*ms)}},
			{
				Probe: ask("products", "200"), Outcome: fact.Flaky, Class: "status", Got: "200", Reason: "as expected at attempt 2; before: got 503, want 200",
				Attempts: []fact.Attempt{try(fact.Fail, "status", "got 503, want 200", 503, ms), flaky},
			},
			{
				Probe: ask("page", "200"), Outcome: fact.Warn, Class: "slow", Got: "200", Reason: "it took 2.7s, want at most 2.5s",
				Assertions: []fact.Assertion{{Want: "within 2.5s", Saw: "2.7s", Outcome: fact.Warn, Reason: "it took 2.7s, want at most 2.5s"}},
				Attempts:   []fact.Attempt{try(fact.Warn, "slow", "it took 2.7s, want at most 2.5s", 200, 10*ms)},
			},
			{
				Probe: ask("login", "307 -> /auth/login"), Outcome: fact.Fail, Class: "status", Got: "307 -> /other", Confirmed: true,
				Reason: "got 307 -> /other, want 307 -> /auth/login: it leads elsewhere", Attempts: []fact.Attempt{try(fact.Fail, "status", "got 307 -> /other", 307, ms)},
			},
			{
				Probe: ask("count", "200"), Outcome: fact.Fail, Class: "text:number", Got: "200", Reason: "0 is less than 1",
				Excerpt: "… 0 products in stock …", Attempts: []fact.Attempt{try(fact.Fail, "text:number", "0 is less than 1", 200, ms)},
			},
			{Probe: ask("wall", "200"), Outcome: fact.Blocked, Class: "blocked", Got: "403", Reason: "the bot wall of Example answered 403 in production's place"},
			{Probe: ask("gone", "200"), Outcome: fact.Unreachable, Class: "network:refused", Reason: "the connection was refused", Note: "no time for attempt 2 after a pause of 8s"},
			{Probe: ask("unsure", "200"), Outcome: fact.OutcomeUnknown, Class: "deadline", Reason: "not checked: the time for the whole run did not suffice for one attempt"},
			{Probe: ask("child", "200"), Outcome: fact.Skipped, Class: "unasked", Reason: "it needs login, which is fail"},
			{
				Probe: fact.Probe{Name: "smoke", URL: "https://hub.example/acme/shop/actions/runs/7", Want: "success within 26h"}, Outcome: fact.Fail, Class: "workflow:old",
				Got: "old success", Reason: "the latest run on main, 40h12m ago, concluded success; want one within 26h. See whether its schedule stopped: gh run list --workflow smoke.yml",
				Assertions: []fact.Assertion{{Want: "within 26h", Saw: "40h12m", Outcome: fact.Fail, Reason: "the latest run on main, 40h12m ago, concluded success; want one within 26h"}},
			},
			{Probe: fact.Probe{Name: "nightly", URL: ".github/workflows/nightly.yml", Want: "success"}, Class: "workflow:unknown", Reason: "GitHub answered 403"},
			{Probe: fact.Probe{Name: "ci", URL: "https://hub.example/acme/shop/actions/runs/8", Want: "success"}, Outcome: fact.Pass, Got: "success"},
		},
	}
}

// TestProductionGolden holds every format of one run against the file of its name.
func TestProductionGolden(t *testing.T) {
	r := &Report{Tool: "1.2.3", Verdict: rule.Fail, Production: answered(), Remarks: []string{"One more thing was not asked."}}
	waited := &Report{
		Tool: "1.2.3", Verdict: rule.Fail, Production: answered(),
		Waiting: &Waiting{Rounds: 3, Good: 1, Reason: "the time was over after 3 rounds; 1 good in a row, want 2"},
	}
	waited.Production.Results = waited.Production.Results[:1]
	for name, got := range map[string][]byte{
		"facts.txt":        Text(r, Options{}),
		"facts.narrow.txt": Text(r, Options{Width: 60, Color: true}),
		"facts.json":       JSON(r, Options{}),
		"facts.junit.xml":  JUnit(r, Options{}),
		"facts.md":         Markdown(r, Options{}),
		"facts.small.md":   Markdown(r, Options{Bytes: 900}),
		"facts.last.md":    ProductionFile(r),
		"facts.waited.txt": Text(waited, Options{}),
		"facts.waited.xml": JUnit(waited, Options{}),
	} {
		path := filepath.Join("testdata", "golden", name)
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), string(got)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	if n := len(Markdown(r, Options{Bytes: 900})); n > 900 {
		t.Errorf("%d bytes where 900 are taken", n)
	}
}

// The file that is kept says the same whatever the clock said.
func TestProductionFileHasNoTimes(t *testing.T) {
	one, other := answered(), answered()
	other.Start, other.Duration = other.Start.AddDate(0, 1, 0), time.Minute
	for i := range other.Results {
		r := &other.Results[i]
		r.Attempts = append([]fact.Attempt(nil), r.Attempts...)
		for k := range r.Attempts {
			a := &r.Attempts[k]
			a.Start, a.After, a.Timing.Total, a.Address = a.Start.AddDate(0, 1, 0), a.After*3, a.Timing.Total*7, "192.0.2.9:443"
		}
	}
	smoke := &other.Results[9]
	smoke.Reason, smoke.Assertions[0].Saw, smoke.Probe.URL = strings.Replace(smoke.Reason, "40h12m", "41h", 1), "41h", "https://hub.example/acme/shop/actions/runs/9"
	r := &other.Results[2]
	r.Reason = "it took 4.1s, want at most 2.5s"
	r.Assertions = []fact.Assertion{{Want: "within 2.5s", Saw: "4.1s", Outcome: fact.Warn, Reason: r.Reason}}
	if diff := cmp.Diff(string(ProductionFile(&Report{Production: one})), string(ProductionFile(&Report{Production: other}))); diff != "" {
		t.Error(diff)
	}
}

// A page is linked to only where its address can be nothing else in Markdown.
func TestRunLink(t *testing.T) {
	for _, tt := range []struct {
		p    fact.Probe
		want string
	}{
		{fact.Probe{URL: "https://hub.example/acme/shop/actions/runs/7"}, "  [Its page](https://hub.example/acme/shop/actions/runs/7)\n"},
		{fact.Probe{URL: "https://hub.example/a)[x](https://evil.example"}, ""},
		{fact.Probe{URL: ".github/workflows/smoke.yml"}, ""},
		{fact.Probe{URL: "https://shop.example/login", Method: "GET"}, ""},
	} {
		if got := runLink(tt.p); got != tt.want {
			t.Errorf("%+v: %q", tt.p, got)
		}
	}
}

// Where only workflows were asked, no production is named.
func TestProductionFileWithoutBase(t *testing.T) {
	got := string(ProductionFile(&Report{Production: &fact.Production{}}))
	if !strings.Contains(got, "\nAsked by `boardgate") {
		t.Error(got)
	}
}

func TestProductionFitsTheSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(Schema())))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("report.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	var got any
	if err := json.Unmarshal(JSON(&Report{Verdict: rule.Fail, Production: answered()}, Options{}), &got); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(got); err != nil {
		t.Error(err)
	}
}

// hostileTexts are what production may answer to be obeyed by a terminal, a
// runner, GitHub or a reader of XML.
var hostileTexts = []string{
	"::error::owned", "\n::set-output name=a::b", "##[group]x", "\x1b[31mred\x1b[0m", "\u202egnp.exe", "a\x00b", "\xff\xfe",
	"@octocat #1 GH-2 [x](http://evil.example) ![x](y) <script>alert(1)</script> <!-- x", "| a | b |", "```\nout", "`", "]]>", "<![CDATA[", "&lt;", "# h", "- x", "\u2028::warning::x",
}

// Whatever production says, it stays text in each format.
func TestProductionIsOnlyText(t *testing.T) {
	for _, s := range hostileTexts {
		p := answered()
		for i := range p.Results {
			r := &p.Results[i]
			r.Got, r.Reason, r.Note, r.Excerpt, r.Hops = s, s, s, s, []string{s}
			if r.Probe.Method == "" {
				r.Probe.URL = "https://hub.example/" + s
			}
			for k := range r.Attempts {
				r.Attempts[k].Reason = s
			}
		}
		p.Control.State, p.Control.Reason = fact.Unreachable, s
		report := &Report{Verdict: rule.Fail, Production: p, Waiting: &Waiting{Rounds: 1, Reason: s}, Remarks: []string{s}}
		for _, name := range ProductionFormats() {
			format, _ := FormatNamed(name)
			tame(t, name, s, format(report, Options{}))
		}
		tame(t, "last", s, ProductionFile(report))
		if err := xml.Unmarshal(JUnit(report, Options{}), new(struct{})); err != nil {
			t.Errorf("JUnit of %q: %v", s, err)
		}
	}
}

// tame complains of what acts on a reader of any format.
func tame(t *testing.T, format, s string, out []byte) {
	t.Helper()
	text := string(out)
	for _, bad := range []string{"\x1b", "\u202e", "\x00", "\xff", "##["} {
		if data := format == "json" && bad == "\u202e"; strings.Contains(text, bad) && !data {
			t.Errorf("%s of %q holds %q", format, s, bad)
		}
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimLeft(line, " \t"), "::") {
			t.Errorf("%s of %q has the line %q", format, s, line)
		}
	}
}
