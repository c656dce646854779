package git

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/boardgate/boardgate/internal/shell"
)

// Base is what a change is compared with.
type Base struct {
	Commit string // empty where the repository has no commit yet
	Branch string // the default branch, "main"; empty where there is none
}

// ref is a branch, and where it points.
type ref struct {
	name    string // "refs/heads/main"
	target  string // "refs/remotes/origin/main" for refs/remotes/origin/HEAD
	commit  string
	current bool
}

// branch returns "main" for refs/heads/main and refs/remotes/origin/main.
func (f ref) branch() string {
	return strings.TrimPrefix(strings.TrimPrefix(f.name, "refs/heads/"), "refs/remotes/origin/")
}

// Base returns the merge base of HEAD and the default branch; on the default
// branch itself, HEAD, so that what is not committed is the change. The error
// is a *Missing where it should be there and was not fetched.
func (r *Repository) Base(ctx context.Context) (Base, error) {
	refs, err := r.refs(ctx)
	if err != nil {
		return Base{}, err
	}
	head, err := r.Commit(ctx, "HEAD")
	if err != nil || head == "" {
		return Base{}, err
	}
	branch, ok := defaultBranch(refs)
	if !ok {
		return r.withoutDefault(ctx, head)
	}
	base := Base{Commit: head, Branch: branch.branch()}
	if !isCurrent(refs, base.Branch) {
		base.Commit, err = r.mergeBase(ctx, head, branch)
	}
	return base, err
}

// refs lists the local branches and those of origin that may be the default.
func (r *Repository) refs(ctx context.Context) ([]ref, error) {
	out, err := r.run(ctx, "for-each-ref", "--format=%(HEAD)%09%(refname)%09%(symref)%09%(objectname)",
		"refs/heads", "refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master")
	if err != nil {
		return nil, err
	}
	var refs []ref
	for line := range strings.Lines(out) {
		words := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(words) == 4 {
			refs = append(refs, ref{name: words[1], target: words[2], commit: words[3], current: words[0] == "*"})
		}
	}
	return refs, nil
}

// defaultBranch returns the branch that changes are merged into: the one origin
// names, else the first there is of main and master.
func defaultBranch(refs []ref) (ref, bool) {
	named := map[string]ref{}
	for _, f := range refs {
		named[f.name] = f
	}
	if f := named["refs/remotes/origin/HEAD"]; f.target != "" {
		f.name = f.target
		return f, true
	}
	for _, name := range []string{"refs/remotes/origin/main", "refs/remotes/origin/master", "refs/heads/main", "refs/heads/master"} {
		if f, ok := named[name]; ok {
			return f, true
		}
	}
	return ref{}, false
}

func isCurrent(refs []ref, branch string) bool {
	for _, f := range refs {
		if f.current {
			return f.name == "refs/heads/"+branch
		}
	}
	return false
}

// withoutDefault answers for a repository that has no default branch: HEAD
// where there is no origin to have one.
func (r *Repository) withoutDefault(ctx context.Context, head string) (Base, error) {
	if r.origin(ctx) == "" {
		return Base{Commit: head}, nil
	}
	fetch := "git fetch"
	if r.shallow(ctx) {
		fetch = "git fetch --unshallow"
	}
	return Base{}, &Missing{
		What:    "the default branch was not fetched: there is no origin/HEAD, and no branch main or master",
		Command: fetch + " origin main:refs/remotes/origin/main",
	}
}

func (r *Repository) mergeBase(ctx context.Context, head string, branch ref) (string, error) {
	out, err := r.run(ctx, "merge-base", head, branch.commit)
	if err == nil {
		return out, nil
	}
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		return "", err
	}
	short := strings.TrimPrefix(strings.TrimPrefix(branch.name, "refs/heads/"), "refs/remotes/")
	if r.shallow(ctx) {
		return "", &Missing{
			What:    fmt.Sprintf("this clone is shallow, so the commit at which HEAD left %s is not here", short),
			Command: "git fetch --unshallow",
		}
	}
	return "", &Missing{
		What:    fmt.Sprintf("HEAD and %s have no commit in common", short),
		Command: "boardgate check --base " + shell.Word(short),
	}
}

// Revision returns the commit a revision names. Where it names none the id is
// empty; in a shallow clone, where it may only not be fetched, the error is a *Missing.
func (r *Repository) Revision(ctx context.Context, revision string) (string, error) {
	commit, err := r.Commit(ctx, revision)
	if err != nil || commit != "" || !r.shallow(ctx) {
		return commit, err
	}
	return "", &Missing{
		What:    fmt.Sprintf("this clone is shallow, and %q is not in it", revision),
		Command: "git fetch --unshallow",
	}
}
