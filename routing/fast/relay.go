package fast

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"slbtui/routing/http1"
	"slbtui/routing/policy"
	"slbtui/routing/proxy"
	"slbtui/routing/wire"
)

// relay passes a response on, whose head has come.
func (w *work) relay() end {
	closes := w.answerHead()
	r := &w.response
	if r.Chunked {
		return w.relayChunks(closes)
	}
	if left := w.left(); left > 0 && w.m == r.Size() {
		w.more()
	}
	return w.relayBody(closes)
}

// answerHead makes out the head of the response as the client gets it. It tells whether that is the connection's last.
func (w *work) answerHead() (closes bool) {
	w.course.Status = w.response.Status
	closes = w.closes()
	w.out = w.response.AppendTo(w.out[:0], &wire.Answer{ServedBy: w.course.ServerID, Date: date(), Close: closes})
	return closes
}

// left is how many bytes the body has, where its length was said.
func (w *work) left() int64 {
	if w.method == http.MethodHead {
		return 0
	}
	return w.response.Length
}

// relayBody passes on a body whose length was said.
func (w *work) relayBody(closes bool) end {
	body, left := w.up[w.response.Size():w.m], w.left()
	if int64(len(body)) >= left {
		w.whole(int64(len(body)) == left)
		w.out = append(w.out, body[:left]...)
		return w.last(left, closes)
	}
	w.out = append(w.out, body...)
	w.streams()
	return w.relayed(w.copyBody(len(body), left-int64(len(body))), closes)
}

// more takes what has come behind the head, if anything has: the two often come right after one another.
func (w *work) more() {
	if n, _ := w.conn.ReadNow(w.up[w.m:]); n > 0 { // its end is found by whoever waits for more
		w.m += n
	}
}

// whole ends the attempt of a response that is here: what the client makes of it is none of the server's affair.
func (w *work) whole(clean bool) {
	w.keep(clean)
	w.course.Done(policy.Outcome{Status: w.course.Status})
}

// keep gives the connection back, unless the server has sent more than its response.
func (w *work) keep(clean bool) {
	if clean && !w.cut && !w.response.Close {
		w.conn.Keep()
		w.conn = nil
		return
	}
	w.giveUp()
}

// last reports a response of n bytes, and then sends it.
func (w *work) last(n int64, closes bool) end {
	w.course.Bytes = n
	w.report()
	return w.sendOut(closes)
}

// sendOut sends what is certain, and is out.
func (w *work) sendOut(closes bool) end {
	return ending(w.s.deliver(w.out) == nil && !closes)
}

func ending(keeps bool) end {
	if keeps {
		return endKeep
	}
	return endClose
}

// streams begins a response that comes in pieces.
func (w *work) streams() {
	o := policy.Outcome{Status: w.course.Status}
	w.course.Settles(o)
	if isEventStream(w.response.Type()) {
		w.course.Answered(o)
	}
}

// errClient wraps what broke the client's side.
type errClient struct{ error }

// relayed ends a response that came in pieces.
func (w *work) relayed(err error, closes bool) end {
	o := policy.Outcome{Status: w.course.Status}
	var client errClient
	switch {
	case err == nil:
	case errors.As(err, &client), w.watch.Err() != nil:
		o.Cancelled = true
	case errors.Is(err, os.ErrDeadlineExceeded):
		o.Failure = policy.FailureTimeout
	default:
		o.Failure = policy.FailureRemote
	}
	w.course.Done(o)
	w.report()
	return ending(err == nil && !closes)
}

// copyBody sends out, which ends with bytes of the body, and then the left bytes that follow.
func (w *work) copyBody(bytes int, left int64) error {
	if err := w.toClient(w.out, bytes); err != nil {
		return err
	}
	return w.copyRest(left)
}

// copyRest sends the left bytes that are still to come of a body.
func (w *work) copyRest(left int64) error {
	buf := larges.Get().(*[]byte)
	defer larges.Put(buf)
	for left > 0 {
		p := (*buf)[:min(left, largeBuffer)]
		n, err := w.wait(p)
		if err != nil {
			return err
		}
		left -= int64(n)
		if left == 0 {
			w.keep(true)
		}
		if err := w.toClient(p[:n], n); err != nil {
			return err
		}
	}
	return nil
}

// toClient sends p, which has n bytes of the body.
func (w *work) toClient(p []byte, n int) error {
	taken, err := w.s.writeNow(p)
	if err == nil && taken < len(p) {
		w.course.Await()
		_, err = w.s.client.Conn.Write(p[taken:])
	}
	w.course.Came() // be it that a loop has begun the wait
	if err != nil {
		return errClient{err}
	}
	w.course.Bytes += int64(n)
	return nil
}

// wait reads more of a body. The server may be silent for the limit of the handler.
func (w *work) wait(p []byte) (int, error) {
	idle := w.course.Handler().IdleTimeout()
	begun := time.Now()
	for now := begun; ; now = time.Now() {
		limit := glance
		if idle > 0 {
			if limit = min(limit, idle-now.Sub(begun)); limit <= 0 {
				return 0, os.ErrDeadlineExceeded
			}
		}
		if now != begun && w.watch.left() {
			return 0, context.Canceled
		}
		w.conn.Bound(now, limit)
		n, err := w.conn.Read(p)
		switch {
		case n > 0:
			w.course.Moved()
			return n, nil
		case errors.Is(err, io.EOF):
			return 0, io.ErrUnexpectedEOF
		case err != nil && !http1.IsLate(err):
			return 0, err
		}
	}
}

// closes tells whether the response is the last of its connection.
func (w *work) closes() bool { return w.request.Close || w.s.current().Draining() }

// answer sends an answer of the balancer's own.
func (w *work) answer(a proxy.Answer) end {
	closes := w.closes()
	w.ownAnswer(a, closes)
	return w.sendOut(closes)
}

// ownAnswer makes out an answer of the balancer's own.
func (w *work) ownAnswer(a proxy.Answer, closes bool) {
	w.out = appendAnswer(w.out[:0], a, closes)
	if w.request.Method[0] != 'H' { // HEAD
		w.out = append(w.out, a.Body...)
	}
}
