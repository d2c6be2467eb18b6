package admin

import (
	"mime"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// guard keeps web pages out, which an operator's browser may load from anywhere:
//
//   - A page whose own host name suddenly resolves to this machine (DNS rebinding) gives itself
//     away by its Host header. Without tokens only loopback addresses and localhost are answered, as no page's
//     origin but one that was served from here has those. With tokens any name will do: such a page has no
//     token, and no browser adds one by itself.
//   - A page that posts across origins is told apart by Sec-Fetch-Site and Origin, and could not
//     set the content type that commands need without asking first.
func (s *Server) guard(next http.Handler) http.Handler {
	crossOrigin := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
		switch {
		case !s.ownHost(r.Host):
			refuse(w, http.StatusMisdirectedRequest, "unknown host: call this listener by its address, or give it tokens (admin.tokens_file)")
		case crossOrigin.Check(r) != nil:
			refuse(w, http.StatusForbidden, "a request from another site's page")
		case r.Method == http.MethodPost && media != "application/json":
			refuse(w, http.StatusUnsupportedMediaType, "commands are application/json: add -H 'Content-Type: application/json' to a curl")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// ownHost tells whether a Host header is an address of this machine alone, not a name that anybody could have
// registered. Where tokens are asked for, none is needed.
func (s *Server) ownHost(host string) bool {
	if s.tokens != nil {
		return true
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.IsLoopback()
}
