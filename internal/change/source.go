package change

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/boardgate/boardgate/internal/git"
	"github.com/boardgate/boardgate/internal/source"
)

// Source is where one side of a change is read. Paths are slash-separated and
// relative to the repository's root.
type Source interface {
	// Commit is the commit's name, empty for what is not committed.
	Commit() string
	// Read returns a file, nil where there is none of that path.
	Read(ctx context.Context, path string) (*source.File, error)
	// List returns the names in a folder, those of folders with a slash at the end;
	// nothing where there is no such folder. The root is "".
	List(ctx context.Context, folder string) ([]string, error)
	// RenamedTo returns where a file went in the head of a change of which this is
	// the base; empty where it went nowhere that is known.
	RenamedTo(ctx context.Context, head Source, path string) (string, error)
}

// Nothing is a side without a file, such as what is before the first commit.
type Nothing struct{}

// Commit is none.
func (Nothing) Commit() string { return "" }

// Read finds nothing.
func (Nothing) Read(context.Context, string) (*source.File, error) { return nil, nil }

// List finds nothing.
func (Nothing) List(context.Context, string) ([]string, error) { return nil, nil }

// RenamedTo knows of nothing.
func (Nothing) RenamedTo(context.Context, Source, string) (string, error) { return "", nil }

// baseSource is the source of a base, which has no file where a directory or a
// submodule stands in its place: a change may put that right.
type baseSource struct{ Source }

func (b baseSource) Read(ctx context.Context, path string) (*source.File, error) {
	f, err := b.Source.Read(ctx, path)
	if errors.Is(err, ErrDirectory) || errors.Is(err, errSubmodule) {
		return nil, nil
	}
	return f, err
}

// Unavailable is something that should have been there and could not be read.
type Unavailable struct {
	Err  error
	Hint string // what helps, empty where nothing is known
}

func (u *Unavailable) Error() string { return u.Err.Error() }

// Unwrap returns the cause.
func (u *Unavailable) Unwrap() error { return u.Err }

// What stands at the path of a file in its place, beside git.ErrLink.
var (
	ErrDirectory = errors.New("it is a directory, not a file")
	ErrSpecial   = errors.New("it is not a regular file")
	ErrLeaves    = errors.New("a symbolic link in its path leads out of the repository")
	errOfGit     = errors.New("it is in .git, which is not part of the work tree")
	errSubmodule = errors.New("it is a submodule, not a file of this repository")
	errPointer   = errors.New("it is a Git LFS pointer, not the text itself; keep this file out of LFS")
)

// InItsPlace returns what an error says stands at a path in a file's place, nil
// where it says something else.
func InItsPlace(err error) error {
	for _, what := range []error{ErrDirectory, ErrSpecial, ErrLeaves, errOfGit, errSubmodule, git.ErrLink} {
		if errors.Is(err, what) {
			return what
		}
	}
	return nil
}

// Unread says which file could not be read. Anything but a directory, which is
// wrong use, was not available.
func Unread(path string, err error) error {
	if err == nil {
		return nil
	}
	if inner := (*fs.PathError)(nil); errors.As(err, &inner) {
		err = inner.Err // it would say the path again
	}
	err = fmt.Errorf("reading %s: %w", path, err)
	if errors.Is(err, ErrDirectory) {
		return err
	}
	return &Unavailable{Err: err}
}
