package fact

import (
	"fmt"
	"strings"
	"time"
)

// Outcome is the verdict on a fact of production. The zero Outcome is
// OutcomeUnknown: it could not be found out.
type Outcome uint8

// The outcomes of a fact.
const (
	OutcomeUnknown Outcome = iota // not found out: no network here, an address denied, no time left
	Pass                          // as expected, at the first attempt
	Flaky                         // as expected, after an attempt that was not
	Warn                          // as expected or a known fault, and something to look at
	Fail                          // production answered, and not as expected
	Blocked                       // a bot wall answered in production's place
	Unreachable                   // no answer, and the runner's own network works
	Skipped                       // not asked: a fact it needs did not pass, or a secret was not at hand
)

var outcomeNames = [...]string{"unknown", "pass", "flaky", "warn", "fail", "blocked", "unreachable", "skipped"}

// String returns the outcome's word: "pass", "flaky" and so on.
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return fmt.Sprintf("Outcome(%d)", uint8(o))
}

// MarshalText writes the outcome's word.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Good reports whether production was found as it should be, or near enough:
// Pass, Flaky and Warn.
func (o Outcome) Good() bool { return o == Pass || o == Flaky || o == Warn }

// Rank orders outcomes by how much they decide for a whole run: Skipped 0,
// Pass 1, Flaky 2, Warn 3, OutcomeUnknown and Blocked 4, Unreachable 5, Fail 6.
func (o Outcome) Rank() int {
	switch o {
	case Skipped:
		return 0
	case Pass:
		return 1
	case Flaky:
		return 2
	case Warn:
		return 3
	case Unreachable:
		return 5
	case Fail:
		return 6
	}
	return 4
}

// Probe is one question to production, or about a workflow, in the form in which it may be shown:
// no secret and no captured value of a fact that uses one is in it.
type Probe struct {
	Name   string
	Method string // GET or HEAD; empty for a workflow
	URL    string // absolute; of a workflow its file's path where no page is known
	Want   string // the status, and where it leads: "200", "307 -> /auth/login"; of a workflow "success within 26h"
}

// Timing is how long each phase of an attempt took. A phase that was not
// reached, or not needed (DNS for a literal address, TLS for http), is zero.
// Where redirects were followed, each phase is the sum over the hops.
type Timing struct {
	DNS     time.Duration
	Connect time.Duration
	TLS     time.Duration
	Wait    time.Duration // from the connection to the first byte of the answer
	Read    time.Duration // from there to the last byte of the body
	Total   time.Duration // from the name look-up to the last byte, pauses between attempts not counted
}

// Attempt is one request and what came of it.
type Attempt struct {
	Pass     int // 1 for the first pass, 2 for the confirming one
	Start    time.Time
	After    time.Duration // the pause before it
	Outcome  Outcome
	Class    string // what went wrong, as a word: "network:refused"; empty where nothing did
	Reason   string // the same as a sentence
	Status   int    // 0 where no answer came
	Address  string // the address that was asked, with its port; empty where none was reached
	Protocol string // "HTTP/1.1", "HTTP/2.0"
	TLS      string // "TLS 1.3"; empty for http or where the handshake failed
	DaysLeft *int   // whole days until the first certificate of the chain ends; nil where none was verified
	Bytes    int64  // of the body, decompressed
	Timing   Timing
}

// Assertion is one expectation beside what came.
type Assertion struct {
	Want    string // "$.status is \"ok\""
	Saw     string // the value in question; empty where the fact uses a secret
	Outcome Outcome
	Reason  string // why not, empty for Pass
}

// Result is the answer to a Probe.
type Result struct {
	Probe      Probe
	Outcome    Outcome
	Class      string // of the attempt that decided; empty for Pass
	Got        string // "200", "307 -> /auth/login"; empty where no answer came
	Reason     string // a sentence for people; empty for a plain Pass
	Note       string // what else is worth saying, of a good result too
	Excerpt    string // the place in the body, one line, at most 200 characters; never of a fact that uses a secret
	Hops       []string
	Assertions []Assertion
	Attempts   []Attempt
	Confirmed  bool   // the confirming pass came to the same
	Maintained bool   // it failed in a window of maintenance, which is a warning and says nothing of the fact
	Known      string // the day until which its failure is known, "2026-12-01"; empty where it did not fail, or is not known to
}

// Control is the answer of a host that has nothing to do with production: it
// tells a runner without network from a production that is down.
type Control struct {
	State  Outcome // Pass: any HTTP answer came. Unreachable: none. Skipped: nobody had to ask
	Reason string
}

// Production is the answer to all probes of one run, in the order of the configuration.
type Production struct {
	Base     string
	Start    time.Time
	Duration time.Duration
	Results  []Result
	Control  Control
}

// Outcome is the outcome of highest rank of the results; Skipped where all were
// skipped, OutcomeUnknown where there is none.
func (p Production) Outcome() Outcome {
	if len(p.Results) == 0 {
		return OutcomeUnknown
	}
	worst := Skipped
	for _, r := range p.Results {
		if r.Outcome.Rank() > worst.Rank() {
			worst = r.Outcome
		}
	}
	return worst
}

// Line says the whole run the way people write it:
// "healthz=200 products=200 login=307 -> /auth/login". A fact whose answer has the
// status that is wanted, and fails, is marked: "healthz=200!".
func (p Production) Line() string {
	said := make([]string, len(p.Results))
	for i, r := range p.Results {
		got := r.Got
		if got == "" {
			got = r.Outcome.String()
		}
		if r.Outcome == Fail && r.Got != "" && r.Class != "status" && r.Probe.Method != "" {
			got += "!"
		}
		said[i] = r.Probe.Name + "=" + got
	}
	return strings.Join(said, " ")
}

// Workflow asks whether the latest run of a workflow on a branch succeeded, and lately.
type Workflow struct {
	Name   string
	File   string        // the file's name under .github/workflows
	Branch string        // empty for the default branch
	Event  string        // whose runs count: "schedule", "push"; empty for any
	MaxAge time.Duration // 0 where any age will do
}

// WorkflowState is what is known of a workflow. The zero WorkflowState is that
// nobody was asked.
type WorkflowState string

// The states of a workflow.
const (
	WorkflowNotAsked   WorkflowState = ""
	WorkflowUnknown    WorkflowState = "unknown"    // asked, and no answer: forbidden, limited, broken
	WorkflowActive     WorkflowState = "active"     //
	WorkflowIdle       WorkflowState = "idle"       // disabled by GitHub: the repository was without activity for 60 days
	WorkflowDisabled   WorkflowState = "disabled"   // by a person
	WorkflowAbsent     WorkflowState = "absent"     // there is no such file on the default branch
	WorkflowUnreadable WorkflowState = "unreadable" // GitHub cannot read the file, so nothing starts it
)

// WorkflowAnswer is what came back for a Workflow.
type WorkflowAnswer struct {
	State      WorkflowState
	Title      string    // as GitHub calls it: the file's path where the file gives no name, or cannot be read
	Doubtful   bool      // its latest run of any event failed as those do of a file that GitHub cannot read
	Conclusion string    // of the latest completed run that counts: "success", "failure", …; empty where there is none
	Started    time.Time // when that run began; zero where there is none
	URL        string    // of that run's page, of the workflow's file where there is none; empty where neither is known
	Reason     string    // why, in words, where State is WorkflowUnknown or WorkflowUnreadable
}
