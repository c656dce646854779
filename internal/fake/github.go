// Package fake is a GitHub inside the process, for demo and tests.
//
// It keeps state: commits, pull requests, comments, check runs, issues,
// workflow runs. It answers, under /api/v3 and /api/graphql, the requests that
// boardgate makes, refuses what GitHub refuses, fails on demand, and writes the
// conversation down. Tests hold what it reads and says to GitHub's own
// descriptions (package contract).
package fake

import (
	"fmt"
	"maps"
	"net/http"
	"sync"
	"time"
)

// GitHub is a GitHub. It is an http.Handler and safe for use by several goroutines.
type GitHub struct {
	mu       sync.Mutex
	now      func() time.Time
	token    string
	granted  map[string]string
	repos    map[string]*Repo
	faults   []*Fault
	talk     []Exchange
	lastID   int64
	rest     *http.ServeMux
	noLabels bool
	inFlight int
	together int
}

// Viewer is the login that the fake's token acts for, as GraphQL and as REST have it.
const Viewer = "github-actions[bot]"

// New returns a GitHub without repositories whose one token may do what the
// example workflow's permissions block grants. now tells it the time.
func New(now func() time.Time) *GitHub {
	g := &GitHub{now: now, repos: map[string]*Repo{}, lastID: 4_000_000_000} // past 32 bits, as GitHub's are
	g.Grant(map[string]string{"contents": "read", "pull_requests": "write", "checks": "write", "issues": "read"})
	g.rest = g.routes()
	return g
}

// RequireToken makes the fake refuse every other token with status 401.
func (g *GitHub) RequireToken(token string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.token = token
}

// Grant replaces what the token may do: scope, in REST's spelling, to "read" or "write".
func (g *GitHub) Grant(permissions map[string]string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.granted = maps.Clone(permissions)
}

// ReadOnly is a fork's or Dependabot's token: whatever is granted can only be read.
func (g *GitHub) ReadOnly() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for scope := range g.granted {
		g.granted[scope] = "read"
	}
}

// TakeNoLabels has issues opened from now on without the labels they were sent
// with: GitHub leaves them out without a word where it finds that the token may
// not set them.
func (g *GitHub) TakeNoLabels() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.noLabels = true
}

func (g *GitHub) may(scope, level string) bool {
	have := g.granted[scope]
	return have == "write" || (have == "read" && level == "read")
}

func (g *GitHub) newID() int64 {
	g.lastID++
	return g.lastID
}

// Repo returns the repository "owner/name", making it where it is new. Its
// default branch is main.
func (g *GitHub) Repo(name string) *Repo {
	g.mu.Lock()
	defer g.mu.Unlock()
	if r := g.repos[name]; r != nil {
		return r
	}
	r := &Repo{
		github: g, Name: name, DefaultBranch: "main",
		commits: map[string]*commit{}, blobs: map[string]string{}, branches: map[string]string{},
		issues: map[int]*Issue{}, runs: map[string][]Run{}, workflows: map[string]Workflow{},
	}
	g.repos[name] = r
	return r
}

// Together returns the most writes that were ever under way at one time.
func (g *GitHub) Together() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.together
}

// Repo is a repository of a GitHub.
type Repo struct {
	Name          string
	DefaultBranch string

	github   *GitHub
	commits  map[string]*commit
	blobs    map[string]string // by name
	branches map[string]string // to the commit's name
	issues   map[int]*Issue    // pull requests too: they share the numbers
	comments []*Comment
	reviews  []*ReviewComment
	checks   []*CheckRun
	runs     map[string][]Run // by workflow file

	workflows map[string]Workflow // by file
}

// Issue is an issue or a pull request.
type Issue struct {
	Number int
	Title  string
	Body   string
	Author string
	State  string // OPEN, CLOSED, MERGED
	Labels []string
	Locked bool  // nobody may comment
	Pull   *Pull // nil for an issue
	Time   time.Time
}

// Pull is what makes a pull request of an issue.
type Pull struct {
	Head     string // commit
	BaseRef  string // branch
	Merge    string // the test merge commit, empty where GitHub has none (yet)
	Conflict bool
	MergedAs string        // the commit that merging made on the branch, empty where it is not known
	Files    []ChangedFile // nil: reckoned from the commits
}

// ChangedFile is a row of a pull request's list of files.
type ChangedFile struct{ Path, Previous, Status string }

// Comment is a comment on an issue or pull request.
type Comment struct {
	ID        int64
	Issue     int
	Author    string
	Body      string
	Minimized bool
	Time      time.Time
}

// ReviewComment is a comment on a line of a pull request.
type ReviewComment struct {
	ID           int64
	Pull         int
	Author       string
	Commit, Path string
	Line         int
	Body         string
	Time         time.Time
}

// CheckRun is a check run.
type CheckRun struct {
	ID          int64
	Name        string
	Head        string
	Status      string
	Conclusion  string
	ExternalID  string
	Title       string
	Summary     string
	Annotations []Annotation
	Time        time.Time
}

// Annotation is an annotation of a check run, as it was sent.
type Annotation struct {
	Path        string `json:"path"`
	StartLine   int    `json:"start_line"`
	EndLine     int    `json:"end_line"`
	StartColumn int    `json:"start_column,omitempty"`
	EndColumn   int    `json:"end_column,omitempty"`
	Level       string `json:"annotation_level"`
	Title       string `json:"title,omitempty"`
	Message     string `json:"message"`
}

// Run is a run of a workflow.
type Run struct {
	Number             int
	Event, Branch      string
	Head               string
	Status, Conclusion string
	Time               time.Time
	Again              time.Time // when it was run again, zero where it was not
	Failures           []string  // titles of the annotations by which its job says what failed
}

// Workflow is a workflow as GitHub lists it.
type Workflow struct {
	File  string // under .github/workflows
	Name  string // empty where the file gives none, or cannot be read: GitHub then says its path
	State string // active, disabled_inactivity, …
}

// OpenPull opens a pull request from a head commit into the default branch and
// merges it for testing: the head's files over the base's where the head changed them.
func (r *Repo) OpenPull(number int, title, head string) *Pull {
	base := r.Head(r.DefaultBranch)
	p := &Pull{Head: head, BaseRef: r.DefaultBranch, Merge: r.MergeFiles(base, head)}
	r.SetIssue(Issue{Number: number, Title: title, Author: "mona", State: "OPEN", Pull: p})
	return p
}

// RemoveIssue takes an issue away, as a transfer to another repository does.
func (r *Repo) RemoveIssue(number int) {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	delete(r.issues, number)
}

// SetIssue puts an issue or a pull request in place.
func (r *Repo) SetIssue(i Issue) {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	if i.Time.IsZero() {
		i.Time = r.github.now()
	}
	r.issues[i.Number] = &i
}

// MergedPull puts a merged pull request in place.
func (r *Repo) MergedPull(number int, into string) {
	r.SetIssue(Issue{Number: number, Title: fmt.Sprintf("Change %d", number), Author: "mona", State: "MERGED", Pull: &Pull{BaseRef: into}})
}

// AddComment comments in another's name and returns the comment's number.
func (r *Repo) AddComment(number int, author, body string) int64 {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	c := &Comment{ID: r.github.newID(), Issue: number, Author: author, Body: body, Time: r.github.now()}
	r.comments = append(r.comments, c)
	return c.ID
}

// AddReviewComment begins a conversation about a line of a pull request in another's name.
func (r *Repo) AddReviewComment(pull int, author, path string, line int, body string) {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	r.reviews = append(r.reviews, &ReviewComment{ID: r.github.newID(), Pull: pull, Author: author, Path: path, Line: line, Body: body, Time: r.github.now()})
}

// HideComment minimises a comment, as a person does.
func (r *Repo) HideComment(id int64) {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	if c := r.findComment(id); c != nil {
		c.Minimized = true
	}
}

// SetRuns sets the runs of a workflow file, the newest first.
func (r *Repo) SetRuns(file string, runs ...Run) {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	r.runs[file] = runs
}

// SetWorkflow puts a workflow in place.
func (r *Repo) SetWorkflow(w Workflow) {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	r.workflows[w.File] = w
}

// Comments returns the comments on an issue or pull request, oldest first.
func (r *Repo) Comments(number int) []Comment {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	var out []Comment
	for _, c := range r.comments {
		if c.Issue == number {
			out = append(out, *c)
		}
	}
	return out
}

// ReviewComments returns the comments on lines of a pull request.
func (r *Repo) ReviewComments(number int) []ReviewComment {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	var out []ReviewComment
	for _, c := range r.reviews {
		if c.Pull == number {
			out = append(out, *c)
		}
	}
	return out
}

// CheckRuns returns the check runs made, in order.
func (r *Repo) CheckRuns() []CheckRun {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	var out []CheckRun
	for _, c := range r.checks {
		out = append(out, *c)
	}
	return out
}

// Issue returns an issue or pull request as it is by now, and whether there is one.
func (r *Repo) Issue(number int) (Issue, bool) {
	r.github.mu.Lock()
	defer r.github.mu.Unlock()
	if i := r.issues[number]; i != nil {
		return *i, true
	}
	return Issue{}, false
}
