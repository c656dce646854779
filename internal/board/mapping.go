package board

import (
	"maps"
	"slices"
	"strings"
)

// Mapped returns the words of a role by which a heading is one of its columns.
// They have been tried: read by them the board has that column, with items in
// it, and every column that it has now.
func (b *Board) Mapped(role Role, heading Text) (list []string, ok bool) {
	name := strings.FieldsFunc(heading.Value, func(r rune) bool { return strings.ContainsRune("([（【", r) })
	if len(name) == 0 {
		return nil, false
	}
	_, n := numbering(strings.TrimSpace(name[0]))
	word := strings.TrimSpace(strings.TrimFunc(strings.TrimSpace(name[0])[n:], func(r rune) bool { return !isAlphanumeric(r) }))
	for _, c := range b.Column(role) {
		if c.Word != "" && !slices.Contains(list, c.Word) {
			list = append(list, c.Word)
		}
	}
	like := slices.ContainsFunc(b.Lookalikes, func(l Lookalike) bool { return l.Span == heading.Span })
	if word == "" || slices.Contains(list, word) || namesAside(word) || b.titles(heading) || like {
		return nil, false
	}
	list = append(list, word)
	words := b.words
	words.Columns = maps.Clone(words.Columns)
	words.Columns[role] = list
	read := Parse(b.File, words)
	has := func(r Role, title Text, items int) bool {
		return slices.ContainsFunc(read.Columns, func(c *Column) bool {
			return c.Role == r && c.Title.Span == title.Span && len(c.Items) >= items
		})
	}
	lost := slices.ContainsFunc(b.Columns, func(c *Column) bool { return !has(c.Role, c.Title, 0) })
	return list, has(role, heading, 1) && !lost
}

// Suggest returns a role that makes a heading outside the columns one of them,
// and the words for it: the role that the heading names, else DONE where all of
// its cards are ticked, else one that the board has no column of, WIP only before
// NEXT, else Other.
func (b *Board) Suggest(u Unparsed) (role Role, list []string, ok bool) {
	ticked := !slices.ContainsFunc(u.Lines, func(l Line) bool { return !strings.HasPrefix(strings.ToLower(l.Value), "[x]") })
	names := func(r Role) bool {
		words := strings.FieldsFunc(strings.ToLower(u.Heading.Value), func(r rune) bool { return !isAlphanumeric(r) })
		return slices.Contains(words, string(r)) || r == Done && ticked
	}
	roles := []Role{WIP, Next, Done}
	switch named := slices.IndexFunc(roles, names); {
	case named >= 0:
		roles = roles[named : named+1]
	case len(b.Columns) == 0:
		roles = []Role{Next}
	default:
		next := b.Column(Next)
		roles = slices.DeleteFunc(roles, func(r Role) bool {
			return len(b.Column(r)) > 0 || r == WIP && len(next) > 0 && next[0].Title.Span.Start < u.Heading.Span.Start
		})
	}
	for _, role := range append(roles, Other) {
		if list, ok := b.Mapped(role, u.Heading); ok {
			return role, list, true
		}
	}
	return "", nil, false
}

// titles says whether a heading titles the document: it comes first, at level
// one, or it is of a higher level than a column's.
func (b *Board) titles(heading Text) bool {
	marks := func(t Text) int {
		line := strings.TrimSpace(string(b.File.Line(t.Span.From().Line)))
		return len(line) - len(strings.TrimLeft(line, "#"))
	}
	level := marks(heading)
	first := len(b.Headings) > 0 && b.Headings[0] == heading
	return slices.ContainsFunc(b.Columns, func(c *Column) bool {
		return c.Word != "" && (marks(c.Title) > level || first && level == 1 && c.Title.Span.Start > heading.Span.Start)
	})
}
