package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/text"
)

// marker is the first line of our comment: whose it is, and which run wrote it for
// which head. It is read from comments of our own only.
func (t Target) marker() string {
	return text.Marker("", text.Field("name", t.Name), "head="+t.Head, "run="+t.Run.String())
}

// isOurs says whether a comment is ours, for a board. One that somebody hid is
// left to be hidden.
func (t Target) isOurs(own github.Comment) bool {
	marker, _, ok := text.ReadMarker("", own.Body)
	return ok && marker["name"] == t.Name && !own.Minimized
}

// ours returns our comments, the oldest first.
func (t Target) ours(c github.Comments) []github.Comment {
	return slices.DeleteFunc(slices.Clone(c.Own), func(own github.Comment) bool { return !t.isOurs(own) })
}

// overtaken says why a run must not write any more, empty where it may: the pull
// request's head or base branch is no longer the one that was judged.
func (t Target) overtaken(head, base string) string {
	switch {
	case head != t.Head:
		return "the pull request has moved on to " + head
	case t.Base != "" && base != t.Base:
		return "the pull request goes into " + base + " by now"
	}
	return ""
}

// comment writes the comment, in place of an earlier one where there is one.
func (p *Publisher) comment(ctx context.Context, t Target, c Comment, r *Result) {
	if why := p.silent(t, c); why != "" {
		r.add(report.Receipt{Sink: CommentSink, State: Off, Detail: why})
		return
	}
	now, err := p.Client.OwnComments(ctx, t.Repo, t.Pull, t.isOurs)
	if err != nil {
		r.refuse(CommentSink, Failed, err)
		return
	}
	ours, overtaken := t.ours(now), t.overtaken(now.Head, now.Base)
	unread := fmt.Sprintf("%d of %d comments were read, and one of boardgate's may be among the others", now.Read, now.Total)
	switch {
	case overtaken != "":
		r.add(report.Receipt{Sink: CommentSink, State: Off, Detail: overtaken})
		return
	case len(ours) == 0 && !now.Whole():
		r.add(report.Receipt{Sink: CommentSink, State: Failed, Detail: "not written: " + unread})
		return
	case len(ours) == 0 && c.When == IfThere:
		r.add(report.Receipt{Sink: CommentSink, State: Off, Detail: "nothing to say"})
		return
	}
	did := "edited"
	if len(ours) == 0 {
		did = "written"
	}
	body := t.marker() + "\n"
	body += CutMarkdown(c.Body, github.MaxComment-len(body))
	r.CommentID, overtaken, err = p.write(ctx, t, body, ours)
	switch {
	case err != nil && r.CommentID != 0:
		r.refuse(CommentSink, Degraded, err)
	case err != nil:
		r.refuse(CommentSink, Failed, err)
	case overtaken != "":
		r.add(report.Receipt{Sink: CommentSink, State: Off, Detail: overtaken})
	case !now.Whole():
		r.add(report.Receipt{Sink: CommentSink, State: Degraded, Detail: did + "; " + unread})
	default:
		r.add(report.Receipt{Sink: CommentSink, State: Done, Detail: did})
	}
}

// silent says why nothing is to be said, without asking GitHub where the first
// query told already.
func (p *Publisher) silent(t Target, c Comment) string {
	switch {
	case t.Pull == 0:
		return "there is no pull request"
	case p.Client == nil:
		return "there is no token"
	case c.When == Never:
		return "not asked for"
	case c.When == IfThere && t.Comments.Whole() && len(t.ours(t.Comments)) == 0:
		return "no findings and no earlier comment"
	}
	return ""
}

// write edits the oldest of our comments and deletes the others. Where there is
// none it creates one and looks again: of runs that do so at a time each but the
// one with the oldest comment moves its text there, so that one comment is left,
// and the run that finishes last wrote it. A write whose answer was lost, or
// whose comment was deleted meanwhile, is made good once.
//
// It returns the comment's number, 0 for none, and why the pull request is no
// longer the one that was judged, empty where it is: then what was created is
// deleted.
func (p *Publisher) write(ctx context.Context, t Target, body string, ours []github.Comment) (id int64, overtaken string, err error) {
	created, failed := len(ours) == 0, false
	var made int64
	for {
		if len(ours) > 0 {
			if err = p.Client.EditComment(ctx, t.Repo, ours[0].ID, body); err == nil {
				return ours[0].ID, "", p.deleteComments(ctx, t, ours[1:])
			}
		} else {
			made, err = p.Client.CreateComment(ctx, t.Repo, t.Pull, body)
		}
		if kind := github.KindOf(err); err != nil && (failed || kind != github.Unavailable && kind != github.NotFound) {
			return made, "", err
		}
		failed = failed || err != nil
		now, asked := p.relist(ctx, t, created)
		if asked != nil {
			return made, "", errors.Join(err, asked)
		}
		ours = t.ours(now)
		if made != 0 && !slices.ContainsFunc(ours, func(c github.Comment) bool { return c.ID == made }) {
			ours = append(ours, github.Comment{ID: made, Body: body}) // the list may lag behind
		}
		if why := t.overtaken(now.Head, now.Base); why != "" {
			stale := slices.DeleteFunc(ours, func(c github.Comment) bool { return !created || !sameText(c.Body, body) })
			return 0, why, p.deleteComments(ctx, t, stale)
		}
		if len(ours) > 0 && sameText(ours[0].Body, body) {
			return ours[0].ID, "", p.deleteComments(ctx, t, ours[1:])
		}
	}
}

// relist lists our comments after a write. Where there was none before, those that
// came since are among the newest.
func (p *Publisher) relist(ctx context.Context, t Target, created bool) (github.Comments, error) {
	if created {
		return p.Client.LatestComments(ctx, t.Repo, t.Pull)
	}
	return p.Client.OwnComments(ctx, t.Repo, t.Pull, t.isOurs)
}

// sameText compares the bodies of comments; GitHub may store other line ends
// than it was sent.
func sameText(a, b string) bool {
	return strings.TrimSpace(strings.ReplaceAll(a, "\r\n", "\n")) == strings.TrimSpace(strings.ReplaceAll(b, "\r\n", "\n"))
}

func (p *Publisher) deleteComments(ctx context.Context, t Target, all []github.Comment) error {
	for _, c := range all {
		if err := p.Client.DeleteComment(ctx, t.Repo, c.ID); err != nil {
			return err
		}
	}
	return nil
}

// maxSuggestions bounds the comments on lines: each is a notification.
const maxSuggestions = 5

// errEnough is why the rest is left out.
var errEnough = fmt.Errorf("one report takes no more than %d requests", maxRequests)

// suggest offers edits on lines of the diff, each once. Where it could not be
// seen which were offered before, none is.
func (p *Publisher) suggest(ctx context.Context, t Target, all []github.Suggestion, more func() bool, r *Result) {
	if len(all) == 0 || t.Pull == 0 || p.Client == nil {
		return
	}
	if !more() {
		r.add(report.Receipt{Sink: SuggestionSink, State: Degraded, Detail: fmt.Sprintf("none of %d made: %s", len(all), errEnough)})
		return
	}
	now, err := p.Client.OwnSuggestions(ctx, t.Repo, t.Pull)
	if err != nil {
		r.refuse(SuggestionSink, Failed, err)
		return
	}
	if why := t.overtaken(now.Head, now.Base); why != "" {
		r.add(report.Receipt{Sink: SuggestionSink, State: Off, Detail: why})
		return
	}
	made, kept := 0, 0
	var refused error
	for _, s := range all[:min(len(all), maxSuggestions)] {
		switch {
		case slices.ContainsFunc(now.Own, func(have github.Suggestion) bool { return have.Path == s.Path && have.Body == s.Body }):
			kept++
		case !now.Whole():
			refused = fmt.Errorf("%d of %d review threads were read, and it may be in the others", now.Read, now.Total)
		case !more():
			refused = errEnough
		default:
			if refused = p.Client.Suggest(ctx, t.Repo, t.Pull, t.Head, s); refused == nil {
				made++
			}
		}
		if refused != nil {
			break
		}
	}
	detail := fmt.Sprintf("%d made, %d there already, of %d", made, kept, len(all))
	switch {
	case refused != nil:
		r.refuse(SuggestionSink, Degraded, fmt.Errorf("%s: %w", detail, refused))
	case made+kept < len(all):
		r.add(report.Receipt{Sink: SuggestionSink, State: Degraded, Detail: detail})
	default:
		r.add(report.Receipt{Sink: SuggestionSink, State: Done, Detail: detail})
	}
}
