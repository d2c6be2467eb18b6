package transport

import (
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"slbtui/routing/http1"
)

// General is the client half for any kind of request: http.Transport, but that it sends each request once.
// By itself that sends one again for as long as the server hangs up on connections that were kept, and
// neither limit nor budget nor metrics hear of it.
//
// Its connections end with their age. The library cannot do that to one of them, so all are left behind at
// once: those idle are closed, those in use when they are done.
type General struct {
	connect func() *http.Transport
	age     time.Duration   // 0: they are kept for as long as they are used
	fresh   *http.Transport // connects anew for each request

	mu    sync.Mutex
	keeps *http.Transport
	until time.Time
}

func newGeneral(age time.Duration, connect func() *http.Transport) *General {
	g := &General{connect: connect, age: age, fresh: connect()}
	g.fresh.DisableKeepAlives = true
	return g
}

// transport is the one of now.
func (g *General) transport() *http.Transport {
	g.mu.Lock()
	defer g.mu.Unlock()
	if old := g.keeps; old == nil || g.age > 0 && time.Now().After(g.until) {
		g.keeps = g.connect()
		g.until = time.Now().Add(g.age - rand.N(g.age/8+1)) // many servers do not fall into step
		if old != nil {
			old.CloseIdleConnections()
		}
	}
	return g.keeps
}

// Follow is what somebody wants to hear of a request that General sends.
type Follow struct {
	// Early is told of 1xx responses, on the transport's goroutine.
	Early func(int, textproto.MIMEHeader) error
	// Waiting is what the connection's Watch will be called with.
	Waiting *func() error
	// Conn is the connection, when there is a response.
	Conn *Conn
}

func (f *Follow) got(c httptrace.GotConnInfo) {
	f.Conn = c.Conn.(*Conn) // NewLibrary makes no others
	f.Conn.Begin()
}

// idle is told when the library is about to read on by itself. Whoever reads the response waits until it has
// been, be it for the response or at its body's end.
func (f *Follow) idle(error) { f.Conn.Idle(f.Waiting) }

// RoundTrip sends r. A server that ended a kept connection without a word is a *http1.StaleError. The
// response's body must be closed.
func (g *General) RoundTrip(r *http.Request, f *Follow) (*http.Response, error) {
	var kept, heard atomic.Bool
	ctx := httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GotConn: func(c httptrace.GotConnInfo) {
			kept.Store(c.Reused)
			f.got(c)
		},
		GotFirstResponseByte: func() { heard.Store(true) },
		Got1xxResponse:       f.Early,
		PutIdleConn:          f.idle,
	})
	res, err := g.transport().RoundTrip(once(r.WithContext(ctx)))
	if err != nil && kept.Load() && !heard.Load() && ctx.Err() == nil && !os.IsTimeout(err) {
		err = &http1.StaleError{Err: err}
	}
	return res, err
}

// Fresh sends r over a connection of its own.
func (g *General) Fresh(r *http.Request, f *Follow) (*http.Response, error) {
	ctx := httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{Got1xxResponse: f.Early, GotConn: f.got, PutIdleConn: f.idle})
	return g.fresh.RoundTrip(once(r.WithContext(ctx)))
}

// CloseIdle closes the connections that carry no request.
func (g *General) CloseIdle() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.keeps != nil {
		g.keeps.CloseIdleConnections()
	}
}

// once changes r, a copy, to what http.Transport never sends again, while the server sees no difference. It
// repeats what it can rewind: no body, or one with GetBody, of a method that changes nothing, or with a
// header that says so.
func once(r *http.Request) *http.Request {
	r.GetBody = nil
	if r.Body != nil && r.Body != http.NoBody {
		return r
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		r.Body, r.TransferEncoding = io.NopCloser(strings.NewReader("")), identity // nothing is sent of either
	default:
		for _, name := range [...]string{"Idempotency-Key", "X-Idempotency-Key"} {
			if values, ok := r.Header[name]; ok {
				r.Header = r.Header.Clone()
				delete(r.Header, name)
				r.Header[strings.ToLower(name)] = values // which it does not look for
			}
		}
	}
	return r
}

var identity = []string{"identity"}
