//go:build linux

package loop

import (
	"slices"
	"time"

	"slbtui/routing/fast"
	"slbtui/routing/http1"
)

type (
	transport = *http1.Transport
	conn      = *http1.Conn
)

// servers are the connections to servers that a loop has.
type servers struct {
	loop *loop
	idle map[transport][]*upstream // the one used last at the end
	all  map[conn]*upstream
}

// upstream is one of them.
type upstream struct {
	conn   conn
	of     transport
	slot   int32
	client *client // that it serves; nil while it is idle
	round  uint64  // in which it became idle
	gone   bool    // it has closed its side, or says what is no HTTP
}

// Take implements fast.Servers. What a server sends unasked must never be taken for the answer to the next request.
func (s *servers) Take(t transport) conn {
	for u := s.rested(t); u != nil; u = s.rested(t) {
		if s.loop.upToDate && u.round != s.loop.round {
			return s.serves(u) // the loop would have heard
		}
		if u.conn.Silent() {
			return s.serves(u)
		}
		s.drop(u)
	}
	c := t.Kept()
	if c == nil || c.Socket() == nil {
		if c != nil {
			c.Close()
		}
		return nil
	}
	c.Unpoll()
	u := &upstream{conn: c, of: t}
	var use int32
	u.slot, use = s.loop.slots.put(u)
	if s.loop.watch(c.Socket(), watchServer, u.slot, use) != nil {
		s.loop.slots.clear(u.slot)
		c.Close()
		return nil
	}
	s.all[c] = u
	return s.serves(u)
}

// rested is an idle connection, of which nothing is heard in this batch where there is such a one.
func (s *servers) rested(t transport) *upstream {
	list := s.idle[t]
	at := len(list) - 1
	for at > 0 && list[at].round == s.loop.round {
		at--
	}
	if at < 0 {
		return nil
	}
	u := list[at]
	s.idle[t] = slices.Delete(list, at, at+1)
	return u
}

func (s *servers) serves(u *upstream) conn {
	u.client = s.loop.serving
	u.client.server = u
	return u.conn
}

// Put implements fast.Servers.
func (s *servers) Put(c conn, t transport, fit fast.Fitness) {
	u := s.all[c]
	u.client.server, u.client, u.round = nil, nil, s.loop.round
	if fit == fast.Fit && !u.gone && c.Rested(s.loop.now) {
		s.idle[t] = append(s.idle[t], u)
		return
	}
	s.drop(u)
}

// dismiss closes an idle connection.
func (s *servers) dismiss(u *upstream) {
	if at := slices.Index(s.idle[u.of], u); at >= 0 {
		s.idle[u.of] = slices.Delete(s.idle[u.of], at, at+1)
	}
	s.drop(u)
}

// drop closes a connection.
func (s *servers) drop(u *upstream) {
	s.forget(u)
	u.conn.Close()
}

// give gives the connection of a client's request to whoever goes on with that.
func (s *servers) give(u *upstream) {
	u.client.server, u.client = nil, nil
	s.forget(u)
	s.loop.unwatch(u.conn.Socket())
}

func (s *servers) forget(u *upstream) {
	delete(s.all, u.conn)
	s.loop.slots.clear(u.slot)
}

// look closes what has been idle for too long. Those used last are at the end.
func (s *servers) look(now time.Time) {
	for t, list := range s.idle {
		old := 0
		for old < len(list) && list[old].conn.Stale(now) {
			s.drop(list[old])
			old++
		}
		n := copy(list, list[old:])
		clear(list[n:])
		if s.idle[t] = list[:n]; n == 0 {
			delete(s.idle, t)
		}
	}
}

// close closes all.
func (s *servers) close() {
	for _, u := range s.all {
		u.conn.Close()
	}
}
