package fast

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"slbtui/routing/http1"
	"slbtui/routing/policy"
	"slbtui/routing/proxy"
	"slbtui/routing/wire"
)

const (
	smallBuffer = 16 << 10 // of a request, and of what comes first of a response
	largeBuffer = 64 << 10 // of what follows of a response
	margin      = 16       // around that, for the frame of a chunk
	maxKept     = 64 << 10 // of a buffer that is used again
)

// work is what a request needs while it is served. It is used again, for any session.
type work struct {
	s        *Session
	request  wire.Request
	response wire.Response
	chunks   wire.Chunks
	squeezed squeezed
	course   proxy.Course
	watch    *watch
	in       []byte // from the client
	n        int    // bytes of it
	headed   bool   // request has been read
	up       []byte // from the server
	m        int    // bytes of it
	out      []byte // to the server, and then to the client
	method   string
	conn     *http1.Conn // of the attempt; nil when it has been given back
	cut      bool        // the server did not take the whole request
	reported bool
	begun    *proxy.Begun
	at       time.Time // of the report
}

var (
	works = sync.Pool{New: func() any {
		return &work{in: make([]byte, smallBuffer), up: make([]byte, smallBuffer), watch: &watch{}}
	}}
	larges = sync.Pool{New: func() any { b := make([]byte, largeBuffer+2*margin); return &b }}
)

// end is how a request ends for its connection.
type end uint8

const (
	endKeep  end = iota // it may have another one
	endClose            // it is over
	endBegun            // it goes to net/http, which goes on with this request
)

func (w *work) begin(s *Session) {
	w.s, w.n, w.headed, w.reported = s, 0, false, true
}

// end makes the work ready for another session.
func (w *work) end() {
	if len(w.in) > maxKept {
		w.in = make([]byte, smallBuffer)
	}
	if cap(w.out) > maxKept {
		w.out = nil
	}
	w.s, w.begun = nil, nil
	works.Put(w)
}

// shift makes what came behind a request the beginning of the next one.
func (w *work) shift() {
	w.n = copy(w.in, w.in[w.request.Size()+w.request.Length:w.n])
	w.headed = false
}

// look tells whether the request is there, and if so, whether it is one for here. need is how many bytes it has
// where that is known.
func (w *work) look(h *proxy.Handler, headerBytes int) (v wire.Verdict, need int) {
	r := &w.request
	if !w.headed {
		if v = r.Read(w.in[:w.n]); v != wire.Plain {
			return v, 0
		}
		limit := h.MaxBody()
		if headerBytes > 0 && r.Size() > headerBytes || r.Length > maxBody || limit > 0 && int64(r.Length) > limit || h.Looped(r.Via()) {
			return wire.Odd, 0
		}
		w.headed = true
	}
	if need = r.Size() + r.Length; w.n < need {
		return wire.More, need
	}
	return wire.Plain, need
}

// room makes room for a request of need bytes, or for more of one whose end is not known.
func (w *work) room(need int) {
	if need = max(need, w.n+1); need > len(w.in) {
		in := make([]byte, max(need, 2*len(w.in)))
		copy(in, w.in[:w.n])
		w.in = in
	}
}

// serve takes the request through the proxy.
func (w *work) serve(h *proxy.Handler) end {
	if h.IsHealth(w.request.Path()) {
		w.at = time.Now()
		return w.answer(h.Health())
	}
	w.open(h)
	defer w.finish()
	return w.exchange()
}

// open begins the course of the request. It needs finish.
func (w *work) open(h *proxy.Handler) {
	w.method = method(w.request.Method)
	w.reported, w.cut = false, false
	w.watch.client = &w.s.client
	w.course.Begin(w.watch, h, w, proxy.TwiceOf(w.method), w.request.Length)
	w.course.ID = h.NameRequest(w.request.ID())
}

// finish runs however the request ends, be it by a panic.
func (w *work) finish() {
	defer w.letGo()
	if w.begun == nil && !w.reported {
		defer w.report()
		w.course.Done(policy.Outcome{Status: w.course.Status, Failure: policy.FailureLocal}) // unless it was: a policy panicked
	}
}

// letGo ends what the request holds.
func (w *work) letGo() {
	if w.conn != nil {
		w.conn.Close()
		w.conn = nil
	}
	if w.watch.end(); w.watch.lent {
		w.watch = &watch{} // somebody may have that one still
	}
}

// report tells once what became of the request. What is sent later than that is already certain.
func (w *work) report() {
	if !w.reported {
		w.reported = true
		w.course.Finish()
		w.at = w.course.Start.Add(w.course.Latency)
	}
}

// exchange tries servers until one has seen the request, and answers the client.
func (w *work) exchange() end {
	if f := w.course.First(); !f.None() {
		return w.refuse(f)
	}
	return w.try()
}

// try goes to the server that was picked, and on to others.
func (w *work) try() end {
	w.course.Next()
	return w.after(w.attempt())
}

// after goes on behind an attempt.
func (w *work) after(f proxy.Fault, s step) end {
	for ; s == stepAgain; f, s = w.attempt() {
		w.course.Next()
	}
	switch s {
	case stepRelay:
		return w.relay()
	case stepLeave:
		return endBegun
	}
	return w.refuse(f)
}

// refuse answers with a fault, unless the client is gone.
func (w *work) refuse(f proxy.Fault) end {
	c := &w.course
	c.Refused(f)
	a := c.Answer(f)
	c.Bytes = int64(len(a.Body))
	w.report()
	if a.Status == 0 {
		return endClose
	}
	return w.answer(a)
}

// method is a string that costs nothing: there are few.
func method(b []byte) string {
	switch string(b) {
	case http.MethodGet:
		return http.MethodGet
	case http.MethodHead:
		return http.MethodHead
	case http.MethodPost:
		return http.MethodPost
	case http.MethodPut:
		return http.MethodPut
	}
	return string(b)
}

// What the course reports of the request: proxy.Request.

// Peer implements proxy.Request.
func (w *work) Peer() string { return w.s.client.Addr }

// Method implements proxy.Request.
func (w *work) Method() string { return w.method }

// Host implements proxy.Request.
func (w *work) Host() string { return string(w.request.Host) }

// Path implements proxy.Request.
func (w *work) Path() string {
	written := string(w.request.Path())
	if path, err := url.PathUnescape(written); err == nil {
		return path
	}
	return written
}

// Proto implements proxy.Request.
func (w *work) Proto() string { return "HTTP/1.1" }

// Values implements proxy.Request.
func (w *work) Values(name string) []string { return w.request.Values(name) }

// base is what stands before the target at a server.
func base(u *url.URL) string {
	if u.Path == "" || u.Path == "/" {
		return ""
	}
	return strings.TrimSuffix(u.EscapedPath(), "/")
}

// isEventStream tells whether a response streams for as long as both sides like.
func isEventStream(contentType []byte) bool {
	const media = "text/event-stream"
	return len(contentType) >= len(media) && strings.EqualFold(string(contentType[:len(media)]), media)
}
