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
	var out strings.Builder
	z := html.NewTokenizer(bytes.NewReader(page))
	unseen, depth := "", 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return folded(out.String())
		case html.TextToken:
			if unseen == "" {
				out.Write(z.Text())
			}
		case html.StartTagToken:
			name, _ := z.TagName()
			if unseen == "" && invisible[string(name)] {
				unseen = string(name)
			}
			if string(name) == unseen {
				depth++
			}
			out.WriteString(gap(name))
		case html.EndTagToken:
			name, _ := z.TagName()
			if string(name) == unseen {
				depth--
			}
			if depth == 0 {
				unseen = ""
			}
			out.WriteString(gap(name))
		case html.SelfClosingTagToken:
			name, _ := z.TagName()
			out.WriteString(gap(name))
		}
	}
}

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

func gap(element []byte) string {
	if inline[string(element)] {
		return ""
	}
	return " "
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
