package proxy

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"slbtui/routing/http1"
)

var errHandlerDone = errors.New("the exchange is over")

// lingering is how long the rest of a body is taken in behind an answer that did not wait for it: closing with
// data unread would reset the connection, and the client might lose the answer.
const lingering = 2 * time.Second

// BodyLimits bounds what a client may upload. The zero value doesn't.
type BodyLimits struct {
	Bytes    int64         // of one body; 0: any number
	Timeout  time.Duration // in which Progress bytes must come, or the body's end; 0: no hurry
	Progress int           // below 1 means 1
}

// requestBody stands between the client's body and the transport. It remembers whether anything
// was read, since only an untouched body can go to another server, and survives the transport's
// Close, which comes even when the connection failed. It keeps the client to its limits. A nil
// *requestBody is that of a request without.
type requestBody struct {
	rc      io.Reader
	limits  BodyLimits
	request *http.Request // the client's
	trailer http.Header   // for the upstream, filled at the body's end
	pace    pace
	total   int64
	client  *client // whose time the reads take; may be nil
	touched atomic.Bool
	broke   atomic.Pointer[Fault] // how the client's side did, nil while it is well
	ended   atomic.Bool           // all of it was read
	reading sync.Mutex            // held by a read
	done    atomic.Bool           // the handler is about to return
}

// newRequestBody starts the clock of r's body, nil when it has none.
func newRequestBody(w http.ResponseWriter, r *http.Request, limits BodyLimits) *requestBody {
	if r.ContentLength == 0 {
		return nil
	}
	b := &requestBody{rc: r.Body, limits: limits, request: r, trailer: trailerFor(r.Trailer)}
	control := http.NewResponseController(w)
	if limits.Timeout == 0 {
		_ = control.SetReadDeadline(time.Time{}) // the server's, for what it answers by itself
		return b
	}
	b.pace = pace{control: control, timeout: limits.Timeout, want: max(1, limits.Progress)}
	b.pace.renew(time.Now())
	return b
}

// tooLarge tells whether the body is known to be before it is read.
func (b *requestBody) tooLarge(r *http.Request) bool {
	return b != nil && b.limits.Bytes > 0 && r.ContentLength > b.limits.Bytes
}

func (b *requestBody) Read(p []byte) (int, error) {
	b.reading.Lock()
	defer b.reading.Unlock()
	if b.done.Load() {
		return 0, errHandlerDone // the transport may read on after it has answered
	}
	b.touched.Store(true)
	b.client.await(awaitedBody)
	n, err := b.rc.Read(p)
	b.client.came(awaitedBody)
	b.total += int64(n)
	if err == io.EOF || b.total == b.request.ContentLength {
		b.ended.Store(true)
	}
	switch {
	case b.limits.Bytes > 0 && b.total > b.limits.Bytes:
		b.broke.Store(&faultBodyTooLarge)
		return 0, errors.New(faultBodyTooLarge.text)
	case errors.Is(err, os.ErrDeadlineExceeded):
		b.broke.Store(&faultBodyTooSlow)
	case err != nil && err != io.EOF:
		b.broke.Store(&faultBodyBroken)
	default:
		b.pace.moved(n, err == io.EOF)
		if err == io.EOF && b.trailer != nil {
			fillTrailer(b.trailer, b.request.Trailer)
		}
	}
	return n, err
}

// fault is why the body could not be read whole.
func (b *requestBody) fault() Fault {
	if f := b.broke.Load(); f != nil {
		return *f
	}
	return faultBodyBroken // it ended before its announced length
}

// Close leaves the client's body to the HTTP server, which closes it after the handler.
func (b *requestBody) Close() error { return nil }

// finish ends the reading, before the handler returns. The library would do so by itself, but take away the
// deadline with it, and wait for the rest of the body for ever.
func (b *requestBody) finish() {
	if b == nil {
		return
	}
	b.done.Store(true)
	if b.framed() && b.client.interrupt() == nil {
		b.reading.Lock() // until the read under way, if there is one, has ended
		defer b.reading.Unlock()
	}
}

// linger gives what is left of the body its time, after finish.
func (b *requestBody) linger() {
	if b != nil && b.framed() {
		_ = b.client.deadline(time.Now().Add(lingering))
	}
}

// framed tells whether what is left of the body stands between this request and the connection's next one. The
// library would read it up when the handler has returned, and take the connection for one that is as new:
// whether it came to the body's end, or gave up. So there must be no next one: see hangUp.
func (b *requestBody) framed() bool {
	return b != nil && b.request.ProtoMajor == 1 && !b.whole()
}

func (b *requestBody) broken() bool    { return b != nil && b.broke.Load() != nil }
func (b *requestBody) overLimit() bool { return b.broken() && b.broke.Load() != &faultBodyBroken }

// whole tells whether all of it was read.
func (b *requestBody) whole() bool { return b == nil || b.ended.Load() }

func (b *requestBody) untouched() bool { return b == nil || !b.touched.Load() }

// takeBody arranges for the request's body, and reports a fault of the client's. One that is small is read
// whole before a server is picked, which then need not wait for the client; so is a larger one that may
// be sent twice, to be there when it has to be. Not where the client wants to hear first whether the body
// is welcome.
func (e *exchange) takeBody() Fault {
	switch {
	case e.body == nil:
		return Fault{}
	case e.body.tooLarge(e.r):
		return faultBodyTooLarge
	case e.keeps():
		e.kept = make([]byte, e.r.ContentLength)
		e.size = len(e.kept)
		if _, err := io.ReadFull(e.body, e.kept); err != nil {
			return e.body.fault()
		}
		e.body.pace.moved(0, true)
		e.body = nil
		return Fault{}
	}
	// HTTP/1 servers otherwise swallow the rest of the body once the response begins, which
	// would starve an upstream that answers while it reads. Others need no asking. What is left of it then is
	// ours to see to: see framed.
	_ = http.NewResponseController(e.w).EnableFullDuplex()
	return Fault{}
}

// keeps tells whether the body is to be read whole: where the lean half can send it, or where it may be sent
// twice.
func (e *exchange) keeps() bool {
	n, cfg := e.r.ContentLength, &e.h.cfg.Retry
	if n <= 0 || len(e.r.Header["Expect"]) > 0 {
		return false
	}
	return http1.Plain(e.r, e.r.Host, n) || n <= int64(cfg.MaxBody) && cfg.MaxAttempts > 1 && e.twice == TwiceAlways
}

// giveBody makes it the body of an attempt.
func (e *exchange) giveBody(out *http.Request) {
	switch {
	case e.kept != nil:
		out.Body = io.NopCloser(bytes.NewReader(e.kept))
	case e.body != nil:
		out.Body, out.Trailer = e.body, e.body.trailer
	default:
		out.Body = http.NoBody
	}
}
