package text

import (
	"net/url"
	"strings"
)

// The ends of a marker: an HTML comment, which GitHub does not show.
const markerOpen, markerClose = "<!-- boardgate ", " -->"

// mostMarker is how many bytes of a text are looked through for its marker.
const mostMarker = 40 << 10

// Marker returns the first line by which boardgate knows a text of its own again,
// `<!-- boardgate KIND WORD... -->`. A word is what [Field] returns, a flag, or, as the
// last, JSON with < and > escaped. The comment on a pull request is of no kind.
func Marker(kind string, words ...string) string {
	if kind != "" {
		kind += " "
	}
	return markerOpen + kind + strings.Join(words, " ") + markerClose
}

// Field returns a word for a value of anybody's: it ends neither word nor comment.
func Field(name, value string) string { return name + "=" + url.QueryEscape(value) }

// ReadMarker reads the marker that is a text's first line, further down it is quoted:
// its fields, a flag as an empty one, and its JSON.
func ReadMarker(kind, body string) (fields map[string]string, data string, ok bool) {
	line, _, _ := strings.Cut(body[:min(len(body), mostMarker)], "\n")
	inner, opened := strings.CutPrefix(line, markerOpen)
	inner, _, closed := strings.Cut(inner, markerClose)
	head, data, found := strings.Cut(inner, "{")
	words := strings.Fields(head)
	if kind != "" && len(words) > 0 && words[0] == kind {
		words, kind = words[1:], ""
	}
	if !opened || !closed || kind != "" || len(words) == 0 || !strings.Contains(words[0], "=") {
		return nil, "", false
	}
	if found {
		data = "{" + data
	}
	fields = map[string]string{}
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		fields[name], _ = url.QueryUnescape(value)
	}
	return fields, data, true
}
