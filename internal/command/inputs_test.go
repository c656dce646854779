package command

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/policy"
	"github.com/boardgate/boardgate/internal/publish"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// actionFile is action.yml, as far as it speaks of what the code knows.
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

// What action.yml offers is what the code has, word for word and in its order.
func TestActionFile(t *testing.T) {
	a := readActionFile(t)
	if diff := cmp.Diff(described(actionInputs), metadata(t, a.Inputs)); diff != "" {
		t.Errorf("inputs of action.yml (-code +file):\n%s", diff)
	}
	if diff := cmp.Diff(described(actionOutputs), metadata(t, a.Outputs)); diff != "" {
		t.Errorf("outputs of action.yml (-code +file):\n%s", diff)
	}
	if a.Runs.Using != "docker" || cmp.Diff([]string{"action"}, a.Runs.Args) != "" {
		t.Errorf("action.yml runs %+v, want docker with the argument action", a.Runs)
	}
}

func described(settings []setting) []string {
	var out []string
	for _, s := range settings {
		out = append(out, strings.Join([]string{s.name, s.unset, s.says}, " | "))
	}
	return out
}

// metadata reads the inputs or outputs of action.yml; a key that neither
// `description` nor `default` is shows.
func metadata(t *testing.T, of yaml.MapSlice) []string {
	t.Helper()
	var out []string
	for _, entry := range of {
		fields, ok := entry.Value.(map[string]any)
		if !ok {
			t.Fatalf("%v is %T", entry.Key, entry.Value)
		}
		unset, _ := fields["default"].(string) // a default that is not a string is not a match
		line := fmt.Sprintf("%v | %s | %v", entry.Key, unset, fields["description"])
		delete(fields, "default")
		delete(fields, "description")
		if len(fields) > 0 {
			line += fmt.Sprint(" and ", fields)
		}
		out = append(out, line)
	}
	return out
}

// The tables of docs/action.md are the code's.
func TestActionPage(t *testing.T) {
	page := fileText(t, "../../docs/action.md")
	for heading, settings := range map[string][]setting{"## Inputs": actionInputs, "## Outputs": actionOutputs} {
		if diff := cmp.Diff(rows(settings), tableUnder(page, heading)); diff != "" {
			t.Errorf("docs/action.md, %s (-code +page):\n%s", heading, diff)
		}
	}
}

func rows(settings []setting) []string {
	var out []string
	for _, s := range settings {
		row := "| `" + s.name + "` | "
		if s.unset != "" {
			row += "`" + s.unset + "` | "
		}
		out = append(out, row+s.says+" |")
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
	code := actionCode(t)
	for _, s := range actionInputs {
		if !strings.Contains(code, strconv.Quote(s.name)) {
			t.Errorf("no action*.go reads the input %q", s.name)
		}
	}
	head := board.Parse(source.NewFile("NEXT.md", nil), board.DefaultWords())
	var written, documented []string
	for _, o := range publish.ContentOf(&report.Report{Case: &rule.Case{Head: head, Policy: policy.Default()}}, publish.Wish{}).Outputs {
		written = append(written, o.Name)
	}
	written = append(written, "check-run-id", "comment-id") // the publisher adds them, as its own test has it
	for _, s := range actionOutputs {
		documented = append(documented, s.name)
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
