// Package git asks a repository on disk what a file was at a commit, where a
// branch began, and which pull requests the log names as merged.
//
// It alone runs the git binary, without a shell, and only to read. Names that a
// user or a repository chose reach git on its standard input or as object ids,
// so none is taken for an option. A repository may be a stranger's, unpacked with
// its own .git/config: no program that it names is run, and nothing is fetched.
package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
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
	objects *objects         // started by the first question
	index   map[string]entry // read by the first Staged; nil before

	configOnce sync.Once
	configured map[string]string // see remoteConfig; nil before
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

// settings stand before every command and outweigh the repository's configuration,
// which can have git run programs (https://git-scm.com/docs/git-config).
var settings = []string{
	"-c", "core.hooksPath=" + os.DevNull,
	"-c", "core.fsmonitor=false",
	"-c", "log.showSignature=false", // runs gpg.program
	"-c", "log.mailmap=false", // mailmap.file may be a pipe, which never ends
	"-c", "log.follow=false", // reads files of every commit
	"-c", "protocol.allow=never",
	"-c", "fetch.bundleURI=", // fetched before any protocol is looked at
	"-c", "safe.bareRepository=explicit", // else files of the work tree can be the repository
}

// isolation is the environment's part of it. An object that is not here is not
// fetched: GIT_NO_LAZY_FETCH is obeyed from git 2.45 on and by security fixes of
// older versions, GIT_ALLOW_PROTOCOL by all, whatever protocol.*.allow says; "none"
// is not a protocol. Nor does anything under refs/replace take an object's place.
var isolation = []string{"GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "GIT_NO_REPLACE_OBJECTS=1"}

// command returns a git command that ends with ctx.
func (r *Repository) command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, r.binary, slices.Concat(settings, args)...)
	c.Dir = r.Root
	c.Env = environment()
	c.WaitDelay = time.Second
	return c
}

// redirectingVariables are the variables by which a hook or a user points git at another
// repository than the one the board lies in (git rev-parse --local-env-vars).
// See commitIndex for GIT_INDEX_FILE.
var redirectingVariables = []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE"}

// environment is the process's own, made to speak English, take no locks and
// ask for no password.
func environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return slices.Contains(redirectingVariables, name)
	})
	return append(append(env, isolation...), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0")
}

// run returns what a git command prints, without the last line break.
func (r *Repository) run(ctx context.Context, args ...string) (string, error) {
	return r.runWith(ctx, nil, args...)
}

// runWith is run with further variables in the environment.
func (r *Repository) runWith(ctx context.Context, env []string, args ...string) (string, error) {
	c := r.command(ctx, args...)
	c.Env = append(c.Env, env...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil {
		return "", r.failure(ctx, args[0], stderr.String(), err)
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

// failure says what git said, else what went wrong with running it. Where an
// object is not here, or git does not trust the work tree's owner, as in many
// containers, it is a *Missing with what helps.
func (r *Repository) failure(ctx context.Context, command, stderr string, err error) error {
	if strings.Contains(stderr, "safe.directory") {
		return &Missing{
			What:    "git does not trust the owner of " + r.Root,
			Command: "git config --global --add safe.directory " + shell.Operand(filepath.ToSlash(r.Root)),
		}
	}
	if m := missingPattern.FindStringSubmatch(stderr); m != nil {
		return r.missingObject(ctx, m[1])
	}
	said, _, _ := strings.Cut(strings.TrimSpace(stderr), "\n")
	return &failed{command, strings.TrimSpace(strings.TrimPrefix(said, "fatal: ")), err}
}

// missingPattern is how git names an object that it wants and that is not here.
var missingPattern = regexp.MustCompile(`(?i)(?:could not fetch|could not read|unable to read tree|missing object|bad object|not a valid commit name) ([0-9a-f]{40,64})\b`)

// missingObject says that an object is not here: a partial clone left it out, or it was
// deleted. Only the user may fetch it.
func (r *Repository) missingObject(ctx context.Context, id string) error {
	fetch := "git fetch --refetch"
	if remote := r.promisor(ctx); remote != "" {
		fetch = "git fetch " + shell.Operand(remote) + " " + id
	}
	return &Missing{What: "the object " + id + " is not in this clone", Command: fetch}
}

// promisor returns the remote that a partial clone fetches from, empty where this
// is none (https://git-scm.com/docs/partial-clone).
func (r *Repository) promisor(ctx context.Context) string {
	out, err := r.run(ctx, "config", "--null", "--name-only", "--get-regexp", `^remote\..+\.(promisor|partialclonefilter)$`)
	if err != nil {
		return ""
	}
	key, _, _ := strings.Cut(out, "\x00")
	return strings.TrimPrefix(key[:strings.LastIndexByte(key, '.')], "remote.")
}

// shallow says whether older history was not fetched.
func (r *Repository) shallow(ctx context.Context) bool {
	out, err := r.run(ctx, "rev-parse", "--is-shallow-repository")
	return err == nil && out == "true"
}
