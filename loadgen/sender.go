package loadgen

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"time"
)

// maxBody is how much of a body is read; the request fails beyond it.
const maxBody = 64 << 20

var errBodyTooLong = fmt.Errorf("response body: longer than %d MiB; use a smaller resource as target", maxBody>>20)

// panicError carries a panic of a request's goroutine to Run.
type panicError struct {
	seq   uint64
	value any
	stack []byte
}

func (p *panicError) Error() string {
	return fmt.Sprintf("load generator: request %d panicked: %v\n%s", p.seq, p.value, p.stack)
}

// sender sends the requests of one run, each from a goroutine of its own. A pool of workers saves
// one allocation and nothing that shows next to an exchange over HTTP, and would need a rule for
// when a worker has been idle for too long.
type sender struct {
	g         *Generator
	ctx       context.Context         // of all requests
	cancel    context.CancelCauseFunc // of ctx
	transport http.RoundTripper
}

// start sends a request that is due, or drops it when too many are in flight. It never blocks.
func (s sender) start(seq uint64, intended time.Time) {
	select {
	case s.g.slots <- struct{}{}:
	default:
		s.g.rec.scheduled(true)
		return
	}
	s.g.rec.scheduled(false)
	s.g.inFlight.Go(func() {
		defer func() { <-s.g.slots }()
		s.guard(seq, func() { s.send(seq, intended) })
	})
}

// guard turns a panic into the end of the run.
func (s sender) guard(seq uint64, send func()) {
	defer func() {
		if v := recover(); v != nil {
			s.cancel(&panicError{seq: seq, value: v, stack: debug.Stack()})
		}
	}()
	send()
}

// send sees one request through.
func (s sender) send(seq uint64, intended time.Time) Result {
	g := s.g
	ctx, cancel := context.WithTimeout(s.ctx, g.cfg.Timeout)
	defer cancel()
	req := g.requests.make(ctx, seq)
	res := Result{Seq: seq, Intended: intended, Tag: g.cfg.OnSend(seq), Sent: time.Now()}
	g.rec.sent(res.Sent.Sub(g.start), res.Lag())
	s.exchange(req, &res)
	res.Done = time.Now()
	// Only the end of the run cancels ctx; the timeout makes it DeadlineExceeded.
	res.Cancelled = res.Err != nil && errors.Is(ctx.Err(), context.Canceled)
	g.rec.done(res)
	g.cfg.OnResult(res)
	return res
}

// exchange sends req and reads the response to its end, so that the connection can be used again.
func (s sender) exchange(req *http.Request, res *Result) {
	resp, err := s.transport.RoundTrip(req)
	if err != nil {
		res.Err = fmt.Errorf("%s %s: %w", req.Method, req.URL, err)
		return
	}
	defer func() { _ = resp.Body.Close() }() // all that matters of it has been read
	res.Status = resp.StatusCode
	res.Server = resp.Header.Get("X-Served-By")
	res.Bytes, err = io.Copy(io.Discard, io.LimitReader(resp.Body, maxBody+1))
	if err == nil && res.Bytes > maxBody {
		err = errBodyTooLong
	}
	if err != nil {
		res.Err = fmt.Errorf("%s %s: %w", req.Method, req.URL, err)
	}
}
