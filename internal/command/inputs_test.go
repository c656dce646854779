package command

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/publish"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// actionFile is action.yml.
type actionFile struct {
	Inputs  yaml.MapSlice `yaml:"inputs"`
	Outputs yaml.MapSlice `yaml:"outputs"`
	Runs    struct {
		Using, Image string
		Args         []string
	} `yaml:"runs"`
}

func readActionFile(t *testing.T) actionFile {
	t.Helper()
	var a actionFile
	if err := yaml.Unmarshal([]byte(fileText(t, "../../action.yml")), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func fileText(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}

// action.yml runs the program, and describes what a workflow can set and read.
func TestActionFile(t *testing.T) {
	a := readActionFile(t)
	if a.Runs.Using != "docker" || cmp.Diff([]string{"action"}, a.Runs.Args) != "" {
		t.Errorf("action.yml runs %+v, want docker with the argument action", a.Runs)
	}
	for _, entry := range slices.Concat(a.Inputs, a.Outputs) {
		fields, _ := entry.Value.(map[string]any)
		if _, text := fields["default"].(string); text { // another kind of value stays, and is refused
			delete(fields, "default")
		}
		if says, _ := fields["description"].(string); says == "" || len(fields) > 1 {
			t.Errorf("%v has %v, want a description, and at most a default beside it", entry.Key, fields)
		}
	}
}

// The tables of docs/action.md are those of action.yml, word for word and in its order.
func TestActionPage(t *testing.T) {
	page, a := fileText(t, "../../docs/action.md"), readActionFile(t)
	for heading, settings := range map[string]yaml.MapSlice{"## Inputs": a.Inputs, "## Outputs": a.Outputs} {
		if diff := cmp.Diff(rows(settings), tableUnder(page, heading)); diff != "" {
			t.Errorf("docs/action.md, %s (-action.yml +page):\n%s", heading, diff)
		}
	}
}

func rows(settings yaml.MapSlice) []string {
	var out []string
	for _, s := range settings {
		row := fmt.Sprintf("| `%v` | ", s.Key)
		fields, _ := s.Value.(map[string]any)
		if unset, there := fields["default"]; there {
			row += fmt.Sprintf("`%v` | ", unset)
		}
		out = append(out, row+fmt.Sprint(fields["description"])+" |")
	}
	return columnsOf(out)
}

// columnsOf adds the empty cell of a default that other rows of the table have.
func columnsOf(table []string) []string {
	most := 0
	for _, row := range table {
		most = max(most, strings.Count(row, " | "))
	}
	for i, row := range table {
		if strings.Count(row, " | ") < most {
			table[i] = strings.Replace(row, " | ", " | | ", 1)
		}
	}
	return table
}

// tableUnder returns the rows of the first table below a heading, without its head.
func tableUnder(page, heading string) []string {
	_, rest, _ := strings.Cut(page, "\n"+heading+"\n")
	var out []string
	for line := range strings.Lines(rest) {
		switch {
		case strings.HasPrefix(line, "|"):
			out = append(out, strings.TrimSuffix(line, "\n"))
		case len(out) > 0:
			return out[min(2, len(out)):]
		}
	}
	return nil
}

// Every input is read by the action, and the outputs are those it writes.
func TestSettingsAreUsed(t *testing.T) {
	code, a := actionCode(t), readActionFile(t)
	for _, s := range a.Inputs {
		if !strings.Contains(code, strconv.Quote(fmt.Sprint(s.Key))) {
			t.Errorf("no action*.go reads the input %q", s.Key)
		}
	}
	head := board.Parse(source.NewFile("NEXT.md", nil), board.DefaultWords())
	var written, documented []string
	for _, o := range publish.ContentOf(&report.Report{Case: &rule.Case{Head: head, Policy: config.Default()}}, publish.Options{}).Outputs {
		written = append(written, o.Name)
	}
	written = append(written, "check-run-id", "comment-id") // the publisher adds them, as its own test has it
	for _, s := range a.Outputs {
		documented = append(documented, fmt.Sprint(s.Key))
	}
	if diff := cmp.Diff(written, documented); diff != "" {
		t.Errorf("outputs (-written +documented):\n%s", diff)
	}
}

// actionCode is the text of the files that are the action.
func actionCode(t *testing.T) string {
	t.Helper()
	paths, err := filepath.Glob("action*.go")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range paths {
		if !strings.HasSuffix(p, "_test.go") {
			b.WriteString(fileText(t, p))
		}
	}
	return b.String()
}
