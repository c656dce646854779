package change

import (
	"context"
	"fmt"

	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/source"
)

// ConfigPath is where the configuration stands in a repository.
const ConfigPath = ".github/boardgate.yml"

// ConfigPaths are the spellings of its path. Only one of them may be there.
var ConfigPaths = []string{ConfigPath, ".github/boardgate.yaml"}

// PolicyReader makes of a file what it says as a configuration.
type PolicyReader func(*source.File) config.Reading

// Config reads the configuration that stands at one of some paths, nil where
// there is none.
func (read PolicyReader) Config(ctx context.Context, from Source, paths []string) (*config.Reading, error) {
	files, err := FilesAt(ctx, from, paths)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	r := read(files[0])
	r.Faults = append(r.Faults, Twice(files)...)
	return &r, nil
}

// FilesAt returns those of some files that are there.
func FilesAt(ctx context.Context, from Source, paths []string) ([]*source.File, error) {
	var out []*source.File
	for _, path := range paths {
		f, err := from.Read(ctx, path)
		if err != nil {
			return nil, err
		}
		if f != nil {
			out = append(out, f)
		}
	}
	return out, nil
}

// Twice is the fault of two files that both are the configuration.
func Twice(files []*source.File) []config.Fault {
	if len(files) < 2 {
		return nil
	}
	return []config.Fault{{
		Span:    files[1].LineSpan(1),
		Message: fmt.Sprintf("%s and %s are both there; expected one configuration", files[0].Path, files[1].Path),
		Hint:    "Keep one of the two files, with all that is to hold.",
	}}
}

// Policies are the configurations of a change: the one that judges, and the one by
// which each side is read.
type Policies struct {
	Judge, Base, Head config.Policy

	// Before is what the base itself says: Base, but for a change that brings the
	// first configuration to a command, where it serves both sides.
	Before config.Policy

	Edited *config.Reading // the head's own, where the change edits it
	File   *source.File    // the head's own; nil where it has none and had none
	Remark string
	Broken *config.Reading // the one at fault, where none can judge
}

// configure says which configuration judges, given those of both sides, nil
// where a side has none. The base's judges, so that a change does not edit what
// it is judged by; where the base has none the head's serves both.
func configure(base, head *config.Reading, commit string) Policies {
	switch {
	case base == nil && head == nil:
		return single(config.Reading{Policy: config.Default()})
	case base == nil:
		p := single(*head)
		if commit != "" {
			p.Before = config.Default()
		}
		return p
	}
	before := *base
	before.Policy.Commit = commit
	switch {
	case head == nil: // one taken away leaves the defaults
		head = &config.Reading{File: source.NewFile(base.File.Path, nil), Policy: config.Default()}
	case compare.SameText(base.File.Text, head.File.Text) && len(base.Faults) == len(head.Faults): // they differ where a second file came or went
		p := single(before)
		p.File = head.File
		return p
	}
	return edited(before, *head)
}

// single is the policies of one configuration for all.
func single(r config.Reading) Policies {
	p := Policies{Judge: r.Policy, Base: r.Policy, Head: r.Policy, Before: r.Policy, File: r.File}
	if len(r.Faults) > 0 {
		p.Broken = &r
	}
	return p
}

// edited is the policies of a change that edits its configuration.
func edited(before, after config.Reading) Policies {
	p := Policies{Judge: before.Policy, Base: before.Policy, Head: after.Policy, Before: before.Policy, Edited: &after, File: after.File}
	if len(before.Faults) == 0 {
		return p
	}
	if len(after.Faults) > 0 {
		p.Broken = &after
		return p
	}
	p.Judge = config.Default()
	p.Remark = fmt.Sprintf("the configuration of the base is broken (%s); the defaults judge this change, which fixes it.", before.Faults[0])
	return p
}

// brought says whether the change brings the first configuration, and it serves both sides.
func (p *Policies) brought() bool { return p.Before.Source != p.Base.Source }

// readsBase has the base read by its own words, not by those that the change brings.
func (p *Policies) readsBase() { p.Base.Words, p.Base.StateWords = p.Before.Words, p.Before.StateWords }
