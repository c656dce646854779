package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// hostile is a repository that a stranger made, with its own .git, in which git
// would run a program: the canary.
type hostile struct {
	name string
	// prepare is a shell script that runs in the repository. CANARY is the program,
	// ADDRESS that of a website which wants a password.
	prepare string
	// live is a command of git that runs the canary, so that the test can fail.
	live string
}

// Ways to have an object that is not here fetched, and to name who fetches it.
const (
	readBoard   = "echo main:docs/NEXT-7D.md | git cat-file --batch"
	searchLog   = "git log --format=%s work"
	promisor    = "git config core.repositoryFormatVersion 1 && git config extensions.partialClone origin && git config remote.origin.promisor true\n"
	noBoard     = "forget main:docs/NEXT-7D.md\n" + promisor
	sshRemote   = "git config remote.origin.url ssh://git@shop.example/shop\n"
	localRemote = "git config remote.origin.url \"$PWD\" && git config remote.origin.uploadpack \"$CANARY\"\n"
	viaSSH      = sshRemote + "git config core.sshCommand \"$CANARY\"\n"
)

// hostiles is the collection.
var hostiles = []hostile{
	{"core.sshCommand, the board's file is not here", noBoard + viaSSH, readBoard},
	{"the board's folder is not here", "forget main:docs\n" + promisor + viaSSH, readBoard},
	{"all folders are not here", "forget main^{tree}\n" + promisor + viaSSH, readBoard},
	{"the commit of main is not here", "forget main\n" + promisor + viaSSH, searchLog},
	{"the commit that is checked out is not here", "forget work\n" + promisor + viaSSH, searchLog},
	{"the configuration is not here", "forget main:.github/boardgate.yml\n" + promisor + viaSSH, "echo main:.github/boardgate.yml | git cat-file --batch"},
	{"remote.origin.uploadpack", noBoard + localRemote, readBoard},
	{"every protocol allowed", noBoard + localRemote + "git config protocol.allow always && git config protocol.file.allow always\n", readBoard},
	{"a remote helper that runs anything", noBoard + "git config remote.origin.url \"ext::$CANARY %S\" && git config protocol.ext.allow always\n", readBoard},
	{"an address rewritten to that helper", noBoard + "git config remote.origin.url https://shop.example/ && git config url.\"ext::$CANARY \".insteadOf https: && git config protocol.ext.allow always\n", readBoard},
	{"a remote helper in the work tree", noBoard + "mkdir git-remote-x && cp \"$CANARY\" git-remote-x/y && git config remote.origin.url y && git config remote.origin.vcs x/y\n", readBoard},
	{"core.gitProxy", noBoard + "git config remote.origin.url git://shop.example/shop && git config core.gitProxy \"$CANARY\"\n", readBoard},
	{"credential.helper", noBoard + "git config remote.origin.url $ADDRESS/shop && git config credential.helper \"!$CANARY\"\n", readBoard},
	{"core.askPass", noBoard + "git config remote.origin.url $ADDRESS/shop && git config core.askPass \"$CANARY\"\n", readBoard},
	{"an included file", noBoard + sshRemote + "git config -f included core.sshCommand \"$CANARY\" && git config include.path ../included\n", readBoard},
	{"the configuration of a work tree", noBoard + sshRemote + "git config extensions.worktreeConfig true && git config --worktree core.sshCommand \"$CANARY\"\n", readBoard},
	{"a .git that is a file", noBoard + viaSSH + "mv .git elsewhere && echo gitdir: elsewhere > .git\n", readBoard},
	{"a common folder elsewhere", noBoard + viaSSH + "mkdir linked && mv .git/HEAD .git/index linked && mv .git common && mkdir common/worktrees && mv linked common/worktrees/linked && cp common/worktrees/linked/HEAD common && " +
		"echo ../.. > common/worktrees/linked/commondir && echo \"$PWD/.git\" > common/worktrees/linked/gitdir && echo gitdir: common/worktrees/linked > .git\n", readBoard},
	{"a work tree elsewhere", noBoard + viaSSH + "mkdir other && git config core.worktree \"$PWD/other\"\n", readBoard},
	{"the files of the work tree are the repository", noBoard + viaSSH + "cp -r .git/. . && git config -f config core.bare true && rm -r .git/objects .git/refs\n", readBoard},
	{"objects elsewhere", noBoard + viaSSH + "mv .git/objects objects && mkdir -p .git/objects/info && echo ../../objects > .git/objects/info/alternates\n", readBoard},
	{"log.showSignature and gpg.program", "sign && git config log.showSignature true && git config gpg.program \"$CANARY\"\n", "git log -1"},
	{"log.showSignature and gpg.ssh.program", "sign SSH && git config log.showSignature true && git config gpg.format ssh && git config gpg.ssh.program \"$CANARY\" && git config gpg.ssh.allowedSignersFile included && touch included\n", "git log -1"},
	{"log.follow", "git mv docs/NEXT-7D.md old.md && git commit -q -m moved && git mv old.md docs/NEXT-7D.md && echo >> docs/NEXT-7D.md && git commit -q -a -m back && forget HEAD~1:old.md\n" +
		promisor + viaSSH + "git config log.follow true\n", "git log -- docs/NEXT-7D.md"},
	{"core.fsmonitor", "git config core.fsmonitor \"$CANARY\"\n", "git status"},
	{"hooks", "for h in post-index-change reference-transaction post-checkout pre-auto-gc; do cp \"$CANARY\" .git/hooks/$h; done\n", "git update-ref refs/heads/x HEAD"},
	{"core.hooksPath", "mkdir hooks && cp \"$CANARY\" hooks/reference-transaction && git config core.hooksPath hooks\n", "git update-ref refs/heads/x HEAD"},
	{"a filter", "echo '*.md filter=x' > .gitattributes && git config filter.x.clean \"$CANARY\" && git config filter.x.smudge \"$CANARY\" && git config filter.x.process \"$CANARY\" && touch -t 200101010000 docs/NEXT-7D.md\n", "git status"},
	{"diff.external", "git config diff.external \"$CANARY\"\n", "git diff main work"},
	{"a driver that shows text", "echo '*.md diff=x' > .gitattributes && git config diff.x.textconv \"$CANARY\"\n", "git log -p work"},
	{"core.editor", "git config core.editor \"$CANARY\" && git config sequence.editor \"$CANARY\"\n", "git commit --allow-empty"},
	{"an alias", "git config alias.boardgate \"!$CANARY\" && git config alias.check \"!$CANARY\"\n", "git check"},
}

// prelude makes a repository in which the board is changed on a branch. All objects are loose.
const prelude = `set -e
forget() { id=$(git rev-parse "$1") && rm -f .git/objects/$(echo $id | cut -c1-2)/$(echo $id | cut -c3-); }
sign() {
	git cat-file commit HEAD | awk -v kind="${1:-PGP}" '{ print }
		/^committer / { print "gpgsig -----BEGIN " kind " SIGNATURE-----\n \n iHUEABYKAB0WIQ\n -----END " kind " SIGNATURE-----" }' > commit
	git reset -q --soft $(git hash-object -t commit -w commit)
}
git init -q -b main
git config gc.auto 0
git add -A && git commit -q -m base
git switch -q -c work
printf -- '- **Second**\n  - DoD: /b answers 200\n' >> docs/NEXT-7D.md
git commit -q -a -m change
`

const canary = `#!/bin/sh
echo "$0 $*" >> "%s"
exit 1
`

// Whatever a repository's own files say, no program that they name is run, and
// every command comes to an end that it has a status for.
func TestHostileRepositories(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the canaries are shell scripts")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git")
	}
	address := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", "Basic")
		w.WriteHeader(http.StatusUnauthorized)
	}))
	for _, h := range hostiles {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			c := unpack(t, address, h.prepare)
			for _, command := range [][]string{{"check"}, {"check", "--base", "main"}, {"check", "--no-base"}, {"init"}, {"doctor"}} {
				said, status := c.boardgate(t, command...)
				if h.live == readBoard && command[0] == "check" && command[len(command)-1] != "--no-base" && status != 3 {
					t.Errorf("boardgate %s passes over what is not here: status %d\n%s", strings.Join(command, " "), status, said)
				}
				if ran := c.sang(t); ran != "" {
					t.Fatalf("boardgate %s ran %s", strings.Join(command, " "), ran)
				}
			}
			said, _ := c.run(t, "sh", "-c", h.live)
			if c.sang(t) == "" {
				t.Errorf("%s does not run the canary, so this shows nothing:\n%s", h.live, said)
			}
		})
	}
}

// A pipe that nobody writes to keeps no command waiting, wherever it stands.
func TestPipesInRepository(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no named pipes in folders")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git")
	}
	for place, want := range map[string]string{
		"docs/NEXT-7D.md": "reading docs/NEXT-7D.md: it is not a regular file", ".github/boardgate.yml": "reading .github/boardgate.yml: it is not a regular file",
		".github/boardgate.yaml": "reading .github/boardgate.yaml: it is not a regular file",
		"docs/OPS/STATE.md":      "reading docs/OPS/STATE.md: it is not a regular file", ".mailmap": "", ".gitattributes": "", ".git/pipe": "",
	} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			c := unpack(t, "", "git config mailmap.file .git/pipe && git config core.attributesFile .git/pipe && git config diff.orderFile .git/pipe\n"+
				"mkdir -p docs/OPS && rm -f "+place+" && mkfifo "+place+"\n")
			said, _ := c.boardgate(t, "check")
			for _, command := range []string{"init", "doctor"} {
				c.boardgate(t, command)
			}
			if !strings.Contains(said, want) {
				t.Errorf("check says %q, want %q", said, want)
			}
		})
	}
}

// coop is a hostile repository and the file that its canary writes.
type coop struct {
	dir, song string
	env       []string
}

func unpack(t *testing.T, address, prepare string) *coop {
	t.Helper()
	dir, cage := t.TempDir(), t.TempDir()
	c := &coop{dir: dir, song: filepath.Join(cage, "song")}
	c.env = append(os.Environ(), "CANARY="+filepath.Join(cage, "canary"), "ADDRESS="+address, "HOME="+cage, "XDG_CONFIG_HOME="+cage,
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0", "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir),
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.com", "GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.com")
	for path, text := range map[string]string{
		filepath.Join(cage, "canary"):                    fmt.Sprintf(canary, c.song),
		filepath.Join(dir, "docs", "NEXT-7D.md"):         "## WIP\n\n- **First**\n  - DoD: /a answers 200\n\n## NEXT\n\n## DONE\n\n- **Old** (2026-01-02) PR #1\n",
		filepath.Join(dir, ".github", "boardgate.yml"):   "limits: { wip-age: 7d }\n",
		filepath.Join(dir, ".github", "workflows", "no"): "",
	} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o755)); err != nil {
			t.Fatal(err)
		}
	}
	if out, status := c.run(t, "sh", "-c", prelude+prepare); status != 0 || c.sang(t) != "" {
		t.Fatalf("status %d\n%s", status, out)
	}
	return c
}

// mostTime is how long any command may take here; git itself gets a minute.
const mostTime = 30 * time.Second

// run returns what a command prints and its status. One that hangs fails the test.
func (c *coop) run(t *testing.T, program string, args ...string) (string, int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), mostTime)
	defer cancel()
	command := exec.CommandContext(ctx, program, args...)
	command.Dir, command.Env, command.WaitDelay = c.dir, c.env, time.Second
	out, err := command.CombinedOutput()
	if ctx.Err() != nil || command.ProcessState == nil {
		t.Fatalf("%s %s: %v", program, strings.Join(args, " "), errors.Join(err, ctx.Err()))
	}
	return string(out), command.ProcessState.ExitCode()
}

// boardgate runs the program and returns what it prints and its status, which is
// one that it has.
func (c *coop) boardgate(t *testing.T, args ...string) (string, int) {
	t.Helper()
	out, status := c.run(t, "boardgate", args...)
	if !slices.Contains([]int{0, 1, 2, 3}, status) || strings.Contains(out, "goroutine ") {
		t.Errorf("boardgate %s: status %d\n%s", strings.Join(args, " "), status, out)
	}
	return out, status
}

// sang returns what the canary wrote, empty where it was not run.
func (c *coop) sang(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(c.song)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text)
}
