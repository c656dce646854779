package publish

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/fake/runner"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// judged is the report on a change from one text of the board to another.
func judged(before, after string) *report.Report {
	words := board.DefaultWords()
	parse := func(text string) *board.Board { return board.Parse(source.NewFile(boardPath, []byte(text)), words) }
	c := &rule.Case{
		Head: parse(after), Base: parse(before), BaseKind: rule.Present, Policy: config.Default(),
		HeadWords: words, BaseWords: words, Now: noon, Pull: 5, BoardPath: boardPath,
	}
	c.Changes = compare.Boards(c.Base, c.Head)
	j := rule.Judge(c)
	return &report.Report{Tool: "test", Verdict: j.Verdict(rule.Error), Case: c, Findings: j.Findings}
}

const (
	calm  = "# Board\n\n## WIP (1 item only)\n\n### Pass 7 Login\n\n**DoD**:\n- [ ] GET /login answers 307\n\n## NEXT\n\n## DONE\n"
	broke = "# Board\n\n## WIP (1 item only)\n\n### Pass 7 Login\n\n**DoD**:\n- [ ] GET /login answers 307\n\n### Pass 8 Search\n\n**DoD**:\n- [ ] GET /search answers 200\n\n## NEXT\n\n## DONE\n"
)

func TestContentOfARedReport(t *testing.T) {
	r := judged(calm, broke)
	c := ContentOf(r, Options{CheckRun: true, Comment: "on-findings", Name: "web", RunURL: "https://ghe.example/acme/shop/actions/runs/7"})
	if c.Check.Name != "boardgate report: web" || c.Check.Conclusion != "failure" || c.Check.Title != report.VerdictLine(r) {
		t.Errorf("check %q %q %q", c.Check.Name, c.Check.Conclusion, c.Check.Title)
	}
	first := c.Check.Annotations[0]
	if first.Title != "boardgate: wip-limit" || first.Level != "failure" || first.Path != boardPath || first.StartLine != 3 {
		t.Errorf("first annotation %+v", first)
	}
	if c.Comment.When != Whatever || !strings.Contains(c.Comment.Body, "wip-limit") || !strings.Contains(c.Comment.Body, "/actions/runs/7") {
		t.Errorf("comment %+v", c.Comment)
	}
	want := []Output{{"verdict", "fail"}, {"errors", "1"}, {"warnings", "1"}, {"notices", "0"}, {"wip", "2"}, {"next", "0"}, {"done-added", "0"}, {"facts", ""}, {"issue-number", ""}}
	if diff := cmp.Diff(want[:2], c.Outputs[:2]); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[4:], c.Outputs[4:]); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
}

func TestContentOfAGreenReport(t *testing.T) {
	c := ContentOf(judged(calm, calm), Options{CheckRun: true, Comment: "on-findings"})
	if c.Check.Conclusion != "success" || c.Comment.When != IfThere || len(c.Check.Annotations) != 0 {
		t.Errorf("content %+v", c)
	}
	if c := ContentOf(judged(calm, calm), Options{Comment: "always"}); c.Comment.When != Whatever || c.Check.Name != "" {
		t.Errorf("always: %+v", c)
	}
	if c := ContentOf(judged(calm, broke), Options{Comment: "never"}); c.Comment.When != Never {
		t.Errorf("never: %+v", c.Comment)
	}
}

// What could not be verified is not a success, whatever was found.
func TestUnverified(t *testing.T) {
	r := judged(calm, calm)
	r.Verdict, r.Reasons = rule.Unverified, []string{"The base could not be read."}
	c := ContentOf(r, Options{CheckRun: true, Comment: "on-findings"})
	if c.Check.Conclusion != "failure" || c.Comment.When != Whatever || !strings.HasPrefix(c.Check.Title, "unverified") {
		t.Errorf("check %+v, comment %+v", c.Check, c.Comment)
	}
}

func TestWholeReportPublished(t *testing.T) {
	s := set(t, true)
	r := s.publish(ContentOf(judged(calm, broke), Options{CheckRun: true, Comment: "on-findings"}))
	for _, receipt := range r.Receipts {
		if receipt.State != Done {
			t.Errorf("%+v", receipt)
		}
	}
	if a := s.repo.CheckRuns()[0].Annotations; len(a) == 0 || !strings.Contains(a[0].Message, "WIP") {
		t.Errorf("annotations %+v", a)
	}
}

// A board of 300 findings fits everywhere.
func TestThreeHundredFindings(t *testing.T) {
	var after strings.Builder
	after.WriteString("# Board\n\n## WIP (1 item only)\n\n")
	for i := range 300 {
		fmt.Fprintf(&after, "### Pass %d Η δουλειά με ένα μακρύ όνομα 🎉 %s\n\n", i, strings.Repeat("μακρύ ", 60))
	}
	s := set(t, true)
	c := ContentOf(judged(calm, after.String()), Options{CheckRun: true, Comment: "on-findings"})
	if len(c.Check.Annotations) < 300 {
		t.Fatalf("%d annotations, want 300 or more", len(c.Check.Annotations))
	}
	r := s.publish(c)
	for _, receipt := range r.Receipts {
		if receipt.State != Done {
			t.Errorf("%+v", receipt)
		}
	}
	if got := len(s.repo.CheckRuns()[0].Annotations); got != len(c.Check.Annotations) {
		t.Errorf("%d annotations, want %d", got, len(c.Check.Annotations))
	}
}

// 1,000 hostile boards through everything that is printed or written: the
// runner carries out the annotations that were meant and no more, whether they
// are written here or by the report's own format.
func TestHostileBoards(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	s := set(t, false)
	p := s.publisher()
	p.Client = nil
	for range 1000 {
		var after strings.Builder
		after.WriteString("# Board\n\n## WIP (1 item only)\n\n")
		for range 2 + r.IntN(4) {
			fmt.Fprintf(&after, "### %s\n\n- #%d %s\n\n", hostile(r), r.IntN(99), hostile(r))
		}
		fmt.Fprintf(&after, "## NEXT\n\n1. %s\n1. %s\n\n## DONE\n\n- %s\n", hostile(r), hostile(r), hostile(r))
		rep := judged(calm, after.String())
		c := ContentOf(rep, Options{Comment: "always", Name: hostile(r)})
		want := map[string]int{}
		for _, a := range c.Check.Annotations {
			want[word(a.Level)]++
		}
		if diff := cmp.Diff(want, counted(string(report.GitHub(rep, report.Options{})))); diff != "" {
			t.Fatalf("the report's commands (-want +got):\n%s\nboard:\n%q", diff, after.String())
		}
		for level, n := range want {
			want[level] = min(n, perLevel)
		}
		s.log.Reset()
		clear(s.files)
		p.Publish(context.Background(), s.target, c)
		p.Log.Lines(string(report.Text(rep, report.Options{})))
		if diff := cmp.Diff(want, counted(s.log.String())); diff != "" {
			t.Fatalf("commands (-want +got):\n%s\nboard:\n%q\nlog:\n%s", diff, after.String(), s.log.String())
		}
		got, err := readOutputs(s.files["output"])
		if err != nil || len(got) != 11 || got[0].Name != "verdict" {
			t.Fatalf("outputs %q, %v", got, err)
		}
		if _, err := runner.Summary(s.files["summary"]); err != nil || bytes.Contains([]byte(s.files["summary"]), []byte{0}) {
			t.Fatalf("summary %q, %v", s.files["summary"], err)
		}
	}
}

func counted(log string) map[string]int {
	out := map[string]int{}
	for _, c := range runner.Commands(log) {
		out[c.Name]++
	}
	return out
}

func TestNameIsNoCommand(t *testing.T) {
	w := Options{Name: "x\n::error::y"}
	if got := w.checkName(CheckName); strings.Contains(got, "\n") {
		t.Errorf("%q", got)
	}
}

// The report and production share the one job summary there is.
func TestSummaryHoldsBoth(t *testing.T) {
	r := judged(calm, calm+strings.Repeat("- **A rather long title of an item that nobody cites** (2026-03-12)\n", 9000))
	r.Production = &fact.Production{}
	for n := range 200 {
		r.Production.Results = append(r.Production.Results, fact.Result{Probe: fact.Probe{Name: fmt.Sprint("fact-", n), Want: "200"}, Outcome: fact.Fail, Reason: strings.Repeat("long ", 60)})
	}
	c := ContentOf(r, Options{FactsCheck: true})
	if len(c.Summary) > MaxJobSummary || len(c.Facts.Summary) > github.MaxSummary {
		t.Errorf("%d bytes of %d, %d bytes of %d", len(c.Summary), MaxJobSummary, len(c.Facts.Summary), github.MaxSummary)
	}
	for _, part := range []string{"## boardgate fail", "## prod-facts fail"} {
		if !strings.Contains(c.Summary, part) {
			t.Errorf("the summary lacks %q", part)
		}
	}
}

// What an incident says of before, also where its marker does not say when.
func TestFactsLead(t *testing.T) {
	at := time.Date(2026, 3, 12, 9, 5, 0, 0, time.UTC)
	for _, test := range []struct {
		incident fact.Incident
		want     string
	}{
		{fact.Incident{}, ""},
		{fact.Incident{State: fact.IncidentOpen, Number: 7, Since: at}, "Production was not well before this change: #7, since 2026-03-12 09:05 UTC."},
		{fact.Incident{State: fact.IncidentOpen, Number: 7}, "Production was not well before this change: #7."},
		{fact.Incident{State: fact.IncidentStale, Number: 7, Updated: at}, "#7 is open, but no run has updated it since 2026-03-12 09:05 UTC, so it does not say how production was before this change."},
		{fact.Incident{State: fact.IncidentStale, Number: 7}, "#7 is open, but no run has updated it, so it does not say how production was before this change."},
	} {
		c := &rule.Case{Facts: fact.Answers{Incident: test.incident}}
		r := &report.Report{Case: c, Production: &fact.Production{Results: []fact.Result{{Outcome: fact.Pass}}}}
		if got := strings.TrimSpace(factsLead(r)); got != test.want {
			t.Errorf("%+v: %q", test.incident, got)
		}
	}
}
