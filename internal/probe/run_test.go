package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/fact"
)

// script answers with one status after another, the last one for ever.
func script(t *testing.T, header string, statuses ...int) (base string, asked *atomic.Int32) {
	asked = &atomic.Int32{}
	return site(t, func(w http.ResponseWriter, _ *http.Request) {
		n := int(asked.Add(1))
		if name, value, ok := strings.Cut(header, ": "); ok {
			w.Header().Set(name, value)
		}
		w.WriteHeader(statuses[min(n, len(statuses))-1])
	}), asked
}

// TestRetries shows what is asked again, how often, and after which pauses.
func TestRetries(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		header   string
		statuses []int
		outcome  fact.Outcome
		asked    int32
		slept    []time.Duration
		reason   string
	}{
		{"good at once", "", []int{200}, fact.Pass, 1, nil, ""},
		{"500, 500, 200", "", []int{500, 500, 200}, fact.Flaky, 3, []time.Duration{time.Second, 2 * time.Second}, "as expected at attempt 3; before: got 500, want 200"},
		{"500 for ever", "", []int{500}, fact.Fail, 3, []time.Duration{time.Second, 2 * time.Second}, "got 500, want 200"},
		{"404", "", []int{404, 200}, fact.Fail, 1, nil, "got 404, want 200"},
		{"401", "", []int{401, 200}, fact.Fail, 1, nil, "got 401, want 200"},
		{"429 without Retry-After", "", []int{429, 200}, fact.Fail, 1, nil, "got 429, want 200"},
		{"429 with Retry-After", "Retry-After: 3", []int{429, 200}, fact.Flaky, 2, []time.Duration{3 * time.Second}, "as expected at attempt 2; before: got 429, want 200"},
		{"503 with a date", "Retry-After: Sun, 01 Mar 2026 12:00:05 GMT", []int{503, 200}, fact.Flaky, 2, nil, "as expected at attempt 2; before: got 503, want 200"},
		{"429 with a long Retry-After", "Retry-After: 3600", []int{429, 200}, fact.Fail, 1, nil, "got 429, want 200"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, c := testWorld()
			base, asked := script(t, tt.header, tt.statuses...)
			p := ask(t, w, "base: "+base+"\nallow_private: true\nconfirm: { off: true }\ncheck: { it: { get: / } }")
			r := result(t, p, "it")
			if r.Outcome != tt.outcome || r.Reason != tt.reason || asked.Load() != tt.asked || len(r.Attempts) != int(tt.asked) {
				t.Errorf("got %s %q after %d requests and %d attempts\nwant %s %q after %d", r.Outcome, r.Reason, asked.Load(), len(r.Attempts), tt.outcome, tt.reason, tt.asked)
			}
			for i, d := range tt.slept {
				if i >= len(c.slept) || c.slept[i].Round(time.Millisecond) != d || r.Attempts[i+1].After != c.slept[i] {
					t.Errorf("got pauses %v, want %v", c.slept, tt.slept)
				}
			}
		})
	}
}

// TestFlakyThenDead shows every attempt of a fact that does not come back.
func TestFlakyThenDead(t *testing.T) {
	t.Parallel()
	w, _ := testWorld()
	var n atomic.Int32
	base := raw(t, after(func(c net.Conn) {
		if n.Add(1) == 2 {
			write(c, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
		}
	}))
	r := result(t, ask(t, w, "base: "+base+"\nallow_private: true\nconfirm: { off: true }\ncontrol: "+saying(t, "text/plain", "x")+"\ncheck: { it: { get: / } }"), "it")
	var classes []string
	for _, a := range r.Attempts {
		classes = append(classes, a.Class)
	}
	if got := strings.Join(classes, " "); r.Outcome != fact.Unreachable || got != "network:closed status network:closed" {
		t.Errorf("got %s after %q", r.Outcome, got)
	}
}

// TestConfirm shows the second pass: spaced, over what failed only, and decisive.
func TestConfirm(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		statuses  []int
		outcome   fact.Outcome
		confirmed bool
		reason    string
	}{
		{"a blip of minutes", []int{404, 200}, fact.Flaky, false, "as expected in the confirming pass; before: got 404, want 200"},
		{"down", []int{404}, fact.Fail, true, "got 404, want 200"},
		{"up", []int{200}, fact.Pass, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, c := testWorld()
			base, asked := script(t, "", tt.statuses...)
			other, others := script(t, "", 200)
			p := ask(t, w, "base: "+base+"\nallow_private: true\ncontrol: off\ncheck:\n  it: { get: / }\n  other: { get: "+other+"/ }")
			r := result(t, p, "it")
			if r.Outcome != tt.outcome || r.Confirmed != tt.confirmed || r.Reason != tt.reason || others.Load() != 1 {
				t.Errorf("got %s confirmed=%v %q, the other asked %d times", r.Outcome, r.Confirmed, r.Reason, others.Load())
			}
			if again := asked.Load() == 2; again != (tt.statuses[0] == 404) || again && (c.slept[0] != 20*time.Second || r.Attempts[1].Pass != 2) {
				t.Errorf("asked %d times, slept %v", asked.Load(), c.slept)
			}
		})
	}
}

// TestConfirmingPassWakesDependants shows that what was skipped for want of a
// failed fact is asked once that fact has recovered.
func TestConfirmingPassWakesDependants(t *testing.T) {
	t.Parallel()
	w, _ := testWorld()
	base, _ := script(t, "", 404, 200)
	p := ask(t, w, "base: "+base+"\nallow_private: true\ncontrol: off\ncheck:\n  child: { get: /b, needs: parent }\n  parent: { get: /a }")
	want(t, result(t, p, "parent"), fact.Flaky, "status", "as expected in the confirming pass; before: got 404, want 200")
	want(t, result(t, p, "child"), fact.Pass, "", "")
}

// TestControl tells a runner without network from production that is down.
func TestControl(t *testing.T) {
	t.Parallel()
	down, up := nobody(t), saying(t, "text/plain", "hello")
	const refused = "the connection was refused"
	tests := []struct {
		name, control string
		outcome       fact.Outcome
		reason        string
		state         fact.Outcome
	}{
		{"production is down", up, fact.Unreachable, refused, fact.Pass},
		{"no network", nobody(t), fact.OutcomeUnknown, refused + "; the control, HOST, did not answer either: " + refused, fact.Unreachable},
		{"no control", "off", fact.OutcomeUnknown, refused + "; no control is configured and nothing else answered: the runner's own network may be at fault", fact.Unreachable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, _ := testWorld()
			p := ask(t, w, "base: "+down+"\nallow_private: true\nconfirm: { off: true }\ncontrol: "+tt.control+"\ncheck: { it: { get: / } }")
			want(t, result(t, p, "it"), tt.outcome, "network:refused", strings.ReplaceAll(tt.reason, "HOST", strings.TrimPrefix(tt.control, "http://")))
			if p.Control.State != tt.state {
				t.Errorf("control: got %+v, want %s", p.Control, tt.state)
			}
		})
	}
	t.Run("another fact answered", func(t *testing.T) {
		w, _ := testWorld()
		p := ask(t, w, "base: "+down+"\nallow_private: true\nconfirm: { off: true }\ncontrol: off\ncheck:\n  it: { get: / }\n  other: { get: "+up+"/ }")
		want(t, result(t, p, "it"), fact.Unreachable, "network:refused", refused)
	})
	t.Run("nobody had to ask", func(t *testing.T) {
		w, _ := testWorld()
		control, asked := script(t, "", 200)
		p := ask(t, w, "base: "+up+"\nallow_private: true\ncontrol: "+control+"\ncheck: { it: { get: / } }")
		if p.Control.State != fact.Skipped || asked.Load() != 0 {
			t.Errorf("got %+v, asked %d times", p.Control, asked.Load())
		}
	})
}

// TestNeeds shows captured values, and that one cause is one alarm.
func TestNeeds(t *testing.T) {
	t.Parallel()
	const shape = `
allow_private: true
confirm: { off: true }
control: off
check:
  product:
    get: /p/{{ api $.data[0].id }}?name={{ api $.data[0].name }}
    text: { contains: "{{ api $.data[0].name }}" }
  api: { get: /api, json: { $.data: { min_items: 1 } } }
`
	tests := []struct {
		name, body string
		asked      string
		outcome    fact.Outcome
		reason     string
	}{
		{"plain", `{"data":[{"id":7,"name":"Olive oil"}]}`, "/p/7?name=Olive+oil", fact.Pass, ""},
		{"encoded", `{"data":[{"id":"../../admin?x=1#y","name":"a&b=c <i>é</i>"}]}`, "/p/..%2F..%2Fadmin%3Fx=1%23y?name=a%26b%3Dc+%3Ci%3E%C3%A9%3C%2Fi%3E", fact.Pass, ""},
		{"a host is only a segment", `{"data":[{"id":"//evil.test/","name":"x"}]}`, "/p/%2F%2Fevil.test%2F?name=x", fact.Pass, ""},
		{"one step up", `{"data":[{"id":"..","name":"x"}]}`, "", fact.Skipped, `api answered $["data"][0]["id"] = "..", which cannot be a segment of a path`},
		{"nothing", `{"data":[{"id":"","name":"x"}]}`, "", fact.Skipped, `api answered $["data"][0]["id"] = "", which cannot be a segment of a path`},
		{"no value", `{"data":[{"name":"x"}]}`, "", fact.Skipped, `nothing to take from api: $["data"][0]["id"] leads to 0 values, not one`},
		{"an object", `{"data":[{"id":{},"name":"x"}]}`, "", fact.Skipped, `nothing to take from api: $["data"][0]["id"] leads to object, not to a plain value`},
		{"a value without end", `{"data":[{"id":"` + strings.Repeat("7", 1025) + `","name":"x"}]}`, "", fact.Skipped, `nothing to take from api: $["data"][0]["id"] leads to a value of 1025 bytes, more than the 1024 that are taken`},
		{"an empty list", `{"data":[]}`, "", fact.Skipped, "it needs api, which is fail"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, _ := testWorld()
			asked := ""
			base := site(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/api" {
					fmt.Fprint(w, tt.body)
					return
				}
				asked = r.RequestURI
				fmt.Fprint(w, "<p>Olive oil x a&amp;b=c &lt;i&gt;é&lt;/i&gt;")
			})
			r := result(t, ask(t, w, "base: "+base+shape), "product")
			if r.Outcome != tt.outcome || r.Reason != tt.reason || asked != tt.asked {
				t.Errorf("got %s %q asking %q\nwant %s %q asking %q", r.Outcome, r.Reason, asked, tt.outcome, tt.reason, tt.asked)
			}
		})
	}
}

// TestTransitions shows accept and known before and after their last day.
func TestTransitions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, check string
		status      int
		outcome     fact.Outcome
		reason      string
		note        string
	}{
		{"accepted on the last day", "accept: { status: 307, until: 2026-03-01, reason: the gate moves }", 307, fact.Pass, "", "307 is accepted until 2026-03-01: the gate moves"},
		{"accepted no more", "accept: { status: 307, until: 2026-02-28, reason: the gate moves }", 307, fact.Fail, "got 307, want 200; it was accepted until 2026-02-28", ""},
		{"the expected one is fine too", "accept: { status: 307, until: 2026-03-01, reason: the gate moves }", 200, fact.Pass, "", ""},
		{"another one is not", "accept: { status: 307, until: 2026-03-01, reason: the gate moves }", 404, fact.Fail, "got 404, want 200", ""},
		{"known on the last day", "known: { until: 2026-03-01, reason: no route yet }", 404, fact.Warn, "got 404, want 200 (known until 2026-03-01: no route yet)", ""},
		{"known no more", "known: { until: 2026-02-28, reason: no route yet }", 404, fact.Fail, "got 404, want 200 (known until 2026-02-28, which is over: no route yet)", ""},
		{"known and mended", "known: { until: 2026-03-01, reason: no route yet }", 200, fact.Pass, "", "it was known to fail (no route yet) and does not: known can go"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, _ := testWorld()
			base, _ := script(t, "", tt.status)
			r := result(t, ask(t, w, faultConfig(t, base, "{ get: /, "+tt.check+" }")), "it")
			if r.Outcome != tt.outcome || r.Reason != tt.reason || r.Note != tt.note {
				t.Errorf("got %s %q %q\nwant %s %q %q", r.Outcome, r.Reason, r.Note, tt.outcome, tt.reason, tt.note)
			}
		})
	}
}

// TestOneConnectionAnAttempt shows fresh connections, HTTP/2, the address and the phases.
func TestOneConnectionAnAttempt(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	w, _ := testWorld()
	w.Roots = ca.pool
	var mu sync.Mutex
	remotes, agents := map[string]int{}, map[string]int{}
	base := secure(t, ca.leaf(t, "site.test", -1, 100, false), nil, func(rw http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		remotes[r.RemoteAddr]++
		agents[r.UserAgent()]++
		rw.WriteHeader(500)
	})
	p := ask(t, w, "base: "+base+"\nallow_private: true\nconfirm: { off: true }\ncontrol: off\ncheck: { it: { get: / } }")
	r := result(t, p, "it")
	if len(remotes) != 3 || agents["boardgate/test"] != 3 {
		t.Errorf("got connections %v and agents %v, want three of one each", remotes, agents)
	}
	for _, a := range r.Attempts {
		tm := a.Timing
		if a.Protocol != "HTTP/2.0" || a.TLS != "TLS 1.3" || *a.DaysLeft != 100 || !strings.HasPrefix(a.Address, "127.0.0.1:") {
			t.Errorf("got %+v", a)
		}
		sum := tm.DNS + tm.Connect + tm.TLS + tm.Wait + tm.Read
		if tm.Connect <= 0 || tm.TLS <= 0 || tm.Wait <= 0 || sum > tm.Total {
			t.Errorf("got phases %+v", tm)
		}
	}
}

// TestAttemptsTakeTurns shows that a dead address of two costs one attempt, not the fact.
func TestAttemptsTakeTurns(t *testing.T) {
	t.Parallel()
	w, _ := testWorld()
	w.Lookup = func(_ context.Context, network, _ string) ([]netip.Addr, error) {
		if network != "ip4" {
			t.Errorf("asked for %s, want ip4", network)
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("127.0.0.1")}, nil
	}
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(saying(t, "text/plain", "x"), "http://"))
	p := ask(t, w, "base: http://site.test:"+port+"\nallow_private: true\nconfirm: { off: true }\ncontrol: off\ncheck: { it: { get: / } }")
	r := result(t, p, "it")
	if r.Outcome != fact.Flaky || r.Attempts[0].Address != "127.0.0.2:"+port || r.Attempts[1].Address != "127.0.0.1:"+port {
		t.Errorf("got %s, attempts %+v", r.Outcome, r.Attempts)
	}
}

// TestGentle shows that a host is asked six times at once at the most.
func TestGentle(t *testing.T) {
	t.Parallel()
	w, _ := testWorld()
	var now, most atomic.Int32
	base := site(t, func(http.ResponseWriter, *http.Request) {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		time.Sleep(10 * time.Millisecond)
		now.Add(-1)
	})
	var checks strings.Builder
	for i := range 30 {
		fmt.Fprintf(&checks, "  f%d: { get: /%d }\n", i, i)
	}
	p := ask(t, w, "base: "+base+plainly+"check:\n"+checks.String())
	if p.Outcome() != fact.Pass || most.Load() != 6 {
		t.Errorf("got %s with %d at once, want 6", p.Outcome(), most.Load())
	}
}

// TestDeadline shows a whole run that ends in time, whatever hangs.
func TestDeadline(t *testing.T) {
	t.Parallel()
	w, _ := testWorld()
	w.Now, w.Sleep = time.Now, sleep
	suite := read(t, "base: "+raw(t, hang)+"\nallow_private: true\ncontrol: off\ndefaults: { timeout: 1s, retry: { backoff: 200ms } }\ncheck: { a: { get: / }, b: { get: /, needs: [c] }, c: { get: / } }")
	start := time.Now()
	p, err := suite.Run(context.Background(), w, Options{Deadline: 2500 * time.Millisecond})
	if took := time.Since(start); err != nil || took > 10*time.Second {
		t.Errorf("took %s, %v", took, err)
	}
	if got := len(result(t, p, "a").Attempts); got != 2 {
		t.Errorf("got %d attempts, want 2: a third does not fit", got)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p, _ = suite.Run(ctx, w, Options{Deadline: 2500 * time.Millisecond})
	if r := result(t, p, "a"); r.Outcome != fact.OutcomeUnknown || !slices.Contains([]string{"cancelled"}, r.Class) {
		t.Errorf("stopped: got %s %s %q", r.Outcome, r.Class, r.Reason)
	}
}

func TestNothingToAsk(t *testing.T) {
	w, _ := testWorld()
	_, err := read(t, "base: https://shop.test").Run(context.Background(), w, Options{Deadline: time.Second})
	if !errors.Is(err, ErrNone) {
		t.Errorf("got %v, want %v", err, ErrNone)
	}
	_, err = read(t, five).Run(context.Background(), w, Options{Deadline: time.Second, Only: []string{"lgin"}})
	if got := fmt.Sprint(err); got != `no fact is named "lgin"; there is healthz, products_api, products, product, login` {
		t.Errorf("got %v", err)
	}
}

func TestOnlyTakesWhatIsNeeded(t *testing.T) {
	t.Parallel()
	w, _ := testWorld()
	suite := read(t, "base: "+saying(t, "text/plain", "x")+plainly+"check:\n  c: { get: /c, needs: b }\n  b: { get: /b, needs: a }\n  a: { get: /a }\n  d: { get: /d }\n")
	p, err := suite.Run(context.Background(), w, Options{Deadline: time.Minute, Only: []string{"c"}})
	if err != nil || p.Line() != "c=200 b=200 a=200" {
		t.Errorf("got %q, %v", p.Line(), err)
	}
}

// TestWait shows waiting for a deploy: the old version, an outage, the new version, stable.
func TestWait(t *testing.T) {
	t.Parallel()
	bodies := []string{`{"sha":"old"}`, "", `{"sha":"new"}`, `{"sha":"old"}`, `{"sha":"new"}`}
	var n atomic.Int32
	base := site(t, func(w http.ResponseWriter, _ *http.Request) {
		body := bodies[min(int(n.Add(1)), len(bodies))-1]
		if body == "" {
			w.WriteHeader(502)
		}
		fmt.Fprint(w, body)
	})
	spec, _ := facts(t, "base: "+base+plainly+"check: { healthz: { get: /healthz } }")
	spec, err := Until(spec, `healthz $.sha == "new"`)
	if err != nil {
		t.Fatal(err)
	}
	suite, problems := Compile(spec)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	w, _ := testWorld()
	var rounds []int
	out, err := suite.WaitUntilGood(context.Background(), w, Waiting{For: time.Minute, Stable: 2, Progress: func(_, good int, _ fact.Production) { rounds = append(rounds, good) }})
	if err != nil || out.Reason != "" || !slices.Equal(rounds, []int{0, 0, 1, 0, 1, 2}) {
		t.Errorf("got %+v, good in a row %v, %v", out, rounds, err)
	}

	n.Store(0)
	out, _ = suite.WaitUntilGood(context.Background(), w, Waiting{For: 13 * time.Second, Stable: 3})
	if out.Reason != "the time was over after 3 rounds; 1 good in a row, want 3" {
		t.Errorf("got %+v", out)
	}
}

func TestConditions(t *testing.T) {
	spec, _ := facts(t, "base: https://shop.test\ncheck: { healthz: { get: / } }")
	tests := map[string]string{
		`healthz $.sha == "abc"`: "$.sha is \"abc\"",
		`healthz $.sha == abc`:   "$.sha is \"abc\"",
		`healthz $.n == 3`:       "$.n is 3",
		`healthz $.ok == true`:   "$.ok is true",
		`healthz $.sha`:          `"healthz $.sha" is not a condition: want FACT JSONPATH == VALUE`,
		`other $.sha == 1`:       `no fact is named "other"`,
		`healthz sha == 1`:       `"sha" is not a JSONPath (RFC 9535): unexpected identifier at position 1`,
	}
	for condition, wanted := range tests {
		got := ""
		if s, err := Until(spec, condition); err != nil {
			got = err.Error()
		} else {
			suite, _ := Compile(s)
			got = suite.checks[0].assertions[0].want
		}
		if got != wanted {
			t.Errorf("%s:\n got %s\nwant %s", condition, got, wanted)
		}
	}
}

// The last round of a wait is as long as what is left of it. What does not answer
// in that time does not respond.
func TestWaitShortensTheLastRound(t *testing.T) {
	t.Parallel()
	base := site(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/late" {
			<-r.Context().Done()
		}
	})
	suite := read(t, "base: "+base+"\nallow_private: true\ncontrol: off\ndefaults: { timeout: 1200ms }\ncheck: { a: { get: / }, late: { get: /late } }\n")
	begun := time.Now()
	got, err := suite.WaitUntilGood(t.Context(), RealWorld("test", nil), Waiting{For: 2500 * time.Millisecond, Every: 100 * time.Millisecond})
	if err != nil || got.Rounds != 2 || got.Last.Results[1].Outcome != fact.Unreachable || time.Since(begun) > 4*time.Second {
		t.Errorf("%d rounds, %v: %+v", got.Rounds, err, got.Last.Results)
	}
}

// Every address of a name answers for itself, where the fact says so.
func TestEveryAddress(t *testing.T) {
	t.Parallel()
	base := saying(t, "text/plain", "x")
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(base, "http://"))
	other, err := net.Listen("tcp4", "127.0.0.2:"+port)
	if err != nil {
		t.Skip("127.0.0.2 is not an address of this machine")
	}
	down := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }))
	down.Listener.Close()
	down.Listener = other
	down.Start()
	t.Cleanup(down.Close)
	w, _ := testWorld()
	w.Lookup = func(_ context.Context, _, host string) ([]netip.Addr, error) {
		if host == "well.test" {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("127.0.0.1")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("127.0.0.2")}, nil
	}
	p := ask(t, w, "base: http://site.test:"+port+"\nallow_private: true\nconfirm: { off: true }\ncontrol: off\n"+
		"check: { all: { get: /, addresses: all }, one: { get: / }, well: { get: 'http://well.test:"+port+"/', addresses: all } }")
	want(t, result(t, p, "all"), fact.Fail, "status", "at 127.0.0.2, one of 2 addresses: got 404, want 200")
	want(t, result(t, p, "one"), fact.Pass, "", "")
	want(t, result(t, p, "well"), fact.Pass, "", "")
	if made := result(t, p, "all").Attempts; len(made) != 2 || made[0].Address != "127.0.0.1:"+port || made[1].Address != "127.0.0.2:"+port {
		t.Errorf("%+v", made)
	}
}
