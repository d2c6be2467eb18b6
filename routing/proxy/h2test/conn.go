// Package h2test is a client of HTTP/2 that can say anything, for tests against an address: one of the
// library says only what is right.
package h2test

import (
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Kinds of frames (RFC 9113, section 6).
const (
	Data         = 0
	Headers      = 1
	Reset        = 3
	Settings     = 4
	Ping         = 6
	GoAway       = 7
	WindowUpdate = 8
	Continuation = 9
)

// Flags of frames.
const (
	EndStream  = 1
	EndHeaders = 4
	Ack        = 1
)

// NoWindow is a setting that opens no window for the streams of a connection.
var NoWindow = []byte{0, 4, 0, 0, 0, 0}

// Conn is a connection in clear text.
type Conn struct {
	net.Conn
	t testing.TB
}

// Frame is what a connection carries.
type Frame struct {
	Kind, Flags byte
	Stream      uint32
	Payload     []byte
}

// Dial connects to addr and says hello with these settings. The connection ends with the test, and nothing on
// it takes more than a minute.
func Dial(t testing.TB, addr string, settings []byte) *Conn {
	t.Helper()
	nc, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	return On(t, nc, settings)
}

// On does so on a connection that there is.
func On(t testing.TB, nc net.Conn, settings []byte) *Conn {
	t.Helper()
	t.Cleanup(func() { _ = nc.Close() })
	require.NoError(t, nc.SetDeadline(time.Now().Add(time.Minute)))
	c := &Conn{Conn: nc, t: t}
	_, err := io.WriteString(c, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	require.NoError(t, err)
	require.NoError(t, c.Send(Frame{Kind: Settings, Payload: settings}))
	return c
}

// Bytes is the frame as it is sent.
func (f Frame) Bytes() []byte {
	b := []byte{byte(len(f.Payload) >> 16), byte(len(f.Payload) >> 8), byte(len(f.Payload)), f.Kind, f.Flags}
	return append(binary.BigEndian.AppendUint32(b, f.Stream), f.Payload...)
}

// Send sends frames. It fails when the other side has closed.
func (c *Conn) Send(frames ...Frame) error {
	var all []byte
	for _, f := range frames {
		all = append(all, f.Bytes()...)
	}
	_, err := c.Write(all)
	return err
}

// Receive returns the next frame.
func (c *Conn) Receive() (Frame, error) {
	head := make([]byte, 9)
	if _, err := io.ReadFull(c, head); err != nil {
		return Frame{}, err
	}
	f := Frame{Kind: head[3], Flags: head[4], Stream: binary.BigEndian.Uint32(head[5:]) &^ (1 << 31)}
	f.Payload = make([]byte, int(head[0])<<16|int(head[1])<<8|int(head[2]))
	_, err := io.ReadFull(c, f.Payload)
	return f, err
}

// Await returns the next frame of a kind, or of a stream's or the connection's end.
func (c *Conn) Await(kind byte) Frame {
	c.t.Helper()
	for {
		f, err := c.Receive()
		require.NoError(c.t, err)
		if f.Kind == kind || f.Kind == Reset || f.Kind == GoAway {
			return f
		}
	}
}

// Request asks on a stream with these fields, name and value in turn, pseudo headers first. END_STREAM is
// for a request without a body.
func (c *Conn) Request(stream uint32, flags byte, fields ...string) {
	c.t.Helper()
	require.NoError(c.t, c.Send(Frame{Headers, EndHeaders | flags, stream, Block(fields...)}))
}

// Get asks for a path.
func (c *Conn) Get(stream uint32, path string) {
	c.t.Helper()
	c.Request(stream, EndStream, ":method", "GET", ":path", path, ":scheme", "http", ":authority", "h")
}

// Status is that of the next answer, or "reset".
func (c *Conn) Status() string {
	c.t.Helper()
	f := c.Await(Headers)
	if f.Kind != Headers {
		return "reset"
	}
	known := map[byte]string{0x88: "200", 0x89: "204", 0x8a: "206", 0x8b: "304", 0x8c: "400", 0x8d: "404", 0x8e: "500"}
	require.NotEmpty(c.t, f.Payload)
	require.Contains(c.t, known, f.Payload[0], "a status that is not in the static table")
	return known[f.Payload[0]]
}

// Block encodes fields of at most 126 bytes as literals that are not indexed (RFC 7541, section 6.2.2).
func Block(fields ...string) []byte {
	var b []byte
	for i, s := range fields {
		if i%2 == 0 {
			b = append(b, 0)
		}
		b = append(append(b, byte(len(s))), s...)
	}
	return b
}
