package command

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/boardgate/boardgate/internal/git"
	"github.com/boardgate/boardgate/internal/nearest"
	"github.com/boardgate/boardgate/internal/source"
)

// mostBytes is the most a board, state file or configuration may hold. A board
// of 10,000 items is about one MiB.
const mostBytes = 2 << 20

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

// pathBelow returns a place on disk as a path from a root, empty for the root
// itself, for what lies outside, and where there is no root.
func pathBelow(root, place string) string {
	to, err := filepath.Rel(root, place)
	if root == "" || err != nil || to == "." || !filepath.IsLocal(to) {
		return ""
	}
	return filepath.ToSlash(to)
}

// shown returns a typed path as reports have it: from the root, where it lies below
// that, so that the same file has the same name from wherever it is named.
func (p *Process) shown(root, path string) string {
	if path == onInput {
		return path
	}
	return cmp.Or(pathBelow(root, p.disk(path)), filepath.ToSlash(path))
}

// named reads a file that the command line names, "-" for standard input. One
// that is not there is wrong use. The root is that of the paths in the report.
func (p *Process) named(root, what, path string) (*source.File, error) {
	if path == onInput {
		text, err := bounded(p.Stdin)
		return fileOf(inputName, text, unread(inputName, err))
	}
	text, err := p.readNamed(path)
	if absent(err) {
		return nil, misuse(p.meant(path, nil), "reading the %s: there is no file %s", what, path)
	}
	return fileOf(p.shown(root, path), text, unread(path, err))
}

// meant asks whether a file with a name like the one typed was meant: one in the
// same folder, else one of the places given.
func (p *Process) meant(typed string, places []string) string {
	names := slices.Clone(places)
	folder := filepath.Dir(p.disk(typed))
	root, inside, ok := p.workTree(folder)
	if !ok {
		root, inside = folder, ""
	}
	there, _ := namesIn(root, strings.TrimPrefix(filepath.ToSlash(inside), ".")) // without a list there is nothing to propose
	for _, name := range there {
		names = append(names, path.Join(path.Dir(filepath.ToSlash(typed)), name))
	}
	if hint := didYouMean(filepath.ToSlash(typed), names); hint != "" {
		return hint
	}
	for _, place := range places {
		if nearest.To(path.Base(filepath.ToSlash(typed)), []string{path.Base(place)}) != "" {
			return fmt.Sprintf("Did you mean %q?", place)
		}
	}
	return ""
}

// readNamed reads a file that the user names. One in a git work tree is not read
// through symbolic links that leave it: they are the repository's word.
func (p *Process) readNamed(path string) ([]byte, error) {
	place := p.disk(path)
	if root, inside, ok := p.workTree(place); ok {
		return readBelow(root, inside)
	}
	f, err := os.Open(place)
	if err != nil {
		return nil, err
	}
	return read(f)
}

// workTree returns the git work tree in which a place on disk lies, and its path
// there: that of the working directory, else the nearest.
func (p *Process) workTree(place string) (root, inside string, ok bool) {
	for _, from := range []string{p.Dir, filepath.Dir(place)} {
		if root, ok = git.Root(from); ok {
			if inside, err := filepath.Rel(root, place); err == nil && filepath.IsLocal(inside) {
				return root, inside, true
			}
		}
	}
	return "", "", false
}

// readBelow reads a file below a folder, also through symbolic links that stay in it.
func readBelow(folder, name string) ([]byte, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return readIn(root, name)
}

// standing reads a file of the work tree, nil where there is none of that path.
// A symbolic link is not followed: the action, which has no work tree, cannot.
// Those among its folders are, as long as they stay in the work tree.
func standing(folder, path string) (*source.File, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, unread(path, err)
	}
	defer root.Close()
	name := filepath.FromSlash(cmp.Or(path, "."))
	text, err := readRegular(root, name)
	if absent(err) {
		return nil, nil
	}
	if _, lacks := root.Lstat(filepath.Join(name, ".git")); errors.Is(err, errDirectory) && path != "" && lacks == nil {
		err = errSubmodule
	}
	return fileOf(path, text, unread(path, err))
}

// readRegular reads what is itself a file. Opening a pipe would wait for its writer.
func readRegular(root *os.Root, name string) ([]byte, error) {
	info, err := root.Lstat(name)
	switch {
	case err != nil:
		return nil, leaving(root, err)
	case info.IsDir():
		return nil, errDirectory
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, git.ErrLink
	case !info.Mode().IsRegular():
		return nil, errSpecial
	}
	return readIn(root, name)
}

// readIn reads a file below a root. What git keeps for itself is not the repository's:
// its configuration can hold tokens.
func readIn(root *os.Root, name string) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, leaving(root, err)
	}
	if ofGit(root.Name(), name) {
		f.Close()
		return nil, errOfGit
	}
	return read(f)
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

// leaving returns errLeaves for a path that symbolic links lead out of a root. The
// error for that has no name, but ".." gets the same.
func leaving(root *os.Root, err error) error {
	if _, out := root.Lstat(".."); errors.Is(err, bare(out)) {
		return errLeaves
	}
	return err
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
	errSpecial   = errors.New("it is not a regular file")
	errLeaves    = errors.New("a symbolic link in its path leads out of the repository")
	errOfGit     = errors.New("it is in .git, which is not part of the work tree")
	errSubmodule = errors.New("it is a submodule, not a file of this repository")
	errPointer   = errors.New("it is a Git LFS pointer, not the text itself; keep this file out of LFS")
)

// notFile returns what an error says stands at a path in a file's place, nil
// where it says something else.
func notFile(err error) error {
	for _, what := range []error{errDirectory, errSpecial, errLeaves, errOfGit, errSubmodule, git.ErrLink} {
		if errors.Is(err, what) {
			return what
		}
	}
	return nil
}

// unread says which file could not be read, and what follows from that: a
// directory is wrong use, all else was not available.
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

// read reads an open file whole and closes it. It may be of whatever kind but a
// directory: what a shell hands over as <(git show …) is a pipe.
func read(f *os.File) ([]byte, error) {
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
