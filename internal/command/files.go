package command

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/boardgate/boardgate/internal/git"
	"github.com/boardgate/boardgate/internal/source"
)

// mostBytes is the most a board, state file or configuration may hold. A board
// of 10,000 items is about one MiB.
const mostBytes = 8 << 20

// onInput is the argument that stands for standard input, and its name in reports.
const onInput, inputName = "-", "<stdin>"

// disk returns where a path typed by the user lies.
func (p *Process) disk(path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(p.Dir, path)
}

// named reads a file that the command line names, "-" for standard input. One
// that is not there is wrong use.
func (p *Process) named(what, path string) (*source.File, error) {
	if path == onInput {
		text, err := bounded(p.Stdin)
		return fileOf(inputName, text, unread(inputName, err))
	}
	text, err := readFile(p.disk(path))
	if absent(err) {
		return nil, misuse("", "reading the %s: there is no file %s", what, path)
	}
	return fileOf(filepath.ToSlash(path), text, unread(path, err))
}

// standing reads a file of the work tree, nil where there is none of that path.
// A symbolic link is not followed: the action, which has no work tree, cannot.
func standing(root, path string) (*source.File, error) {
	place := filepath.Join(root, filepath.FromSlash(path))
	if info, err := os.Lstat(place); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return nil, unread(path, git.ErrLink)
	}
	text, err := readFile(place)
	if absent(err) {
		return nil, nil
	}
	if _, lacks := os.Lstat(filepath.Join(place, ".git")); errors.Is(err, errDirectory) && path != "" && lacks == nil {
		err = errSubmodule
	}
	return fileOf(path, text, unread(path, err))
}

func fileOf(path string, text []byte, err error) (*source.File, error) {
	if err == nil && isPointer(text) {
		err = unread(path, errPointer)
	}
	if err != nil {
		return nil, err
	}
	return source.NewFile(path, text), nil
}

// isPointer says whether a text is what Git LFS keeps in place of a file
// (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
func isPointer(text []byte) bool {
	return bytes.HasPrefix(text, []byte("version https://git-lfs.github.com/spec/v1"))
}

// absent says that there is no file of a path, or that a file stands where one of its folders should.
func absent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// What stands at the path of a file in its place, beside git.ErrLink.
var (
	errDirectory = errors.New("it is a directory, not a file")
	errSubmodule = errors.New("it is a submodule, not a file of this repository")
	errPointer   = errors.New("it is a Git LFS pointer, not the text itself; keep this file out of LFS")
)

// notFile returns what an error says stands at a path in a file's place, nil
// where it says something else.
func notFile(err error) error {
	for _, what := range []error{errDirectory, errSubmodule, git.ErrLink} {
		if errors.Is(err, what) {
			return what
		}
	}
	return nil
}

// unread says which file could not be read, and what follows from that: a
// directory is wrong use, all else could not be had.
func unread(path string, err error) error {
	if err == nil {
		return nil
	}
	if inner := (*fs.PathError)(nil); errors.As(err, &inner) {
		err = inner.Err // it would say the path again
	}
	err = fmt.Errorf("reading %s: %w", path, err)
	if errors.Is(err, errDirectory) {
		return &failure{Misused, err, "Name a file in it."}
	}
	return &failure{Unverified, err, ""}
}

// readFile reads a file whole, of whatever kind but a directory: what a shell
// hands over as <(git show …) is a pipe.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errDirectory
	case info.Size() > mostBytes:
		return nil, &git.TooLarge{Size: info.Size(), Limit: mostBytes}
	}
	return bounded(f)
}

// bounded reads to the end, at most mostBytes.
func bounded(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, mostBytes+1))
	if err == nil && len(text) > mostBytes {
		err = &git.TooLarge{Size: int64(len(text)), Limit: mostBytes}
	}
	return text, err
}
