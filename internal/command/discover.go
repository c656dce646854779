package command

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
)

// boardPaths are the names of common boards, as they are looked for in a folder
// and in its folder docs, the first first. Each is looked for as it is spelled
// here, then all again in any case.
var boardPaths = append(slices.Clone(usualPaths),
	"TASKS.md", "TODO.md", "BACKLOG.md", "ROADMAP.md",
	"docs/TASKS.md", "docs/TODO.md", "docs/BACKLOG.md", "docs/ROADMAP.md",
)

// usualPaths are the first of them, for which the action's first query asks.
var usualPaths = []string{
	"docs/NEXT-7D.md", "NEXT-7D.md", "NEXT.md", "BOARD.md", "KANBAN.md",
	"docs/NEXT.md", "docs/BOARD.md", "docs/KANBAN.md",
}

// manifests make a folder below the root a workspace folder.
var manifests = []string{
	"package.json", "go.mod", "Cargo.toml", "pyproject.toml", "pom.xml", "build.gradle", "build.gradle.kts", "composer.json", "Gemfile",
}

// notSearched are folders in which, at any depth, no board is looked for.
var notSearched = []string{"node_modules", "vendor", "third_party", "testdata", "examples"}

// lister returns the names in a folder, those of folders with a slash at the end;
// nothing where there is no such folder. The root is "".
type lister func(folder string) ([]string, error)

func noNames(string) ([]string, error) { return nil, nil }

// places yields the paths of one side at which a board is looked for, in order:
// those of boardPaths in the root and in the working directory, then those of
// boardPaths that are in no folder in the workspace folders, sorted by name.
func (s *sides) places(list lister) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, p := range s.asked {
			if !yield(p, nil) {
				return
			}
		}
		for _, next := range []func(lister) ([]string, error){s.near, workspaces} {
			paths, err := next(list)
			if err != nil {
				yield("", err)
				return
			}
			for _, p := range paths {
				if !yield(p, nil) {
					return
				}
			}
		}
	}
}

// near returns the boards' paths in the root and in the working directory.
func (s *sides) near(list lister) (out []string, err error) {
	folders := []string{""}
	if s.prefix != "" && !slices.ContainsFunc(strings.Split(s.prefix, "/"), ignored) {
		folders = append(folders, s.prefix)
	}
	for _, folder := range folders {
		names, err := list(folder)
		if err != nil {
			return nil, err
		}
		docs := path.Join(folder, "docs")
		below, err := list(docs)
		if errors.Is(err, errLeaves) {
			s.note(fmt.Sprintf("%s was passed over: %v.", docs, err))
		} else if err != nil {
			return nil, err
		}
		for _, name := range below {
			names = append(slices.Clip(names), "docs/"+name)
		}
		out = append(out, boardsAmong(folder, names)...)
	}
	return out, nil
}

func ignored(folder string) bool { return slices.Contains(notSearched, folder) }

// workspaces returns the boards' paths in the folders of the root that hold a
// manifest.
func workspaces(list lister) ([]string, error) {
	top, err := list("")
	if err != nil {
		return nil, err
	}
	var out []string
	for _, name := range top {
		folder, is := strings.CutSuffix(name, "/")
		if !is || ignored(folder) {
			continue
		}
		inside, err := list(folder)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(inside, func(name string) bool { return slices.Contains(manifests, name) }) {
			out = append(out, boardsAmong(folder, inside)...)
		}
	}
	return out, nil
}

// boardsAmong returns the paths of those names in a folder that are boardPaths: as
// they are spelled there, then in any case.
func boardsAmong(folder string, names []string) []string {
	spellings := map[string][]string{} // by the lower case
	for _, name := range names {
		name = strings.TrimSuffix(name, "/")
		lower := strings.ToLower(name)
		spellings[lower] = append(spellings[lower], name)
	}
	var exact, other []string
	for _, p := range boardPaths {
		for _, name := range spellings[strings.ToLower(p)] {
			if name == p {
				exact = append(exact, path.Join(folder, name))
			} else {
				other = append(other, path.Join(folder, name))
			}
		}
	}
	return append(exact, other...)
}

// namesIn lists a folder of the work tree.
func namesIn(root, folder string) ([]string, error) {
	within, err := os.OpenRoot(root)
	if err != nil {
		return nil, unread(folder, err)
	}
	defer within.Close()
	entries, err := fs.ReadDir(within.FS(), cmp.Or(folder, "."))
	if err = leaving(within, err); errors.Is(err, errLeaves) {
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

// typed returns the places of the head as they would be typed in the working
// directory.
func (s *sides) typed(p *Process) []string {
	var out []string
	for place, err := range s.places(s.listHead) {
		if err != nil {
			break
		}
		if from, err := filepath.Rel(p.Dir, filepath.Join(s.root, filepath.FromSlash(place))); err == nil {
			out = append(out, filepath.ToSlash(from))
		}
	}
	return out
}

// discover returns the first file of one side at its places that has a column, nil
// where none has.
func (s *sides) discover(read reader, list lister, words board.Words) (*board.Board, error) {
	for path, err := range s.places(list) {
		if err != nil {
			return nil, err
		}
		f, err := read(path)
		if what := notFile(err); what != nil {
			s.note(fmt.Sprintf("%s was passed over: %v.", path, what))
			continue
		}
		if err != nil {
			return nil, err
		}
		b := parsed(f, words)
		if b != nil && isBoard(b) {
			return b, nil
		}
		if b != nil {
			s.note(fmt.Sprintf("%s was passed over: it has no column.", path))
		}
	}
	return nil, nil
}
