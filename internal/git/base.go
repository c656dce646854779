package git

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/shell"
)

// Base is what a change is compared with.
type Base struct {
	Commit   string // empty where there is none: the repository has no commit, or HEAD has no parent
	Revision string // what people call it: "main", "origin/main", "HEAD", "HEAD~1"
	Branch   string // the default branch, "main"; empty where it is not known
	Landed   bool   // HEAD is on the default branch and nothing here is ahead of it: Commit is HEAD
}

// ref is a branch, and where it points.
type ref struct {
	name    string // "refs/heads/main"
	target  string // "refs/remotes/origin/main" for refs/remotes/origin/HEAD
	commit  string
	current bool
}

// shortName returns "main" for refs/heads/main and "origin/main" for refs/remotes/origin/main.
func (f ref) shortName() string {
	return strings.TrimPrefix(strings.TrimPrefix(f.name, "refs/heads/"), "refs/remotes/")
}

// branch returns "main" for both.
func (f ref) branch() string {
	if remote, ok := strings.CutPrefix(f.name, "refs/remotes/"); ok {
		_, branch, _ := strings.Cut(remote, "/")
		return branch
	}
	return f.shortName()
}

// usualBranches are the names of a default branch, the most likely first.
var usualBranches = []string{"main", "master", "trunk"}

// Base returns the merge base of HEAD and the default branch. On the default
// branch itself that is its remote copy, as long as HEAD is ahead of it, else
// HEAD, and Landed says so: what is not committed is the change, or where there
// is nothing, the last commit (Parent). The error is a *Missing where a base
// should be there and was not fetched, or cannot be told.
func (r *Repository) Base(ctx context.Context) (Base, error) {
	head, err := r.Commit(ctx, "HEAD")
	if err != nil || head == "" {
		return Base{}, err
	}
	refs, branch, err := r.defaultBranch(ctx, true)
	if err != nil {
		return Base{}, err
	}
	current := checkedOut(refs)
	if current == branch.branch() {
		branch = remoteCopy(refs, branch)
	}
	base := Base{Revision: branch.branch(), Branch: branch.branch()}
	if base.Commit, err = r.mergeBase(ctx, head, branch); err != nil {
		return Base{}, err
	}
	switch onDefault := current == branch.branch() || current == ""; {
	case onDefault && base.Commit == head:
		base.Revision, base.Landed = "HEAD", true
	case onDefault:
		base.Revision = branch.shortName()
	}
	return base, nil
}

// Parent returns the first parent of HEAD as a base; its Commit is empty where
// HEAD has none. The error is a *Missing where a shallow clone was cut off there.
func (r *Repository) Parent(ctx context.Context) (Base, error) {
	out, err := r.run(ctx, "rev-list", "--parents", "--max-count=1", "HEAD")
	if err != nil {
		return Base{}, err
	}
	commits := strings.Fields(out)
	if len(commits) > 1 {
		return Base{Commit: commits[1], Revision: "HEAD~1"}, nil
	}
	if r.shallow(ctx) {
		return Base{}, &Missing{What: "this clone is shallow, and the commit before HEAD is not here", Command: "git fetch --deepen=1"}
	}
	return Base{}, nil
}

// refs lists the local branches, and those of remotes that may be the default.
func (r *Repository) refs(ctx context.Context) ([]ref, error) {
	args := []string{"for-each-ref", "--format=%(HEAD)%09%(refname)%09%(symref)%09%(objectname)", "refs/heads", "refs/remotes/*/HEAD"}
	for _, name := range usualBranches {
		args = append(args, "refs/remotes/*/"+name)
	}
	out, err := r.run(ctx, args...)
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

// defaultBranch returns the branch that changes are merged into, and all that
// were looked at: the one that origin names, else that of the only remote or of
// the one that the branch checked out tracks; without a remote main, master,
// trunk or, where that counts, the only branch.
func (r *Repository) defaultBranch(ctx context.Context, only bool) ([]ref, ref, error) {
	refs, err := r.refs(ctx)
	if err != nil {
		return nil, ref{}, err
	}
	if f, ok := defaultOf(refs, "origin"); ok {
		return refs, f, nil
	}
	remote := r.likelyRemote(ctx, checkedOut(refs))
	if f, ok := defaultOf(refs, remote); ok {
		return refs, f, nil
	}
	if f, ok := localDefault(refs, only && remote == ""); ok {
		return refs, f, nil
	}
	return refs, ref{}, r.noDefaultBranch(ctx, refs, remote)
}

// defaultOf returns the default branch of a remote: the one that it names, else
// the first of the usual names. False where neither was fetched.
func defaultOf(refs []ref, remote string) (ref, bool) {
	prefix := "refs/remotes/" + remote + "/"
	if f, ok := findRef(refs, prefix+"HEAD"); ok && f.target != "" {
		f.name = f.target
		return f, true
	}
	for _, name := range usualBranches {
		if f, ok := findRef(refs, prefix+name); ok {
			return f, true
		}
	}
	return ref{}, false
}

// localDefault returns the first local branch of a usual name; else, where that
// counts, the only one.
func localDefault(refs []ref, only bool) (ref, bool) {
	for _, name := range usualBranches {
		if f, ok := findRef(refs, "refs/heads/"+name); ok {
			return f, true
		}
	}
	local := slices.DeleteFunc(slices.Clone(refs), func(f ref) bool { return !strings.HasPrefix(f.name, "refs/heads/") })
	if only && len(local) == 1 {
		return local[0], true
	}
	return ref{}, false
}

func findRef(refs []ref, name string) (ref, bool) {
	i := slices.IndexFunc(refs, func(f ref) bool { return f.name == name })
	if i < 0 {
		return ref{}, false
	}
	return refs[i], true
}

// checkedOut returns the branch that is checked out, empty where HEAD is detached.
func checkedOut(refs []ref) string {
	for _, f := range refs {
		if f.current {
			return f.branch()
		}
	}
	return ""
}

// remoteCopy returns the remote branch of a local one's name, origin's before
// others, and the branch itself where there is none.
func remoteCopy(refs []ref, branch ref) ref {
	if strings.HasPrefix(branch.name, "refs/remotes/") {
		return branch
	}
	if f, ok := findRef(refs, "refs/remotes/origin/"+branch.branch()); ok {
		return f
	}
	for _, f := range refs {
		if strings.HasPrefix(f.name, "refs/remotes/") && f.target == "" && f.branch() == branch.branch() {
			return f
		}
	}
	return branch
}

// remoteConfig returns what the repository says of its remotes and of what its branches
// track, by keys such as remote.origin.url and branch.main.remote; git is asked once.
func (r *Repository) remoteConfig(ctx context.Context) map[string]string {
	r.configOnce.Do(func() {
		out, err := r.run(ctx, "config", "--null", "--get-regexp", `^(remote\..+\.url|branch\..+\.remote)$`)
		if err != nil {
			return // git says so where there is none
		}
		r.configured = map[string]string{}
		for line := range strings.SplitSeq(out, "\x00") {
			key, value, _ := strings.Cut(line, "\n")
			r.configured[key] = value
		}
	})
	return r.configured
}

// likelyRemote returns the only remote, else the one that a branch tracks; empty where
// there is none, or several and none is tracked.
func (r *Repository) likelyRemote(ctx context.Context, branch string) string {
	var remotes []string
	for key := range r.remoteConfig(ctx) {
		if name, ok := strings.CutPrefix(strings.TrimSuffix(key, ".url"), "remote."); ok {
			remotes = append(remotes, name)
		}
	}
	tracked := r.remoteConfig(ctx)["branch."+branch+".remote"]
	switch {
	case len(remotes) == 1:
		return remotes[0]
	case slices.Contains(remotes, tracked):
		return tracked
	}
	return ""
}

// noDefaultBranch says why there is no default branch, and what helps.
func (r *Repository) noDefaultBranch(ctx context.Context, refs []ref, remote string) error {
	if remote == "" {
		i := slices.IndexFunc(refs, func(f ref) bool { return strings.HasPrefix(f.name, "refs/heads/") && !f.current })
		other := "BRANCH"
		if i >= 0 {
			other = refs[i].branch()
		}
		return &Missing{
			What:    "which branch is the default one is not known: no remote says so, and no branch is called " + strings.Join(usualBranches, ", "),
			Command: "boardgate check --base " + shell.Word(other),
		}
	}
	fetch := "git fetch"
	if r.shallow(ctx) {
		fetch = "git fetch --unshallow"
	}
	return &Missing{
		What:    "the default branch was not fetched: there is no " + remote + "/HEAD, and no branch " + strings.Join(usualBranches, ", "),
		Command: fetch + " " + shell.Operand(remote) + " main:refs/remotes/" + shell.Word(remote) + "/main",
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
	short := branch.shortName()
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
