package routing

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
)

var errHandlerDone = errors.New("the exchange is over")

// requestBody stands between the client's body and the transport. It remembers whether anything
// was read, since only an untouched body can go to another server, and survives the transport's
// Close, which comes even when the connection failed. A nil *requestBody is that of a request without.
type requestBody struct {
	rc       io.Reader
	progress func() // called after each read: an upload that moves is not a server that stalls
	touched  atomic.Bool
	failed   atomic.Bool // the client's side broke
	done     atomic.Bool // the handler is about to return
}

func (b *requestBody) Read(p []byte) (int, error) {
	if b.done.Load() {
		return 0, errHandlerDone // the transport may read on after it has answered
	}
	b.touched.Store(true)
	n, err := b.rc.Read(p)
	if err != nil && err != io.EOF {
		b.failed.Store(true)
	}
	b.progress()
	return n, err
}

// Close leaves the client's body to the HTTP server, which closes it after the handler.
func (b *requestBody) Close() error { return nil }

func (b *requestBody) finish() {
	if b != nil {
		b.done.Store(true)
	}
}

func (b *requestBody) broken() bool    { return b != nil && b.failed.Load() }
func (b *requestBody) untouched() bool { return b == nil || !b.touched.Load() }

// takeBody arranges for the request's body, and reports a fault of the client's. A small one that
// may be sent twice is read whole, to be there when it has to be. Not where the client wants to
// hear first whether the body is welcome.
func (e *exchange) takeBody() fault {
	n, cfg := e.r.ContentLength, &e.h.cfg.Retry
	switch {
	case n == 0:
		return fault{}
	case n > 0 && n <= int64(cfg.MaxBody) && cfg.MaxAttempts > 1 && idempotent(e.r) && len(e.r.Header["Expect"]) == 0:
		e.kept = make([]byte, n)
		if _, err := io.ReadFull(e.r.Body, e.kept); err != nil {
			return faultClientBody
		}
		return fault{}
	}
	e.body = &requestBody{rc: e.r.Body}
	// HTTP/1 servers otherwise swallow the rest of the body once the response begins, which
	// would starve an upstream that answers while it reads. Others need no asking.
	_ = http.NewResponseController(e.w).EnableFullDuplex()
	return fault{}
}

// giveBody makes it the body of an attempt.
func (e *exchange) giveBody(out *http.Request) {
	switch {
	case e.kept != nil:
		out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(e.kept)), nil }
		out.Body, _ = out.GetBody()
	case e.body != nil:
		out.Body = e.body
	default:
		out.Body = http.NoBody
	}
}
