package board

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/html"
)

// page is a text as GFM renders it.
type page struct {
	text     []byte
	doc      ast.Node
	raw      []region // all of its HTML, in order
	comments []region // inline comments and the like, of which nothing is shown
	open     []region // blocks of HTML that leave a comment or a tag open
	inItems  []int    // where blocks begin that stand in an element that looks like an item
}

func newPage(source []byte, looks *meter) *page {
	g := &page{text: source, doc: markdown(true, looks).Parse(text.NewReader(source))}
	_ = ast.Walk(g.doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.HTMLBlock:
			if r, ok := own(n); ok && entering {
				g.raw = append(g.raw, r)
				if raw := htmlOf(n, source); g.doubtful(n, raw) || leavesOpen(raw) {
					g.open = append(g.open, r)
				}
			}
		case *ast.RawHTML:
			if entering && conceals(string(n.Segments.Value(source))) {
				g.open = append(g.open, region{n.Segments.At(0).Start, n.Segments.At(0).Stop})
			}
			for i := 0; entering && i < n.Segments.Len(); i++ {
				r := region{n.Segments.At(i).Start, n.Segments.At(i).Stop}
				g.raw = append(g.raw, r)
				if first := source[n.Segments.At(0).Start+1]; first == '!' || first == '?' {
					g.comments = append(g.comments, r)
				}
			}
		}
		return ast.WalkContinue, nil
	})
	return g
}

// lastHTMLBefore returns the last HTML before a region, which is what hides it.
func (g *page) lastHTMLBefore(r region) region {
	i, _ := slices.BinarySearchFunc(g.raw, r.start, func(raw region, start int) int { return raw.start - start })
	return g.raw[max(0, i-1)]
}

// filtered are the tags that GFM shows as text
// (https://github.github.com/gfm/#disallowed-raw-html-extension-).
var filtered = lazily(`(?i)<(/?(?:title|textarea|style|xmp|iframe|noembed|noframes|script|plaintext)(?:[\s/>]|$))`)

// htmlOf returns a block of HTML as GFM renders it.
func htmlOf(n *ast.HTMLBlock, source []byte) string {
	raw := n.Lines().Value(source)
	if n.HasClosure() {
		raw = append(slices.Clip(raw), n.ClosureLine.Value(source)...)
	}
	return filtered().ReplaceAllString(string(raw), "&lt;$1")
}

// doubtful says whether versions of CommonMark, or a browser, begin or end a block
// of HTML elsewhere: a text area, an instruction, a declaration, CDATA; lines that
// may as well go on with a list's paragraph.
func (g *page) doubtful(n *ast.HTMLBlock, raw string) bool {
	switch n.HTMLBlockType {
	case ast.HTMLBlockType7:
		start := bytes.LastIndexByte(g.text[:n.Lines().At(0).Start], '\n')
		before := g.text[bytes.LastIndexByte(g.text[:max(0, start)], '\n')+1 : max(0, start)]
		return n.Lines().Len() > 1 && (len(bytes.TrimSpace(before)) > 0 || closingTag().Match(g.text[n.Lines().At(0).Start:n.Lines().At(0).Stop]))
	case ast.HTMLBlockType1:
		return strings.HasPrefix(strings.ToLower(strings.TrimSpace(raw)), "&lt;textarea")
	case ast.HTMLBlockType3, ast.HTMLBlockType4, ast.HTMLBlockType5:
		return true
	}
	return false
}

// leavesOpen says whether what follows some HTML stands in a comment or a tag of it.
func leavesOpen(raw string) bool {
	const next = "<hr>"
	z := html.NewTokenizer(strings.NewReader(raw + next))
	last := ""
	for z.Next() != html.ErrorToken {
		last = string(z.Raw())
	}
	return last != next
}

// concealing are elements whose content a browser does not show, or not as it stands.
var concealing = sync.OnceValue(func() map[string]bool {
	return set("template noscript datalist audio video canvas object dialog select svg math head progress meter rp")
})

// conceals says whether a tag begins an element whose content is not shown.
func conceals(raw string) bool {
	z := html.NewTokenizer(strings.NewReader(raw))
	if z.Next() != html.StartTagToken {
		return false
	}
	tag := z.Token()
	return concealing()[tag.Data] || slices.ContainsFunc(tag.Attr, func(a html.Attribute) bool { return a.Key == "hidden" || a.Key == "style" })
}

// hidden returns the blocks that a browser does not show, and whether all of the
// HTML could be read. The text is written again as HTML, each block with its
// number for an attribute and without what it says, and looked up by that.
func (g *page) hidden() ([]region, bool) {
	name := "data-n"
	for bytes.Contains(bytes.ToLower(g.text), []byte(name)) {
		name += "n"
	}
	var out bytes.Buffer
	var blocks []ast.Node
	tags := 0
	_ = ast.Walk(g.doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch raw := n.(type) {
		case *ast.HTMLBlock:
			if entering {
				out.WriteString(htmlOf(raw, g.text))
			}
			return ast.WalkContinue, nil
		case *ast.RawHTML:
			if entering {
				out.Write(filtered().ReplaceAll(raw.Segments.Value(g.text), []byte("&lt;$1")))
			}
			return ast.WalkContinue, nil
		}
		tag := element(n)
		switch {
		case tag == "":
		case entering:
			fmt.Fprintf(&out, "<%s %s=%d>", tag, name, len(blocks))
			blocks = append(blocks, n)
		default:
			fmt.Fprintf(&out, "</%s>", tag)
		}
		return ast.WalkContinue, nil
	})
	for _, r := range g.raw {
		tags += bytes.Count(g.text[r.start:r.end], []byte("<"))
	}
	if tags > mostTags {
		return nil, false
	}
	root, err := html.Parse(&out)
	if err != nil {
		return nil, false
	}
	shown := make([]sight, len(blocks))
	look(root, name, asText, shown)
	var regions []region
	for i, n := range blocks {
		r, ok := extent(n)
		switch {
		case !ok:
		case shown[i] == asItem:
			g.inItems = append(g.inItems, r.start)
		case shown[i] == unseen && (len(regions) == 0 || r.end > regions[len(regions)-1].end):
			regions = append(regions, r)
		}
	}
	return regions, true
}

// sight is how a browser shows a block.
type sight int

const (
	unseen sight = iota
	asText
	asItem // in an element of HTML that looks like an item
)

// element returns the name of the element that a block is rendered as, empty for
// what is none of its own.
func element(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Heading:
		return "h" + strconv.Itoa(n.Level)
	case *ast.Paragraph:
		return "p"
	case *ast.List:
		return "ul"
	case *ast.ListItem:
		return "li"
	case *ast.Blockquote:
		return "blockquote"
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		return "pre"
	}
	switch n.Kind().String() {
	case "Table":
		return "table"
	case "TableHeader", "TableRow":
		return "tr"
	case "TableCell":
		return "td"
	}
	return ""
}

// look says of the blocks that stand in a document how they are shown.
func look(n *html.Node, name string, as sight, shown []sight) {
	if n.Type == html.ElementNode {
		if concealing()[n.Data] && n.Data != "head" {
			return
		}
		block := false
		for _, a := range n.Attr {
			switch a.Key {
			case "hidden", "style":
				return
			case name:
				if i, err := strconv.Atoi(a.Val); err == nil && i < len(shown) {
					shown[i], block = as, true
				}
			}
		}
		if !block && itemElements()[n.Data] {
			as = asItem
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		look(c, name, as, shown)
	}
}
