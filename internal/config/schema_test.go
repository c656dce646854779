package config_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/boardgate/boardgate/internal/config"
)

// validator returns what says whether a configuration fits the schema.
func validator(t *testing.T) func(text string) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(config.Schema(rules)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("config.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("config.json")
	if err != nil {
		t.Fatal(err)
	}
	return func(text string) error { return schema.Validate(decoded(t, text)) }
}

// decoded returns a configuration as JSON has it; an empty one is an empty object.
func decoded(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	if v == nil {
		return map[string]any{}
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestSchemaAcceptsWhatIsSound(t *testing.T) {
	validate := validator(t)
	for _, test := range sound {
		if err := validate(test.text); err != nil {
			t.Errorf("%s: %q: %v", test.name, test.text, err)
		}
	}
}

// The schema knows the keys of a fact, to the last.
func TestSchemaOfFacts(t *testing.T) {
	validate := validator(t)
	if err := validate(section); err != nil {
		t.Error(err)
	}
	for _, wrong := range []string{
		"get: /, expcet: 200", "get: 5", "get: /, timeout: 10", "get: /, body_limit: 2MB/s", "get: /, retry: { attempts: 11 }", "get: /, tls: { min: 1.1 }",
		"get: /, json: { $.a: { minimum: 1 } }", "get: /, json: { $.a: [1] }", "get: /, text: { number: { min: a } }", "get: /, response_headers: { A: { exists: x } }", "get: /, headers: { A: [b] }",
	} {
		text := "prod-facts: { check: { a: { " + wrong + " } } }"
		if validate(text) == nil || len(read(text).Faults) == 0 {
			t.Errorf("the schema or the reader accepts %s", text)
		}
	}
}

func TestSchemaRefusesFaults(t *testing.T) {
	validate := validator(t)
	for _, test := range faults {
		if test.schema && validate(test.text) == nil {
			t.Errorf("%s: the schema accepts %q", test.name, test.text)
		}
	}
}

// A default in the schema is one that says the same when it is written out.
func TestSchemaDefaults(t *testing.T) {
	validate := validator(t)
	var schema struct {
		Properties map[string]struct {
			Default    any
			Properties map[string]struct{ Default any }
		}
	}
	if err := json.Unmarshal(config.Schema(rules), &schema); err != nil {
		t.Fatal(err)
	}
	n := 0
	for name, section := range schema.Properties {
		config := map[string]any{}
		for key, one := range section.Properties {
			if one.Default != nil {
				config[key] = one.Default
				n++
			}
		}
		out, err := json.Marshal(map[string]any{name: config})
		if err != nil {
			t.Fatal(err)
		}
		if len(config) > 0 {
			if err := validate(string(out)); err != nil {
				t.Error(err)
			}
			if got := read(string(out)); len(got.Faults) > 0 {
				t.Errorf("%s: %v", out, got.Faults)
			}
		}
	}
	if n != 14 {
		t.Errorf("%d defaults in sections, want 14: five roles, four kinds of words, self, four of prod-facts", n)
	}
}
