package command

import (
	"cmp"
	"context"
	"slices"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/rule"
)

// load reads both sides of the change.
func (a *action) load(ctx context.Context) (c *change.Change, err error) {
	question := a.plan.question
	question.Paths = a.paths()
	if a.read, err = change.Ask(ctx, a.client, question); err != nil {
		return nil, err
	}
	base := &a.read.Base
	if a.plan.standing {
		base = nil
	}
	return a.loadSides(ctx, &a.read.Head, base)
}

// loadSides reads the files of two of the commits that came; base is nil where
// nothing is compared.
func (a *action) loadSides(ctx context.Context, head, base *github.Side) (*change.Change, error) {
	r := change.Request{
		Head: a.read.Of(head), Home: board.Home{Host: a.event.Server, Repo: a.event.Repo},
		Search:      change.Search{First: change.UsualBoards},
		ConfigPaths: a.configPaths(),
		Prefetch:    a.read.Fetch, BoardPath: a.in.board, StatePath: a.in.state,
	}
	if base != nil {
		r.Base = a.read.Of(base)
	}
	if a.in.board != "" {
		r.NamedBy = "the input `board`"
	}
	c, err := change.Load(ctx, r)
	a.note(c.RenameErr)
	return c, err
}

// queue reads what is ahead of a merge group, where that is judged.
func (a *action) queue(ctx context.Context, s scope) (rule.Queue, error) {
	if !s.queue {
		return rule.Queue{}, nil
	}
	whole, err := a.loadSides(ctx, &a.read.Head, &a.read.Onto)
	if err != nil || whole.Policies.Broken != nil {
		return rule.Queue{}, err
	}
	ahead, err := a.loadSides(ctx, &a.read.Base, &a.read.Onto)
	if err != nil || ahead.Policies.Broken != nil {
		return rule.Queue{}, err
	}
	q := rule.Queue{Ahead: ahead.Case(), Whole: whole.Case()}
	q.Ahead.Now, q.Whole.Now = a.p.Now(), a.p.Now()
	return q, nil
}

// paths are those that the first query asks for.
func (a *action) paths() []string {
	configs := a.configPaths()
	boards, states := change.UsualBoards, change.StatePaths
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
	return change.ConfigPaths
}

// branches are those in which what was merged has landed: the one that the change
// goes into and the default one, as far as they are known.
func (a *action) branches() []string {
	return distinct(cmp.Or(a.read.Pull.BaseRef, a.event.BaseRef), a.read.DefaultBranch)
}
