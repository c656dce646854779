package rule

import (
	"embed"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
)

//go:embed *.txtar
var books embed.FS

// Book is what is written of a rule: why it is, and examples that run.
type Book struct {
	Rule     string
	Title    string // one sentence
	Prose    string // Markdown, without the title
	Examples []Example
}

// Example is a small board before and after, and what the rule says of it.
type Example struct {
	Name  string
	Files []txtar.File // named as inside the example: head.md, base.md, config.yml, …
	Want  string       // findings as text, empty for silence
}

// File returns the text of one of the example's files and whether it has it.
func (e Example) File(name string) (string, bool) {
	i := slices.IndexFunc(e.Files, func(f txtar.File) bool { return f.Name == name })
	if i < 0 {
		return "", false
	}
	return string(e.Files[i].Data), true
}

// BookOf returns the book of the rule of that name and whether there is one.
func BookOf(name string) (Book, bool) {
	data, err := books.ReadFile(bookFile(name))
	if err != nil || Named(name) == nil {
		return Book{}, false
	}
	return parseBook(name, data), true
}

func bookFile(name string) string { return strings.ReplaceAll(name, "-", "_") + ".txtar" }

func parseBook(name string, data []byte) Book {
	a := txtar.Parse(data)
	title, prose, _ := strings.Cut(strings.TrimSpace(string(a.Comment)), "\n")
	b := Book{Rule: name, Title: title, Prose: strings.TrimSpace(prose)}
	for _, f := range a.Files {
		example, file, _ := strings.Cut(f.Name, "/")
		if n := len(b.Examples); n == 0 || b.Examples[n-1].Name != example {
			b.Examples = append(b.Examples, Example{Name: example})
		}
		e := &b.Examples[len(b.Examples)-1]
		if file == "want" {
			e.Want = string(f.Data)
			continue
		}
		e.Files = append(e.Files, txtar.File{Name: file, Data: f.Data})
	}
	return b
}
