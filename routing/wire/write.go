package wire

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
)

// Forward is what a proxy says in a request besides what its client said. See Request.AppendTo.
type Forward struct {
	Base    string // stands before the target
	Peer    string // the client's address; "" where it has none, and then nobody is told of it
	Proto   string // http or https
	Trusted bool   // the peer is a proxy whose word is taken
	Via     string // protocol and name of this proxy
	ID      string // of the request; "" passes on what the client calls it
}

// AppendTo writes the request's head as a proxy passes it on. The body follows it.
func (r *Request) AppendTo(to []byte, f *Forward) []byte {
	to = append(append(append(to, r.Method...), ' '), f.Base...)
	to = append(append(to, r.Target...), " HTTP/1.1\r\nHost: "...)
	to = append(append(to, r.Host...), "\r\n"...)
	if r.Length > 0 || r.Method[0] == 'P' { // POST, PUT and PATCH always say so
		to = append(strconv.AppendInt(append(to, "Content-Length: "...), int64(r.Length), 10), "\r\n"...)
	}
	for _, h := range r.fields[:r.n] {
		switch h.kind {
		case kindPlain:
		case kindRequestID:
			if f.ID != "" {
				continue
			}
		case kindForwardedProto, kindForwardedHost, kindForwardedOther:
			if !f.Trusted {
				continue
			}
		default:
			continue
		}
		to = r.appendField(to, h)
	}
	if f.ID != "" {
		to = append(append(append(to, "X-Request-Id: "...), f.ID...), "\r\n"...)
	}
	to = r.appendList(to, "Via: ", kindVia)
	to = append(append(to, f.Via...), "\r\n"...)
	to = r.appendForwarding(to, f)
	return append(to, "\r\n"...)
}

// appendForwarding tells who asked.
func (r *Request) appendForwarding(to []byte, f *Forward) []byte {
	if !f.Trusted || !r.has(kindForwardedProto) {
		to = append(append(append(to, "X-Forwarded-Proto: "...), f.Proto...), "\r\n"...)
	}
	if !f.Trusted || !r.has(kindForwardedHost) {
		to = append(append(append(to, "X-Forwarded-Host: "...), r.Host...), "\r\n"...)
	}
	if f.Peer == "" {
		return to
	}
	lists := [2]kind{}
	if f.Trusted {
		lists = [2]kind{kindForwardedFor, kindForwarded}
	}
	to = append(append(r.appendList(to, "X-Forwarded-For: ", lists[0]), f.Peer...), "\r\n"...)
	to = append(r.appendList(to, "Forwarded: ", lists[1]), "for="...)
	if isV6(f.Peer) {
		to = append(append(append(to, `"[`...), f.Peer...), `]"`...)
	} else {
		to = append(to, f.Peer...)
	}
	to = append(append(append(to, `;host="`...), r.Host...), `";proto=`...)
	return append(append(to, f.Proto...), "\r\n"...)
}

func isV6(address string) bool {
	for i := range len(address) {
		if address[i] == ':' {
			return true
		}
	}
	return false
}

// appendList begins a line with what the client's of that kind has, to be continued.
func (r *Request) appendList(to []byte, name string, k kind) []byte {
	to = append(to, name...)
	if k != kindPlain && r.has(k) {
		to = append(append(to, r.value(k)...), ", "...)
	}
	return to
}

// Via is what the client's Via has, nil where there is none.
func (r *Request) Via() []byte { return r.value(kindVia) }

// ID is what the client calls the request, nil where it has no name.
func (r *Request) ID() []byte { return r.value(kindRequestID) }

// Path is the target's, without its query, as it was written.
func (r *Request) Path() []byte {
	path, _, _ := bytes.Cut(r.Target, []byte("?"))
	return path
}

// Values are those of the lines of a name, which costs: it is for whoever writes them down.
func (r *Request) Values(name string) (values []string) {
	for _, f := range r.fields[:r.n] {
		if strings.EqualFold(string(r.raw[f.name:f.colon]), name) {
			values = append(values, string(r.valueOf(f)))
		}
	}
	return values
}

// Answer is what a proxy says in a response besides what the server said. See Response.AppendTo.
type Answer struct {
	ServedBy string
	Date     string // for a response without one
	Close    bool   // the connection is closed behind it
}

// AppendTo writes the response's head as a proxy passes it on. The words behind the status are ours: a server's
// are for nobody.
func (r *Response) AppendTo(to []byte, a *Answer) []byte {
	to = AppendStatus(to, r.Status)
	for _, h := range r.fields[:r.n] {
		switch {
		case h.kind == kindPlain, h.kind == kindDate, h.kind == kindType && r.Status != http.StatusNotModified:
			to = r.appendField(to, h)
		}
	}
	to = append(append(append(to, "X-Served-By: "...), a.ServedBy...), "\r\n"...)
	if !r.has(kindDate) {
		to = append(append(append(to, "Date: "...), a.Date...), "\r\n"...)
	}
	switch {
	case r.Chunked:
		to = append(to, "Transfer-Encoding: chunked\r\n"...)
	case !r.Bodiless():
		to = append(strconv.AppendInt(append(to, "Content-Length: "...), r.Length, 10), "\r\n"...)
	}
	if a.Close {
		to = append(to, "Connection: close\r\n"...)
	}
	return append(to, "\r\n"...)
}

// AppendStatus writes a status line.
func AppendStatus(to []byte, status int) []byte {
	to = append(strconv.AppendInt(append(to, "HTTP/1.1 "...), int64(status), 10), ' ')
	text := http.StatusText(status)
	if text == "" {
		text = "status code " + strconv.Itoa(status)
	}
	return append(append(to, text...), "\r\n"...)
}
