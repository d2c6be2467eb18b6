package http1

import (
	"context"
	"errors"
	"net/http"
	"os"
	"syscall"
	"time"
)

// Kept is a connection for an exchange in bytes that has served others before; nil where there is none. Whoever has
// it writes a request, reads the response, and gives it back by Keep, Close or Resume.
func (t *Transport) Kept() *Conn {
	for c := t.take(); c != nil; c = t.take() {
		if c.silent() {
			c.kept, c.sent, c.heard = true, false, false
			return c
		}
		c.close()
	}
	return nil
}

// Fresh is a new connection for an exchange in bytes. It fails as Do does.
func (t *Transport) Fresh(ctx context.Context, deadline time.Time) (*Conn, error) {
	return t.connection(ctx, deadline, true)
}

// Resume ends an exchange that was begun in bytes: r has been sent over c, and read is what has come of its
// response. It fails as Do does, but never by a StaleError.
func (t *Transport) Resume(ctx context.Context, c *Conn, r *Request, read []byte, deadline time.Time) (*http.Response, error) {
	c.read = read
	res, err := c.exchange(ctx, r, deadline, hasLeft)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return res, err
}

// Write sends some of a request.
func (c *Conn) Write(p []byte) (int, error) { return writer{c}.Write(p) }

// Read waits for some of a response.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.nc.Read(p)
	c.heard = c.heard || n > 0
	return n, err
}

// ReadNow reads what is there. It tells by errNothingYet, see IsNothingYet, that Read would wait, or may.
func (c *Conn) ReadNow(p []byte) (int, error) {
	n, err := c.probe.read(p)
	c.heard = c.heard || n > 0
	return n, err
}

// WriteNow sends what there is room for of a request, perhaps nothing.
func (c *Conn) WriteNow(p []byte) (int, error) {
	n, err := c.probe.write(p)
	c.sent = c.sent || n > 0
	return n, err
}

// Socket is the descriptor behind the connection, nil where there is none.
func (c *Conn) Socket() syscall.RawConn { return c.probe.socket() }

// Silent tells whether a connection that has rested is open, with nothing to read.
func (c *Conn) Silent() bool { return c.silent() }

// Rested is for whoever keeps the connection himself: it is for another request now, unless it is too old for one.
func (c *Conn) Rested(now time.Time) bool {
	c.kept, c.sent, c.heard, c.since = true, false, false, now
	return c.until.IsZero() || now.Before(c.until)
}

// Stale tells whether a connection that has rested has done so for too long.
func (c *Conn) Stale(now time.Time) bool { return now.Sub(c.since) >= c.pool.cfg.IdleTimeout }

// IsNothingYet tells that a read would have waited.
func IsNothingYet(err error) bool { return errors.Is(err, errNothingYet) }

// Bound gives reads and writes that time from now, or up to an eighth more, where it is above 0: to set a deadline
// costs as much as little reads do, so the one of before serves where it can. They fail with
// os.ErrDeadlineExceeded, and may be tried again.
func (c *Conn) Bound(now time.Time, limit time.Duration) {
	if limit <= 0 {
		c.free()
		return
	}
	if left := c.due.Sub(now); left >= limit && left <= limit+limit/8 {
		return
	}
	c.due = now.Add(limit + limit/8)
	c.timed = true
	_ = c.nc.SetDeadline(c.due) // fails when closed, as what follows does
}

// Ended tells what the end of an exchange by err means, as Do does: unseen, that the server cannot have seen any
// of the request, which may go over another connection; a StaleError, that it had most likely hung up before.
func (c *Conn) Ended(err error) (unseen bool, why error) { return c.ended(err) }

// Keep gives the connection back, for another request.
func (c *Conn) Keep() { c.pool.keep(c) }

// Close ends the connection.
func (c *Conn) Close() { c.close() }

// IsLate tells of an error that is the end of somebody's time.
func IsLate(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
