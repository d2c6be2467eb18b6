package http1

import (
	"errors"
	"net/http"
	"net/textproto"
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
	Fresh  bool // over a connection of its own, which may serve others after it
	// HeaderTimeout bounds the time from now to the response header, connecting included; 0 waits for ever.
	HeaderTimeout time.Duration
	// IdleTimeout bounds the silence within the response body; 0 waits for ever.
	IdleTimeout time.Duration
	// Early is told of the 1xx responses; nil ignores them.
	Early func(code int, header http.Header)
	// Waiting is called before a read of the response's body that would wait, or may: whoever passes the
	// response on sends what has come. Its error is the read's. Nil is not called.
	Waiting func() error
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

var errTarget = errors.New("the request's target or method would end its line")

// clean tells that s has neither spaces nor control characters.
func clean(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] == 0x7f {
			return false
		}
	}
	return s != ""
}

// framing tells of headers that a Request doesn't say by its Header.
func framing(name string) bool {
	switch name {
	case "Host", "Content-Length", "Transfer-Encoding", "Trailer", "Connection":
		return true
	}
	return false
}

// BlankNames tells whether a name in h has a blank in it. The one kind of name that is none and that net/http
// lets through in a response is "Content-Length :", and it doesn't go by it: others may (RFC 9112, section 5.1).
func BlankNames(h http.Header) bool {
	for name := range h {
		if strings.IndexByte(name, ' ') >= 0 {
			return true
		}
	}
	return false
}

// token tells whether s is one: RFC 9110, section 5.6.2.
func token(s string) bool {
	for i := range len(s) {
		if !tokenByte[s[i]] {
			return false
		}
	}
	return s != ""
}

var tokenByte = func() (is [256]bool) {
	for c := '!'; c < 0x7f; c++ {
		is[c] = !strings.ContainsRune("\"(),/:;<=>?@[\\]{}", c)
	}
	return is
}()

// oneLine keeps a value from ending its line, and from blanks around it, as net/http does.
func oneLine(v string) string {
	if strings.ContainsAny(v, "\r\n") {
		v = newlines.Replace(v)
	}
	return textproto.TrimString(v)
}

var newlines = strings.NewReplacer("\n", " ", "\r", " ")

// write sends r. An empty User-Agent is left out, as net/http has it.
func (c *Conn) write(r *Request) error {
	w := c.w
	for _, s := range [...]string{r.Method, " ", r.Target, " HTTP/1.1\r\nHost: ", r.Host, "\r\n"} {
		_, _ = w.WriteString(s) // the first error stays, and Flush returns it
	}
	if len(r.Body) > 0 || r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch {
		_, _ = w.WriteString("Content-Length: ")
		_, _ = w.Write(strconv.AppendInt(w.AvailableBuffer(), int64(len(r.Body)), 10))
		_, _ = w.WriteString("\r\n")
	}
	for name, values := range r.Header {
		if framing(name) || !token(name) {
			continue // as net/http: what is no name is not sent
		}
		for _, v := range values {
			if v == "" && name == "User-Agent" {
				continue
			}
			_, _ = w.WriteString(name)
			_, _ = w.WriteString(": ")
			_, _ = w.WriteString(oneLine(v))
			_, _ = w.WriteString("\r\n")
		}
	}
	_, _ = w.WriteString("\r\n")
	_, _ = w.Write(r.Body)
	return w.Flush()
}
