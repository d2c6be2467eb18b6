package proxy

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// forward tells the upstream who asked: by X-Forwarded-For, -Proto and -Host, and by Forwarded
// (RFC 7239).
//
// What a trusted proxy says is kept: the lists grow by the proxy's own address, its word for
// protocol and host stands. What anybody else says is made up as far as we know: all of it is
// replaced, so whoever is named first in a list really was there. A peer without a usable address
// is nobody's friend, and its lists are left out.
func forward(h http.Header, r *http.Request, trusted []netip.Prefix) {
	peer, _, err := net.SplitHostPort(r.RemoteAddr)
	peer, _, _ = strings.Cut(peer, "%") // a zone is the name of one of our own interfaces
	if !isTrusted(peer, trusted) {
		dropForwarding(h)
	}
	proto := "http"
	if r.TLS != nil {
		proto = "https"
	}
	said := new([4]string) // the values, in one piece
	setDefault(h, "X-Forwarded-Proto", said[0:1:1], proto)
	setDefault(h, "X-Forwarded-Host", said[1:2:2], r.Host)
	if err != nil {
		return
	}
	node := peer
	if strings.Contains(peer, ":") {
		node = `"[` + peer + `]"`
	}
	var element string
	if r.Host != "" && !strings.ContainsAny(r.Host, `"\`) {
		element = "for=" + node + `;host="` + r.Host + `";proto=` + proto
	} else {
		element = "for=" + node + ";proto=" + proto
	}
	extend(h, "Forwarded", said[2:3:3], element)
	extend(h, "X-Forwarded-For", said[3:4:4], peer)
}

func isTrusted(peer string, trusted []netip.Prefix) bool {
	if len(trusted) == 0 {
		return false
	}
	addr, err := netip.ParseAddr(peer)
	if err != nil {
		return false
	}
	addr = addr.Unmap().WithZone("")
	return slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// setDefault makes value the header's, in the place given for it, unless it has one.
func setDefault(h http.Header, name string, place []string, value string) {
	if len(h[name]) == 0 {
		place[0] = value
		h[name] = place
	}
}

// extend adds an element to a list header, in the place given for it.
func extend(h http.Header, name string, place []string, element string) {
	if list := h[name]; len(list) > 0 {
		element = strings.Join(list, ", ") + ", " + element
	}
	place[0] = element
	h[name] = place
}

// forwarding tells whether a header, by its canonical name, says who asked.
func forwarding(name string) bool {
	return strings.HasPrefix(name, "X-Forwarded-") || name == "Forwarded" || name == "X-Real-Ip"
}

func dropForwarding(h http.Header) {
	for name := range h {
		if forwarding(name) {
			delete(h, name)
		}
	}
}

// dropAliases removes names such as X_Forwarded_For or Transfer.Encoding, which many application
// servers (CGI, WSGI, PHP) read as the real one.
func dropAliases(h http.Header) {
	for name := range h {
		if alias(name) {
			delete(h, name)
		}
	}
}

var aliasing = strings.NewReplacer("_", "-", ".", "-")

// alias tells whether a name could be read as that of a header that only proxies may set, or that our log
// goes by.
func alias(name string) bool {
	if !strings.ContainsAny(name, "_.") {
		return false
	}
	real := http.CanonicalHeaderKey(aliasing.Replace(name))
	return forwarding(real) || hopByHop(real) || real == "Content-Length" || real == "Host" || real == RequestIDHeader
}
