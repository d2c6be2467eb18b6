package backends

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	readHeaderTimeout = 10 * time.Second
	idleTimeout       = 2 * time.Minute // above that of usual proxies, so that they close first
	maxHeaderBytes    = 64 << 10
	drainTime         = time.Second
)

// A life is the time between two crashes: one listener, and the connections that came through it.
type life struct {
	*Server
	ctx    context.Context // ended when the connections are cut; the parent of every request's
	end    context.CancelFunc
	http   *http.Server
	conns  sync.WaitGroup
	broken chan error // what ended accepting, if not we
	done   chan struct{}
}

// live serves ln.
func (s *Server) live(ln net.Listener) *life {
	l := &life{Server: s, broken: make(chan error, 1), done: make(chan struct{})}
	l.ctx, l.end = context.WithCancel(context.Background())
	l.http = &http.Server{
		Handler:                      l,
		BaseContext:                  func(net.Listener) context.Context { return l.ctx },
		ConnState:                    l.count,
		ErrorLog:                     slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		ReadHeaderTimeout:            readHeaderTimeout,
		IdleTimeout:                  idleTimeout,
		MaxHeaderBytes:               maxHeaderBytes,
		DisableGeneralOptionsHandler: true,
	}
	s.up.Store(true)
	go func() {
		defer close(l.done)
		if err := l.http.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			l.broken <- err
		}
	}()
	return l
}

// count keeps track of open connections: net/http closes them, but does not wait for their goroutines.
func (l *life) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		l.conns.Add(1)
	case http.StateClosed:
		l.conns.Done()
	}
}

// kill cuts everything, and returns when all of it has ended.
func (l *life) kill() {
	l.up.Store(false)
	l.end()
	_ = l.http.Close()
	<-l.done
	_ = l.http.Close() // a connection accepted during the first Close escapes it
	l.conns.Wait()
}

// drain gives the requests in progress a moment, then cuts.
func (l *life) drain() {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	_ = l.http.Shutdown(ctx)
	l.kill()
}
