package proxy

import (
	"net/http"
	"net/url"
	"strings"
)

// upstreamTarget is what stands in the request line to the upstream at base: its path, and behind it path
// and query as the client wrote them. Decoding and encoding them anew would make another path of
// "/a%2F..%2Fb|", which the client's own proxies and our log have not seen.
func upstreamTarget(base *url.URL, r *http.Request) string {
	if base.Path == "" || base.Path == "/" {
		return writtenTarget(r)
	}
	return strings.TrimSuffix(base.EscapedPath(), "/") + writtenTarget(r)
}

// writtenTarget is the path and query of a request, whose target badTarget has looked at, without the
// scheme and host of the absolute form (RFC 9112, section 3.2.2).
func writtenTarget(r *http.Request) string {
	t := r.RequestURI
	switch {
	case t == "":
		return r.URL.RequestURI() // of a program's own making
	case t[0] == '/':
		return t
	}
	_, t, _ = strings.Cut(t, "://")
	switch i := strings.IndexAny(t, "/?"); {
	case i < 0:
		return "/"
	case t[i] == '?':
		return "/" + t[i:]
	default:
		return t[i:]
	}
}

// upstreamURL is the URL for http.Transport that makes it write target.
func upstreamURL(base *url.URL, target string) *url.URL {
	u := &url.URL{Scheme: base.Scheme, Host: base.Host, Opaque: target}
	if !strings.HasPrefix(target, "//") {
		return u
	}
	// As Opaque it would be taken for a host. As a path it stays as it is only when nothing in it ought to be
	// encoded: so that much is.
	path, query, asked := strings.Cut(target, "?")
	u.Opaque, u.RawPath, u.RawQuery, u.ForceQuery = "", encodeIllegal(path), query, asked
	u.Path, _ = url.PathUnescape(u.RawPath) // it was one when the request was read
	return u
}

// encodeIllegal encodes the bytes that RFC 3986 allows in no path, and those alone.
func encodeIllegal(path string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(path) {
		if c := path[i]; c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// badTarget tells of targets that the library lets through, but that are neither a path nor an http
// URL (RFC 9112, section 3.2): another reader could take them for something else. HTTP/2 carries
// spaces in a target or a method, which would end them in HTTP/1.1. A fragment is the client's own.
func badTarget(r *http.Request) bool {
	u := r.URL
	return strings.ContainsFunc(r.Method, notToken) || endsTarget(r.RequestURI) || endsTarget(u.RawQuery) || strings.ContainsFunc(r.Host, notHost) ||
		r.Method != http.MethodConnect && (u.Opaque != "" || u.User != nil ||
			u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" || u.Scheme != "" && u.Host == "" ||
			u.Path != "" && u.Path[0] != '/' && !general(r))
}

// endsTarget tells whether there is a byte in s that ends a target, or is none of it.
func endsTarget(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == 0x7f || c == '#' {
			return true
		}
	}
	return false
}

// notToken tells of what cannot stand in a method (RFC 9110, section 5.6.2).
func notToken(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"(),/:;<=>?@[\\]{}", r)
}

// notHost tells of what cannot stand in a host and port (RFC 3986, section 3.2.2).
func notHost(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"#/<>?@\\^`{|}", r)
}
