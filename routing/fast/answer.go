package fast

import (
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"slbtui/routing/proxy"
	"slbtui/routing/wire"
)

// appendAnswer writes the head of an answer of the balancer's own.
func appendAnswer(to []byte, a proxy.Answer, closes bool) []byte {
	to = wire.AppendStatus(to, a.Status)
	to = append(to, "Cache-Control: no-store\r\nContent-Type: application/json\r\n"...)
	if a.Retry {
		to = append(to, "Retry-After: 1\r\n"...)
	}
	to = append(append(append(to, "Date: "...), date()...), "\r\nContent-Length: "...)
	to = append(strconv.AppendInt(to, int64(len(a.Body)), 10), "\r\n"...)
	if closes {
		to = append(to, "Connection: close\r\n"...)
	}
	return append(to, "\r\n"...)
}

// stamp is the value of Date for a second.
type stamp struct {
	second int64
	text   string
}

var stamps atomic.Pointer[stamp]

// date is the value of Date now.
func date() string {
	now := time.Now()
	if s := stamps.Load(); s != nil && s.second == now.Unix() {
		return s.text
	}
	s := &stamp{now.Unix(), now.UTC().Format(http.TimeFormat)}
	stamps.Store(s)
	return s.text
}
