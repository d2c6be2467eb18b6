// Package admin is the operators' side of a running proxy, on a listener of its own: its state,
// metrics in the Prometheus text format, and commands. No traffic path leads here.
//
// Without a file of tokens whoever reaches it may do all, so it listens on this machine alone, and takes nothing
// from a web page that an operator's browser happens to show: see guard. With one, each call needs a token,
// and the role of its holder: see access. Run owns its goroutines and returns when they have ended.
package admin

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"slbtui/engine/admin/token"
	"slbtui/engine/config"
	"slbtui/engine/front"
	"slbtui/engine/live"
	"slbtui/engine/socket"
	"slbtui/routing/proxy"
)

const (
	readTimeout    = 10 * time.Second // longer than a poll: what is read behind its request would end it
	writeTimeout   = 10 * time.Second
	stopTimeout    = time.Second
	maxBody        = 4 << 10 // bytes of a command
	maxConnections = 256
	maxStreams     = 16 // requests at once on a connection of HTTP/2
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
	tokens   *token.Book        // nil: whoever reaches the listener is an operator
	cert     *front.Certificate // nil: clear text
	failures failures
	marks    marks
	polls    chan struct{} // holds one for each that waits
	fleet    Fleet         // nil: this balancer is alone
	registry *prometheus.Registry
	requests *requests
}

// Listen opens the listener, and reads the tokens and the certificate. An address that other machines reach is
// refused, unless cfg allows it and has tokens.
func Listen(cfg config.Admin, e Engine) (_ *Server, err error) {
	registry := newRegistry(e.Snapshot)
	s := &Server{engine: e, registry: registry, requests: newRequests(registry), polls: make(chan struct{}, mostPolls)}
	if cfg.TokensFile != "" {
		if s.tokens, err = token.Open(cfg.TokensFile); err != nil {
			return nil, fmt.Errorf("admin.tokens_file: %w", err)
		}
	}
	if cfg.TLS.On() {
		if s.cert, err = front.LoadCertificate("admin.tls", cfg.TLS); err != nil {
			return nil, err
		}
	}
	if s.listener, err = socket.ListenPrivate(cfg.Listen); err != nil {
		return nil, fmt.Errorf("admin.listen %s: %w; free the port or choose another", cfg.Listen, err)
	}
	if a, ok := s.listener.Addr().(*net.TCPAddr); ok && !a.IP.IsLoopback() && (!cfg.AllowRemote || s.tokens == nil) {
		_ = s.Close() // nothing was accepted
		return nil, fmt.Errorf("admin.listen %s: %s is not on this machine alone; use 127.0.0.1, ::1 or unix:/path, or set admin.allow_remote and admin.tokens_file", cfg.Listen, s.listener.Addr())
	}
	return s, nil
}

// Addr is the address it listens on, HOST:PORT or unix:/path.
func (s *Server) Addr() string { return socket.Address(s.listener.Addr()) }

// URL is what slbtui attach takes.
func (s *Server) URL() string {
	switch addr := s.Addr(); {
	case s.listener.Addr().Network() == "unix":
		return addr
	case s.cert != nil:
		return "https://" + addr
	default:
		return "http://" + addr
	}
}

// Exposed says what is to be known of a listener that other machines reach, "" where all is well.
func (s *Server) Exposed() string {
	if a, ok := s.listener.Addr().(*net.TCPAddr); !ok || a.IP.IsLoopback() || s.cert != nil {
		return ""
	}
	return "the admin listener takes tokens in clear text: set admin.tls, or listen on 127.0.0.1 behind ssh -L"
}

// Close gives the listener back, when Run is never called.
func (s *Server) Close() error { return s.listener.Close() }

// Reread reads the tokens and the certificate again. What cannot be read stays as it was.
func (s *Server) Reread() error {
	var tokens, cert error
	if s.tokens != nil {
		if tokens = s.tokens.Reread(); tokens != nil {
			tokens = fmt.Errorf("admin.tokens_file: those of before are kept: %w", tokens)
		}
	}
	if s.cert != nil {
		if cert = s.cert.Again(); cert != nil {
			cert = fmt.Errorf("the certificate of before is kept: %w", cert)
		}
	}
	return errors.Join(tokens, cert)
}

// Observe counts a request for the metrics.
func (s *Server) Observe(x proxy.Exchange) {
	s.requests.observe(x.ServerID, x.Status, x.Latency, x.Retries)
}

// Run serves until ctx is done.
func (s *Server) Run(ctx context.Context) error {
	server := &http.Server{
		Handler:     s.Handler(),
		ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		HTTP2:       &http.HTTP2Config{MaxConcurrentStreams: maxStreams},
		ErrorLog:    log.New(io.Discard, "", 0),                        // clients that leave are no news
		BaseContext: func(net.Listener) context.Context { return ctx }, // polls end with it
	}
	failed := make(chan error, 1)
	go func() { // ends with Shutdown or Close, below
		l := front.LimitConnections(s.listener, maxConnections)
		if s.cert != nil {
			server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: s.cert.Get}
			failed <- server.ServeTLS(l, "", "")
			return
		}
		failed <- server.Serve(l)
	}()
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
	return s.guard(s.routes(s.endpoints()))
}
