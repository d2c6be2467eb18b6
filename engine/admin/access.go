package admin

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"slbtui/engine/admin/token"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

const (
	failurePause = time.Second      // before a wrong token is answered
	failureNews  = 10 * time.Second // between two events about wrong tokens
)

// caller is who asks.
type caller struct {
	token.Holder
	from string // the address
}

// String says who it is in an event: "alice" or, without tokens, "somebody at 127.0.0.1".
func (c caller) String() string {
	if c.Name != "" {
		return c.Name
	}
	return "somebody at " + c.from
}

// handler answers a caller.
type handler func(w http.ResponseWriter, r *http.Request, who caller)

// access lets in whoever has at least a role. Without tokens, everybody is an operator.
func (s *Server) access(least token.Role, next handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who := caller{token.Holder{Role: token.Operator}, from(r)}
		inside, ok := r.Context().Value(insideKey{}).(caller)
		if ok { // another replica let them in
			if who = inside; who.Role < least {
				refuse(w, http.StatusForbidden, fmt.Sprintf("%s is a %s, and this takes an %s", who.Name, who.Role, least))
				return
			}
		}
		if !ok && s.tokens != nil && least > token.Nobody {
			given, ok := bearer(r)
			who.Holder = s.tokens.Who(given)
			switch {
			case !ok:
				s.unauthorised(w, "a token is needed: Authorization: Bearer TOKEN")
				return
			case who.Role == token.Nobody:
				s.failures.slow(r.Context(), s.engine, who.from)
				s.unauthorised(w, "this token is not known here")
				return
			case who.Role < least:
				refuse(w, http.StatusForbidden, fmt.Sprintf("%s is a %s, and this takes an %s", who.Name, who.Role, least))
				return
			}
		}
		next(w, r, who)
	}
}

func (s *Server) unauthorised(w http.ResponseWriter, why string) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="slbtui"`)
	refuse(w, http.StatusUnauthorized, why)
}

// bearer is the token of a request, and whether there is one.
func bearer(r *http.Request) (string, bool) {
	scheme, value, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	value = strings.TrimSpace(value)
	return value, ok && strings.EqualFold(scheme, "Bearer") && value != ""
}

// from is the address that a request came from, without its port.
func from(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return "the socket"
	}
	return host
}

// failures slows down and tells of wrong tokens. The zero value is ready to use.
type failures struct {
	mu    sync.Mutex
	since int // the last event
	told  time.Time
}

// slow waits a while, and tells of it unless it has just told of others.
func (f *failures) slow(ctx context.Context, e Engine, from string) {
	if n := f.news(time.Now()); n > 0 {
		text := "admin listener: a wrong token from " + from
		if n > 1 {
			text = fmt.Sprintf("admin listener: %d wrong tokens, the last from %s", n, from)
		}
		_ = e.Do(ctx, live.Note{Kind: metrics.EventWarning, Text: text}) // a run that is over has no events
	}
	timer := time.NewTimer(failurePause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// news is how many failures to tell of, 0 when the last time was just now.
func (f *failures) news(now time.Time) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.since++
	if now.Sub(f.told) < failureNews {
		return 0
	}
	n := f.since
	f.since, f.told = 0, now
	return n
}
