package loadgen

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// maxBody is how much of a body is read; the request fails beyond it.
const maxBody = 64 << 20

var errBodyTooLong = fmt.Errorf("response body: longer than %d MiB; use a smaller resource as target", maxBody>>20)

// call sees one request after another through. Its context, its timer and, where they are all
// alike, its request serve all of them, until one fails: what that left behind may still be in use.
type call struct {
	s        *sender
	run      func() // sends the request below
	seq      uint64
	intended time.Time

	ctx     context.Context // ends with the run, and at the timeout of a request; nil after a failure
	end     context.CancelCauseFunc
	timeout *time.Timer
	request *http.Request    // of ctx; nil when each needs its own
	body    io.LimitedReader // of the response
}

func newCall(s *sender) *call {
	c := &call{s: s}
	c.run = func() {
		defer s.g.inFlight.Done()
		defer s.release(c)
		c.send(c.seq, c.intended)
	}
	return c
}

// send sees one request through. A panic ends the run.
func (c *call) send(seq uint64, intended time.Time) (res Result) {
	defer c.s.guard(seq)
	g := c.s.g
	req := c.prepare(seq)
	res = Result{Seq: seq, Intended: intended, Tag: g.cfg.OnSend(seq), Sent: time.Now()}
	g.rec.sent(res.Sent.Sub(g.start), res.Lag())
	resp := c.begin(req, &res)
	if resp != nil && g.cfg.Until == AnswerBegin {
		c.report(&res)
		c.readOn(resp)
		return res
	}
	if resp != nil {
		c.read(req, resp, &res)
	}
	c.report(&res)
	return res
}

// report tells what became of the request, which ends now as far as its client is concerned.
func (c *call) report(res *Result) {
	res.Done = time.Now()
	res.Cancelled = c.settle(res.Err != nil)
	c.s.g.rec.done(*res)
	c.s.g.cfg.OnResult(*res)
}

// prepare starts the timeout of a request, and returns the request.
func (c *call) prepare(seq uint64) *http.Request {
	g := c.s.g
	if c.ctx == nil {
		ctx, end := context.WithCancelCause(c.s.ctx)
		c.ctx, c.end, c.request = ctx, end, nil
		c.timeout = time.AfterFunc(g.cfg.Timeout, func() { end(context.DeadlineExceeded) })
	} else {
		c.timeout.Reset(g.cfg.Timeout)
	}
	if c.request != nil {
		g.requests.aim(c.request, seq)
		return c.request
	}
	req := g.requests.make(c.ctx, seq)
	if g.requests.alike() {
		c.request = req
	}
	return req
}

// settle ends the timeout of a request. It tells whether the request failed by the end of the run.
func (c *call) settle(failed bool) (cancelled bool) {
	if c.timeout.Stop() && !failed {
		return false
	}
	cancelled = failed && c.ctx.Err() != nil && !errors.Is(context.Cause(c.ctx), context.DeadlineExceeded)
	c.end(nil)
	c.ctx = nil
	return cancelled
}

// begin sends req and returns the response when its header is there; nil when none comes.
func (c *call) begin(req *http.Request, res *Result) *http.Response {
	resp, err := c.s.transport.RoundTrip(req)
	if err != nil {
		res.Err = c.failure(req, err)
		return nil
	}
	res.Status = resp.StatusCode
	res.Server = resp.Header.Get("X-Served-By")
	return resp
}

// read reads the response to its end, so that the connection can be used again.
func (c *call) read(req *http.Request, resp *http.Response, res *Result) {
	var err error
	c.body = io.LimitedReader{R: resp.Body, N: maxBody + 1}
	res.Bytes, err = io.Copy(io.Discard, &c.body)
	_ = resp.Body.Close() // all that matters of it has been read
	if err == nil && res.Bytes > maxBody {
		err = errBodyTooLong
	}
	if err != nil {
		res.Err = c.failure(req, err)
	}
}

// readOn reads a response whose result has been told.
func (c *call) readOn(resp *http.Response) {
	_, err := io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close() // nobody awaits it
	if err != nil && c.ctx != nil {
		c.end(nil)
		c.ctx = nil
	}
}

// failure says why a request failed. What a transport reports as a cancellation may be our timeout.
func (c *call) failure(req *http.Request, err error) error {
	if c.ctx.Err() != nil {
		err = context.Cause(c.ctx)
	}
	return fmt.Errorf("%s %s: %w", req.Method, req.URL, err)
}
