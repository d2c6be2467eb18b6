//go:build linux

package loop

import (
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"slbtui/routing/fast"
)

// client is a connection of a client's.
type client struct {
	conn     net.Conn
	to       fast.Client
	flow     *fast.Flow
	slot     int32
	state    state
	readable bool      // there may be something to read
	gone     bool      // it has closed its side, or all
	since    time.Time // it is idle
	served   bool      // it has had a response
	server   *upstream // that its request has gone to; nil while there is none, or it is slow
}

type state uint8

const (
	idle    state = iota // between two requests
	waiting              // for its server
	stalled              // it has not taken what it was sent
	slow                 // on a goroutine of its own
)

// newGrace is how long a connection without a request is no idle one: its request may be on the way.
const newGrace = 5 * time.Second

// What is watched of a connection. Events come when something changes, not while it lasts. A read ends before what a
// server says is urgent, which no HTTP is, and does not tell of what lies behind it.
const (
	watchServer = unix.EPOLLIN | unix.EPOLLPRI | unix.EPOLLRDHUP | unix.EPOLLET
	watchClient = unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLRDHUP | unix.EPOLLET
	hangUp      = unix.EPOLLRDHUP | unix.EPOLLHUP | unix.EPOLLERR
)

// watch adds a descriptor to the epoll.
func (l *loop) watch(socket syscall.RawConn, events uint32, at, use int32) error {
	var err error
	closed := socket.Control(func(fd uintptr) {
		err = unix.EpollCtl(l.fd, unix.EPOLL_CTL_ADD, int(fd), &unix.EpollEvent{Events: events, Fd: at, Pad: use})
	})
	if closed != nil {
		return closed
	}
	return err
}

// unwatch takes it out. One that is closed is out already.
func (l *loop) unwatch(socket syscall.RawConn) {
	_ = socket.Control(func(fd uintptr) { _ = unix.EpollCtl(l.fd, unix.EPOLL_CTL_DEL, int(fd), nil) })
}

// arrive takes a new client in.
func (l *loop) arrive(c *client) {
	if l.cut || c.to.Socket == nil {
		_ = c.conn.Close()
		return
	}
	var use int32
	c.slot, use = l.slots.put(c)
	if l.watch(c.to.Socket, watchClient, c.slot, use) != nil { // the system lacks memory
		l.slots.clear(c.slot)
		_ = c.conn.Close()
		return
	}
	c.flow = fast.NewFlow(c.to, l.server.o.Current, &l.servers)
	c.since = l.now
	l.clients[c] = struct{}{}
}

// back takes a client in whose slow request is over.
func (l *loop) back(c *client) {
	if l.cut {
		l.drop(c)
		return
	}
	c.state, c.readable = idle, true // for all that is known
	c.rests(l)
	l.onClient(c)
}

func (c *client) rests(l *loop) {
	c.state, c.since, c.served = idle, l.now, true
}

// onClient is told that there may be something of a client's to read.
func (l *loop) onClient(c *client) {
	switch {
	case c.state == idle:
		for c.state == idle && c.readable {
			c.readable = c.gone // behind the last request comes the end
			l.serving = c
			l.proceed(c, c.flow.FromClient())
		}
	case c.underWay() && c.gone:
		l.toGoroutine(c) // which sees what that means
	}
}

// underWay tells whether a request of the client's is, in this loop.
func (c *client) underWay() bool { return c.state == waiting || c.state == stalled }

// onRoom is told that there may be room for more on the way to a client.
func (l *loop) onRoom(c *client) {
	if c.state == stalled {
		l.resume(c, c.flow.FromRoom)
	}
}

// onServer is told that there may be something of a server's to read.
func (l *loop) onServer(u *upstream) {
	c := u.client
	if c == nil {
		if !u.conn.Silent() { // it has become idle in this batch, by another's event, and nobody will hear of this again
			l.servers.dismiss(u)
		}
		return
	}
	if c.state == waiting {
		l.resume(c, c.flow.FromServer)
	}
}

// resume goes on with a request that is under way.
func (l *loop) resume(c *client, on func() fast.Want) {
	l.waiting--
	c.state = idle
	l.serving = c
	l.proceed(c, on())
	l.onClient(c)
}

// proceed goes on with what a flow wants.
func (l *loop) proceed(c *client, want fast.Want) {
	switch want {
	case fast.WantRequest:
		c.rests(l)
	case fast.WantResponse, fast.WantRoom:
		if c.state = waiting; want == fast.WantRoom {
			c.state = stalled
		}
		l.waiting++
	case fast.WantTime:
		l.toGoroutine(c)
	case fast.WantNothing:
		l.drop(c)
	}
}

// toGoroutine has a client's request go on where somebody may wait.
func (l *loop) toGoroutine(c *client) {
	if c.underWay() {
		l.waiting--
	}
	c.state = slow
	l.slow++
	if c.server != nil {
		l.servers.give(c.server)
	}
	l.server.serving.Go(func() {
		rest, flows := c.flow.Continue()
		if flows {
			l.tell(news{returned: c})
			return
		}
		l.unwatch(c.to.Socket)
		l.tell(news{left: c})
		if rest.Over {
			_ = c.conn.Close() // the client's end of it is all the same
			return
		}
		l.server.o.HandOver(c.conn, rest)
	})
}

// drop closes a client that is not slow.
func (l *loop) drop(c *client) {
	if c.underWay() {
		l.waiting--
	}
	if c.server != nil {
		l.servers.give(c.server)
	}
	c.flow.Close()
	l.forget(c)
}

// forget is for a client that is no longer ours.
func (l *loop) forget(c *client) {
	if _, ok := l.clients[c]; ok {
		delete(l.clients, c)
		l.slots.clear(c.slot)
		c.state = slow // nothing is to be done for it any more
	}
}

// look looks whose time is over.
func (l *loop) look() {
	for c := range l.clients {
		switch c.state {
		case waiting, stalled:
			if l.cut {
				l.drop(c)
			} else if l.now.Sub(c.flow.Began()) >= patience {
				l.toGoroutine(c)
			}
		case idle:
			if l.over(c) {
				l.drop(c)
			}
		case slow:
			if l.cut {
				_ = c.conn.Close() // which its goroutine notices
			}
		}
	}
	l.servers.look(l.now)
}

// over tells whether an idle client is to be closed.
func (l *loop) over(c *client) bool {
	rested, limit := l.now.Sub(c.since), l.server.o.HeaderTimeout
	if c.served {
		limit = l.server.o.IdleTimeout
	}
	return limit > 0 && rested >= limit || l.cut || !l.closing.IsZero() && (c.served || rested >= newGrace)
}
