package probe

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// answer is what came back for one request, whole. It is read only; what is
// derived from it is kept.
type answer struct {
	url      *url.URL
	status   int
	location string
	header   http.Header
	body     []byte
	received time.Time
	unjudged bool // a proxy looked its name up, or that of one that led to it

	text     string // rendered
	rendered bool
	document any // JSON
	parsed   bool
	fault    error // why there is no document
}

// got writes the status and where it leads: "307 -> /auth/login".
func (a *answer) got() string {
	got := strconv.Itoa(a.status)
	if a.status/100 == 3 && a.location != "" {
		got += " -> " + a.leads()
	}
	return got
}

// leads writes the Location: its path where it stays on the host, query values left out.
func (a *answer) leads() string {
	to, err := a.target()
	if err != nil {
		return "an address that cannot be read"
	}
	if to.Scheme == a.url.Scheme && hostPort(to) == hostPort(a.url) {
		to = &url.URL{Path: to.Path, RawPath: to.RawPath, RawQuery: to.RawQuery}
	}
	return shownURL(to)
}

// target resolves the Location against the URL that was requested. One without a
// host, "http:user:password@host" or "javascript:…", leads nowhere.
func (a *answer) target() (*url.URL, error) {
	to, err := a.url.Parse(a.location)
	if err == nil && (to.Opaque != "" || to.Host == "" || !port(to.Port())) {
		err = errors.New("it names no host, or no port")
	}
	return to, err
}

// shownURL writes an address, cut where it is long, without its user, its
// fragment and the values of its query.
func shownURL(u *url.URL) string {
	shown := *u
	shown.User, shown.Fragment, shown.RawFragment = nil, "", ""
	shown.RawQuery, shown.ForceQuery = "", u.RawQuery != ""
	if u.RawQuery != "" {
		return excerptOf(shown.String() + "…")
	}
	return excerptOf(shown.String())
}

// mediaType returns the type and charset of the body in lower case, empty where not stated.
func (a *answer) mediaType() (media, charset string) {
	media, params, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil {
		media, _, _ = strings.Cut(a.header.Get("Content-Type"), ";")
	}
	return strings.ToLower(strings.TrimSpace(media)), strings.ToLower(params["charset"])
}

// readable returns why the body cannot be taken as text; nil where it can.
func (a *answer) readable() error {
	_, charset := a.mediaType()
	if charset != "" && charset != "utf-8" && charset != "utf8" && charset != "us-ascii" {
		return fmt.Errorf("the body is in charset %s; only UTF-8 is read", excerptOf(charset))
	}
	if utf8.Valid(a.body) {
		return nil
	}
	at := 0
	for at < len(a.body) {
		r, size := utf8.DecodeRune(a.body[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return fmt.Errorf("the body is not UTF-8: byte 0x%02X at offset %d", a.body[at], at)
}

// visible returns the rendered text of the page.
func (a *answer) visible() string {
	if !a.rendered {
		a.text, a.rendered = rendered(a.body), true
	}
	return a.text
}

// json returns the document in the body, or what is wrong with it.
func (a *answer) json() (any, error) {
	if !a.parsed {
		a.document, a.fault = parseJSON(a.body)
		a.parsed = true
		if a.fault != nil {
			a.fault = a.notJSON(a.fault)
		}
	}
	return a.document, a.fault
}

// says returns the beginning of what an answer says to a reader.
func (a *answer) says() string {
	switch kind, _ := a.mediaType(); {
	case a.readable() != nil:
		return ""
	case kind == "text/html":
		return excerptOf(a.visible())
	}
	return excerptOf(string(a.body))
}

// deepest is how deep JSON may be nested. A search through all of it, "$..a..b",
// takes time by the power of its depth, and no deadline ends it.
const deepest = 100

var errDeep = fmt.Errorf("the JSON is nested more than %d deep", deepest)

// nested returns how deep the brackets of a JSON text stand within each other.
func nested(text []byte) int {
	depth, most := 0, 0
	within, escaped := false, false // a string
	for _, c := range text {
		switch {
		case escaped:
			escaped = false
		case within:
			within, escaped = c != '"', c == '\\'
		case c == '"':
			within = true
		case c == '[' || c == '{':
			depth++
			most = max(most, depth)
		case c == ']' || c == '}':
			depth--
		}
	}
	return most
}

func parseJSON(body []byte) (any, error) {
	if !utf8.Valid(body) {
		return nil, errors.New("it is not UTF-8")
	}
	if nested(body) > deepest {
		return nil, errDeep
	}
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff")))) // RFC 8259, section 8.1
	d.UseNumber()
	var document any
	if err := d.Decode(&document); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("more follows after its end")
	}
	return document, nil
}

// notJSON names the usual cases: nothing at all, and a page where JSON was due.
func (a *answer) notJSON(err error) error {
	body := bytes.TrimSpace(a.body)
	switch {
	case len(body) == 0:
		return errors.New("the body is empty where JSON was due")
	case body[0] == '<':
		return errors.New("got an HTML page where JSON was due")
	case errors.Is(err, errDeep):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the JSON breaks off")
	}
	return fmt.Errorf("the body is not JSON: %w", err)
}

// kind names the kind of a JSON value as RFC 8259 does.
func kind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case json.Number:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}
