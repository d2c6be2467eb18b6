// Package fast serves clients of HTTP/1.1 in bytes: a request is read by package wire, sent to the server that the
// router picks, and its response relayed, without a map or an object of net/http. What may be done with a request is
// package proxy's (Course): this is another way to read and write, not another balancer. Whatever is not plainly
// the common case ends the session, and the connection goes, with what has been read of it, to net/http: be it
// before anything was sent, or when a response turns out to be none that is read here.
//
// It starts no goroutine of its own but one that looks after a client while its request waits for a place or for a
// connection; the session waits for it.
package fast

import (
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"slbtui/routing/proxy"
	"slbtui/routing/wire"
)

const (
	// hurry is how long the rest of a request may take to come, once it has begun; slower ones are net/http's,
	// which has its own limits for them.
	hurry = 500 * time.Millisecond
	// maxPieces is in how many pieces a head may come: each is read from the start.
	maxPieces = 8
	// maxBody is how long the body of a request may be here: so small that the system takes it whole, and that
	// writing it never waits for a server that answers first.
	maxBody = 32 << 10
)

// Client is the client's side of a session.
type Client struct {
	// Conn is its connection, whose writes somebody else bounds in time.
	Conn net.Conn
	// Socket is the descriptor behind it, by which is seen whether the client is still there; nil where that
	// cannot be. If Conn is in clear text, it is read by it as well, so that an idle client needs no buffer.
	Socket syscall.RawConn
	Secure bool   // Conn is TLS
	Addr   string // without a port
	// HeaderTimeout is how long the first request may take to begin, IdleTimeout each further one; 0: for ever.
	HeaderTimeout, IdleTimeout time.Duration
	// HalfClose is how long a client is served that has closed its side; 0: no longer.
	HalfClose   time.Duration
	HeaderBytes int // of a request; 0: any number
}

// Session is the service of one client, a request at a time.
type Session struct {
	client  Client
	current func() *proxy.Handler // of the moment
	peer    string                // the address as others are told it; "" where there is none
	due     time.Time             // the deadline of reads that is set; zero: none
	state   atomic.Int32
	begun   time.Time
	ready   func(fd uintptr) bool
	n       int // of the read that ready did; 0: the connection's end
	one     [1]byte
	work    *work // nil while the client is idle

	put     func(fd uintptr) // made once, as ready is
	out     []byte           // of it
	taken   int
	refused error
}

// The states of a session, as Idle and Close have it.
const (
	stateNew int32 = iota
	stateIdle
	stateBusy
	stateOver
)

// newGrace is how long a connection without a request is no idle one: its request may be on the way.
const newGrace = 5 * time.Second

// NewSession makes a session; current is asked for the handler of each request.
func NewSession(c Client, current func() *proxy.Handler) *Session {
	s := &Session{}
	s.init(c, current)
	return s
}

func (s *Session) init(c Client, current func() *proxy.Handler) {
	s.client, s.current, s.peer, s.begun = c, current, peerOf(c.Conn), time.Now()
	s.ready, s.put = s.readReady, s.writeOut
}

// Serve serves the client until its connection is over, or net/http's.
func (s *Session) Serve() Rest {
	defer s.release()
	limit, now := s.client.HeaderTimeout, s.begun
	for {
		if !s.await(now, limit) {
			return Rest{Over: true}
		}
		w := s.work
		h, whole := s.request(w)
		if !whole {
			return s.handOver()
		}
		switch w.serve(h) {
		case endClose:
			return Rest{Over: true}
		case endBegun:
			s.work = nil // is the Begun's
			s.bound(now, 0)
			return Rest{Read: w.in[:w.n], Begun: w.begun}
		}
		now, limit = w.at, s.client.IdleTimeout
		w.shift()
	}
}

func (s *Session) handOver() Rest {
	rest := Rest{Read: append([]byte(nil), s.work.in[:s.work.n]...)}
	s.bound(time.Time{}, 0)
	return rest
}

// Idle tells whether the session may be closed without harm, and closes it then: its Serve returns.
func (s *Session) Idle() bool {
	if s.state.CompareAndSwap(stateIdle, stateOver) || time.Since(s.begun) > newGrace && s.state.CompareAndSwap(stateNew, stateOver) {
		_ = s.client.Conn.Close()
		return true
	}
	return s.state.Load() == stateOver
}

// Close cuts the session.
func (s *Session) Close() {
	s.state.Store(stateOver)
	_ = s.client.Conn.Close()
}

// await waits until some of a request is there, and tells whether there will be.
func (s *Session) await(now time.Time, limit time.Duration) bool {
	if s.work != nil && s.work.n > 0 {
		return true // sent behind the last one
	}
	s.release()
	s.state.CompareAndSwap(stateBusy, stateIdle)
	s.bound(now, limit)
	n := s.readFirst()
	if n == 0 {
		return false
	}
	s.work.n = n
	return s.state.CompareAndSwap(stateNew, stateBusy) || s.state.CompareAndSwap(stateIdle, stateBusy)
}

// readFirst reads what comes first of a request, and takes what is needed to serve it.
func (s *Session) readFirst() (n int) {
	if s.client.Socket != nil && !s.client.Secure && canReadReady {
		if s.client.Socket.Read(s.ready) != nil {
			return 0
		}
		return s.n
	}
	if n, _ = s.client.Conn.Read(s.one[:]); n > 0 {
		s.take()
		s.work.in[0] = s.one[0]
	}
	return n
}

// request reads a request whole. It tells whether that is one for here, and by which handler.
func (s *Session) request(w *work) (*proxy.Handler, bool) {
	h := s.current()
	if h.Draining() || !h.InBytes() {
		return h, false
	}
	patient := false
	for pieces := 0; ; pieces++ {
		v, need := w.look(h, s.client.HeaderBytes)
		if v == wire.Plain {
			return h, true
		}
		if v == wire.Odd || pieces == maxPieces && need == 0 {
			return h, false
		}
		if !patient {
			patient = true
			s.deadline(time.Now().Add(hurry))
		}
		w.room(need)
		n, err := s.client.Conn.Read(w.in[w.n:])
		w.n += n
		if n == 0 && err != nil {
			return h, false // net/http finds the same, or waits longer
		}
	}
}

// deliver sends p. It waits only for room.
func (s *Session) deliver(p []byte) error {
	n, err := s.writeNow(p)
	if err == nil && n < len(p) {
		_, err = s.client.Conn.Write(p[n:])
	}
	return err
}

// bound gives reads that time from now, or up to an eighth more: see http1.Conn.Bound.
func (s *Session) bound(now time.Time, limit time.Duration) {
	left := s.due.Sub(now)
	switch {
	case limit <= 0 && s.due.IsZero(), limit > 0 && left >= limit && left <= limit+limit/8:
	case limit <= 0:
		s.deadline(time.Time{})
	default:
		s.deadline(now.Add(limit + limit/8))
	}
}

func (s *Session) deadline(t time.Time) {
	s.due = t
	_ = s.client.Conn.SetReadDeadline(t) // fails when closed, as the read does
}

func (s *Session) take() {
	if s.work == nil {
		s.work = works.Get().(*work)
		s.work.begin(s)
	}
}

// release gives back what an idle client does not need.
func (s *Session) release() {
	if s.work != nil {
		s.work.end()
		s.work = nil
	}
}

// peerOf is the address of the other side, without a zone, which is the name of one of our own interfaces.
func peerOf(c net.Conn) string {
	peer, _, err := net.SplitHostPort(c.RemoteAddr().String())
	if err != nil {
		return ""
	}
	for i := range len(peer) {
		if peer[i] == '%' {
			return peer[:i]
		}
	}
	return peer
}
