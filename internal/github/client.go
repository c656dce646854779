// Package github is boardgate's one client of GitHub, reading and writing.
//
// It alone knows go-github. Reads are GraphQL queries that ask for everything
// at once; writes are REST, one after another. Waiting for limits is bounded:
// MaxWait in all, then an error of kind Limited.
package github

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/go-github/v66/github"
	"golang.org/x/net/http/httpproxy"
)

// MaxWait is how long one Client waits in all for limits and failing servers.
const MaxWait = 60 * time.Second

// DefaultTimeout bounds one attempt. GitHub itself gives up on a request after
// ten seconds (https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts).
const DefaultTimeout = 15 * time.Second

// Config is what a Client is made of.
type Config struct {
	Token     string            // sent to the hosts of API and GraphQL only, over their schemes; empty for none
	API       string            // GITHUB_API_URL, without a slash at the end
	GraphQL   string            // GITHUB_GRAPHQL_URL
	UserAgent string            // GitHub refuses requests without one
	Transport http.RoundTripper // see NewTransport
	Now       func() time.Time
	Sleep     func(context.Context, time.Duration) error
	Timeout   time.Duration // of one attempt; DefaultTimeout where it is 0
}

// Client talks to one GitHub. It is safe for use by several goroutines; writes
// are serialised, as GitHub asks
// (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api).
type Client struct {
	rest      *github.Client
	graphQL   string
	transport *transport
}

// New returns a client. An address that is none is an error.
func New(c Config) (*Client, error) {
	api, err := absolute("GITHUB_API_URL", c.API)
	if err != nil {
		return nil, err
	}
	graphQL, err := absolute("GITHUB_GRAPHQL_URL", c.GraphQL)
	if err != nil {
		return nil, err
	}
	t := &transport{
		next:      c.Transport,
		token:     c.Token,
		origins:   []string{origin(api), origin(graphQL)},
		graphQL:   graphQL.Path,
		userAgent: c.UserAgent,
		now:       c.Now,
		sleep:     c.Sleep,
		timeout:   cmp.Or(c.Timeout, DefaultTimeout),
		left:      MaxWait,
	}
	rest := github.NewClient(&http.Client{Transport: t})
	// WithEnterpriseURLs would append /api/v3/ to an address that has it not,
	// and the runner hands over the whole address anyway.
	api.Path += "/"
	rest.BaseURL = api
	rest.UserAgent = c.UserAgent
	return &Client{rest: rest, graphQL: graphQL.String(), transport: t}, nil
}

// Requests returns how many requests were sent so far, repeated ones included.
func (c *Client) Requests() int { return int(c.transport.sent.Load()) }

func absolute(name, address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(address, "/"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return nil, fmt.Errorf("%s is %q: want an address that begins with https://", name, address)
	}
	return u, nil
}

// Network is how the outside is reached.
type Network struct {
	HTTPProxy, HTTPSProxy, NoProxy string // as the environment variables of these names
	CA                             []byte // PEM certificates trusted besides the system's
}

// NewTransport returns the transport of a network. A CA without a certificate
// in it is an error.
func NewTransport(n Network) (*http.Transport, error) {
	proxy := (&httpproxy.Config{HTTPProxy: n.HTTPProxy, HTTPSProxy: n.HTTPSProxy, NoProxy: n.NoProxy}).ProxyFunc()
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = func(r *http.Request) (*url.URL, error) { return proxy(r.URL) }
	if len(n.CA) == 0 {
		return t, nil
	}
	roots, err := Roots(n.CA)
	if err != nil {
		return nil, err
	}
	t.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	return t, nil
}

// Roots returns the system's certificates and those of a PEM text beside them. A
// text without one is an error.
func Roots(ca []byte) (*x509.CertPool, error) {
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(ca) {
		return nil, errors.New("ca-file holds no PEM certificate")
	}
	return roots, nil
}

// ownerAndName parts "owner/name". It was checked where it came in.
func ownerAndName(repo string) (owner, name string) {
	owner, name, _ = strings.Cut(repo, "/")
	return owner, name
}
