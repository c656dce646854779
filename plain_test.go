package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// allowed are the forms of a phrase that read well.
var allowed = regexp.MustCompile(`(there|which|that) (is|are|was) no |(is|are) no longer`)

// sentence is a literal that people read: words with spaces between.
var sentence = regexp.MustCompile(`^[a-z%]\S* \S+ `)

// TestMessagesArePlain holds what the program says to the phrases that .ci/plain
// looks for on the pages. The GitHub of the tests speaks for itself.
func TestMessagesArePlain(t *testing.T) {
	list, err := os.ReadFile(".ci/phrases")
	if err != nil {
		t.Fatal(err)
	}
	phrases := map[string]*regexp.Regexp{} // by what to write in their place
	for line := range strings.Lines(string(list)) {
		fields := strings.Split(line, "\t")
		phrases[fields[1]] = regexp.MustCompile(`(^|[^a-z])(` + fields[0] + `)([^a-z]|$)`)
	}
	read := 0
	err = filepath.WalkDir("internal", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == "fake" || d.Name() == "ruletest" {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			value, _ := strconv.Unquote(literal.Value)
			text := allowed.ReplaceAllString(strings.ToLower(value), "")
			if !sentence.MatchString(text) {
				return true
			}
			read++
			for reason, phrase := range phrases {
				if phrase.MatchString(text) {
					t.Errorf("%s: %s: %q", files.Position(literal.Pos()), reason, value)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || read < 1000 {
		t.Errorf("%d sentences read, %v", read, err)
	}
}
