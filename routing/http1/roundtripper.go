package http1

import (
	"io"
	"net/http"
)

// RoundTripper is a Transport as an http.RoundTripper.
type RoundTripper struct {
	*Transport
	// Addr is the server's, as in the requests' URLs.
	Addr string
	// Other gets the requests that are for somebody else, or not Plain.
	Other http.RoundTripper
}

// RoundTrip implements http.RoundTripper. Of the request's context only its end is heard, not what
// it traces.
func (t *RoundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	length := r.ContentLength
	if length == 0 && r.Body != nil && r.Body != http.NoBody {
		length = -1
	}
	if r.Close || r.URL.Scheme != "http" || r.URL.Host != t.Addr || !Plain(r, host, length) {
		return t.Other.RoundTrip(r)
	}
	out := Request{Method: r.Method, Host: host, Target: r.URL.RequestURI(), Header: r.Header}
	if out.Method == "" {
		out.Method = http.MethodGet
	}
	if length > 0 {
		out.Body = make([]byte, length)
		_, err := io.ReadFull(r.Body, out.Body)
		_ = r.Body.Close() // it is read: nothing is lost
		if err != nil {
			return nil, err
		}
	}
	res, err := t.Do(r.Context(), &out)
	if Stale(err) && out.repeatable() {
		out.Fresh = true
		res, err = t.Do(r.Context(), &out)
	}
	if res != nil {
		res.Request = r
	}
	return res, err
}

// CloseIdleConnections closes the connections that no request uses.
func (t *RoundTripper) CloseIdleConnections() {
	t.Transport.CloseIdleConnections()
	if other, ok := t.Other.(interface{ CloseIdleConnections() }); ok {
		other.CloseIdleConnections()
	}
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
