package config

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/goccy/go-yaml/ast"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/source"
)

// Version is the version of the configuration that is read here. It rises
// only where a key changes its meaning; keys that are added leave it.
const Version = 1

// kind is the type of a key's value.
type kind int

const (
	section   kind = iota // a mapping with keys of its own
	oneText               // one text
	number                // a whole number
	share                 // a whole number, or one of another: 2, 2 of 3
	period                // whole days or hours: 7d, 36h
	words                 // one word or a list of them
	names                 // a list of names out of key.enum
	choice                // one out of key.enum
	byName                // a mapping of names to sections, or to one value each
	plainText             // one text, a number or true taken as the text that is written
	texts                 // a text or a list of texts
	scalars               // the same, a number taken as the text that is written
	pattern               // a regular expression (RE2)
	patterns              // one or a list of them
	day                   // 2026-03-01
	boolean               // true or false
	decimal               // any number
	duration              // a length of time: 10s, 2.5s, 5m
	size                  // a number of bytes: 2MiB, 500kB
	plain                 // any value, as it is written
)

// key is one key of the configuration. Reading, the JSON Schema and
// docs/configuration.md all come from it.
type key struct {
	name    string
	kind    kind
	doc     string // Markdown, one sentence or more
	def     any    // its default as YAML has it, nil where there is none
	absent  string // what happens without it, where def does not say so
	example string // YAML from the top of a file
	noun    string // what its keys or names are called; "key" where empty
	keys    []*key // of a section

	enum     []string
	refused  map[string]string // names that are known and not allowed, with the reason
	allows   func(string) bool // of a text, a word or a name
	forbid   string            // the same as a regular expression of what is not allowed (RE2 and ECMA 262 alike)
	expected string            // what a text, a choice or a name has to be, where enum does not say so
	min, max int               // of a number, or of a period's

	shortest, longest time.Duration  // of a duration
	accepts           map[string]any // what a plain value has to be, as JSON Schema
	list              bool           // a plain value is a list
	sample            string         // a name in a mapping of names
	short             *key           // what a name may have in place of a section
	optional          bool           // may be empty, which says nothing
	nullable          bool           // may be empty, which is a value

	role board.Role // of a key under columns
	// open is called before the keys of a section are read, with the section's
	// key; in a mapping of names with each name.
	open func(*Policy, Value[string])
	set  func(*Policy, value)
}

// value is what was read of a key. Only the field of its kind is set, and the last two.
type value struct {
	text     string
	number   int
	period   time.Duration
	list     []string
	texts    []Value[string]
	patterns []Value[*regexp.Regexp]
	day      time.Time
	flag     bool
	decimal  float64
	bytes    int64
	share    Share
	plain    any // as plain data, whatever its kind; a pattern compiled
	node     ast.Node
	span     source.Span // the value; its key where it is a mapping or a list
}

// columnRoles are the roles a board's columns have, in the order they are told.
var columnRoles = []board.Role{board.WIP, board.Next, board.Done, board.Dropped, board.Other}

// wordForbid and pathForbid say to the schema what isWord and isPath say here,
// where compiling them would take longer than reading the file.
const (
	wordForbid = `^[^\p{L}\p{N}\p{S}]*$`
	pathForbid = `^$|^/|/$|(^|/)\.$|(^|/)\.\.(/|$)|^[A-Za-z]:|\\|[\x00-\x1f\x7f]`
)

// isWord says whether s has a letter, a digit or a symbol; emoji are symbols.
func isWord(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) || unicode.IsSymbol(c) })
}

// isPath says whether s is a file's path inside the repository, as git writes it.
func isPath(s string) bool {
	segments := strings.Split(s, "/")
	end := segments[len(segments)-1]
	return segments[0] != "" && end != "" && end != "." && !slices.Contains(segments, "..") &&
		!isDrive(s) && !strings.ContainsFunc(s, func(c rune) bool { return c == '\\' || c < ' ' || c == 0x7f })
}

func isDrive(s string) bool {
	return len(s) > 1 && s[1] == ':' && ('a' <= s[0]|0x20 && s[0]|0x20 <= 'z')
}

// unbending are the rules that only stand at their default: they guard the configuration and the waivers themselves.
var unbending = map[string]bool{"config": true, "waiver": true}

// configuration returns the whole configuration as one section.
func configuration(rules []RuleInfo) *key {
	return &key{kind: section, keys: []*key{
		{
			name: "version", kind: number, min: 1, max: Version, def: Version,
			doc:     "The version of this format.",
			example: "version: 1",
			set:     func(*Policy, value) {},
		},
		pathKey("board", "docs/NEXT-7D.md", "The board.",
			"the first of docs/NEXT-7D.md, NEXT.md, BOARD.md, KANBAN.md, TASKS.md, TODO.md and their like that has a column (boards.md has the order)",
			func(p *Policy) *string { return &p.Board }),
		pathKey("state", "docs/OPS/STATE.md", "The state file: what is in progress, stable, closed, blocked.",
			"docs/OPS/STATE.md under the same root as the board, where there is one",
			func(p *Policy) *string { return &p.State }),
		pathKey("archive", "docs/DONE.md", "Where finished items go that leave the board. It is read like DONE: an item in it is not lost, and one that comes back from it was finished before.",
			"no file",
			func(p *Policy) *string { return &p.Archive }),
		columnsKey(),
		wordsKey(),
		limitsKey(),
		rulesKey(rules),
		waiveKey(rules),
		prodFactsKey(),
		schemaKey(),
	}}
}

func pathKey(name, example, doc, absent string, field func(*Policy) *string) *key {
	return &key{
		name: name, kind: oneText, doc: doc, absent: absent, example: name + ": " + example,
		allows: isPath, forbid: pathForbid, expected: "a path inside the repository, from its root, with forward slashes",
		set: func(p *Policy, v value) { *field(p) = path.Clean(v.text) },
	}
}

// SchemaAddress is where the schema of the configuration stands for editors.
const SchemaAddress = "https://raw.githubusercontent.com/boardgate/boardgate/main/schema/config.json"

// schemaKey is for editors, and says nothing to boardgate.
func schemaKey() *key {
	return &key{
		name: "$schema", kind: oneText, absent: "none", example: "$schema: " + SchemaAddress,
		doc:    "The JSON Schema from which an editor completes and checks the file. boardgate does not read it.",
		allows: func(s string) bool { return s != "" }, forbid: "^$", expected: "the address of a JSON Schema",
		set: func(*Policy, value) {},
	}
}

func columnsKey() *key {
	docs := map[board.Role]string{
		board.WIP:     "Columns of work in progress.",
		board.Next:    "Columns of what comes next.",
		board.Done:    "Columns of finished work.",
		board.Dropped: "Columns of what will not be done.",
		board.Other:   "Columns that belong to the board and have no rules of their own.",
	}
	k := &key{
		name: "columns", kind: section,
		doc: "The leading words of column headings, any number, case aside. A role given here replaces that role's words, the others keep theirs; " +
			"a default word given to another role moves to it.",
		example: "columns:\n  wip: [In Arbeit, 進行中]\n  next: Als Nächstes\n  done: [Erledigt, ✅]",
	}
	for _, role := range columnRoles {
		k.keys = append(k.keys, &key{
			name: string(role), kind: words, role: role, doc: docs[role], allows: isWord, forbid: wordForbid,
			def: board.DefaultWords().Columns[role],
			example: "columns: { " + string(role) + ": [" + map[board.Role]string{
				board.WIP: "In Arbeit, 進行中", board.Next: "Als Nächstes", board.Done: "Erledigt, ✅", board.Dropped: "Verworfen", board.Other: "Später, Wartet",
			}[role] + "] }",
			set: func(p *Policy, v value) { p.Words.Columns[role] = v.list },
		})
	}
	return k
}

func wordsKey() *key {
	d := board.DefaultWords()
	one := func(name, doc, example string, def []string, field func(*board.Words) *[]string) *key {
		return &key{
			name: name, kind: words, doc: doc, def: def, example: "words: { " + name + ": [" + example + "] }", allows: isWord, forbid: wordForbid,
			set: func(p *Policy, v value) { f := field(&p.Words); *f = distinct(append(*f, v.list...)) },
		}
	}
	return &key{
		name: "words", kind: section,
		doc:     "Words of other languages, for the board and the state file. They are added to the defaults.",
		example: "words:\n  dod: [Fertig wenn, 完了条件]\n  none: [leer, なし]\n  updated: Stand\n  limit: höchstens",
		keys: []*key{
			one("dod", "Labels of a Definition of Done.", "Fertig wenn, 完了条件", d.DoD, func(w *board.Words) *[]string { return &w.DoD }),
			one("none", "First words of a placeholder, which is neither item nor criterion.", "leer, なし", d.None, func(w *board.Words) *[]string { return &w.None }),
			one("updated", "Labels of the line that says when the board was last touched.", "Stand", d.Updated, func(w *board.Words) *[]string { return &w.Updated }),
			one("limit", "Words that make a number in a heading a limit.", "höchstens", d.Limit, func(w *board.Words) *[]string { return &w.Limit }),
		},
	}
}

func limitsKey() *key {
	k := &key{
		name: "limits", kind: section, noun: "limit",
		doc: "The most items the columns of a role may hold together, and how long an item may stay in WIP. " +
			"The rules `wip-limit`, `next-limit` and `wip-age` hold a board to them.",
		example: "limits: { wip: 1, next: 3, wip-age: 7d }",
	}
	for _, role := range []board.Role{board.WIP, board.Next} {
		k.keys = append(k.keys, &key{
			name: string(role), kind: number, min: 0, max: 9999, absent: "as the board says",
			doc: "The limit of `" + string(role) + "`.", example: "limits: { " + string(role) + ": " + map[bool]string{true: "1", false: "3"}[role == board.WIP] + " }",
			set: func(p *Policy, v value) { p.Limits[role] = v.number },
		})
	}
	k.keys = append(k.keys, &key{
		name: "wip-age", kind: period, min: 1, max: 9999, absent: "no limit",
		doc: "How long an item may stay in `wip`.", example: "limits: { wip-age: 7d }",
		set: func(p *Policy, v value) { p.WIPAge = v.period },
	})
	return k
}

func rulesKey(rules []RuleInfo) *key {
	k := &key{
		name: "rules", kind: section, noun: "rule",
		doc: "The severity of a rule's findings: `error`, `warning`, `notice`, or `off` to disable the rule. It overrides every severity that the rule itself uses. " +
			"`config` and `waiver` stay errors; that of `prod-facts` follows from `block` and the event.",
		refused: map[string]string{},
		absent:  "each rule's own",
		example: "rules:\n  done-reference: error\n  pull-next: off",
	}
	for _, rule := range rules {
		if rule.Derived {
			k.refused[rule.Name] = "its severity follows from `block` under prod-facts and from the event"
			continue
		}
		one := &key{
			name: rule.Name, kind: choice, enum: []string{"error", "warning", "notice", "off"},
			doc: "The severity of `" + rule.Name + "`.", absent: "the rule's own", example: "rules: { " + rule.Name + ": error }",
			set: func(p *Policy, v value) { p.Rules[rule.Name] = Severity(v.text) },
		}
		if unbending[rule.Name] {
			one.enum, one.expected = []string{"error"}, "error, as this rule is neither softened nor turned off"
		}
		k.keys = append(k.keys, one)
	}
	return k
}

func waiveKey(rules []RuleInfo) *key {
	self := &key{
		name: "self", kind: names, noun: "rule", def: Default().Self, enum: []string{}, refused: map[string]string{},
		doc: "The rules for which a waiver counts in the very change that adds it; for others it counts once it is in the base. " +
			"`wip-limit`, `config`, `waiver` and `prod-facts` cannot be waived. `[]` lets no change waive anything for itself.",
		example: "waive: { self: [done-reference, state-sync] }",
		set:     func(p *Policy, v value) { p.Self = v.list },
	}
	for _, rule := range rules {
		if rule.Fixed {
			self.refused[rule.Name] = "cannot be waived"
		} else {
			self.enum = append(self.enum, rule.Name)
		}
	}
	return &key{
		name: "waive", kind: section, keys: []*key{self},
		doc:     "What a change may excuse itself from, with `<!-- boardgate: allow RULE until DATE: reason -->` on the board.",
		example: "waive: { self: [done-reference, dod-required] }",
	}
}
