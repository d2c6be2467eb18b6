package routing

import (
	"net"
	"net/http"
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
// them. Value slices are shared: to change one, replace it.
func copyEndToEnd(dst, src http.Header) {
	for name, values := range src {
		if !hopByHop(name) {
			dst[name] = values
		}
	}
	for _, list := range src["Connection"] {
		for name := range strings.SplitSeq(list, ",") {
			delete(dst, textproto.CanonicalMIMEHeaderKey(textproto.TrimString(name)))
		}
	}
}

// upgradeProtocol is the protocol that a request or a response switches to, or "". The cleartext
// switch to HTTP/2 is not offered on: the requests inside would pass us unseen.
func upgradeProtocol(h http.Header) string {
	if !hasToken(h["Connection"], "upgrade") {
		return ""
	}
	p := strings.Join(h["Upgrade"], ", ")
	if strings.EqualFold(p, "h2c") || strings.ContainsFunc(p, func(r rune) bool { return r < ' ' || r > '~' }) {
		return ""
	}
	return p
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

// outboundHeader is the header for the upstream of a request that came from a client.
func outboundHeader(r *http.Request) http.Header {
	h := make(http.Header, len(r.Header)+5)
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
	addForwarded(h, r)
	return h
}

// addForwarded tells the upstream who asked. X-Forwarded-For and Forwarded (RFC 7239) grow by one
// element, so what a client made up stands before ours; X-Forwarded-Host and -Proto are replaced.
// Without a usable peer address the lists are dropped: ours would be missing at their end.
func addForwarded(h http.Header, r *http.Request) {
	proto := "http"
	if r.TLS != nil {
		proto = "https"
	}
	h["X-Forwarded-Proto"] = []string{proto}
	h["X-Forwarded-Host"] = []string{r.Host}
	ip, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		delete(h, "X-Forwarded-For")
		delete(h, "Forwarded")
		return
	}
	element := "for=" + ip
	if strings.Contains(ip, ":") {
		element = `for="[` + ip + `]"`
	}
	if r.Host != "" && !strings.ContainsAny(r.Host, `"\`) {
		element += `;host="` + r.Host + `"`
	}
	h["Forwarded"] = appended(h["Forwarded"], element+";proto="+proto)
	h["X-Forwarded-For"] = appended(h["X-Forwarded-For"], ip)
}

// appended joins a list header with one more element.
func appended(list []string, element string) []string {
	if len(list) > 0 {
		element = strings.Join(list, ", ") + ", " + element
	}
	return []string{element}
}

// dropAliases removes names such as X_Forwarded_For or X.Forwarded.For, which many application
// servers (CGI, WSGI, PHP) read as the real one.
func dropAliases(h http.Header) {
	for name := range h {
		if !strings.ContainsAny(name, "_.") {
			continue
		}
		real := strings.NewReplacer("_", "-", ".", "-").Replace(name)
		if strings.EqualFold(real, "Forwarded") || len(real) > 12 && strings.EqualFold(real[:12], "X-Forwarded-") {
			delete(h, name)
		}
	}
}
