package probe

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/text"
)

// slowConnect is how long a connection may take to come about before it is
// worth a warning, even where the whole stays fast enough: a broken address
// family or a lost packet looks like this.
const slowConnect = 3 * time.Second

// judgement is what one attempt shows.
type judgement struct {
	outcome    fact.Outcome
	class      string
	reason     string
	got        string
	note       string
	excerpt    string
	assertions []fact.Assertion
	retry      bool
	after      time.Duration // what Retry-After asks for
}

// unjudgedNote is what is said of an answer that came from an address not known here.
const unjudgedNote = "the proxy looked the name up, and this machine cannot: whether the address is private is not known"

// judge compares an attempt with what is expected. It is pure.
func (c *check) judge(a *answer, made fact.Attempt, f *fault, now time.Time, v values) judgement {
	j := judgement{outcome: fact.Pass}
	if a != nil {
		j.got = a.got()
		if a.unjudged {
			j.note = unjudgedNote
		}
		if err := c.expect.match(a); err != nil {
			if f != nil && f.leads() {
				err = fmt.Errorf("%w; %s", err, f.reason)
			}
			return c.otherStatus(j, a, made, err, now)
		}
	}
	if f != nil {
		return j.failedBy(f)
	}
	c.assert(&j, a, v)
	c.measure(&j, made)
	return j
}

// failedBy takes over what kept the answer from being whole.
func (j judgement) failedBy(f *fault) judgement {
	j.outcome, j.class, j.reason, j.retry, j.after = fact.Fail, f.class, f.reason, f.retry, f.after
	switch {
	case f.local:
		j.outcome = fact.OutcomeUnknown
	case f.noResponse:
		j.outcome = fact.Unreachable
	}
	return j
}

// otherStatus judges a status that is not the expected one.
func (c *check) otherStatus(j judgement, a *answer, made fact.Attempt, err error, now time.Time) judgement {
	if c.accept != nil && c.accept.statuses.match(a) == nil {
		if c.accept.holds(now) {
			j.note = fmt.Sprintf("%d is accepted until %s: %s", a.status, c.accept.day(), c.accept.reason)
			c.measure(&j, made)
			return j
		}
		err = fmt.Errorf("%w; it was accepted until %s", err, c.accept.day())
	}
	j.outcome, j.class, j.reason = fact.Fail, "status", err.Error()
	if a.status < http.StatusMultipleChoices || a.status >= http.StatusBadRequest { // the text of a redirect tells nothing
		j.excerpt = a.says()
	}
	if name := botProtection(a); name != "" {
		j.outcome, j.class, j.excerpt = fact.Blocked, "blocked", ""
		j.reason = fmt.Sprintf("%s bot protection answered %d instead of production; let this user agent or the runner's addresses through", name, a.status)
		return j
	}
	pause, asked := retryAfter(a.header, now)
	j.retry, j.after = a.status >= 500 || a.status == http.StatusTooManyRequests && asked, pause
	return j
}

// retryAfter reads the header of RFC 9110, section 10.2.3: seconds or a date.
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	value := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, 1<<20)) * time.Second, true
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(0, date.Sub(now)), true
	}
	return 0, false
}

// assert judges every expectation beyond the status; the first that does not hold decides.
func (c *check) assert(j *judgement, a *answer, v values) {
	for _, expected := range c.assertions {
		found := expected.judge(a, v)
		j.add(expected.want, found)
	}
}

// add enters a finding: a failure outranks a warning, the first of a kind is the reason.
func (j *judgement) add(want string, f finding) {
	o := f.outcome()
	j.assertions = append(j.assertions, fact.Assertion{Want: want, Saw: f.saw, Outcome: o, Reason: f.reason})
	if o.Rank() > j.outcome.Rank() {
		j.outcome, j.class, j.reason, j.excerpt = o, f.class, f.reason, f.excerpt
	}
}

// measure judges the certificate's days and the time taken.
func (c *check) measure(j *judgement, made fact.Attempt) {
	if made.DaysLeft != nil {
		j.add(fmt.Sprintf("certificate for more than %d days", c.failDays), c.days(*made.DaysLeft))
	}
	if c.slow > 0 {
		f := finding{saw: round(made.Timing.Total)}
		if made.Timing.Total > c.slow {
			f = finding{saw: f.saw, class: "slow", warning: true, reason: fmt.Sprintf("it took %s, want at most %s", round(made.Timing.Total), c.slow)}
		}
		j.add("within "+c.slow.String(), f)
	}
	if made.Timing.Connect >= slowConnect {
		j.add("a connection within "+slowConnect.String(), finding{
			saw: round(made.Timing.Connect), class: "slow:connect", warning: true,
			reason: fmt.Sprintf("the connection to %s took %s", made.Address, round(made.Timing.Connect)),
		})
	}
}

func (c *check) days(left int) finding {
	f := finding{saw: text.Count(left, "day")}
	if left <= c.failDays {
		f.class, f.reason = "tls:ending", fmt.Sprintf("the certificate ends in %s, want more than %d", text.Count(left, "day"), c.failDays)
	} else if left <= c.warnDays {
		f.class, f.warning, f.reason = "tls:ending", true, fmt.Sprintf("the certificate ends in %s", text.Count(left, "day"))
	}
	return f
}

// round shortens a length of time to what a reader wants.
func round(d time.Duration) string {
	if d >= 10*time.Second {
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Millisecond).String()
}

// redactAll takes out whatever the answer holds beyond its status: the request had
// a secret, or the answer has one.
func (c *check) redactAll(j *judgement, a *answer) {
	j.excerpt = ""
	if a != nil {
		j.got = c.statusText(a)
	}
	for i := range j.assertions {
		one := &j.assertions[i]
		one.Saw = ""
		if one.Reason != "" {
			one.Reason = "not as expected: " + one.Want
		}
	}
	switch {
	case j.class == "status":
		j.reason = fmt.Sprintf("got %s, want %s", j.got, c.expect)
	case strings.HasPrefix(j.class, "protocol"):
		j.reason = "the answer breaks the protocol; it is not shown beside a secret"
	case j.reason != "" && isForeignText(j.class):
		j.reason = "the answer is not as expected: " + c.first(j)
	}
}

// statusText writes the status, and the place it leads to only where that is the wanted one.
func (c *check) statusText(a *answer) string {
	for _, r := range c.expect {
		if r.location != "" && (statuses{r}).match(a) == nil {
			return fmt.Sprintf("%d -> %s", a.status, r.location)
		}
	}
	return strconv.Itoa(a.status)
}

// first returns what the first failed expectation wanted, else the class.
func (c *check) first(j *judgement) string {
	for _, a := range j.assertions {
		if a.Outcome == j.outcome {
			return a.Want
		}
	}
	return j.class
}

// isForeignText tells whether the reason of a class may quote the answer.
func isForeignText(class string) bool {
	kind, _, _ := strings.Cut(class, ":")
	switch kind {
	case "body", "html", "text", "json", "header", "content_type", "protocol", "redirect":
		return true
	}
	return false
}
