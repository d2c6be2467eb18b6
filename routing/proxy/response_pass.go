package proxy

import (
	"errors"
	"net/http"

	"slbtui/routing/http1"
)

// pass sends what has come of the response. It is called when nothing more is there that could be sent with
// it: somebody may be waiting for it, be it only the header. What has left already costs nothing.
func (e *exchange) pass() error {
	if !e.unsent {
		return nil
	}
	e.unsent = false
	if err := http.NewResponseController(e.w).Flush(); !errors.Is(err, http.ErrNotSupported) { // that keeps it
		e.clientErr = err
	}
	return e.clientErr
}

// watch has pass called before the library waits for more of the body, until the returned function is called.
func (e *exchange) watch() (stop func()) {
	if e.conn == nil {
		return func() {} // http1 does so by itself
	}
	e.conn.Watch(&e.waiting)
	return func() { e.conn.Unwatch(&e.waiting) }
}

var errFraming = errors.New("the response can be read in two ways")

// refuseFraming closes a response that others could take for another one. What http1 reads it has looked at.
func (e *exchange) refuseFraming(res *http.Response) error {
	if !e.conn.OldChunks() && !http1.BlankNames(res.Header) {
		return nil
	}
	_, _ = res.Body.Close(), e.conn.Close() // nothing that follows can be trusted
	return errFraming
}
