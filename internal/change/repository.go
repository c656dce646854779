package change

import (
	"cmp"
	"context"
	"fmt"

	"github.com/boardgate/boardgate/internal/git"
	"github.com/boardgate/boardgate/internal/source"
)

// Index is what is staged for the next commit.
type Index struct {
	Nothing    // it is the head of every change
	Repository *git.Repository
}

// Read reads a file of the index.
func (i Index) Read(ctx context.Context, path string) (*source.File, error) {
	return i.Repository.Staged(ctx, path, mostBytes)
}

// List lists a folder of the index.
func (i Index) List(ctx context.Context, folder string) ([]string, error) {
	return i.Repository.StagedNames(ctx, folder)
}

// Commit is a commit of a repository on this machine, with which a work tree or an
// index is compared.
type Commit struct {
	Repository *git.Repository
	ID         string
}

// Commit is the commit's name.
func (c Commit) Commit() string { return c.ID }

// Read reads a file of the commit.
func (c Commit) Read(ctx context.Context, path string) (*source.File, error) {
	f, err := c.Repository.Read(ctx, c.ID, path, mostBytes)
	if err == nil && f != nil && isPointer(f.Text) {
		err = errPointer
	}
	return f, c.unavailable(path, err)
}

// List lists a folder of the commit.
func (c Commit) List(ctx context.Context, folder string) ([]string, error) {
	names, err := c.Repository.Names(ctx, c.ID, folder)
	return names, c.unavailable(cmp.Or(folder, "the top folder"), err)
}

func (c Commit) unavailable(path string, err error) error {
	if err == nil {
		return nil
	}
	return &Unavailable{Err: fmt.Errorf("reading %s at the base %.12s: %w", path, c.ID, err)}
}

// RenamedTo returns where a file went in the index, which the work tree is taken for.
func (c Commit) RenamedTo(ctx context.Context, _ Source, path string) (string, error) {
	return c.Repository.RenamedTo(ctx, c.ID, path)
}
