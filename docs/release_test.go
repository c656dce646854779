package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// itself finds how a page or an example names boardgate itself, and where its
// releases would be.
var itself = regexp.MustCompile(`boardgate/boardgate@([\w.-]+)|rev: ?(v?[\w.-]+)|ghcr\.io/boardgate\S*`)

// Nothing is released, so the pages and examples name a commit: the placeholder
// that readers replace, or in what a command printed the commit of its build.
func TestNoReleaseIsClaimed(t *testing.T) {
	found := 0
	for _, pattern := range []string{"../README.md", "*.md", "../examples/*.yml"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("no files %s: %v", pattern, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range itself.FindAllSubmatch(text, -1) {
				found++
				if ref := string(m[1]) + string(m[2]); ref != "COMMIT" && ref != commit {
					t.Errorf("%s: %s", name, m[0])
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("boardgate is named %d times", found)
	}
}
