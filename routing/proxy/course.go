package proxy

import (
	"context"
	"net/http"
	"time"

	"slbtui/routing"
	"slbtui/routing/policy"
	"slbtui/routing/transport"
)

// Course is the way of one request through the servers, whatever it is read from and written to: who was tried,
// what more may be, whose time and whose fault it is, and what is reported in the end. Begin comes first, then
// First; each server that Next announces needs an outcome, by Fail, Replaced or Done; and Finish comes last.
type Course struct {
	Exchange
	h        *Handler
	ctx      context.Context  // ends when the client leaves
	twice    Twice            // whether it may be done again
	size     int              // bytes of the body, where it is in memory
	client   client           // and its time
	ahead    bool             // the server has answered while the client was still sending
	settling settling         // of the current attempt
	decision routing.Decision // of the current attempt
	next     routing.Decision // of the one after it
	tried    []int            // servers of the attempts before
}

// Twice tells whether a request may be done again when nobody knows what became of it: RFC 9110, section 9.2.2.
type Twice uint8

// Whether it may.
const (
	TwiceNever Twice = iota
	TwiceStale       // only where the connection that it went over was dead all along
	TwiceAlways
)

// Begin makes the course that of a request, with a body of size bytes in memory, that has just come to h. ctx
// ends when its client has left.
func (c *Course) Begin(ctx context.Context, h *Handler, r Request, twice Twice, size int) {
	*c = Course{
		Exchange: Exchange{Server: policy.NoServer, Start: time.Now(), Request: r, trusted: h.cfg.Trusted},
		h:        h, ctx: ctx, twice: twice, size: size, tried: c.tried[:0],
		client: client{ResponseWriter: c.client.ResponseWriter},
	}
	h.budget.request()
}

// Next goes to the server that was picked.
func (c *Course) Next() {
	c.decision = c.next
	c.Attempts++
	c.Policy, c.Server = c.decision.Policy(), c.decision.Server()
	c.ServerID = c.h.clients[c.Server].Name[0]
	c.Picked, c.InFlight, c.Header = c.decision.At()-c.h.cfg.Pool.Since(c.Start), c.decision.InFlight(), 0
	c.ahead = false
	c.client.judge(c.decision)
}

// Half is the client half for the server of the attempt.
func (c *Course) Half() *transport.Client { return &c.h.clients[c.Server] }

// Finish reports the course, however it has ended. When a panic brought us here with the attempt open, the
// request must not stay in flight, and the fault is none of the server's.
func (c *Course) Finish() {
	if c.Status == 0 {
		c.Status = http.StatusInternalServerError
		c.Outcome = policy.Outcome{Failure: policy.FailureLocal}
		c.Done(c.Outcome)
	}
	if c.Policy == "" {
		c.Policy = c.h.cfg.Router.Policy().Name()
	}
	c.Latency = time.Since(c.Start)
	c.account()
	if c.h.cfg.Observe != nil {
		c.h.cfg.Observe(c.Exchange)
	}
}

// account says where the time went. It looks at no clock.
func (c *Course) account() {
	total, ofAttempt := c.client.account()
	c.Waited = total
	if c.Attempts > 0 {
		c.Upstream = max(0, c.Latency-c.Picked-ofAttempt)
	}
	if c.Header == 0 && c.Outcome.Status != 0 && c.Refusal == "" { // nothing followed it
		c.Header = c.Latency - c.Picked
	}
}

// Done reports what became of the attempt, as far as it is the server's doing. Only the first report counts.
func (c *Course) Done(o policy.Outcome) { c.Outcome = c.decision.Done(c.judged(o)) }

// Answered reports an attempt whose response will go on for as long as both sides like: see routing.Decision.
func (c *Course) Answered(o policy.Outcome) { c.Outcome = c.decision.Answered(c.judged(o)) }

func (c *Course) judged(o policy.Outcome) policy.Outcome {
	o.Early = c.ahead
	return c.client.judged(o)
}

// Refused notes the fault that the client is answered with.
func (c *Course) Refused(f Fault) {
	c.Status, c.Refusal = f.status, f.reason
	if c.Attempts == 0 {
		c.Outcome = policy.Outcome{Now: c.h.cfg.Pool.Now(), Failure: f.failure, Cancelled: f.cancelled}
	}
}

// Limit is the time that an attempt has for its response header, 0 for any, and the cause of its end.
// One that has less than its time, because the wait for a place or other servers used it up, is no sign
// against its server. What was waited for the client counts for nobody.
func (c *Course) Limit() (time.Duration, error) {
	limit, total := c.h.cfg.RequestTimeout, c.h.cfg.TotalTimeout
	if total <= 0 {
		return limit, errHeaderTimeout
	}
	left := max(1, total-c.elapsed())
	switch {
	case limit > 0 && limit <= left:
		return limit, errHeaderTimeout
	case left > total/2:
		return left, errHeaderTimeout
	}
	return left, errTotalTimeout
}

// elapsed is how long the request has been here, without the time that its client took.
func (c *Course) elapsed() time.Duration { return time.Since(c.Start) - c.client.total() }

// Await tells that from now on the client is waited for, to take what it is sent; Came, that it has.
func (c *Course) Await() { c.client.await(awaitedRoom) }

// Came ends what Await began, if it did.
func (c *Course) Came() { c.client.came(awaitedRoom) }

// takeOver makes the course go on where another one stands, which is given up.
func (c *Course) takeOver(from *Course) {
	c.Exchange, c.h, c.twice, c.size = from.Exchange, from.h, from.twice, from.size
	c.decision, c.tried = from.decision, append(c.tried[:0], from.tried...)
	c.client.judge(c.decision)
	from.decision = routing.Decision{}
}
