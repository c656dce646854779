// Package fact holds what is asked of the world outside the board, and the answers.
//
// Every answer has three values: yes, no, and could not find out. The zero
// value of each is the careful one.
package fact

import "time"

// Pull asks for a pull request.
type Pull struct {
	Repo   string // "owner/name", empty for the board's own repository
	Number int
}

// PullState is what is known of a pull request. The zero PullState is NotAsked.
type PullState string

// The states of a pull request.
const (
	NotAsked   PullState = ""           // nobody was asked, or the one asked cannot say no
	Unknown    PullState = "unknown"    // asked, and no answer: forbidden, limited, broken
	Merged     PullState = "merged"     //
	OpenPull   PullState = "open"       //
	Closed     PullState = "closed"     // closed and not merged
	IsIssue    PullState = "issue"      // the number is an issue's
	Absent     PullState = "absent"     // there is no such number, and we may read pull requests
	Unreadable PullState = "unreadable" // another repository, which this token cannot read
)

// PullAnswer is what came back for a Pull.
type PullAnswer struct {
	State  PullState
	Base   string // the branch it was merged into, empty where not known
	Commit string // the commit that merging made on that branch, empty where not known
	Reach  Reach  // whether that commit is part of the change under judgement
	Reason string // why, in words, where State is Unknown or NotAsked
}

// Reach says whether a commit is part of the change under judgement: the head
// or a commit before it. The zero Reach is that nobody was asked, or no answer came.
type Reach string

// The answers to it.
const (
	ReachUnknown Reach = ""
	Reached      Reach = "reached"
	NotReached   Reach = "not-reached"
)

// Path asks whether a path stands in the repository.
type Path string

// Presence is the answer to a Path. The zero Presence is that nobody was asked.
type Presence string

// The answers to a Path.
const (
	PathNotAsked Presence = ""
	PathThere    Presence = "there"
	PathMissing  Presence = "missing"
)

// Wanted lists the facts that judging will ask for, sorted, without doubles.
type Wanted struct {
	Pulls []Pull
	Paths []Path
	// Since asks for the versions of the board from this time on; the zero Time
	// asks for none.
	Since time.Time
}

// Answers holds the facts as they came.
type Answers struct {
	Pulls map[Pull]PullAnswer
	Paths map[Path]Presence
	// Branches are those on which what was merged has landed: the one that the
	// change goes into and the repository's default one. Empty where not known.
	Branches []string

	Production *Production // nil where production was not asked
	Incident   Incident
}

// Incident is what is known of the issue that tells of a production that is
// not well: whether it was so before this change. The zero Incident is that
// nobody was asked.
type Incident struct {
	State   IncidentState
	Number  int       // of the open issue
	Since   time.Time // when production was first found not well; zero where not known
	Updated time.Time // when a run wrote it last; zero where not known
	Facts   []string  // what was not well when it was last looked at
	Reason  string    // why, in words, where State is IncidentUnknown
}

// IncidentState says whether the issue is open. The zero IncidentState is that nobody was asked.
type IncidentState string

// The states of an incident.
const (
	IncidentNotAsked IncidentState = ""
	IncidentUnknown  IncidentState = "unknown"
	IncidentNone     IncidentState = "none"
	IncidentOpen     IncidentState = "open"
	IncidentStale    IncidentState = "stale" // open, and no run writes it any more: it says nothing of now
)

// Pull returns the answer for p, the zero PullAnswer where it was not asked.
func (a Answers) Pull(p Pull) PullAnswer { return a.Pulls[p] }

// Path returns the answer for p.
func (a Answers) Path(p Path) Presence { return a.Paths[p] }
