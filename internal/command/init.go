package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/propose"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// initOptions is what the command line of init says.
type initOptions struct {
	board           string // empty where it is to be found
	state, workflow bool
	write           bool
}

const initLong = `Looks at the repository and proposes what it lacks: the configuration as far as
the board needs one, a board where there is none, the workflows, and the lines
for pre-commit.

It shows every file first and asks. What exists already is left alone, and
nothing is overwritten.`

func initCommand(p *Process) *cobra.Command {
	var o initOptions
	c := &cobra.Command{
		Use:     "init",
		Short:   "Propose configuration, board and workflow for this repository",
		Long:    initLong,
		Example: "  boardgate init                    # look, show, ask\n  boardgate init --write            # and write without asking\n  boardgate init --board TASKS.md   # the board has another name",
		Args:    atMost(0),
		RunE:    func(c *cobra.Command, _ []string) error { return p.init(c.Context(), &o) },
	}
	f := c.Flags()
	f.StringVar(&o.board, "board", "", "the board's `file`, where it has another name or is to be started")
	f.BoolVar(&o.state, "state", false, "propose a state file too")
	f.BoolVar(&o.workflow, "workflow", true, "propose workflows")
	f.BoolVar(&o.write, "write", false, "write without asking")
	return c
}

// init shows what it proposes, and writes it where the answer is yes.
func (p *Process) init(ctx context.Context, o *initOptions) error {
	root, found, err := p.inspect(ctx, o)
	if err != nil {
		return err
	}
	proposal := propose.For(found)
	if err := p.write([]byte(preview(proposal))); err != nil {
		return err
	}
	files := proposal.New()
	if len(files) == 0 {
		return p.write([]byte("Nothing to write.\n"))
	}
	if yes, err := p.agreed(o, len(files)); err != nil || !yes {
		return err
	}
	if err := writeFiles(root, files); err != nil {
		return err
	}
	return p.write([]byte(written(files, found.Git)))
}

// inspect reads what stands in the repository: in the git work tree, else in the
// working directory.
func (p *Process) inspect(ctx context.Context, o *initOptions) (string, propose.Found, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := p.checkout("")
	f := propose.Found{
		Git: c.inGit, Known: slices.Clone(change.BoardPaths), WantState: o.state, WantWorkflow: o.workflow,
		Ref: p.ref(), Now: p.Now(),
	}
	if o.board != "" {
		if f.Board = pathBelow(c.root, p.disk(o.board)); f.Board == "" {
			return "", f, misuse("", "--board %s: it is not inside the repository", o.board)
		}
	}
	if c.inGit && c.open() == nil {
		base, _ := c.repository.Base(ctx) // one that is not known is called main
		f.Branch = base.Branch
		c.close()
	}
	return c.root, f, c.fill(ctx, &f)
}

// fill reads the files that a proposal depends on.
func (c *checkout) fill(ctx context.Context, f *propose.Found) error {
	tree, search := c.tree(), c.search()
	r, err := change.FindConfig(ctx, tree, change.ConfigPaths)
	if err != nil {
		return err
	}
	var paths []string
	for path, err := range search.Places(ctx, tree) {
		if err != nil {
			return err
		}
		paths = append(paths, path)
		if c.folder == "" || !strings.HasPrefix(path, c.folder+"/") {
			f.Known = append(f.Known, path) // found from the root too
		}
	}
	if r != nil {
		f.Config, paths = &r.Reading, append(paths, r.Policy.Board)
		if p := r.Policy.ProdFacts; p != nil {
			f.Facts, f.Monitored = hasFacts(p), len(keptBy(p)) > 0
		}
	}
	if f.Boards, err = readableFiles(ctx, tree, append(paths, f.Board)); err != nil {
		return err
	}
	states, err := readableFiles(ctx, tree, change.StatePaths)
	if err == nil && len(states) > 0 {
		f.State = states[0]
	}
	if err == nil {
		f.Hooks, err = tree.Read(ctx, propose.HooksPath)
	}
	if err == nil {
		f.Workflows, err = readableFiles(ctx, tree, workflowsIn(c.root))
	}
	return err
}

// readableFiles reads the files that are there, each once.
func readableFiles(ctx context.Context, from change.Source, paths []string) ([]*source.File, error) {
	var out []*source.File
	for _, path := range paths {
		if path == "" || slices.ContainsFunc(out, func(f *source.File) bool { return f.Path == path }) {
			continue
		}
		f, err := from.Read(ctx, path)
		if err != nil && change.InItsPlace(err) == nil {
			return nil, err
		}
		if f != nil {
			out = append(out, f)
		}
	}
	return out, nil
}

// workflowsIn lists the workflows that a repository has.
func workflowsIn(root string) []string {
	folder := path.Dir(propose.WorkflowPath)
	var out []string
	within, err := os.OpenRoot(root)
	if err != nil {
		return nil
	}
	defer within.Close()
	entries, _ := fs.ReadDir(within.FS(), folder) // what cannot be listed cannot be written to either, nor does GitHub follow links
	for _, e := range entries {
		if ext := path.Ext(e.Name()); !e.IsDir() && (ext == ".yml" || ext == ".yaml") {
			out = append(out, path.Join(folder, e.Name()))
		}
	}
	return out
}

// release returns a version that a tag of the repository has, empty for a build
// between two.
func release(version string) string {
	v := "v" + strings.TrimPrefix(version, "v")
	if strings.Count(v, ".") != 2 || strings.ContainsFunc(v[1:], func(r rune) bool { return r != '.' && (r < '0' || r > '9') }) {
		return ""
	}
	return v
}

// preview shows what was found and each file.
func preview(p propose.Proposal) string {
	var b strings.Builder
	for _, r := range p.Remarks {
		b.WriteString(text.Block(r) + "\n")
	}
	b.WriteString("\n")
	for _, f := range p.Files {
		switch {
		case !f.Standing:
			fmt.Fprintf(&b, "%s is new: it %s.\n", text.Block(f.Path), f.Why)
		case f.Text == "":
			fmt.Fprintf(&b, "%s exists already and is left alone.\n", text.Block(f.Path))
		default:
			fmt.Fprintf(&b, "%s exists already and is left alone. What to add to it:\n", text.Block(f.Path))
		}
		if f.Text != "" {
			b.WriteString(indent(text.Block(f.Text), "    "))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// agreed asks whether to write.
func (p *Process) agreed(o *initOptions, n int) (bool, error) {
	if o.write {
		return true, nil
	}
	if err := p.write(fmt.Appendf(nil, "Write %s? [y/N] ", text.Count(n, "file"))); err != nil {
		return false, err
	}
	answer, _ := bufio.NewReader(p.Stdin).ReadString('\n') // the end of the input is a no
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return true, nil
	}
	return false, p.write([]byte("\nNothing was written. `boardgate init --write` writes.\n"))
}

func written(files []propose.File, inGit bool) string {
	var b strings.Builder
	for _, f := range files {
		fmt.Fprintf(&b, "wrote %s\n", text.Block(f.Path))
	}
	b.WriteString("\n`boardgate check` judges the board.")
	if inGit {
		b.WriteString(" Commit the files in a pull request.")
	}
	return b.String() + "\n"
}

// writeFiles writes the files, all or none. A file that came meanwhile is not overwritten.
func writeFiles(dir string, files []propose.File) error {
	root, err := os.OpenRoot(dir) // no link leads out of it
	if err != nil {
		return unwritten(".", err)
	}
	defer root.Close()
	w := &placing{root: root}
	for _, f := range files {
		if err := w.prepare(f); err != nil {
			return errors.Join(unwritten(f.Path, err), w.undo())
		}
	}
	for i, f := range files {
		if err := w.put(w.aside[i], filepath.FromSlash(f.Path)); err != nil {
			return errors.Join(unwritten(f.Path, err), w.undo())
		}
	}
	return nil
}

// unwritten says that nothing stands where it did not before.
func unwritten(path string, err error) error {
	return &failure{Misused, fmt.Errorf("writing %s: %w", path, bare(err)), "Nothing was written."}
}

// placing is files on their way to their places.
type placing struct {
	root  *os.Root
	made  []string // folders and files, in the order they were made
	aside []string // the files beside their places
}

// prepare writes a file beside its place, and the folders above it.
func (w *placing) prepare(f propose.File) error {
	local := filepath.FromSlash(f.Path)
	if err := w.folders(filepath.Dir(local)); err != nil {
		return err
	}
	if _, err := w.root.Lstat(local); err == nil {
		return fs.ErrExist
	}
	aside := local + ".boardgate"
	out, err := w.root.OpenFile(aside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	w.made, w.aside = append(w.made, aside), append(w.aside, aside)
	_, err = out.WriteString(f.Text)
	return errors.Join(err, out.Close())
}

// folders makes a folder and those above it.
func (w *placing) folders(dir string) error {
	if _, err := w.root.Stat(dir); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := w.folders(filepath.Dir(dir)); err != nil {
		return err
	}
	err := w.root.Mkdir(dir, 0o755)
	if err == nil {
		w.made = append(w.made, dir)
	}
	return err
}

// put moves a file to its place, where a link refuses one that is taken.
func (w *placing) put(aside, local string) error {
	err := w.root.Link(aside, local)
	if err == nil {
		w.made = append(w.made, local)
		return w.root.Remove(aside)
	}
	if _, there := w.root.Lstat(local); there == nil {
		return fs.ErrExist
	}
	if err := w.root.Rename(aside, local); err != nil { // a file system without links
		return err
	}
	w.made = append(w.made, local)
	return nil
}

// undo takes away what was made, the last first.
func (w *placing) undo() error {
	var left []error
	for _, name := range slices.Backward(w.made) {
		if err := w.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			left = append(left, fmt.Errorf("%s is left: %w", name, bare(err)))
		}
	}
	return errors.Join(left...)
}
