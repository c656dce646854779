package probe

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/fact"
)

// A drill asks once, at the first address that needs no other's answer, without
// secrets, and cannot be content.
func TestDrill(t *testing.T) {
	t.Parallel()
	var asked []string
	base := site(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path+r.Header.Get("Authorization"))
		w.WriteHeader(500)
	})
	s := read(t, "base: "+base+`
allow_private: true
check:
  item: { get: '/items/{{ api $.id }}' }
  api: { head: /api, headers: { Authorization: 'Bearer {{ env BOARDGATE_TOKEN }}' }, known: { until: 2999-01-01, reason: x } }
workflows: { ci: { file: ci.yml } }`)
	d := s.Drill()
	if len(d.Workflows) != 0 || len(d.Secrets()) != 0 || len(s.checks) != 2 || d.Incident != s.Incident {
		t.Errorf("%+v of %+v", d, s)
	}
	w, c := testWorld()
	p, err := d.Run(context.Background(), w, Options{Deadline: d.Schedule})
	if err != nil {
		t.Fatal(err)
	}
	r := result(t, p, "drill")
	if len(asked) != 1 || asked[0] != "HEAD /api" || len(c.slept) != 0 {
		t.Errorf("asked %q, slept %v", asked, c.slept)
	}
	if r.Outcome != fact.Fail || r.Reason != "got 500, want 599" {
		t.Errorf("%+v", r)
	}
}

func TestDrillWithoutFacts(t *testing.T) {
	d := read(t, "workflows: { ci: { file: ci.yml } }").Drill()
	if _, err := d.Run(context.Background(), World{Now: time.Now}, Options{}); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
}
