package github

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/google/go-github/v66/github"
)

// Question is what the first query asks: files at the sides of a change.
type Question struct {
	Repo  string // "owner/name"
	Pull  int    // 0 for a change that is not a pull request's
	Merge string // the merge commit the run was woken for; empty for the one GitHub tests merging with
	Head  string // the pull request's own head, or the commit to judge
	Base  string // what to compare with where there is no pull request; empty for nothing
	Onto  string // the branch that a merge group goes onto, "refs/heads/main"; empty where it is none
	Paths []string
}

// How says what the two sides of a change are.
type How string

// What is compared with what.
const (
	MergeCommit How = "merge commit" // the test merge of the head, against the commit of the base branch that it merges into
	MergeBase   How = "merge base"   // the head, against its merge base with the base branch
	AsGiven     How = "as given"
)

// Sides are the two sides of a change, and the pull request's own head.
type Sides struct {
	How           How
	Head          Side // what is judged
	Base          Side // the zero Side where there is none
	Tip           Side // the pull request's own head, where its annotations go; Head where there is none
	Onto          Side // the present head of the branch that a merge group goes onto; the zero Side where it is none
	Behind        int  // commits that the base branch has and Base has not; counted for a test merge only
	Pull          Pull // the zero Pull where the change is not a pull request's
	DefaultBranch string
}

// Side is a commit and the files asked for that stand in it.
type Side struct {
	Commit string
	Files  map[string]File // by path, directories and the like too; what is not there was not there

	// Names are those in the top folder, "", and in the folders there, whose own
	// names have a slash at the end; nil until Trees asks.
	Names map[string][]string
}

// File is a file in a commit, or what stands in its place. The zero File is none.
type File struct {
	Path string
	Kind Entry  // what it is
	OID  string // the blob's name: files of one name have one text
	Size int    // bytes

	repo string
	text *string // nil where the query did not bring the whole text
}

// Pull is what the first query says of the pull request itself.
type Pull struct {
	BaseRef  string // the branch it goes into at present
	Base     string // the present head of that branch
	Conflict bool   // it cannot be merged as it is
	Comments Comments
}

// Sides asks for everything at once. A commit asked for that is not there is
// an error of kind NotFound, and so is a pull request, or its base branch.
//
// A test merge counts where its second parent is the head and its first parent
// is the present base branch, or was: the branch that a pull request goes into
// can be changed at any time, and a run can be repeated long after. The event's
// is tried first, then GitHub's present one. Without one, the head is compared
// with its merge base.
func (c *Client) Sides(ctx context.Context, q Question) (Sides, error) {
	got, err := c.askSides(ctx, q)
	if err != nil {
		return Sides{}, err
	}
	s := Sides{DefaultBranch: got.Repository.DefaultBranchRef.Name}
	if s.Tip, err = got.side(q, "head", got.Repository.Head); err != nil {
		return s, err
	}
	if q.Pull == 0 {
		return s.givenSides(q, got)
	}
	if s.Pull, err = got.pullOf(q); err != nil {
		return s, err
	}
	return c.pullSides(ctx, q, s, got)
}

func (s Sides) givenSides(q Question, got *sidesAnswer) (Sides, error) {
	s.How, s.Head = AsGiven, s.Tip
	if q.Base == "" {
		return s, nil
	}
	var err error
	if s.Base, err = got.side(q, "base", got.Repository.Base); err != nil || q.Onto == "" {
		return s, err
	}
	if got.Repository.Onto == nil {
		return s, got.missing(needsContents, "the branch "+q.Onto+" is not there", "repository", "onto")
	}
	s.Onto = got.Repository.Onto.Target.side(q)
	return s, nil
}

// pullSides finds the sides of a pull request.
func (c *Client) pullSides(ctx context.Context, q Question, s Sides, got *sidesAnswer) (Sides, error) {
	for _, m := range got.merges(q) {
		behind, on, err := c.behind(ctx, "comparing the test merge with the base branch", q.Repo, m.Parents.Nodes[0].OID, s.Pull.Base)
		if err != nil {
			return s, err
		}
		if on {
			s.How, s.Behind = MergeCommit, behind
			return c.readSides(ctx, q, s, m, &m.Parents.Nodes[0])
		}
	}
	const op = "looking for the merge base"
	cmp, err := c.compare(ctx, op, q.Repo, s.Pull.Base, q.Head)
	if err != nil {
		return s, err
	}
	base := cmp.GetMergeBaseCommit().GetSHA()
	if base == "" {
		return s, &Error{Op: op, Kind: NotFound, Message: "the head and the base branch have no common ancestor"}
	}
	s.How = MergeBase
	return c.readSides(ctx, q, s, &commitAnswer{OID: q.Head}, &commitAnswer{OID: base})
}

// readSides sets both sides, and asks for their files where these have not come.
func (c *Client) readSides(ctx context.Context, q Question, s Sides, head, base *commitAnswer) (Sides, error) {
	s.Head, s.Base = head.side(q), base.side(q)
	if len(head.files) == len(q.Paths) && len(base.files) == len(q.Paths) {
		return s, nil
	}
	return c.FetchMore(ctx, q.Repo, s, q.Paths)
}

// behind returns how many commits a branch has that one of its earlier commits
// has not, and whether that commit is one of the branch at all.
func (c *Client) behind(ctx context.Context, op, repo, commit, branch string) (int, bool, error) {
	if commit == branch {
		return 0, true, nil
	}
	cmp, err := c.compare(ctx, op, repo, commit, branch)
	switch {
	case KindOf(err) == NotFound: // they have nothing in common, or the commit is gone
		return 0, false, nil
	case err != nil:
		return 0, false, err
	}
	return cmp.GetAheadBy(), cmp.GetBehindBy() == 0, nil
}

// compare compares two commits; the answer has one of the commits between them at most.
func (c *Client) compare(ctx context.Context, op, repo, base, head string) (*github.CommitsComparison, error) {
	owner, name := ownerAndName(repo)
	cmp, _, err := c.rest.Repositories.CompareCommits(ctx, owner, name, base, head, onePage(1))
	return cmp, asError(op, err)
}

// askSides asks again where a commit is not visible yet, which it may not be
// right after the push that a run was started for.
func (c *Client) askSides(ctx context.Context, q Question) (*sidesAnswer, error) {
	for attempt := 1; ; attempt++ {
		got, err := c.askSidesOnce(ctx, q)
		if err != nil || !got.notVisibleYet(q) || !c.transport.waitAgain(ctx, attempt, 0) {
			return got, err
		}
	}
}

// notVisibleYet says whether a commit that was asked for by name is not there.
func (a *sidesAnswer) notVisibleYet(q Question) bool {
	missing := func(c *commitAnswer, alias string) bool {
		e := a.at("repository", alias)
		return c == nil && (e == nil || e.Type == "NOT_FOUND")
	}
	return missing(a.Repository.Head, "head") || q.Pull == 0 && q.Base != "" && missing(a.Repository.Base, "base")
}

func (c *Client) askSidesOnce(ctx context.Context, q Question) (*sidesAnswer, error) {
	const op = "reading the board and its configuration"
	text, variables := sidesQuery(q)
	got := &sidesAnswer{op: op}
	var err error
	if got.answer, err = c.query(ctx, op, text, variables, got); err != nil {
		return nil, err
	}
	if got.Repository == nil {
		return nil, got.missing(needsContents, "the repository "+q.Repo+" is not there for this token", "repository")
	}
	return got, nil
}

const fileFields = `fragment F on TreeEntry {
  mode
  object { __typename oid ... on Blob { byteSize isTruncated text } }
}
`

func sidesQuery(q Question) (string, map[string]any) {
	w := repositoryQuery(q.Repo)
	w.declare("head", "GitObjectID!", q.Head)
	w.writeLine("    defaultBranchRef { name }")
	w.writeLine("    head: object(oid: $head) { oid ...C }")
	switch {
	case q.Pull != 0:
		w.pullFields(q)
	case q.Base != "":
		w.declare("base", "GitObjectID!", q.Base)
		w.writeLine("    base: object(oid: $base) { oid ...C }")
	}
	if q.Onto != "" {
		w.declare("onto", "String!", q.Onto)
		w.writeLine("    onto: ref(qualifiedName: $onto) { target { oid ...C } }")
	}
	w.writeLine("  }")
	w.writeLine("}")
	w.fileFragments(q.Paths)
	return w.query("Sides"), w.values
}

// fileFragments writes the fragment C, which asks a commit for its files.
func (w *queryWriter) fileFragments(paths []string) {
	w.writeLine("fragment C on Commit {")
	for i, path := range paths {
		w.declare(fmt.Sprintf("p%d", i), "String!", path)
		w.writeLine(fmt.Sprintf("  f%d: file(path: $p%d) { ...F }", i, i))
	}
	w.writeLine("  __typename")
	w.writeLine("}")
	if len(paths) > 0 {
		w.body.WriteString(fileFields)
	}
}

func (w *queryWriter) pullFields(q Question) {
	w.declare("number", "Int!", q.Pull)
	merge := "oid parents(first: 3) { nodes { oid ...C } } ...C"
	ask := merge
	if q.Merge != "" {
		w.declare("merge", "GitObjectID!", q.Merge)
		w.writeLine("    merge: object(oid: $merge) { ... on Commit { " + merge + " } }")
		ask = "oid parents(first: 3) { nodes { oid } }" // its files are asked for where it counts
	}
	w.writeLine("    pullRequest(number: $number) {")
	w.writeLine("      headRefOid baseRefName baseRef { target { oid } } mergeable potentialMergeCommit { " + ask + " }")
	w.writeLine("      " + firstComments)
	w.writeLine("    }")
}

// sidesAnswer is the answer's shape.
type sidesAnswer struct {
	*answer    `json:"-"`
	op         string
	Repository *struct {
		DefaultBranchRef struct{ Name string }
		Head, Base       *commitAnswer
		Merge            *commitAnswer
		Onto             *struct{ Target commitAnswer }
		PullRequest      *struct {
			HeadRefOid, BaseRefName string
			BaseRef                 *struct{ Target commitAnswer }
			Mergeable               string
			PotentialMergeCommit    *commitAnswer
			Comments                *commentsAnswer
		}
	}
}

type commitAnswer struct {
	OID     string
	Parents struct{ Nodes []commitAnswer }
	files   map[int]*entryAnswer
}

type entryAnswer struct {
	Mode   int
	Object *struct {
		Typename    string `json:"__typename"`
		OID         string
		ByteSize    int
		IsTruncated bool
		Text        *string
	}
}

// UnmarshalJSON reads the files, whose names are f0, f1 and so on.
func (c *commitAnswer) UnmarshalJSON(text []byte) error {
	type plain commitAnswer
	if err := json.Unmarshal(text, (*plain)(c)); err != nil {
		return err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	c.files = map[int]*entryAnswer{}
	for name, raw := range all {
		var i int
		if n, _ := fmt.Sscanf(name, "f%d", &i); n != 1 {
			continue
		}
		var e *entryAnswer
		if err := json.Unmarshal(raw, &e); err != nil {
			return err
		}
		c.files[i] = e
	}
	return nil
}

// merges returns the test merges of this very head, the event's first.
func (a *sidesAnswer) merges(q Question) []*commitAnswer {
	var out []*commitAnswer
	add := func(m *commitAnswer, place ...string) {
		if m == nil || len(m.Parents.Nodes) != 2 || m.Parents.Nodes[1].OID != q.Head || a.at(place...) != nil {
			return
		}
		if len(out) == 0 || out[0].Parents.Nodes[0].OID != m.Parents.Nodes[0].OID {
			out = append(out, m)
		}
	}
	add(a.Repository.Merge, "repository", "merge")
	add(a.Repository.PullRequest.PotentialMergeCommit, "repository", "pullRequest", "potentialMergeCommit")
	return out
}

// side returns one side; a commit that is not there, or not whole, is an error.
func (a *sidesAnswer) side(q Question, alias string, c *commitAnswer) (Side, error) {
	oid := q.Head
	if alias == "base" {
		oid = q.Base
	}
	if c == nil || a.at("repository", alias) != nil {
		return Side{}, a.missing(needsContents, "the commit "+oid+" is not in this repository; a force push may have removed it", "repository", alias)
	}
	return c.side(q), nil
}

// missing is the error for a place that did not come: the answer's own, unless it
// only says that nothing is there. In a repository that came, this is no matter
// of permissions.
func (a *sidesAnswer) missing(accepted, otherwise string, names ...string) error {
	e := a.at(names...)
	within := len(names) > 1
	switch {
	case e != nil && (!within || e.Type != "NOT_FOUND"):
		return e.asError(a.op, accepted)
	case within:
		accepted = ""
	}
	return &Error{Op: a.op, Kind: NotFound, Message: otherwise, Accepted: accepted}
}

func (c *commitAnswer) side(q Question) Side {
	s := Side{Commit: c.OID, Files: map[string]File{}}
	for _, i := range slices.Sorted(maps.Keys(c.files)) {
		if f, ok := c.files[i].toFile(q.Repo, q.Paths[i]); ok {
			s.Files[f.Path] = f
		}
	}
	return s
}

// Entry is what stands at a path. The zero Entry is a file.
type Entry int

// What stands at a path, by the mode git gives the entries of a tree
// (https://git-scm.com/docs/git-fast-import#_filemodify).
const (
	Regular   Entry = 0
	Link      Entry = 0o120000 // a symbolic link; its text is where it leads
	Directory Entry = 0o040000
	Submodule Entry = 0o160000
)

// toFile returns what stands at a path, false where nothing does.
func (e *entryAnswer) toFile(repo, path string) (File, bool) {
	if e == nil {
		return File{}, false
	}
	switch kind := Entry(e.Mode); {
	case kind == Directory, kind == Submodule:
		return File{Path: path, Kind: kind}, true
	case e.Object == nil || e.Object.Typename != "Blob":
		return File{}, false
	}
	o := e.Object
	f := File{Path: path, OID: o.OID, Size: o.ByteSize, repo: repo}
	if Entry(e.Mode) == Link {
		f.Kind = Link
	}
	if o.Text != nil && !o.IsTruncated && hasName(*o.Text, o.OID) {
		f.text = o.Text
	}
	return f, true
}

// hasName says whether git would call this text so. GraphQL's text is decoded
// and may be cut: only a text that has its blob's name is the file's.
func hasName(text, oid string) bool {
	blob := fmt.Sprintf("blob %d\x00%s", len(text), text)
	if len(oid) == 2*sha256.Size {
		sum := sha256.Sum256([]byte(blob))
		return hex.EncodeToString(sum[:]) == oid
	}
	sum := sha1.Sum([]byte(blob))
	return hex.EncodeToString(sum[:]) == oid
}

func (a *sidesAnswer) pullOf(q Question) (Pull, error) {
	read := *a
	read.op = fmt.Sprintf("reading which branch pull request #%d goes into", q.Pull)
	p := a.Repository.PullRequest
	if p == nil {
		return Pull{}, read.missing(needsPulls, "the pull request is not there", "repository", "pullRequest")
	}
	if p.BaseRef == nil {
		return Pull{}, read.missing(needsPulls, "the branch "+p.BaseRefName+" is not there", "repository", "pullRequest", "baseRef")
	}
	return Pull{
		BaseRef: p.BaseRefName, Base: p.BaseRef.Target.OID,
		Conflict: p.Mergeable == "CONFLICTING",
		Comments: p.Comments.firstPage(p.HeadRefOid),
	}, nil
}
