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
	Number   int
	Open     bool
	Own      bool // this token's owner wrote it
	Pull     bool // it is a pull request
	Labelled bool // it bears the label, which takes triage permission to give
	Title    string
	Body     string
}

// Case is all that a decision depends on.
type Case struct {
	Key        string // of the configuration: letters, digits, "-" and "_"
	Name       string // which board of several, empty for the only one
	OpenAfter  int    // unhealthy runs in a row before an issue opens, at least 1
	CloseAfter int    // healthy runs in a row before it closes, at least 1

	Health  Health
	Failing []string // the facts that fail, in the order of the configuration
	Report  string   // what the run found, as Markdown that is fit to be shown, at most 32 KiB
	Now     time.Time
	Run     int    // the id of this run, which rises from run to run: a later one is not overwritten
	URL     string // of this run
	Drill   bool   // nothing is wrong: the alarm is tested

	Issues []Issue // all that may be ours
	// Before is what earlier runs found, the newest first. It is asked for only
	// where no issue is open; BeforeKnown is false where it is not available.
	Before      []Health
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
	if c.Drill {
		c.runDrill(&d, ours)
		return d
	}
	if len(ours) == 0 {
		c.openNew(&d)
		return d
	}
	c.update(&d, ours[0])
	d.Steps = append(d.Steps, Heal(c)...)
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
		d.addStep(Comment, one.Number, "", fmt.Sprintf("This says the same as #%d, which was there first.", ours[0].Number))
		d.addStep(Close, one.Number, one.Title, one.Body)
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
}

// StandingOf returns the incident that is open for the case's key. Where the
// last runs were healthy and it is about to be closed, nothing fails.
func StandingOf(c Case) Standing {
	ours := c.openIssues()
	if len(ours) == 0 {
		return Standing{}
	}
	m, _ := readMarker(ours[0].Body)
	s := Standing{Number: ours[0].Number, Since: m.Since}
	if m.Healthy == 0 {
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

// isOurs says that an issue is ours: this token's owner wrote it, our marker is
// its first line, and it bears the label. GitHub may leave the label out: then
// the note that ends our bodies tells it from an issue that another workflow of
// the same token opened with a text of anybody's.
func (c Case) isOurs(i Issue) bool {
	m, ok := readMarker(i.Body)
	return ok && i.Own && !i.Pull && (i.Labelled || endsInNote(i.Body)) && m.Key == c.Key && m.Name == c.Name && m.Drill == c.Drill
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

// previous returns the number of the issue that was closed last, 0 for none.
func (c Case) previous() int {
	last := 0
	for _, i := range c.Issues {
		if !i.Open && c.isOurs(i) {
			last = max(last, i.Number)
		}
	}
	return last
}

// openNew opens an issue where none of ours is open, after enough unhealthy runs.
func (c Case) openNew(d *Decision) {
	if c.Health != Unhealthy {
		return
	}
	ill := 1 + c.unhealthyBefore()
	switch {
	case c.BeforeKnown && ill < c.OpenAfter:
		d.addNote("%d of %d failing runs in a row: no issue yet", ill, c.OpenAfter)
		return
	case !c.BeforeKnown && c.OpenAfter > 1:
		d.addNote("earlier runs could not be listed (`permissions: actions: read` allows it): this one opens the issue")
	}
	m := c.newMarker(ill)
	d.addStep(Open, 0, c.title(m), c.body(m, c.previous()))
}

// newMarker is the marker of an issue that this run opens.
func (c Case) newMarker(ill int) marker {
	return marker{Key: c.Key, Name: c.Name, Drill: c.Drill, history: history{
		Run: c.Run, At: c.Now, Unhealthy: ill, Since: c.Now, Failing: c.Failing, Last: letters[Unhealthy : Unhealthy+1],
	}}
}

// unhealthyBefore counts the unhealthy runs right before this one; unknown ones
// neither count nor end the row.
func (c Case) unhealthyBefore() int {
	n := 0
	for _, h := range c.Before {
		if h == Healthy {
			break
		}
		if h == Unhealthy {
			n++
		}
	}
	return n
}

// update rewrites an issue of ours that is open, or closes it.
func (c Case) update(d *Decision, i Issue) {
	before, _ := readMarker(i.Body)
	if before.newer(c) {
		d.addNote("run %d is newer and wrote #%d", before.Run, i.Number)
		return
	}
	m := before.next(c)
	switch {
	case c.Health == Healthy && m.Healthy >= c.CloseAfter:
		d.addStep(Comment, i.Number, "", c.closingComment(m))
		d.addStep(Close, i.Number, c.title(m), c.body(m, 0))
		return
	case c.Health == Unhealthy && !sameNames(before.Failing, c.Failing):
		d.addStep(Comment, i.Number, "", c.changeComment(before.Failing))
	}
	d.addStep(Edit, i.Number, c.title(m), c.body(m, 0))
}

// runDrill opens an issue, or takes the one that a drill left behind, and closes it.
func (c Case) runDrill(d *Decision, ours []Issue) {
	m := c.newMarker(1)
	number := 0
	if len(ours) > 0 {
		number = ours[0].Number
		d.addStep(Edit, number, c.title(m), c.body(m, 0))
	} else {
		d.addStep(Open, 0, c.title(m), c.body(m, 0))
	}
	d.addStep(Comment, number, "", "The drill is over: an alarm reaches this place. It closes itself.")
	d.addStep(Close, number, c.title(m), c.body(m, 0))
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

// title names what fails now. Names of facts are letters, digits, "-" and "_".
func (c Case) title(m marker) string {
	what := "Production"
	if c.Name != "" {
		what += " (" + c.Name + ")"
	}
	if m.Drill {
		what = "Drill: " + what
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
func (c Case) body(m marker, previous int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", m)
	switch {
	case m.Drill:
		b.WriteString("This is a drill: nothing is wrong with production.\n")
	case m.Healthy > 0:
		fmt.Fprintf(&b, "Production was unhealthy since %s. It is healthy in the last %s; after %d in a row this closes itself.\n", m.since(), runCount(m.Healthy), c.CloseAfter)
	default:
		fmt.Fprintf(&b, "Production has been unhealthy since %s.\n", m.since())
	}
	if c.Health == Unknown {
		b.WriteString("\nThe last run could not find out how it is.\n")
	}
	fmt.Fprintf(&b, "\n%s\n\nThe last runs, the newest at the right (x not well, o well, ? not found out): `%s`. [The last of them](%s).\n", strings.TrimSpace(c.Report), m.Last, c.URL)
	if previous > 0 {
		fmt.Fprintf(&b, "\nIt was so before: #%d.\n", previous)
	}
	b.WriteString("\n" + noteLine + "\n")
	return b.String()
}

// changeComment says what fails now, and what did before.
func (c Case) changeComment(before []string) string {
	if len(before) == 0 {
		return fmt.Sprintf("Now %s. [The run](%s).", failingList(c.Failing), c.URL)
	}
	return fmt.Sprintf("Now %s; before: %s. [The run](%s).", failingList(c.Failing), strings.Join(before, ", "), c.URL)
}

// closingComment says that production is healthy again, and since when it was not.
func (c Case) closingComment(m marker) string {
	text := fmt.Sprintf("Production is healthy again, in %d runs in a row. [The last of them](%s).", m.Healthy, c.URL)
	if m.Healthy == 1 {
		text = fmt.Sprintf("Production is healthy again. [The run](%s).", c.URL)
	}
	if m.Since.IsZero() || m.Since.After(c.Now) {
		return text
	}
	return text + fmt.Sprintf(" It was not since %s.", m.since())
}
