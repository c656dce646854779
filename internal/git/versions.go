package git

import (
	"context"
	"time"
)

// Versions returns the commits of HEAD that changed a path, the newest first,
// back to the one whose version stood before a time. It is nil where that version
// cannot be known: the path is younger, or the history was not fetched. Branches
// that were merged are passed over: what counts is when their work landed.
func (r *Repository) Versions(ctx context.Context, path string, since time.Time) []string {
	var commits []string
	complete := false
	err := r.log(ctx, []string{"log", "--first-parent", "--format=%ct %H", "HEAD", "--", path}, func(at time.Time, commit string) bool {
		commits = append(commits, commit)
		complete = at.Before(since)
		return !complete
	})
	if err != nil || !complete {
		return nil
	}
	return commits
}
