package change

import (
	"context"
	"fmt"
	"slices"

	"github.com/boardgate/boardgate/internal/git"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/source"
)

// API is what came through GitHub's API of the sides of a change.
type API struct {
	github.Sides
	client *github.Client
	repo   string
	pull   int               // whose renames are looked up, 0 for those between two commits
	asked  []string          // paths
	texts  map[string][]byte // by the blob's name
}

// Ask asks for the files at the sides of a change.
func Ask(ctx context.Context, client *github.Client, q github.Question) (*API, error) {
	sides, err := client.Sides(ctx, q)
	if err != nil {
		return nil, err
	}
	return &API{Sides: sides, client: client, repo: q.Repo, pull: q.Pull, asked: q.Paths, texts: map[string][]byte{}}, nil
}

// Fetch asks for the paths that were not asked for yet, if there are any.
func (a *API) Fetch(ctx context.Context, paths ...string) (err error) {
	var more []string
	for _, path := range paths {
		if path != "" && !slices.Contains(a.asked, path) && !slices.Contains(more, path) {
			more = append(more, path)
		}
	}
	if len(more) == 0 {
		return nil
	}
	a.Sides, err = a.client.FetchMore(ctx, a.repo, a.Sides, more)
	a.asked = append(a.asked, more...)
	return err
}

// Of returns one of the sides as a source: what has come of it and what will.
func (a *API) Of(side *github.Side) Source { return apiSide{a, side} }

// apiSide is one side. The pointer leads into api, whose sides grow.
type apiSide struct {
	api *API
	*github.Side
}

func (s apiSide) Commit() string { return s.Side.Commit }

// otherwise says what stands at a path in a file's place.
var otherwise = map[github.Entry]error{github.Link: git.ErrLink, github.Directory: ErrDirectory, github.Submodule: errSubmodule}

func (s apiSide) Read(ctx context.Context, path string) (*source.File, error) {
	if !slices.Contains(s.api.asked, path) {
		return nil, fmt.Errorf("%s was not asked for", path)
	}
	f, there := s.Files[path]
	if !there {
		return nil, nil
	}
	why := otherwise[f.Kind]
	if why == nil {
		text, err := s.api.text(ctx, f)
		if err != nil || !isPointer(text) {
			return NewFile(path, text, err)
		}
		why = errPointer
	}
	return nil, fmt.Errorf("%s cannot be read: %w", path, why)
}

// text returns a file's text, each asked for once.
func (a *API) text(ctx context.Context, f github.File) ([]byte, error) {
	if text, have := a.texts[f.OID]; have {
		return text, nil
	}
	if f.Size > mostBytes {
		return nil, fmt.Errorf("%s has %d bytes, and more than %d are not read", f.Path, f.Size, mostBytes)
	}
	text, err := a.client.Text(ctx, f)
	if err == nil {
		a.texts[f.OID] = text
	}
	return text, err
}

// List lists a folder. The first time, those of all sides are asked for, and then
// the files at which a board is looked for.
func (s apiSide) List(ctx context.Context, folder string) ([]string, error) {
	if s.Side.Commit == "" || s.Names != nil {
		return s.Names[folder], nil
	}
	var err error
	if s.api.Sides, err = s.api.client.Trees(ctx, s.api.repo, s.api.Sides); err != nil {
		return nil, err
	}
	var boards []string
	for _, side := range []*github.Side{&s.api.Head, &s.api.Base, &s.api.Onto} {
		for path, err := range (&Search{First: UsualBoards}).Places(ctx, s.api.Of(side)) {
			if err != nil {
				return nil, err
			}
			boards = append(boards, path)
		}
	}
	return s.Names[folder], s.api.Fetch(ctx, boards...)
}

// RenamedTo returns where a file went, as GitHub lists renames.
func (s apiSide) RenamedTo(ctx context.Context, head Source, path string) (string, error) {
	if s.api.pull > 0 {
		return s.api.client.RenamedTo(ctx, s.api.repo, s.api.pull, path)
	}
	return s.api.client.RenamedBetween(ctx, s.api.repo, s.Side.Commit, head.Commit(), path)
}
