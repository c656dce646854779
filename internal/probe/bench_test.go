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

// roundTrip is the time there and back that the delayed connections have.
const roundTrip = 50 * time.Millisecond

// parcel is what is under way on a line with a delay.
type parcel struct {
	due   time.Time
	bytes []byte
}

// proxy carries connections to an address with half a round trip each way.
func proxy(t testing.TB, to string) string {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp4", to)
			if err != nil {
				near.Close()
				return
			}
			go carry(near, far)
			go carry(far, near)
		}
	}()
	return l.Addr().String()
}

// carry hands on what is read half a round trip later, in order and without a bound on what is under way.
func carry(from, to net.Conn) {
	parcels := make(chan parcel, 1024)
	go func() {
		defer to.Close()
		for p := range parcels {
			time.Sleep(time.Until(p.due))
			if _, err := to.Write(p.bytes); err != nil {
				return
			}
		}
	}()
	defer close(parcels)
	for {
		b := make([]byte, 16<<10)
		n, err := from.Read(b)
		if n > 0 {
			parcels <- parcel{time.Now().Add(roundTrip / 2), b[:n]}
		}
		if err != nil {
			return
		}
	}
}

// far is a world in which every connection takes a round trip to come about
// and is delayed from then on.
func far(t testing.TB, w World, base string) World {
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(base, "https://"))
	through := proxy(t, "127.0.0.1:"+port)
	w.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		time.Sleep(roundTrip)
		return (&net.Dialer{}).DialContext(ctx, network, through)
	}
	return w
}

// production is a site with TLS, and a suite of facts about it.
func production(t testing.TB, hosts, facts int) (*Suite, World, string) {
	ca := newAuthority(t)
	w, _ := testWorld()
	w.Roots, w.Sleep = ca.pool, sleep
	base := secure(t, ca.leaf(t, "*.site.test", -1, 100, false), nil, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"status":"ok","data":[{"id":1}]}`)
	})
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(base, "https://"))
	var checks strings.Builder
	for i := range facts {
		fmt.Fprintf(&checks, "  f%d: { get: 'https://h%d.site.test:%s', content_type: application/json, json: { $.status: ok, $.data: { min_items: 1 } } }\n", i, i%hosts, port)
	}
	return read(t, "base: https://h0.site.test:"+port+"\nallow_private: true\ncontrol: off\ncheck:\n"+checks.String()), w, base
}

func runAll(t testing.TB, s *Suite, w World) {
	p, err := s.Run(context.Background(), w, Options{Deadline: s.Schedule})
	if err != nil || p.Outcome() != fact.Pass {
		t.Fatalf("%v: %s", err, p.Line())
	}
}

// TestManyFacts asks 500 facts of 100 hosts, for their answers; how long that
// takes is for the benchmarks to show.
func TestManyFacts(t *testing.T) {
	s, w, _ := production(t, 100, 500)
	runAll(t, s, w)
}

func BenchmarkFiveFactsAt50ms(b *testing.B) {
	s, w, base := production(b, 1, 5)
	w = far(b, w, base)
	for b.Loop() {
		runAll(b, s, w)
	}
}

func BenchmarkFactsOnLoopback(b *testing.B) {
	for _, size := range []struct{ hosts, facts int }{{1, 1}, {1, 5}, {10, 50}, {100, 500}} {
		b.Run(fmt.Sprintf("%d_of_%d", size.facts, size.hosts), func(b *testing.B) {
			s, w, _ := production(b, size.hosts, size.facts)
			for b.Loop() {
				runAll(b, s, w)
			}
		})
	}
}

func BenchmarkRendered(b *testing.B) {
	page := []byte(strings.Repeat(`<div class="card"><a href="/p/1">Ελαιόλαδο &amp; ελιές</a><span>12<!-- --> τεμάχια</span></div>`, 10_000))
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		rendered(page)
	}
}

func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		spec, _ := facts(b, five)
		Compile(spec)
	}
}
