package front

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"

	"slbtui/engine/config"
	"slbtui/engine/front/stream"
)

// clients are served in bytes, by a loop or on goroutines.
type clients interface {
	// Serve accepts them until the listener is closed.
	Serve(l net.Listener) error
	// Shutdown waits for them, and cuts those that are left when ctx has ended.
	Shutdown(ctx context.Context)
}

// serveInBytes is Serve with the library behind another front, for whatever that hands over.
func serveInBytes(ctx context.Context, l net.Listener, server *http.Server, o Options) error {
	limits := o.Limits
	handed := newHandedListener(l.Addr(), limits)
	in, accepting, err := newClients(o.Front, l, stream.Options{
		Current: o.Current, HandOver: handed.take, TLS: server.TLSConfig,
		HeaderTimeout: limits.HeaderTimeout, IdleTimeout: limits.IdleTimeout, HalfClose: limits.HalfClose, HeaderBytes: limits.HeaderBytes,
	})
	if err != nil {
		return fmt.Errorf("serve on %s: %w", l.Addr(), err)
	}
	l = boundClients(accepting, limits, server.TLSConfig != nil)
	if o.Count != nil {
		l, server.ConnState = o.Count.count(l), forgetHijacked
	}
	accepted := make(chan error, 1)
	var serving, library sync.WaitGroup
	serving.Go(func() { accepted <- in.Serve(l) })  // ends with the listener
	library.Go(func() { _ = server.Serve(handed) }) // ends with shutdown, below

	select {
	case err = <-accepted:
		err = fmt.Errorf("serve on %s: %w", l.Addr(), err)
		now, cancel := context.WithCancel(ctx)
		cancel() // nobody is waited for
		in.Shutdown(now)
		shutdown(now, server)
	case <-ctx.Done():
		drain, cancel := o.Drain()
		defer cancel()
		_ = l.Close()
		serving.Wait()
		in.Shutdown(drain) // first: it may still hand over
		shutdown(drain, server)
	}
	library.Wait()
	return err
}

// boundClients puts around each connection what its client is bound by, whoever serves it.
func boundClients(l net.Listener, limits config.ClientLimits, secure bool) net.Listener {
	l = LimitConnections(l, limits.Connections)
	if secure {
		l = meterListener{l}
	}
	return boundSends(l, limits.SendTimeout)
}
