package logs

import (
	"bytes"
	"errors"
	"time"

	"slbtui/engine/fit"
)

// parseEnvoyText reads Envoy's format string as it comes, and Istio's, which has two more fields and one in quotes
// behind the flags, and the cluster behind the host:
//
//	[%START_TIME%] "%REQ(:METHOD)% %REQ(:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT%
//	%DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%"
//	"%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER%
func parseEnvoyText(line []byte, to []entry) ([]entry, error) {
	stamp, rest := before(line[1:], ']')
	at, ok := iso(stamp)
	if !ok {
		return to, errOther
	}
	f := fields{rest}
	var v [12][]byte // request, code, flags; two counts of bytes, duration, service time; three in quotes, authority, host
	if !f.take(v[:4]) {
		return to, errors.New("the line is cut off")
	}
	if _, ok := digits(v[3]); !ok { // Istio: details, termination, "failure"
		var more [2][]byte
		if !f.take(more[:]) || !f.take(v[3:4]) {
			return to, errors.New("the line is cut off")
		}
	}
	if !f.take(v[4:]) {
		return to, errors.New("the line is cut off")
	}
	code, ok1 := digits(v[1])
	ms, ok2 := digits(v[5])
	if !ok1 || !ok2 || ms > int64(longest/time.Millisecond) {
		return to, errors.New("the response code or the duration is not a number")
	}
	e := entry{status: code, upgraded: code == 101}
	e.asks(v[0])
	if address := host(v[11]); !bytes.Equal(address, []byte("-")) {
		e.server = address
	}
	if cluster, ok := f.next(); ok {
		e.pool = cluster
	}
	e.Request = fit.Request{Start: at, End: at + time.Duration(ms)*time.Millisecond + cutOff, Others: fit.Unknown, Outcome: envoyOutcome(v[2], code)}
	return append(to, e), nil
}
