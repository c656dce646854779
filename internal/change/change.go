// Package change loads both sides of a change: the configuration, the board, the
// state file and the archive of each, from wherever they are, into a case that the
// rules judge.
package change

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// Request is what is to be loaded.
type Request struct {
	Head Source
	Base Source // nil where nothing is compared
	Home board.Home

	Search      Search   // for the board, where nothing names it
	ConfigPaths []string // where the configuration is looked for
	HeadJudges  bool     // the first configuration of a repository judges the change that brings it; else the defaults do

	// Prefetch asks at once for files that are about to be read; nil where each is
	// read for itself.
	Prefetch func(ctx context.Context, paths ...string) error

	// Paths in place of those that the configurations of both sides name; empty for none.
	BoardPath, StatePath string
	NamedBy              string // what says BoardPath

	Given Given
}

// Given is what a user names in place of what would be found. The zero Given is nothing.
type Given struct {
	Config *source.File // in place of those of both sides

	Board     string       // the board's path in Head
	BoardFile *source.File // the board itself, where it is in no repository
	BaseFile  *source.File // the base's board

	State         string       // the state file's path in the repository; empty where it is not of it
	StateFile     *source.File // the state file itself, where it is not to be read in Head
	BaseStateFile *source.File // the base's
}

// Side is one side of a change, as it was read.
type Side struct {
	Source
	Board, State *board.Board // nil where there is none
	Archive      *board.Board // nil where there is none
	NoArchive    string       // why the archive could not be read where it should have been, a sentence; empty where it was
}

// Change is both sides of a change.
type Change struct {
	Head, Base Side
	Compared   bool // there is a base to compare with, or one without a board
	Policies   Policies
	Path       string // where the board is or was looked for
	RenameErr  error  // why it could not be found out where the board went, nil where it could

	request   Request
	search    Search
	moves     []string // which files are elsewhere than in the base, a sentence each
	redirects []rule.Redirect
	elsewhere string // a board that was found, where the configuration names one that is not there
}

// ErrNoBoard says that neither side has a file at the path that was given.
var ErrNoBoard = errors.New("there is no file of the board's path")

// Load loads a change. It stops at a configuration that is broken (Policies.Broken),
// since no board can be judged by it. What was read before an error is returned too.
func Load(ctx context.Context, r Request) (*Change, error) {
	c := &Change{request: r, search: r.Search, Compared: r.Base != nil, Head: Side{Source: r.Head}, Base: Side{Source: Nothing{}}}
	if r.Base != nil {
		c.Base.Source = baseSource{r.Base}
	}
	if err := c.readPolicies(ctx); err != nil || c.Policies.Broken != nil {
		return c, err
	}
	if r.Prefetch != nil {
		base, head := &c.Policies.Base, &c.Policies.Head
		if err := r.Prefetch(ctx, base.Board, head.Board, base.State, head.State, base.Archive, head.Archive); err != nil {
			return c, err
		}
	}
	if err := c.readBoards(ctx); err != nil {
		return c, err
	}
	c.readArchives(ctx)
	if err := c.readStates(ctx); err != nil {
		return c, err
	}
	if c.Head.Board == nil && c.Policies.Head.Board != "" {
		if other, err := c.search.Discover(ctx, c.Head, c.Policies.Head.Words); err == nil && other != nil {
			c.elsewhere = other.File.Path
		}
	}
	return c, c.tooMuch()
}

// readPolicies reads the configuration of both sides, unless one is given.
func (c *Change) readPolicies(ctx context.Context) error {
	r := &c.request
	if r.Given.Config != nil {
		c.Policies = single(ReadConfig(r.Given.Config))
	} else {
		base, err := FindConfig(ctx, c.Base, r.ConfigPaths)
		if err != nil {
			return err
		}
		head, err := FindConfig(ctx, c.Head, r.ConfigPaths)
		if err != nil {
			return err
		}
		if c.Compared && base == nil && head != nil && !r.HeadJudges {
			c.Policies = edited(Config{Reading: config.Reading{Policy: config.Default()}}, *head)
		} else {
			c.Policies = configure(base, head, c.Base.Commit())
		}
	}
	for _, side := range []*config.Policy{&c.Policies.Base, &c.Policies.Head, &c.Policies.Before} {
		side.Board, side.State = cmp.Or(r.BoardPath, side.Board), cmp.Or(r.StatePath, side.State)
		side.Words.Home, side.StateWords.Home = r.Home, r.Home
	}
	return nil
}

// readBoards reads the board of both sides, each by its own side's words: what is
// given, else what is found. A base that is given is parsed beside the head.
func (c *Change) readBoards(ctx context.Context) (err error) {
	given := &c.request.Given
	var base *board.Board
	var other sync.WaitGroup
	if given.BaseFile != nil {
		words := c.Policies.Base.Words
		other.Go(func() { base = parse(given.BaseFile, words) })
	}
	switch {
	case given.BoardFile != nil:
		c.Path, c.Head.Board = given.Board, parse(given.BoardFile, c.Policies.Head.Words)
	case given.Board != "":
		c.Path, c.search.Folder = given.Board, ""
		err = c.readBoardsAt(ctx, given.Board)
	default:
		err = c.findBoards(ctx)
	}
	if other.Wait(); err == nil && base != nil {
		c.Base.Board = base
	}
	return err
}

// readBoardsAt reads the board of each side at a path, and parses them side by side.
func (c *Change) readBoardsAt(ctx context.Context, path string) error {
	base, err := c.Base.Read(ctx, path)
	if err != nil {
		return err
	}
	head, err := c.Head.Read(ctx, path)
	var other sync.WaitGroup
	other.Go(func() { c.Base.Board = c.parseBase(base) })
	c.Head.Board = parse(head, c.Policies.Head.Words)
	other.Wait()
	if err == nil && c.Head.Board == nil && c.Base.Board == nil {
		err = ErrNoBoard
	}
	return err
}

// tooMuch says which of the files holds more than is read, so that nothing can be
// said of it.
func (c *Change) tooMuch() error {
	for _, b := range []*board.Board{c.Head.Board, c.Base.Board, c.Head.State, c.Base.State, c.Head.Archive} {
		if b != nil && b.Problem == board.TooMuch {
			return &Unavailable{fmt.Errorf("%s holds %s, and is not read (line %d)", b.File.Path, b.Excess, b.At.From().Line), "Move finished items to a file of their own, or take out what is not the board's."}
		}
	}
	return nil
}

// Case is what is judged. What depends on who asks is left to the caller: the time,
// the pull request, and the facts. Where only white space differs the base is the
// head's text, so that nothing can come of it, line breaks included.
func (c *Change) Case() *rule.Case {
	base, head := c.Base.Board, c.Head.Board
	if base != nil && head != nil && sameText(base, head) && !bytes.Equal(base.File.Text, head.File.Text) {
		base = board.Parse(source.NewFile(base.File.Path, head.File.Text), c.Policies.Base.Words)
	}
	out := &rule.Case{
		Head: head, State: c.Head.State, BaseState: c.Base.State,
		Archive: c.Head.Archive, BaseArchive: c.Base.Archive, NoArchive: c.Head.NoArchive,
		Policy: c.Policies.Judge, HeadConfig: c.Policies.Edited, Redirects: c.redirects,
		HeadWords: c.Policies.Head.Words, BaseWords: c.Policies.Before.Words,
		BoardPath: c.Path, BoardElsewhere: c.elsewhere,
	}
	if head == nil && c.Policies.Head.Board != "" {
		out.BoardNamedBy = cmp.Or(c.request.NamedBy, c.configPath())
	}
	switch {
	case !c.Compared:
	case base == nil, base.Problem != "", len(base.Columns) == 0:
		out.BaseKind = rule.Adoption
	default:
		out.BaseKind, out.Base, out.Deleted = rule.Present, base, head == nil
		if head == nil || head.Problem != board.Conflict {
			out.Base, out.Head = board.Alike(base, head)
			out.Changes = compare.Boards(out.Base, out.Head)
		}
	}
	return out
}

// Unchanged says whether a change leaves all that the gate looks at as it was, and
// whether it edits the state file alone.
func (c *Change) Unchanged() (all, butState bool) {
	if !c.Compared || c.Head.Board == nil || c.Base.Board == nil || c.Policies.Edited != nil || c.Policies.brought() || len(c.redirects)+len(c.moves) > 0 ||
		!sameText(c.Base.Board, c.Head.Board) || !sameText(c.Base.Archive, c.Head.Archive) {
		return false, false
	}
	all = sameText(c.Base.State, c.Head.State)
	return all, !all
}

// sameText says whether a file is the same on both sides, white space aside.
func sameText(base, head *board.Board) bool {
	if base == nil || head == nil {
		return base == head
	}
	return compare.SameText(base.File.Text, head.File.Text)
}

// configPath returns where the head has its configuration, or would have one.
func (c *Change) configPath() string {
	if c.Policies.File != nil {
		return c.Policies.File.Path
	}
	return c.request.ConfigPaths[0]
}

// Input is a file of the head that a change is judged by.
type Input struct{ What, Path string }

// Inputs returns the files of the head that decide, also those that a broken
// configuration kept from being read.
func (c *Change) Inputs(ctx context.Context) []Input {
	head := &c.Policies.Head
	boardAt, stateAt := cmp.Or(c.Path, head.Board), head.State
	if boardAt == "" {
		if b, err := c.search.Discover(ctx, c.Head, head.Words); err == nil && b != nil {
			boardAt = b.File.Path
		}
	}
	if stateAt == "" {
		stateAt, _ = firstOf(ctx, c.Head, StatePaths) // one that cannot be read is not written either
	}
	return []Input{{"the board", boardAt}, {"the state file", stateAt}, {"the archive", head.Archive}, {"the configuration", c.configPath()}}
}

// Remarks says what was not looked at, and why.
func (c *Change) Remarks() []string {
	var out []string
	if c.Policies.Remark != "" {
		out = append(out, c.Policies.Remark)
	}
	if c.Head.Board == nil || len(c.Head.Board.Columns) == 0 {
		out = append(out, c.search.Notes...)
	}
	out = append(out, c.moves...)
	if archive := c.Policies.Head.Archive; archive != "" && c.Head.Archive == nil && c.Head.NoArchive == "" {
		out = append(out, fmt.Sprintf("the configuration says `archive: %s`, and no such file is there.", archive))
	}
	if c.Base.NoArchive != "" {
		out = append(out, c.Base.NoArchive)
	}
	return out
}
