package proxy

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"net/textproto"
	"strings"
)

// ServedByHeader names the upstream in every response that one gave.
const ServedByHeader = "X-Served-By"

// hopByHop tells whether a header concerns one connection only and is not passed on: RFC 9110,
// section 7.6.1, and the proxy authentication of section 11.7, which was meant for us.
func hopByHop(name string) bool {
	switch name {
	case "Connection", "Proxy-Connection", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding",
		"Upgrade", "Http2-Settings", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Authentication-Info":
		return true
	}
	return false
}

// copyEndToEnd copies the headers that are not hop-by-hop, by nature or because Connection names
// them. Value slices are shared: to change one, replace it. What dst has of hop-by-hop headers is ours, and
// nobody names it away.
func copyEndToEnd(dst, src http.Header) {
	for name, values := range src {
		if !hopByHop(name) {
			dst[spelled(name)] = values
		}
	}
	for _, list := range src["Connection"] {
		if list == "keep-alive" || list == "close" {
			continue // the common ones, which name no header
		}
		for name := range strings.SplitSeq(list, ",") {
			if name = textproto.CanonicalMIMEHeaderKey(textproto.TrimString(name)); !hopByHop(name) {
				delete(dst, spelled(name))
			}
		}
	}
}

func hasToken(lists []string, token string) bool {
	for _, list := range lists {
		for t := range strings.SplitSeq(list, ",") {
			if strings.EqualFold(textproto.TrimString(t), token) {
				return true
			}
		}
	}
	return false
}

// noUserAgent keeps http.Transport from adding its own.
var noUserAgent = []string{""}

// outboundHeader puts into h, which is empty, the header for the upstream of a request that came from a
// client, or through a proxy, which is believed when its address is in trusted.
func outboundHeader(h http.Header, r *http.Request, trusted []netip.Prefix) {
	copyEndToEnd(h, r.Header)
	dropAliases(h)
	if p := upgradeProtocol(r.Header); p != "" {
		h["Connection"], h["Upgrade"] = []string{"Upgrade"}, []string{p}
	}
	if hasToken(r.Header["Te"], "trailers") {
		h["Te"] = []string{"trailers"}
	}
	if _, ok := h["User-Agent"]; !ok {
		h["User-Agent"] = noUserAgent
	}
	forward(h, r, trusted)
}

// RequestIDHeader names a request, from one end to the other.
const RequestIDHeader = "X-Request-Id"

// nameRequest returns the name that the client gave the request, or sets one that nobody else has
// where it gave none that could be logged.
func nameRequest(h http.Header) string {
	if ids := h[RequestIDHeader]; len(ids) == 1 && isRequestID(ids[0]) {
		return ids[0]
	}
	id := newRequestID()
	h[RequestIDHeader] = []string{id}
	return id
}

func newRequestID() string { return fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64()) }

func isRequestID(s string) bool {
	return s != "" && len(s) <= 128 && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// hangUp ends the connection behind the response: what is left of the request's body would be
// taken for the next request. On HTTP/2 a stream ends by itself.
func hangUp(w http.ResponseWriter, r *http.Request) {
	if r.ProtoMajor == 1 {
		w.Header().Set("Connection", "close")
	}
}
