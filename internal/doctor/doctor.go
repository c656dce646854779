// Package doctor looks at how a repository puts its board under the gate, and
// says what would let a bad change through, or keep a good one waiting.
//
// It is pure: the files are handed in, and nothing is asked of GitHub.
package doctor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/shell"
	"github.com/boardgate/boardgate/internal/source"
)

// Stale is how long a board may lie untouched.
const Stale = 3 * 7 * 24 * time.Hour

// Repository is what stands in a repository. Paths are relative to its root.
type Repository struct {
	Workflows []*source.File  // those of .github/workflows
	Elsewhere []*source.File  // what other CIs are told
	Hooks     *source.File    // .pre-commit-config.yaml, nil where there is none
	Config    *config.Reading // nil where there is none
	Facts     bool            // the configuration has facts of production
	Monitored []Monitored     // the workflows that it expects to stay green
	Board     *board.Board    // nil where none was found
	NoState   string          // where a state file was looked for, empty where there is one
	BoardPath string          // where the configuration says it is; empty for where it is found
	Touched   time.Time       // the board's last change; zero where it is not known
	Branch    string          // the default branch, empty where it is not known
	Ref       string          // of boardgate itself in what is proposed, a release's tag or a commit; empty where it is not known
	Now       time.Time
}

// Finding is one thing to put right.
type Finding struct {
	Path    string // empty where it is about no file
	Line    int    // from 1; 0 for the whole file
	Message string // sentences
	Lines   string // what to put in, each line whole; empty where there is nothing but to take away
	Hint    string // what to do, to follow the message; empty where Lines says it
}

// Place returns path:line, as far as there is one.
func (f Finding) Place() string {
	if f.Line == 0 {
		return f.Path
	}
	return fmt.Sprintf("%s:%d", f.Path, f.Line)
}

// File returns the file at a path, nil where none was read.
func (r *Repository) File(path string) *source.File {
	all := slices.Concat(r.Workflows, r.Elsewhere)
	if r.Config != nil {
		all = append(all, r.Config.File)
	}
	if r.Board != nil {
		all = append(all, r.Board.File)
	}
	for _, f := range all {
		if f.Path == path {
			return f
		}
	}
	return nil
}

// Examine returns what is to be put right, by path and line. A sound repository has none.
func Examine(r *Repository) []Finding {
	var all []*workflow
	var out []Finding
	for _, f := range r.Workflows {
		w, faults := readWorkflow(f)
		out = append(out, faults...)
		if w != nil {
			all = append(all, w)
		}
	}
	out = append(out, r.checkGates(all)...)
	out = append(out, r.checkProduction(all)...)
	out = append(out, r.checkWorkflowNames(all)...)
	out = append(out, checkJobNames(all)...)
	out = append(out, checkCheckouts(all)...)
	out = append(out, r.checkConfig()...)
	out = append(out, r.checkAge()...)
	out = append(out, r.checkHooks()...)
	for i := range out {
		out[i].Lines = Pinned(out[i].Lines, r.Ref)
	}
	slices.SortFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message, b.Message), cmp.Compare(a.Lines, b.Lines))
	})
	return slices.Compact(out) // two jobs of a workflow have its triggers and permissions in common
}

// checkConfig returns the faults of the configuration, and a board that is not there.
func (r *Repository) checkConfig() []Finding {
	var out []Finding
	if r.Config != nil {
		for _, f := range r.Config.Faults {
			out = append(out, Finding{Path: f.Span.File.Path, Line: f.Span.From().Line, Message: asSentence(f.Message), Hint: f.Hint})
		}
	}
	switch {
	case r.Board != nil || len(out) > 0:
	case r.BoardPath != "":
		out = append(out, Finding{
			Path: r.Config.File.Path, Line: lineOfKey(r.Config.File, "board:"),
			Message: fmt.Sprintf("It names the board %s, and no such file is there.", r.BoardPath),
			Hint:    "Name the file that is the board, or `boardgate init --board " + shell.Word(r.BoardPath) + "` starts one.",
		})
	default:
		out = append(out, Finding{Message: "There is no board.", Hint: "`boardgate init` finds one by another name, or starts one."})
	}
	return out
}

// lineOfKey returns the first line that begins with a key, 0 where none does.
func lineOfKey(f *source.File, key string) int {
	for n := 1; n <= f.Lines(); n++ {
		if strings.HasPrefix(string(f.Line(n)), key) {
			return n
		}
	}
	return 0
}

// checkAge returns that nobody touched the board for long.
func (r *Repository) checkAge() []Finding {
	if r.Board == nil || r.Touched.IsZero() || r.Now.Sub(r.Touched) < Stale {
		return nil
	}
	f := Finding{
		Path: r.Board.File.Path,
		Message: fmt.Sprintf("Nobody touched the board for %d weeks: the last change is of %s.",
			int(r.Now.Sub(r.Touched).Hours())/(7*24), r.Touched.UTC().Format(time.DateOnly)),
		Hint: "Bring it up to what is true now: move what is done to DONE with its pull request, take out what nobody will do.",
	}
	if stamp, ok := r.Board.Stamp(); ok {
		f.Line = stamp.Span.From().Line
		f.Lines = "**Last Updated**: " + r.Now.UTC().Format("2006-01-02 15:04") + " UTC\n"
	}
	return []Finding{f}
}

func asSentence(s string) string {
	s = strings.TrimRight(s, ".")
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
