package probe

import (
	"net/netip"
	"strings"
	"sync"
)

// denied are the addresses that are not production's, beside those net/netip
// has words for. Sources: https://www.iana.org/assignments/iana-ipv4-special-registry
// and https://www.iana.org/assignments/iana-ipv6-special-registry.
var denied = sync.OnceValue(func() []special {
	return []special{
		{netip.MustParsePrefix("0.0.0.0/8"), "an address of this host"},
		{netip.MustParsePrefix("100.64.0.0/10"), "a carrier's private address"},
		{netip.MustParsePrefix("192.0.0.0/24"), "a special address"},
		{netip.MustParsePrefix("192.0.2.0/24"), "an address for documentation"},
		{netip.MustParsePrefix("192.88.99.0/24"), "a relay address"},
		{netip.MustParsePrefix("198.18.0.0/15"), "an address for benchmarks"},
		{netip.MustParsePrefix("198.51.100.0/24"), "an address for documentation"},
		{netip.MustParsePrefix("203.0.113.0/24"), "an address for documentation"},
		{netip.MustParsePrefix("240.0.0.0/4"), "a reserved address"},
		{netip.MustParsePrefix("::/96"), "an address of this host"},
		{netip.MustParsePrefix("64:ff9b:1::/48"), "a private translation address"},
		{netip.MustParsePrefix("100::/64"), "a discard address"},
		{netip.MustParsePrefix("2001::/23"), "a special address"},
		{netip.MustParsePrefix("2001:db8::/32"), "an address for documentation"},
		{netip.MustParsePrefix("3fff::/20"), "an address for documentation"},
		{netip.MustParsePrefix("5f00::/16"), "a special address"},
		{netip.MustParsePrefix("fec0::/10"), "a site's private address"},
	}
})

// metadata are the addresses at which clouds hand credentials to their machines,
// beside the link-local ones: each cloud's own documentation names its own.
var metadata = sync.OnceValue(func() []special {
	return []special{
		{netip.MustParsePrefix("100.100.100.200/32"), "the metadata service of Alibaba Cloud"},
		{netip.MustParsePrefix("168.63.129.16/32"), "the metadata service of Azure"},
		{netip.MustParsePrefix("192.0.0.192/32"), "the metadata service of Oracle Cloud"},
		{netip.MustParsePrefix("fd00:42::42/128"), "the metadata service of Scaleway"},
		{netip.MustParsePrefix("fd00:a9fe:a9fe::1/128"), "the metadata service of Linode"},
		{netip.MustParsePrefix("fd00:c1::a9fe:a9fe/128"), "the metadata service of Oracle Cloud"},
		{netip.MustParsePrefix("fd00:ec2::/32"), "the metadata service of AWS"},
		{netip.MustParsePrefix("fd20:ce::254/128"), "the metadata service of Google Cloud"},
	}
})

type special struct {
	prefix netip.Prefix
	words  string
}

// wordsFor returns what an address is by a table, empty where it is not in it.
func wordsFor(a netip.Addr, table []special) string {
	for _, s := range table {
		if s.prefix.Contains(a) {
			return s.words
		}
	}
	return ""
}

// forbidden says why an address is never requested, allow_private or not: it is
// link-local, where most clouds have their metadata service, or another cloud's;
// empty where it is neither.
func forbidden(a netip.Addr) string {
	if a.Zone() != "" || a.Unmap().IsLinkLocalUnicast() {
		return "a link-local address"
	}
	for _, inner := range translations(a.Unmap()) {
		if why := forbidden(inner); why != "" {
			return why
		}
	}
	return wordsFor(a.Unmap(), metadata())
}

// translations returns every IPv4 address that an IPv6 address may come to on
// its way: by 6to4, or in any place that RFC 6052 (section 2.2) has for it, for
// whoever runs a translator chooses among them.
func translations(a netip.Addr) (out []netip.Addr) {
	if !a.Is6() {
		return nil
	}
	b := a.As16()
	if b[0] == 0x20 && b[1] == 0x02 {
		return []netip.Addr{netip.AddrFrom4([4]byte(b[2:6]))}
	}
	if b[0] != 0 {
		return nil // 64:ff9b::/96, 64:ff9b:1::/48, ::/96 and ::ffff:0:0:0/96 begin with it
	}
	for _, at := range [][4]int{{12, 13, 14, 15}, {6, 7, 9, 10}, {7, 9, 10, 11}, {9, 10, 11, 12}} {
		out = append(out, netip.AddrFrom4([4]byte{b[at[0]], b[at[1]], b[at[2]], b[at[3]]}))
	}
	return out
}

// private says what keeps an address from being production's; empty where nothing does.
func private(a netip.Addr) string {
	if why := forbidden(a); why != "" {
		return why
	}
	a = a.Unmap()
	if inner, ok := embedded(a); ok {
		return private(inner)
	}
	switch {
	case !a.IsValid() || a.IsUnspecified():
		return "no address"
	case a.IsLoopback():
		return "a loopback address"
	case a.IsPrivate():
		return "a private address"
	case a.IsMulticast():
		return "a multicast address"
	}
	if why := wordsFor(a, denied()); why != "" {
		return why
	}
	if a.Is6() && a.As16()[0]>>5 != 1 { // outside 2000::/3, all that is given out (RFC 4291, section 2.4)
		return "a reserved address"
	}
	return ""
}

// embedded returns the IPv4 address that a translated (RFC 6052) or 6to4 (RFC 3056) address stands for.
func embedded(a netip.Addr) (netip.Addr, bool) {
	if !a.Is6() {
		return a, false
	}
	b := a.As16()
	switch {
	case netip.PrefixFrom(netip.AddrFrom16([16]byte{0, 0x64, 0xff, 0x9b}), 96).Contains(a):
		return netip.AddrFrom4([4]byte(b[12:16])), true
	case b[0] == 0x20 && b[1] == 0x02:
		return netip.AddrFrom4([4]byte(b[2:6])), true
	}
	return a, false
}

// odd tells whether a host is a number that some resolvers take for an IPv4
// address though it is not written as one: 2130706433, 0177.0.0.1, 0x7f.1, 127.1
// (https://url.spec.whatwg.org/#ends-in-a-number-checker).
func odd(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return false
	}
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	last := strings.ToLower(labels[len(labels)-1])
	if strings.HasPrefix(last, "0x") {
		return strings.Trim(last[2:], "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// unfit says why a host in a URL cannot be production's without a look at the
// names; empty where it may be.
func unfit(host string, allowPrivate bool) string {
	if odd(host) {
		return "a number in place of a host; write an address as four decimal parts"
	}
	a, err := netip.ParseAddr(host)
	switch {
	case err == nil && allowPrivate:
		return forbidden(a)
	case err == nil:
		return private(a)
	case allowPrivate:
		return ""
	}
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return "this host itself"
	}
	return ""
}
