package change

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/git"
	"github.com/boardgate/boardgate/internal/source"
)

// mostBytes is the most a board, state file or configuration may hold. A board
// of 10,000 items is about one MiB.
const mostBytes = 2 << 20

// WorkTree is the files of a folder as they are on disk.
type WorkTree struct {
	Nothing // it is the head of every change
	Root    string
}

// Read reads a file. A symbolic link is not followed: the action, which has no work
// tree, cannot. Those among its folders are, as long as they stay in the work tree.
func (w WorkTree) Read(_ context.Context, path string) (*source.File, error) {
	root, err := os.OpenRoot(w.Root)
	if err != nil {
		return nil, Unread(path, err)
	}
	defer root.Close()
	name := filepath.FromSlash(cmp.Or(path, "."))
	text, err := readRegular(root, name)
	if Absent(err) {
		return nil, nil
	}
	if _, lacks := root.Lstat(filepath.Join(name, ".git")); errors.Is(err, ErrDirectory) && path != "" && lacks == nil {
		err = errSubmodule
	}
	return NewFile(path, text, Unread(path, err))
}

// List lists a folder.
func (w WorkTree) List(_ context.Context, folder string) ([]string, error) {
	root, err := os.OpenRoot(w.Root)
	if err != nil {
		return nil, Unread(folder, err)
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), cmp.Or(folder, "."))
	if err = LeadsOut(root, err); errors.Is(err, ErrLeaves) {
		return nil, err
	}
	if err != nil {
		return nil, nil // there is no such folder
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() {
			out = append(out, e.Name()+"/")
		} else {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

// Presence says which paths are there. One that leads out of the folder is not asked for.
func (w WorkTree) Presence(paths []fact.Path) map[fact.Path]fact.Presence {
	out := map[fact.Path]fact.Presence{}
	root, err := os.OpenRoot(w.Root)
	if err != nil {
		return out
	}
	defer root.Close()
	for _, path := range paths {
		_, err := root.Stat(filepath.FromSlash(string(path)))
		switch {
		case err == nil:
			out[path] = fact.PathThere
		case Absent(err):
			out[path] = fact.PathMissing
		default:
			out[path] = fact.PathNotAsked
		}
	}
	return out
}

// ReadBelow reads a file below a folder, also through symbolic links that stay in it.
func ReadBelow(folder, name string) ([]byte, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return readIn(root, name)
}

// readRegular reads what is itself a file. Opening a pipe would wait for its writer.
func readRegular(root *os.Root, name string) ([]byte, error) {
	info, err := root.Lstat(name)
	switch {
	case err != nil:
		return nil, LeadsOut(root, err)
	case info.IsDir():
		return nil, ErrDirectory
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, git.ErrLink
	case !info.Mode().IsRegular():
		return nil, ErrSpecial
	}
	return readIn(root, name)
}

// readIn reads a file below a root. What git keeps for itself is not the repository's:
// its configuration can hold tokens.
func readIn(root *os.Root, name string) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, LeadsOut(root, err)
	}
	if ofGit(root.Name(), name) {
		f.Close()
		return nil, errOfGit
	}
	return ReadOpen(f)
}

// ofGit says whether a path below a folder leads into a folder .git.
func ofGit(folder, name string) bool {
	top, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return false
	}
	to, err := filepath.EvalSymlinks(filepath.Join(folder, name))
	inside := strings.TrimPrefix(filepath.ToSlash(to), filepath.ToSlash(top))
	return err == nil && slices.ContainsFunc(strings.Split(inside, "/"), func(part string) bool { return strings.EqualFold(part, ".git") })
}

// LeadsOut returns ErrLeaves for a path that symbolic links lead out of a root. The
// error for that has no name, but ".." gets the same.
func LeadsOut(root *os.Root, err error) error {
	_, out := root.Lstat("..")
	if inner := (*fs.PathError)(nil); errors.As(out, &inner) && errors.Is(err, inner.Err) {
		return ErrLeaves
	}
	return err
}

// NewFile returns a file of that text, unless there is an error or the text is none.
func NewFile(path string, text []byte, err error) (*source.File, error) {
	if err == nil && isPointer(text) {
		err = Unread(path, errPointer)
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

// Absent says that there is no file of a path, or that a file stands where one of its folders should.
func Absent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// ReadOpen reads an open file whole and closes it. It may be of whatever kind but a
// directory: what a shell hands over as <(git show …) is a pipe.
func ReadOpen(f *os.File) ([]byte, error) {
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, ErrDirectory
	case info.Size() > mostBytes:
		return nil, &git.TooLarge{Size: info.Size(), Limit: mostBytes}
	}
	return ReadAll(f, info.Size())
}

// ReadAll reads to the end, as long as that is not more than a board may hold. The
// size is what to expect, 0 where nobody knows.
func ReadAll(r io.Reader, size int64) ([]byte, error) {
	var text bytes.Buffer
	text.Grow(int(size) + bytes.MinRead)
	n, err := text.ReadFrom(io.LimitReader(r, mostBytes+1))
	if err == nil && n > mostBytes {
		err = &git.TooLarge{Size: n, Limit: mostBytes}
	}
	return text.Bytes(), err
}
