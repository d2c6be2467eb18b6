package http1

import (
	"context"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// Config shapes a Transport.
type Config struct {
	// Dial connects to the server.
	Dial func(ctx context.Context) (net.Conn, error)
	// IdleTimeout is how long a connection is kept without use; it must be positive.
	IdleTimeout time.Duration
	// MaxIdle is how many are kept.
	MaxIdle int
	// MaxAge is how long a connection takes new requests, up to an eighth less, so that those made at once
	// do not end at once; 0: for ever. It is what makes us follow a name to another address.
	MaxAge time.Duration
}

// Transport holds the connections to one server. It is safe for concurrent use.
type Transport struct {
	cfg Config

	mu      sync.Mutex
	idle    []*Conn // the one used last at the end
	sweeper *time.Timer
	closing bool // connections that come back are closed
}

// New makes a Transport without connections.
func New(cfg Config) *Transport { return &Transport{cfg: cfg} }

// Do sends r and returns the response when its header has come. The response's body must be read to
// its end, or closed. A server that says nothing in time is os.ErrDeadlineExceeded, here and from the
// body, one that ends a kept connection a StaleError: no request is sent twice. When ctx ends, so does the
// connection.
func (t *Transport) Do(ctx context.Context, r *Request) (*http.Response, error) {
	if !clean(r.Target) || !token(r.Method) {
		return nil, errTarget
	}
	var deadline time.Time
	if r.HeaderTimeout > 0 {
		deadline = time.Now().Add(r.HeaderTimeout)
	}
	for fresh := r.Fresh; ; fresh = true {
		c, err := t.connection(ctx, deadline, fresh)
		if err != nil {
			return nil, err
		}
		res, err := c.exchange(ctx, r, deadline, (*Conn).write)
		if err == nil {
			return res, nil
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if unseen, why := c.ended(err); !unseen {
			return nil, why
		}
	}
}

// connection takes the connection that was used last, for those that were not will end soon, or
// makes one.
func (t *Transport) connection(ctx context.Context, deadline time.Time, fresh bool) (*Conn, error) {
	if !fresh {
		if c := t.Kept(); c != nil {
			return c, nil
		}
	}
	if !deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadlineCause(ctx, deadline, os.ErrDeadlineExceeded)
		defer cancel()
	}
	nc, err := t.cfg.Dial(ctx)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return nil, cause
		}
		if !deadline.IsZero() && !time.Now().Before(deadline) {
			return nil, os.ErrDeadlineExceeded // the poller was faster than the context's timer
		}
		return nil, err
	}
	return newConn(t, nc), nil
}

func (t *Transport) take() *Conn {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closing = false
	last := len(t.idle) - 1
	if last < 0 {
		return nil
	}
	c := t.idle[last]
	t.idle[last] = nil
	t.idle = t.idle[:last]
	return c
}

// keep takes a connection back.
func (t *Transport) keep(c *Conn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c.since = time.Now()
	if t.closing || len(t.idle) >= t.cfg.MaxIdle || !c.until.IsZero() && c.since.After(c.until) {
		c.close()
		return
	}
	t.idle = append(t.idle, c)
	if len(t.idle) > 1 {
		return // the sweeper is under way
	}
	if t.sweeper == nil {
		t.sweeper = time.AfterFunc(t.cfg.IdleTimeout, t.sweep)
	}
}

// sweep closes the connections that were not used for too long, and comes again while there are others.
func (t *Transport) sweep() {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, old := time.Now(), 0
	for old < len(t.idle) && now.Sub(t.idle[old].since) >= t.cfg.IdleTimeout {
		t.idle[old].close()
		old++
	}
	n := copy(t.idle, t.idle[old:])
	clear(t.idle[n:])
	t.idle = t.idle[:n]
	if n == 0 {
		t.sweeper = nil
		return
	}
	t.sweeper.Reset(max(t.cfg.IdleTimeout-now.Sub(t.idle[0].since), t.cfg.IdleTimeout/8))
}

// CloseIdleConnections closes those that no request uses, and those that come back before the next
// request is sent.
func (t *Transport) CloseIdleConnections() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closing = true
	for _, c := range t.idle {
		c.close()
	}
	clear(t.idle)
	t.idle = t.idle[:0]
}
