package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/git"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/rule"
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
	question := a.plan.question
	question.Paths = r.asked
	got, err := a.client.Sides(ctx, question)
	if err != nil {
		return nil, err
	}
	r.got, a.read = got, r
	return a.load(ctx, func() github.Side { return r.got.Head }, func() github.Side { return r.got.Base })
}

// load reads the files of two of the commits that came.
func (a *action) load(ctx context.Context, head, base func() github.Side) (*sides, error) {
	r := a.read
	s := &sides{
		commit: base().Commit, branches: distinct(cmp.Or(r.got.Pull.BaseRef, a.event.BaseRef), r.got.DefaultBranch), compared: !a.plan.standing,
		readHead: r.of(ctx, head),
		readBase: orNone(r.of(ctx, base)),
		asked:    usualPaths,
		renamed: func(ctx context.Context, path string) (string, error) {
			return a.renamed(ctx, base().Commit, head().Commit, path)
		},
		config: cmp.Or(a.in.config, configPath),
	}
	s.listHead, s.listBase = r.names(ctx, head, s), r.names(ctx, base, s)
	if err := a.readLaw(s); err != nil || s.law.broken != nil {
		return s, err
	}
	s.law.at(board.Home{Host: a.event.Server, Repo: a.event.Repo})
	if err := r.also(ctx, s.law.base.Board, s.law.head.Board, s.law.base.State, s.law.head.State, s.law.base.Archive, s.law.head.Archive); err != nil {
		return s, err
	}
	if err := a.readBoards(ctx, s); err != nil {
		return s, err
	}
	s.readArchives()
	if err := s.findStates(); err != nil {
		return s, err
	}
	return s, s.whole()
}

// queued says whether something is ahead of a merge group that may land with it:
// its base is not the present head of the branch.
func (a *action) queued(own *sides) bool {
	got := &a.read.got
	return got.Onto.Commit != "" && got.Onto.Commit != got.Base.Commit && a.whyUnjudged(own) == ""
}

// queue reads what is ahead of a merge group.
func (a *action) queue(ctx context.Context, own *sides) (rule.Queue, error) {
	if !a.queued(own) {
		return rule.Queue{}, nil
	}
	got := &a.read.got
	onto := func() github.Side { return got.Onto }
	whole, err := a.load(ctx, func() github.Side { return got.Head }, onto)
	if err != nil || whole.law.broken != nil {
		return rule.Queue{}, err
	}
	ahead, err := a.load(ctx, func() github.Side { return got.Base }, onto)
	if err != nil || ahead.law.broken != nil {
		return rule.Queue{}, err
	}
	at := &checkOptions{now: a.p.Now()}
	return rule.Queue{Ahead: ahead.caseOf(at), Whole: whole.caseOf(at)}, nil
}

// paths are those that the first query asks for.
func (a *action) paths() []string {
	configs := a.configPaths()
	boards, states := usualPaths, statePaths
	if a.in.board != "" {
		boards = []string{a.in.board}
	}
	if a.in.state != "" {
		states = []string{a.in.state}
	}
	return slices.Concat(configs[:1], boards, states, configs[1:]) // what is most likely there first
}

// configPaths are where the configuration may be: the input names one file.
func (a *action) configPaths() []string {
	if a.in.config != "" {
		return []string{a.in.config}
	}
	return slices.Clone(configPaths)
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

// names lists folders of one side. The first time, those of all sides are asked
// for, and then the files at which a board is looked for.
func (r *reading) names(ctx context.Context, side func() github.Side, s *sides) lister {
	return func(folder string) ([]string, error) {
		if side().Commit == "" || side().Names != nil {
			return side().Names[folder], nil
		}
		var err error
		if r.got, err = r.client.Trees(ctx, r.repo, r.got); err != nil {
			return nil, err
		}
		var boards []string
		for _, one := range []github.Side{r.got.Head, r.got.Base, r.got.Onto} {
			for path, err := range s.places(func(folder string) ([]string, error) { return one.Names[folder], nil }) {
				if err != nil {
					return nil, err
				}
				boards = append(boards, path)
			}
		}
		return side().Names[folder], r.also(ctx, boards...)
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
	r.got, err = r.client.FetchMore(ctx, r.repo, r.got, more)
	r.asked = append(r.asked, more...)
	return err
}

// readLaw reads the configuration of both sides. The base's judges; where it
// has none the defaults do, so that no change judges itself by what it brings.
func (a *action) readLaw(s *sides) error {
	head, err := configIn(s.readHead, a.configPaths())
	if err != nil {
		return err
	}
	if !s.compared {
		s.law = configure(nil, head, "")
		a.override(s)
		return nil
	}
	base, err := configIn(s.readBase, a.configPaths())
	if err != nil {
		return err
	}
	if base == nil && head != nil {
		s.law = edited(config.Reading{Policy: config.Default()}, *head)
	} else {
		s.law = configure(base, head, s.commit)
	}
	a.override(s)
	return nil
}

// override puts the paths that the inputs name in place of the configured ones.
func (a *action) override(s *sides) {
	for _, p := range []*config.Policy{&s.law.base, &s.law.head, &s.law.before} {
		p.Board = cmp.Or(a.in.board, p.Board)
		p.State = cmp.Or(a.in.state, p.State)
	}
}

// readBoards reads the board of each side: that of the input, else the one found.
func (a *action) readBoards(ctx context.Context, s *sides) error {
	if a.in.board == "" {
		return s.findBoards(ctx)
	}
	s.path, s.namedBy = a.in.board, "the input `board`"
	if err := s.readBoth(s.path, s.path); err != nil || s.head != nil || s.base == nil {
		return err
	}
	return s.followRename(ctx)
}

// renamed returns where a file of the base went, as GitHub lists renames.
func (a *action) renamed(ctx context.Context, base, head, path string) (to string, err error) {
	if a.plan.pull {
		to, err = a.client.RenamedTo(ctx, a.event.Repo, a.event.Pull, path)
	} else {
		to, err = a.client.RenamedBetween(ctx, a.event.Repo, base, head, path)
	}
	a.note(err)
	return to, err
}
