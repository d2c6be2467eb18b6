package logs

import (
	"bytes"
	"errors"
	"time"

	"slbtui/engine/fit"
)

// nginx is a line that ends in named times, in any order:
//
//	... msec=1795771800.099 rt=0.051 ua="10.0.0.11:8080" us="200" uct="0.000" uht="0.051" urt="0.051"
//
// ua, us and urt have a value for each attempt.
var nginx = format{
	name: "nginx", family: "nginx", resolution: time.Millisecond,
	advice: nginxAdvice,
	parse:  parseNginx,
}

// nginxTimed is the format string that writes such lines.
const nginxTimed = `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent msec=$msec rt=$request_time ua="$upstream_addr" us="$upstream_status" urt="$upstream_response_time"`

const nginxAdvice = "log_format timed '" + nginxTimed + "';\naccess_log /var/log/nginx/access.log timed;"

func parseNginx(line []byte, to []entry) ([]entry, error) {
	tail := line[max(0, bytes.LastIndex(line, []byte(" msec="))):]
	at, ok1 := seconds(valueOf(tail, line, " msec="))
	took, ok2 := seconds(valueOf(tail, line, " rt="))
	addresses := valueOf(tail, line, " ua=")
	times := valueOf(tail, line, " urt=")
	if !ok1 || !ok2 || len(addresses) == 0 || len(times) == 0 {
		return to, errOther
	}
	first := len(to)
	to, err := attempts(at-took, addresses, times, valueOf(tail, line, " us="), to)
	line, _ = bytes.CutSuffix(line, tail)
	request := quoted(line)
	_, status := before(line[bytes.Index(line, request)+len(request):], ' ')
	return askedFor(to, first, request, status), err
}

// clientGone is nginx's status of a request whose client had no patience.
const clientGone = 499

// askedFor gives all attempts from first on what the client asked for, and the status it got in the end.
func askedFor(to []entry, first int, request, status []byte) []entry {
	status, _ = before(status, ' ')
	n, _ := digits(status)
	for i := first; i < len(to); i++ {
		to[i].asks(request)
		to[i].status = n
	}
	if last := len(to) - 1; n == clientGone && last >= first {
		to[last].Outcome = fit.TimedOut // nobody knows what the server would have said
	}
	return to
}

// valueOf is what stands behind a key, quoted or not; nil without the key. Nothing that clients send stands in the
// tail. What is not there is looked for in the line, from its end.
func valueOf(tail, line []byte, key string) []byte {
	from := tail
	i := bytes.Index(tail, []byte(key))
	if i < 0 {
		from, i = line, bytes.LastIndex(line, []byte(key))
	}
	if i < 0 {
		return nil
	}
	f := fields{from[i+len(key):]}
	if v, ok := f.next(); ok {
		return v
	}
	return nil
}

// attempts appends an entry for each upstream that was tried, one after the other from start on. nginx separates them
// by commas, and by colons where the request was redirected inside.
func attempts(start time.Duration, addresses, times, statuses []byte, to []entry) ([]entry, error) {
	if string(addresses) == "-" {
		return append(to, entry{Request: fit.Request{Start: start, End: start, Others: fit.Unknown}}), nil
	}
	for len(addresses) > 0 {
		var address, took, status []byte
		address, addresses = attempt(addresses)
		took, times = attempt(times)
		status, statuses = attempt(statuses)
		d, ok := seconds(took)
		if string(took) == "-" {
			d, ok = 0, true // it never came to a connection
		}
		if !ok || len(address) == 0 {
			return to, errors.New("an upstream without its time: the line is cut off, or $upstream_response_time is not logged")
		}
		n, ok := digits(status)
		if !ok {
			n = 200 // not logged, or none
			if string(status) == "-" {
				n = 0
			}
		}
		to = append(to, entry{
			server: address, upgraded: n == 101,
			Request: fit.Request{Start: start, End: start + d + cutOff, Others: fit.Unknown, Outcome: ended(n)},
		})
		start += d
	}
	return to, nil
}

// attempt splits the first value off a list.
func attempt(list []byte) (first, rest []byte) {
	i := bytes.IndexByte(list, ',')
	if j := bytes.Index(list, []byte(" : ")); j >= 0 && (i < 0 || j < i) {
		return bytes.TrimSpace(list[:j]), bytes.TrimSpace(list[j+3:])
	}
	if i < 0 {
		return bytes.TrimSpace(list), nil
	}
	return bytes.TrimSpace(list[:i]), bytes.TrimSpace(list[i+1:])
}
