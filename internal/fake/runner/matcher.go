package runner

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// Issue is an annotation that a problem matcher makes of lines of a log.
type Issue struct {
	Severity, Code, File, Line, Column, Message string
}

// Issues reads a log as the runner does after "::add-matcher::" with that file,
// of one matcher whose last pattern does not loop (src/Runner.Worker/IssueMatcher.cs).
// A file that the runner refuses is an error.
func Issues(matchers []byte, log string) ([]Issue, error) {
	var file struct {
		Matchers []struct {
			Owner    string
			Patterns []pattern `json:"pattern"`
		} `json:"problemMatcher"`
	}
	if err := json.Unmarshal(matchers, &file); err != nil {
		return nil, err
	}
	if len(file.Matchers) != 1 || file.Matchers[0].Owner == "" {
		return nil, fmt.Errorf("%d matchers, expected one with an owner", len(file.Matchers))
	}
	patterns := file.Matchers[0].Patterns
	set := map[string]bool{}
	for i := range patterns {
		if err := patterns[i].compile(set); err != nil {
			return nil, err
		}
	}
	if !set["message"] {
		return nil, fmt.Errorf("no pattern sets message")
	}
	var out []Issue
	running := make([]map[string]string, len(patterns))
	for line := range strings.Lines(log) {
		if issue := match(patterns, running, colours.ReplaceAllString(strings.TrimRight(line, "\r\n"), "")); issue != nil {
			out = append(out, Issue{issue["severity"], issue["code"], issue["file"], issue["line"], issue["column"], issue["message"]})
		}
	}
	return out, nil
}

// colours are taken out of a line before it is matched (OutputManager.cs).
var colours = regexp.MustCompile(`\x{1b}\[[0-9;]*m?`)

// pattern is one line of a matcher: the groups of its expression by property.
type pattern struct {
	Regexp                                      string
	Severity, Code, File, Line, Column, Message *int
	Loop                                        bool

	compiled *regexp.Regexp
}

func (p *pattern) groups() map[string]*int {
	return map[string]*int{"severity": p.Severity, "code": p.Code, "file": p.File, "line": p.Line, "column": p.Column, "message": p.Message}
}

// compile holds a pattern to what the runner refuses.
func (p *pattern) compile(set map[string]bool) (err error) {
	if p.compiled, err = regexp.Compile(p.Regexp); err != nil {
		return err
	}
	if p.Loop {
		return fmt.Errorf("%s: loop is not read here", p.Regexp)
	}
	for name, group := range p.groups() {
		switch {
		case group == nil:
		case set[name]:
			return fmt.Errorf("%s is set twice", name)
		case *group < 0 || *group > p.compiled.NumSubexp():
			return fmt.Errorf("%s: there is no group %d", name, *group)
		default:
			set[name] = true
		}
	}
	return nil
}

// match is IssueMatcher.Match for one line; running holds what the patterns
// before the last have matched on the lines above.
func match(patterns []pattern, running []map[string]string, line string) map[string]string {
	for i := len(patterns) - 1; i >= 0; i-- {
		before := map[string]string{}
		if i > 0 {
			before = running[i-1]
		}
		if before == nil {
			continue
		}
		last := i == len(patterns)-1
		found := patterns[i].compiled.FindStringSubmatch(line)
		switch {
		case found == nil && last && i > 0:
			running[i-1] = nil
		case found == nil:
			running[i] = nil
		default:
			whole := map[string]string{}
			for name, group := range patterns[i].groups() {
				if value, have := before[name]; have {
					whole[name] = value
				} else if group != nil {
					whole[name] = found[*group]
				}
			}
			if last {
				clear(running)
				return whole
			}
			running[i] = whole
		}
	}
	return nil
}
