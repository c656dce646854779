package change

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// StatePaths is where a state file is looked for, the first there is.
var StatePaths = []string{"docs/OPS/STATE.md", "docs/STATE.md", "STATE.md"}

// fileKind is a file that a configuration may name.
type fileKind struct {
	key, what string
	path      func(config.Policy) string // the one it names, empty for none
}

var (
	boardFile   = fileKind{"board", "the board", func(p config.Policy) string { return p.Board }}
	stateFile   = fileKind{"state", "the state file", func(p config.Policy) string { return p.State }}
	archiveFile = fileKind{"archive", "the archive", func(p config.Policy) string { return p.Archive }}
)

// headPath returns the path at which a file is read in the head: the base's, was, as
// long as a file is there, so that a change does not choose what it is judged on;
// else the one that the head's configuration names. Where the base's is there and
// the head names another, or has another found from now on, that is a redirect.
func (c *Change) headPath(ctx context.Context, k fileKind, was string, find func() (string, error)) (string, error) {
	f, err := c.Head.Read(ctx, was)
	named := k.path(c.Policies.Head)
	elsewhere := named != "" && named != was
	gone := f == nil && err == nil || elsewhere && InItsPlace(err) != nil
	switch {
	case gone && elsewhere:
		return c.followMove(ctx, k, was, named), nil
	case gone, err != nil:
		return was, nil // who reads it says what is the matter
	}
	to := named
	if to == "" {
		if to, err = find(); err != nil {
			return "", err
		}
	}
	if to != was {
		c.addRedirect(ctx, rule.Redirect{Key: k.key, What: k.what, Path: was, To: to, Named: named != "", Unnamed: named == "" && k.path(c.Policies.Before) != ""})
	}
	return was, nil
}

// followMove returns the new path of a file that is gone from its old one, and remarks
// on it; the old one where there is nothing at the new.
func (c *Change) followMove(ctx context.Context, k fileKind, was, to string) string {
	if f, err := c.Head.Read(ctx, to); f == nil && err == nil {
		return was
	}
	c.moves = append(c.moves, fmt.Sprintf("%s moved from %s to %s, and is compared with what it was.", k.what, was, to))
	return to
}

// addRedirect keeps a redirect with what makes it one: the head's configuration,
// or the file that would be found. What a broken configuration says does not count.
func (c *Change) addRedirect(ctx context.Context, r rule.Redirect) {
	if c.Policies.Edited != nil && len(c.Policies.Edited.Faults) > 0 {
		return
	}
	r.By = c.Policies.File
	if !r.Named && r.To != "" {
		r.By, _ = c.Head.Read(ctx, r.To) // it was found by reading it
	}
	c.redirects = append(c.redirects, r)
}

// findBoards finds the board of each side, the base's first. Where the base has
// none the head's is where its configuration says, else where a board is looked for.
func (c *Change) findBoards(ctx context.Context) (err error) {
	if c.Base.Board, err = c.baseBoard(ctx); err != nil {
		return err
	}
	if c.Base.Board == nil && c.Policies.Head.Board == "" {
		c.Head.Board, err = c.search.Discover(ctx, c.Head, c.Policies.Head.Words)
		if c.Head.Board != nil {
			c.Path = c.Head.Board.File.Path
		}
		return err
	}
	c.Path = c.Policies.Head.Board
	if c.Base.Board != nil && (isBoard(c.Base.Board) || c.Path == "") {
		if err := c.setBoardPath(ctx, c.Base.Board.File.Path); err != nil {
			return err
		}
	}
	c.Head.Board, err = readBy(ctx, c.Head, c.Path, c.Policies.Head.Words)
	if errors.Is(err, ErrDirectory) && c.Policies.Head.Board == "" {
		return &Unavailable{Err: fmt.Errorf("%w; at the base it is the board", err)} // nobody named it
	}
	if err != nil || c.Head.Board != nil || c.Base.Board == nil || c.Path != c.Base.Board.File.Path {
		return err
	}
	return c.followRename(ctx)
}

// setBoardPath sets the path at which the head's board is read.
func (c *Change) setBoardPath(ctx context.Context, was string) (err error) {
	c.Path, err = c.headPath(ctx, boardFile, was, func() (string, error) { return c.boardFrom(ctx, was) })
	return err
}

// baseBoard returns the base's board: where its own configuration says, else
// where one is found, else as the configuration says that the change brings.
func (c *Change) baseBoard(ctx context.Context) (*board.Board, error) {
	if path := c.Policies.Before.Board; path != "" {
		return readBy(ctx, c.Base, path, c.Policies.Base.Words)
	}
	b, err := c.search.Discover(ctx, c.Base, c.Policies.Before.Words)
	if b != nil || err != nil || !c.Policies.brought() {
		c.Policies.readsBase()
		return b, err
	}
	if b, err = c.search.Discover(ctx, c.Base, c.Policies.Base.Words); b != nil || err != nil || c.Policies.Base.Board == "" {
		return b, err
	}
	f, err := c.Base.Read(ctx, c.Policies.Base.Board)
	return c.parseBase(f), err
}

// parseBase returns the base's board of a file, read by its own words; by those
// that the change brings where it is not a board by its own.
func (c *Change) parseBase(f *source.File) *board.Board {
	b := parse(f, c.Policies.Before.Words)
	if b != nil && !isBoard(b) && c.Policies.brought() {
		return parse(f, c.Policies.Base.Words)
	}
	c.Policies.readsBase()
	return b
}

// boardFrom returns the path of the board that is found once this change has
// landed, where the board is at was and no configuration names it; empty where
// none is found. An empty file that the change adds in an earlier place counts
// too: its first column would make it the board.
func (c *Change) boardFrom(ctx context.Context, was string) (string, error) {
	for path, err := range c.search.Places(ctx, c.Head) {
		if err != nil || path == was {
			return path, err
		}
		b, err := readBy(ctx, c.Head, path, c.Policies.Head.Words)
		switch {
		case err != nil && InItsPlace(err) == nil:
			return "", err
		case b == nil:
		case isBoard(b):
			return path, nil
		case b.Problem == board.Empty:
			if before, err := c.Base.Read(ctx, path); before == nil && err == nil {
				return path, nil
			}
		}
	}
	return "", nil
}

// isPlace says whether a board is looked for at a path of the head.
func (c *Change) isPlace(ctx context.Context, wanted string) (bool, error) {
	for path, err := range c.search.Places(ctx, c.Head) {
		if err != nil || path == wanted {
			return err == nil, err
		}
	}
	return false, nil
}

// followRename looks where a board went that is gone. It is followed only to a
// path where the gate finds it again; elsewhere it is as good as deleted.
func (c *Change) followRename(ctx context.Context) error {
	to, err := c.Base.RenamedTo(ctx, c.Head, c.Path)
	c.RenameErr = err
	found := false
	if to != "" && err == nil && c.Policies.Head.Board == "" {
		found, err = c.isPlace(ctx, to)
	}
	switch {
	case err != nil:
		c.search.note(fmt.Sprintf("whether %s was renamed could not be found out: %v.", c.Path, err))
	case to == "":
	case !found:
		c.search.note(fmt.Sprintf("%s was renamed to %s, where the gate does not look for it. Put \"board: %s\" into %s in this change.", c.Path, to, to, c.configPath()))
	default:
		if err := c.setBoardPath(ctx, c.followMove(ctx, boardFile, c.Path, to)); err != nil {
			return err
		}
		c.Head.Board, err = readBy(ctx, c.Head, c.Path, c.Policies.Head.Words)
		return err
	}
	return nil
}

// readStates reads the state file of both sides: those given, else those found.
func (c *Change) readStates(ctx context.Context) (err error) {
	given := &c.request.Given
	switch {
	case given.StateFile != nil:
		c.Head.State = parse(given.StateFile, c.Policies.Head.StateWords)
	case given.State != "":
		c.Head.State, err = readBy(ctx, c.Head, given.State, c.Policies.Head.StateWords)
	default:
		err = c.findStates(ctx)
	}
	switch {
	case err != nil:
	case given.BaseStateFile != nil:
		c.Base.State = parse(given.BaseStateFile, c.Policies.Base.StateWords)
	case given.State != "":
		c.Base.State, err = readBy(ctx, c.Base, given.State, c.Policies.Base.StateWords)
		if c.Base.State == nil && c.Base.Commit() == "" {
			c.Base.State = c.Head.State // nothing says that it is another
		}
	case given.StateFile != nil:
		c.Base.State = c.Head.State // of one outside the repository there is no other
	}
	return err
}

// findStates finds the state file of each side: where that side's configuration
// says, else the first there is.
func (c *Change) findStates(ctx context.Context) error {
	was, err := c.baseStatePath(ctx)
	if err != nil {
		return err
	}
	if c.Base.State, err = readBy(ctx, c.Base, was, c.Policies.Base.StateWords); err != nil {
		return err
	}
	find := func() (string, error) { return firstOf(ctx, c.Head, c.stateFolder()) }
	path := c.Policies.Head.State
	if c.Base.State != nil {
		if path, err = c.headPath(ctx, stateFile, was, find); err != nil {
			return err
		}
	}
	c.Head.State, err = readBy(ctx, c.Head, path, c.Policies.Head.StateWords)
	if c.Policies.Head.State == "" && (err == nil && c.Head.State == nil || passedOver(err)) {
		if path, err = find(); path != "" && c.Base.State != nil {
			path = c.followMove(ctx, stateFile, was, path)
		}
		if err == nil {
			c.Head.State, err = readBy(ctx, c.Head, path, c.Policies.Head.StateWords)
		}
	}
	if c.Base.State == nil && c.Base.Commit() == "" {
		c.Base.State = c.Head.State // nothing says that it is another
	}
	return err
}

// baseStatePath returns where the base has its state file, as baseBoard looks
// for its board.
func (c *Change) baseStatePath(ctx context.Context) (string, error) {
	if c.Policies.Before.State != "" {
		return c.Policies.Before.State, nil
	}
	path, err := firstOf(ctx, c.Base, c.stateFolder())
	if path == "" {
		path = c.Policies.Base.State
	}
	return path, err
}

// stateFolder is where a state file is looked for: under the folder in which the
// board was found.
func (c *Change) stateFolder() []string {
	folder := c.search.Folder
	if folder == "" || !strings.HasPrefix(c.Path, folder+"/") {
		return StatePaths
	}
	var out []string
	for _, p := range StatePaths {
		out = append(out, path.Join(folder, p))
	}
	return out
}

// firstOf returns the first of the paths at which a file is, empty where none is.
func firstOf(ctx context.Context, from Source, paths []string) (string, error) {
	for _, path := range paths {
		f, err := from.Read(ctx, path)
		if err != nil && !passedOver(err) {
			return "", err
		}
		if f != nil {
			return path, nil
		}
	}
	return "", nil
}

// passedOver says whether what stands in a state file's place is as good as none.
func passedOver(err error) bool { return errors.Is(err, ErrDirectory) || errors.Is(err, ErrLeaves) }

// readArchives reads the archive of both sides. One that cannot be read stops
// nothing: only what it would show is not known.
func (c *Change) readArchives(ctx context.Context) {
	path := c.Policies.Head.Archive
	if was := c.Policies.Before.Archive; was != "" {
		path, _ = c.headPath(ctx, archiveFile, was, func() (string, error) { return was, nil }) // without one nothing is looked for
	}
	var err error
	if c.Head.Archive, err = archiveAt(ctx, c.Head, path, c.Policies.Head.Words); err != nil {
		c.Head.NoArchive = "The archive could not be searched: " + text.Sentence(err.Error())
	}
	if c.Base.Archive, err = archiveAt(ctx, c.Base, c.Policies.Base.Archive, c.Policies.Base.Words); err != nil {
		c.Base.NoArchive = "The archive of the base could not be searched: " + text.Sentence(err.Error())
	}
}

func archiveAt(ctx context.Context, from Source, path string, words board.Words) (*board.Board, error) {
	a, err := readBy(ctx, from, path, words)
	if a != nil && a.Problem == board.Conflict {
		return nil, fmt.Errorf("%s holds unresolved merge conflict markers", path)
	}
	return a, err
}

// readBy returns the board of a path, read by words; nil where there is none.
func readBy(ctx context.Context, from Source, path string, words board.Words) (*board.Board, error) {
	if path == "" {
		return nil, nil
	}
	f, err := from.Read(ctx, path)
	return parse(f, words), err
}

// WithoutState says that a state file is gone, or is not where the configuration
// says; to those who want to know, that there is none to hold the board to.
func (c *Change) WithoutState(verbose bool) []string {
	if c.Head.Board == nil || len(c.Head.Board.Columns) == 0 || c.Head.State != nil || c.Policies.Judge.Severity(rule.StateSync.Name, rule.Error) == rule.Off {
		return nil
	}
	why := ""
	switch {
	case c.Base.State != nil:
		why = fmt.Sprintf("this change takes the state file %s away.", c.Base.State.File.Path)
	case c.Policies.Head.State != "":
		why = fmt.Sprintf("the configuration says `state: %s`, and no such file is there.", c.Policies.Head.State)
	case !verbose:
		return nil
	case c.request.Given.BoardFile != nil:
		why = "a file outside a repository has no state file but that of --state."
	default:
		why = "there is no state file at " + strings.Join(StatePaths, ", ") + "; --state names one."
	}
	return []string{"state-sync compared nothing: " + why}
}
