package change

import (
	"context"
	"fmt"

	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/probe"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// ConfigPath is where the configuration stands in a repository.
const ConfigPath = ".github/boardgate.yml"

// ConfigPaths are the spellings of its path. Only one of them may be there.
var ConfigPaths = []string{ConfigPath, ".github/boardgate.yaml"}

// Config is a configuration file as it was read, the checks of production compiled.
type Config struct {
	config.Reading
	Suite *probe.Suite // nil where it has none; not to be used where there are Faults
}

// ReadConfig reads a configuration. What is wrong with its checks is a fault like all others.
func ReadConfig(f *source.File) Config {
	c := Config{Reading: config.Read(f, rule.Infos())}
	if facts := c.Policy.ProdFacts; facts != nil {
		var faults []config.Fault
		c.Suite, faults = probe.Compile(facts)
		c.Add(faults...)
	}
	return c
}

// FindConfig reads the configuration that stands at one of some paths, nil where
// there is none.
func FindConfig(ctx context.Context, from Source, paths []string) (*Config, error) {
	files, err := FilesAt(ctx, from, paths)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	c := ReadConfig(files[0])
	c.Faults = append(c.Faults, Twice(files)...)
	return &c, nil
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
	Suite             *probe.Suite // the checks of Judge, nil where it has none

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
func configure(base, head *Config, commit string) Policies {
	switch {
	case base == nil && head == nil:
		return single(Config{Reading: config.Reading{Policy: config.Default()}})
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
		head = &Config{Reading: config.Reading{File: source.NewFile(base.File.Path, nil), Policy: config.Default()}}
	case compare.SameText(base.File.Text, head.File.Text) && len(base.Faults) == len(head.Faults): // they differ where a second file came or went
		p := single(before)
		p.File = head.File
		return p
	}
	return edited(before, *head)
}

// single is the policies of one configuration for all.
func single(c Config) Policies {
	p := Policies{Judge: c.Policy, Suite: c.Suite, Base: c.Policy, Head: c.Policy, Before: c.Policy, File: c.File}
	if len(c.Faults) > 0 {
		p.Broken = &c.Reading
	}
	return p
}

// edited is the policies of a change that edits its configuration.
func edited(before, after Config) Policies {
	p := Policies{Judge: before.Policy, Suite: before.Suite, Base: before.Policy, Head: after.Policy, Before: before.Policy, Edited: &after.Reading, File: after.File}
	if len(before.Faults) == 0 {
		return p
	}
	if len(after.Faults) > 0 {
		p.Broken = &after.Reading
		return p
	}
	p.Judge, p.Suite = config.Default(), nil
	p.Remark = fmt.Sprintf("the configuration of the base is broken (%s); the defaults judge this change, which fixes it.", before.Faults[0])
	return p
}

// brought says whether the change brings the first configuration, and it serves both sides.
func (p *Policies) brought() bool { return p.Before.Source != p.Base.Source }

// readsBase has the base read by its own words, not by those that the change brings.
func (p *Policies) readsBase() { p.Base.Words, p.Base.StateWords = p.Before.Words, p.Before.StateWords }
