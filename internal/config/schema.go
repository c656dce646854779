package config

import (
	"encoding/json"
	"strconv"
)

// Schema returns the JSON Schema (draft 2020-12) of the configuration with
// these rules. What only a reading can say it leaves out: keys that stand twice,
// words in two roles, what is YAML and not read.
func Schema(rules []RuleInfo) []byte {
	s := configuration(rules).schema()
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "boardgate configuration"
	out, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic(err) // the table holds nothing but texts, numbers and lists
	}
	return append(out, '\n')
}

func (k *key) schema() map[string]any {
	s := k.shape()
	if k.doc != "" {
		s["description"] = k.doc
	}
	if k.def != nil {
		s["default"] = k.def
	}
	return s
}

// shape returns what the value has to be.
func (k *key) shape() map[string]any {
	if k.accepts != nil {
		return k.accepts
	}
	switch k.kind {
	case section:
		properties := map[string]any{}
		for _, one := range k.keys {
			properties[one.name] = one.schema()
		}
		return map[string]any{"type": []string{"object", "null"}, "properties": properties, "additionalProperties": false}
	case oneText:
		return k.textShape()
	case number:
		return map[string]any{"type": "integer", "minimum": k.min, "maximum": k.max}
	case share:
		return map[string]any{"anyOf": []any{
			map[string]any{"type": "integer", "minimum": k.min, "maximum": k.max},
			map[string]any{"type": "string", "pattern": `^[1-9][0-9]? of [1-9][0-9]?$`},
		}}
	case period:
		return map[string]any{"type": "string", "pattern": `^[1-9][0-9]{0,3}[dh]$`} // from 1 to 9999
	case words:
		list := map[string]any{"type": "array", "minItems": 1, "items": k.textShape()}
		one := map[string]any{"type": "string", "not": map[string]any{"pattern": k.forbid + "|,"}}
		return map[string]any{"anyOf": []any{one, list}}
	case names:
		return map[string]any{"type": "array", "items": map[string]any{"enum": k.enum}}
	case choice:
		return map[string]any{"enum": k.enum}
	case byName:
		each := k.short
		if k.keys == nil {
			return map[string]any{"type": []string{"object", "null"}, "additionalProperties": each.shape()}
		}
		one := (&key{kind: section, keys: k.keys}).shape()
		if each != nil {
			one = map[string]any{"anyOf": []any{each.shape(), one}}
		}
		return map[string]any{"type": []string{"object", "null"}, "additionalProperties": one}
	case boolean:
		return map[string]any{"type": "boolean"}
	case decimal:
		return map[string]any{"type": "number"}
	case duration:
		return map[string]any{"type": "string", "pattern": `^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`}
	case size:
		return map[string]any{"type": "string", "pattern": `^[0-9]+(\.[0-9]+)? ?(B|kB|MB|KiB|MiB)$`}
	case texts, patterns:
		return map[string]any{"anyOf": []any{map[string]any{"type": "string"}, map[string]any{"type": "array", "items": map[string]any{"type": "string"}}}}
	case scalars:
		one := map[string]any{"type": []string{"integer", "string"}}
		return map[string]any{"anyOf": []any{one, map[string]any{"type": "array", "minItems": 1, "items": one}}}
	case day:
		return map[string]any{"type": "string", "pattern": `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`}
	case plainText, pattern:
		if k.enum != nil {
			return map[string]any{"enum": k.plainEnum()}
		}
		return map[string]any{"type": plainTypes[1:]}
	}
	panic("a kind of value without a schema")
}

// plainTypes are the types of a value that is neither a mapping nor a list.
var plainTypes = []string{"null", "string", "number", "boolean"}

func (k *key) textShape() map[string]any {
	if k.forbid == "" {
		return map[string]any{"type": "string"}
	}
	return map[string]any{"type": "string", "not": map[string]any{"pattern": k.forbid}}
}

// plainEnum are the texts of a choice, numbers also as the numbers they may be written as.
func (k *key) plainEnum() []any {
	var out []any
	for _, one := range k.enum {
		out = append(out, one)
		if n, err := strconv.ParseFloat(one, 64); err == nil {
			out = append(out, n)
		}
	}
	return out
}
