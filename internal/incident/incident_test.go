package incident

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var start = time.Date(2026, 3, 1, 12, 17, 0, 0, time.UTC)

// tracker is a list of issues that takes steps as GitHub would.
type tracker struct {
	issues  []Issue
	said    map[int][]string // comments by issue
	log     []string
	run     int
	last    []Run // the newest first
	unknown bool  // earlier runs cannot be asked for
}

func (k *tracker) take(steps []Step) {
	opened := 0
	for _, s := range steps {
		if s.Number == 0 && s.Action != Open {
			s.Number = opened
		}
		switch s.Action {
		case Open:
			opened = len(k.issues) + 1
			s.Number = opened
			k.issues = append(k.issues, Issue{Number: opened, Open: true, Own: true, Labels: []string{"prod-smoke"}, Title: s.Title, Body: s.Body})
		case Edit, Close:
			i := &k.issues[s.Number-1]
			i.Title, i.Body, i.Open = s.Title, s.Body, s.Action == Edit
		case Comment:
			k.said[s.Number] = append(k.said[s.Number], s.Body)
		}
		k.log = append(k.log, fmt.Sprintf("%s %d", s.Action, s.Number))
	}
}

// caseOf is the case of the next run.
func (k *tracker) caseOf(h Health, set ...string) Case {
	return Case{
		Key: "prod-smoke", Open: Threshold{2, 2}, CloseAfter: 2, Facts: []Fact{{"healthz", ""}, {"login", ""}}, Every: time.Hour, Health: h, Failing: set, Report: "the report", Run: k.run,
		Now: start.Add(time.Duration(k.run) * time.Hour), URL: fmt.Sprintf("https://github.example/runs/%d", k.run),
		Issues: slices.Clone(k.issues), Before: k.last, BeforeKnown: !k.unknown,
	}
}

// runs makes runs one after another: "x:login,healthz", "o" or "?".
func (k *tracker) runs(written ...string) {
	for _, w := range written {
		k.run++
		kind, set, _ := strings.Cut(w, ":")
		h := Health(strings.Index(letters, kind))
		k.take(Decide(k.caseOf(h, strings.FieldsFunc(set, func(r rune) bool { return r == ',' })...)).Steps)
		k.last = append([]Run{{h, start.Add(time.Duration(k.run) * time.Hour)}}, k.last...)
	}
}

func (k *tracker) open() []int {
	var out []int
	for _, i := range k.issues {
		if i.Open {
			out = append(out, i.Number)
		}
	}
	return out
}

func newTracker(issues ...Issue) *tracker {
	k := &tracker{said: map[int][]string{}}
	for n, i := range issues {
		i.Number = n + 1
		k.issues = append(k.issues, i)
	}
	return k
}

// ownIssue is an issue as boardgate would have opened it.
func ownIssue(change func(*marker)) Issue {
	m := marker{Key: "prod-smoke", history: history{At: start, Unhealthy: 2, Since: start, Failing: []string{"login"}, Last: "xx"}}
	if change != nil {
		change(&m)
	}
	return Issue{Open: true, Own: true, Labels: []string{"prod-smoke"}, Title: "old", Body: m.String() + "\nbody"}
}

// TestStandingOf says whether production was not well before, and what of it.
func TestStandingOf(t *testing.T) {
	foreign := ownIssue(nil)
	foreign.Own = false
	closed := ownIssue(nil)
	closed.Open = false
	quoted := ownIssue(nil)
	quoted.Body = "Somebody wrote:\n" + quoted.Body
	copied := ownIssue(nil)
	copied.Labels = nil
	for _, test := range []struct {
		name   string
		issues []Issue
		want   Standing
	}{
		{"quoted", []Issue{quoted, copied}, Standing{}},
		{"none", nil, Standing{}},
		{"one", []Issue{foreign, ownIssue(nil)}, Standing{Number: 2, Since: start, Updated: start, Failing: []string{"login"}}},
		{"closed", []Issue{closed}, Standing{}},
		{"well again, and not closed yet", []Issue{ownIssue(func(m *marker) { m.Healthy = 1 })}, Standing{Number: 1, Since: start, Updated: start}},
	} {
		if diff := cmp.Diff(test.want, StandingOf(newTracker(test.issues...).caseOf(Healthy))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.name, diff)
		}
	}
}

// TestStories tells run after run what is done with the issues.
func TestStories(t *testing.T) {
	closed := ownIssue(nil)
	closed.Open = false
	foreign := ownIssue(nil)
	foreign.Own = false
	quoted := ownIssue(nil)
	quoted.Body = "> " + quoted.Body
	below := ownIssue(nil)
	below.Body = "A report:\n" + below.Body
	copied := ownIssue(nil)
	copied.Labels = nil
	noted := copied
	noted.Body += "\n\n" + noteLine + "\r\n\nA word of somebody's."
	quotesNote := copied
	quotesNote.Body += "\n> " + noteLine
	pull := ownIssue(nil)
	pull.Pull = true
	bare := Issue{Open: true, Own: true, Title: "prod-smoke", Body: "written by hand"}
	tampered := ownIssue(nil)
	tampered.Body = strings.Replace(tampered.Body, `"ill":2`, `"ill":-7`, 1)
	broken := ownIssue(nil)
	broken.Body = strings.Replace(broken.Body, `{"run"`, `{"run`, 1)
	app := ownIssue(nil)
	app.Own, app.Bot = false, true
	appWithoutLabel := app
	appWithoutLabel.Labels, appWithoutLabel.Body = nil, noted.Body
	foreignKey := func(key string, hours int) Issue {
		i := ownIssue(func(m *marker) { m.Key, m.Every, m.At = key, 3600, start.Add(time.Duration(hours)*time.Hour) })
		i.Labels = []string{key}
		return i
	}
	for _, test := range []struct {
		name   string
		issues []Issue
		runs   []string
		log    []string
		open   []int
	}{
		{"well", nil, []string{"o", "o"}, nil, nil},
		{"one ill run is not an incident", nil, []string{"x:login", "o", "x:login", "o"}, nil, nil},
		{"ill, ill, well, well", nil, []string{"x:login", "x:login", "o", "o"}, []string{"open 1", "edit 1", "close 1", "comment 1"}, nil},
		{"flapping keeps it open", nil, []string{"x:login", "x:login", "o", "x:login", "o", "x:login"}, []string{"open 1", "edit 1", "edit 1", "edit 1", "edit 1"}, []int{1}},
		{"what could not be found out neither counts nor ends the row", nil, []string{"x:login", "?", "x:login", "o", "?", "o"}, []string{"open 1", "edit 1", "edit 1", "close 1", "comment 1"}, nil},
		{"one open", []Issue{ownIssue(nil)}, []string{"x:login"}, []string{"edit 1"}, []int{1}},
		{"the set changes", []Issue{ownIssue(nil)}, []string{"x:login,healthz", "x:healthz,login", "x:healthz"}, []string{"edit 1", "comment 1", "edit 1", "edit 1", "comment 1"}, []int{1}},
		{"two open: the oldest stays", []Issue{ownIssue(nil), ownIssue(nil)}, []string{"x:login"}, []string{"edit 1", "close 2", "comment 2"}, []int{1}},
		{"three open and well", []Issue{ownIssue(func(m *marker) { m.Healthy = 1 }), ownIssue(nil), ownIssue(nil)}, []string{"o"}, []string{"close 1", "comment 1", "close 2", "comment 2", "close 3", "comment 3"}, nil},
		{"a foreign author's is not ours", []Issue{foreign}, []string{"x:login", "x:login"}, []string{"open 2"}, []int{1, 2}},
		{"nor is a pull request", []Issue{pull}, []string{"x:login", "x:login"}, []string{"open 2"}, []int{1, 2}},
		{"nor is one without the marker", []Issue{bare}, []string{"x:login", "x:login", "o", "o"}, []string{"open 2", "edit 2", "close 2", "comment 2"}, []int{1}},
		{"nor is one that quotes it", []Issue{quoted, below}, []string{"x:login", "x:login", "o", "o"}, []string{"open 3", "edit 3", "close 3", "comment 3"}, []int{1, 2}},
		{"nor is one that begins with it, and bears neither label nor note", []Issue{copied, quotesNote}, []string{"x:login", "x:login", "o", "o"}, []string{"open 3", "edit 3", "close 3", "comment 3"}, []int{1, 2}},
		{"one that lost its label and has the note is ours", []Issue{noted}, []string{"x:login", "o", "o"}, []string{"edit 1", "edit 1", "close 1", "comment 1"}, nil},
		{"nor is another key's", []Issue{ownIssue(func(m *marker) { m.Key = "other" })}, []string{"x:login", "x:login"}, []string{"open 2"}, []int{1, 2}},
		{"nor is another board's", []Issue{ownIssue(func(m *marker) { m.Name = "shop" })}, []string{"x:login", "x:login"}, []string{"open 2"}, []int{1, 2}},
		{"nor is a drill's", []Issue{ownIssue(func(m *marker) { m.Drill = true })}, []string{"x:login", "x:login"}, []string{"open 2"}, []int{1, 2}},
		{"another app's with the label is ours: the token was changed", []Issue{app}, []string{"x:login", "o", "o"}, []string{"edit 1", "edit 1", "close 1", "comment 1"}, nil},
		{"another app's without it is not", []Issue{appWithoutLabel}, []string{"x:login", "x:login"}, []string{"open 2"}, []int{1, 2}},
		{"another key's that no run writes any more is closed", []Issue{foreignKey("old", 0)}, []string{"o", "o", "o", "o"}, []string{"close 1", "comment 1"}, nil},
		{"another key's that runs still write is left", []Issue{foreignKey("other", 3)}, []string{"o", "o", "o", "o"}, nil, []int{1}},
		{"what a later version wrote is left", []Issue{ownIssue(func(m *marker) { m.Version = 1 })}, []string{"x:login", "o", "o"}, nil, []int{1}},
		{"a closed one does not silence", []Issue{closed}, []string{"x:login", "x:login"}, []string{"open 2"}, []int{2}},
		{"a tampered marker is still ours", []Issue{tampered}, []string{"x:login", "o", "o"}, []string{"edit 1", "comment 1", "edit 1", "close 1", "comment 1"}, nil},
		{"a broken one too", []Issue{broken}, []string{"x:login", "x:login"}, []string{"edit 1", "comment 1", "edit 1"}, []int{1}},
		{"a later run is not overwritten", []Issue{ownIssue(func(m *marker) { m.Run, m.At = 9, start.Add(time.Hour) })}, []string{"x:healthz", "o"}, nil, []int{1}},
		{"one of long ago is: nothing runs for a day", []Issue{ownIssue(func(m *marker) { m.Run, m.At = 9, start.AddDate(0, 0, -1) })}, []string{"x:login"}, []string{"edit 1"}, []int{1}},
		{"one of a time to come never was", []Issue{ownIssue(func(m *marker) { m.Run, m.At = 9, start.AddDate(1, 0, 0) })}, []string{"x:login"}, []string{"edit 1"}, []int{1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := newTracker(test.issues...)
			k.runs(test.runs...)
			if diff := cmp.Diff(test.log, k.log); diff != "" {
				t.Errorf("steps (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(test.open, k.open()); diff != "" {
				t.Errorf("open (-want +got)\n%s", diff)
			}
		})
	}
}

// Two runs at a time, neither of which sees the other's issue, end in one.
func TestTwoRunsAtOnce(t *testing.T) {
	k := newTracker()
	k.runs("x:login")
	k.run = 2
	one, other := k.caseOf(Unhealthy, "login"), k.caseOf(Unhealthy, "login")
	k.take(Decide(one).Steps)
	k.take(Decide(other).Steps)
	if got := k.open(); len(got) != 2 {
		t.Fatalf("open %v", got)
	}
	for _, c := range []Case{one, other} {
		c.Issues = slices.Clone(k.issues)
		k.take(Heal(c))
	}
	if got := k.open(); !slices.Equal(got, []int{1}) || !strings.Contains(k.said[2][0], "#1") {
		t.Errorf("open %v, said %q", got, k.said)
	}
}

// Where earlier runs cannot be asked for, one ill run is enough, and that is said.
func TestBeforeUnknown(t *testing.T) {
	k := newTracker()
	k.unknown = true
	k.run = 1
	d := Decide(k.caseOf(Unhealthy, "login"))
	if len(d.Steps) != 1 || d.Steps[0].Action != Open || len(d.Notes) != 1 || !strings.Contains(d.Notes[0], "actions: read") {
		t.Errorf("got %+v", d)
	}
	k.unknown = false
	if d := Decide(k.caseOf(Unhealthy, "login")); len(d.Steps) != 0 || d.Notes[0] != "1 of 2 failing runs in a row: no issue yet" {
		t.Errorf("got %+v", d)
	}
}

// A drill walks the whole way and leaves nothing open, whatever an earlier one left.
func TestDrill(t *testing.T) {
	real := ownIssue(nil)
	left := ownIssue(func(m *marker) { m.Drill = true })
	for name, test := range map[string]struct {
		issues []Issue
		log    []string
		open   []int
	}{
		"first":       {nil, []string{"open 1", "comment 1", "close 1"}, nil},
		"one left":    {[]Issue{left}, []string{"edit 1", "comment 1", "close 1"}, nil},
		"two left":    {[]Issue{left, left}, []string{"edit 1", "comment 1", "close 1", "close 2", "comment 2"}, nil},
		"an incident": {[]Issue{real}, []string{"open 2", "comment 2", "close 2"}, []int{1}},
	} {
		k := newTracker(test.issues...)
		c := k.caseOf(Unhealthy, "drill")
		c.Drill = true
		k.take(Decide(c).Steps)
		if diff := cmp.Diff(test.log, k.log); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if diff := cmp.Diff(test.open, k.open()); diff != "" {
			t.Errorf("%s leaves open (-want +got)\n%s", name, diff)
		}
	}
}

// What the issue says: the set in its title, since when, the runs, the one before.
func TestWords(t *testing.T) {
	closed := ownIssue(nil)
	closed.Open = false
	k := newTracker(closed)
	k.runs("x:login", "x:login,healthz")
	i := k.issues[1]
	wantBody := `Production has been unhealthy since 2026-03-01 13:17 UTC.

the report

The last runs, the newest at the right (x not well, o well, ? not found out): ` + "`xx`" + `. [The last of them](https://github.example/runs/2).

It was so before: #1.

<sub>boardgate opened this, keeps it up to date and closes it. Please leave the first line as it is.</sub>
`
	_, body, _ := strings.Cut(i.Body, "\n")
	if diff := cmp.Diff(wantBody, body); diff != "" || i.Title != "Production: login, healthz not well" {
		t.Errorf("%q (-want +got)\n%s", i.Title, diff)
	}
	k.runs("x:login", "?", "o")
	if i = k.issues[1]; i.Title != "Production: well in the last run, after login not well" || !strings.Contains(i.Body, "`xxx?o`") || !strings.Contains(i.Body, "since 2026-03-01 13:17 UTC") {
		t.Errorf("%q\n%s", i.Title, i.Body)
	}
	k.runs("o")
	want := []string{
		"Now login not well; before: login, healthz. [The run](https://github.example/runs/3).",
		"Production is healthy again, in 2 runs in a row. [The last of them](https://github.example/runs/6). It was not since 2026-03-01 13:17 UTC.",
	}
	if diff := cmp.Diff(want, k.said[2]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// However many facts fail, the body is one that GitHub takes, and its marker one
// that can be read again.
func TestManyFacts(t *testing.T) {
	var set []string
	for n := range 1000 {
		set = append(set, fmt.Sprintf("%s-%04d", strings.Repeat("x", 59), n))
	}
	c := newTracker().caseOf(Unhealthy, set...)
	c.Open, c.Report = Threshold{1, 1}, strings.Repeat("r", 32<<10)
	body := Decide(c).Steps[0].Body
	if m, _ := readMarker(body); len(body) > 65_536 || len(m.Failing) == 0 || m.Failing[0] != set[0] {
		t.Errorf("%d bytes, %d facts read again", len(body), len(m.Failing))
	}
}

// A title stays within what GitHub takes, however many facts there are.
func TestLongTitle(t *testing.T) {
	k := newTracker()
	k.unknown = true
	var set []string
	for i := range 90 {
		set = append(set, fmt.Sprintf("fact-%d", i))
	}
	if got := Decide(k.caseOf(Unhealthy, set...)).Steps[0].Title; len(got) > 256 || !strings.HasSuffix(got, "…") {
		t.Errorf("%d bytes: %q", len(got), got)
	}
}

// The marker comes back as it was written, and never ends its comment.
func FuzzMarker(f *testing.F) {
	f.Add("prod-smoke", "shop --> <b>", 3, "<!-- boardgate incident key=a {} -->")
	f.Add("a", "", 0, "<!-- boardgate incident key=a {\"run\":1,\"set\":[\"-->\"]} -->")
	f.Fuzz(func(t *testing.T, key, name string, ill int, body string) {
		m := marker{Key: key, Name: name, history: history{Run: 7, At: start, Unhealthy: max(0, ill%mostCount), Since: start, Failing: []string{"login"}, Last: "xo?"}}
		line := m.String()
		if strings.Count(line, "-->") != 1 || strings.Contains(line, "\n") {
			t.Errorf("%q", line)
		}
		if _, ok := readMarker("words\n" + line); ok {
			t.Errorf("a marker that is quoted is believed: %q", line)
		}
		got, ok := readMarker(line + "\nmore")
		if key != "" && (!ok || cmp.Diff(m, got, cmp.AllowUnexported(marker{})) != "") {
			t.Errorf("%v\n%s", ok, cmp.Diff(m, got, cmp.AllowUnexported(marker{})))
		}
		if got, ok := readMarker(body); ok && (got.Unhealthy < 0 || got.Unhealthy > mostCount || len(got.Last) > mostLast) {
			t.Errorf("%+v of %q", got, body)
		}
	})
}
