// Package front is the clients' side of the proxy: connections and their limits, sends that nobody takes, TLS
// and its certificate, HTTP/1.1 and HTTP/2. It never routes: what a request is answered with is a
// handler's. Serve owns its goroutine and waits for it.
package front

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

// Options shape Serve.
type Options struct {
	Limits      config.ClientLimits
	Certificate *Certificate // nil: clear text
	// Drain is called when the context of Serve has ended, while clients are still let in. The context that
	// it returns bounds the time for the requests in flight once they are not.
	Drain func() (context.Context, context.CancelFunc)
}

// Serve lets clients in until ctx is done, then drains. It speaks HTTP/1.1 and HTTP/2: over TLS by ALPN,
// in clear text by prior knowledge (h2c). It returns when the listener is closed and no request is in
// flight; upgraded connections are the handler's to end.
func Serve(ctx context.Context, l net.Listener, h http.Handler, o Options) error {
	server := frontServer(h, o)
	failed := make(chan error, 1)
	go func() { // ends with Shutdown or Close, below
		listener := boundSends(limitConnections(l, o.Limits.Connections), o.Limits.SendTimeout)
		if server.TLSConfig != nil {
			failed <- server.ServeTLS(listener, "", "")
			return
		}
		failed <- server.Serve(listener)
	}()
	select {
	case err := <-failed:
		return fmt.Errorf("serve on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	drain, cancel := o.Drain()
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		_ = server.Close() // the time is over: cut what is left
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve on %s: %w", l.Addr(), err)
	}
	return nil
}

func frontServer(h http.Handler, o Options) *http.Server {
	server := &http.Server{
		Handler:           boundStreams(h, o.Limits.SendTimeout),
		ReadHeaderTimeout: o.Limits.HeaderTimeout, IdleTimeout: o.Limits.IdleTimeout, MaxHeaderBytes: o.Limits.HeaderBytes,
		ErrorLog:  log.New(io.Discard, "", 0), // aborted clients are no news; what matters is in the metrics
		Protocols: new(http.Protocols),
	}
	server.Protocols.SetHTTP1(true)
	if o.Certificate == nil {
		server.Protocols.SetUnencryptedHTTP2(true)
		return server
	}
	server.Protocols.SetHTTP2(true)
	server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: o.Certificate.get}
	return server
}

// boundStreams bounds the sends of HTTP/2, which shares a connection: see sendConn for those of HTTP/1.
func boundStreams(h http.Handler, timeout time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 1 || timeout == 0 {
			h.ServeHTTP(w, r)
			return
		}
		h.ServeHTTP(sendStream{w, timeout}, r)
	})
}
