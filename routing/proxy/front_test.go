//go:build unix

package proxy_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"slbtui/routing/fast"
	"slbtui/routing/http1"
	"slbtui/routing/proxy"
)

// The tests of this package run again with package fast in front of the library.
func init() {
	proxy.Fronts["a goroutine a client"] = front(func(c fast.Client, h func() *proxy.Handler) served { return fast.NewSession(c, h) })
	proxy.Fronts["in steps"] = front(func(c fast.Client, h func() *proxy.Handler) served {
		return &steps{client: c, flow: fast.NewFlow(c, h, &kept{})}
	})
}

// served is a connection in bytes.
type served interface {
	Serve() fast.Rest
	Close()
}

// front lets clients in as engine/front does, until stop is called.
func front(serve func(fast.Client, func() *proxy.Handler) served) proxy.Front {
	return func(l net.Listener, server *http.Server, h *proxy.Handler) (stop func()) {
		return letIn(l, server, h, serve)
	}
}

func letIn(l net.Listener, server *http.Server, h *proxy.Handler, serve func(fast.Client, func() *proxy.Handler) served) (stop func()) {
	f := &bytesFront{listener: l, serving: serve, handed: make(chan net.Conn), closed: make(chan struct{})}
	server.ConnContext = func(ctx context.Context, c net.Conn) context.Context { return c.(*fast.Handed).In(ctx) }
	var library, clients sync.WaitGroup
	server.ConnState = func(_ net.Conn, s http.ConnState) {
		switch s {
		case http.StateNew:
			library.Add(1)
		case http.StateHijacked, http.StateClosed:
			library.Done()
		}
	}
	library.Go(func() { _ = server.Serve(f) })
	library.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			clients.Go(func() { f.serve(c, h) })
		}
	})
	return func() {
		_ = l.Close()
		close(f.closed)
		f.mu.Lock()
		for _, s := range f.sessions {
			s.Close()
		}
		f.mu.Unlock()
		_ = server.Close()
		clients.Wait()
		library.Wait()
	}
}

// bytesFront is what the library accepts from.
type bytesFront struct {
	listener net.Listener
	handed   chan net.Conn
	closed   chan struct{}
	mu       sync.Mutex
	sessions []served
	serving  func(fast.Client, func() *proxy.Handler) served
}

func (f *bytesFront) serve(c net.Conn, h *proxy.Handler) {
	socket, _ := c.(syscall.Conn).SyscallConn()
	s := f.serving(fast.Client{Conn: c, Socket: socket, Addr: "127.0.0.1", IdleTimeout: time.Minute}, func() *proxy.Handler { return h })
	f.mu.Lock()
	f.sessions = append(f.sessions, s)
	f.mu.Unlock()
	rest := s.Serve()
	if rest.Over {
		_ = c.Close()
		return
	}
	select {
	case f.handed <- rest.Conn(c):
	case <-f.closed:
		_ = rest.Conn(c).Close()
	}
}

func (f *bytesFront) Accept() (net.Conn, error) {
	select {
	case c := <-f.handed:
		return c, nil
	case <-f.closed:
		return nil, net.ErrClosed
	}
}

func (f *bytesFront) Close() error   { return nil }
func (f *bytesFront) Addr() net.Addr { return f.listener.Addr() }

// steps drives a Flow as a loop does, but for one client alone.
type steps struct {
	client fast.Client
	flow   *fast.Flow
}

func (s *steps) Close() { _ = s.client.Conn.Close() }

// Serve is what fast.Session's is.
func (s *steps) Serve() fast.Rest {
	for {
		for want := s.flow.FromClient(); want != fast.WantRequest; {
			switch want {
			case fast.WantNothing:
				return fast.Rest{Over: true}
			case fast.WantResponse:
				if want = fast.WantTime; awaits(s.flow.Conn().Socket(), unix.POLLIN) {
					want = s.flow.FromServer()
				}
			case fast.WantRoom:
				if want = fast.WantTime; awaits(s.client.Socket, unix.POLLOUT) {
					want = s.flow.FromRoom()
				}
			case fast.WantTime:
				rest, flows := s.flow.Continue()
				if !flows {
					return rest
				}
				want = fast.WantRequest
			}
		}
		_ = s.client.Conn.SetReadDeadline(time.Time{})
		if s.client.Socket.Read(readable) != nil {
			s.flow.Close()
			return fast.Rest{Over: true}
		}
	}
}

// awaits tells whether there is something to read, or room to write, soon.
func awaits(socket syscall.RawConn, what int16) bool {
	for begun := time.Now(); time.Since(begun) < 250*time.Millisecond; <-time.After(time.Millisecond) {
		if there := false; socket.Control(func(fd uintptr) { there = ready(fd, what) }) != nil || there {
			return true
		}
	}
	return false
}

// readable tells whether a read would not wait.
func readable(fd uintptr) bool { return ready(fd, unix.POLLIN) }

func ready(fd uintptr, what int16) bool {
	poll := []unix.PollFd{{Fd: int32(fd), Events: what}}
	n, err := unix.Poll(poll, 0)
	return n > 0 || err != nil && !errors.Is(err, unix.EINTR)
}

// kept are the connections of such a client.
type kept struct{}

func (*kept) Take(t *http1.Transport) *http1.Conn { return t.Kept() }

func (*kept) Put(c *http1.Conn, _ *http1.Transport, fit fast.Fitness) {
	if fit == fast.Fit {
		c.Keep()
	} else {
		c.Close()
	}
}
