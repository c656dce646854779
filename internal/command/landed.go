package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/probe"
	"github.com/boardgate/boardgate/internal/rule"
)

const landedHint = `A branch could name any host for them. They are sent once the default branch has these facts, and with
--allow-work-tree-config, which is for a configuration that you have read.`

// landed refuses to send secrets where a configuration says that has not landed:
// whoever opened the branch that is checked out would choose who gets them.
func (o *factsOptions) landed(ctx context.Context, p *Process, suite *probe.Suite, section *config.ProdFacts, place string) error {
	secrets := slices.DeleteFunc(suite.Secrets(o.facts...), func(name string) bool { _, set := p.env(name); return !set })
	if len(secrets) == 0 || o.allowWorkTree {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if why := p.unlanded(ctx, section, place); why != "" {
		return misuse(landedHint, "%s: not sent, because %s", strings.Join(secrets, ", "), why)
	}
	return nil
}

// unlanded says why the facts of a configuration are not known to be those of the
// default branch; empty where they are.
func (p *Process) unlanded(ctx context.Context, section *config.ProdFacts, place string) string {
	c := p.checkout("")
	if !c.inGit {
		return "this is not a git work tree, so no default branch says where to"
	}
	if err := c.open(); err != nil {
		return "what the default branch says cannot be read: " + err.Error()
	}
	defer c.close()
	base, err := c.repository.Landed(ctx)
	if err != nil {
		return "what the default branch says cannot be read: " + err.Error()
	}
	commit := change.Commit{Repository: c.repository, ID: base.Commit}
	for _, path := range append(slices.Clone(change.ConfigPaths), pathBelow(c.root, place)) {
		f, err := commit.Read(ctx, path)
		if err != nil {
			return "what the default branch says cannot be read: " + err.Error()
		}
		if f == nil {
			continue
		}
		if there := config.Read(f, rule.Infos()).Policy.ProdFacts; there != nil && there.Same(section) {
			return ""
		}
	}
	return fmt.Sprintf("prod-facts in %s is not as %s has it (%.12s)", section.Span.File.Path, base.Branch, base.Commit)
}
