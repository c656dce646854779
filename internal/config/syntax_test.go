package config

import (
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"

	"github.com/boardgate/boardgate/internal/source"
)

// FuzzSpan holds the places to the text: a plain word stands where its span says.
func FuzzSpan(f *testing.F) {
	f.Add([]byte("a: b\r\n\r\nü: [é, 'x''y', \"z\"] # c\r\n\r\nw:\r\n  - ω ω\r\n  - {k: v}\r\n"))
	f.Add([]byte("\uFEFFa: b\nl: |\n  x\nf: >-\n  y\n\n  z\nm: one\n  two\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := &reader{file: source.NewFile("c.yml", text)}
		root := r.parse()
		if root == nil {
			return
		}
		ast.Walk(visitor(func(n ast.Node) {
			s, ok := n.(*ast.StringNode)
			if !ok || strings.TrimSpace(s.Value) == "" || strings.Contains(strings.TrimSpace(s.Token.Origin), "\n") {
				return // an empty text, or one of several lines, whose place the scanner may give on any of them
			}
			got := r.span(n).Text()
			if bare(got) == bare(s.Value) || got != "" && (got[0] == '\'' || got[0] == '"') && got[len(got)-1] == got[0] {
				return
			}
			t.Errorf("%q has %q at %s, where %q stands", text, s.Value, r.span(n), got)
		}), root)
	})
}

// bare returns s without white space, which a plain text may lose.
func bare(s string) string { return strings.Join(strings.Fields(s), "") }

type visitor func(ast.Node)

func (v visitor) Visit(n ast.Node) ast.Visitor {
	if _, block := n.(*ast.LiteralNode); block {
		return nil // its place is its sign
	}
	v(n)
	return v
}

// What the schema forbids is what a reading does not allow.
func FuzzForbid(f *testing.F) {
	for _, s := range []string{"", "/a", "a/", "a", ".", "./a", "a/.", "a/./b", "..", "../a", "a/..", "a/../b", "..a", "a..", "a/..b", "c:", "C:/a", "ab:c", "é:", "[:", "a\\b", "a\nb", "a\x7f", "//", "a//b"} {
		f.Add(s)
	}
	for _, s := range []string{" ", "--", "✅", "1", "é", "\u00a0", "進", "_", "+", "\n"} {
		f.Add(s)
	}
	path, word := regexp.MustCompile(pathForbid), regexp.MustCompile(wordForbid)
	f.Fuzz(func(t *testing.T, s string) {
		if isPath(s) == path.MatchString(s) {
			t.Errorf("isPath(%q) = %v, as pathForbid says", s, isPath(s))
		}
		if isWord(s) == word.MatchString(s) {
			t.Errorf("isWord(%q) = %v, as wordForbid says", s, isWord(s))
		}
	})
}
