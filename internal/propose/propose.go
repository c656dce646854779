// Package propose says which files would put a repository under the gate, and
// why. It is pure: what stands there is handed in, and nothing is written.
package propose

import (
	"slices"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/doctor"
	"github.com/boardgate/boardgate/internal/source"
)

// The files that may be proposed, beside the board, from the repository's root.
const (
	ConfigPath   = ".github/boardgate.yml"
	WorkflowPath = ".github/workflows/board-gate.yml"
	HooksPath    = ".pre-commit-config.yaml"
	StatePath    = "docs/OPS/STATE.md"
)

// Found is what stands in a repository, and what is wished for it. Paths are
// relative to its root.
type Found struct {
	Git    bool   // it is a git work tree
	Branch string // the default branch, empty where it is not known

	Known  []string       // where check finds a board by itself, in its order
	Boards []*source.File // what stands there or where Board says, in that order

	Config    *config.Reading // nil where there is none
	Facts     bool            // it has facts of production
	Monitored bool            // it has workflows that are to stay green
	State     *source.File    // nil where there is none
	Workflows []*source.File  // those of .github/workflows
	Hooks     *source.File    // .pre-commit-config.yaml, nil where there is none

	Board        string // where the board is to be; empty for where it is found
	WantState    bool
	WantWorkflow bool

	Ref string // of this boardgate, a release's tag or a commit; empty where neither is known
	Now time.Time
}

// Proposal is the files that are proposed and what was seen on the way.
type Proposal struct {
	Remarks []string // each a sentence: which board was found, what was not understood
	Files   []File   // configuration, board, state file, workflows, hooks, as far as they concern
}

// File is one file that is proposed, or one that stands there already and is
// left alone.
type File struct {
	Path     string
	Text     string // its content, or what to add to the one that stands; empty for nothing to add
	Why      string // what a new one does, to follow "it"
	Standing bool
}

// New returns the files to write.
func (p Proposal) New() []File {
	var out []File
	for _, f := range p.Files {
		if !f.Standing {
			out = append(out, f)
		}
	}
	return out
}

// configPath returns where the configuration stands, or is to.
func (f Found) configPath() string {
	if f.Config != nil {
		return f.Config.File.Path
	}
	return ConfigPath
}

// For proposes the files for what was found.
func For(f Found) Proposal {
	s := proposer{Found: f, words: config.Default().Words}
	if f.Config != nil {
		s.words = f.Config.Policy.Words
		if s.Board == "" {
			s.Board = f.Config.Policy.Board
		}
	}
	s.chooseBoard()
	var p Proposal
	for _, file := range []*File{s.proposeConfig(), s.proposeBoard(), s.proposeState(), s.proposeWorkflow(), s.proposeSmoke(), s.proposeHooks()} {
		if file != nil {
			p.Files = append(p.Files, *file)
		}
	}
	if s.Ref == "" && slices.ContainsFunc(p.Files, func(f File) bool {
		return strings.Contains(f.Text, "@"+doctor.Placeholder) || strings.Contains(f.Text, "rev: "+doctor.Placeholder)
	}) {
		s.remark("Put a commit of boardgate in place of %s; `git ls-remote https://github.com/boardgate/boardgate HEAD` prints the latest.", doctor.Placeholder)
	}
	p.Remarks = s.remarks
	return p
}
