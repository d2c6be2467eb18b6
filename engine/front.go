package engine

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

	"slbtui/engine/config"
)

// serveProxy lets clients in until ctx is done, then drains.
func (e *Engine) serveProxy(ctx context.Context) error {
	limits := e.loadBalancer().ClientLimits
	server := e.frontServer(limits)
	failed := make(chan error, 1)
	go func() { // ends with Shutdown or Close, below
		listener := boundSends(limitConnections(e.listener, limits.Connections), limits.SendTimeout)
		if server.TLSConfig != nil {
			failed <- server.ServeTLS(listener, "", "")
			return
		}
		failed <- server.Serve(listener)
	}()
	select {
	case err := <-failed:
		return fmt.Errorf("serve on %s: %w", e.Addr(), err)
	case <-ctx.Done():
	}
	e.announceDrain()
	drain, cancel := context.WithTimeout(e.hurried, e.loadBalancer().DrainTimeout)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		_ = server.Close() // the time is over: cut what is left
	}
	e.closeAll() // ends upgraded connections, which the server no longer knows
	e.front.Load().Retire()
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve on %s: %w", e.Addr(), err)
	}
	return nil
}

// frontServer speaks HTTP/1.1 and HTTP/2: over TLS by ALPN, in clear text by prior knowledge (h2c).
func (e *Engine) frontServer(limits config.ClientLimits) *http.Server {
	server := &http.Server{
		Handler:           e.frontHandler(limits.SendTimeout),
		ReadHeaderTimeout: limits.HeaderTimeout, IdleTimeout: limits.IdleTimeout, MaxHeaderBytes: limits.HeaderBytes,
		ErrorLog:  log.New(io.Discard, "", 0), // aborted clients are no news; what matters is in the metrics
		Protocols: new(http.Protocols),
	}
	server.Protocols.SetHTTP1(true)
	if e.cert == nil {
		server.Protocols.SetUnencryptedHTTP2(true)
		return server
	}
	server.Protocols.SetHTTP2(true)
	server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: e.cert.get}
	return server
}

// frontHandler sends each request to the balancer of the moment.
func (e *Engine) frontHandler(timeout time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 1 || timeout == 0 {
			e.front.Load().ServeHTTP(w, r)
			return
		}
		e.front.Load().ServeHTTP(sendStream{w, timeout}, r)
	}
}

// limitConnections lets at most n connections be open at once; further ones wait in the system's
// queue. 0 sets no limit.
func limitConnections(l net.Listener, n int) net.Listener {
	if n == 0 {
		return l
	}
	return &limitedListener{Listener: l, places: make(chan struct{}, n), closed: make(chan struct{})}
}
