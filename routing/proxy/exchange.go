package proxy

import (
	"context"
	"errors"
	"net/http"
	"os"

	"slbtui/routing/http1"
	"slbtui/routing/transport"
)

// exchange is one request of the library's on its way through the proxy. It is used again for another one, unless
// a library may still hold part of it.
type exchange struct {
	Course
	w      http.ResponseWriter
	r      *http.Request
	header http.Header   // for the upstream
	out    http1.Request // of the current attempt, where it is plain
	hints  func(code int, header http.Header)
	held   bool         // http.Transport had it
	body   *requestBody // streamed; nil when there is none, or it is kept
	kept   []byte       // body, in memory
	hinted bool         // the client has got a 1xx response of this attempt: its answer has begun

	// Of the response:
	waiting   func() error    // pass
	unsent    bool            // the library may hold some of it
	clientErr error           // of pass
	conn      *transport.Conn // that http.Transport reads it from; nil where http1 does
}

// maxKeptHeaders bounds the map that a rare request with many headers would leave to all that follow.
const maxKeptHeaders = 64

func newExchange(h *Handler) *exchange {
	e := &exchange{Course: Course{h: h}, header: make(http.Header, 16)}
	e.hints, e.waiting = e.early, e.pass
	return e
}

// serve takes a request through the proxy and makes the exchange ready for another one. begun is nil unless
// another front has begun it.
func (e *exchange) serve(w http.ResponseWriter, r *http.Request, body *requestBody, begun *Begun) {
	e.client.ResponseWriter = w
	e.w, e.r, e.body = &e.client, r, body
	if body != nil {
		body.client = &e.client
	}
	if begun == nil {
		e.Begin(r.Context(), e.h, HTTPRequest{r}, twiceOf(r), 0)
	} else {
		e.ctx = r.Context()
		e.takeOver(begun.course)
		e.Request = HTTPRequest{r}
	}
	e.run(begun)
	body.linger()
	if e.held || len(e.header) > maxKeptHeaders {
		return
	}
	clear(e.header)
	*e = exchange{Course: Course{h: e.h, tried: e.tried[:0]}, header: e.header, hints: e.hints, waiting: e.waiting}
	e.h.exchanges.Put(e)
}

// run tries servers until one has seen the request, answers the client and reports the exchange.
func (e *exchange) run(begun *Begun) {
	defer e.finish()
	outboundHeader(e.header, e.r, e.h.cfg.Trusted)
	e.h.via.sign(e.header, e.r)
	switch {
	case begun != nil && e.ID != "":
		e.header[RequestIDHeader] = []string{e.ID}
	case e.h.cfg.NameRequests:
		e.ID = nameRequest(e.header)
	}
	f := e.takeBody()
	again := false
	switch {
	case begun != nil && f.status == 0:
		f, again = e.resume(begun)
	case begun != nil:
		e.abandon(begun)
	case f.status == 0:
		f = e.First()
		again = f.status == 0
	}
	for again {
		e.Next()
		f, again = e.attempt()
	}
	if f.status != 0 {
		e.refuse(f)
	}
}

// finish runs however the exchange ends.
func (e *exchange) finish() {
	e.body.finish()
	e.Finish()
}

// refuse answers with a fault, unless the client is gone: then the connection is given up.
func (e *exchange) refuse(f Fault) {
	e.Refused(f)
	if f.status == statusClientClosed || e.leftHinted() {
		panic(http.ErrAbortHandler)
	}
	if e.body.broken() || e.body.framed() {
		hangUp(e.w, e.r)
	}
	e.Bytes = int64(f.write(e.w, e.ServerID))
}

// attempt makes one. It returns the fault to answer with, whose status is 0 when the response has
// been relayed, and whether there is to be another attempt, at the next server.
func (e *exchange) attempt() (f Fault, again bool) {
	c := &e.h.clients[e.Server]
	e.conn = nil
	if c.Plain != nil && e.body == nil && http1.Plain(e.r, e.r.Host, int64(len(e.kept))) {
		return e.attemptPlain(c.Plain)
	}
	return e.attemptAny(c.Any)
}

// attemptPlain makes an attempt of the common kind, without goroutine, context or timer.
func (e *exchange) attemptPlain(t *http1.Transport) (f Fault, again bool) {
	e.makePlain()
	limit, cause := e.Limit()
	e.out.HeaderTimeout = limit
	res, err := t.Do(e.r.Context(), &e.out)
	if http1.Stale(err) && e.anew() {
		e.out.HeaderTimeout, cause = e.Limit()
		e.out.Fresh = true
		res, err = t.Do(e.r.Context(), &e.out)
	}
	return e.conclude(e.r.Context(), res, err, lateBy(err, cause), nil)
}

// makePlain makes out the request for the server.
func (e *exchange) makePlain() {
	e.out = http1.Request{
		Method: e.r.Method, Host: e.r.Host, Target: upstreamTarget(e.Half().URL, e.r),
		Header: e.header, Body: e.kept, IdleTimeout: e.h.cfg.IdleTimeout, Waiting: e.waiting,
	}
	if !deafToHints(e.r) {
		e.out.Early = e.hints
	}
}

// lateBy is cause where err is the end of the attempt's time, nil where it is another one.
func lateBy(err, cause error) error {
	if isDial(err) || !errors.Is(err, os.ErrDeadlineExceeded) { // a connect timeout may be one, too
		return nil
	}
	return cause
}

// attemptAny makes an attempt of any kind.
func (e *exchange) attemptAny(t *transport.General) (f Fault, again bool) {
	e.held = true // its goroutines may outlive the attempt
	ctx, cancel := context.WithCancelCause(e.r.Context())
	defer cancel(nil)
	timer := &stallTimer{cancel: cancel, client: &e.client}
	timer.expect(e.Limit())
	defer timer.stop()
	early := &earlyHints{w: e.w, r: e.r, mute: deafToHints(e.r)}
	defer early.close()

	follow := transport.Follow{Early: early.relay, Waiting: &e.waiting}
	res, err := t.RoundTrip(e.outbound(ctx), &follow)
	if http1.Stale(err) && e.anew() {
		timer.expect(e.Limit())
		res, err = t.Fresh(e.outbound(ctx), &follow)
	}
	e.conn = follow.Conn
	e.hinted = early.close()
	if err == nil {
		err = e.refuseFraming(res)
	}
	return e.conclude(ctx, res, err, context.Cause(ctx), timer)
}

// conclude decides what an attempt has come to. The timer is nil where the response minds its own time.
func (e *exchange) conclude(ctx context.Context, res *http.Response, err, cause error, timer *stallTimer) (f Fault, again bool) {
	if err == nil && res.StatusCode < 100 { // which net/http reads, but does not write
		_ = res.Body.Close()
		err = errors.New("the response's status is below 100")
	}
	if err == nil && e.leftHinted() {
		_ = res.Body.Close()
		err = e.r.Context().Err()
	}
	e.ahead = err == nil && !e.body.untouched() && !e.body.whole()
	switch {
	case err != nil:
		f = e.failed(err, cause, e.body)
		return f, !e.committed() && e.repeats(f)
	case res.StatusCode == http.StatusSwitchingProtocols:
		timer.stop()
		return e.upgrade(res), false
	case !e.committed() && e.Replaced(res.StatusCode):
		_ = res.Body.Close() // and the connection with it: what is left of the body may take its time
		return Fault{}, true
	}
	if res.ContentLength == 0 {
		timer.stop()
	} else {
		timer.expect(e.h.cfg.IdleTimeout, errIdleTimeout)
	}
	e.relay(ctx, res)
	return Fault{}, false
}

// committed tells that the request has gone where it goes: its body, or its answer to the client, has begun.
func (e *exchange) committed() bool { return !e.body.untouched() || e.hinted }

// anew is Anew for a request that has not been committed.
func (e *exchange) anew() bool { return e.body.untouched() && e.Anew() }

// leftHinted tells of a client that left when it had got a 1xx response: see relayEarly.
func (e *exchange) leftHinted() bool { return e.hinted && e.r.Context().Err() != nil }

// outbound is the request as the upstream gets it.
func (e *exchange) outbound(ctx context.Context) *http.Request {
	out := e.r.WithContext(ctx) // a shallow copy
	base := e.h.clients[e.Server].URL
	out.URL = upstreamURL(base, upstreamTarget(base, e.r))
	out.Header = e.header
	out.Close, out.Trailer = false, nil
	e.giveBody(out)
	return out
}
