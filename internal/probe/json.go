package probe

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"github.com/theory/jsonpath"
)

// nodeCheck is one expectation of a node.
type nodeCheck struct {
	words string // "is \"ok\""
	fits  func(node any, v values) bool
	facts []string // whose answers it is filled from
}

// wanted is the words as they follow "want": "\"ok\"", "it to contain \"oil\"".
func (c nodeCheck) wanted() string {
	verb, rest, _ := strings.Cut(c.words, " ")
	switch verb {
	case "contains":
		return "it to contain " + rest
	case "matches":
		return "it to match " + rest
	}
	return rest
}

// jsonValue expects something of each value that a JSONPath leads to, or that there is none.
func jsonValue(written string, path *jsonpath.Path, absent bool, checks []nodeCheck) assertion {
	out := assertion{want: written + " exists", sign: positive}
	var said []string
	for _, c := range checks {
		said = append(said, c.words)
		out.facts = append(out.facts, c.facts...)
	}
	switch {
	case absent:
		out.want, out.sign = "no "+written, negative
	case len(said) > 0:
		out.want = written + " " + strings.Join(said, ", ")
	}
	wrong := func(node any, reason string) finding {
		return finding{saw: compact(node), class: "json", reason: reason, excerpt: written + " = " + compact(node)}
	}
	out.judge = func(a *answer, v values) finding {
		document, err := a.json()
		if err != nil {
			return failing("json", "", "%v", err)
		}
		nodes := path.Select(document)
		switch {
		case absent && len(nodes) > 0:
			return wrong(nodes[0], fmt.Sprintf("%s is there, want none", written))
		case absent:
			return finding{}
		case len(nodes) == 0:
			return failing("json", "", "%s leads to nothing%s", written, near(written, document))
		}
		for _, node := range nodes {
			for _, c := range checks {
				if !c.fits(node, v) {
					return wrong(node, fmt.Sprintf("%s %s, want %s", written, described(node), c.wanted()))
				}
			}
		}
		return finding{saw: compact(nodes[0])}
	}
	return out
}

// near names the members that stand where the path broke off, the nearest first.
func near(path string, document any) string {
	segments := strings.Split(strings.TrimPrefix(path, "$"), ".")
	at, wanted := document, ""
	for _, s := range segments {
		if s == "" {
			continue
		}
		wanted = s
		object, ok := at.(map[string]any)
		if !ok {
			return fmt.Sprintf("; there is %s", article(kind(at)))
		}
		next, ok := object[s]
		if !ok {
			break
		}
		at = next
	}
	object, ok := at.(map[string]any)
	if !ok || wanted == "" {
		return ""
	}
	return members(object, wanted)
}

func members(object map[string]any, wanted string) string {
	if len(object) == 0 {
		return "; the object there is empty"
	}
	var names []string
	for name := range object {
		names = append(names, name)
	}
	sort.Strings(names)
	sort.SliceStable(names, func(i, j int) bool {
		return levenshtein.ComputeDistance(wanted, names[i]) < levenshtein.ComputeDistance(wanted, names[j])
	})
	for i, name := range names {
		names[i] = excerptOf(name)
	}
	more := ""
	if len(names) > 5 {
		names, more = names[:5], ", …"
	}
	return "; there is " + strings.Join(names, ", ") + more
}

func article(kind string) string {
	switch kind {
	case "null":
		return "null"
	case "object", "array", "integer":
		return "an " + kind
	}
	return "a " + kind
}

// described says a node in a sentence.
func described(node any) string {
	switch v := node.(type) {
	case []any:
		if len(v) == 1 {
			return "has 1 item"
		}
		return fmt.Sprintf("has %d items", len(v))
	case map[string]any:
		return "is an object"
	}
	return "is " + compact(node)
}

// compact writes a node as JSON on one line, cut where it is long.
func compact(node any) string {
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if e.Encode(node) != nil {
		return kind(node)
	}
	return excerptOf(out.String())
}

// equalTo expects a plain value; numbers compare by value.
func equalTo(want any) nodeCheck {
	return nodeCheck{words: "is " + compact(want), fits: func(node any, _ values) bool { return same(node, want) }}
}

// equalToFilled expects a text with captured values in it.
func equalToFilled(want template) nodeCheck {
	return nodeCheck{words: fmt.Sprintf("is %q", want.written), facts: want.facts(), fits: func(node any, v values) bool {
		s, err := want.text(v)
		return err == nil && node == s
	}}
}

func same(node, want any) bool {
	switch node := node.(type) {
	case json.Number:
		number, ok := want.(json.Number)
		return ok && sameNumber(string(node), string(number))
	case nil, bool, string:
		return node == want
	}
	return false // an array or object equals no plain value
}

// sameNumber compares numbers by value, exactly: a float64 takes 2^53 and 2^53+1 for one.
func sameNumber(a, b string) bool {
	x, xPower := significant(a)
	y, yPower := significant(b)
	return x == y && xPower == yPower
}

// significant returns the digits of a number without zeros at their ends, its sign
// before them, and the power of ten by which they count.
func significant(number string) (string, int) {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	power, err := strconv.Atoi(cmp.Or(exponent, "0"))
	if err != nil {
		return number, 0 // beyond all that is compared
	}
	unsigned, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(unsigned, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	short := strings.TrimRight(digits, "0")
	switch {
	case short == "":
		return "0", 0
	case negative:
		return "-" + short, power - len(fraction) + len(digits) - len(short)
	}
	return short, power - len(fraction) + len(digits) - len(short)
}

// asFloat returns the value of a JSON number.
func asFloat(v any) (float64, bool) {
	number, _ := v.(json.Number)
	f, err := number.Float64()
	return f, err == nil
}

func ofKind(name string) nodeCheck {
	return nodeCheck{words: "is " + article(name), fits: func(node any, _ values) bool {
		if name == "integer" {
			f, ok := asFloat(node)
			return ok && f == math.Trunc(f)
		}
		return kind(node) == name
	}}
}

func within(b bounds) nodeCheck {
	return nodeCheck{words: "is " + b.String(), fits: func(node any, _ values) bool {
		f, ok := asFloat(node)
		return ok && b.hold(f)
	}}
}

// counted bounds the items of an array or the members of an object.
func counted(b bounds) nodeCheck {
	return nodeCheck{words: "has " + b.of("item"), fits: func(node any, _ values) bool {
		switch v := node.(type) {
		case []any:
			return b.hold(float64(len(v)))
		case map[string]any:
			return b.hold(float64(len(v)))
		}
		return false
	}}
}

// long bounds the characters of a text.
func long(b bounds) nodeCheck {
	return nodeCheck{words: "has " + b.of("character"), fits: func(node any, _ values) bool {
		s, ok := node.(string)
		return ok && b.hold(float64(utf8.RuneCountInString(s)))
	}}
}

func containing(want template) nodeCheck {
	return nodeCheck{words: fmt.Sprintf("contains %q", want.written), facts: want.facts(), fits: func(node any, v values) bool {
		phrase, err := want.text(v)
		s, ok := node.(string)
		return err == nil && ok && strings.Contains(s, phrase)
	}}
}

func matching(pattern *regexp.Regexp) nodeCheck {
	return nodeCheck{words: fmt.Sprintf("matches %q", pattern), fits: func(node any, _ values) bool {
		s, ok := node.(string)
		return ok && pattern.MatchString(s)
	}}
}

func oneOf(wants []any) nodeCheck {
	said := make([]string, len(wants))
	for i, w := range wants {
		said[i] = compact(w)
	}
	return nodeCheck{words: "is one of " + strings.Join(said, ", "), fits: func(node any, _ values) bool {
		for _, w := range wants {
			if same(node, w) {
				return true
			}
		}
		return false
	}}
}

func notEqualTo(want any) nodeCheck {
	c := equalTo(want)
	return nodeCheck{words: "is not " + compact(want), fits: func(node any, v values) bool { return !c.fits(node, v) }}
}
