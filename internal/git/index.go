package git

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/boardgate/boardgate/internal/source"
)

// Staged returns a file as the index has it, what the next commit will hold; nil
// where the index has no file of that path. The errors are those of Read; a file
// with a merge conflict is an error too. In a hook it is the index of the commit
// under way, which git names in GIT_INDEX_FILE
// (https://git-scm.com/docs/githooks).
func (r *Repository) Staged(ctx context.Context, path string, limit int64) (*source.File, error) {
	if err := r.readIndex(ctx); err != nil {
		return nil, err
	}
	at, there := r.index[path]
	switch {
	case !there:
		return nil, nil
	case at.mode == "":
		return nil, fmt.Errorf("%s has a merge conflict; resolve it and add the file", path)
	case at.mode == modeLink:
		return nil, ErrLink
	case !strings.HasPrefix(at.mode, modeFile):
		return nil, nil // a submodule
	}
	text, err := r.requireObject(ctx, at.id, limit)
	if err != nil {
		return nil, err
	}
	return source.NewFile(path, text), nil
}

// readIndex reads the index whole, once: "MODE ID STAGE\tPATH", a NUL byte after each.
// An entry with a conflict has stages other than 0, and gets no mode.
func (r *Repository) readIndex(ctx context.Context) error {
	if r.index != nil {
		return nil
	}
	out, err := r.runWith(ctx, r.commitIndex(ctx), "ls-files", "--stage", "-z")
	if err != nil {
		return err
	}
	r.index = map[string]entry{}
	for line := range strings.SplitSeq(out, "\x00") {
		head, path, _ := strings.Cut(line, "\t")
		words := strings.Fields(head)
		if len(words) != 3 {
			continue
		}
		at := entry{words[0], words[1]}
		if words[2] != "0" {
			at.mode = ""
		}
		r.index[path] = at
	}
	return nil
}

// commitIndex is the variable that names the index of a commit under way, nil where
// there is none. A hook may judge a board in another repository than its own,
// whose index this is not.
func (r *Repository) commitIndex(ctx context.Context) []string {
	file := os.Getenv("GIT_INDEX_FILE")
	if file == "" {
		return nil
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(r.Root, file)
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(file)) // as git does
	if err != nil {
		return nil
	}
	own, err := r.run(ctx, "rev-parse", "--absolute-git-dir")
	if err != nil {
		return nil
	}
	if inside, err := filepath.Rel(filepath.FromSlash(own), folder); err != nil || !filepath.IsLocal(inside) {
		return nil
	}
	return []string{"GIT_INDEX_FILE=" + file}
}
