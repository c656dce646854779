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
	if word == "" || slices.Contains(list, word) || slices.Contains(asideWords, fold(word)) || b.titles(heading) {
		return nil, false
	}
	list = append(list, word)
	words := b.words
	words.Columns = maps.Clone(words.Columns)
	words.Columns[role] = list
	read := Parse(b.File, words)
	at := func(r Role, title Text) *Column {
		i := slices.IndexFunc(read.Columns, func(c *Column) bool { return c.Role == r && c.Title.Span == title.Span })
		if i < 0 {
			return nil
		}
		return read.Columns[i]
	}
	found := at(role, heading)
	lost := slices.ContainsFunc(b.Columns, func(c *Column) bool { return at(c.Role, c.Title) == nil })
	return list, found != nil && len(found.Items) > 0 && !lost
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
