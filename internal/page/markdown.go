package page

import (
	"bytes"
	"html"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"github.com/boardgate/boardgate/internal/text"
)

// renderMarkdown renders GitHub's Markdown.
func renderMarkdown(source string) raw {
	m := goldmark.New(goldmark.WithExtensions(extension.GFM))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(safeRenderer{}, 1)))
	var out bytes.Buffer
	if err := m.Convert([]byte(text.Block(source)), &out); err != nil {
		return raw("<pre>" + html.EscapeString(text.Block(source)) + "</pre>\n")
	}
	return raw(out.String())
}

// safeRenderer renders what could act or fetch: of HTML only a few tags that have no
// attributes, of a picture its words, of a suggestion its box.
type safeRenderer struct{}

// RegisterFuncs says which nodes are rendered here; see renderer.NodeRenderer.
func (t safeRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindRawHTML, t.inlineHTML)
	r.Register(ast.KindHTMLBlock, t.htmlBlock)
	r.Register(ast.KindImage, t.image)
	r.Register(ast.KindFencedCodeBlock, t.codeBlock)
}

// allowedTags are the tags that pass, as they are written.
var allowedTags = []string{
	"<details>", "</details>", "<summary>", "</summary>", "<br>", "<sub>", "</sub>", "<sup>", "</sup>", "<del>", "</del>", "<b>", "</b>",
}

func (safeRenderer) inlineHTML(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		writeTags(w, string(n.(*ast.RawHTML).Segments.Value(source)))
	}
	return ast.WalkSkipChildren, nil
}

func (safeRenderer) htmlBlock(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	b := n.(*ast.HTMLBlock)
	if entering {
		writeTags(w, string(b.Lines().Value(source)))
	} else if b.HasClosure() {
		writeTags(w, string(b.ClosureLine.Value(source)))
	}
	return ast.WalkContinue, nil
}

// writeTags writes the tags that pass, no comment, and all else as text.
func writeTags(w util.BufWriter, text string) {
	for text != "" {
		i := strings.IndexByte(text, '<')
		if i < 0 {
			_, _ = w.WriteString(html.EscapeString(text))
			return
		}
		_, _ = w.WriteString(html.EscapeString(text[:i]))
		text = text[i:]
		if strings.HasPrefix(text, "<!--") {
			_, text, _ = strings.Cut(text, "-->")
			continue
		}
		tag := text[:1+strings.IndexByte(text+">", '>')]
		if len(tag) > len(text) {
			tag = text
		}
		if slices.Contains(allowedTags, tag) {
			_, _ = w.WriteString(tag)
		} else {
			_, _ = w.WriteString(html.EscapeString(tag))
		}
		text = text[len(tag):]
	}
}

func (safeRenderer) image(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString("[picture: ")
	} else {
		_, _ = w.WriteString("]")
	}
	return ast.WalkContinue, nil
}

func (safeRenderer) codeBlock(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	b := n.(*ast.FencedCodeBlock)
	class := ""
	if string(b.Language(source)) == "suggestion" {
		class = ` class="suggestion"`
	}
	_, _ = w.WriteString("<pre" + class + "><code>" + html.EscapeString(string(b.Lines().Value(source))) + "</code></pre>\n")
	return ast.WalkSkipChildren, nil
}
