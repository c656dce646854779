package report

import (
	"reflect"
	"strconv"
	"strings"
)

// Schema returns the JSON Schema (draft 2020-12) of the JSON report. It is made
// from the very types that JSON writes. Fields not named are allowed, since
// later versions add some; those added later are omitted where empty, and so
// not required.
func Schema() []byte {
	schema := append(object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"title", "boardgate report"},
		{"description", "What `boardgate check --format json` writes, version 1."},
	}, schemaOf(reflect.TypeFor[jsonReport](), "")...)
	return encode(schema)
}

// object is a JSON object whose keys stay in order.
type object []member

type member struct {
	key   string
	value any
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var out strings.Builder
	for i, m := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		out.Write(encode(m.key))
		out.WriteByte(':')
		out.Write(encode(m.value))
	}
	return []byte("{" + out.String() + "}"), nil
}

// schemaOf returns the schema of a type whose values are among those of enum,
// separated by "|"; an empty enum allows all.
func schemaOf(t reflect.Type, enum string) object {
	switch t.Kind() {
	case reflect.Pointer:
		return object{{"anyOf", []object{schemaOf(t.Elem(), enum), {{"type", "null"}}}}}
	case reflect.Struct:
		return schemaOfStruct(t)
	case reflect.Slice:
		return object{{"type", "array"}, {"items", schemaOf(t.Elem(), enum)}}
	case reflect.Map:
		if t.Elem().Kind() == reflect.String {
			return object{{"type", "object"}, {"additionalProperties", schemaOf(t.Elem(), "")}}
		}
		return object{{"type", "object"}}
	case reflect.Int:
		return schemaOfInt(enum)
	case reflect.Float64:
		return object{{"type", "number"}, {"minimum", 0}}
	case reflect.Bool:
		return object{{"type", "boolean"}}
	}
	if enum != "" {
		return object{{"enum", strings.Split(enum, "|")}}
	}
	return object{{"type", "string"}}
}

func schemaOfInt(enum string) object {
	if n, err := strconv.Atoi(enum); err == nil {
		return object{{"const", n}}
	}
	return object{{"type", "integer"}, {"minimum", 0}}
}

func schemaOfStruct(t reflect.Type) object {
	var properties object
	var required []string
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Anonymous {
			inner := schemaOfStruct(field.Type)
			properties = append(properties, inner[1].value.(object)...)
			required = append(required, inner[2].value.([]string)...)
			continue
		}
		name, option, _ := strings.Cut(field.Tag.Get("json"), ",")
		schema := schemaOf(field.Type, field.Tag.Get("enum"))
		if doc := field.Tag.Get("doc"); doc != "" {
			schema = append(object{{"description", doc}}, schema...)
		}
		properties = append(properties, member{name, schema})
		if option != "omitempty" {
			required = append(required, name)
		}
	}
	return object{{"type", "object"}, {"properties", properties}, {"required", required}}
}
