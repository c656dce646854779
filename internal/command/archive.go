package command

import (
	"fmt"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/policy"
	"github.com/boardgate/boardgate/internal/source"
)

// archive returns the board of an archive's file, nil where there is none.
func archive(f *source.File, words board.Words) *board.Board {
	if f == nil {
		return nil
	}
	return board.Parse(f, words)
}

// readArchives reads the archive of both sides, each at its own side's path. One
// that cannot be read stops nothing: only what it would show is not known.
func (s *sides) readArchives() {
	var err error
	if s.archive, err = archiveOf(s.readHead, s.law.head); err != nil {
		s.noArchive = "The archive could not be searched: " + sentence(err)
	}
	if s.baseArchive, err = archiveOf(s.readBase, s.law.base); err != nil {
		s.noBaseArchive = "The archive of the base could not be searched: " + sentence(err)
	}
}

func archiveOf(read reader, law policy.Policy) (*board.Board, error) {
	if law.Archive == "" {
		return nil, nil
	}
	f, err := read(law.Archive)
	if err != nil {
		return nil, err
	}
	a := archive(f, law.Words)
	if a != nil && a.Problem == board.Conflict {
		return nil, fmt.Errorf("%s holds unresolved merge conflict markers", law.Archive)
	}
	return a, nil
}
