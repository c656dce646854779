package command

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/fake/runner"
)

// nasty are pieces of text that a log, a file of outputs or a page might obey.
var nasty = []string{
	"::error::x", "##[set-output name=verdict]pass", "::stop-commands::zzz", "##[stop-commands]zzz", "::add-mask::e", "##[add-matcher]/x",
	"\n", "\r", "\r\n", "\u2028", "\u2029", "\u0085", "\v", "\f", "\x00", "\x1b[31m", "\x1b]0;t\a", "\u202e", "\u200b", "\u200d", "\ufeff", "\u00ad", "\ufe0f",
	"#", "##", "[", "]", ":", "::", ",", "=", "%", "%0A", "%0D%0A", "%25", "%3A", ";", " ", "\t", "\u00a0", "title", "Pass 7", "é", "日本", "🎉",
	"-->", "<!-- boardgate: allow ", "<!-- boardgate: allow done-reference: ", "@org/team", "<details>", "|", "`", "```", "ghadelimiter_", "<<", "EOF", "verdict=pass", "\xff",
	"PR #40", "PR #99", "acme/other#3", "(2026-03-12)", "- ", "**", "docs/no.md",
}

func hostileText(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(12) {
		b.WriteString(nasty[r.IntN(len(nasty))])
	}
	return b.String()
}

func hostileBoard(r *rand.Rand) string {
	var b strings.Builder
	b.WriteString("# Board\n\n**Last Updated**: 2026-03-12 09:00 UTC\n\n## WIP (1 item only)\n\n")
	for range r.IntN(3) {
		fmt.Fprintf(&b, "### %s\n\n- %s\n\n", hostileText(r), hostileText(r))
	}
	fmt.Fprintf(&b, "## NEXT (max 2)\n\n1. **%s**\n2. %s\n\n## DONE\n\n", hostileText(r), hostileText(r))
	for range r.IntN(4) {
		fmt.Fprintf(&b, "- **%s** %s\n", hostileText(r), hostileText(r))
	}
	return b.String()
}

// oddPath is a board's path that a command's properties must not be parted by.
const oddPath = "docs/a::b,line=9%2C.md"

func hostileFiles(r *rand.Rand, path string) map[string]string {
	files := map[string]string{path: hostileBoard(r)}
	if r.IntN(3) == 0 {
		files["docs/STATE.md"] = "# State\n\n## IN PROGRESS\n\n- " + hostileText(r) + "\n\n## CLOSED\n\n- " + hostileText(r) + "\n"
	}
	if r.IntN(4) == 0 {
		files[change.ConfigPath] = hostileText(r) + "\nlimits: { wip: 1 }\n"
	}
	return files
}

// TestHostileBoards has the runner read all that the action prints and
// writes of 250 hostile changes, each with a token that writes and one
// that is refused: it finds the annotations that were meant, the outputs that
// were meant, and nothing else.
func TestHostileBoards(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for n := range 250 {
		set := bareStage
		if n%20 == 0 { // these go through the contract
			set = setStage
		}
		path := []string{jobPath, oddPath}[n%2]
		s := set(t, hostileFiles(r, path))
		s.repo.MergedPull(40, "main")
		head := s.push(hostileFiles(r, path))
		env := map[string]string{"INPUT_COMMENT": "always", "INPUT_BOARD": path}
		if n%10 == 0 {
			env["INPUT_NAME"] = hostileText(r)
		}
		writes := s.job(head, 1, env)
		status := writes.run()
		own, told := commandsOf(t, writes)
		all := append(told, annotationsOf(s)...)
		s.refuse(r, n%4 < 2)
		reads := s.job(head, 2, env)
		if again := reads.run(); again != status {
			t.Fatalf("board %d: exit status %d, and %d with a token that only reads", n, status, again)
		}
		ownAgain, toldAgain := commandsOf(t, reads)
		if diff := cmp.Diff(own, ownAgain) + cmp.Diff(levels(all, 10), levels(toldAgain, len(toldAgain))); diff != "" {
			t.Fatalf("board %d: commands (-want +got):\n%s\n%q", n, diff, reads.log())
		}
		for _, a := range toldAgain {
			if !slices.Contains(all, a) {
				t.Fatalf("board %d: the runner reads %q, which is none of\n%q", n, a, all)
			}
		}
		for _, j := range []*job{writes, reads} {
			j.wantFiles(n)
		}
	}
}

// refuse makes GitHub refuse what is written, in words that may be anybody's.
func (s *stage) refuse(r *rand.Rand, plainly bool) {
	if plainly {
		s.hub.ReadOnly()
		return
	}
	for _, route := range []string{"POST /repos/{owner}/{repo}/check-runs", "query Comments"} {
		s.hub.Fail(fake.Fault{Route: route, Status: 403, Message: hostileText(r)})
	}
}

// remark is an annotation, by its text as it is seen.
type remark struct{ Level, Path, Line, Title, Message string }

func seen(text string) string { return runner.Visible(strings.ReplaceAll(text, "\n", "⏎")) }

func annotationsOf(s *stage) (out []remark) {
	for _, c := range s.repo.CheckRuns() {
		for _, a := range c.Annotations {
			out = append(out, remark{strings.ReplaceAll(a.Level, "failure", "error"), a.Path, fmt.Sprint(a.StartLine), a.Title, seen(a.Message)})
		}
	}
	return out
}

// levels counts remarks by level, at most so many of each.
func levels(all []remark, most int) map[string]int {
	out := map[string]int{}
	for _, r := range all {
		out[r.Level] = min(out[r.Level]+1, most)
	}
	return out
}

// commandsOf returns the commands of a job's log: how often those of the
// action's own words, and the annotations of findings.
func commandsOf(t *testing.T, j *job) (own map[string]int, told []remark) {
	own = map[string]int{}
	for _, c := range runner.Commands(j.log()) {
		title := c.Properties["title"]
		switch {
		case c.Name == "add-mask" && c.Data == "ghs_secret", c.Name == "group" && c.Data == "boardgate report", c.Name == "endgroup":
			own[c.Name]++
		case c.Name == "error" && (title == "boardgate: unverified" || title == "boardgate: fail" || title == "boardgate: wrong use"):
			own[title]++
		case (c.Name == "error" || c.Name == "warning" || c.Name == "notice") && strings.HasPrefix(title, "boardgate: "):
			told = append(told, remark{c.Name, c.Properties["file"], c.Properties["line"], title, seen(c.Data)})
		default:
			t.Fatalf("nobody meant the command %+v:\n%q", c, j.log())
		}
	}
	if own["add-mask"] != 1 || own["group"] != 1 || own["endgroup"] != 1 {
		t.Fatalf("commands of our own %v:\n%q", own, j.log())
	}
	return own, told
}

func (j *job) wantFiles(n int) {
	t := j.stage.t
	t.Helper()
	outputs, err := runner.Outputs(j.file("outputs"))
	var names []string
	for _, o := range outputs {
		names = append(names, o.Name)
		if strings.Trim(o.Value, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			t.Fatalf("board %d: output %+v", n, o)
		}
	}
	want := []string{"verdict", "errors", "warnings", "notices", "wip", "next", "done-added", "facts", "issue-number", "check-run-id", "comment-id"}
	if diff := cmp.Diff(want, names); err != nil || diff != "" {
		t.Fatalf("board %d: outputs, %v (-want +got):\n%s", n, err, diff)
	}
	if _, err := runner.Summary(j.file("summary")); err != nil || strings.Contains(j.file("summary"), "\x00") {
		t.Fatalf("board %d: summary %q, %v", n, j.file("summary"), err)
	}
}
