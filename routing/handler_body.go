package routing

import (
	"errors"
	"io"
	"sync/atomic"
)

var errHandlerDone = errors.New("the exchange is over")

// requestBody stands between the client's body and the transport. It remembers whether anything
// was read, since only an untouched body can go to another server, and survives the transport's
// Close, which comes even when the connection failed. A nil *requestBody is that of a request without.
type requestBody struct {
	rc       io.Reader
	progress func() // called after each read: an upload that moves is not a server that stalls
	touched  atomic.Bool
	failed   atomic.Bool // the client's side broke
	done     atomic.Bool // the handler is about to return
}

func (b *requestBody) Read(p []byte) (int, error) {
	if b.done.Load() {
		return 0, errHandlerDone // the transport may read on after it has answered
	}
	b.touched.Store(true)
	n, err := b.rc.Read(p)
	if err != nil && err != io.EOF {
		b.failed.Store(true)
	}
	b.progress()
	return n, err
}

// Close leaves the client's body to the HTTP server, which closes it after the handler.
func (b *requestBody) Close() error { return nil }

func (b *requestBody) finish() {
	if b != nil {
		b.done.Store(true)
	}
}

func (b *requestBody) broken() bool    { return b != nil && b.failed.Load() }
func (b *requestBody) untouched() bool { return b == nil || !b.touched.Load() }
