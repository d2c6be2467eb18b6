package logs

import (
	"bytes"
	"errors"
	"time"

	"slbtui/engine/fit"
)

// haproxy is option httplog or httpslog, as a file or with syslog's words before it:
//
//	... [27/Nov/2026:09:30:00.048] www app/app1 0/0/0/51/51 200 3914 - - ---- 5/5/4/0/0 0/0 "GET / HTTP/1.1"
//
// The date is that of the request (%tr), the timers are TR/Tw/Tc/Tr/Ta, the counts actconn/feconn/beconn/srv_conn/retries.
var haproxy = format{
	name: "haproxy", resolution: time.Millisecond,
	advice: "defaults\n    option httplog",
	parse:  parseHAProxy,
}

// errLogASAP is the problem with times that end before the answer does.
var errLogASAP = errors.New("the total time is not the whole (option logasap): leave that option out")

func parseHAProxy(line []byte, to []entry) ([]entry, error) {
	date, rest, ok := haproxyDate(line)
	if !ok {
		return to, errOther
	}
	f := fields{rest}
	var v [10][]byte // frontend, backend/server, timers, status, bytes, two cookies, termination, counts, queues
	if !f.take(v[:]) {
		return to, errors.New("the line is cut off")
	}
	e := entry{Request: fit.Request{Others: fit.Unknown}}
	e.pool, e.server = before(v[1], '/')
	if len(e.server) == 0 {
		return to, errOther
	}
	if bytes.HasPrefix(e.server, []byte("<")) { // <NOSRV>, <STATS>
		e.server = nil
	}
	var timers [5]time.Duration
	for i := range timers {
		var one []byte
		one, v[2] = before(v[2], '/')
		if i == 4 && len(one) > 0 && one[0] == '+' {
			return to, errLogASAP
		}
		n, ok := digits(bytes.TrimPrefix(one, []byte("-")))
		if !ok {
			return to, errors.New("the timers are not five numbers")
		}
		if one[0] != '-' { // -1: it did not come so far
			timers[i] = time.Duration(n) * time.Millisecond
		}
	}
	status, ok := digits(bytes.TrimPrefix(v[3], []byte("-")))
	if !ok || len(v[7]) == 0 {
		return to, errors.New("there is no status")
	}
	e.Start, e.End = date+timers[0]+timers[1], date+timers[4]+cutOff
	e.firstByte, e.termination = timers[2]+timers[3]+cutOff, v[7][0]
	e.Outcome = haproxyOutcome(v[7][0], status)
	e.status, e.upgraded, e.held = status, status == 101, timers[1] > 0
	e.asks(quoted(f.rest))
	for i := range 5 {
		var one []byte
		one, v[8] = before(v[8], '/')
		switch n, ok := digits(bytes.TrimLeft(one, "+")); {
		case i == 3 && ok && n < 1<<30:
			e.Others = int32(n)
		case i == 4:
			e.retried = n > 0 || bytes.HasPrefix(one, []byte("+"))
		}
	}
	return append(to, e), nil
}

// haproxyDate finds the date among what else stands in brackets.
func haproxyDate(line []byte) (at time.Duration, rest []byte, ok bool) {
	for rest = line; ; {
		var inside []byte
		if _, rest = before(rest, '['); rest == nil {
			return 0, nil, false
		}
		if inside, _ = before(rest, ']'); len(inside) == len("27/Nov/2026:09:30:00.048") {
			if at, ok = common(inside); ok && len(rest) > len(inside)+1 {
				return at, rest[len(inside)+1:], true
			}
		}
	}
}

// haproxyOutcome reads the first letter of the termination state: who ended the session.
func haproxyOutcome(who byte, status int64) fit.Outcome {
	switch who {
	case 'C', 'c', 's':
		return fit.TimedOut
	case 'S', 'P':
		return fit.Failed
	}
	return ended(status)
}
