package fast

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"time"

	"slbtui/routing/http1"
	"slbtui/routing/proxy"
	"slbtui/routing/wire"
)

// step is what follows an attempt.
type step uint8

const (
	stepRefuse step = iota // the client gets a fault
	stepAgain              // another server is tried
	stepRelay              // the client gets the response
	stepLeave              // net/http reads the response
)

// attempt sends the request to the server of the moment, and reads the head of its response.
func (w *work) attempt() (proxy.Fault, step) {
	plain := w.course.Half().Plain
	w.writeRequest()
	deadline, cause := w.deadline()
	var err error
	conn := plain.Kept()
	if conn == nil {
		conn, err = plain.Fresh(w.lend(), deadline)
	}
	return w.attemptOver(conn, err, deadline, cause, w.roundTrip)
}

// attemptOver goes on over a connection, unless there was an error, with what is still to be done there.
func (w *work) attemptOver(conn *http1.Conn, err error, deadline time.Time, cause error, trip func(time.Time) (wire.Verdict, error)) (proxy.Fault, step) {
	c := &w.course
	for ; err == nil; trip = w.roundTrip {
		w.conn = conn
		var v wire.Verdict
		if v, err = trip(deadline); err == nil {
			return proxy.Fault{}, w.received(v, deadline, cause)
		}
		w.giveUp()
		if w.watch.Err() != nil {
			break
		}
		var unseen bool
		if unseen, err = conn.Ended(err); !unseen && http1.Stale(err) && c.Anew() {
			unseen = true
			deadline, cause = w.deadline()
		}
		if unseen {
			conn, err = c.Half().Plain.Fresh(w.lend(), deadline)
		}
	}
	f, again := c.Fail(err, cause)
	if again {
		return f, stepAgain
	}
	return f, stepRefuse
}

// lend is the context for whoever may keep it for longer than the request.
func (w *work) lend() context.Context {
	w.watch.lent = true
	return w.watch
}

// received decides about a response whose head has come.
func (w *work) received(v wire.Verdict, deadline time.Time, cause error) step {
	if v == wire.Odd || w.response.Chunked && w.method == "HEAD" {
		w.begun = w.course.Leave(w.conn, w.up[:w.m], deadline, cause)
		w.conn = nil
		return stepLeave
	}
	if w.course.Replaced(w.response.Status) {
		w.giveUp()
		return stepAgain
	}
	return stepRelay
}

func (w *work) giveUp() {
	w.conn.Close()
	w.conn = nil
}

// deadline is that of the attempt, zero where there is none, and the cause of missing it.
func (w *work) deadline() (time.Time, error) {
	limit, cause := w.course.Limit()
	if limit <= 0 {
		return time.Time{}, cause
	}
	return time.Now().Add(limit), cause
}

// writeRequest makes out the request as the server gets it.
func (w *work) writeRequest() {
	r, h := &w.request, w.course.Handler()
	f := wire.Forward{
		Base: base(w.course.Half().URL), Peer: w.s.peer, Proto: "http",
		Trusted: h.Trusts(w.s.peer), Via: h.Via(), ID: w.course.ID,
	}
	if w.s.client.Secure {
		f.Proto = "https"
	}
	w.out = r.AppendTo(w.out[:0], &f)
	w.out = append(w.out, w.in[r.Size():r.Size()+r.Length]...)
}

// roundTrip sends the request and reads the head of the response into up. A server that has enough of a request may
// answer and hang up before it is through: what it said is still to be read.
func (w *work) roundTrip(deadline time.Time) (wire.Verdict, error) {
	return w.answered(deadline, w.send(w.out, deadline))
}

// answered reads the head of the response to a request that was sent, unless that failed.
func (w *work) answered(deadline time.Time, failed error) (wire.Verdict, error) {
	// The answer takes a moment: others may work meanwhile. Then it is often there, which spares a read in vain
	// and the wait for the system's word.
	runtime.Gosched()
	w.m = 0
	v, err := w.receive(deadline)
	w.cut = failed != nil
	if err != nil && failed != nil {
		return v, failed
	}
	return v, err
}

func (w *work) send(p []byte, deadline time.Time) error {
	n, err := w.conn.WriteNow(p)
	if err != nil {
		return err
	}
	p = p[n:]
	for len(p) > 0 {
		if err := w.bound(deadline); err != nil {
			return err
		}
		n, err := w.conn.Write(p)
		if p = p[n:]; err != nil && !http1.IsLate(err) {
			return err
		}
	}
	return nil
}

// receive reads what is still to come of a head.
func (w *work) receive(deadline time.Time) (wire.Verdict, error) {
	for w.m < len(w.up) {
		if err := w.bound(deadline); err != nil {
			return wire.Odd, err
		}
		n, err := w.conn.Read(w.up[w.m:])
		if w.m += n; n > 0 {
			if v := w.response.Read(w.up[:w.m]); v != wire.More {
				return v, nil
			}
		}
		if err = w.ended(err); err != nil {
			return wire.Odd, err
		}
	}
	return wire.Odd, nil // a longer head is net/http's
}

// ended is what an error of a read of the head comes to; nil where more may come.
func (w *work) ended(err error) error {
	switch {
	case http1.IsLate(err):
		return nil
	case errors.Is(err, io.EOF) && w.m > 0:
		return io.ErrUnexpectedEOF
	}
	return err
}

// bound gives the next read or write its time: it is tried again when that is over, unless the deadline has passed
// or the client has left.
func (w *work) bound(deadline time.Time) error {
	now, limit := time.Now(), glance
	if !deadline.IsZero() {
		left := deadline.Sub(now)
		if left <= 0 {
			return os.ErrDeadlineExceeded
		}
		limit = min(limit, left)
	}
	if w.waited(now) && w.watch.left() {
		return context.Canceled
	}
	w.conn.Bound(now, limit)
	return nil
}

// waited tells whether it is time for a look at the client.
func (w *work) waited(now time.Time) bool { return now.Sub(w.course.Start) >= glance }
