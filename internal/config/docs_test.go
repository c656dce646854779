package config

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/source"
)

var update = flag.Bool("update", false, "write docs/configuration.md")

const page = "../../docs/configuration.md"

// The rules that the page and its examples name.
var named = []RuleInfo{
	{Name: "config", Fixed: true},
	{Name: "dod-measurable"},
	{Name: "dod-required"},
	{Name: "done-reference"},
	{Name: "item-lost"},
	{Name: "prod-facts", Fixed: true, Derived: true},
	{Name: "pull-next"},
	{Name: "state-sync"},
	{Name: "waiver", Fixed: true},
	{Name: "wip-limit", Fixed: true},
}

func TestPage(t *testing.T) {
	want := document()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(got), "\r\n", "\n") // as git checks it out on Windows
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("docs/configuration.md is behind the keys; write it with go test ./internal/config -update (-want +got)\n%s", diff)
	}
}

// Every example on the page is sound, and so is that of every key.
func TestExamples(t *testing.T) {
	examples := blocks(document())
	examples = slices.DeleteFunc(examples, func(s string) bool {
		return strings.HasPrefix(s, "# yaml-language-server:") && strings.Count(s, "\n") == 1
	})
	if len(examples) < 8 {
		t.Fatalf("%d blocks on the page", len(examples))
	}
	each(configuration(named), func(k *key) { examples = append(examples, k.example) })
	for _, example := range examples {
		r := Read(source.NewFile("example", []byte(example)), named)
		for _, f := range r.Faults {
			t.Errorf("%s\n%s", f, example)
		}
		want := Default()
		want.Source = "example"
		plain := example == defaults() || strings.HasPrefix(example, "version") || strings.HasPrefix(example, "$schema")
		if diff := cmp.Diff(want, r.Policy); (diff == "") != plain {
			t.Errorf("is to say the defaults: %v\n%s\n%s", plain, example, diff)
		}
	}
}

// blocks returns the YAML of a page.
func blocks(page string) []string {
	var out []string
	for _, m := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(page, -1) {
		out = append(out, m[1])
	}
	return out
}

// each calls f with every key below k.
func each(k *key, f func(*key)) {
	for _, one := range k.keys {
		f(one)
		each(one, f)
	}
}

// document returns docs/configuration.md.
func document() string {
	var b strings.Builder
	b.WriteString(head)
	fmt.Fprintf(&b, "## The defaults\n\n```yaml\n%s```\n\n## The keys\n", defaults())
	for _, k := range configuration(named).keys {
		fmt.Fprintf(&b, "\n### `%s`\n\n%s%s\n\n", k.name, k.doc, k.tail())
		if len(k.keys) > 0 && k.name != "rules" {
			b.WriteString(k.table())
		}
		fmt.Fprintf(&b, "```yaml\n%s\n```\n", k.example)
	}
	b.WriteString(foot)
	return b.String()
}

// tail returns the type and the default of a key that is not told in a table.
func (k *key) tail() string {
	if k.kind != section {
		return fmt.Sprintf(" Takes %s. Default: %s.", k.wants(), k.standing())
	}
	if k.absent != "" {
		return fmt.Sprintf(" Without it: %s.", k.absent)
	}
	return ""
}

// table returns the keys of a section, and those of the sections in it.
func (k *key) table() string {
	return "| key | takes | default | means | example |\n| --- | --- | --- | --- | --- |\n" + k.rows("") + "\n"
}

func (k *key) rows(above string) string {
	var b strings.Builder
	for _, one := range k.keys {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | `%s` |\n", above+one.name, one.wants(), one.standing(), one.doc, one.example)
		below := above + one.name + "."
		if one.kind == byName {
			below += "NAME."
		}
		b.WriteString(one.rows(below))
	}
	return b.String()
}

// standing returns what holds without the key.
func (k *key) standing() string {
	switch {
	case k.def != nil:
		return "`" + yamlOf(k.def) + "`"
	case k.absent != "":
		return k.absent
	}
	return "none"
}

// yamlOf returns a value as YAML in one line. JSON is YAML; only what needs quotes keeps them.
func yamlOf(v any) string {
	list, ok := v.([]string)
	if !ok {
		out, _ := json.Marshal(v)
		return string(out)
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// defaults returns the configuration that says what holds without one.
func defaults() string {
	var b strings.Builder
	for _, k := range configuration(nil).keys {
		switch {
		case k.kind == section:
			b.WriteString(k.name + ":")
			if k.absent != "" {
				b.WriteString(" # " + k.absent)
			}
			b.WriteString("\n")
			if k.name == "prod-facts" {
				continue // its keys hold where there is one
			}
			for _, one := range k.keys {
				if one.def != nil {
					fmt.Fprintf(&b, "  %s: %s\n", one.name, yamlOf(one.def))
				} else if one.absent != "" {
					fmt.Fprintf(&b, "  # %s: %s\n", one.name, one.absent)
				}
			}
		case k.def != nil:
			fmt.Fprintf(&b, "%s: %s\n", k.name, yamlOf(k.def))
		default:
			fmt.Fprintf(&b, "# %s: %s\n", k.name, k.absent)
		}
	}
	return b.String()
}

const head = `<!-- Written by go test ./internal/config -update from internal/config/keys.go. -->

# Configuration

boardgate reads ` + "`.github/boardgate.yml`" + ` or ` + "`.github/boardgate.yaml`" + `; both in one commit are an error. Every key has a default and an empty file is valid. ` + "`boardgate schema config`" + `
prints the JSON Schema; the same is in the repository as [schema/config.json](../schema/config.json). With this first line, an editor with the YAML language server (such as
VS Code with the YAML extension) completes and checks the file; ` + "`boardgate init`" + ` writes it. The key ` + "`$schema`" + ` does the same.

` + "```yaml" + `
# yaml-language-server: $schema=` + SchemaAddress + `
` + "```" + `

The file is one YAML document in UTF-8, of at most 64 KiB. An unknown key, a duplicate key and a value of another type are errors
with their place. Anchors, aliases, merge keys and tags are not read. One word may stand for a list of one; several are a list,
` + "`[Doing, Now]`" + `, and a heading that has a comma itself is one in quotes, ` + "`[\"Doing, Now\"]`" + `.

`

const foot = `
## Where a limit comes from

The first that there is:

1. the configuration,
2. the base board's heading: ` + "`## WIP (1 item only)`" + `,
3. the base board's Rules: ` + "`### WIP Limit = 1`" + `,
4. where there is no base or it lacks the column: the head board's own heading, then its Rules,
5. none.

## Which file counts

On a pull request the configuration is read from the **base** commit. A change that edits it has its own version checked too:
what is wrong there is an error of rule ` + "`config`" + `, at its line, so a broken one cannot land. If the base's configuration is
broken and the change repairs it, the defaults judge the change, and the summary says so first. If both are broken, the exit status is 2.

Limits, severities and the rules that may be waived are the base's.

Board, state file and archive are read where the base has them, as long as they are there. It is an error of ` + "`config`" + ` to name another
file in ` + "`board:` or `state:`" + `, to name none where the file is then not found, or to add a file that would be found first from then on; another
` + "`archive:`" + ` is a warning. A file that is gone from its old path has moved: the new one is compared with what it was. To move
the board, rename the file and set ` + "`board:`" + ` to its new path in the same change.

Each side is read by its own ` + "`columns` and `words`" + `. Where a change edits them, the head is read by those of the base too, and what either
reading finds counts. A heading may change together with the map. New words are best added by a change of their own and used by the
next one: until they are in the base, what they call a Definition of Done or a placeholder is none. An edited map and edited words
are warnings of ` + "`limit-changed`" + `.

` + "`boardgate check`" + ` reads the configuration of the base revision where it has one, else the work tree's. ` + "`--config FILE`" + ` overrides both.
Where the work tree's alone judges, its words read the base only if that is not a board by the default ones.
`
