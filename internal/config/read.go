package config

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// reader reads one file.
type reader struct {
	file   *source.File
	policy Policy
	faults []Fault
	claims map[string]claim // column words of the file, folded
	at     cursor
}

// claim is a column word that the file gives to a role.
type claim struct {
	role board.Role
	span source.Span
}

// root reads the whole configuration. One of a later version is not looked into: its keys are not known here.
func (r *reader) root(k *key, n ast.Node) {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		r.example(r.span(n), "limits: { wip: 1, next: 3 }", "the configuration is %s; expected keys with values", describe(r, n))
		return
	}
	for _, entry := range m.Values {
		if number, ok := whole(entry.Value); ok && entryName(entry) == "version" && number > Version {
			r.fault(r.span(entry.Value), "", `"version" is %d and this boardgate reads %d; a newer boardgate reads it`, number, Version)
			return
		}
	}
	r.section(k, "", m)
}

// section reads the keys of a mapping.
func (r *reader) section(k *key, path string, m *ast.MappingNode) {
	for _, entry := range r.entries(m) {
		name := entryName(entry)
		i := slices.IndexFunc(k.keys, func(k *key) bool { return k.name == name })
		if i < 0 {
			r.unknown(k, name, r.tokenSpan(entry.Key.GetToken()))
			continue
		}
		r.value(k.keys[i], strings.TrimPrefix(path+"."+name, "."), entry)
	}
}

// entries returns the entries of a mapping without those whose key stands there already, which are faults.
func (r *reader) entries(m *ast.MappingNode) []*ast.MappingValueNode {
	seen := map[string]source.Span{}
	var out []*ast.MappingValueNode
	for _, entry := range m.Values {
		at := r.tokenSpan(entry.Key.GetToken())
		name := entryName(entry)
		if first, ok := seen[name]; ok {
			r.fault(at, "keep one of the two", "duplicate key %s; it is already set at %d:%d", quoteCut(name), first.From().Line, first.From().Column)
			continue
		}
		seen[name] = at
		out = append(out, entry)
	}
	return out
}

func entryName(entry *ast.MappingValueNode) string { return entry.Key.GetToken().Value }

// unknown adds the fault of a name that k does not have.
func (r *reader) unknown(k *key, name string, at source.Span) {
	if why := k.refused[name]; why != "" {
		r.example(at, k.example, "%s %s is not set here: %s", k.noun, quoteCut(name), why)
		return
	}
	known := slices.Clone(k.enum)
	for _, one := range k.keys {
		known = append(known, one.name)
	}
	near, hint := text.Nearest(name, known), ""
	noun := k.noun
	if noun == "" {
		noun = "key"
	}
	message := fmt.Sprintf("unknown %s %s", noun, quoteCut(name))
	if near != "" {
		message += fmt.Sprintf(" (did you mean %q?)", near)
		hint = k.hint(near)
	}
	r.example(at, hint, "%s; known here are %s; a newer boardgate may know it", message, strings.Join(known, ", "))
}

// hint returns the example of the key of that name, the section's own where it has no such key.
func (k *key) hint(name string) string {
	for _, one := range k.keys {
		if one.name == name {
			return one.example
		}
	}
	return k.example
}

// value reads the value of one key.
func (r *reader) value(k *key, path string, entry *ast.MappingValueNode) {
	at := r.tokenSpan(entry.Key.GetToken())
	n := entry.Value
	if _, null := n.(*ast.NullNode); null {
		// A section whose keys are all commented out is a section left at its defaults.
		switch {
		case k.nullable:
			k.set(&r.policy, value{span: at})
		case k.kind != section && !k.optional:
			r.example(at, k.example, "%q is empty; expected %s", path, k.wants())
		}
		return
	}
	if k.open != nil && k.kind == section {
		k.open(&r.policy, Value[string]{k.name, at})
	}
	v := value{node: n, span: at}
	switch n.(type) {
	case *ast.MappingNode, *ast.SequenceNode:
	default:
		v.span = r.span(n)
	}
	if r.take(k, path, n, &v) && k.set != nil {
		k.set(&r.policy, v)
	}
}

// take reads a value of the key's kind into v and says whether it is sound.
func (r *reader) take(k *key, path string, n ast.Node, v *value) bool {
	before := len(r.faults)
	switch k.kind {
	case section:
		r.takeSection(k, path, n)
	case oneText, choice:
		v.text = r.takeText(k, strconv.Quote(path), n)
	case number:
		v.number = r.takeNumber(k, path, n)
	case share:
		v.share = r.takeShare(k, path, n)
	case period:
		v.period = r.takePeriod(k, path, n)
	case words:
		v.list = r.takeWords(k, path, n)
	case names:
		v.list = r.takeNames(k, path, n)
	case byName:
		r.takeNamed(k, path, n)
	case plainText:
		v.text = r.takePlainText(k, path, n)
	case texts, scalars:
		v.texts = r.takeTexts(k, path, n)
	case pattern, patterns:
		v.patterns = r.takePatterns(k, path, n)
	case day:
		v.day = r.takeDay(k, path, n)
	case boolean:
		v.flag = r.takeFlag(k, path, n)
	case decimal:
		v.decimal = r.takeDecimal(k, path, n)
	case duration:
		v.period = r.takeDuration(k, path, n)
	case size:
		v.bytes = r.takeSize(k, path, n)
	case plain:
		r.takePlain(k, path, n)
	}
	v.plain = plainValue(k, *v, n)
	return len(r.faults) == before
}

func (r *reader) takeSection(k *key, path string, n ast.Node) {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		r.wrongKind(k, path, n)
		return
	}
	r.section(k, path, m)
}

// takeText reads a text; what says in quotes which one.
func (r *reader) takeText(k *key, what string, n ast.Node) string {
	s, ok := content(n)
	if !ok || k.enum != nil && !slices.Contains(k.enum, s) || k.allows != nil && !k.allows(s) {
		r.wrong(k, what, n, k.wants())
		return ""
	}
	return s
}

func (r *reader) takeNumber(k *key, path string, n ast.Node) int {
	number, ok := whole(n)
	if !ok || number < k.min || number > k.max {
		r.wrongKind(k, path, n)
		return 0
	}
	return number
}

// takePeriod reads whole days or hours, "7d" or "36h".
func (r *reader) takePeriod(k *key, path string, n ast.Node) time.Duration {
	s, _ := content(n)
	digits, unit := strings.TrimSuffix(s, "h"), time.Hour
	if days, ok := strings.CutSuffix(s, "d"); ok {
		digits, unit = days, 24*time.Hour
	}
	number, err := strconv.Atoi(digits)
	if err != nil || digits == s || strconv.Itoa(number) != digits || number < k.min || number > k.max {
		r.wrongKind(k, path, n)
		return 0
	}
	return time.Duration(number) * unit
}

func (r *reader) takeWords(k *key, path string, n ast.Node) []string {
	var out []string
	for _, one := range r.elements(k, path, n) {
		word, ok := content(one)
		what := fmt.Sprintf("a word of %q", path)
		switch {
		case !ok:
			r.wrong(k, what, one, "a text, in quotes where YAML takes it for another type")
		case !k.allows(word):
			r.wrong(k, what, one, "a letter, a digit or a symbol in it")
		default:
			word = strings.TrimSpace(word)
			r.claim(k, word, r.span(one))
			out = append(out, word)
		}
	}
	return distinct(out)
}

// elements returns the nodes of a list of words, or the one word that stands in its place.
func (r *reader) elements(k *key, path string, n ast.Node) []ast.Node {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		if text, _ := content(n); strings.Contains(text, ",") && isWord(text) {
			r.unlisted(k, path, n, text)
			return nil
		}
		return []ast.Node{n}
	}
	if len(list.Values) == 0 {
		r.wrong(k, strconv.Quote(path), n, "at least one word")
	}
	return list.Values
}

// longestList is how much of a text is written out as the list that was meant.
const longestList = 200

// unlisted adds the fault of one text with commas in it: it is more likely
// several words, and as one it matches no heading.
func (r *reader) unlisted(k *key, path string, n ast.Node, text string) {
	var several []string
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); k.allows(word) {
			several = append(several, word)
		}
	}
	list, one, hint := List(several), List([]string{strings.TrimSpace(text)}), k.name+": "
	if hint += list; len(text) > longestList {
		list, one, hint = "[…, …]", `["…, …"]`, k.example
	}
	what := "word"
	if k.role != "" {
		what = "heading"
	}
	r.example(r.span(n), hint, "%q is %s; write %s, or %s for a %s with a comma", path, describe(r, n), list, one, what)
}

// claim keeps which role a column's word belongs to; no word can belong to two.
func (r *reader) claim(k *key, word string, at source.Span) {
	if k.role == "" {
		return
	}
	first, ok := r.claims[fold(word)]
	if ok && first.role != k.role {
		p := first.span.From()
		r.fault(at, "keep it in one of the two", "the word %s of %q is a word of %q already, at %d:%d", quoteCut(word), "columns."+string(k.role), "columns."+string(first.role), p.Line, p.Column)
		return
	}
	if !ok {
		r.claims[fold(word)] = claim{k.role, at}
	}
}

// settle takes the words that the file gave to a role from the defaults of the
// others, hands the words over to the state file, and takes back facts at fault.
func (r *reader) settle() {
	for role, list := range r.policy.Words.Columns {
		r.policy.Words.Columns[role] = slices.DeleteFunc(list, func(word string) bool {
			c, ok := r.claims[fold(word)]
			return ok && c.role != role
		})
	}
	r.policy.StateWords = board.StateWords(r.policy.Words)
	if p := r.policy.ProdFacts; p != nil && p.node == nil {
		r.policy.ProdFacts = nil // something in it is wrong
	}
}

func (r *reader) takeNames(k *key, path string, n ast.Node) []string {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		r.wrongKind(k, path, n)
		return nil
	}
	out := []string{}
	for _, one := range list.Values {
		if name, ok := r.takeName(k, path, one); ok {
			out = append(out, name)
		}
	}
	return out
}

func (r *reader) takeName(k *key, path string, n ast.Node) (string, bool) {
	name, ok := content(n)
	switch {
	case !ok:
		r.wrong(k, fmt.Sprintf("a %s of %q", k.noun, path), n, "a name")
	case k.refused[name] != "":
		r.example(r.span(n), k.example, "%q names %q, which %s", path, name, k.refused[name])
	case !slices.Contains(k.enum, name):
		r.unknown(k, name, r.span(n))
	default:
		return name, true
	}
	return "", false
}

// takeNamed reads a mapping of names, each to a section or to one value.
func (r *reader) takeNamed(k *key, path string, n ast.Node) {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		r.wrongKind(k, path, n)
		return
	}
	for _, entry := range r.entries(m) {
		name := entryName(entry)
		at := r.tokenSpan(entry.Key.GetToken())
		k.open(&r.policy, Value[string]{name, at})
		if k.allows != nil && !k.allows(name) {
			r.fault(at, "", "%q is not a name under %q; expected %s", name, path, k.expected)
		}
		one := path + "." + name
		keys, mapping := entry.Value.(*ast.MappingNode)
		_, null := entry.Value.(*ast.NullNode)
		switch {
		case mapping && k.keys != nil:
			r.section(k, one, keys)
		case k.short != nil:
			r.value(k.short, one, entry)
		case !null:
			r.wrong(k, strconv.Quote(one), entry.Value, "a mapping")
		}
	}
}

// takePlainText reads a text that may stand without quotes: ip: 4, tls: {min: 1.2}.
func (r *reader) takePlainText(k *key, path string, n ast.Node) string {
	s, ok := written(n)
	if !ok || k.enum != nil && !slices.Contains(k.enum, s) {
		r.wrongKind(k, path, n)
	}
	return s
}

// written returns a value as the text that is written, and whether it is a plain one.
func written(n ast.Node) (string, bool) {
	switch n.(type) {
	case *ast.MappingNode, *ast.SequenceNode, *ast.NullNode:
		return "", false
	}
	return fmt.Sprint(plainOf(n)), true
}

// takePatterns reads one pattern or a list of them.
func (r *reader) takePatterns(k *key, path string, n ast.Node) []Value[*regexp.Regexp] {
	var out []Value[*regexp.Regexp]
	for _, one := range r.takeTexts(k, path, n) {
		compiled, err := regexp.Compile(one.V)
		switch {
		case err != nil:
			r.fault(one.Span, "https://github.com/google/re2/wiki/Syntax", "%q is not a pattern: %s", one.V, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		case compiled.MatchString(""):
			r.fault(one.Span, "", "%q matches an empty text, and so everywhere", one.V)
		default:
			out = append(out, Value[*regexp.Regexp]{compiled, one.Span})
		}
	}
	return out
}

func (r *reader) takeDay(k *key, path string, n ast.Node) time.Time {
	s, _ := content(n)
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		r.wrongKind(k, path, n)
	}
	return t
}

func (r *reader) takeTexts(k *key, path string, n ast.Node) []Value[string] {
	all := []ast.Node{n}
	if list, ok := n.(*ast.SequenceNode); ok && k.kind != pattern {
		all = list.Values
		if len(all) == 0 && k.kind == scalars {
			r.wrongKind(k, path, n)
		}
	}
	var out []Value[string]
	for _, one := range all {
		s, ok := content(one)
		if k.kind == scalars || k.kind == pattern {
			s, ok = written(one)
		}
		if !ok {
			r.wrong(k, strconv.Quote(path), one, k.wants())
			continue
		}
		out = append(out, Value[string]{s, r.span(one)})
	}
	return out
}

func (r *reader) takeFlag(k *key, path string, n ast.Node) bool {
	b, ok := n.(*ast.BoolNode)
	if !ok {
		r.wrongKind(k, path, n)
		return false
	}
	return b.Value
}

func (r *reader) takeDecimal(k *key, path string, n ast.Node) float64 {
	number, _ := plainOf(n).(json.Number)
	v, err := number.Float64()
	if err != nil {
		r.wrongKind(k, path, n)
	}
	return v
}

func (r *reader) takeDuration(k *key, path string, n ast.Node) time.Duration {
	s, _ := content(n)
	d, err := time.ParseDuration(s)
	if err != nil || d < k.shortest || d > k.longest {
		r.wrongKind(k, path, n)
	}
	return d
}

func (r *reader) takeSize(k *key, path string, n ast.Node) int64 {
	s, _ := content(n)
	bytes, ok := bytesOf(s)
	if !ok || bytes < 1 || bytes > longestBody {
		r.wrongKind(k, path, n)
	}
	return bytes
}

// takeShare reads a number, or a number of another that is no less.
func (r *reader) takeShare(k *key, path string, n ast.Node) Share {
	s, _ := content(n)
	count, of, _ := strings.Cut(s, " of ")
	var got Share
	var err error
	if number, ok := whole(n); ok {
		got = Share{number, number}
	} else if got.Count, err = strconv.Atoi(count); err == nil {
		got.Of, err = strconv.Atoi(of)
	}
	if err != nil || got.Count < k.min || got.Of < got.Count || got.Of > k.max {
		r.wrongKind(k, path, n)
	}
	return got
}

// bytesOf reads a number of bytes with its unit.
func bytesOf(s string) (int64, bool) {
	units := []struct {
		suffix string
		bytes  float64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"kB", 1e3}, {"MB", 1e6}, {"B", 1}}
	for _, u := range units {
		if digits, ok := strings.CutSuffix(s, u.suffix); ok {
			f, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
			return int64(f * u.bytes), err == nil && f >= 0 && f < 1e12
		}
	}
	return 0, false
}

// takePlain refuses a mapping, and a list where none is expected.
func (r *reader) takePlain(k *key, path string, n ast.Node) {
	list, isList := n.(*ast.SequenceNode)
	_, isMapping := n.(*ast.MappingNode)
	ok := !isMapping && isList == k.list && !impossible(n)
	for i := 0; isList && i < len(list.Values); i++ {
		switch list.Values[i].(type) {
		case *ast.MappingNode, *ast.SequenceNode:
			ok = false
		}
		ok = ok && !impossible(list.Values[i])
	}
	ok = ok && (!isList || len(list.Values) > 0)
	if !ok {
		r.wrongKind(k, path, n)
	}
}

// impossible says whether a value is a number that no answer can hold.
func impossible(n ast.Node) bool {
	switch n.(type) {
	case *ast.InfinityNode, *ast.NanNode:
		return true
	}
	return false
}

// plainValue returns what was read as plain data.
func plainValue(k *key, v value, n ast.Node) any {
	switch k.kind {
	case plain:
		return plainOf(n)
	case boolean:
		return v.flag
	case decimal:
		return v.decimal
	case oneText, plainText:
		return v.text
	case duration:
		return v.period
	case pattern:
		if len(v.patterns) > 0 {
			return v.patterns[0].V
		}
	}
	return nil
}

// wrongKind adds the fault of a value that is not what its key takes.
func (r *reader) wrongKind(k *key, path string, n ast.Node) {
	r.wrong(k, strconv.Quote(path), n, k.wants())
}

// wrong adds the fault of a value, or of a part of one, that is not what is expected.
func (r *reader) wrong(k *key, what string, n ast.Node, expected string) {
	r.example(r.span(n), k.example, "%s is %s; expected %s", what, describe(r, n), expected)
}

// wants says what a key takes.
func (k *key) wants() string {
	if k.expected != "" && k.kind != byName {
		return k.expected
	}
	switch k.kind {
	case section, byName:
		return "a mapping"
	case boolean:
		return "true or false"
	case decimal:
		return "a number"
	case texts, patterns:
		return "a text or a list of texts"
	case day:
		return "a day such as 2026-03-01"
	case plain:
		return "a value"
	case duration:
		return fmt.Sprintf("a length of time with its unit, from %s to %s", lengthOf(k.shortest), lengthOf(k.longest))
	case size:
		return "a number of bytes with its unit, from 1B to 64MiB"
	case share:
		return fmt.Sprintf("a whole number from %d to %d, or N of M such as 2 of 3", k.min, k.max)
	case number:
		if k.min == k.max {
			return strconv.Itoa(k.min)
		}
		return fmt.Sprintf("a whole number from %d to %d", k.min, k.max)
	case period:
		return fmt.Sprintf("days or hours from %d to %d, such as 7d or 36h", k.min, k.max)
	case words:
		return "a word or a list of words"
	case names:
		return fmt.Sprintf("a list of %ss", k.noun)
	}
	switch len(k.enum) {
	case 0:
		return "a text"
	case 1:
		return k.enum[0]
	}
	return strings.Join(k.enum[:len(k.enum)-1], ", ") + " or " + k.enum[len(k.enum)-1]
}

// lengthOf writes a length of time without the units that are zero.
func lengthOf(d time.Duration) string {
	s := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-2]
		}
	}
	return s
}

// describe says what a value is, for a message.
func describe(r *reader, n ast.Node) string {
	switch n := n.(type) {
	case *ast.MappingNode:
		return "a mapping"
	case *ast.SequenceNode:
		if len(n.Values) == 0 {
			return "an empty list"
		}
		return "a list"
	case *ast.NullNode:
		return "empty"
	case *ast.StringNode:
		if t := n.GetToken().Type; t == token.SingleQuoteType || t == token.DoubleQuoteType {
			return "the text " + quoteCut(n.Value)
		}
		return quoteCut(n.Value)
	case *ast.LiteralNode:
		return "the text " + quoteCut(n.Value.Value)
	}
	return quoteCut(r.span(n).Text())
}

// content returns the text that a node is.
func content(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	return "", false
}

// whole returns the number that a node is, written with digits alone: YAML 1.1
// and 1.2 do not agree on 010 and 1_000.
func whole(n ast.Node) (int, bool) {
	if _, ok := n.(*ast.IntegerNode); !ok {
		return 0, false
	}
	written := n.GetToken().Value
	number, err := strconv.Atoi(written)
	return number, err == nil && strconv.Itoa(number) == written
}

// fold returns a word as headings are compared with it: case and separators aside.
func fold(word string) string {
	folded := strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || unicode.Is(unicode.Pd, c) || c == '_' {
			return -1
		}
		return unicode.ToLower(c)
	}, word)
	if folded == "" {
		return word
	}
	return folded
}

// distinct returns the words without those that another before them is alike.
func distinct(words []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(words), func(word string) bool {
		known := seen[fold(word)]
		seen[fold(word)] = true
		return known
	})
}
