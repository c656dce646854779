package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/git"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/source"
)

// checkout is the files on this machine among which the board is.
type checkout struct {
	root       string          // the folder that paths are relative to; empty for a loose file
	inGit      bool            // root is a git work tree's
	folder     string          // the working directory from root; empty for root itself
	repository *git.Repository // nil where git was not asked
}

// checkout finds the root: the git work tree of the board, or of the working
// directory; without git the working directory where the board is to be found,
// and none for a loose file.
func (p *Process) checkout(board string) *checkout {
	if board == onInput {
		return &checkout{}
	}
	from := p.Dir
	if board != "" {
		from = filepath.Dir(p.disk(board))
	}
	c := &checkout{}
	c.root, c.inGit = git.Root(from)
	if !c.inGit && board == "" {
		c.root = p.Dir
	}
	c.folder = pathBelow(c.root, p.Dir)
	return c
}

// open opens the repository, once.
func (c *checkout) open() (err error) {
	if c.repository == nil {
		c.repository, err = git.Open(c.root)
	}
	return err
}

func (c *checkout) close() { c.repository.Close() }

// tree is the files as they are on disk.
func (c *checkout) tree() change.Source {
	if c.root == "" {
		return change.Nothing{}
	}
	return change.WorkTree{Root: c.root}
}

// search is how a board is looked for from here.
func (c *checkout) search() change.Search { return change.Search{Folder: c.folder} }

// enclosed refuses a board that the user names in the work tree of the working
// directory, and that a link there puts into another.
func (c *checkout) enclosed(p *Process, named string) error {
	if named == "" || named == onInput {
		return nil
	}
	outer, inside, ok := p.workTree(p.disk(named))
	if !ok || outer == c.root {
		return nil
	}
	root, err := os.OpenRoot(outer)
	if err != nil {
		return change.Unread(named, err)
	}
	defer root.Close()
	if _, err = root.Stat(inside); errors.Is(change.LeadsOut(root, err), change.ErrLeaves) {
		return change.Unread(named, change.ErrLeaves)
	}
	return nil
}

// baseline is what a change on this machine is compared with.
type baseline struct {
	source   change.Source    // nil where nothing is compared
	compared *report.Compared // what to say of it, nil where nothing is compared
	branches []string         // where what was merged has landed, as far as that is known
	landed   bool             // it is HEAD, for HEAD is on the default branch
	missing  string           // why it is not available, empty where it was
}

// at is the base of a commit; none there is nothing before it.
func (c *checkout) at(commit, revision string) baseline {
	if commit == "" {
		return baseline{source: change.Nothing{}}
	}
	return baseline{source: change.Commit{Repository: c.repository, ID: commit}, compared: &report.Compared{Revision: revision, Commit: commit}}
}

// findBase finds the commit to compare with, where it is to be one.
func (c *checkout) findBase(ctx context.Context, p *Process, o *checkOptions) (baseline, error) {
	switch {
	case o.baseFile != "":
		return baseline{source: change.Nothing{}, compared: &report.Compared{Revision: p.pathFromRoot(c.root, o.baseFile)}}, nil
	case o.staged && !c.inGit:
		return baseline{}, misuse("", "--staged: the board is in no git work tree")
	case o.base != "" && !c.inGit:
		return baseline{}, misuse("Compare two files with --base-file.", "--base %s: the board is in no git work tree", o.base)
	case o.noBase, !c.inGit:
		return baseline{}, nil
	}
	if err := c.open(); err != nil {
		return baseline{missing: "The base could not be read: " + err.Error() + ". Compare with --base-file FILE, or judge the board alone with --no-base."}, nil
	}
	b, err := c.resolve(ctx, o)
	if known := (*failure)(nil); err != nil && !errors.As(err, &known) {
		return baseline{missing: whyMissing(err)}, nil
	}
	return b, err
}

// resolve returns the base: HEAD for what is staged, that of a revision, else what
// the repository takes for the base.
func (c *checkout) resolve(ctx context.Context, o *checkOptions) (baseline, error) {
	switch {
	case o.staged:
		commit, err := c.repository.Commit(ctx, "HEAD")
		b := c.at(commit, "HEAD")
		b.compared = &report.Compared{Revision: "HEAD", Commit: commit, Staged: true}
		return b, err
	case o.base == "":
		found, err := c.repository.Base(ctx)
		b := c.at(found.Commit, found.Revision)
		b.branches, b.landed = distinct(found.Branch), found.Landed
		return b, err
	}
	commit, err := c.repository.Revision(ctx, o.base)
	if err == nil && commit == "" {
		err = misuse("`git log --oneline` lists those there are; a branch of origin may have to be fetched first.",
			"--base %s: there is no such revision", o.base)
	}
	return c.at(commit, o.base), err
}

// distinct returns the names that are not empty, each once.
func distinct(names ...string) (out []string) {
	for _, n := range names {
		if n != "" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// whyMissing is a sentence with the command that helps.
func whyMissing(err error) string {
	if m := (*git.Missing)(nil); errors.As(err, &m) {
		return fmt.Sprintf("The base is not available: %s. Run `%s`, or name the base with --base.", m.What, m.Command)
	}
	return fmt.Sprintf("The base is not available: %v.", err)
}

// load reads both sides of a change, the head alone where the base's files are not
// in the clone.
func (c *checkout) load(ctx context.Context, p *Process, o *checkOptions) (*change.Change, baseline, error) {
	r, b, err := c.request(ctx, p, o)
	if err != nil {
		return nil, b, err
	}
	loaded, err := change.Load(ctx, r)
	if same, _ := loaded.Unchanged(); same && b.landed && err == nil {
		// The last commit is the change, where nothing else is one: on the default
		// branch, with a board that is committed.
		var parent git.Base
		if parent, err = c.repository.Parent(ctx); err == nil {
			branches := b.branches
			b = c.at(parent.Commit, parent.Revision)
			r.Base, b.branches = b.source, branches
			loaded, err = change.Load(ctx, r)
		}
	}
	if missing := (*git.Missing)(nil); errors.As(err, &missing) {
		r.Base, b = nil, baseline{missing: whyMissing(err)}
		loaded, err = change.Load(ctx, r)
	}
	switch {
	case errors.Is(err, change.ErrNoBoard):
		err = misuse(p.meant(o.board, c.typed(ctx, p, r.Head)), "reading the board: there is no file %s", filepath.ToSlash(o.board))
	case err == nil:
		err = c.sparesInputs(ctx, p, o, loaded)
	}
	return loaded, b, err
}

// request says what is to be read, and what of it is the base.
func (c *checkout) request(ctx context.Context, p *Process, o *checkOptions) (change.Request, baseline, error) {
	r := change.Request{Head: c.tree(), Search: c.search(), ConfigPaths: change.ConfigPaths, HeadJudges: true}
	if err := c.enclosed(p, o.board); err != nil {
		return r, baseline{}, err
	}
	var home sync.WaitGroup
	if c.inGit && c.open() == nil {
		home.Go(func() { r.Home.Host, r.Home.Repo = c.repository.Home(ctx) })
	}
	b, err := c.findBase(ctx, p, o)
	home.Wait()
	if err == nil {
		r.Given, err = c.given(p, o)
	}
	r.Base = b.source
	if o.staged && c.repository != nil {
		r.Head = change.Index{Repository: c.repository}
	}
	return r, b, err
}

// given reads the files that the command line names.
func (c *checkout) given(p *Process, o *checkOptions) (g change.Given, err error) {
	named := func(what, path string) *source.File {
		if path == "" || err != nil {
			return nil
		}
		var f *source.File
		f, err = p.named(c.root, what, path)
		return f
	}
	g.Config = named("configuration", o.config)
	if o.board != "" && c.root != "" {
		g.Board = pathBelow(c.root, p.disk(o.board))
	} else if o.board != "" {
		g.Board, g.BoardFile = filepath.ToSlash(o.board), named("board", o.board)
	}
	g.BaseFile = named("base", o.baseFile)
	if o.state != "" && o.state != onInput {
		g.State = pathBelow(c.root, p.disk(o.state))
	}
	if !o.staged || g.State == "" {
		g.StateFile = named("state file", o.state)
	}
	g.BaseStateFile = named("state file", o.stateBase)
	return g, err
}

// sparesInputs refuses a report in the place of a file that is read.
func (c *checkout) sparesInputs(ctx context.Context, p *Process, o *checkOptions, loaded *change.Change) error {
	if o.output.path == "" {
		return nil
	}
	inputs := []change.Input{{What: "the board", Path: o.board}, {What: "the base", Path: o.baseFile}, {What: "the state file", Path: o.state}, {What: "the state file of the base", Path: o.stateBase}, {What: "the configuration", Path: o.config}}
	for i, in := range inputs {
		inputs[i].Path = p.disk(in.Path)
	}
	for _, in := range loaded.Inputs(ctx) {
		inputs = append(inputs, change.Input{What: in.What, Path: filepath.Join(c.root, filepath.FromSlash(in.Path))})
	}
	to := p.disk(o.output.path)
	if i := slices.IndexFunc(inputs, func(in change.Input) bool { return sameFile(to, in.Path) }); i >= 0 {
		return misuse("", "--output %s: it is %s", o.output.path, inputs[i].What)
	}
	return nil
}

func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// typed returns the places at which a board is looked for as they would be typed
// in the working directory.
func (c *checkout) typed(ctx context.Context, p *Process, head change.Source) []string {
	var out []string
	search := change.Search{}
	for place, err := range search.Places(ctx, head) {
		if err != nil {
			break
		}
		if from, err := filepath.Rel(p.Dir, filepath.Join(c.root, filepath.FromSlash(place))); err == nil {
			out = append(out, filepath.ToSlash(from))
		}
	}
	return out
}

// answersFromLog asks what the rules want to know: the log for pull requests, the work
// tree for paths. A loose file has nobody to ask.
func (c *checkout) answersFromLog(ctx context.Context, w fact.Wanted, branches []string) fact.Answers {
	a := fact.Answers{Branches: branches, Paths: change.WorkTree{Root: c.root}.Presence(w.Paths)}
	if len(w.Pulls) > 0 && c.repository != nil {
		a.Pulls = c.repository.Merged(ctx, w.Pulls)
	}
	return a
}

// historyTime is how long earlier versions of the board may be read.
const historyTime = 5 * time.Second

// earlier returns the versions of the board that were committed, the newest
// first, back to the one that stood before a time; nil where not all can be had.
func (c *checkout) earlier(ctx context.Context, loaded *change.Change, since time.Time) []*board.Board {
	if since.IsZero() || c.repository == nil {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, historyTime)
	defer cancel()
	var out []*board.Board
	for _, commit := range c.repository.Versions(limited, loaded.Path, since) {
		f, err := change.Commit{Repository: c.repository, ID: commit}.Read(limited, loaded.Path)
		if err != nil || f == nil || limited.Err() != nil {
			return nil
		}
		out = append(out, board.Parse(f, loaded.Policies.Base.Words))
	}
	return out
}
