package command

import (
	"fmt"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// configPath is where the configuration stands in a repository.
const configPath = ".github/boardgate.yml"

// configPaths are the spellings of its path. Only one of them may be there.
var configPaths = []string{configPath, ".github/boardgate.yaml"}

// configIn reads the configuration that stands at one of some paths, nil where
// there is none.
func configIn(read reader, paths []string) (*config.Reading, error) {
	files, err := filesAt(read, paths)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	r := readPolicy(files[0])
	r.Faults = append(r.Faults, twice(files)...)
	return &r, nil
}

// filesAt returns those of some files that are there.
func filesAt(read reader, paths []string) ([]*source.File, error) {
	var out []*source.File
	for _, path := range paths {
		f, err := read(path)
		if err != nil {
			return nil, err
		}
		if f != nil {
			out = append(out, f)
		}
	}
	return out, nil
}

// twice is the fault of two files that both are the configuration.
func twice(files []*source.File) []config.Fault {
	if len(files) < 2 {
		return nil
	}
	return []config.Fault{{
		Span:    files[1].LineSpan(1),
		Message: fmt.Sprintf("%s and %s are both there; expected one configuration", files[0].Path, files[1].Path),
		Hint:    "Keep one of the two files, with all that is to hold.",
	}}
}

// law is the configurations of a change: the one that judges, and the one by
// which each side is read.
type law struct {
	judge, base, head config.Policy

	// before is what the base itself says: base, but for a change that brings the
	// first configuration to a command, where it serves both sides.
	before config.Policy

	edited *config.Reading // the head's own, where the change edits it
	file   *source.File    // the head's own; nil where it has none and had none
	remark string
	broken *config.Reading // the one at fault, where none can judge
}

// configure says which configuration judges, given those of both sides, nil
// where a side has none. The base's judges, so that a change does not edit what
// it is judged by; where the base has none the head's serves both.
func configure(base, head *config.Reading, commit string) law {
	switch {
	case base == nil && head == nil:
		return single(config.Reading{Policy: config.Default()})
	case base == nil:
		l := single(*head)
		if commit != "" {
			l.before = config.Default()
		}
		return l
	}
	before := *base
	before.Policy.Commit = commit
	switch {
	case head == nil: // one taken away leaves the defaults
		head = &config.Reading{File: source.NewFile(base.File.Path, nil), Policy: config.Default()}
	case compare.SameText(base.File.Text, head.File.Text) && len(base.Faults) == len(head.Faults): // they differ where a second file came or went
		l := single(before)
		l.file = head.File
		return l
	}
	return edited(before, *head)
}

// single is the law of one configuration for all.
func single(r config.Reading) law {
	l := law{judge: r.Policy, base: r.Policy, head: r.Policy, before: r.Policy, file: r.File}
	if len(r.Faults) > 0 {
		l.broken = &r
	}
	return l
}

// edited is the law of a change that edits its configuration.
func edited(before, after config.Reading) law {
	l := law{judge: before.Policy, base: before.Policy, head: after.Policy, before: before.Policy, edited: &after, file: after.File}
	if len(before.Faults) == 0 {
		return l
	}
	if len(after.Faults) > 0 {
		l.broken = &after
		return l
	}
	l.judge = config.Default()
	l.remark = fmt.Sprintf("the configuration of the base is broken (%s); the defaults judge this change, which fixes it.", before.Faults[0])
	return l
}

// at has the boards of both sides read as those of a repository.
func (l *law) at(home board.Home) {
	for _, p := range []*config.Policy{&l.base, &l.head, &l.before} {
		p.Words.Home, p.StateWords.Home = home, home
	}
}

// brought says whether the change brings the first configuration, and it serves both sides.
func (l *law) brought() bool { return l.before.Source != l.base.Source }

// readsBase has the base read by its own words, not by those that the change brings.
func (l *law) readsBase() { l.base.Words, l.base.StateWords = l.before.Words, l.before.StateWords }

// faults are those of a broken configuration, as the rule config says them.
func faults(r *config.Reading) []rule.Finding {
	var out []rule.Finding
	for _, f := range r.Faults {
		out = append(out, rule.Faulty(f))
	}
	return out
}
