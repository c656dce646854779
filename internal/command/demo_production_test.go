package command

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/fake"
)

// The production of the demo is well until it is broken, and every way to break
// it is seen or is none of these facts' business.
func TestDemoProduction(t *testing.T) {
	p := &Process{Getenv: func(string) string { return "" }, Version: "test"}
	well := "healthz=200 products=200 login=307 -> /auth/login\n"
	want := map[string]string{
		"":         well,
		"down":     "healthz=unknown products=unknown login=unknown\n",
		"flaky":    well,
		"healthz":  well,
		"login":    "healthz=200 products=200 login=200\n  login: got 200, want 307 -> /auth/login\n",
		"page":     well,
		"products": well,
		"wall":     "healthz=403 products=403 login=403\n",
	}
	for _, fault := range append([]string{""}, fake.ProductionFaults()...) {
		got, err := p.demoProductionLines(context.Background(), strings.Fields(fault)...)
		if err != nil {
			t.Fatal(err)
		}
		line, reasons, _ := strings.Cut(string(got), "\n")
		wantLine, wantReasons, _ := strings.Cut(want[fault], "\n")
		if line != wantLine || fault == "login" && reasons != wantReasons {
			t.Errorf("%s: %s", fault, cmp.Diff(want[fault], string(got)))
		}
		if well := fault == "" || fault == "page"; (reasons == "") != well {
			t.Errorf("%q says %q", fault, reasons)
		}
	}
	if _, err := p.demoProductionLines(context.Background(), "earthquake"); err == nil || !slices.Contains(strings.Fields(err.Error()), `"earthquake";`) {
		t.Errorf("got %v", err)
	}
}
