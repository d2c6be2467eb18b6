package http1

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Request is what is sent. It is not changed, and may be sent again.
type Request struct {
	Method string
	Host   string      // of the Host header
	Target string      // of the request line: "/path?query", or "*"
	Header http.Header // without those that concern one connection only
	Body   []byte
	// HeaderTimeout bounds the time from now to the response header, connecting included; 0 waits for ever.
	HeaderTimeout time.Duration
	// IdleTimeout bounds the silence within the response body; 0 waits for ever.
	IdleTimeout time.Duration
	// Early is told of the 1xx responses; nil ignores them.
	Early func(code int, header http.Header)
}

// MaxBody is how long a body may be: so small that the system takes it whole, and that writing
// it never waits for a server that answers first.
const MaxBody = 32 << 10

// Plain tells whether r, with n bytes of body (-1 when that isn't known), is a request for this
// package. Host and target must be such that they cannot end the line they stand in.
func Plain(r *http.Request, host string, n int64) bool {
	return n >= 0 && n <= MaxBody && len(r.Trailer) == 0 &&
		r.Method != http.MethodConnect && len(r.Header["Upgrade"]) == 0 && len(r.Header["Expect"]) == 0 &&
		host != "" && clean(host) && !strings.ContainsAny(host, "/?#@\\\"<>")
}

var errTarget = errors.New("the request's target or method has a space or a control character in it")

// clean tells that s has neither spaces nor control characters.
func clean(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] == 0x7f {
			return false
		}
	}
	return s != ""
}

// Headers that a Request doesn't say by its Header.
var (
	framing      = map[string]bool{"Host": true, "Content-Length": true, "Transfer-Encoding": true, "Trailer": true, "Connection": true}
	framingAgent = map[string]bool{"Host": true, "Content-Length": true, "Transfer-Encoding": true, "Trailer": true, "Connection": true, "User-Agent": true}
)

// write sends r. An empty User-Agent is left out, as net/http has it.
func (c *conn) write(r *Request) error {
	if !clean(r.Target) || !clean(r.Method) {
		return errTarget
	}
	w := c.w
	for _, s := range [...]string{r.Method, " ", r.Target, " HTTP/1.1\r\nHost: ", r.Host, "\r\n"} {
		_, _ = w.WriteString(s) // the first error stays, and Flush returns it
	}
	if len(r.Body) > 0 || r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch {
		_, _ = w.WriteString("Content-Length: ")
		_, _ = w.Write(strconv.AppendInt(w.AvailableBuffer(), int64(len(r.Body)), 10))
		_, _ = w.WriteString("\r\n")
	}
	without := framing
	if ua := r.Header["User-Agent"]; len(ua) == 1 && ua[0] == "" {
		without = framingAgent
	}
	if err := r.Header.WriteSubset(w, without); err != nil {
		return err
	}
	_, _ = w.WriteString("\r\n")
	_, _ = w.Write(r.Body)
	return w.Flush()
}

// repeatable tells whether the request may be sent again when a connection that was kept turns out
// to be dead: the methods that change nothing, as http.Transport has it.
func (r *Request) repeatable() bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	return false
}
