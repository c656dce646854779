package git

import (
	"context"
	"strings"
)

// RenamedTo returns where a file of a commit went in the index, empty where it
// went nowhere that git takes for its rename. The work tree is not looked at: to
// compare it, git would run the filters that the repository configures.
func (r *Repository) RenamedTo(ctx context.Context, commit, path string) (string, error) {
	out, err := r.runWith(ctx, r.commitIndex(ctx), "diff-index", "--cached", "--find-renames", "--diff-filter=R", "--name-status", "-z", commit, "--")
	if err != nil {
		return "", err
	}
	words := strings.Split(out, "\x00") // R100, the old path and the new, again and again
	for i := 0; i+2 < len(words); i += 3 {
		if words[i+1] == path {
			return words[i+2], nil
		}
	}
	return "", nil
}
