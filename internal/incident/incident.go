// Package incident decides about the one issue that tells of an unhealthy
// production: when it opens, what it says, when it closes.
//
// It is pure. Issues are listed and steps are taken by others; a step is taken
// after the one before it, and after an issue was opened the list is asked for
// once more and [Heal] decides, so that two runs at a time end in one issue.
package incident

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/text"
)

// Health is what one run found. The zero Health is that it could not find out.
type Health uint8

// What a run finds.
const (
	Unknown Health = iota // a bot wall, no network here: neither counts
	Healthy
	Unhealthy
)

// Issue is an issue as it was listed, open or closed.
type Issue struct {
	Number int
	Open   bool
	Own    bool // this token's owner wrote it
	Pull   bool // it is a pull request
	Bot    bool // an app wrote it, this token's own or another
	Labels []string
	Title  string
	Body   string
}

// Run is an earlier run.
type Run struct {
	Health Health
	At     time.Time // when it began
}

// Threshold is how many runs of how many open an issue: 2 of 2 are two in a row.
type Threshold struct{ Unhealthy, Of int }

// Fact is a fact that is checked.
type Fact struct {
	Name  string
	Known string // the day until which it is known to fail, "2026-12-01"; empty where it is not
}

// Case is all that a decision depends on.
type Case struct {
	Key        string    // of the configuration: letters, digits, "-" and "_"
	Name       string    // which board of several, empty for the only one
	Open       Threshold // of the runs that could find out
	CloseAfter int       // healthy runs in a row before it closes, at least 1

	// Facts are those that are checked. Where there is none production is watched no
	// more, and Health means nothing.
	Facts []Fact

	Health  Health
	Failing []string // the facts that fail, in the order of the configuration
	Report  string   // what the run found, as Markdown that is fit to be shown, at most 32 KiB
	Now     time.Time
	Run     int           // the id of this run, which rises from run to run: a later one is not overwritten
	URL     string        // of this run
	Drill   bool          // nothing is wrong: the alarm is tested
	Every   time.Duration // how far apart the schedule starts runs, 0 where nothing says

	Issues []Issue // all that may be boardgate's
	// Before is what earlier runs found, the newest first. It is asked for only
	// where no issue is open; BeforeKnown is false where it is not available.
	Before      []Run
	BeforeKnown bool
}

// Action is what is done with an issue.
type Action string

// The actions.
const (
	Open    Action = "open"    // with Title and Body
	Edit    Action = "edit"    // to Title and Body, left open
	Comment Action = "comment" // saying Body
	Close   Action = "close"   // with Title and Body
)

// Step is one thing to do. Number is 0 for the issue that the step before opened.
type Step struct {
	Action Action
	Number int
	Title  string
	Body   string
}

// Decision is what is to be done, in order, and what is to be said in the log.
type Decision struct {
	Steps []Step
	Notes []string // sentences
}

func (d *Decision) addStep(do Action, number int, title, body string) {
	d.Steps = append(d.Steps, Step{do, number, title, body})
}

func (d *Decision) addNote(format string, args ...any) {
	d.Notes = append(d.Notes, fmt.Sprintf(format, args...))
}

// Decide returns what is to be done after a run.
func Decide(c Case) Decision {
	var d Decision
	c.Failing = firstNames(c.Failing)
	ours := c.openIssues()
	if len(ours) > 0 && writtenLater(ours[0]) {
		d.addNote("a later version of boardgate wrote #%d, so it was left as it is", ours[0].Number)
		return d
	}
	switch {
	case c.Drill:
		c.runDrill(&d, ours)
		return d
	case len(ours) == 0:
		c.openNew(&d)
	case len(c.Facts) == 0:
		c.giveUp(&d, ours[0])
	default:
		c.update(&d, ours[0])
	}
	d.Steps = append(d.Steps, Heal(c)...)
	if len(c.Facts) > 0 { // a run that watches nothing says nothing of others
		c.closeAbandoned(&d)
	}
	return d
}

// mostFailingBytes bounds the names in the marker, so that an issue has room
// for it and the report: GitHub takes 65,536 characters.
const mostFailingBytes = 16 << 10

// firstNames returns as many names as the marker has room for. The report has them all.
func firstNames(set []string) []string {
	size := 0
	for i, name := range set {
		if size += len(name) + len(`"",`); size > mostFailingBytes {
			return set[:i]
		}
	}
	return set
}

// Heal returns how all our open issues but the oldest are closed.
func Heal(c Case) []Step {
	var d Decision
	ours := c.openIssues()
	for _, one := range ours[min(1, len(ours)):] {
		if writtenLater(one) {
			continue
		}
		d.addStep(Close, one.Number, one.Title, one.Body)
		d.addStep(Comment, one.Number, "", fmt.Sprintf("This says the same as #%d, which was there first.", ours[0].Number))
	}
	return d.Steps
}

// OpenIssues returns the open issues of the case's key, the oldest first.
func OpenIssues(c Case) []Issue { return c.openIssues() }

// Standing is what an open incident says of production.
type Standing struct {
	Number  int       // of its issue, 0 where none is open
	Since   time.Time // when production was first found unhealthy; zero where not known
	Failing []string  // what failed in the last run that could find out
	Updated time.Time // when a run wrote it last; zero where not known
	Stale   bool      // runs have stopped to write it, so it says nothing of now
}

// StandingOf returns the incident that is open for the case's key. Where the
// last runs were healthy and it is about to be closed, or none wrote it of late,
// nothing fails.
func StandingOf(c Case) Standing {
	ours := c.openIssues()
	if len(ours) == 0 {
		return Standing{}
	}
	m, _ := readMarker(ours[0].Body)
	s := Standing{Number: ours[0].Number, Since: m.Since, Updated: m.At, Stale: m.stale(c.Now)}
	if m.Healthy == 0 && !s.Stale {
		s.Failing = m.Failing
	}
	return s
}

// openIssues returns the open issues of this key, the oldest first. The others are
// nobody's to touch.
func (c Case) openIssues() []Issue {
	var out []Issue
	for _, i := range c.Issues {
		if i.Open && c.isOurs(i) {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b Issue) int { return cmp.Compare(a.Number, b.Number) })
	return out
}

// isOurs says that an issue is the case's own.
func (c Case) isOurs(i Issue) bool {
	m, ok := i.marker()
	return ok && m.Key == c.Key && m.Name == c.Name && m.Drill == c.Drill
}

// marker returns the marker of an issue that boardgate opened: it is the first
// line, an app or this token's owner wrote it, and it bears its key as a label,
// which takes triage permission to give. GitHub may leave the label out: then the
// note that ends our bodies tells an issue of this token's owner from one that
// another workflow opened with a text of anybody's. Another app's is one that
// boardgate opened with another token.
func (i Issue) marker() (marker, bool) {
	m, ok := readMarker(i.Body)
	labelled := slices.ContainsFunc(i.Labels, func(l string) bool { return strings.EqualFold(l, m.Key) })
	return m, ok && !i.Pull && (labelled && (i.Own || i.Bot) || i.Own && endsInNote(i.Body))
}

// noteLine is the last line of our issue.
const noteLine = "<sub>boardgate opened this, keeps it up to date and closes it. Please leave the first line as it is.</sub>"

func endsInNote(body string) bool {
	for line := range strings.Lines(body) {
		if strings.TrimSpace(line) == noteLine {
			return true
		}
	}
	return false
}

// previous returns the issue that was closed last, the zero Issue for none.
func (c Case) previous() Issue {
	var last Issue
	for _, i := range c.Issues {
		if !i.Open && c.isOurs(i) && i.Number > last.Number {
			last = i
		}
	}
	return last
}

// openNew opens an issue where none of ours is open, after enough unhealthy runs.
func (c Case) openNew(d *Decision) {
	if c.Health != Unhealthy || len(c.Facts) == 0 {
		return
	}
	unhealthy, since := c.unhealthyRuns()
	switch {
	case c.BeforeKnown && unhealthy < c.Open.Unhealthy:
		of := "in a row"
		if c.Open.Of > c.Open.Unhealthy {
			of = fmt.Sprintf("among the last %d", c.Open.Of)
		}
		d.addNote("%d of %d failing runs %s: no issue yet", unhealthy, c.Open.Unhealthy, of)
		return
	case !c.BeforeKnown && c.Open.Unhealthy > 1:
		d.addNote("earlier runs could not be listed (`permissions: actions: read` allows it): this one opens the issue")
	}
	m := c.newMarker(unhealthy)
	m.Since, m.Previous = since, c.previous().Number
	if before, ok := readMarker(c.previous().Body); ok && before.Healthy == 0 && !before.Since.IsZero() && before.Since.Before(since) && c.continues(before, since) {
		m.Since = before.Since // somebody closed it, and production never was healthy
	}
	for _, r := range c.Before[:min(len(c.Before), mostLast-1)] {
		m.Last = letters[r.Health:r.Health+1] + m.Last
	}
	d.addStep(Open, 0, c.title(m), c.body(m))
}

// continues says whether what began at a time, as far as the earlier runs tell, was
// there when a marker was written.
func (c Case) continues(before marker, since time.Time) bool {
	if c.BeforeKnown {
		return !since.After(before.At)
	}
	return !before.stale(c.Now)
}

// newMarker is the marker of an issue that this run opens.
func (c Case) newMarker(unhealthy int) marker {
	return marker{Key: c.Key, Name: c.Name, Drill: c.Drill, history: history{
		Run: c.Run, At: c.Now, Every: int(c.Every.Seconds()), Unhealthy: unhealthy, Since: c.Now, Failing: c.Failing, Last: letters[Unhealthy : Unhealthy+1],
	}}
}

// unhealthyRuns counts the unhealthy ones among the last runs, this one included,
// and says when the first of the row began, which may be longer. Runs that could
// not find out are passed over.
func (c Case) unhealthyRuns() (unhealthy int, since time.Time) {
	unhealthy, since = 1, c.Now
	seen := 1
	for _, r := range c.Before {
		switch {
		case r.Health == Unknown:
			continue
		case r.Health == Unhealthy && seen < c.Open.Of:
			unhealthy++
			since = r.At
		case r.Health == Unhealthy:
			since = r.At
		case seen >= c.Open.Of:
			return unhealthy, since
		}
		seen++
	}
	return unhealthy, since
}

// update rewrites an issue of ours that is open, or closes it.
func (c Case) update(d *Decision, i Issue) {
	before, _ := readMarker(i.Body)
	if before.newer(c) {
		d.addNote("run %d is newer and wrote #%d", before.Run, i.Number)
		return
	}
	m := before.next(c)
	if c.Health == Healthy && m.Healthy >= c.CloseAfter {
		d.addStep(Close, i.Number, c.title(m), c.body(m))
		d.addStep(Comment, i.Number, "", c.closingComment(m))
		return
	}
	d.addStep(Edit, i.Number, c.title(m), c.body(m))
	switch {
	case c.Health == Unhealthy && before.Healthy >= c.CloseAfter:
		d.addStep(Comment, i.Number, "", fmt.Sprintf("Production is unhealthy again: %s. [The run](%s).", failingList(c.Failing), c.URL))
	case c.Health == Unhealthy && !sameNames(before.Failing, c.Failing):
		d.addStep(Comment, i.Number, "", c.changeComment(before.Failing))
	}
}

// giveUp closes an issue of a production that is watched no more.
func (c Case) giveUp(d *Decision, i Issue) {
	d.addStep(Close, i.Number, c.subject()+": no longer checked", i.Body)
	d.addStep(Comment, i.Number, "", fmt.Sprintf("Production is no longer checked: the configuration has no facts. How it is now is not known. [The run](%s).", c.URL))
}

// closeAbandoned closes what no run will close: the issue of a key or a name that is
// used no more, and a drill's that did not come to its end. That of another key or
// name which runs still write is somebody else's.
func (c Case) closeAbandoned(d *Decision) {
	for _, i := range c.Issues {
		m, ok := i.marker()
		if !ok || !i.Open || writtenLater(i) || c.isOurs(i) {
			continue
		}
		switch {
		case m.Drill && m.Key == c.Key && m.Name == c.Name && c.Now.Sub(m.At) > longestRun:
			d.addStep(Close, i.Number, i.Title, i.Body)
			d.addNote("#%d is closed: a drill left it open", i.Number)
			d.addStep(Comment, i.Number, "", "The drill that opened this did not come to its end.")
		case !m.Drill && m.stale(c.Now):
			d.addNote("#%d is closed: no run has updated it since %s", i.Number, written(m.At))
			d.addStep(Close, i.Number, i.Title, i.Body)
			d.addStep(Comment, i.Number, "", fmt.Sprintf("No run has updated this since %s, so it is closed. [This run](%s) watches production as %s.", written(m.At), c.URL, c.identity()))
		}
	}
}

// identity names what the case's issue is found by.
func (c Case) identity() string {
	if c.Name == "" {
		return "`" + c.Key + "`"
	}
	return "`" + c.Key + "`, " + text.Line(c.Name)
}

// runDrill opens an issue, or takes the one that a drill left behind, and closes it.
func (c Case) runDrill(d *Decision, ours []Issue) {
	m := c.newMarker(1)
	number := 0
	if len(ours) > 0 {
		number = ours[0].Number
		d.addStep(Edit, number, c.title(m), c.body(m))
	} else {
		d.addStep(Open, 0, c.title(m), c.body(m))
	}
	d.addStep(Comment, number, "", "The drill is over: an alarm reaches this place. It closes itself.")
	d.addStep(Close, number, c.title(m), c.body(m))
	d.Steps = append(d.Steps, Heal(c)...)
}

// sameNames compares two sets of names.
func sameNames(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// mostTitle is how many bytes a title has at the most: GitHub takes 256
// characters.
const mostTitle = 200

func (c Case) subject() string {
	if c.Name == "" {
		return "Production"
	}
	return "Production (" + c.Name + ")"
}

// title names what fails now. Names of facts are letters, digits, "-" and "_".
func (c Case) title(m marker) string {
	what := c.subject()
	if m.Drill {
		what = "Drill: " + what
	}
	if gone := c.unchecked(m.Failing); m.Healthy > 0 && gone.all {
		return text.ClipBytes(what+": "+gone.words, mostTitle)
	}
	if m.Healthy > 0 {
		return text.ClipBytes(fmt.Sprintf("%s: well in the last %s, after %s", what, runCount(m.Healthy), failingList(m.Failing)), mostTitle)
	}
	return text.ClipBytes(what+": "+failingList(m.Failing), mostTitle)
}

func failingList(set []string) string {
	if len(set) == 0 {
		return "not well"
	}
	return strings.Join(set, ", ") + " not well"
}

func runCount(n int) string {
	if n == 1 {
		return "run"
	}
	return fmt.Sprintf("%d runs", n)
}

const clock = "2006-01-02 15:04 UTC"

// body says all of an issue: whose it is, since when, what the last run found.
func (c Case) body(m marker) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", m)
	gone := c.unchecked(m.Failing)
	switch {
	case m.Drill:
		b.WriteString("This is a drill: nothing is wrong with production.\n")
	case m.Healthy > 0 && gone.all:
		fmt.Fprintf(&b, "Production was unhealthy since %s. What failed then no longer counts: %s.%s\n", written(m.Since), gone.words, c.closesAfter(m))
	case m.Healthy > 0:
		fmt.Fprintf(&b, "Production was unhealthy since %s. It was healthy in the last %s.%s\n", written(m.Since), runCount(m.Healthy), c.closesAfter(m))
	default:
		fmt.Fprintf(&b, "Production has been unhealthy since %s.\n", written(m.Since))
	}
	if c.Health == Unknown {
		b.WriteString("\nThe last run does not say how it is.\n")
	}
	fmt.Fprintf(&b, "\n%s\n\nThe last runs, the newest at the right (x not well, o well, ? not found out): `%s`. [The last of them](%s).\n", strings.TrimSpace(c.Report), m.Last, c.URL)
	if m.Previous > 0 {
		fmt.Fprintf(&b, "\nIt was so before: #%d.\n", m.Previous)
	}
	b.WriteString("\n" + noteLine + "\n")
	return b.String()
}

// closesAfter says when an issue closes, nothing of one that does.
func (c Case) closesAfter(m marker) string {
	if m.Healthy >= c.CloseAfter {
		return ""
	}
	return fmt.Sprintf(" After %d healthy runs in a row this closes itself.", c.CloseAfter)
}

// changeComment says what fails now, and what did before.
func (c Case) changeComment(before []string) string {
	if len(before) == 0 {
		return fmt.Sprintf("Now %s. [The run](%s).", failingList(c.Failing), c.URL)
	}
	return fmt.Sprintf("Now %s; before: %s. [The run](%s).", failingList(c.Failing), strings.Join(before, ", "), c.URL)
}

// closingComment says why the issue is closed: production is healthy again, and
// since when it was not; or nobody looks any more at what failed.
func (c Case) closingComment(m marker) string {
	gone := c.unchecked(m.Failing)
	text := fmt.Sprintf("Production is healthy again, in %d runs in a row. [The last of them](%s).", m.Healthy, c.URL)
	switch {
	case gone.all:
		return fmt.Sprintf("What failed no longer counts: %s. The other facts are as expected. [The run](%s).", gone.words, c.URL)
	case m.Healthy > c.CloseAfter:
		return fmt.Sprintf("Somebody opened this again, and production is healthy. [The run](%s).", c.URL)
	case m.Healthy == 1:
		text = fmt.Sprintf("Production is healthy again. [The run](%s).", c.URL)
	}
	if gone.words != "" {
		text += fmt.Sprintf(" Of what failed, %s.", gone.words)
	}
	if m.Since.IsZero() || m.Since.After(c.Now) {
		return text
	}
	return text + fmt.Sprintf(" It was not since %s.", written(m.Since))
}

// unchecked is what of the facts that failed nobody looks at any more.
type unchecked struct {
	words string // "login no longer checked, healthz known to fail until 2026-12-01"; empty for none
	all   bool   // all of them
}

func (c Case) unchecked(failing []string) unchecked {
	var words []string
	for _, name := range failing {
		i := slices.IndexFunc(c.Facts, func(f Fact) bool { return f.Name == name })
		switch {
		case i < 0:
			words = append(words, name+" is no longer checked")
		case c.Facts[i].Known != "":
			words = append(words, name+" is known to fail until "+c.Facts[i].Known)
		}
	}
	return unchecked{strings.Join(words, ", "), len(words) > 0 && len(words) == len(failing)}
}
