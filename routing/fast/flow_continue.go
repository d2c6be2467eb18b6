package fast

import (
	"time"

	"slbtui/routing/wire"
)

// stage is how far a request has come that is Continued.
type stage uint8

const (
	stageRead    stage = iota // it is not whole, or none for here
	stageFirst                // its course has begun
	stageAttempt              // a server has been picked
	stageSend                 // some of it has been sent
	stageReceive              // all of it, and some of the response has come
	stageHead                 // the head of the response has come
	stageChunks               // and some of its body, in chunks that are none
	stageBody                 // and some of its body, which is being passed on
	stageWrite                // it has ended, but for what is to be written to the client
)

// Continue goes on where somebody may wait. It tells whether the flow may go on behind that, in a loop; if not, Rest
// says what becomes of the connection.
func (f *Flow) Continue() (rest Rest, flows bool) {
	defer func() {
		if recover() != nil {
			rest, flows = Rest{Over: true}, false
		}
		if !flows {
			f.release()
		}
	}()
	w := f.work
	if f.stage == stageRead {
		h, whole := f.Session.request(w)
		if !whole {
			return f.handOver(), false
		}
		return f.continued(w, w.serve(h))
	}
	return f.continued(w, f.proceed(w))
}

func (f *Flow) continued(w *work, e end) (Rest, bool) {
	switch e {
	case endClose:
		return Rest{Over: true}, false
	case endBegun:
		f.work = nil // is the Begun's
		f.bound(time.Time{}, 0)
		return Rest{Read: w.in[:w.n], Begun: w.begun}, false
	}
	f.rest, f.unread = nil, true
	if w.shift(); w.n == 0 {
		f.release()
	}
	return Rest{}, true
}

// proceed goes on with a request at its stage.
func (f *Flow) proceed(w *work) end {
	defer w.finish()
	switch f.stage {
	case stageFirst:
		return w.exchange()
	case stageAttempt:
		return w.after(w.attempt())
	case stageBody:
		return f.proceedBody(w)
	case stageChunks:
		return w.relaySqueezed(f.closes)
	case stageWrite:
		return ending(f.deliver(f.rest) == nil && !f.closes)
	}
	deadline := time.Time{}
	if f.limit > 0 {
		deadline = f.sent.Add(f.limit)
	}
	return w.after(w.attemptOver(w.conn, nil, deadline, f.cause, f.resume))
}

// resume ends the round trip that was begun in a loop.
func (f *Flow) resume(deadline time.Time) (wire.Verdict, error) {
	w := f.work
	switch {
	case f.stage == stageHead:
		return f.verdict, nil
	case f.stage == stageSend:
		if f.failed == nil {
			f.failed = w.send(f.rest, deadline)
		}
		return w.answered(deadline, f.failed)
	case f.failed != nil:
		return wire.Odd, f.failed
	}
	return w.receive(deadline)
}
