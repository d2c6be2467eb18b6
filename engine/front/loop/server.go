//go:build linux

package loop

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"sync"
	"time"

	"slbtui/engine/front/stream"
	"slbtui/routing/fast"
)

// Server serves the clients of a listener.
type Server struct {
	o       stream.Options
	began   time.Time
	loops   []*loop
	serving sync.WaitGroup // loops, and what is slow
}

// New makes a server, with a loop a processor. It fails when the system has no descriptors left.
func New(o stream.Options) (*Server, error) {
	s := &Server{o: o, began: time.Now()}
	for range runtime.GOMAXPROCS(0) {
		l, err := newLoop(s)
		if err != nil {
			for _, l := range s.loops {
				l.free()
			}
			return nil, fmt.Errorf("make an event loop: %w", err)
		}
		s.loops = append(s.loops, l)
	}
	for _, l := range s.loops {
		l.introduce(s.loops)
		s.serving.Go(l.run)
	}
	return s, nil
}

// since is the time of the server at a moment. It is never 0.
func (s *Server) since(t time.Time) time.Duration { return t.Sub(s.began) + 1 }

func (s *Server) clock() time.Duration { return s.since(time.Now()) }

// Serve accepts clients until the listener is closed, and returns why. Their service goes on: see Shutdown.
func (s *Server) Serve(l net.Listener) error {
	var pause time.Duration
	for next := 0; ; next++ {
		c, err := l.Accept()
		if err == nil {
			pause = 0
			s.loops[next%len(s.loops)].tell(news{arrived: s.client(c)})
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

func (s *Server) client(c net.Conn) *client {
	return &client{conn: c, to: fast.Client{
		Conn: c, Socket: stream.SocketOf(c), Addr: stream.AddressOf(c), HalfClose: s.o.HalfClose, HeaderBytes: s.o.HeaderBytes,
	}}
}

// Shutdown closes clients as they become idle, after the listener has been closed, and returns when none is left.
// Those that still are when ctx ends are cut.
func (s *Server) Shutdown(ctx context.Context) {
	gone := make(chan struct{})
	go func() { // ends with the last of them
		defer close(gone)
		s.serving.Wait()
	}()
	s.tell(news{closing: true})
	select {
	case <-gone:
	case <-ctx.Done():
		s.tell(news{cut: true})
		<-gone
	}
}

func (s *Server) tell(n news) {
	for _, l := range s.loops {
		l.tell(n)
	}
}
