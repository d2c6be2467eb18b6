package routing

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"time"

	"slbtui/routing/http1"
)

// DialFunc connects to an upstream.
type DialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

const (
	// idleConnTimeout is below the keep-alive time of common servers (Node.js closes after 5 s):
	// a request sent while the server hangs up is lost, and one with a body can't be sent again.
	idleConnTimeout = 4 * time.Second
	// idleConnsPerHost is how many connections to a server are kept; the library's 2 would make
	// nearly every request of a busy balancer connect anew.
	idleConnsPerHost = 1024
	// continueTimeout is how long a body waits for "100 Continue" where the client asked for it.
	continueTimeout = time.Second
)

// dialError marks an error from before there was a connection: nothing of the request was sent.
type dialError struct{ err error }

func (e *dialError) Error() string { return e.err.Error() }
func (e *dialError) Unwrap() error { return e.err }

// connector connects and sees to it that an error says so.
func connector(timeout time.Duration, dial DialFunc, finish func(context.Context, net.Conn, string) (net.Conn, error)) DialFunc {
	if dial == nil {
		dial = (&net.Dialer{KeepAlive: 30 * time.Second}).DialContext
	}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		if timeout > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, timeout)
			defer cancel()
		}
		c, err := dial(ctx, network, addr)
		if err == nil {
			c, err = finish(ctx, c, addr)
		}
		if err != nil {
			return nil, &dialError{err}
		}
		return c, nil
	}
}

func inClear(_ context.Context, c net.Conn, _ string) (net.Conn, error) { return c, nil }

// newTransport makes the client half for any kind of request: HTTP/1.1, bodies as they are, no
// proxy from the environment.
func newTransport(connectTimeout time.Duration, dial DialFunc, verify *tls.Config) *http.Transport {
	return &http.Transport{
		DialContext: connector(connectTimeout, dial, inClear),
		DialTLSContext: connector(connectTimeout, dial, func(ctx context.Context, c net.Conn, addr string) (net.Conn, error) {
			return handshake(ctx, c, addr, verify)
		}),
		DisableCompression:    true,
		MaxIdleConns:          idleConnsPerHost,
		MaxIdleConnsPerHost:   idleConnsPerHost,
		IdleConnTimeout:       idleConnTimeout,
		ExpectContinueTimeout: continueTimeout,
	}
}

// client is the client half for one upstream.
type client struct {
	name  []string         // the upstream's, as the value of ServedByHeader
	plain *http1.Transport // for the common kind of request; nil when the upstream speaks TLS
	any   *http.Transport
}

func newClient(cfg HandlerConfig, id string, u *url.URL) client {
	c := client{name: []string{id}, any: newTransport(cfg.ConnectTimeout, cfg.Dial, cfg.UpstreamTLS)}
	if u.Scheme != "http" {
		return c
	}
	addr, connect := u.Host, connector(cfg.ConnectTimeout, cfg.Dial, inClear)
	if u.Port() == "" {
		addr = net.JoinHostPort(u.Hostname(), "80")
	}
	c.plain = http1.New(http1.Config{
		Dial:        func(ctx context.Context) (net.Conn, error) { return connect(ctx, "tcp", addr) },
		IdleTimeout: idleConnTimeout, MaxIdle: idleConnsPerHost,
	})
	return c
}

func (c *client) closeIdle() {
	c.any.CloseIdleConnections()
	if c.plain != nil {
		c.plain.CloseIdleConnections()
	}
}
