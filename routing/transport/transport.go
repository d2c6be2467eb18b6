// Package transport takes requests to an upstream: connections and their age, TLS, Unix sockets, the lean half for
// the common kind of request and the library's for the rest. It knows no pool and no policy. Goroutines: the
// library's, which end with their connections.
package transport

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

// DialError marks an error from before there was a connection: nothing of the request was sent.
type DialError struct{ err error }

// Error implements error.
func (e *DialError) Error() string { return e.err.Error() }

// Unwrap returns what went wrong.
func (e *DialError) Unwrap() error { return e.err }

// connector connects and sees to it that an error says so.
func connector(timeout time.Duration, dial DialFunc, finish func(context.Context, net.Conn, string) (net.Conn, error)) DialFunc {
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
			return nil, &DialError{err}
		}
		return c, nil
	}
}

func inClear(_ context.Context, c net.Conn, _ string) (net.Conn, error) { return c, nil }

// NewLibrary makes the client half for any kind of request: HTTP/1.1, bodies as they are, no
// proxy from the environment.
func NewLibrary(connectTimeout time.Duration, dial DialFunc, verify *tls.Config) *http.Transport {
	return &http.Transport{
		DialContext:           connector(connectTimeout, dial, clearConn),
		DialTLSContext:        connector(connectTimeout, dial, secureConn(verify)),
		DisableCompression:    true,
		MaxIdleConns:          idleConnsPerHost,
		MaxIdleConnsPerHost:   idleConnsPerHost,
		IdleConnTimeout:       idleConnTimeout,
		ExpectContinueTimeout: continueTimeout,
	}
}

// Config says how upstreams are connected to.
type Config struct {
	ConnectTimeout time.Duration // 0 leaves it to the system
	MaxAge         time.Duration // of a connection that is kept; 0: none
	Dial           DialFunc      // nil means TCP
	TLS            *tls.Config   // verifies upstreams with an https URL; nil asks the system's authorities
}

// Client is the client half for one upstream.
type Client struct {
	Name  []string         // the upstream's id, as the value of a header
	URL   *url.URL         // the upstream's, as HTTP has it; only to be read
	Plain *http1.Transport // for the common kind of request; nil when the upstream speaks TLS
	Any   *General
}

// NewClient makes the client half for the upstream of that id and URL.
func NewClient(cfg Config, id string, u *url.URL) Client {
	dial := Dialer(u, cfg.Dial)
	u = Spoken(u)
	c := Client{Name: []string{id}, URL: u}
	c.Any = newGeneral(cfg.MaxAge, func() *http.Transport { return NewLibrary(cfg.ConnectTimeout, dial, cfg.TLS) })
	if u.Scheme != "http" {
		return c
	}
	addr, connect := u.Host, connector(cfg.ConnectTimeout, dial, inClear)
	if u.Port() == "" {
		addr = net.JoinHostPort(u.Hostname(), "80")
	}
	c.Plain = http1.New(http1.Config{
		Dial:        func(ctx context.Context) (net.Conn, error) { return connect(ctx, "tcp", addr) },
		IdleTimeout: idleConnTimeout, MaxIdle: idleConnsPerHost, MaxAge: cfg.MaxAge,
	})
	return c
}

// CloseIdle closes the connections that carry no request.
func (c *Client) CloseIdle() {
	c.Any.CloseIdle()
	if c.Plain != nil {
		c.Plain.CloseIdleConnections()
	}
}
