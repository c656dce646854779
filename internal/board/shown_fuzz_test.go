package board_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	markup "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/source"
)

// fragments are what a board is made of here. "@" is a word that stands nowhere
// else.
var fragments = []string{
	"- @\n", "- [ ] @\n", "- [x] @\n", "* **@** text\n", "+ @\n", "1. @\n", "2) @\n", "- ~~@~~\n", "- ~~x~~ **@**\n", "- [~] @\n",
	"### @\n", "#### @\n", "@\n===\n", "@\n---\n", "**@**\n", "**@** - text\n", "**@**: text\n", "__@__\n", "@\n", "@ text\\\n• @\n",
	"> @\n", "> - @\n", "> ### @\n", "> **@**\n", "```\n@\n```\n", "    @\n", "~~~\n",
	"| Task | Owner |\n|---|---|\n| @ | x |\n", "| @ |\n|---|\n| @ |\n", "| @ | @ |\n",
	"<!-- @ -->\n", "<!--\n@\n-->\n", "<!-- x --> @\n", "<!-- x -->\n", "<!--\n%% -->\n", "<!--\n%%\n-->\n", "<!-- @ --!> @ -->\n", "<!-->\n", "text <!-- @\n@ --> text\n",
	"<ul><li>@</li></ul>\n", "<h3>@</h3>\n", "<p>@</p>\n", "<b>@</b>\n", "<table><tr><td>@</td></tr></table>\n", "<li>@</li>\n", "\n<li>\n\n@\n\n</li>\n", "\n<h3>\n\n@\n\n</h3>\n", "<br>@\n",
	"<p><!--\n", "-->\n", "<p x-->\n", "<p x\n", "<p title=\"\n", "\">\n", "<details><summary>@</summary>\n", "</details>\n", "<div>\n", "</div>\n", "<div hidden>\n",
	"<template>\n", "</template>\n", "<textarea>\n", "<script>\n", "</script>\n", "<select>\n", "</select>\n", "<svg>\n", "</svg>\n", "<?\n", "?>\n", "<![CDATA[\n", "]]>\n", "<!X\n",
	"- @<br>• @\n", "- @<br/>@\n", "  - @\n", "  @\n", "    - @\n", "- > @\n", "- <!-- @ -->\n", "- <!-- @\n", "- <p>@</p>\n", "- # @\n", "- ```\n  @\n  ```\n", "-     @\n", "- - @\n", "-\n  @\n",
	"%% @ %%\n", "%%\n", "\n[@]: /x\n\n", "\n[@]: /x '@'\n\n", "&bull; @\n", "• @\n", "\\- @\n", "\\<!-- @ -->\n", "`<!-- @ -->`\n", "- `@`\n", "`@\n", "- \n", "---\n", "***\n", "\n", "\n\n", "## \u200b\n", "## &nbsp;\n", "## <!-- @ -->\n", "##\n",
	"- DoD: @\n", "  - DoD: @\n", "**DoD**: @\n", "- None\n\n", "(none)\n\n", "<b\n", "<https://example.com/@>\n", "<i>@</i> @\n", "a < b @\n", "![@](x)\n", "[@](x)\n", "\t- @\n", " @\n",
}

// boardOf puts fragments into WIP and NEXT of a board, and returns it with the
// words that stand in it.
func boardOf(picks []byte) (text string, words []string) {
	var b strings.Builder
	b.WriteString("# Board\n\n## WIP (max 1)\n\n")
	for i, pick := range picks {
		if i == len(picks)/2 {
			b.WriteString("\n\n## NEXT (max 3)\n\n")
		}
		fragment := fragments[int(pick)%len(fragments)]
		for strings.Contains(fragment, "@") {
			word := fmt.Sprintf("zq%dq", len(words))
			words = append(words, word)
			fragment = strings.Replace(fragment, "@", word, 1)
		}
		b.WriteString(fragment)
	}
	b.WriteString("\n\n## DONE\n\n- Old valve, PR #1\n")
	return b.String(), words
}

// sight is how a reader of the rendered page sees a word.
type sight int

const (
	unseen sight = iota
	elsewhere
	plain // text in WIP or NEXT
	listed
	itemLike // another heading, bold at the start of a line
)

// tagfilter is what GFM shows of the HTML that it does not allow.
var tagfilter = regexp.MustCompile(`(?i)<(/?(?:title|textarea|style|xmp|iframe|noembed|noframes|script|plaintext)(?:[\s/>]))`)

// cmark is GitHub's own renderer, empty where it is not installed.
var cmark, _ = exec.LookPath("cmark-gfm")

// render returns a board as GitHub renders it; where its renderer is not
// installed, as goldmark does from the blocks that the board is read by.
func render(t testing.TB, text string) []byte {
	if cmark != "" {
		c := exec.CommandContext(t.Context(), cmark, "--unsafe", "-e", "table", "-e", "strikethrough", "-e", "tagfilter", "-e", "autolink")
		c.Stdin = strings.NewReader(text)
		page, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	var out bytes.Buffer
	tables := renderer.WithNodeRenderers(util.Prioritized(extension.NewTableHTMLRenderer(), 500))
	md := goldmark.New(goldmark.WithParser(board.Markdown(true)), goldmark.WithRendererOptions(markup.WithUnsafe(), tables))
	if err := md.Convert([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return tagfilter.ReplaceAll(out.Bytes(), []byte("&lt;$1"))
}

var word = regexp.MustCompile(`zq\d+q`)

// look says how a reader sees each word of a page.
func look(t testing.TB, page []byte) map[string]sight {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Skip(err)
	}
	out := map[string]sight{}
	begun := map[*html.Node]bool{} // items of lists of which some text was met
	column, level := "", 0
	var walk func(n *html.Node, as sight)
	walk = func(n *html.Node, as sight) {
		if n.Type == html.TextNode {
			if n.PrevSibling != nil && n.PrevSibling.Data == "br" && as != itemLike {
				if as = plain; strings.HasPrefix(strings.TrimSpace(n.Data), "•") {
					as = itemLike
				}
			}
			if as == listed && strings.TrimSpace(n.Data) != "" {
				if li := ancestor(n, "li"); begun[li] {
					as = plain // a further line of the item
				} else {
					begun[li] = true
				}
			}
			for line := range strings.Lines(n.Data) {
				for _, w := range word.FindAllString(line, -1) {
					if out[w] = as; column == "" {
						out[w] = elsewhere
					}
				}
				if as == listed || n.PrevSibling != nil && n.PrevSibling.Data == "br" {
					as = plain // further lines of an item
				}
			}
		}
		if n.Type == html.ElementNode {
			for _, a := range n.Attr {
				if a.Key == "hidden" {
					return
				}
				if a.Key == "alt" {
					out[a.Val] = elsewhere
				}
			}
			switch n.Data {
			case "template", "select", "svg":
				return
			case "h1", "h2", "h3", "h4", "h5", "h6":
				is := int(n.Data[1] - '0')
				if text := strings.TrimSpace(textOf(n)); is == 2 && strings.HasPrefix(text, "WIP") || strings.HasPrefix(text, "NEXT") {
					column, level = text, is
				} else if is <= level && strings.Trim(text, "\u200b\u00a0") != "" {
					column = ""
				}
				as = itemLike
			case "li":
				if as = listed; ancestor(n.Parent, "li").Data == "li" {
					as = plain // a part of an item
				}
			case "td":
				as = plain
			case "th":
				if as = itemLike; hasRows(n) {
					as = elsewhere // a header of rows
				}
			case "strong", "b":
				if first := n.PrevSibling == nil || n.PrevSibling.Data == "br"; first && n.Parent.Data == "p" && as == plain {
					if after := n.NextSibling; after == nil || !strings.HasPrefix(after.Data, ":") {
						as = itemLike
					}
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, as)
		}
	}
	walk(root, plain)
	return out
}

// ancestor returns the nearest element of a name that a node stands in.
func ancestor(n *html.Node, name string) *html.Node {
	for n.Data != name && n.Parent != nil {
		n = n.Parent
	}
	return n
}

// hasRows says whether the table of a header cell has rows.
func hasRows(n *html.Node) bool {
	for c := range ancestor(n, "table").Descendants() {
		if c.Data == "td" {
			return true
		}
	}
	return false
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var out strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		out.WriteString(textOf(c))
	}
	return out.String()
}

// account is how the model accounts for words.
type account struct {
	items    string // the titles of items
	parts    string // what else is read of items, and labels
	within   string // all lines of items
	reported string // what looks like an item and is none
	noticed  string // all other text that is none
}

func accountOf(b *board.Board) account {
	var a account
	add := func(to *string, values ...string) { *to += strings.Join(values, "\n") + "\n" }
	for _, c := range b.Columns {
		for _, it := range c.Items {
			add(&a.items, it.Title.Value)
			add(&a.within, it.Block.Text())
			for _, f := range it.Fields {
				add(&a.parts, f.Name, f.Value.Value)
			}
			for _, n := range it.Notes {
				add(&a.parts, n.Value)
			}
			if it.DoD != nil {
				for _, criterion := range it.DoD.Criteria {
					add(&a.parts, criterion.Value)
				}
			}
		}
		for _, g := range c.Groups {
			add(&a.parts, g.Value)
		}
		for _, l := range c.Notes {
			note(&a, l)
		}
	}
	for _, u := range b.Unparsed {
		for _, l := range u.Lines {
			note(&a, l)
		}
	}
	return a
}

func note(a *account, l board.Line) {
	text := l.Value + "\n" + l.Span.Text() + "\n"
	if l.Like {
		a.reported += text
	}
	a.noticed += text
}

// hold holds the model of a board against the page that a reader sees.
func hold(t testing.TB, text string, words []string, page []byte) {
	t.Helper()
	b := board.Parse(source.NewFile("board.md", []byte(text)), board.DefaultWords())
	seen, a := look(t, page), accountOf(b)
	hides := len(b.Hiding) > 0 || len(b.Lookalikes) > 0 || b.Problem != "" // an error of its own
	has := func(in, w string) bool { return strings.Contains(in, w) }
	for _, w := range words {
		read := has(a.items, w) || has(a.parts, w)
		switch seen[w] {
		case unseen:
			if has(a.items, w) && !hides {
				t.Fatalf("%s cannot be seen and is read as an item\n%s\n--\n%s\n--\n%+v", w, text, page, a)
			}
		case listed:
			if !read && !has(a.reported, w) && !hides {
				t.Fatalf("%s is a list item and is not accounted for\n%s\n--\n%s\n--\n%+v", w, text, page, a)
			}
		case itemLike:
			if !has(a.items, w) && !read && !has(a.reported, w) && !hides {
				t.Fatalf("%s looks like an item and is not accounted for\n%s\n--\n%s\n--\n%+v", w, text, page, a)
			}
		case plain:
			if !read && !has(a.within, w) && !has(a.noticed, w) && !hides {
				t.Fatalf("%s is text and is not accounted for\n%s\n--\n%s\n--\n%+v", w, text, page, a)
			}
		}
	}
}

// FuzzShown holds boards made of fragments of Markdown and HTML against what a
// reader sees of them: their rendering, read as a browser does.
func FuzzShown(f *testing.F) {
	for i := range fragments {
		f.Add([]byte{byte(i)})
		f.Add([]byte{0, byte(i), 0, 10, byte(i), byte(i)})
	}
	f.Fuzz(func(t *testing.T, picks []byte) {
		text, words := boardOf(picks[:min(len(picks), 24)])
		hold(t, text, words, render(t, text))
	})
}

// TestShown does the same with some hundred boards.
func TestShown(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		picks := make([]byte, 1+r.IntN(14))
		for i := range picks {
			picks[i] = byte(r.IntN(256))
		}
		text, words := boardOf(picks)
		hold(t, text, words, render(t, text))
	}
}
