package proxy

import (
	"bytes"
	"net/http"
	"net/url"
	"time"
)

// What a fast front asks of a handler: it passes requests on by the same rules, in bytes.

// InBytes tells whether every server can be spoken to in bytes.
func (h *Handler) InBytes() bool { return h.inBytes }

// Draining tells whether each response is to be the last of its connection.
func (h *Handler) Draining() bool { return h.draining.Load() }

// IsHealth tells whether a path, as it was written, is the one that the balancer answers by itself.
func (h *Handler) IsHealth(path []byte) bool {
	if h.cfg.HealthPath == "" || bytes.IndexByte(path, '%') < 0 {
		return h.cfg.HealthPath != "" && string(path) == h.cfg.HealthPath
	}
	decoded, err := url.PathUnescape(string(path))
	return err == nil && decoded == h.cfg.HealthPath
}

// Health is that answer.
func (h *Handler) Health() Answer {
	code, body := h.health()
	return Answer{Status: code, Body: body}
}

// Answer is one of the balancer's own, in JSON and not to be stored.
type Answer struct {
	Status int
	Retry  bool // it is worth trying again, in a second
	Body   []byte
}

// Answer is what a client gets instead of a response; its status is 0 when nobody is there to get it.
func (c *Course) Answer(f Fault) Answer {
	if f.status == statusClientClosed {
		return Answer{}
	}
	return Answer{Status: f.status, Retry: f.status == http.StatusServiceUnavailable, Body: f.body(c.ServerID)}
}

// None tells that there is no fault.
func (f Fault) None() bool { return f.status == 0 }

// MaxBody is how long a request's body may be, in bytes; 0: as long as it likes.
func (h *Handler) MaxBody() int64 { return h.cfg.Body.Bytes }

// Via is the line that this balancer adds to Via, for HTTP/1.1.
func (h *Handler) Via() string { return h.via.lines[1][0] }

// Looped tells whether a request with that Via has been here before.
func (h *Handler) Looped(via []byte) bool { return bytes.Contains(via, []byte(h.via.name)) }

// Trusts tells whether the peer at an address is a proxy whose word is taken.
func (h *Handler) Trusts(peer string) bool { return isTrusted(peer, h.cfg.Trusted) }

// IdleTimeout bounds the silence within a response; 0: it may last.
func (h *Handler) IdleTimeout() time.Duration { return h.cfg.IdleTimeout }

// NameRequest is what a request is called from here on, whose client calls it theirs, if it does; "" where it
// goes by that.
func (h *Handler) NameRequest(theirs []byte) string {
	switch {
	case !h.cfg.NameRequests:
		return ""
	case isRequestID(string(theirs)):
		return string(theirs)
	}
	return newRequestID()
}

// Handler is the one whose servers the course goes to: another one may have taken over while it waited.
func (c *Course) Handler() *Handler { return c.h }
