package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	longestTimeout = 5 * time.Minute // for one attempt
	longestRun     = time.Hour       // for a deadline that is stated
	longestBody    = 64 << 20

	// MostRedirects is the most that a fact may follow.
	MostRedirects = 10
)

// field returns what sets one value of the section to what was read.
func field[T any](get func(value) T, at func(*ProdFacts) *Value[T]) func(*Policy, value) {
	return func(p *Policy, v value) { *at(p.ProdFacts) = Value[T]{get(v), v.span} }
}

func asText(v value) string          { return v.text }
func asNumber(v value) int           { return v.number }
func asPeriod(v value) time.Duration { return v.period }
func asBytes(v value) int64          { return v.bytes }
func asShare(v value) Share          { return v.share }
func asFlag(v value) bool            { return v.flag }
func asDecimal(v value) float64      { return v.decimal }

func factText(name, doc, example string, at func(*ProdFacts) *Value[string]) *key {
	return &key{name: name, kind: oneText, doc: doc, example: example, set: field(asText, at)}
}

func factChoice(name, doc string, enum []string, at func(*ProdFacts) *Value[string]) *key {
	return &key{name: name, kind: plainText, doc: doc, enum: enum, def: enum[0], example: Scalar(enum[len(enum)-1]), set: field(asText, at)}
}

func factNumber(name, doc string, low, high, def int, at func(*ProdFacts) *Value[int]) *key {
	return &key{name: name, kind: number, doc: doc, min: low, max: high, def: def, example: strconv.Itoa(def), set: field(asNumber, at)}
}

func factDuration(name, doc, absent, example string, low, high time.Duration, at func(*ProdFacts) *Value[time.Duration]) *key {
	return &key{name: name, kind: duration, doc: doc, absent: absent, example: example, shortest: low, longest: high, set: field(asPeriod, at)}
}

func factBytes(name, doc, absent, example string, at func(*ProdFacts) *Value[int64]) *key {
	return &key{name: name, kind: size, doc: doc, absent: absent, example: example, set: field(asBytes, at)}
}

func factFlag(name, doc, example string, at func(*ProdFacts) *Value[bool]) *key {
	return &key{name: name, kind: boolean, doc: doc, absent: "false", example: example, set: field(asFlag, at)}
}

func factTexts(name, doc, example string, at func(*ProdFacts) *[]Value[string]) *key {
	return &key{name: name, kind: texts, doc: doc, example: example, set: func(p *Policy, v value) { *at(p.ProdFacts) = v.texts }}
}

// lastCheck is the fact that is being read.
func lastCheck(p *ProdFacts) *Check { return &p.Check[len(p.Check)-1] }

func lastWorkflow(p *ProdFacts) *Workflow { return &p.Workflows[len(p.Workflows)-1] }

func prodFactsKey() *key {
	k := &key{
		name: "prod-facts", kind: section, absent: "production is not checked",
		doc:  "What is expected of production. [prod-facts.md](prod-facts.md) explains each key of a fact, with an example.",
		open: func(p *Policy, at Value[string]) { p.ProdFacts = &ProdFacts{Span: at.Span} },
		set:  func(p *Policy, v value) { p.ProdFacts.node = v.node },
		keys: []*key{
			factText("base", "The address of production.", "https://example.com", func(p *ProdFacts) *Value[string] { return &p.Base }),
			factChoice("block", "Whether a failing fact may fail a pull request: `never` or `on-done`.", []string{"never", "on-done"}, func(p *ProdFacts) *Value[string] { return &p.Block }),
			checkKey(), workflowsKey(), maintenanceKey(),
			{
				name: "defaults", kind: section, doc: "What holds for every fact that does not say otherwise.", example: "{ timeout: 10s }",
				keys: mannerKeys(func(p *ProdFacts) *Manner { return &p.Defaults }),
			},
			{
				name: "deadline", kind: section, doc: "How long all facts together may take, by event.", example: "{ pull_request: 30s }",
				open: func(p *Policy, at Value[string]) { p.ProdFacts.Deadline.Span = at.Span },
				keys: []*key{
					factDuration("pull_request", "On a pull request.", "30s, or what the facts need", "30s", time.Second, longestRun, func(p *ProdFacts) *Value[time.Duration] { return &p.Deadline.PullRequest }),
					factDuration("schedule", "On a schedule, on a push and for the command.", "180s, or what the facts need", "180s", time.Second, longestRun, func(p *ProdFacts) *Value[time.Duration] { return &p.Deadline.Schedule }),
					factDuration("wait", "While the command waits.", "5m", "5m", time.Second, 24*time.Hour, func(p *ProdFacts) *Value[time.Duration] { return &p.Deadline.Wait }),
				},
			},
			factText("control", "An address outside production that tells a broken network from a broken production, or `off`.", "https://api.github.com/", func(p *ProdFacts) *Value[string] { return &p.Control }),
			{
				name: "confirm", kind: section, doc: "The second pass over what failed in the first: how long after it, or `off: true` for none.", example: "{ after: 20s }",
				keys: []*key{
					factDuration("after", "The pause before it.", "20s", "20s", time.Second, 10*time.Minute, func(p *ProdFacts) *Value[time.Duration] { return &p.Confirm.After }),
					factFlag("off", "Make none.", "true", func(p *ProdFacts) *Value[bool] { return &p.Confirm.Off }),
				},
			},
			{
				name: "incident", kind: section, doc: "When the one incident issue is opened and closed.", example: "{ open_after: 2, close_after: 2 }",
				keys: []*key{
					{
						name: "key", kind: oneText, doc: "What tells the issue from others.", example: IncidentKey, allows: isName, forbid: nameForbid, expected: nameExpected,
						set: field(asText, func(p *ProdFacts) *Value[string] { return &p.Incident.Key }),
					},
					{
						name: "open_after", kind: share, min: 1, max: 20, def: 2, example: "2 of 3",
						doc: "Bad runs before it opens: `2` in a row, `2 of 3` of the last three. Runs that could not find out count as neither.",
						set: field(asShare, func(p *ProdFacts) *Value[Share] { return &p.Incident.OpenAfter }),
					},
					factNumber("close_after", "Good runs in a row before it closes.", 1, 20, 2, func(p *ProdFacts) *Value[int] { return &p.Incident.CloseAfter }),
				},
			},
			factNumber("parallel", "How many requests at a time one host gets.", 1, 64, 6, func(p *ProdFacts) *Value[int] { return &p.Parallel }),
			factChoice("ip", "The address family: `4`, `6` or `any`.", []string{"4", "6", "any"}, func(p *ProdFacts) *Value[string] { return &p.IP }),
			factChoice("proxy", "Whether the environment's proxy is used: `none` or `environment`.", []string{"none", "environment"}, func(p *ProdFacts) *Value[string] { return &p.Proxy }),
			factFlag("allow_private", "Whether private and loopback addresses may be requested. Link-local ones never are.", "true", func(p *ProdFacts) *Value[bool] { return &p.AllowPrivate }),
		},
	}
	k.complete("", "")
	k.example = "prod-facts:\n  base: https://example.com\n  block: never\n  check:\n    healthz: { get: /api/healthz, expect: 200 }"
	return k
}

// complete makes the examples of a section's keys lines to paste, and marks
// them as keys that may be left empty.
func (k *key) complete(before, after string) {
	before += k.name + ": "
	inner, end := before+"{ ", " }"+after
	if k.kind == byName {
		inner, end = before+"{ "+k.sample+": { ", " } }"+after
	}
	for _, one := range k.keys {
		one.complete(inner, end)
	}
	if k.short != nil {
		k.short.nullable, k.short.example = true, before+"{ "+k.sample+": "+k.short.example+" }"+after
	}
	k.optional = true
	k.example = before + k.example + after
}

// mannerKeys are the keys of how a fact is checked.
func mannerKeys(of func(*ProdFacts) *Manner) []*key {
	return []*key{
		factDuration("timeout", "One attempt, from the look-up to the last byte.", "10s", "10s", 10*time.Millisecond, longestTimeout, func(p *ProdFacts) *Value[time.Duration] { return &of(p).Timeout }),
		factDuration("budget", "All attempts of one fact and the pauses.", "what they need", "40s", time.Millisecond, longestRun, func(p *ProdFacts) *Value[time.Duration] { return &of(p).Budget }),
		factDuration("slow", "Longer than this is a warning.", "no warning", "2s", time.Millisecond, longestTimeout, func(p *ProdFacts) *Value[time.Duration] { return &of(p).Slow }),
		{
			name: "redirects", kind: plainText, doc: "`none`, or how many redirects may be followed.", absent: "none", example: "none",
			enum: upTo("none", MostRedirects), expected: fmt.Sprintf("none or a number up to %d", MostRedirects), accepts: map[string]any{"anyOf": []any{map[string]any{"const": "none"}, map[string]any{"type": "integer", "minimum": 0, "maximum": MostRedirects}}},
			set: field(asText, func(p *ProdFacts) *Value[string] { return &of(p).Redirects }),
		},
		factChoice("addresses", "Whether `one` of the addresses of a name is asked, or `all` of them.", []string{"one", "all"}, func(p *ProdFacts) *Value[string] { return &of(p).Addresses }),
		factBytes("body_limit", "How much of the body is read, after decompression.", "2MiB", "2MiB", func(p *ProdFacts) *Value[int64] { return &of(p).BodyLimit }),
		{
			name: "retry", kind: section, doc: "An attempt is made again after a network fault, a timeout, a 429 with Retry-After or a 5xx, and after nothing else.", example: "{ attempts: 3 }",
			keys: []*key{
				factNumber("attempts", "How many attempts there are at most.", 1, 10, 3, func(p *ProdFacts) *Value[int] { return &of(p).Attempts }),
				factDuration("backoff", "The first pause is at most this, each next at most double.", "1s", "1s", 10*time.Millisecond, time.Minute, func(p *ProdFacts) *Value[time.Duration] { return &of(p).Backoff }),
				factDuration("max", "No pause is longer.", "8s", "8s", 10*time.Millisecond, 5*time.Minute, func(p *ProdFacts) *Value[time.Duration] { return &of(p).BackoffMax }),
				factChoice("jitter", "The pauses are drawn at random, the only way there is.", []string{"full"}, func(p *ProdFacts) *Value[string] { return &of(p).Jitter }),
			},
		},
		{
			name: "tls", kind: section, doc: "What is expected of a certificate beyond being valid.", example: "{ min: '1.3' }",
			keys: []*key{
				factFlag("verify", "Certificates are always verified.", "true", func(p *ProdFacts) *Value[bool] { return &of(p).Verify }),
				factChoice("min", "The least version.", []string{"1.2", "1.3"}, func(p *ProdFacts) *Value[string] { return &of(p).MinTLS }),
				factNumber("warn_days", "Days before its end from which on a certificate is a warning.", 0, 398, 21, func(p *ProdFacts) *Value[int] { return &of(p).WarnDays }),
				factNumber("fail_days", "Days before its end from which on it is a failure.", 0, 398, 7, func(p *ProdFacts) *Value[int] { return &of(p).FailDays }),
			},
		},
	}
}

// isName tells whether a name can stand in a line of names, a marker and a URL.
func isName(s string) bool {
	return s != "" && len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune(nameCharacters, r) })
}

const (
	nameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	nameForbid     = `[^A-Za-z0-9_-]|^$|^.{65}`
	nameExpected   = "up to 64 of a-z, A-Z, 0-9, - and _"
)

// upTo returns a word and the numbers from 0 to a most, as texts.
func upTo(word string, most int) []string {
	out := []string{word}
	for n := range most + 1 {
		out = append(out, strconv.Itoa(n))
	}
	return out
}

func workflowsKey() *key {
	return &key{
		name: "workflows", kind: byName, allows: isName, expected: nameExpected, sample: "smoke-production", example: "{ smoke-production: { file: smoke-production.yml, max_age: 26h } }",
		doc: "Workflows whose latest run is to have succeeded, by name: the `file`, the `branch` where it is not the default one, the `event` whose runs count where it is not the schedule, and `max_age`, how long ago it may have begun.",
		open: func(p *Policy, name Value[string]) {
			p.ProdFacts.Workflows = append(p.ProdFacts.Workflows, Workflow{Name: name})
		},
		keys: []*key{
			factText("file", "Its file under .github/workflows.", "smoke-production.yml", func(p *ProdFacts) *Value[string] { return &lastWorkflow(p).File }),
			factText("branch", "The branch whose runs count.", "main", func(p *ProdFacts) *Value[string] { return &lastWorkflow(p).Branch }),
			{
				name: "event", kind: oneText, doc: "The event whose runs count, or `any`. A run that somebody starts by hand says nothing of a schedule.", absent: "schedule; any where `branch` is set", example: "push",
				enum: []string{"schedule", "push", "workflow_run", "workflow_dispatch", "repository_dispatch", "release", "deployment_status", "any"},
				set:  field(asText, func(p *ProdFacts) *Value[string] { return &lastWorkflow(p).Event }),
			},
			factDuration("max_age", "How long ago its latest run may have begun.", "31 days for a schedule, else no limit", "26h", time.Minute, 366*24*time.Hour, func(p *ProdFacts) *Value[time.Duration] { return &lastWorkflow(p).MaxAge }),
		},
	}
}

// weekdays are the days as a window names them.
var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

func isClock(s string) bool {
	_, err := time.Parse("15:04", s)
	return err == nil && len(s) == len("15:04")
}

func isZone(s string) bool {
	_, known := Zone(s)
	return known
}

func maintenanceKey() *key {
	last := func(p *ProdFacts) *Window { return &p.Maintenance[len(p.Maintenance)-1] }
	clock := func(name, doc, example string, at func(*Window) *Value[string]) *key {
		k := factText(name, doc, example, func(p *ProdFacts) *Value[string] { return at(last(p)) })
		k.allows, k.forbid, k.expected = isClock, `^(.{0,4}$|.{6}|[^0-2]|2[^0-3]|.[^0-9]|..[^:]|...[^0-5]|....[^0-9])`, `a time of the day in quotes, such as "02:00"`
		return k
	}
	zone := factText("zone", "Whose clocks: a name of the tz database, or `UTC`.", "Europe/Athens", func(p *ProdFacts) *Value[string] { return &last(p).Zone })
	zone.allows, zone.expected, zone.absent = isZone, "a time zone such as Europe/Athens, or UTC", "UTC"
	return &key{
		name: "maintenance", kind: byName, allows: isName, expected: nameExpected, sample: "backup", example: "{ backup: { from: '02:00', until: '04:00' } }",
		doc: "Times in which production may be down, by name: a failure in one is a warning.",
		open: func(p *Policy, name Value[string]) {
			p.ProdFacts.Maintenance = append(p.ProdFacts.Maintenance, Window{Name: name})
		},
		keys: []*key{
			{
				name: "days", kind: names, noun: "day", enum: weekdays, doc: "The days on which it begins.", absent: "every day", example: "[sat, sun]",
				set: func(p *Policy, v value) { last(p.ProdFacts).Days = v.list },
			},
			clock("from", "When it begins.", "'02:00'", func(w *Window) *Value[string] { return &w.From }),
			clock("until", "When it ends, the next day where that is not later.", "'04:00'", func(w *Window) *Value[string] { return &w.Until }),
			zone,
		},
	}
}

const statusExpected = "a status such as 200, 200-299 or 307 -> /login, or a list of these"

func checkKey() *key {
	statusKey := func(name, doc, example string, at func(*ProdFacts) *[]Value[string]) *key {
		return &key{name: name, kind: scalars, doc: doc, example: example, expected: statusExpected, set: func(p *Policy, v value) { *at(p.ProdFacts) = v.texts }}
	}
	return &key{
		name: "check", kind: byName, sample: "healthz", doc: "The facts, by name.",
		allows: func(s string) bool { return isName(s) && s != "env" }, expected: nameExpected + ", and not env", example: "{ healthz: { get: /api/healthz, expect: 200 } }",
		open: func(p *Policy, name Value[string]) {
			p.ProdFacts.Check = append(p.ProdFacts.Check, Check{Name: name})
		},
		keys: append([]*key{
			factText("get", "What is requested: a path below `base`, or a whole URL.", "/api/healthz", func(p *ProdFacts) *Value[string] { return &lastCheck(p).Get }),
			factText("head", "The same, without a body.", "/api/healthz", func(p *ProdFacts) *Value[string] { return &lastCheck(p).Head }),
			factText("post", "The same, with a body: `send`.", "/api/orders", func(p *ProdFacts) *Value[string] { return &lastCheck(p).Post }),
			factText("send", "The body of `post`.", `'{"dry_run": true}'`, func(p *ProdFacts) *Value[string] { return &lastCheck(p).Send }),
			factTexts("needs", "Facts that have to pass before this one is asked.", "products_api", func(p *ProdFacts) *[]Value[string] { return &lastCheck(p).Needs }),
			{
				name: "headers", kind: byName, sample: "Accept", doc: "Headers that are sent.", example: "{ Accept: text/html }",
				open: func(p *Policy, name Value[string]) {
					c := lastCheck(p.ProdFacts)
					c.Headers = append(c.Headers, Header{Name: name})
				},
				short: &key{kind: plainText, example: "text/html", set: func(p *Policy, v value) {
					c := lastCheck(p.ProdFacts)
					c.Headers[len(c.Headers)-1].Value = Value[string]{v.text, v.span}
				}},
			},
			statusKey("expect", "The status, or several, and where a redirect has to lead.", "307 -> /auth/login", func(p *ProdFacts) *[]Value[string] { return &lastCheck(p).Expect }),
			factTexts("content_type", "The media type, or several.", "application/json", func(p *ProdFacts) *[]Value[string] { return &lastCheck(p).ContentType }),
			expectationsKey("response_headers", "Cache-Control", "Headers of the answer, each with a value, or with keys that say what it has to be.", "{ Cache-Control: { contains: no-store } }",
				func(c *Check) *[]Expectations { return &c.ResponseHeaders }, plainText, []*key{
					{name: "exists", kind: boolean, doc: "Whether there has to be one.", example: "true"},
					{name: "equals", kind: plainText, nullable: true, doc: "The whole value.", example: "no-store"},
					{name: "contains", kind: plainText, doc: "A part of it.", example: "no-store"},
					{name: "match", kind: pattern, doc: "A pattern (RE2).", example: "'max-age=[0-9]+'"},
					{name: "min", kind: decimal, doc: "A number at least.", example: "1"},
					{name: "max", kind: decimal, doc: "A number at most, such as the seconds of `Age`.", example: "60"},
					{name: "max_age", kind: duration, doc: "How long ago a time may lie, such as that of `Last-Modified`.", example: "24h", shortest: time.Second, longest: 366 * 24 * time.Hour},
				}),
			expectationsKey("json", "$.status", "What a JSONPath (RFC 9535) leads to: a value, or keys that say what it has to be.", "{ $.status: ok }",
				func(c *Check) *[]Expectations { return &c.JSON }, plain, jsonKeys()),
			regionKey("body", "The body as it came.", func(c *Check) *Region { return &c.Body }),
			regionKey("html", "The same, for markup.", func(c *Check) *Region { return &c.HTML }),
			regionKey("text", "The rendered text of the page.", func(c *Check) *Region { return &c.Text }),
			{
				name: "size", kind: section, doc: "The size of the body after decompression.", example: "{ min: 1kB }",
				open: func(p *Policy, at Value[string]) { lastCheck(p.ProdFacts).Size.Span = at.Span },
				keys: []*key{
					factBytes("min", "At least.", "", "1kB", func(p *ProdFacts) *Value[int64] { return &lastCheck(p).Size.Min }),
					factBytes("max", "At most.", "", "1MiB", func(p *ProdFacts) *Value[int64] { return &lastCheck(p).Size.Max }),
				},
			},
			{
				name: "accept", kind: section, doc: "Another status that passes for a time, for a change under way.", example: "{ status: 200, until: 2026-03-01, reason: the gate moves }",
				open: func(p *Policy, at Value[string]) { lastCheck(p.ProdFacts).Accept.Span = at.Span },
				keys: append([]*key{statusKey("status", "The status, as in `expect`.", "200", func(p *ProdFacts) *[]Value[string] { return &lastCheck(p).Accept.Status })},
					untilKeys(func(c *Check) *Exception { return &c.Accept })...),
			},
			{
				name: "known", kind: section, doc: "Makes a failure a warning for a time.", example: "{ until: 2026-03-01, reason: the gate is being rebuilt }",
				open: func(p *Policy, at Value[string]) { lastCheck(p.ProdFacts).Known.Span = at.Span },
				keys: untilKeys(func(c *Check) *Exception { return &c.Known }),
			},
		}, mannerKeys(func(p *ProdFacts) *Manner { return &lastCheck(p).Manner })...),
	}
}

func untilKeys(of func(*Check) *Exception) []*key {
	return []*key{
		{
			name: "until", kind: day, doc: "The last day, in UTC.", example: "2026-03-01",
			set: func(p *Policy, v value) { of(lastCheck(p.ProdFacts)).Until = Value[time.Time]{v.day, v.span} },
		},
		factText("reason", "Why.", "the gate moves", func(p *ProdFacts) *Value[string] { return &of(lastCheck(p)).Reason }),
	}
}

func regionKey(name, doc string, of func(*Check) *Region) *key {
	list := func(name, doc, example string, at func(*Region) *[]Value[string]) *key {
		return factTexts(name, doc, example, func(p *ProdFacts) *[]Value[string] { return at(of(lastCheck(p))) })
	}
	bound := func(name, doc string, at func(*Number) *Value[float64]) *key {
		return &key{name: name, kind: decimal, doc: doc, example: "1", set: field(asDecimal, func(p *ProdFacts) *Value[float64] { return at(&of(lastCheck(p)).Number) })}
	}
	patterns := func(name, doc, example string, at func(*Region) *[]Value[*regexp.Regexp]) *key {
		return &key{name: name, kind: patterns, doc: doc, example: example, set: func(p *Policy, v value) { *at(of(lastCheck(p.ProdFacts))) = v.patterns }}
	}
	return &key{
		name: name, kind: section, doc: doc, example: "{ contains: Products }",
		keys: []*key{
			list("contains", "What it has to hold.", "Products", func(r *Region) *[]Value[string] { return &r.Contains }),
			list("not_contains", "What it must not hold.", "demo mode", func(r *Region) *[]Value[string] { return &r.NotContains }),
			patterns("match", "Patterns that have to match (RE2).", "'[0-9]+ products'", func(r *Region) *[]Value[*regexp.Regexp] { return &r.Match }),
			patterns("not_match", "Patterns that must not match.", "'[0-9]+ errors'", func(r *Region) *[]Value[*regexp.Regexp] { return &r.NotMatch }),
			{
				name: "number", kind: section, doc: "The numbers in it.", example: "{ match: '([0-9.]+) products', min: 1 }",
				open: func(p *Policy, at Value[string]) { of(lastCheck(p.ProdFacts)).Number.Span = at.Span },
				keys: []*key{
					{
						name: "match", kind: pattern, doc: "A pattern with one group, the number.", example: "'([0-9.]+) products'",
						set: func(p *Policy, v value) { of(lastCheck(p.ProdFacts)).Number.Match = v.patterns[0] },
					},
					bound("min", "At least.", func(n *Number) *Value[float64] { return &n.Min }),
					bound("max", "At most.", func(n *Number) *Value[float64] { return &n.Max }),
					bound("equals", "Exactly.", func(n *Number) *Value[float64] { return &n.Equals }),
					factChoice("decimal", "What stands before decimals; the other one groups thousands.", []string{".", ","}, func(p *ProdFacts) *Value[string] { return &of(lastCheck(p)).Number.Decimal }),
				},
			},
		},
	}
}

// expectationsKey is a mapping of names to what is expected of each.
func expectationsKey(name, sample, doc, example string, of func(*Check) *[]Expectations, equals kind, keys []*key) *key {
	last := func(p *Policy) *Expectations {
		all := *of(lastCheck(p.ProdFacts))
		return &all[len(all)-1]
	}
	expect := func(p *Policy, key string, v value) {
		e := last(p)
		e.Each = append(e.Each, Expectation{key, v.plain, v.span})
	}
	for _, one := range keys {
		one.set = func(p *Policy, v value) { expect(p, one.name, v) }
	}
	return &key{
		name: name, kind: byName, sample: sample, doc: doc, example: example, keys: keys,
		open: func(p *Policy, name Value[string]) {
			all := of(lastCheck(p.ProdFacts))
			*all = append(*all, Expectations{Name: name, Span: name.Span})
		},
		short: &key{name: "equals", kind: equals, expected: "a value or a mapping", example: "ok", accepts: map[string]any{"type": plainTypes}, set: func(p *Policy, v value) {
			last(p).Span = v.span
			expect(p, "equals", v)
		}},
	}
}

// jsonKinds are the kinds a JSON value can be asked for.
var jsonKinds = []string{"string", "number", "integer", "boolean", "null", "array", "object"}

func jsonKeys() []*key {
	bound := func(name, doc string) *key { return &key{name: name, kind: decimal, doc: doc, example: "1"} }
	return []*key{
		{name: "exists", kind: boolean, doc: "Whether there has to be one.", example: "true"},
		{name: "equals", kind: plain, nullable: true, doc: "The value.", example: "ok", accepts: map[string]any{"type": plainTypes}},
		{name: "not", kind: plain, nullable: true, doc: "A value that it must not have.", example: "down", accepts: map[string]any{"type": plainTypes}},
		{name: "type", kind: plainText, enum: jsonKinds, doc: "What kind of value it is.", example: "string"},
		{name: "contains", kind: oneText, doc: "A part of a text.", example: "ok"},
		{name: "match", kind: pattern, doc: "A pattern (RE2) of a text.", example: "'^v[0-9]+$'"},
		{
			name: "one_of", kind: plain, doc: "The values that it may have.", example: "[ok, up]", expected: "a list of plain values", list: true,
			accepts: map[string]any{"type": "array", "minItems": 1, "items": map[string]any{"type": plainTypes}},
		},
		bound("min", "A number at least."), bound("max", "A number at most."),
		bound("min_items", "Items at least."), bound("max_items", "Items at most."),
		bound("min_length", "Characters at least."), bound("max_length", "Characters at most."),
	}
}
