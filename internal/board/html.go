package board

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
)

// htmlLines returns what a browser shows of a block of HTML, line by line.
func (p *reader) htmlLines(n *ast.HTMLBlock) []htmlLine {
	lines := []region{}
	for _, s := range n.Lines().Sliced(0, n.Lines().Len()) {
		lines = append(lines, region{s.Start, s.Stop})
	}
	if n.HasClosure() {
		lines = append(lines, region{n.ClosureLine.Start, n.ClosureLine.Stop})
	}
	w := htmlReader{z: html.NewTokenizer(strings.NewReader(htmlOf(n, p.file.Text)))}
	w.readLines()
	for i := range w.out {
		w.out[i].Span = p.span(p.trim(lines[min(w.out[i].line, len(lines)-1)]))
	}
	return w.out
}

// htmlReader reads a piece of HTML line by line.
type htmlReader struct {
	z              *html.Tokenizer
	out            []htmlLine
	text           strings.Builder
	at             int  // the line of the source
	from           int  // where the text began
	bold           int  // how many bold elements are open
	like           bool // it stands in an element that is an item, or begins in bold
	label, heading bool
}

type htmlLine struct {
	Line
	line    int  // of the piece, from 0
	label   bool // of a fold
	heading bool
}

// itemElements are elements that look like an item.
var itemElements = sync.OnceValue(func() map[string]bool { return set("li h1 h2 h3 h4 h5 h6 tr td th dt") })

// inlineElements are those that do not begin a line.
var inlineElements = sync.OnceValue(func() map[string]bool {
	return set("a abbr b bdi bdo cite code data del dfn em font i img ins kbd label mark q s samp small span strong strike sub sup time tt u var wbr picture source input")
})

// set returns the set of names with blanks between them.
func set(names string) map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		m[name] = true
	}
	return m
}

func (w *htmlReader) readLines() {
	for {
		kind := w.z.Next()
		lines := bytes.Count(w.z.Raw(), []byte("\n"))
		switch kind {
		case html.ErrorToken:
			w.flush()
			return
		case html.TextToken:
			if text := string(w.z.Text()); visible(text) {
				if !visible(w.text.String()) {
					w.from = w.at
					w.like = w.like || w.bold > 0 && !w.label
				}
				w.text.WriteString(text)
			} else {
				w.text.WriteByte(' ')
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			w.tag(kind != html.EndTagToken)
		}
		w.at += lines
	}
}

func (w *htmlReader) tag(opens bool) {
	tag, _ := w.z.TagName()
	switch name := string(tag); {
	case !inlineElements()[name]:
		w.flush()
		w.like, w.label = opens && itemElements()[name], opens && name == "summary"
		w.heading = opens && len(name) == 2 && name[0] == 'h' && isDigit(name[1])
	case opens && (name == "b" || name == "strong"):
		w.bold++
	case name == "b" || name == "strong":
		w.bold = max(0, w.bold-1)
	case opens && name == "input" && !visible(w.text.String()):
		w.like = true
	case name == "img" && opens && w.like:
		w.text.WriteString("an image ")
		w.from = w.at
	}
}

func (w *htmlReader) flush() {
	if text := oneLine(w.text.String()); visible(text) {
		// What Markdown would make an item of is one to a renderer that ends HTML elsewhere.
		like := w.like || slices.ContainsFunc(strings.Split(w.text.String(), "\n"), func(line string) bool {
			return listed(line) || strings.IndexAny(strings.TrimSpace(line), "#>|*_") == 0
		})
		w.out = append(w.out, htmlLine{Line{Text{Value: text}, like}, w.from, w.label, w.heading})
	}
	w.text.Reset()
}
