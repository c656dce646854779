package command

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/git"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

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

// pathFromRoot returns a typed path as reports have it: from the root, where it lies below
// that, so that the same file has the same name from wherever it is named.
func (p *Process) pathFromRoot(root, path string) string {
	if path == onInput {
		return path
	}
	return cmp.Or(pathBelow(root, p.disk(path)), filepath.ToSlash(path))
}

// named reads a file that the command line names, "-" for standard input. One
// that is not there is wrong use. The root is that of the paths in the report.
func (p *Process) named(root, what, path string) (*source.File, error) {
	if path == onInput {
		text, err := change.ReadAll(p.Stdin, 0)
		return change.NewFile(inputName, text, change.Unread(inputName, err))
	}
	text, err := p.readNamed(path)
	if change.Absent(err) {
		return nil, misuse(p.meant(path, nil), "reading the %s: there is no file %s", what, path)
	}
	return change.NewFile(p.pathFromRoot(root, path), text, change.Unread(path, err))
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
	there, _ := change.WorkTree{Root: root}.List(context.Background(), strings.TrimPrefix(filepath.ToSlash(inside), ".")) // without a list there is nothing to propose
	for _, name := range there {
		names = append(names, path.Join(path.Dir(filepath.ToSlash(typed)), name))
	}
	if hint := didYouMean(filepath.ToSlash(typed), names); hint != "" {
		return hint
	}
	for _, place := range places {
		if text.Nearest(path.Base(filepath.ToSlash(typed)), []string{path.Base(place)}) != "" {
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
		return change.ReadBelow(root, inside)
	}
	f, err := os.Open(place)
	if err != nil {
		return nil, err
	}
	return change.ReadOpen(f)
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
