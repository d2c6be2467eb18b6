package proxy

import "net/http"

// TrailerAllowed tells whether a trailer, by its canonical name, is passed on. Trailers come when the decisions
// about a request have been taken. RFC 9110, section 6.5.1, leaves out what frames, routes, authenticates or describes it; so do we, and what only proxies say. Over HTTP/1.1 the
// library would send any.
func TrailerAllowed(name string) bool {
	switch name {
	case "Host", "Content-Length", "Content-Type", "Content-Encoding", "Content-Range", "Content-Location",
		"Authorization", "Cookie", "Set-Cookie", "Expect", "Range", "Max-Forwards", "Cache-Control", "Pragma",
		"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Via", RequestIDHeader,
		"Age", "Date", "Expires", "Location", "Retry-After", "Vary", "Www-Authenticate", ServedByHeader:
		return false
	}
	return !hopByHop(name) && !forwarding(name) && !alias(name)
}

// trailerFor is the trailer that the upstream gets: what in announced is allowed, without values as
// yet. It is nil when there is none.
func trailerFor(announced http.Header) http.Header {
	var t http.Header
	for name := range announced {
		if TrailerAllowed(name) {
			if t == nil {
				t = http.Header{}
			}
			t[name] = nil
		}
	}
	return t
}

// fillTrailer puts in the values, which the body's end has brought.
func fillTrailer(t, arrived http.Header) {
	for name := range t {
		t[name] = arrived[name]
	}
}
