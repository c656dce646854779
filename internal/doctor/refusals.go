package doctor

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/source"
)

// topKeys are those that GitHub takes; another one, and it takes nothing.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
var topKeys = []string{"name", "run-name", "on", "permissions", "env", "defaults", "concurrency", "jobs"}

// whyRefused says why GitHub does not take a file that is YAML, nil where it does.
func (w *workflow) whyRefused(f *source.File) *Finding {
	for _, alias := range w.aliases {
		name := alias.Value.GetToken()
		if _, ok := w.anchors[name.Value]; !ok {
			return parseFinding(f, name.Position.Line, fmt.Sprintf("`*%s` stands for the anchor `&%s`, and there is none", name.Value, name.Value))
		}
	}
	top := w.entries(w.root)
	if !top["on"].there() || !top["jobs"].there() {
		return nil // it is another file altogether
	}
	for _, key := range w.keys(w.root) {
		if !slices.Contains(topKeys, key) {
			return parseFinding(f, top[key].line, fmt.Sprintf("a workflow has no key `%s`", key))
		}
	}
	return nil
}

var (
	textBegins = regexp.MustCompile(`^\s*(?:- )?[\w-]+: *[|>][-+0-9]*\s*$`)
	entryLike  = regexp.MustCompile(`^\s*(?:- |-$|#|["']?[\w-]+["']?:(?:\s|$))`)
)

// lineOutsideBlock returns the line at or before another one that was meant to belong to
// the text block above it and is indented less, and the line that began the
// block; 0 where there is none.
func lineOutsideBlock(f *source.File, before int) (line int, header string) {
	indent := 0
	for n := 1; n <= before; n++ {
		text := strings.TrimRight(string(f.Line(n)), " \r\n")
		depth := len(text) - len(strings.TrimLeft(text, " "))
		switch {
		case text == "":
		case header == "" && textBegins.MatchString(text):
			header, indent = strings.TrimSpace(text), 0
		case header == "":
		case indent == 0:
			indent = depth
		case depth >= indent:
		case textBegins.MatchString(text):
			header, indent = strings.TrimSpace(text), 0
		case entryLike.MatchString(text):
			header = ""
		default:
			return n, header
		}
	}
	return 0, ""
}
