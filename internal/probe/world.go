package probe

import (
	"context"
	"crypto/x509"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// World is everything outside that a run touches. [RealWorld] fills it for a
// process; a test puts its own in.
type World struct {
	Now    func() time.Time
	Sleep  func(context.Context, time.Duration) error // returns early, with an error, where the context ends
	Random func() float64                             // from 0 up to but not 1
	Lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)
	Dial   func(ctx context.Context, network, address string) (net.Conn, error) // address is a literal
	Roots  *x509.CertPool                                                       // nil for the system's
	Env    func(name string) (value string, set bool)                           // nil: no secrets at hand, as on a fork
	Proxy  func(*http.Request) (*url.URL, error)                                // asked only where the configuration says so

	UserAgent string // sent with every request: "boardgate/1.2.3 (+https://…)"
}

// RealWorld is the clock, the network and the randomness of this process. The
// environment is the caller's to hand in.
func RealWorld(userAgent string, env func(string) (string, bool)) World {
	dialer := &net.Dialer{KeepAlive: -1}
	return World{
		Now: time.Now, Sleep: sleep, Random: rand.Float64,
		Lookup: net.DefaultResolver.LookupNetIP, Dial: dialer.DialContext,
		Env: env, Proxy: http.ProxyFromEnvironment, UserAgent: userAgent,
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
