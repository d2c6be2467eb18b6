package proxy

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/textproto"
	"os"
	"strings"
	"sync"

	"slbtui/routing/policy"
)

// relay streams a response to the client and completes the attempt. A response that breaks off
// aborts the client's connection: no error text belongs after half a body.
func (e *exchange) relay(ctx context.Context, res *http.Response) {
	defer func() { _ = res.Body.Close() }()
	e.Status = res.StatusCode
	o := policy.Outcome{Status: res.StatusCode}
	settled := false
	defer func() {
		if !settled { // a ResponseWriter panicked
			e.Done(policy.Outcome{Status: res.StatusCode, Failure: policy.FailureLocal})
		}
	}()

	src := e.settles(res.Body, o)
	announced := e.writeHeader(res)
	if isEventStream(res.Header) {
		e.Answered(o)
		src = res.Body
	}
	readErr, writeErr := e.copyBody(src)
	switch {
	case writeErr != nil, readErr != nil && e.r.Context().Err() != nil, errors.Is(context.Cause(ctx), errClientSilent):
		o.Cancelled = true
	case readErr != nil && (errors.Is(context.Cause(ctx), errIdleTimeout) || errors.Is(readErr, os.ErrDeadlineExceeded)):
		o.Failure = policy.FailureTimeout
	case readErr != nil && e.body.broken():
		o.Cancelled = true // the upload broke, and the response with it
	case readErr != nil:
		o.Failure = policy.FailureRemote
	default:
		e.writeTrailers(res.Trailer, announced)
	}
	settled = true
	e.Done(o)
	if readErr != nil && !o.Cancelled {
		_ = e.pass() // a client that hears nothing would take the request for one that was never served
	}
	if readErr != nil || writeErr != nil {
		panic(http.ErrAbortHandler)
	}
}

// writeHeader sends the status and headers, and returns how many trailers it announced.
func (e *exchange) writeHeader(res *http.Response) (announced int) {
	h := e.w.Header()
	copyEndToEnd(h, res.Header)
	if e.body.framed() {
		hangUp(e.w, e.r)
	}
	h[ServedByHeader] = e.h.clients[e.Server].Name
	if _, ok := h["Content-Type"]; !ok {
		h["Content-Type"] = nil // the library would guess one
	}
	requireUpgrade(h, e.r, res)
	for name := range res.Trailer {
		if TrailerAllowed(name) {
			h.Add("Trailer", name)
			announced++
		}
	}
	e.w.WriteHeader(res.StatusCode)
	e.unsent = true
	return announced
}

// copyBody copies until either side ends. Whatever has come leaves before a read that waits for more.
func (e *exchange) copyBody(src io.Reader) (readErr, writeErr error) {
	if src == http.NoBody {
		return nil, nil // and its connection may be somebody else's
	}
	buf := e.h.buffers.Get().(*[]byte)
	defer func() {
		if writeErr == nil { // HTTP/2 may still be writing what it has failed: nobody else's bytes belong there
			e.h.buffers.Put(buf)
		}
	}()
	defer e.watch()()
	for {
		n, err := src.Read(*buf)
		if n > 0 {
			sent, werr := e.w.Write((*buf)[:n])
			e.Bytes += int64(sent)
			if werr != nil {
				return nil, werr
			}
			e.unsent = true
		}
		switch {
		case err == io.EOF:
			return nil, nil
		case e.clientErr != nil:
			return nil, e.clientErr
		case err != nil:
			return err, nil
		}
	}
}

// writeTrailers sends the trailers that the body's end brought. Those not announced need a
// chunked body, which a flush makes sure of, and the library's prefix.
func (e *exchange) writeTrailers(trailer http.Header, announced int) {
	maps.DeleteFunc(trailer, func(name string, _ []string) bool { return !TrailerAllowed(name) })
	if len(trailer) == 0 {
		return
	}
	prefix := ""
	if len(trailer) != announced {
		prefix = http.TrailerPrefix
		e.unsent = true
		_ = e.pass() // a client that has left gets no trailers either
	}
	for name, values := range trailer {
		e.w.Header()[prefix+name] = values
	}
}

// isEventStream tells whether a response streams for as long as both sides like.
func isEventStream(h http.Header) bool {
	ct := h["Content-Type"]
	if len(ct) == 0 {
		return false
	}
	media, _, _ := strings.Cut(ct[0], ";")
	return strings.EqualFold(strings.TrimSpace(media), "text/event-stream")
}

// earlyHints passes on 1xx responses. They arrive on the transport's goroutine, maybe when the
// handler has given the attempt up, hence the lock.
type earlyHints struct {
	w    http.ResponseWriter
	r    *http.Request
	mu   sync.Mutex
	mute bool
	sent bool
	came int
}

// maxHints bounds the 1xx responses to a request. http.Transport would read them for ever, and each that is
// passed on puts the timeout off.
const maxHints = 64

var errHints = errors.New("the server sent 1xx responses without end")

// deafToHints tells of a client that gets none: HTTP/1.0 has none. Where a body is asked for by "100 Continue",
// the library writes that as soon as the transport reads, on another goroutine and without a lock.
func deafToHints(r *http.Request) bool {
	return !r.ProtoAtLeast(1, 1) || r.ProtoMajor == 1 && len(r.Header["Expect"]) > 0
}

func (h *earlyHints) relay(code int, header textproto.MIMEHeader) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.came++; h.came > maxHints {
		return errHints
	}
	// The server sends "100 Continue" by itself when the body is first read.
	if h.mute || code == http.StatusContinue {
		return nil
	}
	h.sent = true
	relayEarly(h.w, h.r, code, http.Header(header))
	return nil
}

// relayEarly sends a 1xx response and leaves the final one's header as it was. When a client of HTTP/2 leaves
// meanwhile, the library returns although it still reads the header: from then on nobody may touch it.
func relayEarly(w http.ResponseWriter, r *http.Request, code int, header http.Header) {
	if r.Context().Err() != nil {
		return
	}
	to := w.Header()
	before := to.Clone()
	copyEndToEnd(to, header)
	w.WriteHeader(code)
	if r.Context().Err() != nil {
		return
	}
	clear(to)
	maps.Copy(to, before)
}

// early passes on a 1xx response that arrives on the exchange's own goroutine.
func (e *exchange) early(code int, header http.Header) {
	if code != http.StatusContinue {
		e.hinted = true
		relayEarly(e.w, e.r, code, header)
	}
}

// close lets no more pass, and tells whether any did.
func (h *earlyHints) close() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.mute = true
	return h.sent
}
