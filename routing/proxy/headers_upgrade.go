package proxy

import (
	"net/http"
	"net/textproto"
	"strings"
)

// spelled is a header's name as it is sent: the handshake of WebSockets has capitals that the library's
// canonical form has not, and servers that compare bytes.
func spelled(name string) string {
	if rest, ok := strings.CutPrefix(name, "Sec-Websocket-"); ok {
		return "Sec-WebSocket-" + rest
	}
	return name
}

// upgradeProtocol is what a request offers to switch to, the better ones first, or "".
func upgradeProtocol(h http.Header) string {
	if !hasToken(h["Connection"], "upgrade") {
		return ""
	}
	return offered(h["Upgrade"])
}

// offered are the protocols of an Upgrade header that may be passed on. The cleartext switch to HTTP/2 may
// not: the requests inside would pass us unseen.
func offered(upgrade []string) string {
	var all []string
	for p := range protocols(upgrade) {
		name, version, _ := strings.Cut(p, "/")
		if name != "" && !strings.EqualFold(name, "h2c") && !strings.ContainsFunc(name+version, notToken) {
			all = append(all, p)
		}
	}
	return strings.Join(all, ", ")
}

// switched tells whether a response switches to what was offered: to one of it, or to several on top of one
// another (RFC 9110, section 7.8). A version says only which one of a kind it is.
func switched(offer string, answer http.Header) bool {
	if !hasToken(answer["Connection"], "upgrade") {
		return false
	}
	n := 0
	for p := range protocols(answer["Upgrade"]) {
		n++
		if !offers(offer, p) {
			return false
		}
	}
	return n > 0
}

func offers(offer, protocol string) bool {
	name, _, _ := strings.Cut(protocol, "/")
	for p := range protocols([]string{offer}) {
		if known, _, _ := strings.Cut(p, "/"); strings.EqualFold(known, name) {
			return true
		}
	}
	return false
}

// protocols goes through the members of an Upgrade header.
func protocols(upgrade []string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, list := range upgrade {
			for p := range strings.SplitSeq(list, ",") {
				if p = textproto.TrimString(p); p != "" && !yield(p) {
					return
				}
			}
		}
	}
}

// requireUpgrade passes on what a 426 asks for, the one status that says nothing without its Upgrade.
// HTTP/2 has no such header.
func requireUpgrade(h http.Header, r *http.Request, res *http.Response) {
	if res.StatusCode != http.StatusUpgradeRequired || r.ProtoMajor != 1 {
		return
	}
	if p := offered(res.Header["Upgrade"]); p != "" {
		h["Upgrade"] = []string{p}
		h["Connection"] = append(h["Connection"], "Upgrade") // behind our own "close", which the library looks for first
	}
}
