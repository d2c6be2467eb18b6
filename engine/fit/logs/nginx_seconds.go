package logs

import (
	"bytes"
	"errors"
	"time"
)

// nginxSeconds is the combined format with three more fields, of stamps of a second:
//
//	198.51.100.51 - - [27/Nov/2026:09:30:00 +0000] "GET / HTTP/1.1" 200 3914 "-" "curl/8.5.0" 0.051 0.051 10.0.0.11:8080
//
// $request_time, $upstream_response_time and $upstream_addr.
var nginxSeconds = format{
	name: "nginx-seconds", family: "nginx", resolution: time.Second, spread: byEnd,
	advice: nginxAdvice,
	parse:  parseNginxSeconds,
}

// errNoTimes is the problem with a line of the combined format as it comes.
var errNoTimes = errors.New("the combined format has neither times nor upstreams")

func parseNginxSeconds(line []byte, to []entry) ([]entry, error) {
	_, rest := before(line, '[')
	stamp, rest := before(rest, ']')
	at, ok := common(stamp)
	f := fields{rest}
	var v [6][]byte // request, status, bytes, referer, agent, request time
	if !ok || !f.take(v[:5]) {
		return to, errOther
	}
	status, ok := digits(v[1])
	if !ok || status < 100 || status > 599 {
		return to, errOther
	}
	if len(bytes.TrimSpace(f.rest)) == 0 {
		return to, errNoTimes
	}
	if !f.take(v[5:6]) {
		return to, errOther
	}
	took, ok := seconds(v[5])
	if !ok {
		return to, errOther
	}
	times, ok := f.list()
	addresses := bytes.TrimSpace(f.rest)
	if !ok || len(addresses) == 0 {
		return to, errOther
	}
	first := len(to)
	to, err := attempts(at-took, addresses, times, v[1], to)
	return askedFor(to, first, v[0], v[1]), err
}
