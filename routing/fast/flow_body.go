package fast

import (
	"errors"
	"io"
	"math"

	"slbtui/routing/http1"
)

// longTurn is how many bytes of a body a loop passes on at a time. One of which more is there at once keeps a
// goroutine busy, and would keep the loop's other clients waiting.
const longTurn = 256 << 10

// endless is what is left of a body until its last chunk says that nothing is.
const endless = math.MaxInt64

// pass begins to pass on a response whose beginning is out, with n bytes of its body, and whose last left are still
// to come.
func (f *Flow) pass(w *work, n int, left int64) Want {
	w.streams()
	f.stage, f.left = stageBody, left
	f.rest, f.owed = w.out, n
	return f.pump(w)
}

// FromRoom goes on with a body when there may be room for more of it on the way to the client.
func (f *Flow) FromRoom() (want Want) {
	defer f.guard(&want)
	return f.pump(f.work)
}

// pump passes on what has come of a body.
func (f *Flow) pump(w *work) Want {
	buf := larges.Get().(*[]byte)
	defer larges.Put(buf)
	for turn := 0; turn < longTurn; {
		switch n, err := f.send(w); {
		case err != nil:
			return f.passed(w, errClient{err})
		case len(f.rest) > 0:
			f.keepRest(w)
			return WantRoom
		case f.left == 0:
			return f.passed(w, nil)
		default:
			turn += n
		}
		p := (*buf)[margin : margin+largeBuffer]
		n, err := w.conn.ReadNow(p)
		switch {
		case http1.IsNothingYet(err):
			return WantResponse
		case errors.Is(err, io.EOF):
			return f.passed(w, io.ErrUnexpectedEOF)
		case err != nil:
			return f.passed(w, err)
		}
		w.course.Moved()
		if err := f.take(w, *buf, n); err != nil {
			_, _ = f.send(w) // what was right of it
			return f.passed(w, err)
		}
	}
	f.keepRest(w)
	return WantTime
}

// keepRest has rest stand in a buffer of the request's: the one that it was read into is somebody else's afterwards.
func (f *Flow) keepRest(w *work) {
	if len(f.rest) > 0 {
		w.out = append(w.out[:0], f.rest...)
		f.rest = w.out
	}
}

// take takes in n bytes of a body, which buf has behind its margin.
func (f *Flow) take(w *work, buf []byte, n int) (malformed error) {
	p, full := buf[margin:margin+n], n == largeBuffer
	if !w.response.Chunked {
		if int64(n) >= f.left {
			f.giveBack(w, int64(n) == f.left, full)
			p = p[:f.left]
		}
		f.left -= int64(len(p))
		f.rest, f.owed = p, len(p)
		return nil
	}
	data, used, malformed := w.chunks.Squeeze(p)
	f.rest, f.owed = w.frame(buf, data), len(data)
	if w.chunks.Done() {
		f.giveBack(w, used == n, full)
		f.rest, f.left = w.appendEnd(f.rest), 0
	}
	return malformed
}

// send sends what there is room for of rest, whose last owed bytes are of the body.
func (f *Flow) send(w *work) (n int, err error) {
	if len(f.rest) == 0 {
		return 0, nil
	}
	n, err = f.writeNow(f.rest)
	f.rest = f.rest[n:]
	unsent := min(f.owed, len(f.rest))
	w.course.Bytes += int64(f.owed - unsent)
	if f.owed = unsent; len(f.rest) > 0 {
		w.course.Await()
	} else {
		w.course.Came()
	}
	return n, err
}

// passed ends a response that was passed on in pieces.
func (f *Flow) passed(w *work, err error) Want {
	if w.relayed(err, f.closes) == endClose {
		f.end()
		return WantNothing
	}
	w.finish()
	return f.behind(f.next(w))
}

// giveBack gives the server's connection back when its response has come, and, where the read was full, nothing lies
// there behind it: the loop hears only of what comes from now on.
func (f *Flow) giveBack(w *work, clean, full bool) {
	fit := Spent
	if clean && !w.response.Close && (!full || w.conn.Silent()) {
		fit = Fit
	}
	conn := w.conn
	w.conn = nil
	f.servers.Put(conn, w.course.Half().Plain, fit)
}

// proceedBody goes on with a body where somebody may wait.
func (f *Flow) proceedBody(w *work) end {
	err := w.toClient(f.rest, f.owed)
	switch {
	case err != nil, f.left == 0:
	case w.response.Chunked:
		err = w.copyChunks()
	default:
		err = w.copyRest(f.left)
	}
	return w.relayed(err, f.closes)
}
