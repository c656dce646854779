package config_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/source"
)

var rules = []config.RuleInfo{
	{Name: "board-shape"},
	{Name: "config", Fixed: true},
	{Name: "dod-measurable"},
	{Name: "dod-required"},
	{Name: "done-reference"},
	{Name: "item-lost"},
	{Name: "next-limit"},
	{Name: "prod-facts", Fixed: true, Derived: true},
	{Name: "pull-next"},
	{Name: "state-sync"},
	{Name: "waiver", Fixed: true},
	{Name: "wip-limit", Fixed: true},
}

func read(text string) config.Reading {
	return config.Read(source.NewFile("c.yml", []byte(text)), rules)
}

// shown is a fault as line:column-column "what is there" message | hint.
func shown(f config.Fault) string {
	from, to := f.Span.From(), f.Span.To()
	s := fmt.Sprintf("%d:%d-%d %q %s", from.Line, from.Column, to.Column, f.Span.Text(), f.Message)
	if f.Hint != "" {
		s += " | " + f.Hint
	}
	return s
}

func allShown(faults []config.Fault) []string {
	var out []string
	for _, f := range faults {
		out = append(out, shown(f))
	}
	return out
}

const (
	rootKeys  = `known here are version, board, state, archive, columns, words, limits, rules, waive, prod-facts, $schema; a newer boardgate may know it`
	roleKeys  = `known here are wip, next, done, dropped, other; a newer boardgate may know it`
	ruleNames = `known here are board-shape, config, dod-measurable, dod-required, done-reference, item-lost, next-limit, pull-next, state-sync, waiver, wip-limit; a newer boardgate may know it`
	waivable  = `known here are board-shape, dod-measurable, dod-required, done-reference, item-lost, next-limit, pull-next, state-sync; a newer boardgate may know it`
	aPath     = `expected a path inside the repository, from its root, with forward slashes | board: docs/NEXT-7D.md`
)

// faults are configurations and what is wrong with them. A schema can say no to
// those that are marked; the others are YAML's or need the file.
var faults = []struct {
	name   string
	text   string
	schema bool
	want   []string
}{
	{"unknown key", "colums: {}\n", true, []string{`1:1-7 "colums" unknown key "colums" (did you mean "columns"?); ` + rootKeys + " | columns:\n  wip: [In Arbeit, 進行中]\n  next: Als Nächstes\n  done: [Erledigt, ✅]"}},
	{"unknown key, nothing like it", "colour: red\n", true, []string{`1:1-7 "colour" unknown key "colour"; ` + rootKeys}},
	{"unknown role", "limits:\n  wpi: 1\n", true, []string{`2:3-6 "wpi" unknown limit "wpi" (did you mean "wip"?); known here are wip, next, wip-age; a newer boardgate may know it | limits: { wip: 1 }`}},
	{"unknown key in columns", "columns: { \"state\": [x] }\n", true, []string{`1:12-19 "\"state\"" unknown key "state"; ` + roleKeys}},
	{"unknown key in prod-facts", "prod-facts:\n  gate: {}\n", true, []string{`2:3-7 "gate" unknown key "gate"; known here are base, block, check, workflows, maintenance, defaults, deadline, control, confirm, incident, parallel, ip, proxy, allow_private; a newer boardgate may know it`}},
	{"keys that are not text", "1: x\n", true, []string{`1:1-2 "1" unknown key "1"; ` + rootKeys}},
	{"duplicate key", "limits: { wip: 1, wip: 2 }\nlimits: {}\n", false, []string{
		`1:19-22 "wip" duplicate key "wip"; it is already set at 1:11 | keep one of the two`,
		`2:1-7 "limits" duplicate key "limits"; it is already set at 1:1 | keep one of the two`,
	}},
	{"duplicate key deep in prod-facts", "prod-facts:\n  check:\n    a: { get: /, get: / }\n    b: { json: { c: 1, 'c': 2 } }\n", false, []string{
		`3:18-21 "get" duplicate key "get"; it is already set at 3:10 | keep one of the two`,
		`4:24-27 "'c'" duplicate key "c"; it is already set at 4:18 | keep one of the two`,
	}},

	{"a list for the whole", "- a\n- b\n", true, []string{`1:1-4 "- a" the configuration is a list; expected keys with values | limits: { wip: 1, next: 3 }`}},
	{"a text for the whole", "hello\n", true, []string{`1:1-6 "hello" the configuration is "hello"; expected keys with values | limits: { wip: 1, next: 3 }`}},
	{"a list for a mapping", "limits:\n  - wip\n  - next\n", true, []string{`2:3-8 "- wip" "limits" is a list; expected a mapping | limits: { wip: 1, next: 3, wip-age: 7d }`}},
	{"a text for a mapping", "rules: strict\n", true, []string{"1:8-14 \"strict\" \"rules\" is \"strict\"; expected a mapping | rules:\n  done-reference: error\n  pull-next: off"}},
	{"a list for prod-facts", "prod-facts: [a]\n", true, []string{"1:13-16 \"[a]\" \"prod-facts\" is a list; expected a mapping | prod-facts:\n  base: https://example.com\n  block: never\n  check:\n    healthz: { get: /api/healthz, expect: 200 }"}},
	{"nothing for a path", "board:\nstate: ~\n", true, []string{
		`1:1-6 "board" "board" is empty; ` + aPath,
		`2:1-6 "state" "state" is empty; ` + strings.Replace(aPath, "board: docs/NEXT-7D.md", "state: docs/OPS/STATE.md", 1),
	}},

	{"limits", "limits:\n  wip: -1\n  next: 1.5\n", true, []string{
		`2:8-10 "-1" "limits.wip" is "-1"; expected a whole number from 0 to 9999 | limits: { wip: 1 }`,
		`3:9-12 "1.5" "limits.next" is "1.5"; expected a whole number from 0 to 9999 | limits: { next: 3 }`,
	}},
	{"more limits", "limits:\n  wip: 1000000000000\n  next: '3'\n", true, []string{
		`2:8-21 "1000000000000" "limits.wip" is "1000000000000"; expected a whole number from 0 to 9999 | limits: { wip: 1 }`,
		`3:9-12 "'3'" "limits.next" is the text "3"; expected a whole number from 0 to 9999 | limits: { next: 3 }`,
	}},
	{"a limit in words, of a role that has none", "limits:\n  wip: three\n  done: 1\n", true, []string{
		`2:8-13 "three" "limits.wip" is "three"; expected a whole number from 0 to 9999 | limits: { wip: 1 }`,
		`3:3-7 "done" unknown limit "done"; known here are wip, next, wip-age; a newer boardgate may know it`,
	}},
	{"an age without a unit", "limits:\n  wip-age: 7\n", true, []string{
		`2:12-13 "7" "limits.wip-age" is "7"; expected days or hours from 1 to 9999, such as 7d or 36h | limits: { wip-age: 7d }`,
	}},
	{"an age of weeks", "limits: { wip-age: 1w }\n", true, []string{
		`1:20-22 "1w" "limits.wip-age" is "1w"; expected days or hours from 1 to 9999, such as 7d or 36h | limits: { wip-age: 7d }`,
	}},
	{"an age of days and hours", "limits: { wip-age: 1d12h }\n", true, []string{
		`1:20-25 "1d12h" "limits.wip-age" is "1d12h"; expected days or hours from 1 to 9999, such as 7d or 36h | limits: { wip-age: 7d }`,
	}},
	{"an age of none", "limits: { wip-age: 0d }\n", true, []string{
		`1:20-22 "0d" "limits.wip-age" is "0d"; expected days or hours from 1 to 9999, such as 7d or 36h | limits: { wip-age: 7d }`,
	}},
	{"an age that is too high", "limits: { wip-age: 10000h }\n", true, []string{
		`1:20-26 "10000h" "limits.wip-age" is "10000h"; expected days or hours from 1 to 9999, such as 7d or 36h | limits: { wip-age: 7d }`,
	}},
	{"an age with a zero before it", "limits: { wip-age: 07d }\n", true, []string{
		`1:20-23 "07d" "limits.wip-age" is "07d"; expected days or hours from 1 to 9999, such as 7d or 36h | limits: { wip-age: 7d }`,
	}},
	{"an age without a number", "limits: { wip-age: d }\n", true, []string{
		`1:20-21 "d" "limits.wip-age" is "d"; expected days or hours from 1 to 9999, such as 7d or 36h | limits: { wip-age: 7d }`,
	}},
	{"an age that is a list", "limits: { wip-age: [7d] }\n", true, []string{
		`1:20-24 "[7d]" "limits.wip-age" is a list; expected days or hours from 1 to 9999, such as 7d or 36h | limits: { wip-age: 7d }`,
	}},
	{"numbers that YAML's versions read differently", "limits: { wip: 010, next: 1_0 }\n", false, []string{
		`1:16-19 "010" "limits.wip" is "010"; expected a whole number from 0 to 9999 | limits: { wip: 1 }`,
		`1:27-30 "1_0" "limits.next" is "1_0"; expected a whole number from 0 to 9999 | limits: { next: 3 }`,
	}},
	{"more of them", "limits: { wip: 0x3, next: +3 }\n", false, []string{
		`1:16-19 "0x3" "limits.wip" is "0x3"; expected a whole number from 0 to 9999 | limits: { wip: 1 }`,
		`1:27-29 "+3" "limits.next" is "+3"; expected a whole number from 0 to 9999 | limits: { next: 3 }`,
	}},
	{"numbers with space behind them", "limits:\n  wip: 08 \n  next: -1  # why\n", true, []string{
		`2:8-10 "08" "limits.wip" is "08"; expected a whole number from 0 to 9999 | limits: { wip: 1 }`,
		`3:9-11 "-1" "limits.next" is "-1"; expected a whole number from 0 to 9999 | limits: { next: 3 }`,
	}},
	{"a limit that is a list, one that is none", "limits: { wip: [1], next: }\n", true, []string{
		`1:16-19 "[1]" "limits.wip" is a list; expected a whole number from 0 to 9999 | limits: { wip: 1 }`,
		`1:21-25 "next" "limits.next" is empty; expected a whole number from 0 to 9999 | limits: { next: 3 }`,
	}},

	{"unknown rule", "rules:\n  wip-limits: error\n  shine: error\n", true, []string{
		`2:3-13 "wip-limits" unknown rule "wip-limits" (did you mean "wip-limit"?); ` + ruleNames + ` | rules: { wip-limit: error }`,
		`3:3-8 "shine" unknown rule "shine"; ` + ruleNames,
	}},
	{"a severity that follows from elsewhere", "rules: { prod-facts: error }\n", true, []string{
		"1:10-20 \"prod-facts\" rule \"prod-facts\" is not set here: its severity follows from `block` under prod-facts and from the event | rules:\n  done-reference: error\n  pull-next: off",
	}},
	{"unknown severity", "rules: { pull-next: Error, item-lost: false, wip-limit: [] }\n", true, []string{
		`1:21-26 "Error" "rules.pull-next" is "Error"; expected error, warning, notice or off | rules: { pull-next: error }`,
		`1:39-44 "false" "rules.item-lost" is "false"; expected error, warning, notice or off | rules: { item-lost: error }`,
		`1:57-59 "[]" "rules.wip-limit" is an empty list; expected error, warning, notice or off | rules: { wip-limit: error }`,
	}},
	{"rules that stay errors", "rules: { config: off, waiver: warning }\n", true, []string{
		`1:18-21 "off" "rules.config" is "off"; expected error, as this rule is neither softened nor turned off | rules: { config: error }`,
		`1:31-38 "warning" "rules.waiver" is "warning"; expected error, as this rule is neither softened nor turned off | rules: { waiver: error }`,
	}},
	{"waive what cannot be waived", "waive:\n  self: [wip-limit, config, 'waiver', done-reference, done-references, 5]\n", true, []string{
		`2:10-19 "wip-limit" "waive.self" names "wip-limit", which cannot be waived | waive: { self: [done-reference, state-sync] }`,
		`2:21-27 "config" "waive.self" names "config", which cannot be waived | waive: { self: [done-reference, state-sync] }`,
		`2:29-37 "'waiver'" "waive.self" names "waiver", which cannot be waived | waive: { self: [done-reference, state-sync] }`,
		`2:55-70 "done-references" unknown rule "done-references" (did you mean "done-reference"?); ` + waivable + ` | waive: { self: [done-reference, state-sync] }`,
		`2:72-73 "5" a rule of "waive.self" is "5"; expected a name | waive: { self: [done-reference, state-sync] }`,
	}},
	{"waive one by its name alone", "waive: { self: done-reference }\n", true, []string{
		`1:16-30 "done-reference" "waive.self" is "done-reference"; expected a list of rules | waive: { self: [done-reference, state-sync] }`,
	}},

	{"empty words", "columns: { wip: [], next: '', done: [a, ' '], dropped: '--' }\nwords: { none: }\n", true, []string{
		`1:17-19 "[]" "columns.wip" is an empty list; expected at least one word | columns: { wip: [In Arbeit, 進行中] }`,
		`1:27-29 "''" a word of "columns.next" is the text ""; expected a letter, a digit or a symbol in it | columns: { next: [Als Nächstes] }`,
		`1:41-44 "' '" a word of "columns.done" is the text " "; expected a letter, a digit or a symbol in it | columns: { done: [Erledigt, ✅] }`,
		`1:56-60 "'--'" a word of "columns.dropped" is the text "--"; expected a letter, a digit or a symbol in it | columns: { dropped: [Verworfen] }`,
		`2:10-14 "none" "words.none" is empty; expected a word or a list of words | words: { none: [leer, なし] }`,
	}},
	{"words that are not text", "words: { dod: [5, [a], {b: c}], limit: true }\n", true, []string{
		`1:16-17 "5" a word of "words.dod" is "5"; expected a text, in quotes where YAML takes it for another type | words: { dod: [Fertig wenn, 完了条件] }`,
		`1:19-22 "[a]" a word of "words.dod" is a list; expected a text, in quotes where YAML takes it for another type | words: { dod: [Fertig wenn, 完了条件] }`,
		`1:24-30 "{b: c}" a word of "words.dod" is a mapping; expected a text, in quotes where YAML takes it for another type | words: { dod: [Fertig wenn, 完了条件] }`,
		`1:40-44 "true" a word of "words.limit" is "true"; expected a text, in quotes where YAML takes it for another type | words: { limit: [höchstens] }`,
	}},
	{"a text with commas for a list", "columns:\n  wip: \"Doing, Now\"\n  next: Up Next, To-Do, 2nd, True\n  done: |\n    Done,\n", true, []string{
		`2:8-20 "\"Doing, Now\"" "columns.wip" is the text "Doing, Now"; write [Doing, Now], or ["Doing, Now"] for a heading with a comma | wip: [Doing, Now]`,
		`3:9-34 "Up Next, To-Do, 2nd, True" "columns.next" is "Up Next, To-Do, 2nd, True"; write [Up Next, To-Do, "2nd", "True"], or ["Up Next, To-Do, 2nd, True"] for a heading with a comma | next: [Up Next, To-Do, "2nd", "True"]`,
		`4:9-10 "|" "columns.done" is the text "Done,\n"; write [Done], or ["Done,"] for a heading with a comma | done: [Done]`,
	}},
	{"a text with commas for words", "words: { dod: 'Done when, Fertig wenn', limit: \"" + strings.Repeat("x, ", 100) + "\" }\n", true, []string{
		`1:15-39 "'Done when, Fertig wenn'" "words.dod" is the text "Done when, Fertig wenn"; write [Done when, Fertig wenn], or ["Done when, Fertig wenn"] for a word with a comma | dod: [Done when, Fertig wenn]`,
		`1:48-350 "\"` + strings.Repeat("x, ", 100) + `\"" "words.limit" is the text "` + strings.Repeat("x, ", 13) + `x…"; write […, …], or ["…, …"] for a word with a comma | words: { limit: [höchstens] }`,
	}},
	{"a word in two roles", "columns:\n  wip: [Läuft, \"To-Do\"]\n  next: [to do, LÄUFT]\n", false, []string{
		`3:10-15 "to do" the word "to do" of "columns.next" is a word of "columns.wip" already, at 2:17 | keep it in one of the two`,
		`3:17-23 "LÄUFT" the word "LÄUFT" of "columns.next" is a word of "columns.wip" already, at 2:9 | keep it in one of the two`,
	}},

	{"absolute path", "board: /etc/passwd\n", true, []string{`1:8-19 "/etc/passwd" "board" is "/etc/passwd"; ` + aPath}},
	{"an archive out of the repository", "archive: ../DONE.md\n", true, []string{
		`1:10-20 "../DONE.md" "archive" is "../DONE.md"; ` + strings.Replace(aPath, "board: docs/NEXT-7D.md", "archive: docs/DONE.md", 1),
	}},
	{"path out of the repository", "board: docs/../../x.md\n", true, []string{`1:8-23 "docs/../../x.md" "board" is "docs/../../x.md"; ` + aPath}},
	{"path of Windows", "board: docs\\x.md\n", true, []string{`1:8-17 "docs\\x.md" "board" is "docs\\x.md"; ` + aPath}},
	{"path with a drive", "board: C:/x.md\n", true, []string{`1:8-15 "C:/x.md" "board" is "C:/x.md"; ` + aPath}},
	{"path to a directory", "board: docs/\n", true, []string{`1:8-13 "docs/" "board" is "docs/"; ` + aPath}},
	{"path to here", "board: .\n", true, []string{`1:8-9 "." "board" is "."; ` + aPath}},
	{"empty path", "board: \"\"\n", true, []string{`1:8-10 "\"\"" "board" is the text ""; ` + aPath}},
	{"path with a line break", "board: |\n  docs/x.md\n", true, []string{`1:8-9 "|" "board" is the text "docs/x.md\n"; ` + aPath}},
	{"path that is a number", "board: 7\n", true, []string{`1:8-9 "7" "board" is "7"; ` + aPath}},

	{"a version to come", "version: 2\nthis: is\nnew: [1]\n", true, []string{`1:10-11 "2" "version" is 2 and this boardgate reads 1; a newer boardgate reads it`}},
	{"no version", "version: 0\n", true, []string{`1:10-11 "0" "version" is "0"; expected 1 | version: 1`}},
	{"version of text", "version: '1'\n", true, []string{`1:10-13 "'1'" "version" is the text "1"; expected 1 | version: 1`}},

	{"all of them, by place", "limits: { wip: -1 }\nbord: x\nrules: { pull-next: fatal }\n", true, []string{
		`1:16-18 "-1" "limits.wip" is "-1"; expected a whole number from 0 to 9999 | limits: { wip: 1 }`,
		`2:1-5 "bord" unknown key "bord" (did you mean "board"?); ` + rootKeys + ` | board: docs/NEXT-7D.md`,
		`3:21-26 "fatal" "rules.pull-next" is "fatal"; expected error, warning, notice or off | rules: { pull-next: error }`,
	}},
	{"after Greek, with CRLF, a byte order mark and comments", "\uFEFF# σχόλιο\r\ncolumns: # και\r\n  wip: [Σε εξέλιξη, 5]\r\n\r\nlimits:\r\n  wip: ένα\r\n", false, []string{
		`3:30-31 "5" a word of "columns.wip" is "5"; expected a text, in quotes where YAML takes it for another type | columns: { wip: [In Arbeit, 進行中] }`,
		`6:8-14 "ένα" "limits.wip" is "ένα"; expected a whole number from 0 to 9999 | limits: { wip: 1 }`,
	}},
	{"a first key after a byte order mark", "\uFEFFbord: x\n", false, []string{`1:4-8 "bord" unknown key "bord" (did you mean "board"?); ` + rootKeys + ` | board: docs/NEXT-7D.md`}},
	{"long values are cut", "board: /" + strings.Repeat("x", 60) + "\n", true, []string{`1:8-69 "/` + strings.Repeat("x", 60) + `" "board" is "/` + strings.Repeat("x", 39) + `…"; ` + aPath}},

	{"syntax: an open bracket", "columns:\n  wip: [a, b\nlimits: {}\n", false, []string{`3:1-7 "limits" this is not YAML: ',' or ']' must be specified`}},
	{"syntax: two colons", "board: a: b\n", false, []string{`1:8-9 "a" this is not YAML: mapping value is not allowed in this context`}},
	{"syntax: a bad escape", "board: \"\\q\"\n", false, []string{`1:8-10 "\"\\" this is not YAML: found unknown escape character 'q'`}},
	{"syntax: at", "board: @x\n", false, []string{`1:8-9 "@" this is not YAML: '@' is a reserved character`}},
	{"tabs", "limits:\n\twip: 1\n \t next: 2\n\t# a comment may\n\t\n", false, []string{
		`2:1-2 "\t" a tab indents this line; expected spaces`,
		`3:2-4 "\t " a tab indents this line; expected spaces`,
	}},
	{"NUL", "board: a\x00b\n", false, []string{`1:9-10 "\x00" the control character "\x00" does not belong in a configuration`}},
	{"lone carriage return", "board: a\rstate: b\n", false, []string{`1:9-10 "\r" the control character "\r" does not belong in a configuration`}},
	{"not UTF-8", "board: caf\xe9\n", false, []string{`1:11-12 "\xe9" the byte 0xe9 is not UTF-8 | save the file as UTF-8`}},
	{"UTF-16", "\xff\xfeb\x00", false, []string{`1:1-3 "\xff\xfe" the file is UTF-16; expected UTF-8 | save the file as UTF-8`}},
	{"several documents", "---\nlimits: {}\n---\nrules: {}\n", false, []string{`3:1-4 "---" a second document starts here; expected one`}},
	{"several documents, the first empty", "---\n---\nrules: {}\n", false, []string{`2:1-4 "---" a second document starts here; expected one`}},
	{"text after the end", "limits: {}\n...\nrules: {}\n", false, []string{`3:1-6 "rules" a second document starts here; expected one`}},
	{"anchor, alias and merge key", "limits: &a { wip: 1 }\nrules: *a\nwords: { <<: *a }\n", false, []string{
		`1:9-10 "&" anchors are not read; expected the value itself, a word that starts with "&" in quotes`,
		`2:8-9 "*" aliases are not read; expected the value itself, a word that starts with "*" in quotes`,
		`3:10-12 "<<" merge keys are not read; expected the keys themselves`,
		`3:14-15 "*" aliases are not read; expected the value itself, a word that starts with "*" in quotes`,
	}},
	{"Markdown that looks like aliases", "columns: { wip: [**WIP**] }\n", false, []string{`1:18-19 "*" aliases are not read; expected the value itself, a word that starts with "*" in quotes`}},
	{"tag", "board: !!str 5\n", false, []string{`1:8-13 "!!str" tags are not read; expected the value alone, a word that starts with "!" in quotes`}},
	{"directive", "%YAML 1.1\n---\nboard: a.md\n", false, []string{`1:1-2 "%" directives are not read; expected keys, a word that starts with "%" in quotes`}},
	{"complex key", "? board\n: a.md\n", false, []string{`1:1-2 "?" keys after "?" are not read; expected "key: value", a word that starts with "?" in quotes`}},
	{"too large", "#" + strings.Repeat("x", 64<<10), false, []string{`1:1-1 "" the file has 65537 bytes; expected at most 65536`}},
	{"too deep", "prod-facts: " + strings.Repeat("[", 30) + strings.Repeat("]", 30), false, []string{`1:32-33 "[" nested more than 20 deep`}},
}

func TestFaults(t *testing.T) {
	for _, test := range faults {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, allShown(read(test.text).Faults)); diff != "" {
				t.Errorf("faults of %q (-want +got)\n%s", test.text, diff)
			}
		})
	}
}

func TestFaultString(t *testing.T) {
	f := read("limits:\n  wip: -1\n").Faults[0]
	if want := `c.yml:2:8: "limits.wip" is "-1"; expected a whole number from 0 to 9999`; f.String() != want {
		t.Errorf("String() = %s\nwant       %s", f, want)
	}
}

// sound are configurations without a fault and how they differ from the default.
var sound = []struct {
	name string
	text string
	want func(*config.Policy)
}{
	{"empty", "", func(*config.Policy) {}},
	{"comments", "# nothing\n\n  # here\n", func(*config.Policy) {}},
	{"a document without content", "---\n", func(*config.Policy) {}},
	{"a document that ends", "--- # here\nboard: a.md\n...\n# end\n", func(p *config.Policy) { p.Board = "a.md" }},
	{"sections whose keys are commented out", "columns:\nwords:\nlimits:\n#  wip: 1\nrules: ~\nwaive: {}\nprod-facts:\n", func(*config.Policy) {}},
	{"JSON", `{"version": 1, "limits": {"wip": 2}}`, func(p *config.Policy) { p.Limits[board.WIP] = 2 }},
	{"paths", "board: ./docs/a b.md\nstate: 'docs//..x.md'\narchive: ./docs/DONE.md\n", func(p *config.Policy) {
		p.Board, p.State, p.Archive = "docs/a b.md", "docs/..x.md", "docs/DONE.md"
	}},
	{"off is a word", "rules: { wip-limit: off, pull-next: \"off\", item-lost: 'notice', state-sync: warning, config: error }\n", func(p *config.Policy) {
		p.Rules = map[string]config.Severity{"wip-limit": config.Off, "pull-next": config.Off, "item-lost": config.Notice, "state-sync": config.Warning, "config": config.Error}
	}},
	{"an age in days", "limits: { wip-age: 7d }\n", func(p *config.Policy) { p.WIPAge = 7 * 24 * time.Hour }},
	{"an age in hours, in quotes", "limits: { wip-age: '9999h' }\n", func(p *config.Policy) { p.WIPAge = 9999 * time.Hour }},
	{"limits", "limits:\n  wip: 0\n  next: 9999\n", func(p *config.Policy) {
		p.Limits = map[board.Role]int{board.WIP: 0, board.Next: 9999}
	}},
	{"self", "waive: { self: [state-sync] }\n", func(p *config.Policy) { p.Self = []string{"state-sync"} }},
	{"nothing may be waived", "waive: { self: [] }\n", func(p *config.Policy) { p.Self = []string{} }},
	{"a role replaces its words, the others keep theirs", "columns:\r\n  wip: [Σε εξέλιξη, \"🚧\"]\r\n  next: Als Nächstes\r\n", func(p *config.Policy) {
		p.Words.Columns[board.WIP] = []string{"Σε εξέλιξη", "🚧"}
		p.Words.Columns[board.Next] = []string{"Als Nächstes"}
	}},
	{"a default word moves to the role that names it", "columns: { wip: [in review, ToDo, todo, WIP] }\n", func(p *config.Policy) {
		p.Words.Columns[board.WIP] = []string{"in review", "ToDo", "WIP"}
		p.Words.Columns[board.Next] = without(p.Words.Columns[board.Next], "Todo")
		p.Words.Columns[board.Other] = without(p.Words.Columns[board.Other], "In Review")
	}},
	{"words are added", "words: { dod: [Fertig wenn, dod], none: なし, updated: [Stand], limit: höchstens }\n", func(p *config.Policy) {
		p.Words.DoD = append(p.Words.DoD, "Fertig wenn")
		p.Words.None = append(p.Words.None, "なし")
		p.Words.Updated = append(p.Words.Updated, "Stand")
		p.Words.Limit = append(p.Words.Limit, "höchstens")
	}},
	{"words YAML could take for something else", "words: { none: [no, n/a, Done!, R&D, a *b, \"*\u0078\", '5', 1e3, 2025-01-01] }\n", func(p *config.Policy) {
		p.Words.None = append(p.Words.None, "no", "Done!", "R&D", "a *b", "*x", "5", "1e3", "2025-01-01")
	}},
}

func without(list []string, word string) []string {
	var out []string
	for _, one := range list {
		if one != word {
			out = append(out, one)
		}
	}
	return out
}

func TestSound(t *testing.T) {
	for _, test := range sound {
		t.Run(test.name, func(t *testing.T) {
			want := config.Default()
			want.Source = "c.yml"
			test.want(&want)
			want.StateWords = board.StateWords(want.Words)
			got := read(test.text)
			if len(got.Faults) > 0 {
				t.Fatalf("faults of %q\n%s", test.text, strings.Join(allShown(got.Faults), "\n"))
			}
			if diff := cmp.Diff(want, got.Policy); diff != "" {
				t.Errorf("policy of %q (-want +got)\n%s", test.text, diff)
			}
		})
	}
}

// The list that a fault proposes for a text with commas is read as those words.
func TestListProposed(t *testing.T) {
	for text, want := range map[string][]string{
		"Doing, Now": {"Doing", "Now"},
		"进行中, 2nd, To: Do, \"a\", null, #x": {"进行中", "2nd", "To: Do", "\"a\"", "null", "#x"},
		"✅, -, Läuft-jetzt,":                {"✅", "Läuft-jetzt"},
	} {
		out, err := json.Marshal(text) // JSON is YAML
		if err != nil {
			t.Fatal(err)
		}
		faults := read("columns: { wip: " + string(out) + " }\n").Faults
		if len(faults) != 1 {
			t.Fatalf("%q: %v", text, faults)
		}
		got := read("columns: { " + faults[0].Hint + " }\n")
		if diff := cmp.Diff(want, got.Policy.Words.Columns[board.WIP]); diff != "" || len(got.Faults) > 0 {
			t.Errorf("%q: %s: %v\n%s", text, faults[0].Hint, got.Faults, diff)
		}
	}
}

// What is sound beside a fault is kept: that side's board is parsed with its own words.
func TestFaultsLeaveTheRest(t *testing.T) {
	got := read("columns: { wip: Läuft }\nlimits: { wip: 2, next: -1 }\n").Policy
	if diff := cmp.Diff([]string{"Läuft"}, got.Words.Columns[board.WIP]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[board.Role]int{board.WIP: 2}, got.Limits); diff != "" {
		t.Error(diff)
	}
}

const section = `board: a.md
prod-facts:
  base: https://example.com
  ip: 4
  defaults: { timeout: 10s, tls: { min: 1.3, verify: true } }
  check:
    login: # ü
      get: "/login?ü={{ x $.data[0].id }}"
      expect: [200, 307 -> /auth/login]
      json: { $.status: ok, '$[''a'']': -1, $.data: { min_items: 1 }, '$.data[0].id': ~ }
      needs: healthz
    login_json:
      get: |
        /x
      headers: {X-Day: 2026-03-01}
  workflows: { ci: { file: ci.yml } }
`

// Every value of the section is born with its place.
func TestProdFacts(t *testing.T) {
	got := read(section)
	if len(got.Faults) > 0 {
		t.Fatal(allShown(got.Faults))
	}
	p := got.Policy.ProdFacts
	login, second := p.Check[0], p.Check[1]
	for _, test := range []struct {
		value any
		at    source.Span
		want  string
	}{
		{nil, p.Span, `2:1 "prod-facts" <nil>`},
		{p.Base.V, p.Base.Span, `3:9 "https://example.com" https://example.com`},
		{p.IP.V, p.IP.Span, `4:7 "4" 4`},
		{p.Control.V, p.Control.Span, `none`},
		{p.Defaults.Timeout.V, p.Defaults.Timeout.Span, `5:24 "10s" 10s`},
		{p.Defaults.MinTLS.V, p.Defaults.MinTLS.Span, `5:41 "1.3" 1.3`},
		{login.Name.V, login.Name.Span, `7:5 "login" login`},
		{login.Get.V, login.Get.Span, `8:12 "\"/login?ü={{ x $.data[0].id }}\"" /login?ü={{ x $.data[0].id }}`},
		{login.Expect[1].V, login.Expect[1].Span, `9:21 "307 -> /auth/login" 307 -> /auth/login`},
		{login.JSON[0].Each[0].Value, login.JSON[0].Span, `10:25 "ok" ok`},
		{login.JSON[1].Each[0].Value, login.JSON[1].Span, `10:41 "-1" -1`},
		{login.JSON[2].Each[0].Value, login.JSON[2].Each[0].Span, `10:66 "1" 1`},
		{nil, login.JSON[2].Span, `10:45 "$.data" <nil>`},
		{login.JSON[3].Each[0].Value, login.JSON[3].Span, `10:71 "'$.data[0].id'" <nil>`},
		{login.Needs[0].V, login.Needs[0].Span, `11:14 "healthz" healthz`},
		{second.Get.V, second.Name.Span, `12:5 "login_json" /x` + "\n"},
		{second.Headers[0].Value.V, second.Headers[0].Value.Span, `15:24 "2026-03-01" 2026-03-01`},
		{nil, p.NameOf("login", false), `7:5 "login" <nil>`},
		{nil, p.NameOf("ci", true), `16:16 "ci" <nil>`},
		{nil, p.NameOf("ci", false), `2:1 "prod-facts" <nil>`},
	} {
		got := "none"
		if !test.at.IsZero() {
			from := test.at.From()
			got = fmt.Sprintf("%d:%d %q %v", from.Line, from.Column, test.at.Text(), test.value)
		}
		if got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
	moved := read("# moved\n" + section).Policy.ProdFacts
	if other := read(strings.Replace(section, "min: 1.3", "min: 1.2", 1)).Policy.ProdFacts; !p.Same(moved) || p.Same(other) {
		t.Error("sections are the same where they state the same, wherever they stand")
	}
	if p := read("prod-facts: { base: a, bse: b }").Policy.ProdFacts; p != nil {
		t.Errorf("a section at fault is kept: %v", p)
	}
}

// hostile are files that are made to take long or much.
func hostile() map[string]string {
	const size = 64<<10 - 2
	fill := func(prefix, s string) string { return prefix + strings.Repeat(s, (size-len(prefix))/len(s)) }
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for i := 'b'; i < 'z'; i++ {
		bomb += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", i, i, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1)
	}
	staircase := ""
	for i := 0; len(staircase)+i+3 < size; i++ {
		staircase += strings.Repeat(" ", i) + "a:\n"
	}
	return map[string]string{
		"bomb":           bomb,
		"brackets":       fill("board: ", "["),
		"braces":         fill("board: ", "{a: "),
		"dashes":         fill("", "- "),
		"nested words":   fill("columns:\n  wip:\n", "  - - a\n"),
		"question marks": fill("", "? "),
		"staircase":      staircase,
		"same key":       fill("", "a: b\n"),
		"flow keys":      fill("prod-facts: {check: {", "a,"),
		"flow same key":  fill("prod-facts: {check: {", "a,") + "}}",
		"unclosed list":  fill("columns: {wip: [", "a,\n"),
		"quotes":         fill("", "\""),
		"open quote":     fill("board: '", "x\n "),
		"lines":          fill("limits: x", "\n  y"),
		"literal":        fill("board: |\n", "  x\n"),
		"documents":      fill("", "---\n"),
		"colons":         fill("", ": "),
		"long key":       fill("", "k") + ":",
		"blanks":         fill("board:", " "),
		"breaks":         fill("board:", "\n"),
		"tabs":           fill("board:", "\n\tx"),
		"comments":       fill("board: #", "\n#"),
		"anchors":        fill("", "&a "),
		"tags":           fill("board: ", "!"),
	}
}

func TestHostile(t *testing.T) {
	for name, text := range hostile() {
		if len(read(text).Faults) == 0 {
			t.Errorf("%s: no fault", name)
		}
	}
}

// BenchmarkHostile shows that they are read about as fast as others of their size.
func BenchmarkHostile(b *testing.B) {
	for name, text := range hostile() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				read(text)
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	text := "# forty lines\n" + strings.Repeat("# why it is so\n", 8) + `version: 1
board: docs/NEXT-7D.md
state: docs/OPS/STATE.md
columns:
  wip: [WIP, In Progress, Doing, In Arbeit]
  next:
    - NEXT
    - Up Next
    - Als Nächstes
  done: [DONE, Erledigt]
words:
  dod: [Fertig wenn]
  none: [leer]
limits:
  wip: 1
  next: 3
rules:
  done-reference: error
  pull-next: off
waive:
  self: [done-reference, dod-required]
prod-facts:
  base: https://example.com
  block: never
  check:
    healthz: { get: /api/healthz, expect: 200, json: { $.status: ok } }
    products: { get: /api/v1/public/products, expect: 200 }
    login: { get: /login, expect: 307 -> /auth/login }
  workflows:
    smoke-production: { file: smoke-production.yml, max_age: 26h }
`
	file := source.NewFile("c.yml", []byte(text))
	if got := config.Read(file, rules); len(got.Faults) > 0 {
		b.Fatal(allShown(got.Faults))
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		config.Read(file, rules)
	}
}
