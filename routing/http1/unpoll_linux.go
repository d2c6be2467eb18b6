package http1

import (
	"net"
	"time"

	"slbtui/routing/unpolled"
)

// Unpoll is for whoever keeps the connection himself and waits for it by an epoll of his own: Go's poller forgets
// it, until somebody waits in a call. Where that cannot be, all stays as it is.
func (c *Conn) Unpoll() {
	if u, err := unpolled.Of(c.nc); err == nil {
		if c.nc != net.Conn(u) { // which has no deadline
			c.nc, c.timed, c.due = u, false, time.Time{}
		}
		c.abort = func() { _ = u.Close() }
		c.probe.prepare(u)
	}
}
