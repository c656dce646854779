package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

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

// stay returns the path at which a file is read in the head: the base's, was, as
// long as a file is there, so that a change does not choose what it is judged on;
// else the one that the head's configuration names. Where the base's is there and
// the head names another, or has another found from now on, that is a redirect.
func (s *sides) stay(k fileKind, was string, find func() (string, error)) (string, error) {
	f, err := s.readHead(was)
	named := k.path(s.law.head)
	elsewhere := named != "" && named != was
	gone := f == nil && err == nil || elsewhere && notFile(err) != nil
	switch {
	case gone && elsewhere:
		return s.moved(k, was, named), nil
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
		s.redirected(rule.Redirect{Key: k.key, What: k.what, Path: was, To: to, Named: named != "", Unnamed: named == "" && k.path(s.law.before) != ""})
	}
	return was, nil
}

// moved returns the new path of a file that is gone from its old one, and remarks
// on it; the old one where there is nothing at the new.
func (s *sides) moved(k fileKind, was, to string) string {
	if f, err := s.readHead(to); f == nil && err == nil {
		return was
	}
	s.moves = append(s.moves, fmt.Sprintf("%s moved from %s to %s, and is compared with what it was.", k.what, was, to))
	return to
}

// redirected keeps a redirect with what makes it one: the head's configuration,
// or the file that would be found. What a broken configuration says does not count.
func (s *sides) redirected(r rule.Redirect) {
	if s.law.edited != nil && len(s.law.edited.Faults) > 0 {
		return
	}
	r.By = s.law.file
	if !r.Named && r.To != "" {
		r.By, _ = s.readHead(r.To) // it was found by reading it
	}
	s.redirects = append(s.redirects, r)
}

// findBoards finds the board of each side, the base's first. Where the base has
// none the head's is where its configuration says, else where a board is looked for.
func (s *sides) findBoards(ctx context.Context) (err error) {
	if s.base, err = s.baseBoard(); err != nil {
		return err
	}
	if s.base == nil && s.law.head.Board == "" {
		s.head, err = s.discover(s.readHead, s.listHead, s.law.head.Words)
		if s.head != nil {
			s.path = s.head.File.Path
		}
		return err
	}
	s.path = s.law.head.Board
	if s.base != nil && (isBoard(s.base) || s.path == "") {
		if err := s.stayBoard(s.base.File.Path); err != nil {
			return err
		}
	}
	s.head, err = readBy(s.readHead, s.path, s.law.head.Words)
	if errors.Is(err, errDirectory) && s.law.head.Board == "" {
		return &failure{Unverified, fmt.Errorf("%w; at the base it is the board", err), ""} // nobody named it
	}
	if err != nil || s.head != nil || s.base == nil || s.path != s.base.File.Path {
		return err
	}
	return s.followRename(ctx)
}

// stayBoard sets the path at which the head's board is read.
func (s *sides) stayBoard(was string) (err error) {
	s.path, err = s.stay(boardFile, was, func() (string, error) { return s.boardFrom(was) })
	return err
}

// baseBoard returns the base's board: where its own configuration says, else
// where one is found, else as the configuration says that the change brings.
func (s *sides) baseBoard() (*board.Board, error) {
	if path := s.law.before.Board; path != "" {
		return readBy(s.readBase, path, s.law.base.Words)
	}
	b, err := s.discover(s.readBase, s.listBase, s.law.before.Words)
	if b != nil || err != nil || !s.law.brought() {
		s.law.readsBase()
		return b, err
	}
	if b, err = s.discover(s.readBase, s.listBase, s.law.base.Words); b != nil || err != nil || s.law.base.Board == "" {
		return b, err
	}
	f, err := s.readBase(s.law.base.Board)
	return s.parseBase(f), err
}

// parseBase returns the base's board of a file, read by its own words; by those
// that the change brings where it is not a board by its own.
func (s *sides) parseBase(f *source.File) *board.Board {
	b := parsed(f, s.law.before.Words)
	if b != nil && !isBoard(b) && s.law.brought() {
		return parsed(f, s.law.base.Words)
	}
	s.law.readsBase()
	return b
}

// boardFrom returns the path of the board that is found once this change has
// landed, where the board is at was and no configuration names it; empty where
// none is found. An empty file that the change adds in an earlier place counts
// too: its first column would make it the board.
func (s *sides) boardFrom(was string) (string, error) {
	for path, err := range s.places(s.listHead) {
		if err != nil || path == was {
			return path, err
		}
		b, err := readBy(s.readHead, path, s.law.head.Words)
		switch {
		case err != nil && notFile(err) == nil:
			return "", err
		case b == nil:
		case isBoard(b):
			return path, nil
		case b.Problem == board.Empty:
			if before, err := s.readBase(path); before == nil && err == nil {
				return path, nil
			}
		}
	}
	return "", nil
}

// finds says whether a board is looked for at a path of the head.
func (s *sides) finds(wanted string) (bool, error) {
	for path, err := range s.places(s.listHead) {
		if err != nil || path == wanted {
			return err == nil, err
		}
	}
	return false, nil
}

// followRename looks where a board went that is gone. It is followed only to a
// path where the gate finds it again; elsewhere it is as good as deleted.
func (s *sides) followRename(ctx context.Context) error {
	if s.renamed == nil {
		return nil
	}
	to, err := s.renamed(ctx, s.path)
	found := false
	if to != "" && err == nil && s.law.head.Board == "" {
		found, err = s.finds(to)
	}
	switch {
	case err != nil:
		s.note(fmt.Sprintf("whether %s was renamed could not be found out: %v.", s.path, err))
	case to == "":
	case !found:
		s.note(fmt.Sprintf("%s was renamed to %s, where the gate does not look for it. Put \"board: %s\" into %s in this change.", s.path, to, to, s.configPath()))
	default:
		if err := s.stayBoard(s.moved(boardFile, s.path, to)); err != nil {
			return err
		}
		s.head, err = readBy(s.readHead, s.path, s.law.head.Words)
		return err
	}
	return nil
}

// configPath returns where the head has its configuration, or would have one.
func (s *sides) configPath() string {
	if s.law.file != nil {
		return s.law.file.Path
	}
	return s.config
}

// findStates finds the state file of each side: where that side's configuration
// says, else the first there is.
func (s *sides) findStates() error {
	was, err := s.baseStatePath()
	if err != nil {
		return err
	}
	if s.baseState, err = readBy(s.readBase, was, s.law.base.StateWords); err != nil {
		return err
	}
	find := func() (string, error) { return firstOf(s.readHead, s.stateFolder()) }
	path := s.law.head.State
	if s.baseState != nil {
		if path, err = s.stay(stateFile, was, find); err != nil {
			return err
		}
	}
	s.state, err = readBy(s.readHead, path, s.law.head.StateWords)
	if s.law.head.State == "" && (err == nil && s.state == nil || passedOver(err)) {
		if path, err = find(); path != "" && s.baseState != nil {
			path = s.moved(stateFile, was, path)
		}
		if err == nil {
			s.state, err = readBy(s.readHead, path, s.law.head.StateWords)
		}
	}
	if s.baseState == nil && s.commit == "" {
		s.baseState = s.state // nothing says that it is another
	}
	return err
}

// baseStatePath returns where the base has its state file, as baseBoard looks
// for its board.
func (s *sides) baseStatePath() (string, error) {
	if s.law.before.State != "" {
		return s.law.before.State, nil
	}
	path, err := firstOf(s.readBase, s.stateFolder())
	if path == "" {
		path = s.law.base.State
	}
	return path, err
}

// stateFolder is where a state file is looked for: under the folder in which the
// board was found.
func (s *sides) stateFolder() []string {
	if s.prefix != "" && strings.HasPrefix(s.path, s.prefix+"/") {
		return under(s.prefix, statePaths)[len(statePaths):]
	}
	return statePaths
}

// firstOf returns the first of the paths at which a file is, empty where none is.
func firstOf(read reader, paths []string) (string, error) {
	for _, path := range paths {
		f, err := read(path)
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
func passedOver(err error) bool { return errors.Is(err, errDirectory) || errors.Is(err, errLeaves) }

// readArchives reads the archive of both sides. One that cannot be read stops
// nothing: only what it would show is not known.
func (s *sides) readArchives() {
	path := s.law.head.Archive
	if was := s.law.before.Archive; was != "" {
		path, _ = s.stay(archiveFile, was, func() (string, error) { return was, nil }) // without one nothing is looked for
	}
	var err error
	if s.archive, err = archiveAt(s.readHead, path, s.law.head.Words); err != nil {
		s.noArchive = "The archive could not be searched: " + sentence(err)
	}
	if s.baseArchive, err = archiveAt(s.readBase, s.law.base.Archive, s.law.base.Words); err != nil {
		s.noBaseArchive = "The archive of the base could not be searched: " + sentence(err)
	}
}

func archiveAt(read reader, path string, words board.Words) (*board.Board, error) {
	a, err := readBy(read, path, words)
	if a != nil && a.Problem == board.Conflict {
		return nil, fmt.Errorf("%s holds unresolved merge conflict markers", path)
	}
	return a, err
}

// readBy returns the board of a path, read by words; nil where there is none.
func readBy(read reader, path string, words board.Words) (*board.Board, error) {
	if path == "" {
		return nil, nil
	}
	f, err := read(path)
	return parsed(f, words), err
}
