package change

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/source"
)

// BoardPaths are the names of common boards, as they are looked for in a folder
// and in its folder docs, the first first. Each is looked for as it is spelled
// here, then all again in any case.
var BoardPaths = append(slices.Clone(UsualBoards),
	"TASKS.md", "TODO.md", "BACKLOG.md", "ROADMAP.md",
	"docs/TASKS.md", "docs/TODO.md", "docs/BACKLOG.md", "docs/ROADMAP.md",
)

// UsualBoards are the first of them, for which the first query of GitHub's API asks.
var UsualBoards = []string{
	"docs/NEXT-7D.md", "NEXT-7D.md", "NEXT.md", "BOARD.md", "KANBAN.md",
	"docs/NEXT.md", "docs/BOARD.md", "docs/KANBAN.md",
}

// manifests make a folder below the root a workspace folder.
var manifests = []string{
	"package.json", "go.mod", "Cargo.toml", "pyproject.toml", "pom.xml", "build.gradle", "build.gradle.kts", "composer.json", "Gemfile",
}

// notSearched are folders in which, at any depth, no board is looked for.
var notSearched = []string{"node_modules", "vendor", "third_party", "testdata", "examples"}

// Search is how a board is looked for, in the repository's root, in the working
// directory and in workspace folders.
type Search struct {
	First  []string // where it is looked for before any folder is listed
	Folder string   // the working directory from the root; empty for the root itself
	Notes  []string // what was passed over, and why, a sentence each
}

// Places yields the paths of a side at which a board is looked for, in order: those
// of BoardPaths in the root and in the working directory, then those of BoardPaths
// that are in no folder in the workspace folders, sorted by name.
func (s *Search) Places(ctx context.Context, from Source) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, p := range s.First {
			if !yield(p, nil) {
				return
			}
		}
		for _, list := range []func(context.Context, Source) ([]string, error){s.near, workspaces} {
			paths, err := list(ctx, from)
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
func (s *Search) near(ctx context.Context, from Source) (out []string, err error) {
	folders := []string{""}
	if s.Folder != "" && !slices.ContainsFunc(strings.Split(s.Folder, "/"), ignored) {
		folders = append(folders, s.Folder)
	}
	for _, folder := range folders {
		names, err := from.List(ctx, folder)
		if err != nil {
			return nil, err
		}
		docs := path.Join(folder, "docs")
		below, err := from.List(ctx, docs)
		if errors.Is(err, ErrLeaves) {
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
func workspaces(ctx context.Context, from Source) ([]string, error) {
	top, err := from.List(ctx, "")
	if err != nil {
		return nil, err
	}
	var out []string
	for _, name := range top {
		folder, is := strings.CutSuffix(name, "/")
		if !is || ignored(folder) {
			continue
		}
		inside, err := from.List(ctx, folder)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(inside, func(name string) bool { return slices.Contains(manifests, name) }) {
			out = append(out, boardsAmong(folder, inside)...)
		}
	}
	return out, nil
}

// boardsAmong returns the paths of those names in a folder that are BoardPaths: as
// they are spelled there, then in any case.
func boardsAmong(folder string, names []string) []string {
	spellings := map[string][]string{} // by the lower case
	for _, name := range names {
		name = strings.TrimSuffix(name, "/")
		lower := strings.ToLower(name)
		spellings[lower] = append(spellings[lower], name)
	}
	var exact, other []string
	for _, p := range BoardPaths {
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

// Discover returns the first file of a side at its places that has a column, nil
// where none has.
func (s *Search) Discover(ctx context.Context, from Source, words board.Words) (*board.Board, error) {
	for path, err := range s.Places(ctx, from) {
		if err != nil {
			return nil, err
		}
		f, err := from.Read(ctx, path)
		if what := InItsPlace(err); what != nil {
			s.note(fmt.Sprintf("%s was passed over: %v.", path, what))
			continue
		}
		if err != nil {
			return nil, err
		}
		b := parse(f, words)
		if b != nil && isBoard(b) {
			return b, nil
		}
		if b != nil {
			s.note(fmt.Sprintf("%s was passed over: it has no column.", path))
		}
	}
	return nil, nil
}

// note keeps a note, once.
func (s *Search) note(sentence string) {
	if !slices.Contains(s.Notes, sentence) {
		s.Notes = append(s.Notes, sentence)
	}
}

// parse returns the board of a file, nil where there is none.
func parse(f *source.File, words board.Words) *board.Board {
	if f == nil {
		return nil
	}
	return board.Parse(f, words)
}

// isBoard says whether a file is taken for the board where it is found.
func isBoard(b *board.Board) bool {
	return len(b.Columns) > 0 && b.Problem == "" || b.Problem == board.Conflict || b.Problem == board.TooMuch
}
