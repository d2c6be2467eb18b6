package engine

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"slbtui/engine/config"
	"slbtui/engine/socket"
)

// resolvePatience bounds the wait for the addresses of a server's name.
const resolvePatience = 2 * time.Second

// ownAddress tells whether requests to u would come to the listener at own: by whatever name, for one that
// listens on every address by any of this machine's. What leads back by ways that are not seen here ends
// with 508.
func ownAddress(u *url.URL, own net.Addr) bool {
	if u.Scheme == "unix" {
		return config.SocketPrefix+u.Path == socket.Address(own)
	}
	us, ok := own.(*net.TCPAddr)
	if !ok || portOf(u) != us.Port {
		return false
	}
	ours := us.AddrPort().Addr().Unmap().WithZone("")
	for _, to := range addressesOf(u.Hostname()) {
		if to.IsUnspecified() { // which connects to this machine
			to = loopback(to)
		}
		if to == ours || ours.IsUnspecified() && (ours.Is6() || to.Is4()) && onThisMachine(to) {
			return true
		}
	}
	return false
}

func portOf(u *url.URL) int {
	port, err := strconv.Atoi(u.Port())
	switch {
	case err == nil:
		return port
	case u.Scheme == "https":
		return 443
	}
	return 80
}

// addressesOf are those of a host; none for a name that cannot be resolved now.
func addressesOf(host string) []netip.Addr {
	ctx, cancel := context.WithTimeout(context.Background(), resolvePatience)
	defer cancel()
	found, _ := net.DefaultResolver.LookupNetIP(ctx, "ip", host) // an address is its own
	for i, a := range found {
		found[i] = a.Unmap().WithZone("")
	}
	return found
}

func loopback(unspecified netip.Addr) netip.Addr {
	if unspecified.Is4() {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	return netip.IPv6Loopback()
}

// onThisMachine tells of the addresses that a listener on all of them answers at.
func onThisMachine(a netip.Addr) bool {
	if a.IsLoopback() { // all of 127/8
		return true
	}
	all, _ := net.InterfaceAddrs() // without them, the loopback alone is known
	for _, i := range all {
		if n, ok := i.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(n.IP); ok && ip.Unmap() == a {
				return true
			}
		}
	}
	return false
}
