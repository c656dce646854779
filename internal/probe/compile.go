package probe

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// The limits of a configuration.
const (
	overall         = 128               // requests at a time, all hosts together
	controlTimeout  = 5 * time.Second   // for the control probe
	unstatedRun     = 330 * time.Second // for one that is not: a job of six minutes less half a minute
	defaultSchedule = 180 * time.Second
)

// Compile makes a Suite of the configured facts. Where there are faults the
// Suite is not to be used. It reads neither clock nor environment.
func Compile(facts *config.ProdFacts) (*Suite, []config.Fault) {
	c := &compiler{spec: facts, suite: &Suite{}}
	c.network()
	c.manner(&check{}, config.Manner{}) // the defaults, though no fact may use them
	for i := range facts.Check {
		c.check(&facts.Check[i])
	}
	c.graph()
	c.incident()
	c.workflows()
	c.maintenance()
	if len(c.faults) == 0 {
		c.deadlines()
	}
	return c.suite, c.faults
}

type compiler struct {
	spec   *config.ProdFacts
	suite  *Suite
	faults []config.Fault
}

func (c *compiler) fault(at source.Span, hint, format string, args ...any) {
	f := config.Fault{Span: at.FirstLine(), Message: fmt.Sprintf(format, args...), Hint: hint}
	if !slices.Contains(c.faults, f) { // a default that is wrong is wrong for every fact
		c.faults = append(c.faults, f)
	}
}

// place returns the first of some places that there is, the section where there is none.
func (c *compiler) place(spans ...source.Span) source.Span {
	for _, one := range spans {
		if !one.IsZero() {
			return one
		}
	}
	return c.spec.Span
}

// network compiles what concerns all facts.
func (c *compiler) network() {
	s, spec := c.suite, c.spec
	s.allowPrivate = spec.AllowPrivate.V
	s.base = c.baseURL()
	s.control = c.controlURL()
	s.OnDone = spec.Block.V == "on-done"
	s.proxy = spec.Proxy.V == "environment"
	s.family = map[string]string{"4": "ip4", "6": "ip6", "any": "ip"}[spec.IP.OrDefault("4")]
	s.parallel = spec.Parallel.OrDefault(6)
	if !spec.Confirm.Off.V {
		s.confirmAfter = spec.Confirm.After.OrDefault(20 * time.Second)
	}
}

// noBase stands in where there is no base, or a wrong one (RFC 2606, section 2).
var noBase = url.URL{Scheme: "https", Host: "base.invalid"}

// baseURL returns the base, or noBase.
func (c *compiler) baseURL() *url.URL {
	stand := noBase // each suite has its own
	none := &stand
	if c.spec.Base.V == "" {
		if slices.ContainsFunc(c.spec.Check, func(f config.Check) bool { return !strings.Contains(f.Get.V+f.Head.V+f.Post.V, "://") }) {
			c.fault(c.place(c.spec.Base.Span), "base: https://example.com", "base is missing: a fact's path needs a host")
		}
		return none
	}
	u, ok := c.address(c.place(c.spec.Base.Span), c.spec.Base.V)
	if !ok {
		return none
	}
	if cmp.Or(u.Path, "/") != "/" || u.RawQuery != "" || u.Fragment != "" {
		c.fault(c.place(c.spec.Base.Span), "leave the path to the facts", "base %q goes beyond the host", c.spec.Base.V)
		return none
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}
}

func (c *compiler) controlURL() *url.URL {
	switch c.spec.Control.V {
	case "off":
		return nil
	case "":
		return &url.URL{Scheme: "https", Host: "api.github.com", Path: "/"}
	}
	u, _ := c.address(c.spec.Control.Span, c.spec.Control.V)
	return u
}

// address parses a whole URL that may be requested.
func (c *compiler) address(at source.Span, written string) (*url.URL, bool) {
	u, err := url.Parse(written)
	switch {
	case err != nil:
		c.fault(at, "", "%q is not an address", redactedURL(written))
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		c.fault(at, "https://example.com", "%q is not an https address", redactedURL(written))
	case u.User != nil:
		c.fault(at, "send it as a header from the environment: headers: { Authorization: 'Bearer {{ env BOARDGATE_TOKEN }}' }", "the address holds credentials")
	case !port(u.Port()):
		c.fault(at, "", "%q is not a port", u.Port())
	case unfit(u.Hostname(), true) != "":
		c.fault(at, "", "%q is %s", u.Hostname(), unfit(u.Hostname(), true))
	case unfit(u.Hostname(), c.spec.AllowPrivate.V) != "":
		c.fault(at, "allow_private: true allows private addresses", "%q is %s", u.Hostname(), unfit(u.Hostname(), false))
	default:
		return u, true
	}
	return nil, false
}

// port tells whether a port, as written, is one; none is the scheme's own.
func port(written string) bool {
	n, err := strconv.ParseUint(written, 10, 16)
	return written == "" || err == nil && n > 0
}

// redactedURL hides what stands before an @, which may be a password.
func redactedURL(written string) string {
	if at := strings.LastIndex(written, "@"); at >= 0 {
		return "…" + written[at:]
	}
	return written
}

// check compiles one fact.
func (c *compiler) check(spec *config.Check) {
	name, at := spec.Name.V, c.place(spec.Name.Span)
	f := &check{name: name, at: at, origin: c.suite.base}
	if c.suite.find(name) != nil {
		c.fault(at, "", "two facts are named %q", name)
	}
	c.request(f, spec)
	c.manner(f, spec.Manner)
	c.expectations(f, spec)
	f.accept = c.acceptance(spec.Accept)
	f.known = c.known(spec.Known)
	c.suite.checks = append(c.suite.checks, f)
}

// request compiles what is sent.
func (c *compiler) request(f *check, spec *config.Check) {
	var written config.Value[string]
	stated := 0
	for method, target := range map[string]config.Value[string]{http.MethodGet: spec.Get, http.MethodHead: spec.Head, http.MethodPost: spec.Post} {
		if target.V != "" {
			written, f.method = target, method
			stated++
		}
	}
	if stated != 1 {
		c.fault(f.at, "get: /path", "want one of get, head and post")
		return
	}
	c.target(f, c.place(written.Span), written.V)
	for _, h := range spec.Headers {
		c.header(f, c.place(h.Value.Span, h.Name.Span), h)
	}
	if spec.Send.Stated() {
		c.send(f, spec.Send)
	}
}

// send compiles the body that is sent.
func (c *compiler) send(f *check, written config.Value[string]) {
	t, err := parseTemplate(written.V)
	switch {
	case f.method != http.MethodPost:
		c.fault(written.Span, "post: /path", "send is for post")
	case err != nil:
		c.fault(written.Span, "{{ FACT JSONPATH }}", "%v", err)
	default:
		c.allowSecrets(f, written.Span, t)
		f.send, f.sendAt = t, written.Span
	}
}

// target compiles the URL of a fact.
func (c *compiler) target(f *check, at source.Span, written string) {
	t, err := parseTemplate(written)
	switch {
	case err != nil:
		c.fault(at, "{{ FACT JSONPATH }}", "%v", err)
		return
	case len(t.secrets()) > 0:
		c.fault(at, "send it as a header", "a secret cannot be part of an address, which is shown and logged")
		return
	case strings.ContainsAny(written, "#\r\n\t"):
		c.fault(at, "", "%q holds what an address cannot", written)
		return
	}
	if strings.Contains(t.literal(), "://") {
		c.whole(f, at, t)
		return
	}
	if !strings.HasPrefix(t.literal(), "/") || strings.HasPrefix(written, "//") || strings.HasPrefix(written, `/\`) {
		c.fault(at, "", "%q is neither a path, /like/this, nor a whole address", redactedURL(written))
		return
	}
	if _, err := url.Parse(t.literal()); err != nil {
		c.fault(at, "", "%q is not a path that can be requested", written)
		return
	}
	t.parts = slices.Insert(t.parts, 0, part{literal: f.origin.String()})
	t.written = f.origin.String() + t.written
	f.target = t
}

// whole compiles a target that names its own host, which must stand in full
// before the first captured value.
func (c *compiler) whole(f *check, at source.Span, t template) {
	_, rest, _ := strings.Cut(t.literal(), "://")
	if len(t.parts) > 1 && !strings.Contains(rest, "/") {
		c.fault(at, "", "a captured value cannot be part of the host")
		return
	}
	u, ok := c.address(at, t.literal())
	if !ok {
		return
	}
	f.origin = &url.URL{Scheme: u.Scheme, Host: u.Host}
	f.target = t
}

// ownHeaders are the headers that the engine itself must decide.
var ownHeaders = []string{
	"Host", "Connection", "Content-Length", "Transfer-Encoding", "Accept-Encoding",
	"Upgrade", "Te", "Trailer", "Keep-Alive", "Expect", "Range",
}

func (c *compiler) header(f *check, at source.Span, h config.Header) {
	name := http.CanonicalHeaderKey(h.Name.V)
	t, err := parseTemplate(h.Value.V)
	switch {
	case !token(h.Name.V):
		c.fault(at, "", "%q is not a header name", h.Name.V)
	case slices.Contains(ownHeaders, name) || strings.HasPrefix(name, "Proxy-"):
		c.fault(at, "", "the header %s cannot be set", name)
	case err != nil:
		c.fault(at, "{{ env BOARDGATE_NAME }}", "%v", err)
	case !printable(t.written):
		c.fault(at, "", "the value of the header %s holds what a header cannot", name)
	case len(t.facts()) > 0:
		c.fault(at, "", "a captured value cannot be sent as a header")
	default:
		c.allowSecrets(f, at, t)
		f.headers = append(f.headers, header{name: name, value: t, at: at})
	}
}

// allowSecrets refuses secrets of foreign names and for foreign hosts.
func (c *compiler) allowSecrets(f *check, at source.Span, t template) {
	for _, name := range t.secrets() {
		if !strings.HasPrefix(name, "BOARDGATE_") || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
			c.fault(at, "pass it as BOARDGATE_"+strings.Trim(strings.ToUpper(name), "_"), "%q is not a secret a fact may use: only BOARDGATE_… are", name)
		}
		f.secret = true
	}
	if !f.secret {
		return
	}
	base := c.suite.base
	if f.origin.Scheme != base.Scheme || hostPort(f.origin) != hostPort(base) {
		c.fault(at, "", "a secret goes to the base host only, not to %s", f.origin.Host)
	}
	if f.origin.Scheme != "https" && !c.spec.AllowPrivate.V {
		c.fault(at, "", "a secret goes over https only")
	}
}

// token tells whether a text is a token of RFC 9110, section 5.6.2.
func token(s string) bool {
	for _, r := range s {
		if r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) {
			return false
		}
	}
	return s != ""
}

// printable tells whether a text is of visible ASCII and spaces.
func printable(s string) bool {
	for _, r := range s {
		if r < ' ' || r > '~' {
			return false
		}
	}
	return true
}

// manner fills in how a fact is checked.
func (c *compiler) manner(f *check, own config.Manner) {
	all := c.spec.Defaults
	f.timeout = own.Timeout.Or(all.Timeout).OrDefault(10 * time.Second)
	f.slow = own.Slow.Or(all.Slow).V
	f.limit = own.BodyLimit.Or(all.BodyLimit).OrDefault(2 << 20)
	f.hops, _ = strconv.Atoi(own.Redirects.Or(all.Redirects).V) // none is 0
	f.everyAddress = own.Addresses.Or(all.Addresses).V == "all"
	f.attempts = own.Attempts.Or(all.Attempts).OrDefault(3)
	if f.method == http.MethodPost { // what was sent may have been done, whatever came back
		f.attempts = own.Attempts.OrDefault(1)
	}
	f.backoff = own.Backoff.Or(all.Backoff).OrDefault(time.Second)
	longest := own.BackoffMax.Or(all.BackoffMax)
	f.backoffMax = longest.OrDefault(max(8*time.Second, f.backoff))
	if f.backoffMax < f.backoff {
		c.fault(longest.Span, "", "%s is not between %s and %s", longest.Span.Text(), f.backoff, 5*time.Minute)
	}
	c.certificates(f, own)
	c.budget(f, own.Budget.Or(all.Budget))
}

func (c *compiler) certificates(f *check, own config.Manner) {
	all := c.spec.Defaults
	if verify := own.Verify.Or(all.Verify); !verify.OrDefault(true) {
		c.fault(verify.Span, "hand the issuer over: the input ca-file of the action, --ca-file of the command", "certificates are always verified")
	}
	f.minTLS = tlsVersions[own.MinTLS.Or(all.MinTLS).V]
	f.warnDays = own.WarnDays.Or(all.WarnDays).OrDefault(21)
	failDays := own.FailDays.Or(all.FailDays)
	f.failDays = failDays.OrDefault(7)
	if f.failDays > f.warnDays {
		c.fault(c.place(failDays.Span, own.WarnDays.Or(all.WarnDays).Span), "", "fail_days %d comes before warn_days %d: the warning would never be seen", f.failDays, f.warnDays)
	}
}

// budget fits the attempts and their pauses into the time of the fact.
func (c *compiler) budget(f *check, stated config.Value[time.Duration]) {
	f.budget = f.timeout*time.Duration(f.attempts) + f.pauses()
	budget := stated.OrDefault(f.budget)
	if budget < f.budget {
		c.fault(stated.Span, fmt.Sprintf("budget: %s, or fewer attempts, or a shorter timeout", f.budget),
			"%s of %s with pauses need %s, more than the budget of %s", text.Count(f.attempts, "attempt"), f.timeout, f.budget, budget)
	}
	f.budget = budget
}

// pauses is the longest that all pauses between attempts can take together.
func (f *check) pauses() time.Duration {
	var sum time.Duration
	for n := 1; n < f.attempts; n++ {
		sum += f.ceiling(n)
	}
	return sum
}

// ceiling is the longest pause after the n-th attempt: it doubles up to the limit.
func (f *check) ceiling(n int) time.Duration {
	d := f.backoff
	for range n - 1 {
		d = min(2*d, f.backoffMax)
	}
	return min(d, f.backoffMax)
}

// acceptance compiles accept; nil where there is none.
func (c *compiler) acceptance(spec config.Exception) *transition {
	if spec.Status == nil && !spec.Until.Stated() && spec.Reason.V == "" {
		return nil
	}
	t := c.transition(spec)
	t.statuses = c.statuses(spec.Status)
	if spec.Status == nil {
		c.fault(spec.Span, "status: 200", "the status is missing")
	}
	return t
}

func (c *compiler) known(spec config.Exception) *transition {
	if !spec.Until.Stated() && spec.Reason.V == "" {
		return nil
	}
	return c.transition(spec)
}

func (c *compiler) transition(spec config.Exception) *transition {
	if strings.TrimSpace(spec.Reason.V) == "" {
		c.fault(spec.Span, `reason: "…"`, "a reason is missing")
	}
	if !spec.Until.Stated() {
		c.fault(spec.Span, "until: 2026-03-01", "the day it ends is missing")
	}
	return &transition{until: spec.Until.V, reason: excerptOf(spec.Reason.V)}
}

func (c *compiler) incident() {
	spec := c.spec.Incident
	key := spec.Key.OrDefault(config.IncidentKey)
	c.suite.Incident = Incident{Key: key, Open: spec.OpenAfter.OrDefault(config.Share{Count: 2, Of: 2}), CloseAfter: spec.CloseAfter.OrDefault(2)}
}

func (c *compiler) maintenance() {
	for _, spec := range c.spec.Maintenance {
		if !spec.From.Stated() || !spec.Until.Stated() {
			c.fault(spec.Name.Span, `from: "02:00", until: "04:00"`, "%q has no from or no until", spec.Name.V)
			continue
		}
		if spec.From.V == spec.Until.V {
			c.fault(spec.Until.Span, "", "%q ends when it begins", spec.Name.V)
		}
		zone, _ := config.Zone(spec.Zone.OrDefault("UTC"))
		c.suite.windows = append(c.suite.windows, window{spec.Name.V, spec.Days, ofDay(spec.From.V), ofDay(spec.Until.V), zone})
	}
}

// ofDay returns how far into the day a time is that was found to be one.
func ofDay(clock string) time.Duration {
	at, _ := time.Parse("15:04", clock)
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
}

func (c *compiler) workflows() {
	for _, w := range c.spec.Workflows {
		name, at, file := w.Name.V, w.Name.Span, w.File.V
		if c.suite.find(name) != nil {
			c.fault(at, "", "a fact and a workflow are both named %q", name)
		}
		if strings.Contains(file, "/") || !strings.HasSuffix(file, ".yml") && !strings.HasSuffix(file, ".yaml") {
			c.fault(c.place(w.File.Span, at), "file: smoke-production.yml", "%q is not a file under .github/workflows", file)
		}
		event := w.Event.V
		switch {
		case event == "any":
			event = ""
		case event == "" && w.Branch.V == "": // schedules run on the default branch alone
			event = scheduled
		}
		c.suite.Workflows = append(c.suite.Workflows, fact.Workflow{Name: name, File: file, Branch: w.Branch.V, Event: event, MaxAge: w.MaxAge.V})
	}
}
