package incident

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/text"
)

// marker is the first line of our issue: whose it is, and what is known from
// earlier runs. Anybody who may edit the issue may edit it, so what it says of
// earlier runs is checked and is a hint only.
type marker struct {
	Key   string
	Name  string
	Drill bool
	history
}

// history is the part of a marker that is a hint.
type history struct {
	Version   int       `json:"v,omitempty"`        // of the marker, 0 for the first
	Run       int       `json:"run"`                // the run that wrote it
	At        time.Time `json:"at"`                 // when it did; zero where not known
	Unhealthy int       `json:"ill"`                // unhealthy runs in a row, at most mostCount
	Healthy   int       `json:"well"`               // healthy runs in a row after them
	Since     time.Time `json:"since"`              // when production was first found unhealthy; zero where not known
	Failing   []string  `json:"set"`                // what fails
	Last      string    `json:"last"`               // the last runs, the newest at the right: see letters
	Every     int       `json:"every,omitempty"`    // seconds from one run of the schedule to the next, 0 where not known
	Previous  int       `json:"previous,omitempty"` // the issue that was there before, 0 for none
}

const (
	markerKind = "incident"

	mostCount   = 1000
	mostFailing = 1000
	mostName    = 64
	mostLast    = 20
	mostRun     = 1 << 53
	mostEvery   = 366 * 24 * 3600
	earliestRun = 2020 // the year before which no run was
)

// letters stand for what a run found, by Health.
const letters = "?ox"

// String writes the marker. Key and name are escaped and JSON writes < and > as
// numbers, so that nothing in it ends the comment.
func (m marker) String() string {
	m.At, m.Since = m.At.UTC().Truncate(time.Second), m.Since.UTC().Truncate(time.Second)
	data, err := json.Marshal(m.history)
	if err != nil {
		panic(err) // a time outside the years 0 to 9999, which no clock says
	}
	words := []string{text.Field("key", m.Key), text.Field("name", m.Name)}
	if m.Drill {
		words = append(words, "drill")
	}
	return text.Marker(markerKind, append(words, string(data))...)
}

// readMarker reads the marker of a body. Where only its state cannot be read, all it
// says is whose the issue is.
func readMarker(body string) (marker, bool) {
	fields, data, ok := text.ReadMarker(markerKind, body)
	if !ok {
		return marker{}, false
	}
	m := marker{Key: fields["key"], Name: fields["name"]}
	_, m.Drill = fields["drill"]
	var h history
	if json.Unmarshal([]byte(data), &h) == nil && h.valid() {
		m.history = h
	}
	return m, m.Key != ""
}

// valid says whether boardgate could have written it.
func (h history) valid() bool {
	for _, n := range []int{h.Unhealthy, h.Healthy} {
		if n < 0 || n > mostCount {
			return false
		}
	}
	for _, name := range h.Failing {
		if !isName(name) {
			return false
		}
	}
	return h.Run >= 0 && h.Run < mostRun && h.Every >= 0 && h.Every <= mostEvery && h.Previous >= 0 && h.Previous < mostRun && len(h.Failing) <= mostFailing && len(h.Last) <= mostLast &&
		strings.Trim(h.Last, letters) == "" && (h.Since.IsZero() || h.Since.Year() >= earliestRun)
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

// next returns the marker as it is after one more run.
func (m marker) next(c Case) marker {
	m.Run, m.At = c.Run, c.Now
	if c.Every > 0 {
		m.Every = int(c.Every.Seconds())
	}
	m.Last += letters[c.Health : c.Health+1]
	m.Last = m.Last[max(0, len(m.Last)-mostLast):]
	switch c.Health {
	case Unhealthy:
		wasOver := m.Healthy >= c.CloseAfter // somebody opened it again
		m.Unhealthy, m.Failing = min(m.Unhealthy+1, mostCount), c.Failing
		if m.Healthy > 0 {
			m.Unhealthy, m.Healthy = 1, 0
		}
		if m.Since.IsZero() || m.Since.After(c.Now) || wasOver {
			m.Since = c.Now
		}
	case Healthy:
		m.Healthy = min(m.Healthy+1, mostCount)
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

// unscheduled is the time from one run to the next where no schedule says.
const unscheduled = 7 * 24 * time.Hour

// stale says whether two runs and more should have written the marker since it was
// written: what it says of production is of then.
func (m marker) stale(now time.Time) bool {
	every := time.Duration(m.Every) * time.Second
	if every == 0 {
		every = unscheduled
	}
	return now.Sub(m.At) > 2*every
}

// writtenLater says whether a later version of boardgate wrote an issue, which may
// say more in it than this one can keep.
func writtenLater(i Issue) bool {
	m, _ := readMarker(i.Body)
	return m.Version > 0
}

// written returns a time of a marker as people read it.
func written(t time.Time) string {
	if t.IsZero() {
		return "a time that is not known"
	}
	return t.UTC().Format(clock)
}
