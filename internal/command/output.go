package command

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
)

// rulePages is where the rules' pages are read.
const rulePages = "https://github.com/boardgate/boardgate/blob/main/docs/rules/"

// output is how and where a report is written.
type output struct {
	formats []string // those to choose from

	format string
	path   string // empty for standard output
	color  string

	render report.Format
}

var colors = []string{"auto", "always", "never"}

func (o *output) flags(c *cobra.Command, formats []string) {
	o.formats = formats
	f := c.Flags()
	f.StringVar(&o.format, "format", "text", "`format` of the report: "+strings.Join(formats, ", "))
	f.StringVar(&o.path, "output", "", "write the report to this `file`")
	complete(c, "format", formats...)
}

func (o *output) colorFlag(c *cobra.Command) {
	c.Flags().StringVar(&o.color, "color", "auto", "colours in text: auto, always or never; auto honours NO_COLOR")
	complete(c, "color", colors...)
}

// validate refuses values that name nothing, and a file that cannot be written,
// before any work is done.
func (o *output) validate(p *Process) error {
	if !slices.Contains(o.formats, o.format) {
		return misuse(didYouMean(o.format, o.formats), "--format %s: it is one of %s", o.format, strings.Join(o.formats, ", "))
	}
	o.render, _ = report.FormatNamed(o.format)
	if !slices.Contains(colors, o.color) {
		return misuse("", "--color %s: it is auto, always or never", o.color)
	}
	if o.path == "" {
		return nil
	}
	return p.writable("--output", o.path)
}

// target is where a file goes: a folder, and the path from it, slash-separated. The
// folder is the user's or the runner's word; what lies below it may be a stranger's.
type target struct{ folder, name string }

// target returns where a file goes that the user names: from the root of its git work
// tree, else from the working directory, since both can hold links.
func (p *Process) target(path string) target {
	path = filepath.Clean(p.disk(path))
	if root, inside, ok := p.workTree(path); ok {
		return target{root, filepath.ToSlash(inside)}
	}
	if inside, err := filepath.Rel(p.Dir, path); err == nil && filepath.IsLocal(inside) {
		return target{p.Dir, filepath.ToSlash(inside)}
	}
	return target{filepath.Dir(path), filepath.Base(path)}
}

// writable refuses a file that a report should not take the place of.
func (p *Process) writable(flag, typed string) error {
	to := p.target(typed)
	root, err := os.OpenRoot(to.folder)
	if change.Absent(err) {
		err = fmt.Errorf("there is no folder %s", filepath.ToSlash(filepath.Dir(typed)))
	}
	if err == nil {
		defer root.Close()
		_, err = to.occupant(root)
	}
	if err != nil {
		return misuse("", "%s %s: %w", flag, typed, err)
	}
	return nil
}

// occupant returns the file whose place is taken, nil where there is none. It
// refuses anything but a file, and a path of which a part is a symbolic link.
func (to target) occupant(root *os.Root) (fs.FileInfo, error) {
	const refused = "%s is a symbolic link; symbolic links are not followed"
	parts := strings.Split(to.name, "/")
	for i := 1; i < len(parts); i++ {
		folder := path.Join(parts[:i]...)
		info, err := root.Lstat(folder)
		switch {
		case err == nil && info.Mode()&fs.ModeSymlink != 0:
			return nil, fmt.Errorf(refused, folder)
		case change.Absent(err), err == nil && !info.IsDir():
			return nil, fmt.Errorf("there is no folder %s", folder)
		case err != nil:
			return nil, fmt.Errorf("%s: %w", folder, bare(err))
		}
	}
	info, err := root.Lstat(to.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, bare(err)
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, fmt.Errorf(refused, "it")
	case info.IsDir():
		return nil, errors.New("it is a directory; name a file in it")
	case !info.Mode().IsRegular():
		return nil, change.ErrSpecial
	}
	return info, nil
}

// makeFolders makes the folders of a file that are missing. Symbolic links are not
// followed; save says that one is in the way. Own changes the owner of what is made.
func (to target) makeFolders(own func(root *os.Root, name string)) error {
	root, err := os.OpenRoot(to.folder)
	if err != nil {
		return bare(err)
	}
	defer root.Close()
	parts := strings.Split(to.name, "/")
	for i := 1; i < len(parts); i++ {
		folder := path.Join(parts[:i]...)
		info, err := root.Lstat(folder)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			if err := root.Mkdir(folder, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("making the folder %s: %w", folder, bare(err))
			}
			own(root, folder)
		case err != nil || !info.IsDir():
			return nil
		}
	}
	return nil
}

// write renders a report and puts it where it is wanted. Where that is a file,
// standard output gets the verdict, behind what production answered where that is
// what the report is of.
func (o *output) write(p *Process, r *report.Report) error {
	data := o.render(r, o.options(p))
	if o.path == "" {
		return p.write(data)
	}
	if err := p.target(o.path).save(data, nil); err != nil {
		return fmt.Errorf("writing %s: %w", o.path, err)
	}
	line := report.VerdictLine(r)
	if r.ProductionOnly() {
		line = report.ProductionLine(*r.Production) + "\n" + line
	}
	return p.write(fmt.Appendf(nil, "%s (report in %s)\n", line, filepath.ToSlash(o.path)))
}

// options is what a format may know of its reader.
func (o *output) options(p *Process) report.Options {
	out := report.Options{Help: rulePages, Book: bookOf, Color: o.color == "always"}
	if o.path == "" && p.Terminal {
		out.Width = p.Width
		out.Color = out.Color || o.color == "auto" && p.colors()
	}
	return out
}

// colors says whether a terminal should get colours: see https://no-color.org.
// The older console of Windows shows the codes instead.
func (p *Process) colors() bool {
	if p.Getenv("NO_COLOR") != "" || p.Getenv("TERM") == "dumb" {
		return false
	}
	return runtime.GOOS != "windows" || cmp.Or(p.Getenv("WT_SESSION"), p.Getenv("TERM")) != ""
}

func bookOf(name string) (short, text string) {
	b, _ := rule.BookOf(name)
	return b.Title, b.Prose
}

// save writes a file whole or not at all: beside its place first, then into it.
// It has the mode of the file whose place it takes, else what the umask leaves.
// Own, where there is one, changes the owner of what is written.
func (to target) save(data []byte, own func(root *os.Root, name string)) (err error) {
	root, err := os.OpenRoot(to.folder)
	if err != nil {
		return bare(err)
	}
	defer root.Close()
	old, err := to.occupant(root)
	if err != nil {
		return err
	}
	beside := path.Join(path.Dir(to.name), ".boardgate-"+rand.Text())
	defer func() {
		if err != nil {
			_ = root.Remove(beside) // what is half written is nobody's
		}
	}()
	if err := writeNew(root, beside, data, old); err != nil {
		return bare(err)
	}
	if own != nil {
		own(root, beside)
	}
	return bare(root.Rename(beside, to.name))
}

// writeNew writes a file that is not there, with the mode of an old one where there is one.
func writeNew(root *os.Root, name string, data []byte, old fs.FileInfo) error {
	mode := fs.FileMode(0o666)
	if old != nil {
		mode = old.Mode().Perm()
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	if old != nil {
		err = f.Chmod(mode) // whatever the umask took away
	}
	if err == nil {
		_, err = f.Write(data)
	}
	return errors.Join(err, f.Close())
}

// bare takes the temporary file's name off an error.
func bare(err error) error {
	if inner := (*fs.PathError)(nil); errors.As(err, &inner) {
		return inner.Err
	}
	if inner := (*os.LinkError)(nil); errors.As(err, &inner) {
		return inner.Err
	}
	return err
}
