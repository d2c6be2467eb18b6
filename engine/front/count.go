package front

import (
	"net"
	"net/http"
	"sync/atomic"
)

// Connections counts those of clients. The zero value is ready to use, by any number of goroutines.
type Connections struct {
	open     atomic.Int64
	accepted atomic.Uint64
}

// Open is how many are open, upgraded ones left out.
func (c *Connections) Open() int { return int(c.open.Load()) }

// Accepted is how many there have been.
func (c *Connections) Accepted() uint64 { return c.accepted.Load() }

// follow is for http.Server.ConnState. A connection that is upgraded is no longer the server's.
func (c *Connections) follow(_ net.Conn, s http.ConnState) {
	switch s {
	case http.StateNew:
		c.accepted.Add(1)
		c.open.Add(1)
	case http.StateClosed, http.StateHijacked:
		c.open.Add(-1)
	}
}
