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
	"slbtui/routing/proxy"
)

// Options shape Serve.
type Options struct {
	Limits      config.ClientLimits
	Certificate *Certificate // nil: clear text
	Count       *Connections // nil: nobody asks
	Front       config.Front
	Current     func() *proxy.Handler // of the moment, for fronts in bytes
	// Drain is called when the context of Serve has ended, while clients are still let in. The context that
	// it returns bounds the time for the requests in flight once they are not.
	Drain func() (context.Context, context.CancelFunc)
}

// Serve lets clients in until ctx is done, then drains. It speaks HTTP/1.1 and HTTP/2: over TLS by ALPN,
// in clear text by prior knowledge (h2c). It returns when the listener is closed and no request is in
// flight; upgraded connections are the handler's to end.
func Serve(ctx context.Context, l net.Listener, h http.Handler, o Options) error {
	server := frontServer(h, o)
	if o.Front != config.FrontLibrary {
		return serveInBytes(ctx, l, server, o)
	}
	failed := make(chan error, 1)
	go func() { // ends with Shutdown or Close, below
		listener := bound(l, o.Limits)
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
	shutdown(drain, server)
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve on %s: %w", l.Addr(), err)
	}
	return nil
}

func shutdown(ctx context.Context, server *http.Server) {
	if err := server.Shutdown(ctx); err != nil {
		_ = server.Close() // the time is over: cut what is left
	}
}

// bound puts around each connection what its client is bound by.
func bound(l net.Listener, limits config.ClientLimits) net.Listener {
	l = meterListener{allowHalfClose(l, limits.HalfClose)}
	return boundSends(LimitConnections(l, limits.Connections), limits.SendTimeout)
}

func frontServer(h http.Handler, o Options) *http.Server {
	limits := o.Limits
	server := &http.Server{
		Handler:           boundStreams(h, limits.SendTimeout),
		ReadHeaderTimeout: orNever(limits.HeaderTimeout), IdleTimeout: orNever(limits.IdleTimeout), MaxHeaderBytes: limits.HeaderBytes,
		ErrorLog:    log.New(io.Discard, "", 0), // aborted clients are no news; what matters is in the metrics
		Protocols:   new(http.Protocols),
		ConnContext: connContext,
	}
	// Where the handler is asked, it has its own way. The library answers an Expect that it does not know by
	// itself, and then waits for the body.
	server.ReadTimeout = limits.BodyTimeout
	if o.Count != nil {
		server.ConnState = o.Count.follow
	}
	server.DisableGeneralOptionsHandler = true // the handler answers "OPTIONS *", and counts it
	server.Protocols.SetHTTP1(true)
	if o.Certificate == nil {
		server.Protocols.SetUnencryptedHTTP2(true)
		return server
	}
	server.Protocols.SetHTTP2(true)
	server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: o.Certificate.Get, GetConfigForClient: meterOffered, NextProtos: []string{"h2", "http/1.1"}}
	return server
}

// orNever keeps the library from taking ReadTimeout for a limit that is 0.
func orNever(limit time.Duration) time.Duration {
	if limit == 0 {
		return -1
	}
	return limit
}

// boundStreams bounds the streams of HTTP/2, which share a connection: see sendConn for what bounds HTTP/1.
func boundStreams(h http.Handler, timeout time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 1 {
			h.ServeHTTP(w, r)
			return
		}
		s := sendStream{ResponseWriter: w, timeout: timeout}
		if meter, _ := r.Context().Value(meterKey{}).(*meteredConn); meter != nil {
			s.meter = meter
			meter.work()
			defer meter.ending(r)
			if r.ContentLength != 0 {
				r.Body = meteredBody{r.Body, meter}
			}
		}
		defer s.finish(r)
		h.ServeHTTP(s, r)
	})
}
