package http1

import (
	"bufio"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"time"
)

// maxHeader bounds what a server may send before a response begins, 1xx responses included.
const maxHeader = 1 << 20

var (
	errHeaderTooLong = errors.New("the response header is longer than 1 MiB")
	errStatus        = errors.New("the response's status is below 100")
	errFieldName     = errors.New("a header of the response has a blank in its name")
	errOldChunks     = errors.New("the response is HTTP/1.0 and has a Transfer-Encoding")
)

// Conn is a connection to the server. One request uses it at a time.
type Conn struct {
	nc    net.Conn
	pool  *Transport
	r     *bufio.Reader // nil until it is needed
	w     *bufio.Writer
	abort func()    // closes nc
	probe probe     // of an idle connection
	since time.Time // when it became idle
	until time.Time // when it is too old to be kept; zero: never

	// Of the exchange:
	kept   bool          // the connection had served another one before
	sent   bool          // some of the request has left
	heard  bool          // some of the response has come
	timed  bool          // a deadline is set
	due    time.Time     // that deadline, where Bound has set it
	read   []byte        // has been read, and is yet to be taken in
	header int           // bytes of the header that may still come; -1 when it is complete
	scan   HeadScan      // of the header
	idle   time.Duration // the body's limit
	wait   func() error  // called before a read of the body that would wait
}

func newConn(t *Transport, nc net.Conn) *Conn {
	c := &Conn{nc: nc, pool: t}
	c.abort = func() { _ = nc.Close() } // twice does no harm
	c.probe.prepare(nc)
	if age := t.cfg.MaxAge; age > 0 {
		c.until = time.Now().Add(age - rand.N(age/8+1))
	}
	return c
}

func (c *Conn) close() { c.abort() }

// silent tells whether an idle connection is what it should be: open, with nothing to read. What a
// server sends unasked must never be taken for the answer to the next request.
func (c *Conn) silent() bool { return !c.buffers() && c.probe.silent() }

// buffers tells whether something has been read that no response has claimed.
func (c *Conn) buffers() bool { return len(c.read) > 0 || c.r != nil && c.r.Buffered() > 0 }

// sending is how a request leaves: by write, or it has left already.
type sending func(*Conn, *Request) error

func hasLeft(*Conn, *Request) error { return nil }

// exchange sends r and reads the response's header. After an error the connection is closed.
func (c *Conn) exchange(ctx context.Context, r *Request, deadline time.Time, send sending) (*http.Response, error) {
	stop := context.AfterFunc(ctx, c.abort)
	res, err := c.roundTrip(r, deadline, send)
	if err != nil {
		stop()
		c.close()
		return nil, err
	}
	c.header, c.idle, c.wait = -1, r.IdleTimeout, r.Waiting
	if res.StatusCode == http.StatusSwitchingProtocols { // nobody asked for it: the caller's to close
		c.free()
		res.Body = upgraded{c, stop}
		return res, nil
	}
	b := &body{ReadCloser: res.Body, ctx: ctx, conn: c, stop: stop, keep: !res.Close}
	if res.Body == http.NoBody {
		b.end(true)
		return res, nil
	}
	if len(res.TransferEncoding) > 0 {
		b.ReadCloser = &chunks{r: c.r, res: res}
	}
	res.Body = b
	return res, nil
}

func (c *Conn) roundTrip(r *Request, deadline time.Time, send sending) (*http.Response, error) {
	c.sent, c.heard, c.header, c.scan = false, false, maxHeader, HeadScan{}
	if c.r == nil {
		c.r, c.w = bufio.NewReader(reader{c}), bufio.NewWriter(writer{c})
	}
	if deadline.IsZero() {
		c.free()
	} else {
		_ = c.nc.SetDeadline(deadline) // fails on a closed connection only, where the write does, too
		c.timed, c.due = true, time.Time{}
	}
	// A server that has enough of a request, be it of its header, may answer and hang up before it is
	// through: what it said is still to be read. A connection that is dead says so at once.
	failed := send(c, r)
	// The answer takes a moment: others may work meanwhile. Then it is often there, which spares a read in
	// vain and the wait for the system's word.
	runtime.Gosched()
	for {
		res, err := http.ReadResponse(c.r, asked(r.Method))
		switch {
		case err != nil && failed != nil:
			return nil, failed
		case err != nil:
			return nil, err
		case res.StatusCode < 100:
			return nil, errStatus
		case c.scan.Chunked:
			return nil, errOldChunks
		case BlankNames(res.Header):
			return nil, errFieldName
		case res.StatusCode >= 200 || res.StatusCode == http.StatusSwitchingProtocols:
			res.Close = res.Close || failed != nil
			return res, nil
		case r.Early != nil:
			r.Early(res.StatusCode, res.Header)
		}
	}
}

// free takes the deadline away.
func (c *Conn) free() {
	if c.timed {
		_ = c.nc.SetDeadline(time.Time{})
		c.timed, c.due = false, time.Time{}
	}
}

var (
	askedHead = &http.Request{Method: http.MethodHead}
	askedGet  = &http.Request{Method: http.MethodGet}
)

// asked is all that net/http must know of a request to read its response.
func asked(method string) *http.Request {
	if method == http.MethodHead {
		return askedHead
	}
	return askedGet
}

// reader reads from a conn within its limits.
type reader struct{ *Conn }

// Read implements io.Reader.
func (c reader) Read(p []byte) (int, error) {
	if c.header < 0 && len(c.read) > 0 {
		n := copy(p, c.read)
		c.read = c.read[n:]
		return n, nil
	}
	if c.header < 0 {
		return c.readBody(p)
	}
	if c.header == 0 {
		return 0, errHeaderTooLong
	}
	var n int
	var err error
	if p = p[:min(len(p), c.header)]; len(c.read) > 0 {
		n = copy(p, c.read)
		c.read = c.read[n:]
	} else {
		n, err = c.nc.Read(p)
	}
	if n > 0 {
		c.heard = true
		c.header -= n
		c.scan.See(p[:n])
	}
	return n, err
}

// readBody reads what is there. Before it waits for more it says so, and only then does its time begin.
func (c *Conn) readBody(p []byte) (int, error) {
	if c.wait != nil {
		if n, err := c.probe.read(p); !errors.Is(err, errNothingYet) {
			return n, err
		}
		if err := c.wait(); err != nil {
			return 0, err
		}
	}
	if c.idle > 0 {
		_ = c.nc.SetReadDeadline(time.Now().Add(c.idle))
		c.timed, c.due = true, time.Time{}
	} else {
		c.free()
	}
	return c.nc.Read(p)
}

// writer notes that something was sent.
type writer struct{ *Conn }

// Write implements io.Writer.
func (c writer) Write(p []byte) (int, error) {
	n, err := c.nc.Write(p)
	c.sent = c.sent || n > 0
	return n, err
}

// upgraded is the connection behind a 101 response.
type upgraded struct {
	*Conn
	stop func() bool
}

func (u upgraded) Read(p []byte) (int, error)  { return u.r.Read(p) }
func (u upgraded) Write(p []byte) (int, error) { return u.nc.Write(p) }
func (u upgraded) Close() error {
	u.stop()
	return u.nc.Close()
}

var _ io.ReadWriteCloser = upgraded{}
