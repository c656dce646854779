package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link    = regexp.MustCompile(`(?:\]\(|(?:src|srcset)=")([^)"\s]+)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	code    = regexp.MustCompile("(?ms)^ *(```+).*?^ *```+\n")
	unnamed = regexp.MustCompile(`[^\p{L}\p{N}\p{M} _-]`)
)

// What the pages, README.md and its neighbours link to is there, headings included.
func TestLinks(t *testing.T) {
	for _, pattern := range []string{"*.md", "rules/*.md", "../*.md"} {
		pages, err := filepath.Glob(pattern)
		if err != nil || len(pages) == 0 {
			t.Fatalf("no pages %s: %v", pattern, err)
		}
		for _, page := range pages {
			for _, m := range link.FindAllStringSubmatch(prose(t, page), -1) {
				if strings.Contains(m[1], "://") {
					continue
				}
				path, fragment, _ := strings.Cut(m[1], "#")
				target := page
				if path != "" {
					target = filepath.Join(filepath.Dir(page), filepath.FromSlash(path))
				}
				if _, err := os.Stat(target); err != nil {
					t.Errorf("%s links to %s: %v", page, m[1], err)
				} else if fragment != "" && !anchors(t, target)[fragment] {
					t.Errorf("%s links to %s: no such heading", page, m[1])
				}
			}
		}
	}
}

// prose returns a page without its blocks of code.
func prose(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return code.ReplaceAllString(strings.ReplaceAll(string(text), "\r\n", "\n"), "")
}

// anchors returns the names by which GitHub links to a page's headings.
func anchors(t *testing.T, name string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(prose(t, name), -1) {
		out[strings.ReplaceAll(unnamed.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")] = true
	}
	return out
}
