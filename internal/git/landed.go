package git

import "context"

// Landed returns the newest commit of the default branch that HEAD holds: what
// was reviewed and merged, where Base may be a commit that is on this machine
// alone. The error is a *Missing where it is not known.
func (r *Repository) Landed(ctx context.Context) (Base, error) {
	refs, err := r.refs(ctx)
	if err != nil {
		return Base{}, err
	}
	head, err := r.Commit(ctx, "HEAD")
	if err != nil {
		return Base{}, err
	}
	branch, ok := defaultBranch(refs)
	if head == "" || !ok {
		return Base{}, &Missing{
			What:    "there is no origin/HEAD, and no branch main or master",
			Command: "git fetch origin main:refs/remotes/origin/main",
		}
	}
	commit, err := r.mergeBase(ctx, head, branch)
	return Base{Commit: commit, Branch: branch.branch()}, err
}
