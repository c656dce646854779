package board

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// FuzzInlines holds the reader of inline markup to goldmark's: in a paragraph
// both find the same code, HTML, addresses, links and images.
func FuzzInlines(f *testing.F) {
	for _, s := range []string{
		"a `b` c", "``a ` b`` `", "` a `` b `", "\\`a`", "`a\\`b`", "a <b>c</b>", "<b a=\"`\">`", "`<b>`", "<!-- a --> b", "<!-->", "<!--->x", "<!-- a", "<? a ?> <?", "<!X> <![CDATA[a]]>",
		"<https://example.com/a>", "<me@example.com>", "<a:b>", "<ab:c d>", "[a](b)", "[a](b \"c\")", "[a](<b c> 'd')", "[a](b c)", "[a](b(c)d)", "[a](b(c)", "[a]()", "[a](<>)",
		"[a [b](c) d](e)", "[![a](b)](c)", "![a [b](c)](d)", "[a `]` b](c)", "[a <b ]> c](d)", "[a]](b)", "[[a]](b)", "\\[a](b)", "[a\\](b)", "[a](b\\)c)", "[a](b\n'c')", "[a](\n)", "[a\nb](c)",
		"![a](b", "![a]", "![a][b]", "a ![", "[x] [ ](y)", "[a](b 'c\"d')", "[a](b (c))", "[a](b (c(d))", "[a](b \"c\\\"d\")", "<a\nb=c>", "`a\nb`", "<a b='c>d'>", "</a >", "< a>", "<a/>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		source := "a" + s + "z\n"
		if strings.Contains(source, "[[") || strings.Contains(source, "<?>") || len(source) > 500 || strings.ContainsFunc(source, func(r rune) bool { return r == utf8.RuneError || r < ' ' && r != '\n' && r != '\t' }) {
			return // a wiki link is not goldmark's, "<?>" no HTML to CommonMark; ends are looked for up to reach
		}
		doc := markdown(true, &meter{mostLooks}).Parse(text.NewReader([]byte(source)))
		p, is := doc.FirstChild().(*ast.Paragraph)
		if !is || p.NextSibling() != nil || p.Lines().Len() != strings.Count(source, "\n") || blockEnd(source, 0) < len(source)-1 {
			return // not one paragraph
		}
		for i := range p.Lines().Len() {
			if at := p.Lines().At(i); at.Start > 0 && source[at.Start-1] != '\n' {
				return // goldmark takes off what a line is indented by
			}
		}
		var want strings.Builder
		goldmarks(&want, p, []byte(source))
		if got := ours(source); clean(got) != clean(want.String()) {
			t.Errorf("%q reads as\n%q, goldmark as\n%q", source, got, want.String())
		}
	})
}

// clean drops white space, which goldmark takes off the ends of lines and code.
func clean(s string) string { return strings.Join(strings.Fields(s), "") }

// goldmarks writes a text with its markup in "⟨kind …⟩", as goldmark reads it.
func goldmarks(b *strings.Builder, n ast.Node, source []byte) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.Write(c.Value(source))
			if c.HardLineBreak() {
				b.WriteString(strings.TrimRight(string(source[c.Segment.Stop:c.Segment.Stop+1]), "\n "))
			}
		case *ast.CodeSpan:
			b.WriteString("⟨code ")
			goldmarks(b, c, source)
			b.WriteString("⟩")
		case *ast.RawHTML:
			b.WriteString("⟨html " + string(c.Segments.Value(source)) + "⟩")
		case *ast.AutoLink:
			b.WriteString("⟨address " + string(c.Label(source)) + "⟩")
		case *ast.Link:
			b.WriteString("⟨link ")
			goldmarks(b, c, source)
			b.WriteString(" to " + string(c.Destination) + "⟩")
		case *ast.Image:
			b.WriteString("⟨image ")
			goldmarks(b, c, source)
			b.WriteString(" to " + string(c.Destination) + "⟩")
		}
	}
}

// ours does the same as inlines has it.
func ours(source string) string {
	var b strings.Builder
	at := 0
	for m := range inlines(source) {
		inner := source[m.inner.start:m.inner.end]
		shown := source[m.start:m.end]
		switch m.kind {
		case codeSpan:
			shown = "⟨code " + inner + "⟩"
		case rawHTML:
			shown = "⟨html " + shown + "⟩"
		case autolink:
			shown = "⟨address " + inner + "⟩"
		case linkStart:
			shown = "⟨link "
		case imageStart:
			shown = "⟨image "
		case linkEnd, imageEnd:
			shown = " to " + inner + "⟩"
		}
		b.WriteString(source[at:m.start] + shown)
		at = m.end
	}
	return b.String() + source[at:]
}
