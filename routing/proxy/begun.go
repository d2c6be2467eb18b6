package proxy

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"slbtui/routing/http1"
	"slbtui/routing/policy"
)

// Begun is an exchange that a fast front has begun, and whose response is none that it reads. The library's front
// gets the connection, with the request, and the handler ends the exchange where it stands: nothing is sent, picked
// or counted twice.
type Begun struct {
	course   *Course
	conn     *http1.Conn // the request has been sent over it
	read     []byte      // of the response
	deadline time.Time   // for its header; zero: none
	cause    error       // of missing that
	taken    atomic.Bool
}

// Leave leaves an exchange to the library's front, which gets the same request as the first one of its connection,
// with a context that the Begun is in. The course and what was read are the Begun's from now on.
func (c *Course) Leave(conn *http1.Conn, read []byte, deadline time.Time, cause error) *Begun {
	return &Begun{course: c, conn: conn, read: read, deadline: deadline, cause: cause}
}

type begunKey struct{}

// In is a context that the Begun is in.
func (b *Begun) In(ctx context.Context) context.Context {
	return context.WithValue(ctx, begunKey{}, b)
}

// Drop ends the exchange when its client's connection has ended, unless a handler has it. Whoever closes a
// connection expects no panic, be it a policy's.
func (b *Begun) Drop() {
	if b.taken.Swap(true) {
		return
	}
	defer func() { _ = recover() }()
	b.conn.Close()
	b.course.Status = http.StatusBadGateway
	b.course.Done(policy.Outcome{Failure: policy.FailureLocal, Cancelled: true})
	b.course.Finish()
}

// begunOf is what the request of a connection continues, nil for any but such a connection's first.
func begunOf(ctx context.Context) *Begun {
	if b, _ := ctx.Value(begunKey{}).(*Begun); b != nil && !b.taken.Swap(true) {
		return b
	}
	return nil
}

// resume ends the attempt of a Begun.
func (e *exchange) resume(b *Begun) (f Fault, again bool) {
	e.makePlain()
	t := e.Half().Plain
	res, err := t.Resume(e.r.Context(), b.conn, &e.out, b.read, b.deadline)
	return e.conclude(e.r.Context(), res, err, lateBy(err, b.cause), nil)
}

// abandon ends the attempt of a Begun that was not resumed.
func (e *exchange) abandon(b *Begun) {
	b.conn.Close()
	e.Done(policy.Outcome{Failure: policy.FailureLocal, Cancelled: true})
}
