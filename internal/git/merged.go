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
// was not asked.
func (r *Repository) Merged(ctx context.Context, pulls []fact.Pull) map[fact.Pull]fact.PullAnswer {
	wanted := r.own(ctx, pulls)
	out := map[fact.Pull]fact.PullAnswer{}
	if len(wanted) == 0 {
		return out
	}
	ctx, cancel := context.WithTimeout(ctx, logTime)
	defer cancel()
	_ = r.log(ctx, []string{"log", "--format=%ct %s", "--max-count=" + strconv.Itoa(logCommits), "HEAD", "--"}, func(at time.Time, subject string) bool {
		n := pullOf(subject)
		for _, p := range wanted[n] {
			out[p] = fact.PullAnswer{State: fact.Merged, Time: at}
		}
		delete(wanted, n)
		return len(wanted) > 0
	}) // a log that breaks off leaves the rest not asked
	return out
}

// own sorts the pull requests of this repository by number.
func (r *Repository) own(ctx context.Context, pulls []fact.Pull) map[int][]fact.Pull {
	wanted := map[int][]fact.Pull{}
	var name string
	for _, p := range pulls {
		if p.Repo != "" && name == "" {
			name = ownerName(r.origin(ctx))
		}
		if p.Repo == "" || name != "" && strings.EqualFold(p.Repo, name) {
			wanted[p.Number] = append(wanted[p.Number], p)
		}
	}
	return wanted
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

// origin returns the address of the remote origin, empty where there is none.
func (r *Repository) origin(ctx context.Context) string {
	out, err := r.run(ctx, "config", "--get", "remote.origin.url")
	if err != nil {
		return ""
	}
	return out
}

// ownerName returns "owner/name", the last two parts of a remote's address:
// https://host/owner/name.git, git@host:owner/name, ssh://git@host/owner/name.
// It is empty where the address is a path on disk.
func ownerName(address string) string {
	rest := strings.TrimSuffix(strings.TrimRight(address, "/"), ".git")
	scheme, after, isURL := strings.Cut(rest, "://")
	host, path, isSCP := strings.Cut(rest, ":")
	switch {
	case isURL && scheme != "file":
		_, rest, _ = strings.Cut(after, "/")
	case isSCP && !isURL && len(host) > 1 && !strings.Contains(host, "/"): // one letter is a drive of Windows
		rest = strings.TrimLeft(path, "/")
	default:
		return ""
	}
	parts := strings.Split(rest, "/")
	if len(parts) < 2 || parts[len(parts)-2] == "" {
		return ""
	}
	return strings.Join(parts[len(parts)-2:], "/")
}
