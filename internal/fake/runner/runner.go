// Package runner is a port of what the runner of GitHub Actions does with a
// job's output and files, as the judge of what boardgate writes. It is for tests.
//
// Sources, at github.com/actions/runner, src/:
//
//	Runner.Common/ActionCommand.cs       TryParseV2, TryParse
//	Runner.Worker/ActionCommandManager.cs TryProcessCommand, the registered commands
//	Runner.Worker/FileCommandManager.cs   EnvFileKeyValuePairs, CreateStepSummaryCommand
package runner

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Command is a command the runner would carry out.
type Command struct {
	Name       string
	Properties map[string]string
	Data       string
}

// registered are the runner's commands. Names are compared without case.
var registered = []string{
	"internal-set-repo-path", "set-env", "set-output", "save-state", "add-mask", "add-path", "add-matcher", "remove-matcher",
	"warning", "error", "notice", "debug", "echo", "group", "endgroup", "stop-commands",
}

func isRegistered(name string) bool {
	return slices.ContainsFunc(registered, func(r string) bool { return strings.EqualFold(r, name) })
}

// Commands reads a job's log and returns what the runner would carry out.
// A line is read twice: as it is, and as .NET's culture-bound comparisons see
// it, to which characters that cannot be seen are not there.
func Commands(log string) []Command {
	var out []Command
	stopped := ""
	for line := range strings.SplitSeq(strings.ReplaceAll(log, "\r", "\n"), "\n") {
		c, ok := parseV2(line)
		if !ok {
			c, ok = parseV1(line)
		}
		if bare := Visible(line); !ok && bare != line {
			if c, ok = parseV2(bare); !ok {
				c, ok = parseV1(bare)
			}
		}
		switch {
		case !ok:
		case stopped != "":
			if strings.EqualFold(c.Name, stopped) {
				stopped = ""
			}
		case strings.EqualFold(c.Name, "stop-commands"):
			stopped = c.Data
			out = append(out, c)
		default:
			out = append(out, c)
		}
	}
	return out
}

// Visible is a line as .NET compares it: without what cannot be seen.
func Visible(line string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Cc, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
			return -1
		}
		return r
	}, line)
}

// parseV2 is TryParseV2: "::name key=value,key=value::data", after white space.
func parseV2(line string) (Command, bool) {
	line = strings.TrimLeftFunc(line, unicode.IsSpace)
	rest, ok := strings.CutPrefix(line, "::")
	if !ok {
		return Command{}, false
	}
	info, data, ok := strings.Cut(rest, "::")
	if !ok {
		return Command{}, false
	}
	name, properties, _ := strings.Cut(info, " ")
	if !isRegistered(name) {
		return Command{}, false
	}
	return Command{name, propertiesOf(strings.TrimSpace(properties), ",", unescapeV2Property), unescapeV2Data(data)}, true
}

// parseV1 is TryParse: "##[name key=value;key=value]data", anywhere in the line.
func parseV1(line string) (Command, bool) {
	_, rest, ok := strings.Cut(line, "##[")
	if !ok {
		return Command{}, false
	}
	info, data, ok := strings.Cut(rest, "]")
	if !ok {
		return Command{}, false
	}
	name, properties, _ := strings.Cut(info, " ")
	if !isRegistered(name) {
		return Command{}, false
	}
	return Command{name, propertiesOf(properties, ";", unescapeV1), unescapeV1(data)}, true
}

func propertiesOf(text, separator string, unescape func(string) string) map[string]string {
	out := map[string]string{}
	for pair := range strings.SplitSeq(text, separator) {
		if key, value, ok := strings.Cut(pair, "="); ok {
			out[key] = unescape(value)
		}
	}
	return out
}

// Each replaces one escape after the other, as the runner does; "%25" last.
func unescapeV2Data(s string) string {
	return unescape(s, "%0D", "\r", "%0A", "\n", "%25", "%")
}

func unescapeV2Property(s string) string {
	return unescape(s, "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
}

func unescapeV1(s string) string {
	return unescape(s, "%3B", ";", "%0D", "\r", "%0A", "\n", "%5D", "]", "%25", "%")
}

func unescape(s string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		s = strings.ReplaceAll(s, pairs[i], pairs[i+1])
	}
	return s
}

// Output is one output a step has.
type Output struct{ Name, Value string }

// Outputs reads GITHUB_OUTPUT as EnvFileKeyValuePairs does.
func Outputs(text string) ([]Output, error) {
	var out []Output
	lines := strings.Split(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		equals, heredoc := strings.Index(line, "="), strings.Index(line, "<<")
		switch {
		case line == "":
		case heredoc >= 0 && (equals < 0 || heredoc < equals):
			name, delimiter, _ := strings.Cut(line, "<<")
			if name == "" || delimiter == "" {
				return out, fmt.Errorf("Invalid format '%s'. Name must not be empty and delimiter must not be empty", line) //nolint:staticcheck // the words of the runner itself
			}
			end := slices.Index(lines[i+1:], delimiter)
			if end < 0 {
				return out, fmt.Errorf("Invalid value. Matching delimiter not found '%s'", delimiter) //nolint:staticcheck // the words of the runner itself
			}
			out = append(out, Output{name, strings.Join(lines[i+1:i+1+end], "\n")})
			i += end + 1
		case equals > 0:
			out = append(out, Output{line[:equals], line[equals+1:]})
		default:
			return out, fmt.Errorf("Invalid format '%s'", line) //nolint:staticcheck // the words of the runner itself
		}
	}
	return out, nil
}

// Summary is what the runner shows of GITHUB_STEP_SUMMARY: all, or nothing.
func Summary(text string) (string, error) {
	if len(text) > 1024*1024 {
		return "", errors.New("$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k")
	}
	return text, nil
}
