package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/rule"
)

// element is what both Jenkins' junit-10.xsd and Surefire's
// surefire-test-report.xsd allow of an element that is written here: Surefire
// is the stricter, and does not know testsuites.
type element struct {
	required, allowed []string
	children          []string // in this order
	many              bool     // whether a child may come more than once
}

var junitElements = map[string]element{
	"testsuites": {allowed: []string{"name", "time", "tests", "failures", "errors"}, children: []string{"testsuite"}, many: true},
	"testsuite": {
		required: []string{"name", "tests", "errors", "skipped", "failures"}, allowed: []string{"time", "group"},
		children: []string{"testcase"}, many: true,
	},
	"testcase": {
		required: []string{"name", "time"}, allowed: []string{"classname", "group"},
		children: []string{"failure", "skipped", "error", "system-out"},
	},
	"failure":    {required: []string{"type"}, allowed: []string{"message"}},
	"error":      {required: []string{"type"}, allowed: []string{"message"}},
	"skipped":    {allowed: []string{"message"}},
	"system-out": {},
}

// surefireTime is the pattern of Surefire's type SUREFIRE_TIME.
var surefireTime = regexp.MustCompile(`^(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]{0,3})?$`)

// node is an element as it stands in a document.
type node struct {
	name     string
	attrs    map[string]string
	text     string
	children []*node
}

func readXML(t testing.TB, text []byte) *node {
	t.Helper()
	root := &node{}
	path := []*node{root}
	d := xml.NewDecoder(bytes.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root.children[0]
		}
		if err != nil {
			t.Fatalf("%v in:\n%s", err, text)
		}
		top := path[len(path)-1]
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{name: token.Name.Local, attrs: map[string]string{}}
			for _, a := range token.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			top.children = append(top.children, n)
			path = append(path, n)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			top.text += string(token)
		}
	}
}

// wrong returns what the schemas have against a node and those in it.
func (n *node) wrong() []string {
	rules, known := junitElements[n.name]
	if !known {
		return []string{"no element " + n.name}
	}
	var out []string
	for _, a := range rules.required {
		if _, ok := n.attrs[a]; !ok {
			out = append(out, n.name+" lacks "+a)
		}
	}
	for a, value := range n.attrs {
		if !slices.Contains(rules.required, a) && !slices.Contains(rules.allowed, a) {
			out = append(out, n.name+" has "+a)
		}
		if a == "time" && !surefireTime.MatchString(value) {
			out = append(out, n.name+" takes "+value)
		}
	}
	last := -1
	for _, c := range n.children {
		at := slices.Index(rules.children, c.name)
		if at < 0 || at < last || at == last && !rules.many {
			out = append(out, n.name+" holds "+c.name+" where it may not")
		}
		last = at
		out = append(out, c.wrong()...)
	}
	if len(rules.children) > 0 && strings.TrimSpace(n.text) != "" {
		out = append(out, n.name+" holds text")
	}
	return append(out, n.miscounted()...)
}

// miscounted compares a suite's numbers with its cases.
func (n *node) miscounted() []string {
	if n.name != "testsuite" {
		return nil
	}
	got := map[string]int{"tests": len(n.children)}
	for _, c := range n.children {
		for _, outcome := range c.children {
			got[map[string]string{"failure": "failures", "error": "errors", "skipped": "skipped"}[outcome.name]]++
		}
	}
	var out []string
	for _, name := range []string{"tests", "failures", "errors", "skipped"} {
		if n.attrs[name] != strconv.Itoa(got[name]) {
			out = append(out, fmt.Sprintf("%s says %s %s and has %d", n.attrs["name"], n.attrs[name], name, got[name]))
		}
	}
	return out
}

func TestJUnitIsValid(t *testing.T) {
	reports := bare(t)
	for seed := range uint64(200) {
		reports[fmt.Sprint("hostile ", seed)] = hostileReport(seed)
	}
	for name, r := range reports {
		t.Run(name, func(t *testing.T) {
			text := JUnit(r, Options{})
			root := readXML(t, text)
			if diff := cmp.Diff([]string(nil), root.wrong()); diff != "" || root.name != "testsuites" {
				t.Errorf("%s\n%s", diff, text)
			}
			if i := bytes.IndexFunc(text, func(r rune) bool { return r != '\n' && hidden(r) }); i >= 0 {
				t.Errorf("something invisible at %d of\n%s", i, text)
			}
			if all, _ := commands(text); len(all) > 0 {
				t.Errorf("a runner obeys %+v", all)
			}
		})
	}
}

// TestJUnitCases tells what becomes of each kind of finding.
func TestJUnitCases(t *testing.T) {
	story := func(r *Report) (out []string) {
		for _, c := range readXML(t, JUnit(r, Options{})).children[0].children {
			line := c.attrs["classname"] + " " + c.attrs["name"]
			for _, o := range c.children {
				line += " " + o.name
			}
			out = append(out, line)
		}
		return out
	}
	r := sample(t)
	r.Findings[3].Rule = "dod-measurable"
	want := []string{
		"boardgate.docs/NEXT-7D_md dod-measurable system-out",
		"boardgate.docs/NEXT-7D_md dod-required skipped system-out",
		"boardgate.docs/NEXT-7D_md done-date system-out",
		"boardgate.docs/NEXT-7D_md done-merged system-out",
		"boardgate.docs/NEXT-7D_md done-reference failure",
		"boardgate.docs/NEXT-7D_md item-lost system-out",
		"boardgate.docs/NEXT-7D_md wip-limit failure",
	}
	got := slices.DeleteFunc(story(r), func(s string) bool { return strings.Count(s, " ") < 2 }) // rules that found nothing
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	r.FailOn, r.Reasons = rule.Warning, []string{"The base could not be read."}
	got = slices.DeleteFunc(story(r), func(s string) bool { return !strings.Contains(s, "failure") && !strings.Contains(s, "error") })
	want = []string{
		"boardgate.docs/NEXT-7D_md dod-measurable failure",
		"boardgate.docs/NEXT-7D_md done-reference failure",
		"boardgate.docs/NEXT-7D_md item-lost failure",
		"boardgate.docs/NEXT-7D_md wip-limit failure",
		"boardgate.docs/NEXT-7D_md verified error",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("warnings fail (-want +got)\n%s", diff)
	}
}

// TestJUnitText shows a failure as a person reads it.
func TestJUnitText(t *testing.T) {
	r := sample(t)
	r.Findings = r.Findings[2:3]
	r.Findings[0].Hint = "one\n::two ##[x"
	want := "      <failure message=\"&#34;Pay by card&#34; comes into DONE and cites no pull request.\" type=\"done-reference\">" +
		"error docs/NEXT-7D.md:14:3: &#34;Pay by card&#34; comes into DONE and cites no pull request.\n" +
		"  hint: one\n        ⟨::⟩two ##⟨[⟩x\n  https://example.com/done-reference.md</failure>\n"
	if got := string(JUnit(r, Options{Help: "https://example.com/"})); !strings.Contains(got, want) {
		t.Errorf("no\n%s\nin\n%s", want, got)
	}
}

func TestXMLText(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"a\nb", "a\nb"}, {"a\x00b\x0b", "a\uFFFDb\uFFFD"}, {"\uFFFE", "\uFFFD"}, {"x\n  ::error::y", "x\n  ⟨::⟩error::y"}, {"👩", "👩"},
	} {
		if got := xmlText(tt.in); got != tt.want {
			t.Errorf("xmlText(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// A rule about production has neither passed nor failed where nobody asked it.
func TestJUnitOfWhatWasNotAsked(t *testing.T) {
	r := sample(t)
	if bytes.Contains(JUnit(r, Options{}), []byte(`name="prod-facts"`)) {
		t.Error("production was not asked, and has a case")
	}
	r.Production = &fact.Production{}
	if !bytes.Contains(JUnit(r, Options{}), []byte(`name="prod-facts"`)) {
		t.Error("production was asked, and has no case")
	}
}
