package fake

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Production is a small shop that answers on loopback: /api/healthz,
// /api/products, /products, /products/7 and /login, which leads to /auth/login.
// It can be broken, one fault after another.
type Production struct {
	URL string // http://127.0.0.1:PORT

	server *http.Server
	mu     sync.Mutex
	broken map[string]bool
	asked  []string
	tries  map[string]int
}

// ProductionFaults are the ways in which a Production can be broken.
func ProductionFaults() []string {
	return []string{"down", "flaky", "healthz", "login", "page", "products", "wall"}
}

// NewProduction starts a production that is well, on a port that is free. Close
// ends it.
func NewProduction() (*Production, error) { return NewProductionAt("127.0.0.1:0") }

// NewProductionAt starts one at an address, "127.0.0.1:8307".
func NewProductionAt(address string) (*Production, error) {
	l, err := net.Listen("tcp4", address)
	if err != nil {
		return nil, fmt.Errorf("starting a production: %w", err)
	}
	p := &Production{URL: "http://" + l.Addr().String(), broken: map[string]bool{}, tries: map[string]int{}}
	p.server = &http.Server{Handler: p, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = p.server.Serve(l) }() // it ends with an error, always the same, when closed
	return p, nil
}

// Address is where it listens: "127.0.0.1:PORT".
func (p *Production) Address() string { return strings.TrimPrefix(p.URL, "http://") }

// Close ends the production; nobody is answered from then on.
func (p *Production) Close() error { return p.server.Close() }

// Break breaks it in one more way:
//
//	down      every connection is closed before an answer
//	flaky     the first request for each path is answered 503
//	healthz   /api/healthz answers 200 and says that the database is gone
//	login     /login answers 200 in place of 307 -> /auth/login
//	page      /products answers 200 with the frame of a page that failed to render
//	products  there are none, though every page answers 200
//	wall      a bot wall answers in its place
func (p *Production) Break(name string) error {
	if !slices.Contains(ProductionFaults(), name) {
		return fmt.Errorf("no way to break production is named %q; there is %s", name, strings.Join(ProductionFaults(), ", "))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken[name] = true
	return nil
}

// Mend makes all well again.
func (p *Production) Mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.broken)
	clear(p.tries)
}

// Asked returns what was asked so far, "GET /login", sorted.
func (p *Production) Asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(slices.Values(p.asked))
}

// recordRequest notes a request and returns how often its path was asked, this one included.
func (p *Production) recordRequest(r *http.Request) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, r.Method+" "+r.URL.Path)
	p.tries[r.URL.Path]++
	return p.tries[r.URL.Path]
}

func (p *Production) isBroken(fault string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.broken[fault]
}

// ServeHTTP answers a request.
func (p *Production) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	turn := p.recordRequest(r)
	switch {
	case p.isBroken("down"):
		panic(http.ErrAbortHandler) // closes the connection
	case p.isBroken("wall"):
		w.Header().Set("Cf-Mitigated", "challenge")
		w.WriteHeader(http.StatusForbidden)
	case p.isBroken("flaky") && turn == 1:
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		p.servePage(w, r)
	}
}

func (p *Production) servePage(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; {
	case path == "/api/healthz" && p.isBroken("healthz"):
		jsonPage(w, `{"status":"degraded","database":"failed","sha":"3f2a91c"}`)
	case path == "/api/healthz":
		jsonPage(w, `{"status":"ok","database":"connected","sha":"3f2a91c"}`)
	case path == "/api/products" && p.isBroken("products"):
		jsonPage(w, `{"data":[],"total":0}`)
	case path == "/api/products":
		jsonPage(w, `{"data":[{"id":7,"name":"Olive oil"},{"id":8,"name":"Thyme honey"}],"total":2}`)
	case path == "/products" && p.isBroken("page"):
		htmlPage(w, "Products – shop", `<div class="skeleton"></div><script>$RX("B:1","1801")</script>`)
	case path == "/products" && p.isBroken("products"):
		htmlPage(w, "Products – shop", `<div data-testid="products-grid"></div><p>0<!-- --> products</p>`)
	case path == "/products":
		htmlPage(w, "Products – shop", `<div data-testid="products-grid"><a href="/products/7">Olive oil</a></div><p>12<!-- --> products</p>`)
	case path == "/products/7":
		htmlPage(w, "Olive oil – shop", `<h1>Olive oil</h1><p>9.80 €</p>`)
	case path == "/login" && p.isBroken("login"):
		htmlPage(w, "Log in – shop", `<p>Welcome</p>`)
	case path == "/login":
		http.Redirect(w, r, "/auth/login", http.StatusTemporaryRedirect)
	case path == "/auth/login":
		htmlPage(w, "Log in – shop", `<form method="post"></form>`)
	default:
		http.NotFound(w, r)
	}
}

func jsonPage(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, text) // a reader that has gone is no matter of ours
}

func htmlPage(w http.ResponseWriter, title, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!doctype html><html><head><title>%s</title></head><body>%s</body></html>", title, body)
}
