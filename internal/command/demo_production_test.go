package command

import (
	"context"
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/fake"
)

// The production of the demo is well until it is broken, and every way to break
// it is seen, or is none of these facts' business.
func TestDemoProduction(t *testing.T) {
	well := "healthz=200 products=200 login=307 -> /auth/login"
	want := map[string]string{
		"":         well,
		"down":     "healthz=unreachable products=unreachable login=unreachable",
		"flaky":    well,
		"healthz":  "healthz=200! products=200 login=307 -> /auth/login",
		"login":    "healthz=200 products=200 login=200\nlogin: got 200, want 307 -> /auth/login",
		"page":     well,
		"products": "healthz=200 products=200! login=307 -> /auth/login",
		"wall":     "healthz=403 products=403 login=403",
	}
	for _, fault := range append([]string{""}, fake.ProductionFaults()...) {
		s, err := newDemoStage(strings.Fields(fault))
		if err != nil {
			t.Fatal(err)
		}
		r, _ := s.gate(context.Background(), "test")
		got := s.productionLines(r)
		if !strings.HasPrefix(strings.Join(got, "\n"), want[fault]) {
			t.Errorf("%s: got %q, want %q", fault, got, want[fault])
		}
		if well := fault == "" || fault == "page"; (len(got) == 1) != well {
			t.Errorf("%q says %q", fault, got)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
