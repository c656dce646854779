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

// markdown renders GitHub's Markdown.
func markdown(source string) raw {
	m := goldmark.New(goldmark.WithExtensions(extension.GFM))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(tame{}, 1)))
	var out bytes.Buffer
	if err := m.Convert([]byte(text.Block(source)), &out); err != nil {
		return raw("<pre>" + html.EscapeString(text.Block(source)) + "</pre>\n")
	}
	return raw(out.String())
}

// tame renders what could act or fetch: of HTML only a few tags that have no
// attributes, of a picture its words, of a suggestion its box.
type tame struct{}

// RegisterFuncs says which nodes are rendered here; see renderer.NodeRenderer.
func (t tame) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindRawHTML, t.inline)
	r.Register(ast.KindHTMLBlock, t.block)
	r.Register(ast.KindImage, t.picture)
	r.Register(ast.KindFencedCodeBlock, t.code)
}

// allowed are the tags that pass, as they are written.
var allowed = []string{
	"<details>", "</details>", "<summary>", "</summary>", "<br>", "<sub>", "</sub>", "<sup>", "</sup>", "<del>", "</del>", "<b>", "</b>",
}

func (tame) inline(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		filter(w, string(n.(*ast.RawHTML).Segments.Value(source)))
	}
	return ast.WalkSkipChildren, nil
}

func (tame) block(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	b := n.(*ast.HTMLBlock)
	if entering {
		filter(w, string(b.Lines().Value(source)))
	} else if b.HasClosure() {
		filter(w, string(b.ClosureLine.Value(source)))
	}
	return ast.WalkContinue, nil
}

// filter writes the tags that pass, no comment, and all else as text.
func filter(w util.BufWriter, text string) {
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
		if slices.Contains(allowed, tag) {
			_, _ = w.WriteString(tag)
		} else {
			_, _ = w.WriteString(html.EscapeString(tag))
		}
		text = text[len(tag):]
	}
}

func (tame) picture(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString("[picture: ")
	} else {
		_, _ = w.WriteString("]")
	}
	return ast.WalkContinue, nil
}

func (tame) code(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
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
