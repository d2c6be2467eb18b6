package routing

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"
)

// exchange is one request on its way through the proxy.
type exchange struct {
	Exchange
	h        *Handler
	w        http.ResponseWriter
	r        *http.Request
	header   http.Header // for the upstream
	body     *requestBody
	decision Decision // of the current attempt
}

// run tries servers until one has seen the request, answers the client and reports the exchange.
func (e *exchange) run() {
	defer e.finish()
	e.header = outboundHeader(e.r)
	if e.r.ContentLength != 0 {
		e.body = &requestBody{rc: e.r.Body}
		// HTTP/1 servers otherwise swallow the rest of the body once the response begins, which
		// would starve an upstream that answers while it reads. Others need no asking.
		_ = http.NewResponseController(e.w).EnableFullDuplex()
	}
	f := faultNoServer
	var tried []int
	for e.Attempts < maxAttempts {
		d, ok := e.h.cfg.Router.Pick(tried...)
		if !ok {
			break
		}
		e.pickedBy(d)
		var again bool
		if f, again = e.attempt(); !again {
			break
		}
		tried = append(tried, d.Server())
	}
	if f.status != 0 {
		e.refuse(f)
	}
}

func (e *exchange) pickedBy(d Decision) {
	e.decision = d
	e.Attempts++
	e.Policy, e.Server = d.Policy(), d.Server()
	e.ServerID = e.h.cfg.Pool.upstreams[d.Server()].id
}

// finish runs however the exchange ends. When a panic brought us here with the attempt open, the
// request must not stay in flight, and the fault is none of the server's.
func (e *exchange) finish() {
	e.body.finish()
	if e.Status == 0 {
		e.Status = http.StatusInternalServerError
		e.Outcome = Outcome{Failure: FailureLocal}
		e.done(e.Outcome)
	}
	if e.Policy == "" {
		e.Policy = e.h.cfg.Router.Policy().Name()
	}
	e.Latency = time.Since(e.Start)
	if e.h.cfg.Observe != nil {
		e.h.cfg.Observe(e.Exchange)
	}
}

func (e *exchange) done(o Outcome) { e.Outcome = e.decision.Done(o) }

// refuse answers with a fault, unless the client is gone: then the connection is given up.
func (e *exchange) refuse(f fault) {
	e.Status = f.status
	if e.Attempts == 0 {
		e.Outcome = Outcome{Now: e.h.cfg.Pool.Now(), Failure: f.failure}
	}
	if f.status == statusClientClosed {
		panic(http.ErrAbortHandler)
	}
	f.write(e.w, e.ServerID)
}

// attempt makes one. It returns the fault to answer with, whose status is 0 when the response has
// been relayed, and whether another server may be tried.
func (e *exchange) attempt() (f fault, again bool) {
	ctx, cancel := context.WithCancelCause(e.r.Context())
	defer cancel(nil)
	timer := &headerTimer{}
	timer.start(e.h.cfg.RequestTimeout, cancel)
	defer timer.stop()
	if e.body != nil {
		e.body.progress = timer.extend
	}
	early := &earlyHints{w: e.w, mute: !e.r.ProtoAtLeast(1, 1)}
	defer early.close()

	out := e.outbound(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: early.relay}))
	res, err := e.h.transports[e.Server].RoundTrip(out)
	timer.stop()
	early.close()
	if err != nil {
		f = classify(e.r.Context(), ctx, e.body, err)
		e.done(Outcome{Failure: f.failure, Cancelled: f.cancelled})
		return f, f.unsent && e.body.untouched()
	}
	if res.StatusCode == http.StatusSwitchingProtocols {
		return e.upgrade(res), false
	}
	e.relay(ctx, res)
	return fault{}, false
}

// outbound is the request as the upstream gets it.
func (e *exchange) outbound(ctx context.Context) *http.Request {
	out := e.r.WithContext(ctx) // a shallow copy; the trailer map is shared, the server fills it at the body's end
	out.URL = target(e.h.cfg.Pool.upstreams[e.Server].url, e.r.URL)
	out.Header = e.header
	out.Close = false
	out.Body = http.NoBody
	if e.body != nil {
		out.Body = e.body
	}
	return out
}

// target is the upstream's URL with the path and query of the request, both as the client wrote them.
func target(base, u *url.URL) *url.URL {
	t := &url.URL{Scheme: base.Scheme, Host: base.Host, Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery, ForceQuery: u.ForceQuery}
	if prefix := strings.TrimSuffix(base.Path, "/"); prefix != "" {
		t.Path = prefix + u.Path
		t.RawPath = strings.TrimSuffix(base.EscapedPath(), "/") + u.EscapedPath()
	}
	return t
}
