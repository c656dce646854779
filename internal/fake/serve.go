package fake

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxRequest is the largest request read, in bytes; GitHub's own limit is not published.
const maxRequest = 8 << 20

// Exchange is one request and the status it was answered with.
type Exchange struct {
	Method string
	Path   string
	Query  string // sorted
	Body   []byte // as it was sent
	Status int    // 0 where the connection was lost
}

// Conversation returns what was said so far.
func (g *GitHub) Conversation() []Exchange {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.talk)
}

// Forget empties the conversation.
func (g *GitHub) Forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.talk = nil
}

// Transcript writes a conversation out, for people and for stories: bodies
// indented, a GraphQL query as it was sent with its variables below.
func Transcript(talk []Exchange) string {
	var b strings.Builder
	for i, x := range talk {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s %s", x.Method, x.Path)
		if x.Query != "" {
			fmt.Fprintf(&b, "?%s", x.Query)
		}
		status := fmt.Sprint(x.Status)
		if x.Status == 0 {
			status = "connection lost"
		}
		fmt.Fprintf(&b, " -> %s\n%s", status, bodyText(x.Body))
	}
	return b.String()
}

func bodyText(sent []byte) string {
	if len(sent) == 0 {
		return ""
	}
	var q struct {
		Query     string
		Variables json.RawMessage
	}
	if json.Unmarshal(sent, &q) == nil && q.Query != "" {
		return q.Query + indent(q.Variables)
	}
	return indent(sent)
}

func indent(text []byte) string {
	var out bytes.Buffer
	if err := json.Indent(&out, bytes.TrimSpace(text), "", "  "); err != nil {
		return string(text) + "\n"
	}
	return out.String() + "\n"
}

// ServeHTTP answers one request and writes it down.
func (g *GitHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	sent, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, "the request is too large")
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(sent))
	at := g.recordRequest(r, sent)
	seen := &statusWriter{ResponseWriter: w}
	defer func() { g.recordStatus(at, seen.status) }()
	if r.Method != http.MethodGet && !isGraphQL(r) {
		defer g.beginWrite()()
	}
	g.route(seen, r, sent)
}

func (g *GitHub) recordRequest(r *http.Request, sent []byte) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	q := r.URL.Query()
	g.talk = append(g.talk, Exchange{Method: r.Method, Path: r.URL.Path, Query: sortedQuery(q), Body: sent})
	return len(g.talk) - 1
}

func (g *GitHub) recordStatus(at, status int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if at < len(g.talk) {
		g.talk[at].Status = status
	}
}

func sortedQuery(q url.Values) string {
	text, err := url.QueryUnescape(q.Encode()) // Encode sorts
	if err != nil {
		return q.Encode()
	}
	return text
}

// beginWrite counts a write that begins; what it returns ends it.
func (g *GitHub) beginWrite() func() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inFlight++
	g.together = max(g.together, g.inFlight)
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.inFlight--
	}
}

func isGraphQL(r *http.Request) bool { return r.URL.Path == "/api/graphql" }

func (g *GitHub) route(w http.ResponseWriter, r *http.Request, sent []byte) {
	if r.UserAgent() == "" {
		refuse(w, http.StatusForbidden, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header")
		return
	}
	if !g.authorized(r) {
		refuse(w, http.StatusUnauthorized, "Bad credentials")
		return
	}
	if isGraphQL(r) {
		g.serveGraphQL(w, r, sent)
		return
	}
	_, pattern := g.rest.Handler(r)
	if pattern == "" {
		refuse(w, http.StatusNotFound, "Not Found")
		return
	}
	fault := g.fault(strings.Replace(pattern, v3, "", 1))
	fault.play(w, r, func(w http.ResponseWriter) { g.rest.ServeHTTP(w, r) })
}

func (g *GitHub) authorized(r *http.Request) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.token == "" || r.Header.Get("Authorization") == "Bearer "+g.token
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(p []byte) (int, error) {
	w.status = cmp.Or(w.status, http.StatusOK)
	return w.ResponseWriter.Write(p)
}

// refuse answers with GitHub's form of an error.
func refuse(w http.ResponseWriter, status int, message string) {
	send(w, status, map[string]any{
		"message": message, "documentation_url": "https://docs.github.com/rest", "status": fmt.Sprint(status),
	})
}

func send(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
