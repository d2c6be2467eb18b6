// Package stream is the front of a goroutine a client: it accepts connections, in clear text or TLS, has package fast
// serve what is plain, and hands over the rest, with what has been read of it. It never routes, and refuses nothing.
// Serve and Shutdown wait for the goroutines that it starts.
package stream

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"syscall"
	"time"

	"slbtui/routing/fast"
	"slbtui/routing/proxy"
)

// Options shape a Server.
type Options struct {
	Current func() *proxy.Handler // of each request
	// HandOver takes a connection that is not plain. Of one that speaks HTTP/2 over TLS, or no TLS at all, nothing
	// has been read.
	HandOver func(net.Conn, fast.Rest)
	TLS      *tls.Config // nil: clear text
	// The limits of a client, as in fast.Client; HeaderTimeout bounds the TLS handshake, too.
	HeaderTimeout, IdleTimeout, HalfClose time.Duration
	HeaderBytes                           int
}

// Server serves the clients of a listener.
type Server struct {
	o       Options
	serving sync.WaitGroup

	mu     sync.Mutex
	open   map[*client]struct{}
	closed bool
}

// New makes a server.
func New(o Options) *Server { return &Server{o: o, open: map[*client]struct{}{}} }

// client is a connection, until it is closed or handed over.
type client struct {
	net.Conn
	session *fast.Session // nil while TLS is agreed; set under the server's lock
}

// Serve accepts clients until the listener is closed, and returns why. Their service goes on: see Shutdown.
func (s *Server) Serve(l net.Listener) error {
	var pause time.Duration
	for {
		c, err := l.Accept()
		if err == nil {
			pause = 0
			s.serving.Go(func() { s.serve(&client{Conn: c}) })
			continue
		}
		var passing interface{ Temporary() bool }
		if !errors.As(err, &passing) || !passing.Temporary() {
			return err
		}
		pause = min(max(5*time.Millisecond, 2*pause), time.Second) // descriptors come back
		time.Sleep(pause)
	}
}

// serve serves one client.
func (s *Server) serve(c *client) {
	defer func() {
		if recover() != nil { // a policy's: its request has been accounted for
			s.leave(c)
			_ = c.Close()
		}
	}()
	if !s.enter(c, nil) || !s.secure(c) {
		return
	}
	to := fast.Client{
		Conn: c.Conn, Socket: SocketOf(c.Conn), Secure: s.o.TLS != nil, Addr: AddressOf(c.Conn),
		HeaderTimeout: s.o.HeaderTimeout, IdleTimeout: s.o.IdleTimeout, HeaderBytes: s.o.HeaderBytes,
	}
	if !to.Secure { // over TLS a client says farewell, and then there is nobody to wait
		to.HalfClose = s.o.HalfClose
	}
	session := fast.NewSession(to, s.o.Current)
	if !s.enter(c, session) {
		return
	}
	rest := session.Serve()
	if s.leave(c); rest.Over {
		_ = c.Close() // the client's end of it is all the same
		return
	}
	s.o.HandOver(c.Conn, rest)
}

// secure agrees upon TLS. It tells whether the client is still ours.
func (s *Server) secure(c *client) bool {
	if s.o.TLS == nil {
		return true
	}
	secure := tls.Server(c.Conn, s.o.TLS)
	ctx, cancel := context.Background(), context.CancelFunc(func() {})
	if s.o.HeaderTimeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, s.o.HeaderTimeout)
	}
	err := secure.HandshakeContext(ctx)
	cancel()
	if err != nil || secure.ConnectionState().NegotiatedProtocol == "h2" {
		s.leave(c)
		s.o.HandOver(secure, fast.Rest{}) // which fails there as it did here
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Conn = secure
	return true
}

// enter notes where a client stands. Once the server is closed it is cut.
func (s *Server) enter(c *client, session *fast.Session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		delete(s.open, c)
		_ = c.Close()
		return false
	}
	c.session = session
	s.open[c] = struct{}{}
	return true
}

func (s *Server) leave(c *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c)
}

// Shutdown closes clients as they become idle, after the listener has been closed, and returns when none is left.
// Those that still are when ctx ends are cut.
func (s *Server) Shutdown(ctx context.Context) {
	gone := make(chan struct{})
	go func() { // ends with the last of them
		defer close(gone)
		s.serving.Wait()
	}()
	for wait := time.Millisecond; ; wait = min(2*wait, 500*time.Millisecond) {
		s.closeIdle()
		timer := time.NewTimer(wait)
		select {
		case <-gone:
			timer.Stop()
			return
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			s.cut()
			<-gone
			return
		}
	}
}

func (s *Server) closeIdle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		if c.session != nil {
			c.session.Idle()
		}
	}
}

func (s *Server) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for c := range s.open {
		if c.session != nil {
			c.session.Close()
		} else {
			_ = c.Close()
		}
	}
}

// SocketOf finds the descriptor of a connection, nil where there is none.
func SocketOf(c net.Conn) syscall.RawConn {
	for {
		switch inner := c.(type) {
		case syscall.Conn:
			raw, err := inner.SyscallConn()
			if err != nil {
				return nil
			}
			return raw
		case interface{ NetConn() net.Conn }:
			c = inner.NetConn()
		default:
			return nil
		}
	}
}

// AddressOf is where a connection comes from, without a port.
func AddressOf(c net.Conn) string {
	address := c.RemoteAddr().String()
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}
