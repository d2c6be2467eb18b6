package fast

import (
	"net/http"
	"time"

	"slbtui/routing/http1"
	"slbtui/routing/policy"
	"slbtui/routing/proxy"
	"slbtui/routing/wire"
)

// Flow is a session of a loop, which serves many and never waits. The loop says when its client or its server may
// have something to read, and hears what is waited for next. Whatever cannot be done at once, or takes its time,
// is Continued, where a goroutine may wait. Its methods are called by one goroutine at a time.
type Flow struct {
	Session
	servers Servers
	stage   stage
	sent    time.Time     // the request
	limit   time.Duration // for the head of its response; 0: none
	cause   error         // of missing that
	failed  error         // how sending or reading ended
	verdict wire.Verdict
	rest    []byte // is still to be written
	owed    int    // bytes of the body at its end
	left    int64  // bytes of the body that the server has still to send
	closes  bool   // the response is the connection's last
	unread  bool   // more of the client's may lie there, of which the loop does not hear again

	look  func(fd uintptr) // made once: what is handed to a descriptor
	there bool             // of it: something was
}

// Servers are the connections that a loop keeps.
type Servers interface {
	// Take gives a connection of t's that is fit for a request; nil where there is none at once.
	Take(t *http1.Transport) *http1.Conn
	// Put takes one back, for another request or to be closed.
	Put(c *http1.Conn, t *http1.Transport, keep Fitness)
}

// Fitness tells whether a connection can serve another request.
type Fitness uint8

// Whether it can.
const (
	Spent Fitness = iota
	Fit
)

// manyAnswers is how many requests that were sent at once are answered without asking a server: whoever sends more
// keeps a goroutine busy, and not a loop.
const manyAnswers = 64

// Want is what a flow waits for.
type Want uint8

// What that is.
const (
	WantRequest  Want = iota // something from the client
	WantResponse             // something from the server
	WantRoom                 // room for more on the way to the client
	WantTime                 // somebody who may wait: see Continue
	WantNothing              // the connection is over
)

// NewFlow makes a flow over the connections of a loop.
func NewFlow(c Client, current func() *proxy.Handler, servers Servers) *Flow {
	f := &Flow{servers: servers}
	f.init(c, current)
	f.look = func(fd uintptr) { f.there = f.readReady(fd) }
	return f
}

// Began is when the request that is under way did.
func (f *Flow) Began() time.Time { return f.sent }

// Conn is the connection to the server that is waited for.
func (f *Flow) Conn() *http1.Conn { return f.work.conn }

// FromClient reads what the client has sent, and serves it as far as that goes.
func (f *Flow) FromClient() (want Want) {
	defer f.guard(&want)
	for answers := 0; ; answers++ {
		if answers >= manyAnswers && f.work != nil && f.work.n > 0 {
			f.stage = stageRead
			return WantTime
		}
		if f.work == nil || f.work.n == 0 {
			switch n := f.readNow(); {
			case n == 0:
				f.release()
				return WantNothing
			case n < 0:
				return WantRequest
			}
		}
		if want = f.request(f.work); want != WantRequest {
			return want
		}
	}
}

// readNow reads what there is of a request: 0 bytes are the connection's end, less is nothing yet.
func (f *Flow) readNow() int {
	f.there = false
	if f.client.Socket.Control(f.look) != nil {
		return 0
	}
	if !f.there {
		return -1
	}
	f.work.n, f.unread = f.n, f.n == len(f.work.in)
	return f.n
}

// request serves what has been read. WantRequest means that it has been served, and the client has its answer.
func (f *Flow) request(w *work) Want {
	h := f.current()
	f.stage = stageRead
	if h.Draining() || !h.InBytes() {
		return WantTime
	}
	if v, _ := w.look(h, f.client.HeaderBytes); v != wire.Plain {
		return WantTime
	}
	if h.IsHealth(w.request.Path()) {
		f.closes = w.closes()
		w.ownAnswer(h.Health(), f.closes)
		return f.write(w)
	}
	w.open(h)
	f.sent = w.course.Start
	f.stage = stageFirst
	if !w.course.TryFirst() {
		return WantTime
	}
	w.course.Next()
	f.stage = stageAttempt
	if f.limit, f.cause = w.course.Limit(); f.limit > 0 && f.limit < glance {
		return WantTime
	}
	if w.conn = f.servers.Take(w.course.Half().Plain); w.conn == nil {
		return WantTime
	}
	w.writeRequest()
	w.m, f.stage = 0, stageSend
	n, err := w.conn.WriteNow(w.out)
	if f.rest, f.failed = w.out[n:], err; len(f.rest) > 0 {
		return WantTime
	}
	f.stage = stageReceive
	return WantResponse
}

// FromServer reads what the server has sent, and passes the response on if it is whole.
func (f *Flow) FromServer() (want Want) {
	defer f.guard(&want)
	w := f.work
	if f.stage == stageBody {
		return f.pump(w)
	}
	n, err := w.conn.ReadNow(w.up[w.m:])
	switch {
	case http1.IsNothingYet(err):
		return WantResponse
	case err != nil:
		f.failed = w.ended(err)
		return WantTime
	}
	w.m += n
	f.verdict = w.response.Read(w.up[:w.m])
	switch {
	case f.verdict == wire.More && w.m < len(w.up):
		return WantResponse
	case f.verdict == wire.More:
		f.verdict = wire.Odd
		fallthrough
	case f.verdict == wire.Odd, w.response.Status >= http.StatusBadGateway, w.response.Chunked && w.method == http.MethodHead:
		f.stage = stageHead
		return WantTime
	}
	return f.respond(w)
}

// respond passes on a response whose head has come, and its body, too, if it is short.
func (f *Flow) respond(w *work) Want {
	body, left, clean := w.up[w.response.Size():w.m], w.left(), true
	if !w.response.Chunked {
		if n := int64(len(body)); n < left {
			f.closes = w.answerHead()
			w.out = append(w.out, body...)
			return f.pass(w, len(body), left-n)
		}
		clean = int64(len(body)) == left
	}
	f.closes = w.answerHead()
	if w.response.Chunked {
		w.squeeze()
		switch {
		case w.squeezed.err != nil:
			f.stage = stageChunks
			return WantTime
		case !w.chunks.Done():
			return f.pass(w, len(w.squeezed.data), endless)
		}
		left, clean = int64(len(w.squeezed.data)), w.squeezed.clean
	} else {
		w.out = append(w.out, body[:left]...)
	}
	f.giveBack(w, clean, w.m == len(w.up))
	w.course.Done(policy.Outcome{Status: w.course.Status})
	w.course.Bytes = left
	w.report()
	return f.behind(f.write(w))
}

// behind goes on with what was sent behind a request. The loop hears only of what comes from now on.
func (f *Flow) behind(want Want) Want {
	if want != WantRequest || f.work == nil && !f.unread {
		return want
	}
	return f.FromClient()
}

// write sends out, which ends a request.
func (f *Flow) write(w *work) Want {
	n, err := f.writeNow(w.out)
	switch {
	case err != nil:
		f.end()
		return WantNothing
	case n < len(w.out):
		f.stage, f.rest = stageWrite, w.out[n:]
		return WantTime
	}
	w.finish()
	return f.next(w)
}

// next makes ready for another request. Of the last one an idle client keeps no buffer.
func (f *Flow) next(w *work) Want {
	f.rest = nil
	if f.closes {
		f.release()
		return WantNothing
	}
	if w.shift(); w.n == 0 {
		f.release()
	}
	return WantRequest
}

// Close ends the flow, and what is under way.
func (f *Flow) Close() {
	f.end()
	_ = f.client.Conn.Close()
}

// guard ends an exchange in which something panicked: a policy, most likely.
func (f *Flow) guard(want *Want) {
	if recover() != nil {
		f.end()
		*want = WantNothing
	}
}

// end ends what is under way. A policy that panics when it is told of that is not the loop's end.
func (f *Flow) end() {
	if f.work == nil {
		return
	}
	defer f.release()
	defer func() { _ = recover() }()
	f.work.finish()
}
