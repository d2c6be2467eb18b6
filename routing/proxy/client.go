package proxy

import (
	"net/http"
	"sync"
	"time"

	"slbtui/routing"
	"slbtui/routing/policy"
)

// patience is how long a server must have waited for a client until it may hang up: what breaks after
// that says nothing of the server.
const patience = time.Second

// libraryBuffer is how much of a response body the library takes before it sends any, in bytes: 2 KiB over
// HTTP/1.1, 4 KiB over HTTP/2. Whoever writes no more than that waits for nobody.
const libraryBuffer = 2 << 10

// awaited is what of a client is waited for.
type awaited uint8

const (
	awaitedBody awaited = 1 << iota // more of what it uploads
	awaitedRoom                     // that it takes what it is sent
)

// client is the client's side of an exchange, and the account of the time in which the balancer waited for
// it: reads of its body, writes to it. That time is none of the server's (see policy.Outcome). A body is
// read on the transport's goroutine while the handler writes, hence the lock; where both wait, the time
// counts once. Everything that is sent to the client goes through here. A nil *client is never waited for.
type client struct {
	http.ResponseWriter
	sent int // of the response body

	mu       sync.Mutex
	waits    awaited
	since    time.Time        // the wait of now began
	turned   time.Time        // a wait began or ended last
	waited   time.Duration    // in waits that are over
	before   time.Duration    // of that, before the attempt
	decision routing.Decision // of the attempt; the zero value when none is judged
}

// await begins a wait, came ends it, if there is one.
func (c *client) await(what awaited) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turned = time.Now()
	if c.waits == 0 {
		c.since = c.turned
		c.decision.Suspend()
	}
	c.waits |= what
}

func (c *client) came(what awaited) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waits&what == 0 {
		return
	}
	c.turned = time.Now()
	if c.waits &^= what; c.waits == 0 {
		c.waited += c.turned.Sub(c.since)
		c.decision.Resume()
	}
}

// interrupt ends a read of the body: the transport waits for it even when the attempt has been cancelled.
// A connection that can't be is let go of by the client.
func (c *client) interrupt() error { return c.deadline(time.Unix(1, 0)) }

// deadline is that of reads of the body.
func (c *client) deadline(t time.Time) error {
	return http.NewResponseController(c.ResponseWriter).SetReadDeadline(t)
}

// now tells what is waited for, and since when that, or nothing, is so.
func (c *client) now() (awaited, time.Time) {
	if c == nil {
		return 0, time.Time{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.waits, c.turned
}

// total is all the time that was waited.
func (c *client) total() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sum()
}

// ofAttempt is what of it was waited in the attempt.
func (c *client) ofAttempt() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sum() - c.before
}

// account is all the time that was waited, and what of it was in the attempt that was judged last.
func (c *client) account() (total, ofAttempt time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	total = c.sum()
	return total, total - c.before
}

func (c *client) sum() time.Duration {
	if c.waits != 0 {
		return c.waited + time.Since(c.since)
	}
	return c.waited
}

// judge begins the account of an attempt.
func (c *client) judge(d routing.Decision) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.decision, c.before = d, c.sum()
}

// judged ends it, and adds to the outcome what the client had to do with it.
func (c *client) judged(o policy.Outcome) policy.Outcome {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.decision = routing.Decision{}
	o.Waited = c.sum() - c.before
	if o.Failure == policy.FailureRemote && o.Waited >= patience {
		o.Failure = policy.FailureLocal
	}
	return o
}

// WriteHeader implements http.ResponseWriter. 1xx responses are sent at once, others with what follows.
func (c *client) WriteHeader(status int) {
	if status < 200 {
		c.await(awaitedRoom)
		defer c.came(awaitedRoom)
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (c *client) Write(p []byte) (int, error) {
	if c.sent += len(p); c.sent > libraryBuffer {
		c.await(awaitedRoom)
		defer c.came(awaitedRoom)
	}
	return c.ResponseWriter.Write(p)
}

// FlushError is what http.ResponseController looks for.
func (c *client) FlushError() error {
	c.await(awaitedRoom)
	defer c.came(awaitedRoom)
	return http.NewResponseController(c.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController find the rest.
func (c *client) Unwrap() http.ResponseWriter { return c.ResponseWriter }
