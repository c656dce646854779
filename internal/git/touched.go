package git

import (
	"context"
	"strconv"
	"time"
)

// Touched returns when a commit of HEAD's history last changed a path, zero
// where none did, or where older history was not fetched and it cannot be known.
func (r *Repository) Touched(ctx context.Context, path string) (time.Time, error) {
	if r.shallow(ctx) {
		return time.Time{}, nil
	}
	out, err := r.run(ctx, "--literal-pathspecs", "log", "-1", "--format=%ct", "--", path)
	if err != nil || out == "" {
		return time.Time{}, err
	}
	seconds, err := strconv.ParseInt(out, 10, 64)
	return time.Unix(seconds, 0), err
}
