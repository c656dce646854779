package probe

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/nearest"
)

// Read takes a prod-facts mapping of plain data as a Spec. Unknown keys,
// doubles and values of the wrong kind are problems, each at its place; what
// could be read is in the Spec all the same.
func Read(data fact.Mapping) (Spec, []Problem) {
	var spec Spec
	var r reader
	r.fields("$", data, reflect.ValueOf(&spec).Elem())
	return spec, r.problems
}

type reader struct{ problems []Problem }

func (r *reader) problem(path, hint, format string, args ...any) {
	p := Problem{Path: path, Message: fmt.Sprintf(format, args...), Hint: hint}
	if !slices.Contains(r.problems, p) { // a default that is wrong is wrong for every fact
		r.problems = append(r.problems, p)
	}
}

// unknown complains of a key that is not known.
func (r *reader) unknown(path, hint, key string) {
	r.problems = append(r.problems, Problem{Path: path, Key: true, Message: fmt.Sprintf("unknown key %q", key), Hint: hint})
}

// below returns the path of a key, quoted where goccy/go-yaml quotes it.
func below(path, key string) string {
	if strings.ContainsAny(key, "$*.[]") {
		key = "'" + key + "'"
	}
	return path + "." + key
}

// fields reads a mapping into the fields of a structure.
func (r *reader) fields(path string, data fact.Mapping, into reflect.Value) {
	known := map[string]reflect.Value{}
	keys(into, known)
	r.doubles(path, data)
	for _, e := range data {
		at := below(path, e.Key)
		field, ok := known[e.Key]
		if !ok {
			r.unknown(at, suggested(e.Key, known), e.Key)
			continue
		}
		r.value(at, e.Value, field)
	}
}

// doubles complains of keys that stand twice.
func (r *reader) doubles(path string, data fact.Mapping) {
	seen := map[string]bool{}
	for _, e := range data {
		if seen[e.Key] {
			r.problem(below(path, e.Key), "", "%q is given twice", e.Key)
		}
		seen[e.Key] = true
	}
}

// keys collects the fields of a structure by their keys, embedded ones too.
func keys(v reflect.Value, into map[string]reflect.Value) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch key := f.Tag.Get("key"); {
		case f.Anonymous:
			keys(v.Field(i), into)
		case key != "":
			into[key] = v.Field(i)
		}
	}
}

// value reads one value by the kind of the field.
func (r *reader) value(path string, value any, into reflect.Value) {
	if value == nil {
		return
	}
	switch field := into.Addr().Interface().(type) {
	case *any:
		*field = value
	case *string:
		*field = r.text(path, value)
	case *Duration:
		*field = Duration(r.unit(path, value, "10s"))
	case *Size:
		*field = Size(r.unit(path, value, "2MiB"))
	case *bool:
		*field = r.flag(path, value)
	case **bool:
		b := r.flag(path, value)
		*field = &b
	case **int:
		*field = r.count(path, value)
	case *List:
		*field = r.list(path, value)
	case *fact.Mapping:
		*field = r.mapping(path, value)
		r.doubles(path, *field)
	case *[]CheckSpec:
		*field = named(r, path, value, func(c *CheckSpec, name string) { c.Name = name })
	case *[]WorkflowSpec:
		*field = named(r, path, value, func(w *WorkflowSpec, name string) { w.Name = name })
	default:
		r.fields(path, r.mapping(path, value), into)
	}
}

// named reads a mapping of names to structures as a list of them.
func named[T any](r *reader, path string, value any, name func(*T, string)) []T {
	data := r.mapping(path, value)
	r.doubles(path, data)
	out := make([]T, len(data))
	for i, e := range data {
		name(&out[i], e.Key)
		r.fields(below(path, e.Key), r.mapping(below(path, e.Key), e.Value), reflect.ValueOf(&out[i]).Elem())
	}
	return out
}

func (r *reader) mapping(path string, value any) fact.Mapping {
	switch v := value.(type) {
	case nil:
		return nil
	case fact.Mapping:
		return v
	}
	r.problem(path, "", "want a mapping, got %s", shown(value))
	return nil
}

func (r *reader) text(path string, value any) string {
	s, ok := value.(string)
	if !ok {
		r.problem(path, fmt.Sprintf("write %q, in quotes", fmt.Sprint(value)), "want a text, got %s", shown(value))
	}
	return s
}

// unit reads a quantity, which must be a text because it must have a unit.
func (r *reader) unit(path string, value any, example string) string {
	s, ok := value.(string)
	if !ok {
		r.problem(path, "", "%s has no unit; write it like %s", shown(value), example)
	}
	return s
}

func (r *reader) flag(path string, value any) bool {
	b, ok := value.(bool)
	if !ok {
		r.problem(path, "", "want true or false, got %s", shown(value))
	}
	return b
}

func (r *reader) count(path string, value any) *int {
	n, ok := whole(value)
	if !ok {
		r.problem(path, "", "want a whole number, got %s", shown(value))
		return nil
	}
	return &n
}

func (r *reader) list(path string, value any) List {
	items, ok := value.([]any)
	if !ok {
		return List{r.text(path, value)}
	}
	out := make(List, len(items))
	for i, item := range items {
		out[i] = r.text(fmt.Sprintf("%s[%d]", path, i), item)
	}
	return out
}

// whole returns a number of plain data that fits an int.
func whole(value any) (int, bool) {
	switch v := value.(type) {
	case int:
		return v, true
	case int64:
		return int(v), int64(int(v)) == v
	case uint64:
		return int(v), v <= math.MaxInt
	}
	return 0, false
}

// shown writes a plain value for a message.
func shown(value any) string {
	switch v := value.(type) {
	case nil:
		return "nothing"
	case string:
		return fmt.Sprintf("%q", v)
	case []any:
		return "a list"
	case fact.Mapping:
		return "a mapping"
	}
	return fmt.Sprint(value)
}

// suggested names the key that was probably meant, or lists what there is.
func suggested(key string, known map[string]reflect.Value) string {
	names := slices.Sorted(maps.Keys(known))
	if near := nearest.To(key, names); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "known keys: " + strings.Join(names, ", ")
}
