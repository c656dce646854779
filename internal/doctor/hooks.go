package doctor

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// HookFiles are the files that start the hook of .pre-commit-hooks.yaml.
const HookFiles = `(?i)((^|/)(NEXT-7D|NEXT|BOARD|KANBAN|TASKS|TODO|BACKLOG|ROADMAP|STATE)\.md|^\.github/boardgate\.ya?ml)$`

// checkHooks looks for a pre-commit hook that the board does not start
// (https://pre-commit.com). An expression that only Python reads is not judged.
func (r *Repository) checkHooks() []Finding {
	if r.Hooks == nil || r.Board == nil {
		return nil
	}
	root, fault := parseYAML(r.Hooks)
	if fault != nil {
		return nil
	}
	d := newDocument(root)
	for _, e := range d.sequence(d.entries(root)["repos"].node) {
		repo := d.entries(e.node)
		for _, h := range d.sequence(repo["hooks"].node) {
			hook := d.entries(h.node)
			if f := r.hookFinding(repo["repo"].scalar(), hook); f != nil {
				return []Finding{*f}
			}
		}
	}
	return nil
}

// hookFinding returns that a hook is the gate's and the board does not start it,
// nil where it does or is another one.
func (r *Repository) hookFinding(repo string, hook map[string]entry) *Finding {
	id, files, path := hook["id"], hook["files"].scalar(), r.Board.File.Path
	switch {
	case strings.Contains(hook["entry"].scalar(), commandLine):
	case strings.Contains(repo, action) && id.scalar() == "boardgate":
		if !hook["files"].there() {
			files = HookFiles
		}
	default:
		return nil
	}
	if pattern, err := regexp.Compile(files); err != nil || pattern.MatchString(path) {
		return nil
	}
	return &Finding{
		Path: r.Hooks.Path, Line: id.line,
		Message: fmt.Sprintf("No change of the board %s starts the pre-commit hook %s: its `files` does not match.", path, id.scalar()),
		Lines:   "        files: " + strconv.Quote("^"+regexp.QuoteMeta(path)+"$") + "\n",
	}
}
