// Package board reads a Markdown board, or its state file, into columns and items.
//
// It alone knows the Markdown parser. Nothing that a reader sees in a column is dropped:
// what is not an item, a field or a placeholder stands in Unparsed or Column.Notes.
package board

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/source"
)

// Role is what a column is for. The zero Role is not a column.
type Role string

// The roles of a board's columns.
const (
	Next    Role = "next"
	WIP     Role = "wip"
	Done    Role = "done"
	Dropped Role = "dropped"
	Other   Role = "other" // a lane of the board without rules of its own: backlog, blocked, review
)

// The roles of a state file's sections. Its NEXT has the role Next.
const (
	InProgress Role = "in-progress"
	Stable     Role = "stable"
	Closed     Role = "closed"
	Blocked    Role = "blocked"
)

// Words are the words by which a board is read, case aside.
type Words struct {
	Columns map[Role][]string // leading words of headings; separators between them aside ("To Do" is "todo")
	DoD     []string          // labels of a Definition of Done
	None    []string          // first words of a placeholder
	Updated []string          // labels of the stamp
	Limit   []string          // words that make a number in a heading a limit

	Home Home // whose board it is
}

// Home is the repository whose board is read, so that its own pull requests are
// known however they are written. The zero Home is not known.
type Home struct {
	Host string // of its pages, "github.com" or "https://github.com"; empty where not known
	Repo string // "owner/name"
}

// normalize returns host and repository as a Reference has them, given those that a
// text names, each empty where it names none. Where the host of the board is not
// known, every host is taken for it.
func (h Home) normalize(host, repo string) (string, string) {
	host, repo = web(host), strings.ToLower(repo)
	if h.Host == "" || host == web(h.Host) {
		host = ""
	}
	if host == "" && repo == strings.ToLower(h.Repo) {
		repo = ""
	}
	return host, repo
}

// web returns a host as hosts are compared: in lower case, without a scheme or its port.
func web(host string) string {
	host = strings.ToLower(host)
	if _, after, ok := strings.Cut(host, "://"); ok {
		host = after
	}
	return strings.TrimSuffix(strings.TrimSuffix(host, ":443"), ":80")
}

// Text is a value cleaned of its markup, and where it stands.
type Text struct {
	Value string
	Span  source.Span
}

// Board is a board or a state file.
type Board struct {
	File      *source.File
	Columns   []*Column // in the order of the file
	Stamps    []Stamp   // in the order of the file; the first is the board's
	Rules     []Limit   // limits its Rules section states, with their roles
	Waivers   []*Waiver // all of them, also those that belong to no item
	Drops     []DropMark
	RulesText []Text // the lines of its Rules section, cleaned

	Hiding     []Hiding    // HTML that hides other text, in the order of the file
	Lookalikes []Lookalike // headings that look like columns and are none

	Unparsed []Unparsed  // what looks like cards and was read as none, in the order of the file
	Headings []Text      // headings that are neither columns nor items, for advice
	Problem  Problem     // why it has no columns, where it has none
	Excess   string      // of what it holds more than is read, where that is the Problem: "50,000 items"
	At       source.Span // the place of the problem

	words  Words             // by which it was read
	shown  string            // its text without what a browser does not show, empty where it could not be read
	seen   []string          // what Seen returns, nil until asked for
	named  []Reference       // what Named returns, nil until asked for
	labels map[string]*label // its sub-headings, by their text
}

// Problem is why a text could not be read as a board. The zero Problem is none.
type Problem string

// The ways in which a text is not a board.
const (
	Empty     Problem = "empty"     // no text but white space
	Binary    Problem = "binary"    // holds a NUL byte
	NotUTF8   Problem = "not-utf8"  // holds bytes that are not UTF-8
	TooMuch   Problem = "too-much"  // holds more than is read, so nothing of it counts
	NoColumn  Problem = "no-column" // no heading that is a column
	Scattered Problem = "scattered" // column words stand only as status lines below other sections
)

// Column is one lane: its heading and what stands below it.
type Column struct {
	Role      Role
	Title     Text   // the heading, or the header cell of a table
	Word      string // the configured word that made it this role's
	Limit     *Limit // what the heading itself says, nil where it says none
	Items     []*Item
	Groups    []Text // sub-headings that group items
	Body      source.Span
	Notes     []Line // what stands in the column about the column, or in an item and is none of its parts
	Fewest    int    // how many items it holds where each sub-heading that may be a card is one
	NoLimit   *Text  // what looks like a limit of the heading and is none: "max a few"
	PerPerson bool   // that is a limit for each person: "max 2 per person"
}

// Unparsed is text that looks like cards and was read as none.
type Unparsed struct {
	Heading Text // what it stands below; the zero Text at the top of the file
	Lines   []Line
	Column  *Column // the column in which it stands, nil where it stands in none
	Role    Role    // that the heading's words name where it is not a column all the same, else empty
}

// Limit is a number of items a column may hold.
type Limit struct {
	Role Role
	Max  int // at least 0
	Span source.Span
}

// Stamp is a "last updated" line.
type Stamp struct {
	Time    time.Time // UTC unless the line names an offset
	HasTime bool      // false where the line has only a date
	Raw     string    // as written
	Span    source.Span
}

// Mark is the state of an item's checkbox or strike-through. The zero Mark is none.
type Mark string

// The marks.
const (
	Open    Mark = "open"
	Checked Mark = "checked"
	Struck  Mark = "struck"
)

// Item is a piece of work on a board.
type Item struct {
	Column     *Column
	Title      Text     // without number, mark, date and trailing reference; with its ids
	ID         string   // the first of IDs, empty where it has none
	IDs        []string // what the team calls it by, as its title leads with them: "#116", "T-12", "AUTH-CRED-01"
	Designator string   // a word with a number that begins its title and is not an id: "Pass 12"
	Cites      []string // other ids that it speaks for: those with which a clause of its text begins
	Number     int      // its place as written, "2)" is 2; 0 where it has none
	Mark       Mark
	Date       Date // the zero Date where none is written
	Started    Date // the day work on it began, by its own words; the zero Date where none is written
	Group      string
	Block      source.Span // all of its lines
	Line       source.Span // its first line
	Fields     []Field
	DoD        *DoD   // nil where the item has none
	Notes      []Text // bullets and paragraphs that are neither field nor criterion
	Pulls      []Reference
	Mentions   []Reference // numbers that are named and prove nothing
	Was        string      // "(was: …)": its title before
	bold       bool        // its title is bold, or it is a row, a heading or numbered
	Waivers    []*Waiver
}

// Date is a day as written. The zero Date is none.
type Date struct {
	Year, Day int
	Month     time.Month
	Span      source.Span
}

// IsZero says whether no date is written.
func (d Date) IsZero() bool { return d.Year == 0 }

// Time returns the start of the day in UTC.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// Field is a labelled value of an item.
type Field struct {
	Name  string
	Value Text
}

// DoD is an item's Definition of Done.
type DoD struct {
	Label    source.Span // the line of its label, or of its first box where it has none
	Criteria []Text
	Delegate string // the path of the file that holds it, where the item only points there
}

// Reference is a pull request's number in a text. Two that name one pull request
// have the same Host, Repo and Number, however they are written.
type Reference struct {
	Host   string // in lower case; empty for the board's own host
	Repo   string // "owner/name" in lower case, empty for the board's own repository
	Number int    // at least 1
	Span   source.Span
	// Candidate says that nothing but "#" makes the number a pull request's: it
	// may be an issue's, or the team's own.
	Candidate bool
}

// Name returns "#12", "owner/name#12" or "host/owner/name#12".
func (r Reference) Name() string {
	return strings.TrimPrefix(fmt.Sprintf("%s/%s#%d", r.Host, r.Repo, r.Number), "/")
}

// Same says whether two references are to one pull request.
func (r Reference) Same(as Reference) bool {
	return r.Host == as.Host && r.Repo == as.Repo && r.Number == as.Number
}

// Waiver is `<!-- boardgate: allow RULE until DATE: reason -->`.
type Waiver struct {
	Rules  []string
	Until  Date   // the zero Date where none is given
	Bad    string // what is wrong with its writing, empty where it is sound
	Reason string
	Item   *Item // nil where it stands at no item
	Span   source.Span
}

// Column returns the board's columns of a role, in the order of the file.
func (b *Board) Column(role Role) []*Column {
	var out []*Column
	if b == nil {
		return nil
	}
	for _, c := range b.Columns {
		if c.Role == role {
			out = append(out, c)
		}
	}
	return out
}

// Items returns the items in the columns of a role, in the order of the file.
func (b *Board) Items(role Role) []*Item {
	return itemsOf(b.Column(role))
}

// All returns the items of every column, in the order of the file.
func (b *Board) All() []*Item {
	if b == nil {
		return nil
	}
	return itemsOf(b.Columns)
}

func itemsOf(columns []*Column) []*Item {
	var items [][]*Item
	for _, c := range columns {
		items = append(items, c.Items)
	}
	return slices.Concat(items...)
}

// Stamp returns the board's stamp and whether it has one.
func (b *Board) Stamp() (Stamp, bool) {
	if b == nil || len(b.Stamps) == 0 {
		return Stamp{}, false
	}
	return b.Stamps[0], true
}
