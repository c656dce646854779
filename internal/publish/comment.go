package publish

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/report"
)

// mark is what the first line of our comment says: whose it is, and which run
// wrote it for which head. It is read from comments of our own only.
type mark struct {
	name            string
	head            string
	number, attempt int
}

// The mark's line. The name is a user's: it is escaped, so that it cannot end the comment.
const markPrefix, markSuffix = "<!-- boardgate ", " -->"

func (m mark) String() string {
	return fmt.Sprintf("%sname=%s head=%s run=%d.%d%s", markPrefix, url.QueryEscape(m.name), m.head, m.number, m.attempt, markSuffix)
}

// parseMark reads the mark of a comment's first line.
func parseMark(body string) (mark, bool) {
	line, _, _ := strings.Cut(body, "\n")
	line = strings.TrimRight(line, "\r")
	inner, ok := strings.CutPrefix(line, markPrefix)
	if !ok || !strings.HasSuffix(inner, markSuffix) {
		return mark{}, false
	}
	var m mark
	for field := range strings.FieldsSeq(strings.TrimSuffix(inner, markSuffix)) {
		key, value, _ := strings.Cut(field, "=")
		switch key {
		case "name":
			m.name, _ = url.QueryUnescape(value)
		case "head":
			m.head = value
		case "run":
			number, attempt, _ := strings.Cut(value, ".")
			m.number, _ = strconv.Atoi(number)
			m.attempt, _ = strconv.Atoi(attempt)
		}
	}
	return m, true
}

// compare orders marks by the run that made them.
func (m mark) compare(o mark) int {
	return cmp.Or(cmp.Compare(m.number, o.number), cmp.Compare(m.attempt, o.attempt))
}

// sticky is one of our comments with its mark.
type sticky struct {
	github.Comment
	mark mark
}

// ours returns our comments for a board, the oldest first. One that somebody
// hid is left to be hidden.
func (t Target) ours(c github.Comments) []sticky {
	var out []sticky
	for _, own := range c.Own {
		if m, ok := parseMark(own.Body); ok && m.name == t.Name && !own.Minimized {
			out = append(out, sticky{own, m})
		}
	}
	return out
}

func (t Target) mark() mark { return mark{t.Name, t.Head, t.Run.Number, t.Run.Attempt} }

// discuss writes what belongs into the pull request's conversation.
func (p *Publisher) discuss(ctx context.Context, t Target, c Content, r *Result) {
	if why := p.silent(t, c); why != "" {
		r.add(report.Receipt{Sink: CommentSink, State: Off, Detail: why})
		return
	}
	now, err := p.Client.OwnComments(ctx, t.Repo, t.Pull)
	if err != nil {
		r.refuse(CommentSink, Failed, err)
		return
	}
	if now.Head != "" && now.Head != t.Head {
		r.add(report.Receipt{Sink: CommentSink, State: Off, Detail: "the pull request has moved on to " + now.Head})
		return
	}
	p.comment(ctx, t, c.Comment, now, r)
	p.suggest(ctx, t, c.Suggestions, now, r)
}

// silent says why nothing is to be said, without asking GitHub where the first
// query told already.
func (p *Publisher) silent(t Target, c Content) string {
	switch {
	case t.Pull == 0:
		return "there is no pull request"
	case p.Client == nil:
		return "there is no token"
	case len(c.Suggestions) > 0:
		return ""
	case c.Comment.When == Never:
		return "not asked for"
	case c.Comment.When == IfThere && t.Comments.Whole() && len(t.ours(t.Comments)) == 0:
		return "nothing to say, and nothing was said"
	}
	return ""
}

// comment writes first, then looks again: two runs at a time end in one
// comment, the oldest, with what the newer of them has to say.
func (p *Publisher) comment(ctx context.Context, t Target, c Comment, now github.Comments, r *Result) {
	ours := t.ours(now)
	switch {
	case c.When == Never || (c.When == IfThere && len(ours) == 0):
		r.add(report.Receipt{Sink: CommentSink, State: Off, Detail: "nothing to say"})
		return
	case len(ours) > 0 && newest(ours).mark.compare(t.mark()) > 0:
		m := newest(ours).mark
		r.add(report.Receipt{Sink: CommentSink, State: Off, Detail: fmt.Sprintf("run %d.%d is newer and wrote it", m.number, m.attempt)})
		return
	}
	body := t.mark().String() + "\n"
	body += CutMarkdown(c.Body, github.MaxComment-len(body))
	did := "edited"
	if len(ours) == 0 {
		did = "written"
	}
	var err error
	r.CommentID, err = p.settle(ctx, t, body, p.write(ctx, t, body, ours))
	switch {
	case err == nil:
		r.add(report.Receipt{Sink: CommentSink, State: Done, Detail: did})
	case r.CommentID != 0:
		r.refuse(CommentSink, Degraded, err)
	default:
		r.refuse(CommentSink, Failed, err)
	}
}

func newest(all []sticky) sticky {
	return slices.MaxFunc(all, func(a, b sticky) int { return a.mark.compare(b.mark) })
}

// write edits the oldest of our comments, or makes one.
func (p *Publisher) write(ctx context.Context, t Target, body string, ours []sticky) error {
	if len(ours) == 0 {
		_, err := p.Client.CreateComment(ctx, t.Repo, t.Pull, body)
		return err
	}
	return p.Client.EditComment(ctx, t.Repo, ours[0].ID, body)
}

// settle looks at what is there after writing, and returns our comment's
// number. A write whose answer was lost, or whose comment was deleted
// meanwhile, is made good here, once.
func (p *Publisher) settle(ctx context.Context, t Target, body string, wrote error) (int64, error) {
	if kind := github.KindOf(wrote); wrote != nil && kind != github.Unavailable && kind != github.NotFound {
		return 0, wrote
	}
	ours, err := p.look(ctx, t)
	if err != nil {
		return 0, errors.Join(wrote, err)
	}
	if !t.written(ours) {
		if err := p.write(ctx, t, body, ours); err != nil {
			return 0, err
		}
		if ours, err = p.look(ctx, t); err != nil {
			return 0, err
		}
	}
	if !t.written(ours) {
		return 0, errors.New("the comment was taken and is not there")
	}
	return ours[0].ID, p.heal(ctx, t, ours)
}

func (p *Publisher) look(ctx context.Context, t Target) ([]sticky, error) {
	now, err := p.Client.OwnComments(ctx, t.Repo, t.Pull)
	return t.ours(now), err
}

// written says whether this run's comment, or a newer one's, is there.
func (t Target) written(ours []sticky) bool {
	return len(ours) > 0 && newest(ours).mark.compare(t.mark()) >= 0
}

// heal leaves one comment: the oldest, saying what the newest run said. Who
// does it at the same time does the same.
func (p *Publisher) heal(ctx context.Context, t Target, ours []sticky) error {
	last := newest(ours)
	if ours[0].mark.compare(last.mark) < 0 {
		if err := p.Client.EditComment(ctx, t.Repo, ours[0].ID, last.Body); err != nil {
			return err
		}
	}
	for _, later := range ours[1:] {
		if err := p.Client.DeleteComment(ctx, t.Repo, later.ID); err != nil {
			return err
		}
	}
	return nil
}

// maxSuggestions bounds the comments on lines: each is a notification.
const maxSuggestions = 5

// suggest offers edits on lines of the diff, each once.
func (p *Publisher) suggest(ctx context.Context, t Target, all []github.Suggestion, now github.Comments, r *Result) {
	if len(all) == 0 {
		return
	}
	made, kept := 0, 0
	var refused error
	for _, s := range all[:min(len(all), maxSuggestions)] {
		if slices.ContainsFunc(now.Suggestions, func(have github.Suggestion) bool { return have.Path == s.Path && have.Body == s.Body }) {
			kept++
			continue
		}
		if refused = p.Client.Suggest(ctx, t.Repo, t.Pull, t.Head, s); refused != nil {
			break
		}
		made++
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
