package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/text"
)

// The part of JUnit's XML that both Jenkins and Surefire accept, in the order
// Surefire asks for
// (https://github.com/jenkinsci/xunit-plugin, junit-10.xsd;
// https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd).
type (
	junitSuites struct {
		XMLName  xml.Name `xml:"testsuites"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Time     string   `xml:"time,attr"`
		Suites   []junitSuite
	}
	junitSuite struct {
		XMLName  xml.Name `xml:"testsuite"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Skipped  int      `xml:"skipped,attr"`
		Time     string   `xml:"time,attr"`
		Cases    []junitCase
	}
	junitCase struct {
		XMLName xml.Name      `xml:"testcase"`
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		Time    string        `xml:"time,attr"`
		Failure *junitFailure `xml:"failure"`
		Rerun   []junitRerun  `xml:"rerunFailure"`
		Skipped *junitSkipped `xml:"skipped"`
		Error   *junitFailure `xml:"error"`
		Flaky   []junitRerun  `xml:"flakyFailure"`
		Output  string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
	junitSkipped struct {
		Message string `xml:"message,attr"`
	}
)

// noTime is the duration of a test case: rules are not timed one by one, and
// Surefire wants the attribute.
const noTime = "0"

// JUnit writes a report as JUnit XML: a suite a path, a case a rule, passed ones
// too; of production alone one suite. What decides is a failure, where all that a rule found is waived the case
// is skipped, what else it found is the case's output. Why a verdict is
// unverified is an error in a case of its own. It reads Options.Help.
func JUnit(r *Report, o Options) []byte {
	all := junitSuites{Name: "boardgate", Time: noTime}
	if r.ProductionOnly() {
		all.Suites = []junitSuite{junitProduction(r)}
		all.Time = all.Suites[0].Time
	} else {
		for _, path := range paths(r) {
			all.Suites = append(all.Suites, junitSuiteOf(r, path, o))
		}
	}
	for _, suite := range all.Suites {
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Errors += suite.Errors
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		panic(err) // the types are ours and hold only text and numbers
	}
	// No attribute holds a line break; in texts a plain one reads better.
	text = bytes.ReplaceAll(text, []byte("&#xA;"), []byte("\n"))
	return slices.Concat([]byte(xml.Header), text, []byte("\n"))
}

// paths returns the board's path and the others that findings name.
func paths(r *Report) []string {
	var others []string
	for _, f := range r.Findings {
		if p := pathOf(r, f); p != r.boardPath() {
			others = append(others, p)
		}
	}
	slices.Sort(others)
	return append([]string{r.boardPath()}, slices.Compact(others)...)
}

func pathOf(r *Report, f rule.Finding) string {
	if f.Span.IsZero() {
		return r.boardPath()
	}
	return f.Span.File.Path
}

// junitSuiteOf returns the suite of a path: of the board's with every rule, of
// another with the rules that speak there.
func junitSuiteOf(r *Report, path string, o Options) junitSuite {
	var here []rule.Finding
	for _, f := range r.Findings {
		if pathOf(r, f) == path {
			here = append(here, f)
		}
	}
	name := xmlText(text.Visible(path))
	class := "boardgate." + strings.ReplaceAll(name, ".", "_") // Jenkins takes what is before the last dot for a package
	suite := junitSuite{Name: name, Time: noTime}
	for _, name := range suiteRules(r, path, here) {
		suite.add(junitCaseOf(r, name, here, o), class)
	}
	if path == r.boardPath() && len(r.Reasons) > 0 {
		reasons := xmlText(strings.Join(each(r.Reasons, text.Visible), "\n"))
		suite.add(junitCase{Name: "verified", Error: &junitFailure{Message: "could not find out", Type: "unverified", Text: reasons}}, class)
	}
	return suite
}

func suiteRules(r *Report, path string, here []rule.Finding) []string {
	if path == r.boardPath() {
		names := rulesOf(here)
		if r.Production == nil { // what was not asked has not passed
			names = slices.DeleteFunc(names, func(name string) bool { return name == rule.ProdFacts.Name })
		}
		return names
	}
	var names []string
	for _, f := range here {
		names = append(names, f.Rule)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (s *junitSuite) add(c junitCase, class string) {
	c.Class, c.Time = class, noTime
	s.Tests++
	switch {
	case c.Error != nil:
		s.Errors++
	case c.Failure != nil:
		s.Failures++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

// junitCaseOf returns what one rule says of one path.
func junitCaseOf(r *Report, name string, findings []rule.Finding, o Options) junitCase {
	out := junitCase{Name: name}
	var failures, waived, rest []string
	first := ""
	for _, f := range findings {
		if f.Rule != name {
			continue
		}
		entry := junitText(r, f, o)
		switch {
		case !f.Introduced:
			rest = append(rest, "older "+entry)
		case f.Waived != nil:
			waived = append(waived, entry)
			rest = append(rest, "waived "+entry+"\n  waiver: "+xmlText(because(f.Waived)))
		case r.fails(f.Severity):
			if first == "" {
				first = xmlText(text.Visible(f.Message))
			}
			failures = append(failures, entry)
		default:
			rest = append(rest, entry)
		}
	}
	if len(failures) > 0 {
		out.Failure = &junitFailure{Message: first, Type: name, Text: strings.Join(failures, "\n")}
	} else if len(waived) > 0 {
		out.Skipped = &junitSkipped{Message: text.Count(len(waived), "finding") + " waived"}
	}
	out.Output = strings.Join(rest, "\n")
	return out
}

// junitText returns a finding as lines of plain text.
func junitText(r *Report, f rule.Finding, o Options) string {
	place := r.boardPath()
	if !f.Span.IsZero() {
		place = f.Span.String()
	}
	entry := fmt.Sprintf("%s %s: %s", f.Severity, text.Visible(place), text.Visible(f.Message))
	if f.Hint != "" {
		entry += "\n  hint: " + strings.Join(text.Lines(f.Hint), "\n        ")
	}
	if help := helpFor(o, f.Rule); help != "" {
		entry += "\n  " + help
	}
	return xmlText(entry)
}

// xmlText returns s with nothing in it that XML 1.0 cannot hold (section 2.2)
// and no line that a runner would take for a command.
func xmlText(s string) string {
	all := strings.Split(s, "\n")
	for i, line := range all {
		all[i] = text.Inert(line)
	}
	return strings.Map(xmlRune, strings.Join(all, "\n"))
}

func xmlRune(r rune) rune {
	if r == '\n' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune {
		return r
	}
	return utf8.RuneError
}
