// Package incident decides about the one issue that tells of a production that
// is not well: when it opens, what it says, when it closes.
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
	Unclear Health = iota // a bot wall, no network here: neither counts
	Well
	Ill
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
	OpenAfter  int    // ill runs in a row before an issue opens, at least 1
	CloseAfter int    // well runs in a row before it closes, at least 1

	Health Health
	Set    []string // the facts that are not well, in the order of the configuration
	Report string   // what the run found, as Markdown that is fit to be shown, at most 32 KiB
	Now    time.Time
	Run    int    // the id of this run, which rises from run to run: a later one is not overwritten
	URL    string // of this run
	Drill  bool   // nothing is wrong: the way of an alarm is tried out

	Issues []Issue // all that may be ours
	// Before is what earlier runs found, the newest first. It is asked for only
	// where no issue is open; BeforeKnown is false where it is not available.
	Before      []Health
	BeforeKnown bool
}

// Do is what is to be done with an issue.
type Do string

// What there is to do.
const (
	Open    Do = "open"    // with Title and Body
	Edit    Do = "edit"    // to Title and Body, left open
	Comment Do = "comment" // saying Body
	Close   Do = "close"   // with Title and Body
)

// Step is one thing to do. Number is 0 for the issue that the step before opened.
type Step struct {
	Do     Do
	Number int
	Title  string
	Body   string
}

// Decision is what is to be done, in order, and what is to be said in the log.
type Decision struct {
	Steps []Step
	Notes []string // sentences
}

func (d *Decision) step(do Do, number int, title, body string) {
	d.Steps = append(d.Steps, Step{do, number, title, body})
}

func (d *Decision) note(format string, args ...any) {
	d.Notes = append(d.Notes, fmt.Sprintf(format, args...))
}

// Decide returns what is to be done after a run.
func Decide(c Case) Decision {
	var d Decision
	c.Set = few(c.Set)
	ours := c.ours()
	if c.Drill {
		c.drill(&d, ours)
		return d
	}
	if len(ours) == 0 {
		c.without(&d)
		return d
	}
	c.with(&d, ours[0])
	d.Steps = append(d.Steps, Heal(c)...)
	return d
}

// mostSetBytes bounds what the marker says of the set, so that an issue has room
// for it and the report: GitHub takes 65,536 characters.
const mostSetBytes = 16 << 10

// few leaves the first names of a set. The report tells them all.
func few(set []string) []string {
	size := 0
	for i, name := range set {
		if size += len(name) + len(`"",`); size > mostSetBytes {
			return set[:i]
		}
	}
	return set
}

// Heal returns how all our open issues but the oldest are closed.
func Heal(c Case) []Step {
	var d Decision
	ours := c.ours()
	for _, one := range ours[min(1, len(ours)):] {
		d.step(Comment, one.Number, "", fmt.Sprintf("This says the same as #%d, which was there first.", ours[0].Number))
		d.step(Close, one.Number, one.Title, one.Body)
	}
	return d.Steps
}

// Ours returns the open issues of the case's key, the oldest first.
func Ours(c Case) []Issue { return c.ours() }

// Standing is what an open incident says of production.
type Standing struct {
	Number int       // of its issue, 0 where none is open
	Since  time.Time // when production was first found not well; zero where not known
	Set    []string  // what was not well in the last run that could find out
}

// StandingOf returns the incident that is open for the case's key. Where it is
// well in the last runs and about to be closed, nothing stands.
func StandingOf(c Case) Standing {
	ours := c.ours()
	if len(ours) == 0 {
		return Standing{}
	}
	m, _ := readMarker(ours[0].Body)
	s := Standing{Number: ours[0].Number, Since: m.Since}
	if m.Well == 0 {
		s.Set = m.Set
	}
	return s
}

// ours returns the open issues of this key, the oldest first. The others are
// nobody's to touch.
func (c Case) ours() []Issue {
	var out []Issue
	for _, i := range c.Issues {
		if i.Open && c.marked(i) {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b Issue) int { return cmp.Compare(a.Number, b.Number) })
	return out
}

// marked says that an issue is ours: this token's owner wrote it, our marker is
// its first line, and it bears the label. GitHub may leave the label out: then
// the note that ends our bodies tells it from an issue that another workflow of
// the same token opened with a text of anybody's.
func (c Case) marked(i Issue) bool {
	m, ok := readMarker(i.Body)
	return ok && i.Own && !i.Pull && (i.Labelled || noted(i.Body)) && m.Key == c.Key && m.Name == c.Name && m.Drill == c.Drill
}

// note is the last line of our issue.
const note = "<sub>boardgate opened this, keeps it up to date and closes it. Please leave the first line as it is.</sub>"

func noted(body string) bool {
	for line := range strings.Lines(body) {
		if strings.TrimSpace(line) == note {
			return true
		}
	}
	return false
}

// previous returns the number of the issue that was closed last, 0 for none.
func (c Case) previous() int {
	last := 0
	for _, i := range c.Issues {
		if !i.Open && c.marked(i) {
			last = max(last, i.Number)
		}
	}
	return last
}

// without decides where no issue of ours is open.
func (c Case) without(d *Decision) {
	if c.Health != Ill {
		return
	}
	ill := 1 + c.illBefore()
	switch {
	case c.BeforeKnown && ill < c.OpenAfter:
		d.note("%d of %d failing runs in a row: no issue yet", ill, c.OpenAfter)
		return
	case !c.BeforeKnown && c.OpenAfter > 1:
		d.note("earlier runs could not be listed (`permissions: actions: read` allows it): this one opens the issue")
	}
	m := c.newMarker(ill)
	d.step(Open, 0, c.title(m), c.body(m, c.previous()))
}

// newMarker is the marker of an issue that this run opens.
func (c Case) newMarker(ill int) marker {
	return marker{Key: c.Key, Name: c.Name, Drill: c.Drill, history: history{
		Run: c.Run, At: c.Now, Ill: ill, Since: c.Now, Set: c.Set, Last: letters[Ill : Ill+1],
	}}
}

// illBefore counts the ill runs right before this one; unclear ones neither
// count nor end the row.
func (c Case) illBefore() int {
	n := 0
	for _, h := range c.Before {
		if h == Well {
			break
		}
		if h == Ill {
			n++
		}
	}
	return n
}

// with decides about an issue of ours that is open.
func (c Case) with(d *Decision, i Issue) {
	before, _ := readMarker(i.Body)
	if before.newer(c) {
		d.note("run %d is newer and wrote #%d", before.Run, i.Number)
		return
	}
	m := before.after(c)
	switch {
	case c.Health == Well && m.Well >= c.CloseAfter:
		d.step(Comment, i.Number, "", c.farewell(m))
		d.step(Close, i.Number, c.title(m), c.body(m, 0))
		return
	case c.Health == Ill && !sameSet(before.Set, c.Set):
		d.step(Comment, i.Number, "", c.change(before.Set))
	}
	d.step(Edit, i.Number, c.title(m), c.body(m, 0))
}

// drill opens an issue, or takes the one that a drill left behind, and closes it.
func (c Case) drill(d *Decision, ours []Issue) {
	m := c.newMarker(1)
	number := 0
	if len(ours) > 0 {
		number = ours[0].Number
		d.step(Edit, number, c.title(m), c.body(m, 0))
	} else {
		d.step(Open, 0, c.title(m), c.body(m, 0))
	}
	d.step(Comment, number, "", "The drill is over: an alarm reaches this place. It closes itself.")
	d.step(Close, number, c.title(m), c.body(m, 0))
	d.Steps = append(d.Steps, Heal(c)...)
}

// sameSet compares two sets of names.
func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// mostTitle is how many bytes a title has at the most: GitHub takes 256
// characters.
const mostTitle = 200

// title names what is not well now. Names of facts are letters, digits, "-" and "_".
func (c Case) title(m marker) string {
	what := "Production"
	if c.Name != "" {
		what += " (" + c.Name + ")"
	}
	if m.Drill {
		what = "Drill: " + what
	}
	if m.Well > 0 {
		return text.ClipBytes(fmt.Sprintf("%s: well in the last %s, after %s", what, runs(m.Well), listed(m.Set)), mostTitle)
	}
	return text.ClipBytes(what+": "+listed(m.Set), mostTitle)
}

func listed(set []string) string {
	if len(set) == 0 {
		return "not well"
	}
	return strings.Join(set, ", ") + " not well"
}

func runs(n int) string {
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
	case m.Well > 0:
		fmt.Fprintf(&b, "Production was unhealthy since %s. It is healthy in the last %s; after %d in a row this closes itself.\n", m.since(), runs(m.Well), c.CloseAfter)
	default:
		fmt.Fprintf(&b, "Production has been unhealthy since %s.\n", m.since())
	}
	if c.Health == Unclear {
		b.WriteString("\nThe last run could not find out how it is.\n")
	}
	fmt.Fprintf(&b, "\n%s\n\nThe last runs, the newest at the right (x not well, o well, ? not found out): `%s`. [The last of them](%s).\n", strings.TrimSpace(c.Report), m.Last, c.URL)
	if previous > 0 {
		fmt.Fprintf(&b, "\nIt was so before: #%d.\n", previous)
	}
	b.WriteString("\n" + note + "\n")
	return b.String()
}

// change says what is not well now, and what was before.
func (c Case) change(before []string) string {
	if len(before) == 0 {
		return fmt.Sprintf("Now %s. [The run](%s).", listed(c.Set), c.URL)
	}
	return fmt.Sprintf("Now %s; before: %s. [The run](%s).", listed(c.Set), strings.Join(before, ", "), c.URL)
}

// farewell says that all is well again and how long it was not.
func (c Case) farewell(m marker) string {
	text := fmt.Sprintf("Production is healthy again, in %d runs in a row. [The last of them](%s).", m.Well, c.URL)
	if m.Well == 1 {
		text = fmt.Sprintf("Production is healthy again. [The run](%s).", c.URL)
	}
	if m.Since.IsZero() || m.Since.After(c.Now) {
		return text
	}
	return text + fmt.Sprintf(" It was not since %s.", m.since())
}
