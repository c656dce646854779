package config

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

const (
	maxBytes   = 64 << 10
	maxKeys    = 4000 // the YAML parser's time is quadratic in keys of one name
	maxNesting = 20   // also keeps the YAML parser's time linear; it is quadratic in the nesting
)

const bom = "\uFEFF"

// parse returns the document's root, nil where the file is empty or at fault.
func (r *reader) parse() ast.Node {
	if r.checkBytes(); len(r.faults) > 0 {
		return nil
	}
	// The YAML scanner counts lines wrongly in a file with CRLF. Without the CR
	// every line and column stays what it is in the file.
	text := bytes.ReplaceAll(bytes.TrimPrefix(r.file.Text, []byte(bom)), []byte("\r\n"), []byte("\n"))
	tokens := lexer.Tokenize(string(text))
	if r.tokens(tokens); len(r.faults) > 0 {
		return nil
	}
	return r.document(tokens)
}

// document parses tokens that were found to be fit.
func (r *reader) document(tokens token.Tokens) ast.Node {
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return nil
	}
	for _, doc := range file.Docs {
		if doc.Body != nil {
			return doc.Body
		}
	}
	return nil
}

// syntax adds the fault of the YAML parser's error.
func (r *reader) syntax(err error) {
	var at interface {
		GetMessage() string
		GetToken() *token.Token
	}
	if !errors.As(err, &at) || at.GetToken() == nil {
		r.fault(r.file.Span(0, 0), "", "this is not YAML: %s", quoteCut(err.Error()))
		return
	}
	r.fault(r.tokenSpan(at.GetToken()), "", "this is not YAML: %s", at.GetMessage())
}

// checkBytes looks for bytes that no configuration has.
func (r *reader) checkBytes() {
	text := r.file.Text
	switch {
	case len(text) > maxBytes:
		r.fault(r.file.Span(0, 0), "", "the file has %d bytes; expected at most %d", len(text), maxBytes)
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")):
		r.fault(r.file.Span(0, 2), "save the file as UTF-8", "the file is UTF-16; expected UTF-8")
	case !utf8.Valid(text):
		at := invalid(text)
		r.fault(r.file.Span(at, at+1), "save the file as UTF-8", "the byte %#02x is not UTF-8", text[at])
	default:
		r.controls()
		r.tabs()
	}
}

// invalid returns the offset of the first byte that is not UTF-8.
func invalid(text []byte) int {
	at := 0
	for at < len(text) {
		c, size := utf8.DecodeRune(text[at:])
		if c == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return at
}

// controls finds the first control character that YAML does not allow (section
// 5.1), and the carriage return that ends no line.
func (r *reader) controls() {
	text := r.file.Text
	for i, b := range text {
		lone := b == '\r' && !bytes.HasPrefix(text[i:], []byte("\r\n"))
		if lone || b == 0x7f || b < ' ' && b != '\n' && b != '\t' && b != '\r' {
			r.fault(r.file.Span(i, i+1), "", "the control character %q does not belong in a configuration", string(b))
			return
		}
	}
}

// tabs finds lines that a tab indents.
func (r *reader) tabs() {
	for n := 1; n <= r.file.Lines(); n++ {
		line := r.file.Line(n)
		rest := bytes.TrimLeft(line, " \t")
		tab := bytes.IndexByte(line[:len(line)-len(rest)], '\t')
		if tab < 0 || len(rest) == 0 || rest[0] == '#' {
			continue
		}
		at := r.file.LineStart(n)
		r.fault(r.file.Span(at+tab, at+len(line)-len(rest)), "", "a tab indents this line; expected spaces")
	}
}

// refused says why a token is not read here.
var refused = map[token.Type]string{
	token.AnchorType:     `anchors are not read; expected the value itself, a word that starts with "&" in quotes`,
	token.AliasType:      `aliases are not read; expected the value itself, a word that starts with "*" in quotes`,
	token.MergeKeyType:   `merge keys are not read; expected the keys themselves`,
	token.TagType:        `tags are not read; expected the value alone, a word that starts with "!" in quotes`,
	token.DirectiveType:  `directives are not read; expected keys, a word that starts with "%" in quotes`,
	token.MappingKeyType: `keys after "?" are not read; expected "key: value", a word that starts with "?" in quotes`,
}

// tokens looks for what is YAML and not read here, before the parser sees it.
func (r *reader) tokens(tokens token.Tokens) {
	var depth nesting
	said := map[token.Type]int{}
	begun, keys := false, 0
	last := token.UnknownType
	for i, t := range tokens {
		if t.Type == token.CommentType {
			continue
		}
		if t.Type == token.DocumentHeaderType && begun || last == token.DocumentEndType {
			r.fault(r.tokenSpan(t), "", "a second document starts here; expected one")
			return
		}
		if why, ok := refused[t.Type]; ok && said[t.Type] != t.Position.Line {
			said[t.Type] = t.Position.Line // once a line: "**" is two aliases and one mistake
			r.fault(r.tokenSpan(t), "", "%s", why)
		}
		if t.Type == token.DirectiveType {
			return
		}
		if t.Type == token.MappingValueType {
			keys++
		}
		if keys > maxKeys {
			r.fault(r.tokenSpan(t), "", "more than %d keys", maxKeys)
			return
		}
		if depth.add(tokens, i) > maxNesting {
			r.fault(r.tokenSpan(t), "", "nested more than %d deep", maxNesting)
			return
		}
		begun, last = true, t.Type
	}
}

// nesting counts how deep tokens lie: open brackets, and the columns at which block collections begin.
type nesting struct {
	flow  int
	block []int
}

// add counts token i and returns the depth there.
func (n *nesting) add(tokens token.Tokens, i int) int {
	switch t := tokens[i]; t.Type {
	case token.SequenceStartType, token.MappingStartType:
		n.flow++
	case token.SequenceEndType, token.MappingEndType:
		n.flow--
	case token.SequenceEntryType:
		n.enter(t.Position.Column)
	case token.MappingValueType:
		if i > 0 {
			n.enter(tokens[i-1].Position.Column)
		}
	}
	return n.flow + len(n.block)
}

func (n *nesting) enter(column int) {
	if n.flow > 0 {
		return
	}
	for len(n.block) > 0 && n.block[len(n.block)-1] >= column {
		n.block = n.block[:len(n.block)-1]
	}
	n.block = append(n.block, column)
}

// cursor is a place that was found, from which the next on its line is looked for:
// tokens come in order, and a line may be as long as the file.
type cursor struct{ line, column, offset int }

// offset returns where a token begins. The scanner's columns count characters;
// its byte offsets are not used, as they are wrong after multi-byte text.
func (r *reader) offset(p *token.Position) int {
	if p.Line != r.at.line || p.Column < r.at.column {
		r.at = cursor{p.Line, 1, r.file.LineStart(p.Line)}
		if p.Line == 1 && bytes.HasPrefix(r.file.Text, []byte(bom)) {
			r.at.offset = len(bom)
		}
	}
	end := r.file.LineStart(p.Line) + len(r.file.Line(p.Line))
	for r.at.column < p.Column && r.at.offset < end {
		_, size := utf8.DecodeRune(r.file.Text[r.at.offset:end])
		r.at.column++
		r.at.offset += size
	}
	return r.at.offset
}

// tokenSpan returns the place of a token without the space around it.
func (r *reader) tokenSpan(t *token.Token) source.Span {
	text := strings.TrimSpace(t.Origin)
	start := r.back(r.offset(t.Position), text)
	return r.file.Span(start, r.follow(start, text))
}

// back returns start, or where text last begins before it on its line: the
// scanner puts some words with space behind them, as "08 ", too far right.
func (r *reader) back(start int, text string) int {
	text, _, _ = strings.Cut(text, "\n")
	if bytes.HasPrefix(r.file.Text[start:], []byte(text)) {
		return start
	}
	line := r.file.LineStart(r.file.Position(start).Line)
	before := r.file.Text[line:min(start+len(text), len(r.file.Text))]
	if i := bytes.LastIndex(before, []byte(text)); i >= 0 {
		return line + i
	}
	return start
}

// follow returns where text ends that begins at start, carriage returns aside;
// the end of the line where the file has another text there.
func (r *reader) follow(start int, text string) int {
	at := start
	for i := 0; i < len(text); i++ {
		for at < len(r.file.Text) && r.file.Text[at] == '\r' {
			at++
		}
		if at >= len(r.file.Text) || r.file.Text[at] != text[i] {
			line := r.file.LineSpan(r.file.Position(start).Line)
			return max(start, line.End)
		}
		at++
	}
	return at
}

// span returns the place of a node: a collection's from its first to its last character.
func (r *reader) span(n ast.Node) source.Span {
	first, last := first(n), last(n)
	return r.file.Span(r.tokenSpan(first).Start, r.tokenSpan(last).End)
}

// first returns the token a node begins with.
func first(n ast.Node) *token.Token {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return m.Values[0].Key.GetToken()
	}
	return n.GetToken()
}

// last returns the token a node ends with.
func last(n ast.Node) *token.Token {
	switch n := n.(type) {
	case *ast.MappingNode:
		if n.IsFlowStyle && n.End != nil {
			return n.End
		}
		if len(n.Values) > 0 {
			return last(n.Values[len(n.Values)-1].Value)
		}
	case *ast.SequenceNode:
		if n.IsFlowStyle && n.End != nil {
			return n.End
		}
		if len(n.Values) > 0 {
			return last(n.Values[len(n.Values)-1])
		}
	case *ast.LiteralNode:
		return n.Value.GetToken()
	}
	return n.GetToken()
}

// quoteCut quotes a value for a message, its first 40 characters where it is longer.
func quoteCut(s string) string {
	return strconv.Quote(text.Clip(s, 41))
}
