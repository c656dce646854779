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
		// The container is root, so the file is given to the folder's owner, who could not
		// take it away otherwise (https://github.com/actions/runner/issues/434).
		if err := (target{a.event.Workspace, f.path}).save(text, give); err != nil {
			receipt.State, receipt.Detail = publish.Failed, fmt.Sprintf("%s: %v", f.path, err)
		}
		r.Receipts = append(r.Receipts, receipt)
	}
}
