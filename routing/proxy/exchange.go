package proxy

import (
	"context"
	"errors"
	"net/http"
	"os"
	"time"

	"slbtui/routing"
	"slbtui/routing/http1"
	"slbtui/routing/policy"
	"slbtui/routing/transport"
)

// exchange is one request on its way through the proxy. It is used again for another one, unless a
// library may still hold part of it.
type exchange struct {
	Exchange
	h        *Handler
	w        http.ResponseWriter
	r        *http.Request
	header   http.Header   // for the upstream
	out      http1.Request // of the current attempt, where it is plain
	hints    func(code int, header http.Header)
	client   client           // what w writes through
	ahead    bool             // the server has answered while the client was still sending
	held     bool             // http.Transport had it
	body     *requestBody     // streamed; nil when there is none, or it is kept
	kept     []byte           // the whole body, in memory
	settling settling         // of the current attempt
	decision routing.Decision // of the current attempt
	next     routing.Decision // of the one after it
	tried    []int            // servers of the attempts before
	hinted   bool             // the client has got a 1xx response of this attempt: its answer has begun

	// Of the response:
	waiting   func() error    // pass
	unsent    bool            // the library may hold some of it
	clientErr error           // of pass
	conn      *transport.Conn // that http.Transport reads it from; nil where http1 does
}

// maxKeptHeaders bounds the map that a rare request with many headers would leave to all that follow.
const maxKeptHeaders = 64

func newExchange(h *Handler) *exchange {
	e := &exchange{h: h, header: make(http.Header, 16)}
	e.hints, e.waiting = e.early, e.pass
	return e
}

// serve takes a request through the proxy and makes the exchange ready for another one.
func (e *exchange) serve(w http.ResponseWriter, r *http.Request, body *requestBody) {
	e.client.ResponseWriter = w
	e.w, e.r, e.body = &e.client, r, body
	if body != nil {
		body.client = &e.client
	}
	e.Exchange = Exchange{Server: policy.NoServer, Start: time.Now(), Request: r, trusted: e.h.cfg.Trusted}
	e.run()
	body.linger()
	if e.held || len(e.header) > maxKeptHeaders {
		return
	}
	clear(e.header)
	*e = exchange{h: e.h, header: e.header, hints: e.hints, waiting: e.waiting, tried: e.tried[:0]}
	e.h.exchanges.Put(e)
}

// run tries servers until one has seen the request, answers the client and reports the exchange.
func (e *exchange) run() {
	defer e.finish()
	e.h.budget.request()
	outboundHeader(e.header, e.r, e.h.cfg.Trusted)
	e.h.via.sign(e.header, e.r)
	if e.h.cfg.NameRequests {
		e.ID = nameRequest(e.header)
	}
	f := e.takeBody()
	if f.status == 0 {
		e.next, f = e.first()
	}
	for again := f.status == 0; again; {
		e.pickedBy(e.next)
		f, again = e.attempt()
	}
	if f.status != 0 {
		e.refuse(f)
	}
}

func (e *exchange) pickedBy(d routing.Decision) {
	e.decision = d
	e.Attempts++
	e.Policy, e.Server = d.Policy(), d.Server()
	e.ServerID = e.h.clients[d.Server()].Name[0]
	e.Picked, e.InFlight, e.Header = d.At()-e.h.cfg.Pool.Since(e.Start), d.InFlight(), 0
	e.ahead = false
	e.client.judge(d)
}

// finish runs however the exchange ends. When a panic brought us here with the attempt open, the
// request must not stay in flight, and the fault is none of the server's.
func (e *exchange) finish() {
	e.body.finish()
	if e.Status == 0 {
		e.Status = http.StatusInternalServerError
		e.Outcome = policy.Outcome{Failure: policy.FailureLocal}
		e.done(e.Outcome)
	}
	if e.Policy == "" {
		e.Policy = e.h.cfg.Router.Policy().Name()
	}
	e.Latency = time.Since(e.Start)
	e.account()
	if e.h.cfg.Observe != nil {
		e.h.cfg.Observe(e.Exchange)
	}
}

// account says where the time went. It looks at no clock.
func (e *exchange) account() {
	total, ofAttempt := e.client.account()
	e.Waited = total
	if e.Attempts > 0 {
		e.Upstream = max(0, e.Latency-e.Picked-ofAttempt)
	}
	if e.Header == 0 && e.Outcome.Status != 0 && e.Refusal == "" { // nothing followed it
		e.Header = e.Latency - e.Picked
	}
}

// done reports what became of the attempt, as far as it is the server's doing.
func (e *exchange) done(o policy.Outcome) { e.Outcome = e.decision.Done(e.judged(o)) }

func (e *exchange) judged(o policy.Outcome) policy.Outcome {
	o.Early = e.ahead
	return e.client.judged(o)
}

// refuse answers with a fault, unless the client is gone: then the connection is given up.
func (e *exchange) refuse(f fault) {
	e.Status, e.Refusal = f.status, f.reason
	if e.Attempts == 0 {
		e.Outcome = policy.Outcome{Now: e.h.cfg.Pool.Now(), Failure: f.failure, Cancelled: f.cancelled}
	}
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
func (e *exchange) attempt() (f fault, again bool) {
	c := &e.h.clients[e.Server]
	e.conn = nil
	if c.Plain != nil && e.body == nil && http1.Plain(e.r, e.r.Host, int64(len(e.kept))) {
		return e.attemptPlain(c.Plain)
	}
	return e.attemptAny(c.Any)
}

// attemptPlain makes an attempt of the common kind, without goroutine, context or timer.
func (e *exchange) attemptPlain(t *http1.Transport) (f fault, again bool) {
	limit, cause := e.attemptLimit()
	e.out = http1.Request{
		Method: e.r.Method, Host: e.r.Host, Target: upstreamTarget(e.h.clients[e.Server].URL, e.r),
		Header: e.header, Body: e.kept, HeaderTimeout: limit, IdleTimeout: e.h.cfg.IdleTimeout, Waiting: e.waiting,
	}
	if !deafToHints(e.r) {
		e.out.Early = e.hints
	}
	res, err := t.Do(e.r.Context(), &e.out)
	if http1.Stale(err) && e.anew() {
		e.out.HeaderTimeout, cause = e.attemptLimit()
		e.out.Fresh = true
		res, err = t.Do(e.r.Context(), &e.out)
	}
	var dial *transport.DialError // a connect timeout may be os.ErrDeadlineExceeded, too
	if errors.As(err, &dial) || !errors.Is(err, os.ErrDeadlineExceeded) {
		cause = nil
	}
	return e.conclude(e.r.Context(), res, err, cause, nil)
}

// attemptAny makes an attempt of any kind.
func (e *exchange) attemptAny(t *transport.General) (f fault, again bool) {
	e.held = true // its goroutines may outlive the attempt
	ctx, cancel := context.WithCancelCause(e.r.Context())
	defer cancel(nil)
	timer := &stallTimer{cancel: cancel, client: &e.client}
	timer.expect(e.attemptLimit())
	defer timer.stop()
	early := &earlyHints{w: e.w, r: e.r, mute: deafToHints(e.r)}
	defer early.close()

	follow := transport.Follow{Early: early.relay, Waiting: &e.waiting}
	res, err := t.RoundTrip(e.outbound(ctx), &follow)
	if http1.Stale(err) && e.anew() {
		timer.expect(e.attemptLimit())
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
func (e *exchange) conclude(ctx context.Context, res *http.Response, err, cause error, timer *stallTimer) (f fault, again bool) {
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
		f = classify(e.r.Context(), cause, e.body, err)
		if f.reason == reasonShortage {
			e.h.cfg.Pool.Lacks(routing.Shortage(err))
		}
		e.done(policy.Outcome{Failure: f.failure, Cancelled: f.cancelled})
		if again = e.mayRepeat(f) && e.another(); again {
			e.Retries.because(retryReason(f))
		}
		return f, again
	case res.StatusCode == http.StatusSwitchingProtocols:
		timer.stop()
		return e.upgrade(res), false
	case e.mayReplace(res) && e.another():
		e.Retries.because(RetryStatus)
		_ = res.Body.Close() // and the connection with it: what is left of the body may take its time
		e.done(policy.Outcome{Status: res.StatusCode})
		return fault{}, true
	}
	if res.ContentLength == 0 {
		timer.stop()
	} else {
		timer.expect(e.h.cfg.IdleTimeout, errIdleTimeout)
	}
	e.relay(ctx, res)
	return fault{}, false
}

// leftHinted tells of a client that left when it had got a 1xx response: see relayEarly.
func (e *exchange) leftHinted() bool { return e.hinted && e.r.Context().Err() != nil }

// attemptLimit is the time that an attempt has for its response header, and the cause of its end.
// One that has less than its time, because the wait for a place or other servers used it up, is no sign
// against its server. What was waited for the client counts for nobody.
func (e *exchange) attemptLimit() (time.Duration, error) {
	limit, total := e.h.cfg.RequestTimeout, e.h.cfg.TotalTimeout
	if total <= 0 {
		return limit, errHeaderTimeout
	}
	left := max(1, total-e.elapsed())
	switch {
	case limit > 0 && limit <= left:
		return limit, errHeaderTimeout
	case left > total/2:
		return left, errHeaderTimeout
	}
	return left, errTotalTimeout
}

// elapsed is how long the request has been here, without the time that its client took.
func (e *exchange) elapsed() time.Duration { return time.Since(e.Start) - e.client.total() }

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
