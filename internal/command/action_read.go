package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/event"
	"github.com/boardgate/boardgate/internal/git"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/policy"
	"github.com/boardgate/boardgate/internal/source"
)

// reading is what came through the API of both sides of a change.
type reading struct {
	client *github.Client
	repo   string
	got    github.Sides
	asked  []string          // paths
	texts  map[string][]byte // by the blob's name
}

// gather reads both sides. It stops at a configuration that is broken, since no
// board can be judged by it.
func (a *action) gather(ctx context.Context) (*sides, error) {
	r := &reading{client: a.client, repo: a.event.Repo, asked: a.paths(), texts: map[string][]byte{}}
	got, err := a.client.Sides(ctx, a.question(r.asked))
	if err != nil {
		return nil, err
	}
	r.got, a.read = got, r
	s := &sides{
		commit: got.Base.Commit, branch: cmp.Or(got.Pull.BaseRef, a.event.BaseRef, got.DefaultBranch), compared: a.compares(),
		readHead: r.of(ctx, func() github.Side { return r.got.Head }),
		readBase: orNone(r.of(ctx, func() github.Side { return r.got.Base })),
		naming:   "the input state",
	}
	if err := a.readLaw(s); err != nil || s.law.broken != nil {
		return s, err
	}
	if err := r.also(ctx, s.law.base.Board, s.law.head.Board, s.law.base.State, s.law.head.State, s.law.base.Archive, s.law.head.Archive); err != nil {
		return s, err
	}
	if err := a.readBoards(ctx, s); err != nil {
		return s, err
	}
	s.readArchives()
	return s, a.readStates(s)
}

// paths are those that the first query asks for.
func (a *action) paths() []string {
	out := []string{a.in.config}
	if a.in.board != "" {
		out = append(out, a.in.board)
	} else {
		out = append(out, boardPaths...)
	}
	if a.in.state != "" {
		return append(out, a.in.state)
	}
	return append(out, statePaths...)
}

func (a *action) question(paths []string) github.Question {
	e := a.event
	q := github.Question{Repo: e.Repo, Head: e.Head, Paths: paths}
	switch e.Kind {
	case event.PullRequest, event.PullRequestTarget:
		q.Pull, q.Merge, q.Base = e.Pull, e.Merge, e.Base
	case event.MergeGroup, event.Push:
		q.Base = e.Base
	}
	return q
}

// compares says whether the event is about a change: on a schedule the board is
// looked at as it stands.
func (a *action) compares() bool {
	return a.event.Kind != event.Schedule && a.event.Kind != event.WorkflowDispatch
}

// of reads files of one side.
func (r *reading) of(ctx context.Context, side func() github.Side) reader {
	return func(path string) (*source.File, error) {
		if !slices.Contains(r.asked, path) {
			return nil, fmt.Errorf("%s was not asked for", path)
		}
		f, there := side().Files[path]
		if !there {
			return nil, nil
		}
		why := instead[f.Kind]
		if why == nil {
			text, err := r.text(ctx, f)
			if err != nil || !isPointer(text) {
				return fileOf(path, text, err)
			}
			why = errPointer
		}
		return nil, fmt.Errorf("%s cannot be read: %w", path, why)
	}
}

// instead says what stands at a path in a file's place.
var instead = map[github.Entry]error{github.Link: git.ErrLink, github.Directory: errDirectory, github.Submodule: errSubmodule}

// orNone reads files of a base, which has no board where a directory or a
// submodule stands in its place: a change may put that right.
func orNone(read reader) reader {
	return func(path string) (*source.File, error) {
		f, err := read(path)
		if errors.Is(err, errDirectory) || errors.Is(err, errSubmodule) {
			return nil, nil
		}
		return f, err
	}
}

// text returns a file's text, each asked for once.
func (r *reading) text(ctx context.Context, f github.File) ([]byte, error) {
	if text, have := r.texts[f.OID]; have {
		return text, nil
	}
	if f.Size > mostBytes {
		return nil, fmt.Errorf("%s has %d bytes, and more than %d are not read", f.Path, f.Size, mostBytes)
	}
	text, err := r.client.Text(ctx, f)
	if err == nil {
		r.texts[f.OID] = text
	}
	return text, err
}

// also asks for the paths that were not asked for yet, if there are any.
func (r *reading) also(ctx context.Context, paths ...string) (err error) {
	var more []string
	for _, path := range paths {
		if path != "" && !slices.Contains(r.asked, path) && !slices.Contains(more, path) {
			more = append(more, path)
		}
	}
	if len(more) == 0 {
		return nil
	}
	r.got, err = r.client.Also(ctx, r.repo, r.got, more)
	r.asked = append(r.asked, more...)
	return err
}

// readLaw reads the configuration of both sides. The base's judges; where it
// has none the defaults do, so that no change judges itself by what it brings.
func (a *action) readLaw(s *sides) error {
	head, err := s.readHead(a.in.config)
	if err != nil {
		return err
	}
	if !s.compared {
		s.law = configure(nil, head, "")
		a.override(s)
		return nil
	}
	base, err := s.readBase(a.in.config)
	if err != nil {
		return err
	}
	if base == nil && head != nil {
		s.law = edited(policy.Reading{Policy: policy.Default()}, readPolicy(head))
	} else {
		s.law = configure(base, head, s.commit)
	}
	a.override(s)
	return nil
}

// override puts the paths that the inputs name in place of the configured ones.
func (a *action) override(s *sides) {
	for _, p := range []*policy.Policy{&s.law.base, &s.law.head} {
		p.Board = cmp.Or(a.in.board, p.Board)
		p.State = cmp.Or(a.in.state, p.State)
	}
}

// readBoards reads the board of each side: where that side's configuration
// says, else where a board is looked for. The base goes first, so that another
// file does not take the place of the board that was there.
func (a *action) readBoards(ctx context.Context, s *sides) (err error) {
	if s.base, err = s.boardAt(s.law.base.Board, s.readBase, s.law.base); err != nil {
		return err
	}
	s.path = s.law.head.Board
	if s.path == "" && s.base != nil {
		s.path = s.base.File.Path
	}
	if s.head, err = s.boardAt(s.path, s.readHead, s.law.head); err != nil {
		return err
	}
	if s.head == nil && s.base != nil && s.path == s.base.File.Path {
		return a.followRename(ctx, s)
	}
	if s.path == "" && s.head != nil {
		s.path = s.head.File.Path
	}
	return nil
}

// boardAt returns a side's board: that of a path, else the first that is found.
func (s *sides) boardAt(path string, read reader, law policy.Policy) (*board.Board, error) {
	if path == "" {
		return s.discover(read, law.Words)
	}
	f, err := read(path)
	return parsed(f, law.Words), err
}

// followRename looks where a board went that is gone. It is followed only to a
// path where the gate finds it again; elsewhere it is as good as deleted.
func (a *action) followRename(ctx context.Context, s *sides) error {
	to, err := a.renamed(ctx, s.path)
	switch {
	case err != nil:
		a.note(err)
		s.note(fmt.Sprintf("whether %s was renamed could not be found out: %v.", s.path, err))
	case to == "":
	case s.law.head.Board != "" || !slices.Contains(boardPaths, to):
		s.note(fmt.Sprintf("%s was renamed to %s, where the gate does not look for it. Put \"board: %s\" into %s in this change.", s.path, to, to, a.in.config))
	default:
		s.note(fmt.Sprintf("%s was renamed to %s, and is compared with what it was.", s.path, to))
		s.path = to
		s.head, err = s.boardAt(to, s.readHead, s.law.head)
		return err
	}
	return nil
}

func (a *action) renamed(ctx context.Context, path string) (string, error) {
	if a.event.Pull > 0 && a.event.Kind != event.MergeGroup {
		return a.client.RenamedTo(ctx, a.event.Repo, a.event.Pull, path)
	}
	return a.client.RenamedBetween(ctx, a.event.Repo, a.read.got.Base.Commit, a.read.got.Head.Commit, path)
}

// readStates reads the state file of both sides.
func (a *action) readStates(s *sides) (err error) {
	if s.state, err = s.stateOf(a.p, "", s.readHead, s.law.head); err != nil {
		return err
	}
	if s.baseState, err = s.stateOf(a.p, "", s.readBase, s.law.base); err != nil {
		return err
	}
	if s.baseState == nil && s.commit == "" {
		s.baseState = s.state // nothing says that it is another
	}
	return nil
}

// unchanged says whether all that the gate looks at is the same on both sides,
// and whether the state file alone is not.
func (r *reading) unchanged(s *sides) (all, butState bool) {
	if s.head == nil || s.base == nil || r.got.Base.Commit == "" {
		return false, false
	}
	var changed []string
	for _, path := range r.asked {
		if !r.got.Unchanged(path) {
			changed = append(changed, path)
		}
	}
	state := s.statePaths()
	butState = len(changed) > 0 && !slices.ContainsFunc(changed, func(p string) bool { return !slices.Contains(state, p) })
	return len(changed) == 0, butState
}

// statePaths are the paths of both sides' state files.
func (s *sides) statePaths() (out []string) {
	if s.state != nil {
		out = append(out, s.state.File.Path)
	}
	if s.baseState != nil {
		out = append(out, s.baseState.File.Path)
	}
	return out
}
