package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"unicode"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/event"
	"github.com/boardgate/boardgate/internal/rule"
)

// inputs are the action's inputs with their defaults filled in.
type inputs struct {
	token  string // empty for none
	name   string // where a repository has several boards
	board  string // paths in the repository, empty for what the configuration says
	state  string
	config string // empty for where a configuration is looked for

	requireBoard bool
	failOn       config.Severity
	observe      bool // nothing of a change makes the job fail
	checkRun     bool
	comment      string // on-findings, always, never
	suggestions  bool

	prodFacts    string // auto, off, only
	prodFactsURL string

	caFile string // a path from the workspace
	files  []fileWish
}

// readInputs reads the inputs and says all that is wrong with them at once.
func readInputs(e event.Event) (inputs, error) {
	r := inputReader{event: e}
	in := inputs{
		token: e.Input("token"), name: r.name(),
		board: r.path("board"), state: r.path("state"), config: r.path("config"),
		requireBoard: r.flag("require-board"), checkRun: r.flag("check-run"), suggestions: r.flag("suggestions"),
		comment:   r.choice("comment", "on-findings", "always", "never"),
		prodFacts: r.choice("prod-facts", "auto", "off", "only"), prodFactsURL: e.Input("prod-facts-url"),
		caFile: r.inside("ca-file"),
	}
	in.failOn = config.Severity(r.choice("fail-on", string(rule.Error), string(rule.Warning), never))
	if in.observe = in.failOn == never; in.observe {
		in.failOn = rule.Error
	}
	for _, kind := range reportFiles {
		in.files = append(in.files, r.file(kind)...)
	}
	return in, errors.Join(r.wrong...)
}

// never is the word of fail-on that observes.
const never = "never"

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

// mostCA is how many bytes ca-file may hold. All public certificates are about 250 kB.
const mostCA = 1 << 20

// certificates reads ca-file. What lies in a workspace may be a stranger's: no
// symbolic link leads out of it.
func certificates(workspace, name string) ([]byte, error) {
	root, err := os.OpenRoot(workspace)
	if err != nil {
		return nil, bare(err)
	}
	defer root.Close()
	info, err := root.Lstat(name)
	switch {
	case err != nil:
		return nil, bare(err)
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, errors.New("it is a symbolic link; symbolic links are not followed")
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	case info.Size() > mostCA:
		return nil, fmt.Errorf("it is larger than %d bytes", mostCA)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, bare(err)
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, mostCA))
}

// connect makes the client. Without a token there is none.
func (a *action) connect() (err error) {
	if a.in.token == "" {
		return nil
	}
	if a.in.caFile != "" {
		if a.ca, err = certificates(a.event.Workspace, a.in.caFile); err != nil {
			return fmt.Errorf("reading ca-file %s: %w", a.in.caFile, err)
		}
	}
	a.client, err = a.p.gitHub(a.in.token, a.event, a.ca)
	return err
}
