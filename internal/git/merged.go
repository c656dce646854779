package git

import (
	"bufio"
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/fact"
)

// How far back, and for how long, the log is searched for merged pull requests.
const (
	logCommits = 50_000
	logTime    = 5 * time.Second
)

// Merged looks pull requests up in the log of HEAD: a subject that ends in
// "(#12)", as GitHub writes it for squashed and rebased pull requests, or begins
// with "Merge pull request #12". It can say yes, never no: what it does not find
// was not asked, and of other repositories it knows nothing.
func (r *Repository) Merged(ctx context.Context, pulls []fact.Pull) map[fact.Pull]fact.PullAnswer {
	wanted := map[int]fact.Pull{}
	for _, p := range pulls {
		if p.Repo == "" {
			wanted[p.Number] = p
		}
	}
	out := map[fact.Pull]fact.PullAnswer{}
	if len(wanted) == 0 {
		return out
	}
	ctx, cancel := context.WithTimeout(ctx, logTime)
	defer cancel()
	_ = r.log(ctx, []string{"log", "--format=%ct %s", "--max-count=" + strconv.Itoa(logCommits), "HEAD", "--"}, func(_ time.Time, subject string) bool {
		n := pullOf(subject)
		if p, ok := wanted[n]; ok {
			out[p] = fact.PullAnswer{State: fact.Merged}
		}
		delete(wanted, n)
		return len(wanted) > 0
	}) // a log that breaks off leaves the rest not asked
	return out
}

// log calls visit for each commit that a git command lists with its time in
// seconds before a text, until it returns false.
func (r *Repository) log(ctx context.Context, command []string, visit func(at time.Time, text string) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	c := r.command(ctx, append([]string{"--literal-pathspecs"}, command...)...)
	out, err := c.StdoutPipe()
	if err != nil {
		cancel()
		return err
	}
	if err := c.Start(); err != nil {
		cancel()
		return err
	}
	defer func() { cancel(); _ = c.Wait() }()
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		seconds, text, _ := strings.Cut(strings.TrimRight(line, "\n"), " ")
		unix, _ := strconv.ParseInt(seconds, 10, 64)
		if !visit(time.Unix(unix, 0).UTC(), text) {
			return nil
		}
	}
}

// pullOf returns the number of the pull request that a commit merged, 0 where
// its subject names none.
func pullOf(subject string) int {
	if rest, ok := strings.CutPrefix(subject, "Merge pull request #"); ok {
		number, _, _ := strings.Cut(rest, " ")
		return positive(number)
	}
	rest, ok := strings.CutSuffix(strings.TrimSpace(subject), ")")
	at := strings.LastIndex(rest, "(#")
	if !ok || at < 0 {
		return 0
	}
	return positive(rest[at+2:])
}

// positive reads a number written in digits alone, 0 where it is none.
func positive(s string) int {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// Home returns the host and the "owner/name" of the repository that the remote
// origin is, as its address names them: empty where there is no such remote or it
// is a path on disk. A host without a dot in an address of SSH is a name of the
// user's own (https://man.openbsd.org/ssh_config#Host), and not known.
func (r *Repository) Home(ctx context.Context) (host, name string) {
	return hostAndName(r.remoteConfig(ctx)["remote.origin.url"])
}

// hostAndName reads https://user:password@host/owner/name.git, git@host:owner/name and
// ssh://git@host:22/owner/name.
func hostAndName(address string) (host, name string) {
	rest := strings.TrimSuffix(strings.TrimRight(address, "/"), ".git")
	scheme, after, isURL := strings.Cut(rest, "://")
	scpHost, path, isSCP := strings.Cut(rest, ":")
	switch {
	case isURL && scheme != "file":
		host, path, _ = strings.Cut(after, "/")
	case isSCP && !isURL && len(scpHost) > 1 && !strings.Contains(scpHost, "/"): // one letter is a drive of Windows
		scheme, host = "ssh", scpHost
	default:
		return "", ""
	}
	parts := strings.Split(strings.TrimLeft(path, "/"), "/")
	if len(parts) < 2 || parts[len(parts)-2] == "" {
		return "", ""
	}
	host = host[strings.LastIndexByte(host, '@')+1:]
	if scheme != "http" && scheme != "https" {
		host, _, _ = strings.Cut(host, ":") // the port is not that of its pages
		switch {
		case !strings.Contains(host, "."):
			host = ""
		case strings.EqualFold(host, "ssh.github.com"): // https://docs.github.com/en/authentication/troubleshooting-ssh/using-ssh-over-the-https-port
			host = "github.com"
		}
	}
	return host, strings.Join(parts[len(parts)-2:], "/")
}
