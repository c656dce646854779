package incident

import (
	"encoding/json"
	"net/url"
	"strings"
	"time"
)

// marker is the first line of our issue: whose it is, and what is known from
// earlier runs. Anybody who may edit the issue may edit it, so what it says of
// earlier runs is checked and is a hint only.
type marker struct {
	Key   string
	Name  string
	Drill bool

	Run   int       // the run that wrote it
	At    time.Time // when it did; zero where not known
	Ill   int       // ill runs in a row, at most mostCount
	Well  int       // well runs in a row after them
	Since time.Time // when production was first found not well; zero where not known
	Set   []string  // what is not well
	Last  string    // the last runs, the newest at the right: see letters
}

const (
	markerPrefix = "<!-- boardgate incident "
	markerSuffix = " -->"

	mostMarker  = 40 << 10 // bytes that are read
	mostCount   = 1000
	mostSet     = 1000
	mostName    = 64
	mostLast    = 20
	mostRun     = 1 << 53
	earliestRun = 2020 // the year before which no run was
)

// letters stand for what a run found, by Health.
const letters = "?ox"

// state is the part of a marker that is a hint.
type state struct {
	Run   int       `json:"run"`
	At    time.Time `json:"at"`
	Ill   int       `json:"ill"`
	Well  int       `json:"well"`
	Since time.Time `json:"since"`
	Set   []string  `json:"set"`
	Last  string    `json:"last"`
}

// String writes the marker. Key and name are escaped and JSON writes < and > as
// numbers, so that nothing in it ends the comment.
func (m marker) String() string {
	data, err := json.Marshal(state{m.Run, m.At.UTC().Truncate(time.Second), m.Ill, m.Well, m.Since.UTC().Truncate(time.Second), m.Set, m.Last})
	if err != nil {
		panic(err) // a time outside the years 0 to 9999, which no clock says
	}
	line := markerPrefix + "key=" + url.QueryEscape(m.Key) + " name=" + url.QueryEscape(m.Name)
	if m.Drill {
		line += " drill"
	}
	return line + " " + string(data) + markerSuffix
}

// readMarker reads the marker of a body, which is its first line: further down
// it is quoted. Where only its state cannot be read, all it says is whose the
// issue is.
func readMarker(body string) (marker, bool) {
	rest, ok := strings.CutPrefix(body, markerPrefix)
	if !ok || len(rest) == 0 {
		return marker{}, false
	}
	line, _, _ := strings.Cut(rest[:min(len(rest), mostMarker)], "\n")
	inner, _, _ := strings.Cut(line, markerSuffix)
	head, data, _ := strings.Cut(inner, "{")
	var m marker
	for field := range strings.FieldsSeq(head) {
		key, value, _ := strings.Cut(field, "=")
		switch key {
		case "key":
			m.Key, _ = url.QueryUnescape(value)
		case "name":
			m.Name, _ = url.QueryUnescape(value)
		case "drill":
			m.Drill = true
		}
	}
	var s state
	if json.Unmarshal([]byte("{"+data), &s) == nil && s.sound() {
		m.Run, m.At, m.Ill, m.Well, m.Since, m.Set, m.Last = s.Run, s.At, s.Ill, s.Well, s.Since, s.Set, s.Last
	}
	return m, m.Key != ""
}

// sound says whether a state is one that boardgate could have written.
func (s state) sound() bool {
	for _, n := range []int{s.Ill, s.Well} {
		if n < 0 || n > mostCount {
			return false
		}
	}
	for _, name := range s.Set {
		if !isName(name) {
			return false
		}
	}
	return s.Run >= 0 && s.Run < mostRun && len(s.Set) <= mostSet && len(s.Last) <= mostLast &&
		strings.Trim(s.Last, letters) == "" && (s.Since.IsZero() || s.Since.Year() >= earliestRun)
}

// isName says whether s is a name that a fact can have.
func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return s != "" && len(s) <= mostName
}

// after returns the marker as it is after one more run.
func (m marker) after(c Case) marker {
	m.Run, m.At = c.Run, c.Now
	m.Last += letters[c.Health : c.Health+1]
	m.Last = m.Last[max(0, len(m.Last)-mostLast):]
	switch c.Health {
	case Ill:
		m.Ill, m.Set = min(m.Ill+1, mostCount), c.Set
		if m.Well > 0 {
			m.Ill, m.Well = 1, 0
		}
		if m.Since.IsZero() || m.Since.After(c.Now) {
			m.Since = c.Now
		}
	case Well:
		m.Well = min(m.Well+1, mostCount)
	}
	return m
}

// longestRun is how long a job may take, and so how long one that began before
// another may still be on its way
// (https://docs.github.com/en/actions/reference/limits).
const longestRun = 6 * time.Hour

// newer says whether a later run wrote the marker while this one was on its
// way. One of another time is no matter: nothing else orders runs for good.
func (m marker) newer(c Case) bool {
	age := c.Now.Sub(m.At)
	return m.Run > c.Run && age > -longestRun && age < longestRun
}

// since says when it began.
func (m marker) since() string {
	if m.Since.IsZero() {
		return "a time that is not known"
	}
	return m.Since.UTC().Format(clock)
}
