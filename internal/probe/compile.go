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

	"github.com/boardgate/boardgate/internal/fact"
)

// The limits of a configuration.
const (
	overall         = 128               // requests at a time, all hosts together
	controlTimeout  = 5 * time.Second   // for the control probe
	longestTimeout  = 5 * time.Minute   // for one attempt
	longestRun      = time.Hour         // for a deadline that is stated
	unstatedRun     = 330 * time.Second // for one that is not: a job of six minutes less half a minute
	largestBody     = 64 << 20
	mostHops        = 10
	defaultSchedule = 180 * time.Second
)

// Compile makes a Suite of a Spec. Where there are problems the Suite is not
// to be used. It reads neither clock nor environment.
func (s Spec) Compile() (*Suite, []Problem) {
	c := &compiler{spec: s, suite: &Suite{}}
	c.network()
	c.manner(&check{path: "$"}, Manner{}) // the defaults, though no fact may use them
	for i := range s.Check {
		c.check(s.Check[i])
	}
	c.graph()
	c.incident()
	c.workflows()
	if len(c.problems) == 0 {
		c.deadlines()
	}
	return c.suite, c.problems
}

type compiler struct {
	reader
	spec  Spec
	suite *Suite
}

// network compiles what concerns all facts.
func (c *compiler) network() {
	s, spec := c.suite, c.spec
	s.allowPrivate = spec.AllowPrivate
	s.base = c.baseURL()
	s.control = c.controlURL()
	s.OnDone = c.word("$.block", spec.Block, "never", "on-done") == "on-done"
	s.proxy = c.word("$.proxy", spec.Proxy, "none", "environment") == "environment"
	family := c.word("$.ip", text(spec.IP), "4", "6", "any")
	s.family = map[string]string{"4": "ip4", "6": "ip6", "any": "ip"}[family]
	s.parallel = c.between("$.parallel", spec.Parallel, 6, 1, 64)
	if !spec.Confirm.Off {
		s.confirmAfter = c.duration("$.confirm.after", spec.Confirm.After, 20*time.Second, time.Second, 10*time.Minute)
	}
}

// text writes a plain value that may stand without quotes: ip: 4, tls: {min: 1.2}.
func text(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// noBase stands in where there is no base, or a wrong one (RFC 2606, section 2).
var noBase = url.URL{Scheme: "https", Host: "base.invalid"}

// baseURL returns the base, or noBase.
func (c *compiler) baseURL() *url.URL {
	stand := noBase // each suite has its own
	none := &stand
	if c.spec.Base == "" {
		if slices.ContainsFunc(c.spec.Check, func(f CheckSpec) bool { return !strings.Contains(f.Get+f.Head, "://") }) {
			c.problem("$.base", "base: https://example.com", "base is missing: a fact's path needs a host")
		}
		return none
	}
	u, ok := c.address("$.base", c.spec.Base)
	if !ok {
		return none
	}
	if cmp.Or(u.Path, "/") != "/" || u.RawQuery != "" || u.Fragment != "" {
		c.problem("$.base", "leave the path to the facts", "base %q goes beyond the host", c.spec.Base)
		return none
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}
}

func (c *compiler) controlURL() *url.URL {
	switch c.spec.Control {
	case "off":
		return nil
	case "":
		return &url.URL{Scheme: "https", Host: "api.github.com", Path: "/"}
	}
	u, _ := c.address("$.control", c.spec.Control)
	return u
}

// address parses a whole URL that may be requested.
func (c *compiler) address(path, written string) (*url.URL, bool) {
	u, err := url.Parse(written)
	switch {
	case err != nil:
		c.problem(path, "", "%q is not an address", redactedURL(written))
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		c.problem(path, "https://example.com", "%q is not an https address", redactedURL(written))
	case u.User != nil:
		c.problem(path, "send it as a header from the environment: headers: { Authorization: 'Bearer {{ env BOARDGATE_TOKEN }}' }", "the address holds credentials")
	case !port(u.Port()):
		c.problem(path, "", "%q is not a port", u.Port())
	case unfit(u.Hostname(), true) != "":
		c.problem(path, "", "%q is %s", u.Hostname(), unfit(u.Hostname(), true))
	case unfit(u.Hostname(), c.spec.AllowPrivate) != "":
		c.problem(path, "allow_private: true allows private addresses", "%q is %s", u.Hostname(), unfit(u.Hostname(), false))
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

// word returns a value that must be one of a few words, the first by default.
func (c *compiler) word(path, got string, words ...string) string {
	if got == "" {
		return words[0]
	}
	if !slices.Contains(words, got) {
		c.problem(path, "", "%q is not one of %s", got, strings.Join(words, ", "))
	}
	return got
}

func (c *compiler) between(path string, got *int, standard, low, high int) int {
	if got == nil {
		return standard
	}
	if *got < low || *got > high {
		c.problem(path, "", "%d is not between %d and %d", *got, low, high)
		return standard
	}
	return *got
}

func (c *compiler) duration(path string, got Duration, standard, low, high time.Duration) time.Duration {
	if got == "" {
		return standard
	}
	d, err := time.ParseDuration(string(got))
	if err != nil {
		hint := "write it like 10s, 2.5s, 500ms or 5m"
		if _, plain := strconv.ParseFloat(string(got), 64); plain == nil {
			hint = fmt.Sprintf("did you mean %ss?", got)
		}
		c.problem(path, hint, "%q is not a length of time with its unit", got)
		return standard
	}
	if d < low || d > high {
		c.problem(path, "", "%s is not between %s and %s", got, low, high)
		return standard
	}
	return d
}

func (c *compiler) size(path string, got Size, standard int64) int64 {
	if got == "" {
		return standard
	}
	n, ok := bytesOf(string(got))
	if !ok {
		c.problem(path, "write it like 2MiB, 500kB or 80B", "%q is not a number of bytes with its unit", got)
		return standard
	}
	if n < 1 || n > largestBody {
		c.problem(path, "", "%s is not between 1B and 64MiB", got)
		return standard
	}
	return n
}

// bytesOf reads a number of bytes with its unit.
func bytesOf(s string) (int64, bool) {
	units := []struct {
		suffix string
		bytes  float64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"kB", 1e3}, {"MB", 1e6}, {"B", 1}}
	for _, u := range units {
		if digits, ok := strings.CutSuffix(s, u.suffix); ok {
			f, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
			return int64(f * u.bytes), err == nil && f >= 0 && f < 1e12
		}
	}
	return 0, false
}

// check compiles one fact.
func (c *compiler) check(spec CheckSpec) {
	path := below("$.check", spec.Name)
	f := &check{name: spec.Name, path: path, origin: c.suite.base}
	if !named64(spec.Name) || spec.Name == "env" {
		c.problem(path, "", "%q is not a name for a fact: want up to 64 of a-z, A-Z, 0-9, - and _, and not env", spec.Name)
	}
	if c.suite.find(spec.Name) != nil {
		c.problem(path, "", "two facts are named %q", spec.Name)
	}
	c.request(f, spec)
	c.manner(f, spec.Manner)
	c.expectations(f, spec)
	f.accept = c.acceptance(path+".accept", spec.Accept)
	f.known = c.known(path+".known", spec.Known)
	c.suite.checks = append(c.suite.checks, f)
}

// named64 tells whether a name can stand in a line of names, a marker and a URL.
func named64(name string) bool {
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return name != "" && len(name) <= 64
}

// request compiles what is sent.
func (c *compiler) request(f *check, spec CheckSpec) {
	key, written := "get", spec.Get
	f.method = http.MethodGet
	if spec.Head != "" {
		key, written, f.method = "head", spec.Head, http.MethodHead
	}
	if (spec.Get == "") == (spec.Head == "") {
		c.problem(f.path, "get: /path", "want either get or head")
		return
	}
	c.target(f, f.path+"."+key, written)
	for _, e := range spec.Headers {
		c.header(f, below(f.path+".headers", e.Key), e)
	}
}

// target compiles the URL of a fact.
func (c *compiler) target(f *check, path, written string) {
	t, err := parseTemplate(written)
	switch {
	case err != nil:
		c.problem(path, "{{ FACT JSONPATH }}", "%v", err)
		return
	case len(t.secrets()) > 0:
		c.problem(path, "send it as a header", "a secret cannot be part of an address, which is shown and logged")
		return
	case strings.ContainsAny(written, "#\r\n\t"):
		c.problem(path, "", "%q holds what an address cannot", written)
		return
	}
	if strings.Contains(t.literal(), "://") {
		c.whole(f, path, t)
		return
	}
	if !strings.HasPrefix(t.literal(), "/") || strings.HasPrefix(written, "//") || strings.HasPrefix(written, `/\`) {
		c.problem(path, "", "%q is neither a path, /like/this, nor a whole address", redactedURL(written))
		return
	}
	if _, err := url.Parse(t.literal()); err != nil {
		c.problem(path, "", "%q is not a path that can be requested", written)
		return
	}
	t.parts = slices.Insert(t.parts, 0, part{literal: f.origin.String()})
	t.written = f.origin.String() + t.written
	f.target = t
}

// whole compiles a target that names its own host, which must stand in full
// before the first captured value.
func (c *compiler) whole(f *check, path string, t template) {
	_, rest, _ := strings.Cut(t.literal(), "://")
	if len(t.parts) > 1 && !strings.Contains(rest, "/") {
		c.problem(path, "", "a captured value cannot be part of the host")
		return
	}
	u, ok := c.address(path, t.literal())
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

func (c *compiler) header(f *check, path string, e fact.Entry) {
	name := http.CanonicalHeaderKey(e.Key)
	t, err := parseTemplate(text(e.Value))
	switch {
	case !token(e.Key):
		c.problem(path, "", "%q is not a header name", e.Key)
	case slices.Contains(ownHeaders, name) || strings.HasPrefix(name, "Proxy-"):
		c.problem(path, "", "the header %s cannot be set", name)
	case err != nil:
		c.problem(path, "{{ env BOARDGATE_NAME }}", "%v", err)
	case !printable(t.written):
		c.problem(path, "", "the value of the header %s holds what a header cannot", name)
	case len(t.facts()) > 0:
		c.problem(path, "", "a captured value cannot be sent as a header")
	default:
		c.allowSecrets(f, path, t)
		f.headers = append(f.headers, header{name: name, value: t, path: path})
	}
}

// allowSecrets refuses secrets of foreign names and for foreign hosts.
func (c *compiler) allowSecrets(f *check, path string, t template) {
	for _, name := range t.secrets() {
		if !strings.HasPrefix(name, "BOARDGATE_") || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
			c.problem(path, "pass it as BOARDGATE_"+strings.Trim(strings.ToUpper(name), "_"), "%q is not a secret a fact may use: only BOARDGATE_… are", name)
		}
		f.secret = true
	}
	if !f.secret {
		return
	}
	base := c.suite.base
	if f.origin.Scheme != base.Scheme || hostPort(f.origin) != hostPort(base) {
		c.problem(path, "", "a secret goes to the base host only, not to %s", f.origin.Host)
	}
	if f.origin.Scheme != "https" && !c.spec.AllowPrivate {
		c.problem(path, "", "a secret goes over https only")
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
func (c *compiler) manner(f *check, own Manner) {
	all := c.spec.Defaults
	at := func(key string, isOwn bool) string {
		if isOwn {
			return f.path + "." + key
		}
		return "$.defaults." + key
	}
	f.timeout = c.duration(at("timeout", own.Timeout != ""), or(own.Timeout, all.Timeout), 10*time.Second, 10*time.Millisecond, longestTimeout)
	f.slow = c.duration(at("slow", own.Slow != ""), or(own.Slow, all.Slow), 0, time.Millisecond, longestTimeout)
	f.limit = c.size(at("body_limit", own.BodyLimit != ""), or(own.BodyLimit, all.BodyLimit), 2<<20)
	f.hops = c.redirects(at("redirects", own.Redirects != nil), orAny(own.Redirects, all.Redirects))
	f.attempts = c.between(at("retry.attempts", own.Retry.Attempts != nil), orPointer(own.Retry.Attempts, all.Retry.Attempts), 3, 1, 10)
	f.backoff = c.duration(at("retry.backoff", own.Retry.Backoff != ""), or(own.Retry.Backoff, all.Retry.Backoff), time.Second, 10*time.Millisecond, time.Minute)
	f.backoffMax = c.duration(at("retry.max", own.Retry.Max != ""), or(own.Retry.Max, all.Retry.Max), max(8*time.Second, f.backoff), f.backoff, 5*time.Minute)
	c.word(at("retry.jitter", own.Retry.Jitter != ""), or(own.Retry.Jitter, all.Retry.Jitter), "full")
	c.certificates(f, own.TLS, at)
	c.budget(f, at("budget", own.Budget != ""), or(own.Budget, all.Budget))
}

func (c *compiler) certificates(f *check, own TLSSpec, at func(string, bool) string) {
	all := c.spec.Defaults.TLS
	if verify := orPointer(own.Verify, all.Verify); verify != nil && !*verify {
		c.problem(at("tls.verify", own.Verify != nil), "hand the issuer over as ca-file", "certificates are always verified")
	}
	least := c.word(at("tls.min", own.Min != nil), text(orAny(own.Min, all.Min)), "1.2", "1.3")
	f.minTLS = tlsVersions[least]
	f.warnDays = c.between(at("tls.warn_days", own.WarnDays != nil), orPointer(own.WarnDays, all.WarnDays), 21, 0, 398)
	f.failDays = c.between(at("tls.fail_days", own.FailDays != nil), orPointer(own.FailDays, all.FailDays), 7, 0, 398)
	if f.failDays > f.warnDays {
		c.problem(at("tls.fail_days", own.FailDays != nil), "", "fail_days %d comes before warn_days %d: the warning would never be seen", f.failDays, f.warnDays)
	}
}

// budget fits the attempts and their pauses into the time of the fact.
func (c *compiler) budget(f *check, path string, stated Duration) {
	f.budget = f.timeout*time.Duration(f.attempts) + f.pauses()
	budget := c.duration(path, stated, f.budget, time.Millisecond, longestRun)
	if budget < f.budget {
		c.problem(path, fmt.Sprintf("budget: %s, or fewer attempts, or a shorter timeout", f.budget),
			"%s of %s with pauses need %s, more than the budget of %s", times(f.attempts, "attempt"), f.timeout, f.budget, budget)
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

func times(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func (c *compiler) redirects(path string, value any) int {
	if value == nil || value == "none" {
		return 0
	}
	n, ok := whole(value)
	if !ok || n < 0 || n > mostHops {
		c.problem(path, "redirects: none", "%s is neither none nor a number up to %d", shown(value), mostHops)
	}
	return n
}

func or[T ~string](own, standard T) T {
	if own != "" {
		return own
	}
	return standard
}

func orAny(own, standard any) any {
	if own != nil {
		return own
	}
	return standard
}

func orPointer[T any](own, standard *T) *T {
	if own != nil {
		return own
	}
	return standard
}

// acceptance compiles accept; nil where there is none.
func (c *compiler) acceptance(path string, spec AcceptSpec) *transition {
	if spec.Status == nil && spec.Until == "" && spec.Reason == "" {
		return nil
	}
	t := c.transition(path, spec.Until, spec.Reason)
	var err error
	if t.statuses, err = parseStatuses(spec.Status); err != nil {
		c.problem(path+".status", "", "%v", err)
	}
	return t
}

func (c *compiler) known(path string, spec KnownSpec) *transition {
	if spec == (KnownSpec{}) {
		return nil
	}
	return c.transition(path, spec.Until, spec.Reason)
}

func (c *compiler) transition(path, until, reason string) *transition {
	if strings.TrimSpace(reason) == "" {
		c.problem(path, `reason: "…"`, "a reason is missing")
	}
	if until == "" {
		c.problem(path, "until: 2026-03-01", "the day it ends is missing")
		return &transition{}
	}
	day, err := time.Parse(time.DateOnly, until)
	if err != nil {
		c.problem(path+".until", "", "%q is not a day such as 2026-03-01", until)
	}
	return &transition{until: day, reason: excerptOf(reason)}
}

func (c *compiler) incident() {
	spec := c.spec.Incident
	key := or(spec.Key, "prod-smoke")
	if !named64(key) {
		c.problem("$.incident.key", "", "%q is not a key: want up to 64 of a-z, A-Z, 0-9, - and _", key)
	}
	c.suite.Incident = Incident{
		Key:        key,
		OpenAfter:  c.between("$.incident.open_after", spec.OpenAfter, 2, 1, 20),
		CloseAfter: c.between("$.incident.close_after", spec.CloseAfter, 2, 1, 20),
	}
}

func (c *compiler) workflows() {
	for _, w := range c.spec.Workflows {
		path := below("$.workflows", w.Name)
		if !named64(w.Name) {
			c.problem(path, "", "%q is not a name for a workflow: want up to 64 of a-z, A-Z, 0-9, - and _", w.Name)
		}
		if c.suite.find(w.Name) != nil {
			c.problem(path, "", "a fact and a workflow are both named %q", w.Name)
		}
		if strings.Contains(w.File, "/") || !strings.HasSuffix(w.File, ".yml") && !strings.HasSuffix(w.File, ".yaml") {
			c.problem(path+".file", "file: smoke-production.yml", "%q is not a file under .github/workflows", w.File)
		}
		c.suite.Workflows = append(c.suite.Workflows, fact.Workflow{
			Name: w.Name, File: w.File, Branch: w.Branch,
			MaxAge: c.duration(path+".max_age", w.MaxAge, 0, time.Minute, 366*24*time.Hour),
		})
	}
}
