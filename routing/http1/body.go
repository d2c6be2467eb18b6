package http1

import (
	"context"
	"errors"
	"io"
)

// body is a response's body. At its end the connection goes back.
type body struct {
	io.ReadCloser // net/http's, which knows where the body ends
	ctx           context.Context
	conn          *Conn
	stop          func() bool // ends the watch over ctx; false when that has closed the connection
	keep          bool        // the connection may serve another request
	ended         error
}

func (b *body) Read(p []byte) (int, error) {
	if b.ended != nil {
		return 0, b.ended
	}
	n, err := b.ReadCloser.Read(p)
	if err == nil {
		return n, nil
	}
	whole := errors.Is(err, io.EOF)
	if !whole && b.ctx.Err() != nil {
		err = context.Cause(b.ctx)
	}
	b.ended = err
	b.end(whole)
	return n, err
}

// Close ends the connection unless the body has been read.
func (b *body) Close() error {
	if b.ended == nil {
		b.ended = io.ErrClosedPipe
		b.end(false)
	}
	return nil
}

func (b *body) end(whole bool) {
	c := b.conn
	if b.stop() && whole && b.keep && !c.buffers() {
		c.pool.keep(c)
		return
	}
	c.close()
}
