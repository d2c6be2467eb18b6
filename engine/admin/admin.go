// Package admin is the operators' side of a running proxy, on a listener of its own: its state,
// metrics in the Prometheus text format, and commands. No traffic path leads here.
//
// It asks for no password, so it listens on this machine alone unless told otherwise, and takes
// nothing from a web page that an operator's browser happens to show: see guard. Run owns its
// goroutines and returns when they have ended.
package admin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/routing/proxy"
)

const (
	readTimeout  = 5 * time.Second
	writeTimeout = 10 * time.Second
	stopTimeout  = time.Second
	maxBody      = 4 << 10 // bytes of a command
)

// Engine is what operators see and command.
type Engine interface {
	Snapshot() *live.Snapshot
	Do(ctx context.Context, cmd live.Command) error
}

// Server is the admin listener, a companion of the engine.
type Server struct {
	engine   Engine
	listener net.Listener
	remote   bool
	registry *prometheus.Registry
	requests *requests
}

// Listen opens the listener. An address that other machines reach is refused, unless cfg allows it.
func Listen(cfg config.Admin, e Engine) (*Server, error) {
	l, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("admin.listen %s: %w; free the port or choose another", cfg.Listen, err)
	}
	if a, ok := l.Addr().(*net.TCPAddr); !cfg.AllowRemote && (!ok || !a.IP.IsLoopback()) {
		_ = l.Close() // nothing was accepted
		return nil, fmt.Errorf("admin.listen %s: %s is not on this machine alone; use 127.0.0.1 or ::1, or set admin.allow_remote", cfg.Listen, l.Addr())
	}
	registry := newRegistry(e.Snapshot)
	return &Server{engine: e, listener: l, remote: cfg.AllowRemote, registry: registry, requests: newRequests(registry)}, nil
}

// Addr is the address it listens on.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Close gives the listener back, when Run is never called.
func (s *Server) Close() error { return s.listener.Close() }

// Observe counts a request for the metrics.
func (s *Server) Observe(x proxy.Exchange) {
	s.requests.observe(x.ServerID, x.Status, x.Latency, x.Attempts)
}

// Run serves until ctx is done.
func (s *Server) Run(ctx context.Context) error {
	server := &http.Server{
		Handler:     s.Handler(),
		ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: log.New(io.Discard, "", 0), // clients that leave are no news
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(s.listener) }() // ends with Shutdown or Close, below
	select {
	case err := <-failed:
		return fmt.Errorf("serve on %s: %w", s.Addr(), err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		_ = server.Close() // the time is over: cut what is left
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Handler answers the operators.
func (s *Server) Handler() http.Handler {
	return s.guard(routes(s.endpoints()))
}
