package doctor

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/boardgate/boardgate/internal/source"
)

// HookFiles are the files that start the hook of .pre-commit-hooks.yaml.
const HookFiles = `(?i)((^|/)(NEXT-7D|NEXT|BOARD|KANBAN|TASKS|TODO|BACKLOG|ROADMAP|STATE)\.md|^\.github/boardgate\.ya?ml)$`

// hookConfig is what counts of a .pre-commit-config.yaml (https://pre-commit.com).
type hookConfig struct {
	Repos []struct {
		Repo  string
		Hooks []struct {
			ID, Entry string
			Files     *string
		}
	}
}

// hooked looks for a pre-commit hook that the board does not start. An expression
// that only Python reads is not judged.
func (r *Repository) hooked() []Finding {
	var config hookConfig
	if r.Hooks == nil || r.Board == nil || yaml.Unmarshal(r.Hooks.Text, &config) != nil {
		return nil
	}
	path := r.Board.File.Path
	for _, repo := range config.Repos {
		for _, h := range repo.Hooks {
			files := ""
			switch {
			case strings.Contains(h.Entry, "boardgate check"):
			case strings.Contains(repo.Repo, action) && h.ID == "boardgate":
				files = HookFiles
			default:
				continue
			}
			if h.Files != nil {
				files = *h.Files
			}
			if pattern, err := regexp.Compile(files); err != nil || pattern.MatchString(path) {
				continue
			}
			return []Finding{{
				Path: r.Hooks.Path, Line: lineWith(r.Hooks, "id: "+h.ID),
				Message: fmt.Sprintf("No change of the board %s starts the pre-commit hook %s: its `files` does not match.", path, h.ID),
				Lines:   "        files: " + strconv.Quote("^"+regexp.QuoteMeta(path)+"$") + "\n",
			}}
		}
	}
	return nil
}

// lineWith returns the first line that holds a text, 0 where none does.
func lineWith(f *source.File, text string) int {
	lines := strings.Split(string(f.Text), "\n")
	return slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, text) }) + 1
}
