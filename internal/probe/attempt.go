package probe

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/net/idna"

	"github.com/boardgate/boardgate/internal/fact"
)

// headerLimit is the most the headers of an answer may take, in bytes.
const headerLimit = 256 << 10

// prober makes single attempts.
type prober struct {
	world        World
	proxy        bool
	allowPrivate bool
	family       string // ip4, ip6 or ip
}

// request is a request ready to be made.
type request struct {
	method  string
	url     *url.URL
	headers http.Header
	timeout time.Duration // from the look-up to the last byte, over all hops
	hops    int
	body    string
	stay    bool                      // redirects may not leave the host: the request holds a secret, or a body
	homes   []*url.URL                // with allow_private, the hosts whose addresses may be private
	cookies map[string][]*http.Cookie // that redirects set, by the host that did; nil where none are followed
	limit   int64
	minTLS  uint16
	turn    int        // which of a name's addresses is used: the attempts take turns
	address netip.Addr // that is asked in place of those of the name; none where they take turns
}

// keepCookies keeps the cookies of an answer for the host that sent them, each in
// place of one that it had before.
func (q request) keepCookies(sent []*http.Cookie, now time.Time) {
	host := hostPort(q.url)
	for _, c := range sent {
		q.cookies[host] = slices.DeleteFunc(q.cookies[host], func(old *http.Cookie) bool { return old.Name == c.Name })
		if c.MaxAge >= 0 && (c.Expires.IsZero() || c.Expires.After(now)) {
			q.cookies[host] = append(q.cookies[host], c)
		}
	}
}

// home says whether an address is on one of the hosts that may be private.
func (q request) home(u *url.URL) bool {
	return slices.ContainsFunc(q.homes, func(h *url.URL) bool { return sameHost(h, u) })
}

// probe makes one attempt. It returns the answer, without its body where that
// could not be read, those that led to it, and what kept it from being whole.
func (k *prober) probe(ctx context.Context, q request) (*answer, []*answer, fact.Attempt, *fault) {
	made := fact.Attempt{Start: k.world.Now()}
	whole := ctx
	ctx, cancel := context.WithTimeout(ctx, q.timeout)
	defer cancel()
	var hops []*answer
	if q.hops > 0 {
		q.cookies = map[string][]*http.Cookie{}
	}
	seen, unjudged := map[string]bool{}, false
	for {
		a, f := k.roundTrip(ctx, q, &made)
		if a != nil {
			unjudged = unjudged || a.unjudged
			a.unjudged = unjudged
		}
		made.Timing.Total = k.world.Now().Sub(made.Start)
		if f != nil && whole.Err() != nil {
			f = stopped(whole)
		}
		seen[q.url.String()] = true
		next, stop := k.redirect(q, a, f, seen)
		if next == nil {
			return a, hops, made, stop
		}
		hops = append(hops, a)
		if !strings.EqualFold(next.Hostname(), q.url.Hostname()) {
			q.address = netip.Addr{}
		}
		if hostPort(next) != hostPort(q.url) || next.Scheme != q.url.Scheme {
			q.headers = nil // what the configuration sends is for the host it names
		}
		if a.status != http.StatusTemporaryRedirect && a.status != http.StatusPermanentRedirect && q.method == http.MethodPost {
			q.method, q.body, q.headers = http.MethodGet, "", q.headers.Clone()
			q.headers.Del("Content-Type")
		}
		q.url, q.hops = next, q.hops-1
	}
}

// stopped says that the run ended before the attempt did.
func stopped(ctx context.Context) *fault {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &fault{class: "deadline", reason: "the time for the whole run was over", local: true}
	}
	return &fault{class: "cancelled", reason: "the run was stopped", local: true}
}

// redirect returns where a redirect is to be followed to, nil where the attempt ends.
func (k *prober) redirect(q request, a *answer, f *fault, seen map[string]bool) (*url.URL, *fault) {
	if f != nil || q.hops == 0 || a.location == "" || !slices.Contains([]int{301, 302, 303, 307, 308}, a.status) {
		return nil, f
	}
	to, err := a.target()
	switch {
	case err != nil || to.Scheme != "https" && to.Scheme != "http":
		return nil, broken("redirect:address", "a redirect leads to what is not an address")
	case q.stay && (hostPort(to) != hostPort(a.url) || to.Scheme != a.url.Scheme):
		return nil, broken("redirect:host", "a redirect leads to another host or scheme, and the request holds a secret or a body")
	case a.url.Scheme == "https" && to.Scheme == "http":
		return nil, broken("redirect:insecure", "a redirect leads from https to http")
	case odd(to.Hostname()):
		return nil, broken("redirect:address", "a redirect leads to a number in place of a host")
	}
	if f := k.deny(to.Hostname(), q.home(to)); f != nil {
		return nil, f
	}
	to.User, to.Fragment = nil, ""
	if seen[to.String()] {
		return nil, broken("redirect:loop", "the redirects go in a circle: %s leads back to %s", shownURL(a.url), shownURL(to))
	}
	return to, nil
}

// deny refuses a host, or an address in its place, that is not production's.
// Private ones are let be at home, where allow_private says so.
func (k *prober) deny(host string, home bool) *fault {
	why, never := unfit(host, false), unfit(host, true) != ""
	if why == "" || k.allowPrivate && home && !never {
		return nil
	}
	said := "and was not requested; allow_private: true allows it"
	switch {
	case never:
		said = "and is never requested"
	case k.allowPrivate:
		said = "and was not requested; among private addresses a redirect may lead only to the host and port of base or of the fact"
	}
	return &fault{class: "address:denied", local: true, reason: fmt.Sprintf("%s is %s %s", excerptOf(host), why, said)}
}

// roundTrip makes one request on a connection of its own.
func (k *prober) roundTrip(ctx context.Context, q request, made *fact.Attempt) (*answer, *fault) {
	w := &connTrace{prober: k, ctx: ctx, turn: q.turn, address: q.address, home: q.home(q.url)}
	transport := k.transport(q, w)
	defer transport.CloseIdleConnections()
	defer w.close()

	request := (&http.Request{
		Method: q.method, URL: q.url, Host: q.url.Host, Header: k.headers(q),
	}).
		WithContext(httptrace.WithClientTrace(ctx, w.trace()))
	if q.body != "" {
		request.Body, request.ContentLength = io.NopCloser(strings.NewReader(q.body)), int64(len(q.body))
	}
	for _, c := range q.cookies[hostPort(q.url)] {
		if strings.HasPrefix(q.url.Path, c.Path) {
			request.AddCookie(c)
		}
	}
	made.Status = 0
	w.begin(q.url)
	response, err := transport.RoundTrip(request)
	if err != nil {
		f := diagnose(err, min(w.phase(), waiting), q.timeout)
		f.raw = err.Error()
		w.end(made)
		return nil, k.local(f, w)
	}
	defer response.Body.Close()
	if response.StatusCode < 100 { // RFC 9110, section 15: three digits, the first from 1; net/http minds the three alone
		w.end(made)
		return nil, broken("protocol", "the answer is not HTTP: it has the status %03d", response.StatusCode)
	}
	if w.proxied && response.StatusCode == http.StatusProxyAuthRequired {
		w.end(made)
		return nil, refusedByProxy("it answered %d", response.StatusCode)
	}
	if q.cookies != nil {
		q.keepCookies(response.Cookies(), k.world.Now())
	}
	a := &answer{url: q.url, status: response.StatusCode, location: response.Header.Get("Location"), header: response.Header, received: k.world.Now(), unjudged: w.unjudged}
	w.enterPhase(reading)
	made.Status, made.Protocol = response.StatusCode, response.Proto
	noteTLS(made, response.TLS, k.world.Now())
	f := k.body(a, response, q)
	made.Bytes = int64(len(a.body))
	w.end(made)
	return a, f
}

// local marks what is the runner's own affair: its proxy, and a missing route to an
// IPv6 address (hosted runners have none: https://github.com/actions/runner-images/issues/668).
func (k *prober) local(f *fault, w *connTrace) *fault {
	if w.proxied && f.noResponse && w.phase() <= connecting && !w.connected() {
		return &fault{class: "proxy", local: true, retry: true, raw: f.raw, reason: "the proxy was not reached: " + f.reason}
	}
	if f.class == "network:no_route" && w.target().Addr().Is6() {
		f.reason, f.local, f.retry = "this runner has no IPv6: "+f.reason, true, false
	}
	return f
}

func (k *prober) headers(q request) http.Header {
	h := q.headers.Clone()
	if h == nil {
		h = http.Header{}
	}
	if h.Get("User-Agent") == "" {
		h.Set("User-Agent", k.world.UserAgent)
	}
	if h.Get("Accept") == "" {
		h.Set("Accept", "*/*")
	}
	if q.method != http.MethodHead {
		h.Set("Accept-Encoding", "gzip")
	}
	return h
}

// transport makes a transport for one connection.
func (k *prober) transport(q request, w *connTrace) *http.Transport {
	t := &http.Transport{
		DialContext:            w.dial,
		TLSClientConfig:        &tls.Config{MinVersion: q.minTLS, RootCAs: k.world.Roots, Time: k.world.Now},
		TLSHandshakeTimeout:    q.timeout,
		ForceAttemptHTTP2:      true, // a TLSClientConfig of our own would turn HTTP/2 off
		DisableCompression:     true, // see body
		DisableKeepAlives:      true, // a dead connection would be tried again without a word
		MaxResponseHeaderBytes: headerLimit,
	}
	if k.proxy && k.world.Proxy != nil {
		t.Proxy = func(r *http.Request) (*url.URL, error) {
			u, err := k.world.Proxy(r)
			if u == nil || err != nil {
				return nil, err
			}
			w.proxied = true
			if f := w.lookUpBehindProxy(r.URL.Hostname()); f != nil {
				return nil, f
			}
			return u, nil
		}
		t.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
			return tunnelled(response.StatusCode)
		}
	}
	return t
}

// tunnelled says what a proxy's answer means that opens no tunnel: that production
// was not reached, where it says so, else that the proxy refused.
func tunnelled(status int) error {
	switch {
	case status == http.StatusOK:
		return nil
	case status >= http.StatusInternalServerError:
		return network("proxy:gateway", "the proxy did not reach it: it answered %d to CONNECT", status)
	}
	return refusedByProxy("it answered %d to CONNECT", status)
}

func refusedByProxy(format string, args ...any) *fault {
	return &fault{class: "proxy", local: true, reason: "the proxy refused: " + fmt.Sprintf(format, args...)}
}

// body reads the body, decompressed, up to the limit. The transport's own
// decompression would not tell a body that is not a gzip from one that broke off.
func (k *prober) body(a *answer, response *http.Response, q request) *fault {
	if response.StatusCode == http.StatusSwitchingProtocols {
		return nil // what follows is not a body: it would be the bare connection, which heeds no deadline
	}
	wireErr := &lastError{Reader: response.Body}
	var content io.Reader = wireErr
	coding := codings(response.Header)
	if coding == "gzip" && q.method != http.MethodHead {
		content = &gunzip{from: content}
	}
	var err error
	a.body, err = io.ReadAll(io.LimitReader(content, q.limit+1))
	switch {
	case int64(len(a.body)) > q.limit:
		a.body = a.body[:q.limit]
		return broken("body:too_large", "the body is larger than %d bytes after decompression: body_limit sets how much of it is read", q.limit)
	case wireErr.err != nil:
		return diagnose(wireErr.err, reading, q.timeout)
	case err != nil:
		return broken("body:decode", "the body is not the gzip it is said to be")
	case coding != "" && coding != "gzip" && len(a.body) > 0:
		return broken("body:decode", "the body came encoded as %s, which was not requested", excerptOf(coding))
	}
	return nil
}

// codings returns how a body is encoded, in the order in which it was; empty
// for as it is. Names are case-insensitive and x-gzip is gzip (RFC 9110, section 8.4.1).
func codings(h http.Header) string {
	var said []string
	for each := range strings.SplitSeq(strings.ToLower(strings.Join(h.Values("Content-Encoding"), ",")), ",") {
		switch each = strings.TrimSpace(each); each {
		case "", "identity":
		case "x-gzip":
			said = append(said, "gzip")
		default:
			said = append(said, each)
		}
	}
	return strings.Join(said, ", ")
}

// lastError keeps what a reader ended with, io.EOF aside.
type lastError struct {
	io.Reader
	err error
}

func (r *lastError) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

// gunzip decompresses; an empty body is not an error.
type gunzip struct {
	from io.Reader
	z    *gzip.Reader
}

func (g *gunzip) Read(p []byte) (int, error) {
	if g.z == nil {
		z, err := gzip.NewReader(g.from)
		if err != nil {
			return 0, err // io.EOF where there is nothing at all
		}
		g.z = z
	}
	return g.z.Read(p)
}

// connTrace watches the one connection of a hop. The transport may call it from
// goroutines that outlast the request.
type connTrace struct {
	*prober
	ctx     context.Context
	turn    int
	address netip.Addr // of request
	home    bool       // its host may have a private address
	proxied bool
	// unjudged tells that a proxy was given a name that this machine cannot look up.
	unjudged bool

	mu     sync.Mutex
	at     phase
	since  time.Time
	spent  [reading + 1]time.Duration
	remote netip.AddrPort
	conn   net.Conn
	closed bool
}

func (w *connTrace) begin(u *url.URL) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.since = w.world.Now()
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		w.at = connecting // nothing to look up
	}
}

// enterPhase ends a phase and begins another; a phase once left is not entered again.
func (w *connTrace) enterPhase(p phase) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p < w.at || w.closed {
		return
	}
	now := w.world.Now()
	w.spent[w.at] += now.Sub(w.since)
	w.at, w.since = p, now
}

func (w *connTrace) phase() phase {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *connTrace) connected() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.conn != nil
}

func (w *connTrace) target() netip.AddrPort {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.remote
}

// end writes down what was spent.
func (w *connTrace) end(made *fact.Attempt) {
	w.enterPhase(w.phase())
	w.mu.Lock()
	defer w.mu.Unlock()
	t := &made.Timing
	t.DNS += w.spent[resolving]
	t.Connect += w.spent[connecting]
	t.TLS += w.spent[handshaking]
	t.Wait += w.spent[waiting]
	t.Read += w.spent[reading]
	if w.remote.IsValid() {
		made.Address = w.remote.String()
	}
}

func (w *connTrace) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	if w.conn != nil {
		w.conn.Close()
	}
}

func (w *connTrace) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		TLSHandshakeStart:    func() { w.enterPhase(handshaking) },
		GotConn:              func(httptrace.GotConnInfo) { w.enterPhase(waiting) },
		GotFirstResponseByte: func() { w.enterPhase(reading) },
	}
}

// dial resolves, picks one address, judges it and connects to that very
// address, so that a name cannot come to mean another one in between. It
// minds the attempt's own context: the transport's outlasts the request.
func (w *connTrace) dial(_ context.Context, _, address string) (net.Conn, error) {
	to, err := w.resolve(address)
	if err != nil {
		return nil, err
	}
	if f := w.deny(to.Addr().String(), w.home); f != nil && !w.proxied { // the proxy's own may be private
		return nil, f
	}
	w.enterPhase(connecting)
	if err := w.claim(to); err != nil {
		return nil, err
	}
	conn, err := w.world.Dial(w.ctx, "tcp", to.String())
	if err != nil {
		return nil, err
	}
	if err := w.keep(conn); err != nil {
		return nil, err
	}
	return conn, nil
}

// proxyLookup is how long a name is looked up that a proxy is to look up itself.
const proxyLookup = 2 * time.Second

// lookUpBehindProxy refuses what a proxy should not connect to. The proxy looks names up
// itself, perhaps otherwise: what this machine knows of a name is judged.
func (w *connTrace) lookUpBehindProxy(host string) *fault {
	if ascii, err := idna.Lookup.ToASCII(host); err == nil { // as the proxy is told it
		host = ascii
	}
	if f := w.deny(host, w.home); f != nil {
		return f
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(w.ctx, proxyLookup)
	defer cancel()
	all, _ := w.world.Lookup(ctx, "ip", host)
	for _, a := range all {
		if f := w.deny(a.Unmap().String(), w.home); f != nil {
			return f
		}
	}
	w.unjudged = len(all) == 0
	return nil
}

// resolve returns the address whose turn it is.
func (w *connTrace) resolve(address string) (netip.AddrPort, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return netip.AddrPort{}, err
	}
	number, err := net.LookupPort("tcp", port)
	if err != nil {
		return netip.AddrPort{}, err
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return netip.AddrPortFrom(a.Unmap(), uint16(number)), nil
	}
	if w.address.IsValid() && !w.proxied {
		return netip.AddrPortFrom(w.address, uint16(number)), nil
	}
	all, err := w.world.Lookup(w.ctx, w.family, host)
	if err != nil {
		return netip.AddrPort{}, w.lacking(host, err)
	}
	if len(all) == 0 {
		return netip.AddrPort{}, network("dns:no_address", "the name %s has no address of the requested family", host)
	}
	return netip.AddrPortFrom(all[w.turn%len(all)].Unmap(), uint16(number)), nil
}

// lacking tells a name without an address of the family asked for from one
// that does not exist: resolvers say the same of both.
func (w *connTrace) lacking(host string, err error) error {
	family := map[string]string{"ip4": "IPv4", "ip6": "IPv6"}[w.family]
	if d := (*net.DNSError)(nil); !errors.As(err, &d) || !d.IsNotFound || family == "" {
		return err
	}
	if others, _ := w.world.Lookup(w.ctx, "ip", host); len(others) == 0 {
		return err
	}
	return network("dns:no_address", "the name %s has no %s address", host, family)
}

// claim refuses a second connection: one attempt is one request.
func (w *connTrace) claim(to netip.AddrPort) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.remote.IsValid() {
		return network("network:closed", "the connection was closed before an answer")
	}
	w.remote = to
	return nil
}

func (w *connTrace) keep(conn net.Conn) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		conn.Close()
		return syscall.ECONNABORTED
	}
	w.conn = conn
	return nil
}

// noteTLS writes down the version and the days that the chain still has.
func noteTLS(made *fact.Attempt, state *tls.ConnectionState, now time.Time) {
	if state == nil {
		return
	}
	made.TLS = tls.VersionName(state.Version)
	if days, ok := daysLeft(state.VerifiedChains, now); ok {
		made.DaysLeft = &days
	}
}

// daysLeft returns the whole days for which the longest-lived chain stays valid.
func daysLeft(chains [][]*x509.Certificate, now time.Time) (int, bool) {
	var last time.Time
	for _, chain := range chains {
		first := chain[0].NotAfter
		for _, c := range chain {
			if c.NotAfter.Before(first) {
				first = c.NotAfter
			}
		}
		if first.After(last) {
			last = first
		}
	}
	return int(math.Floor(last.Sub(now).Hours() / 24)), len(chains) > 0
}
