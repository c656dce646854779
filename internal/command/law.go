package command

import (
	"bytes"
	"fmt"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/policy"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// configPath is where the configuration stands in a repository.
const configPath = ".github/boardgate.yml"

// law is the configurations of a change: the one that judges, and the one by
// which each side is read.
type law struct {
	judge, base, head policy.Policy

	// before is what the base itself says: base, but for a change that brings the
	// first configuration to a command, where it serves both sides.
	before policy.Policy

	edited *policy.Reading // the head's own, where the change edits it
	file   *source.File    // the head's own; nil where it has none and had none
	remark string
	broken *policy.Reading // the one at fault, where none can judge
}

// configure says which configuration judges, given those of both sides, nil
// where a side has none. The base's judges, so that a change does not edit what
// it is judged by; where the base has none the head's serves both.
func configure(base, head *source.File, commit string) law {
	switch {
	case base == nil && head == nil:
		return single(policy.Reading{Policy: policy.Default()})
	case base == nil:
		l := single(readPolicy(head))
		if commit != "" {
			l.before = policy.Default()
		}
		return l
	}
	before := readPolicy(base)
	before.Policy.Commit = commit
	if head != nil && bytes.Equal(base.Text, head.Text) {
		return single(before)
	}
	return edited(before, after(base.Path, head))
}

// after reads the head's configuration; one taken away leaves the defaults.
func after(path string, head *source.File) policy.Reading {
	if head == nil {
		return policy.Reading{File: source.NewFile(path, nil), Policy: policy.Default()}
	}
	return readPolicy(head)
}

// single is the law of one configuration for all.
func single(r policy.Reading) law {
	l := law{judge: r.Policy, base: r.Policy, head: r.Policy, before: r.Policy, file: r.File}
	if len(r.Faults) > 0 {
		l.broken = &r
	}
	return l
}

// edited is the law of a change that edits its configuration.
func edited(before, after policy.Reading) law {
	l := law{judge: before.Policy, base: before.Policy, head: after.Policy, before: before.Policy, edited: &after, file: after.File}
	if len(before.Faults) == 0 {
		return l
	}
	if len(after.Faults) > 0 {
		l.broken = &after
		return l
	}
	l.judge = policy.Default()
	l.remark = fmt.Sprintf("the configuration of the base is broken (%s); the defaults judge this change, which puts it right.", before.Faults[0])
	return l
}

// at has the boards of both sides read as those of a repository.
func (l *law) at(home board.Home) {
	for _, p := range []*policy.Policy{&l.base, &l.head, &l.before} {
		p.Words.Home, p.StateWords.Home = home, home
	}
}

// brought says whether the change brings the first configuration, and it serves both sides.
func (l *law) brought() bool { return l.before.Source != l.base.Source }

// readsBase has the base read by its own words, not by those that the change brings.
func (l *law) readsBase() { l.base.Words, l.base.StateWords = l.before.Words, l.before.StateWords }

// faults are those of a broken configuration, as the rule config says them.
func faults(r *policy.Reading) []rule.Finding {
	var out []rule.Finding
	for _, f := range r.Faults {
		out = append(out, rule.Finding{
			Rule: rule.Config.Name, Severity: rule.Error, Span: f.Span, Message: f.Message, Hint: f.Hint, Introduced: true,
		})
	}
	return out
}
