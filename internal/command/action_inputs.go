package command

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/boardgate/boardgate/internal/event"
	"github.com/boardgate/boardgate/internal/policy"
	"github.com/boardgate/boardgate/internal/rule"
)

// inputs are the action's inputs with their defaults filled in.
type inputs struct {
	token  string // empty for none
	name   string // where a repository has several boards
	board  string // paths in the repository, empty for what the configuration says
	state  string
	config string

	requireBoard bool
	failOn       policy.Severity
	checkRun     bool
	comment      string // on-findings, always, never
	suggestions  bool

	prodFacts    string // auto, off, only
	prodFactsURL string

	caFile string // a path in the container
	files  []fileWish
}

// readInputs reads the inputs and says all that is wrong with them at once.
func readInputs(e event.Event) (inputs, error) {
	r := inputReader{event: e}
	in := inputs{
		token: e.Input("token"), name: r.name(),
		board: r.path("board"), state: r.path("state"), config: cmp.Or(r.path("config"), configPath),
		requireBoard: r.flag("require-board"), checkRun: r.flag("check-run"), suggestions: r.flag("suggestions"),
		failOn:    policy.Severity(r.choice("fail-on", string(rule.Error), string(rule.Warning))),
		comment:   r.choice("comment", "on-findings", "always", "never"),
		prodFacts: r.choice("prod-facts", "auto", "off", "only"), prodFactsURL: e.Input("prod-facts-url"),
		caFile: e.Input("ca-file"),
	}
	for _, kind := range reportFiles {
		in.files = append(in.files, r.file(kind)...)
	}
	return in, errors.Join(r.wrong...)
}

// inputReader collects what is wrong.
type inputReader struct {
	event event.Event
	wrong []error
}

func (r *inputReader) note(err error) {
	if err != nil {
		r.wrong = append(r.wrong, err)
	}
}

// flag reads one of the inputs that are true where they are not set.
func (r *inputReader) flag(name string) bool {
	set, err := r.event.Flag(name, true)
	r.note(err)
	return set
}

func (r *inputReader) choice(name string, words ...string) string {
	word, err := r.event.Choice(name, words...)
	r.note(err)
	return word
}

// path reads a path in the repository. GitHub answers a path with ".." in it as
// one that is not there, which would be a wrong answer to a slip.
func (r *inputReader) path(name string) string {
	given := r.event.Input(name)
	clean := path.Clean(given)
	if given != "" && (strings.HasPrefix(clean, "/") || clean == "." || clean == ".." || strings.HasPrefix(clean, "../") || strings.Contains(given, "\\")) {
		r.note(fmt.Errorf("input %s is %q: want a path in the repository, such as docs/NEXT-7D.md", name, given))
	}
	if given == "" {
		return ""
	}
	return clean
}

// mostName is how many bytes the name of a check run leaves for the input name.
const mostName = 60

func (r *inputReader) name() string {
	given := r.event.Input("name")
	if len(given) > mostName || strings.ContainsFunc(given, unicode.IsControl) {
		r.note(fmt.Errorf("input name is %q: want one line of at most %d bytes", given, mostName))
	}
	return given
}

// connect makes the client. Without a token there is none.
func (a *action) connect() (err error) {
	if a.in.token == "" {
		return nil
	}
	if a.in.caFile != "" {
		if a.ca, err = os.ReadFile(a.inWorkspace(a.in.caFile)); err != nil {
			return fmt.Errorf("reading ca-file: %w", err)
		}
	}
	a.client, err = a.p.gitHub(a.in.token, a.event, a.ca)
	return err
}

// inWorkspace returns where a path lies that an input gives: one that is not
// absolute is the workspace's.
func (a *action) inWorkspace(p string) string {
	if filepath.IsAbs(p) || a.event.Workspace == "" {
		return p
	}
	return filepath.Join(a.event.Workspace, p)
}
