package git

import (
	"context"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Names lists a folder of a commit, "" for its root: the names in it, those of
// folders with a slash at the end; nothing where the commit has no such folder.
func (r *Repository) Names(ctx context.Context, commit, folder string) ([]string, error) {
	inside := strings.TrimPrefix(folder+"/.", "/") // a link is followed
	if folder != "" && !fs.ValidPath(folder) {
		return nil, nil
	}
	at, err := r.entry(ctx, commit, inside, 0)
	if err != nil || at.mode != modeFolder {
		return nil, err
	}
	tree, err := r.requireObject(ctx, at.id, mostTree)
	if err != nil {
		return nil, err
	}
	var out []string
	for {
		mode, name, _, rest, ok := cutEntry(tree, len(at.id)/2)
		if !ok {
			return out, nil
		}
		if mode == modeFolder {
			name += "/"
		}
		out, tree = append(out, name), rest
	}
}

// StagedNames lists a folder of the index as Names lists one of a commit.
func (r *Repository) StagedNames(ctx context.Context, folder string) ([]string, error) {
	if err := r.readIndex(ctx); err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for file := range r.index {
		below, inside := strings.CutPrefix(file, strings.TrimPrefix(folder+"/", "/"))
		if !inside {
			continue
		}
		if i := strings.IndexByte(below, '/'); i >= 0 {
			below = below[:i+1]
		}
		names[below] = true
	}
	return slices.Sorted(maps.Keys(names)), nil
}
