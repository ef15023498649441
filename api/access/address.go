package access

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the addresses of proxies in front of the server, which are believed
// what they say of whom they ask for.
type Proxies []netip.Prefix

// ParseProxies reads addresses (10.0.0.7) and networks (10.0.0.0/8).
func ParseProxies(texts []string) (Proxies, error) {
	var p Proxies
	for _, text := range texts {
		one, err := netip.ParsePrefix(text)
		if err != nil {
			address, err := netip.ParseAddr(text)
			if err != nil {
				return nil, err
			}
			one = netip.PrefixFrom(address, address.BitLen())
		}
		p = append(p, one)
	}
	return p, nil
}

func (p Proxies) holds(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(one netip.Prefix) bool { return one.Contains(a) })
}

// remote is who asks, by address: the nearest that is no proxy of ours, going back
// through X-Forwarded-For. What comes before that is whatever the client wrote. Of
// an IPv6 address it is the network of 64 bits, all of which one client may have.
func (p Proxies) remote(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	at, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{} // not TCP: all of them are one
	}
	if at = at.Unmap(); p.holds(at) {
		at = p.before(at, r.Header.Values("X-Forwarded-For"))
	}
	if at.Is6() {
		network, err := at.WithZone("").Prefix(64)
		if err != nil {
			return at // unreachable: every IPv6 address has 64 bits
		}
		return network.Addr()
	}
	return at
}

// before is whom a proxy asks for, by the lists of X-Forwarded-For.
func (p Proxies) before(at netip.Addr, forwarded []string) netip.Addr {
	list := strings.Split(strings.Join(forwarded, ","), ",")
	for ; p.holds(at) && len(list) > 0; list = list[:len(list)-1] {
		next, err := netip.ParseAddr(strings.TrimSpace(list[len(list)-1]))
		if err != nil {
			break
		}
		at = next.Unmap()
	}
	return at
}

// LoopbackHost reports whether a Host header names this machine. A page that was
// served under another name can have that name lead here, and then is of the same
// origin as we are: its requests are told by their Host.
func LoopbackHost(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	ip, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && ip.Zone() == "" && ip.Unmap().IsLoopback()
}
