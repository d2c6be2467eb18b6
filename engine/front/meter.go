package front

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// What one connection of HTTP/2 may cause. Its frames are the library's, which bounds some floods and not
// others: empty CONTINUATION and SETTINGS frames go on for ever, and streams that are reset as soon as they
// are opened, each of which may have cost a server a connection. What works honestly is far below.
const (
	floodBytes  = 4 << 20 // received without a request, a body or a response that moved; a full window is 1 MiB
	floodPeriod = time.Minute
	resetNumber = 200 // streams that the client has given up, and more than half of all
	resetPeriod = 30 * time.Second
)

var errFlood = errors.New("the client sends frames that ask for nothing")

// meterListener keeps the connections of HTTP/2 to that.
type meterListener struct{ net.Listener }

func (l meterListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &meteredConn{Conn: c, since: time.Now()}, nil
}

// meteredConn counts what its client sends and what comes of it.
type meteredConn struct {
	net.Conn
	preface int         // bytes of the client's preface that have come
	on      bool        // it is HTTP/2
	bytes   int         // since the last look
	since   time.Time   // of the last look
	worked  atomic.Bool // something came of them

	mu     sync.Mutex
	ended  int // streams since begun
	resets int // of those
	begun  time.Time
}

// clientPreface is how a connection of HTTP/2 begins. No method of HTTP/1.1 is called that.
const clientPreface = "PRI "

func (c *meteredConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	for i := 0; i < n && c.preface >= 0 && c.preface < len(clientPreface); i++ {
		if c.preface++; p[i] != clientPreface[c.preface-1] {
			c.preface = -1
		}
	}
	c.on = c.on || c.preface == len(clientPreface)
	if c.bytes += n; c.on && c.bytes > floodBytes && !c.look() {
		_ = c.Close()
		return 0, errFlood
	}
	return n, err
}

// look tells whether what came was worth it, and begins to count anew.
func (c *meteredConn) look() bool {
	now := time.Now()
	fine := c.worked.Swap(false) || now.Sub(c.since) > floodPeriod
	c.bytes, c.since = 0, now
	return fine
}

// work notes that something came of what the client sent. nil has nothing to note.
func (c *meteredConn) work() {
	if c != nil {
		c.worked.Store(true)
	}
}

// ending counts a stream, and cuts the connection of a client that gives up most of what it asks for.
func (c *meteredConn) ending(r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.begun) > resetPeriod {
		c.begun, c.ended, c.resets = now, 0, 0
	}
	c.ended++
	if r.Context().Err() != nil {
		c.resets++
	}
	if c.resets > resetNumber && 2*c.resets > c.ended {
		_ = c.Close()
	}
}

// NetConn is the connection that is metered.
func (c *meteredConn) NetConn() net.Conn { return c.Conn }

// CloseWrite lets an upgraded connection finish one direction.
func (c *meteredConn) CloseWrite() error { return closeWrite(c.Conn) }

type meterKey struct{}

// meterOffered switches the meter on for a client that offers HTTP/2 over TLS, which it then gets.
func meterOffered(hello *tls.ClientHelloInfo) (*tls.Config, error) {
	if m := find[*meteredConn](hello.Conn); m != nil && slices.Contains(hello.SupportedProtos, "h2") {
		m.on = true
	}
	return nil, nil
}

// meteredBody notes that a request's body moves.
type meteredBody struct {
	io.ReadCloser
	meter *meteredConn
}

func (b meteredBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.meter.work()
	}
	return n, err
}
