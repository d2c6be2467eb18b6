package logs

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"time"

	"slbtui/engine/fit"
)

// traefikCLF is Traefik's log as it comes, of stamps of a second:
//
//	198.51.100.51 - - [27/Nov/2026:09:30:00 +0000] "GET / HTTP/1.1" 200 3914 "-" "-" 17 "shop@file" "http://10.0.0.11:8080" 51ms
//
// The stamp is that of the beginning. The number counts requests from the start of Traefik on: it gives their order.
var traefikCLF = format{
	name: "traefik-clf", family: "traefik", resolution: time.Second, spread: byStart,
	advice: "accessLog:\n  format: json",
	parse:  parseTraefikCLF,
}

func parseTraefikCLF(line []byte, to []entry) ([]entry, error) {
	_, rest := before(line, '[')
	stamp, rest := before(rest, ']')
	at, ok := common(stamp)
	f := fields{rest}
	var v [9][]byte // request, status, bytes, referer, agent, count, router, server, duration
	if !ok || !f.take(v[:5]) {
		return to, errOther
	}
	status, ok := digits(v[1])
	if !ok || !f.take(v[5:]) {
		return to, errOther
	}
	text, isMS := bytes.CutSuffix(v[8], []byte("ms"))
	ms, ok1 := digits(text)
	count, ok2 := digits(v[5])
	if !isMS || !ok1 || !ok2 {
		return to, errOther
	}
	if ms > int64(longest/time.Millisecond) {
		return to, errors.New("the duration is no time of a request")
	}
	e := entry{pool: v[6], server: host(v[7]), status: status, upgraded: status == 101}
	if len(v[7]) == 0 || string(v[7]) == "-" {
		e.server = nil
	}
	e.asks(v[0])
	start := at + time.Duration(count)%time.Second // its place within the second, until that is dealt out
	e.Request = fit.Request{Start: start, End: start + time.Duration(ms)*time.Millisecond + cutOff, Others: fit.Unknown, Outcome: ended(status)}
	return append(to, e), nil
}

// byStart deals the requests of each second out over it in the order of their beginnings, which stand in the ns.
func byStart(requests []fit.Request) {
	slices.SortStableFunc(requests, func(a, b fit.Request) int { return cmp.Compare(a.Start, b.Start) })
	deal(requests, func(q fit.Request) time.Duration { return q.Start })
}

// byEnd deals them out in the order of the lines, which is that of the ends.
func byEnd(requests []fit.Request) {
	deal(requests, func(q fit.Request) time.Duration { return q.End })
}

// deal spreads those whose stamps are of the same second evenly over it.
func deal(requests []fit.Request, stamp func(fit.Request) time.Duration) {
	for from := 0; from < len(requests); {
		second, to := stamp(requests[from]).Truncate(time.Second), from
		for to < len(requests) && stamp(requests[to]).Truncate(time.Second) == second {
			to++
		}
		for i := from; i < to; i++ {
			q := &requests[i]
			move := second + time.Second*time.Duration(2*(i-from)+1)/time.Duration(2*(to-from)) - stamp(*q)
			q.Start, q.End = q.Start+move, q.End+move
		}
		from = to
	}
}
