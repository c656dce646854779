package fake

import (
	"context"
	"errors"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// Network is a network of a few hosts: names, and what listens on this machine
// in their place. Their addresses are public ones, counted up in the order of
// the names, so that they are the same every time.
type Network struct {
	addresses map[string]netip.Addr
	behind    map[string]string // by address
}

// firstAddress is that of the first host. It is nobody's to ask: connections go
// to this machine alone.
var firstAddress = netip.MustParseAddr("93.184.216.34")

// NewNetwork returns the network of the hosts: name to "127.0.0.1:PORT".
func NewNetwork(hosts map[string]string) *Network {
	n := &Network{addresses: map[string]netip.Addr{}, behind: map[string]string{}}
	address := firstAddress
	for _, name := range slices.Sorted(maps.Keys(hosts)) {
		n.addresses[name], n.behind[address.String()] = address, hosts[name]
		address = address.Next()
	}
	return n
}

// Lookup returns the address of a host.
func (n *Network) Lookup(_ context.Context, _, host string) ([]netip.Addr, error) {
	address, there := n.addresses[strings.ToLower(host)]
	if !there {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return []netip.Addr{address}, nil
}

// Dial connects to what listens behind an address, whatever the port.
func (n *Network) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if n.behind[host] == "" {
		return nil, errors.New("no host has the address " + host)
	}
	var d net.Dialer
	return d.DialContext(ctx, network, n.behind[host])
}
