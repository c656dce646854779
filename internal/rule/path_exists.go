package rule

import (
	"fmt"
	"path"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/source"
)

// PathExists says that a path cited in DONE is not in the repository.
var PathExists = declare(&Rule{
	Name:     "path-exists",
	Severity: Notice,
	Wants: func(p *Pass, w *fact.Wanted) {
		for _, it := range p.Arrivals() {
			for _, c := range citedPaths(it) {
				w.Paths = append(w.Paths, c.path)
			}
		}
	},
	Check: func(p *Pass) {
		for _, it := range p.Arrivals() {
			for _, c := range citedPaths(it) {
				if p.Facts.Path(c.path) == fact.PathMissing {
					p.Report(Finding{
						Span:    c.span,
						Message: fmt.Sprintf("%s, cited for %s, is not in the repository.", quote(string(c.path)), quote(it.Title.Value)),
						Hint:    "Correct the path, or leave it out.",
						Item:    it,
						Key:     string(c.path),
					})
				}
			}
		}
	},
})

// citedPath is a repository path in an item's text.
type citedPath struct {
	path fact.Path
	span source.Span
}

// maxPaths bounds what one item can ask for.
const maxPaths = 20

// citedPaths returns the repository paths of an item: words with a slash and an
// extension that are not addresses, routes or patterns.
func citedPaths(it *board.Item) []citedPath {
	var out []citedPath
	seen := map[string]bool{}
	text := it.Block.Text()
	for at := 0; at < len(text) && len(out) < maxPaths; {
		n := strings.IndexFunc(text[at:], pathEnd)
		if n < 0 {
			n = len(text) - at
		}
		word := strings.TrimRight(text[at:at+n], ".:;!?'\"")
		if p, ok := repositoryPath(word); ok && !seen[p] {
			seen[p] = true
			from := it.Block.Start + at
			out = append(out, citedPath{path: fact.Path(p), span: it.Block.File.Span(from, from+len(word))})
		}
		at += n + 1
	}
	return out
}

// pathEnd says whether a rune cannot be part of a cited path.
func pathEnd(r rune) bool { return r <= ' ' || strings.ContainsRune("`()<>,|\"'", r) }

// repositoryPath returns the clean path a word names.
func repositoryPath(word string) (string, bool) {
	first, _, slash := strings.Cut(word, "/")
	ext := path.Ext(word)
	if !slash || len(ext) < 2 || len(ext) > 6 || strings.HasPrefix(word, "/") || strings.Contains(strings.TrimPrefix(first, "."), ".") {
		return "", false
	}
	if strings.ContainsAny(word, ":*{}$%#?=~\\[]@&+") || strings.Contains(word, "..") || strings.Contains(word, "//") || !letters(ext[1:]) {
		return "", false
	}
	return path.Clean(word), true
}

// letters says whether an extension begins with a letter and holds no sign.
func letters(ext string) bool {
	for i, r := range ext {
		if ('a' > r|0x20 || r|0x20 > 'z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return true
}
