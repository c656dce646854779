package probe

import (
	"bytes"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
)

// rendered returns the text a reader of the page sees, on one line: entities
// decoded, comments, head, scripts, styles and templates dropped, every run of
// Unicode spaces one space, NFC. Elements with the attribute hidden are kept:
// streamed server rendering sends its finished content in them
// (https://react.dev/reference/react-dom/server/renderToPipeableStream).
func rendered(page []byte) string {
	p := pageText{z: html.NewTokenizer(bytes.NewReader(page))}
	for {
		switch kind := p.z.Next(); kind {
		case html.ErrorToken:
			return folded(p.out.String())
		case html.TextToken:
			if p.unseen == "" {
				p.out.Write(p.z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			p.open(kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			p.close()
		}
	}
}

// pageText is a page being read.
type pageText struct {
	z       *html.Tokenizer
	out     strings.Builder
	unseen  string // the element whose text is not seen, empty where it is
	depth   int    // how many of these stand within each other
	foreign int    // within how many svg and math elements
}

// open begins an element. "/>" ends one of SVG or MathML only; in HTML it says nothing.
func (p *pageText) open(closed bool) {
	name := p.tag()
	if closed && (p.foreign > 0 || otherMarkup[name]) {
		p.z.NextIsNotRawText()
		return
	}
	if p.unseen == "" && invisible[name] {
		p.unseen = name
	}
	if name == p.unseen {
		p.depth++
	}
	if otherMarkup[name] {
		p.foreign++
	}
}

func (p *pageText) close() {
	name := p.tag()
	if name == p.unseen {
		p.depth--
	}
	if p.depth == 0 {
		p.unseen = ""
	}
	if otherMarkup[name] && p.foreign > 0 {
		p.foreign--
	}
}

// tag returns the element's name, after the gap it makes.
func (p *pageText) tag() string {
	tag, _ := p.z.TagName()
	name := string(tag)
	if !inline[name] {
		p.out.WriteByte(' ')
	}
	return name
}

// otherMarkup are the elements whose content is not HTML's.
var otherMarkup = map[string]bool{"svg": true, "math": true}

// invisible are the elements whose text no reader sees. The head needs no
// entry: nothing else in it has text.
var invisible = map[string]bool{
	"script": true, "style": true, "title": true, "template": true, "noscript": true,
	"iframe": true, "noembed": true, "noframes": true,
}

// inline are the elements that do not part the words beside them.
var inline = map[string]bool{
	"a": true, "abbr": true, "b": true, "bdi": true, "bdo": true, "cite": true, "code": true, "data": true,
	"del": true, "dfn": true, "em": true, "font": true, "i": true, "ins": true, "kbd": true, "label": true,
	"mark": true, "q": true, "s": true, "samp": true, "small": true, "span": true, "strong": true, "sub": true,
	"sup": true, "time": true, "u": true, "var": true, "wbr": true, "script": true, "template": true,
}

// folded brings a text to one line of NFC with single spaces, soft hyphens and
// zero-width spaces dropped.
func folded(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case r == '\u00ad' || r == '\u200b' || r == '\ufeff':
		case unicode.IsSpace(r):
			space = true
		default:
			if space && out.Len() > 0 {
				out.WriteByte(' ')
			}
			space = false
			out.WriteRune(r)
		}
	}
	return norm.NFC.String(out.String())
}
