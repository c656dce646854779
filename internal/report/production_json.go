package report

import (
	"time"

	"github.com/boardgate/boardgate/internal/fact"
)

// The facts of the JSON report.
type (
	jsonFact struct {
		Name       string          `json:"name"`
		Verdict    string          `json:"verdict" enum:"pass|flaky|warn|fail|blocked|unreachable|unknown|skipped"`
		Got        string          `json:"got" doc:"The status and where it leads, or a workflow's conclusion; empty where no answer came."`
		Want       string          `json:"want"`
		Reason     string          `json:"reason" doc:"A sentence; empty for a plain pass."`
		Class      string          `json:"class" doc:"What went wrong as a word, network:refused; empty where nothing did."`
		Note       string          `json:"note" doc:"What else is worth saying, of a good result too; empty for none."`
		Excerpt    string          `json:"excerpt" doc:"The place in the body that decided; empty for none, and for a fact that uses a secret."`
		Method     string          `json:"method" doc:"GET or HEAD; empty for a workflow."`
		URL        string          `json:"url" doc:"Of a workflow its latest run's page, else its file."`
		Hops       []string        `json:"hops" doc:"Redirects that were followed."`
		Confirmed  bool            `json:"confirmed" doc:"The confirming pass came to the same."`
		Assertions []jsonAssertion `json:"assertions" doc:"What was expected beyond the status."`
		Attempts   []jsonAttempt   `json:"attempts"`
	}
	jsonAssertion struct {
		Want    string `json:"want"`
		Saw     string `json:"saw" doc:"Empty for a fact that uses a secret."`
		Verdict string `json:"verdict" enum:"pass|warn|fail|unknown"`
		Reason  string `json:"reason"`
	}
	jsonAttempt struct {
		Pass     int        `json:"pass" doc:"1 for the first pass, 2 for the confirming one."`
		Start    string     `json:"start" doc:"RFC 3339."`
		AfterMS  float64    `json:"after_ms" doc:"The pause before it, in milliseconds."`
		Verdict  string     `json:"verdict"`
		Class    string     `json:"class"`
		Reason   string     `json:"reason"`
		Status   int        `json:"status" doc:"0 where no answer came."`
		Address  string     `json:"address"`
		Protocol string     `json:"protocol"`
		TLS      string     `json:"tls"`
		DaysLeft *int       `json:"days_left" doc:"Days until the first certificate of the chain ends; null where none was verified."`
		Bytes    int        `json:"bytes" doc:"Of the body, decompressed."`
		Timing   jsonTiming `json:"timing_ms" doc:"How long each phase took, in milliseconds."`
	}
	jsonTiming struct {
		DNS     float64 `json:"dns"`
		Connect float64 `json:"connect"`
		TLS     float64 `json:"tls"`
		Wait    float64 `json:"wait"`
		Read    float64 `json:"read"`
		Total   float64 `json:"total"`
	}
)

func jsonFacts(p *fact.Production) []jsonFact {
	if p == nil {
		return []jsonFact{}
	}
	return each(p.Results, jsonFactOf)
}

func jsonFactOf(r fact.Result) jsonFact {
	return jsonFact{
		Name: r.Probe.Name, Verdict: r.Outcome.String(), Got: r.Got, Want: r.Probe.Want, Reason: r.Reason, Class: r.Class,
		Note: r.Note, Excerpt: r.Excerpt, Method: r.Probe.Method, URL: r.Probe.URL, Hops: each(r.Hops, unchanged), Confirmed: r.Confirmed,
		Assertions: each(r.Assertions, jsonAssertionOf), Attempts: each(r.Attempts, jsonAttemptOf),
	}
}

func jsonAssertionOf(a fact.Assertion) jsonAssertion {
	return jsonAssertion{Want: a.Want, Saw: a.Saw, Verdict: a.Outcome.String(), Reason: a.Reason}
}

func jsonAttemptOf(a fact.Attempt) jsonAttempt {
	return jsonAttempt{
		Pass: a.Pass, Start: a.Start.UTC().Format(time.RFC3339Nano), AfterMS: milliseconds(a.After),
		Verdict: a.Outcome.String(), Class: a.Class, Reason: a.Reason, Status: a.Status,
		Address: a.Address, Protocol: a.Protocol, TLS: a.TLS, DaysLeft: a.DaysLeft, Bytes: int(a.Bytes),
		Timing: jsonTiming{
			DNS: milliseconds(a.Timing.DNS), Connect: milliseconds(a.Timing.Connect), TLS: milliseconds(a.Timing.TLS),
			Wait: milliseconds(a.Timing.Wait), Read: milliseconds(a.Timing.Read), Total: milliseconds(a.Timing.Total),
		},
	}
}

// milliseconds returns a length of time to the microsecond.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
