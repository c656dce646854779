package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/publish"
	"github.com/boardgate/boardgate/internal/report"
)

// reportFiles are the inputs that ask for a file, and its format.
var reportFiles = []fileWish{{input: "report-file", format: report.JSON}, {input: "sarif-file", format: report.SARIF}, {input: "junit-file", format: report.JUnit}}

// fileWish is a file that an input asks for.
type fileWish struct {
	input  string
	format report.Format
	path   string // from the workspace
}

// file reads an input that names a file to write: inside the workspace only.
func (r *inputReader) file(kind fileWish) []fileWish {
	given := r.event.Input(kind.input)
	if given == "" {
		return nil
	}
	workspace := r.event.Workspace
	if workspace == "" {
		r.note(fmt.Errorf("input %s is %q: GITHUB_WORKSPACE is not set, so there is nowhere to put it", kind.input, given))
		return nil
	}
	to := given
	if inside, err := filepath.Rel(workspace, given); filepath.IsAbs(given) && err == nil {
		to = inside
	}
	if !filepath.IsLocal(to) || filepath.Clean(to) == "." {
		r.note(fmt.Errorf("input %s is %q: want a path inside the workspace", kind.input, given))
		return nil
	}
	kind.path = filepath.ToSlash(filepath.Clean(to))
	return []fileWish{kind}
}

// writeFiles writes the files asked for, the JSON report with the receipts of
// all that went before it.
func (a *action) writeFiles(r *report.Report) {
	for _, f := range slices.Backward(a.in.files) { // the JSON report comes last
		receipt := report.Receipt{Sink: f.input, State: publish.Done}
		text := f.format(r, report.Options{Help: rulePages, Book: bookOf})
		receipt.Detail = fmt.Sprintf("%d bytes in %s", len(text), f.path)
		if err := placeBelow(a.event.Workspace, f.path, text); err != nil {
			receipt.State, receipt.Detail = publish.Failed, fmt.Sprintf("%s: %v", f.path, err)
		}
		r.Receipts = append(r.Receipts, receipt)
	}
}

// placeBelow writes a file below a folder, whole or not at all. No link is followed:
// what lies in a workspace may be a stranger's. The container is root, so the
// file is given to the folder's owner, who could not take it away otherwise
// (https://github.com/actions/runner/issues/434).
func placeBelow(folder, name string, text []byte) (err error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return bare(err)
	}
	defer root.Close()
	if err := unlinked(root, name); err != nil {
		return err
	}
	beside := path.Join(path.Dir(name), ".boardgate-"+path.Base(name))
	if err := root.Remove(beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return bare(err)
	}
	if err := writeNew(root, beside, text); err != nil {
		_ = root.Remove(beside) // what is half written is nobody's
		return bare(err)
	}
	give(root, beside)
	return bare(root.Rename(beside, name))
}

func writeNew(root *os.Root, name string, text []byte) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// unlinked refuses a path of which a part is a link, and a place that is taken
// by anything but a file.
func unlinked(root *os.Root, name string) error {
	parts := strings.Split(name, "/")
	for i := range parts {
		at := path.Join(parts[:i+1]...)
		info, err := root.Lstat(at)
		last := i == len(parts)-1
		switch {
		case last && errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return fmt.Errorf("%s: %w", at, bare(err))
		case info.Mode()&fs.ModeSymlink != 0:
			return fmt.Errorf("%s is a link, and no link is followed", at)
		case last && !info.Mode().IsRegular():
			return fmt.Errorf("%s is no regular file", at)
		}
	}
	return nil
}
