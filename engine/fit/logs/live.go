package logs

import (
	"time"

	"slbtui/engine/fit"
)

// Told is what a line says that a running balancer has just written: an attempt at a server. Its names are those of
// the line, and valid as long as that is.
type Told struct {
	fit.Request
	Pool, Server []byte        // Server is empty where nobody got the request
	Status       int           // that the client got; 0 for none
	FirstByte    time.Duration // from Start until the answer began: no client's patience is in it
	Left         bool          // the client did, before the answer was whole
	Timeout      bool          // the balancer waited no longer for the server
	Retried      bool          // of its attempts this is the last: FirstByte may hold the others, too
	Upgraded     bool          // to something that is no request, such as a websocket
}

// HAProxyLine reads a line of HAProxy's option httplog or httpslog, with syslog's words before it or without. Its
// error says what the line is instead.
func HAProxyLine(line []byte) (Told, error) {
	var room [1]entry
	got, err := parseHAProxy(line, room[:0])
	if err != nil {
		return Told{}, err
	}
	e := &got[0]
	return Told{
		Request: e.Request, Pool: e.pool, Server: e.server, Status: int(e.status), FirstByte: e.firstByte,
		Left: e.termination == 'C' || e.termination == 'c', Timeout: e.termination == 's', Retried: e.retried, Upgraded: e.upgraded,
	}, nil
}
