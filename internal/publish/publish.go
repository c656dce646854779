// Package publish takes a judgement to the places where people look: job
// summary, check run, comment, suggestions, outputs.
//
// The verdict exists before anything here runs, and nothing here can change it.
// Every place gives a receipt; where one refuses, what it should have shown is
// shown elsewhere.
package publish

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/report"
)

// The states of a receipt.
const (
	Done     = "done"
	Degraded = "degraded" // shown, but not all of it, or not where it should be
	Failed   = "failed"
	Off      = "off" // not wanted, or nothing to say
)

// The places, by the names their receipts have.
const (
	CheckRunSink   = "check-run"
	CommentSink    = "comment"
	SuggestionSink = "suggestion"
	FactsSink      = "prod-facts"
	SummarySink    = "summary"
	OutputsSink    = "outputs"
	CommandsSink   = "workflow-commands"
)

// Target is where a judgement belongs.
type Target struct {
	Repo     string // "owner/name"
	Pull     int    // 0 where there is none: no comment
	Head     string // the commit that check run and suggestions are about
	Base     string // the branch that the pull request was judged for; empty where not known
	Name     string // the action's input name, where a repository has several boards
	Run      Run
	Comments github.Comments // as the first query brought them
}

// Run is the workflow run that publishes.
type Run struct {
	ID      int64
	Attempt int
}

// String names the attempt at the run.
func (r Run) String() string { return fmt.Sprintf("%d.%d", r.ID, r.Attempt) }

// Content is what is published, as plain values.
type Content struct {
	Summary     string // Markdown for the job summary
	Check       Check
	Facts       Check // production's own; it has no annotations, for it is about no line
	Comment     Comment
	Suggestions []github.Suggestion
	Outputs     []Output // check-run-id and comment-id are added
}

// Check is what a check run shows. The zero Check is none.
type Check struct {
	Name        string
	Conclusion  string // "success", "failure"; "neutral" for what holds up nothing
	Title       string // plain text, one line
	Summary     string // Markdown
	Annotations []github.Annotation
}

// Comment is the sticky comment.
type Comment struct {
	When When
	Body string // Markdown
}

// When says whether a comment is written. The zero When is never.
type When string

// The answers to it.
const (
	Never    When = ""
	IfThere  When = "if there" // only in place of an earlier one: all is well now
	Whatever When = "whatever"
)

// Result is what became of it.
type Result struct {
	Receipts    []report.Receipt
	CheckRunID  int64    // 0 for none
	CommentID   int64    // 0 for none
	Permissions []string // lines that the workflow's permissions block lacks, sorted
}

// Publisher publishes. Every effect it has goes through what it is given.
type Publisher struct {
	Client *github.Client // nil without a token: the check run and all comments are off
	Log    *Log           // standard output of the job
	Files  Files
	Now    func() time.Time
	Random io.Reader // of cryptographic quality
}

// Files are the two files the runner reads.
type Files struct {
	Summary, Output string // paths, empty where there is none
	Append          func(path string, text []byte) error
}

// maxRequests is how many requests publishing makes before it leaves further
// annotations and suggestions out. A board with so many findings is read with
// four, so that a job makes twenty at most.
const maxRequests = 16

// Publish takes the content everywhere, the place that hardly ever refuses first,
// and what may take many requests last.
func (p *Publisher) Publish(ctx context.Context, t Target, c Content) Result {
	more := func() bool { return false }
	if p.Client != nil {
		began := p.Client.Requests()
		more = func() bool { return p.Client.Requests()-began < maxRequests }
	}
	var r, facts, comment Result
	r.add(p.summary(c.Summary))
	run := p.createCheckRun(ctx, t, c.Check)
	p.factsCheck(ctx, t, c.Facts, &facts)
	p.comment(ctx, t, c.Comment, &comment)
	p.finishCheckRun(ctx, t, c.Check, run, more, &r)
	r.join(facts)
	r.join(comment)
	p.suggest(ctx, t, c.Suggestions, more, &r)
	r.add(p.outputs(c.Outputs, r))
	slices.Sort(r.Permissions)
	r.Permissions = slices.Compact(r.Permissions)
	return r
}

func (r *Result) add(receipts ...report.Receipt) { r.Receipts = append(r.Receipts, receipts...) }

// join adds what became of other places.
func (r *Result) join(o Result) {
	r.add(o.Receipts...)
	r.Permissions = append(r.Permissions, o.Permissions...)
	r.CommentID = max(r.CommentID, o.CommentID)
}

// refuse puts down that a place did not take it, and why.
func (r *Result) refuse(sink, state string, err error) {
	r.Permissions = append(r.Permissions, github.Permissions(err)...)
	r.add(report.Receipt{Sink: sink, State: state, Detail: err.Error()})
}

// bySeverity sorts annotations, those that decide first.
func bySeverity(all []github.Annotation) []github.Annotation {
	rank := map[string]int{"failure": 0, "warning": 1, "notice": 2}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b github.Annotation) int { return cmp.Compare(rank[a.Level], rank[b.Level]) })
	return all
}
