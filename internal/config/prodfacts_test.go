package config_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
)

const section = `board: a.md
prod-facts:
  base: https://example.com
  ip: 4
  parallel: 0x10
  defaults: { timeout: 10s, tls: { min: 1.3, verify: true } }
  check:
    login: # ü
      get: "/login?ü={{ x $.data[0].id }}"
      expect: [200, 307 -> /auth/login]
      json: { $.status: ok, '$[''a'']': -1, $.data: { min_items: 1 }, '$.data[0].id': ~ }
      needs: healthz
    login.json:
      get: |
        /x
      headers: {X-Day: 2026-03-01}
`

func sectionOf(t *testing.T) *config.ProdFacts {
	t.Helper()
	got := read(section)
	if len(got.Faults) > 0 {
		t.Fatal(allShown(got.Faults))
	}
	return got.Policy.ProdFacts
}

func TestProdFactsMapping(t *testing.T) {
	type m = fact.Mapping
	want := m{
		{Key: "base", Value: "https://example.com"},
		{Key: "ip", Value: uint64(4)},
		{Key: "parallel", Value: "0x10"},
		{Key: "defaults", Value: m{{Key: "timeout", Value: "10s"}, {Key: "tls", Value: m{{Key: "min", Value: 1.3}, {Key: "verify", Value: true}}}}},
		{Key: "check", Value: m{
			{Key: "login", Value: m{
				{Key: "get", Value: "/login?ü={{ x $.data[0].id }}"},
				{Key: "expect", Value: []any{uint64(200), "307 -> /auth/login"}},
				{Key: "json", Value: m{
					{Key: "$.status", Value: "ok"},
					{Key: "$['a']", Value: int64(-1)},
					{Key: "$.data", Value: m{{Key: "min_items", Value: uint64(1)}}},
					{Key: "$.data[0].id", Value: nil},
				}},
				{Key: "needs", Value: "healthz"},
			}},
			{Key: "login.json", Value: m{{Key: "get", Value: "/x\n"}, {Key: "headers", Value: m{{Key: "X-Day", Value: "2026-03-01"}}}}},
		}},
	}
	if diff := cmp.Diff(want, sectionOf(t).Mapping()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Every path of the section leads to its value, however its keys are written.
func TestProdFactsPlace(t *testing.T) {
	p := sectionOf(t)
	for _, test := range []struct {
		path string
		key  bool
		want string
	}{
		{"$", false, `2:1 "prod-facts"`},
		{"$.base", false, `3:9 "https://example.com"`},
		{"$.base", true, `3:3 "base"`},
		{"$.control", false, `2:1 "prod-facts"`},
		{"$.defaults.tls.min", false, `6:41 "1.3"`},
		{"$.defaults.tls", false, `6:29 "tls"`},
		{"$.check.login", false, `8:5 "login"`},
		{"$.check.login.get", false, `9:12 "\"/login?ü={{ x $.data[0].id }}\""`},
		{"$.check.login.head", false, `8:5 "login"`},
		{"$.check.login.expect[1]", false, `10:21 "307 -> /auth/login"`},
		{"$.check.login.expect[9]", false, `10:7 "expect"`},
		{"$.check.login.json.'$.status'", false, `11:25 "ok"`},
		{"$.check.login.json.'$['a']'", false, `11:41 "-1"`},
		{"$.check.login.json.'$.data'.min_items", false, `11:66 "1"`},
		{"$.check.login.json.'$.data'.max", false, `11:45 "$.data"`},
		{"$.check.login.json.'$.data[0].id'", false, `11:71 "'$.data[0].id'"`},
		{"$.check.login.needs[0]", false, `12:14 "healthz"`},
		{"$.check.'login.json'.headers.X-Day", false, `16:24 "2026-03-01"`},
		{"$.check.log", false, `7:3 "check"`},
	} {
		at := p.Place(test.path, test.key)
		from := at.From()
		if got := fmt.Sprintf("%d:%d %q", from.Line, from.Column, at.Text()); got != test.want {
			t.Errorf("Place(%s, %v) = %s, want %s", test.path, test.key, got, test.want)
		}
	}
}
