package github

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/go-github/v66/github"
)

// The limits of a check run. GitHub's page says characters where it means
// bytes: its refusal says "exceeds a maximum bytesize of 65535".
// https://docs.github.com/en/rest/checks/runs
const (
	MaxSummary     = 65535     // bytes of a summary
	MaxMessage     = 64 * 1024 // bytes of an annotation's message
	MaxTitle       = 255       // characters of an annotation's title
	MaxAnnotations = 50        // annotations in one request; later requests add to them
)

// maxCheckPages bounds the search for a check run: GitHub keeps a thousand of one
// name for a commit in a suite.
const maxCheckPages = 10

// CheckRun is a finished check of a commit.
type CheckRun struct {
	Name        string
	Head        string // commit
	Conclusion  string // "success", "failure", "neutral"
	ExternalID  string // names the run that makes it and what for: of one name and commit no other has it
	Completed   time.Time
	Title       string
	Summary     string // Markdown
	Annotations []Annotation
}

// Annotation is a remark on lines of a file in the commit.
type Annotation struct {
	Path                   string
	StartLine, EndLine     int    // from 1
	StartColumn, EndColumn int    // from 1, 0 for none; only where both lines are one
	Level                  string // "failure", "warning", "notice"
	Title                  string
	Message                string // plain text
}

// CreateCheckRun creates a check run that is finished at once, with as many of its
// annotations as one request takes. It returns the run's number, 0 where there is
// none. Where no answer came it looks for the run before it creates it again.
func (c *Client) CreateCheckRun(ctx context.Context, repo string, run CheckRun) (id int64, err error) {
	for attempt := 1; ; attempt++ {
		began := c.transport.now()
		if id, err = c.createCheckRun(ctx, repo, run); KindOf(err) != Unavailable {
			return id, err
		}
		there, looked := c.findCheckRun(ctx, repo, run)
		if there != 0 {
			return there, nil
		}
		if looked != nil || !c.transport.waitAgain(ctx, attempt, c.transport.now().Sub(began)) {
			return 0, err
		}
	}
}

// findCheckRun returns the number of a check run that was made before, 0 where there
// is none.
func (c *Client) findCheckRun(ctx context.Context, repo string, run CheckRun) (int64, error) {
	const op = "looking for the check run"
	owner, name := ownerAndName(repo)
	all := "all" // the default is the latest of each name alone
	options := &github.ListCheckRunsOptions{CheckName: &run.Name, Filter: &all, ListOptions: github.ListOptions{PerPage: pageSize}}
	for range maxCheckPages {
		got, answer, err := c.rest.Checks.ListCheckRunsForRef(ctx, owner, name, run.Head, options)
		if err != nil {
			return 0, asError(op, err)
		}
		for _, r := range got.CheckRuns {
			if r.GetExternalID() == run.ExternalID {
				return r.GetID(), nil
			}
		}
		if options.Page = answer.NextPage; options.Page == 0 {
			return 0, nil
		}
	}
	return 0, &Error{Op: op, Kind: Refused, Message: fmt.Sprintf("the commit has more than %d check runs of this name", pageSize*maxCheckPages)}
}

func (c *Client) createCheckRun(ctx context.Context, repo string, run CheckRun) (int64, error) {
	owner, name := ownerAndName(repo)
	status := "completed"
	made, _, err := c.rest.Checks.CreateCheckRun(ctx, owner, name, github.CreateCheckRunOptions{
		Name: run.Name, HeadSHA: run.Head, Status: &status, Conclusion: &run.Conclusion,
		ExternalID: &run.ExternalID, CompletedAt: &github.Timestamp{Time: run.Completed.UTC()}, Output: run.output(0),
	})
	return made.GetID(), asError("writing the check run", requireID(made.GetID(), err))
}

// AddAnnotations adds to a check run as many of its annotations from one on as one
// request takes, and returns how many these are. It is sent once, for a second
// sending would add them twice.
func (c *Client) AddAnnotations(ctx context.Context, repo string, id int64, run CheckRun, from int) (added int, err error) {
	owner, name := ownerAndName(repo)
	output := run.output(from)
	// Neither status nor conclusion: GitHub refuses a workflow's token to change them.
	more, _, err := c.rest.Checks.UpdateCheckRun(ctx, owner, name, id, github.UpdateCheckRunOptions{Name: run.Name, Output: output})
	if err = requireID(more.GetID(), err); err != nil {
		return 0, asError("adding annotations to the check run", err)
	}
	return len(output.Annotations), nil
}

// requireID is err, or an error where a success came that is about nothing: a
// proxy's, say.
func requireID(id int64, err error) error {
	if err == nil && id == 0 {
		return errors.New("the answer is not as documented: it has no id")
	}
	return err
}

// output is what one request says, with the annotations from one on.
func (r CheckRun) output(from int) *github.CheckRunOutput {
	out := &github.CheckRunOutput{Title: &r.Title, Summary: &r.Summary}
	for _, a := range r.Annotations[from:min(from+MaxAnnotations, len(r.Annotations))] {
		out.Annotations = append(out.Annotations, a.toAPI())
	}
	return out
}

func (a Annotation) toAPI() *github.CheckRunAnnotation {
	w := &github.CheckRunAnnotation{
		Path: &a.Path, StartLine: &a.StartLine, EndLine: &a.EndLine,
		AnnotationLevel: &a.Level, Message: &a.Message,
	}
	if a.Title != "" {
		w.Title = &a.Title
	}
	if a.StartLine == a.EndLine && a.StartColumn > 0 && a.EndColumn > 0 {
		w.StartColumn, w.EndColumn = &a.StartColumn, &a.EndColumn
	}
	return w
}
