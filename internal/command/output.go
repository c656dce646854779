package command

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
)

// rulePages is where the rules' pages are read.
const rulePages = "https://github.com/boardgate/boardgate/blob/main/docs/rules/"

// output is how and where a report is written.
type output struct {
	format string
	path   string // empty for standard output
	color  string

	render report.Format
}

var colors = []string{"auto", "always", "never"}

func (o *output) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.format, "format", "text", "`format` of the report: "+strings.Join(report.Formats(), ", "))
	f.StringVar(&o.path, "output", "", "write the report to this `file`")
	f.StringVar(&o.color, "color", "auto", "colours in text: auto, always or never; auto heeds NO_COLOR")
	complete(c, "format", report.Formats()...)
	complete(c, "color", colors...)
}

// settle refuses values that name nothing, and a file that cannot be written,
// before any work is done.
func (o *output) settle(p *Process) error {
	format, ok := report.FormatNamed(o.format)
	if !ok {
		return misuse(didYouMean(o.format, report.Formats()), "--format %s: it is one of %s", o.format, strings.Join(report.Formats(), ", "))
	}
	o.render = format
	if !slices.Contains(colors, o.color) {
		return misuse("", "--color %s: it is auto, always or never", o.color)
	}
	if o.path == "" {
		return nil
	}
	return writable("--output", o.path, p.disk(o.path))
}

// writable refuses a path that a report should not take the place of: anything
// but a regular file, a link in particular, which may point anywhere.
func writable(flag, typed, path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if folder, err := os.Stat(filepath.Dir(path)); err != nil || !folder.IsDir() {
			return misuse("", "%s %s: there is no folder %s", flag, typed, filepath.ToSlash(filepath.Dir(typed)))
		}
		return nil
	case err != nil:
		return misuse("", "%s %s: %w", flag, typed, err)
	case info.IsDir():
		return misuse("Name a file in it.", "%s %s: it is a directory", flag, typed)
	case info.Mode()&fs.ModeSymlink != 0:
		return misuse("Name the file itself.", "%s %s: it is a link, and no link is followed", flag, typed)
	case !info.Mode().IsRegular():
		return misuse("", "%s %s: it is no regular file", flag, typed)
	}
	return nil
}

// write renders a report and puts it where it is wanted. Where that is a file,
// standard output gets the verdict.
func (o *output) write(p *Process, r *report.Report) error {
	data := o.render(r, o.options(p))
	if o.path == "" {
		return p.write(data)
	}
	if err := save(p.disk(o.path), data); err != nil {
		return fmt.Errorf("writing %s: %w", o.path, err)
	}
	return p.write(fmt.Appendf(nil, "%s (report in %s)\n", report.VerdictLine(r), filepath.ToSlash(o.path)))
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
func save(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".boardgate-*")
	if err != nil {
		return bare(err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode(path)), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return bare(err)
}

// mode is that of the file whose place is taken, else what others may read.
func mode(path string) fs.FileMode {
	if info, err := os.Stat(path); err == nil {
		return info.Mode().Perm()
	}
	return 0o644
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
