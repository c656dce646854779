// Package compat holds today's program against the files of an earlier day.
package compat

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// What docs/compatibility.md promises, held against files of an earlier day.
// They are recorded once and never written again; a later day adds its own.
const recorded = "testdata/v1/"

// A configuration that was sound is sound, by the reader and by the schema.
func TestOldConfigurations(t *testing.T) {
	schema := compiled(t, config.Schema(rule.Infos()))
	for _, path := range files(t, recorded+"*.yml") {
		text := loaded(t, path)
		for _, f := range config.Read(source.NewFile(path, text), rule.Infos()).Faults {
			t.Error(f)
		}
		if err := schema.Validate(fromYAML(t, text)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// stated is what a configuration that states all of it comes to.
type stated struct {
	Board, State string
	Columns      map[board.Role][]string
	Limits       map[board.Role]int
	Rules        map[string]config.Severity
	Self         []string
}

// A configuration means what it meant.
func TestOldMeaning(t *testing.T) {
	p := config.Read(source.NewFile("full.yml", loaded(t, recorded+"full.yml")), rule.Infos()).Policy
	got := stated{p.Board, p.State, p.Words.Columns, p.Limits, p.Rules, p.Self}
	var want stated
	if err := json.Unmarshal(loaded(t, recorded+"full.want.json"), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, one := range []struct {
		list []string
		word string
	}{{p.Words.DoD, "Fertig, wenn"}, {p.Words.None, "leer"}, {p.Words.Updated, "Stand"}, {p.Words.Limit, "höchstens"}} {
		if !slices.Contains(one.list, one.word) {
			t.Errorf("%q is not a word any more: %q", one.word, one.list)
		}
	}
}

// A report of an earlier day is valid by today's schema, and one of today by
// the schema of that day.
func TestOldReports(t *testing.T) {
	today := compiled(t, report.Schema())
	for _, path := range files(t, recorded+"*.json") {
		if strings.Contains(path, ".schema.") || strings.Contains(path, ".want.") {
			continue
		}
		if err := today.Validate(fromJSON(t, loaded(t, path))); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	sample := "../../internal/report/testdata/golden/sample.json" // held fresh by that package's tests
	if err := compiled(t, loaded(t, recorded+"report.schema.json")).Validate(fromJSON(t, loaded(t, sample))); err != nil {
		t.Errorf("%s, by the schema of version 1: %v", sample, err)
	}
}

func files(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) < 4 {
		t.Fatalf("%s: %d files (%v)", pattern, len(paths), err)
	}
	return paths
}

func loaded(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func compiled(t *testing.T, schema []byte) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", fromJSON(t, schema)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func fromJSON(t *testing.T, text []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// fromYAML returns a configuration as JSON has it; an empty one is an empty object.
func fromYAML(t *testing.T, text []byte) any {
	t.Helper()
	v := map[string]any{}
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return fromJSON(t, out)
}
