// Package git asks a repository on disk what a file was at a commit, where a
// branch began, and which pull requests the log names as merged.
//
// It alone runs the git binary, without a shell, and only to read. Names that a
// user or a repository chose reach git on its standard input or as object ids,
// so none is taken for an option.
package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/shell"
)

// ErrNotInstalled says that there is no git binary to run.
var ErrNotInstalled = errors.New("git is not installed, or not in PATH")

// Missing says that a commit which should be here is not, and what gets it.
type Missing struct {
	What    string // "the default branch was not fetched"
	Command string // to be typed as it is
}

func (m *Missing) Error() string { return fmt.Sprintf("%s; run: %s", m.What, m.Command) }

// Repository is a work tree on disk and its history.
type Repository struct {
	Root string // the folder of the work tree, as Root found it

	binary  string
	objects *objects // started by the first question
}

// Root returns the folder of the work tree in which dir lies, and whether there
// is one. It looks for .git as git does, and needs no git.
func Root(dir string) (string, bool) {
	for {
		if isRepository(filepath.Join(dir, ".git")) {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

// isRepository says whether path is a repository's folder, or the file that
// stands for it in a linked work tree or a submodule.
func isRepository(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	if info.Mode().IsRegular() {
		return true
	}
	_, err = os.Lstat(filepath.Join(path, "HEAD"))
	return err == nil
}

// Open returns the repository whose work tree is root. The error is
// ErrNotInstalled where there is no git.
func Open(root string) (*Repository, error) {
	binary, err := exec.LookPath("git")
	if err != nil {
		return nil, ErrNotInstalled
	}
	return &Repository{Root: root, binary: binary}, nil
}

// Close ends what still runs. A nil Repository may be closed.
func (r *Repository) Close() {
	if r != nil && r.objects != nil {
		r.objects.close()
		r.objects = nil
	}
}

// command returns a git command that ends with ctx.
func (r *Repository) command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, r.binary, args...)
	c.Dir = r.Root
	c.Env = environment()
	c.WaitDelay = time.Second
	return c
}

// elsewhere are the variables by which a hook or a user points git at another
// repository than the one the board lies in (git rev-parse --local-env-vars).
var elsewhere = []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE"}

// environment is the process's own, made to speak English, take no locks and
// ask for no password.
func environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return slices.Contains(elsewhere, name)
	})
	return append(env, "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0")
}

// run returns what a git command prints, without the last line break.
func (r *Repository) run(ctx context.Context, args ...string) (string, error) {
	c := r.command(ctx, args...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil {
		return "", r.failure(args[0], stderr.String(), err)
	}
	return strings.TrimRight(stdout.String(), "\r\n"), nil
}

// failed is a git command that ended badly.
type failed struct {
	command string
	said    string // the first line of what it said, empty for nothing
	err     error
}

func (f *failed) Error() string {
	if f.said != "" {
		return "git " + f.command + ": " + f.said
	}
	return "git " + f.command + ": " + f.err.Error()
}

func (f *failed) Unwrap() error { return f.err }

// failure says what git said, else what went wrong with running it. Where git
// does not trust the work tree's owner, as in many containers, it is a *Missing
// with what makes it trust.
func (r *Repository) failure(command, stderr string, err error) error {
	if strings.Contains(stderr, "safe.directory") {
		return &Missing{
			What:    "git does not trust the owner of " + r.Root,
			Command: "git config --global --add safe.directory " + shell.Operand(filepath.ToSlash(r.Root)),
		}
	}
	said, _, _ := strings.Cut(strings.TrimSpace(stderr), "\n")
	return &failed{command, strings.TrimSpace(strings.TrimPrefix(said, "fatal: ")), err}
}

// shallow says whether older history was not fetched.
func (r *Repository) shallow(ctx context.Context) bool {
	out, err := r.run(ctx, "rev-parse", "--is-shallow-repository")
	return err == nil && out == "true"
}
