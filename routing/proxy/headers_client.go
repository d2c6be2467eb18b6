package proxy

import (
	"net"
	"net/netip"
	"slices"
	"strings"
)

// behind is the client behind a connection from peer. Each proxy on the way has added who it was asked by to the
// end of the list, so the last that is no trusted proxy is the client: what stands before it may be made up.
func behind(peer string, h values, trusted []netip.Prefix) string {
	client := peer
	if !isTrusted(withoutZone(peer), trusted) {
		return client
	}
	for _, next := range slices.Backward(forwardedFor(h)) {
		addr, err := netip.ParseAddr(next)
		if err != nil { // "unknown", or a name that its proxy made up
			return client
		}
		if client = addr.Unmap().String(); !isTrusted(client, trusted) {
			return client
		}
	}
	return client // all are ours
}

// values are those of a header, whatever it is read from.
type values interface{ Values(name string) []string }

func withoutZone(addr string) string {
	addr, _, _ = strings.Cut(addr, "%")
	return addr
}

// forwardedFor lists who asked whom, the first client first: of X-Forwarded-For, else of Forwarded (RFC 7239).
func forwardedFor(h values) (nodes []string) {
	if list := h.Values("X-Forwarded-For"); len(list) > 0 {
		for node := range strings.SplitSeq(strings.Join(list, ","), ",") {
			nodes = append(nodes, withoutPort(strings.TrimSpace(node)))
		}
		return nodes
	}
	for element := range strings.SplitSeq(strings.Join(h.Values("Forwarded"), ","), ",") { // an address holds no comma
		for pair := range strings.SplitSeq(element, ";") {
			if name, node, ok := strings.Cut(strings.TrimSpace(pair), "="); ok && strings.EqualFold(name, "for") {
				nodes = append(nodes, withoutPort(strings.Trim(node, `"`)))
			}
		}
	}
	return nodes
}

// withoutPort is the address of a node that may have a port, and brackets.
func withoutPort(node string) string {
	if host, _, err := net.SplitHostPort(node); err == nil {
		node = host
	}
	return withoutZone(strings.Trim(node, "[]"))
}
