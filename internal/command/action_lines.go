package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/source"
)

// tipLines tells where lines of what was judged, the merge commit, stand in the
// pull request's own head, where its annotations go. The two differ where the
// base branch has moved on.
type tipLines struct {
	files map[string]*tipFile
}

// tipFile is a file of the merge commit in the pull request's head.
type tipFile struct {
	judged *source.File
	tip    *source.File // nil where the head has none
	at     []int        // line of tip for each line of judged, from 1; 0 for none
	old    []int        // line of the base for each line of tip, the same
}

// tipLines compares the files that findings may be about.
func (a *action) tipLines(ctx context.Context, r *report.Report) *tipLines {
	out := &tipLines{files: map[string]*tipFile{}}
	for _, f := range judgedFiles(r) {
		a.addFile(ctx, out, f)
	}
	return out
}

// judgedFiles are the head's files that findings may be about: without a case
// that is the configuration, which is why there is none.
func judgedFiles(r *report.Report) (out []*source.File) {
	if r.Case == nil {
		for _, f := range r.Findings {
			if !f.Span.IsZero() {
				out = append(out, f.Span.File)
			}
		}
		return out
	}
	for _, b := range []*board.Board{r.Case.Head, r.Case.State} {
		if b != nil {
			out = append(out, b.File)
		}
	}
	if c := r.Case.HeadConfig; c != nil && c.File != nil {
		return append(out, c.File)
	}
	if c := r.Case.Policy.ProdFacts; c != nil {
		out = append(out, c.Span.File) // the base's, which this change leaves as it is
	}
	return out
}

// addFile reads a file's version in the pull request's head. One that cannot be
// had leaves its annotations where they are: shown at the wrong line is better
// than not shown.
func (a *action) addFile(ctx context.Context, to *tipLines, judged *source.File) {
	tip, err := a.read.Of(&a.read.Tip).Read(ctx, judged.Path)
	if err != nil {
		return
	}
	f := &tipFile{judged: judged, tip: tip}
	if tip != nil {
		f.at = matched(fileLines(judged), fileLines(tip))
		f.old = make([]int, tip.Lines())
		if base, err := a.read.Of(&a.read.Base).Read(ctx, judged.Path); err == nil && base != nil {
			f.old = matched(fileLines(tip), fileLines(base))
		}
	}
	to.files[judged.Path] = f
}

// moved puts annotations at their lines in the pull request's head.
func (t *tipLines) moved(all []github.Annotation) []github.Annotation {
	out := slices.Clone(all)
	for i := range out {
		if f := t.files[out[i].Path]; f != nil {
			f.move(&out[i])
		}
	}
	return out
}

// move puts an annotation at its line in the head; where the base branch
// brought that line, at the heading above it, quoting the line.
func (f *tipFile) move(a *github.Annotation) {
	if f.tip == nil {
		a.Message = fmt.Sprintf("%s:%d, which only the base branch has:\n%s", a.Path, a.StartLine, a.Message)
		*a = github.Annotation{Level: a.Level, Title: a.Title, Message: a.Message}
		return
	}
	start, end := f.tipLine(a.StartLine), f.tipLine(a.EndLine)
	if start > 0 && end >= start {
		a.StartLine, a.EndLine = start, end
		return
	}
	a.Message += "\nThe line, which came with the base branch: " + strings.TrimSpace(string(f.judged.Line(a.StartLine)))
	to := f.headingAbove(a.StartLine)
	a.StartLine, a.EndLine, a.StartColumn, a.EndColumn = to, to, 0, 0
}

func (f *tipFile) tipLine(n int) int {
	if n < 1 || n > len(f.at) {
		return 0
	}
	return f.at[n-1]
}

// headingAbove returns the line in the head of the nearest heading above a
// judged line, 1 where there is none.
func (f *tipFile) headingAbove(n int) int {
	for ; n >= 1; n-- {
		if at := f.tipLine(n); at > 0 && strings.HasPrefix(string(f.judged.Line(n)), "#") {
			return at
		}
	}
	return 1
}

// line returns the line in the head of a judged line, 0 where the head lacks it or
// was not read.
func (t *tipLines) line(path string, n int) int {
	f := t.files[path]
	if f == nil {
		return 0
	}
	return f.tipLine(n)
}

// changed returns the line in the head of a judged line that this pull request
// wrote, 0 where it did not write it.
func (t *tipLines) changed(path string, n int) int {
	line := t.line(path, n)
	if line == 0 || t.files[path].old[line-1] != 0 {
		return 0
	}
	return line
}

// suggested is a comment that offers a line with new text in it, to be taken with a click.
// https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/incorporating-feedback-in-your-pull-request
func suggested(at source.Span, text string) string {
	line := at.File.LineSpan(at.From().Line)
	whole := string(at.File.Text[line.Start:at.Start]) + text + string(at.File.Text[at.End:line.End])
	fence := "```"
	for strings.Contains(whole, fence) {
		fence += "`"
	}
	return "If this pull request is the item's proof, cite it:\n\n" + fence + "suggestion\n" + whole + "\n" + fence + "\n"
}

func fileLines(f *source.File) []string {
	out := make([]string, f.Lines())
	for i := range out {
		out[i] = string(f.Line(i + 1))
	}
	return out
}

// matched returns for each line of one text its line in another, from 1, 0 for
// none: what both begin and end with, and between these the lines that stand
// once in each, in their order, with what is alike beside them.
func matched(from, to []string) []int {
	at := make([]int, len(from))
	head := 0
	for head < min(len(from), len(to)) && from[head] == to[head] {
		head++
		at[head-1] = head
	}
	tail := 0
	for tail < min(len(from), len(to))-head && from[len(from)-1-tail] == to[len(to)-1-tail] {
		tail++
		at[len(from)-tail] = len(to) - tail + 1
	}
	for _, pair := range anchors(from[head:len(from)-tail], to[head:len(to)-tail]) {
		at[head+pair[0]] = head + pair[1] + 1
	}
	grow(at, from, to, head, tail)
	return at
}

// anchors pairs lines that stand once in each text, the longest run of them
// that is in order in both (patience diff, without its recursion).
func anchors(from, to []string) [][2]int {
	var pairs [][2]int
	once := standingOnce(to)
	for i, n := range standingOnce(from) {
		if j, ok := once[i]; ok {
			pairs = append(pairs, [2]int{n, j})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]int) int { return a[0] - b[0] })
	return increasing(pairs)
}

// standingOnce returns the lines that stand once, by their text.
func standingOnce(lines []string) map[string]int {
	out, seen := map[string]int{}, map[string]int{}
	for i, line := range lines {
		seen[line]++
		out[line] = i
	}
	for line, n := range seen {
		if n > 1 {
			delete(out, line)
		}
	}
	return out
}

// increasing returns the longest run of pairs whose second numbers rise.
func increasing(pairs [][2]int) [][2]int {
	tails := []int{} // index of the pair that ends the best run of each length
	before := make([]int, len(pairs))
	for i, p := range pairs {
		k, _ := slices.BinarySearchFunc(tails, p[1], func(t, second int) int { return pairs[t][1] - second })
		before[i] = -1
		if k > 0 {
			before[i] = tails[k-1]
		}
		tails = append(tails[:k], append([]int{i}, tails[min(k+1, len(tails)):]...)...)
	}
	var out [][2]int
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = before[i] {
			out = append(out, pairs[i])
		}
	}
	slices.Reverse(out)
	return out
}

// grow takes in the lines beside those matched, as long as they are alike.
func grow(at []int, from, to []string, head, tail int) {
	taken := map[int]bool{}
	for _, n := range at {
		taken[n] = true
	}
	extend := func(i, j int) bool {
		if i < head || i >= len(from)-tail || at[i] != 0 || j < 1 || j > len(to) || taken[j] || from[i] != to[j-1] {
			return false
		}
		at[i], taken[j] = j, true
		return true
	}
	for i := range at {
		if i > 0 && at[i-1] > 0 {
			extend(i, at[i-1]+1)
		}
	}
	for i := len(at) - 2; i >= 0; i-- {
		if at[i+1] > 1 {
			extend(i, at[i+1]-1)
		}
	}
}
