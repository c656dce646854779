package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/text"
)

// junitRerun is an attempt that was not the last, as Surefire and Jenkins read
// it: flakyFailure where a later one passed, rerunFailure where none did.
type junitRerun struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Stack   string `xml:"stackTrace"`
}

// junitProduction returns the suite of production, a case a fact. What could not
// be found out is an error, what was not asked is a skipped case, attempts that
// were made again are marked.
func junitProduction(r *Report) junitSuite {
	suite := junitSuite{Name: "prod-facts", Time: seconds(r.Production.Duration)}
	for _, one := range r.Production.Results {
		suite.add(junitFact(one), "boardgate.prod-facts")
		suite.Cases[len(suite.Cases)-1].Time = seconds(took(one))
	}
	if r.Waiting != nil && r.Waiting.Reason != "" {
		reason := xmlText(text.Visible(r.Waiting.Reason))
		suite.add(junitCase{Name: "waiting", Failure: &junitFailure{Message: reason, Type: "waiting", Text: reason}}, "boardgate.prod-facts")
	}
	for _, remark := range r.Remarks {
		suite.add(junitCase{Name: "note", Skipped: &junitSkipped{Message: xmlText(text.Visible(remark))}}, "boardgate.prod-facts")
	}
	return suite
}

func junitFact(r fact.Result) junitCase {
	out := junitCase{Name: xmlText(text.Visible(r.Probe.Name)), Output: xmlText(strings.Join(factLines(r), "\n"))}
	reason := xmlText(text.Visible(r.Reason))
	switch r.Outcome {
	case fact.Fail, fact.Unreachable:
		out.Failure = &junitFailure{Message: reason, Type: r.Class, Text: reason}
		out.Rerun = reruns(r)
	case fact.OutcomeUnknown, fact.Blocked:
		out.Error = &junitFailure{Message: reason, Type: r.Class, Text: reason}
	case fact.Skipped:
		out.Skipped = &junitSkipped{Message: reason}
	case fact.Flaky:
		out.Flaky = reruns(r)
	}
	return out
}

// reruns are all attempts but the last.
func reruns(r fact.Result) []junitRerun {
	var out []junitRerun
	for i := range max(0, len(r.Attempts)-1) {
		a := r.Attempts[i]
		out = append(out, junitRerun{Message: xmlText(text.Visible(a.Reason)), Type: a.Class, Stack: xmlText(text.Visible(attemptLine(i, a)))})
	}
	return out
}

// factLines say what was asked, what came and where it was found.
func factLines(r fact.Result) []string {
	out := []string{
		whatWasAsked(r.Probe),
		"got " + text.Visible(orNone(r.Got)) + ", want " + text.Visible(r.Probe.Want),
	}
	for _, said := range [][2]string{{"reason: ", r.Reason}, {"note: ", r.Note}, {"there: ", r.Excerpt}} {
		if said[1] != "" {
			out = append(out, said[0]+text.Visible(said[1]))
		}
	}
	if from := answeredBy(r); from != "" {
		out = append(out, "asked at "+text.Visible(from))
	}
	return append(out, each(append(attemptLines(r), r.Hops...), text.Visible)...)
}

// took is how long all attempts took together, pauses not counted.
func took(r fact.Result) time.Duration {
	var sum time.Duration
	for _, a := range r.Attempts {
		sum += a.Timing.Total
	}
	return sum
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
