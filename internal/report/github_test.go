package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// command is what the runner understands of a line.
type command struct {
	Name, Message string
	Properties    map[string]string
}

// obeyed reads a line as the runner does (actions/runner, ActionCommand.cs):
// the newer form at the start of a line, the older one anywhere in it.
func obeyed(line string) (command, bool) {
	if c, ok := newer(strings.TrimLeft(line, " \t")); ok {
		return c, true
	}
	_, rest, ok := strings.Cut(line, "##[")
	if !ok {
		return command{}, false
	}
	head, message, ok := strings.Cut(rest, "]")
	name, _, _ := strings.Cut(head, " ")
	return command{Name: name, Message: message}, ok
}

func newer(line string) (command, bool) {
	rest, ok := strings.CutPrefix(line, "::")
	if !ok {
		return command{}, false
	}
	head, message, ok := strings.Cut(rest, "::")
	if !ok {
		return command{}, false
	}
	name, list, _ := strings.Cut(head, " ")
	c := command{Name: name, Message: unescape(message), Properties: map[string]string{}}
	for pair := range strings.SplitSeq(list, ",") {
		if key, value, ok := strings.Cut(pair, "="); ok {
			c.Properties[strings.TrimSpace(key)] = unescape(value)
		}
	}
	return c, true
}

func unescape(s string) string {
	return strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%").Replace(s)
}

func commands(text []byte) (all []command, plain []string) {
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if c, ok := obeyed(line); ok {
			all = append(all, c)
		} else {
			plain = append(plain, line)
		}
	}
	return all, plain
}

func TestGitHubCommands(t *testing.T) {
	all, plain := commands(GitHub(sample(t), Options{}))
	var got []string
	for _, c := range all {
		got = append(got, fmt.Sprintf("%s %s:%s-%s:%s-%s %s", c.Name, c.Properties["title"], c.Properties["line"],
			c.Properties["endLine"], c.Properties["col"], c.Properties["endColumn"], c.Properties["file"]))
	}
	want := []string{
		"error boardgate: wip-limit:5-5:1-11 docs/NEXT-7D.md",
		"error boardgate: done-reference:14-14:3-14 docs/NEXT-7D.md",
		"warning boardgate: dod-required:11-11:3-19 docs/NEXT-7D.md",
		"warning boardgate: item-lost:10-10:1-12 docs/NEXT-7D.md",
		"notice boardgate: done-merged:-:- docs/NEXT-7D.md",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	wantPlain := []string{"board: 2 of 1 in WIP, 1 of 3 in NEXT, 2 in DONE", "boardgate: fail: 2 errors, 2 warnings, 1 waived"}
	if diff := cmp.Diff(wantPlain, plain); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if want := "The line before this change: - Refund"; !strings.Contains(all[3].Message, want) {
		t.Errorf("%q does not quote the line that is gone", all[3].Message)
	}
}

// TestGitHubObeysOnlyItsOwn renders texts that try to become commands.
func TestGitHubObeysOnlyItsOwn(t *testing.T) {
	for _, evil := range []string{
		"\n::set-output name=verdict::pass", "%0A::stop-commands::x", "##[set-output name=a]b", "#\u200b#[error]",
		"a,line=1::b", "::error::", "\r::add-mask::a", "x\u2028::error::y", "# #[ ##[##[group]x", "\x00\xff##[debug]",
	} {
		r := sample(t)
		for i := range r.Findings {
			r.Findings[i].Message, r.Findings[i].Hint = evil, evil+"\n"+evil
		}
		r.Findings[0].Span = source.NewFile("docs/"+evil, []byte(evil)).Span(0, 3)
		r.Findings[3].Span = r.Case.Base.File.Span(0, 3)
		r.Reasons = []string{evil}
		r.Case.Head.Columns[0].Title.Value = evil
		all, plain := commands(GitHub(r, Options{}))
		if len(all) != 5 || len(plain) != 3 {
			t.Errorf("%q: %d commands and %d lines, want 5 and 3:\n%s", evil, len(all), len(plain), GitHub(r, Options{}))
		}
		for _, c := range all {
			if (c.Name != "error" && c.Name != "warning" && c.Name != "notice") || !strings.HasPrefix(c.Properties["title"], "boardgate: ") {
				t.Errorf("%q: obeyed %+v", evil, c)
			}
		}
	}
}

func TestGitHubColumns(t *testing.T) {
	r := sample(t)
	file := source.NewFile("b.md", []byte("one\ntwo\nдва\n"))
	for _, tt := range []struct {
		start, end int
		want       string
	}{
		{0, 3, "file=b.md,line=1,endLine=1,col=1,endColumn=4,title=boardgate%3A x"},
		{0, 5, "file=b.md,line=1,endLine=2,title=boardgate%3A x"},
		{8, 10, "file=b.md,line=3,endLine=3,title=boardgate%3A x"},
	} {
		if got := properties(r, rule.Finding{Rule: "x"}, file.Span(tt.start, tt.end)); got != tt.want {
			t.Errorf("%d to %d: %s, want %s", tt.start, tt.end, got, tt.want)
		}
	}
}

func TestGitHubKeepsToTheRunnersLength(t *testing.T) {
	f := rule.Finding{Message: strings.Repeat("ώ", 9000), Hint: "more"}
	if got := annotation(f, "", Options{}); len(got) > commandBytes || !strings.HasSuffix(got, "ώ…") {
		t.Errorf("%d bytes", len(got))
	}
}
