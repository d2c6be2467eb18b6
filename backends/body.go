package backends

import (
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// bodies writes a server's answers. They are appended by hand into pooled buffers, since encoding
// would otherwise be most of what this package adds to the cost of a request.
type bodies struct {
	id     []byte // the server's name as a JSON string
	hello  []byte // its message as a JSON string
	buffer *sync.Pool
}

var contentType = []string{"application/json"}

// The messages of failed requests, as JSON strings.
var messages = map[int]string{
	http.StatusBadRequest:            `"an X-Service header is out of range"`,
	http.StatusInternalServerError:   `"injected error"`,
	http.StatusServiceUnavailable:    `"too many requests are waiting"`,
	http.StatusRequestEntityTooLarge: `"the request body is too large"`,
}

// refusal is the message of what is above a server's limit, whatever its status.
const refusal = `"refused: too many requests"`

func newBodies(id string) bodies {
	quote := func(s string) []byte {
		b, _ := json.Marshal(s) // a string always encodes
		return b
	}
	return bodies{
		id:     quote(id),
		hello:  quote("Hello from " + id),
		buffer: &sync.Pool{New: func() any { b := make([]byte, 0, 512); return &b }},
	}
}

// write answers a request that took ms.
func (b *bodies) write(w http.ResponseWriter, status int, ms float64, now time.Time) {
	b.send(w, status, func(to []byte) []byte { return b.appendAnswer(to, status, ms, now) })
}

// writeHealth answers a health check.
func (b *bodies) writeHealth(w http.ResponseWriter, st Status, now time.Time) {
	b.send(w, http.StatusOK, func(to []byte) []byte { return b.appendHealth(to, st, now) })
}

func (b *bodies) send(w http.ResponseWriter, status int, fill func([]byte) []byte) {
	p := b.buffer.Get().(*[]byte)
	*p = fill((*p)[:0])
	w.Header()["Content-Type"] = contentType
	w.WriteHeader(status)
	_, _ = w.Write(*p) // a client that has left is no concern of ours
	b.buffer.Put(p)
}

func (b *bodies) appendAnswer(to []byte, status int, ms float64, now time.Time) []byte {
	to = append(to, `{"server_id":`...)
	to = append(to, b.id...)
	to = append(to, `,"message":`...)
	switch m, known := messages[status]; {
	case known:
		to = append(to, m...)
	case status >= http.StatusBadRequest:
		to = append(to, refusal...)
	default:
		to = append(to, b.hello...)
	}
	to = append(to, `,"response_time_ms":`...)
	to = strconv.AppendFloat(to, ms, 'f', 3, 64)
	to = appendTimestamp(to, now)
	return append(to, "}\n"...)
}

func (b *bodies) appendHealth(to []byte, st Status, now time.Time) []byte {
	to = append(to, `{"server_id":`...)
	to = append(to, b.id...)
	to = appendTimestamp(to, now)
	to = append(to, `,"cpu_utilization":`...)
	to = strconv.AppendFloat(to, 100*st.Utilisation, 'f', 1, 64)
	to = append(to, `,"active_requests":`...)
	to = strconv.AppendInt(to, int64(st.Active), 10)
	to = append(to, `,"avg_response_time":`...)
	to = strconv.AppendFloat(to, st.AvgResponseMS, 'f', 3, 64)
	to = append(to, `,"health_status":"`...)
	to = append(to, st.Health...)
	return append(to, "\"}\n"...)
}

func appendTimestamp(to []byte, now time.Time) []byte {
	to = append(to, `,"timestamp":"`...)
	to = now.UTC().AppendFormat(to, time.RFC3339Nano)
	return append(to, '"')
}
