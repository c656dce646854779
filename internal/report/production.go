package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/text"
)

// ProductionReport returns the report on production by itself, with the verdict
// on production. Production was asked.
func (r *Report) ProductionReport() *Report {
	out := &Report{Tool: r.Tool, Verdict: rule.OfProduction(*r.Production), Production: r.Production, Waiting: r.Waiting}
	if out.Verdict == rule.Passed && r.Waiting != nil && r.Waiting.Reason != "" {
		out.Verdict = rule.Fail // healthy in the end, and not as often as wanted
	}
	return out
}

// ProductionOnly says whether production is all that was looked at.
func (r *Report) ProductionOnly() bool { return r.Case == nil && r.Production != nil }

// ProductionLine says how production is the way people write it:
// "healthz=200 products=200 login=307 -> /auth/login".
func ProductionLine(p fact.Production) string { return text.Visible(p.Line()) }

// productionVerdictLine returns the verdict with the facts behind it, "fail: login":
// our own words and the names of the configuration.
func (r *Report) productionVerdictLine() string {
	var bad []string
	for _, one := range r.Production.Results {
		if !one.Outcome.Good() {
			bad = append(bad, one.Probe.Name+" "+one.Outcome.String())
		}
	}
	switch {
	case len(bad) > 0:
		return r.Verdict.String() + ": " + text.Visible(strings.Join(bad, ", "))
	case r.Verdict == rule.Passed:
		return "pass: " + text.Count(len(r.Production.Results), "fact") + factsTally(*r.Production)
	}
	return r.Verdict.String() + ": did not stay healthy long enough"
}

// factsTally names what is good and not plain: ", 1 flaky, 1 warn".
func factsTally(p fact.Production) string {
	var out strings.Builder
	for _, o := range []fact.Outcome{fact.Flaky, fact.Warn} {
		n := 0
		for _, r := range p.Results {
			if r.Outcome == o {
				n++
			}
		}
		if n > 0 {
			fmt.Fprintf(&out, ", %d %s", n, o)
		}
	}
	return out.String()
}

// line says how the waiting went, empty where nobody waited.
func (w *Waiting) line() string {
	if w == nil {
		return ""
	}
	line := fmt.Sprintf("asked in %s, %d good in a row at the end", text.Count(w.Rounds, "round"), w.Good)
	if w.Reason != "" {
		line += "; " + w.Reason
	}
	return line
}

// whatWasAsked is the request, or the place where a workflow is looked at.
func whatWasAsked(p fact.Probe) string {
	return text.Visible(strings.TrimSpace(p.Method + " " + p.URL))
}

// hasMore says whether a result has more to say than its line in the table.
func hasMore(r fact.Result) bool { return r.Reason != "" || r.Note != "" || len(r.Attempts) > 1 }

// total is how long the last attempt took, 0 where there was none.
func total(r fact.Result) time.Duration {
	if len(r.Attempts) == 0 {
		return 0
	}
	return r.Attempts[len(r.Attempts)-1].Timing.Total
}

// short writes a length of time as a reader wants it; none is a dash.
func short(d time.Duration) string {
	switch {
	case d == 0:
		return "–"
	case d < 10*time.Millisecond:
		return d.Round(100 * time.Microsecond).String()
	case d < 10*time.Second:
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Millisecond).String()
}

// attemptLine says how one attempt of several went.
func attemptLine(n int, a fact.Attempt) string {
	said := a.Reason
	if said == "" {
		said = a.Outcome.String()
	}
	line := fmt.Sprintf("attempt %d", n+1)
	if a.After > 0 {
		line += " after " + short(a.After)
	}
	return fmt.Sprintf("%s: %s (%s)", line, said, short(a.Timing.Total))
}

// attemptLines say how each attempt went where there were several.
func attemptLines(r fact.Result) []string {
	if len(r.Attempts) < 2 {
		return nil
	}
	var out []string
	for i, a := range r.Attempts {
		out = append(out, attemptLine(i, a))
	}
	return out
}

// answeredBy says where the last attempt had its answer, or its silence, from:
// "93.184.216.34:443, HTTP/2.0, TLS 1.3, certificate good for 82 days". Empty
// where nobody was reached.
func answeredBy(r fact.Result) string {
	if len(r.Attempts) == 0 || r.Attempts[len(r.Attempts)-1].Address == "" {
		return ""
	}
	a := r.Attempts[len(r.Attempts)-1]
	parts := slices.DeleteFunc([]string{a.Address, a.Protocol, a.TLS}, func(part string) bool { return part == "" })
	if a.DaysLeft != nil {
		parts = append(parts, "certificate good for "+text.Count(*a.DaysLeft, "day"))
	}
	return strings.Join(parts, ", ")
}

// pictureCells is how wide the slowest fact is drawn.
const pictureCells = 32

const pictureLegend = "n name, c connection, t TLS, w wait, r reading"

// picture draws how long each phase of the facts' last attempts took, one line
// a fact and all on one scale; nil where nothing was timed.
func picture(p fact.Production) []string {
	longest := time.Duration(0)
	width := 0
	for _, r := range p.Results {
		longest = max(longest, total(r))
		width = max(width, cells(text.Visible(r.Probe.Name)))
	}
	if longest == 0 {
		return nil
	}
	var out []string
	for _, r := range p.Results {
		if t := total(r); t > 0 {
			bar := phases(r.Attempts[len(r.Attempts)-1].Timing, longest)
			out = append(out, fmt.Sprintf("%s  %s  %s", pad(text.Visible(r.Probe.Name), width), pad(bar, pictureCells), short(t)))
		}
	}
	return append(out, pictureLegend)
}

// phases draws the phases of one attempt, each rounded to where it ends, so that
// the whole is as long as the attempt.
func phases(t fact.Timing, longest time.Duration) string {
	var b strings.Builder
	var at time.Duration
	for _, one := range []struct {
		letter string
		took   time.Duration
	}{{"n", t.DNS}, {"c", t.Connect}, {"t", t.TLS}, {"w", t.Wait}, {"r", t.Read}} {
		at += one.took
		end := min(int((at*pictureCells+longest/2)/longest), pictureCells)
		b.WriteString(strings.Repeat(one.letter, max(0, end-b.Len())))
	}
	return b.String()
}

// ProductionReasons says of each fact that is not plain why, a line each, without
// how long anything took: "login: got 200, want 307 -> /auth/login".
func ProductionReasons(p fact.Production) []string {
	var out []string
	for _, r := range p.Results {
		if reason := lasting(r); reason != "" {
			out = append(out, text.Visible(r.Probe.Name+": "+reason))
		}
	}
	return out
}
