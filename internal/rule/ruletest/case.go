// Package ruletest makes cases of the examples in the rules' books, for tests.
package ruletest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// Now is the time of an example that names none.
var Now = time.Date(2025, 3, 14, 12, 0, 0, 0, time.UTC)

// Files are the files that an example may hold, each with what it is, in
// Markdown. CONTRIBUTING.md shows them as a table.
var Files = [][2]string{
	{"head.md", "the board after the change; without one there is none"},
	{"base.md", "the board before it; without one there is no base"},
	{"earlier.md", "the board as it was committed when the limit of `wip-age` began; without one that is not known"},
	{"no-base", "if there is one, the base has no board (adoption)"},
	{"state.md", "the state file after the change"},
	{"state-base.md", "the state file before it; without one the same as after"},
	{"archive.md", "the archive after the change"},
	{"archive-base.md", "the archive before it"},
	{"no-archive", "why the archive could not be read, a sentence"},
	{"config.yml", "the configuration in force"},
	{"head-config.yml", "the configuration as the change edits it"},
	{"pulls", "what is known of the pull requests cited: `NUMBER STATE [BRANCH [reached or not-reached]]`, a line each"},
	{"paths", "which paths are in the repository: `PATH there` or `PATH missing`, a line each"},
	{"production", "what production answered: `FACT OUTCOME[,confirmed] REASON`, a line each"},
	{"incident", "the incident issue: `open NUMBER SINCE FACT...`, `stale NUMBER UPDATED`, `none yet` or `unknown REASON`"},
	{"args", "`standing` (the board as it stands, on a schedule), `now RFC3339`, `pull NUMBER` or `pull pending`, `stake on-done` or `stake decides`, a line each"},
	{"want", "what the terminal prints in short form: a line a finding, its hint below; empty for silence"},
}

// Judge returns what the rules say of an example and its case: of the change,
// or, where its args say `standing`, of the board as it stands.
func Judge(e rule.Example, c *rule.Case) rule.Judgement {
	args, _ := e.File("args")
	if slices.Contains(strings.Fields(args), "standing") {
		return rule.Audit(c)
	}
	return rule.Judge(c)
}

// Case returns the case an example stands for. A file that is none of Files is
// an error.
func Case(e rule.Example) (*rule.Case, error) {
	for _, f := range e.Files {
		if !slices.ContainsFunc(Files, func(known [2]string) bool { return known[0] == f.Name }) {
			return nil, fmt.Errorf("no example has a file %q; the table in CONTRIBUTING.md names those that are read", f.Name)
		}
	}
	c := &rule.Case{Now: Now, Policy: config.Default(), BoardPath: "head.md"}
	if err := configure(c, e); err != nil {
		return nil, err
	}
	c.BaseWords, c.HeadWords = c.Policy.Words, c.Policy.Words
	if c.HeadConfig != nil && len(c.HeadConfig.Faults) == 0 {
		c.HeadWords = c.HeadConfig.Policy.Words
		c.Redirects = redirects(e, c.HeadConfig)
	}
	c.Head = parse(e, "head.md", c.HeadWords)
	c.Base = parse(e, "base.md", c.BaseWords)
	c.State = parse(e, "state.md", board.StateWords(c.HeadWords))
	c.BaseState = parse(e, "state-base.md", c.Policy.StateWords)
	if c.BaseState == nil {
		c.BaseState = c.State
	}
	c.Archive = parse(e, "archive.md", c.HeadWords)
	c.BaseArchive = parse(e, "archive-base.md", c.BaseWords)
	noArchive, _ := e.File("no-archive")
	c.NoArchive = strings.TrimSpace(noArchive)
	if b := parse(e, "earlier.md", c.BaseWords); b != nil {
		c.Earlier = []*board.Board{b}
	}
	baseKind(c, e)
	c.Base, c.Head = board.Alike(c.Base, c.Head)
	c.Changes = compare.Boards(c.Base, c.Head)
	return c, answers(c, e)
}

// redirects are the files of an example that its head's configuration names elsewhere.
func redirects(e rule.Example, r *config.Reading) []rule.Redirect {
	var out []rule.Redirect
	for _, one := range []rule.Redirect{
		{Key: "board", What: "the board", Path: "head.md", To: r.Policy.Board},
		{Key: "state", What: "the state file", Path: "state.md", To: r.Policy.State},
		{Key: "archive", What: "the archive", Path: "archive.md", To: r.Policy.Archive},
	} {
		if _, there := e.File(one.Path); there && one.To != "" && one.To != one.Path {
			one.Named, one.By = true, r.File
			out = append(out, one)
		}
	}
	return out
}

func baseKind(c *rule.Case, e rule.Example) {
	_, none := e.File("no-base")
	switch {
	case none, c.Base != nil && len(c.Base.Columns) == 0:
		c.BaseKind, c.Base = rule.Adoption, nil
	case c.Base != nil:
		c.BaseKind = rule.Present
		c.Deleted = c.Head == nil
	}
}

func parse(e rule.Example, name string, words board.Words) *board.Board {
	text, ok := e.File(name)
	if !ok {
		return nil
	}
	return board.Parse(source.NewFile(name, []byte(text)), words)
}

func configure(c *rule.Case, e rule.Example) error {
	if text, ok := e.File("config.yml"); ok {
		r := config.Read(source.NewFile("config.yml", []byte(text)), rule.Infos())
		if len(r.Faults) > 0 {
			return fmt.Errorf("config.yml: %s", r.Faults[0].Message)
		}
		c.Policy = r.Policy
	}
	if text, ok := e.File("head-config.yml"); ok {
		r := config.Read(source.NewFile("head-config.yml", []byte(text)), rule.Infos())
		c.HeadConfig = &r
	}
	return nil
}

// answers reads the facts and the arguments.
func answers(c *rule.Case, e rule.Example) error {
	c.Facts = fact.Answers{Pulls: map[fact.Pull]fact.PullAnswer{}, Paths: map[fact.Path]fact.Presence{}, Branches: []string{"main"}}
	if err := each(e, "pulls", 2, func(f []string) error { return pull(c, f) }); err != nil {
		return err
	}
	if err := each(e, "paths", 2, func(f []string) (err error) {
		c.Facts.Paths[fact.Path(f[0])], err = oneOf(f[1], fact.PathThere, fact.PathMissing)
		return err
	}); err != nil {
		return err
	}
	if err := each(e, "production", 2, func(f []string) error { return production(c, f) }); err != nil {
		return err
	}
	if err := each(e, "incident", 2, func(f []string) error { return incident(c, f) }); err != nil {
		return err
	}
	return each(e, "args", 1, func(f []string) error { return argument(c, f[0], strings.Join(f[1:], " ")) })
}

// argument takes in one line of args.
func argument(c *rule.Case, name, value string) (err error) {
	switch name {
	case "standing": // Judge reads it
		if value != "" {
			err = fmt.Errorf("%q after standing", value)
		}
	case "stake":
		c.Enforcement, err = oneOf(value, rule.BlockOnDone, rule.Blocking)
	case "pull":
		if c.PullPending = value == "pending"; !c.PullPending {
			c.Pull, err = strconv.Atoi(value)
		}
	case "now":
		c.Now, err = time.Parse(time.RFC3339, value)
	default:
		err = fmt.Errorf("unknown argument %q", name)
	}
	return err
}

func pull(c *rule.Case, f []string) error {
	repo, number, found := strings.Cut(f[0], "#")
	if !found {
		repo, number = "", f[0]
	}
	n, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	a := fact.PullAnswer{Reason: "the answer was 502"}
	if a.State, err = oneOf(f[1], fact.Unknown, fact.Merged, fact.OpenPull, fact.Closed, fact.IsIssue, fact.Absent, fact.Unreadable); err != nil {
		return err
	}
	if len(f) > 2 {
		a.Base = f[2]
	}
	if len(f) > 3 {
		if a.Reach, err = oneOf(f[3], fact.Reached, fact.NotReached); err != nil {
			return err
		}
	}
	c.Facts.Pulls[fact.Pull{Repo: repo, Number: n}] = a
	return nil
}

// production adds the answer to a fact.
func production(c *rule.Case, f []string) error {
	word, confirmed := strings.CutSuffix(f[1], ",confirmed")
	for o := range fact.Skipped + 1 {
		if o.String() != word {
			continue
		}
		if c.Facts.Production == nil {
			c.Facts.Production = &fact.Production{}
		}
		c.Facts.Production.Results = append(c.Facts.Production.Results, fact.Result{
			Probe: fact.Probe{Name: f[0], Method: "GET"}, Outcome: o, Confirmed: confirmed, Reason: strings.Join(f[2:], " "),
		})
		return nil
	}
	return fmt.Errorf("%q is not an outcome", word)
}

// incident sets what is known of the issue that tells of production.
func incident(c *rule.Case, f []string) (err error) {
	var i fact.Incident
	if i.State, err = oneOf(f[0], fact.IncidentUnknown, fact.IncidentNone, fact.IncidentOpen, fact.IncidentStale); err != nil {
		return err
	}
	switch i.State {
	case fact.IncidentOpen, fact.IncidentStale:
		if len(f) < 3 || i.State == fact.IncidentOpen && len(f) == 3 {
			return fmt.Errorf("%s wants a number, a time and facts", f[0])
		}
		if i.Number, err = strconv.Atoi(f[1]); err != nil {
			return err
		}
		i.Since, err = time.Parse(time.RFC3339, f[2])
		i.Updated, i.Facts = i.Since, f[3:]
	case fact.IncidentUnknown:
		i.Reason = strings.Join(f[1:], " ")
	}
	c.Facts.Incident = i
	return err
}

// oneOf returns a word that has to be one of a few.
func oneOf[T ~string](word string, known ...T) (T, error) {
	if !slices.Contains(known, T(word)) {
		return "", fmt.Errorf("%q is none of %q", word, known)
	}
	return T(word), nil
}

// each calls f with the words of every line of a file, which has at least so many.
func each(e rule.Example, name string, least int, f func([]string) error) error {
	text, _ := e.File(name)
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < least {
			return fmt.Errorf("%s: line %q is too short", name, strings.TrimSpace(line))
		}
		if err := f(words); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
