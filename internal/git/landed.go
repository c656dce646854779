package git

import "context"

// Landed returns the newest commit of the default branch that HEAD holds: what
// was reviewed and merged, where Base may be a commit that is on this machine
// alone. The only branch of a clone counts for nothing: it may be anybody's. The error is a *Missing where it is not known.
func (r *Repository) Landed(ctx context.Context) (Base, error) {
	head, err := r.Commit(ctx, "HEAD")
	if err != nil {
		return Base{}, err
	}
	_, branch, err := r.defaultBranch(ctx, false)
	if err != nil {
		return Base{}, err
	}
	if head == "" {
		return Base{}, &Missing{What: "there is no commit yet", Command: "git commit"}
	}
	commit, err := r.mergeBase(ctx, head, branch)
	return Base{Commit: commit, Branch: branch.branch()}, err
}
