package command

import (
	"fmt"
	"path/filepath"
	"slices"

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

// file reads an input that names a file to write.
func (r *inputReader) file(kind fileWish) []fileWish {
	if kind.path = r.inside(kind.input); kind.path == "" {
		return nil
	}
	return []fileWish{kind}
}

// inside reads an input that names a file, which is inside the workspace, and
// returns its path from there; empty where none is named.
func (r *inputReader) inside(input string) string {
	given := r.event.Input(input)
	if given == "" {
		return ""
	}
	workspace := r.event.Workspace
	if workspace == "" {
		r.note(fmt.Errorf("input %s is %q: GITHUB_WORKSPACE is not set, so the file has nowhere to go", input, given))
		return ""
	}
	to := given
	if inside, err := filepath.Rel(workspace, given); filepath.IsAbs(given) && err == nil {
		to = inside
	}
	if !filepath.IsLocal(to) || filepath.Clean(to) == "." {
		r.note(fmt.Errorf("input %s is %q: want a path inside the workspace", input, given))
		return ""
	}
	return filepath.ToSlash(filepath.Clean(to))
}

// writeFiles writes the files asked for, the JSON report with the receipts of
// all that went before it.
func (a *action) writeFiles(r *report.Report) {
	for _, f := range slices.Backward(a.in.files) { // the JSON report comes last
		receipt := report.Receipt{Sink: f.input, State: publish.Done}
		text := f.format(r, report.Options{Help: rulePages, Book: bookOf})
		receipt.Detail = fmt.Sprintf("%d bytes in %s", len(text), f.path)
		// The container is root, so what is made is given to the workspace's owner, who could
		// not take it away otherwise (https://github.com/actions/runner/issues/434).
		to := target{a.event.Workspace, f.path}
		err := to.makeFolders(give)
		if err == nil {
			err = to.save(text, give)
		}
		if err != nil {
			receipt.State, receipt.Detail = publish.Failed, fmt.Sprintf("%s: %v", f.path, err)
		}
		r.Receipts = append(r.Receipts, receipt)
	}
}
